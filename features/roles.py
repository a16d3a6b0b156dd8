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
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from features import frames, openings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from features.quantities import Quantity

Trade = Literal["agencies", "goods", "even"]
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


class Word(NamedTuple):
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
        "被骗 骗走 骗了 骗我 损失 亏了 亏损 血亏 打水漂 打了水漂 血本无归 白花 砸进 砸了 搭进去 投进去 赔了 赔进去 推广费 流量费 退不回 要不回 耗费 倒贴"
    ),
    other=_words(
        "gmv 成交额 交易额 市场规模 规模 营收 营业额 销售额 估值 融资 注册资本 月薪 底薪 工资 薪资 年薪 时薪 退款 退还 退回 赔偿 罚款 罚没 涉案 补贴 扶持 贷款 债务 市值 投资 预算 成本 房租 人工 "
        "社保 场租 设备费 判决 返还 募资 奖学金 中奖 红包 产值 销量 捐 余额 成交 节约 节省 处以"
    ),
)
_REACH: Final = 48
_SENTENCE: Final = "。!?\n;"
_CLAUSE: Final = ",，、"

SELLS_AGENCIES = re.compile(
    r"(?<!不收)(?<!不招)(?<!无)(?<!没有)(?<!不是)(?:代理|加盟)|招商|区域|授权|合伙|总部|分润|名额|席位|县|独家|渠道|签约|下家|下级|贴牌|源头|城市|承包|区代|市代|躺赚|维权|业务员|讲师|操盘|创业|回本|入伙|忽悠|坑惨|诱导|割韭菜|招.{0,4}(?:商|伙伴|人)"
    r"|地级市|地市|[省市]级|一个市|一座城|整个[省市]|牌照|老板|镇|押金|翻身|拿货|服务商"
)
SELLS_GOODS = re.compile(
    r"试用|按量|开票|样片|api|sdk|接口|验收|调用|定制|交付|报价|随时[退停解]|闲置|包邮|成新|外卖|快递|退货|续费|充电|健身|理发|维修|会员|订单|自提"
    r"|(?:不收|不招|无|没有)(?:代理|加盟)|按分钟|单店版|连锁版|包月|部署|显卡|教程|开源|克隆|套餐"
)
#: What customers buy: beside a sum without further evidence they make it a price.
_GOODS = re.compile(
    r"买|吃|喝|课|套餐|形象|克隆|视频|显卡|定制|模型|服务器|软件|版|手机|票|杯|碗|教程|会员|卡|搭建|安装|布置"
)
# Distances: a role word beside a verb of paying counts up to _CLOSE; beyond _FAR the whole text knows better.
_CLOSE: Final = 6.0
_FAR: Final = 5.0
#: Frames as cheap as this need no word: 原价, 首付, 合同金额.
_SURE: Final = -7.0
_LEAST_FEE: Final = 2000
_MOST_FEE: Final = 5_000_000
#: Who pays this much and is no plain customer buys an agency.
_LARGE: Final = 9_000
_LIST_GAP: Final = 14
_CHANGES = re.compile(r"[,，]?(?:降|跌|涨|变|调|改|优惠)(?:到|至|成|价到?)?[:：]?")
#: Words of loss that say only that the money is in a swindler's hands.
_TAKEN: Final = frozenset(
    _words("被骗 骗走 骗了 骗我 打水漂 打了水漂 血本无归 白花 投进去 砸了 投进")
)


class RoleWords:
    """All role words of a lexicon and of any trade.

    Args:
        lexicon: A pack's; it wins where both know a word.

    Attributes:
        pattern: One pattern for all of them, longest first.
        roles: The role of each.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.roles: dict[str, Role] = {}
        for source in (_COMMON, lexicon):
            listed: tuple[tuple[Role, tuple[str, ...]], ...] = (
                ("other", source.other),
                ("price", source.price),
                ("promised_income", source.income),
                ("agency_fee", source.fee),
                ("loss", source.loss),
            )
            for role, words in listed:
                self.roles.update(dict.fromkeys((one.lower() for one in words), role))
        ordered = sorted(self.roles, key=lambda one: (-len(one), one))
        self.pattern = re.compile("|".join(map(re.escape, ordered)))
        self._opened: dict[str, list[str]] = {}
        for word in ordered:
            self._opened.setdefault(word[:2], []).append(word)
        for opening, longer in self._opened.items():
            if len(opening) > 1:
                longer.extend(self._opened.get(opening[0], ()))

    def find(self, folded: str, places: Iterable[int]) -> list[Word]:
        """What ``role_words`` finds, if words begin only at ``places``, ascending."""
        opened, roles = self._opened, self.roles
        found: list[Word] = []
        end = 0
        for place in places:
            if place < end:
                continue
            words = opened.get(folded[place : place + 2]) or opened.get(folded[place])
            for word in words or ():
                if folded.startswith(word, place):
                    end = place + len(word)
                    found.append(Word(place, end, roles[word]))
                    break
        return found


@functools.lru_cache(maxsize=8)
def words_of(lexicon: Lexicon) -> RoleWords:
    """The role words of a lexicon, made ready."""
    return RoleWords(lexicon)


def role_words(folded: str, lexicon: Lexicon) -> list[Word]:
    """All role words of a text, left to right, not overlapping; at each place the longest."""
    known = words_of(lexicon)
    return [
        Word(match.start(), match.end(), known.roles[match[0]])
        for match in known.pattern.finditer(folded)
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


def trade_of(
    folded: str,
    places: tuple[Iterable[int], Iterable[int]] | None = None,
) -> Trade:
    """Whether a text speaks more of selling agencies, of selling to customers, or of both alike.

    Args:
        folded: Plain text in lower case.
        places: Where ``SELLS_AGENCIES`` and where ``SELLS_GOODS`` may match; None for anywhere.
    """
    if places is None:
        agencies = len(set(SELLS_AGENCIES.findall(folded)))
        goods = len(set(SELLS_GOODS.findall(folded)))
    else:
        agencies = len(set(openings.found(SELLS_AGENCIES, folded, places[0])))
        goods = len(set(openings.found(SELLS_GOODS, folded, places[1])))
    return "agencies" if agencies > goods else "goods" if goods > agencies else "even"


def is_framed(folded: str, one: Quantity, around: frames.Around) -> bool:
    """Whether the grammar around a bare number makes it money."""
    return frames.frame(folded, one.start, one.end, around.tiers).cost < -2


def roles_of(
    folded: str,
    sums: list[Quantity],
    words: list[Word],
    *,
    trade: Callable[[], Trade],
    grammar: Sequence[frames.Around] | None = None,
) -> list[Role]:
    """The role of every sum of a text.

    Args:
        folded: Plain text in lower case.
        sums: All sums, in order.
        words: ``role_words`` of the text.
        trade: Answers ``trade_of`` the text; asked only where a sum's own surroundings leave its role open.
        grammar: What may stand around each sum; None where that is not known.

    Returns:
        One role a sum. A sum without evidence of its own takes the role of its neighbours in a list; what a swindler
        took is the fee where the text names no other fee, else a loss beside it.
    """
    senses = [
        _sense(folded, sums, index, words, around)
        for index, around in enumerate(grammar or [frames.ANYTHING] * len(sums))
    ]
    settled = [
        _settle(folded, one, sense, trade=trade)
        for one, sense in zip(sums, senses, strict=True)
    ]
    for index, sense in enumerate(senses):
        if sense == "paid" and index:
            # 从三万六降到3600: a price that changes stays a price.
            gap = folded[sums[index - 1].end : sums[index].start]
            if _CHANGES.fullmatch(gap) and settled[index - 1] in {
                "price",
                "agency_fee",
            }:
                settled[index] = settled[index - 1]
        if sense:
            continue
        for other in (index - 1, index + 1):
            if (
                0 <= other < len(sums)
                and senses[other]
                and settled[other] in {"agency_fee", "price"}
                and _is_listed(folded, sums, index, other)
            ):
                settled[index] = settled[other]
                break
    has_fee = "agency_fee" in settled
    for index, sense in enumerate(senses):
        if sense == "taken":
            is_fee = (
                not has_fee and sums[index].low >= _LEAST_FEE and trade() == "agencies"
            )
            settled[index] = "agency_fee" if is_fee else "loss"
    return settled


def _sense(
    folded: str,
    sums: list[Quantity],
    index: int,
    words: list[Word],
    around: frames.Around,
) -> frames.Sense:
    """What stands beside one sum says that it is; empty where nothing does."""
    one = sums[index]
    framed = frames.frame(folded, one.start, one.end, around.tiers)
    word, distance = _nearest_word(folded, sums, index, words)
    worded: frames.Sense = ""
    if word is not None:
        worded = word.role
        if worded == "loss" and folded[word.start : word.end] in _TAKEN:
            worded = "taken"
    if framed.sense == "paid" and worded and distance < _CLOSE and framed.cost > _SURE:
        return worded if worded != "promised_income" else "paid"
    if framed.sense and framed.cost < distance:
        return framed.sense
    return worded


def _settle(
    folded: str, one: Quantity, sense: frames.Sense, *, trade: Callable[[], Trade]
) -> Role:
    """The role that a sense means in a text that sells agencies or not; ``taken`` waits for the other sums."""
    is_fee_sized = _LEAST_FEE <= one.low <= _MOST_FEE
    if sense == "taken":
        return "loss"
    if sense in {"paid", "asked_back"}:
        is_fee = (is_fee_sized and trade() == "agencies") or (
            one.low >= _LARGE and trade() == "even"
        )
        return "agency_fee" if is_fee else "price"
    if sense:
        return sense  # type: ignore[return-value]
    if one.low > _MOST_FEE or trade() == "agencies":
        return "agency_fee" if is_fee_sized else "other"
    clause = folded[max(one.start - 20, 0) : one.end + 8]
    return "price" if _sells_goods(folded) or _GOODS.search(clause) else "other"


@functools.lru_cache(maxsize=1)
def _sells_goods(folded: str) -> bool:
    """Whether a text speaks of customers at all; every sum of a text asks, so the answer is kept."""
    return SELLS_GOODS.search(folded) is not None


def _is_listed(folded: str, sums: list[Quantity], index: int, other: int) -> bool:
    """Whether two neighbouring sums stand in one list: little between them, of like size."""
    first, last = sorted((index, other))
    gap = folded[sums[first].end : sums[last].start]
    low, high = sorted((sums[index].low, sums[other].low))
    return len(gap) <= _LIST_GAP and not set(gap) & set("。!?\n") and high <= low * 40


def _nearest_word(
    folded: str, sums: list[Quantity], index: int, words: list[Word]
) -> tuple[Word | None, float]:
    one = sums[index]
    best: tuple[Word | None, float] = (None, _FAR)
    after = nearest(words, one.start)
    previous_end = sums[index - 1].end if index else -1
    next_start = sums[index + 1].start if index + 1 < len(sums) else len(folded) + 1
    for word in reversed(words[max(after - 4, 0) : after]):
        if one.start - word.end - (word.end - word.start) >= best[1]:
            continue  # every character between costs at least one
        distance = _distance(folded, word.end, one.start) - (word.end - word.start)
        if word.start < previous_end:
            distance += 9
        if distance < best[1]:
            best = (word, distance)
    for word in words[after : after + 4]:
        if word.start - one.end - (word.end - word.start) >= best[1]:
            continue
        # Stuck to the number (3万元保证金) a word behind is as good as one before.
        gap = _distance(folded, one.end, word.start)
        distance = (gap * 1.5 + 3.5 if gap else 0.0) - (word.end - word.start)
        if word.start >= next_start:
            distance += 9
        if distance < best[1]:
            best = (word, distance)
    return best


def _distance(folded: str, start: int, end: int) -> float:
    """How far two places are, in characters; a comma or the end of a sentence between them costs more."""
    if end - start > _REACH:
        return _REACH
    between = folded[max(start, 0) : end]
    if between.isalnum():
        return float(len(between))
    cost = float(len(between))
    for sign in between:
        if sign in _SENTENCE:
            cost += 14
        elif sign in _CLAUSE:
            cost += 5
        elif sign == " ":
            cost += 3
    return cost
