"""What of a vocabulary stands in many texts at once, and where its patterns match: the fast twin of ``patterns``.

In: a compiled vocabulary and folded plain texts. Out: ``Scan``: per text the hits that ``Vocabulary.hits`` gives and the
matches that ``Vocabulary.matches`` gives; a test holds the two together on generated texts. Invariants: pure; every step
looks at all texts of the slice as arrays, so the number of texts costs little and the number of patterns nothing per text;
linear in the characters of the slice.

The texts are laid one after the other with a line break between: no word holds one and every sentence ends at one, so
nothing is found across two texts.
"""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from features import classes, matcher, patterns, trie

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features.classes import Places
    from features.trie import Integers

_POINTS: Final = 0x110000
#: Bits of a sort key for the size and the number of a word.
_SIZE_BITS, _WORD_BITS = 6, 16
_LONGEST: Final = (1 << _SIZE_BITS) - 1


class Scanner:
    """A vocabulary made ready.

    Args:
        vocabulary: Complete; patterns that are added later are not seen.
    """

    def __init__(self, vocabulary: patterns.Vocabulary) -> None:
        self.vocabulary = vocabulary
        parts = vocabulary.parts()
        words = sorted(parts.classes_of)
        self.trie = trie.Trie(words)
        self.sizes = np.array([len(word) for word in words], dtype=np.int32)
        if len(words) >= 1 << _WORD_BITS or self.sizes.max(initial=0) > _LONGEST:
            message = f"a vocabulary has at most {1 << _WORD_BITS} words of {_LONGEST} characters"
            raise patterns.PatternError(message)
        words_of: dict[int, list[int]] = {}
        for index, word in enumerate(words):
            for number in parts.classes_of[word]:
                words_of.setdefault(number, []).append(index)
        self.words_of = words_of
        self.is_telling = np.array([word in parts.telling for word in words], bool)
        self.is_ignored = np.array([word in parts.ignore for word in words], bool)
        self.is_kept = np.array([word in parts.keep for word in words], bool)
        self.targets = sorted(
            {each.target for listed in parts.patterns.values() for each in listed}
        )
        numbers = {target: number for number, target in enumerate(self.targets)}
        self.patterns = [
            (numbers[each.target], each)
            for number in sorted(parts.patterns)
            for each in parts.patterns[number]
        ]
        self.number = vocabulary.token("#number")
        self._kinds = np.full(_POINTS, 255, dtype=np.uint8)
        self._numerals = np.zeros(_POINTS, dtype=np.uint8)
        for kind, characters in enumerate(patterns.NUMERALS, start=1):
            self._numerals[[ord(one) for one in characters]] = kind

    def scan(self, texts: Sequence[str]) -> Scan:
        """Find the vocabulary in texts."""
        return Scan(self, texts)

    def kinds(self, points: Integers) -> Integers:
        """What each character is to sentences, as far as it alone tells."""
        kinds = self._kinds[points]
        if (kinds == 255).any():
            for point in np.unique(points[kinds == 255]):
                one = chr(point)
                is_end = patterns.SENTENCE_SIGN.match(one) is not None
                self._kinds[point] = (
                    matcher.BAR
                    if one == "丨"
                    else matcher.SIGN
                    if is_end
                    else matcher.INSIDE
                )
            kinds = self._kinds[points]
        return kinds

    def numerals(self, points: Integers) -> Integers:
        """Which kind of numeral each character is, 0 for none."""
        return self._numerals[points]


@functools.lru_cache(maxsize=4)
def scanner(vocabulary: patterns.Vocabulary) -> Scanner:
    """The scanner of a vocabulary; making it takes 0.03 s, so once."""
    return Scanner(vocabulary)


class Scan:
    """The vocabulary in a slice of texts.

    Places of the slice are offsets in ``text``, all texts one after the other; places of one text are offsets in it.

    Args:
        made: The scanner.
        texts: Folded plain texts.

    Attributes:
        texts: The same.
        text: All of them, a line break behind each.
        points: Its code points.
        first: Where each text begins in it, and where it ends.
        may_match: For each text whether any pattern can match (``Vocabulary.may_match``).
    """

    def __init__(self, made: Scanner, texts: Sequence[str]) -> None:
        self.texts = texts
        self._made = made
        self.text = "\n".join([*texts, ""])
        self.points = trie.points_of(self.text)
        sizes = np.array([len(text) + 1 for text in texts], dtype=np.int64)
        self.first = np.concatenate([[0], np.cumsum(sizes)])
        self._lists: dict[int, tuple[list[int], list[int]]] = {}
        starts, ends, words = made.trie.find(self.points)
        self.may_match = np.zeros(len(texts), dtype=bool)
        self.may_match[self.texts_of(starts[made.is_telling[words]])] = True
        self._classes = classes.Classes(
            made.words_of, made.sizes, *self._counting(starts, ends, words)
        )
        self._classes.add(made.number, matcher.runs(made.numerals(self.points)))
        self._offsets: list[int] = self.first.tolist()
        kinds = made.kinds(self.points)
        kinds[self.first[1:] - 1] = matcher.BORDER
        self._sentences = matcher.Sentences(kinds, self.points)

    def texts_of(self, places: Integers) -> Integers:
        """In which text each place of the slice lies."""
        return np.searchsorted(self.first, places, side="right") - 1

    def _counting(
        self, starts: Integers, ends: Integers, words: Integers
    ) -> tuple[Integers, Integers]:
        """Starts and words of the hits that count, sorted by start, longest first: not those inside a longer ignored word."""
        # One number for all three sorts several times as fast as the three do.
        keys = starts.astype(np.int64) << (_SIZE_BITS + _WORD_BITS)
        keys |= (_LONGEST - (ends - starts)) << _WORD_BITS
        keys |= words
        keys.sort()
        starts = (keys >> (_SIZE_BITS + _WORD_BITS)).astype(np.int32)
        words = (keys & ((1 << _WORD_BITS) - 1)).astype(np.int32)
        ignored = self._made.is_ignored[words]
        if ignored.any():
            ends = starts + self._made.sizes[words]
            kept = self._made.is_kept[words]
            hiding = ignored.copy()
            hiding[ignored] = _outside(
                starts[ignored],
                ends[ignored],
                (starts[kept], ends[kept]),
                kept[ignored],
            )
            if hiding.any():
                counts = _outside(starts, ends, (starts[hiding], ends[hiding]), hiding)
                starts, words = starts[counts], words[counts]
        return starts, words

    def add(
        self, token: str, texts: Sequence[int], spans: Sequence[patterns.Span]
    ) -> None:
        """Add tokens that were found by other means, each in the text of the same index in ``texts``."""
        if not spans:
            return
        places = np.array(spans, dtype=np.int64)
        moved = self.first[np.array(texts, dtype=np.int64)]
        starts, ends = places[:, 0] + moved, places[:, 1] + moved
        order = np.lexsort((-ends, starts))
        starts, ends = starts[order], ends[order]
        is_new = np.ones(len(starts), dtype=bool)
        is_new[1:] = (starts[1:] != starts[:-1]) | (ends[1:] != ends[:-1])
        number = self._made.vocabulary.token(token)
        self._classes.add(number, (starts[is_new], ends[is_new]))

    def hits(self, index: int) -> patterns.Hits:
        """What of the vocabulary stands in one text."""
        return patterns.Hits(self.texts[index], _Spans(self, index))

    def found(self, number: int) -> Places:
        """Starts and ends of a class in the slice, sorted by start, longest first."""
        if number not in self._classes:
            nothing = np.zeros(0, dtype=np.int64)
            return nothing, nothing
        return self._classes.starts(number), self._classes.ends(number)

    def places(self, number: int) -> tuple[list[int], list[int]]:
        """As ``found``, as lists."""
        lists = self._lists.get(number)
        if lists is None:
            starts, ends = self.found(number)
            lists = self._lists[number] = starts.tolist(), ends.tolist()
        return lists

    def classes(self) -> list[int]:
        """Numbers of the classes that stand in any of the texts."""
        return self._classes.numbers()

    def borders(self, index: int) -> patterns.Span:
        """Where a text begins, and where the next one does."""
        return self._offsets[index], self._offsets[index + 1]

    def border(self, place: int) -> patterns.Span:
        """Where the text of a place begins, and where the next one does."""
        return self.borders(bisect_right(self._offsets, place) - 1)

    def sentence(self, place: int) -> patterns.Span:
        """Start and end of the sentence that holds a place, without its end mark."""
        number = self._sentences.number[place]
        return int(self._sentences.starts[number]), int(self._sentences.ends[number])

    def matches(self) -> matcher.Matches:
        """All matches of all patterns in all texts."""
        starts, ends, targets = matcher.Matcher(
            self._made.patterns, self._sentences, self.points, self._classes
        ).matches()
        texts = self.texts_of(starts)
        moved = self.first[texts]
        return matcher.Matches(
            self._made.targets, texts, starts - moved, ends - moved, targets
        )


class _Spans(Mapping[int, list[patterns.Span]]):
    """The places of each class in one text, looked up when asked for."""

    __slots__ = ("_index", "_scan")

    def __init__(self, scan: Scan, index: int) -> None:
        self._scan, self._index = scan, index

    def __getitem__(self, number: int) -> list[patterns.Span]:
        starts, ends = self._scan.places(number)
        first, last = self._scan.borders(self._index)
        low = bisect_left(starts, first)
        if low == len(starts) or starts[low] >= last:
            raise KeyError(number)
        high = bisect_left(starts, last, low)
        return [(starts[n] - first, ends[n] - first) for n in range(low, high)]

    def __iter__(self) -> Iterator[int]:
        return (number for number in self._scan.classes() if number in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _outside(
    starts: Integers, ends: Integers, covers: Places, is_cover: Integers
) -> Integers:
    """Which places lie inside no longer one of the covers, both sorted by start and longest first."""
    if not len(covers[0]):
        return np.ones(len(starts), dtype=bool)
    furthest = np.maximum.accumulate(covers[1])
    index = np.searchsorted(covers[0], starts, side="right") - 1
    free: Integers = (index < 0) | (furthest[index] < ends) | is_cover
    return free
