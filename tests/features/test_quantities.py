"""Sums as written: form and extent."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest

from features import quantities


@pytest.mark.parametrize(
    ("text", "form"), [("10万元", "money"), ("¥5", "money"), ("10万", "unit"), ("98k", "unit"), ("三万五", "unit"), ("9800", "bare"), ("百万", "bare"), ("五百", "bare")]
)  # fmt: skip
def test_form_tells_how_sure_it_is_money(text, form):
    (one,) = quantities.quantities(text)
    assert one.form == form
    assert (one.start, one.end) == (0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "数字人",
        "统一",
        "上线",
        "10万人",
        "ab12",
        "1.2.3",
        "3天",
        "100usdt",
        "500g",
        "三千只鸡",
        "1.5个小时",
        "2.5个百分点",
        "千万别交钱",
        "播放过万",
        "过审率百分之九十九",
        "两百毫秒",
    ],
)
def test_what_counts_something_else_is_no_quantity(text):
    assert [one for one in quantities.quantities(text) if one.form != "bare"] == []


def test_quantities_do_not_overlap():
    found = list(quantities.quantities("省代29.8万 市代9.8万 区代3.98万"))
    assert [str(one.low.normalize()) for one in found] == [
        "2.98E+5",
        "9.8E+4",
        "3.98E+4",
    ]
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))


def test_a_number_with_a_decimal_point_has_no_elliptic_digit():
    assert [one.low for one in quantities.quantities("3.3w一座城")] == [33_000]


def test_a_unit_alone_is_one_of_it_where_it_is_vague():
    (one,) = quantities.quantities("出资百来万占股")
    assert (one.low, one.is_approximate) == (1_000_000, True)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("县区3万98含账号", 39_800, None), ("投入大几万", 50_000, 90_000), ("县3.9", 39_000, None), ("市6.9,省19.8", 69_000, None),
        ("心理价1.8(单位万,懂)", 18_000, None), ("一块钱一条", 1, None),
        ("县代3万9800", 39_800, None), ("头款1w5800,", 15_800, None), ("二点五八万只换来一张证书", 25_800, None), ("一年挣了十二点五w", 125_000, None),
        ("八点八万到九万", 88_000, 90_000), ("费用2 1 8 0 0含系统", 21_800, None), ("四位数搞定", 1000, 9999), ("红包8块8毛8", Decimal("8.88"), None),
        ("六万一县", 60_000, None), ("五万一口", 50_000, None), ("五万一,不讲价", 51_000, None), ("一个w出头", 10_000, None), ("三个w买的", 30_000, None),
        ("1.3个,含客户", 13_000, None), ("我交的8.8个。", 88_000, None), ("安顺3.5、铜仁3.8(万)", 35_000, None), ("单位:万元。区县级:3.5", 35_000, None),
        ("一条四十三块", 43, None), ("10万三档自己挑", 100_000, None), ("三毛一分钟", Decimal("0.3"), None), ("两毛五一条", Decimal("0.25"), None), ("每天万把块", 10_000, None), ("日结九百九十八块", 998, None), ("60k只换来一张证书", 60_000, None),
    ],
)  # fmt: skip
def test_short_forms_mean_what_they_say(text, low, high):
    one = next(iter(quantities.quantities(text)))
    assert (one.low, one.high) == (low, high)


@pytest.mark.parametrize(
    "text",
    [
        "八块竖屏",
        "装一块屏",
        "0元",
        "连一块就是",
        "换了四块招牌",
        "两毛线团",
        "分一块蛋糕",
    ],
)
def test_a_piece_and_nothing_are_no_sums(text):
    assert [one for one in quantities.quantities(text) if one.form != "bare"] == []


@pytest.mark.parametrize(
    "text", ["电话1 9 9 0 0 0 0 1 2 3 4", "分1 2 3 步", "3万980号"]
)
def test_not_all_digits_with_blanks_and_behind_wan_are_one_sum(text):
    assert all(one.low < 100_000 for one in quantities.quantities(text))
    assert {one.low for one in quantities.quantities(text)} <= {*range(10), 30_000}


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("9块9一个月", "9.9"), ("每天九块九听课", "9.9"), ("29块八一条", "29.8"), ("荔枝八块一斤", "8"), ("槟榔三十块一包", "30"), ("5块3个", "5"), ("3块一条", "3")],
)  # fmt: skip
def test_a_digit_behind_kuai_is_tenths_unless_it_counts(text, yuan):
    assert next(quantities.quantities(text)).low == Decimal(yuan)
