"""What a number is counted in."""

from __future__ import annotations

import pytest

from features.amounts import denominations


@pytest.mark.parametrize("behind", ["元", "块钱", " 元", "圆", "大洋", "rmb"])
def test_yuan_have_many_names(behind):
    assert denominations.CURRENCY.match(behind)


@pytest.mark.parametrize("behind", ["元素", "块屏", "块招牌", "毛衣", "毛巾"])
def test_words_that_begin_like_yuan_are_none(behind):
    assert not denominations.CURRENCY.match(behind)


@pytest.mark.parametrize("behind", ["人", "家店", "%", "个客户", "小时", "万像素"[1:]])
def test_people_shops_and_hours_are_counted(behind):
    assert denominations.COUNTED.match(behind)


@pytest.mark.parametrize("behind", ["个w", "只要", "代理", "城市", "年费"])
def test_what_goes_on_behind_a_sum_counts_nothing(behind):
    assert not denominations.COUNTED.match(behind)
