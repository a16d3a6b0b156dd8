"""Who speaks at many places of many texts at once: the fast twin of ``voice``.

In: a scanned slice of texts, its matches, and a pack's marks of voice. Out: for places the number of their voice in
``VOICES``, as ``voice.Voices`` hears it; a test holds the two together. Invariants: pure; linear in the slice.

Most texts quote nobody. Where nothing opens the speech of others, a place is the author's own word, or denied if a negator
stands before it: arrays tell that for all places at once. ``voice.Voices`` is made only for the other texts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from features import voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features import matcher, scan
    from features import pack as pack_module
    from features.trie import Integers

#: Voices by number.
VOICES: Final[tuple[voice.Voice, ...]] = ("asserted", "quoted", "negated")
ASSERTED, QUOTED, NEGATED = range(3)
_ASKING: Final = "?吗么嘛"


class Hearing:
    """The voices of a slice of texts.

    Args:
        seen: The texts, scanned.
        found: Matches of the pack's patterns in them.
        pack: Its marks of voice.
    """

    def __init__(
        self, seen: scan.Scan, found: matcher.Matches, pack: pack_module.Pack
    ) -> None:
        self._seen, self._found, self._pack = seen, found, pack
        self._made: dict[int, voice.Voices] = {}
        self._is_mixed = self._mixed()
        tropes = found.are(found.numbers("signal:"))
        moved = seen.first[found.texts[tropes]]
        starts, ends = found.starts[tropes] + moved, found.ends[tropes] + moved
        self._trope_ends = dict(zip(ends.tolist(), starts.tolist(), strict=True))
        self._negators = self._denying(starts, ends)
        self._denies = frozenset(self._negators.tolist())
        self._may_bridge = np.zeros(0x110000, dtype=bool)
        self._may_bridge[[ord(one[-1]) for one in pack.bridges]] = True

    def _mixed(self) -> Integers:
        """Texts in which somebody else may be heard."""
        seen, marks = self._seen, self._pack.voice
        is_mixed = np.zeros(len(seen.texts), dtype=bool)
        opening = np.isin(seen.points, [ord(one) for one in voice.OPENINGS])
        is_mixed[seen.texts_of(np.flatnonzero(opening))] = True
        told = self._found.are(self._found.numbers("frame:told"))
        is_mixed[self._found.texts[told]] = True
        for name in voice.REGION_MARKS:
            texts = seen.texts_of(seen.found(marks[name])[0])
            if name == "doubts":
                asking = np.isin(seen.points, [ord(one) for one in _ASKING])
                asks = np.zeros(len(seen.texts), dtype=bool)
                asks[seen.texts_of(np.flatnonzero(asking))] = True
                texts = texts[asks[texts]]
            is_mixed[texts] = True
        return is_mixed

    def _denying(self, starts: Integers, ends: Integers) -> Integers:
        """Where negators end that stand in no longer word and in no trope, which lie at ``starts`` to ``ends``; sorted."""
        marks = self._pack.voice
        first, last = self._seen.found(marks["negators"])
        longer = self._seen.found(marks["not_negators"])
        opens, closes = (
            np.concatenate([one, two])
            for one, two in zip((starts, ends), longer, strict=True)
        )
        depth = np.zeros(len(self._seen.points) + 1, dtype=np.int32)
        np.add.at(depth, opens, 1)
        np.add.at(depth, np.minimum(closes, opens + voice.NEGATION_REACH), -1)
        return np.unique(last[np.cumsum(depth)[first] == 0])

    def of(self, text: int) -> voice.Voices:
        """The voices of one text."""
        made = self._made.get(text)
        if made is None:
            matches = self._found.of(text)
            tropes = sorted(
                {(one.start, one.end) for one in matches if one.target[:7] == "signal:"}
            )
            made = self._made[text] = voice.Voices(
                self._seen.hits(text), self._pack, tropes, voice.reports(matches)
            )
        return made

    def at(self, texts: Integers, starts: Integers) -> Integers:
        """Voices of places.

        Args:
            texts: For each place the index of its text.
            starts: The place in that text.

        Returns:
            Numbers of ``VOICES``.
        """
        voices = np.zeros(len(texts), dtype=np.int8)
        mixed = self._is_mixed[texts]
        if mixed.any():
            voices[mixed] = [
                VOICES.index(self.of(text).at(start))
                for text, start in _pairs(texts[mixed], starts[mixed])
            ]
        negators = self._negators
        if not len(negators):
            return voices
        first = self._seen.first[texts]
        places = starts + first
        reach = np.maximum(first, places - voice.NEGATION_REACH)
        nearest = np.searchsorted(negators, places, side="right") - 1
        last = negators[np.maximum(nearest, 0)]
        near = ~mixed & (nearest >= 0) & (last >= reach)
        denied = near & (last == places)
        voices[denied] = NEGATED
        # Without a bridge right before the place nothing leads back to a negator.
        walks = near & ~denied & self._may_bridge[self._seen.points[places - 1]]
        if walks.any():
            denied = [
                voice.is_denied(
                    self._seen.text,
                    place,
                    begin,
                    negators=self._denies,
                    trope_ends=self._trope_ends,
                    bridges=self._pack.bridges,
                )
                for place, begin in _pairs(places[walks], first[walks])
            ]
            voices[walks] = np.where(denied, NEGATED, ASSERTED)
        return voices

    def in_speech(self, texts: Integers, starts: Integers) -> Integers:
        """Whether places lie between quotation marks, whoever speaks."""
        inside = np.zeros(len(texts), dtype=bool)
        mixed = self._is_mixed[texts]
        inside[mixed] = [
            self.of(text).in_speech(start)
            for text, start in _pairs(texts[mixed], starts[mixed])
        ]
        return inside


def _pairs(one: Integers, two: Integers) -> Iterator[tuple[int, int]]:
    return zip(one.tolist(), two.tolist(), strict=True)


def names(voices: Integers) -> Sequence[str]:
    """Voices by name."""
    return [VOICES[number] for number in voices.tolist()]
