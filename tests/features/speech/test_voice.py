"""Who speaks at a place of a text."""

import random

import numpy as np
import pytest

from features import pack
from features.matching import scan
from features.speech import voice

PACK = pack.load_pack()
WORDS = PACK.vocabulary.words


def heard(text, place):
    """Voice of the first place of a word in a folded text."""
    seen = scan.scanner(PACK.vocabulary).scan([text])
    voices = voice.Voices(seen, seen.matches(), PACK)
    (number,) = voices.at(np.array([0]), np.array([text.index(place)]))
    return voice.VOICES[number]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("加盟我们,躺赚不是梦", "躺赚"),
        ("没有经验也能躺赚", "躺赚"),
        ("不用囤货,躺赚就行", "躺赚"),
        ("不仅躺赚,还能分红", "躺赚"),
        ("“躺赚”模式,今晚开启", "躺赚"),
        ("那些吹牛的公司我见多了。来我们这里躺赚", "躺赚"),
        ("警惕套壳公司!我们源头厂家直招", "源头厂家"),
        ("数字人能躺赚吗?当然能", "躺赚"),
        ("我们不割韭菜,源头厂家直招", "源头厂家"),
    ],
)
def test_a_pitch_is_asserted(text, place):
    assert heard(text, place) == "asserted"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("我们不承诺任何保底收益", "保底"),
        ("没有躺赚这种事", "躺赚"),
        ("不吹“一键开播、躺赚百万”", "躺赚"),
        ("绝不搞所谓的躺赚", "躺赚"),
        ("不是躺赚,而是工具", "躺赚"),
    ],
)
def test_a_denial_is_not_asserted(text, place):
    assert heard(text, place) != "asserted"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("该公司称“三个月回本”", "三个月回本"),
        ("打着源头厂家的旗号", "源头厂家"),
        ("业务员口口声声说稳赚不赔", "稳赚"),
        ("谨防躺赚陷阱", "躺赚"),
        ("躺赚都是骗人的", "躺赚"),
        ("你还相信躺赚吗?", "躺赚"),
        ("如果有人跟你说躺赚,请走开", "躺赚"),
        ("“名额仅剩三席”“稳赚不赔”等话术", "名额"),
    ],
)
def test_what_others_say_is_quoted(text, place):
    assert heard(text, place) == "quoted"


def test_after_but_rather_the_author_speaks_again():
    assert heard("不是小打小闹,而是躺赚", "躺赚") == "asserted"


def test_a_lone_quotation_mark_quotes_nothing():
    text = "声称“" + "好" * 300 + "。躺赚"
    assert heard(text, "躺赚") == "asserted"


MARKS = ["不", "没有", "没", "不承诺", "任何", "所谓的", "号称", "谨防", "都是骗人的", "吗?", "吗", "“", "”", "「", "」", "该公司称", "对方说", "。", ",", "!", "当然能",
    "躺赚", "保底", "源头厂家", "不割韭菜", "如果有人跟你说", "数字人"]  # fmt: skip


def all_voices(texts):
    """For each character of each text its voice and whether it is speech."""
    seen = scan.scanner(PACK.vocabulary).scan(texts)
    voices = voice.Voices(seen, seen.matches(), PACK)
    of = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    at = np.concatenate([np.arange(len(text)) for text in texts])
    heard = list(
        zip(voices.at(of, at).tolist(), voices.in_speech(of, at).tolist(), strict=True)
    )
    return [[heard[n] for n in np.flatnonzero(of == i)] for i in range(len(texts))]


@pytest.mark.parametrize("seed", range(2))
def test_neighbours_in_a_slice_change_no_voice(seed):
    rng = random.Random(seed)
    texts = [
        "".join(
            rng.choice(MARKS) if rng.random() < 0.7 else rng.choice(WORDS)
            for _ in range(rng.randrange(1, 12))
        )
        for _ in range(150)
    ]
    together = all_voices(texts)
    assert together == [all_voices([text])[0] for text in texts]
    assert {number for heard in together for number, _ in heard} == {0, 1, 2}


def test_no_texts_have_no_voices():
    seen = scan.scanner(PACK.vocabulary).scan([])
    nothing = np.zeros(0, dtype=np.int64)
    voices = voice.Voices(seen, seen.matches(), PACK)
    assert voices.at(nothing, nothing).tolist() == []
