"""Runs of characters: against a slow count with the standard library, and what keeps a kept vocabulary true."""

from collections import Counter

import numpy as np
import pytest

from features.texts import grams

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
    found = grams.grams(["代理"], grams.View("pairs", 2, 2))
    assert [hex(key) for key in found.key.tolist()] == KEYS


KEYS = ["0x2bde4ce253dd3015", "0xb7efe1c024c898cd", "0x9aa4e7d9e6a9ea76"]


def test_the_order_of_characters_in_a_word_counts():
    words = grams.View("words", 1, 1, is_words=True)
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


@pytest.mark.parametrize("text", ["数字人招代理", "aa", "", "好"])
def test_buckets_hold_every_run_of_the_blanked_text(text):
    runs = obvious(grams.blanked(text), grams.BLANKED)

    held = grams.buckets([text])

    assert held.shape == (1, grams.BUCKETS)
    assert held.dtype == np.float32
    assert held.sum() == sum(runs.values())


def test_contacts_and_figures_fall_into_the_same_buckets():
    one, two = (
        grams.buckets(["加v demo_0001 只要39800元", "加v demo_9999 只要5.8元"]),
        grams.buckets(["加v demo_9999 只要5.8元", "加v 王经理 只要5.8元"]),
    )

    assert (one[[0]] != two[[0]]).nnz == 0
    assert (one[[0]] != two[[1]]).nnz > 0


def test_parts_of_a_large_night_add_up(monkeypatch):
    texts = [f"第{'甲乙丙丁'[at % 4]}条" for at in range(11)]
    whole = grams.buckets(texts)
    monkeypatch.setattr(grams, "_PART", 3)

    assert (grams.buckets(texts) != whole).nnz == 0
    assert grams.buckets([]).shape == (0, grams.BUCKETS)
