"""Who speaks: which places of a text are the author's own words, which repeat or warn of somebody's, which are denied.

In: the hits of a pack's marks of voice in one folded plain text. Out: ``Voices``, asked for any place of that text.
Invariants: pure; linear in the text; a place has exactly one voice. The marks are read within sentences, so that a seller
who begins with a warning and ends with a pitch is heard as both. What kind of text the whole is (news, complaint, pitch)
is not decided here but in ``features.stance``.

Regions: speech in quotation marks that somebody is made responsible for; what follows 号称, 谨防, 如果有人告诉你; what
precedes 都是骗人的; questions that doubt. A denial is read backwards from the place: 不承诺任何收益.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from features import pack as pack_module
    from features import patterns

Voice = Literal["asserted", "quoted", "negated"]

#: Longest speech that quotation marks are believed to enclose; a lone opening mark must not swallow a text.
_SPEECH: Final = 200
#: How far from quotation marks a speaker is looked for, before and after.
_SPEAKER_BEFORE, _SPEAKER_AFTER = 12, 10
#: How far back a verdict and a negator reach.
_VERDICT_REACH: Final = 40
NEGATION_REACH: Final = 16
_QUOTES: Final = re.compile(r"[“”「」『』\"]")
#: Where a text holds none of these characters, marks of voice and reports, all of it is the author's own or denied.
OPENINGS: Final = '“「『"'
REGION_MARKS: Final = (
    "attributions",
    "warnings",
    "hypotheticals",
    "verdicts",
    "doubts",
)
_PAIRS: Final = {"“": "”", "「": "」", "『": "』", '"': '"'}
_FIRST_PERSON: Final = re.compile(r"我们|我家|我司|咱们|本公司|我这|但|而")

#: The author takes the word: a clause that begins with the first person.
_TURN: Final = re.compile(
    r",(?:但|而|可|不过|所以)?(?:我们|我家|我司|咱们|本公司|我这|我自己)"
)


def reports(matches: Iterable[patterns.Match]) -> list[patterns.Span]:
    """Where a text says that somebody speaks; sorted."""
    return sorted(
        (match.start, match.end) for match in matches if match.target == "frame:told"
    )


class Voices:
    """The voices of one text.

    Args:
        hits: What of the vocabulary stands in the text.
        pack: Its marks of voice.
        tropes: Places of tropes, sorted; a negator inside one (不封号) belongs to it and denies nothing else.
        reports: Where somebody is said to speak (对方介绍, 告诉记者); what follows is his, with or without quotation marks.
    """

    def __init__(
        self,
        hits: patterns.Hits,
        pack: pack_module.Pack,
        tropes: Sequence[patterns.Span],
        reports: Sequence[patterns.Span] = (),
    ) -> None:
        self._hits = hits
        self._pack = pack
        self._reports = reports
        self._speeches = list(_speeches(hits.text))
        self._negators = _negators(hits, pack, tropes)
        self._trope_ends = {end: start for start, end in tropes}
        self._starts, self._ends = _merged(self._regions())
        self._heard: dict[int, Voice] = {}

    def at(self, start: int) -> Voice:
        """Voice of what begins at a place of the text, by what stands around it."""
        heard = self._heard.get(start)
        if heard is None:
            heard = self._heard[start] = self._voice(start)
        return heard

    def _voice(self, start: int) -> Voice:
        if self._negators and self._is_denied(start):
            return "negated"
        index = bisect_right(self._starts, start) - 1
        if index >= 0 and self._ends[index] > start:
            return "quoted"
        return "asserted"

    def in_speech(self, start: int) -> bool:
        """Whether a place lies between quotation marks, whoever speaks."""
        index = bisect_right(self._speeches, (start, len(self._hits.text) + 1)) - 1
        return index >= 0 and start < self._speeches[index][1]

    def _regions(self) -> Iterator[patterns.Span]:
        hits, voice = self._hits, self._pack.voice
        yield from self._attributed_speeches()
        for name in ("attributions", "warnings", "hypotheticals"):
            for start, end in hits.of(voice[name]):
                if name == "warnings" and self._is_turned(start):
                    continue
                yield end, self._scope(start, end)
        for start, end in self._reports:
            yield end, self._scope(start, end)
        for start, _ in hits.of(voice["verdicts"]):
            if self._is_turned(start):
                continue
            first = max(
                hits.sentences.span(hits.sentences.index(start))[0],
                start - _VERDICT_REACH,
            )
            own = [
                match.end() for match in _FIRST_PERSON.finditer(hits.text, first, start)
            ]
            yield (own[-1] if own else first), start
        yield from self._doubted()

    def _scope(self, start: int, end: int) -> int:
        """Where speech of others ends: with the sentence, or with the clause in which the author takes the word again."""
        last = self._hits.sentences.span(self._hits.sentences.index(start))[1]
        turn = _TURN.search(self._hits.text, end, last)
        return last if turn is None else turn.start()

    def _is_turned(self, start: int) -> bool:
        """不割韭菜, 没有套路: the verdict or warning is itself denied."""
        found = self._hits.first_from(self._pack.voice["negators"], start - 4)
        return found is not None and found[1] <= start

    def _attributed_speeches(self) -> Iterator[patterns.Span]:
        """Speech with a speaker or a verdict beside it; speeches in a row share them: “A”“B”等话术."""
        voice = self._pack.voice
        row: list[patterns.Span] = []
        for speech in [*self._speeches, None]:
            if row and (speech is None or speech[0] - row[-1][1] > 4):
                before = max(0, row[0][0] - 1 - _SPEAKER_BEFORE)
                after = row[-1][1] + 1
                if (
                    self._is_denied(row[0][0])
                    or any(
                        self._hits.any_within(voice["attributions"], first, last)
                        for first, last in (
                            (before, row[0][0] - 1),
                            (after, after + _SPEAKER_AFTER),
                        )
                    )
                    or self._hits.any_within(voice["verdicts"], after - 1, after + 6)
                ):
                    yield from row
                row = []
            if speech is not None:
                row.append(speech)

    def _doubted(self) -> Iterator[patterns.Span]:
        """Sentences that ask whether such a thing can be true, unless the next words say that it is."""
        hits, voice = self._hits, self._pack.voice
        if not hits.of(voice["doubts"]):
            return
        sentences = hits.sentences
        for index in range(len(sentences)):
            start, end = sentences.span(index)
            asks = hits.text[end : end + 1] == "?" or hits.text[start:end].endswith(
                ("吗", "么", "嘛")
            )
            if not asks or not hits.any_within(voice["doubts"], start, end - 1):
                continue
            if hits.any_within(voice["affirmations"], end, end + 5):
                continue
            yield start, end

    def _is_denied(self, start: int) -> bool:
        return is_denied(
            self._hits.text,
            start,
            0,
            negators=self._negators,
            trope_ends=self._trope_ends,
            bridges=self._pack.bridges,
        )


def is_denied(
    text: str,
    start: int,
    first: int,
    *,
    negators: AbstractSet[int],
    trope_ends: Mapping[int, int],
    bridges: tuple[str, ...],
) -> bool:
    """Whether a negator stands before a place with nothing but bridges, or other tropes of a list, between.

    Args:
        text: Text in which all places are offsets.
        start: The place.
        first: Where the place's own text begins.
        negators: Where negators end that deny what follows.
        trope_ends: Where tropes end, and where each of them begins.
        bridges: ``Pack.bridges``.
    """
    at, floor = start, max(first, start - NEGATION_REACH)
    if negators.isdisjoint(range(floor, start + 1)):
        return False
    while at > floor:
        if at in negators:
            return True
        if text.endswith(bridges, floor, at):
            at -= next(len(one) for one in bridges if text.endswith(one, floor, at))
        else:
            if at == start or at not in trope_ends:
                return False
            at = trope_ends[at]
    return at in negators


def _negators(
    hits: patterns.Hits,
    pack: pack_module.Pack,
    tropes: Sequence[patterns.Span],
) -> frozenset[int]:
    """Where negators end that deny what follows them."""
    negators = hits.of(pack.voice["negators"])
    if not negators:
        return frozenset()
    longer = hits.of(pack.voice["not_negators"])
    inside = [*longer, *tropes]
    covered: set[int] = set()
    for start, end in inside:
        covered.update(range(start, min(end, start + NEGATION_REACH)))
    return frozenset(end for start, end in negators if start not in covered)


def _speeches(text: str) -> Iterator[patterns.Span]:
    """What stands between quotation marks, without the marks."""
    opened: tuple[str, int] | None = None
    for match in _QUOTES.finditer(text):
        mark = match[0]
        if opened is not None and mark == _PAIRS[opened[0]]:
            if match.start() - opened[1] <= _SPEECH:
                yield opened[1], match.start()
            opened = None
        elif mark in _PAIRS:
            opened = (mark, match.end())


def _merged(regions: Iterable[patterns.Span]) -> tuple[list[int], list[int]]:
    """Starts and ends of regions, overlapping ones joined."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(regions):
        if starts and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        elif start < end:
            starts.append(start)
            ends.append(end)
    return starts, ends
