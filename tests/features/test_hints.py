"""With hints the same is found as without."""

import random

import pytest

from features import contacts, documents, hints, money, normalise, pack
from tests.features.corpus import grammar

PACK = pack.load_pack()
SHREDS = ["微信", "加v", "电话", "qq", ":", "199", "0000", "1234", "szr_demo", "@", ".", "com", "有限公司", "去掉点", "\n", "一二三", "①", "备",
    "京icp备12345678号", "t.me/", "3万", "代理费", "12", "100", "9980", "十几万", "一个", "元", "天", "-", "到", "，", " ", "¥", "六位数", "月入",
    "省代", "拿下", "这个号", "拨打", "120", "12315", "信用代码", "91350100M000100Y43", "千", "过"]  # fmt: skip


def generated(seed, count):
    rng = random.Random(seed)
    return [
        "".join(rng.choice(SHREDS) for _ in range(rng.randrange(0, 16)))
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    "texts",
    [generated(1, 700), [post.text for post in grammar.posts("tuning")[::9]]],
    ids=["generated", "corpus"],
)
def test_the_same_contacts_and_amounts_are_found(texts):
    rows = [(str(n), text[:20] or None, text) for n, text in enumerate(texts)]
    read = documents.documents(rows)
    found = documents.Finds(read, PACK.money, PACK.bare)
    for one, fast_contacts, fast_amounts in zip(
        read, found.contacts, found.amounts, strict=True
    ):
        slow_contacts, slow_amounts = [], []
        for field in one.fields:
            slow_contacts += contacts.find_contacts(field.plain)
            slow_amounts += money.find_amounts(field.plain, PACK.money, PACK.bare)
        assert [placed.item for placed in fast_contacts] == slow_contacts
        assert [placed.item for placed in fast_amounts] == slow_amounts


def test_everyday_texts_are_hardly_looked_at():
    texts = ["今天天气真好,打卡第30天,一起去公园散步吧"]
    hinted = hints.Hints([normalise.normalise(one).folded for one in texts], PACK.money)
    assert hinted.steps[0] & ~contacts.DROPPED == 0
    assert hinted.sums() == {}


def test_no_texts_give_no_hints():
    assert hints.Hints([], PACK.money).steps == []
