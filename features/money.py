"""Amounts of money in a text, with what they are for.

In: ``Normalised`` and a ``Lexicon`` of role words (a pack's). Out: ``Amount`` records after ``CONTRACT.md`` §9: yuan, upper bound,
vagueness, role, period, and where it stands in the original. Invariants: pure; ``original[start:end] == raw``; sorted, not
overlapping; linear in the length of the text.

A number is money by its currency or unit, or where ``features.amounts.bare`` says so of a bare one; ``features.amounts.quantities`` reads it,
``features.purposes.roles`` says what it is for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features.amounts import bare, beginnings, quantities, sums, tallies
from features.engine import expressions, openings
from features.purposes import frames, roles, rolewords

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from features.engine.trie import Integers
    from features.normalise import Normalised

#: Role words of a pack; see ``features.purposes.rolewords``.
Lexicon = rolewords.Lexicon
Role = roles.Role
Period = sums.Period


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
_ANNOUNCES = expressions.compiled(rf"(?:{_PAYING}| )*+\Z")
_PERIOD_AFTER = expressions.compiled(
    r"(?:左右|以上|起|\+|多|的)? ?(?:/|每|一|1)?(?:个)?(?:(?P<day>天|日)|(?P<month>月)|(?P<year>年))(?![前后内底初中头间份])"
)
#: What a period behind a sum may begin with.
_PERIOD_OPENS: Final = openings.first_characters(_PERIOD_AFTER) | {"包"}
_PERIOD_POINTS: Final = np.array(sorted(map(ord, _PERIOD_OPENS)))
_PERIOD_AFTER_MARK = expressions.compiled(
    r"(?:左右|以上|起|\+|多|的)? ?[(]?(?:/|每|一|1|包|年|月)"
)
PERIOD_BEFORE: Final = expressions.compiled(
    openings.guarded(
        r"(?:(?:每|一|平均每|单)(?:个)?(?P<p1>天|日|月|年)|(?P<p2>[日月年天])(?:入|赚|收入|收益|收|薪|租|费|供|均|净赚|纯利|利润|净利|佣金|流水|进账|营收|销售额|挣)|日(?=结)|包(?P<p3>[天月年]))"
        r"(?:轻松|稳定|到手|落袋|稳稳|可|能|就|有|拿|到|过|破|超|至少|最少|最低|稳|净赚|赚|挣|躺赚|收入|收益|利润|流水|工资|薪资|省|省下|保底|直接|突破|达到|达|高达|都|也|是|为|约|近|要|才|只要|仅|只|进账|纯|赚到|回|给|成本|实现|轻轻松松|不低于|提成|分红|花|交|付|[:： ])*+\Z"
    )
)
_NO_PERIOD, _DAY, _MONTH, _YEAR = range(len(sums.PERIODS))
_PERIOD_NAMES: Final = {"天": _DAY, "日": _DAY, "月": _MONTH, "年": _YEAR}


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
    numbers = list(quantities.quantities(folded, beginnings.starts_of(folded)))
    found = payable(tallies.of([0] * len(numbers), numbers))
    rows, told, periods = amounts_of(
        [folded],
        found,
        rolewords.found_in(folded, lexicon),
        table,
        around=None,
        trades=roles.Trades([folded]),
    )
    made: list[Amount] = []
    for one, role, period in zip(found.take(rows).quantities(slice(None)), told.tolist(), periods.tolist(), strict=True):  # fmt: skip
        first, last = text.span(one.start, one.end)
        made.append(
            Amount(
                one.low, one.high, one.is_approximate, sums.ROLES[role], sums.PERIODS[period],
                text.original[first:last], first, last,
            )
        )  # fmt: skip
    return made


def payable(found: tallies.Tallies) -> tallies.Tallies:
    """The numbers of texts in which one can be money at all."""
    may_pay = ~found.is_bare() | (found.yuan >= bare.LEAST)
    texts = found.texts[may_pay]
    return found.take(np.flatnonzero(np.isin(found.texts, texts)))


def amounts_of(
    texts: Sequence[str],
    found: tallies.Tallies,
    words: rolewords.Found,
    table: bare.Table,
    *,
    around: Callable[[tallies.Tallies, Integers], frames.Tries] | None,
    trades: roles.Trades,
) -> tuple[Integers, Integers, Integers]:
    """The amounts among the numbers of texts.

    Args:
        texts: Folded plain texts.
        found: Their numbers.
        words: Their role words.
        table: What makes bare numbers money.
        around: Tells of numbers what has to be tried around them, given what a frame has to cost less than; None for everything.
        trades: What the texts sell.

    Returns:
        Which numbers are amounts, ascending, and of each its role and period, numbers of ``sums.ROLES`` and ``sums.PERIODS``.
    """
    is_sum = ~found.is_bare()
    is_sum[bare.are_money_in(texts, found, words.points, words.first, table)] = True
    is_wide = found.is_unit() & np.isin(found.yuan, _SCREENS) & is_sum
    for row in np.flatnonzero(is_wide & (found.most == sums.OPEN_END)).tolist():
        text = int(found.texts[row])
        (one,) = found.quantities(slice(row, row + 1))
        is_sum[row] = not _is_screen(texts[text], one, words.of(text))
    rows = np.flatnonzero(is_sum)
    kept = found.take(rows)
    near = words.nearest(kept.texts, kept.starts, kept.ends)
    tries = None if around is None else around(kept, roles.limits(near))
    told = roles.roles_of(texts, kept, near, tries, trades)
    behind = words.points[words.first[kept.texts] + kept.ends]
    # Before a number everywhere a period is looked for where nothing is known.
    from_places = (
        np.maximum(kept.starts - frames.PERIOD_REACH, 0)
        if tries is None
        else tries.periods
    )
    periods = np.full(len(rows), _NO_PERIOD)
    asked = np.flatnonzero((from_places >= 0) | np.isin(behind, _PERIOD_POINTS))
    for row in asked.tolist():
        periods[row] = _period(
            texts[kept.texts[row]],
            int(kept.starts[row]),
            int(kept.ends[row]),
            int(from_places[row]),
        )
    return rows, told, periods


def _is_screen(
    folded: str,
    one: quantities.Quantity,
    words: Sequence[rolewords.Word],
) -> bool:
    """Whether 4k, 8k, read as 4000 or 8000, are the width of a screen: they are unless a word of money touches them."""
    if folded[one.end - 1] != "k":
        return False
    if folded[one.start] != "4" and not _PICTURES.search(
        folded, max(0, one.start - _PICTURE_REACH), one.end + _PICTURE_REACH
    ):
        # Wages and fees are 2k and 8k more often than screens are.
        return False
    before = roles.nearest(words, one.start) - 1
    gap = folded[words[before].end : one.start] if before >= 0 else None
    is_announced = gap is not None and (
        (len(gap) <= 2 and gap.isalnum())
        or (len(gap) <= 12 and bool(_ANNOUNCES.fullmatch(gap)))
    )
    return not (is_announced and folded[one.start - 1] != " ") and not roles.is_framed(
        folded, one
    )


_SCREENS: Final = (2000, 4000, 8000)
_PICTURES = expressions.compiled(
    "[0-9]p|画|清|屏|分辨|视频|帧|hdr|导出|输出|摄|录|电视|显示|相机|镜头|蓝光|拍|像素|采样|渲染|图|片"
)
_PICTURE_REACH: Final = 8


def _period(folded: str, start: int, end: int, place: int) -> int:
    """Per day, month or year, by what stands right behind or before: a number of ``sums.PERIODS``.

    Args:
        folded: Plain text in lower case.
        start: Where a sum begins.
        end: Where it ends.
        place: The first place where a period may stand before it; less than nothing without one.
    """
    if folded[end : end + 1] in _PERIOD_OPENS:
        after = _PERIOD_AFTER.match(folded, end)
        if after and _PERIOD_AFTER_MARK.match(folded, end):
            return _DAY if after["day"] else _MONTH if after["month"] else _YEAR
        if folded.startswith(("包年", "年费"), end):
            return _YEAR
        if folded.startswith(("包月", "月租"), end):
            return _MONTH
    before = PERIOD_BEFORE.search(folded, place, start) if place >= 0 else None
    if before:
        name = before["p1"] or before["p2"] or before["p3"]
        if name:
            return _PERIOD_NAMES[name]
    return _NO_PERIOD
