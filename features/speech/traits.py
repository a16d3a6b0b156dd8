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
from features.engine import runs
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
    """The traits of a pack, in parts of ``UNITS``; ``features.speech.clauses`` adds them up.

    Attributes:
        own: Runs and how far each moves the clause in which it stands along each trait.
        beside: The same of the clauses before and behind.
        base: Where a clause without any run stands; a number for each trait.
        told: What a whole trait adds to the log-odds of ``catalogue.SIGNALS``; a row for each trait.
    """

    own: tuple[list[str], Integers]
    beside: tuple[list[str], Integers]
    base: Integers
    told: Integers


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
        lines.behind(),
        lines.behind(phrasebook.BESIDE),
        base,
        np.stack(told, axis=1),
    )
