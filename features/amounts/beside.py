"""Learned weights of what stands beside places of texts: a table, and what many places add up to.

In: lines of a table, and for many places what they are and the characters before and behind them. Out: ``Table``, and a row of
weights for each place. Invariants: pure; a key without a row adds nothing; the table is data, and every line of it can be
read.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from features.engine import native, runs, trie

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features.engine.trie import Integers

#: What is added to the log-odds of each answer, in hundredths.
Row = tuple[int, ...]

#: Characters right beside a place that are looked at together.
BESIDE: Final = (1, 2, 3)
#: The edges of a text look like as many line breaks.
_EDGE: Final = BESIDE[-1]
#: Bits of a character in a packed key.
_BITS: Final = 21
#: Longest key of a table.
_LONGEST: Final = 100
_FIGURES: Final = str.maketrans("123456789", "000000000")
_LINE, _ZERO, _NINE = map(ord, "\n09")


class Keys(NamedTuple):
    """Rows of a table by packed characters, to be looked up for many places at once.

    Attributes:
        keys: Distinct.
        rows: Of each key.
        slots: A hash table: the index of a key, or -1.
    """

    keys: Integers
    rows: Integers
    slots: Integers

    def summed(self, asked: Integers) -> Integers:
        """For each line of ``asked`` the sum of the rows of its keys; a key without a row adds nothing."""
        return _summed(self.slots, self.keys, self.rows, asked)


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
    def packed(self) -> tuple[Keys, Keys, Keys, Keys]:
        """What stands before, behind, and pairs before and behind, made ready to be looked up."""
        width = len(next(iter(self.whole.values()), ()))
        return (
            _keys(self.before, width, sizes=BESIDE, is_before=True),
            _keys(self.behind, width, sizes=BESIDE, is_before=False),
            _keys(self.pairs_before, width, sizes=(2,), is_before=True),
            _keys(self.pairs_behind, width, sizes=(2,), is_before=False),
        )

    def weights(
        self, wholes: Sequence[Row] | Integers, lines: Integers, *, before: int
    ) -> Integers:
        """What each of many places adds up to, a line for each and a column for each answer.

        Args:
            wholes: What each place and its document are adds up to.
            lines: The characters beside each, from ``lines`` or ``lines_of``.
            before: How many of them stand before it.
        """
        left, right = lines[:, :before], lines[:, before:]
        near, far, pairs_near, pairs_far = self.packed
        added: Integers = (
            np.array(wholes, dtype=np.int64).reshape(len(lines), near.rows.shape[1])
            + near.summed(_beginnings(left))
            + far.summed(_beginnings(right))
            + pairs_near.summed(left[:, :-1] | left[:, 1:] << _BITS)
            + pairs_far.summed(right[:, :-1] | right[:, 1:] << _BITS)
        )
        return added


def lines(sides: Sequence[tuple[str, str]], *, reach: tuple[int, int]) -> Integers:
    """The characters beside places as numbers, those before from the nearest on, then those behind; all figures count as 0.

    Args:
        sides: The characters before and behind each, at most as many as ``reach`` says.
        reach: How many characters are looked at before and behind; three or more.
    """
    before, behind = reach
    written = "".join(
        one.rjust(_EDGE, "\n").rjust(before, "\0")[::-1]
        + other.ljust(_EDGE, "\n").ljust(behind, "\0")
        for one, other in sides
    )
    points = (
        trie.points_of(written).reshape(len(sides), before + behind).astype(np.int64)
    )
    return _as_figures(points)


def lines_of(
    points: Integers,
    first: Integers,
    texts: Integers,
    starts: Integers,
    ends: Integers,
    *,
    reach: tuple[int, int],
) -> Integers:
    """``lines`` of places of many texts.

    Args:
        points: Code points of the texts, a line break behind each.
        first: Where each text begins in them, and where the last one ends.
        texts: The text of each place.
        starts: Where it begins in that text.
        ends: Exclusive.
        reach: As of ``lines``.
    """
    return _lines(points, first, texts, starts, ends, *reach)


@native.compiled
def _lines(  # noqa: PLR0917 (compiled functions take their arrays by place)
    points: Integers,
    first: Integers,
    texts: Integers,
    starts: Integers,
    ends: Integers,
    reach_before: int,
    reach_behind: int,
) -> Integers:
    """In one pass: as arrays, a hundred characters for each place are visited a dozen times."""
    lines = np.empty((len(texts), reach_before + reach_behind), np.int64)
    for line in range(len(texts)):
        low, high = first[texts[line]], first[texts[line] + 1] - 1
        before, behind = low + starts[line] - 1, low + ends[line]
        for column in range(reach_before + reach_behind):
            is_behind = column >= reach_before
            step = column - reach_before if is_behind else column
            place = behind + step if is_behind else before - step
            point = np.int64(_LINE if step < _EDGE else 0)
            if low <= place < high:
                point = np.int64(points[place])
            lines[line, column] = _ZERO if _ZERO < point <= _NINE else point
    return lines


def _as_figures(points: Integers) -> Integers:
    points[(points > _ZERO) & (points <= _NINE)] = _ZERO
    return points


def keys_of(numbers: Integers, rows: Sequence[Row], *, width: int) -> Keys:
    """Rows by distinct numbers, made ready to be looked up.

    Args:
        numbers: What is looked up.
        rows: Of each number.
        width: How many numbers a row has.
    """
    table = np.array(rows, dtype=np.int64).reshape(-1, width)
    return Keys(numbers, table, _slots(numbers))


def _keys(
    rows: dict[str, Row], width: int, *, sizes: Sequence[int], is_before: bool
) -> Keys:
    packed, listed = [np.zeros(0, np.int64)], []
    for size in sizes:
        chosen = [key for key in rows if len(key) == size]
        points = trie.points_of("".join(chosen)).reshape(-1, size).astype(np.int64)
        nearest_first = points[:, ::-1] if is_before else points
        packed.append((nearest_first << _BITS * np.arange(size)).sum(axis=1))
        listed += [rows[key] for key in chosen]
    return keys_of(np.concatenate(packed), listed, width=width)


@native.compiled
def _slots(keys: Integers) -> Integers:
    """A table of four slots and more for each key; a power of two."""
    size = 4
    while size < 4 * len(keys):
        size *= 2
    slots = np.full(size, -1, np.int32)
    for index in range(len(keys)):
        slot = _slot(keys[index], size)
        while slots[slot] >= 0:
            slot = (slot + 1) & (size - 1)
        slots[slot] = index
    return slots


@native.compiled
def _slot(key: Any, size: int) -> int:  # noqa: ANN401 (a number of numpy)
    """Where a key is looked for first: the upper half of its product with the golden ratio (Knuth, TAOCP 3, 6.4)."""
    mixed = np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)
    return int(mixed >> np.uint64(32)) & (size - 1)


@native.compiled
def _summed(
    slots: Integers, keys: Integers, rows: Integers, asked: Integers
) -> Integers:
    summed = np.zeros((len(asked), rows.shape[1]), np.int64)
    last = len(slots) - 1
    for line in range(len(asked)):
        for place in range(asked.shape[1]):
            key = asked[line, place]
            slot = _slot(key, len(slots))
            while slots[slot] >= 0 and keys[slots[slot]] != key:
                slot = (slot + 1) & last
            if slots[slot] >= 0:
                for column in range(rows.shape[1]):
                    summed[line, column] += rows[slots[slot], column]
    return summed


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
    keys, values = runs.parse(text, width=width, longest=_LONGEST).behind()
    for key, row in zip(keys, map(tuple, values.tolist()), strict=True):
        rows, place = _of(table, key.replace("¶", "\n"))
        rows[place] = row
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
