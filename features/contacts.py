"""Contacts in a text, however disguised: who can be reached, where, and whose it is.

In: ``Normalised``. Out: ``Contact`` records: kind and canonical value of ``CONTRACT.md`` §9, what was written, offsets in the
original, ownership by wording, confidence. Invariants: pure; ``original[start:end] == raw``; sorted by (start, end, kind,
value) and free of duplicates; linear in the length of the text.

Order of work: addresses and registrations have shapes of their own and come first; then lead-ins (加V, 扣扣, TG …) with
the value they announce; numbers and ids that nothing announces come last (``unled``). What one step took, later steps leave alone.
A text that spells its contacts out is read as it means them (``spelling``).

Confidence: 0.98 checked by its own form (address, code with check character, filing) · 0.95 lead-in and plain value ·
0.9 plain telephone number, company · 0.85 lead-in and disguised value · 0.75 disguised number without lead-in · 0.6 a name
behind an unnamed "contact me" · 0.3 public hotlines and platforms' own hosts, which belong to nobody.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from features.amounts import denominations
from features.disguises import spelling
from features.engine import expressions
from features.identifiers import (
    accounts,
    addresses,
    finds,
    instructions,
    led,
    registrations,
    unled,
    usual,
)
from features.indicators import hubs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.identifiers import leadins
    from features.normalise import Normalised

_HOTLINE = expressions.compiled(r"[19][0-9]{2,4}(?![0-9])")
_UNMISTAKABLE: Final = frozenset({"96110", "12315", "12377", "12321", "12381"})
_HOTLINE_WORDS = expressions.compiled(
    r"拨打|热线|电话|报警|专线|反诈|致电|求助|举报|打"
)
#: What may be an id without a lead-in: what follows one, or a piece that holds more than letters.
TRAILER: Final = expressions.compiled(
    f"这个号|这个微信|这人|此人|这个人|该号|{accounts.CALLED.pattern}"
)
#: Steps of reading, a bit each.
ADDRESSES, REGISTRATIONS, LEADS, BARE, TRAILED, HOTLINE, DROPPED, SPELT = (
    1 << bit for bit in range(8)
)
_ALL: Final = (1 << 8) - 1
#: All that a text needs where the usual contacts are all that it holds.
_USUAL: Final = LEADS | BARE | DROPPED | SPELT
#: So far behind an id its completion may stand.
_LAST_WORDS: Final = 40
_PLATFORM_HOSTS: Final = frozenset(
    {*hubs.PLATFORMS, *hubs.SHORTENERS, *hubs.PUBLIC_SUFFIXES}
)


class Places(NamedTuple):
    """Where in the folded text to look, ascending; None for anywhere.

    Attributes:
        leads: Where ``leadins.LEAD`` may match.
        numbers: Where numbers without a lead-in may begin.
        instructions: Where ``instructions.INSTRUCTION`` may match.
        spelt: Where ``spelling.TRIGGER`` may match.
        announcing: Those of ``leads`` beside which a value may stand, and all that name a platform.
    """

    leads: Sequence[int] | None = None
    numbers: Sequence[int] | None = None
    instructions: Sequence[int] | None = None
    spelt: Sequence[int] | None = None
    announcing: Sequence[int] | None = None


def find_contacts(
    text: Normalised,
    folded: str | None = None,
    steps: int = _ALL,
    places: Places = Places(),  # noqa: B008 (it never changes)
) -> list[finds.Contact]:
    """Find the contacts of one text.

    Args:
        text: The text after ``normalise.normalise``.
        folded: Its lower-case twin, where it is known.
        steps: Those that may find something (``hints``).
        places: Where to look for it.

    Returns:
        Contacts, sorted; empty for a text without any. One number may give two (电话微信同号).
    """
    if steps & SPELT:
        spelt = spelling.spelt(text, places.spelt)
        if spelt is not text:
            text, folded, steps, places = spelt, None, _ALL, Places()
    folded = text.folded if folded is None else folded
    usuals = (
        usual.contacts(text, folded, places.announcing, places.instructions or ())
        if steps & LEADS and places.announcing is not None
        else None
    )
    if usuals is not None:
        if not steps & ~_USUAL and usual.hold(usuals, places.numbers or ()):
            return [one.contact for one in usuals]
        led_ins = []
    else:
        led_ins = led.promising(folded, places.leads) if steps & LEADS else []
        if not led_ins and not steps & ~(LEADS | DROPPED | SPELT):
            return []
    found = finds.Finds(text, folded)
    if steps & ADDRESSES:
        _add_addresses(found)
    if steps & REGISTRATIONS:
        _add_registrations(found)
    if usuals is None:
        _add_led(found, led_ins, steps, places)
    elif not found.put(usuals):
        _add_led(found, led.promising(folded, places.leads), steps, places)
    _add_unled(found, steps, places)
    listed = list(found.contacts.values())
    if len(listed) < 2:
        return listed
    return sorted(
        _whole(listed, text.original),
        key=lambda one: (one.start, one.end, one.kind, one.value),
    )


def _add_led(
    found: finds.Finds, led_ins: list[leadins.Lead], steps: int, places: Places
) -> None:
    """Contacts behind lead-ins that are looked at one by one, and those of a text that is written backwards."""
    dropped = (
        instructions.dropped_signs(found.folded, places.instructions)
        if steps & DROPPED
        else frozenset()
    )
    if led_ins:
        led.add_led(found, led_ins, dropped)
    if instructions.REVERSED in dropped:
        unled.add_backwards(found)


def _add_unled(found: finds.Finds, steps: int, places: Places) -> None:
    """Contacts that nothing announces."""
    if steps & BARE:
        unled.add_numbers(found, places.numbers)
    if steps & TRAILED:
        unled.add_trailed(found)
        accounts.add_accounts(found)
        unled.add_names(found)
        unled.add_topical(found)
        unled.add_last_number(found)
    if steps & HOTLINE:
        _add_hotlines(found)


def _whole(found: list[finds.Contact], original: str) -> list[finds.Contact]:
    """Without ids that the post itself completes: sh_luge(后缀0611),也就是sh_luge0611."""
    if "就是" not in original:
        return found
    ordered = sorted(found, key=lambda one: one.start)
    starts = [one.start for one in ordered]
    return [
        one
        for one in found
        if not any(
            other.kind == one.kind
            and other.value != one.value
            and other.value.startswith(one.value)
            and "就是" in original[one.end : other.start]
            for other in ordered[
                bisect_left(starts, one.end) : bisect_right(
                    starts, one.end + _LAST_WORDS
                )
            ]
        )
    ]


def _add_addresses(found: finds.Finds) -> None:
    """Addresses, by their form; those of platforms belong to nobody."""
    for address in addresses.addresses(found.text, found.folded):
        is_platform = address.kind == "domain" and _is_platform(address.value)
        if address.kind == "url" and _is_platform_link(address.value):
            continue
        found.add(
            address.kind,
            address.value,
            (address.start, address.end),
            0.3 if is_platform else (0.98 if address.is_plain else 0.85),
            whose="mentioned" if is_platform else None,
        )


def _add_registrations(found: finds.Finds) -> None:
    """Companies, codes and filings, by their form."""
    for registration in registrations.registrations(found.text.text):
        found.add(
            registration.kind,
            registration.value,
            (registration.start, registration.end),
            0.9 if registration.kind in {"company", "shop"} else 0.98,
        )


def _is_platform(host: str) -> bool:
    """Whether a host belongs to a platform or shortener, or lies under its name."""
    while "." in host:
        if host in _PLATFORM_HOSTS:
            return True
        host = host.partition(".")[2]
    return False


def _is_platform_link(url: str) -> bool:
    """Whether a link leads to a page of a platform; the host says all that it tells of its poster."""
    host = url.split("://", 1)[-1].split("/", 1)[0].split("?", 1)[0]
    return _is_platform(host)


def may_be_hotline(text: str, start: int) -> bool:
    """Whether a public hotline may stand at a place of a text, or of many that are laid one after the other."""
    match = _HOTLINE.match(text, start)
    return (
        match is not None
        and match[0] in hubs.HOTLINES
        and not text[start - 1 : start].isdigit()
        and _is_called(text, match[0], start)
    )


def _is_called(text: str, number: str, start: int) -> bool:
    """Whether a hotline is one by itself, or a word right before it says so."""
    # Three digits count many things (投诉达120起): only right behind a word of calling.
    low = max(start - (10 if len(number) > 3 else 4), 0)
    return number in _UNMISTAKABLE or (
        _HOTLINE_WORDS.search(text, low, start) is not None
    )


def _add_hotlines(found: finds.Finds) -> None:
    """Public hotlines beside a word that says so; nobody's own."""
    for match in _HOTLINE.finditer(found.folded):
        start, end = match.span()
        is_whole = start == 0 or not found.folded[start - 1].isdigit()
        if (
            match[0] not in hubs.HOTLINES
            or not is_whole
            or not found.is_free(start, end)
        ):
            continue
        if denominations.COUNTED.match(found.folded, end):
            # 打卡120天, 打了110分钟.
            continue
        if _is_called(found.folded, match[0], start):
            found.add("phone", match[0], (start, end), 0.3, whose="mentioned")
