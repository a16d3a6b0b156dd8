"""Pieces of many texts whose shape alone may make them contacts: telephone numbers, ids, codes of registrations.

In: code points of texts, one after the other with a line break behind each. Out: where such pieces begin. Invariants: pure;
linear; nothing is missed: what ``contacts`` reads without a lead-in begins at one of the places (a test holds the two together).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import numpy as np

from features import digits, native, numerals

if TYPE_CHECKING:
    from features.trie import Integers

_POINTS: Final = 0x110000
_CODE_SIZE: Final = 18
#: Least characters of an id without a lead-in.
_NAME_SIZE: Final = 6
#: Digits among the last characters of a text, from which on a number may end it.
_LAST_DIGITS, _LEAST_DIGITS = 16, 9
# Parts of an id: letters, and what it holds besides; parts of a code.
_LETTER, _SIGN, _IN_CODE = 1, 2, 4
_IN_NAME: Final = _LETTER | _SIGN
#: What stands for a character that is no digit.
_NONE: Final = 10
_ZERO, _NINE = map(ord, "09")
_LEAST, _WIDEST_STEP = digits.LEAST, digits.WIDEST_STEP


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


@functools.cache
def _values() -> Integers:
    """The digit that each character may be in a telephone number without a lead-in."""
    values = np.full(_POINTS, _NONE, dtype=np.uint8)
    for one in digits.LOOSE:
        values[ord(one)] = int(digits.value_of(one))
    return values


def numbers(points: Integers) -> Integers:
    """Where telephone numbers may begin: at the first of some digits, enough of them in short steps, that begin as a number does."""
    return _numbers(points, _values())


def names_and_codes(points: Integers) -> tuple[Integers, Integers]:
    """Where pieces may be ids (long enough, of letters and of more), and where registration codes may begin."""
    return _pieces(points, _kinds())


def end_in_digits(points: Integers, first: Integers) -> Integers:
    """Which texts may end with a number: texts begin at ``first``, and a line break ends each."""
    is_digit = (points >= _ZERO) & (points <= _NINE)
    count = np.concatenate([[0], np.cumsum(is_digit, dtype=np.int64)])
    ends = first[1:]
    flags: Integers = (
        count[ends] - count[np.maximum(ends - _LAST_DIGITS, 0)] >= _LEAST_DIGITS
    )
    return flags


@native.compiled
def _numbers(  # noqa: PLR0912 (compiled functions call no others)
    points: Integers, values: Integers
) -> Integers:
    size = len(points)
    found = np.empty(size, np.int64)
    begin = np.empty(_LEAST, np.uint8)
    count = 0
    for place in range(size):
        first = values[points[place]]
        if first > 1 and first != 4 and first != 8:  # noqa: PLR1714 (a set would be made at each place)
            continue
        if place and values[points[place - 1]] != _NONE:
            # Within digits a number begins only where plain ones end (13800138000一对一).
            is_plain = _ZERO <= points[place] <= _NINE
            if is_plain or not _ZERO <= points[place - 1] <= _NINE:
                continue
        held, last, at = 0, place, place
        while at < size and held < _LEAST and at - last <= _WIDEST_STEP:
            value = values[points[at]]
            if value != _NONE:
                begin[held] = value
                held, last = held + 1, at
            at += 1
        if held < _LEAST:
            continue
        # The country's code, 86 or 0086, may stand before a mobile number.
        skipped = 0
        if first == 8 and begin[1] == 6:
            skipped = 2
        elif first == 0 and begin[1] == 0:
            if begin[2] != 8 or begin[3] != 6:
                continue
            skipped = 4
        opens, second = begin[skipped], begin[skipped + 1]
        if opens == 1:
            is_number = second >= 3
        elif skipped:
            is_number = False
        elif opens == 0:
            is_number = True
        else:
            is_number = second == 0 and begin[2] == 0
        if is_number:
            found[count] = place
            count += 1
    return found[:count].copy()


@native.compiled
def _pieces(points: Integers, kinds: Integers) -> tuple[Integers, Integers]:
    """The last character is a line break, part of neither."""
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
