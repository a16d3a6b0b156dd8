"""What an amount is for: entry fee, price, promised income, loss, or something else.

In: plain texts in lower case, the sums found in them, and their role words (``rolewords``). Out: a role for each sum.
Invariants: pure; each sum looks at a bounded stretch around itself.

Three kinds of evidence compete by distance. *Frames* are the grammar around the number (交了 …, … 拿下, 每个月 …, 又搭了 …) and need no
noun that a seller could rename. *Words* are the lexicon's: before the number they count more than behind, long ones
more than short ones; a comma, the end of a sentence or another sum in between costs distance. Where neither is near,
or a frame says only that somebody pays, the whole text decides: it sells agencies, or it sells to customers.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from features.amounts import sums
from features.engine import expressions, openings
from features.purposes import frames, rolewords

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from features.amounts import tallies
    from features.amounts.quantities import Quantity
    from features.engine.trie import Integers

Trade = Literal["agencies", "goods", "even"]
Role = rolewords.Role

SELLS_AGENCIES = expressions.compiled(
    r"(?<!不收)(?<!不招)(?<!无)(?<!没有)(?<!不是)(?:代理|加盟)|招商|区域|授权|合伙|总部|分润|名额|席位|县|独家|渠道|签约|下家|下级|贴牌|源头|城市|承包|区代|市代|躺赚|维权|业务员|讲师|操盘|创业|回本|入伙|忽悠|坑惨|诱导|割韭菜|招.{0,4}(?:商|伙伴|人)"
    r"|地级市|地市|[省市]级|一个市|一座城|整个[省市]|牌照|老板|镇|押金|翻身|拿货|服务商"
)
#: Every alternative begins with a character, so that the search tries it only where one of these stands.
SELLS_GOODS = expressions.compiled(
    r"试用|按量|开票|样片|api|sdk|接口|验收|调用|定制|交付|报价|随时[退停解]|闲置|包邮|成新|外卖|快递|退货|续费|充电|健身|理发|维修|会员|订单|自提"
    r"|不收(?:代理|加盟)|不招(?:代理|加盟)|无(?:代理|加盟)|没有(?:代理|加盟)|按分钟|单店版|连锁版|包月|部署|显卡|教程|开源|克隆|套餐"
)
#: What customers buy: beside a sum without further evidence they make it a price.
_GOODS = expressions.compiled(
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
#: Roles that a neighbour in a list shares.
_ASKED: Final = frozenset({sums.FEE, sums.PRICE})
#: Senses by number; those that are roles by themselves come first.
_NUMBERS: Final = {sense: number for number, sense in enumerate(frames.SENSES)}
_PAID, _TAKEN, _NO_SENSE = _NUMBERS["paid"], _NUMBERS["taken"], _NUMBERS[""]
_CHANGES = expressions.compiled(
    r"[,，]?(?:降|跌|涨|变|调|改|优惠)(?:到|至|成|价到?)?[:：]?"
)


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


def is_framed(folded: str, one: Quantity) -> bool:
    """Whether the grammar around a bare number makes it money."""
    return frames.frame(folded, one.start, one.end).cost < -2


class Trades:
    """What texts sell, each found when first asked for.

    Args:
        texts: Plain texts in lower case.
        places: ``places`` of ``trade_of`` for a text; None for anywhere.
    """

    def __init__(
        self,
        texts: Sequence[str],
        places: Callable[[int], tuple[Sequence[int], Sequence[int]]] | None = None,
    ) -> None:
        self._texts, self._places = texts, places
        self._known: dict[int, Trade] = {}

    def of(self, text: int) -> Trade:
        """``trade_of`` a text."""
        known = self._known.get(text)
        if known is None:
            places = None if self._places is None else self._places(text)
            known = self._known[text] = trade_of(self._texts[text], places)
        return known


def roles_of(
    texts: Sequence[str],
    found: tallies.Tallies,
    near: tuple[Integers, Integers],
    tries: frames.Tries | None,
    trades: Trades,
) -> Integers:
    """The role of every sum of texts.

    Args:
        texts: Plain texts in lower case.
        found: Their sums.
        near: What the nearest role word says of each, a number of ``frames.SENSES``, and how far it is (``rolewords.Found``).
        tries: What has to be tried around each within ``limits``; None where nothing is known of the surroundings.
        trades: Asked only where a sum's own surroundings leave its role open.

    Returns:
        One of ``sums.ROLES`` a sum, by number. A sum without evidence of its own takes the role of its neighbours in a list; what a
        swindler took is the fee where the text names no other fee, else a loss beside it.
    """
    of, starts, ends, yuan = (
        column.tolist()
        for column in (found.texts, found.starts, found.ends, found.yuan)
    )
    senses = _senses(texts, found, near, tries)
    settled = senses.copy()
    is_open = np.flatnonzero(senses >= len(sums.ROLES)).tolist()
    for row in is_open:
        text = of[row]
        settled[row] = _settle(
            texts[text], starts[row], ends[row], yuan[row], senses[row], trades, text
        )
    for index in is_open:
        sense, text = senses[index], of[index]
        if sense == _PAID and index and of[index - 1] == text:
            # 从三万六降到3600: a price that changes stays a price.
            gap = texts[text][ends[index - 1] : starts[index]]
            if settled[index - 1] in _ASKED and _CHANGES.fullmatch(gap):
                settled[index] = settled[index - 1]
        if sense != _NO_SENSE:
            continue
        for other in (index - 1, index + 1):
            if (
                0 <= other < len(of)
                and of[other] == text
                and senses[other] != _NO_SENSE
                and settled[other] in _ASKED
            ):
                first, last = min(index, other), max(index, other)
                gap = texts[text][ends[first] : starts[last]]
                if _is_listed(gap, yuan[index], yuan[other]):
                    settled[index] = settled[other]
                    break
    taken = np.flatnonzero(senses == _TAKEN).tolist()
    if taken:
        has_fee = set(found.texts[settled == sums.FEE].tolist())
        for index in taken:
            text = of[index]
            is_fee = (
                text not in has_fee
                and yuan[index] >= _LEAST_FEE
                and trades.of(text) == "agencies"
            )
            settled[index] = sums.FEE if is_fee else sums.LOSS
    return settled


def limits(near: tuple[Integers, Integers]) -> Integers:
    """What a frame around each sum has to cost less than, to say more than the nearest role word."""
    worded, distances = near
    # Beside a word of income also dearer frames tell who pays.
    found: Integers = np.where(worded == sums.INCOME, np.inf, distances)
    return found


def _senses(
    texts: Sequence[str],
    found: tallies.Tallies,
    near: tuple[Integers, Integers],
    tries: frames.Tries | None,
) -> Integers:
    """What stands beside each sum says that it is: a number of ``frames.SENSES``."""
    words, distances = (column.tolist() for column in near)
    senses: Integers = near[0].copy()
    of = found.texts.tolist()
    framed: Iterable[tuple[int, frames.Frame]]
    if tries is None:
        places = zip(of, found.starts.tolist(), found.ends.tolist(), strict=True)
        framed = (
            (row, frames.frame(texts[text], start, end))
            for row, (text, start, end) in enumerate(places)
        )
    else:
        framed = tries.frames(texts, of)
    for row, (sense, cost) in framed:
        word, distance = words[row], distances[row]
        if sense == "paid" and word != _NO_SENSE and distance < _CLOSE and cost > _SURE:
            if word == sums.INCOME:
                senses[row] = _PAID
        elif sense and cost < distance:
            senses[row] = _NUMBERS[sense]
    return senses


def _settle(  # noqa: PLR0917 (asked of every sum)
    folded: str,
    start: int,
    end: int,
    low: float,
    sense: int,
    trades: Trades,
    text: int,
) -> int:
    """The role of a sum whose sense is none, in a text that sells agencies or not; ``taken`` waits for the other sums."""
    is_fee_sized = _LEAST_FEE <= low <= _MOST_FEE
    if sense == _TAKEN:
        return sums.LOSS
    if sense != _NO_SENSE:
        is_fee = (is_fee_sized and trades.of(text) == "agencies") or (
            low >= _LARGE and trades.of(text) == "even"
        )
        return sums.FEE if is_fee else sums.PRICE
    if low > _MOST_FEE or trades.of(text) == "agencies":
        return sums.FEE if is_fee_sized else sums.OTHER
    clause = folded[max(start - 20, 0) : end + 8]
    is_price = _sells_goods(folded) or _GOODS.search(clause)
    return sums.PRICE if is_price else sums.OTHER


@functools.lru_cache(maxsize=1)
def _sells_goods(folded: str) -> bool:
    """Whether a text speaks of customers at all; every sum of a text asks, so the answer is kept."""
    return SELLS_GOODS.search(folded) is not None


def _is_listed(gap: str, one: float, other: float) -> bool:
    """Whether two neighbouring sums stand in one list: little between them, of like size."""
    low, high = min(one, other), max(one, other)
    return len(gap) <= _LIST_GAP and not set(gap) & set("。!?\n") and high <= low * 40
