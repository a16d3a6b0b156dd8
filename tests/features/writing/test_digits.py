"""Digits in noise: how a number may be broken up, and how not."""

from __future__ import annotations

import pytest

from features.writing import digits


def bare(text: str) -> list[str]:
    return [one.value for one in digits.bare_numbers(text)]


@pytest.mark.parametrize(
    "text",
    ["19900001234", "199 0000 1234", "199-0000-1234", "199。0000。1234", "1 9 9 0 0 0 0 1 2 3 4", "一九九零零零零一二三四", "199空0000空1234", "+86 199 0000 1234", "8619900001234", "19900001234一对一"],
)  # fmt: skip
def test_mobile_numbers_stand_by_themselves(text):
    assert bare(text) == ["19900001234"]


@pytest.mark.parametrize(
    "text",
    ["19900001234元", "199000012345", "1998-12-25-00123", "2024-06-13 20:15:11", "¥19900001234", "id=19900001234", "a19900001234", "19900001234.5", "199 00001 23 4"],
)  # fmt: skip
def test_prices_dates_and_ids_are_no_numbers(text):
    assert bare(text) == []


def test_landline_keeps_its_area_code():
    assert bare("0571-88880000") == ["057188880000"]
    assert bare("010 6666 0000") == ["01066660000"]


def test_two_numbers_side_by_side_are_two():
    assert bare("19900001234/19900005678") == ["19900001234", "19900005678"]


def test_led_number_ends_before_the_next_phrase():
    number = digits.led_number("1 9 9 0 0 0 0 1 2 3 4,一对一", 0)
    assert number is not None
    assert (number.value, number.end) == ("19900001234", 21)
