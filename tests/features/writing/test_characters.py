"""What single characters stand for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.writing import characters


@pytest.mark.parametrize(
    ("character", "expected"),
    [("Ａ", "A"), ("⑩", "10"), ("㎏", "kg"), ("🆚", "VS"), ("萬", "万"), ("\u200b", ""), ("\ud800", ""), ("…", "…"), ("—", "-"), ("Ⅷ", "VIII"), ("🈶", "有")],
)  # fmt: skip
def test_character_stands_for(character, expected):
    assert characters.fold_character(character) == expected


@given(st.characters(codec=None))
@settings(deadline=None, max_examples=500)
def test_folding_twice_changes_nothing(character):
    once = characters.fold_character(character)
    assert "".join(map(characters.fold_character, once)) == once


@given(st.text(st.characters(codec=None)))
@settings(deadline=None, max_examples=100)
def test_table_keeps_the_length(text):
    assert len(text.translate(characters.FOLD)) == len(text)
