"""The sentences of a slice of texts.

In: what each character is to sentences. Out: where sentences begin and end, and the sentence of each character. Invariants: pure; linear;
the same as ``hits.Sentences`` gives text by text (a test holds the two together).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from features.engine import native

if TYPE_CHECKING:
    from features.engine.trie import Integers

#: What a character is to sentences: inside one, a sign between two, a bar between two, the border of two texts.
INSIDE, SIGN, BAR, BORDER = 0, 1, 2, 3
_CLOSING: Final = ord(")")
_ZERO, _NINE = map(ord, "09")
_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FFF


class Sentences:
    """The sentences of a slice of texts, as ``hits.Sentences`` gives them for each.

    Args:
        kinds: For each character whether it is ``INSIDE`` sentences or what else.
        points: The code points of the texts.

    Attributes:
        starts: Where each sentence begins.
        ends: Where it ends, without its end mark.
        number: For each character, and the end, its sentence; an end mark counts to the sentence before it.
    """

    __slots__ = ("ends", "number", "starts")

    def __init__(self, kinds: Integers, points: Integers) -> None:
        self.starts, self.ends, self.number = _sentences(kinds, points)


@native.compiled
def _sentences(
    kinds: Integers, points: Integers
) -> tuple[Integers, Integers, Integers]:
    """Starts and ends of sentences, and the sentence of each character.

    Runs of one kind of sign part them, and so do the numbers of list items: one or two digits and a bracket behind a Han
    character or bracket.
    """
    size = len(points)
    starts, ends = np.empty(size + 1, np.int64), np.empty(size + 1, np.int64)
    number = np.empty(size + 1, np.int32)
    starts[0], count, at = 0, 0, 0
    while at < size:
        kind = kinds[at]
        end = at
        if kind != INSIDE:
            while end < size and kinds[end] == kind:
                number[end] = count
                end += 1
            ends[count] = at
        else:
            number[at] = count
            end = at + 1
            if points[at] == _CLOSING:
                digits = 0
                while (
                    digits < 2
                    and at > digits
                    and _ZERO <= points[at - 1 - digits] <= _NINE
                ):
                    digits += 1
                before = points[at - 1 - digits] if at > digits else 0
                is_item = digits > 0 and (
                    _FIRST_HAN <= before <= _LAST_HAN or before == _CLOSING
                )
                if is_item:
                    ends[count] = at - digits
                else:
                    at = end
                    continue
            else:
                at = end
                continue
        count += 1
        starts[count] = end
        at = end
    number[size] = count
    ends[count] = size
    return starts[: count + 1].copy(), ends[: count + 1].copy(), number
