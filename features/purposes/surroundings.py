"""What the clauses around places of texts hold: pairs of characters, told apart by side and by how many clauses away they stand.

In: the characters beside places, from ``beside.lines_of``. Out: packed pairs for each place, and their names in a table. Invariants:
pure; a pair counts once however often it stands there; what stands ``CLAUSES`` clauses away or beyond the line is not looked at.

The characters right beside a sum say less than the clause around it: 前后给他转了三笔 tells of all three sums behind it, and where a clause
ends the next one is often about something else. Wider lines without clauses gave nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from features.engine import native

if TYPE_CHECKING:
    from features.engine.trie import Integers

#: The clause itself and the next ones to each side.
CLAUSES: Final = 3
#: Marks of a pair's name: it stands before or behind.
MARKS: Final = "[]"
#: What ends a clause.
_STOPS: Final = np.array([ord(one) for one in "\n。!?;,、|~"], dtype=np.int64)
#: No character from here on ends one, and most of a post's lie there.
_HAN: Final = 0x4E00
#: Bits of a character in a packed pair, and of both.
_BITS: Final = 21
_BOTH: Final = 2 * _BITS
_NOTHING: Final = -1
#: What tells a name's clause.
_NUMBERS: Final = "".join(map(str, range(CLAUSES)))
#: Characters of a name.
_LONGEST: Final = 4


def pairs(lines: Integers, *, before: int) -> Integers:
    """The pairs around each place, a line for each, filled up with a number that is no pair.

    Args:
        lines: The characters beside each, from ``beside.lines`` or ``beside.lines_of``.
        before: How many of them stand before it.
    """
    return _pairs(lines, before, _STOPS)


@native.compiled
def _pairs(lines: Integers, before: int, stops: Integers) -> Integers:
    width = lines.shape[1]
    found = np.full((len(lines), width), _NOTHING, np.int64)
    for line in range(len(lines)):
        count = 0
        for side in range(2):
            clause, last = 0, np.int64(0)
            for place in range(before * side, width if side else before):
                point = lines[line, place]
                if point == 0:
                    break
                is_stop = False
                if point < _HAN:
                    for stop in stops:
                        is_stop |= point == stop
                if is_stop:
                    clause, last = clause + 1, np.int64(0)
                    if clause == CLAUSES:
                        break
                    continue
                if last:
                    first, second = (last, point) if side else (point, last)
                    pair = first | second << _BITS | (2 * clause + side) << _BOTH
                    is_new = True
                    for other in range(count):
                        is_new &= found[line, other] != pair
                    if is_new:
                        found[line, count] = pair
                        count += 1
                last = point
    return found


def names(packed: Integers) -> list[str]:
    """The names of the pairs of one line: mark, clause, two characters (``[0一共``)."""
    character = (1 << _BITS) - 1
    return [
        f"{MARKS[where % 2]}{where // 2}{chr(pair & character)}{chr(pair >> _BITS & character)}"
        for pair in packed[packed != _NOTHING].tolist()
        for where in (pair >> _BOTH,)
    ]


def number(name: str) -> int:
    """The packed pair of a name.

    Raises:
        ValueError: it is no such name.
    """
    if len(name) != _LONGEST or name[1] not in _NUMBERS:
        message = f"expected a mark, a clause and two characters, found {name!r}"
        raise ValueError(message)
    first, second = map(ord, name[2:])
    where = 2 * int(name[1]) + MARKS.index(name[0])
    return first | second << _BITS | where << _BOTH
