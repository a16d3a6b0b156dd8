"""Letters that spell Chinese."""

import pytest

from features.writing import pinyin


@pytest.mark.parametrize("letters", ["zhanzhang", "linyi", "lv", "xian", "a"])
def test_syllables_from_end_to_end_are_pinyin(letters):
    assert pinyin.is_pinyin(letters)


@pytest.mark.parametrize("letters", ["", "szr", "github", "zhanzhangx", "fei3"])
def test_anything_else_is_not(letters):
    assert not pinyin.is_pinyin(letters)
