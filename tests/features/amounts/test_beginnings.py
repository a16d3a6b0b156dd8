"""Where sums may begin: all that can be money, little else."""

import numpy as np
import pytest

from features.amounts import beginnings
from features.engine import trie


def places(text):
    return beginnings.starts_of(text)


@pytest.mark.parametrize("text", ["健身打卡12天", "数字人", "上线3次", "今天天气真好"])
def test_small_counts_and_words_are_left_out(text):
    assert places(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("只要3万", 2),
        ("收费98元", 2),
        ("十几万", 0),
        ("¥12", 1),
        ("3-5万", 0),
        ("六位数", 0),
        ("每月一万", 2),
        ("花了9k", 2),
    ],
)
def test_what_may_be_money_is_there(text, expected):
    assert expected in places(text)


def test_a_small_number_between_sums_has_a_say():
    assert 6 in places("3980元,12天,9万")


def test_a_number_of_another_text_has_no_say():
    whole = "3980元。12天\n9万\n"
    points = trie.points_of(whole)
    assert 6 in beginnings.starts(points, np.array([0, len(whole)])).tolist()
    assert 6 not in beginnings.starts(points, np.array([0, 10, len(whole)])).tolist()
