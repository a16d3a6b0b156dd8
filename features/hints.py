"""What a glance at many texts tells of each: where contacts and sums may stand, and which grammar may be around a sum.

In: folded plain texts, laid one after the other. Out: ``Hints``, asked for one text at a time. Invariants: pure; linear;
nothing is missed: what ``contacts`` and ``money`` find without hints they find with them (a test holds the two together).
Most texts hold little of what the costly readers look for, and what they hold stands at few places.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

import numpy as np

from features import (
    addresses,
    contacts,
    digits,
    frames,
    leadins,
    openings,
    quantities,
    registrations,
    trie,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.trie import Integers

_POINTS: Final = 0x110000
#: Families of contacts by the expressions that may begin there.
_FAMILIES: Final = {
    "address": (contacts.ADDRESSES, addresses.TRIGGER),
    "company": (contacts.REGISTRATIONS, registrations.SUFFIX),
    "icp": (contacts.REGISTRATIONS, registrations.ICP),
    "police": (contacts.REGISTRATIONS, registrations.POLICE),
    "code": (contacts.REGISTRATIONS, re.compile("信用代码")),
    "lead": (contacts.LEADS, leadins.LEAD),
    "trailed": (contacts.TRAILED, contacts.TRAILER),
    "hotline": (contacts.HOTLINE, re.compile("|".join(sorted(contacts.HOTLINES)))),
}
#: Least digits of a telephone number, and most characters from one of them to the next.
_LEAST_DIGITS, _WIDEST_STEP = 7, 4
_CODE_SIZE: Final = 18


@functools.cache
def _openings() -> openings.Openings:
    """Of all families and frames; made in 0.1 s, so once."""
    return openings.Openings(
        {name: expression for name, (_, expression) in _FAMILIES.items()}
        | frames.OPENINGS
    )


@functools.cache
def _tier_bits() -> tuple[int, ...]:
    return frames.bits_of(_openings())


@functools.cache
def _is_loose() -> Integers:
    """Which characters may be digits of a telephone number without a lead-in."""
    return _table(digits.LOOSE)


@functools.cache
def _is_alphanumeric() -> Integers:
    return _table("0123456789abcdefghijklmnopqrstuvwxyz")


def _table(characters: str) -> Integers:
    table = np.zeros(_POINTS, dtype=bool)
    table[[ord(one) for one in characters]] = True
    return table


class Hints:
    """Hints for texts.

    Args:
        texts: Folded plain texts.

    Attributes:
        steps: For each text which steps of ``contacts`` may find something.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        points = trie.points_of("\n".join([*texts, ""]))
        sizes = np.array([len(text) + 1 for text in texts], dtype=np.int64)
        self._first = np.concatenate([[0], np.cumsum(sizes)])
        self._offsets: list[int] = self._first.tolist()
        self._masks = _openings().masks(points)
        steps = np.zeros(len(texts), dtype=np.uint8)
        places = np.flatnonzero(self._masks & _openings().mask(_FAMILIES))
        found, of = self._masks[places], self._texts_of(places)
        for name, (step, _) in _FAMILIES.items():
            steps[of[(found & _openings().mask([name])) > 0]] |= step
        steps[self._texts_of(_dense(_is_loose()[points]))] |= contacts.BARE
        codes = _runs(_is_alphanumeric()[points], least=_CODE_SIZE)
        steps[self._texts_of(codes)] |= contacts.REGISTRATIONS
        self.steps: list[int] = steps.tolist()
        self._leads = self._by_text(places[(found & _openings().mask(["lead"])) > 0])
        self._sums = self._by_text(quantities.starts(points))

    def _texts_of(self, places: Integers) -> Integers:
        return np.searchsorted(self._first, places, side="right") - 1

    def _by_text(self, places: Integers) -> dict[int, list[int]]:
        """Places by the index of their text, as offsets in it."""
        of = self._texts_of(places)
        texts, first = np.unique(of, return_index=True)
        ends = np.searchsorted(of, texts, side="right")
        local = (places - self._first[of]).tolist()
        return {
            text: local[low:high]
            for text, low, high in zip(
                texts.tolist(), first.tolist(), ends.tolist(), strict=True
            )
        }

    def leads(self, text: int) -> Sequence[int]:
        """Where lead-ins of contacts may begin in a text."""
        return self._leads.get(text, ())

    def sums(self, text: int) -> Sequence[int]:
        """Where sums may begin in a text."""
        return self._sums.get(text, ())

    def grammar(self, text: int) -> frames.Grammar:
        """Which frames may stand around the sums of a text."""
        return frames.Grammar(self._masks, self._offsets[text], _tier_bits())


def _dense(flags: Integers) -> Integers:
    """Where so many flags are set in short steps that a telephone number may begin."""
    places = np.flatnonzero(flags)
    span = _LEAST_DIGITS - 1
    ahead = places[span:] - places[: max(len(places) - span, 0)]
    return places[:-span][ahead <= span * _WIDEST_STEP] if len(ahead) else places[:0]


def _runs(flags: Integers, *, least: int) -> Integers:
    """Where runs of set flags begin that are long enough."""
    changes = np.flatnonzero(np.diff(flags, prepend=False, append=False))
    starts, ends = changes[::2], changes[1::2]
    return starts[ends - starts >= least]
