"""Pieces of many texts whose shape alone may make them contacts: telephone numbers, ids, codes of registrations.

In: code points of texts, one after the other with a line break behind each. Out: where such pieces begin. Invariants: pure;
linear; nothing is missed: what ``contacts`` reads without a lead-in begins at one of the places (a test holds the two together).
"""

from __future__ import annotations

import functools
import string
from typing import TYPE_CHECKING, Final

import numpy as np

from features.disguises import broken as broken_module
from features.engine import native
from features.writing import digits, numerals

if TYPE_CHECKING:
    from features.engine.trie import Integers

_POINTS: Final = 0x110000
_CODE_SIZE: Final = 18
#: Least characters of an id without a lead-in.
_NAME_SIZE: Final = 6
#: Digits among the last characters of a text, from which on a number may end it.
_LAST_DIGITS, _LEAST_DIGITS = 16, 9
# Parts of an id: letters, and what it holds besides; parts of a code.
_LETTER, _SIGN, _IN_CODE = 1, 2, 4
_IN_NAME: Final = _LETTER | _SIGN
#: What breaks an id up.
_BLANK, _PICTURE = 4, 8
_PIECE_SIZES: Final = (broken_module.SIZES[0], broken_module.SIZES[-1])
_SMALLEST, _LARGEST = _PIECE_SIZES
# Parts of numbers and ids; signs over which no lead-in reaches; words by which one refers to what stands before.
_VALUE, _STOP, _REFERS = 1, 2, 3
#: Least characters of an id, and the most from one of them to the next: at most three signs or blanks part them.
_LEAST_VALUE, _VALUE_STEP = 4, 4
#: Within so many characters a lead-in may hold a sign itself (v,,x); so far from its beginning its value begins, after at most 20
#: characters of its own and 40 that are passed over.
_OWN_SIGNS, _REACH = 3, 60
#: So far before a lead-in ends what it names afterwards; and so far what it refers to, in words so near behind its beginning.
_RIGHT_BEFORE, _REFERS_BACK, _REFERS_WITHIN = 4, 32, 20
#: What may stand between it and such a value.
_SKIPPED: Final = tuple(map(ord, " ,(+"))
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


def beside_values(points: Integers, places: Integers) -> Integers:
    """At which places lead-ins may begin that announce something.

    What ids and numbers are made of follows with nothing between but what ``leadins`` passes over, or ends right before; or the
    lead-in may refer to a number before it (薇 同上). An id has at least four characters.

    Args:
        points: Code points.
        places: Where lead-ins may begin, ascending.

    Returns:
        A flag for each place.
    """
    return _beside_values(points, _roles(), places)


@functools.cache
def _roles() -> Integers:
    """What characters are to lead-ins and their values."""
    roles = np.zeros(_POINTS, dtype=np.uint8)
    for role, characters in (
        (
            _VALUE,
            f"{string.ascii_letters}{string.digits}_-{digits.NUMERALS}{''.join(numerals.SOUNDS_OF)}",
        ),
        (_STOP, ",。!?;…，"),
        (_REFERS, "同也"),
    ):
        roles[[ord(one) for one in characters]] = role
    return roles


def broken(points: Integers) -> Integers:
    """Where pieces stand that ``broken`` may put together: parted by pictures, or by blanks and of one size."""
    return _broken(points, _parts())


@functools.cache
def _parts() -> Integers:
    """What characters are to ids that are broken up."""
    parts = np.zeros(_POINTS, dtype=np.uint8)
    for kind, characters in (
        (_LETTER, string.ascii_lowercase),
        (_SIGN, f"{string.digits}_-.@"),
        (_BLANK, " "),
    ):
        parts[[ord(one) for one in characters]] = kind
    for low, high in broken_module.PICTURES:
        parts[low : high + 1] = _PICTURE
    return parts


def end_in_digits(points: Integers, first: Integers) -> Integers:
    """Which texts may end with a number: texts begin at ``first``, and a line break ends each."""
    return _end_in_digits(points, first)


@native.compiled
def _end_in_digits(points: Integers, first: Integers) -> Integers:
    flags = np.zeros(len(first) - 1, np.bool_)
    for text in range(len(first) - 1):
        count, end = 0, first[text + 1]
        for place in range(max(end - _LAST_DIGITS, 0), end):
            count += _ZERO <= points[place] <= _NINE
        flags[text] = count >= _LEAST_DIGITS
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


@native.compiled
def _broken(points: Integers, parts: Integers) -> Integers:
    """Two pieces with a picture between them, or three of one size with blanks."""
    found = np.empty(len(points), np.int64)
    count = 0
    # Sizes of the piece before last and the last, what stands before each, and what has been seen since the last piece.
    first = second = size = 0
    before_second = before = gap = 0
    gap_size = 0
    mixed_first = mixed_second = mixed = 0
    for place in range(len(points)):
        part = parts[points[place]]
        if part & _IN_NAME:
            if size == 0:
                before = gap if gap_size <= 3 else 0
            size += 1
            mixed |= part
            continue
        if size:
            is_even = (
                before == before_second
                and before != 0
                and first == second
                and size <= second
                and _SMALLEST <= second <= _LARGEST
                and mixed_first | mixed_second | mixed == _IN_NAME
            )
            if is_even or (before == _PICTURE and second != 0):
                found[count] = place
                count += 1
            first, second, before_second = second, size, before
            mixed_first, mixed_second, mixed = mixed_second, mixed, 0
            size = gap_size = 0
            gap = part
        if part != gap:
            gap = 0
        gap_size += 1
    return found[:count].copy()


@native.compiled
def _beside_values(  # noqa: PLR0912 (compiled functions call no others)
    points: Integers, roles: Integers, places: Integers
) -> Integers:
    size = len(points)
    # How many characters of a value follow from each place on, itself the first, and how many end at it.
    follow, ended = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
    last = -_VALUE_STEP - 1
    for place in range(size):
        if roles[points[place]] == _VALUE:
            near = place - last <= _VALUE_STEP
            ended[place] = min(_LEAST_VALUE, ended[last] + 1) if near else 1
            last = place
    last = size + _VALUE_STEP
    for place in range(size - 1, -1, -1):
        if roles[points[place]] == _VALUE:
            near = last - place <= _VALUE_STEP
            follow[place] = min(_LEAST_VALUE, follow[last] + 1) if near else 1
            last = place
    flags = np.zeros(len(places), np.bool_)
    for index in range(len(places)):
        place = places[index]
        found = shared = False
        for at in range(place + 1, min(place + _REACH, size)):
            if follow[at] == _LEAST_VALUE:
                found = True
                break
            shared |= roles[points[at]] == _REFERS
            # 微信同号,199…: behind what says that one number is for both a sign ends nothing.
            if roles[points[at]] == _STOP and at - place >= _OWN_SIGNS and not shared:
                break
        if not found:
            at = place - 1
            while at >= 0 and place - at < _RIGHT_BEFORE and points[at] in _SKIPPED:
                at -= 1
            found = at >= 0 and ended[at] == _LEAST_VALUE
        if not found:
            refers = False
            for at in range(place + 1, min(place + _REFERS_WITHIN, size)):
                refers |= roles[points[at]] == _REFERS
            if refers:
                for at in range(max(place - _REFERS_BACK, 0), place):
                    found |= ended[at] == _LEAST_VALUE
        flags[index] = found
    return flags
