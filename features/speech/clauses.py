"""Which tropes stand in each clause, as far as turns of phrase and their traits tell.

In: a slice of texts with names hidden, and the phrases and traits of a pack, joined into one table. Out: log-odds, a row for each
clause, a column for each of the fifteen signals. Invariants: pure; linear; whole numbers as far as sums go, so that no order changes them.

Phrases add to signals, traits move a clause first (``traits``); both also speak for the clauses beside their own. Most runs do all four,
and what takes time is to find a run in memory: it is found once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from features import catalogue
from features.engine import native
from features.speech import phrasebook, traits

if TYPE_CHECKING:
    from features.engine.trie import Integers
    from features.speech import cues, phrases

_SIGNAL_COUNT: Final = len(catalogue.SIGNALS)
#: Of one log-odds, in the table of phrases.
_HUNDREDTHS: Final = 100
#: Of one log-odds, where a trait moved and what it tells are multiplied.
_UNITS: Final = traits.UNITS**2


@dataclass(frozen=True, slots=True)
class Table:
    """What runs tell of clauses.

    Attributes:
        found: The runs. Columns: signals of the own clause, of the clauses beside it, traits of the own clause, of those beside it.
        base: Log-odds of each signal in a clause without any run.
        speaker: What the stance of its text adds: a row for each of ``stance.STANCES``.
        sight: What a match of the pack's own patterns in the clause adds for its signal.
        quoted: What it adds that a clause begins in somebody else's words, or denied.
        levels: Where a clause without any run stands along each trait.
        told: What a whole trait adds to each signal; a row for each trait.
        is_empty: Whether no run tells anything.
    """

    found: phrasebook.Finder
    base: Integers
    speaker: Integers
    sight: Integers
    quoted: Integers
    levels: Integers
    told: Integers
    is_empty: bool

    def odds(
        self, hidden: phrases.Masked, stances: Integers, is_quoted: Integers
    ) -> cues.Column:
        """How likely each clause is to show each signal, by its runs, by its neighbours' and by what its text does.

        Args:
            hidden: The slice; its clauses are numbered without a gap, and there is one at least.
            stances: For each text its likeliest stance, a number of ``stance.STANCES``.
            is_quoted: For each clause whether it begins in somebody else's words, or denied.

        Returns:
            Log-odds, a row for each clause, a column for each signal.
        """
        size = int(hidden.clauses[-1]) + 1
        of = hidden.texts[np.flatnonzero(np.diff(hidden.clauses, prepend=-1))]
        return _odds(
            self.found.summed(hidden.points, hidden.clauses, size),
            self.base,
            self.speaker[stances],
            self.levels,
            self.told,
            is_quoted,
            self.quoted,
            of,
        )


def table(told: phrasebook.Table, moved: traits.Table) -> Table:
    """The phrases and the traits of a pack, joined."""
    parts = (
        (told.runs, np.rint(told.signals * _HUNDREDTHS).astype(np.int64)),
        told.beside,
        moved.own,
        moved.beside,
    )
    runs = list(dict.fromkeys(run for listed, _ in parts for run in listed))
    row_of = {run: row for row, run in enumerate(runs)}
    weights = np.zeros((len(runs), 2 * (_SIGNAL_COUNT + traits.WIDTH)), np.int64)
    column = 0
    for listed, numbers in parts:
        rows = np.array([row_of[run] for run in listed], dtype=np.int64)
        weights[rows, column : column + numbers.shape[1]] = numbers
        column += numbers.shape[1]
    return Table(
        phrasebook.finder(runs, weights),
        told.base,
        told.speaker,
        told.sight,
        told.quoted,
        moved.base,
        moved.told,
        not weights.any(),
    )


@native.compiled
def _odds(  # noqa: PLR0917 (compiled functions take their arrays by place)
    summed: Integers,
    base: Integers,
    told: Integers,
    levels: Integers,
    traits_told: Integers,
    is_quoted: Integers,
    quoted: Integers,
    of: Integers,
) -> Integers:
    """In one pass: there are three clauses for every text, and sixteen traits and fifteen signals for each.

    A trait that a clause doesn't have says nothing.
    """
    size, count, width = len(of), len(base), len(levels)
    odds: Integers = np.empty((size, count), np.float64)
    added = np.empty(count, np.int64)
    for clause in range(size):
        text = of[clause]
        is_led = clause > 0 and of[clause - 1] == text
        is_followed = clause + 1 < size and of[clause + 1] == text
        added[:] = 0
        for trait in range(width):
            moved = np.int64(levels[trait]) + summed[clause, 2 * count + trait]
            beside = 2 * count + width + trait
            if is_led:
                moved += summed[clause - 1, beside]
            if is_followed:
                moved += summed[clause + 1, beside]
            if moved > 0:
                for name in range(count):
                    added[name] += moved * traits_told[trait, name]
        for name in range(count):
            total = base[name] + summed[clause, name] / _HUNDREDTHS + told[text, name]
            if is_led:
                total += summed[clause - 1, count + name] / _HUNDREDTHS
            if is_followed:
                total += summed[clause + 1, count + name] / _HUNDREDTHS
            total += is_quoted[clause] * quoted[name]
            odds[clause, name] = total + added[name] / _UNITS
    return odds
