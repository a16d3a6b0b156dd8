"""The places of each class of a vocabulary in a slice of texts.

In: hits, each a word and where it stands. Out: for a class the places of its words. Invariants: pure; sorted by start, longest
first. A word belongs to many classes (不 to some forty); all are laid out at once, class after class, when first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from features import native

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.trie import Integers

    #: Starts and ends of the places of one class.
    Places = tuple[Integers, Integers]


class Members(NamedTuple):
    """Which classes each word belongs to.

    Attributes:
        first: For each word, and the end, where its classes begin in ``numbers``.
        numbers: Class numbers, word after word.
        sizes: Characters of each word.
        class_count: Class numbers are below it.
    """

    first: Integers
    numbers: Integers
    sizes: Integers
    class_count: int


def members(
    classes_of: Sequence[Sequence[int]], sizes: Sequence[int], count: int
) -> Members:
    """The classes of words, and their sizes, in the order of their numbers."""
    first = np.zeros(len(classes_of) + 1, dtype=np.int64)
    first[1:] = np.cumsum([len(one) for one in classes_of])
    numbers = [number for one in classes_of for number in one]
    return Members(
        first,
        np.array(numbers, dtype=np.int32),
        np.array(sizes, dtype=np.int32),
        count,
    )


class Columns(NamedTuple):
    """The places of all classes.

    Attributes:
        first: For each class, and the end, where its places begin.
        places: Start and end of each, class after class.
    """

    first: Integers
    places: Integers


class Classes:
    """Where the words of each class stand.

    Args:
        of_words: The classes of the words.
        starts: Of all hits, sorted by start, longest first.
        words: Their words.
    """

    def __init__(self, of_words: Members, starts: Integers, words: Integers) -> None:
        self._members, self._hits = of_words, (starts, words)
        self._added: dict[int, Places] = {}
        self._columns: Columns | None = None

    def add(self, number: int, places: Places) -> None:
        """Give a class that has no words its places, sorted by start, longest first."""
        self._added[number] = places
        self._columns = None

    @property
    def columns(self) -> Columns:
        """The places of all classes."""
        if self._columns is None:
            added = sorted(self._added.items())
            sizes = np.array([len(places[0]) for _, places in added], dtype=np.int64)
            nothing = np.zeros(0, dtype=np.int32)
            starts, ends = (
                np.concatenate([nothing, *(places[side] for _, places in added)])
                for side in (0, 1)
            )
            self._columns = Columns(
                *_laid_out(
                    *self._hits,
                    self._members.first,
                    self._members.numbers,
                    self._members.sizes,
                    self._members.class_count,
                    np.array([number for number, _ in added], dtype=np.int64),
                    np.concatenate([[0], np.cumsum(sizes)]),
                    starts.astype(np.int32),
                    ends.astype(np.int32),
                )
            )
        return self._columns

    def numbers(self) -> list[int]:
        """Classes that stand anywhere, sorted."""
        return np.flatnonzero(np.diff(self.columns.first)).tolist()

    def places(self, number: int) -> Places:
        """Where a class stands; sorted by start, of equal starts the longest first."""
        first, places = self.columns
        starts, ends = places[first[number] : first[number + 1]].T.copy()
        return starts, ends


@native.compiled
def _laid_out(  # noqa: PLR0917 (compiled functions take their arrays by place)
    starts: Integers,
    words: Integers,
    first: Integers,
    classes: Integers,
    sizes: Integers,
    count: int,
    added: Integers,
    added_first: Integers,
    added_starts: Integers,
    added_ends: Integers,
) -> tuple[Integers, Integers]:
    begins = np.zeros(count + 1, np.int64)
    for hit in range(len(words)):
        for index in range(first[words[hit]], first[words[hit] + 1]):
            begins[classes[index] + 1] += 1
    for index in range(len(added)):
        begins[added[index] + 1] += added_first[index + 1] - added_first[index]
    for number in range(count):
        begins[number + 1] += begins[number]
    at = begins.copy()
    # Side by side, because the places of a class lie far from those of the next: one look at memory instead of two.
    places = np.empty((begins[count], 2), np.int32)
    for hit in range(len(words)):
        word, start = words[hit], starts[hit]
        end = start + sizes[word]
        for index in range(first[word], first[word + 1]):
            place = at[classes[index]]
            places[place, 0], places[place, 1] = start, end
            at[classes[index]] = place + 1
    for index in range(len(added)):
        place = at[added[index]]
        for one in range(added_first[index], added_first[index + 1]):
            places[place, 0], places[place, 1] = added_starts[one], added_ends[one]
            place += 1
    return begins, places
