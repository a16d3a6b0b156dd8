"""Where sums of money may begin in many texts, so that ``quantities`` reads a few places instead of every number.

In: code points of folded plain texts. Out: places. Invariants: pure; linear; nothing is missed that ``money`` would call an
amount, and no neighbour that has a say in it (a test holds both ways together).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import numpy as np

from features.amounts import quantities
from features.engine import native, trie
from features.writing import numerals

if TYPE_CHECKING:
    from features.engine.trie import Integers

_DIGIT, _BEGINS, _FOLLOWS, _CONTINUES, _PRECEDES = (1 << bit for bit in range(5))
#: What may follow one or two digits that are a sum, part of one, or the first number of a range; and what may precede them.
_AFTER_SMALL: Final = f"{numerals.HAN_DIGITS}{numerals.HAN_UNITS}.,、-~/ 几多来余个wk元块圆毛¥r人大软c米位到至"
_BEFORE_SMALL: Final = "¥yb币 ,."
#: Most digits of a small number.
_SMALL: Final = 2
#: Numbers no further apart than this are neighbours in a list.
_NEIGHBOURS: Final = 12


@functools.cache
def _kinds() -> Integers:
    """What characters are to the beginnings of sums, a bit each."""
    kinds = np.zeros(0x110000, dtype=np.uint8)
    for bit, characters in (
        (_DIGIT, "0123456789"),
        (_BEGINS, quantities.BEGINS_HAN),
        (_FOLLOWS, {"\n", "、", *quantities.AFTER_HAN} - {""}),
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
    return _starts(points, first, _kinds())


@native.compiled
def _starts(points: Integers, first: Integers, kinds: Integers) -> Integers:
    size = len(points)
    wanted = np.zeros(size, np.bool_)
    opens, ends = np.empty(size, np.int32), np.empty(size, np.int32)
    count = place = 0
    while place < size:
        kind = kinds[points[place]]
        end = place + 1
        if kind & _DIGIT:
            while end < size and kinds[points[end]] & _DIGIT:
                end += 1
            is_small = (
                end - place <= _SMALL
                and not kinds[points[min(end, size - 1)]] & _CONTINUES
                and not (place and kinds[points[place - 1]] & _PRECEDES)
            )
            if is_small:
                opens[count], ends[count] = place, end
                count += 1
            else:
                wanted[place:end] = True
        elif kind & _BEGINS and end < size and kinds[points[end]] & _FOLLOWS:
            wanted[place] = True
        place = end
    # The neighbours of a number stand in its own text; a small number is none.
    text, restored = 0, 0
    for run in range(count):
        begin, close = np.int64(opens[run]), np.int64(ends[run])
        while first[text + 1] <= begin:
            text += 1
        is_before = is_behind = False
        for one in range(max(begin - _NEIGHBOURS, first[text]), begin):
            is_before |= wanted[one]
        for one in range(close, min(close + _NEIGHBOURS + 1, first[text + 1])):
            is_behind |= wanted[one]
        if is_before and is_behind:
            opens[restored], ends[restored] = begin, close
            restored += 1
    for run in range(restored):
        wanted[opens[run] : ends[run]] = True
    return np.flatnonzero(wanted)


def starts_of(folded: str) -> list[int]:
    """Where sums may begin in one folded text."""
    points = trie.points_of(f"{folded}\n")
    return starts(points, np.array([0, len(points)])).tolist()  # type: ignore[no-any-return]
