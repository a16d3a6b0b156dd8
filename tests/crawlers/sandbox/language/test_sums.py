"""Sums mean what they say: an oracle reads the notations back."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.sandbox import dice
from crawlers.sandbox.language import sums


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (3, "三"),
        (12, "十二"),
        (105, "一百零五"),
        (6_600, "六千六百"),
        (10_500, "一万零五百"),
        (98_000, "九万八千"),
        (120_000, "十二万"),
        (1_005_000, "一百万五千"),
        (1_000_800, "一百万零八百"),
    ],
)
def test_numbers_in_chinese(number, written):
    assert sums.han(number) == written


def test_financial_numerals_keep_the_leading_one():
    assert sums.han(100_000, sums.FINANCIAL, units=("拾", "佰", "仟")) == "壹拾万"


def read(raw):
    """Yuan of a sum in western digits, whatever their costume."""
    text = unicodedata.normalize("NFKC", raw).replace("个", "").lower()
    found = re.fullmatch(
        r"(?:¥|rmb)?\s*([\d,]+(?:\.\d+)?)(万|萬|w|k)?(\d)?(?:元整?|块钱?|圆)?", text
    )
    assert found, raw
    unit = {"万": 10_000, "萬": 10_000, "w": 10_000, "k": 1000}.get(found[2], 1)
    return (
        round(float(found[1].replace(",", "")) * unit) + int(found[3] or 0) * unit // 10
    )


@settings(deadline=None, max_examples=100)
@given(seed=st.integers(0, 10**9), thousands=st.integers(2, 900))
def test_exact_notations_read_back(seed, thousands):
    written = sums.plain(dice.dice(seed), thousands * 1000)
    assert (written.yuan, written.yuan_max, written.is_approximate) == (
        thousands * 1000,
        None,
        False,
    )
    if written.notation not in {"han", "financial"}:
        assert read(written.raw) == thousands * 1000


@settings(deadline=None, max_examples=100)
@given(seed=st.integers(0, 10**9), yuan=st.integers(8000, 2_000_000))
def test_vague_sums_have_a_lower_bound_near_the_sum_and_a_higher_upper_one(seed, yuan):
    written = sums.vague(dice.dice(seed), yuan)
    assert written.is_approximate
    assert 0 < written.yuan <= max(yuan, 110_000)
    assert written.yuan_max is None or written.yuan_max > written.yuan


def test_there_are_many_notations():
    rng = dice.dice("notations")
    found = {
        sums.any_sum(rng, yuan).notation
        for _ in range(300)
        for yuan in (4_980, 66_000, 98_000, 128_000)
    }
    assert found >= {
        "wan",
        "k",
        "elliptic",
        "han",
        "financial",
        "circled",
        "wide",
        "grouped",
        "sign",
        "digits",
        "vague",
        "range",
        "places",
    }


def test_the_press_counts_in_ten_thousands_and_hundred_millions():
    rng = dice.dice("press")
    assert sums.large(rng, 3_200_000_000).raw.startswith("32亿")
    assert sums.large(rng, 350_000).raw.startswith("35万")
