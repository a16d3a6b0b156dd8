"""Chinese numerals of many texts at once are those that are read one by one."""

import random

import numpy as np
import pytest

from features.amounts import beginnings, quantities, sides, tallies, written
from features.engine import trie
from tests.features.corpus import grammar

SHREDS = "零〇一壹二两三五八九十拾百佰千仟万亿几数上过破多来余把个wka点块元大价岁天五六八0- 、\n"


def read(text):
    points = trie.points_of(f"{text}\n")
    starts = np.arange(len(text))
    return written.read(points, starts, *tallies.numeral_tables())


def check(text):
    """How many of the places that hold a number are told."""
    count = 0
    for start, row in enumerate(read(text).tolist()):
        begins = text[start] in quantities.BEGINS_HAN and text[start + 1 : start + 2] in quantities.AFTER_HAN  # fmt: skip
        if row[written.STATE] == written.ODD or not begins:
            continue
        side = sides.side(text, start)
        if row[written.STATE] == written.NOTHING:
            # Nothing is no sum either.
            assert side is None or not side.low, text[start:]
            continue
        count += 1
        high = None if row[written.HIGH] < 0 else row[written.HIGH]
        assert side is not None, text[start:]
        assert (side.low, side.high, side.end, side.is_vague, side.is_unit) == (
            row[written.LOW], high, row[written.END], row[written.IS_VAGUE], row[written.IS_UNIT],
        ), text[start:]  # fmt: skip
    return count


def test_generated_numerals_are_read_alike():
    rng = random.Random(6)
    texts = ["".join(rng.choices(SHREDS, k=rng.randrange(1, 9))) for _ in range(20_000)]
    assert sum(map(check, texts)) > 15_000


def test_numerals_of_posts_are_read_alike():
    rng = random.Random(7)
    count = 0
    for post in grammar.posts("tuning")[::3]:
        text = post.text.lower()
        starts = beginnings.starts_of(text)
        if starts:
            at = rng.choice(starts)
            text = text[:at] + rng.choice(SHREDS) + text[at + rng.randrange(2) :]
            count += check(text)
    assert count > 500


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("十五天", (15, -1, 0, 0, 2)), ("三万五千", (35_000, -1, 1, 0, 4)), ("五十多岁", (50, -1, 0, 1, 3)),
        ("十几万", (110_000, 190_000, 1, 1, 3)), ("十几项", (10, -1, 0, 0, 1)), ("几百块", (200, 900, 0, 1, 2)),
        ("上千家", (1000, -1, 0, 1, 2)), ("一百零五", (105, -1, 0, 0, 4)),
    ],
)  # fmt: skip
def test_plain_numerals_are_told(text, row):
    assert tuple(read(text)[0].tolist()) == (written.FOUND, *row)


@pytest.mark.parametrize("text", ["几个", "上个月", "数一遍", "过两年", "九九零零五五"])
def test_what_is_no_number_is_told(text):
    assert read(text)[0, written.STATE] == written.NOTHING


@pytest.mark.parametrize(
    ("text", "at"),
    [("一百二", 0), ("三五百", 0), ("十几w", 0), ("两点五万", 2), ("大几万", 1), ("三三三三三", 0), ("九九", 0)],
)  # fmt: skip
def test_the_rest_is_left_to_a_closer_look(text, at):
    assert read(text)[at, written.STATE] == written.ODD
