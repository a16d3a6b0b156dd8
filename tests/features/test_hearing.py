"""Voices of many places at once are the voices of each text by itself."""

import random

import numpy as np
import polars as pl
import pytest

from features import hearing, pack, scan, signals, voice

PACK = pack.load_pack()
WORDS = PACK.vocabulary.words
MARKS = ["不", "没有", "没", "不承诺", "任何", "所谓的", "号称", "谨防", "都是骗人的", "吗?", "吗", "“", "”", "「", "」", "该公司称", "对方说", "。", ",", "!", "当然能",
    "躺赚", "保底", "源头厂家", "不割韭菜", "如果有人跟你说", "数字人"]  # fmt: skip


def generated(seed, count):
    """Texts of marks of voice and words of the pack, many with nothing of somebody else's in them."""
    rng = random.Random(seed)
    return [
        "".join(
            rng.choice(MARKS[:6] if rng.random() < 0.5 else MARKS)
            if rng.random() < 0.6
            else rng.choice(WORDS)
            for _ in range(rng.randrange(0, 14))
        )
        for _ in range(count)
    ]


def voices_of(text):
    """The obvious way."""
    (hits,) = PACK.vocabulary.hits(pl.Series([text]))
    matches = PACK.vocabulary.matches(hits)
    return voice.Voices(hits, PACK, signals.places(matches), voice.reports(matches))


@pytest.mark.parametrize("seed", range(3))
def test_all_places_are_heard_as_each_text_alone_is(seed):
    texts = generated(seed, 120)
    seen = scan.scanner(PACK.vocabulary).scan(texts)
    heard = hearing.Hearing(seen, seen.matches(), PACK)
    of = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    at = np.concatenate([np.arange(len(text)) for text in texts])
    voices = heard.at(of, at).tolist()
    speech = heard.in_speech(of, at).tolist()
    slow = [voices_of(text) for text in texts]
    for text, start, one, is_said in zip(of, at, voices, speech, strict=True):
        assert hearing.VOICES[one] == slow[text].at(int(start)), texts[text]
        assert is_said == slow[text].in_speech(int(start))
    assert len(set(voices)) == 3


def test_no_texts_have_no_voices():
    seen = scan.scanner(PACK.vocabulary).scan([])
    nothing = np.zeros(0, dtype=np.int64)
    heard = hearing.Hearing(seen, seen.matches(), PACK)
    assert heard.at(nothing, nothing).tolist() == []
