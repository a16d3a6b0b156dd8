"""What an amount is for: entry fee, price, promised income, loss, or something else.

In: plain text in lower case, the sums found in it, and a ``Lexicon`` of role words. Out: a role for each sum. Invariants: pure;
each sum looks at most ``_REACH`` characters around itself.

Three kinds of evidence compete by distance. *Frames* are the grammar around the number (交了 …, … 拿下, 每个月 …, 又搭了 …) and need no
noun that a seller could rename. *Words* are the lexicon's: before the number they count more than behind, long ones
more than short ones; a comma, the end of a sentence or another sum in between costs distance. Where neither is near,
or a frame says only that somebody pays, the whole text decides: it sells agencies, or it sells to customers.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from features.quantities import Quantity

Role = Literal["agency_fee", "price", "promised_income", "loss", "other"]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words that tell an amount's role; lower case, simplified script.

    Attributes:
        fee: Entry money for an agency, franchise or partner right.
        price: What an end customer pays.
        income: Earnings held out.
        loss: What a victim lost.
        other: Turnover, wages, fines, subsidies and the like.
    """

    fee: tuple[str, ...]
    price: tuple[str, ...]
    income: tuple[str, ...]
    loss: tuple[str, ...]
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A role word where it stands in the plain text."""

    start: int
    end: int
    role: Role


def _words(line: str) -> tuple[str, ...]:
    return tuple(line.split())


#: How any trade speaks of money, whatever the pack: added to every lexicon, which wins where both know a word.
_COMMON: Final = Lexicon(
    fee=_words(
        "代理费 代理费用 加盟费 加盟费用 代理权 代理价 保证金 押金 门槛 拿下 名额 席位 入门 入门费 入场费 合作费 授权费 定金 首付 贴牌 oem 加盟 代理 合伙人 城市合伙 省代 市代 "
        "区代 县代 总代 省级 市级 县级 区级 区县 地级市 联营 联创 独家 起步 入伙 服务商 运营中心 技术服务费 初装费 系统费 买断 拿货 开户费 铺货 首批 投资额 准入 打包 源码"
    ),
    price=_words(
        "售价 零售价 标价 单价 原价 会员价 会员费 月租 年租 包年 包月 套餐 课程 定制 按量 报价 租金 买一套 一套 克隆 终身 永久 每分钟 开通 续费 价格 定价 客单价 软件 购买 中标价 "
        "每路 单路 形象 声音 体验价 团购价 券后 到手价 标准版 基础版 专业版 旗舰版 年付 月付"
    ),
    income=_words(
        "月入 日入 年入 月赚 日赚 年赚 净赚 纯赚 稳赚 躺赚 赚到 赚了 能赚 可赚 赚 挣 纯利 利润 净利 收益 收入 回本 分红 提成 抽佣 返佣 佣金 奖励 返现 进账 到账 回款 流水 "
        "副业 睡后 变现 一单赚 出单 奖金 利差 差价 月均 日均 落袋 保底 分润"
    ),
    loss=_words(
        "被骗 骗走 骗了 骗我 损失 亏了 亏损 血亏 打水漂 打了水漂 血本无归 白花 砸进 砸了 搭进去 投进去 赔了 赔进去 推广费 流量费 退不回 要不回 一共投入 总共投入 耗费 倒贴 欠"
    ),
    other=_words(
        "gmv 成交额 交易额 市场规模 规模 营收 营业额 销售额 估值 融资 注册资本 月薪 底薪 工资 薪资 年薪 时薪 退款 退还 退回 赔偿 罚款 罚没 涉案 补贴 扶持 贷款 债务 市值 投资 预算 成本 房租 人工 "
        "社保 场租 设备费 判决 返还 募资 奖学金 中奖 红包 产值 销量 捐 余额 成交 节约 节省 处以"
    ),
)
_REACH: Final = 48
_SENTENCE: Final = "。!?\n;"
_CLAUSE: Final = ",，、"

_VAGUE: Final = "(?:就|也|还|都|要|才|能|可|是|有|为|约|近|超|过|破|达|到|了|至少|最少|起码|不少于|不低于|差不多|大概|轻松|稳定|稳稳|直接|做到|多|能有|会有|净|[: ¥])*+"
# Grammar right before a number: (role or ``paid``, cost, pattern). Costs rank frames against words at a distance.
_BEFORE: Final = tuple(
    (role, cost, re.compile(pattern + r"\Z"))
    for role, cost, pattern in (
        (
            "loss",
            -7.0,
            rf"(?:又|还|另外?|再|额外)[^,。]{{0,2}}(?:花|搭|投|砸|贴|赔|扔|耗)(?:进去|进|上)?{_VAGUE}",
        ),
        (
            "loss",
            -7.0,
            rf"(?:总共|前后|一共|累计|合计)(?:[^,。]{{0,3}})(?:亏|损失|赔|搭|扔|没)(?:掉|进去)?{_VAGUE}",
        ),
        (
            "other",
            -6.0,
            rf"(?:处以|只[返退]|罚|判[决令]?|赔偿?|余额|成交|卖出|卖了|规模已?|无责|薪资?|补助|节约|节省|少花|省下?|融|募集?|注册资[本金])(?:金|款|额)?{_VAGUE}",
        ),
        ("other", -2.5, rf"(?:退还?|退回|返还){_VAGUE}"),
        (
            "promised_income",
            -5.0,
            rf"(?:收入|到手|落袋|进账|拿了|拿到|赚|挣|返你?|奖你?|奖励|分到|补到|月均|日均|年均|保底|少说|起码|下来|多说|最少的?|垫底的?|[日月年]入){_VAGUE}",
        ),
        (
            "promised_income",
            -3.0,
            rf"(?:每天|每日|每月|每个月|(?<![续用交租付管送包满近跑营])(?:一个?月|单月|一天|一晚|一季度?|全年|一年|每年|每单|一单|每周)){_VAGUE}",
        ),
        (
            "price",
            -4.0,
            rf"(?:月付|年付|版本?|一局|上星|报名费|资料费|学费|[降跌涨][到至]|只卖|售|卖|收费|定价|零售|每[路条次套个场]|按[年月次场]|出(?:[^,。]{{0,4}})新(?:[^,。]{{0,4}})){_VAGUE}",
        ),
        (
            "paid",
            -3.0,
            rf"(?:花|交|缴|付|刷卡?|转账|转了|汇|打款|打了|投|充值|预存|预付|充|掏|拿|给了|(?:合同|协议|签约)(?:金额|款|价)|入股|入伙){_VAGUE}",
        ),
    )
)
# Grammar right behind a number.
_AFTER: Final = tuple(
    (role, cost, re.compile(pattern))
    for role, cost, pattern in (
        (
            "agency_fee",
            -8.0,
            r"(?:左右|起|\+)? ?(?:就能|就可以?|即可|就|便|即(?!是)|可)?(?:拿下|拿走|就签|即是|成为|直?升|签下|入伙|入局|入股|独占|买断|包下|锁定|当上|坐上|搞定[^,。]{0,4}[区县市省权])",
        ),
        (
            "agency_fee",
            -5.0,
            r"(?:左右|起|\+)? ?(?:就|便|即|就能|就可以?)?(?:搞定|起步|起投|入场|上车|全套|全包|打包|拿货)",
        ),
        (
            "promised_income",
            -5.0,
            r"(?:块钱?|元整?)? ?(?:轻轻松松|不是梦|很正常|见多了|打底|一抓一把|大有人在|不在话下|妥妥的?|没问题)",
        ),
        (
            "price",
            -8.0,
            r"整?(?:包邮|自提|不刀|可小?刀|一(?:[局件条路节堂]|分钟|小时|次(?![性交付缴]))|/(?:分钟|条|次|路|小时|套|个|场|节)|每(?:分钟|条|次|路)|另计|另收)",
        ),
        (
            "price",
            -2.0,
            r"整?(?:终身|永久|抱回家|带回家|包年|包月|一套|一个|送|/?[一每]?[年月天](?!入|赚|净))",
        ),
    )
)
_SELLS_AGENCIES = re.compile(
    r"代理|加盟|招商|区域|授权|合伙|总部|分润|名额|席位|县|独家|渠道|签约|下家|下级|贴牌|源头|城市|承包|区代|市代|躺赚|维权|业务员|讲师|操盘|创业|回本|入伙|忽悠|坑惨|诱导|割韭菜|招.{0,4}(?:商|伙伴|人)"
)
_SELLS_GOODS = re.compile(
    r"试用|按量|开票|样片|api|sdk|接口|验收|调用|定制|交付|报价|随时[退停解]|闲置|包邮|成新|外卖|快递|退货|续费|充电|健身|理发|维修|会员|订单|自提"
)
# Distances: a role word beside a verb of paying counts up to _CLOSE; beyond _FAR the whole text knows better.
_CLOSE: Final = 6.0
_FAR: Final = 5.0
_LEAST_FEE: Final = 2000
_MOST_FEE: Final = 5_000_000


@functools.lru_cache(maxsize=8)
def _matcher(lexicon: Lexicon) -> tuple[re.Pattern[str], dict[str, Role]]:
    """One pattern for all role words, longest first, and the role of each."""
    roles: dict[str, Role] = {}
    for source in (_COMMON, lexicon):
        listed: tuple[tuple[Role, tuple[str, ...]], ...] = (
            ("other", source.other),
            ("price", source.price),
            ("promised_income", source.income),
            ("agency_fee", source.fee),
            ("loss", source.loss),
        )
        for role, words in listed:
            roles.update(dict.fromkeys((one.lower() for one in words), role))
    ordered = sorted(roles, key=lambda one: (-len(one), one))
    return re.compile("|".join(map(re.escape, ordered))), roles


def role_words(folded: str, lexicon: Lexicon) -> list[Word]:
    """All role words of a text, left to right, not overlapping."""
    pattern, roles = _matcher(lexicon)
    return [
        Word(match.start(), match.end(), roles[match[0]])
        for match in pattern.finditer(folded)
    ]


def nearest(words: list[Word], position: int) -> int:
    """Index of the first word that begins at or after a position."""
    low, high = 0, len(words)
    while low < high:
        middle = (low + high) // 2
        if words[middle].start < position:
            low = middle + 1
        else:
            high = middle
    return low


def is_agency_text(folded: str) -> bool:
    """Whether a text speaks of selling agencies more than of selling to customers."""
    return len(_SELLS_AGENCIES.findall(folded)) > len(_SELLS_GOODS.findall(folded))


def is_framed(folded: str, one: Quantity) -> bool:
    """Whether the grammar around a bare number makes it money."""
    return _frame(folded, one)[1] < -2


def _frame(folded: str, one: Quantity) -> tuple[str, float]:
    """The cheapest frame around a number: role (or ``paid``) and cost; cost 0 without one."""
    best = ("", 0.0)
    low = max(one.start - 16, 0)
    for role, cost, pattern in _BEFORE:
        if cost < best[1] and pattern.search(folded, low, one.start):
            best = (role, cost)
    for role, cost, pattern in _AFTER:
        if cost < best[1] and pattern.match(folded, one.end):
            best = (role, cost)
    return best


def role_of(
    folded: str, sums: list[Quantity], index: int, words: list[Word], *, is_agency: bool
) -> Role:
    """The role of one sum among the sums of its text.

    Args:
        folded: Plain text in lower case.
        sums: All sums, in order.
        index: Which of them.
        words: ``role_words`` of the text.
        is_agency: ``is_agency_text`` of the text.
    """
    one = sums[index]
    framed, cost = _frame(folded, one)
    worded, distance = _nearest_word(folded, sums, index, words)
    role = framed if framed and cost < distance else worded
    if framed == "paid" and distance < _CLOSE and worded != "promised_income":
        role = worded
    is_fee_sized = _LEAST_FEE <= one.low <= _MOST_FEE
    if role == "paid":
        return "agency_fee" if is_agency and is_fee_sized else "price"
    if role:
        return role  # type: ignore[return-value]
    if is_agency:
        return "agency_fee" if is_fee_sized else "other"
    return "price" if _sells_goods(folded) else "other"


@functools.lru_cache(maxsize=1)
def _sells_goods(folded: str) -> bool:
    """Whether a text speaks of customers at all; every sum of a text asks, so the answer is kept."""
    return _SELLS_GOODS.search(folded) is not None


def _nearest_word(
    folded: str, sums: list[Quantity], index: int, words: list[Word]
) -> tuple[str, float]:
    one = sums[index]
    best: tuple[str, float] = ("", _FAR)
    after = nearest(words, one.start)
    previous_end = sums[index - 1].end if index else -1
    next_start = sums[index + 1].start if index + 1 < len(sums) else len(folded) + 1
    for word in reversed(words[max(after - 4, 0) : after]):
        distance = _distance(folded, word.end, one.start) - (word.end - word.start)
        if word.start < previous_end:
            distance += 9
        if distance < best[1]:
            best = (word.role, distance)
    for word in words[after : after + 4]:
        # Stuck to the number (3万元保证金) a word behind is as good as one before.
        gap = _distance(folded, one.end, word.start)
        distance = (gap * 1.5 + 3.5 if gap else 0.0) - (word.end - word.start)
        if word.start >= next_start:
            distance += 9
        if distance < best[1]:
            best = (word.role, distance)
    return best


def _distance(folded: str, start: int, end: int) -> float:
    """How far two places are, in characters; a comma or the end of a sentence between them costs more."""
    if end - start > _REACH:
        return _REACH
    between = folded[max(start, 0) : end]
    cost = float(len(between))
    for sign in between:
        if sign in _SENTENCE:
            cost += 14
        elif sign in _CLAUSE:
            cost += 5
        elif sign == " ":
            cost += 3
    return cost
