"""What a glance at many texts tells of each: where contacts and sums may stand, and which grammar may be around a sum.

In: folded plain texts, laid one after the other. Out: ``Hints``, asked for one text at a time. Invariants: pure; linear;
nothing is missed: what ``contacts`` and ``money`` find without hints they find with them (a test holds the two together).
Most texts hold little of what the costly readers look for, and what they hold stands at few places.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features import contacts, money
from features.amounts import beginnings, tallies
from features.disguises import spelling
from features.engine import branches, expressions, kept, native, openings, thirds
from features.identifiers import addresses, instructions, leadins, registrations, shapes
from features.indicators import hubs
from features.matching import strips
from features.purposes import frames, roles, rolewords

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features.engine.trie import Integers

#: Families of contacts by the expressions that may begin there.
_FAMILIES: Final = {
    "address": (contacts.ADDRESSES, addresses.TRIGGER),
    "company": (
        contacts.REGISTRATIONS,
        expressions.compiled(
            f"{registrations.SUFFIX.pattern}|{registrations.OTHERS.pattern}"
        ),
    ),
    "icp": (contacts.REGISTRATIONS, registrations.ICP),
    "police": (contacts.REGISTRATIONS, registrations.POLICE),
    "lead": (contacts.LEADS, leadins.LEAD.whole),
    "account": (contacts.LEADS, leadins.ACCOUNT),
    "dropped": (contacts.DROPPED, instructions.INSTRUCTION),
    "trailed": (contacts.TRAILED, contacts.TRAILER),
    "spelt": (contacts.SPELT, spelling.TRIGGER.whole),
    "hotline": (
        contacts.HOTLINE,
        expressions.compiled("|".join(sorted(hubs.HOTLINES))),
    ),
}


class _Glance:
    """What is looked for, made ready."""

    def __init__(self) -> None:
        self.openings = openings.Openings(
            {name: expression for name, (_, expression) in _FAMILIES.items()}
            | {
                "spelt": spelling.TRIGGER.whole,
                "agencies": roles.SELLS_AGENCIES,
                "goods": roles.SELLS_GOODS,
                "period": money.PERIOD_BEFORE,
            }
            | frames.sides().openings,
            anchored=frames.sides().anchored,
        )
        self.thirds = thirds.Thirds(
            {name: expression for name, (_, expression) in _FAMILIES.items()}
        )
        self.grammar = frames.Grammar(
            self.openings,
            openings.Closings(
                {**frames.sides().closings, "period": money.PERIOD_BEFORE}
            ),
        )


@functools.cache
def _glance() -> _Glance:
    """Takes a second to make, so it is kept."""
    return kept.kept("glance", "", _Glance)


class _ByText(NamedTuple):
    """Places of many texts, as offsets in their text, and where those of each text begin and end among them.

    Most texts are never asked for: a list of its own for each took three times as long.
    """

    bounds: Integers
    local: list[int]

    def of(self, text: int) -> list[int]:
        """The places in a text."""
        return self.local[self.bounds[text] : self.bounds[text + 1]]

    def of_texts(self, texts: Integers) -> list[list[int]]:
        """The places in each of some texts."""
        local = self.local
        lows, highs = self.bounds[texts].tolist(), self.bounds[texts + 1].tolist()
        return [local[low:high] for low, high in zip(lows, highs, strict=True)]


class Hints:
    """Hints for texts.

    Args:
        texts: Folded plain texts.
        strip: Of the texts, where it is known.
    """

    def __init__(
        self,
        texts: Sequence[str],
        strip: strips.Strip | None = None,
    ) -> None:
        self._glance = _glance()
        whole, points = strips.strip(texts) if strip is None else strip
        self._points = points
        self._first = strips.first(texts)
        self._masks = self._glance.openings.masks(points)
        places = self._places(*_FAMILIES)
        held = self._masks[places]
        whole_heads = self._glance.thirds.masks(points, places)
        self._families = {
            name: places[
                ((held & self._glance.openings.mask([name])) != 0)
                & ((whole_heads & self._glance.thirds.mask(name)) != 0)
            ]
            for name in _FAMILIES
        }
        may_be_spelt = self._families["spelt"]
        self._families["spelt"] = _matching(spelling.TRIGGER, whole, may_be_spelt)
        self._families["hotline"] = np.array(
            [
                place
                for place in self._families["hotline"].tolist()
                if contacts.may_be_hotline(whole, place)
            ],
            dtype=np.int64,
        )
        leads = self._families["lead"]
        # What names a platform is looked at in any case: a name of Han characters may follow.
        self._announcing = np.union1d(
            leads[shapes.beside_values(points, leads)], self._families["account"]
        )
        numbers = shapes.numbers(points)
        steps = self._steps_of(points, len(texts))
        steps[self._texts_of(numbers)] |= contacts.BARE
        # Telling what to leave out of a name gives none.
        steps[steps == contacts.DROPPED] = 0
        self._steps = steps
        # At the very end of a text more may match than before the line break behind it in the strip.
        is_spelt = (steps[self._texts_of(may_be_spelt)] & contacts.SPELT) != 0
        self._contacts = [
            self._by_text(places)
            for places in (
                self._families["lead"],
                numbers,
                self._families["dropped"],
                may_be_spelt[is_spelt],
                self._announcing,
            )
        ]
        self._texts = texts

    def _steps_of(self, points: Integers, size: int) -> Integers:
        steps = np.zeros(size, dtype=np.uint8)
        if not size:
            return steps
        for name, (step, _) in _FAMILIES.items():
            places = self._announcing if name == "lead" else self._families[name]
            steps[self._texts_of(places)] |= step
        names, codes = shapes.names_and_codes(points)
        steps[self._texts_of(codes)] |= contacts.REGISTRATIONS
        steps[self._texts_of(names)] |= contacts.TRAILED
        steps[self._texts_of(shapes.broken(points))] |= contacts.SPELT
        steps[shapes.end_in_digits(points, self._first)] |= contacts.TRAILED
        return steps

    def _places(self, *names: str) -> Integers:
        """Where any of some expressions may begin."""
        return _where(self._masks, self._glance.openings.mask(names))

    def _texts_of(self, places: Integers) -> Integers:
        return np.searchsorted(self._first, places, side="right") - 1

    def _by_text(self, places: Integers) -> _ByText:
        bounds = np.searchsorted(places, self._first)
        local = places - np.repeat(self._first[:-1], np.diff(bounds))
        return _ByText(bounds, local.tolist())

    def contacts(self) -> Iterator[tuple[int, int, contacts.Places]]:
        """Texts in which contacts may stand: their index, the steps that may find some, and where."""
        texts = np.flatnonzero(self._steps)
        columns = [each.of_texts(texts) for each in self._contacts]
        places = map(contacts.Places._make, zip(*columns, strict=True))
        return zip(texts.tolist(), self._steps[texts].tolist(), places, strict=True)

    def sums(self) -> tallies.Tallies:
        """The numbers of the texts in which one may be money."""
        starts = beginnings.starts(self._points, self._first)
        return money.payable(
            tallies.read(self._texts, self._points, self._first, starts)
        )

    def around(self, found: tallies.Tallies, limits: Integers) -> frames.Tries:
        """What has to be tried around each of some numbers, where a frame has to cost less than this."""
        first = self._first[found.texts]
        starts, ends = first + found.starts, first + found.ends
        return self._glance.grammar.around(
            self._points, self._masks, first, starts, ends, limits
        )

    def words(self, lexicon: rolewords.Lexicon) -> rolewords.Found:
        """The role words of the texts."""
        return rolewords.words_of(lexicon).find(self._points, self._first)

    def trade(self, text: int) -> tuple[Sequence[int], Sequence[int]]:
        """Where words of selling agencies, and of selling to customers, may begin in a text."""
        masks = self._masks[self._first[text] : self._first[text + 1]]
        agencies, goods = (
            _where(masks, self._glance.openings.mask([name])).tolist()
            for name in ("agencies", "goods")
        )
        return agencies, goods


@native.compiled
def _where(masks: Integers, wanted: int) -> Integers:
    """Where any of some bits is set."""
    places = np.empty(len(masks), np.int64)
    count = 0
    for place in range(len(masks)):
        places[count] = place
        count += (masks[place] & wanted) != 0
    return places[:count].copy()


def _matching(expression: branches.Branches, text: str, places: Integers) -> Integers:
    """The places where an expression matches."""
    match = expression.match
    return np.array(
        [place for place in places.tolist() if match(text, place)], dtype=np.int64
    )
