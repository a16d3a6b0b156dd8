"""Numbers of many texts at once are those that are found one text after the other."""

import random
from decimal import Decimal

import numpy as np
import pytest

from features.amounts import beginnings, quantities, tallies
from features.engine import trie
from tests.features.corpus import grammar

CENT = Decimal("0.01")
SHREDS = ["3", "12", "98", "800", "2800", "19800", "1,280", "12,800.50", "3.98", "0", "1234567890123456", "12345678901234567", "元", "块", "块钱", "圆", "¥", "¥ ", " ",
    "万", "千", "百", "亿", "w", "k", "个", "十", "多", "几", "来", "余", "上", "过", "数", "一", "两", "二", "三千", "五", "位数", "单位万", "-", "--", "~", "到", "至",
    ".", ",", "。", "\n", "rmb", "rmb ", "cny", "gdp", "人民币", "大洋", "$", "美元", "u", "米", "米长", "天", "天价", "年", "年费", "月", "月租", "/", "/年", "每月", "人", "名", "会员", "会员费", "公里",
    "3 5 0 0 0", "1.3", "(万)", "斤", "县级:", "点", "三点五万", "毛", "只", "左右", "以上", "起", "起步", "+", "约", "近", "至少", "第", "编号", "投诉", ":", "县", "标价", "#", "@", "a", "v", "_", "件", "素", "钱", "宇", "大屏", "儿", "中"]  # fmt: skip


def read(texts):
    points = trie.points_of("\n".join([*texts, ""]))
    first = np.cumsum([0, *(len(text) + 1 for text in texts)])
    starts = beginnings.starts(points, first)
    return tallies.read(texts, points, first, starts), first, starts


def slow(texts, first, starts):
    for number, text in enumerate(texts):
        low, high = np.searchsorted(starts, first[number : number + 2])
        found = list(quantities.quantities(text, starts[low:high] - first[number]))
        if found:
            yield number, found


def check(texts):
    found, first, starts = read(texts)
    expected = dict(slow(texts, first, starts))
    bounds = np.searchsorted(found.texts, np.arange(len(texts) + 1)).tolist()
    for number, text in enumerate(texts):
        told = found.quantities(slice(*bounds[number : number + 2]))
        assert told == list(map(to_the_cent, expected.get(number, []))), text
    assert found.yuan.tolist() == [
        pytest.approx(float(one.low)) for each in expected.values() for one in each
    ]
    return expected


def to_the_cent(one):
    low, high = (None if each is None else each.quantize(CENT) for each in one[:2])
    return one._replace(low=low, high=high)


def test_generated_texts_are_read_alike():
    rng = random.Random(9)
    texts = ["".join(rng.choices(SHREDS, k=rng.randrange(12))) for _ in range(6000)]
    assert len(check(texts)) > 2000


def test_numerals_are_read_alike():
    rng = random.Random(10)
    shreds = [*"零一二三五八九十百千万亿几数上过破多来余把个wk点块元岁天五六0 、-:大", "点五万", "位数", "公里", "小时", "3 5 0 0 0", "1 9 9", "统一", "单位万", "9块", "一斤", "毛"]  # fmt: skip
    texts = ["".join(rng.choices(shreds, k=rng.randrange(1, 9))) for _ in range(9000)]
    assert len(check(texts)) > 3000


def test_posts_are_read_alike():
    assert check([post.text.lower() for post in grammar.posts("tuning")[::7]])


def test_what_no_glance_settles_is_read_all_the_same():
    texts = ["¥98,9万8和2到3万,十几万,六位数,3.9元", "", "100元", "县3.9,单位万"]
    found = check(texts)
    assert [str(one.low) for one in found[0]] == [
        "98", "98000", "20000", "110000", "100000", "3.9",
    ]  # fmt: skip
    assert [one.low for one in found[2]] == [100]
    assert found[3][0].low == 39000


def test_a_text_with_many_places_that_no_glance_settles_is_read_to_its_end():
    texts = ["和".join(["9万8", "300元", "十几万"] * count) for count in range(12)]
    assert [len(each) for each in check(texts).values()] == [3 * count for count in range(1, 12)]  # fmt: skip


def test_half_a_cent_goes_to_the_even_one():
    texts = ["0.005元", "0.015元", "1.2345元", "3.125元", "7.995元"]
    check(texts)
    assert read(texts)[0].cents.tolist() == [0, 2, 123, 312, 800]


def test_no_texts_have_no_numbers():
    assert len(read([])[0].texts) == 0
