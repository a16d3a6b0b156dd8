"""Usual contacts: a number or id in plain characters right behind the word that leads to it (客服 400-000-8000, 联系电话:13800138000, 微信:szr_demo88).

In: a text, and where lead-ins may begin in it. Out: what its lead-ins announce, or None where any of them asks for more than a
glance. Invariants: pure; linear; the answer is that of ``leadins`` and ``led`` (a test holds the two together): what is read here is
what they say of the plainest case, in which most of their questions have no object.

Most texts with a lead-in are like that, and each took ``led`` and its helpers twice as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from features.engine import expressions
from features.identifiers import (
    finds,
    handles,
    leadins,
    led,
    named,
    ownership,
    platforms,
)
from features.identifiers import instructions as instructions_module
from features.writing import digits, numerals

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from features.normalise import Normalised

    #: A kind, a value, and where it stands.
    _Found = tuple[str, str, int, int]

#: What leads to a telephone number and nothing else. Behind one of them and these signs a number can only be its value.
_DIALLED: Final = frozenset({"phone", "contact"})
_BETWEEN: Final = "[:=→➡👉~| 号是]{0,4}"
_NUMBER = expressions.compiled(f"{_BETWEEN}({digits.USUAL})")
#: What may stand between words that lead to one value together, the first of which names no service (联系电话, 客服:微信).
_TOGETHER: Final = {"": True, " ": True, ":": False, ": ": False}
#: Most characters of such words.
_WIDEST: Final = 20
_REACH: Final = 10
#: What ends a clause (``shapes.beside_values``) may stand in no usual lead-in: one before it might share its value (电,话).
_STOPS: Final = frozenset(",。!?;…，")
_CONFIDENCE: Final = 0.95
#: What words hold that announce another number (``finds.ID_BEFORE``).
_OF_ANOTHER: Final = frozenset(finds.ID_BEFORE.pattern)
_NAMED: Final = frozenset({"wechat", "wechat?"})
#: An id of WeChat in one piece. One that begins like a digit (l, o) may be a number.
_NAME = expressions.compiled(
    rf"{_BETWEEN}((?![{''.join(numerals.SOUNDS_OF)}])[A-Za-z][A-Za-z0-9_\-]{{4,18}}[A-Za-z0-9_]){handles.WHOLE}(?!{led.LISTED.pattern})"
)
_LAST: Final = rf"{digits.ALONE}(?!{led.LISTED_NUMBER.pattern})"
#: Ids of QQ that are no telephone number's beginning, and those of its groups.
_NUMBERS: Final = {
    "qq": expressions.compiled(
        rf"{_BETWEEN}((?:[235-79][0-9]|1[0-2]|[48](?!00)[0-9])[0-9]{{3,9}}){_LAST}"
    ),
    "qq_group": expressions.compiled(rf"{_BETWEEN}([1-9][0-9]{{5,9}}){_LAST}"),
}


def contacts(
    text: Normalised, folded: str, leads: Sequence[int], instructions: Sequence[int]
) -> list[finds.Placed] | None:
    """What the lead-ins of a text announce where each that announces anything has a usual value right behind it.

    Args:
        text: The text.
        folded: Its lower-case twin.
        leads: Where lead-ins may begin that announce something, ascending. Another one before them is no part of theirs: the end of a
            clause lies between, else it would announce the same.
        instructions: Where the post may tell what to leave out of an id.

    Returns:
        Contacts by place; None where they have to be looked for.
    """
    found: list[finds.Placed] = []
    free, first, last = 0, 0, -1
    ended = 0
    for place in leads:
        if place < ended:
            continue
        match = leadins.LEAD.match(folded, place)
        if match is None:
            # What only looked like a lead-in may part another one from its value: 电话微信同号,199….
            return None
        start, end = match.span()
        ended = end
        if folded[start] in leadins.WITHIN and start and leadins.is_within(folded, start, end):  # fmt: skip
            continue
        kind = leadins.kind_of(match)
        if kind == "account" and last < 0 <= start - free and _says_nothing(folded, match):  # fmt: skip
            continue
        begin = _beginning(folded, match, free, first, last)
        one = None if begin < 0 else _value(text, folded, kind, match, begin)
        if one is not None:
            found.append(one)
            free, last = one.end, -1
        elif begin >= 0 and kind == "contact":
            first, last = begin, end
        else:
            return None
    is_all = last < 0 and (len(found) < 2 or "就是" not in text.original)
    if not is_all or any(instructions_module.INSTRUCTION.match(folded, one) for one in instructions):  # fmt: skip
        return None
    return found


def _beginning(
    folded: str, match: re.Match[str], free: int, first: int, last: int
) -> int:
    """Where the words begin that lead to the value of a lead-in.

    Args:
        folded: Plain text in lower case.
        match: The lead-in.
        free: Where the value before it ends.
        first: Where words before it begin that may lead to the same value.
        last: Where they end, -1 without any.

    Returns:
        The place; -1 where this cannot be told at a glance.
    """
    start, end = match.span()
    if start < free or not _STOPS.isdisjoint(match[0]):
        return -1
    if last < 0:
        return start
    is_one = _TOGETHER.get(folded[last:start])
    if is_one is None or end - first > _WIDEST:
        return -1
    return first if is_one else start


def hold(found: Sequence[finds.Placed], numbers: Sequence[int]) -> bool:
    """Whether all numbers of a text, by where they begin, are within its contacts; both ascending."""
    known = 0
    for one in found:
        while known < len(numbers) and one.start <= numbers[known] < one.end:
            known += 1
    return known == len(numbers)


def _value(
    text: Normalised, folded: str, kind: str, match: re.Match[str], begin: int
) -> finds.Placed | None:
    """The usual value of a lead-in: what leads to it begins at a place."""
    if kind in _DIALLED:
        found = _number(folded, match)
    elif kind in _NUMBERS:
        found = _qq(folded, kind, match)
    elif kind in _NAMED:
        found = _name(text.text, match)
    else:
        return None
    if found is None:
        return None
    kind, written, start, end = found
    whose = ownership.ownership(folded, begin, start, end)
    low, high = text.span(start, end)
    raw = text.original[low:high]
    contact = finds.Contact(kind, written, raw, low, high, whose, _CONFIDENCE)
    return finds.Placed(contact, begin, start, end)


def _number(folded: str, lead: re.Match[str]) -> _Found | None:
    """A telephone number behind a lead-in, where nothing around them says more."""
    start, close = lead.span()
    match = _NUMBER.match(folded, close)
    if match is None or leadins.is_added(folded, start):
        return None
    begin, end = match.span(1)
    # Of what announces another number the lead-in would have to be a part.
    if (
        folded[close - 1] in _OF_ANOTHER
        and finds.ID_BEFORE.search(folded, max(begin - _REACH, 0), begin)
    ) or not digits.ends_clean(folded, end):
        return None
    if leadins.may_be_noted(folded, end) and (
        leadins.is_renamed(folded, end) or leadins.same_as(folded, end)
    ):
        return None
    return "phone", match[1].replace("-", "").replace(" ", ""), begin, end


def _qq(folded: str, kind: str, lead: re.Match[str]) -> _Found | None:
    """An id of QQ behind a lead-in; behind 扣 alone a number may be a sum."""
    match = _NUMBERS[kind].match(folded, lead.end())
    if match is None or lead[0] == "扣":
        return None
    start, end = match.span(1)
    if not digits.ends_clean(folded, end) or leadins.same_as(folded, end):
        return None
    return kind, match[1], start, end


def _name(plain: str, lead: re.Match[str]) -> _Found | None:
    """An id of WeChat behind a lead-in; a lead-in in letters may be part of it (加我 weiquan_88, wx8116demo)."""
    close = lead.end()
    match = _NAME.match(plain, close)
    if match is None or match[1].isalpha():
        return None
    start, end = match.span(1)
    if start == close and plain[close - 1].isascii():
        return None
    return "wechat", match[1].lower(), start, end


def _says_nothing(folded: str, match: re.Match[str]) -> bool:
    """Whether the name of a platform leads to no account: 抖音和快手, 小红书上的人."""
    end = match.end()
    place = leadins.value_place(folded, end)
    between = folded[end:place]
    platform = platforms.platform_of(match[0])
    return (
        "同" not in folded
        and between[-1:] not in named.QUOTING
        and platform not in named.NAMED_PLATFORMS
        and platform not in named.ABROAD
        and not leadins.says_value(match, between)
        and not named.may_stand(folded, end, place)
    )
