"""What of a vocabulary stands in many texts at once, and where its patterns match: the fast twin of ``patterns``.

In: a compiled vocabulary and folded plain texts. Out: ``Scan``: per text the hits that ``Vocabulary.hits`` gives and the
matches that ``Vocabulary.matches`` gives; a test holds the two together on generated texts. Invariants: pure; every step
looks at all texts of the slice as arrays, so the number of texts costs little and the number of patterns nothing per text;
linear in the characters of the slice.

The texts are one strip (``features.matching.strips``), so nothing is found across two texts.
"""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from features.engine import native, trie
from features.matching import classes, hits, matcher, patterns, sentences, steps, strips

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features.engine.trie import Integers
    from features.matching.classes import Places

_POINTS: Final = 0x110000


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
        self.members = classes.members(
            [parts.classes_of[word] for word in words],
            [len(word) for word in words],
        )
        self.is_telling = np.array([word in parts.telling for word in words], bool)
        self.is_ignored = np.array([word in parts.ignore for word in words], bool)
        self.is_kept = np.array([word in parts.keep for word in words], bool)
        self.targets = sorted(
            {each.target for listed in parts.patterns.values() for each in listed}
        )
        numbers = {target: number for number, target in enumerate(self.targets)}
        self.tokens = [vocabulary.token(token) for token in patterns.TOKENS]
        self.steps = steps.steps(
            [
                (numbers[each.target], each)
                for listed in parts.patterns.values()
                for each in listed
            ],
            {word: parts.classes_of[word] for word in words},
            self.tokens,
        )
        self.number = vocabulary.token("#number")
        self._kinds = np.full(_POINTS, 255, dtype=np.uint8)
        self.numerals = np.zeros(_POINTS, dtype=np.uint8)
        for kind, characters in enumerate(patterns.NUMERALS, start=1):
            self.numerals[[ord(one) for one in characters]] = kind

    def scan(self, texts: Sequence[str], strip: strips.Strip | None = None) -> Scan:
        """Find the vocabulary in texts; ``strip`` is theirs, where it is known."""
        return Scan(self, texts, strips.strip(texts) if strip is None else strip)

    def kinds(self, points: Integers) -> Integers:
        """What each character is to sentences, as far as it alone tells."""
        kinds = self._kinds[points]
        if (kinds == 255).any():
            for point in np.unique(points[kinds == 255]):
                one = chr(point)
                is_end = hits.SENTENCE_SIGN.match(one) is not None
                self._kinds[point] = (
                    sentences.BAR
                    if one == "丨"
                    else sentences.SIGN
                    if is_end
                    else sentences.INSIDE
                )
            kinds = self._kinds[points]
        return kinds


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
        strip: Of the texts.

    Attributes:
        texts: The same.
        text: All of them, a line break behind each.
        points: Its code points.
        first: Where each text begins in it, and where it ends.
        may_match: For each text whether any pattern can match (``Vocabulary.may_match``).
    """

    def __init__(
        self, made: Scanner, texts: Sequence[str], strip: strips.Strip
    ) -> None:
        self.texts = texts
        self._made = made
        self.text, self.points = strip
        self.first = strips.first(texts)
        self._lists: dict[int, tuple[list[int], list[int]]] = {}
        starts, ends, words = made.trie.find(self.points)
        starts, words, self.may_match = _counting(
            starts,
            ends,
            words,
            self.first,
            made.is_telling,
            made.is_ignored,
            made.is_kept,
        )
        self._classes = classes.Classes(made.members, starts, words)
        self._classes.add(made.number, matcher.runs(self.points, made.numerals))
        self._offsets: list[int] = self.first.tolist()
        kinds = made.kinds(self.points)
        kinds[self.first[1:] - 1] = sentences.BORDER
        self._sentences = sentences.Sentences(kinds, self.points)

    def texts_of(self, places: Integers) -> Integers:
        """In which text each place of the slice lies."""
        return np.searchsorted(self.first, places, side="right") - 1

    def add(
        self, token: str, texts: Integers, starts: Integers, ends: Integers
    ) -> None:
        """Add tokens that were found by other means, each in the text of the same index in ``texts``."""
        if not len(texts):
            return
        moved = self.first[texts]
        starts, ends = starts + moved, ends + moved
        if not (starts[1:] > starts[:-1]).all():
            order = np.lexsort((-ends, starts))
            starts, ends = starts[order], ends[order]
        is_new = np.ones(len(starts), dtype=bool)
        is_new[1:] = (starts[1:] != starts[:-1]) | (ends[1:] != ends[:-1])
        number = self._made.vocabulary.token(token)
        self._classes.add(number, (starts[is_new], ends[is_new]))

    def hits(self, index: int) -> hits.Hits:
        """What of the vocabulary stands in one text."""
        return hits.Hits(self.texts[index], _Spans(self, index))

    def found(self, number: int) -> Places:
        """Starts and ends of a class in the slice, sorted by start, longest first."""
        return self._classes.places(number)

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

    def sentences(self, places: Sequence[int]) -> Iterator[patterns.Span]:
        """Start and end of the sentence that holds each of some places, without its end mark."""
        of = self._sentences
        numbers = of.number[np.array(places, dtype=np.int64)]
        return zip(of.starts[numbers].tolist(), of.ends[numbers].tolist(), strict=True)

    def matches(self) -> matcher.Matches:
        """All matches of all patterns in all texts."""
        return matcher.Matches(
            self._made.targets,
            *matcher.matches(
                self._made.steps,
                self._sentences,
                self.points,
                self.first,
                hits=self._classes.hits,
                given=self._classes.given(self._made.tokens),
            ),
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


@native.compiled
def _counting(  # noqa: PLR0917 (compiled functions take their arrays by place)
    starts: Integers,
    ends: Integers,
    words: Integers,
    first: Integers,
    is_telling: Integers,
    is_ignored: Integers,
    is_kept: Integers,
) -> tuple[Integers, Integers, Integers]:
    """Starts and words of the hits that count, and which texts hold a telling one.

    Hits are sorted by start, longest first. What lies inside an ignored word does not count, and an ignored word inside a
    kept one hides nothing.
    """
    may_match = np.zeros(len(first) - 1, np.bool_)
    opens, numbers = np.empty_like(starts), np.empty_like(words)
    count, text, kept, hidden = 0, 0, -1, -1
    for hit in range(len(starts)):
        start, end, word = starts[hit], ends[hit], words[hit]
        if is_telling[word]:
            while first[text + 1] <= start:
                text += 1
            may_match[text] = True
        if is_kept[word]:
            kept = max(kept, end)
        is_hiding = is_ignored[word] and (kept < end or is_kept[word])
        if is_hiding:
            hidden = max(hidden, end)
        if is_hiding or hidden < end:
            opens[count], numbers[count] = start, word
            count += 1
    return opens[:count].copy(), numbers[:count].copy(), may_match
