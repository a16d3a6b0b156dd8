"""Whose contact it is: the nearest words win."""

from __future__ import annotations

import pytest

from features import ownership


def whose(text: str) -> str:
    at = text.index("ID")
    return ownership.ownership(text, at, at, at + 2)


@pytest.mark.parametrize(
    "text", ["对方微信ID", "骗子的号ID", "加了他的ID", "假冒我司ID", "IDE与本公司无关", "ID拉黑我了", "业务员留的号ID", "快递客服ID"]
)  # fmt: skip
def test_words_of_a_victim_make_it_mentioned(text):
    assert whose(text) == "mentioned"


@pytest.mark.parametrize(
    "text",
    ["加我ID", "ID", "对方不靠谱。联系我ID", "别信骗子,认准ID", "联系ID欢迎咨询"],
)
def test_words_of_the_author_make_it_own(text):
    assert whose(text) == "own"
