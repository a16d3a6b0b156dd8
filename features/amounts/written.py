"""Sums in Chinese numerals of many texts in one compiled pass: what ``sides`` reads, where numerals, units and one vague word tell it.

In: code points of folded plain texts, the places where sums may begin, and tables (``tallies``). Out: a row for each place: what
number begins there, that none does, or that more has to be looked at (elliptic digits, two digits that are a range, fractions,
Latin units). Invariants: pure; linear; nothing is looked up that is not passed in; a row that needs no closer look says what
``sides.side`` says (a test holds the two together).

Most written-out numerals of posts are no sums: 十五天, 几个, 上个月, 五十多岁, 九九零零 of an id. Reading each by expressions took as
long as all sums in digits together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from features.engine import native

if TYPE_CHECKING:
    from features.engine.trie import Integers

#: Characters beyond these are no part of any sum.
_POINTS: Final = 0x10000
# What characters are to a written-out number, a bit each.
NUMERAL, ELLIPTIC, LATIN_UNIT, ROUND = (1 << bit for bit in range(4))
#: What numerals stand for: digits as themselves, units behind them.
TEN, HUNDRED, THOUSAND, TEN_THOUSAND, HUNDRED_MILLION = range(10, 15)
_POWERS: Final = (10, 100, 1_000, 10_000, 100_000_000)
# What begins at a place.
NOTHING, FOUND, ODD = range(3)
#: Columns of a row: bounds of the number, whether it has 万 or 亿, whether the writer is vague, where it ends.
COLUMNS: Final = 6
STATE, LOW, HIGH, IS_UNIT, IS_VAGUE, END = range(COLUMNS)
#: Without an upper bound.
_OPEN_END: Final = -1
_NONE: Final = -1
_ZERO, _NINE = 48, 57
_GROUP_LIMIT: Final = 10**13
#: Longer runs are left to a closer look, and those whose digits are all alike up to this many (三三三三三).
_LONGEST: Final = 16
_REPEATED: Final = 6
(
    _SEVERAL, _SOME, _BIG, _MORE, _ABOUT, _REST, _OR_SO, _PIECE, _POINT, _ONE_YUAN, _YUAN, _WAN,
) = map(ord, "几数大多来余把个点块元万")  # fmt: skip


@native.compiled
def _kind(points: Integers, kinds: Integers, place: int) -> int:
    point = points[place]
    return kinds[point] if point < _POINTS else 0


@native.compiled
def _value(points: Integers, values: Integers, begin: int, end: int) -> Any:  # noqa: ANN401 (a number of numpy)
    """``numerals.value_of`` a run of numerals; less than nothing where they make no number."""
    total: Any = np.int64(0)
    section: Any = np.int64(0)
    digit: Any = np.int64(-1)
    last_unit: Any = np.int64(1)
    limit: Any = np.int64(10_000)
    group_limit: Any = np.int64(_GROUP_LIMIT)
    after_zero = False
    for place in range(begin, end):
        one = np.int64(values[points[place]])
        if one < TEN:
            if digit > 0:
                return np.int64(_NONE)
            digit = one
            after_zero |= one == 0
            continue
        unit = np.int64(_POWERS[one - TEN])
        if one < TEN_THOUSAND:
            is_first = section == 0 and total == 0
            if unit >= limit or (digit < 0 and one != TEN and not is_first):
                return np.int64(_NONE)
            section += unit if digit < 0 else digit * unit
            limit = unit
        else:
            if unit >= group_limit:
                return np.int64(_NONE)
            section += max(digit, 0)
            total += max(section, 1) * unit
            group_limit, limit, section = unit, np.int64(10_000), np.int64(0)
        last_unit, digit, after_zero = unit, np.int64(-1), False
    if digit > 0:
        is_plain = after_zero or last_unit == 1
        section += digit if is_plain else digit * last_unit // 10
    if total == 0 and section == 0 and digit != 0:
        return np.int64(_NONE)
    return total + section


@native.compiled
def _is_no_number(points: Integers, values: Integers, begin: int, end: int) -> bool:
    """Whether no beginning of a run is a number, as ``numerals.longest`` tries them: digits of an id."""
    first = _NONE
    is_same = end - begin <= _REPEATED
    for place in range(begin, end):
        if values[points[place]] >= TEN:
            return False
        is_same &= points[place] == points[begin]
        is_pair = (
            place > begin
            and values[points[place - 1]] > 0
            and place - begin <= end - begin - 3
        )
        if is_pair and first == _NONE:
            first = place
    return first != _NONE and not is_same


@native.compiled
def read(  # noqa: PLR0912, PLR0915 (one pass)
    points: Integers, starts: Integers, kinds: Integers, values: Integers
) -> Integers:
    """What begins at each place that holds no digit: a row for each.

    Args:
        points: Code points of the texts, a line break behind each.
        starts: Where sums may begin in them.
        kinds: What characters are to a number, the bits of this module.
        values: What numerals stand for, less than nothing for others.
    """
    rows = np.empty((len(starts), COLUMNS), np.int64)
    for index in range(len(starts)):
        start = starts[index]
        sign = points[start]
        rows[index, STATE] = ODD
        if _ZERO <= sign <= _NINE:
            continue
        before = points[start - 1] if start else np.uint32(0)
        is_numeral = _kind(points, kinds, start) & NUMERAL != 0
        follows = _kind(points, kinds, start + 1) if start + 1 < len(points) else 0
        if sign == _WAN or (before == _POINT and follows & NUMERAL):
            continue
        begin = start
        if not is_numeral:
            begin += 1
            at = begin + (points[begin] == _PIECE)
            if not follows & NUMERAL or values[points[begin]] < TEN:
                is_latin = _kind(points, kinds, at) & LATIN_UNIT
                rows[index, STATE] = ODD if is_latin else NOTHING
                continue
            if sign == _SEVERAL and before == _BIG:
                continue
        end: Any = begin
        is_unit: Any = False
        while _kind(points, kinds, end) & NUMERAL and end - begin <= _LONGEST:
            is_unit |= values[points[end]] >= TEN_THOUSAND
            end += 1
        if end - begin > _LONGEST:
            continue
        value = _value(points, values, begin, end)
        if value < 0:
            is_run = is_numeral and points[end] not in (_SEVERAL, _MORE, _ABOUT, _REST, _OR_SO)  # fmt: skip
            if is_run and _is_no_number(points, values, begin, end):
                rows[index, STATE] = NOTHING
            continue
        high: Any = np.int64(_OPEN_END)
        is_vague = not is_numeral
        word = points[end]
        if word in (_MORE, _ABOUT, _REST):
            if not is_numeral or _kind(points, kinds, end + 1) & NUMERAL:
                continue
            is_vague = True
            end += 1
        elif word == _SEVERAL:
            at = end + 1 + (points[end + 1] == _PIECE)
            if not is_numeral or points[end + 1] == _MORE or _kind(points, kinds, at) & LATIN_UNIT:  # fmt: skip
                continue
            if _kind(points, kinds, end + 1) & NUMERAL:
                # 十几万: the 几 stands in the ones.
                one = np.int64(values[points[end + 1]])
                if one < THOUSAND or _kind(points, kinds, end + 2) & NUMERAL:
                    continue
                unit = np.int64(_POWERS[one - TEN])
                high = (value + 9) * unit
                value = (value + 1) * unit
                is_unit |= one >= TEN_THOUSAND
                is_vague = True
                end += 2
        elif word == _OR_SO and points[end + 1] in (_ONE_YUAN, _YUAN):
            continue
        elif (
            end - start > 1
            and _kind(points, kinds, end - 1) & ELLIPTIC
            and values[points[end - 2]] not in (0, TEN)
        ):
            # 三万五, 一百二: what follows tells whether the digit belongs to it.
            continue
        at = end + (points[end] == _PIECE)
        if points[end] == _POINT or _kind(points, kinds, at) & LATIN_UNIT:
            continue
        if sign == _SEVERAL:
            value, high = value * 2, value * 9
        elif sign == _SOME:
            high = value * 9
        rows[index, STATE] = FOUND
        rows[index, LOW], rows[index, HIGH] = value, high
        rows[index, IS_UNIT] = is_unit and not _kind(points, kinds, start) & ROUND
        rows[index, IS_VAGUE], rows[index, END] = is_vague, end
    return rows
