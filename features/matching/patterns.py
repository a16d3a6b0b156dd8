"""Word patterns: how a pack says what to look for, and the one pass that finds all of it.

In: pattern sources from a pack, and folded plain texts. Out: for each text the places where patterns match. Invariants:
one Aho–Corasick scan in Polars finds every word of every pattern, whatever their number; what follows works on the hits
alone, looks at each of them a bounded number of times, and never goes back in the text: linear time on any string.

A pattern is a row of elements. An element is a word, alternatives ``a|b|c``, a class ``@name`` from the pack's
``[words]``, or a kind of token made elsewhere (``#number``, ``#money``, ``#fee``, ``#income``, ``#price``; ``#large`` and ``#small`` sums). Between two elements stands:

* a space: the next begins at most one character further;
* ``.``: at most three characters further, in the same clause;
* ``..``: at most eight characters further, in the same clause (no comma between);
* ``...``: at most twenty characters further.

A match stays inside one sentence. ``!a|b`` or ``!@name`` at the end: no match where the same sentence has one of these.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from features.engine import expressions
from features.matching import hits as hits_module

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

#: A place in a folded plain text: start and end (exclusive), in characters.
Span = tuple[int, int]

#: Tokens that are no words; ``features.reading`` supplies all but the numbers.
TOKENS: Final = ("#number", "#money", "#fee", "#income", "#price", "#large", "#small")

#: How far the next element may begin, by the sign between two.
GAPS: Final = {".": 3, "..": 8, "...": 20}
_ADJACENT: Final = 1
#: Kinds of numerals; a run of one kind is a number.
NUMERALS: Final = ("0123456789", "零一二两三四五六七八九十百千几数半")
_NUMBER = expressions.compiled("|".join(f"[{kind}]+" for kind in NUMERALS))
#: A comma, or a space between Han characters, ends a clause.
_CLAUSE_END: Final = expressions.compiled(r",|(?<=[一-鿿]) (?=[一-鿿])")


class PatternError(ValueError):
    """A pattern that does not follow the rules of this module; the message says how."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One compiled row of elements.

    Attributes:
        target: What a match stands for, for example ``signal:fomo``.
        steps: For each element its class number and how many characters may lie before it.
        unless: Class numbers that forbid a match in their sentence.
    """

    target: str
    steps: tuple[tuple[int, int], ...]
    unless: tuple[int, ...]


class Match(NamedTuple):
    """A pattern's match: what it stands for and where."""

    target: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parts:
    """A compiled vocabulary.

    Attributes:
        classes_of: Class numbers of each word.
        patterns: Patterns by the class number of their first element.
        ignore: Words in which shorter ones do not count.
        keep: Words in which those hide nothing.
        telling: Words of which any text has one in which a pattern without tokens matches.
    """

    classes_of: Mapping[str, Sequence[int]]
    patterns: Mapping[int, Sequence[Pattern]]
    ignore: frozenset[str]
    keep: frozenset[str]
    telling: frozenset[str]


class Vocabulary:
    """All patterns of a pack, compiled; finds the hits of many texts and the matches of each.

    Args:
        words: Classes, ``name`` → words; ``@name`` inside a class stands for that class's words.
        ignore: Longer words; shorter ones inside them do not count: 数字人民币 hides 数字人.
        keep: Longer words still, in which the ignored ones hide nothing: 数字人生成 is no 数字人生.
    """

    def __init__(
        self,
        words: Mapping[str, Sequence[str]],
        *,
        ignore: Sequence[str] = (),
        keep: Sequence[str] = (),
    ) -> None:
        self._numbers: dict[tuple[str, ...], int] = {}
        self._classes_of: dict[str, list[int]] = {}
        self._words_of: dict[int, tuple[str, ...]] = {}
        self._named: dict[str, tuple[str, ...]] = {}
        self._patterns: dict[int, list[Pattern]] = {}
        for name in words:
            self._named[name] = self._flattened(name, words, ())
        self._ignore, self._keep = frozenset(ignore), frozenset(keep)
        self.number((*ignore, *keep))
        self._tokens = {token: self._number((token,)) for token in TOKENS}

    def _flattened(
        self, name: str, words: Mapping[str, Sequence[str]], above: tuple[str, ...]
    ) -> tuple[str, ...]:
        if name in above:
            message = f"@{name} contains itself"
            raise PatternError(message)
        if name not in words:
            message = f"there is no class @{name} in [words]"
            raise PatternError(message)
        flat: list[str] = []
        for word in words[name]:
            if word.startswith("@"):
                flat += self._flattened(word[1:], words, (*above, name))
            else:
                flat.append(word)
        return tuple(dict.fromkeys(flat))

    def _number(self, key: tuple[str, ...]) -> int:
        return self._numbers.setdefault(key, len(self._numbers))

    def number(self, words: tuple[str, ...]) -> int:
        """Class number of a set of words, made on first use."""
        key = tuple(sorted(set(words)))
        if key in self._numbers:
            return self._numbers[key]
        for word in key:
            if not word or word != word.lower() or any(one.isspace() for one in word):
                message = f"word {word!r} must be lower case and without spaces"
                raise PatternError(message)
        number = self._number(key)
        self._words_of[number] = key
        for word in key:
            self._classes_of.setdefault(word, []).append(number)
        return number

    def token(self, token: str) -> int:
        """Class number of one of ``TOKENS``."""
        return self._tokens[token]

    def named(self, name: str) -> int:
        """Class number of a class of ``[words]``."""
        if name not in self._named:
            message = f"there is no class @{name} in [words]"
            raise PatternError(message)
        return self.number(self._named[name])

    def _element(self, source: str) -> list[int]:
        """Class numbers of an element: one for all its words, one for each token."""
        words: list[str] = []
        numbers: list[int] = []
        for part in source.split("|"):
            if part.startswith("#"):
                if part not in self._tokens:
                    message = f"unknown token {part}; there are {', '.join(TOKENS)}"
                    raise PatternError(message)
                numbers.append(self._tokens[part])
            elif part.startswith("@"):
                self.named(part[1:])
                words += self._named[part[1:]]
            else:
                words.append(part)
        if words:
            numbers.append(self.number(tuple(words)))
        return numbers

    def add(self, target: str, source: str) -> None:
        """Compile a pattern.

        Raises:
            PatternError: it is empty, begins or ends with a gap, or names an unknown class or token.
        """
        steps: list[list[tuple[int, int]]] = []
        unless: list[int] = []
        gap: int | None = None
        for part in source.split():
            if part in GAPS:
                if not steps or gap is not None:
                    message = f"{part!r} needs an element on both sides"
                    raise PatternError(message)
                gap = GAPS[part]
            elif part.startswith("!"):
                unless += self._element(part[1:])
            else:
                reach = _ADJACENT if gap is None else gap
                steps.append([(number, reach) for number in self._element(part)])
                gap = None
        if not steps or gap is not None:
            message = "a pattern begins and ends with an element"
            raise PatternError(message)
        for row in itertools.product(*steps):
            pattern = Pattern(target, row, tuple(unless))
            self._patterns.setdefault(row[0][0], []).append(pattern)

    def add_words(self, target: str, words: Sequence[str]) -> None:
        """Compile many one-word patterns of one target as one."""
        if words:
            number = self.number(tuple(words))
            pattern = Pattern(target, ((number, _ADJACENT),), ())
            self._patterns.setdefault(number, []).append(pattern)

    @property
    def words(self) -> list[str]:
        """Every word of every class and pattern, sorted."""
        return sorted(self._classes_of)

    def may_match(self, texts: pl.Series) -> pl.Series:
        """Whether any pattern can match, by the most telling element of each; a few may, yet do not.

        Args:
            texts: Folded plain texts, no nulls.

        Returns:
            One boolean per text; where it is false, ``matches`` is empty.
        """
        words = pl.Series(sorted(self._telling()), dtype=pl.String).implode()
        return pl.DataFrame({"text": texts}).select(
            pl.col("text").str.contains_any(words)
        )["text"]

    def _telling(self) -> set[str]:
        """Words of the most telling element of each pattern."""
        telling: set[str] = set()
        for patterns in self._patterns.values():
            for pattern in patterns:
                choices = [
                    self._words_of[number]
                    for number, _ in pattern.steps
                    if number in self._words_of
                ]
                telling.update(max(choices, key=tells, default=()))
        return telling

    def parts(self) -> Parts:
        """What was compiled, for ``features.matching.scan``."""
        return Parts(
            self._classes_of,
            self._patterns,
            self._ignore,
            self._keep,
            frozenset(self._telling()),
        )

    def hits(self, texts: pl.Series) -> Iterator[hits_module.Hits]:
        """Find the vocabulary in many texts at once.

        Args:
            texts: Folded plain texts, no nulls.

        Yields:
            The hits of each text, in order.
        """
        words = pl.Series(self.words).implode()
        found = pl.DataFrame({"text": texts}).select(
            word=pl.col("text").str.extract_many(words, overlapping=True),
            at=pl.col("text").str.find_many(words, overlapping=True),
        )
        for text, terms, starts in zip(
            texts, found["word"].to_list(), found["at"].to_list(), strict=True
        ):
            yield self._hits(text, terms, starts)

    def _hits(self, text: str, terms: list[str], starts: list[int]) -> hits_module.Hits:
        places = _characters(text, starts)
        terms_at = {
            (places[byte], places[byte] + len(term)): term
            for term, byte in zip(terms, starts, strict=True)
        }
        ignored = _outside(
            [at for at, term in terms_at.items() if term in self._ignore],
            [at for at, term in terms_at.items() if term in self._keep],
        )
        spans: dict[int, list[Span]] = {}
        for span in sorted(
            _outside(list(terms_at), ignored), key=hits_module.longest_first
        ):
            for number in self._classes_of[terms_at[span]]:
                spans.setdefault(number, []).append(span)
        numbers = [match.span() for match in _NUMBER.finditer(text)]
        if numbers:
            spans[self._tokens["#number"]] = numbers
        return hits_module.Hits(text, spans)

    def matches(self, hits: hits_module.Hits) -> list[Match]:
        """All matches of all patterns in one text, sorted by start, end, target."""
        found: set[tuple[int, int, str]] = set()
        for number in hits.spans:
            for pattern in self._patterns.get(number, ()):
                if any(one not in hits.spans for one, _ in pattern.steps):
                    continue
                for start, end in hits.spans[number]:
                    last = end if len(pattern.steps) == 1 else _end(pattern, hits, end)
                    if last is not None and not _forbidden(pattern, hits, start):
                        found.add((start, last, pattern.target))
        return [Match(target, start, end) for start, end, target in sorted(found)]


def tells(words: Iterable[str]) -> tuple[int, int]:
    """How telling a class is: no short words, then few words."""
    sizes = [len(word) for word in words]
    return min(sizes), -len(sizes)


def _characters(text: str, offsets: list[int]) -> dict[int, int]:
    """UTF-8 offsets → character offsets, in one walk over the text."""
    if not offsets:
        return {}
    if text.isascii():
        return {offset: offset for offset in offsets}
    raw = text.encode()
    places: dict[int, int] = {}
    at = characters = 0
    for offset in sorted(set(offsets)):
        characters += len(raw[at:offset].decode())
        at = offset
        places[offset] = characters
    return places


def _outside(spans: list[Span], ignored: list[Span]) -> list[Span]:
    """The spans that lie inside no longer ignored one."""
    if not ignored:
        return spans
    same = set(ignored)
    covers = sorted(ignored, key=hits_module.longest_first)
    starts = [start for start, _ in covers]
    furthest = list(itertools.accumulate((end for _, end in covers), max))
    kept = []
    for start, end in spans:
        index = bisect_right(starts, start) - 1
        if index < 0 or furthest[index] < end or (start, end) in same:
            kept.append((start, end))
    return kept


def _end(pattern: Pattern, hits: hits_module.Hits, at: int) -> int | None:
    """Where the pattern ends whose first element ends at ``at``; ``None`` if the rest does not follow."""
    sentence = hits.sentences.index(at - 1)
    limit = hits.sentences.ends[sentence]
    for number, gap in pattern.steps[1:]:
        found = hits.first_from(number, at)
        if found is None or found[0] > min(at + gap, limit - 1):
            return None
        if gap <= GAPS[".."] and _CLAUSE_END.search(hits.text, at, found[0]):
            return None
        at = found[1]
    return at


def _forbidden(pattern: Pattern, hits: hits_module.Hits, at: int) -> bool:
    if not pattern.unless:
        return False
    start, end = hits.sentences.span(hits.sentences.index(at))
    return any(hits.any_within(number, start, end) for number in pattern.unless)
