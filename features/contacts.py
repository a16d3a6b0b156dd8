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
import string
from typing import TYPE_CHECKING, Final, NamedTuple

from features import (
    addresses,
    digits,
    handles,
    hubs,
    leadins,
    numerals,
    ownership,
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
_ID_BEFORE = re.compile(
    r"(?:订单|单号|编号|运单|快递|身份证|卡号|尾号|流水|票号|案号|型号|货号|序号|isbn|uid|房号|证号|验证码|工单|凭证|合同|批次|条码|商品id|房间|批号|案件|档案|账户|代码|id)(?:号码?|码|为|是|[ :=#])*+$"
)
_MENTION = re.compile(r"@([a-z][a-z0-9_]{4,31})")
_ACCOUNT_NAME = re.compile(r"[一-鿿A-Za-z0-9_\-.·]{2,24}")
_ACCOUNT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{3,29}")
_LISTED = re.compile(r"\s?(?:[/、,]|或者?|和)\s?@?(?=[A-Za-z][A-Za-z_\-]*[0-9_])")
_NAMING = re.compile(r"[:=【「“\"《\[@搜]")
# An id behind an unnamed "contact me": letters with digits or an underline, not a label before a number (T 4000001153).
_NAMED_ID = re.compile(r"(?![a-z]{1,3}[0-9]{7,}\Z)[a-z][a-z_\-]*[0-9_].*")
_TRAILED = re.compile(
    r"([a-z][a-z0-9_\-]{5,19}|[1-9][0-9]{7,9}) ?(?:这个号|这个微信|这人|此人|这个人|该号)"
)
#: What follows an id that is named only afterwards.
TRAILER: Final = re.compile("这个号|这个微信|这人|此人|这个人|该号")
#: Steps of reading, a bit each.
ADDRESSES, REGISTRATIONS, LEADS, BARE, TRAILED, HOTLINE, DROPPED = (
    1 << bit for bit in range(7)
)
_ALL: Final = (1 << 7) - 1
#: What a number or name behind a lead-in may begin with.
_OPENS_VALUE: Final = frozenset(
    f"{string.ascii_letters}{string.digits}_-{digits.NUMERALS}{''.join(numerals.SOUNDS_OF)}"
)
_PLATFORM_HOSTS: Final = frozenset(
    {*hubs.PLATFORMS, *hubs.SHORTENERS, *hubs.PUBLIC_SUFFIXES}
)
_NAMED_PLATFORMS: Final = frozenset({"wechat_mp", "wechat_channels"})


class Contact(NamedTuple):
    """One contact as it stands in a text.

    Attributes:
        kind: A kind of ``CONTRACT.md`` §1.
        value: What a reader would type. ``account`` is ``platform:handle``; ``company`` has ASCII brackets.
        raw: What was written, ``original[start:end]``.
        start: Offset in the original.
        end: Offset after it.
        ownership: ``own`` or ``mentioned``, by the wording alone.
        confidence: 0 to 1; see the module.
    """

    kind: str
    value: str
    raw: str
    start: int
    end: int
    ownership: ownership.Ownership
    confidence: float


class _Finds:
    """Contacts found so far and the stretches of plain text they took."""

    def __init__(self, text: Normalised, folded: str) -> None:
        self.text = text
        self.folded = folded
        self.contacts: dict[tuple[str, str, int, int], Contact] = {}
        self.taken = bytearray()

    def add(
        self,
        kind: str,
        value: str,
        span: tuple[int, int],
        confidence: float,
        *,
        lead: int | None = None,
        whose: ownership.Ownership | None = None,
    ) -> None:
        """Record a contact at a span of the plain text; ``lead`` is where its lead-in begins."""
        start, end = span
        if whose is None:
            whose = ownership.ownership(
                self.folded, start if lead is None else lead, start, end
            )
        first, last = self.text.span(start, end)
        contact = Contact(
            kind, value, self.text.original[first:last], first, last, whose, confidence
        )
        self.contacts.setdefault((kind, value, first, last), contact)
        self.take(start, end)

    def take(self, start: int, end: int) -> None:
        """Mark a stretch as read."""
        if not self.taken:
            self.taken = bytearray(len(self.folded))
        self.taken[start:end] = b"\x01" * (end - start)

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing was read there yet."""
        return not self.taken or 1 not in self.taken[start:end]


def find_contacts(
    text: Normalised,
    folded: str | None = None,
    steps: int = _ALL,
    leads: Iterable[int] | None = None,
    numbers: Iterable[int] | None = None,
) -> list[Contact]:
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
    led = _promising(folded, leads) if steps & LEADS else []
    if not led and not steps & ~(LEADS | DROPPED):
        return []
    finds = _Finds(text, folded)
    if steps & ADDRESSES:
        _add_addresses(finds)
    if steps & REGISTRATIONS:
        _add_registrations(finds)
    if led:
        _add_led(finds, led, may_drop=bool(steps & DROPPED))
    if steps & BARE and (
        numbers is None or any(finds.is_free(one, one + 1) for one in numbers)
    ):
        _add_bare(finds)
    if steps & TRAILED:
        _add_trailed(finds)
    if steps & HOTLINE:
        _add_hotlines(finds)
    if not finds.contacts:
        return []
    return sorted(
        finds.contacts.values(),
        key=lambda one: (one.start, one.end, one.kind, one.value),
    )


def _add_addresses(finds: _Finds) -> None:
    """Addresses, by their form; those of platforms belong to nobody."""
    for address in addresses.addresses(finds.text, finds.folded):
        is_platform = address.kind == "domain" and _is_platform(address.value)
        if address.kind == "url" and _is_platform_link(address.value):
            continue
        finds.add(
            address.kind,
            address.value,
            (address.start, address.end),
            0.3 if is_platform else (0.98 if address.is_plain else 0.85),
            whose="mentioned" if is_platform else None,
        )


def _add_registrations(finds: _Finds) -> None:
    """Companies, codes and filings, by their form."""
    for registration in registrations.registrations(finds.text.text):
        finds.add(
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


def _promising(folded: str, places: Iterable[int] | None) -> list[leadins.Lead]:
    """Lead-ins behind which a number or name may stand."""
    found = list(leadins.leads(folded, places))
    return [
        lead
        for index, lead in enumerate(found)
        if (
            folded[lead.value : lead.value + 1] in _OPENS_VALUE
            or "account" in lead.kinds
        )
        # 客服:dianhua 400…: what follows is a lead-in itself.
        and not (
            lead.kinds == ("contact",)
            and index + 1 < len(found)
            and found[index + 1].start == lead.value
        )
    ]


def _add_led(finds: _Finds, led: list[leadins.Lead], *, may_drop: bool) -> None:
    """Contacts behind a lead-in; ``may_drop`` says that the post may tell to leave something out of names."""
    dropped: frozenset[str] | None = None if may_drop else frozenset()
    for lead in led:
        if not finds.is_free(lead.start, lead.value + 1):
            continue
        if "account" in lead.kinds:
            _add_account(finds, lead)
        elif not _add_number(finds, lead):
            if dropped is None:
                dropped = handles.dropped_signs(finds.folded)
            _add_handles(finds, lead, dropped)


def _add_account(finds: _Finds, lead: leadins.Lead) -> None:
    """A handle on another platform: an id, or for 公众号 and 视频号 a name."""
    between = finds.text.text[lead.end : lead.value]
    is_named = lead.platform in _NAMED_PLATFORMS
    if (
        not lead.is_explicit
        or "\n" in between
        or (is_named and not _NAMING.search(between))
    ):
        return
    pattern = _ACCOUNT_NAME if is_named else _ACCOUNT_ID
    match = pattern.match(finds.text.text, lead.value)
    if not match or not finds.is_free(*match.span()):
        return
    value = match[0].rstrip(".-·")
    if not value:
        return
    span = (match.start(), match.start() + len(value))
    finds.add(
        "account", f"{lead.platform}:{value.lower()}", span, 0.85, lead=lead.start
    )


def _add_number(finds: _Finds, lead: leadins.Lead) -> bool:
    """A number behind a lead-in, under every kind that is announced; whether there was one."""
    folded = finds.folded
    kinds = [kind for kind in lead.kinds if kind not in {"contact", "email"}]
    phone = digits.led_number(folded, lead.value)
    if (
        phone
        and "qq_group" not in kinds
        and (phone.value[0] == "1" or "phone" in kinds or not kinds)
        and finds.is_free(phone.start, phone.end)
    ):
        if _ID_BEFORE.search(folded, max(lead.value - 10, 0), lead.value):
            return True
        is_mobile = len(phone.value) == 11 and phone.value[0] == "1"
        named = [
            kind
            for kind in kinds
            if kind != "telegram" and (is_mobile or kind == "phone")
        ] or ["phone"]
        _add_kinds(finds, named, phone, lead.start)
        return True
    if not kinds and "contact" in lead.kinds:
        # An id of digits alone, of no named service: WeChat ids begin with a letter, so QQ.
        number = digits.led_id(folded, lead.value, low=8, high=10)
        if number and finds.is_free(number.start, number.end):
            finds.add(
                "qq", number.value, (number.start, number.end), 0.6, lead=lead.start
            )
            return True
    for kind, low, high in (("qq_group", 6, 10), ("qq", 5, 11), ("wechat", 6, 10)):
        if kind not in kinds or (kind == "wechat" and not lead.is_explicit):
            continue
        number = digits.led_id(folded, lead.value, low=low, high=high)
        if number and finds.is_free(number.start, number.end):
            named = [
                one
                for one in kinds
                if one == kind or (kind == "qq" and one == "wechat")
            ]
            _add_kinds(finds, named, number, lead.start)
            return True
    return False


def _add_kinds(
    finds: _Finds, kinds: list[str], number: digits.Number, lead: int | None
) -> None:
    """One number under several kinds, and under those that a note behind it names (微信同号)."""
    noted = [
        kind for kind in leadins.same_as(finds.folded, number.end) if kind not in kinds
    ]
    confidence = 0.95 if number.is_plain else 0.85
    for kind in [*kinds, *noted]:
        finds.add(kind, number.value, (number.start, number.end), confidence, lead=lead)


#: Signs behind 联系, 合作 that say that a name follows.
_NAMES_VALUE: Final = re.compile("[:+➕]")


def _add_handles(finds: _Finds, lead: leadins.Lead, dropped: frozenset[str]) -> None:
    """Names behind a lead-in; several when they are listed."""
    kind = next((one for one in lead.kinds if one in {"wechat", "telegram"}), None)
    plain = finds.text.text
    if kind is None:
        if lead.kinds != ("contact",):
            return
        mention = _MENTION.match(finds.folded, lead.value - 1) if lead.value else None
        if mention:
            finds.add("telegram", mention[1], mention.span(1), 0.6, lead=lead.start)
            return
        if (
            not _NAMES_VALUE.search(plain, lead.end, lead.value)
            and "号" not in plain[lead.start : lead.end]
        ):
            return
    position = lead.value
    if kind == "wechat" and _is_part_of_name(plain, lead):
        position = lead.last
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
        confidence = 0.6 if kind is None else (0.95 if handle.is_plain else 0.85)
        finds.add(
            kind or "wechat",
            handle.value,
            (handle.start, handle.end),
            confidence,
            lead=lead.start,
        )
        listed = _LISTED.match(plain, handle.end)
        if not listed:
            return
        position = listed.end()


def _is_part_of_name(plain: str, lead: leadins.Lead) -> bool:
    """Whether wx or vx is the beginning of the id itself (微信 wx8116demo): digits follow it directly."""
    is_stuck = lead.value == lead.end and plain[lead.end : lead.end + 1].isdigit()
    return (
        is_stuck
        and plain[lead.last : lead.end].isascii()
        and plain[lead.last : lead.last + 1].isalpha()
    )


def _add_bare(finds: _Finds) -> None:
    """Telephone numbers without a lead-in."""
    folded = finds.folded
    for number in digits.bare_numbers(folded):
        if not finds.is_free(number.start, number.end):
            continue
        if _ID_BEFORE.search(folded, max(number.start - 10, 0), number.start):
            continue
        confidence = 0.9 if number.is_plain else 0.75
        span = (number.start, number.end)
        finds.add("phone", number.value, span, confidence)
        for kind in leadins.same_as(folded, number.end):
            finds.add(kind, number.value, span, confidence)


def _add_trailed(finds: _Finds) -> None:
    """Ids named only afterwards: demo1234这个号骗的我."""
    for match in _TRAILED.finditer(finds.folded):
        start, end = match.span(1)
        before = finds.folded[start - 1 : start]
        if not finds.is_free(start, end) or (before.isascii() and before.isalnum()):
            continue
        finds.add("qq" if match[1].isdigit() else "wechat", match[1], (start, end), 0.6)


def _add_hotlines(finds: _Finds) -> None:
    """Public hotlines beside a word that says so; nobody's own."""
    for match in _HOTLINE.finditer(finds.folded):
        start, end = match.span()
        is_whole = start == 0 or not finds.folded[start - 1].isdigit()
        if match[0] not in HOTLINES or not is_whole or not finds.is_free(start, end):
            continue
        if quantities.COUNTED.match(finds.folded, end):
            # 打卡120天, 打了110分钟.
            continue
        # Three digits count many things (投诉达120起): only right behind a word of calling.
        low = max(start - (10 if end - start > 3 else 4), 0)
        if match[0] in _UNMISTAKABLE or _HOTLINE_WORDS.search(finds.folded, low, start):
            finds.add("phone", match[0], (start, end), 0.3, whose="mentioned")
