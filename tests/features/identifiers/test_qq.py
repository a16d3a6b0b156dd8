"""Ids of digits alone: which groups of digits belong to one, and which numbers are none."""

from __future__ import annotations

import pytest

from features.identifiers import qq


def test_led_id_joins_short_groups_and_leaves_prices():
    joined = qq.led_id("20.48 7832", 0, low=5, high=11)
    single = qq.led_id("12345678 100元", 0, low=5, high=11)
    assert joined is not None
    assert single is not None
    assert (joined.value, single.value) == ("20487832", "12345678")


def test_id_of_sounds_alone_is_none():
    assert qq.led_id("吧巴扒酒久", 0, low=5, high=11) is None


def test_lines_of_one_digit_each_are_one_id():
    lines = qq.led_id("9\n9\n0\n0\n7\n1\n2\n4\n5", 0, low=5, high=11)
    assert lines is not None
    assert lines.value == "990071245"


@pytest.mark.parametrize(
    "number", ["300000", "19900001234", "4000001234", "0990071", "9900"]
)
def test_round_numbers_and_telephones_are_no_ids(number):
    assert not qq.is_qq(number)
