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
        word_count: Words are numbered below it.
        starts: Of all hits, sorted by start, longest first.
        ends: Exclusive.
        words: Their words.
    """

    def __init__(
        self,
        words_of: Mapping[int, Sequence[int]],
        word_count: int,
        starts: Integers,
        ends: Integers,
        words: Integers,
    ) -> None:
        self._words_of = words_of
        self._starts, self._ends = starts, ends
        order = np.argsort(words.astype(np.uint16), kind="stable").astype(np.int32)
        counts = np.bincount(words, minlength=word_count)
        last = np.cumsum(counts)
        self._hits = {
            word: order[low:high]
            for word, low, high in zip(
                np.flatnonzero(counts).tolist(),
                (last - counts)[counts > 0].tolist(),
                last[counts > 0].tolist(),
                strict=True,
            )
        }
        self._known: dict[int, Places | None] = {}

    def add(self, number: int, places: Places) -> None:
        """Give a class its places."""
        self._known[number] = places

    def numbers(self) -> list[int]:
        """Classes that stand anywhere, sorted."""
        return sorted(one for one in {*self._words_of, *self._known} if one in self)

    def __contains__(self, number: int) -> bool:
        return self._found(number) is not None

    def __getitem__(self, number: int) -> Places:
        places = self._found(number)
        if places is None:
            raise KeyError(number)
        return places

    def _found(self, number: int) -> Places | None:
        if number not in self._known:
            listed = [
                self._hits[word]
                for word in self._words_of.get(number, ())
                if word in self._hits
            ]
            places = None
            if listed:
                hits = listed[0]
                if len(listed) > 1:
                    hits = np.concatenate(listed)
                    hits.sort()
                places = self._starts[hits], self._ends[hits]
            self._known[number] = places
        return self._known[number]
