"""What a glance at many texts tells of each: where contacts and sums may stand, and which grammar may be around a sum.

In: folded plain texts, laid one after the other. Out: ``Hints``, asked for one text at a time. Invariants: pure; linear;
nothing is missed: what ``contacts`` and ``money`` find without hints they find with them (a test holds the two together).
Most texts hold little of what the costly readers look for, and what they hold stands at few places.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features import (
    addresses,
    beginnings,
    contacts,
    digits,
    figures,
    frames,
    handles,
    leadins,
    money,
    numerals,
    openings,
    quantities,
    registrations,
    roles,
    rolewords,
    spelling,
    trie,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from features.trie import Integers

_POINTS: Final = 0x110000
#: Families of contacts by the expressions that may begin there.
_FAMILIES: Final = {
    "address": (contacts.ADDRESSES, addresses.TRIGGER),
    "company": (
        contacts.REGISTRATIONS,
        re.compile(f"{registrations.SUFFIX.pattern}|{registrations.OTHERS.pattern}"),
    ),
    "icp": (contacts.REGISTRATIONS, registrations.ICP),
    "police": (contacts.REGISTRATIONS, registrations.POLICE),
    "lead": (contacts.LEADS, leadins.LEAD),
    "dropped": (contacts.DROPPED, handles.INSTRUCTION),
    "trailed": (contacts.TRAILED, contacts.TRAILER),
    "spelt": (contacts.SPELT, spelling.TRIGGER),
    "hotline": (contacts.HOTLINE, re.compile("|".join(sorted(contacts.HOTLINES)))),
}
_CODE_SIZE: Final = 18
#: Least characters of an id without a lead-in.
_NAME_SIZE: Final = 6


class _Glance:
    """What is looked for, made ready.

    Args:
        lexicon: Role words of a pack.
    """

    def __init__(self, lexicon: rolewords.Lexicon) -> None:
        self.openings = openings.Openings(
            {name: expression for name, (_, expression) in _FAMILIES.items()}
            | {
                "agencies": roles.SELLS_AGENCIES,
                "goods": roles.SELLS_GOODS,
                "period": money.PERIOD_BEFORE,
            }
            | frames.OPENINGS,
            anchored=frames.ANCHORED,
        )
        self.grammar = frames.Grammar(
            self.openings,
            openings.Closings({**frames.CLOSINGS, "period": money.PERIOD_BEFORE}),
        )


@functools.lru_cache(maxsize=4)
def _glance(lexicon: rolewords.Lexicon) -> _Glance:
    """Of a lexicon; made in 0.2 s, so once."""
    return _Glance(lexicon)


@functools.cache
def _is_loose() -> Integers:
    """Which characters may be digits of a telephone number without a lead-in."""
    return _table(digits.LOOSE)


@functools.cache
def _is_first() -> Integers:
    """Which of them may begin one."""
    return _table(digits.FIRST)


@functools.cache
def _is_alphanumeric() -> Integers:
    return _table("0123456789abcdefghijklmnopqrstuvwxyz")


@functools.cache
def _is_letter() -> Integers:
    return _table("abcdefghijklmnopqrstuvwxyz")


@functools.cache
def _is_name_sign() -> Integers:
    """What an id holds besides letters."""
    return _table(f"0123456789_-.{numerals.HAN_DIGITS}")


def _table(characters: str) -> Integers:
    table = np.zeros(_POINTS, dtype=bool)
    table[[ord(one) for one in characters]] = True
    return table


class Hints:
    """Hints for texts.

    Args:
        texts: Folded plain texts.
        lexicon: Role words of the pack.

    Attributes:
        steps: For each text which steps of ``contacts`` may find something.
    """

    def __init__(self, texts: Sequence[str], lexicon: rolewords.Lexicon) -> None:
        self._lexicon, self._glance = lexicon, _glance(lexicon)
        points = trie.points_of("\n".join([*texts, ""]))
        self._points = points
        sizes = np.array([len(text) + 1 for text in texts], dtype=np.int64)
        self._first = np.concatenate([[0], np.cumsum(sizes)])
        self._masks = self._glance.openings.masks(points)
        numbers = _numbers(points)
        steps = self._steps(points, len(texts))
        steps[self._texts_of(numbers)] |= contacts.BARE
        self.steps: list[int] = steps.tolist()
        self._contacts = [
            self._by_text(places)
            for places in (
                self._places("lead"),
                numbers,
                self._places("spelt"),
                self._places("dropped"),
            )
        ]
        self._trade: tuple[dict[int, list[int]], dict[int, list[int]]] | None = None
        self._texts = texts

    def _steps(self, points: Integers, size: int) -> Integers:
        steps = np.zeros(size, dtype=np.uint8)
        if not size:
            return steps
        held = np.bitwise_or.reduceat(self._masks, self._first[:-1])
        for name, (step, _) in _FAMILIES.items():
            steps[(held & self._glance.openings.mask([name])) > 0] |= step
        codes = _runs(_is_alphanumeric()[points], least=_CODE_SIZE)
        steps[self._texts_of(codes)] |= contacts.REGISTRATIONS
        steps[self._texts_of(_names(points))] |= contacts.TRAILED
        return steps

    def _places(self, name: str) -> Integers:
        """Where an expression may begin."""
        return np.flatnonzero(self._masks & self._glance.openings.mask([name]))

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
        return contacts.Places(*(each.get(text, ()) for each in self._contacts))

    def sums(self) -> dict[int, list[quantities.Quantity]]:
        """The numbers of each text in which one may be money, by the index of the text."""
        return figures.sums(
            self._texts,
            self._points,
            self._first,
            beginnings.starts(self._points),
            may_pay=money.may_pay,
        )

    def surroundings(
        self, sums: Mapping[int, Sequence[quantities.Quantity]]
    ) -> Iterator[Surroundings]:
        """What is known of the text around sums.

        Args:
            sums: By the index of their text.

        Yields:
            For each text what ``money`` asks of it.
        """
        of = np.repeat(
            np.array(list(sums), dtype=np.int64), [len(one) for one in sums.values()]
        )
        first = self._first[of]
        every = [one for each in sums.values() for one in each]
        starts = first + np.array([one.start for one in every], dtype=np.int64)
        ends = first + np.array([one.end for one in every], dtype=np.int64)
        around = self._glance.grammar.around(
            self._points, self._masks, first, starts, ends
        )
        at = 0
        for text, each in sums.items():
            yield Surroundings(around[at : at + len(each)], self, text)
            at += len(each)

    def words(self) -> rolewords.Found:
        """The role words of the texts."""
        return rolewords.words_of(self._lexicon).find(self._points, self._first)

    def trade(self, text: int) -> tuple[Sequence[int], Sequence[int]]:
        """Where words of selling agencies, and of selling to customers, may begin in a text."""
        if self._trade is None:
            self._trade = (
                self._by_text(self._places("agencies")),
                self._by_text(self._places("goods")),
            )
        agencies, goods = self._trade
        return agencies.get(text, ()), goods.get(text, ())


class Surroundings(NamedTuple):
    """What is known of the text around its sums; ``money.Surroundings``."""

    around: Sequence[frames.Around]
    hints: Hints
    text: int

    @property
    def trade(self) -> tuple[Sequence[int], Sequence[int]]:
        """Where words of selling agencies, and of selling to customers, may begin."""
        return self.hints.trade(self.text)


def _numbers(points: Integers) -> Integers:
    """Where telephone numbers without a lead-in may begin: enough digits in short steps."""
    places = np.flatnonzero(_is_loose()[points])
    more = digits.LEAST - 1
    if len(places) <= more:
        return places[:0]
    firsts = places[:-more]
    is_near = places[more:] - firsts <= more * digits.WIDEST_STEP
    return firsts[is_near & _is_first()[points[firsts]]]


def _names(points: Integers) -> Integers:
    """Where pieces may be ids without a lead-in: long enough, of letters and of more than letters."""
    is_letter, is_other = _is_letter()[points], _is_name_sign()[points]
    starts, ends = _bounds(is_letter | is_other)
    is_name = ends - starts >= _NAME_SIZE
    for each in (is_letter, is_other):
        count = np.concatenate([[0], np.cumsum(each, dtype=np.int64)])
        is_name &= count[ends] > count[starts]
    return starts[is_name]


def _runs(flags: Integers, *, least: int) -> Integers:
    """Where runs of set flags begin that are long enough."""
    starts, ends = _bounds(flags)
    return starts[ends - starts >= least]


def _bounds(flags: Integers) -> tuple[Integers, Integers]:
    """Where runs of set flags begin and end."""
    changes = np.flatnonzero(np.diff(flags, prepend=False, append=False))
    return changes[::2], changes[1::2]
