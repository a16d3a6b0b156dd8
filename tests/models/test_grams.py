"""Hashed character n-grams."""

import numpy as np

from models import grams


def grams_of(text, longest=grams.LONGEST):
    return [
        text[start : start + size]
        for size in range(1, longest + 1)
        for start in range(len(text) - size + 1)
    ]


def test_a_text_holds_as_many_grams_as_it_has():
    texts = ["数字人招代理", "aa", "", "好"]

    present = grams.counts(texts)

    expected = [len(grams_of(text)) for text in texts]
    assert present.sum(axis=1).tolist() == expected


def test_equal_texts_have_equal_rows_wherever_they_stand():
    together = grams.counts(["一二三四", "五六", "一二三四"])
    alone = grams.counts(["一二三四"])

    assert (together[[0]] != alone[[0]]).nnz == 0
    assert (together[[0]] != together[[2]]).nnz == 0


def test_grams_do_not_reach_over_the_end_of_a_text():
    joined, apart = grams.counts(["甲乙"]), grams.counts(["甲", "乙"])

    assert joined.sum() == 3
    assert apart.sum() == 2


def test_contacts_and_figures_are_blanked():
    assert grams.blanked("加v demo_0001 只要39800元") == grams.blanked(
        "加v demo_9999 只要5.8元"
    )


def test_parts_of_a_large_night_add_up(monkeypatch):
    texts = [f"第{'甲乙丙丁'[at % 4]}条" for at in range(11)]
    whole = grams.counts(texts)
    monkeypatch.setattr(grams, "_PART", 3)

    assert (grams.counts(texts) != whole).nnz == 0


def test_no_text_gives_no_row():
    assert grams.counts([]).shape == (0, grams.BUCKETS)
    assert grams.counts([""]).dtype == np.float32
