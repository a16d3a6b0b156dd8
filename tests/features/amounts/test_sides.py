"""One number as it is written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from features.amounts import sides


@pytest.mark.parametrize(
    ("text", "low", "scale"),
    [("9万8一套", 98_000, 10_000), ("12,800起", 12_800, None), ("三点五万块", 35_000, 10_000), ("98k全包", 98_000, 1000), ("两个w带走", 20_000, 10_000)],
)  # fmt: skip
def test_a_number_lends_its_unit(text, low, scale):
    one = sides.side(text, 0)
    assert one is not None
    assert (one.low, one.scale) == (low, None if scale is None else Decimal(scale))


@pytest.mark.parametrize("text", ["数字人", "上线", "过审"])
def test_words_that_begin_like_numerals_are_no_numbers(text):
    assert sides.side(text, 0) is None
