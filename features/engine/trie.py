"""All words of a list in a long text at once: a trie that is walked from every character.

In: words, and texts as arrays of code points. Out: for every place where a word stands its start and the word's number.
Invariants: pure; every occurrence counts, also one inside another; the work is bounded by the length of the text times
that of the longest word, and in practice ends after three steps, because few characters begin three characters of a word.

Why not a library's Aho–Corasick: it answers byte offsets and strings, one row per text. Measured on posts of 120 characters
and the words of a pack: Polars 16 us a post, 35 us with its answers as Python lists; this 2 us.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from features.engine import native

if TYPE_CHECKING:
    from collections.abc import Sequence

Integers = npt.NDArray[Any]

_POINTS: Final = 0x110000
#: Multiplier of Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4): 2**64 over the golden ratio.
_MIXER: Final = np.uint64(0x9E3779B97F4A7C15)
#: Slots of the table for each entry; few entries meet in one.
_ROOM: Final = 2
#: Bits of the sieve: a pair of characters that begins no word finds its bit empty, 19 times in 20. Small enough to stay in
#: the processor's first cache.
_SIEVE_BITS: Final = 18
#: What holds the sums of weights: a unit has fewer words than 2**16.
_SUM_OF: Final = {np.int16: np.int32, np.int64: np.int64}


def points_of(text: str) -> Integers:
    """The code points of a text; lone surrogates stay what they are."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


class Trie:
    """Words compiled.

    Args:
        words: Distinct, not empty; a word's number is its index.
    """

    def __init__(self, words: Sequence[str]) -> None:
        points = points_of("".join(words))
        sizes = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
        starts = np.cumsum(sizes) - sizes
        letters = np.unique(points)
        width = len(letters) + 1
        self._letter = np.zeros(_POINTS, dtype=np.uint16)
        self._letter[letters] = np.arange(1, width)
        spelt = self._letter[points].astype(np.int64)
        # Level by level, all words at once: what numbers are given to nodes is all the same, but a root is 0.
        nodes = np.zeros(len(words), dtype=np.int64)
        steps: list[Integers] = []
        count = 0
        for depth in range(int(sizes.max(initial=0))):
            longer = np.flatnonzero(sizes > depth)
            reached = nodes[longer] * width + spelt[starts[longer] + depth]
            keys, places = np.unique(reached, return_inverse=True)
            nodes[longer] = count + 1 + places
            steps.append(keys)
            count += len(keys)
        self._numbers = np.full(count + 1, -1, dtype=np.int32)
        self._numbers[nodes] = np.arange(len(words))
        self._first = np.zeros(width, dtype=np.int32)
        if steps:
            self._first[steps[0]] = np.arange(1, len(steps[0]) + 1)
        self._width, self._bits = width, max(4, (_ROOM * count).bit_length())
        empty = np.zeros(0, dtype=np.int64)
        self._table = _table(np.concatenate([empty, *steps]), self._bits)
        pairs = starts[sizes > 1]
        self._sieve = _sieve(spelt[pairs] * width + spelt[pairs + 1])

    def find(self, points: Integers) -> tuple[Integers, Integers, Integers]:
        """Where words stand.

        Args:
            points: Code points, from ``points_of``.

        Returns:
            Starts, ends (exclusive) and numbers of the words, sorted by start, longest first.
        """
        room = len(points)
        while True:
            starts, ends, numbers = np.empty((3, room), dtype=np.int32)
            count = _walk(
                points,
                self._letter,
                self._width,
                self._bits,
                self._table,
                self._first,
                self._sieve,
                self._numbers,
                starts,
                ends,
                numbers,
            )
            if count <= room:
                return starts[:count], ends[:count], numbers[:count]
            room = count

    def by_node(self, weights: Integers) -> Integers:
        """Rows of words as rows of the trie's nodes, for ``summed``; as narrow as they may be."""
        is_narrow = np.abs(weights).max(initial=0) <= np.iinfo(np.int16).max
        size = (len(self._numbers), weights.shape[1])
        rows = np.zeros(size, dtype=np.int16 if is_narrow else np.int64)
        nodes = np.flatnonzero(self._numbers >= 0)
        rows[nodes] = weights[self._numbers[nodes]]
        return rows

    def summed(
        self, points: Integers, units: Integers, weights: Integers, size: int
    ) -> Integers:
        """Weights of the words that stand in each unit of some texts, each word once.

        Args:
            points: Code points, from ``points_of``.
            units: For each its unit (a text, a clause), ascending; a word counts in the unit where it begins.
            weights: Whole numbers, a row for each node (``by_node``).
            size: Number of units.

        Returns:
            Sums, a row for each unit; zeros where no word stands.
        """
        return _sums(
            points,
            units,
            self._letter,
            self._width,
            self._bits,
            self._table,
            self._first,
            self._sieve,
            weights,
            np.zeros((size, weights.shape[1]), dtype=_SUM_OF[weights.dtype.type]),
        )


@native.compiled
def _table(keys: Integers, bits: int) -> Integers:
    """Steps as a table of 2**bits slots: key and node in one number, -1 in empty ones."""
    slots = np.full(1 << bits, -1, np.int64)
    for index in range(len(keys)):
        slot = np.int64((np.uint64(keys[index]) * _MIXER) >> np.uint64(64 - bits))
        while slots[slot] >= 0:
            slot = (slot + 1) & ((1 << bits) - 1)
        slots[slot] = (keys[index] << 32) | (index + 1)
    return slots


@native.compiled
def _sieve(pairs: Integers) -> Integers:
    """A bit for each pair of characters that begins a word; some pairs share one."""
    bits = np.zeros(1 << (_SIEVE_BITS - 6), np.uint64)
    for index in range(len(pairs)):
        bit = np.int64(
            (np.uint64(pairs[index]) * _MIXER) >> np.uint64(64 - _SIEVE_BITS)
        )
        bits[bit >> 6] |= np.uint64(1) << np.uint64(bit & 63)
    return bits


@native.compiled
def _walk(  # noqa: PLR0917 (compiled functions take their arrays by place)
    points: Integers,
    letter: Integers,
    width: int,
    bits: int,
    table: Integers,
    first: Integers,
    sieve: Integers,
    numbers: Integers,
    starts: Integers,
    ends: Integers,
    found: Integers,
) -> int:
    """Write what is found as far as there is room; how much there is."""
    size, room, last = len(points), len(starts), (1 << bits) - 1
    shift, count = np.uint64(64 - bits), 0
    letters = np.empty(size + 1, np.uint16)
    for place in range(size):
        letters[place] = letter[points[place]]
    letters[size] = 0
    for start in range(size):
        node = np.int64(first[letters[start]])
        if node == 0:
            continue
        begin = count
        if numbers[node] >= 0:
            if count < room:
                starts[count], ends[count] = start, start + 1
                found[count] = numbers[node]
            count += 1
        pair = np.uint64(letters[start]) * np.uint64(width)
        pair = (pair + np.uint64(letters[start + 1])) * _MIXER
        bit = np.int64(pair >> np.uint64(64 - _SIEVE_BITS))
        if (sieve[bit >> 6] >> np.uint64(bit & 63)) & np.uint64(1) == 0:
            continue
        place = start + 1
        while letters[place]:
            key = node * width + np.int64(letters[place])
            slot = np.int64((np.uint64(key) * _MIXER) >> shift)
            while table[slot] >= 0 and table[slot] >> 32 != key:
                slot = (slot + 1) & last
            if table[slot] < 0:
                break
            node = table[slot] & np.int64(0xFFFFFFFF)
            place += 1
            if numbers[node] >= 0:
                if count < room:
                    starts[count], ends[count] = start, place
                    found[count] = numbers[node]
                count += 1
        low, high = begin, min(count, room) - 1
        while low < high:
            longer, number = ends[high], found[high]
            ends[high], found[high] = ends[low], found[low]
            ends[low], found[low] = longer, number
            low, high = low + 1, high - 1
    return count


@native.compiled
def _sums(  # noqa: PLR0917 (compiled functions take their arrays by place)
    points: Integers,
    units: Integers,
    letter: Integers,
    width: int,
    bits: int,
    table: Integers,
    first: Integers,
    sieve: Integers,
    weights: Integers,
    summed: Integers,
) -> Integers:
    """All places go one character further together, so that a look at the table need not wait for the one before: half the time.

    What is looked up lies by node and narrow: what the processor waits for here is memory.
    """
    last = np.full(len(weights), -1, np.int32)
    end = len(points)
    letters = np.empty(end + 1, np.uint16)
    for place in range(end):
        letters[place] = letter[points[place]]
    letters[end] = 0
    places, nodes = np.empty((2, end), np.int32)
    count, depth = 0, 1
    for place in range(end):
        root: Any = first[letters[place]]
        if root == 0:
            continue
        if last[root] != units[place]:
            unit = last[root] = units[place]
            for column in range(weights.shape[1]):
                summed[unit, column] += weights[root, column]
        pair = np.uint64(letters[place]) * np.uint64(width)
        pair = (pair + np.uint64(letters[place + 1])) * _MIXER
        bit = np.int64(pair >> np.uint64(64 - _SIEVE_BITS))
        places[count], nodes[count] = place, root
        count += int((sieve[bit >> 6] >> np.uint64(bit & 63)) & np.uint64(1))
    shift, mask = np.uint64(64 - bits), (1 << bits) - 1
    while count:
        further = 0
        for index in range(count):
            place = places[index]
            key = np.int64(nodes[index]) * width
            key += np.int64(letters[min(place + depth, end)])
            slot = np.int64((np.uint64(key) * _MIXER) >> shift)
            while table[slot] >= 0 and table[slot] >> 32 != key:
                slot = (slot + 1) & mask
            places[further] = place
            nodes[further] = table[slot] & np.int64(0xFFFFFFFF)
            further += table[slot] >= 0
        count, depth = further, depth + 1
        for index in range(count):
            node = nodes[index]
            if last[node] != units[places[index]]:
                unit = last[node] = units[places[index]]
                for column in range(weights.shape[1]):
                    summed[unit, column] += weights[node, column]
    return summed
