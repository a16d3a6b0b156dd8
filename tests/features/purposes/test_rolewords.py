"""Role words, and which of them is nearest to a sum."""

import random

import numpy as np
import pytest

from features import pack
from features.amounts import quantities
from features.purposes import frames, rolewords

EMPTY = rolewords.Lexicon((), (), (), (), ())
LEXICON = pack.load_pack().money
SHREDS = ["代理费", "月入", "损失", "被骗", "打了水漂", "会员", "会员费", "工资", "3万元", "9800元", "58元", "5万", ",", "。", " ", "\n", "、", "一二", "这个", "x"]  # fmt: skip


def found(text, lexicon=EMPTY):
    return rolewords.found_in(text, lexicon).of(0)


def near(text, lexicon=EMPTY):
    sums = list(quantities.quantities(text))
    columns = [np.array([one[at] for one in sums], dtype=np.int64) for at in (3, 4)]
    texts = np.zeros(len(sums), dtype=np.int64)
    senses, distances = rolewords.found_in(text, lexicon).nearest(texts, *columns)
    return [
        (frames.SENSES[one], far) for one, far in zip(senses, distances, strict=True)
    ]


def test_lexicon_wins_over_common_words():
    lexicon = rolewords.Lexicon(fee=(), price=("代理费",), income=(), loss=(), other=())
    assert found("代理费", lexicon) == [(0, 3, "price")]


def test_the_longest_word_counts_and_none_overlaps_it():
    assert found("交会员费了") == [(1, 4, "price")]


@pytest.mark.parametrize(
    ("text", "sense", "distance"),
    [
        ("代理费3万元", "agency_fee", -3.0), ("3万元代理费", "agency_fee", -3.0), ("3万元的代理费", "agency_fee", 2.0),
        ("月入,3万元", "promised_income", 4.0), ("月入。3万元", "", 5.0), ("被骗3万元", "taken", -2.0),
        ("损失3万元", "loss", -2.0), ("9800元", "", 5.0),
    ],
)  # fmt: skip
def test_distance_grows_with_what_stands_between(text, sense, distance):
    assert near(text)[0] == (sense, distance)


def test_another_sum_in_between_costs_distance():
    one, other = near("代理费3万元或5万元")
    assert one == ("agency_fee", -3.0)
    assert other[0] == ""


def cost(text, start, end):
    between = text[max(start, 0) : max(end, start)]
    if end - start > 48:
        return 48
    signs = {**dict.fromkeys("。!?\n;", 14), **dict.fromkeys(",，、", 5), " ": 3}
    return len(between) + sum(signs.get(sign, 0) for sign in between)


def slow(text, lexicon):
    """The same, said plainly."""
    sums = list(quantities.quantities(text))
    words = found(text, lexicon)
    for index, one in enumerate(sums):
        best = ("", 5.0)
        before = [word for word in words if word.start < one.start][-4:]
        behind = [word for word in words if word.start >= one.start][:4]
        for word in reversed(before):
            far = cost(text, word.end, one.start) - (word.end - word.start)
            if index and word.start < sums[index - 1].end:
                far += 9
            if far < best[1]:
                best = word, float(far)
        for word in behind:
            gap = cost(text, one.end, word.start)
            far = (gap * 1.5 + 3.5 if gap else 0) - (word.end - word.start)
            if index + 1 < len(sums) and word.start >= sums[index + 1].start:
                far += 9
            if far < best[1]:
                best = word, float(far)
        word, far = best
        if not word:
            yield best
        else:
            is_taken = text[word.start : word.end] in {"被骗", "打了水漂"}
            yield ("taken" if is_taken else word.role), far


def test_many_texts_at_once_give_what_each_gives_alone():
    rng = random.Random(5)
    for _ in range(400):
        text = "".join(rng.choices(SHREDS, k=rng.randrange(1, 12)))
        assert near(text, LEXICON) == list(slow(text, LEXICON)), text
