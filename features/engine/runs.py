"""Learned tables: lines ``key <tab> whole numbers``, which packs hold by the hundred thousand.

In: the text of a table. Out: ``Lines``: its keys, told apart by their marks, and their numbers. Invariants: pure; a line that is not as
it should be is named. All lines are read as columns: line by line in Python takes a second of every start.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from features.engine import expressions, native, trie

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from features.engine.trie import Integers

#: Most digits of a number, so that it has 64 bits.
_DIGITS: Final = 18
_WHOLE: Final = expressions.compiled(
    rf"-?[0-9]{{1,{_DIGITS}}}(?: -?[0-9]{{1,{_DIGITS}}})*"
)
_TAB, _BREAK, _BLANK, _HASH, _MINUS, _ZERO, _NINE = map(ord, "\t\n #-09")


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a table.

    Attributes:
        named: Numbers of the keys that have a name.
        marks: Of each other line the mark that its key begins with, nothing where it has none.
        runs: The rest of its key.
        values: Its numbers, a row for each.
    """

    named: Mapping[str, Integers]
    marks: pl.Series
    runs: pl.Series
    values: Integers

    def behind(self, mark: str = "") -> tuple[list[str], Integers]:
        """The runs behind a mark, or those without any, and their numbers."""
        is_here = self.marks == mark
        return self.runs.filter(is_here).to_list(), self.values[is_here.to_numpy()]


def parse(
    text: str, *, width: int, longest: int, marks: str = "", names: Collection[str] = ()
) -> Lines:
    """Read a table.

    Args:
        text: Lines ``key <tab> numbers``, separated by blanks. Lines that begin with ``#`` and a blank say what they are.
        width: How many numbers a line has.
        longest: Characters that a key may have behind its mark.
        marks: Characters that begin a key as its mark; a key of nothing else is a run.
        names: Keys that stand for themselves, of any length.

    Returns:
        The lines in their order; none of an empty text.

    Raises:
        ValueError: a line is not like that, or its key was there before; the message begins with its number.
    """
    lines = _lines(trie.points_of(text), width)
    starts, tabs, numbers = lines[:, 0], lines[:, 1], lines[:, 2:]
    keys = pl.Series([text[start:tab] for start, tab in zip(starts.tolist(), tabs.tolist(), strict=True)], dtype=pl.String)  # fmt: skip
    is_name, size = keys.is_in(names), keys.str.len_chars()
    is_marked = keys.str.head(1).is_in(list(marks)) & (size > 1)
    is_run = is_name | (size - is_marked.cast(pl.UInt32)).is_between(1, longest)
    if (tabs < starts).any() or not (is_run.all() and keys.is_unique().all()):
        raise ValueError(next(_mistakes(text, is_run, width, longest)))
    runs, cut = keys.filter(~is_name), is_marked.filter(~is_name).cast(pl.UInt32)
    return Lines(
        named=dict(zip(keys.filter(is_name), numbers[is_name.to_numpy()], strict=True)),
        marks=runs.str.slice(0, cut),
        runs=runs.str.slice(cut),
        values=numbers[~is_name.to_numpy()],
    )


@native.compiled
def _lines(points: Integers, width: int) -> Integers:
    """For each line of a table where it starts, where its tab is (-1 in a line that is not as it should be), and its numbers."""
    count = 1
    for point in points:
        count += point == _BREAK
    found = np.zeros((count, width + 2), np.int64)
    line, start, size = 0, 0, len(points)
    while start < size:
        end = start
        while end < size and points[end] != _BREAK:
            end += 1
        is_comment = (
            start + 1 < end and points[start] == _HASH and points[start + 1] == _BLANK
        )
        if end > start and not is_comment:
            found[line, 0] = start
            found[line, 1] = _numbers(points, start, end, found[line, 2:])
            line += 1
        start = end + 1
    return found[:line]


@native.compiled
def _numbers(points: Integers, start: int, end: int, found: Integers) -> int:
    """Write the numbers of a line; where its tab is, -1 if it is not as it should be."""
    tab = start
    while tab < end and points[tab] != _TAB:
        tab += 1
    place = tab
    for column in range(len(found)):
        # A tab stands before the first number, a blank before each other.
        if place >= end or (column and points[place] != _BLANK):
            return -1
        place += 1
        is_negative = place < end and points[place] == _MINUS
        place += is_negative
        number, first = np.int64(0), place
        while place < end and _ZERO <= points[place] <= _NINE:
            number = number * 10 + np.int64(points[place]) - _ZERO
            place += 1
        if not 0 < place - first <= _DIGITS:
            return -1
        found[column] = -number if is_negative else number
    return tab if place == end else -1


def _mistakes(text: str, is_run: pl.Series, width: int, longest: int) -> Iterator[str]:
    """The lines of a table that are not as they should be, and why."""
    seen: set[str] = set()
    lines = (
        (number, line)
        for number, line in enumerate(text.split("\n"), start=1)
        if line and not line.startswith("# ")
    )
    for (number, line), is_good in zip(lines, is_run, strict=True):
        run, _, figures = line.partition("\t")
        if len(figures.split(" ")) != width or not _WHOLE.fullmatch(figures):
            yield f"{number}: expected a key, a tab and {width} whole numbers, found {line!r:.60}"
        if run in seen or not is_good:
            yield f"{number}: expected a new key of 1 to {longest} characters, found {run!r:.60}"
        seen.add(run)
