"""What one pass settles by a glance, and what it leaves to a closer look."""

import numpy as np
import pytest

from features.amounts import beginnings, figures, tallies, written
from features.engine import trie


def settled(text):
    """Rows of what is found, and whether the rest of the text needs a closer look."""
    points = trie.points_of(f"{text}\n")
    first, flags = np.array([0, len(points)]), np.zeros(1, dtype=bool)
    starts = beginnings.starts(points, first)
    rows = np.empty((len(starts), figures.COLUMNS), dtype=np.int64)
    spelt = written.read(points, starts, *tallies.numeral_tables())
    work = np.zeros((1, 4), dtype=np.int64)
    rest = np.empty_like(work)
    count, odd = figures.read(points, first, starts, spelt, flags, work, *tallies.tables(), rows, rest)  # fmt: skip
    return rows[:count].tolist(), odd == 1


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("只要980元", [2, 6, 980, -1, 0, 0, 0]), ("¥ 1,280起", [0, 7, 1280, -1, 0, 0, 1]), ("1.5万", [0, 4, 15_0000, -1, 1, 1, 0]),
        ("3-5万", [0, 4, 3_0000, 5_0000, 0, 1, 1]), ("付了300块钱左右", [2, 7, 300, -1, 0, 0, 1]), ("交19800,", [1, 6, 19800, -1, 0, 2, 0]),
    ],
)  # fmt: skip
def test_plain_sums_are_settled(text, row):
    assert settled(text) == ([row], False)


@pytest.mark.parametrize(
    "text",
    ["打卡第30天100人", "x100", "电话19900001234567890", "一个", "300美元x", "$300"],
)
def test_what_is_no_sum_is_settled_too(text):
    rows, is_open = settled(text)
    assert rows == []
    assert not is_open or "美元" in text


@pytest.mark.parametrize(
    "text", ["9万8", "一百二", "六位数", "300rmb", "3多万", "9块9"]
)
def test_the_rest_is_left_to_a_closer_look(text):
    assert settled(text) == ([], True)


def test_a_text_is_left_from_its_first_open_place():
    rows, is_open = settled("980元,9万8,300元")
    assert [row[figures.LOW] for row in rows] == [980]
    assert is_open
