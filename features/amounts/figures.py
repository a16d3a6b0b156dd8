"""The plain sums of many texts in one compiled pass: what ``quantities`` reads, where no more than a glance is needed.

In: code points of folded plain texts, the places where sums may begin, and tables (``tallies``). Out: rows of numbers, and for
each text that needs more than a glance (多, 几, elliptic digits, most written-out numerals, rare currencies) where its reading
stands there. Invariants: pure; linear; nothing is looked up that is not passed in, because what is compiled outlives changes
of other files; a text's rows are what ``quantities.quantities`` gives up to that place (a test holds the two together).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from features.engine import native

if TYPE_CHECKING:
    from features.engine.trie import Integers

#: Characters beyond these are no part of any sum.
POINTS: Final = 0x10000
# What characters are to a sum, a bit each.
(
    DIGIT, HAN, OPENS_UNIT, TAIL, RANGE, VAGUE, AFTER_HAN, GLUE, LATIN, ONLY, IN_WORD, SCALED, PLACES, CENTS, UNCERTAIN,
    NO_CENTS,
) = (1 << bit for bit in range(16))  # fmt: skip
# The answers of expressions, by their place in ``tallies``.
_COUNTED, _PERIOD, _FOREIGN, _ABOUT, _CURRENCY, _METRES = range(0, 12, 2)
_COUNTED_BEFORE, _ABOUT_BEFORE, _RANKED, _SIGNED = range(0, 8, 2)
#: The answer of a glance that more has to be looked at.
_MAYBE: Final = 2
# What one place gives.
_NOTHING, _FOUND, _ODD = range(3)
#: Columns of ``written``: what begins at a place that holds no digit.
STATE, SPELT_LOW, SPELT_HIGH, IS_UNIT, IS_SPELT_VAGUELY, SPELT_END = range(6)
#: Columns of what is found.
COLUMNS: Final = 7
START, END, LOW, HIGH, DECIMALS, FORM, IS_VAGUE = range(COLUMNS)
FORMS: Final = ("money", "unit", "bare")
_MONEY, _UNIT, _BARE = range(len(FORMS))
#: Without an upper bound.
OPEN_END: Final = -1
_BEYOND_ASCII: Final = 128
#: What is higher than a sum may be, and what a number may be times 亿 without leaving 64 bits.
_HIGHEST: Final = 10**13
_SAFE: Final = 10**10
_LONGEST_DIGITS: Final = 16
#: Characters of four to seven digits with blanks between.
_SHORTEST_SPREAD, _LONGEST_SPREAD = 7, 13
# Characters that decide.
_BLANK, _COMMA, _DOT, _DASH, _WAVE, _UNDERLINE, _AT, _HASH, _DOLLAR, _W, _K, _YUAN = (
    32, 44, 46, 45, 126, 95, 64, 35, 36, 119, 107, 165,
)  # fmt: skip
(
    _WAN, _YI, _GE, _QIAN, _BAI, _SHI, _YUAN_WORD, _KUAI, _ROUND, _MONEY_WORD, _METRE, _PAST, _ONE, _PLACE, _UNTIL, _UP_TO, _LISTED,
) = map(ord, "万亿个千百十元块圆钱米过一位到至、")  # fmt: skip
#: What currencies and abbreviations before a number end with: rmb, cny, gmv, gdp.
_MAY_PRECEDE: Final = (98, 121, 118, 112)


@native.compiled
def _kind(points: Integers, kinds: Integers, place: int) -> int:
    point = points[place]
    return kinds[point] if point < POINTS else 0


@native.compiled
def _letter(points: Integers, letters: Integers, place: int) -> np.int64:
    point = points[place]
    return np.int64(letters[point]) if point < POINTS else np.int64(0)


@native.compiled
def _pair(
    points: Integers, letters: Integers, width: int, ahead: Integers, place: int
) -> np.int64:
    """What expressions say of a place from its character and the next; the last character of all is a line break."""
    second = np.int64(0)
    if place + 1 < len(points):
        second = _letter(points, letters, place + 1)
    return np.int64(ahead[_letter(points, letters, place) * width + second])


@native.compiled
def _number(  # noqa: PLR0911, PLR0912, PLR0915 (one pass)
    points: Integers, kinds: Integers, start: int
) -> tuple[int, Any, int, int, int]:
    """A number that begins with a digit: whether it can be read here, its value without the point, decimals, unit (0 without one), end."""
    end = start
    value: Any = 0
    while kinds[points[end] & 0xFFFF] & DIGIT and points[end] < POINTS:
        if end - start >= _LONGEST_DIGITS:
            break
        value = value * 10 + np.int64(points[end]) - 48
        end += 1
    if _kind(points, kinds, end) & DIGIT:
        return _NOTHING, 0, 0, 0, end
    if end - start <= 3:
        while (
            points[end] == _COMMA
            and _kind(points, kinds, end + 1) & DIGIT
            and _kind(points, kinds, end + 2) & DIGIT
            and _kind(points, kinds, end + 3) & DIGIT
        ):
            if end - start + 4 > _LONGEST_DIGITS:
                return _NOTHING, 0, 0, 0, end
            for place in range(end + 1, end + 4):
                value = value * 10 + np.int64(points[place]) - 48
            end += 4
    decimals = 0
    if points[end] == _DOT and _kind(points, kinds, end + 1) & DIGIT:
        end += 1
        while _kind(points, kinds, end) & DIGIT:
            if end - start >= _LONGEST_DIGITS:
                return _NOTHING, 0, 0, 0, end
            value = value * 10 + np.int64(points[end]) - 48
            decimals += 1
            end += 1
    if value > _HIGHEST:
        return _ODD, 0, 0, 0, end
    if not _kind(points, kinds, end) & OPENS_UNIT:
        return _FOUND, value, decimals, 0, end
    at = end
    sign = points[at]
    if sign == _BLANK:
        after = points[at + 1]
        if after in (_WAN, _YI):
            return _ODD, 0, 0, 0, end
        if end - start == 1 and _kind(points, kinds, at + 1) & DIGIT:
            value, end = _spread(points, kinds, start)
            return _FOUND, value, 0, 0, end
        if after not in (_W, _K):
            return _FOUND, value, decimals, 0, end
        at += 1
        sign = after
    if _kind(points, kinds, at) & VAGUE:
        return _ODD, 0, 0, 0, end
    after = points[at + 1]
    if sign == _GE:
        is_unit = _kind(points, kinds, at + 1) & HAN or after in (_W, _K)
        return (_ODD if is_unit or decimals else _FOUND), value, decimals, 0, end
    if sign in (_W, _K):
        if 97 <= after <= 122:
            return _FOUND, value, decimals, 0, end
        unit = 10_000 if sign == _W else 1000
    elif sign == _QIAN:
        unit = 1000
    elif sign == _BAI:
        unit = 100
    elif sign == _WAN:
        unit = 10_000
    elif sign == _YI:
        unit = 100_000_000
    elif sign == _SHI and after == _WAN:
        return _ODD, 0, 0, 0, end
    else:
        return _FOUND, value, decimals, 0, end
    kind = _kind(points, kinds, at + 1)
    if after in (_WAN, _YI) or kind & VAGUE or value > _SAFE:
        return _ODD, 0, 0, 0, end
    if unit >= 1000 and not decimals and kind & TAIL:
        return _ODD, 0, 0, 0, end
    return _FOUND, value * unit, decimals, unit, at + 1


@native.compiled
def _spread(points: Integers, kinds: Integers, start: int) -> tuple[Any, int]:
    """A digit with a blank behind it and another digit: all of 3 5 0 0 0, else the digit alone; its value and its end."""
    alone: Any = np.int64(points[start]) - 48
    value, end = alone, start + 1
    is_inside = points[start - 1] == _BLANK and _kind(points, kinds, start - 2) & DIGIT
    if alone == 0 or is_inside:
        return alone, start + 1
    while (
        end < start + _LONGEST_SPREAD
        and points[end] == _BLANK
        and _kind(points, kinds, end + 1) & DIGIT
    ):
        value = value * 10 + np.int64(points[end + 1]) - 48
        end += 2
    goes_on = _kind(points, kinds, end + (points[end] == _BLANK)) & DIGIT
    if end < start + _SHORTEST_SPREAD or goes_on:
        return alone, start + 1
    return value, end


@native.compiled
def _is_glued(points: Integers, kinds: Integers, low: int, start: int) -> int:
    """``quantities._is_glued`` of digits: ``_FOUND`` where they are."""
    before = points[start - 1] if start > low else _BEYOND_ASCII
    if before >= _BEYOND_ASCII:
        return _NOTHING
    if before in _MAY_PRECEDE:
        return _ODD
    if kinds[before] & LATIN or before == _UNDERLINE:
        return _FOUND
    if before in (_DOT, _AT, _HASH):
        if start - low >= 2 and points[start - 2] >= _BEYOND_ASCII:
            return _ODD
        if start - low >= 2 and kinds[points[start - 2]] & (LATIN | DIGIT):
            return _FOUND
    return _NOTHING


@native.compiled
def read(  # noqa: PLR0912, PLR0915, PLR0917 (one pass; compiled functions take their arrays by place)
    points: Integers,
    first: Integers,
    starts: Integers,
    spelt: Integers,
    in_ten_thousands: Integers,
    work: Integers,
    kinds: Integers,
    letters: Integers,
    width: int,
    ahead: Integers,
    behind: Integers,
    rows: Integers,
    rest: Integers,
) -> tuple[int, int]:
    """Write what is found, and for each text that needs more where the reading stands, as in ``work``.

    ``work`` tells for each text that is asked for its index, the index of the place to go on from, before which place nothing
    begins, and where the number before ends.
    """
    count = odd = 0
    for line in range(len(work)):
        text, index = work[line, 0], work[line, 1]
        position, last_end = work[line, 2], work[line, 3]
        low, high = first[text], first[text + 1] - 1
        while index < len(starts) and starts[index] < high:
            start = starts[index]
            index += 1
            if start < position:
                continue
            sign = points[start]
            kind = _kind(points, kinds, start)
            is_digit = kind & DIGIT != 0
            state = _FOUND
            value: Any = 0
            decimals = unit = 0
            end = start
            if is_digit:
                glued = _is_glued(points, kinds, low, start)
                if glued == _ODD:
                    state = _ODD
                elif glued == _FOUND:
                    state = _NOTHING
                    if kinds[points[start - 1]] & LATIN:
                        # 首批kuan2.5万: letters may spell Chinese.
                        at = start
                        while _kind(points, kinds, at) & DIGIT or points[at] in (_DOT, _COMMA):  # fmt: skip
                            at += 1
                        at += points[at] == _BLANK
                        if points[at] in (_WAN, _YUAN_WORD, _KUAI, _ROUND, _QIAN):
                            state = _ODD
            elif points[start + 1] == _LISTED:
                if not _kind(points, kinds, start + 2) & RANGE:
                    continue
                state = _ODD
            else:
                follows = start + 1 == high or (
                    _kind(points, kinds, start + 1) & AFTER_HAN != 0
                )
                if not follows or (
                    sign == _PAST
                    and start > low
                    and _kind(points, kinds, start - 1) & ONLY
                ):
                    continue
                if (
                    sign == _ONE
                    and start > low
                    and _kind(points, kinds, start - 1) & IN_WORD
                ):
                    state = _NOTHING
            behind_blank = start + 1 + (points[start + 1] == _BLANK)
            if state == _FOUND and kind & PLACES and points[behind_blank] == _PLACE:
                state = _ODD
            if state == _FOUND:
                if is_digit:
                    state, value, decimals, unit, end = _number(points, kinds, start)
                else:
                    state, end = spelt[index - 1, STATE], spelt[index - 1, SPELT_END]
            is_unit, scale, is_vague = unit != 0, unit, False
            top: Any = np.int64(OPEN_END)
            if state == _FOUND and not is_digit:
                value, top = spelt[index - 1, SPELT_LOW], spelt[index - 1, SPELT_HIGH]
                is_unit = spelt[index - 1, IS_UNIT] != 0
                is_vague = spelt[index - 1, IS_SPELT_VAGUELY] != 0
            if state == _FOUND and points[end] == _LISTED and end == start + 1:
                # 5、6万; but 3、 at the start of a line.
                state = _ODD if _kind(points, kinds, end + 1) & RANGE else _FOUND
            if state == _FOUND:
                # A range: 3-5万.
                at = end + (points[end] == _BLANK)
                at += points[at] in (_YUAN_WORD, _KUAI)
                to = points[at]
                if to in (_DASH, _WAVE, _UNTIL, _UP_TO):
                    at += 1 + (to == _DASH and points[at + 1] == _DASH)
                    at += points[at] == _BLANK
                    if points[at] == _YUAN:
                        at += 1 + (points[at + 1] == _BLANK)
                    after = _kind(points, kinds, at)
                    if (
                        after & RANGE
                        and not is_digit
                        and (end - start > 1 or value > 9)
                    ):
                        state = _ODD
                    elif after & DIGIT:
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
                            elif points[end] == _DASH and not is_unit:
                                state = _NOTHING
                    elif after & RANGE:
                        state = _ODD
            if state == _FOUND:
                ahead_says = _pair(points, letters, width, ahead, end)
                behind_says = np.int64(0)
                if start > low:
                    before = np.int64(0)
                    if start - 1 > low:
                        before = _letter(points, letters, start - 2)
                    pair = _letter(points, letters, start - 1) * width + before
                    behind_says = np.int64(behind[pair])
                power = 10**decimals
                if (
                    not scale
                    and top == OPEN_END
                    and is_digit
                    and value < 1000 * power
                    and (value % power or in_ten_thousands[text])
                    and not _kind(points, kinds, end) & SCALED
                    and (in_ten_thousands[text] or (behind_says >> _RANKED) & 3)
                ):
                    state = _ODD
            if state == _FOUND:
                signed = 0
                if (behind_says >> _SIGNED) & 3:
                    if points[start - 1] == _YUAN:
                        signed = 1
                    elif points[start - 1] == _BLANK and points[start - 2] == _YUAN:
                        signed = 2
                    else:
                        state = _ODD
                currency: Any = (ahead_says >> _CURRENCY) & 3
                paid_end = end
                if currency == 2:
                    at = end + 1 if points[end] == _BLANK else end
                    if (
                        points[at] == _KUAI
                        and points[at + 1] == _MONEY_WORD
                        and not _kind(points, kinds, at + 2) & UNCERTAIN
                    ):
                        currency, paid_end = 1, at + 2
                    elif points[at] in (_YUAN_WORD, _ROUND):
                        currency = 0 if _kind(points, kinds, at + 1) & UNCERTAIN else 1
                        paid_end = at + currency
                    else:
                        state = _ODD
                elif currency == 1:
                    at = end + 1 if points[end] == _BLANK else end
                    if points[at] in (_YUAN_WORD, _ROUND, _KUAI):
                        paid_end = at + 1
                        # 块 with a digit behind, cents; but 块一个月.
                        if (
                            points[at] == _KUAI
                            and _kind(points, kinds, at + 1) & CENTS
                            and not _kind(points, kinds, at + 2) & NO_CENTS
                        ):
                            state = _ODD
                    else:
                        state = _ODD
                if currency == 1 and sign == _ONE and end - start == 1:
                    state = _ODD
                counted, period = (
                    (ahead_says >> _COUNTED) & 3,
                    (ahead_says >> _PERIOD) & 3,
                )
                if state == _FOUND and currency == 0 and signed == 0:
                    if is_unit and (ahead_says >> _METRES) & 3:
                        state = _ODD
                    elif counted and period != 1:
                        state = _NOTHING if counted == 1 and period == 0 else _ODD
                    if state == _FOUND and (behind_says >> _COUNTED_BEFORE) & 3:
                        state = _ODD
            if state == _FOUND:
                highest = top if top != OPEN_END else value
                if (
                    highest // power > _HIGHEST
                    or (highest // power == _HIGHEST and highest % power)
                    or value == 0
                    or (start > low and points[start - 1] == _DOLLAR)
                ):
                    state = _NOTHING
                elif (ahead_says >> _FOREIGN) & 3:
                    state = _NOTHING if (ahead_says >> _FOREIGN) & 3 == 1 else _ODD
                about: Any = (ahead_says >> _ABOUT) & 3
                if about == _MAYBE and currency and points[end] != _BLANK:
                    # 元左右, 块钱起: the same stands behind the currency word.
                    about = (
                        _pair(points, letters, width, ahead, paid_end) >> _ABOUT
                    ) & 3
                    is_word = points[paid_end] in (_YUAN_WORD, _KUAI, _METRE)
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
                break
            if state == _NOTHING:
                position = start + 1
                if is_digit:
                    while _kind(points, kinds, position) & GLUE:
                        position += 1
                continue
            form = _MONEY if signed or currency else _UNIT if is_unit else _BARE
            # 10万人民币5万: the currency word belongs to the sum before.
            begin = max(start - signed, last_end)
            rows[count, START], rows[count, END] = begin, paid_end
            rows[count, LOW], rows[count, HIGH] = value, top
            rows[count, DECIMALS], rows[count, FORM] = decimals, form
            rows[count, IS_VAGUE] = is_vague
            count += 1
            position = last_end = max(paid_end, start + 1)
    return count, odd
