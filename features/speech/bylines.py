"""What an account's name and its verification tell of the posts under it: the police warn, 区域招商 offers, 老陆替你出头 sells help.

In: names and verifications as platforms show them, and the table of bylines of a pack: runs of one or two characters of a
name, and kinds of verification, each with what it adds to the log-odds of the five stances. Out: these sums. Invariants:
pure; a run counts once in a name; whoever chooses a name can choose any, so that it never adds more than ``MOST`` for or
against a stance; without a table nothing is added. The table is data, written by ``tests/harness/fit_reading.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from features import normalise
from features.engine import expressions, runs, trie

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.engine.trie import Integers
    from features.speech import cues

#: Numbers of a line of the table: what is added for each of ``stance.STANCES``.
WIDTH: Final = 5
#: Longest run that the table may hold, with the marks of the beginning and the end of a name.
LONGEST: Final = 2
BEGIN, CLOSE = "⊢⊣"
#: Stands before a kind of verification in the table.
VERIFIED: Final = "@"
_KINDS: Final = tuple(f"{VERIFIED}{kind}" for kind in ("none", "personal", "business", "government", "media"))  # fmt: skip
#: Most that a byline adds to the log-odds of a stance, or takes.
MOST: Final = 1.5
#: A name twice as long says each thing with less weight, as in ``phrases.weight_of``.
_USUAL: Final = 6
_FIGURES: Final = expressions.compiled(r"[0-9]+")
_BLANKS: Final = expressions.compiled(r"\s+")


@dataclass(frozen=True, slots=True)
class Table:
    """The bylines of a pack.

    Attributes:
        names: Runs of characters of names as ``masked`` gives them; distinct.
        runs: The same, ready to be found.
        weights: For each node of ``runs`` what it adds to the log-odds of ``stance.STANCES``, in hundredths.
        verified: The same for kinds of verification, by their names.
    """

    names: tuple[str, ...]
    runs: trie.Trie
    weights: Integers
    verified: dict[str, Integers]

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.names or self.verified)

    def odds(self, names: Sequence[str], verified: Sequence[str]) -> cues.Column:
        """What bylines add.

        Args:
            names: Names as shown, one a byline; an empty one tells nothing.
            verified: Their verification, ``none`` where it is not known.

        Returns:
            Log-odds, a row for each byline, a column for each of ``stance.STANCES``.
        """
        shown = [masked(name) for name in names]
        sizes = np.array([len(one) for one in shown], dtype=np.int64)
        units = np.repeat(np.arange(len(shown)), sizes)
        points = trie.points_of("".join(shown))
        found = self.runs.summed(points, units, self.weights, len(shown))
        added = found * weight_of(sizes)[:, None]
        nothing = np.zeros(WIDTH)
        if verified:
            added = added + np.array([self.verified.get(one, nothing) for one in verified])  # fmt: skip
        odds: cues.Column = np.clip(np.round(added / 100, 4), -MOST, MOST)
        return odds


def masked(name: str) -> str:
    """A name as it reads, between marks, with every number as one 0 and without blanks; nothing for an empty one."""
    folded = _BLANKS.sub("", normalise.normalise(name).folded)
    return f"{BEGIN}{_FIGURES.sub('0', folded)}{CLOSE}" if folded else ""


def weight_of(sizes: Integers) -> cues.Column:
    """How much each run counts in names of some lengths (masked)."""
    weights: cues.Column = np.sqrt(_USUAL / np.maximum(_USUAL, sizes))
    return weights


def parse(text: str) -> Table:
    """Read a table of bylines.

    Args:
        text: Lines ``run <tab> numbers``: 5 whole numbers, hundredths of log-odds of ``stance.STANCES``, separated by
            blanks; a kind of verification stands behind ``VERIFIED``. Lines that begin with ``#`` and a blank say what
            they are.

    Returns:
        The table; without lines an empty one, which adds nothing.

    Raises:
        ValueError: a line is not like that; the message begins with its number.
    """
    lines = runs.parse(text, width=WIDTH, longest=LONGEST, names=_KINDS)
    names, values = lines.behind()
    found = trie.Trie(names)
    return Table(
        names=tuple(names),
        runs=found,
        weights=found.by_node(values),
        verified={kind.removeprefix(VERIFIED): row for kind, row in lines.named.items()},
    )  # fmt: skip
