"""Learned weights of what stands beside places of texts: a table, and what many places add up to.

In: lines of a table, and for many places what they are and the characters before and behind them. Out: ``Table``, and a row of
weights for each place. Invariants: pure; a key without a row adds nothing; the table is data, and every line of it can be
read.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features import trie

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features.trie import Integers

#: What is added to the log-odds of each answer, in hundredths.
Row = tuple[int, ...]

#: Characters right beside a place that are looked at together.
BESIDE: Final = (1, 2, 3)
#: The edges of a text look like as many line breaks.
_EDGE: Final = BESIDE[-1]
#: Bits of a character in a packed key.
_BITS: Final = 21
_FIGURES: Final = str.maketrans("123456789", "000000000")


class _Keys(NamedTuple):
    """Rows of a table by packed characters, to be looked up for many places at once.

    Attributes:
        keys: Ascending.
        rows: Of each key, and one of zeros.
    """

    keys: Integers
    rows: Integers

    def summed(self, asked: Integers) -> Integers:
        """For each line of ``asked`` the sum of the rows of its keys; a key without a row adds nothing."""
        at = np.searchsorted(self.keys, asked)
        at[self.keys[np.minimum(at, len(self.keys) - 1)] != asked] = len(self.keys)
        found: Integers = self.rows[at].sum(axis=1)
        return found


@dataclass(frozen=True)
class Table:
    """A learned table.

    Attributes:
        whole: Rows of what a place and its document are, by key.
        before: Rows of the one to three characters right before a place.
        behind: Of those right behind.
        pairs_before: Of pairs of characters anywhere near before it.
        pairs_behind: Of pairs behind.
    """

    whole: dict[str, Row] = field(default_factory=dict)
    before: dict[str, Row] = field(default_factory=dict)
    behind: dict[str, Row] = field(default_factory=dict)
    pairs_before: dict[str, Row] = field(default_factory=dict)
    pairs_behind: dict[str, Row] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.whole)

    @functools.cached_property
    def packed(self) -> tuple[_Keys, _Keys, _Keys, _Keys]:
        """What stands before, behind, and pairs before and behind, made ready to be looked up."""
        width = len(next(iter(self.whole.values()), ()))
        return (
            _keys(self.before, width, sizes=BESIDE, is_before=True),
            _keys(self.behind, width, sizes=BESIDE, is_before=False),
            _keys(self.pairs_before, width, sizes=(2,), is_before=True),
            _keys(self.pairs_behind, width, sizes=(2,), is_before=False),
        )

    def weights(
        self,
        wholes: Sequence[Row],
        sides: Sequence[tuple[str, str]],
        *,
        reach: tuple[int, int],
    ) -> Integers:
        """What each of many places adds up to, a line for each and a column for each answer.

        Args:
            wholes: What each place and its document are adds up to.
            sides: The characters before and behind each, at most as many as ``reach`` says; all figures count as 0.
            reach: How many characters are looked at before and behind; three or more.
        """
        before, behind = reach
        lines = [
            one.rjust(_EDGE, "\n").rjust(before, "\0")[::-1]
            + other.ljust(_EDGE, "\n").ljust(behind, "\0")
            for one, other in sides
        ]
        points = trie.points_of("".join(lines)).reshape(len(lines), -1).astype(np.int64)
        points[(points > ord("0")) & (points <= ord("9"))] = ord("0")
        left, right = points[:, :before], points[:, before:]
        near, far, pairs_near, pairs_far = self.packed
        added: Integers = (
            np.array(wholes, dtype=np.int64)
            + near.summed(_beginnings(left))
            + far.summed(_beginnings(right))
            + pairs_near.summed(left[:, :-1] | left[:, 1:] << _BITS)
            + pairs_far.summed(right[:, :-1] | right[:, 1:] << _BITS)
        )
        return added


def _keys(
    rows: dict[str, Row], width: int, *, sizes: Sequence[int], is_before: bool
) -> _Keys:
    packed: dict[int, Row] = {-1: (0,) * width}
    for key, row in rows.items():
        if len(key) in sizes:
            nearest_first = key[::-1] if is_before else key
            packed[sum(ord(one) << _BITS * at for at, one in enumerate(nearest_first))] = row  # fmt: skip
    ordered = sorted(packed)
    table = np.array([*(packed[one] for one in ordered), packed[-1]], dtype=np.int64)
    return _Keys(np.array(ordered, dtype=np.int64), table)


def _beginnings(side: Integers) -> Integers:
    """The first one, two and three characters of each line, packed."""
    found: Integers = np.cumsum(side[:, :3] << (_BITS * np.arange(3)), axis=1)
    return found


def keys(before: str, behind: str) -> Iterator[str]:
    """Keys of a table for the characters beside a place, with their marks; all figures are 0."""
    before = before.rjust(_EDGE, "\n").translate(_FIGURES)
    behind = behind.ljust(_EDGE, "\n").translate(_FIGURES)
    for count in BESIDE:
        yield f"<{before[-count:]}"
        yield f">{behind[:count]}"
    for mark, side in (("<<", before), (">>", behind)):
        for at in range(len(side) - 1):
            yield f"{mark}{side[at : at + 2]}"


def parse(text: str, *, width: int) -> Table:
    """Read a table.

    Args:
        text: Lines ``key <tab> numbers``: whole numbers, hundredths of log-odds, separated by blanks. A key
            that begins with ``<`` or ``>`` is one to three characters right before or behind a place, with ``<<`` or ``>>``
            a pair near it; a line break is written ``¶``. Lines that begin with ``#`` and a blank say what they are.
        width: How many numbers a line has.

    Returns:
        The table; without lines an empty one.

    Raises:
        ValueError: a line is not like that; the message begins with its number.
    """
    table = Table()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line or line.startswith("# "):
            continue
        key, _, figures = line.partition("\t")
        try:
            values = tuple(int(one) for one in figures.split(" "))
        except ValueError:
            values = ()
        rows, key = _of(table, key.replace("¶", "\n"))
        if len(values) != width or key in rows:
            message = f"{number}: expected a new key, a tab and {width} whole numbers, found {line!r:.60}"
            raise ValueError(message)
        rows[key] = values
    return table


def _of(table: Table, key: str) -> tuple[dict[str, Row], str]:
    """Where the row of a key of the file lies."""
    for mark, rows in (
        ("<<", table.pairs_before),
        (">>", table.pairs_behind),
        ("<", table.before),
        (">", table.behind),
    ):
        if key.startswith(mark) and len(key) > len(mark):
            return rows, key[len(mark) :]
    return table.whole, key
