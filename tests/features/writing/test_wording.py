"""The tables behind undone disguises."""

from __future__ import annotations

from features.writing import wording


def test_every_split_has_a_whole_of_one_character():
    for table in (wording.SPLITS_SURE, wording.SPLITS_IN_WORDS):
        assert all(len(whole) == 1 and len(parts) > 1 for parts, whole in table.items())


def test_sure_and_unsure_splits_are_apart():
    assert not wording.SPLITS_SURE.keys() & wording.SPLITS_IN_WORDS.keys()
    assert wording.SPLITS_IN_WORDS["王里"] == "理"
    assert wording.SPLITS_SURE["亻弋"] == "代"


def test_pinyin_needs_its_neighbour():
    assert wording.PINYIN_AFTER["字", "ren"] == "人"
    assert wording.PINYIN_BEFORE["dai", "理"] == "代"
