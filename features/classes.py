"""The places of each class of a vocabulary in a slice of texts.

In: hits, each a word and where it stands. Out: for a class the places of its words. Invariants: pure; sorted by start, longest
first. A word belongs to many classes (不 to some forty) and most classes are never asked for, so each is put together from
its words' hits on demand: 4 us a post instead of 9 for all at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features.trie import Integers

    #: Starts and ends of the places of one class.
    Places = tuple[Integers, Integers]


class Classes:
    """Where the words of each class stand; worked out when asked for.

    Args:
        words_of: The words of each class.
        sizes: The number of characters of each word.
        starts: Of all hits, sorted by start, longest first.
        words: Their words.
    """

    def __init__(
        self,
        words_of: Mapping[int, Sequence[int]],
        sizes: Integers,
        starts: Integers,
        words: Integers,
    ) -> None:
        self._words_of = words_of
        self._sizes = sizes
        self._all_starts, self._all_ends = starts, starts + sizes[words]
        order = np.argsort(words.astype(np.uint16), kind="stable").astype(np.int32)
        counts = np.bincount(words, minlength=len(sizes))
        last = np.cumsum(counts)
        self._hits_of = {
            word: order[low:high]
            for word, low, high in zip(
                np.flatnonzero(counts).tolist(),
                (last - counts)[counts > 0].tolist(),
                last[counts > 0].tolist(),
                strict=True,
            )
        }
        self._hits: dict[int, Integers] = {}
        self._starts: dict[int, Integers] = {}
        self._ends: dict[int, Integers] = {}

    def add(self, number: int, places: Places) -> None:
        """Give a class its places, sorted by start, longest first."""
        self._starts[number], self._ends[number] = places

    def numbers(self) -> list[int]:
        """Classes that stand anywhere, sorted."""
        return sorted(one for one in {*self._words_of, *self._starts} if one in self)

    def __contains__(self, number: int) -> bool:
        return number in self._starts or not self._hits_of.keys().isdisjoint(
            self._words_of.get(number, ())
        )

    def starts(self, number: int) -> Integers:
        """Where a class that stands somewhere begins; sorted, of equal starts the longest first."""
        starts = self._starts.get(number)
        if starts is None:
            starts = self._starts[number] = self._all_starts[self._hits_from(number)]
        return starts

    def ends(self, number: int, index: Integers | None = None) -> Integers:
        """Where it ends, for all its places or for some of them."""
        ends = self._ends.get(number)
        if ends is None:
            hits = self._hits_from(number)
            if index is not None:
                return self._all_ends[hits[index]]
            ends = self._ends[number] = self._all_ends[hits]
        return ends if index is None else ends[index]

    def longest(self, number: int) -> int | None:
        """Characters of the longest word of a class, None for places that were added."""
        words = self._words_of.get(number)
        return None if words is None else int(self._sizes[list(words)].max())

    def _hits_from(self, number: int) -> Integers:
        hits = self._hits.get(number)
        if hits is None:
            found = self._hits_of
            listed = [found[word] for word in self._words_of[number] if word in found]
            hits = listed[0]
            if len(listed) > 1:
                hits = np.concatenate(listed)
                hits.sort()
            self._hits[number] = hits
        return hits
