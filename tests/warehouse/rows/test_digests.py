from __future__ import annotations

import numpy as np
import pytest

from warehouse import connect
from warehouse.rows import digests


def _sorted(*values):
    return np.sort(np.array(values, np.uint64))


@pytest.mark.parametrize(
    ("asked", "known", "expected"),
    [
        ((), (), ()),
        ((3,), (), (3,)),
        ((), (3,), ()),
        ((1, 2, 2, 9, 9), (2, 5), (1, 9, 9)),
        ((2**64 - 1, 7), (7, 8), (2**64 - 1,)),
        ((0, 5), (5, 2**64 - 1), (0,)),
    ],
)
def test_missing_is_told_as_often_as_it_is_asked_for(asked, known, expected):
    found = digests.missing(_sorted(*asked), _sorted(*known))
    assert found.tolist() == list(expected)


def test_digests_of_equal_values_are_equal_whatever_the_table():
    with connect.open_memory() as con:
        one = digests.of(con, "select hash(name) as digest from (values ('a'), ('b'), ('a')) as t (name)")  # fmt: skip
        other = digests.of(
            con, "select hash(name) as digest from (values ('b', 1), ('c', $number)) as t (name, _)", number=2,
        )  # fmt: skip
    assert len(digests.missing(one, other)) == 2
    assert len(digests.missing(other, one)) == 1
