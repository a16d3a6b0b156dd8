"""Annotated posts: whole as annotations, and read no worse than when the weights were learned.

The tuning half is what reading was taught with, so its figures guard against loss and say nothing of posts that nobody has seen.
"""

import pytest

from features import catalogue, pack, stance
from tests.harness import annotated, posts

#: Reached when the weights were fitted.
FLOORS = {"contact": 0.98, "amount": 0.975, "fee": 0.97, "trope": 0.94}


@pytest.fixture(scope="module")
def written():
    return posts.posts()


def test_annotations_speak_of_their_own_text(written):
    assert len(written) >= 45_000
    for post in written:
        assert post["stance"] in stance.STANCES
        assert set(post["signals"].get("asserted", [])) <= set(catalogue.SIGNALS)


def test_posts_are_read_no_worse_than_they_were(written):
    table = annotated.counted(written, annotated.heard(written, of=pack.load_pack()))
    assert table["bad spans"] == 0
    assert table["right"] / table["posts"] >= 0.98
    assert table["near as offer"] / table["near"] <= 0.01
    assert table["loud"] / table["echoes"] <= 0.01
    for what, floor in FLOORS.items():
        hit, false, missed = (table[what + mark] for mark in "+!-")
        assert 2 * hit / (2 * hit + false + missed) >= floor, what


#: Of posts whose writers nothing was learned from: what was reached, a little below. The goals of issue 4 are contacts 0.98 and 0.97 (precision
#: and recall), amounts and fees 0.95, tropes 0.90, stance 0.96; docs/reading.md tells them writer by writer.
UNSEEN = {"contact": 0.965, "amount": 0.965, "fee": 0.915, "trope": 0.865}


def test_posts_of_writers_that_nothing_was_learned_from_are_read_no_worse_than_they_were():
    unseen = posts.posts(posts.HELD_OUT, half="held_out")
    table = annotated.counted(unseen, annotated.heard(unseen, of=pack.load_pack()))
    assert table["posts"] > 6_000
    assert table["bad spans"] == 0
    assert table["right"] / table["posts"] >= 0.94
    assert table["near as offer"] / table["near"] <= 0.02
    assert table["loud"] / table["echoes"] <= 0.02
    for what, floor in UNSEEN.items():
        hit, false, missed = (table[what + mark] for mark in "+!-")
        assert 2 * hit / (2 * hit + false + missed) >= floor, what
