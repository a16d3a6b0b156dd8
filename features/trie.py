"""All words of a list in a long text at once: a trie that is walked from every character in step.

In: words, and texts as arrays of code points. Out: for every place where a word stands its start and the word's number.
Invariants: pure; every occurrence counts, also one inside another; the work is bounded by the length of the text times
that of the longest word, and in practice ends after three steps, because few characters begin three characters of a word.

Why not a library's Aho–Corasick: it answers byte offsets and strings, one row per text. Measured on posts of 120 characters
(median of 5, busy machine): Polars 16 us a post, 35 us with its answers as Python lists; this 9 us.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

Integers = npt.NDArray[Any]

#: Steps whose table is small enough to be looked up directly; beyond, a sorted list of its entries is searched.
_DENSE: Final = 8_000_000
_POINTS: Final = 0x110000


def points_of(text: str) -> Integers:
    """The code points of a text; lone surrogates stay what they are."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


class Trie:
    """Words compiled.

    Args:
        words: Distinct, not empty; a word's number is its index.
    """

    def __init__(self, words: Sequence[str]) -> None:
        letters = sorted({one for word in words for one in word})
        self._width = len(letters) + 1
        self._letter = np.zeros(_POINTS, dtype=np.uint16)
        self._letter[[ord(one) for one in letters]] = np.arange(1, self._width)
        self._steps: list[tuple[bool, Integers, Integers]] = []
        self._words: list[Integers] = []
        level = {"": 0}
        for depth in range(1, max(map(len, words), default=0) + 1):
            below: dict[str, int] = {}
            ends: dict[int, int] = {}
            for number, word in enumerate(words):
                if len(word) >= depth:
                    node = below.setdefault(word[:depth], len(below) + 1)
                    if len(word) == depth:
                        ends[node] = number
            keys = np.array(
                [
                    level[prefix[:-1]] * self._width
                    + int(self._letter[ord(prefix[-1])])
                    for prefix in below
                ],
                dtype=np.int64,
            )
            self._steps.append(self._step(keys, len(level) + 1))
            self._words.append(
                np.array([ends.get(n, -1) for n in range(len(below) + 1)], np.int32)
            )
            level = below

    def _step(self, keys: Integers, parents: int) -> tuple[bool, Integers, Integers]:
        """From (parent, letter) to node: a table of all pairs, or the sorted pairs there are with their nodes."""
        nodes = np.arange(1, len(keys) + 1, dtype=np.int32)
        if parents * self._width <= _DENSE:
            table = np.zeros(parents * self._width, dtype=np.int32)
            table[keys] = nodes
            return True, table, nodes
        order = np.argsort(keys)
        return False, keys[order], nodes[order]

    def find(self, points: Integers) -> tuple[Integers, Integers, Integers]:
        """Where words stand.

        Args:
            points: Code points, from ``points_of``.

        Returns:
            Starts, ends (exclusive) and numbers of the words; in no promised order.
        """
        # Half the width of what numpy takes by itself: these arrays are as long as the text, and memory is what they wait for.
        letters = self._letter[points].astype(np.int32)
        at = np.flatnonzero(letters).astype(np.int32)
        nodes = np.zeros(len(at), dtype=np.int32)
        found: list[tuple[Integers, Integers, Integers]] = []
        for depth, (is_dense, keys, targets) in enumerate(self._steps):
            if depth:
                inside = at + depth < len(letters)
                at, nodes = at[inside], nodes[inside]
            if not is_dense:
                nodes = nodes.astype(np.int64)
            wanted = nodes * self._width + letters[at + depth]
            if is_dense:
                nodes = keys[wanted]
                alive = nodes > 0
            else:
                index = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
                alive = keys[index] == wanted
                nodes = targets[index]
            at, nodes = at[alive], nodes[alive]
            if not len(at):
                break
            words = self._words[depth][nodes]
            ends = words >= 0
            found.append((at[ends], at[ends] + depth + 1, words[ends]))
        if not found:
            nothing = np.zeros(0, dtype=np.int32)
            return nothing, nothing, nothing
        starts, stops, numbers = zip(*found, strict=True)
        return np.concatenate(starts), np.concatenate(stops), np.concatenate(numbers)
