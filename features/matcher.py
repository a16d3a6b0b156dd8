"""Where the patterns of a vocabulary match, in many texts at once: the places of their classes, followed as arrays.

In: the texts of a slice laid one after the other as code points, and the places of each class (``features.scan``). Out:
``Matches``. Invariants: pure; ``Vocabulary.matches`` says the same text by text, a test holds the two together; a pattern
costs the same number of array steps whatever the number of texts; linear in the characters of the slice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features import patterns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features import classes as classes_module
    from features.classes import Places
    from features.trie import Integers

#: What a character is to sentences: inside one, a sign between two, a bar between two, the border of two texts.
INSIDE, SIGN, BAR, BORDER = 0, 1, 2, 3
_WIDEST: Final = max(patterns.GAPS.values())
#: A second class that is this many times rarer than the first is the better one to begin with.
_RARER: Final = 4
#: Bits of a sort key for the end and the target of a match; a match is shorter and targets are fewer.
_END_BITS, _TARGET_BITS = 20, 12


@dataclass(frozen=True, slots=True)
class Matches:
    """All matches in the texts of a slice, sorted by text, start, end, target; each once.

    Attributes:
        names: The targets, sorted; numbers below are indexes of it.
        texts: For each match the index of its text.
        starts: Its first character in that text.
        ends: Exclusive.
        targets: Its target's number.
    """

    names: Sequence[str]
    texts: Integers
    starts: Integers
    ends: Integers
    targets: Integers

    def of(self, text: int) -> list[patterns.Match]:
        """The matches of one text."""
        first, last = np.searchsorted(self.texts, [text, text + 1])
        return [
            patterns.Match(self.names[target], start, end)
            for target, start, end in zip(
                self.targets[first:last].tolist(),
                self.starts[first:last].tolist(),
                self.ends[first:last].tolist(),
                strict=True,
            )
        ]

    def numbers(self, prefix: str) -> list[int]:
        """Numbers of the targets whose names begin so (``signal:``), in order."""
        return [n for n, name in enumerate(self.names) if name.startswith(prefix)]

    def are(self, numbers: Sequence[int]) -> Integers:
        """Which matches have one of some targets."""
        wanted = np.zeros(len(self.names) + 1, dtype=bool)
        wanted[list(numbers)] = True
        flags: Integers = wanted[self.targets]
        return flags


class Sentences:
    """The sentences of a slice of texts, as ``patterns.Sentences`` gives them for each.

    Args:
        kinds: For each character whether it is ``INSIDE`` sentences or what else.
        points: The code points of the texts.

    Attributes:
        starts: Where each sentence begins.
        ends: Where it ends, without its end mark.
        number: For each character, and the end, its sentence; an end mark counts to the sentence before it.
    """

    __slots__ = ("ends", "number", "starts")

    def __init__(self, kinds: Integers, points: Integers) -> None:
        firsts, lasts = _with_items(*runs(kinds), points)
        self.starts = np.concatenate([[0], lasts])
        self.ends = np.concatenate([firsts, [len(points)]])
        opens = np.zeros(len(points) + 1, dtype=np.int32)
        opens[self.starts] = 1
        self.number = np.cumsum(opens, dtype=np.int32) - 1


class _Pair(NamedTuple):
    """Places of one class and what of another first follows each in reach.

    Attributes:
        starts: Where the first begins.
        ends: Where it ends.
        follows: Where what follows begins.
        lasts: Where that ends.
    """

    starts: Integers
    ends: Integers
    follows: Integers
    lasts: Integers


class Matcher:
    """Follows the patterns through the places of their classes, all texts at once."""

    def __init__(
        self,
        listed: Sequence[tuple[int, patterns.Pattern]],
        sentences: Sentences,
        points: Integers,
        classes: classes_module.Classes,
    ) -> None:
        self._listed = listed
        self._classes = classes
        self._starts, self._ends = sentences.starts, sentences.ends
        self._sentence = sentences.number
        is_comma = points == ord(",")
        is_han = (points >= 0x4E00) & (points <= 0x9FFF)
        is_space = points == ord(" ")
        is_space[1:-1] &= is_han[:-2] & is_han[2:]
        self._commas, self._spaces = _counts(is_comma), _counts(is_space)
        self._pairs: dict[tuple[int, int], _Pair] = {}
        self._there: dict[int, bool] = {}

    def matches(self) -> tuple[Integers, Integers, Integers]:
        """Starts, ends and target numbers, sorted, each once."""
        there = [
            (target, pattern)
            for target, pattern in self._listed
            if all(map(self._is_there, [number for number, _ in pattern.steps]))
        ]
        keys = [np.zeros(0, dtype=np.int64), self._of_rows(there)]
        for target, pattern in there:
            if len(pattern.steps) == 1:
                number = pattern.steps[0][0]
                starts, ends = self._classes.starts(number), self._classes.ends(number)
                keys.append(_keys(target, *self._allowed(pattern, starts, ends)))
        found = np.sort(np.concatenate(keys))
        found = found[np.diff(found, prepend=-1) > 0]
        starts = found >> (_END_BITS + _TARGET_BITS)
        sizes = (found >> _TARGET_BITS) & ((1 << _END_BITS) - 1)
        return starts, starts + sizes, found & ((1 << _TARGET_BITS) - 1)

    def _of_rows(self, there: Sequence[tuple[int, patterns.Pattern]]) -> Integers:
        """Keys of the matches of patterns of two and more elements; the first two of all patterns are looked at together."""
        rows = [one for one in there if len(one[1].steps) > 1]
        if not rows:
            return np.zeros(0, dtype=np.int64)
        pairs = [
            self._pair(pattern.steps[0][0], pattern.steps[1][0]) for _, pattern in rows
        ]
        row = np.repeat(np.arange(len(rows)), [len(pair.starts) for pair in pairs])
        starts, ends, follows, lasts = (
            np.concatenate(columns) for columns in zip(*pairs, strict=True)
        )
        limits = self._ends[self._sentence[ends - 1]]
        gaps = np.array([pattern.steps[1][1] for _, pattern in rows])[row]
        near = np.flatnonzero((follows < limits) & self._is_near(ends, follows, gaps))
        row, starts, lasts, limits = row[near], starts[near], lasts[near], limits[near]
        is_done = np.array(
            [len(pattern.steps) == 2 and not pattern.unless for _, pattern in rows]
        )
        targets = np.array([target for target, _ in rows])
        done = is_done[row]
        keys = [_keys(targets[row[done]], starts[done], lasts[done])]
        borders = np.searchsorted(row, np.arange(len(rows) + 1)).tolist()
        for index in np.unique(row[~done]).tolist():
            target, pattern = rows[index]
            part = slice(borders[index], borders[index + 1])
            first, at = self._followed(pattern, starts[part], lasts[part], limits[part])
            keys.append(_keys(target, *self._allowed(pattern, first, at)))
        return np.concatenate(keys)

    def _is_there(self, number: int) -> bool:
        there = self._there.get(number)
        if there is None:
            there = self._there[number] = number in self._classes
        return there

    def _followed(
        self,
        pattern: patterns.Pattern,
        starts: Integers,
        at: Integers,
        limits: Integers,
    ) -> Places:
        """Where a pattern begins and ends, of whose first two elements it is known where they end, and their sentence."""
        for number, gap in pattern.steps[2:]:
            if not len(at):
                break
            places = self._classes.starts(number)
            index = np.searchsorted(places, at)
            inside = index < len(places)
            starts, at, limits, index = (
                starts[inside],
                at[inside],
                limits[inside],
                index[inside],
            )
            follows = places[index]
            near = (follows < limits) & self._is_near(at, follows, gap)
            starts, limits = starts[near], limits[near]
            at = self._classes.ends(number, index[near])
        return starts, at

    def _allowed(
        self, pattern: patterns.Pattern, starts: Integers, ends: Integers
    ) -> Places:
        """Those of a pattern's places whose sentence holds nothing that forbids it."""
        if not pattern.unless or not len(starts):
            return starts, ends
        sentence = self._sentence[starts]
        low, high = self._starts[sentence], self._ends[sentence]
        allowed = np.ones(len(starts), dtype=bool)
        for number in pattern.unless:
            if self._is_there(number):
                places = self._classes.starts(number)
                index = np.searchsorted(places, low)
                there = np.minimum(index, len(places) - 1)
                allowed &= (index == len(places)) | (places[there] >= high)
        return starts[allowed], ends[allowed]

    def _pair(self, number: int, second: int) -> _Pair:
        """Places of a class that one of a second class follows in reach, with the first such."""
        known = self._pairs.get((number, second))
        if known is None:
            starts, longest = (
                self._classes.starts(number),
                self._classes.longest(number),
            )
            places = self._classes.starts(second)
            if longest is not None and len(places) * _RARER < len(starts):
                first, then = self._backwards(number, starts, longest, places)
                ends = self._classes.ends(number, first)
            else:
                ends = self._classes.ends(number)
                then = np.searchsorted(places, ends)
                first = np.flatnonzero(then < len(places))
                then, ends = then[first], ends[first]
            follows = places[then]
            near = np.flatnonzero(follows - ends <= _WIDEST)
            known = self._pairs[number, second] = _Pair(
                starts[first[near]],
                ends[near],
                follows[near],
                self._classes.ends(second, then[near]),
            )
        return known

    def _backwards(
        self, number: int, starts: Integers, longest: int, places: Integers
    ) -> tuple[Integers, Integers]:
        """Which of many places are first followed by which of few, in reach: found from the few."""
        low = np.searchsorted(starts, places - (_WIDEST + longest))
        counts = np.searchsorted(starts, places) - low
        then = np.repeat(np.arange(len(places)), counts)
        first = np.arange(len(then)) + np.repeat(
            low - np.cumsum(counts) + counts, counts
        )
        ends = self._classes.ends(number, first)
        before = np.concatenate([[-1], places[:-1]])
        is_first = (ends <= places[then]) & (ends > before[then])
        return first[is_first], then[is_first]

    def _is_near(
        self, ends: Integers, follows: Integers, gap: Integers | int
    ) -> Integers:
        """Whether what follows lies within a gap, and for all but the widest in the same clause."""
        # As the search for a clause's end stops before the next element, a space right before it ends nothing.
        last = np.maximum(follows - 1, ends)
        same = self._commas[follows] == self._commas[ends]
        same &= self._spaces[last] == self._spaces[ends]
        near: Integers = (follows - ends <= gap) & (same | (gap > patterns.GAPS[".."]))
        return near


def _keys(target: Integers | int, starts: Integers, ends: Integers) -> Integers:
    """One number for each match, by which matches are sorted."""
    first = starts.astype(np.int64)
    keys: Integers = (first << (_END_BITS + _TARGET_BITS)) | target
    keys |= (ends - first) << _TARGET_BITS
    return keys


def _counts(flags: Integers) -> Integers:
    """How many are set before each place."""
    counts = np.zeros(len(flags) + 1, dtype=np.int32)
    np.cumsum(flags, out=counts[1:])
    return counts


def _with_items(firsts: Integers, lasts: Integers, points: Integers) -> Places:
    """Adds the numbers of list items: one or two digits and a bracket behind a Han character or bracket."""
    brackets = np.flatnonzero(points == ord(")"))
    brackets = brackets[brackets >= 2]
    if not len(brackets):
        return firsts, lasts
    is_digit = (points >= ord("0")) & (points <= ord("9"))
    before = ((points >= 0x4E00) & (points <= 0x9FFF)) | (points == ord(")"))
    ones = brackets[is_digit[brackets - 1] & before[brackets - 2]]
    twos = brackets[brackets >= 3]
    twos = twos[is_digit[twos - 1] & is_digit[twos - 2] & before[twos - 3]]
    firsts = np.concatenate([firsts, ones - 1, twos - 2])
    lasts = np.concatenate([lasts, ones + 1, twos + 1])
    order = np.argsort(firsts, kind="stable")
    return firsts[order], lasts[order]


def runs(kinds: Integers) -> Places:
    """Starts and ends of runs of one kind other than 0."""
    changes = np.flatnonzero(np.diff(kinds, prepend=np.uint8(0), append=np.uint8(0)))
    is_run = kinds[changes[:-1]] > 0
    return changes[:-1][is_run], changes[1:][is_run]
