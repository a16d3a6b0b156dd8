"""What a glance at many texts tells of each: where contacts and sums may stand, and which grammar may be around a sum.

In: folded plain texts, laid one after the other. Out: ``Hints``, asked for one text at a time. Invariants: pure; linear;
nothing is missed: what ``contacts`` and ``money`` find without hints they find with them (a test holds the two together).
Most texts hold little of what the costly readers look for, and what they hold stands at few places.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import numpy as np

from features import contacts, money
from features.amounts import beginnings, tallies
from features.disguises import spelling
from features.engine import expressions, kept, native, openings, thirds
from features.identifiers import addresses, handles, leadins, registrations, shapes
from features.indicators import hubs
from features.matching import strips
from features.purposes import frames, roles, rolewords

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

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
    "dropped": (contacts.DROPPED, handles.INSTRUCTION),
    "trailed": (contacts.TRAILED, contacts.TRAILER),
    "spelt": (contacts.SPELT, spelling.TRIGGER),
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
                "spelt": spelling.TRIGGER,
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


class Hints:
    """Hints for texts.

    Args:
        texts: Folded plain texts.
        strip: Of the texts, where it is known.

    Attributes:
        steps: For each text which steps of ``contacts`` may find something.
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
        steps = self._steps(points, len(texts))
        steps[self._texts_of(numbers)] |= contacts.BARE
        # Telling what to leave out of a name gives none.
        steps[steps == contacts.DROPPED] = 0
        self.steps: list[int] = steps.tolist()
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
        self._trade: tuple[dict[int, list[int]], dict[int, list[int]]] | None = None
        self._texts = texts

    def _steps(self, points: Integers, size: int) -> Integers:
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

    def _by_text(self, places: Integers) -> dict[int, list[int]]:
        """Places by the index of their text, as offsets in it."""
        bounds = np.searchsorted(places, self._first)
        counts = np.diff(bounds)
        texts = np.flatnonzero(counts)
        local = (places - np.repeat(self._first[:-1], counts)).tolist()
        return {
            text: local[low:high]
            for text, low, high in zip(
                texts.tolist(),
                bounds[texts].tolist(),
                bounds[texts + 1].tolist(),
                strict=True,
            )
        }

    def contacts(self, text: int) -> contacts.Places:
        """Where contacts may begin in a text."""
        leads, numbers, instructions, spelt, announcing = self._contacts
        return contacts.Places(
            leads.get(text, ()),
            numbers.get(text, ()),
            instructions.get(text, ()),
            spelt.get(text, ()),
            announcing.get(text, ()),
        )

    def sums(self) -> tallies.Tallies:
        """The numbers of the texts in which one may be money."""
        starts = beginnings.starts(self._points, self._first)
        return money.payable(
            tallies.read(self._texts, self._points, self._first, starts)
        )

    def around(self, found: tallies.Tallies) -> list[frames.Around]:
        """What may stand around each of some numbers."""
        first = self._first[found.texts]
        return self._glance.grammar.around(
            self._points, self._masks, first, first + found.starts, first + found.ends
        )

    def words(self, lexicon: rolewords.Lexicon) -> rolewords.Found:
        """The role words of the texts."""
        return rolewords.words_of(lexicon).find(self._points, self._first)

    def trade(self, text: int) -> tuple[Sequence[int], Sequence[int]]:
        """Where words of selling agencies, and of selling to customers, may begin in a text."""
        if self._trade is None:
            self._trade = (
                self._by_text(self._places("agencies")),
                self._by_text(self._places("goods")),
            )
        agencies, goods = self._trade
        return agencies.get(text, ()), goods.get(text, ())


@native.compiled
def _where(masks: Integers, wanted: int) -> Integers:
    """Where any of some bits is set."""
    places = np.empty(len(masks), np.int64)
    count = 0
    for place in range(len(masks)):
        places[count] = place
        count += (masks[place] & wanted) != 0
    return places[:count].copy()


def _matching(expression: re.Pattern[str], text: str, places: Integers) -> Integers:
    """The places where an expression matches."""
    match = expression.match
    is_kept = [match(text, place) is not None for place in places.tolist()]
    kept: Integers = places[np.array(is_kept, dtype=bool)]
    return kept
