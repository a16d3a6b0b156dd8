"""Nothing that is read without a lead-in, or behind one, begins elsewhere than where its shape was seen."""

import random

import numpy as np
import pytest

from features import normalise
from features.engine import trie
from features.identifiers import finds, leadins, led, shapes
from features.writing import digits

DIGITS = ["1", "3", "9", "0", "4", "00", "8", "86", "一", "零", "l", "幺", "二"]
SIGNS = [" ", "-", "—", ",", "点", "元", "a", "¥", "\n", "。"]


def points(text):
    return trie.points_of(text + "\n")


def generated(seed, count, pieces, size):
    rng = random.Random(seed)
    return ["".join(rng.choices(pieces, k=size)) for _ in range(count)]


def test_every_bare_number_begins_at_a_place():
    numbers = ["19900001234", "400-000-1234", "0571 88880000", "86 199 0000 1234"]
    found = 0
    for text in generated(1, 4000, DIGITS * 3 + SIGNS + numbers, 14):
        places = shapes.numbers(points(text)).tolist()
        for number in digits.bare_numbers(text):
            found += 1
            assert number.start in places, text
    assert found > 300


@pytest.mark.parametrize(
    "text",
    ["2026-03-01 12:30", "打卡30天,400元包邮,1980块", "12900000000", "0012345678901", "8512345678901"],
)  # fmt: skip
def test_dates_and_sums_are_no_numbers(text):
    assert shapes.numbers(points(text)).tolist() == []


def test_ids_and_codes_are_seen_by_their_parts():
    text = "demo_12,word,12345678 91350100m000100y43"
    names, codes = shapes.names_and_codes(points(text))
    assert names.tolist() == [0, text.index("913")]
    assert codes.tolist() == [text.index("913")]


def test_texts_that_end_in_digits():
    texts = "加我19900012", "在第1990000123"
    whole = points("\n".join(texts))
    first = np.array([0, len(texts[0]) + 1, len(whole)])
    assert shapes.end_in_digits(whole, first).tolist() == [False, True]


PIECES = ["微信", "薇", "电话", "qq", "同上", "加我", "客服", ":", "号", "是", ",", "。", " ", "(", "\n", "的", "工作室", "demo", "_", "12", "9", "一二",
    "199", "00", "@", "也一样", "v"]  # fmt: skip


def test_a_text_with_a_contact_behind_a_lead_in_has_such_a_place():
    found = 0
    for text in generated(2, 6000, PIECES, 9):
        places = [match.start() for match in leadins.LEAD.whole.finditer(text)]
        flags = shapes.beside_values(points(text), np.array(places, dtype=np.int64))
        told = [
            lead
            for lead in led.promising(text, None)
            if led_contacts(text, lead) and "account" not in lead.kinds
        ]
        found += bool(told)
        assert not told or flags.any(), (text, told)
    assert found > 100


def led_contacts(text, lead):
    """What is read behind one lead-in, or right before it."""
    plain = normalise.normalise(text)
    if plain.folded != text:
        return []
    made = finds.Finds(plain, text)
    led.add_led(made, [lead], frozenset())
    return list(made.contacts)


def test_everyday_words_announce_nothing():
    text = "快递丢了,客服介入被驳回,订单680元只退零头。手机直出"
    places = np.array([text.index("客服"), text.index("手机")])
    assert shapes.beside_values(points(text), places).tolist() == [False, False]
