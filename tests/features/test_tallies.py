"""Numbers of many texts at once are those that are found one text after the other."""

import random

import numpy as np

from features import beginnings, quantities, tallies, trie
from tests.features.corpus import grammar

SHREDS = ["3", "12", "98", "800", "2800", "19800", "1,280", "12,800.50", "3.98", "0", "1234567890123456", "12345678901234567", "元", "块", "块钱", "圆", "¥", "¥ ", " ",
    "万", "千", "百", "亿", "w", "k", "个", "十", "多", "几", "来", "余", "上", "过", "数", "一", "两", "二", "三千", "五", "位数", "单位万", "-", "--", "~", "到", "至",
    ".", ",", "。", "\n", "rmb", "rmb ", "cny", "gdp", "人民币", "大洋", "$", "美元", "u", "米", "米长", "天", "天价", "年", "年费", "月", "月租", "/", "/年", "每月", "人", "名", "会员", "会员费", "公里",
    "左右", "以上", "起", "起步", "+", "约", "近", "至少", "第", "编号", "投诉", ":", "县", "标价", "#", "@", "a", "v", "_", "件", "素", "钱", "宇", "大屏", "儿", "中"]  # fmt: skip


def read(texts, *, may_pay=lambda _: True):
    points = trie.points_of("\n".join([*texts, ""]))
    first = np.cumsum([0, *(len(text) + 1 for text in texts)])
    starts = beginnings.starts(points, first)
    return tallies.read(texts, points, first, starts, may_pay=may_pay), first, starts


def slow(texts, first, starts):
    for number, text in enumerate(texts):
        low, high = np.searchsorted(starts, first[number : number + 2])
        found = list(quantities.quantities(text, starts[low:high] - first[number]))
        if found:
            yield number, found


def check(texts):
    found, first, starts = read(texts)
    expected = dict(slow(texts, first, starts))
    assert found.keys() == expected.keys()
    for number, text in enumerate(texts):
        assert found.get(number) == expected.get(number), text
    return expected


def test_generated_texts_are_read_alike():
    rng = random.Random(9)
    texts = ["".join(rng.choices(SHREDS, k=rng.randrange(12))) for _ in range(6000)]
    assert len(check(texts)) > 2000


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


def test_texts_without_money_are_left_out():
    found, _, _ = read(["100元", "打卡第100天", "200"], may_pay=lambda sums: len(sums) > 9)  # fmt: skip
    assert found == {}
    assert read([])[0] == {}
