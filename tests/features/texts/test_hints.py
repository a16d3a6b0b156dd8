"""With hints the same is found as without."""

import random
from decimal import Decimal

import numpy as np
import pytest

from features import contacts, money, normalise, pack
from features.amounts import sums
from features.purposes import frames
from features.texts import documents, hints
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


def found_amounts(read, found):
    """Columns as the amounts that are found without hints, by document."""
    listed = [[] for _ in read]
    for text, field, _, _, first, last, cents, most, vague, role, period in zip(*found, strict=True):  # fmt: skip
        listed[text].append(
            (
                Decimal(int(cents)) / 100,
                None if most == sums.OPEN_END else Decimal(int(most)) / 100,
                vague,
                sums.ROLES[role],
                sums.PERIODS[period],
                read[text].written(field)[first:last],
                first,
                last,
            )
        )
    return listed


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
        read, found.contacts, found_amounts(read, found.sums), strict=True
    ):
        slow_contacts, slow_amounts = [], []
        for field in one.fields:
            slow_contacts += contacts.find_contacts(field.plain)
            slow_amounts += money.find_amounts(field.plain, PACK.money, PACK.bare)
        assert [placed.item for placed in fast_contacts] == slow_contacts
        # Only with the contacts at hand it is known which sums are parts of them.
        taken = [
            (placed.field.name, placed.item.start, placed.item.end)
            for placed in fast_contacts
            if placed.item.kind in documents.NUMBERED
        ]
        fields = [
            field.name
            for field in one.fields
            for _ in money.find_amounts(field.plain, PACK.money, PACK.bare)
        ]
        free = [
            amount
            for name, amount in zip(fields, slow_amounts, strict=True)
            if not any(
                name == of and start <= amount[-2] and amount[-1] <= end
                for of, start, end in taken
            )
        ]
        assert fast_amounts == free


def frames_around(texts):
    """Numbers of texts, and what is told of each where all frames count, as long as a word is not nearer."""
    hinted = hints.Hints(texts)
    numbers = hinted.sums()
    rng = np.random.default_rng(4)
    limits = rng.choice([np.inf, 5.0, -2.0, -6.0], size=len(numbers.texts))
    tries = hinted.around(numbers, limits)
    return numbers, limits, tries, dict(tries.frames(texts, numbers.texts.tolist()))


def test_the_same_frames_and_periods_stand_around_numbers():
    rng = random.Random(8)
    texts = [
        normalise.normalise(post.text).folded for post in grammar.posts("tuning")[::7]
    ]
    shreds = ["交了", "每月", "到手", "3万", "拿下", "9800元", "押金", "一个县", "退我", "原价", ",", "就", "年入", "被骗", "收", "、", "不退", "包邮", "\n"]  # fmt: skip
    texts += ["".join(rng.choices(shreds, k=rng.randrange(9))) for _ in range(4000)]
    numbers, limits, tries, told = frames_around(texts)
    columns = (each.tolist() for each in (numbers.texts, numbers.starts, numbers.ends, limits, tries.periods))  # fmt: skip
    for row, (text, start, end, limit, place) in enumerate(zip(*columns, strict=True)):
        slow = frames.frame(texts[text], start, end)
        assert told.get(row, frames.NONE) == (slow if slow.cost < limit else frames.NONE)  # fmt: skip
        low = max(0, start - frames.PERIOD_REACH)
        before = money.PERIOD_BEFORE.search(texts[text], low, start)
        assert not before or place >= 0
        assert not before or before.start() >= place
    assert len(told) > 1000


def test_everyday_texts_are_hardly_looked_at():
    texts = ["今天天气真好,打卡第30天,一起去公园散步吧"]
    hinted = hints.Hints([normalise.normalise(one).folded for one in texts])
    assert [steps & ~contacts.DROPPED for _, steps, _ in hinted.contacts()] in ([], [0])
    assert len(hinted.sums().texts) == 0


def test_no_texts_give_no_hints():
    assert list(hints.Hints([]).contacts()) == []
