"""The places of a class are those of its words."""

import numpy as np

from features import classes


def made():
    # Words 0 (two characters), 1 (one), 2 (three); classes 7 and 8.
    return classes.Classes(
        {7: [0, 1], 8: [2], 9: [3]},
        np.array([2, 1, 3, 1], dtype=np.int32),
        np.array([0, 0, 4, 5], dtype=np.int32),
        np.array([0, 1, 2, 1], dtype=np.int32),
    )


def test_places_are_sorted_longest_first():
    found = made()
    assert found.starts(7).tolist() == [0, 0, 5]
    assert found.ends(7).tolist() == [2, 1, 6]
    assert found.ends(7, np.array([2])).tolist() == [6]
    assert found.longest(7) == 2


def test_a_class_without_a_hit_is_not_there():
    found = made()
    assert 9 not in found
    assert found.numbers() == [7, 8]


def test_places_can_be_given():
    found = made()
    found.add(5, (np.array([3]), np.array([4])))
    assert 5 in found
    assert found.ends(5).tolist() == [4]
    assert found.longest(5) is None
