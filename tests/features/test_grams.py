"""Runs of characters: against a slow count with the standard library, and what keeps a kept vocabulary true."""

from collections import Counter

import numpy as np
import pytest

from features import grams

TEXTS = [
    "代理 加V abc123",
    "",
    "代理加盟,加V abc999",
    "a",
    "\x00 \ud800 😀",
    "明天 见 明天",
    "明天 见",
]


def obvious(text, view):
    """The runs of a text as strings, counted."""
    if view.is_words:
        units = [word for word in text.split() if word]
    else:
        units = ["\x02", *text, "\x03"]
    return Counter(
        tuple(units[at : at + size])
        for size in range(view.lowest, view.highest + 1)
        for at in range(len(units) - size + 1)
    )


@pytest.mark.parametrize("view", grams.VIEWS, ids=lambda view: view.name)
def test_runs_are_those_of_a_slow_count(view):
    texts = grams.views(TEXTS)[view.name]
    found = grams.grams(texts, view)
    expected = [obvious(text, view) for text in texts]
    counted = [Counter() for _ in texts]
    for row, key in zip(found.row.tolist(), found.key.tolist(), strict=True):
        counted[row][key] += 1
    assert [sorted(one.values()) for one in counted] == [
        sorted(one.values()) for one in expected
    ]
    # Equal runs have equal keys in every text, and different runs different ones.
    assert len({key for one in counted for key in one}) == len(
        {run for one in expected for run in one}
    )
    shared = Counter(run for one in expected for run in one)
    key = grams.known_keys(found, limit=1000)
    assert key.size == sum(texts >= 2 for texts in shared.values())
    matrix = grams.counts(found, key).toarray()
    assert sorted(matrix.sum(axis=0).tolist()) == sorted(
        sum(one[run] for one in expected) for run, texts in shared.items() if texts >= 2
    )


def test_keys_are_those_of_every_other_machine():
    # A vocabulary is kept with the model: another arithmetic would make it silently useless.
    found = grams.grams(["代理"], grams.VIEWS[0])
    assert [hex(key) for key in found.key[:3].tolist()] == KEYS


KEYS = ["0x8006ae98ad423cb6", "0x6cdb8186859a6dae", "0x38b20249a0a826a2"]


def test_the_order_of_characters_in_a_word_counts():
    words = grams.VIEWS[-1]
    found = grams.grams(["abc acb bca", "abc"], words)
    assert found.key[0] == found.key[3]
    assert np.unique(found.key[:3]).size == 3


def test_shapes_hide_what_a_seller_swaps():
    seen = grams.views(["加VX：ab12，代理3万", "加QQ：cd98，加盟5万", None])
    assert seen["shape"][0] == seen["shape"][1] == "一aa#aa00#一一0一"
    assert seen["masked"][1] == "加qq:cd00,加盟0万"
    assert seen["raw"][2] == ""


def test_rows_have_length_one_or_none():
    found = grams.grams(TEXTS, grams.VIEWS[0])
    key = grams.known_keys(found, limit=1000)
    counts = grams.counts(found, key)
    rows = grams.weighed(counts, grams.idf(counts))
    length = np.sqrt(rows.multiply(rows).sum(axis=1))
    is_empty = np.diff(rows.indptr) == 0
    assert np.allclose(length[~is_empty], 1)
    assert not length[is_empty].any()


def test_the_commonest_runs_are_kept_whatever_the_order_of_texts():
    found = grams.grams(TEXTS, grams.VIEWS[0])
    turned = grams.grams(TEXTS[::-1], grams.VIEWS[0])
    kept = grams.known_keys(found, limit=5)
    assert kept.size == 5
    assert kept.tolist() == grams.known_keys(turned, limit=5).tolist()


def test_no_texts_have_no_runs():
    for view in grams.VIEWS:
        found = grams.grams([], view)
        assert grams.known_keys(found, limit=10).size == 0
        assert grams.counts(found, grams.known_keys(found, limit=10)).shape == (0, 0)
