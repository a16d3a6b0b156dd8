"""Whose contact it is: the nearest words win."""

from __future__ import annotations

import pytest

from features.identifiers import ownership


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
    [
        "加我ID",
        "ID",
        "对方不靠谱。联系我ID",
        "别信骗子,认准ID",
        "联系ID欢迎咨询",
        "想入会的同行,号ID",
        "电话微信一个号ID",
        "加我老公ID,别加我",
    ],
)
def test_words_of_the_author_make_it_own(text):
    assert whose(text) == "own"


@pytest.mark.parametrize(
    ("kind", "text", "is_own"),
    [
        ("wechat", "被数字人公司骗了的加我szr_demo_01,一起维权", True),
        ("wechat", "数字人招商经理的号是szr_demo_01,收了钱就消失", False),
        ("phone", "爆料请打本报热线19900001111", True),
        ("company", "我被示例星河科技有限公司骗了,大家联系我", False),
    ],
)
def test_in_an_echo_only_who_asks_to_be_called_owns_a_contact(kind, text, is_own):
    start = next(
        text.index(one) for one in ("szr_demo_01", "19900001111", "示例") if one in text
    )  # fmt: skip
    assert ownership.is_own_in_echo(kind, text, start) == is_own
