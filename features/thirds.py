"""Which of the places where an expression may begin by its first two characters stay when the third is looked at.

In: regular expressions, code points of texts, places from ``openings``. Out: those of the places where three characters of a match
may stand. Invariants: pure; nothing is missed: whatever an expression matches at one of the places, the place stays (a test
tries). Two characters are looked up everywhere and must be cheap; the third tells 代理费 from 代理群 at the few places left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from features import heads as heads_module
from features import openings

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from features.trie import Integers

_DEPTH: Final = 3
#: Bits of a code point; one with all of them set, which no character has, stands for any.
_BITS: Final = 21
_ANY: Final = (1 << _BITS) - 1


class Thirds:
    """Expressions made ready.

    Args:
        expressions: By name.
    """

    def __init__(self, expressions: Mapping[str, re.Pattern[str]]) -> None:
        self._heads: dict[str, dict[tuple[int, ...], Integers]] = {}
        for name, expression in expressions.items():
            by_kind: dict[tuple[int, ...], list[int]] = {}
            for head in openings.heads_of(expression, _DEPTH):
                padded = (*head, *(heads_module.ANY,) * _DEPTH)[:_DEPTH]
                whole = [_ANY if one == heads_module.ANY else one for one in padded]
                kind = tuple(_ANY * (one == _ANY) for one in whole)
                by_kind.setdefault(kind, []).append(int(_packed(*whole)))
            self._heads[name] = {
                kind: np.unique(np.array(keys, dtype=np.int64))
                for kind, keys in by_kind.items()
            }

    def kept(self, name: str, points: Integers, places: Integers) -> Integers:
        """The places where an expression may begin.

        Args:
            name: Its name.
            points: Code points of the texts; the last one is a line break.
            places: Where its first two characters may stand, ascending.
        """
        last = len(points) - 1
        characters = [
            points[np.minimum(places + step, last)].astype(np.int64)
            for step in range(_DEPTH)
        ]
        is_kept = np.zeros(len(places), dtype=bool)
        for kind, keys in self._heads[name].items():
            asked = _packed(
                *(one | any_ for one, any_ in zip(characters, kind, strict=True))
            )
            at = np.searchsorted(keys, asked)
            is_kept |= keys[np.minimum(at, len(keys) - 1)] == asked
        return places[is_kept]


def _packed(first: Any, second: Any, third: Any) -> Any:  # noqa: ANN401 (numbers, or many of them)
    return (first << (2 * _BITS)) | (second << _BITS) | third
