"""Amounts of money in a text, with what they are for.

In: ``Normalised`` and a ``Lexicon`` of role words (a pack's). Out: ``Amount`` records after ``CONTRACT.md`` §9: yuan, upper bound,
vagueness, role, period, and where it stands in the original. Invariants: pure; ``original[start:end] == raw``; sorted, not
overlapping; linear in the length of the text.

A number is money by its currency or unit, or where ``features.bare`` says so of a bare one; ``features.quantities`` reads it,
``features.roles`` says what it is for.
"""

from __future__ import annotations

import itertools
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, Protocol

from features import (
    bare,
    beginnings,
    frames,
    openings,
    quantities,
    roles,
    rolewords,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from features.normalise import Normalised

#: Role words of a pack; see ``features.rolewords``.
Lexicon = rolewords.Lexicon
Role = roles.Role
Period = Literal["none", "day", "month", "year"]


class Amount(NamedTuple):
    """One amount as it stands in a text.

    Attributes:
        yuan: The amount, or its lower bound.
        yuan_max: Upper bound where one is meant, else None.
        is_approximate: The writer is vague.
        role: What it is for.
        period: Per day, month or year; ``none`` otherwise.
        raw: What was written, ``original[start:end]``.
        start: Offset in the original.
        end: Offset after it.
    """

    yuan: Decimal
    yuan_max: Decimal | None
    is_approximate: bool
    role: Role
    period: Period
    raw: str
    start: int
    end: int


_PAYING: Final = "只要|仅需|仅要|只需|仅|收费|收了|收取|收|交了|缴了|付了|付|要价|原价|现价|现在|特价|优惠价|优惠|到手|转了|打款|打了|折后|合计|总共|共计|共|降到|涨到|恢复|恢复到|才|需要|需|要|是|为|约|[:：]|就|¥"
#: What may stand between a word of money and the number that it announces.
_ANNOUNCES = re.compile(rf"(?:{_PAYING}| )*+\Z")
_PERIOD_AFTER = re.compile(
    r"(?:左右|以上|起|\+|多|的)? ?(?:/|每|一|1)?(?:个)?(?:(?P<day>天|日)|(?P<month>月)|(?P<year>年))(?![前后内底初中头间份])"
)
#: What a period behind a sum may begin with.
_PERIOD_OPENS: Final = openings.first_characters(_PERIOD_AFTER) | {"包"}
_PERIOD_AFTER_MARK = re.compile(
    r"(?:左右|以上|起|\+|多|的)? ?[(]?(?:/|每|一|1|包|年|月)"
)
PERIOD_BEFORE: Final = re.compile(
    openings.guarded(
        r"(?:(?:每|一|平均每|单)(?:个)?(?P<p1>天|日|月|年)|(?P<p2>[日月年天])(?:入|赚|收入|收益|收|薪|租|费|供|均|净赚|纯利|利润|净利|佣金|流水|进账|营收|销售额|挣)|日(?=结)|包(?P<p3>[天月年]))"
        r"(?:轻松|稳定|到手|落袋|稳稳|可|能|就|有|拿|到|过|破|超|至少|最少|最低|稳|净赚|赚|挣|躺赚|收入|收益|利润|流水|工资|薪资|省|省下|保底|直接|突破|达到|达|高达|都|也|是|为|约|近|要|才|只要|仅|只|进账|纯|赚到|回|给|成本|实现|轻轻松松|不低于|提成|分红|花|交|付|[:： ])*+\Z"
    )
)
_PERIOD_NAMES: Final[dict[str, Period]] = {
    "天": "day", "日": "day", "月": "month", "年": "year",
}  # fmt: skip
_CENT: Final = Decimal("0.01")


class Surroundings(Protocol):
    """What is known in advance of the text around some sums (``hints``)."""

    @property
    def around(self) -> Sequence[frames.Around]:
        """What may stand around each sum."""

    @property
    def trade(self) -> tuple[Sequence[int], Sequence[int]]:
        """Where words of selling agencies, and of selling to customers, may begin."""


def find_amounts(text: Normalised, lexicon: Lexicon, table: bare.Table) -> list[Amount]:
    """Find the amounts of one text.

    Args:
        text: The text after ``normalise.normalise``.
        lexicon: Role words of the pack.
        table: What makes its bare numbers money.

    Returns:
        Amounts, sorted by position; empty for a text without any.
    """
    folded = text.folded
    sums = list(quantities.quantities(folded, beginnings.starts_of(folded)))
    if not may_pay(sums):
        return []
    words = rolewords.found_in(folded, lexicon)
    return next(amounts_of([(text, folded)], {0: sums}, words, table), (0, []))[1]


def may_pay(sums: Iterable[quantities.Quantity]) -> bool:
    """Whether any of some numbers can be money at all."""
    return any(one.form != "bare" or one.low >= bare.LEAST for one in sums)


class _Trade:
    """What a text sells, found when first asked for."""

    __slots__ = ("_folded", "_known", "_surroundings")

    def __init__(self, folded: str, surroundings: Surroundings | None) -> None:
        self._folded, self._surroundings = folded, surroundings
        self._known: roles.Trade | None = None

    def __call__(self) -> roles.Trade:
        if self._known is None:
            places = self._surroundings.trade if self._surroundings else None
            self._known = roles.trade_of(self._folded, places)
        return self._known


def amounts_of(
    texts: Sequence[tuple[Normalised, str]],
    sums: Mapping[int, Sequence[quantities.Quantity]],
    words: rolewords.Found,
    table: bare.Table,
    surroundings: Sequence[Surroundings] | None = None,
) -> Iterator[tuple[int, list[Amount]]]:
    """The amounts among the numbers of texts.

    Args:
        texts: The texts after ``normalise.normalise``, each with its lower-case twin.
        sums: ``quantities.quantities`` by the index of their text, ascending.
        words: The role words of all texts.
        table: What makes bare numbers money.
        surroundings: What is known of the text around the sums, for each text with sums; None for nothing.

    Yields:
        For each text with amounts its index and, as ``find_amounts``, its amounts.
    """
    judged = _judged(texts, sums, table)
    kept: dict[int, Sequence[quantities.Quantity]] = {}
    grammar: list[Sequence[frames.Around]] = []
    trades: list[_Trade] = []
    for index, (text, each) in enumerate(sums.items()):
        known = None if surroundings is None else surroundings[index]
        around = [frames.ANYTHING] * len(each) if known is None else known.around
        trade = _Trade(texts[text][1], known)
        is_sum = judged.get(text) or [True] * len(each)
        if any(one.form == "unit" and one.low in _SCREENS for one in each):
            told, folded = words.of(text), texts[text][1]
            is_sum = [
                is_money and not _is_screen(folded, one, told, beside)
                for is_money, one, beside in zip(is_sum, each, around, strict=True)
            ]
        if not all(is_sum):
            if not any(is_sum):
                continue
            each = list(itertools.compress(each, is_sum))  # noqa: PLW2901 (what is left of it)
            around = list(itertools.compress(around, is_sum))
        kept[text] = each
        grammar.append(around)
        trades.append(trade)
    near = iter(words.nearest(kept))
    for (text, each), around, trade in zip(kept.items(), grammar, trades, strict=True):
        beside = list(itertools.islice(near, len(each)))
        folded = texts[text][1]
        found = roles.roles_of(folded, each, beside, trade=trade, grammar=around)
        yield (
            text,
            [
                _amount(texts[text][0], folded, *one)
                for one in zip(each, found, around, strict=True)
            ],
        )


def _amount(
    text: Normalised,
    folded: str,
    one: quantities.Quantity,
    role: Role,
    around: frames.Around,
) -> Amount:
    first, last = text.span(one.start, one.end)
    return Amount(
        one.low.quantize(_CENT),
        None if one.high is None else one.high.quantize(_CENT),
        one.is_approximate,
        role,
        _period(folded, one, may_recur=around.may_recur),
        text.original[first:last],
        first,
        last,
    )


def _judged(
    texts: Sequence[tuple[Normalised, str]],
    sums: Mapping[int, Sequence[quantities.Quantity]],
    table: bare.Table,
) -> dict[int, list[bool]]:
    """Of texts with bare numbers which of their numbers are money, as the table tells for all at once; others are by their form."""
    is_sum: dict[int, list[bool]] = {}
    places: list[tuple[int, int]] = []
    told: list[bare.Number] = []
    for text, each in sums.items():
        if all(one.form != "bare" for one in each):
            continue
        is_sum[text] = [one.form != "bare" for one in each]
        for index, number in bare.numbers(texts[text][1], each):
            places.append((text, index))
            told.append(number)
    for (text, index), is_money in zip(places, bare.are_money(told, table), strict=True):  # fmt: skip
        is_sum[text][index] = is_money
    return is_sum


def _is_screen(
    folded: str,
    one: quantities.Quantity,
    words: Sequence[rolewords.Word],
    around: frames.Around,
) -> bool:
    """Whether 4k, 8k are the width of a screen: they are unless a word of money touches them."""
    if not (
        one.form == "unit"
        and folded[one.end - 1] == "k"
        and one.low in _SCREENS
        and one.high is None
    ):
        return False
    before = roles.nearest(words, one.start) - 1
    gap = folded[words[before].end : one.start] if before >= 0 else None
    is_announced = gap is not None and (
        (len(gap) <= 2 and gap.isalnum())
        or (len(gap) <= 12 and bool(_ANNOUNCES.fullmatch(gap)))
    )
    return not (is_announced and folded[one.start - 1] != " ") and not roles.is_framed(
        folded, one, around
    )


_SCREENS: Final = frozenset({2000, 4000, 8000})


def _period(folded: str, one: quantities.Quantity, *, may_recur: bool) -> Period:
    """Per day, month or year, by what stands right behind or before."""
    if folded[one.end : one.end + 1] in _PERIOD_OPENS:
        after = _PERIOD_AFTER.match(folded, one.end)
        if after and _PERIOD_AFTER_MARK.match(folded, one.end):
            return "day" if after["day"] else "month" if after["month"] else "year"
        if folded.startswith(("包年", "年费"), one.end):
            return "year"
        if folded.startswith(("包月", "月租"), one.end):
            return "month"
    if not may_recur:
        return "none"
    before = PERIOD_BEFORE.search(folded, max(one.start - 14, 0), one.start)
    if before:
        name = before["p1"] or before["p2"] or before["p3"]
        if name:
            return _PERIOD_NAMES[name]
    return "none"
