"""The places of each class of a vocabulary in a slice of texts.

In: hits, each a word and where it stands. Out: for a class the places of its words. Invariants: pure; sorted by start, longest
first. A word belongs to many classes (不 to some forty) and few classes are asked for by themselves: a class is looked up when
it is; patterns (``features.matching.matcher``) follow the hits of one text at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from features.engine import native

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.engine.trie import Integers

    #: Starts and ends of the places of one class.
    Places = tuple[Integers, Integers]


class Members(NamedTuple):
    """Which classes each word belongs to.

    Attributes:
        first: For each word, and the end, where its classes begin in ``numbers``.
        numbers: Class numbers, word after word.
        sizes: Characters of each word.
        asked: Classes that were asked for by themselves so far; what is found does not depend on it.
    """

    first: Integers
    numbers: Integers
    sizes: Integers
    asked: set[int]

    def words_of(self, number: int) -> Integers:
        """The words of a class."""
        at = np.flatnonzero(self.numbers == number)
        return np.searchsorted(self.first, at, side="right") - 1


def members(classes_of: Sequence[Sequence[int]], sizes: Sequence[int]) -> Members:
    """The classes of words, and their sizes, in the order of their numbers."""
    first = np.zeros(len(classes_of) + 1, dtype=np.int64)
    first[1:] = np.cumsum([len(one) for one in classes_of])
    numbers = [number for one in classes_of for number in one]
    return Members(
        first,
        np.array(numbers, dtype=np.int32),
        np.array(sizes, dtype=np.int32),
        set(),
    )


class Given(NamedTuple):
    """The places of some classes that have no words, class after class.

    Attributes:
        first: For each, and the end, where its places begin.
        starts: Starts, sorted within a class; of equal starts the longest first.
        ends: Exclusive.
    """

    first: Integers
    starts: Integers
    ends: Integers


class Classes:
    """Where the words of each class stand.

    Args:
        of_words: The classes of the words.
        starts: Of all hits, sorted by start, longest first.
        words: Their words.
    """

    def __init__(self, of_words: Members, starts: Integers, words: Integers) -> None:
        self._members, self._starts, self._words = of_words, starts, words
        self._added: dict[int, Places] = {}
        self._laid_out: dict[int, Places] = {}

    def add(self, number: int, places: Places) -> None:
        """Give a class that has no words its places, sorted by start, longest first."""
        self._added[number] = places

    @property
    def hits(self) -> tuple[Integers, Integers, Integers]:
        """Starts of all hits, their words, and the sizes of all words."""
        return self._starts, self._words, self._members.sizes

    def given(self, numbers: Sequence[int]) -> Given:
        """What was added for some classes, in their order."""
        nothing = np.zeros(0, dtype=np.int32)
        each = [self._added.get(number, (nothing, nothing)) for number in numbers]
        starts, ends = (np.concatenate([one[side] for one in each]) for side in (0, 1))
        first = np.cumsum([0, *(len(one[0]) for one in each)])
        return Given(first, starts.astype(np.int32), ends.astype(np.int32))

    def numbers(self) -> list[int]:
        """Classes that stand anywhere, sorted."""
        first = self._members.first
        there = {number for number, places in self._added.items() if len(places[0])}
        for word in np.unique(self._words).tolist():
            there.update(self._members.numbers[first[word] : first[word + 1]].tolist())
        return sorted(there)

    def places(self, number: int) -> Places:
        """Where a class stands; sorted by start, of equal starts the longest first."""
        if number in self._added:
            return self._added[number]
        if number not in self._laid_out:
            # All that were ever asked for are laid out at once: one walk over the hits of a slice instead of one for each.
            asked = self._members.asked
            asked.add(number)
            self._laid_out = self._lay_out(sorted(asked))
        return self._laid_out[number]

    def _lay_out(self, numbers: Sequence[int]) -> dict[int, Places]:
        words = [self._members.words_of(number) for number in numbers]
        of_words = np.concatenate(words)
        order = np.argsort(of_words, kind="stable")
        begins, places = _laid_out(
            self._starts,
            self._words,
            self._members.sizes,
            np.searchsorted(of_words[order], np.arange(len(self._members.sizes) + 1)),
            np.repeat(np.arange(len(numbers)), [len(one) for one in words])[order],
            len(numbers),
        )
        return {
            number: (places[low:high, 0].copy(), places[low:high, 1].copy())
            for number, low, high in zip(
                numbers, begins[:-1].tolist(), begins[1:].tolist(), strict=True
            )
        }


@native.compiled
def _laid_out(  # noqa: PLR0917 (compiled functions take their arrays by place)
    starts: Integers,
    words: Integers,
    sizes: Integers,
    first: Integers,
    classes: Integers,
    count: int,
) -> tuple[Integers, Integers]:
    """Where the places of each class begin, and the start and end of each; the classes of a word are given as in ``Members``."""
    begins = np.zeros(count + 1, np.int64)
    for hit in range(len(words)):
        for index in range(first[words[hit]], first[words[hit] + 1]):
            begins[classes[index] + 1] += 1
    for number in range(count):
        begins[number + 1] += begins[number]
    at = begins.copy()
    places = np.empty((begins[count], 2), np.int32)
    for hit in range(len(words)):
        word = words[hit]
        for index in range(first[word], first[word + 1]):
            place = at[classes[index]]
            places[place, 0], places[place, 1] = starts[hit], starts[hit] + sizes[word]
            at[classes[index]] = place + 1
    return begins, places
