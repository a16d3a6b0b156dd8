"""Traits of clauses: what turns of phrase tell together that none tells alone.

In: the table of traits of a pack: for each run of characters how far it moves a clause along each trait, and for each trait what it
adds to the log-odds of the fifteen signals once a clause has it. Out: these sums. Invariants: pure; a run counts once in a clause; a trait
that a clause doesn't have says nothing, so that runs which mean the same in other words share one and a second run of the kind adds
less; whole numbers throughout, whose sum no order changes. The table is data, written by ``tests/harness/fit_reading.py``.

Source: Joulin et al. (2016), "Bag of Tricks for Efficient Text Classification", for runs that share learned coordinates; here a
coordinate below zero counts as zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from features import catalogue
from features.engine import native, runs
from features.speech import phrasebook

if TYPE_CHECKING:
    from features.engine.trie import Integers

#: How many traits a table tells of. Of posts of writers left out F1 of tropes is 0.804 with them and 0.798 without; thirty-two: 0.805.
WIDTH: Final = 16
#: Whole numbers that make one: of log-odds, and along a trait.
UNITS: Final = 1_000
#: Lines that are no runs: where a clause without any run stands, and what traits add to each signal.
_BASE: Final = "@base"
_TOLD: Final = tuple(f"@{name}" for name in catalogue.SIGNALS)


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
        own, beside = (
            finder.summed(points, clauses, size)
            for finder in (self.of_runs, self.of_beside)
        )
        return _told(own, beside, self.base, self.told, is_same)


@native.compiled
def _told(
    own: Integers, beside: Integers, base: Integers, told: Integers, is_same: Integers
) -> Integers:
    """In one pass: there are three clauses for every text, and sixteen traits and fifteen signals for each."""
    odds: Integers = np.empty((len(own), told.shape[1]), np.float64)
    total = np.empty(told.shape[1], np.int64)
    for clause in range(len(own)):
        total[:] = 0
        is_led = clause > 0 and is_same[clause - 1]
        is_followed = clause < len(is_same) and is_same[clause]
        for trait in range(len(base)):
            moved = np.int64(base[trait]) + own[clause, trait]
            if is_led:
                moved += beside[clause - 1, trait]
            if is_followed:
                moved += beside[clause + 1, trait]
            if moved > 0:
                for name in range(len(total)):
                    total[name] += moved * told[trait, name]
        for name in range(len(total)):
            odds[clause, name] = total[name] / UNITS**2
    return odds


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
    lines = runs.parse(text, width=WIDTH, longest=phrasebook.LONGEST, marks=phrasebook.BESIDE, names=(_BASE, *_TOLD))  # fmt: skip
    nothing = np.zeros(WIDTH, np.int64)
    base, *told = (lines.named.get(name, nothing) for name in (_BASE, *_TOLD))
    return Table(
        phrasebook.finder(*lines.behind()),
        phrasebook.finder(*lines.behind(phrasebook.BESIDE)),
        base,
        np.stack(told, axis=1),
    )
