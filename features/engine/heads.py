"""The first or last characters of what an item of a parsed expression matches.

In: expressions as ``re`` parses them. Out: ``Head``s. Invariants: pure; nothing is missed: every match begins (or ends) with one
of the heads; what an expression asks of the characters around a match counts, as far as it is sure.
"""

from __future__ import annotations

from re import _constants as constants  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    #: The first characters of a match, or the last ones from the end; ``ANY`` stands for every character.
    Head = tuple[int, ...]

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


def is_anywhere(heads: frozenset[Head]) -> bool:
    """Whether heads tell nothing of where a match may begin."""
    return any(not head or set(head) == {ANY} for head in heads)


def sequence(
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
        return sequence(
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
