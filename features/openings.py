"""Where in many texts patterns may begin or end: their possible first or last two characters, looked up for all places at once.

In: regular expressions by name, and the code points of texts. Out: for each place the expressions that may match there, or
end right before it. Invariants: pure; nothing is missed: whatever an expression matches begins at one of its places (a test tries); most
other places are left out, so that expressions are tried at few places instead of at every one; linear.

The openings are taken from the parsed expression itself, so they follow every change of it. Why not one combined search: the
``re`` module tries every alternative at every place; measured on posts of 120 characters, the lead-ins of contacts took 11 us
a post that way, and their places take 0.3.
"""

from __future__ import annotations

import functools
import operator
import re
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from features.trie import Integers

    #: The first characters of a match, or the last ones from the end, at most two; ``ANY`` stands for every character.
    Head = tuple[int, ...]

_POINTS: Final = 0x110000
_DEPTH: Final = 2
#: How far from the beginning of a match an anchor may stand, exclusive.
REACH: Final = 24
ANY: Final = -1
#: A class of more characters than this stands for every character.
_WIDEST: Final = 500
_REPEATS: Final = {
    constants.MAX_REPEAT,
    constants.MIN_REPEAT,
    constants.POSSESSIVE_REPEAT,
}
_SINGLE: Final = {constants.LITERAL, constants.ANY, constants.NOT_LITERAL}
_WIDTHLESS: Final = {constants.ASSERT, constants.ASSERT_NOT, constants.AT}


class Openings:
    """Expressions made ready.

    Args:
        expressions: By name; none may match the empty string. One that ignores case is looked for in lower-case text.
        anchored: Expressions that may begin with anything; told is where their ``anchors`` may stand.

    Raises:
        ValueError: an expression may begin with anything, or match nothing at all, or refers back to its groups.
    """

    def __init__(
        self,
        expressions: Mapping[str, re.Pattern[str]],
        *,
        anchored: Mapping[str, re.Pattern[str]] = MappingProxyType({}),
    ) -> None:
        heads = {name: heads_of(one) for name, one in expressions.items()}
        heads |= {
            name: anchors(one) or frozenset({()}) for name, one in anchored.items()
        }
        for name, each in heads.items():
            if _is_anywhere(each):
                message = f"pattern {name} may begin with anything: {(expressions.get(name) or anchored[name]).pattern!r}"
                raise ValueError(message)
        self._pairs = _Pairs(heads)

    def mask(self, names: Iterable[str]) -> int:
        """The bits of some expressions in ``masks``."""
        return self._pairs.mask(names)

    def masks(self, points: Integers) -> Integers:
        """For each place the bits of the expressions that may begin there.

        Args:
            points: Code points of a text (``trie.points_of``).
        """
        seconds = np.zeros_like(points)
        seconds[:-1] = points[1:]
        return self._pairs.of(points, seconds)


class Closings:
    """Expressions made ready, by what they end with.

    Args:
        expressions: By name. One that ignores case is looked for in lower-case text; one that may match nothing, or end with
            anything, may end anywhere.
    """

    def __init__(self, expressions: Mapping[str, re.Pattern[str]]) -> None:
        self._pairs = _Pairs({name: tails_of(one) for name, one in expressions.items()})

    def mask(self, names: Iterable[str]) -> int:
        """The bits of some expressions in ``masks``."""
        return self._pairs.mask(names)

    def masks(self, points: Integers, places: Integers) -> Integers:
        """For each of some places the bits of the expressions that may end right before it; all of them at the very beginning."""
        lasts = points[np.maximum(places, 1) - 1]
        before = points[np.maximum(places, 2) - 2]
        masks = self._pairs.of(lasts, before)
        masks[places < _DEPTH] = self._pairs.every
        return masks


class _Pairs:
    """Bits of expressions by two characters.

    Args:
        heads: Of each expression the pairs at which it may stand; shorter ones leave the rest open.
    """

    def __init__(self, heads: Mapping[str, frozenset[Head]]) -> None:
        letters = sorted(
            {one for each in heads.values() for head in each for one in head} - {ANY}
        )
        number = {point: index for index, point in enumerate(letters, start=1)}
        self._width = len(letters) + 1
        self._letter = np.zeros(_POINTS, dtype=np.uint16)
        self._letter[letters] = np.arange(1, self._width)
        masks = np.zeros((self._width, self._width), dtype=np.uint32)
        self._bits: dict[str, int] = {}
        for index, (name, each) in enumerate(heads.items()):
            self._bits[name] = bit = 1 << index
            for head in each:
                first, second = (*head, ANY, ANY)[:_DEPTH]
                row = slice(None) if first == ANY else number[first]
                column = slice(None) if second == ANY else number[second]
                masks[row, column] |= bit
        self._masks = masks.ravel()
        self.every = self.mask(heads)

    def mask(self, names: Iterable[str]) -> int:
        """The bits of some expressions."""
        return functools.reduce(operator.or_, (self._bits[name] for name in names), 0)

    def of(self, firsts: Integers, seconds: Integers) -> Integers:
        """The bits at pairs of code points."""
        keys = self._letter[firsts].astype(np.int32)
        keys *= self._width
        keys += self._letter[seconds]
        masks: Integers = self._masks[keys]
        return masks


class Branches:
    """An alternation of which at a place only those alternatives are tried that may begin with the character there.

    The ``re`` module tries all: at 手 the names of seventy services, at 2 us a place.

    Args:
        groups: Group names and their alternatives' source, in order; none ignores case.

    Attributes:
        whole: All of it as one expression.
    """

    def __init__(self, groups: Mapping[str, str]) -> None:
        self.whole = re.compile(
            "|".join(f"(?P<{name}>{guarded(one)})" for name, one in groups.items())
        )
        self._heads = [
            (name, one, {head[0] if head else ANY for head in _heads(one)})
            for name, source in groups.items()
            for one in _alternatives(source)
        ]
        self._by_first: dict[str, re.Pattern[str]] = {}

    def match(self, text: str, place: int) -> re.Match[str] | None:
        """What the whole expression matches right at a place."""
        first = text[place]
        expression = self._by_first.get(first)
        if expression is None:
            expression = self._by_first[first] = self._beginning(ord(first))
        return expression.match(text, place)

    def _beginning(self, point: int) -> re.Pattern[str]:
        groups: dict[str, list[str]] = {}
        for name, one, firsts in self._heads:
            if point in firsts or ANY in firsts:
                groups.setdefault(name, []).append(one)
        return re.compile(
            "|".join(f"(?P<{name}>{'|'.join(one)})" for name, one in groups.items())
            or "(?!)"
        )


def _heads(source: str) -> set[Head]:
    return _sequence(parser.parse(source), 1, lower=False)


def _alternatives(source: str) -> Iterator[str]:
    """The alternatives of an expression, as text."""
    depth = start = at = 0
    is_class = False
    while at < len(source):
        one = source[at]
        if one == "\\":
            at += 1
        elif is_class:
            is_class = one != "]"
        elif one == "[":
            is_class = True
            # A bracket that stands first in a class is one of its characters.
            at += source.startswith("[^", at)
            at += source[at + 1 : at + 2] == "]"
        elif one in "()":
            depth += 1 if one == "(" else -1
        elif one == "|" and not depth:
            yield source[start:at]
            start = at + 1
        at += 1
    yield source[start:]


def matches(
    expression: re.Pattern[str] | Branches, text: str, places: Iterable[int] | None
) -> Iterator[re.Match[str]]:
    """What an expression matches in a text, left to right and not overlapping.

    Args:
        expression: It matches no empty text.
        text: Any.
        places: Where it may begin, ascending; None for anywhere.
    """
    if places is None:
        whole = expression.whole if isinstance(expression, Branches) else expression
        yield from whole.finditer(text)
        return
    end = 0
    for place in places:
        match = expression.match(text, place) if place >= end else None
        if match is not None:
            end = match.end()
            yield match


def first_characters(expression: re.Pattern[str]) -> frozenset[str]:
    """The characters with which matches of an expression may begin.

    Raises:
        ValueError: they may begin with anything.
    """
    firsts = {head[0] for head in heads_of(expression) if head}
    if ANY in firsts or () in heads_of(expression):
        message = f"a pattern may begin with anything: {expression.pattern!r}"
        raise ValueError(message)
    return frozenset(map(chr, firsts))


def guarded(source: str) -> str:
    """An expression with a look at its first character before it; as it is where that may be any.

    A search leaves a place after that look. Without it the ``re`` module tries every alternative at every place, unless each
    begins with a plain character: 39 us became 8 for the words about others in a clause of 40 characters.

    Args:
        source: An expression in lower case, as text; groups keep their names.
    """
    parsed = parser.parse(source)
    is_folded = bool(parsed.state.flags & re.IGNORECASE)
    # One character is enough to look at, and compiling is left to who searches: together half of this module's users' start.
    heads = _sequence(parsed, 1, lower=is_folded)
    firsts = {head[0] if head else ANY for head in heads}
    if ANY in firsts or not firsts:
        return f"(?:{source})"
    return f"(?=[{re.escape(''.join(map(chr, sorted(firsts))))}])(?:{source})"


def last_characters(expression: re.Pattern[str]) -> frozenset[str]:
    """The characters with which matches of an expression may end.

    Raises:
        ValueError: they may end with anything.
    """
    tails = tails_of(expression)
    lasts = {tail[0] for tail in tails if tail}
    if ANY in lasts or () in tails:
        message = f"a pattern may end with anything: {expression.pattern!r}"
        raise ValueError(message)
    return frozenset(map(chr, lasts))


def begins_anywhere(expression: re.Pattern[str]) -> bool:
    """Whether an expression tells nothing of its beginning, so that it cannot be looked for."""
    return _is_anywhere(heads_of(expression))


def _is_anywhere(heads: frozenset[Head]) -> bool:
    return any(not head or set(head) == {ANY} for head in heads)


@functools.cache
def heads_of(expression: re.Pattern[str], depth: int = _DEPTH) -> frozenset[Head]:
    """The first characters of what an expression matches, at most ``depth``; shorter heads leave the rest open."""
    parsed = parser.parse(expression.pattern, expression.flags)
    is_folded = bool(expression.flags & re.IGNORECASE)
    return frozenset(_sequence(parsed, depth, lower=is_folded))


def tails_of(expression: re.Pattern[str]) -> frozenset[Head]:
    """The last characters of what an expression matches, from the end."""
    parsed = parser.parse(expression.pattern, expression.flags)
    is_folded = bool(expression.flags & re.IGNORECASE)
    return frozenset(_sequence(parsed, _DEPTH, lower=is_folded, backwards=True))


@functools.cache
def anchors(expression: re.Pattern[str]) -> frozenset[Head] | None:
    """The heads of a part that every match holds within ``REACH`` of its beginning; None where there is no such part."""
    parsed = parser.parse(expression.pattern, expression.flags)
    heads = _anchors(parsed, lower=bool(expression.flags & re.IGNORECASE))
    return None if heads is None else frozenset(heads)


def _anchors(items: Any, *, lower: bool) -> set[Head] | None:  # noqa: ANN401 (the parser's own type)
    if len(items) == 1 and items[0][0] is constants.SUBPATTERN:
        return _anchors(items[0][1][3], lower=lower)
    if len(items) == 1 and items[0][0] is constants.BRANCH:
        found: set[Head] = set()
        for each in items[0][1][1]:
            heads = _anchors(each, lower=lower)
            if heads is None:
                return None
            found |= heads
        return found
    for index in range(len(items)):
        if items[:index].getwidth()[1] >= REACH:
            break
        heads = _sequence(items[index:], _DEPTH, lower=lower)
        if not _is_anywhere(frozenset(heads)):
            return heads
    return None


def _sequence(
    items: Any,  # noqa: ANN401 (the parser's own type)
    depth: int,
    *,
    lower: bool,
    backwards: bool = False,
    rest: frozenset[Head] = frozenset({()}),
) -> set[Head]:
    """The heads of items in a row, or their tails; shorter ones than ``depth`` may be a whole match.

    Args:
        items: Of a parsed expression.
        depth: Most characters of a head.
        lower: Whether letters are looked for in lower case.
        backwards: Tails instead.
        rest: The heads of what follows.
    """
    ordered = [items[index] for index in range(len(items))]
    if not backwards:
        # What begins behind so many characters shows in no head.
        most = next(
            (n for n in range(len(items)) if items[:n].getwidth()[0] >= depth),
            len(items),
        )
        ordered = ordered[:most][::-1]
    heads = set(rest)
    for item in ordered:
        heads = _item(item, depth, heads, lower=lower, backwards=backwards)
    return heads


def _item(
    item: tuple[Any, Any],
    depth: int,
    rest: set[Head],
    *,
    lower: bool,
    backwards: bool,
) -> set[Head]:
    """The heads of an item and of what follows it."""
    code, argument = item

    def inside(items: Any, follows: set[Head]) -> set[Head]:  # noqa: ANN401 (the parser's own type)
        return _sequence(
            items, depth, lower=lower, backwards=backwards, rest=frozenset(follows)
        )

    if code in _SINGLE or code is constants.IN:
        members = _members(argument if code is constants.IN else [item], lower=lower)
        return {
            (one, *head)[:depth]
            for head in {head[: depth - 1] for head in rest}
            for one in members
        }
    if code is constants.ASSERT and (argument[0] < 0) is backwards:
        return _both(inside(argument[1], {()}), rest)
    if code in _WIDTHLESS:
        return rest
    if code is constants.BRANCH:
        return {head for one in argument[1] for head in inside(one, rest)}
    if code in {constants.SUBPATTERN, constants.ATOMIC_GROUP}:
        return inside(argument[3] if code is constants.SUBPATTERN else argument, rest)
    if code in _REPEATS:
        least, most, inner = argument
        heads: set[Head] = set() if least else set(rest)
        follows = rest
        for times in range(1, min(most, depth) + 1):
            follows = inside(inner, follows)
            if times >= min(least, depth):
                heads |= follows
        return heads
    message = f"a pattern with {code} has no known openings"
    raise ValueError(message)


def _both(ahead: set[Head], rest: set[Head]) -> set[Head]:
    """Heads that are of either kind: what an assertion asks of the characters that follow."""
    by_first: dict[int, set[Head]] = {}
    for head in ahead:
        by_first.setdefault(head[0] if head else ANY, set()).add(head)
    found: set[Head] = set()
    for head in rest:
        if not head:
            found |= ahead
        elif head[:1] in ahead:
            found.add(head)
        else:
            asked = (
                ahead
                if head[0] == ANY
                else by_first.get(head[0], set()) | by_first.get(ANY, set())
            )
            found.update(filter(None, (_joint(one, head) for one in asked)))
    return found


def _joint(one: Head, two: Head) -> Head | None:
    """What two heads ask together, None where they exclude each other."""
    longer, shorter = (one, two) if len(one) >= len(two) else (two, one)
    for first, second in zip(longer, shorter, strict=False):
        if ANY not in {first, second} and first != second:
            return None
    return (
        *(
            second if first == ANY else first
            for first, second in zip(longer, shorter, strict=False)
        ),
        *longer[len(shorter) :],
    )


def _members(members: Iterable[tuple[Any, Any]], *, lower: bool) -> set[int]:
    """The characters of a class."""
    found: set[int] = set()
    for code, argument in members:
        if code is constants.LITERAL:
            found.add(_lowered(argument, lower=lower))
        elif code is constants.RANGE and argument[1] - argument[0] < _WIDEST:
            found.update(
                _lowered(one, lower=lower)
                for one in range(argument[0], argument[1] + 1)
            )
        else:
            return {ANY}
    return found


def _lowered(point: int, *, lower: bool) -> int:
    folded = chr(point).lower()
    return ord(folded) if lower and len(folded) == 1 else point
