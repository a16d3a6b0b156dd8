"""The grammar around a sum: who pays whom for what, told without any noun that a seller could rename.

In: plain text in lower case and the span of a number. Out: a ``Frame``: the sense of the cheapest pattern that touches
the number, and its cost. Invariants: pure; looks at most ``_BEFORE_REACH`` characters before and about 24 behind; every
repeat is possessive or bounded.

Senses are the roles and three that only the whole text resolves: ``paid`` (somebody pays, asks or discounts: a fee where agencies
are sold, else a price), ``taken`` (a swindler has it: the fee, unless the text names the fee elsewhere), ``asked_back`` (the
sum that a victim wants returned: what it had paid). Costs rank frames against role words at a distance: more negative is surer.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

import numpy as np

from features.engine import kept, native, openings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features.engine.trie import Integers

    #: Cost, whether it stands before the number, pattern, frames by group.
    Tier = tuple[float, bool, re.Pattern[str], dict[str, "Frame"]]

Sense = Literal[
    "agency_fee", "price", "promised_income", "loss", "other", "paid", "taken",
    "asked_back", "",
]  # fmt: skip
#: All senses, those that are roles first, in the order of ``sums.ROLES``.
SENSES: Final = get_args(Sense)


class Frame(NamedTuple):
    """What the grammar beside a number says: its sense ("" for nothing) and cost (0 for nothing)."""

    sense: Sense
    cost: float


NONE: Final = Frame("", 0.0)
_BEFORE_REACH: Final = 22
#: How far before a number a period may begin.
PERIOD_REACH: Final = 14
#: Behind the end of any text.
_NO_STOP: Final = 1 << 62

_VAGUE: Final = "(?:就|也|还|都|要|才|能|可|是|有|为|约|近|超|过|破|达|到|了|至少|最少|起码|不少于|不低于|差不多|大概|轻松|稳定|稳稳|直接|做到|多|能有|会有|净|共|他们|对方|公司|[: ¥])*+"
_LAND: Final = "地级市|地市|区县|县域|县城|乡镇|街道|社区|片区|区域|全[省市县]|(?:一|整|这|某|个)[座个]?[省市区县镇城]|[省市区县镇](?:级|代|里|总|主|站)|站点|城市|当地|本地"
_RIGHT: Final = "独家|代理|经营权|推广权|运营权|使用权|资格|牌照?|席位?|名额|授权|股东|合伙|联创|伙伴|老板|负责人|站长|店主|城主|事业部|运营中心|饭碗|盘子|后台|贴牌|地盘|生意|运营商|服务商|经理|掌柜|总监|待遇|位置|坑位|操盘手|加盟"
_EXPENSE: Final = "投流|推广|广告|流量|房租|租金|租房|租场地|场地|水电|设备|电脑|工资|人工|路费|车费|油费|油钱|车票|机票|住宿|吃住|律师费|装修|耗材|话费|利息|请[^,。]{0,3}人|跑市场"
_OTHERS_FEE: Final = "维权|退费|追款|代追|追回"

_BEFORE: Final = (
    ("loss", -8.0, rf"(?:{_EXPENSE})[^。!?;\n0-9]{{0,10}}?(?:花|烧|砸|搭|贴|赔|扔|掏|付|发|投|耗|亏|用)(?:了|掉|进去|进|出去|走|去)*{_VAGUE}"),
    ("loss", -8.0, rf"(?:{_OTHERS_FEE})[^。!?\n0-9]{{0,12}}(?:收走?|先?付|先?交)了?{_VAGUE}"),
    ("loss", -7.0, rf"(?:又|还|另外?|再|额外)[^,。]{{0,4}}(?:花|搭|投|砸|贴|赔|扔|耗)(?:进去|进|上)?{_VAGUE}"),
    ("loss", -7.0, rf"(?:总共|前后|一共|累计|合计)(?:[^,。]{{0,3}})(?:亏|损失|赔|搭|扔|没)(?:掉|进去)?{_VAGUE}"),
    ("loss", -6.0, rf"(?:损失|亏损|亏|赔(?=[了掉进])|倒贴|砸进去|搭进去|赔进去|烧|贴)(?:了|掉|进去)?{_VAGUE}"),
    ("taken", -6.0, rf"(?:骗|坑|卷|骗走|骗取|割)(?:了|走|掉)?(?:我|我们|我家|我妈|我爸|她|他)?(?:了)?{_VAGUE}"),
    ("other", -9.0, rf"(?:[只才仅][^,。]{{0,4}}退|最多[^,。]{{0,3}}退)(?:了|给|我|还|回来?|款){{0,3}}{_VAGUE}"),
    ("other", -9.0, rf"退[^,。]{{0,2}}(?:一半|部分|三成|两成|四成|六成)[, ]?{_VAGUE}"),
    ("other", -9.0, rf"(?:处以|罚金|罚款|罚没|罚|赔偿金?|违约金|滞纳金|受理费|诉讼费|立减|直减|直降|减免|赔偿[^,。0-9]{{0,4}}损失|补贴|省下|节省|节约|少花|注册资[本金]|扣[除掉了我]|[要求想肯多意]赔)(?:[^,。0-9]{{0,4}}[按为共计])?{_VAGUE}"),
    ("other", -8.0, rf"(?:年终奖|发工资|红包|彩票|中了|奖金|餐补|补助|月供|房贷|欠债|负债|欠款|欠|借给|gdp|只肯给|打发)(?:我|他|她|了)*[, ]?{_VAGUE}"),
    ("price", -8.5, rf"价值{_VAGUE}"),
    ("other", -9.0, rf"(?:网贷|贷款?|借)了?{_VAGUE}"),
    ("other", -8.5, rf"返佣{_VAGUE}"),
    ("promised_income", -7.5, rf"(?:上个?月|这个?月|昨天|月底|年底)[^,。0-9]{{0,2}}(?:拿回|分了?|到账|进了){_VAGUE}"),
    ("other", -6.0, rf"(?:只返|判[决令]?|余额|成交|卖出|卖了|规模已?|无责|薪资?|融|募集?|(?:政府|财政|市里|国家)[^,。]{{0,4}}拿出)(?:金|款|额)?{_VAGUE}"),
    ("other", -7.5, rf"(?:卖|营收|流水|销售|成交|收(?![益入]))[^,。0-9]{{1,6}}一(?:年|个?月|天){_VAGUE}"),
    ("asked_back", -6.0, rf"(?:要求|诉求|请求|申请|主张|希望|强烈)[^。!?\n0-9]{{0,6}}退(?:还|回|我|款|费|给我)?(?:全部|全款|所交|的)?{_VAGUE}"),
    ("asked_back", -7.0, rf"退(?:还|回)?(?:我|全部|全额|所交|的){{0,3}}[^,。;0-9]{{1,4}}[费金]{_VAGUE}"),
    ("other", -2.5, rf"(?:退还?|退回|返还){_VAGUE}"),
    ("promised_income", -9.0, rf"(?:[日月年周](?:入|赚|挣|收入?|收益|进账|利润|净利)|净赚|纯赚|落下|躺赚|稳赚|提现|落袋|存下|分到|拿分红){_VAGUE}"),
    ("promised_income", -8.0, rf"(?:收入|进账|赚|挣|返(?!还)你?|奖你?|奖励|再奖|给你|分到|补到|月均|日均|年均|保底(?:每[天月年])?|提了){_VAGUE}"),
    ("promised_income", -5.0, rf"(?:到手|拿了|拿到|少说|起码|下来|多说|最少的?|垫底的?|月底一算){_VAGUE}"),
    ("promised_income", -3.0, rf"(?:每天|每日|每月|每个月|(?<![续用交租付管送包满近跑营])(?:一个?月|单月|一天|一晚|一季度?|全年|一年|每年|每单|一单|每周)){_VAGUE}"),
    ("promised_income", -8.5, rf"(?:(?:做不到|[没赚]到|达不到|不到)[^,。0-9]{{0,2}}[日月年]|多出|多挣|多拿|保底(?:分红|收益|收入)?(?:每|一)?个?[天月年]){_VAGUE}"),
    ("agency_fee", -8.5, rf"(?:服务中心|运营中心|城市站|服务站|县站|总仓|牌照|席位){_VAGUE}"),
    ("price", -8.0, rf"[日月年]租{_VAGUE}"),
    ("agency_fee", -6.5, rf"(?:贴牌|oem|独立部署|源码)(?:一套|整套|打包)?{_VAGUE}"),
    ("promised_income", -8.0, rf"(?:做成|签下|拿下|做到)[^,。]{{0,6}}(?:成|分之.|%)[^,。0-9]{{0,4}}(?:就|都|便|那)是?{_VAGUE}"),
    ("paid", -7.5, rf"(?:预算|费用|(?:启动|开站|落地|起步|入门)(?:成本|资金|费用)|投资额|(?:整个|整套|全部|全套|总共)(?:下来|算下来|办妥))(?:大概|不过|控制在|[:：])*+{_VAGUE}"),
    ("price", -6.0, rf"(?:搭建|布置|安装)[^。!?\n0-9]{{0,16}}{_VAGUE}"),
    ("price", -8.0, rf"续(?:费|订|签|期)?(?:[一两三]年|一?个?月){_VAGUE}"),
    ("price", -9.0, rf"(?:订单|票价|储值|[机车]票){_VAGUE}"),
    ("price", -7.0, rf"(?:托管|陪跑|代运营|代播|一次性?搭建)[^,。0-9]{{0,3}}(?:[一二三四六]个?[月季年]|半年|次|期){_VAGUE}"),
    ("paid", -7.0, rf"(?:费|租|续费|使用费)(?:每|一)个?[天月年]{_VAGUE}"),
    ("paid", -7.0, rf"(?:原价|半价|现价|特价|特惠|惠价|到手价|市场价|优惠价|限时价?|限时只|恢复|涨到|降到|首付|尾款|定金|全款|合同总?价|[合签]同?约?金额|别[家人]要?|定下|市面上?|统一回复|费用只收|(?:立减|直减)[^。]{{1,10}}到手){_VAGUE}"),
    ("agency_fee", -6.0, rf"(?:预充|预存|起投|出资|认缴|认购价?|入场(?!券)|入局|押金|牌照|签约费|打款|货款(?:一次)?|每股|系统押金){_VAGUE}"),
    ("agency_fee", -5.0, rf"(?:{_LAND}|{_RIGHT})(?:价|费|金|款|只要|就|统一|目前|现在|起步|也就|今年|今天|只收|只需|收|从|的|待遇|一次性|翻倍|加|[/,、:])*+{_VAGUE}"),
    ("price", -7.0, rf"(?:按(?:小时|分钟|次|条|量)|每(?:小时|分钟|千次|万次|百次)|[卡过].{{0,1}}路费|门票|起充|零售[^,。]{{0,2}}|终端[^,。]{{0,4}}|对(?:外|商家)卖|某宝|淘宝上?[^,。]{{0,4}}){_VAGUE}"),
    ("price", -4.0, rf"(?:月付|年付|版本?|一局|上星|报名费|资料费|学费|[降跌涨][到至]|只卖|售|卖|收费|定价|零售|每[路条次套个场]|一[条个次套场](?:视频)?要?|按[年月次场]|二手|形象|训练费|刚买[^,。]{{0,4}}|出(?:[^,。]{{0,4}})新(?:[^,。]{{0,4}})){_VAGUE}"),
    ("paid", -4.0, rf"(?:花|交|缴|纳|付|付出|刷卡?|转账|转[了给出过]|汇|打款|打[了给过]|签下|投|首批(?:打|充)|拜师|充|预存|预付|掏|凑个?够?|拿|拿出来?|给了|给过|补|补了|收|收了|收我|只收|只要|准备|借了?[^,。]{{0,3}}|网贷|贷款?|开价|报价|入股|入伙)(?:了|的|出|我|你|您)*{_VAGUE}"),
)  # fmt: skip
# Grammar right behind a number.
_AFTER: Final = (
    ("agency_fee", -8.0, r"(?:左右|起|\+)? ?(?:就能|就可以?|即可|就|便|即(?!是)|可)?(?:拿下|拿走|就签|即是|成为|直?升|签下|入伙|入局|入股|独占|买断|包下|锁定|当上|坐上|搞定[^,。]{0,4}[区县市省权])"),
    ("agency_fee", -6.5, rf"(?:左右|起|\+|多)?,?[^,。!?;\n0-9丨/|… ]{{0,6}}?(?:签|拿|锁|占|包|换|买|做|当|升|管|承包|坐|拥有|享|归|定|开|得|送|购得|去做)[^,。!?;\n丨/|… ]{{0,8}}?(?:{_LAND}|{_RIGHT})"),
    ("agency_fee", -6.0, rf"(?:左右|起|\+)?(?:整|的)?[^,。!?;\n0-9丨/|… ]{{0,3}}?(?<![无免零])(?:{_LAND}|{_RIGHT}|档位|加盟款|押金)"),
    ("agency_fee", -5.0, r"(?:左右|起|\+)? ?(?:就|便|即|就能|就可以?)?(?:搞定|起步|起投|入场|上车|全套|全包|打包|拿货|做老板)"),
    ("asked_back", -8.0, r"整?[,，]?(?:一直|就是|死活|坚决|全)?(?:拒绝|拒不|不予|不肯|不给|不)退"),
    ("agency_fee", -8.5, r"整?(?:的)?(?:合作|入门|加盟|代理|联营)(?:款|金|费)"),
    ("promised_income", -6.0, r"(?:都)?算(?:少|保守)的?"),
    ("promised_income", -8.5, r" ?(?:的)?(?:保底|打底|兜底)"),
    ("other", -9.0, r"(?:的)?(?:违约金|路费打发|补贴|罚款|注册资本)"),
    ("loss", -8.0, r"(?:的)?(?:手续费|律师费|利息)"),
    ("taken", -6.0, r"(?:块|元)?(?:啊|呢|全|就|都|也|说没|,|这么)*(?:打了?水漂|没了|说没就没|全没|被卷|血本无归|喂了?狗|要不回|退不回)"),
    ("paid", -4.0, r"(?:打|转|汇|交|存)(?:进|到|给|入)|带走|包圆|(?:要是|如果)?没交|[^,。]{0,2}买(?:到|来|个教训)|(?:的)?定金|(?:的)?尾款"),
    ("promised_income", -5.0, r"(?:块钱?|元整?)? ?(?:轻轻松松|不是[梦吹]|很正常|见多了|打底|一抓一把|大有人在|不在话下|妥妥的?|没问题)"),
    ("price", -8.0, r"整?(?:包邮|自提|不刀|可?小刀|一(?:[局件条路节堂杯碗]|分钟|小时|次(?![性交付缴打转汇给]))|/(?:分钟|条|次|路|小时|套|个|场|节|百万|千)|每(?:分钟|条|次|路)|另计|另收|(?:一个)?的(?:课|教程|软件|整合包|会员|套餐))"),
    ("paid", -2.0, r"整?(?:终身|永久|包年|包月|一套|/?[一每]?[年月天](?!入|赚|净))"),
    ("price", -2.0, r"整?(?:抱回家|带回家|一个|送)"),
)  # fmt: skip


def _tiers() -> tuple[Tier, ...]:
    """Surest first, all patterns of one side and cost in one: cost, whether it stands before the number, pattern, frames by group.

    One search a tier is several times as fast as one a pattern.
    """
    tiers: dict[tuple[float, bool], list[tuple[Sense, str]]] = {}
    for is_before, listed in ((True, _BEFORE), (False, _AFTER)):
        for sense, cost, pattern in listed:
            tiers.setdefault((cost, is_before), []).append((sense, pattern))  # type: ignore[arg-type]
    compiled = []
    for (cost, is_before), members in sorted(
        tiers.items(), key=lambda tier: (tier[0][0], not tier[0][1])
    ):
        named = "|".join(
            f"(?P<g{index}>{openings.guarded(pattern)})"
            for index, (_, pattern) in enumerate(members)
        )
        senses = {
            f"g{index}": Frame(sense, cost) for index, (sense, _) in enumerate(members)
        }
        named = openings.guarded(named)
        whole = re.compile(rf"{named}\Z" if is_before else named)
        compiled.append((cost, is_before, whole, senses))
    return tuple(compiled)


_TIERS: Final = kept.kept("tiers", "", _tiers)


class Sides(NamedTuple):
    """The tiers by name and by what tells that they may match.

    Attributes:
        openings: What they begin with.
        anchored: Of those behind a number that may begin with anything, what they hold.
        closings: Of those before a number, what they end with.
    """

    openings: dict[str, re.Pattern[str]]
    anchored: dict[str, re.Pattern[str]]
    closings: dict[str, re.Pattern[str]]


@functools.cache
def sides() -> Sides:
    """Made only where ``Grammar`` is: asking all tiers for their beginnings is a tenth of a start."""
    named = {f"tier{index}": tier for index, tier in enumerate(_TIERS)}
    opened = {
        name: pattern
        for name, (_, _, pattern, _) in named.items()
        if not openings.begins_anywhere(pattern)
    }
    return Sides(
        openings=opened,
        anchored={
            name: pattern
            for name, (_, is_before, pattern, _) in named.items()
            if name not in opened
            and not is_before
            and openings.anchors(pattern) is not None
        },
        closings={
            name: pattern
            for name, (_, is_before, pattern, _) in named.items()
            if is_before
        },
    )


class Tries(NamedTuple):
    """What has to be tried around numbers; nothing else can match there.

    Attributes:
        numbers: The index of a number, ascending.
        tiers: A tier, by its place among all: surest first for each number.
        places: Where in the number's text it may match: before the number, ascending for each tier, or right behind it.
        stops: Where the match ends at the latest.
        periods: For each number the first place where a period may stand before it (每月, 年入), less than nothing without one.
    """

    numbers: list[int]
    tiers: list[int]
    places: list[int]
    stops: list[int]
    periods: Integers

    def frames(
        self, texts: Sequence[str], owners: Sequence[int]
    ) -> Iterator[tuple[int, Frame]]:
        """The cheapest frame of each number that has one, with the number's index.

        Args:
            texts: Plain texts in lower case.
            owners: The text of each number.
        """
        done = -1
        for number, tier, place, stop in zip(
            self.numbers, self.tiers, self.places, self.stops, strict=True
        ):
            if number == done:
                continue
            found = _MATCHES[tier](texts[owners[number]], place, stop)
            if found and found.lastgroup:
                done = number
                yield number, _TIERS[tier][-1][found.lastgroup]


_MATCHES: Final = [pattern.match for _, _, pattern, _ in _TIERS]


class Grammar:
    """Tells from openings and closings what may stand around numbers.

    Args:
        made: Openings and anchors of ``sides``, those of ``period`` and of others.
        closed: Closings of ``sides`` and of ``period``.
    """

    def __init__(self, made: openings.Openings, closed: openings.Closings) -> None:
        _, anchored, closings = sides()
        names = [f"tier{index}" for index in range(len(_TIERS))]
        self._closed = closed
        self._asked: tuple[Any, ...] = (
            np.array([tier[1] for tier in _TIERS]),
            np.array([tier[0] for tier in _TIERS]),
            np.array([made.mask([name]) for name in names], dtype=np.uint32),
            np.array(
                [closed.mask([name] if name in closings else ()) for name in names],
                dtype=np.uint32,
            ),
            made.mask(anchored),
            openings.REACH,
            made.mask(["period"]),
            closed.mask(["period"]),
        )

    def around(  # noqa: PLR0917 (columns of numbers)
        self,
        points: Integers,
        masks: Integers,
        first: Integers,
        starts: Integers,
        ends: Integers,
        limits: Integers,
    ) -> Tries:
        """What may stand around numbers.

        Args:
            points: Code points of some texts.
            masks: For each place of the texts what may begin there.
            first: For each number where its text begins.
            starts: Where the number begins.
            ends: Where it ends, exclusive.
            limits: What a frame has to cost less than.
        """
        closes = self._closed.masks(points, starts)
        asked: tuple[Any, ...] = (masks, closes, first, starts, ends, limits, *self._asked)  # fmt: skip
        tries = np.empty((_ROOM * len(starts), 4), np.int64)
        periods = np.empty(len(starts), np.int64)
        count = _tries(*(*asked, tries, periods))
        if count > len(tries):
            tries = np.empty((count, 4), np.int64)
            _tries(*(*asked, tries, periods))
        numbers, tiers, places, stops = tries[:count].T.tolist()
        return Tries(numbers, tiers, places, stops, periods)


#: Tries of a number that room is made for at first.
_ROOM: Final = 4


@native.compiled
def _tries(  # noqa: PLR0912, PLR0917 (one pass; compiled functions take their arrays by place)
    masks: Integers,
    closes: Integers,
    first: Integers,
    starts: Integers,
    ends: Integers,
    limits: Integers,
    is_before: Integers,
    costs: Integers,
    opens: Integers,
    tails: Integers,
    anchors: int,
    anchor_reach: int,
    period: int,
    period_tail: int,
    tries: Integers,
    periods: Integers,
) -> int:
    """Write what has to be tried as far as there is room, and tell how much it is."""
    count = 0
    for number in range(len(starts)):
        start, end, moved = starts[number], ends[number], first[number]
        low = max(moved, start - _BEFORE_REACH)
        before = held = np.int64(0)
        for place in range(low, start):
            before |= masks[place]
        for place in range(end, min(end + anchor_reach, len(masks))):
            held |= masks[place]
        after = np.int64(masks[end]) | (held & anchors)
        closing = np.int64(closes[number])
        periods[number] = -1
        if before & period and closing & period_tail:
            for place in range(max(moved, start - PERIOD_REACH), start):
                if masks[place] & period:
                    periods[number] = place - moved
                    break
        for tier in range(len(costs)):
            if costs[tier] >= limits[number]:
                break
            bit = np.int64(opens[tier])
            if not is_before[tier]:
                low, high, stop = end, end + (after & bit != 0), np.int64(_NO_STOP)
            elif before & bit and closing & tails[tier]:
                low, high, stop = max(moved, start - _BEFORE_REACH), start, start - moved  # fmt: skip
            else:
                continue
            for place in range(low, high):
                if is_before[tier] and not masks[place] & bit:
                    continue
                if count < len(tries):
                    tries[count, 0], tries[count, 1] = number, tier
                    tries[count, 2], tries[count, 3] = place - moved, stop
                count += 1
    return count


def frame(folded: str, start: int, end: int) -> Frame:
    """The cheapest frame around a number that stands at ``folded[start:end]``; ``NONE`` without one."""
    low = max(start - _BEFORE_REACH, 0)
    for _, is_before, pattern, frames_of in _TIERS:
        found = (
            pattern.search(folded, low, start)
            if is_before
            else pattern.match(folded, end)
        )
        if found and found.lastgroup:
            return frames_of[found.lastgroup]
    return NONE
