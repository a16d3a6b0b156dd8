"""The usual contact: a telephone number in plain digits right behind the word that leads to it (客服 400-000-8000, 电话:13800138000).

In: a text, and where lead-ins and numbers may begin in it. Out: its contacts, or None where anything in the text asks for more
than a glance. Invariants: pure; linear; the answer is that of ``contacts.find_contacts`` without this module (a test holds the two
together): what is read here is what ``leadins``, ``led`` and ``finds`` say of the plainest case, in which most of their questions have no
object.

Two of three texts with a number are like that, and each took ``led`` and its helpers four times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from features.engine import expressions
from features.identifiers import finds, handles, leadins, ownership
from features.writing import digits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.normalise import Normalised

#: What leads to a telephone number and nothing else. Behind one of them and these signs a number can only be its value.
_KINDS: Final = frozenset({"phone", "contact"})
_BETWEEN = expressions.compiled("[: ]{0,3}")
_REACH: Final = 10
#: What ends a clause (``shapes.beside_values``) may stand in no usual lead-in: one before it might share its value (电,话).
_STOPS: Final = frozenset(",。!?;…，")
_CONFIDENCE: Final = 0.95


def contacts(
    text: Normalised,
    folded: str,
    leads: Sequence[int],
    numbers: Sequence[int],
    instructions: Sequence[int],
) -> list[finds.Contact] | None:
    """The contacts of a text in which a usual number stands behind every lead-in that announces anything, and which holds no other number.

    Args:
        text: The text.
        folded: Its lower-case twin.
        leads: Where lead-ins may begin that announce something, ascending. Another one before them is no part of theirs: the end of a
            clause lies between, else it would announce the same.
        numbers: Where numbers may begin.
        instructions: Where the post may tell what to leave out of an id.

    Returns:
        Contacts by place; None where they have to be looked for.
    """
    found: list[finds.Contact] = []
    free = known = 0
    for match in leadins.LEAD.matches(folded, leads):
        start, end = match.span()
        if start < free or leadins.kind_of(match) not in _KINDS:
            return None
        between = _BETWEEN.match(folded, end)
        number = digits.usual_number(folded, between.end() if between else end)
        if number is None or not _is_usual(folded, start, end, number):
            return None
        free = number.end
        while known < len(numbers) and number.start <= numbers[known] < free:
            known += 1
        first, last = text.span(number.start, free)
        whose = ownership.ownership(folded, start, number.start, free)
        raw = text.original[first:last]
        found.append(
            finds.Contact("phone", number.value, raw, first, last, whose, _CONFIDENCE)
        )
    if not found or known < len(numbers):
        return None
    for place in instructions:
        if handles.INSTRUCTION.match(folded, place):
            return None
    return found if len(found) == 1 or "就是" not in text.original else None


def _is_usual(folded: str, start: int, end: int, number: digits.Number) -> bool:
    """Whether nothing around a lead-in and its number says more of them."""
    return not (
        not _STOPS.isdisjoint(folded[start:end])
        or (start and leadins.is_within(folded, start, end))
        or finds.ID_BEFORE.search(folded, max(number.start - _REACH, 0), number.start)
        or leadins.is_added(folded, start)
        or leadins.is_renamed(folded, number.end)
        or leadins.same_as(folded, number.end)
    )
