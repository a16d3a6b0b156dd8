"""Pairs of characters in the clauses around places."""

from __future__ import annotations

import random

import numpy as np
import pytest

from features.amounts import beside
from features.purposes import surroundings

REACH = (14, 9)


def around(before, behind):
    """Names of the pairs around one place."""
    lines = beside.lines([(before, behind)], reach=REACH)
    return surroundings.names(surroundings.pairs(lines, before=REACH[0])[0])


@pytest.mark.parametrize(
    ("before", "behind", "names"),
    [
        ("交了", "元整", ["[0交了", "]0元整"]),
        ("我交,共", "元;退我", ["[1我交", "]1退我"]),
        ("我交,,共", "", ["[2我交"]),
        ("", "起。先到,先得!", ["]1先到", "]2先得"]),
        ("共7", "", ["[0共0"]),
    ],
)
def test_pairs_are_told_apart_by_side_and_clause(before, behind, names):
    assert sorted(around(before, behind)) == sorted(names)


def test_a_pair_counts_once_in_a_clause():
    assert around("交了交了", "") == ["[0交了", "[0了交"]


def test_beyond_the_next_two_clauses_nothing_is_looked_at():
    assert around("我交,他,她,", "") == []
    assert around("我交,他,", "") == ["[2我交"]


def test_names_and_packed_pairs_say_the_same():
    rng = random.Random(5)
    sides = [tuple("".join(rng.choices("交元了,。起", k=8)) for _ in range(2)) for _ in range(50)]  # fmt: skip
    packed = surroundings.pairs(beside.lines(sides, reach=REACH), before=REACH[0])
    for line in packed:
        numbers = [surroundings.number(name) for name in surroundings.names(line)]
        assert numbers == line[: len(numbers)].tolist()
        assert (line[len(numbers) :] == -1).all()


def test_no_places_have_no_pairs():
    assert surroundings.pairs(np.zeros((0, 23), np.int64), before=14).shape == (0, 23)


@pytest.mark.parametrize("name", ["[0", "[0交", "[0交了吗", "[x交了"])
def test_a_name_that_is_none_is_refused(name):
    with pytest.raises(ValueError, match=r"expected|invalid"):
        surroundings.number(name)
