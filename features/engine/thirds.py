"""Which of the places where an expression may begin by its first two characters stay when the third is looked at.

In: regular expressions, code points of texts, places from ``openings``. Out: those of the places where three characters of a match
may stand. Invariants: pure; nothing is missed: whatever an expression matches at one of the places, the place stays (a test
tries). Two characters are looked up everywhere and must be cheap; the third tells 代理费 from 代理群 at the few places left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from features.engine import heads as heads_module
from features.engine import native, openings

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from features.engine.trie import Integers

_DEPTH: Final = 3
#: Bits of a code point; one with all of them set, which no character has, stands for any.
_BITS: Final = 21
_ANY: Final = (1 << _BITS) - 1
#: Multiplier of Fibonacci hashing, as in ``trie``.
_MIXER: Final = np.uint64(0x9E3779B97F4A7C15)


class Thirds:
    """Expressions made ready.

    Args:
        expressions: By name; at most thirty.
    """

    def __init__(self, expressions: Mapping[str, re.Pattern[str]]) -> None:
        self._bits = {name: 1 << index for index, name in enumerate(expressions)}
        masks: dict[int, int] = {}
        kinds: set[tuple[int, ...]] = set()
        for name, expression in expressions.items():
            for head in openings.heads_of(expression, _DEPTH):
                padded = (*head, *(heads_module.ANY,) * _DEPTH)[:_DEPTH]
                whole = [_ANY if one == heads_module.ANY else one for one in padded]
                kinds.add(tuple(_ANY * (one == _ANY) for one in whole))
                key = _packed(*whole)
                masks[key] = masks.get(key, 0) | self._bits[name]
        self._kinds = np.array(
            [_packed(*kind) for kind in sorted(kinds)], dtype=np.int64
        )
        self._slots = _slots(
            np.array(list(masks), dtype=np.int64),
            np.array(list(masks.values()), dtype=np.int64),
        )

    def mask(self, name: str) -> int:
        """The bit of an expression in ``masks``."""
        return self._bits[name]

    def masks(self, points: Integers, places: Integers) -> Integers:
        """For each of some places the bits of the expressions of which three characters may stand there.

        Args:
            points: Code points of the texts; the last one is a line break.
            places: Any.
        """
        return _masks(points, places, self._kinds, *self._slots)

    def kept(self, name: str, points: Integers, places: Integers) -> Integers:
        """The places where an expression may begin.

        Args:
            name: Its name.
            points: Code points of the texts; the last one is a line break.
            places: Where its first two characters may stand, ascending.
        """
        kept: Integers = places[(self.masks(points, places) & self._bits[name]) > 0]
        return kept


def _packed(first: int, second: int, third: int) -> int:
    return (first << (2 * _BITS)) | (second << _BITS) | third


@native.compiled
def _slots(keys: Integers, masks: Integers) -> tuple[Integers, Integers]:
    """A table of four slots and more for each key, a power of two: keys, -1 in empty ones, and their masks."""
    size = 4
    while size < 4 * len(keys):
        size *= 2
    held, bits = np.full(size, -1, np.int64), np.zeros(size, np.int64)
    for index in range(len(keys)):
        slot = np.int64((np.uint64(keys[index]) * _MIXER) >> np.uint64(32)) & (size - 1)
        while held[slot] >= 0:
            slot = (slot + 1) & (size - 1)
        held[slot], bits[slot] = keys[index], masks[index]
    return held, bits


@native.compiled
def _masks(
    points: Integers, places: Integers, kinds: Integers, held: Integers, bits: Integers
) -> Integers:
    found = np.zeros(len(places), np.int64)
    last, end = len(points) - 1, len(held) - 1
    for index in range(len(places)):
        place = places[index]
        key = np.int64(0)
        for step in range(_DEPTH):
            key = (key << _BITS) | np.int64(points[min(place + step, last)])
        for kind in kinds:
            asked = key | kind
            slot = np.int64((np.uint64(asked) * _MIXER) >> np.uint64(32)) & end
            while held[slot] >= 0 and held[slot] != asked:
                slot = (slot + 1) & end
            if held[slot] == asked:
                found[index] |= bits[slot]
    return found
