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
from bisect import bisect_left
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from features import patterns, trie

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from features.trie import Integers

    #: Starts and ends of the places of one class.
    Places = tuple[Integers, Integers]

_POINTS: Final = 0x110000
#: What a character is to sentences: inside one, a sign between two, a bar between two, the border of two texts.
_INSIDE, _SIGN, _BAR, _BORDER = 0, 1, 2, 3
_WIDEST: Final = max(patterns.GAPS.values())
#: Bits of a sort key for the end and the target of a match; a match is shorter and targets are fewer.
_END_BITS, _TARGET_BITS = 20, 12


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
        classes = [parts.classes_of[word] for word in words]
        self.class_first = np.cumsum([0, *map(len, classes)])
        self.class_numbers = np.array(
            [number for each in classes for number in each], dtype=np.uint16
        )
        self.class_count = parts.class_count
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

    def scan(self, texts: Sequence[str], *, asked: Iterable[int] = ()) -> Scan:
        """Find the vocabulary in texts; ``asked`` are classes whose places most texts will be asked for."""
        return Scan(self, texts, asked)

    def kinds(self, points: Integers) -> Integers:
        """What each character is to sentences, as far as it alone tells."""
        kinds = self._kinds[points]
        if (kinds == 255).any():
            for point in np.unique(points[kinds == 255]):
                one = chr(point)
                is_end = patterns.SENTENCE_SIGN.match(one) is not None
                self._kinds[point] = _BAR if one == "丨" else _SIGN if is_end else 0
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

    Args:
        made: The scanner.
        texts: Folded plain texts.
        asked: Classes whose places are laid out for each text at once.

    Attributes:
        texts: The same.
        may_match: For each text whether any pattern can match (``Vocabulary.may_match``).
    """

    def __init__(
        self, made: Scanner, texts: Sequence[str], asked: Iterable[int] = ()
    ) -> None:
        self.texts = texts
        self._asked = frozenset(asked)
        self._made = made
        self._points = trie.points_of("\n".join([*texts, ""]))
        sizes = np.array([len(text) + 1 for text in texts], dtype=np.int64)
        self._first = np.concatenate([[0], np.cumsum(sizes)])
        self._lists: dict[int, tuple[list[int], list[int]]] = {}
        starts, ends, words = made.trie.find(self._points)
        self.may_match = np.zeros(len(texts), dtype=bool)
        self.may_match[self._text_of(starts[made.is_telling[words]])] = True
        self._classes = self._by_class(*self._counting(starts, ends, words))
        self._classes[made.number] = self._numbers()
        self._offsets: list[int] = self._first.tolist()
        self._known: dict[int, dict[int, list[patterns.Span]]] = {}
        for number in sorted(self._asked & self._classes.keys()):
            self._lay_out(number)

    def _lay_out(self, number: int) -> None:
        starts, ends = self._classes[number]
        texts = self._text_of(starts)
        moved = self._first[texts]
        for text, start, end in zip(
            texts.tolist(),
            (starts - moved).tolist(),
            (ends - moved).tolist(),
            strict=True,
        ):
            self._known.setdefault(text, {}).setdefault(number, []).append((start, end))

    def _text_of(self, places: Integers) -> Integers:
        return np.searchsorted(self._first, places, side="right") - 1

    def _counting(
        self, starts: Integers, ends: Integers, words: Integers
    ) -> tuple[Integers, Integers, Integers]:
        """The hits that count, sorted by start, longest first: not those inside a longer ignored word."""
        order = np.lexsort((-ends, starts))
        starts, ends, words = starts[order], ends[order], words[order]
        ignored = self._made.is_ignored[words]
        if ignored.any():
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
                starts, ends, words = starts[counts], ends[counts], words[counts]
        return starts, ends, words

    def _by_class(
        self, starts: Integers, ends: Integers, words: Integers
    ) -> dict[int, Places]:
        """Places of each class that occurs, sorted by start, longest first."""
        made = self._made
        counts = np.diff(made.class_first)[words]
        hit = np.repeat(np.arange(len(words), dtype=np.int32), counts)
        within = np.arange(len(hit)) - np.repeat(np.cumsum(counts) - counts, counts)
        classes = made.class_numbers[made.class_first[words[hit]] + within]
        order = np.argsort(classes, kind="stable")
        hit = hit[order]
        starts, ends = starts[hit], ends[hit]
        sizes = np.bincount(classes, minlength=made.class_count)
        first = np.cumsum(sizes) - sizes
        return {
            number: (
                starts[first[number] : first[number] + sizes[number]],
                ends[first[number] : first[number] + sizes[number]],
            )
            for number in np.flatnonzero(sizes).tolist()
        }

    def _numbers(self) -> Places:
        """Runs of one kind of numerals."""
        kinds = self._made.numerals(self._points)
        return _runs(kinds)

    def add(
        self, token: str, texts: Sequence[int], spans: Sequence[patterns.Span]
    ) -> None:
        """Add tokens that were found by other means, each in the text of the same index in ``texts``."""
        if not spans:
            return
        places = np.array(spans, dtype=np.int64)
        moved = self._first[np.array(texts, dtype=np.int64)]
        starts, ends = places[:, 0] + moved, places[:, 1] + moved
        order = np.lexsort((-ends, starts))
        starts, ends = starts[order], ends[order]
        is_new = np.ones(len(starts), dtype=bool)
        is_new[1:] = (starts[1:] != starts[:-1]) | (ends[1:] != ends[:-1])
        number = self._made.vocabulary.token(token)
        self._classes[number] = starts[is_new], ends[is_new]

    def hits(self, index: int) -> patterns.Hits:
        """What of the vocabulary stands in one text."""
        known = self._known.get(index, {})
        return patterns.Hits(self.texts[index], _Spans(self, index, self._asked, known))

    def places(self, number: int) -> tuple[list[int], list[int]]:
        """Starts and ends of a class in all texts laid one after the other."""
        lists = self._lists.get(number)
        if lists is None:
            found = self._classes.get(number)
            lists = (
                ([], []) if found is None else (found[0].tolist(), found[1].tolist())
            )
            self._lists[number] = lists
        return lists

    def classes(self) -> list[int]:
        """Numbers of the classes that stand in any of the texts."""
        return sorted(self._classes)

    def borders(self, index: int) -> patterns.Span:
        """Where a text begins, and where the next one does."""
        return self._offsets[index], self._offsets[index + 1]

    def matches(self) -> list[list[patterns.Match]]:
        """For each text all matches of all patterns, sorted by start, end, target."""
        starts, ends, targets = _Matcher(
            self._made, self._points, self._first, self._classes
        ).matches()
        texts = self._text_of(starts)
        moved = self._first[texts]
        names = self._made.targets
        rows = [
            patterns.Match(names[target], start, end)
            for target, start, end in zip(
                targets.tolist(),
                (starts - moved).tolist(),
                (ends - moved).tolist(),
                strict=True,
            )
        ]
        borders = np.searchsorted(texts, np.arange(len(self.texts) + 1)).tolist()
        return [rows[borders[n] : borders[n + 1]] for n in range(len(self.texts))]


class _Spans(Mapping[int, list[patterns.Span]]):
    """The places of each class in one text, looked up when asked for; those of some classes are known."""

    __slots__ = ("_asked", "_index", "_known", "_scan")

    def __init__(
        self,
        scan: Scan,
        index: int,
        asked: frozenset[int],
        known: dict[int, list[patterns.Span]],
    ) -> None:
        self._scan, self._index = scan, index
        self._asked, self._known = asked, known

    def get(self, number: int, default: Any = None) -> Any:  # noqa: ANN401 (as Mapping has it)
        """The places of a class."""
        if number in self._asked:
            return self._known.get(number, default)
        return super().get(number, default)

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


def _runs(kinds: Integers) -> Places:
    """Starts and ends of runs of one kind other than 0."""
    changes = np.flatnonzero(np.diff(kinds, prepend=np.uint8(0), append=np.uint8(0)))
    is_run = kinds[changes[:-1]] > 0
    return changes[:-1][is_run], changes[1:][is_run]


class _Matcher:
    """Follows the patterns through the places of their classes, all texts at once."""

    def __init__(
        self,
        made: Scanner,
        points: Integers,
        first: Integers,
        classes: Mapping[int, Places],
    ) -> None:
        self._made = made
        self._classes = classes
        kinds = made.kinds(points)
        kinds[first[1:] - 1] = _BORDER
        self._starts, self._ends = _sentences(kinds, points)
        opens = np.zeros(len(points) + 1, dtype=np.int32)
        opens[self._starts] = 1
        self._sentence = np.cumsum(opens, dtype=np.int32) - 1
        is_comma = points == ord(",")
        is_han = (points >= 0x4E00) & (points <= 0x9FFF)
        is_space = points == ord(" ")
        is_space[1:-1] &= is_han[:-2] & is_han[2:]
        self._commas, self._spaces = _counts(is_comma), _counts(is_space)
        self._pairs: dict[tuple[int, int], tuple[Integers, Integers, Integers]] = {}

    def matches(self) -> tuple[Integers, Integers, Integers]:
        """Starts, ends and target numbers, sorted, each once."""
        keys: list[Integers] = []
        for target, pattern in self._made.patterns:
            if all(number in self._classes for number, _ in pattern.steps):
                starts, ends = self._followed(pattern)
                if len(starts):
                    sizes = (ends - starts) << _TARGET_BITS
                    shift = _END_BITS + _TARGET_BITS
                    keys.append((starts << shift) | sizes | target)
        if not keys:
            nothing = np.zeros(0, dtype=np.int64)
            return nothing, nothing, nothing
        found = np.unique(np.concatenate(keys))
        starts = found >> (_END_BITS + _TARGET_BITS)
        sizes = (found >> _TARGET_BITS) & ((1 << _END_BITS) - 1)
        return starts, starts + sizes, found & ((1 << _TARGET_BITS) - 1)

    def _followed(self, pattern: patterns.Pattern) -> Places:
        (number, _), *rest = pattern.steps
        if not rest:
            starts, at = self._classes[number]
        else:
            (second, gap), *rest = rest
            first, then, limits = self._pair(number, second)
            ends, follows = (
                self._classes[number][1][first],
                self._classes[second][0][then],
            )
            near = self._is_near(ends, follows, gap)
            starts = self._classes[number][0][first[near]]
            at, limits = self._classes[second][1][then[near]], limits[near]
            for number, gap in rest:
                if not len(at):
                    break
                places = self._classes[number]
                index = np.searchsorted(places[0], at)
                inside = index < len(places[0])
                starts, at, limits, index = (
                    starts[inside],
                    at[inside],
                    limits[inside],
                    index[inside],
                )
                follows = places[0][index]
                near = (follows < limits) & self._is_near(at, follows, gap)
                starts, limits = starts[near], limits[near]
                at = places[1][index[near]]
        if pattern.unless and len(starts):
            sentence = self._sentence[starts]
            low, high = self._starts[sentence], self._ends[sentence]
            allowed = np.ones(len(starts), dtype=bool)
            for number in pattern.unless:
                if number in self._classes:
                    places = self._classes[number]
                    index = np.searchsorted(places[0], low)
                    there = np.minimum(index, len(places[0]) - 1)
                    allowed &= (index == len(places[0])) | (places[0][there] >= high)
            starts, at = starts[allowed], at[allowed]
        return starts, at

    def _pair(self, number: int, second: int) -> tuple[Integers, Integers, Integers]:
        """Places of a class that one of a second class follows in reach, with it, and the end of the sentence."""
        known = self._pairs.get((number, second))
        if known is None:
            ends, starts = self._classes[number][1], self._classes[second][0]
            then = np.searchsorted(starts, ends)
            first = np.flatnonzero(then < len(starts))
            first = first[starts[then[first]] - ends[first] <= _WIDEST]
            limits = self._ends[self._sentence[ends[first] - 1]]
            inside = starts[then[first]] < limits
            first, limits = first[inside], limits[inside]
            known = self._pairs[number, second] = first, then[first], limits
        return known

    def _is_near(self, ends: Integers, follows: Integers, gap: int) -> Integers:
        """Whether what follows lies within a gap, and for all but the widest in the same clause."""
        near = follows - ends <= gap
        if gap <= patterns.GAPS[".."]:
            # As the search for a clause's end stops before the next element, a space right before it ends nothing.
            last = np.maximum(follows - 1, ends)
            near &= self._commas[follows] == self._commas[ends]
            near &= self._spaces[last] == self._spaces[ends]
        return near


def _counts(flags: Integers) -> Integers:
    """How many are set before each place."""
    counts = np.zeros(len(flags) + 1, dtype=np.int32)
    np.cumsum(flags, out=counts[1:])
    return counts


def _sentences(kinds: Integers, points: Integers) -> Places:
    """Starts and ends of sentences, as ``patterns.Sentences`` gives them for each text."""
    firsts, lasts = _runs(kinds)
    firsts, lasts = _with_items(firsts, lasts, points)
    return np.concatenate([[0], lasts]), np.concatenate([firsts, [len(points)]])


def _with_items(firsts: Integers, lasts: Integers, points: Integers) -> Places:
    """Adds the numbers of list items: one or two digits and a bracket behind a Han character or bracket."""
    brackets = np.flatnonzero(points == ord(")"))
    brackets = brackets[brackets >= 2]
    if not len(brackets):
        return firsts, lasts
    is_digit = (points >= ord("0")) & (points <= ord("9"))
    before = ((points >= 0x4E00) & (points <= 0x9FFF)) | (points == ord(")"))
    ones = brackets[is_digit[brackets - 1] & before[brackets - 2]]
    twos = brackets[brackets >= 3]
    twos = twos[is_digit[twos - 1] & is_digit[twos - 2] & before[twos - 3]]
    firsts = np.concatenate([firsts, ones - 1, twos - 2])
    lasts = np.concatenate([lasts, ones + 1, twos + 1])
    order = np.argsort(firsts, kind="stable")
    return firsts[order], lasts[order]
