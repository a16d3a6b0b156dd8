"""Who speaks: which places of texts are the author's own words, which repeat or warn of somebody's, which are denied.

In: a scanned slice of folded plain texts, the matches of a pack's patterns in them, and the pack's marks of voice. Out:
``Voices``, asked for any places of those texts. Invariants: pure; linear in the slice; a place has exactly one voice, which
hangs on its own text alone. The marks are read within sentences, so that a seller who begins with a warning and ends with a
pitch is heard as both. What kind of text the whole is (news, complaint, pitch) is not decided here but in ``features.stance``.

Regions: speech in quotation marks that somebody is made responsible for; what follows 号称, 谨防, 如果有人告诉你; what
precedes 都是骗人的; questions that doubt. A denial is read backwards from the place: 不承诺任何收益.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from features.engine import expressions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from features import pack as pack_module
    from features.engine.trie import Integers
    from features.matching import matcher, patterns, scan
    from features.matching.classes import Places

Voice = Literal["asserted", "quoted", "negated"]
#: Voices by number.
VOICES: Final[tuple[Voice, ...]] = ("asserted", "quoted", "negated")
ASSERTED, QUOTED, NEGATED = range(3)

#: Longest speech that quotation marks are believed to enclose; a lone opening mark must not swallow a text.
_SPEECH: Final = 200
#: How far from quotation marks a speaker is looked for, before and after.
_SPEAKER_BEFORE, _SPEAKER_AFTER = 12, 10
#: How far back a verdict and a negator reach.
_VERDICT_REACH: Final = 40
_NEGATION_REACH: Final = 16
_PAIRS: Final = {"“": "”", "「": "」", "『": "』", '"': '"'}
_IS_QUOTE: Final = np.zeros(0x110000, dtype=bool)
_IS_QUOTE[[ord(one) for pair in _PAIRS.items() for one in pair]] = True
_FIRST_PERSON: Final = expressions.compiled(r"我们|我家|我司|咱们|本公司|我这|但|而")
#: What a question ends in.
_ASKING: Final = ("吗", "么", "嘛")

#: The author takes the word: a clause that begins with the first person.
_TURN: Final = expressions.compiled(
    r",(?:但|而|可|不过|所以)?(?:我们|我家|我司|咱们|本公司|我这|我自己)"
)


class Voices:
    """The voices of a slice of texts.

    Args:
        seen: The texts, scanned.
        found: Matches of the pack's patterns in them. Where a text says that somebody speaks (对方介绍, 告诉记者), what follows
            is his, with or without quotation marks. A negator inside a trope (不封号) belongs to it and denies nothing else.
        pack: Its marks of voice.
    """

    def __init__(
        self, seen: scan.Scan, found: matcher.Matches, pack: pack_module.Pack
    ) -> None:
        self._seen, self._pack = seen, pack
        starts, ends = _in_slice(seen, found, found.numbers("signal:"))
        self._trope_ends = dict(zip(ends.tolist(), starts.tolist(), strict=True))
        self._negators = self._denying(starts, ends)
        self._denials: list[int] = self._negators.tolist()
        self._bridges: dict[str, list[str]] = {}
        for one in pack.bridges:
            self._bridges.setdefault(one[-1], []).append(one)
        self._may_bridge = np.zeros(0x110000, dtype=bool)
        self._may_bridge[[ord(one) for one in self._bridges]] = True
        self._speeches = self._spoken()
        self._speech_starts, self._speech_ends = _columns(self._speeches)
        told = _in_slice(seen, found, found.numbers("frame:told"))
        self._starts, self._ends = _merged(
            self._regions(told[0].tolist(), told[1].tolist())
        )

    def at(self, texts: Integers, starts: Integers) -> Integers:
        """Voices of what begins at places, by what stands around it.

        Args:
            texts: For each place the index of its text.
            starts: The place in that text.

        Returns:
            Numbers of ``VOICES``.
        """
        first = self._seen.first[texts]
        places = starts + first
        quoted = _is_inside(places, self._starts, self._ends)
        voices = np.where(quoted, QUOTED, ASSERTED).astype(np.int8)
        negators = self._negators
        if not len(negators):
            return voices
        reach = np.maximum(first, places - _NEGATION_REACH)
        nearest = np.searchsorted(negators, places, side="right") - 1
        last = negators[np.maximum(nearest, 0)]
        near = (nearest >= 0) & (last >= reach)
        denied = near & (last == places)
        # Without a bridge right before the place nothing leads back to a negator.
        walks = near & ~denied & self._may_bridge[self._seen.points[places - 1]]
        denied[walks] = [
            self._is_denied(place, begin)
            for place, begin in _pairs(places, first, walks)
        ]
        voices[denied] = NEGATED
        return voices

    def in_speech(self, texts: Integers, starts: Integers) -> Integers:
        """Whether places lie between quotation marks, whoever speaks; arguments as of ``at``."""
        places = starts + self._seen.first[texts]
        return _is_inside(places, self._speech_starts, self._speech_ends)

    def _regions(
        self, told: Sequence[int], told_ends: Sequence[int]
    ) -> Iterator[patterns.Span]:
        """Where others are heard; ``told`` is where somebody is said to speak."""
        yield from self._attributed_speeches()
        for name in ("attributions", "warnings", "hypotheticals"):
            for start, end, (_, last) in self._marks(name):
                if name == "warnings" and self._is_turned(start):
                    continue
                yield end, self._scope(end, last)
        for end, (_, last) in zip(told_ends, self._seen.sentences(told), strict=True):
            yield end, self._scope(end, last)
        for start, _, (sentence, _) in self._marks("verdicts"):
            if self._is_turned(start):
                continue
            first = max(sentence, start - _VERDICT_REACH)
            own = [
                match.end()
                for match in _FIRST_PERSON.finditer(self._seen.text, first, start)
            ]
            yield (own[-1] if own else first), start
        yield from self._doubted()

    def _marks(self, name: str) -> Iterator[tuple[int, int, patterns.Span]]:
        """Places of one kind of marks, sorted, each with its sentence."""
        starts, ends = self._seen.places(self._pack.voice[name])
        return zip(starts, ends, self._seen.sentences(starts), strict=True)

    def _any_within(self, name: str, first: int, last: int) -> bool:
        """Whether a mark begins in ``[first, last)``."""
        starts, _ = self._seen.places(self._pack.voice[name])
        index = bisect_left(starts, first)
        return index < len(starts) and starts[index] < last

    def _scope(self, end: int, last: int) -> int:
        """Where speech of others ends that begins at ``end``: with the sentence, or with the clause in which the author takes the word again."""
        turn = _TURN.search(self._seen.text, end, last)
        return last if turn is None else turn.start()

    def _is_turned(self, start: int) -> bool:
        """不割韭菜, 没有套路: the verdict or warning is itself denied."""
        starts, ends = self._seen.places(self._pack.voice["negators"])
        index = bisect_left(starts, max(start - 4, self._seen.border(start)[0]))
        return index < len(starts) and ends[index] <= start

    def _spoken(self) -> list[patterns.Span]:
        """What stands between quotation marks, without the marks, in all texts."""
        quotes = np.flatnonzero(_IS_QUOTE[self._seen.points])
        spoken: list[patterns.Span] = []
        closing, start, owner = "", 0, -1
        for place, text in zip(
            quotes.tolist(), self._seen.texts_of(quotes).tolist(), strict=True
        ):
            mark = self._seen.text[place]
            if text == owner and mark == closing:
                if place - start <= _SPEECH:
                    spoken.append((start, place))
                closing = ""
            elif mark in _PAIRS:
                closing, start, owner = _PAIRS[mark], place + 1, text
        return spoken

    def _attributed_speeches(self) -> Iterator[patterns.Span]:
        """Speech with a speaker or a verdict beside it; speeches in a row share them: “A”“B”等话术."""
        row: list[patterns.Span] = []
        limit = -1
        for speech in [*self._speeches, None]:
            if row and (
                speech is None or speech[0] - row[-1][1] > 4 or speech[0] >= limit
            ):
                if self._is_attributed(row):
                    yield from row
                row = []
            if speech is not None:
                limit = self._seen.border(speech[0])[1]
                row.append(speech)

    def _is_attributed(self, row: list[patterns.Span]) -> bool:
        begin, limit = self._seen.border(row[0][0])
        before = max(begin, row[0][0] - 1 - _SPEAKER_BEFORE)
        after = row[-1][1] + 1
        return (
            self._is_denied(row[0][0], begin)
            or self._any_within("attributions", before, row[0][0] - 1)
            or self._any_within(
                "attributions", after, min(after + _SPEAKER_AFTER, limit)
            )
            or self._any_within("verdicts", after - 1, min(after + 6, limit))
        )

    def _doubted(self) -> Iterator[patterns.Span]:
        """Sentences that ask whether such a thing can be true, unless the next words say that it is."""
        text, done = self._seen.text, -1
        for doubt, _, (start, end) in self._marks("doubts"):
            if start == done or doubt >= end - 1:
                continue
            done = start
            asks = text.startswith("?", end) or text.endswith(_ASKING, start, end)
            limit = min(end + 5, self._seen.border(start)[1])
            if asks and not self._any_within("affirmations", end, limit):
                yield start, end

    def _is_denied(self, start: int, first: int) -> bool:
        """Whether a negator stands before a place, with nothing but bridges, or other tropes of a list, between.

        Args:
            start: The place in the slice.
            first: Where its text begins.
        """
        text = self._seen.text
        at, floor = start, max(first, start - _NEGATION_REACH)
        nearest = bisect_right(self._denials, start) - 1
        if nearest < 0 or self._denials[nearest] < floor:
            return False
        while at > floor:
            if self._ends_denial(at):
                return True
            for bridge in self._bridges.get(text[at - 1], ()):
                if text.endswith(bridge, floor, at):
                    at -= len(bridge)
                    break
            else:
                if at == start or at not in self._trope_ends:
                    return False
                at = self._trope_ends[at]
        return self._ends_denial(at)

    def _ends_denial(self, place: int) -> bool:
        """Whether a negator that denies ends right before a place."""
        index = bisect_left(self._denials, place)
        return index < len(self._denials) and self._denials[index] == place

    def _denying(self, starts: Integers, ends: Integers) -> Integers:
        """Where negators end that stand in no longer word and in no trope, which lie at ``starts`` to ``ends``; sorted."""
        marks = self._pack.voice
        first, last = self._seen.found(marks["negators"])
        longer = self._seen.found(marks["not_negators"])
        opens, closes = (
            np.concatenate([one, two])
            for one, two in zip((starts, ends), longer, strict=True)
        )
        closes = np.sort(np.minimum(closes, opens + _NEGATION_REACH))
        # As many have closed as have opened.
        is_free = np.searchsorted(np.sort(opens), first, side="right") == (
            np.searchsorted(closes, first, side="right")
        )
        return np.unique(last[is_free])


def _in_slice(seen: scan.Scan, found: matcher.Matches, targets: list[int]) -> Places:
    """Starts and ends of matches of some targets, as places of the slice."""
    wanted = found.are(targets)
    moved = seen.first[found.texts[wanted]]
    return found.starts[wanted] + moved, found.ends[wanted] + moved


def _merged(regions: Iterable[patterns.Span]) -> tuple[Integers, Integers]:
    """Starts and ends of regions, overlapping ones joined."""
    joined: list[patterns.Span] = []
    for start, end in sorted(regions):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        elif start < end:
            joined.append((start, end))
    return _columns(joined)


def _columns(spans: list[patterns.Span]) -> tuple[Integers, Integers]:
    starts, ends = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    return starts, ends


def _is_inside(places: Integers, starts: Integers, ends: Integers) -> Integers:
    """Whether places lie in one of spans that do not overlap, sorted by start."""
    if not len(starts):
        return np.zeros(len(places), dtype=bool)
    index = np.searchsorted(starts, places, side="right") - 1
    inside: Integers = (index >= 0) & (places < ends[np.maximum(index, 0)])
    return inside


def _pairs(one: Integers, two: Integers, wanted: Integers) -> Iterator[tuple[int, int]]:
    return zip(one[wanted].tolist(), two[wanted].tolist(), strict=True)
