"""The tropes of the scheme in many texts, each with its place and its voice (CONTRACT §9).

In: what a pack's patterns matched in the folded plain texts of a slice, and who is heard there. Out: ``Tropes`` with
offsets in those texts. Invariants: pure; spans of one signal do not overlap; sorted by text, place and name. Word lists
and structures live in the pack; only what cannot be said as a row of words is here: the ladder of invented ranks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from features import catalogue
from features.engine import expressions, native
from features.speech import phrases, voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features.amounts import sums
    from features.engine.trie import Integers
    from features.matching import matcher, patterns, scan
    from features.speech import clauses as clauses_module

    #: Text, signal, start, end.
    Row = tuple[int, int, int, int]

_KIND: Final = "signal:"
#: The place of each signal among the sorted names.
_RANKS: Final = np.argsort(np.argsort(catalogue.SIGNALS))
#: What a rank is called, right before its price: 城主席, A级, 盟主. Ranks of one ladder end alike and differ before.
_RANK_ENDS: Final = "级代席主档商长权星位层官"
_RANK: Final = expressions.compiled(
    rf"([a-z0-9一-鿿]{{1,4}}[{_RANK_ENDS}])(?:[价费金款只要仅需是为:=]|投资|加盟|起步|起|约|一次性|一共|-){{0,6}}$"
)
_RANK_REACH: Final = 12
#: An area for sale right before its price: 省 38万8, 地级市12万8, 一个镇三万.
_AREAS: Final = "省市县区镇乡村"
_AREA: Final = expressions.compiled(
    rf"([{_AREAS}])(?:级|代|域|城|区|站|总|会|里|包|独家|合伙人?|[:：,，·|丨 \-=一就也只要收为是价费]){{0,5}}$"
)
#: Which characters may end a rank, and which name an area, a bit each.
_STEPS: Final = np.zeros(0x110000, dtype=np.uint8)
_STEPS[[ord(one) for one in _RANK_ENDS]] |= 1
_STEPS[[ord(one) for one in _AREAS]] |= 2
#: A clause shorter than this is no trope by its phrases alone.
_LEAST_CLAUSE: Final = 4
#: Steps of one ladder stand this close to each other.
_LADDER_GAP: Final = 40


@dataclass(frozen=True, slots=True)
class Tropes:
    """The tropes in the texts of a slice, a row each.

    Attributes:
        texts: The index of the text.
        names: The signal (an index of ``catalogue.SIGNALS``).
        voices: Its local voice (a number of ``voice.VOICES``).
        starts: First character in the folded plain text.
        ends: Exclusive.
    """

    texts: Integers
    names: Integers
    voices: Integers
    starts: Integers
    ends: Integers


def find_signals(
    found: matcher.Matches,
    amounts: sums.Sums,
    heard: voice.Voices,
    seen: scan.Scan,
) -> Tropes:
    """All signals of a slice of texts.

    Args:
        found: Matches of the pack's patterns in the texts.
        amounts: Amounts of the texts.
        heard: Voices of the texts.
        seen: The texts.

    Returns:
        Signals with their voice, overlapping places of one signal joined into the longest; sorted by text, start, end,
        name.
    """
    number_of = np.full(len(found.names), -1)
    for target in found.numbers(_KIND):
        name = found.names[target].removeprefix(_KIND)
        number_of[target] = catalogue.SIGNALS.index(name)
    is_trope = found.are(found.numbers(_KIND))
    steps = np.array(list(_ladders(seen, amounts)), dtype=np.int64).reshape(-1, 4).T
    patterned = (
        found.texts[is_trope],
        number_of[found.targets[is_trope]],
        found.starts[is_trope],
        found.ends[is_trope],
    )
    of, names, starts, ends = (
        np.concatenate(both) for both in zip(patterned, steps, strict=True)
    )
    order = np.lexsort((-ends, starts, names, of))
    order = order[_longest(of[order], names[order], starts[order], ends[order])]
    order = order[_by_place(of[order], names[order], starts[order], ends[order])]
    of, names, starts, ends = of[order], names[order], starts[order], ends[order]
    return Tropes(of, names, heard.at(of, starts), starts, ends)


def _ladders(seen: scan.Scan, amounts: sums.Sums) -> Iterator[Row]:
    tiers = catalogue.SIGNALS.index("recruitment_tiers")
    first, of = seen.first[amounts.texts], amounts.texts
    places = (first + amounts.starts)[:, None] - np.arange(1, _RANK_REACH + 1)
    held = _STEPS[seen.points[np.maximum(places, 0)]] * (places >= first[:, None])
    # Two sums of one text with what may be a rank, or an area, before them: few texts have that.
    counts = (
        np.bincount(of[(held & bit).any(axis=1)], minlength=len(seen.texts))
        for bit in (1, 2)
    )
    is_asked = np.logical_or(*(count > 1 for count in counts))
    rows = np.flatnonzero(is_asked[of])
    asked, lows = np.unique(of[rows], return_index=True)
    highs = np.append(lows[1:], len(rows))[: len(asked)]
    spans = list(
        zip(amounts.starts[rows].tolist(), amounts.ends[rows].tolist(), strict=True)
    )
    for index, low, high in zip(
        asked.tolist(), lows.tolist(), highs.tolist(), strict=True
    ):
        ladder = _ladder(seen.texts[index], spans[low:high])
        if ladder is not None:
            yield index, tiers, *ladder


def in_company(tropes: Tropes, *, is_own: Integers) -> Tropes:
    """Voices once it is known what each whole text does: news and complaints assert no trope as their own.

    Args:
        tropes: Signals with their local voice.
        is_own: For each text whether it speaks for itself.

    Returns:
        The signals; in other texts the asserted ones are quoted.
    """
    is_echo = (tropes.voices == voice.ASSERTED) & ~is_own[tropes.texts]
    return replace(tropes, voices=np.where(is_echo, voice.QUOTED, tropes.voices))


def weighed(
    tropes: Tropes,
    seen: scan.Scan,
    hidden: phrases.Masked,
    heard: voice.Voices,
    *,
    table: clauses_module.Table,
    stances: Integers,
    is_pitch: Integers,
    is_own: Integers,
) -> Tropes:
    """What authors assert, by patterns and phrases together.

    A pattern is strong evidence for its trope and not the only one: phrases around it may speak against it (限时 of a
    sale that ends), and a clause may be a trope in words that no pattern has, or in spite of a mark of voice nearby. Other trades pitch by the same script, and
    most of what is neither pitch nor echo is talk: it is looked at where it shows a pattern, and one that phrases don't believe is quoted.

    Args:
        tropes: As heard in company.
        seen: The texts.
        hidden: The same with names hidden.
        heard: Their voices.
        table: What the pack's phrases tell of clauses; with an empty one only pitches assert what their patterns show.
        stances: For each text its likeliest stance, a number of ``stance.STANCES``.
        is_pitch: Which texts sell or recruit.
        is_own: Which texts speak for themselves, pitches among them; the others stay as they are.

    Returns:
        Tropes, sorted as by ``find_signals``; a trope that no pattern shows has its clause for a place.
    """
    # Nearly all texts of a night are talk; nine in ten of those that pitch another trade show a pattern.
    is_shown = np.zeros(len(is_own), dtype=bool)
    is_shown[tropes.texts] = True
    hidden = phrases.of_texts(hidden, is_pitch | (is_own & is_shown))
    if table.is_empty or not len(hidden.clauses):
        return in_company(tropes, is_own=is_pitch)
    firsts = np.flatnonzero(np.diff(hidden.clauses, prepend=-1))
    lasts = np.append(firsts[1:], len(hidden.clauses)) - 1
    opens, closes = hidden.places[firsts], hidden.places[lasts]
    of = hidden.texts[firsts]
    is_quoted = heard.at(of, opens - seen.first[of]) != voice.ASSERTED
    odds = table.odds(hidden, stances, is_quoted)
    spoken = (tropes.voices == voice.ASSERTED) & is_own[tropes.texts]
    moved = seen.first[tropes.texts]
    low = np.searchsorted(opens, tropes.starts + moved, side="right") - 1
    high = np.maximum(low, np.searchsorted(opens, tropes.ends + moved) - 1)
    seen_here, is_there, kept = _heard(
        odds, table.sight, spoken, low, high, tropes.names
    )
    # What a pattern shows needs no second place.
    new = is_there & ~seen_here & (closes - opens >= _LEAST_CLAUSE)[:, None]
    names, clauses = np.nonzero(new.T)
    begins = seen.first[of[clauses]]
    shown = (of[clauses], names, opens[clauses] - begins, closes[clauses] - begins)
    added: list[Row] = []
    for text, name, start, end in zip(*(one.tolist() for one in shown), strict=True):
        last = added[-1] if added else (-1, -1, 0, 0)
        if last[:2] == (text, name) and start - last[3] <= 1:
            added[-1] = (*last[:3], end)
        else:
            added.append((text, name, start, end))
    columns = np.array(added, dtype=np.int64).reshape(-1, 4).T
    voices = np.where(kept, tropes.voices, voice.QUOTED)
    kept |= ~is_pitch[tropes.texts]
    # What marks of voice take for an echo and all that is known doesn't: its clause stands for it.
    clause = np.maximum(low, 0)
    kept &= ~new[clause, tropes.names] | (of[clause] != tropes.texts)
    every = np.array([tropes.texts, tropes.names, tropes.starts, tropes.ends, voices])
    own = np.vstack([columns, np.full(columns.shape[1], voice.ASSERTED)])
    whole = np.hstack([every[:, kept], own])
    texts, names, starts, ends, voices = whole[:, _by_place(*whole[:4])]
    return Tropes(texts, names, voices.astype(np.int8), starts, ends)


def _ladder(text: str, amounts: Sequence[patterns.Span]) -> patterns.Span | None:
    """Two ranks with a price each, under whatever names: 星主席6.8万, 盟主席16.8万."""
    before: tuple[int, int, str] | None = None
    area: tuple[int, int, str] | None = None
    for start, end in amounts:
        place = _AREA.search(text, max(0, start - _RANK_REACH), start)
        if place is not None:
            if (
                area is not None
                and area[2] != place[1]
                and start - area[1] <= _LADDER_GAP
            ):
                return area[0], end
            area = place.start(1), end, place[1]
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


@native.compiled
def _longest(
    texts: Integers, names: Integers, starts: Integers, ends: Integers
) -> Integers:
    """Which rows stay: of overlapping places of one signal in one text the longest, of equal ones the first.

    They are sorted by text, name, start, longest first.
    """
    kept = np.empty(len(texts), np.int64)
    count, last = 0, -1
    for row in range(len(texts)):
        if (
            last >= 0
            and texts[row] == texts[last]
            and names[row] == names[last]
            and starts[row] < ends[last]
        ):
            if ends[row] - starts[row] > ends[last] - starts[last]:
                kept[count - 1] = last = row
        else:
            kept[count] = last = row
            count += 1
    return kept[:count].copy()


def _by_place(
    texts: Integers, names: Integers, starts: Integers, ends: Integers
) -> Integers:
    """The order by text, place and name."""
    return np.lexsort((_RANKS[names], ends, starts, texts))


@native.compiled
def _heard(  # noqa: PLR0917 (compiled functions take their arrays by place)
    odds: Integers,
    sight: Integers,
    spoken: Integers,
    low: Integers,
    high: Integers,
    names: Integers,
) -> tuple[Integers, Integers, Integers]:
    """In which clauses a pattern shows a signal, in which there is one by all that is known, and which patterns are believed.

    Each pattern reaches from the clause ``low`` to the clause ``high``, inclusive; those that are not spoken stay as they are.
    """
    seen = np.zeros(odds.shape, np.bool_)
    for row in range(len(spoken)):
        if spoken[row]:
            for clause in range(low[row], high[row] + 1):
                seen[clause, names[row]] = True
    there = np.empty(odds.shape, np.bool_)
    for clause in range(odds.shape[0]):
        for name in range(odds.shape[1]):
            added = sight[name] if seen[clause, name] else 0.0
            there[clause, name] = odds[clause, name] + added > 0
    kept = np.ones(len(spoken), np.bool_)
    for row in range(len(spoken)):
        if spoken[row]:
            kept[row] = False
            for clause in range(low[row], high[row] + 1):
                kept[row] |= there[clause, names[row]]
    return seen, there, kept
