"""The places of a class are those of its words."""

import numpy as np

from features.matching import classes


def made():
    # Words 0 (two characters), 1 (one), 2 (three), 3 (one); classes 7, 8 and 9; 5 has no words.
    return classes.Classes(
        classes.members([[7], [7], [8], [9]], [2, 1, 3, 1]),
        np.array([0, 0, 4, 5], dtype=np.int32),
        np.array([0, 1, 2, 1], dtype=np.int32),
    )


def places(found, number):
    return [side.tolist() for side in found.places(number)]


def test_places_are_sorted_longest_first():
    assert places(made(), 7) == [[0, 0, 5], [2, 1, 6]]
    assert places(made(), 8) == [[4], [7]]


def test_a_class_without_a_hit_is_not_there():
    found = made()
    assert places(found, 9) == [[], []]
    assert found.numbers() == [7, 8]


def test_places_can_be_given_even_late():
    found = made()
    assert places(found, 5) == [[], []]
    found.add(5, (np.array([3, 9]), np.array([4, 10])))
    assert places(found, 5) == [[3, 9], [4, 10]]
    assert places(found, 7) == [[0, 0, 5], [2, 1, 6]]
    assert found.numbers() == [5, 7, 8]
