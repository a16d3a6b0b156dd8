"""Sums as written: form and extent."""

from __future__ import annotations

import itertools
from decimal import Decimal

import numpy as np
import pytest

from features import normalise
from features.amounts import beginnings, quantities, tallies
from features.engine import trie


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


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("加盟只要5、6万", 50_000, 60_000), ("投了三、五万元", 30_000, 50_000), ("总投资二、三十万", 200_000, 300_000), ("门槛也就七、八千", 7000, 8000), ("花了2、3w", 20_000, 30_000),
        ("拿货十个达不溜", 100_000, None), ("充8个达不溜", 80_000, None), ("减到十几个w", 110_000, 190_000), ("花了几个w", 20_000, 90_000), ("亏了几w", 20_000, 90_000),
        ("三万五千两家店", 35_000, None), ("三万五俩", 35_000, None), ("9千8一台", 9800, None), ("牌子3万5一块", 35_000, None), ("还欠三万一", 31_000, None),
        ("县1.2万市6.98万", 12_000, None), ("收了我6.98万人就没了", 69_800, None), ("培训费用3.5万名义上是服务费", 35_000, None), ("这个价8.8万只放区县", 88_000, None),
        ("首批kuan2.5万", 25_000, None), ("站点转接fei69800元", 69_800, None), ("一单zhuan2800 元", 2800, None), ("渠道oem29.8万", 298_000, None), ("饭q7,999元", 7999, None),
        ("一口价三三三三三", 33_333, None), ("代理费八八八八八", 88_888, None),
    ],
)  # fmt: skip
def test_spoken_forms_mean_what_they_say(text, low, high):
    folded = normalise.normalise(text).folded
    starts = beginnings.starts_of(folded)
    one = next(each for each in quantities.quantities(folded, starts) if each.low > 1)
    assert (one.low, one.high) == (low, high)
    points = trie.points_of(f"{folded}\n")
    first = np.array([0, len(points)])
    read = tallies.read([folded], points, first, beginnings.starts(points, first))
    assert low in read.yuan.tolist()


@pytest.mark.parametrize(
    "text",
    [
        "\n1、2万一个县", "要求:\n3、5万保证金", "选1、2、3万的档", "他报三、二万", "差5、8万", "第1、2万名", "省代、市代3万",
        "上线5、6万人", "十几个人", "几千人", "6万人就位", "五万名会员", "5万只鸡", "10万市民", "gpt4万能", "加微信xinyue88w", "mini4k", "老铁六六六六", "密码是三三三三三",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_spoken_form_is_none(text):
    folded = normalise.normalise(text).folded
    found = quantities.quantities(folded, beginnings.starts_of(folded))
    assert not [one for one in found if one.high or one.low in {33_333, 6666, 880_000}]
