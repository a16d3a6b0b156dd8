"""Many texts normalised at once: those without disguise as one array, the others one by one.

In: texts. Out: for each what ``normalise.normalise`` gives; a test holds the two together on generated texts. Invariants:
pure; linear. Most texts need nothing but one plain character for each of theirs. A table over all code points gives it;
the same table knows which characters may be part of something more (marks, look-alikes, halves of split characters,
separators inside words, pinyin), and a text that holds such a thing in a suspicious place takes the careful way.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import numpy as np

from features import characters, matcher, normalise, trie, wording

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.trie import Integers

_POINTS: Final = 0x110000
#: What a character may be part of; a bit each.
_CAREFUL, _MOJIBAKE, _HAN, _NOISE, _PAIR_FIRST, _PAIR_SECOND = (
    1 << bit for bit in range(6)
)
_PAIR_FIRSTS: Final = frozenset(pair[0] for pair in wording.PAIRS)
_PAIR_SECONDS: Final = frozenset(pair[1] for pair in wording.PAIRS)
#: Most signs in one gap inside a word, and least of mojibake.
_WIDEST_GAP, _LEAST_MOJIBAKE = 3, 3


class _Table:
    """For each code point its plain one and what it may be part of; worked out when first met."""

    def __init__(self) -> None:
        self.plain = np.zeros(_POINTS, dtype=np.uint32)
        self.lower = np.zeros(_POINTS, dtype=np.uint32)
        self.parts = np.zeros(_POINTS, dtype=np.uint8)
        self.is_known = np.zeros(_POINTS, dtype=bool)

    def learn(self, points: Integers) -> None:
        """Work out those that are new."""
        new = points[~self.is_known[points]]
        for point in np.unique(new).tolist() if len(new) else ():
            plain = characters.FOLD[point]
            self.plain[point] = ord(plain)
            self.lower[point] = ord(plain.lower()) if len(plain.lower()) == 1 else 0
            self.parts[point] = _parts(chr(point), plain)
            self.is_known[point] = True


@functools.cache
def _table() -> _Table:
    return _Table()


@functools.cache
def _spelt() -> trie.Trie:
    """Split characters, and half-pinyin words in lower case."""
    return trie.Trie(
        sorted(
            {
                *wording.SPLITS_SURE,
                *wording.SPLITS_IN_WORDS,
                *wording.SPUN,
                *(before + syllable for before, syllable in wording.PINYIN_AFTER),
                *(syllable + after for syllable, after in wording.PINYIN_BEFORE),
            }
        )
    )


def _parts(written: str, plain: str) -> int:
    is_careful = (
        plain <= characters.EXPANDED
        or normalise.needs_care(written)
        or normalise.needs_care(plain)
        or len(plain.lower()) != 1
        or plain == "Σ"  # its lower case hangs on what follows
    )
    return (
        _CAREFUL * is_careful
        | _MOJIBAKE * normalise.is_mojibake(written)
        | _HAN * normalise.is_han(plain)
        | _NOISE * normalise.is_noise(plain)
        | _PAIR_FIRST * (plain in _PAIR_FIRSTS)
        | _PAIR_SECOND * (plain in _PAIR_SECONDS)
    )


def normalised(texts: Sequence[str]) -> list[tuple[normalise.Normalised, str]]:
    """Undo the disguises of many texts.

    Args:
        texts: Any strings.

    Returns:
        For each its plain text with the map, and that text in lower case (``Normalised.folded``).
    """
    if not texts:
        return []
    points = trie.points_of("\n".join([*texts, ""]))
    ends = np.cumsum([len(text) + 1 for text in texts]) - 1
    table = _table()
    table.learn(points)
    folded = table.lower[points]
    plain = table.plain[points].tobytes().decode("utf-32-le", "surrogatepass")
    lower = folded.tobytes().decode("utf-32-le", "surrogatepass")
    suspicious = _suspicious(table.parts[points])
    suspicious[_spelt().find(folded)[0]] = True
    count = np.concatenate([[0], np.cumsum(suspicious, dtype=np.int64)])
    careful = (count[ends] > count[np.concatenate([[0], ends[:-1] + 1])]).tolist()
    made: list[tuple[normalise.Normalised, str]] = []
    first = 0
    for text, last, is_careful in zip(texts, ends.tolist(), careful, strict=True):
        if is_careful:
            one = normalise.normalise(text)
            made.append((one, one.folded))
        else:
            size = last - first
            one = normalise.Normalised(
                text, plain[first:last], range(size), range(1, size + 1)
            )
            made.append((one, lower[first:last]))
        first = last + 1
    return made


def _suspicious(parts: Integers) -> Integers:
    """Where something may stand that is more than one plain character for each."""
    found = _has(parts, _CAREFUL)
    starts, ends = matcher.runs(parts & _MOJIBAKE)
    found[starts[ends - starts >= _LEAST_MOJIBAKE]] = True
    # A gap inside a word: its sides make a known word, or one of them stands alone between two gaps.
    starts, ends = matcher.runs(parts & _NOISE)
    inside = (ends - starts <= _WIDEST_GAP) & (starts > 0) & (ends < len(parts))
    starts, ends = starts[inside], ends[inside]
    left, right = parts[starts - 1], parts[ends]
    is_gap = _has(left, _HAN) & _has(right, _HAN)
    is_word = _has(left, _PAIR_FIRST) & _has(right, _PAIR_SECOND)
    # The last character is a line break, no noise, so nothing is looked for beyond the ends.
    left_alone = _has(parts[np.maximum(starts, 2) - 2], _NOISE) & (starts > 1)
    right_alone = _has(parts[np.minimum(ends + 1, len(parts) - 1)], _NOISE)
    found[starts[is_gap & (is_word | left_alone | right_alone)]] = True
    return found


def _has(parts: Integers, part: int) -> Integers:
    flags: Integers = (parts & part) > 0
    return flags
