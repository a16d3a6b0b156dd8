"""Names behind a lead-in."""

from __future__ import annotations

import pytest

from features.identifiers import handles, instructions


def led(text: str, **options) -> str | None:
    dropped = instructions.dropped_signs(text)
    found = handles.led_handle(text, 0, dropped=dropped, is_explicit=True, **options)
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("szr_demo_01", "szr_demo_01"), ("SZR-demo", "szr-demo"), ("szr.demo.01,中间去掉点", "szrdemo01"), ("s z r d e m o 1", "szrdemo1"),
        ("szr-demo-01去掉横线", "szrdemo01"), ("szrdemo八八六六", "szrdemo8866"), ("szrdemo01一天", "szrdemo01"), ("szr_demo_01 ai直播", "szr_demo_01"),
        ("mage 零四七二", "mage0472"), ("mm\n七七\n2046,连起来", "mm772046"), ("szr", None), ("abc", None), ("android", None), ("1234567", None), ("", None), ("a" * 25, None),
    ],
)  # fmt: skip
def test_handle_is_read(text, value):
    assert led(text) == value


def test_telegram_has_no_hyphen_and_may_be_short():
    assert led("abcde", is_telegram=True) == "abcde"
    assert led("szr-demo", is_telegram=True) in {None, "szr"}


@pytest.mark.parametrize(
    ("text", "signs"), [("中间去掉点", ".·•点"), ("横线去掉", "-"), ("空格和点都不要", " .·•点"), ("加号不用打", "+加"), ("倒过来念", "⇄"), ("把#去掉", "#"), ("去掉中间的空格", " "), ("去掉汉字", {"汉字"}), ("夹了个汉字", {"汉字"}), ("把星号删了", "*"), ("三行连起来", " \n"), ("是不是要去掉下划线?", ""), ("没有要求", "")]
)  # fmt: skip
def test_instructions_name_what_to_drop(text, signs):
    assert instructions.dropped_signs(text) == frozenset(signs)
