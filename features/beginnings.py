"""Where sums of money may begin in many texts, so that ``quantities`` reads a few places instead of every number.

In: code points of folded plain texts. Out: places. Invariants: pure; linear; nothing is missed that ``money`` would call an
amount, and no neighbour that has a say in it (a test holds both ways together).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import numpy as np

from features import numerals, quantities, trie

if TYPE_CHECKING:
    from features.trie import Integers

_DIGIT, _BEGINS, _FOLLOWS, _CONTINUES, _PRECEDES = (1 << bit for bit in range(5))
#: What may follow one or two digits that are a sum, part of one, or the first number of a range; and what may precede them.
_AFTER_SMALL: Final = f"{numerals.HAN_DIGITS}{numerals.HAN_UNITS}.,-~/ 几多来余个wk元块圆毛¥r人大软c米位到至"
_BEFORE_SMALL: Final = "¥yb币 ,."
#: Numbers no further apart than this are neighbours in a list.
_NEIGHBOURS: Final = 12


@functools.cache
def _kinds() -> Integers:
    """What characters are to the beginnings of sums, a bit each."""
    kinds = np.zeros(0x110000, dtype=np.uint8)
    for bit, characters in (
        (_DIGIT, "0123456789"),
        (_BEGINS, quantities.BEGINS_HAN),
        (_FOLLOWS, {"\n", *quantities.AFTER_HAN} - {""}),
        (_CONTINUES, _AFTER_SMALL),
        (_PRECEDES, _BEFORE_SMALL),
    ):
        kinds[[ord(one) for one in characters]] |= bit
    return kinds


def starts(points: Integers, first: Integers) -> Integers:
    """Where sums may begin, ascending: what ``quantities`` needs to look at in many texts.

    Numbers below 100 without a unit or currency are left out (打卡12天), unless they stand between others.

    Args:
        points: Code points of folded texts, a line break behind each.
        first: Where each text begins in ``points``, and where the last one ends.
    """
    kinds = _kinds()[points]
    is_digit = (kinds & _DIGIT) > 0
    follows = np.zeros_like(is_digit)
    follows[:-1] = (kinds[1:] & _FOLLOWS) > 0
    wanted = is_digit | (((kinds & _BEGINS) > 0) & follows)
    changes = np.flatnonzero(np.diff(is_digit, prepend=False, append=False))
    opens, ends = changes[::2], changes[1::2]
    small = (ends - opens) <= 2
    small &= (kinds[np.minimum(ends, len(points) - 1)] & _CONTINUES) == 0
    small &= (opens == 0) | ((kinds[np.maximum(opens, 1) - 1] & _PRECEDES) == 0)
    opens, ends = opens[small], ends[small]
    wanted[opens] = False
    wanted[ends - 1] = False
    rest = np.flatnonzero(wanted)
    if len(rest) and len(opens):
        after = np.searchsorted(rest, opens)
        before = rest[np.maximum(after - 1, 0)]
        behind = rest[np.minimum(after, len(rest) - 1)]
        between = (after > 0) & (opens - before <= _NEIGHBOURS)
        between &= (after < len(rest)) & (behind - ends <= _NEIGHBOURS)
        # The neighbours of a number stand in its own text.
        text = np.searchsorted(first, opens, side="right")
        between &= (before >= first[text - 1]) & (behind < first[text])
        wanted[opens[between]] = True
        wanted[ends[between] - 1] = True
        rest = np.flatnonzero(wanted)
    return rest


def starts_of(folded: str) -> list[int]:
    """Where sums may begin in one folded text."""
    points = trie.points_of(f"{folded}\n")
    return starts(points, np.array([0, len(points)])).tolist()  # type: ignore[no-any-return]
