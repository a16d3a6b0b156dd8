"""Contacts behind a lead-in: the number, name or handle that 加V, 扣扣, TG or 抖音号 announce.

In: lead-ins of a text (``features.identifiers.leadins``) and what was found there so far. Out: contacts added to ``finds.Finds``.
Invariants: looks at most 80 characters behind a lead-in; a stretch that something else took is left alone.
"""

from __future__ import annotations

import functools
import string
from typing import TYPE_CHECKING, Final

from features.engine import expressions
from features.identifiers import (
    accounts,
    handles,
    leadins,
    named,
    qq,
    services,
)
from features.identifiers import finds as finds_module
from features.writing import digits, numerals, pinyin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.identifiers.finds import Finds

#: What a number or name behind a lead-in may begin with.
_OPENS_VALUE: Final = frozenset(
    f"{string.ascii_letters}{string.digits}_-{digits.NUMERALS}{''.join(numerals.SOUNDS_OF)}"
)
_MENTION = expressions.compiled(r"@([a-z][a-z0-9_]{4,31})")
LISTED: Final = expressions.compiled(
    r"\s?(?:[/、,]|或者?|和|以及|还有|直至|到|至|[”\"’」]\s?[、和及]?\s?[“\"‘「])\s?@?(?=[A-Za-z][A-Za-z_\-]*[0-9_])"
)
LISTED_NUMBER: Final = expressions.compiled(
    r" ?(?:[/、,]|或者?|和|以及|还有) ?(?=[1-9][0-9]{4})"
)
#: Signs behind 联系, 合作 that say that a name follows.
_NAMES_VALUE: Final = expressions.compiled("[:+➕]")
# An id behind an unnamed "contact me": letters with digits or an underline, not a label before a number (T 4000001153).
_NAMED_ID = expressions.compiled(r"(?![a-z]{1,3}[0-9]{7,}\Z)[a-z][a-z_\-]*[0-9_].*")


def promising(folded: str, places: Iterable[int] | None) -> list[leadins.Lead]:
    """Lead-ins behind which a number or name may stand."""
    return list(leadins.leads(folded, places, opens=_OPENS_VALUE))


def add_led(finds: Finds, led: list[leadins.Lead], dropped: frozenset[str]) -> None:
    """Contacts behind a lead-in; ``dropped`` is what the post tells to leave out of names (``instructions.dropped_signs``)."""
    for lead in led:
        if lead.value < 0:
            _add_before(finds, lead)
            continue
        if not finds.is_free(lead.start, lead.value + 1):
            continue
        if "account" in lead.kinds:
            named.add_account(finds, lead)
        elif not _add_number(finds, lead):
            _add_handles(finds, lead, dropped)


#: As far behind a number 同上 may still mean it.
_NEAR: Final = 24
_DIGIT = expressions.compiled(digits.ANY)
#: Digits with no more than one sign between them: not 合作5000,尾款3000.
_IN_ONE = expressions.compiled(rf"[{digits.EACH}](?:[ .\-·*_]?[{digits.EACH}])*")
#: Between a lead-in and a number: the telephone's is the same (微信同号, v同电, 微电).
_SAME_NUMBER: Final = frozenset("同电")
#: What parts a lead-in from an id that begins like another one.
_SEPARATES: Final = frozenset(":=→")
_FIRST_LETTERS = expressions.compiled("[a-z]+")
#: A lead-in of its own and its number, where another name of a list might stand (… 或 tel199…).
_NEXT_LEAD = expressions.compiled(r"(?:tel|phone|call|qq?|vx|wx|tg)[0-9]{5,}")
#: A flight, not an id (飞机 CA1234).
_FLIGHT = expressions.compiled(r"[a-z]{2}[0-9]{3,4}")
_BEFORE = expressions.compiled(
    rf"(?<![a-z0-9_\-.@/¥$])(?:(?P<name>(?:[a-z] )?[a-z][a-z0-9_\-]{{5,19}})|(?P<number>[{digits.EACH}](?:[ .\-·]?[{digits.EACH}]){{5,11}}))[ ,(]{{0,2}}\Z"
)


def _add_before(finds: Finds, lead: leadins.Lead) -> None:
    """The number or name that a lead-in names only afterwards: 990077341 扣, szr_demo(绿的); 薇 同上."""
    kinds = [one for one in lead.kinds if one not in {"contact", "email", "account"}]
    if leadins.refers_back(finds.folded, lead.end):
        _add_again(finds, lead, kinds)
        return
    match = _BEFORE.search(finds.folded, max(lead.start - 40, 0), lead.start)
    if match is None or not kinds:
        return
    if match["name"]:
        kind = next((one for one in kinds if one in {"wechat", "telegram"}), "")
        value = match["name"].replace(" ", "")
        if not kind or value.isalpha() or not handles.is_name(value):
            return
    else:
        # A telephone number stands for itself, with what the words behind it add.
        kind, value = "qq", digits.value_of(match["number"])
        if kind not in kinds or not qq.is_qq(value):
            return
    span = match.span("name" if match["name"] else "number")
    if finds.is_free(*span):
        finds.add(kind, value, span, 0.75)
        noted = (*kinds, *leadins.same_as(finds.folded, span[1]))
        if kind == "qq" and "wechat" in noted:
            finds.add("wechat", value, span, 0.75)


def _add_again(finds: Finds, lead: leadins.Lead, kinds: list[str]) -> None:
    """The telephone number right before, under further kinds."""
    if finds.phone is None:
        return
    value, span = finds.phone
    if lead.start - span[1] > _NEAR or _DIGIT.search(finds.folded, span[1], lead.start):
        return
    for kind in kinds:
        finds.add(kind, value, span, 0.85, lead=lead.start)


def _add_number(finds: Finds, lead: leadins.Lead) -> bool:
    """A number behind a lead-in, under every kind that is announced; whether there was one."""
    folded = finds.folded
    kinds = _reached(lead.kinds)
    phone = digits.led_number(folded, lead.value)
    if (
        phone
        and "qq_group" not in kinds
        and (phone.value[0] == "1" or "phone" in kinds or not kinds)
        and finds.is_free(phone.start, phone.end)
    ):
        if finds_module.ID_BEFORE.search(folded, max(lead.value - 10, 0), lead.value):
            return True
        is_mobile = len(phone.value) == 11 and phone.value[0] == "1"
        is_wechat = leadins.is_renamed(folded, phone.end) or (
            is_mobile
            and leadins.is_added(folded, lead.last)
            and not leadins.is_dialled(folded, phone.end)
        )
        under = _dialled(kinds, is_mobile=is_mobile) or (
            ("wechat",) if is_wechat else ("phone",)
        )
        if (
            is_mobile
            and (
                not _SAME_NUMBER.isdisjoint(folded[lead.last : lead.value])
                or folded[lead.start - 1 : lead.start] == "同"
            )
            and "phone" not in under
        ):
            under = (*under, "phone")
        finds.add_kinds(under, phone, lead.start)
        return True
    if "whats" in folded[lead.start : lead.end]:
        # Numbers of any country, with its code or without.
        number = qq.led_id(folded, lead.value, low=8, high=13)
        if number and finds.is_free(number.start, number.end):
            finds.add_kinds(["phone"], number, lead.start)
        return number is not None
    if not kinds and "contact" in lead.kinds:
        return _add_unnamed(finds, lead)
    for kind, low, high in (("qq_group", 6, 10), ("qq", 5, 11), ("wechat", 6, 10)):
        if kind not in kinds or (kind == "wechat" and not lead.is_explicit):
            continue
        number = qq.led_id(folded, lead.value, low=low, high=high)
        if number and finds.is_free(number.start, number.end):
            if folded[lead.start : lead.end] == "扣" and not qq.is_qq(number.value):
                # 扣 300000 保证金.
                continue
            under = tuple(
                one
                for one in kinds
                if one == kind or (kind == "qq" and one == "wechat")
            )
            finds.add_kinds(under, number, lead.start)
            _add_listed(finds, lead, under, number)
            return True
    return False


@functools.cache
def _reached(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Those of some kinds that are reached by a number or name."""
    return tuple(kind for kind in kinds if kind not in {"contact", "email"})


@functools.cache
def _dialled(kinds: tuple[str, ...], *, is_mobile: bool) -> tuple[str, ...]:
    """Those of some kinds that a telephone number may have."""
    return tuple(
        kind for kind in kinds if kind != "telegram" and (is_mobile or kind == "phone")
    )


def _add_unnamed(finds: Finds, lead: leadins.Lead) -> bool:
    """An id of digits alone, of no named service: WeChat ids begin with a letter, so QQ."""
    number = qq.led_id(finds.folded, lead.value, low=8, high=10)
    if (
        number is None
        or not finds.is_free(number.start, number.end)
        or not _IN_ONE.fullmatch(finds.folded, number.start, number.end)
    ):
        return False
    finds.add("qq", number.value, (number.start, number.end), 0.6, lead=lead.start)
    return True


def _add_listed(
    finds: Finds, lead: leadins.Lead, kinds: tuple[str, ...], number: digits.Number
) -> None:
    """Further numbers of a list: QQ三个:9001990、9001991、9001992."""
    for _ in range(8):
        listed = LISTED_NUMBER.match(finds.folded, number.end)
        if not listed:
            return
        more = qq.led_id(finds.folded, listed.end(), low=len(number.value), high=len(number.value))  # fmt: skip
        if more is None or not finds.is_free(more.start, more.end):
            return
        finds.add_kinds(kinds, more, lead.start)
        number = more


def _add_handles(finds: Finds, lead: leadins.Lead, dropped: frozenset[str]) -> None:
    """Names behind a lead-in; several when they are listed."""
    kind = next((one for one in lead.kinds if one in {"wechat", "telegram"}), None)
    plain = finds.text.text
    if kind is None and not _may_name(finds, lead):
        return
    position = lead.value
    if kind == "wechat" and _opens_name(plain, lead):
        position = lead.end - 1
    elif kind == "wechat" and _is_part_of_name(plain, lead):
        announced = plain[lead.last : lead.end]
        position = lead.last + len(announced.rstrip(string.ascii_letters))
    first = position
    for _ in range(4):
        handle = handles.led_handle(
            plain,
            position,
            dropped=dropped,
            is_explicit=lead.is_explicit,
            is_telegram=kind == "telegram",
        )
        if handle is None or not finds.is_free(handle.start, handle.end):
            return
        if kind is None and not _NAMED_ID.fullmatch(handle.value):
            return
        if kind == "telegram" and _FLIGHT.fullmatch(handle.value):
            return
        if position != first and _NEXT_LEAD.match(handle.value):
            return
        confidence = 0.6 if kind is None else (0.95 if handle.is_plain else 0.85)
        span = (handle.start, handle.end)
        of, value = kind, handle.value
        if of is None:
            of, value = services.service(finds.folded, value, span)
        finds.add(of, value, span, confidence, lead=lead.start)
        listed = LISTED.match(plain, handle.end)
        if not listed:
            return
        position = listed.end()


def _may_name(finds: Finds, lead: leadins.Lead) -> bool:
    """Whether a lead-in of no service may have a name behind it; one with an at-sign is Telegram's and added at once."""
    if lead.kinds != ("contact",):
        return False
    mention = _MENTION.match(finds.folded, lead.value - 1) if lead.value else None
    if mention and accounts.is_followed(finds.folded, *mention.span(1)):
        # It is read with all that have an at-sign.
        return False
    if mention:
        finds.add("telegram", mention[1], mention.span(1), 0.6, lead=lead.start)
        return False
    plain = finds.text.text
    return (
        _NAMES_VALUE.search(plain, lead.end, lead.value) is not None
        or "号" in plain[lead.start : lead.end]
    )


def _opens_name(plain: str, lead: leadins.Lead) -> bool:
    """Whether a lead-in's last letter is the first of the id: 加我 weiquan_88, v xiaomei-491. With it, it is pinyin, without it nothing."""
    first = plain[lead.end - 1]
    if lead.value != lead.end or first not in "wWxX":
        return False
    if plain[lead.last : lead.end - 1][-1:].isalpha() and first in "xX":
        # vxiaomei: v or vx may lead to it.
        return False
    rest = _FIRST_LETTERS.match(plain[lead.end : lead.end + 20].lower())
    return (
        rest is not None
        and pinyin.is_pinyin(first.lower() + rest[0])
        and not pinyin.is_pinyin(rest[0])
    )


def _is_part_of_name(plain: str, lead: leadins.Lead) -> bool:
    """Whether wx or vx is the beginning of the id itself (微信 wx8116demo): digits follow it directly."""
    if plain[lead.last - 1 : lead.last] == "#":
        # #vx_szr88: a tag holds no colon.
        return False
    after = plain[lead.end : lead.end + 1]
    if (
        lead.last > lead.start
        and lead.value == lead.end
        and plain[lead.last - 2 : lead.last].rstrip(" ")[-1:] in _SEPARATES
        and after.isalnum()
        and plain[lead.last : lead.end].isascii()
    ):
        # WeChat: wxdemo88.
        return True
    is_stuck = after == "_" or (lead.value == lead.end and after.isdigit())
    return (
        is_stuck
        and plain[lead.last : lead.end].lstrip("+ ").isascii()
        and plain[lead.end - 1].isalpha()
    )
