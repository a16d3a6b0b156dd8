"""Bare numbers: which are money."""

import itertools
import random

import numpy as np
import pytest

from features import money, normalise, pack
from features.amounts import bare, beginnings, quantities, tallies
from features.matching import strips
from tests.features.corpus import grammar

PACK = pack.load_pack()


def sums(text):
    return [
        float(one.yuan)
        for one in money.find_amounts(normalise.normalise(text), PACK.money, PACK.bare)
    ]


def told(text):
    found = list(quantities.quantities(text, beginnings.starts_of(text)))
    return {found[index].low: number for index, number in bare.numbers(text, found)}


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("账号880一个号", 880), ("剪辑188/条", 188), ("六百一天日结", 600), ("主机9800一台商家买", 9800), ("三千五一台,买两台送", 3500),
     ("做县代先交39800再说", 39800), ("全套8888拿走", 8888), ("一套系统2980一年", 2980), ("押金两千,月底退", 2000), ("单条报价99,十条起做", 99), ("在家做日赚300-10000不是梦", 300), ("底薪7000-11000包吃住", 7000)],
)  # fmt: skip
def test_what_is_paid_without_a_unit_is_money(text, yuan):
    assert yuan in sums(text)


@pytest.mark.parametrize(
    "text", ["现在有二十一个店", "做了十一个月", "7/24小时", "客服 400 000 6120", "销售400-990-0012", "2026年版的玩法", "扣1领取资料", "型号RTX4090的显卡", "电话19900001234找小王"]
)  # fmt: skip
def test_counts_dates_and_telephone_numbers_are_not(text):
    assert sums(text) == []


def test_no_bare_number_is_money_without_a_table():
    text = normalise.normalise("代理费39800,押金2万")
    assert [int(one.yuan) for one in money.find_amounts(text, PACK.money, bare.Table())] == [20000]  # fmt: skip
    assert bare.are_money([], PACK.bare) == []


def test_the_table_weighs_the_number_its_neighbours_and_what_stands_beside():
    number = told("交了39800,其中2万是尾款")[39800]
    assert number.setting == bare.Setting(
        shape="plain 5", ending="00", is_approximate=False, is_year=False, before="nothing", behind="close bare, unit",
        unit_count=1, currency_count=0,
    )  # fmt: skip
    table = bare.parse("base\t-100\nshape plain 5\t60\n<交了\t50\n>,\t-20\n")
    assert bare.are_money([number], table) == [False]
    table = bare.parse("base\t-100\nshape plain 5\t60\n<交了\t50\n>,\t-5\n")
    assert bare.are_money([number], table) == [True]


def test_what_is_too_small_or_dialled_or_the_rest_of_a_number_is_not_asked_for():
    assert set(
        told("第3个,1990000号,播放量100万,电话0571-9999 0217,400-999-0118,交1980")
    ) == {1980}
    assert not told("2021到2026,五年了")
    assert not told("电话199♡0000♡1492")
    assert not told("打192\n000\n05940找我")
    assert not told("找我19900🍀008112")
    assert not told("手机号:19900,接着是006282")
    assert set(told("两档15800 198000")) == {15800, 198000}
    assert set(told("手机上交了19800")) == {19800}
    assert set(told("199/2980/3980三档")) == {199, 2980, 3980}


def test_numbers_of_many_texts_are_told_as_those_of_each():
    rng = random.Random(11)
    texts = [
        normalise.normalise(post.text).folded for post in grammar.posts("tuning")[::5]
    ]
    shreds = ["19800", "98", "1,280", "8888", "2021", "2026", "3000-5000", "三千五", "百万", "六位数", "12.5", "1999999", "0571", "199", "0000", "3万", "600元", "电话", "q", "交", "(", ",", " ", "-", "\n", "一台", "到", "♡"]  # fmt: skip
    texts += ["".join(rng.choices(shreds, k=rng.randrange(1, 9))) for _ in range(4000)]
    strip = strips.strip(texts)
    first = strips.first(texts)
    found = money.payable(tallies.read(texts, strip.points, first, beginnings.starts(strip.points, first)))  # fmt: skip
    told = bare.are_money_in(texts, found, strip.points, first, PACK.bare).tolist()
    bounds = np.searchsorted(found.texts, np.arange(len(texts) + 1)).tolist()
    slow = []
    for text, (low, high) in enumerate(itertools.pairwise(bounds)):
        asked = list(bare.numbers(texts[text], found.quantities(slice(low, high))))
        answers = bare.are_money([number for _, number in asked], PACK.bare)
        slow += [low + index for (index, _), is_money in zip(asked, answers, strict=True) if is_money]  # fmt: skip
    assert told == slow
    assert len(told) > 500
    assert not len(bare.are_money_in(texts, found, strip.points, first, bare.Table()))


def test_a_wrong_line_of_the_table_is_named():
    with pytest.raises(ValueError, match=r"^2: expected a key, a tab"):
        bare.parse("base\t1\nshape plain 5\t1 2")
