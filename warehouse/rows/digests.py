"""Rows of large tables held against each other by 64-bit digests, which are sorted outside the database.

In: digests as DuckDB's ``hash`` gives them. Out: those that stand nowhere among others.

Invariants: what is missing is counted as often as it is asked for. Of a thousand million things asked for among a million,
not one in ten thousand such nights would be taken for known because another has its digest. Joining the texts of ids inside the
database took twice the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import duckdb


def of(con: duckdb.DuckDBPyConnection, query: str, **values: object) -> np.ndarray:
    """Sorted digests of the rows of a query.

    Args:
        con: Sees what the query names.
        query: Gives one column, ``digest``, never null.
        values: Bound in it.
    """
    found: np.ndarray = con.execute(query, values).fetchnumpy()["digest"]
    return np.sort(found)


def missing(asked: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Which digests are not known, each as often as it is asked for; both sorted."""
    if not len(known):
        return asked
    place = np.searchsorted(known, asked)
    place[place == len(known)] = 0
    absent: np.ndarray = asked[known[place] != asked]
    return absent


def unmatched(one: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What stands in either, not as often in the other: both sorted, each such digest once."""
    if _has_twice(one) or _has_twice(other):
        named, counts = np.unique(one, return_counts=True)
        others, other_counts = np.unique(other, return_counts=True)
    else:
        named, others, counts, other_counts = one, other, None, None
    if not len(named) or not len(others):
        return named, others
    place = np.searchsorted(others, named)
    place[place == len(others)] = 0
    is_same = others[place] == named
    if counts is not None and other_counts is not None:
        is_same &= other_counts[place] == counts
    stays = np.zeros(len(others), bool)
    stays[place[is_same]] = True
    return named[~is_same], others[~stays]


def _has_twice(values: np.ndarray) -> bool:
    return bool((values[1:] == values[:-1]).any())
