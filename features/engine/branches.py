"""Alternations of very many alternatives, tried at one place.

In: alternatives by name. Out: what the whole expression would match there. Invariants: pure, but for what is compiled when first
needed; the same match as that of the whole expression (a test tries).
"""

from __future__ import annotations

import functools
import re
from re import _parser as parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING

from features.engine import expressions, openings
from features.engine import heads as heads_module

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Branches:
    """An alternation of which at a place only those alternatives are tried that may begin with the character there.

    The ``re`` module tries all: at 手 the names of seventy services, at 2 us a place.

    Args:
        groups: Group names and their alternatives' source, in order; none ignores case.

    """

    def __init__(self, groups: Mapping[str, str]) -> None:
        self._groups = dict(groups)
        self._heads = [
            (name, one, {head[0] if head else heads_module.ANY for head in _heads(one)})
            for name, source in groups.items()
            for one in _alternatives(source)
        ]
        self._by_first: dict[str, re.Pattern[str]] = {}

    @functools.cached_property
    def whole(self) -> re.Pattern[str]:
        """All of it as one expression."""
        return expressions.compiled(
            "|".join(
                f"(?P<{name}>{openings.guarded(one)})"
                for name, one in self._groups.items()
            )
        )

    def match(self, text: str, place: int) -> re.Match[str] | None:
        """What the whole expression matches right at a place."""
        first = text[place]
        expression = self._by_first.get(first)
        if expression is None:
            expression = self._by_first[first] = self._beginning(ord(first))
        return expression.match(text, place)

    def matches(self, text: str, places: Iterable[int]) -> list[re.Match[str]]:
        """What the whole expression matches at some places, ascending, without those inside an earlier match."""
        found: list[re.Match[str]] = []
        by_first, end = self._by_first, 0
        for place in places:
            if place < end:
                continue
            expression = by_first.get(text[place])
            match = (
                self.match(text, place)
                if expression is None
                else expression.match(text, place)
            )
            if match is not None:
                found.append(match)
                end = match.end()
        return found

    def finditer(self, text: str) -> list[re.Match[str]]:
        """What the whole expression matches in a text."""
        return self.matches(text, [one.start() for one in self._first.finditer(text)])

    def prepare(self) -> None:
        """Make now what is else made when a character is first met, for who reads more than a few texts."""
        for point in {point for _, _, points in self._heads for point in points}:
            if point != heads_module.ANY and chr(point) not in self._by_first:
                self._by_first[chr(point)] = self._beginning(point)

    @functools.cached_property
    def _first(self) -> re.Pattern[str]:
        """Any character with which it may begin."""
        firsts = {point for _, _, points in self._heads for point in points}
        if heads_module.ANY in firsts:
            return re.compile(r"[\s\S]")
        return re.compile(f"[{re.escape(''.join(map(chr, sorted(firsts))))}]")

    def _beginning(self, point: int) -> re.Pattern[str]:
        groups: dict[str, list[str]] = {}
        for name, one, firsts in self._heads:
            if point in firsts or heads_module.ANY in firsts:
                groups.setdefault(name, []).append(one)
        return expressions.compiled(
            "|".join(f"(?P<{name}>{'|'.join(one)})" for name, one in groups.items())
            or "(?!)"
        )


def _heads(source: str) -> set[heads_module.Head]:
    return heads_module.sequence(parser.parse(source), 1, lower=False)


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
