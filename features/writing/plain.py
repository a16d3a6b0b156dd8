"""Many texts normalised at once: those without disguise as one array, the others one by one.

In: texts. Out: for each what ``normalise.normalise`` gives; a test holds the two together on generated texts. Invariants:
pure; linear. Most texts need nothing but one plain character for each of theirs. A table over all code points gives it;
the same table knows which characters may be part of something more (marks, look-alikes, halves of split characters,
separators inside words, pinyin), and a text that holds such a thing in a suspicious place takes the careful way.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from features import normalise
from features.engine import native, trie
from features.writing import characters, wording

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from features.engine.trie import Integers

_POINTS: Final = 0x110000
#: What a character may be part of; a bit each.
_CAREFUL, _MOJIBAKE, _HAN, _NOISE, _PAIR_FIRST, _PAIR_SECOND, _UNKNOWN = (
    1 << bit for bit in range(7)
)
_PAIR_FIRSTS: Final = frozenset(pair[0] for pair in wording.PAIRS)
_PAIR_SECONDS: Final = frozenset(pair[1] for pair in wording.PAIRS)
#: Most signs in one gap inside a word, and least of mojibake.
_WIDEST_GAP, _LEAST_MOJIBAKE = 3, 3


#: A ``Normalised`` of its columns in a tuple.
_NORMALISED: Final = cast(
    "Callable[[tuple[str, str, Sequence[int], Sequence[int]]], normalise.Normalised]",
    functools.partial(tuple.__new__, normalise.Normalised),
)


class _Table:
    """For each code point its plain one and what it may be part of; worked out when first met."""

    def __init__(self) -> None:
        self.plain = np.zeros(_POINTS, dtype=np.uint32)
        self.lower = np.zeros(_POINTS, dtype=np.uint32)
        self.parts = np.full(_POINTS, _UNKNOWN, dtype=np.uint8)

    def learn(self, points: Integers) -> None:
        """Work out those that are new."""
        for point in np.unique(points[self.parts[points] == _UNKNOWN]).tolist():
            plain = characters.FOLD[point]
            self.plain[point] = ord(plain)
            self.lower[point] = ord(plain.lower()) if len(plain.lower()) == 1 else 0
            self.parts[point] = _parts(chr(point), plain)


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
    tables = table.plain, table.lower, table.parts
    shown, folded, is_suspicious, is_known = _glance(points, ends, *tables)
    if not is_known:
        table.learn(points)
        shown, folded, is_suspicious, _ = _glance(points, ends, *tables)
    plain = shown.tobytes().decode("utf-32-le", "surrogatepass")
    lower = folded.tobytes().decode("utf-32-le", "surrogatepass")
    is_suspicious[np.searchsorted(ends, _spelt().find(folded)[0])] = True
    begins = np.concatenate([[0], ends[:-1] + 1]).tolist()
    bounds = list(zip(begins, ends.tolist(), strict=True))
    sizes = np.diff(ends, prepend=-1) - 1
    maps = {one: (range(one), range(1, one + 1)) for one in np.unique(sizes).tolist()}
    starts, lasts = zip(*map(maps.__getitem__, sizes.tolist()), strict=True)
    shown_texts = [plain[first:last] for first, last in bounds]
    columns = zip(texts, shown_texts, starts, lasts, strict=True)
    # Most texts are done with this; called one by one, tuples with names take three times as long to make.
    made = list(
        zip(
            map(_NORMALISED, columns),
            [lower[first:last] for first, last in bounds],
            strict=True,
        )
    )
    for index in np.flatnonzero(is_suspicious).tolist():
        one = normalise.normalise(texts[index], shown_texts[index])
        made[index] = one, one.folded
    return made


@native.compiled
def _glance(
    points: Integers,
    ends: Integers,
    plain: Integers,
    lower: Integers,
    kinds: Integers,
) -> tuple[Integers, Integers, Integers, bool]:
    """The plain characters, those in lower case, which texts are suspicious, and whether the tables know all characters.

    Suspicious is where something stands that is more than one plain character for each: a careful character, a run of mojibake, or a gap
    inside a word, of which the sides make a known word, or one stands alone between two gaps.
    """
    size = len(points)
    shown, folded = np.empty(size, np.uint32), np.empty(size, np.uint32)
    is_suspicious = np.zeros(len(ends), np.bool_)
    parts = np.empty(size + 1, np.uint8)
    parts[size] = 0
    all_parts = np.uint8(0)
    for place in range(size):
        point = points[place]
        shown[place], folded[place] = plain[point], lower[point]
        parts[place] = kinds[point]
        all_parts |= kinds[point]
    first = 0
    for text in range(len(ends)):
        mojibake = noise = 0
        # The last character is a line break: no noise, no mojibake.
        for place in range(first, ends[text] + 1):
            part = parts[place]
            if part & _CAREFUL:
                is_suspicious[text] = True
                break
            mojibake = mojibake + 1 if part & _MOJIBAKE else 0
            if mojibake >= _LEAST_MOJIBAKE:
                is_suspicious[text] = True
                break
            if part & _NOISE:
                noise += 1
                continue
            opens = place - noise
            if 0 < noise <= _WIDEST_GAP and opens > first and part & _HAN:
                left = parts[opens - 1]
                is_word = left & _PAIR_FIRST and part & _PAIR_SECOND
                left_alone = opens - 2 >= first and parts[opens - 2] & _NOISE
                if left & _HAN and (is_word or left_alone or parts[place + 1] & _NOISE):
                    is_suspicious[text] = True
                    break
            noise = 0
        first = ends[text] + 1
    return shown, folded, is_suspicious, not all_parts & _UNKNOWN
