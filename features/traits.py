"""Traits of clauses: what turns of phrase tell together that none tells alone.

In: the table of traits of a pack: for each run of characters how far it moves a clause along each trait, and for each trait what it
adds to the log-odds of the fifteen signals once a clause has it. Out: these sums. Invariants: pure; a run counts once in a clause; a trait
that a clause doesn't have says nothing, so that runs which mean the same in other words share one and a second run of the kind adds
less; whole numbers throughout, whose sum no order changes. The table is data, written by ``tests/harness/fit_reading.py``.

Source: Joulin et al. (2016), "Bag of Tricks for Efficient Text Classification", for runs that share learned coordinates; here a
coordinate below zero counts as zero.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from features import catalogue, phrasebook

if TYPE_CHECKING:
    from features.trie import Integers

#: How many traits a table tells of. Of posts of writers left out F1 of tropes is 0.804 with them and 0.798 without; thirty-two: 0.805.
WIDTH: Final = 16
#: Whole numbers that make one: of log-odds, and along a trait.
UNITS: Final = 1_000
#: Lines that are no runs: where a clause without any run stands, and what traits add to each signal.
_BASE: Final = "@base"
_TOLD: Final = tuple(f"@{name}" for name in catalogue.SIGNALS)
_FIGURES: Final = re.compile(rf"-?[0-9]+(?: -?[0-9]+){{{WIDTH - 1}}}")


@dataclass(frozen=True, slots=True)
class Table:
    """The traits of a pack, in parts of ``UNITS``.

    Attributes:
        of_runs: Runs that move the clause in which they stand.
        of_beside: Runs that move the clauses before and behind.
        base: Where a clause without any run stands; a number for each trait.
        told: What a whole trait adds to the log-odds of ``catalogue.SIGNALS``; a row for each trait.
    """

    of_runs: phrasebook.Finder
    of_beside: phrasebook.Finder
    base: Integers
    told: Integers

    def odds(self, points: Integers, clauses: Integers, is_same: Integers) -> Integers:
        """What traits add to the log-odds of signals.

        Args:
            points: Code points, with names hidden.
            clauses: For each its clause, numbered without a gap.
            is_same: For each clause but the first whether it stands in the same text as the one before.

        Returns:
            A row for each clause, a column for each signal.
        """
        size = len(is_same) + 1
        moved = self.base + self.of_runs.summed(points, clauses, size)
        beside = self.of_beside.summed(points, clauses, size)
        phrasebook.add_beside(moved, beside, is_same)
        added: Integers = np.maximum(moved, 0) @ self.told / UNITS**2
        return added


def parse(text: str) -> Table:
    """Read a table of traits.

    Args:
        text: Lines ``run <tab> numbers``, one for each trait, separated by blanks; ``@base`` and the names of signals behind ``@`` stand for
            the attributes, behind ``phrasebook.BESIDE`` stands a run of a neighbouring clause. Lines that begin with ``#`` and a
            blank say what they are.

    Returns:
        The table; without lines an empty one, which adds nothing.

    Raises:
        ValueError: a line is not like that; the message begins with its number.
    """
    rows: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or line.startswith("# "):
            continue
        run, _, figures = line.partition("\t")
        if run in rows or not _is_run(run) or not _FIGURES.fullmatch(figures):
            message = f"{number}: expected a new run, a tab and {WIDTH} whole numbers, found {line!r:.60}"
            raise ValueError(message)
        rows[run] = figures
    values = np.fromstring(" ".join(rows.values()), np.int64, WIDTH * len(rows), sep=" ")  # fmt: skip
    row_of = dict(zip(rows, values.reshape(-1, WIDTH), strict=True))
    nothing = np.zeros(WIDTH, np.int64)
    base = row_of.pop(_BASE, nothing)
    told = np.stack([row_of.pop(name, nothing) for name in _TOLD], axis=1)
    runs, beside = (
        [run for run in row_of if _is_beside(run) == is_beside]
        for is_beside in (False, True)
    )
    return Table(
        phrasebook.finder(runs, _stacked(row_of, runs)),
        phrasebook.finder([run[1:] for run in beside], _stacked(row_of, beside)),
        base,
        told,
    )


def _stacked(row_of: dict[str, Integers], runs: list[str]) -> Integers:
    return np.array([row_of[run] for run in runs], np.int64).reshape(-1, WIDTH)


def _is_beside(run: str) -> bool:
    return run.startswith(phrasebook.BESIDE) and len(run) > 1


def _is_run(run: str) -> bool:
    """Whether a key of the table is a run, or stands for an attribute."""
    length = len(run) - _is_beside(run)
    return run == _BASE or run in _TOLD or 0 < length <= phrasebook.LONGEST
