"""The plain sums of many texts in one compiled pass: what ``quantities`` reads, where no more than a glance is needed.

In: code points of folded plain texts and the places where sums may begin. Out: the quantities of each text. Invariants: pure;
linear; the answer is that of ``quantities.quantities`` (a test holds the two together): at the first place of a text that a
glance does not settle (多, 几, elliptic digits, written-out numerals, rare currencies), the rest of that text is read there.

Nine numbers of ten are digits with 元 or 块 behind, or with what they count (3天); reading these one by one was a tenth of
reading a post.
"""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features import glances, native, numerals, quantities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from features.trie import Integers

_POINTS: Final = 0x10000
# What characters are to a sum, a bit each.
_DIGIT: Final = 1 << 0
_HAN: Final = 1 << 1
_OPENS_UNIT: Final = 1 << 2
_TAIL: Final = 1 << 3
_RANGE: Final = 1 << 4
_VAGUE: Final = 1 << 5
_AFTER_HAN: Final = 1 << 6
_GLUE: Final = 1 << 7
_LATIN: Final = 1 << 8
_ONLY: Final = 1 << 9
_IN_WORD: Final = 1 << 10
_SCALED: Final = 1 << 11
_PLACES: Final = 1 << 12
_CENTS: Final = 1 << 13
_UNCERTAIN: Final = 1 << 14
# The answers of expressions, by their place in ``_Tables``.
_COUNTED, _PERIOD, _FOREIGN, _ABOUT, _CURRENCY, _METRES = range(0, 12, 2)
_COUNTED_BEFORE, _ABOUT_BEFORE, _RANKED = range(0, 6, 2)
#: The answer of a glance that more has to be looked at.
_MAYBE: Final = 2
# What one place gives.
_NOTHING, _FOUND, _ODD = range(3)
#: Columns of what is found; ``_KEY`` is the index of its place.
_KEY, _START, _END, _LOW, _HIGH, _DECIMALS, _FORM, _IS_VAGUE = range(8)
_FORMS: Final[tuple[quantities.Form, ...]] = ("money", "unit", "bare")
_MONEY, _UNIT, _BARE = range(3)
#: Without an upper bound.
_OPEN_END: Final = -1
#: What is higher than a sum may be, and what a number may be times 亿 without leaving 64 bits.
_HIGHEST: Final = 10**13
_SAFE: Final = 10**10
_LONGEST_DIGITS: Final = 16


class _Tables(NamedTuple):
    """What compiled loops look up."""

    kinds: Integers
    values: Integers
    letters: Integers
    width: int
    ahead: Integers
    behind: Integers


@functools.cache
def _tables() -> _Tables:
    kinds = np.zeros(_POINTS, dtype=np.uint16)
    for bit, characters in (
        (_DIGIT, "0123456789"),
        (_HAN, quantities.HAN),
        (_OPENS_UNIT, quantities.UNIT_OPENS),
        (_TAIL, quantities.TAIL_DIGITS),
        (_RANGE, quantities.RANGE_DIGITS),
        (_VAGUE, "几多来余"),
        (_AFTER_HAN, quantities.AFTER_HAN - {""}),
        (_GLUE, "0123456789abcdefghijklmnopqrstuvwxyz_.-"),
        (_LATIN, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        (_ONLY, quantities.ONLY),
        (_IN_WORD, quantities.IN_WORD),
        (_SCALED, quantities.SCALED),
        (_PLACES, quantities.PLACES_DIGITS),
        (_CENTS, quantities.CENTS_DIGITS),
        (_UNCERTAIN, quantities.NO_CURRENCY),
    ):
        kinds[[ord(one) for one in characters]] |= bit
    values = np.full(_POINTS, -1, dtype=np.int8)
    for character in quantities.HAN:
        if character in numerals.DIGIT_OF:
            values[ord(character)] = int(numerals.DIGIT_OF[character])
    seen = glances.Glances(ahead=quantities.AHEAD, behind=quantities.BEHIND)
    return _Tables(kinds, values, seen.letters, seen.width, seen.ahead, seen.behind)


def sums(
    texts: Sequence[str],
    points: Integers,
    first: Integers,
    starts: Integers,
    *,
    may_pay: Callable[[Iterable[quantities.Quantity]], bool],
) -> dict[int, list[quantities.Quantity]]:
    """The quantities of texts.

    Args:
        texts: Folded plain texts.
        points: Their code points, a line break behind each.
        first: Where each text begins in ``points``, and where the last one ends.
        starts: Where sums may begin in ``points``, ascending (``beginnings.starts``).
        may_pay: Whether any of some quantities may be money; other texts are left out.

    Returns:
        By the index of its text what ``quantities.quantities`` finds in it, ascending.
    """
    in_ten_thousands = np.array(
        [quantities.IN_TEN_THOUSANDS in text for text in texts], dtype=bool
    )
    rows = np.empty((len(starts), 8), dtype=np.int64)
    rest = np.empty((len(texts), 4), dtype=np.int64)
    count, odd = _read(points, first, starts, in_ten_thousands, *_tables(), rows, rest)
    found: dict[int, list[quantities.Quantity]] = {}
    rows = rows[:count]
    of = np.searchsorted(first, rows[:, _START], side="right") - 1
    offsets = first[of]
    made = map(
        _quantity,
        rows[:, _LOW].tolist(),
        rows[:, _HIGH].tolist(),
        rows[:, _DECIMALS].tolist(),
        rows[:, _IS_VAGUE].astype(bool).tolist(),
        (rows[:, _START] - offsets).tolist(),
        (rows[:, _END] - offsets).tolist(),
        rows[:, _FORM].tolist(),
    )
    for text, one in zip(of.tolist(), made, strict=True):
        found.setdefault(text, []).append(one)
    for text, key, position, last_end in rest[:odd].tolist():
        begin = int(first[text])
        last = int(np.searchsorted(starts, first[text + 1]))
        more = quantities.quantities(
            texts[text],
            (starts[key:last] - begin).tolist(),
            position=position - begin,
            last_end=last_end - begin,
        )
        found.setdefault(text, []).extend(more)
    return {text: found[text] for text in sorted(found) if may_pay(found[text])}


def _quantity(  # noqa: PLR0917 (columns of a table)
    low: int,
    high: int,
    decimals: int,
    is_vague: bool,  # noqa: FBT001 (columns of a table)
    start: int,
    end: int,
    form: int,
) -> quantities.Quantity:
    return quantities.Quantity(
        Decimal(low).scaleb(-decimals) if decimals else Decimal(low),
        None if high == _OPEN_END else Decimal(high),
        is_vague,
        start,
        end,
        _FORMS[form],
    )


@native.compiled
def _kind(points: Integers, kinds: Integers, place: int) -> int:
    point = points[place]
    return kinds[point] if point < _POINTS else 0


@native.compiled
def _letter(points: Integers, letters: Integers, place: int) -> int:
    point = points[place]
    return np.int64(letters[point]) if point < _POINTS else np.int64(0)


@native.compiled
def _pair(
    points: Integers, letters: Integers, width: int, ahead: Integers, place: int
) -> int:
    """What expressions say of a place from its character and the next; the last character of all is a line break."""
    second = np.int64(0)
    if place + 1 < len(points):
        second = _letter(points, letters, place + 1)
    return np.int64(ahead[_letter(points, letters, place) * width + second])


@native.compiled
def _number(
    points: Integers, kinds: Integers, start: int
) -> tuple[int, int, int, int, int]:
    """A number that begins with a digit: whether it can be read here, its value without the point, decimals, unit (0 without one), end."""
    end = start
    value = 0
    while kinds[points[end] & 0xFFFF] & _DIGIT and points[end] < _POINTS:
        if end - start >= _LONGEST_DIGITS:
            break
        value = value * 10 + np.int64(points[end]) - 48
        end += 1
    if _kind(points, kinds, end) & _DIGIT:
        return _NOTHING, 0, 0, 0, end
    if end - start <= 3:
        while (
            points[end] == 44  # ,
            and _kind(points, kinds, end + 1) & _DIGIT
            and _kind(points, kinds, end + 2) & _DIGIT
            and _kind(points, kinds, end + 3) & _DIGIT
        ):
            if end - start + 4 > _LONGEST_DIGITS:
                return _NOTHING, 0, 0, 0, end
            for place in range(end + 1, end + 4):
                value = value * 10 + np.int64(points[place]) - 48
            end += 4
    decimals = 0
    if points[end] == 46 and _kind(points, kinds, end + 1) & _DIGIT:  # .
        end += 1
        while _kind(points, kinds, end) & _DIGIT:
            if end - start >= _LONGEST_DIGITS:
                return _NOTHING, 0, 0, 0, end
            value = value * 10 + np.int64(points[end]) - 48
            decimals += 1
            end += 1
    if value > _HIGHEST:
        return _ODD, 0, 0, 0, end
    if not _kind(points, kinds, end) & _OPENS_UNIT:
        return _FOUND, value, decimals, 0, end
    at = end
    sign = points[at]
    if sign == 32:  # a blank
        after = points[at + 1]
        if after == 0x4E07 or after == 0x4EBF:  # 万 亿
            return _ODD, 0, 0, 0, end
        if after != 119 and after != 107:  # w k
            return _FOUND, value, decimals, 0, end
        at += 1
        sign = after
    if _kind(points, kinds, at) & _VAGUE:
        return _ODD, 0, 0, 0, end
    after = points[at + 1]
    if sign == 0x4E2A:  # 个
        is_unit = _kind(points, kinds, at + 1) & _HAN or after == 119 or after == 107
        return (_ODD if is_unit else _FOUND), value, decimals, 0, end
    if sign == 119 or sign == 107:
        if 97 <= after <= 122:
            return _FOUND, value, decimals, 0, end
        unit = 10_000 if sign == 119 else 1000
    elif sign == 0x5343:  # 千
        unit = 1000
    elif sign == 0x767E:  # 百
        unit = 100
    elif sign == 0x4E07:
        unit = 10_000
    elif sign == 0x4EBF:
        unit = 100_000_000
    elif sign == 0x5341 and after == 0x4E07:  # 十万
        return _ODD, 0, 0, 0, end
    else:
        return _FOUND, value, decimals, 0, end
    kind = _kind(points, kinds, at + 1)
    if after == 0x4E07 or after == 0x4EBF or kind & _VAGUE or value > _SAFE:
        return _ODD, 0, 0, 0, end
    if unit >= 1000 and not decimals and kind & _TAIL:
        return _ODD, 0, 0, 0, end
    return _FOUND, value * unit, decimals, unit, at + 1


@native.compiled
def _is_glued(points: Integers, kinds: Integers, low: int, start: int) -> int:
    """``quantities._is_glued`` of digits: ``_FOUND`` where they are."""
    if start == low:
        return _NOTHING
    before = points[start - 1]
    if before >= 128:
        return _NOTHING
    if start - low >= 3:
        a, b, c = points[start - 3], points[start - 2], points[start - 1]
        if (
            (a == 114 and b == 109 and c == 98)  # rmb
            or (a == 99 and b == 110 and c == 121)  # cny
            or (a == 103 and b == 109 and c == 118)  # gmv
            or (a == 103 and b == 100 and c == 112)  # gdp
        ):
            return _NOTHING
    if kinds[before] & _LATIN or before == 95:  # _
        return _FOUND
    if before == 46 or before == 64 or before == 35:  # . @ #
        if start - low < 2:
            return _NOTHING
        if points[start - 2] >= 128:
            return _ODD
        return _FOUND if kinds[points[start - 2]] & (_LATIN | _DIGIT) else _NOTHING
    return _NOTHING


@native.compiled
def _signed(points: Integers, low: int, start: int) -> int:
    """How many characters before a number are a sign of yuan."""
    at = start - 1
    if at > low and points[at] == 32:
        at -= 1
    if at < low:
        return 0
    sign = points[at]
    if sign == 0xA5:  # ¥
        return start - at
    if at - low >= 2:
        a, b = points[at - 2], points[at - 1]
        if (a == 114 and b == 109 and sign == 98) or (
            a == 99 and b == 110 and sign == 121
        ):
            return start - at + 2
        if a == 0x4EBA and b == 0x6C11 and sign == 0x5E01:  # 人民币
            return start - at + 2
    return 0


@native.compiled
def _read(  # noqa: C901, PLR0912, PLR0914, PLR0915, PLR0917 (one pass; compiled functions take their arrays by place)
    points: Integers,
    first: Integers,
    starts: Integers,
    in_ten_thousands: Integers,
    kinds: Integers,
    values: Integers,
    letters: Integers,
    width: int,
    ahead: Integers,
    behind: Integers,
    rows: Integers,
    rest: Integers,
) -> tuple[int, int]:
    """Write what is found, and for each text that needs more the index of the place, and where the reading stands."""
    count = odd = 0
    index = 0
    for text in range(len(first) - 1):
        low, high = first[text], first[text + 1] - 1
        position = last_end = low
        while index < len(starts) and starts[index] < high:
            start = starts[index]
            index += 1
            if start < position:
                continue
            sign = points[start]
            kind = _kind(points, kinds, start)
            is_digit = kind & _DIGIT != 0
            state = _FOUND
            value = decimals = unit = 0
            end = start
            if is_digit:
                glued = _is_glued(points, kinds, low, start)
                if glued == _ODD:
                    state = _ODD
                elif glued == _FOUND:
                    state = _NOTHING
            else:
                follows = start + 1 == high or (
                    _kind(points, kinds, start + 1) & _AFTER_HAN != 0
                )
                if not follows or (
                    sign == 0x8FC7  # 过
                    and start > low
                    and _kind(points, kinds, start - 1) & _ONLY
                ):
                    continue
                if (
                    sign == 0x4E00  # 一
                    and start > low
                    and _kind(points, kinds, start - 1) & _IN_WORD
                ):
                    state = _NOTHING
            if state == _FOUND and kind & _PLACES:
                at = start + 1
                if points[at] == 32:
                    at += 1
                if points[at] == 0x4F4D:  # 位
                    state = _ODD
            if state == _FOUND:
                if is_digit:
                    state, value, decimals, unit, end = _number(points, kinds, start)
                elif kind & _HAN:
                    after = _kind(points, kinds, start + 1)
                    value = np.int64(values[sign])
                    end = start + 1
                    if (
                        value < 0
                        or after & (_HAN | _VAGUE)
                        or points[end] == 119
                        or points[end] == 107
                    ):
                        state = _ODD
                elif _kind(points, kinds, start + 1) & _HAN:
                    state = _ODD
                else:
                    state = _NOTHING
            is_unit, scale, top, is_vague = unit != 0, unit, _OPEN_END, False
            if state == _FOUND:
                # A range: 3-5万.
                at = end
                if points[at] == 32:
                    at += 1
                if points[at] == 0x5143 or points[at] == 0x5757:  # 元 块
                    at += 1
                to = points[at]
                if to == 45 or to == 126 or to == 0x5230 or to == 0x81F3:  # - ~ 到 至
                    at += 1
                    if to == 45 and points[at] == 45:
                        at += 1
                    if points[at] == 32:
                        at += 1
                    if points[at] == 0xA5:
                        at += 1
                        if points[at] == 32:
                            at += 1
                    after = _kind(points, kinds, at)
                    if after & _DIGIT:
                        other, more, more_decimals, more_unit, more_end = _number(
                            points, kinds, at
                        )
                        if other == _ODD or (
                            other == _FOUND
                            and (decimals or more_decimals or value > _SAFE)
                        ):
                            state = _ODD
                        elif other == _FOUND:
                            lower = value
                            if not scale and more_unit and lower * more_unit < more:
                                lower *= more_unit
                            if lower < more and (is_unit or more_unit or lower >= 100):
                                is_unit = is_unit or more_unit != 0
                                value, top, end, scale = lower, more, more_end, 0
                                is_vague = True
                            elif points[end] == 45 and not is_unit:
                                state = _NOTHING
                    elif after & _RANGE:
                        state = _ODD
            if state == _FOUND:
                ahead_says = _pair(points, letters, width, ahead, end)
                behind_says = np.int64(0)
                if start > low:
                    before = 0
                    if start - 1 > low:
                        before = _letter(points, letters, start - 2)
                    pair = _letter(points, letters, start - 1) * width + before
                    behind_says = np.int64(behind[pair])
                power = 1
                for _ in range(decimals):
                    power *= 10
                if (
                    not scale
                    and top == _OPEN_END
                    and is_digit
                    and value < 1000 * power
                    and (value % power or in_ten_thousands[text])
                    and not _kind(points, kinds, end) & _SCALED
                    and (behind_says >> _RANKED) & 3
                ):
                    state = _ODD
            if state == _FOUND:
                signed = _signed(points, low, start)
                currency = (ahead_says >> _CURRENCY) & 3
                paid_end = end
                if currency == 2:
                    at = end + 1 if points[end] == 32 else end
                    if (
                        points[at] == 0x5757
                        and points[at + 1] == 0x94B1  # 块钱
                        and not _kind(points, kinds, at + 2) & _UNCERTAIN
                    ):
                        currency, paid_end = 1, at + 2
                    elif points[at] == 0x5143 or points[at] == 0x5706:
                        currency = 0 if _kind(points, kinds, at + 1) & _UNCERTAIN else 1
                        paid_end = at + currency
                    else:
                        state = _ODD
                elif currency == 1:
                    at = end + 1 if points[end] == 32 else end
                    if points[at] in (0x5143, 0x5706, 0x5757):
                        paid_end = at + 1
                        # 块 with a digit behind, cents.
                        if (
                            points[at] == 0x5757
                            and _kind(points, kinds, at + 1) & _CENTS
                        ):
                            state = _ODD
                    else:
                        state = _ODD
                if currency == 1 and sign == 0x4E00:
                    state = _ODD
                if state == _FOUND and currency == 0 and signed == 0:
                    if is_unit and (ahead_says >> _METRES) & 3:
                        state = _ODD
                    counted = (ahead_says >> _COUNTED) & 3
                    period = (ahead_says >> _PERIOD) & 3
                    if counted and period != 1:
                        state = _NOTHING if counted == 1 and period == 0 else _ODD
                    if state == _FOUND and (behind_says >> _COUNTED_BEFORE) & 3:
                        state = _ODD
            if state == _FOUND:
                highest = top if top != _OPEN_END else value
                if (
                    highest // power > _HIGHEST
                    or (highest // power == _HIGHEST and highest % power)
                    or value == 0
                    or (start > low and points[start - 1] == 36)  # $
                ):
                    state = _NOTHING
                elif (ahead_says >> _FOREIGN) & 3:
                    state = _NOTHING if (ahead_says >> _FOREIGN) & 3 == 1 else _ODD
                about = (ahead_says >> _ABOUT) & 3
                if about == _MAYBE and currency and points[end] != 32:
                    # 元左右, 块钱起: the same stands behind the currency word.
                    about = (
                        _pair(points, letters, width, ahead, paid_end) >> _ABOUT
                    ) & 3
                    is_word = points[paid_end] in (0x5143, 0x5757, 0x7C73)  # 元 块 米
                    if about == 1 and is_word:
                        about = _MAYBE
                about_before = (behind_says >> _ABOUT_BEFORE) & 3
                if state == _FOUND and not is_vague:
                    if about == 1 or about_before == 1:
                        is_vague = True
                    elif about or about_before:
                        state = _ODD
            if state == _ODD:
                rest[odd, 0], rest[odd, 1] = text, index - 1
                rest[odd, 2], rest[odd, 3] = position, last_end
                odd += 1
                while index < len(starts) and starts[index] < high:
                    index += 1
                break
            if state == _NOTHING:
                position = start + 1
                if is_digit:
                    while _kind(points, kinds, position) & _GLUE:
                        position += 1
                continue
            form = _MONEY if signed or currency else _UNIT if is_unit else _BARE
            begin = start - signed
            if begin < last_end:
                # 10万人民币5万: the currency word belongs to the sum before.
                begin = last_end
            rows[count, _KEY], rows[count, _START] = index - 1, begin
            rows[count, _END], rows[count, _LOW] = paid_end, value
            rows[count, _HIGH], rows[count, _DECIMALS] = top, decimals
            rows[count, _FORM], rows[count, _IS_VAGUE] = form, is_vague
            count += 1
            position = last_end = max(paid_end, start + 1)
    return count, odd
