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

from features.engine import heads as heads_module
from features.engine import native

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from features.engine.heads import Head
    from features.engine.trie import Integers

_POINTS: Final = 0x110000
_DEPTH: Final = 2
_NAMED_GROUP: Final = re.compile(r"\(\?P<\w+>")
#: How far from the beginning of a match an anchor may stand, exclusive.
REACH: Final = 24


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
            if heads_module.is_anywhere(each):
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
        return self._pairs.along(points)


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
            {one for each in heads.values() for head in each for one in head}
            - {heads_module.ANY}
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
                first, second = (*head, heads_module.ANY, heads_module.ANY)[:_DEPTH]
                row = slice(None) if first == heads_module.ANY else number[first]
                column = slice(None) if second == heads_module.ANY else number[second]
                masks[row, column] |= bit
        self._masks = masks.ravel()
        self.every = self.mask(heads)

    def mask(self, names: Iterable[str]) -> int:
        """The bits of some expressions."""
        return functools.reduce(operator.or_, (self._bits[name] for name in names), 0)

    def along(self, points: Integers) -> Integers:
        """The bits at each code point and the one behind it."""
        return _along(points, self._letter, self._width, self._masks)

    def of(self, firsts: Integers, seconds: Integers) -> Integers:
        """The bits at pairs of code points."""
        keys = self._letter[firsts].astype(np.int32)
        keys *= self._width
        keys += self._letter[seconds]
        masks: Integers = self._masks[keys]
        return masks


@native.compiled
def _along(
    points: Integers, letters: Integers, width: int, masks: Integers
) -> Integers:
    found = np.empty(len(points), np.uint32)
    second = np.int64(0)
    for place in range(len(points) - 1, -1, -1):
        first = np.int64(letters[points[place]])
        found[place] = masks[first * width + second]
        second = first
    return found


def matches(
    expression: re.Pattern[str], text: str, places: Iterable[int] | None
) -> Iterator[re.Match[str]]:
    """What an expression matches in a text, left to right and not overlapping.

    Args:
        expression: It matches no empty text.
        text: Any.
        places: Where it may begin, ascending; None for anywhere.
    """
    if places is None:
        yield from expression.finditer(text)
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
    if heads_module.ANY in firsts or () in heads_of(expression):
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
    heads = heads_module.sequence(parsed, 1, lower=is_folded)
    firsts = {head[0] if head else heads_module.ANY for head in heads}
    if heads_module.ANY in firsts or not firsts:
        return f"(?:{source})"
    return f"(?=[{re.escape(''.join(map(chr, sorted(firsts))))}])(?:{source})"


def sought(source: str, *, behind: str = "") -> str:
    """An expression that is found in a text where another one is, and sooner seen to be in none.

    It begins with a set of characters and no more, which is what a search skips to; ``guarded`` asks at each place. What it matches is one
    character and means nothing. Measured on posts of 120 characters that match nowhere: 8.5 us became 1.1, 9.4 became 2.1.

    Args:
        source: An expression in lower case, as text, that refers to no groups.
        behind: A set of characters of which one stands before each match, for an expression that asks for that itself.

    Raises:
        ValueError: it may begin with anything, and nothing is known of what stands before it.
    """
    source = _NAMED_GROUP.sub("(?:", source)
    if behind:
        return f"[{behind}](?={source})"
    firsts = sorted(first_characters(re.compile(source)))
    return rf"[{re.escape(''.join(firsts))}](?<=(?={source})[\s\S])"


def last_characters(expression: re.Pattern[str]) -> frozenset[str]:
    """The characters with which matches of an expression may end.

    Raises:
        ValueError: they may end with anything.
    """
    tails = tails_of(expression)
    lasts = {tail[0] for tail in tails if tail}
    if heads_module.ANY in lasts or () in tails:
        message = f"a pattern may end with anything: {expression.pattern!r}"
        raise ValueError(message)
    return frozenset(map(chr, lasts))


def begins_anywhere(expression: re.Pattern[str]) -> bool:
    """Whether an expression tells nothing of its beginning, so that it cannot be looked for."""
    return heads_module.is_anywhere(heads_of(expression))


@functools.cache
def heads_of(expression: re.Pattern[str], depth: int = _DEPTH) -> frozenset[Head]:
    """The first characters of what an expression matches, at most ``depth``; shorter heads leave the rest open."""
    parsed = parser.parse(expression.pattern, expression.flags)
    is_folded = bool(expression.flags & re.IGNORECASE)
    return frozenset(heads_module.sequence(parsed, depth, lower=is_folded))


def tails_of(expression: re.Pattern[str]) -> frozenset[Head]:
    """The last characters of what an expression matches, from the end."""
    parsed = parser.parse(expression.pattern, expression.flags)
    is_folded = bool(expression.flags & re.IGNORECASE)
    return frozenset(
        heads_module.sequence(parsed, _DEPTH, lower=is_folded, backwards=True)
    )


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
        heads = heads_module.sequence(items[index:], _DEPTH, lower=lower)
        if not heads_module.is_anywhere(frozenset(heads)):
            return heads
    return None
