"""Learned tables: lines ``key <tab> whole numbers``, which packs hold by the hundred thousand.

In: the text of a table. Out: ``Lines``: its keys, told apart by their marks, and their numbers. Invariants: pure; a line that is not as
it should be is named. All lines are read as columns: line by line in Python takes a second of every start.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from features.trie import Integers

#: Whole numbers of 64 bits, a blank between them.
_WHOLE: Final = re.compile(r"-?[0-9]{1,18}(?: -?[0-9]{1,18})*")


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
    told = [line for line in text.split("\n") if line and not line.startswith("# ")]
    parted = pl.Series(told, dtype=pl.String).str.splitn("\t", 2).struct.unnest()
    keys, figures = parted["field_0"], parted["field_1"].fill_null("").str.split(" ")
    values = figures.explode().cast(pl.Int64, strict=False)
    is_name, size = keys.is_in(names), keys.str.len_chars()
    is_marked = keys.str.head(1).is_in(list(marks)) & (size > 1)
    is_run = is_name | (size - is_marked.cast(pl.UInt32)).is_between(1, longest)
    is_whole = (figures.list.len() == width).all() and not values.has_nulls()
    if not (is_whole and is_run.all() and keys.is_unique().all()):
        raise ValueError(next(_mistakes(text, is_run, width, longest)))
    numbers = values.to_numpy().reshape(-1, width)
    cut = is_marked.filter(~is_name).cast(pl.UInt32)
    runs = keys.filter(~is_name)
    return Lines(
        named=dict(zip(keys.filter(is_name), numbers[is_name.to_numpy()], strict=True)),
        marks=runs.str.slice(0, cut),
        runs=runs.str.slice(cut),
        values=numbers[~is_name.to_numpy()],
    )


def _mistakes(
    text: str, is_run: pl.Series, width: int, longest: int
) -> Iterator[str]:
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
            yield f"{number}: expected a run, a tab and {width} whole numbers, found {line!r:.60}"
        if run in seen or not is_good:
            yield f"{number}: expected a new run of 1 to {longest} characters, found {run!r:.60}"
        seen.add(run)
