"""What a post tells to leave out of an id."""

import pytest

from features.identifiers import instructions


@pytest.mark.parametrize(
    ("text", "signs"),
    [("字不要", {"汉字"}), ("中文字抠掉", {"汉字"}), ("所有汉字都删", {"汉字"}), ("把句号去掉", {".", "。"}), ("是不是要去掉点", set()), ("字不要写太大", {"汉字"}), ("名字不要写错", set())],
)  # fmt: skip
def test_signs_to_leave_out(text, signs):
    assert instructions.dropped_signs(text) == signs
