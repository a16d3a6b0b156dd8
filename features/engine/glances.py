"""What two characters tell of an expression: that it matches there, that it does not, or that more has to be looked at.

In: regular expressions that may match right behind a place, or end right before it. Out: ``Glances``: tables for compiled loops.
Invariants: pure; the tables are asked of the expressions themselves, so they follow every change of them; ``YES`` and ``NO``
are what the expression says in any text (a test tries), ``OPEN`` promises nothing.
"""

from __future__ import annotations

import re
from re import _compiler as compiler  # type: ignore[attr-defined]
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from features.engine import heads as heads_module
from features.engine import openings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from features.engine.trie import Integers

#: An answer; ``_BITS`` bits of a table for each expression.
NO, YES, OPEN = range(3)
_BITS: Final = 2
#: Characters beyond the Basic Multilingual Plane are strangers to every expression here.
_POINTS: Final = 0x10000
#: No expression knows it.
_STRANGER: Final = "\ue000"
_DEPTH: Final = 2


class Glances:
    r"""Expressions made ready.

    Args:
        ahead: Those that match right behind a place, at most eight.
        behind: Those that end right before it; they end with ``\Z``.

    Attributes:
        letters: The letter of each code point below 2**16; 0 for those that no expression tells from others.
        width: Letters are below it.
        ahead: For each pair of letters ``first * width + second`` the answers of the expressions, two bits each, the first
            expression's lowest.
        behind: Likewise; the first letter is the last before the place, the second the one before that.

    Raises:
        ValueError: an expression knows characters that it cannot be asked for.
    """

    def __init__(
        self,
        *,
        ahead: Sequence[re.Pattern[str]],
        behind: Sequence[re.Pattern[str]],
    ) -> None:
        known: set[int] = set()
        for expression in (*ahead, *behind):
            known |= _characters(parser.parse(expression.pattern, expression.flags))
        if any(point >= _POINTS for point in known):
            message = f"characters beyond {_POINTS:#x} cannot be glanced at"
            raise ValueError(message)
        alphabet = [_STRANGER, *map(chr, sorted(known))]
        self.width = len(alphabet)
        self.letters = np.zeros(_POINTS, dtype=np.uint16)
        self.letters[[ord(one) for one in alphabet[1:]]] = np.arange(1, self.width)
        self.ahead = self._table(
            [(openings.heads_of(one), _ahead(one)) for one in ahead], alphabet
        )
        self.behind = self._table(
            [(openings.tails_of(one), _behind(one)) for one in behind],
            alphabet,
        )

    def _table(
        self,
        asked: list[tuple[frozenset[heads_module.Head], Callable[[str, str], int]]],
        alphabet: list[str],
    ) -> Integers:
        table = np.zeros((self.width, self.width), dtype=np.uint16)
        for index, (heads, ask) in enumerate(asked):
            for first, second in _pairs(heads, alphabet):
                answer = ask(alphabet[first], alphabet[second])
                table[first, second] |= answer << (_BITS * index)
        return table.ravel()


def _pairs(
    heads: Iterable[heads_module.Head], alphabet: list[str]
) -> Iterator[tuple[int, int]]:
    """The letters with which matches may begin, each pair once."""
    number = {ord(one): index for index, one in enumerate(alphabet)}
    everything = range(len(alphabet))
    pairs: set[tuple[int, int]] = set()
    for head in heads:
        first, second = (*head, heads_module.ANY, heads_module.ANY)[:_DEPTH]
        firsts = everything if first == heads_module.ANY else [number[first]]
        seconds = everything if second == heads_module.ANY else [number[second]]
        pairs.update((one, two) for one in firsts for two in seconds)
    yield from sorted(pairs)


def _ahead(expression: re.Pattern[str]) -> Any:  # noqa: ANN401 (a function of two characters)
    parsed = parser.parse(expression.pattern, expression.flags)
    seen, width = _looks(parsed)
    thirds = ["", _STRANGER, *map(chr, sorted(seen))]
    sure = _sure(expression)

    def ask(first: str, second: str) -> int:
        """Sure is what is matched within the pair, whatever follows, as far as the expression looks ahead."""
        found = expression.match(first + second)
        if not found:
            return OPEN
        if found.end() + width <= _DEPTH or (sure and sure.match(first + second)):
            return YES
        if found.end() + width > _DEPTH + 1:
            return OPEN
        for third in thirds:
            again = expression.match(first + second + third)
            if not again or again.end() + width > _DEPTH + 1:
                return OPEN
        return YES

    return ask


def _sure(expression: re.Pattern[str]) -> re.Pattern[str] | None:
    """An expression without the ways to match that look around: what it matches, the whole one matches in any text.

    None where a possessive repeat may depend on what was looked at: with fewer ways inside it more may match behind.
    """
    parsed = parser.parse(expression.pattern, expression.flags)
    if not _fail_where_it_looks(parsed):
        return None
    made: re.Pattern[str] = compiler.compile(parsed, expression.flags)
    return made


def _fail_where_it_looks(parsed: Any) -> bool:  # noqa: ANN401 (the parser's own type)
    """Put what never matches in place of each look around; False where that may not be done."""
    for index, (code, argument) in enumerate(parsed):
        if code in {constants.POSSESSIVE_REPEAT, constants.ATOMIC_GROUP}:
            return False
        if code in {constants.ASSERT, constants.ASSERT_NOT, constants.AT}:
            parsed[index] = (constants.FAILURE, ())
        elif not all(map(_fail_where_it_looks, _parts(argument))):
            return False
    return True


def _behind(expression: re.Pattern[str]) -> Any:  # noqa: ANN401 (a function of two characters)
    looks_back = re.search(r"\(\?<[=!]", expression.pattern) is not None

    def ask(last: str, before: str) -> int:
        """What ends a text ends any longer one, unless it looks back."""
        return YES if not looks_back and expression.search(before + last) else OPEN

    return ask


def _looks(parsed: Any) -> tuple[set[int], int]:  # noqa: ANN401 (the parser's own type)
    """The characters that look-aheads of an expression tell from others, and how far they look at most."""
    seen: set[int] = set()
    width = 0
    for code, argument in parsed:
        if code in {constants.ASSERT, constants.ASSERT_NOT} and argument[0] > 0:
            width = max(width, argument[1].getwidth()[1])
            seen |= _characters(argument[1])
        for inner in _parts(argument):
            more, wider = _looks(inner)
            seen, width = seen | more, max(width, wider)
    return seen, width


def _parts(argument: Any) -> Iterator[Any]:  # noqa: ANN401 (the parser's own type)
    """The sequences inside one item."""
    if isinstance(argument, parser.SubPattern):
        yield argument
    elif isinstance(argument, tuple | list):
        for one in argument:
            yield from _parts(one)


def _characters(parsed: Any) -> set[int]:  # noqa: ANN401 (the parser's own type)
    """All characters that an expression names."""
    seen: set[int] = set()
    for code, argument in parsed:
        if code in {constants.LITERAL, constants.NOT_LITERAL}:
            seen.add(argument)
        elif code is constants.RANGE:
            seen.update(range(argument[0], argument[1] + 1))
        elif code is constants.IN:
            seen |= _characters(argument)
        else:
            for inner in _parts(argument):
                seen |= _characters(inner)
    return seen
