"""Many texts as one strip: laid one after the other, a line break behind each.

In: texts. Out: ``Strip``. Invariants: pure; no word holds a line break and every sentence ends at one, so that nothing is found across
two texts; the strip of documents is that of their fields, because a document's fields are parted by one, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from features.engine import trie

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.engine.trie import Integers


class Strip(NamedTuple):
    """Texts one after the other.

    Attributes:
        text: All of them, a line break behind each.
        points: Its code points.
    """

    text: str
    points: Integers


def strip(texts: Sequence[str]) -> Strip:
    """The strip of some texts."""
    text = "\n".join([*texts, ""])
    return Strip(text, trie.points_of(text))


def first(texts: Sequence[str]) -> Integers:
    """Where each text begins in its strip, and where the last one ends."""
    begins = np.zeros(len(texts) + 1, dtype=np.int64)
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    np.cumsum(sizes + 1, out=begins[1:])
    return begins
