"""Chinese numerals, as digits one by one and as numbers.

In: plain text (``features.normalise``). Out: tables from character to digit, and the value of a numeral. Invariants: pure;
exact (``Decimal``). Which reading applies is the caller's to know: 一三八 is 138 in a phone number and no number at all in
a sum of money.
"""

from __future__ import annotations

import functools
from decimal import Decimal
from typing import Final

from features.engine import expressions

#: Numerals that stand for one digit, everyday and financial; 幺 洞 拐 as the army and radio say them.
DIGIT_OF: Final = dict(
    zip(
        "零〇○洞一壹幺弌二贰两弍三叁弎四肆五伍六陆七柒拐八捌九玖0123456789",
        "00001111222233344556677788990123456789",
        strict=True,
    )
)

#: Characters that sound or look like a digit; only read so between true digits of a number that a lead-in announces.
SOUNDS_OF: Final = dict(
    zip(
        "oOlIi妖腰邀依伊妻漆舞武午溜吧巴扒酒久伞散衫思司斯灵铃凌另儿尔两勾",
        "00111111117755568889933344400002229",
        strict=True,
    )
)

UNIT_OF: Final = {
    "十": 10,
    "拾": 10,
    "百": 100,
    "佰": 100,
    "千": 1000,
    "仟": 1000,
}
GROUP_OF: Final = {"万": 10_000, "亿": 100_000_000}

#: For character classes: digits of one numeral; all that a written-out number may hold.
HAN_DIGITS: Final = "零〇一壹二贰两三叁四肆五伍六陆七柒八捌九玖"
HAN_UNITS: Final = "十拾百佰千仟万亿"


def value_of(numeral: str) -> Decimal | None:
    """The number that a written-out Chinese numeral means.

    Args:
        numeral: Characters of ``HAN_DIGITS`` and ``HAN_UNITS``; others make it no number. The elliptic last digit counts as one unit
            below the one before it: 两万八 is 28,000, 一百二 is 120; after 零 it counts as ones.

    Returns:
        The value; None where the characters make no number (two digits in a row, units out of order).
    """
    total, section, digit = 0, 0, -1
    last_unit, limit, group_limit = 1, 10_000, 10**13
    after_zero = False
    for character in numeral:
        if character in UNIT_OF:
            unit = UNIT_OF[character]
            if unit >= limit or (
                digit < 0 and unit != 10 and not (section == 0 and total == 0)
            ):
                return None
            section += (1 if digit < 0 else digit) * unit
            limit, last_unit, digit, after_zero = unit, unit, -1, False
        elif character in GROUP_OF:
            group = GROUP_OF[character]
            if group >= group_limit:
                return None
            section += max(digit, 0)
            if section == 0:
                section = 1
            total = total + section * group
            group_limit, last_unit, limit, section, digit = group, group, 10_000, 0, -1
            after_zero = False
        else:
            if digit > 0 or character not in DIGIT_OF:
                return None
            digit = int(DIGIT_OF[character])
            after_zero = after_zero or digit == 0
    if digit > 0:
        section += digit if after_zero or last_unit == 1 else digit * last_unit // 10
    if not (total or section or digit == 0):
        return None
    return Decimal(total + section)


#: Lower bound, upper bound where one is meant, vagueness.
Reading = tuple[Decimal, Decimal | None, bool]
_HEADS: Final = ("好几", "几", "数", "上", "过", "破")


@functools.lru_cache(maxsize=4096)
def longest(written: str, *, is_next_word: bool) -> tuple[str, Reading] | None:
    """The longest beginning of a run of numerals that is a number, and its value.

    Args:
        written: Numerals, with 几, 多, 来, 数, 上 as ``reading`` knows them.
        is_next_word: What follows makes a word with the last numeral: in 十万一年 the 一 is no part of the sum.

    Returns:
        The beginning and its reading; None where no beginning is a number.
    """
    read = reading(written)
    # In 四十三块 the 三 stands in the ones and is no elliptic digit.
    is_open = written[-1] in "一二两三四五六七八九" and written[-2:-1] not in "十拾零〇"
    is_next = is_next_word and is_open
    if read is not None and not is_next:
        return written, read
    for shorter in (written[:-1], written[:-2], written.rstrip(HAN_DIGITS)):
        again = reading(shorter) if shorter else None
        if again is not None:
            return shorter, again
    return (written, read) if read is not None else None


def reading(written: str) -> Reading | None:
    """Lower bound, upper bound, vagueness of a written-out number with 几, 多, 来, 数, 上.

    十多万, as 十来万, begins at 100,000 and is open (CONTRACT §9 names no upper bound for it); 十几万 and the slip 十几多万 are
    110,000 to 190,000; 几万 is 20,000 to 90,000.
    """
    head = next((one for one in _HEADS if written.startswith(one)), "")
    rest = written[len(head) :]
    if head and not (rest and rest[0] in HAN_UNITS):
        return None
    if head in {"上", "过", "破"}:
        inner = reading(rest)
        return None if inner is None else (inner[0], inner[1], True)
    if head:
        value = value_of("一" + rest)
        # 几 is more than one and less than ten (现代汉语词典); 数 leaves that open.
        least = 1 if head == "数" else 2
        return None if value is None else (value * least, value * 9, True)
    # 十几多万 says 几 twice.
    rest = rest.replace("几多", "几")
    for one in "几多来余把":
        if one in rest:
            return _vague(*rest.partition(one))
    pair = _pair(rest)
    if pair:
        return pair
    value = value_of(rest)
    return None if value is None else (value, None, False)


def _vague(front: str, word: str, back: str) -> Reading | None:
    """十几万, 一百多万, 十来万, 两万多, 万把."""
    # 百来万, 千把: the unit alone is one of it.
    base = value_of(f"一{front}" if front[:1] in {"百", "千"} else front)
    if (
        base is None
        or (back and back[0] not in HAN_UNITS)
        or (word == "几" and not back)
    ):
        return None
    scale = value_of("一" + back) if back else Decimal(1)
    if scale is None:
        return None
    if word != "几":
        return base * scale, None, True
    if back[0] in {"十", "百"}:
        # 一百几十万: the vague digit stands before a unit of its own.
        inner = Decimal(UNIT_OF[back[0]])
        group = value_of("一" + back[1:]) if back[1:] else Decimal(1)
        return (
            None
            if group is None
            else ((base + inner) * group, (base + 9 * inner) * group, True)
        )
    return (base + 1) * scale, (base + 9) * scale, True


_PAIR = expressions.compiled(
    rf"([{HAN_DIGITS}{HAN_UNITS}]*?)([一二两三四五六七八])([二两三四五六七八九])([十百千万亿]+)"
)


def _pair(written: str) -> Reading | None:
    """两三万, 十七八万, 三五百: two digits in a row are a range."""
    match = _PAIR.fullmatch(written)
    if not match:
        return None
    first, second = (int(DIGIT_OF[match[index]]) for index in (2, 3))
    if second <= first or (match[1] and match[1][-1] not in "十百千万"):
        return None
    low = value_of(match[1] + match[2] + match[4])
    high = value_of(match[1] + match[3] + match[4])
    return (low, high, True) if low is not None and high is not None else None
