"""The fast way through a slice of texts and the obvious one text by text say the same."""

import random

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from features import pack
from features.matching import patterns, scan

PACK = pack.load_pack()
WORDS = PACK.vocabulary.words
#: Pieces at which sentences, clauses, lists and numbers begin and end.
SIGNS = [
    *"。,、 !?;:()“”\n丨1三",
    "1)",
    "是12)",
    "。。",
    "数字人民币",
    "数字人生成",
    "微信",
    "ab",
]


def generated(seed, count):
    """Texts of the pack's own words with signs between: dense in matches that nearly are."""
    rng = random.Random(seed)
    return [
        "".join(
            rng.choice(WORDS) if rng.random() < 0.6 else rng.choice(SIGNS)
            for _ in range(rng.randrange(0, 30))
        )
        for _ in range(count)
    ]


def assert_same(vocabulary, texts, tokens=()):
    seen = scan.scanner(vocabulary).scan(texts)
    slow = list(vocabulary.hits(pl.Series(texts, dtype=pl.String)))
    for token, numbers, spans in tokens:
        starts, ends = np.array(spans, dtype=np.int64).reshape(-1, 2).T
        seen.add(token, np.array(numbers, dtype=np.int64), starts, ends)
        for number, span in zip(numbers, spans, strict=True):
            slow[number].add(vocabulary.token(token), [span])
    assert seen.may_match.tolist() == vocabulary.may_match(pl.Series(texts)).to_list()
    matches = seen.matches()
    for index, hits in enumerate(slow):
        fast = seen.hits(index)
        assert dict(fast.spans) == dict(hits.spans)
        assert [fast.of(one) for one in PACK.voice.values()] == [
            hits.of(one) for one in PACK.voice.values()
        ]
        assert matches.of(index) == vocabulary.matches(hits), texts[index]


def test_hits_and_matches_are_those_of_the_obvious_way():
    assert_same(PACK.vocabulary, generated(1, 90))


def test_tokens_found_by_other_means_count():
    texts = generated(2, 60)
    rng = random.Random(3)
    tokens = []
    for token in patterns.TOKENS[1:]:
        numbers = [n for n, text in enumerate(texts) if len(text) > 4]
        spans = [
            (at, at + rng.randrange(1, 4))
            for at in (rng.randrange(len(texts[n]) - 3) for n in numbers)
        ]
        tokens.append((token, numbers + numbers[:5], spans + spans[:5]))
    assert_same(PACK.vocabulary, texts, tokens)


def test_nothing_is_found_across_two_texts():
    seen = scan.scanner(PACK.vocabulary).scan(["数字", "人", "", "数字人"])
    assert [
        any(match.target == "topic:strong" for match in seen.matches().of(index))
        for index in range(4)
    ] == [False, False, False, True]


def test_no_texts_give_no_matches():
    assert len(scan.scanner(PACK.vocabulary).scan([]).matches().texts) == 0


@given(
    st.lists(
        st.text("代理数字人a1 ,。)（）三\n丨不是", max_size=24), min_size=1, max_size=6
    )
)
@settings(deadline=None, max_examples=60)
def test_any_signs_are_read_alike(texts):
    vocabulary = patterns.Vocabulary(
        {"who": ["代", "代理", "人"]}, ignore=["数字人"], keep=["数字人人"]
    )
    for source in ("@who .. 数|#number", "不 是 @who !三", "代理", "a ... @who . 1"):
        vocabulary.add("t", source)
    seen = scan.Scanner(vocabulary).scan(texts)
    found = seen.matches()
    for index, hits in enumerate(vocabulary.hits(pl.Series(texts))):
        assert found.of(index) == vocabulary.matches(hits)
