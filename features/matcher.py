"""Where the patterns of a vocabulary match, in many texts at once: the places of their classes, followed one after the other.

In: the texts of a slice laid one after the other as code points, and the places of each class (``features.scan``). Out:
``Matches``. Invariants: pure; ``Vocabulary.matches`` says the same text by text, a test holds the two together; each place of
a pattern's first class is looked at once; linear in the characters of the slice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features import native, patterns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features import classes as classes_module
    from features.classes import Places
    from features.trie import Integers

#: What a character is to sentences: inside one, a sign between two, a bar between two, the border of two texts.
INSIDE, SIGN, BAR, BORDER = 0, 1, 2, 3
_SAME_CLAUSE: Final = patterns.GAPS[".."]
#: Bits of a sort key for the end and the target of a match; a match is shorter and targets are fewer.
_END_BITS, _TARGET_BITS = 20, 12
_COMMA, _SPACE, _OPENING, _CLOSING = map(ord, ", ()")
_ZERO, _NINE = map(ord, "09")
_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FFF


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
        self.starts, self.ends, self.number = _sentences(kinds, points)


class Steps(NamedTuple):
    """Patterns as columns.

    Attributes:
        targets: The target of each pattern.
        first: For each pattern, and the end, where its elements begin.
        classes: The class of each element.
        gaps: How many characters may lie before it.
        unless_first: As ``first``, for ``unless``.
        unless: Classes that forbid a match in their sentence.
    """

    targets: Integers
    first: Integers
    classes: Integers
    gaps: Integers
    unless_first: Integers
    unless: Integers


def steps(listed: Sequence[tuple[int, patterns.Pattern]]) -> Steps:
    """Columns of patterns, each with the number of its target."""

    def bounds(sizes: list[int]) -> Integers:
        return np.concatenate([[0], np.cumsum(np.array(sizes, dtype=np.int64))])

    each = [pattern for _, pattern in listed]
    rows = [step for pattern in each for step in pattern.steps]
    numbers, gaps = np.array(rows, dtype=np.int64).reshape(-1, 2).T.copy()
    return Steps(
        np.array([target for target, _ in listed], dtype=np.int64),
        bounds([len(pattern.steps) for pattern in each]),
        numbers,
        gaps,
        bounds([len(pattern.unless) for pattern in each]),
        np.array([one for pattern in each for one in pattern.unless], dtype=np.int64),
    )


def matches(
    made: Steps,
    sentences: Sentences,
    points: Integers,
    first: Integers,
    found: classes_module.Columns,
) -> tuple[Integers, Integers, Integers, Integers]:
    """Follow patterns through the places of their classes.

    Args:
        made: The patterns.
        sentences: The sentences of the texts.
        points: The code points of the texts.
        first: Where each text begins, and the end.
        found: The places of the classes.

    Returns:
        Columns of ``Matches``: texts, starts, ends and targets; sorted, each once.
    """
    room = len(points) // 4 + 64
    while True:
        keys = np.empty(room, dtype=np.int64)
        count = _followed(
            *made, *found, sentences.starts, sentences.ends, sentences.number, points, keys
        )  # fmt: skip
        if count <= room:
            break
        room = count
    keys = keys[:count]
    keys.sort()
    return _decoded(keys, first)


def runs(kinds: Integers) -> Places:
    """Starts and ends of runs of one kind other than 0."""
    changes = np.flatnonzero(np.diff(kinds, prepend=np.uint8(0), append=np.uint8(0)))
    is_run = kinds[changes[:-1]] > 0
    return changes[:-1][is_run], changes[1:][is_run]


@native.compiled
def _sentences(
    kinds: Integers, points: Integers
) -> tuple[Integers, Integers, Integers]:
    """Starts and ends of sentences, and the sentence of each character.

    Runs of one kind of sign part them, and so do the numbers of list items: one or two digits and a bracket behind a Han
    character or bracket.
    """
    size = len(points)
    starts, ends = np.empty(size + 1, np.int64), np.empty(size + 1, np.int64)
    number = np.empty(size + 1, np.int32)
    starts[0], count, at = 0, 0, 0
    while at < size:
        kind = kinds[at]
        end = at
        if kind != INSIDE:
            while end < size and kinds[end] == kind:
                number[end] = count
                end += 1
            ends[count] = at
        else:
            number[at] = count
            end = at + 1
            if points[at] == _CLOSING:
                digits = 0
                while (
                    digits < 2
                    and at > digits
                    and _ZERO <= points[at - 1 - digits] <= _NINE
                ):
                    digits += 1
                before = points[at - 1 - digits] if at > digits else 0
                is_item = digits > 0 and (
                    _FIRST_HAN <= before <= _LAST_HAN or before == _CLOSING
                )
                if is_item:
                    ends[count] = at - digits
                else:
                    at = end
                    continue
            else:
                at = end
                continue
        count += 1
        starts[count] = end
        at = end
    number[size] = count
    ends[count] = size
    return starts[: count + 1].copy(), ends[: count + 1].copy(), number


@native.compiled
def _followed(  # noqa: PLR0912, PLR0915, PLR0917 (compiled functions take their arrays by place; helpers took five times as long)
    targets: Integers,
    step_first: Integers,
    step_classes: Integers,
    gaps: Integers,
    unless_first: Integers,
    unless: Integers,
    first: Integers,
    places: Integers,
    sentence_starts: Integers,
    sentence_ends: Integers,
    sentence: Integers,
    points: Integers,
    keys: Integers,
) -> int:
    """Write a key for each match, as far as there is room, some twice; how many there are."""
    count, room = 0, len(keys)
    for pattern in range(len(targets)):
        begin, last_step = step_first[pattern], step_first[pattern + 1]
        is_there = True
        for step in range(begin, last_step):
            number = step_classes[step]
            is_there &= first[number] < first[number + 1]
        if not is_there:
            continue
        low, high = first[step_classes[begin]], first[step_classes[begin] + 1]
        second = np.int64(0)
        if last_step - begin > 1:
            second = first[step_classes[begin + 1]]
        for place in range(low, high):
            at = np.int64(places[place, 1])
            limit = np.int64(-1)
            matched = True
            for step in range(begin + 1, last_step):
                number = step_classes[step]
                floor, ceiling = first[number], first[number + 1]
                if step == begin + 1:
                    # Starts ascend and ends nearly so: the place behind is near the last one.
                    follow = second
                    while follow < ceiling and places[follow, 0] < at:
                        follow += 1
                    while follow > floor and places[follow - 1, 0] >= at:
                        follow -= 1
                    second = follow
                else:
                    follow, above = floor, ceiling
                    while follow < above:
                        middle = (follow + above) >> 1
                        if places[middle, 0] < at:
                            follow = middle + 1
                        else:
                            above = middle
                if follow == ceiling:
                    matched = False
                    break
                start = np.int64(places[follow, 0])
                if start - at > gaps[step]:
                    matched = False
                    break
                if limit < 0:
                    limit = sentence_ends[sentence[at - 1]]
                if start >= limit:
                    matched = False
                    break
                if gaps[step] <= _SAME_CLAUSE:
                    for between in range(at, start):
                        point = points[between]
                        # As the search for a clause's end stops before the next element, a space right before it ends nothing.
                        if point == _COMMA or (
                            point == _SPACE
                            and between < start - 1
                            and _FIRST_HAN <= points[between - 1] <= _LAST_HAN
                            and _FIRST_HAN <= points[between + 1] <= _LAST_HAN
                        ):
                            matched = False
                            break
                    if not matched:
                        break
                at = np.int64(places[follow, 1])
            if not matched:
                continue
            start = np.int64(places[place, 0])
            for index in range(unless_first[pattern], unless_first[pattern + 1]):
                opens = sentence_starts[sentence[start]]
                closes = sentence_ends[sentence[start]]
                follow, above = first[unless[index]], first[unless[index] + 1]
                ceiling = above
                while follow < above:
                    middle = (follow + above) >> 1
                    if places[middle, 0] < opens:
                        follow = middle + 1
                    else:
                        above = middle
                if follow < ceiling and places[follow, 0] < closes:
                    matched = False
                    break
            if matched:
                if count < room:
                    keys[count] = (
                        (start << (_END_BITS + _TARGET_BITS))
                        | ((at - start) << _TARGET_BITS)
                        | targets[pattern]
                    )
                count += 1
    return count


@native.compiled
def _decoded(
    keys: Integers, first: Integers
) -> tuple[Integers, Integers, Integers, Integers]:
    """Texts, starts in them, ends and targets of sorted keys, each once."""
    size = len(keys)
    texts, starts = np.empty(size, np.int64), np.empty(size, np.int64)
    ends, targets = np.empty(size, np.int64), np.empty(size, np.int64)
    count, text, last = 0, 0, np.int64(-1)
    for index in range(size):
        key = keys[index]
        if key == last:
            continue
        last = key
        start = key >> (_END_BITS + _TARGET_BITS)
        while first[text + 1] <= start:
            text += 1
        texts[count], starts[count] = text, start - first[text]
        ends[count] = starts[count] + ((key >> _TARGET_BITS) & ((1 << _END_BITS) - 1))
        targets[count] = key & ((1 << _TARGET_BITS) - 1)
        count += 1
    return (
        texts[:count].copy(),
        starts[:count].copy(),
        ends[:count].copy(),
        targets[:count].copy(),
    )
