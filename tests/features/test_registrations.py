"""Registered identities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import registrations

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def code(head: str) -> str:
    """Append the check character of GB 32100-2015, by trying all."""
    return next(head + one for one in ALPHABET if registrations.is_code(head + one))


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.value) for one in registrations.registrations(text)]


@given(st.text(ALPHABET, min_size=9, max_size=9))
def test_exactly_one_check_character_fits(tail):
    head = "91000000" + tail
    assert sum(registrations.is_code(head + one) for one in ALPHABET) == 1


def test_code_is_found_as_a_word():
    whole = code("91990000MA0DEMO12".replace("O", "0"))
    assert found(f"信用代码：{whole.lower()}。") == [("uscc", whole)]
    assert found(f"x{whole}") == []
    assert found(f"{whole}9") == []


def test_constant_and_foreign_codes_are_refused():
    assert not registrations.is_code("0" * 18)
    assert not registrations.is_code("91990000MA0DEM")
    assert not registrations.is_code("I1990000MA0DEMP12X")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("示例星河科技有限公司", "示例星河科技有限公司"),
        ("我们是示例星河科技有限公司的", "示例星河科技有限公司"),
        ("欢迎联系杭州示例科技有限公司", "杭州示例科技有限公司"),
        ("示例(杭州)科技有限责任公司", "示例(杭州)科技有限责任公司"),
        ("被示例星河科技有限公司骗了", "示例星河科技有限公司"),
        ("华为示例技术有限公司", "华为示例技术有限公司"),
    ],
)
def test_company_name_begins_where_it_begins(text, name):
    assert found(text) == [("company", name)]


def test_filings_are_read():
    assert found("浙ICP备00001234号-2") == [("icp", "浙ICP备00001234号-2")]
    assert found("粤公网安备44000002000001号") == [
        ("police_filing", "粤公网安备44000002000001号")
    ]
