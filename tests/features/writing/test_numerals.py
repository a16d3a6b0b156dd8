"""Chinese numerals: values, vagueness, and the slow way as an oracle."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.writing import numerals

DIGITS = "零一二三四五六七八九"


def written(number: int) -> str:
    """The full form, without ellipsis."""
    if number >= 10_000:
        head, rest = divmod(number, 10_000)
        gap = "零" if 0 < rest < 1000 else ""
        return written(head) + "万" + gap + (written(rest) if rest else "")
    out, is_zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            out += ("零" if is_zero else "") + DIGITS[digit] + name
            is_zero = False
        else:
            is_zero = bool(out)
    return out


@given(st.integers(1, 99_999_999))
def test_written_out_numbers_have_their_value(number):
    assert numerals.value_of(written(number)) == number


@pytest.mark.parametrize(
    ("numeral", "value"), [("十", 10), ("两万八", 28_000), ("一百二", 120), ("一百零五", 105), ("壹拾万", 100_000), ("百万", 1_000_000)]
)  # fmt: skip
def test_elliptic_and_financial_numerals(numeral, value):
    assert numerals.value_of(numeral) == value


@pytest.mark.parametrize("numeral", ["一三八", "十千", "万亿万亿", "", "几万几", "人"])
def test_what_is_no_number_has_no_value(numeral):
    assert numerals.value_of(numeral) is None


@pytest.mark.parametrize(
    ("numeral", "low", "high"),
    [("十几万", 110_000, 190_000), ("几万", 20_000, 90_000), ("数万", 10_000, 90_000), ("十来万", 100_000, None), ("两三万", 20_000, 30_000), ("上百万", 1_000_000, None)],
)  # fmt: skip
def test_vague_numerals_have_bounds(numeral, low, high):
    expected = (Decimal(low), None if high is None else Decimal(high), True)
    assert numerals.reading(numeral) == expected


def test_a_numeral_in_the_ones_belongs_to_no_next_word():
    assert numerals.longest("四十三", is_next_word=True) == (
        "四十三",
        (Decimal(43), None, False),
    )


def test_last_numeral_may_belong_to_the_next_word():
    assert numerals.longest("十万一", is_next_word=True) == (
        "十万",
        (Decimal(100_000), None, False),
    )
    assert numerals.longest("八万一一", is_next_word=True) == (
        "八万一",
        (Decimal(81_000), None, False),
    )
