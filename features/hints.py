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
    beginnings,
    contacts,
    digits,
    frames,
    handles,
    leadins,
    money,
    native,
    numerals,
    openings,
    registrations,
    roles,
    rolewords,
    spelling,
    tallies,
    thirds,
    trie,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

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
#: Digits among the last characters of a text, from which on a number may end it.
_LAST_DIGITS, _LEAST_DIGITS = 16, 9
# Parts of an id: letters, and what it holds besides; parts of a code.
_LETTER, _SIGN, _IN_CODE = 1, 2, 4
_IN_NAME: Final = _LETTER | _SIGN


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
            | frames.OPENINGS,
            anchored=frames.ANCHORED,
        )
        self.thirds = thirds.Thirds(
            {name: expression for name, (_, expression) in _FAMILIES.items()}
        )
        self.grammar = frames.Grammar(
            self.openings,
            openings.Closings({**frames.CLOSINGS, "period": money.PERIOD_BEFORE}),
        )


@functools.cache
def _glance() -> _Glance:
    """Made in 0.3 s, so once."""
    return _Glance()


@functools.cache
def _is_loose() -> Integers:
    """Which characters may be digits of a telephone number without a lead-in."""
    return _table(digits.LOOSE)


@functools.cache
def _is_first() -> Integers:
    """Which of them may begin one."""
    return _table(digits.FIRST)


@functools.cache
def _kinds() -> Integers:
    """What characters are to ids and codes, a bit each."""
    kinds = np.zeros(_POINTS, dtype=np.uint8)
    letters, ciphers = "abcdefghijklmnopqrstuvwxyz", "0123456789"
    for bit, characters in (
        (_LETTER, letters),
        (_SIGN, f"{ciphers}_-.{numerals.HAN_DIGITS}"),
        (_IN_CODE, letters + ciphers),
    ):
        kinds[[ord(one) for one in characters]] |= bit
    return kinds


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
        self._lexicon, self._glance = lexicon, _glance()
        whole = "\n".join([*texts, ""])
        points = trie.points_of(whole)
        self._points = points
        sizes = np.array([len(text) + 1 for text in texts], dtype=np.int64)
        self._first = np.concatenate([[0], np.cumsum(sizes)])
        self._masks = self._glance.openings.masks(points)
        places = self._places(*_FAMILIES)
        held = self._masks[places]
        self._families = {
            name: self._glance.thirds.kept(
                name, points, places[(held & self._glance.openings.mask([name])) > 0]
            )
            for name in _FAMILIES
        }
        self._families["spelt"] = _matching(
            spelling.TRIGGER, whole, self._families["spelt"]
        )
        numbers = _numbers(points)
        steps = self._steps(points, len(texts))
        steps[self._texts_of(numbers)] |= contacts.BARE
        self.steps: list[int] = steps.tolist()
        self._contacts = [
            self._by_text(places)
            for places in (
                self._families["lead"],
                numbers,
                self._families["dropped"],
            )
        ]
        self._trade: tuple[dict[int, list[int]], dict[int, list[int]]] | None = None
        self._texts = texts

    def _steps(self, points: Integers, size: int) -> Integers:
        steps = np.zeros(size, dtype=np.uint8)
        if not size:
            return steps
        for name, (step, _) in _FAMILIES.items():
            steps[self._texts_of(self._families[name])] |= step
        names, codes = _pieces(points, _kinds())
        steps[self._texts_of(codes)] |= contacts.REGISTRATIONS
        steps[self._texts_of(names)] |= contacts.TRAILED
        steps[_end_in_digits(points, self._first)] |= contacts.TRAILED
        return steps

    def _places(self, *names: str) -> Integers:
        """Where any of some expressions may begin."""
        return np.flatnonzero(self._masks & self._glance.openings.mask(names))

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
        leads, numbers, instructions = self._contacts
        return contacts.Places(
            leads.get(text, ()),
            numbers.get(text, ()),
            instructions.get(text, ()),
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


def _numbers(points: Integers) -> Integers:
    """Where telephone numbers without a lead-in may begin: enough digits in short steps."""
    places = np.flatnonzero(_is_loose()[points])
    more = digits.LEAST - 1
    if len(places) <= more:
        return places[:0]
    firsts = places[:-more]
    is_near = places[more:] - firsts <= more * digits.WIDEST_STEP
    return firsts[is_near & _is_first()[points[firsts]]]


def _matching(expression: re.Pattern[str], text: str, places: Integers) -> Integers:
    """The places where an expression matches."""
    match = expression.match
    is_kept = [match(text, place) is not None for place in places.tolist()]
    kept: Integers = places[np.array(is_kept, dtype=bool)]
    return kept


def _end_in_digits(points: Integers, first: Integers) -> Integers:
    """Which texts may end with a number: texts begin at ``first``, and a line break ends each."""
    is_digit = (points >= ord("0")) & (points <= ord("9"))
    count = np.concatenate([[0], np.cumsum(is_digit, dtype=np.int64)])
    ends = first[1:]
    flags: Integers = (
        count[ends] - count[np.maximum(ends - _LAST_DIGITS, 0)] >= _LEAST_DIGITS
    )
    return flags


@native.compiled
def _pieces(points: Integers, kinds: Integers) -> tuple[Integers, Integers]:
    """Where pieces may be ids without a lead-in (long enough, of letters and of more), and where registration codes may begin.

    The last character is a line break, part of neither.
    """
    names, codes = np.empty(len(points), np.int64), np.empty(len(points), np.int64)
    name_count = code_count = size = code_size = 0
    held = 0
    for place in range(len(points)):
        kind = kinds[points[place]]
        if kind & _IN_CODE:
            code_size += 1
        else:
            if code_size >= _CODE_SIZE:
                codes[code_count] = place - code_size
                code_count += 1
            code_size = 0
        if kind & _IN_NAME:
            held |= kind & _IN_NAME
            size += 1
        else:
            if size >= _NAME_SIZE and held == _IN_NAME:
                names[name_count] = place - size
                name_count += 1
            size = held = 0
    return names[:name_count].copy(), codes[:code_count].copy()
