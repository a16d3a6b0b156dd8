"""What an amount is for: entry fee, price, promised income, loss, or something else.

In: plain text in lower case, the sums found in it, and the nearest role word of each (``rolewords``). Out: a role for each sum.
Invariants: pure; each sum looks at a bounded stretch around itself.

Three kinds of evidence compete by distance. *Frames* are the grammar around the number (交了 …, … 拿下, 每个月 …, 又搭了 …) and need no
noun that a seller could rename. *Words* are the lexicon's: before the number they count more than behind, long ones
more than short ones; a comma, the end of a sentence or another sum in between costs distance. Where neither is near,
or a frame says only that somebody pays, the whole text decides: it sells agencies, or it sells to customers.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final, Literal

from features import frames, openings, rolewords

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from features.quantities import Quantity

Trade = Literal["agencies", "goods", "even"]
Role = rolewords.Role

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
# Distances: a role word beside a verb of paying counts up to _CLOSE; beyond ``rolewords.FAR`` the whole text knows better.
_CLOSE: Final = 6.0
#: Frames as cheap as this need no word: 原价, 首付, 合同金额.
_SURE: Final = -7.0
_LEAST_FEE: Final = 2000
_MOST_FEE: Final = 5_000_000
#: Who pays this much and is no plain customer buys an agency.
_LARGE: Final = 9_000
_LIST_GAP: Final = 14
_CHANGES = re.compile(r"[,，]?(?:降|跌|涨|变|调|改|优惠)(?:到|至|成|价到?)?[:：]?")


def nearest(words: Sequence[rolewords.Word], position: int) -> int:
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
    agencies, goods = (
        len({match[0] for match in openings.matches(expression, folded, each)})
        for expression, each in zip(
            (SELLS_AGENCIES, SELLS_GOODS), places or (None, None), strict=True
        )
    )
    return "agencies" if agencies > goods else "goods" if goods > agencies else "even"


def is_framed(folded: str, one: Quantity, around: frames.Around) -> bool:
    """Whether the grammar around a bare number makes it money."""
    return frames.frame(folded, one.start, one.end, around.tiers).cost < -2


def roles_of(
    folded: str,
    sums: Sequence[Quantity],
    near: Sequence[rolewords.Near],
    *,
    trade: Callable[[], Trade],
    grammar: Sequence[frames.Around] | None = None,
) -> list[Role]:
    """The role of every sum of a text.

    Args:
        folded: Plain text in lower case.
        sums: All sums, in order.
        near: The nearest role word of each (``rolewords``).
        trade: Answers ``trade_of`` the text; asked only where a sum's own surroundings leave its role open.
        grammar: What may stand around each sum; None where that is not known.

    Returns:
        One role a sum. A sum without evidence of its own takes the role of its neighbours in a list; what a swindler
        took is the fee where the text names no other fee, else a loss beside it.
    """
    senses = [
        _sense(folded, *each)
        for each in zip(
            sums, near, grammar or [frames.ANYTHING] * len(sums), strict=True
        )
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
    folded: str, one: Quantity, near: rolewords.Near, around: frames.Around
) -> frames.Sense:
    """What stands beside one sum says that it is; empty where nothing does."""
    framed = frames.frame(folded, one.start, one.end, around.tiers)
    worded, distance = near
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


def _is_listed(folded: str, sums: Sequence[Quantity], index: int, other: int) -> bool:
    """Whether two neighbouring sums stand in one list: little between them, of like size."""
    first, last = sorted((index, other))
    gap = folded[sums[first].end : sums[last].start]
    low, high = sorted((sums[index].low, sums[other].low))
    return len(gap) <= _LIST_GAP and not set(gap) & set("。!?\n") and high <= low * 40
