"""A trie finds what a search for every word at every place finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from features import trie

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


def test_deep_words_use_the_sorted_list(monkeypatch):
    monkeypatch.setattr(trie, "_DENSE", 4)
    starts, ends, numbers = trie.Trie(["代理", "代理费", "理"]).find(
        trie.points_of("总代理费")
    )
    order = np.lexsort((ends, starts))
    assert numbers[order].tolist() == [0, 1, 2]
