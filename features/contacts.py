"""Contacts in a text, however disguised: who can be reached, where, and whose it is.

In: ``Normalised``. Out: ``Contact`` records: kind and canonical value of ``CONTRACT.md`` §9, what was written, offsets in the
original, ownership by wording, confidence. Invariants: pure; ``original[start:end] == raw``; sorted by (start, end, kind,
value) and free of duplicates; linear in the length of the text.

Order of work: addresses and registrations have shapes of their own and come first; then lead-ins (加V, 扣扣, TG …) with
the value they announce; telephone numbers left over stand for themselves. What one step took, later steps leave alone.

Confidence: 0.98 checked by its own form (address, code with check character, filing) · 0.95 lead-in and plain value ·
0.9 plain telephone number, company · 0.85 lead-in and disguised value · 0.75 disguised number without lead-in · 0.6 a name
behind an unnamed "contact me" · 0.3 public hotlines and platforms' own hosts, which belong to nobody.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from features import (
    addresses,
    digits,
    finds,
    handles,
    hubs,
    leadins,
    led,
    quantities,
    registrations,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.normalise import Normalised

#: Public hotlines: nobody's own. Source: ``LEXICON.md``; emergency, consumer, mayor, network and tax lines.
HOTLINES: Final = frozenset(
    {
        "110",
        "119",
        "120",
        "122",
        "96110",
        "12315",
        "12345",
        "12377",
        "12381",
        "12321",
        "12366",
        "12333",
        "12368",
        "12388",
        "12389",
        "12348",
    }
)
_HOTLINE = re.compile(r"[19][0-9]{2,4}(?![0-9])")
_UNMISTAKABLE: Final = frozenset({"96110", "12315", "12377", "12321", "12381"})
_HOTLINE_WORDS = re.compile(r"拨打|热线|电话|报警|专线|反诈|致电|求助|举报|打")
_TRAILED = re.compile(
    r"([a-z][a-z0-9_\-]{5,19}|[1-9][0-9]{7,9}) ?(?:这个号|这个微信|这人|此人|这个人|该号)"
)
#: What follows an id that is named only afterwards, or stands inside one that only its place makes one.
TRAILER: Final = re.compile(
    "这个号|这个微信|这人|此人|这个人|该号|[a-z0-9][_-][a-z0-9]"
)
#: Steps of reading, a bit each.
ADDRESSES, REGISTRATIONS, LEADS, BARE, TRAILED, HOTLINE, DROPPED = (
    1 << bit for bit in range(7)
)
_ALL: Final = (1 << 7) - 1
_NAME = re.compile(
    r"(?<![a-z0-9@./#:=_\-])[a-z][a-z0-9]*+(?:[_\-][a-z0-9]++){1,3}+(?![a-z0-9@./=_\-])"
)
_NAME_SIZES: Final = range(6, 21)
#: Words right before such an id that ask to be written to.
_ASKS = re.compile(r"(?:加|联系|报名|微|薇|助理|助手|找|客服|老师|我|群|号)[ :]{0,2}\Z")
_APART: Final = frozenset(",。;!?\n|、:") | {""}
#: So near the end of a post its last clause is where it says how to be reached.
_LAST_WORDS: Final = 40
_PLATFORM_HOSTS: Final = frozenset(
    {*hubs.PLATFORMS, *hubs.SHORTENERS, *hubs.PUBLIC_SUFFIXES}
)


def find_contacts(
    text: Normalised,
    folded: str | None = None,
    steps: int = _ALL,
    leads: Iterable[int] | None = None,
    numbers: Iterable[int] | None = None,
) -> list[finds.Contact]:
    """Find the contacts of one text.

    Args:
        text: The text after ``normalise.normalise``.
        folded: Its lower-case twin, where it is known.
        steps: Those that may find something (``hints``).
        leads: Where ``leadins.LEAD`` may match in the folded text, ascending; None for anywhere.
        numbers: Where numbers without a lead-in may begin; None for anywhere.

    Returns:
        Contacts, sorted; empty for a text without any. One number may give two (电话微信同号).
    """
    folded = text.folded if folded is None else folded
    led_ins = led.promising(folded, leads) if steps & LEADS else []
    if not led_ins and not steps & ~(LEADS | DROPPED):
        return []
    found = finds.Finds(text, folded)
    if steps & ADDRESSES:
        _add_addresses(found)
    if steps & REGISTRATIONS:
        _add_registrations(found)
    if led_ins:
        led.add_led(found, led_ins, may_drop=bool(steps & DROPPED))
    if steps & DROPPED and handles.REVERSED in handles.dropped_signs(folded):
        _add_backwards(found)
    if steps & BARE and (
        numbers is None or any(found.is_free(one, one + 1) for one in numbers)
    ):
        _add_bare(found)
    if steps & TRAILED:
        _add_trailed(found)
        _add_named(found)
    if steps & HOTLINE:
        _add_hotlines(found)
    if not found.contacts:
        return []
    return sorted(
        found.contacts.values(),
        key=lambda one: (one.start, one.end, one.kind, one.value),
    )


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
            0.9 if registration.kind == "company" else 0.98,
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


def _add_backwards(found: finds.Finds) -> None:
    """Names that a whole line writes backwards, lead-in and all: 8800_gnahz :芯微."""
    turned = found.text.text[::-1]
    for lead in leadins.leads(turned.lower()):
        if "wechat" not in lead.kinds or not lead.is_explicit:
            continue
        name = handles.led_handle(turned, lead.value, dropped=frozenset(), is_explicit=True)  # fmt: skip
        if name is None:
            continue
        start, end = len(turned) - name.end, len(turned) - name.start
        if found.is_free(start, end):
            found.add("wechat", name.value, (start, end), 0.75)


def _add_bare(found: finds.Finds) -> None:
    """Telephone numbers without a lead-in."""
    folded = found.folded
    for number in digits.bare_numbers(folded):
        if not found.is_free(number.start, number.end):
            continue
        if finds.ID_BEFORE.search(folded, max(number.start - 10, 0), number.start):
            continue
        confidence = 0.9 if number.is_plain else 0.75
        span = (number.start, number.end)
        found.add("phone", number.value, span, confidence)
        for kind in leadins.same_as(folded, number.end):
            found.add(kind, number.value, span, confidence)


def _add_trailed(found: finds.Finds) -> None:
    """Ids named only afterwards: demo1234这个号骗的我."""
    for match in _TRAILED.finditer(found.folded):
        start, end = match.span(1)
        before = found.folded[start - 1 : start]
        if not found.is_free(start, end) or (before.isascii() and before.isalnum()):
            continue
        found.add("qq" if match[1].isdigit() else "wechat", match[1], (start, end), 0.6)


def _add_named(found: finds.Finds) -> None:
    """Ids without a lead-in: behind 加 or 联系, or a clause of their own with which a post ends."""
    folded = found.folded
    for match in _NAME.finditer(folded):
        start, end = match.span()
        if end - start not in _NAME_SIZES or not found.is_free(start, end):
            continue
        if found.text.text[start:end].isupper():
            # QH-2099-B is a model or a contract.
            continue
        is_asked = _ASKS.search(folded, max(start - 6, 0), start) is not None
        before = folded[max(start - 3, 0) : start].rstrip(" ")[-1:]
        after = folded[end : end + 3].lstrip(" ")[:1]
        is_last = (
            before in _APART and after in _APART and len(folded) - end <= _LAST_WORDS
        )
        if (is_asked or is_last) and handles.is_name(match[0]):
            found.add("wechat", match[0], (start, end), 0.6)


def _add_hotlines(found: finds.Finds) -> None:
    """Public hotlines beside a word that says so; nobody's own."""
    for match in _HOTLINE.finditer(found.folded):
        start, end = match.span()
        is_whole = start == 0 or not found.folded[start - 1].isdigit()
        if match[0] not in HOTLINES or not is_whole or not found.is_free(start, end):
            continue
        if quantities.COUNTED.match(found.folded, end):
            # 打卡120天, 打了110分钟.
            continue
        # Three digits count many things (投诉达120起): only right behind a word of calling.
        low = max(start - (10 if end - start > 3 else 4), 0)
        if match[0] in _UNMISTAKABLE or _HOTLINE_WORDS.search(found.folded, low, start):
            found.add("phone", match[0], (start, end), 0.3, whose="mentioned")
