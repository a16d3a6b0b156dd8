"""A trie finds what a search for every word at every place finds."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.engine import trie

LETTERS = "ab代理\U0001f30d"


def test_no_words_and_no_text_give_nothing():
    assert [len(part) for part in trie.Trie([]).find(trie.points_of("代理"))] == [0] * 3
    assert [len(part) for part in trie.Trie(["代"]).find(trie.points_of(""))] == [0] * 3


def test_lone_surrogates_are_points():
    assert trie.points_of("a\ud800").tolist() == [97, 0xD800]


@given(
    st.lists(st.text(LETTERS, min_size=1, max_size=5), unique=True, max_size=12),
    st.text(LETTERS, max_size=40),
)
@settings(deadline=None, max_examples=150)
def test_every_occurrence_is_found(words, text):
    found = trie.Trie(words).find(trie.points_of(text))
    expected = {
        (at, at + len(word), number)
        for number, word in enumerate(words)
        for at in range(len(text))
        if text.startswith(word, at)
    }
    assert set(zip(*(part.tolist() for part in found), strict=True)) == expected


def test_words_come_by_start_longest_first():
    found = trie.Trie(["代", "代理", "理", "代理费"]).find(trie.points_of("总代理费"))
    assert [part.tolist() for part in found] == [[1, 1, 1, 2], [4, 3, 2, 3], [3, 1, 0, 2]]  # fmt: skip


def test_more_words_than_characters_are_all_found():
    words = ["a" * size for size in range(1, 21)]
    found = trie.Trie(words).find(trie.points_of("a" * 100))
    assert len(found[0]) == sum(min(20, 100 - at) for at in range(100))


@pytest.mark.parametrize("scale", [1, 10_000])
def test_weights_of_words_are_summed_by_unit_each_word_once(scale):
    rng = random.Random(8)
    words = ["a", "ab", "abc", "b", "bca", "ca"]
    known = trie.Trie(words)
    weights = np.array([[2**n, -n * scale] for n in range(len(words))])
    for _ in range(200):
        texts = ["".join(rng.choices("abcd", k=rng.randrange(9))) for _ in range(3)]
        points = trie.points_of("\n".join([*texts, ""]))
        units = np.repeat(np.arange(3), [len(text) + 1 for text in texts])
        expected = [
            sum(
                (weights[n] for n, word in enumerate(words) if word in text),
                np.zeros(2),
            )
            for text in texts
        ]
        summed = known.summed(points, units, known.by_node(weights), 4)
        assert summed.tolist() == [*(one.tolist() for one in expected), [0, 0]]
