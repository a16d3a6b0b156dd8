"""What of a vocabulary stands in one text, and the sentences of that text.

In: a folded plain text and the places of words by class. Out: ``Hits``. Invariants: each list is sorted by start; ``features.matching.scan``
gives the same for many texts at once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final

from features.engine import expressions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from features.matching.patterns import Span

#: Where a sentence ends: at full stops, bullets, bars, hearts and all other signs that are not usual within one. ASCII
#: ``.`` also stands in numbers and addresses; 丨 is a Han character that is written for a bar.
SENTENCE_SIGN: Final = expressions.compiled(
    r"[^\w、,.:，：\"'“”‘’「」『』()\[\]《》【】%¥+\-/ @#&*=<>°·]"
)
_SENTENCE_END = expressions.compiled(
    rf"{SENTENCE_SIGN.pattern}+|丨+|(?<=[一-鿿)])[0-9]{{1,2}}\)"
)


class Sentences:
    """The sentences of a text, to ask which one a place lies in."""

    __slots__ = ("ends", "starts")

    def __init__(self, text: str) -> None:
        self.starts = [0]
        self.ends: list[int] = []
        for match in _SENTENCE_END.finditer(text):
            self.ends.append(match.start())
            self.starts.append(match.end())
        self.ends.append(len(text))

    def index(self, at: int) -> int:
        """Number of the sentence that holds the character ``at``; the end mark counts to the sentence before it."""
        return bisect_right(self.starts, at) - 1

    def span(self, index: int) -> Span:
        """Start and end of a sentence, without its end mark."""
        return self.starts[index], self.ends[index]

    def __len__(self) -> int:
        return len(self.ends)


class Hits:
    """What of the vocabulary stands in one text, by class number; each list is sorted by start."""

    __slots__ = ("_sentences", "spans", "starts", "text")

    def __init__(self, text: str, spans: Mapping[int, list[Span]]) -> None:
        self.text = text
        self.spans = spans
        self.starts: dict[int, list[int]] = {}
        self._sentences: Sentences | None = None

    @property
    def sentences(self) -> Sentences:
        """The text's sentences; found when first asked for."""
        if self._sentences is None:
            self._sentences = Sentences(self.text)
        return self._sentences

    def of(self, number: int) -> list[Span]:
        """Places of a class, sorted."""
        return self.spans.get(number, [])

    def first_from(self, number: int, at: int) -> Span | None:
        """The first place of a class that starts at ``at`` or later; of equal starts the longest."""
        spans = self.spans.get(number)
        if not spans:
            return None
        starts = self.starts.get(number)
        if starts is None:
            starts = self.starts[number] = [start for start, _ in spans]
        index = bisect_left(starts, at)
        return spans[index] if index < len(spans) else None

    def any_within(self, number: int, start: int, end: int) -> bool:
        """Whether a place of a class starts in ``[start, end)``."""
        found = self.first_from(number, start)
        return found is not None and found[0] < end

    def add(self, number: int, spans: Iterable[Span]) -> None:
        """Add tokens that were found by other means."""
        merged = sorted({*self.of(number), *spans}, key=longest_first)
        if merged:
            self.spans = {**self.spans, number: merged}
            self.starts.pop(number, None)


def longest_first(span: Span) -> Span:
    """A key to sort places by."""
    return span[0], -span[1]
