"""Learned tables of runs: lines ``run <tab> whole numbers``, which packs hold by the hundred thousand.

In: the text of a table. Out: its runs and their numbers. Invariants: pure; a line that is not as it should be is named. All figures are
read in one pass of NumPy: line by line in Python takes half a second of every start.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from features.trie import Integers

_WHOLE: Final = re.compile(r"-?[0-9]+(?: -?[0-9]+)*")


def parse(
    text: str, *, width: int, longest: int, is_run: Callable[[str], bool]
) -> tuple[list[str], Integers]:
    """Read a table.

    Args:
        text: Lines ``run <tab> numbers``, separated by blanks. Lines that begin with ``#`` and a blank say what they are.
        width: How many numbers a line has.
        longest: Characters that a run may have.
        is_run: Whether something that is longer, or nothing, may stand before the tab as well.

    Returns:
        The distinct runs in the order of the lines, and their numbers, a row for each; no rows without lines.

    Raises:
        ValueError: a line is not like that; the message begins with its number.
    """
    lines = [
        line.partition("\t")
        for line in text.split("\n")
        if line and not line.startswith("# ")
    ]
    found = [run for run, _, _ in lines]
    figures = "".join(f" {figures}" for _, _, figures in lines)
    is_whole = all(line[2].count(" ") == width - 1 for line in lines)
    is_known = all(0 < len(run) <= longest or is_run(run) for run in found)
    is_new = len(set(found)) == len(found)
    if not (is_whole and is_known and is_new and _are_whole_numbers(figures)):
        raise ValueError(next(_mistakes(text, width, longest, is_run)))
    values = np.fromstring(figures, np.int64, width * len(lines), sep=" ")
    return found, values.reshape(-1, width)


def _are_whole_numbers(figures: str) -> bool:
    """Whether a text is whole numbers with one blank before each; ``_WHOLE`` says the same and takes ten times as long."""
    spaced = f"{figures} "
    return (
        not spaced.encode().translate(None, b" -0123456789")
        and "  " not in spaced
        and "- " not in spaced
        and spaced.count("-") == spaced.count(" -")
    )


def _mistakes(
    text: str, width: int, longest: int, is_run: Callable[[str], bool]
) -> Iterator[str]:
    """The lines of a table that are not as they should be, and why."""
    seen: set[str] = set()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or line.startswith("# "):
            continue
        run, _, figures = line.partition("\t")
        if len(figures.split(" ")) != width or not _WHOLE.fullmatch(figures):
            yield f"{number}: expected a run, a tab and {width} whole numbers, found {line!r:.60}"
        if run in seen or not (0 < len(run) <= longest or is_run(run)):
            yield f"{number}: expected a new run of 1 to {longest} characters, found {run!r:.60}"
        seen.add(run)
