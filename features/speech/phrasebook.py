"""The table of phrases of a pack: runs of characters, each with what it tells of stances and signals.

In: the text of ``<pack>.phrases.tsv``. Out: ``Table``, ready to be looked up in (``phrases``). Invariants: pure; a line that is
not as it should be is named.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from features import catalogue, stance
from features.engine import runs as runs_module
from features.engine import trie

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.engine.trie import Integers

STANCE_COUNT: Final = len(stance.STANCES)
SIGNAL_COUNT: Final = len(catalogue.SIGNALS)
#: Numbers of a line of the table.
_WIDTH: Final = STANCE_COUNT + SIGNAL_COUNT
#: Lines that are no runs.
_WHOLE_TABLE: Final = (
    "@base",
    "@sight",
    "@quoted",
    *(f"@{name}" for name in stance.STANCES),
)
#: Longest run that the table may hold.
LONGEST: Final = 3
#: Marks of runs at the beginning and at the end of a text, and how many characters these are. Of posts of writers left out
#: 0.884 are read right with both and 0.867 without.
BEGIN, CLOSE = "⊢⊣"
BORDER: Final = 14
#: Mark of runs in the clause before or behind: of a trope told over two clauses neither may show it alone. Of posts of writers
#: left out F1 of tropes is 0.807 with them and 0.789 without.
BESIDE: Final = "∥"


@dataclass(frozen=True, slots=True)
class Finder:
    """Some runs, ready to be found and summed.

    Attributes:
        runs: The runs.
        weights: For each node of ``runs`` what it adds, in hundredths of log-odds: whole numbers, whose sum no order changes.
    """

    runs: trie.Trie
    weights: Integers

    def summed(self, points: Integers, units: Integers, size: int) -> Integers:
        """What runs add in each unit of some texts, each run once.

        Args:
            points: Code points, with names hidden.
            units: For each its unit (text or clause), ascending.
            size: Number of units.

        Returns:
            Hundredths of log-odds, a row for each unit; zeros where nothing was found.
        """
        return self.runs.summed(points, units, self.weights, size)


@dataclass(frozen=True, slots=True)
class Table:
    """The phrases of a pack.

    Attributes:
        runs: Runs of characters as they read with names hidden; distinct.
        stances: For each run what it adds to the log-odds of ``stance.STANCES``.
        signals: For each run what it adds to the log-odds of ``catalogue.SIGNALS``.
        base: Log-odds of each signal in a clause without any run.
        sight: What a match of the pack's own patterns in the clause adds for its signal.
        quoted: What it adds that a clause begins in somebody else's words, or denied.
        speaker: What the stance of its text adds: a row for each of ``stance.STANCES``, a column for each signal.
        beside: Runs and what each adds to the log-odds of ``catalogue.SIGNALS`` in the clauses beside its own, in hundredths.
        of_stance: The runs that tell the stance, ready to be found.
        of_begin: The same of those that tell the stance at the beginning of a text.
        of_close: The same at the end.
    """

    runs: tuple[str, ...]
    stances: Integers
    signals: Integers
    base: Integers
    sight: Integers
    quoted: Integers
    speaker: Integers
    beside: tuple[list[str], Integers]
    of_stance: Finder
    of_begin: Finder
    of_close: Finder


def parse(text: str) -> Table:
    """Read a table of phrases.

    Args:
        text: Lines ``run <tab> numbers``: for a run 5 for the stances and 15 for the signals, in hundredths of log-odds,
            separated by blanks; ``@base``, ``@sight`` and ``@quoted`` stand for the attributes of these names, ``@vendor`` and its like for a row of ``speaker``; behind ``BEGIN`` or
            ``CLOSE`` stands a run at the border of a text, behind ``BESIDE`` one in a neighbouring clause. Lines that begin with ``#`` and a blank say what they are.

    Returns:
        The table; without lines an empty one, which adds nothing.

    Raises:
        ValueError: a line is not like that; the message begins with its number.
    """
    lines = runs_module.parse(text, width=_WIDTH, longest=LONGEST, marks=BEGIN + CLOSE + BESIDE, names=_WHOLE_TABLE)  # fmt: skip
    nothing = np.zeros(_WIDTH, np.int64)
    base, sight, quoted, *speaker = (
        lines.named.get(name, nothing)[STANCE_COUNT:] / 100 for name in _WHOLE_TABLE
    )
    stances, signals = slice(STANCE_COUNT), slice(STANCE_COUNT, _WIDTH)
    begin, close = (
        finder(runs, values[:, stances])
        for runs, values in (lines.behind(BEGIN), lines.behind(CLOSE))
    )
    runs, weights = lines.behind()
    beside, signals_beside = lines.behind(BESIDE)
    return Table(
        runs=tuple(runs),
        stances=weights[:, stances] / 100,
        signals=weights[:, signals] / 100,
        base=base,
        sight=sight,
        quoted=quoted,
        speaker=np.stack(speaker),
        beside=(beside, signals_beside[:, signals]),
        of_stance=finder(runs, weights[:, stances]),
        of_begin=begin,
        of_close=close,
    )


def finder(runs: Sequence[str], weights: Integers) -> Finder:
    """Those runs that tell anything, ready to be found; ``weights`` are whole numbers, a row for each run."""
    numbers = np.flatnonzero(weights.any(axis=1))
    found = trie.Trie([runs[number] for number in numbers.tolist()])
    return Finder(found, found.by_node(weights[numbers]))
