"""The tropes of the scheme in one text, each with its place and its voice (CONTRACT §9).

In: what a pack's patterns matched in one folded plain text, and the text's voices. Out: ``Signal`` rows with offsets in
that text. Invariants: pure; spans of one signal do not overlap; sorted by place and name. Word lists and structures live
in the pack; only what cannot be said as a row of words is here: the ladder of invented ranks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from features import patterns, voice

_KIND: Final = "signal:"
#: What a rank is called, right before its price: 城主席, A级, 盟主. Ranks of one ladder end alike and differ before.
_RANK: Final = re.compile(
    r"([a-z0-9一-鿿]{1,4}[级代席主档商长权星位层官])(?:[价费金款只要仅需是为:=]|投资|加盟|起步|起|约|一次性|一共|-){0,6}$"
)
_RANK_REACH: Final = 12
#: Steps of one ladder stand this close to each other.
_LADDER_GAP: Final = 40


@dataclass(frozen=True, slots=True)
class Signal:
    """A trope in a text.

    Attributes:
        signal: Name (catalogue.SIGNALS).
        voice: ``asserted``, ``quoted`` or ``negated``.
        start: First character in the folded plain text.
        end: Exclusive.
    """

    signal: str
    voice: voice.Voice
    start: int
    end: int


def places(matches: Iterable[patterns.Match]) -> list[patterns.Span]:
    """Where tropes stand, whatever their voice; sorted, for the voice model."""
    return sorted(
        {
            (match.start, match.end)
            for match in matches
            if match.target.startswith(_KIND)
        }
    )


def find_signals(
    matches: Sequence[patterns.Match],
    amounts: Sequence[patterns.Span],
    voices: voice.Voices,
    text: str,
) -> list[Signal]:
    """All signals of one text.

    Args:
        matches: Matches of the pack's patterns in the text.
        amounts: Places of all amounts, sorted.
        voices: Voices of the text.
        text: The folded plain text.

    Returns:
        Signals with their voice, overlapping places of one signal joined into the longest; sorted by start, end, name.
    """
    by_signal: dict[str, list[patterns.Span]] = {}
    for match in matches:
        if match.target.startswith(_KIND):
            by_signal.setdefault(match.target.removeprefix(_KIND), []).append(
                (match.start, match.end)
            )
    ladder = _ladder(text, amounts)
    if ladder is not None:
        by_signal.setdefault("recruitment_tiers", []).append(ladder)
    found = [
        Signal(name, voices.at(start), start, end)
        for name, spans in by_signal.items()
        for start, end in _longest(spans)
    ]
    return sorted(found, key=lambda one: (one.start, one.end, one.signal))


def in_company(signals: Sequence[Signal], *, is_pitch: bool) -> list[Signal]:
    """Voices once it is known what the whole text does: only a pitch asserts tropes as its own.

    Args:
        signals: Signals with their local voice.
        is_pitch: Whether the text sells or recruits; news, complaints, jobs, lessons and talk do not.

    Returns:
        The signals; without a pitch the asserted ones are quoted.
    """
    if is_pitch:
        return list(signals)
    return [
        replace(one, voice="quoted") if one.voice == "asserted" else one
        for one in signals
    ]


def _ladder(text: str, amounts: Sequence[patterns.Span]) -> patterns.Span | None:
    """Two ranks with a price each, under whatever names: 星主席6.8万, 盟主席16.8万."""
    before: tuple[int, int, str] | None = None
    for start, end in amounts:
        rank = _RANK.search(text, max(0, start - _RANK_REACH), start)
        if rank is None:
            continue
        name = rank[1]
        if (
            before is not None
            and start - before[1] <= _LADDER_GAP
            and before[2][-1] == name[-1]
            and before[2] != name
        ):
            return before[0], end
        before = rank.start(1), end, name
    return None


def _longest(spans: list[patterns.Span]) -> list[patterns.Span]:
    """Of overlapping places the longest, of equal ones the first."""
    kept: list[patterns.Span] = []
    for start, end in sorted(set(spans), key=lambda one: (one[0], -one[1])):
        if kept and start < kept[-1][1]:
            if end - start > kept[-1][1] - kept[-1][0]:
                kept[-1] = start, end
        else:
            kept.append((start, end))
    return kept
