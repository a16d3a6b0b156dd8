"""The lookup's reader: what in a text may be on the list, and under which keys.

In: texts. Out: ``lookup.Mention``s of each: the contacts of ``features.contacts``; seller ids and addresses of account pages
wherever they stand; and, when the whole text is one bare value (as somebody pastes it into a search box), that value under
every kind.

Invariants: few texts are read one by one, with light modules alone, so that a cold start stays short; many are read at once, as the
night reads, and the same is found. ``link_key`` gives for one value what
``features.indicators.keys`` gives for a frame; a test holds them against each other.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from features import contacts, normalise
from features.indicators import canonical, hubs, keys
from warehouse import lookup

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from features.identifiers import finds

#: ``platform:native`` in a text; the platform is a source's slug, which is no number (12:30) but for one. A native id may
#: have parts (``video/99…`` of an account that shows no id, ``v2_…@finder``, ``did:plc:…``).
_SELLER = re.compile(r"(?<![\w:/.@-])([a-z0-9_]{0,15}[a-z][a-z0-9_]{0,15}|1688):((?:did:[a-z]{1,15}:)?[\w=+.\-]{1,128}(?:[/@][\w=+.\-]{1,128}){0,2})", re.ASCII)  # fmt: skip
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s\"'<>，。；、（）【】《》]{4,500}", re.IGNORECASE)  # fmt: skip
_SCHEME = re.compile(r"^(?:https?:)?//", re.IGNORECASE)
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_QQ_MAIL = re.compile(r"([1-9][0-9]{4,11})@qq\.com")
_NOT_DIGITS = re.compile(r"[^0-9]")

#: Longer texts are sentences, not values.
_BARE_CHARACTERS: Final = 128
_SITES: Final = frozenset({*hubs.PLATFORMS, *hubs.SHORTENERS, *hubs.PUBLIC_SUFFIXES})
#: So many texts are read at once: one takes a sixth of the time then, but what reads them takes as long to load as reading
#: a thousand one by one. Measured by ``tests.bench.lookup``.
_MANY: Final = 200
#: Characters that are in work at once.
_MANY_CHARACTERS: Final = 1_500_000


def read(texts: Sequence[str]) -> list[list[lookup.Mention]]:
    """Everything in texts that may be on the list, of each in the order of the text."""
    return [
        _mentions(text, listed)
        for part in _parts(texts)
        for text, listed in zip(part, _contacts(part), strict=True)
    ]


def _parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Consecutive texts of bounded length together; a longer one is alone."""
    first = size = 0
    for place, text in enumerate(texts):
        size += len(text)
        if size > _MANY_CHARACTERS and place > first:
            yield texts[first:place]
            first, size = place, len(text)
    yield texts[first:]


def _contacts(texts: Sequence[str]) -> Sequence[Sequence[finds.Contact]]:
    if len(texts) < _MANY:
        return [contacts.find_contacts(normalise.normalise(text)) for text in texts]
    from features.texts import documents

    return documents.contacts_of(texts)


def _mentions(text: str, listed: Iterable[finds.Contact]) -> list[lookup.Mention]:
    found = [
        lookup.Mention(
            kind=each.kind,
            value=each.value,
            raw=each.raw,
            start=each.start,
            end=each.end,
            ownership=each.ownership,
            confidence=each.confidence,
            keys=tuple(_keys(each.kind, each.value)),
        )
        for each in listed
    ]
    found += _sellers(text)
    found += _pages(text)
    if not found:
        found += _bare(text)
    return sorted(found, key=lambda one: (one.start, one.end, one.kind, one.value))


def link_key(kind: str, value: str) -> tuple[str, str] | None:
    """The coarser key of one value, as from ``keys.link_key``; null for what cannot link.

    Args:
        kind: Kind of indicator.
        value: Canonical value.
    """
    if kind not in keys.LINK_KINDS or kind == "url":
        return _page_key(value) if kind == "url" else None
    mail = _QQ_MAIL.fullmatch(value) if kind == "email" else None
    if mail:
        return "qq", mail[1]
    if kind == "wechat" and _MOBILE.fullmatch(value):
        return "phone", value
    if kind == "domain":
        name = canonical.registrable_name(value)
        return kind, value if name in hubs.BUILDERS else name
    return kind, re.sub(r"-[0-9]+$", "", value) if kind == "icp" else value


def bare_address(url: str) -> str | None:
    """``canonical.bare_address`` of one address."""
    has_scheme = _SCHEME.match(url)
    if not has_scheme and re.match(r"[A-Za-z][A-Za-z0-9+-]*:", url):
        return None
    address = re.sub(r"^[^/?#]*@", "", re.sub(r"#.*$", "", _SCHEME.sub("", url)))
    head = re.match(r"[^/?#]*", address)
    host = head[0] if head else ""
    clean = re.sub(r":[0-9]+$", "", host.lower()).removeprefix("www.").rstrip(".")
    return clean + address[len(host) :].removesuffix("/")


def _page_key(url: str) -> tuple[str, str] | None:
    page = bare_address(url)
    if page is None:
        return None
    host = re.split(r"[/?#]", page, maxsplit=1)[0]
    if len(page) - len(host) < keys.MIN_PATH_CHARS or not _is_site(host):
        return None
    return "url", page


def _is_site(host: str) -> bool:
    labels = host.split(".")
    tails = {".".join(labels[-length:]) for length in (2, 3)}
    return host in _SITES or host in hubs.BUILDERS or bool(tails & _SITES)


def _keys(kind: str, value: str) -> Iterator[tuple[str, str, str]]:
    yield kind, value, "exact"
    if kind == "account":
        yield "handle", value, "handle"
    coarse = link_key(kind, value)
    if coarse is not None:
        yield f"link:{coarse[0]}", coarse[1], "link"


def _sellers(text: str) -> Iterator[lookup.Mention]:
    for match in _SELLER.finditer(text):
        if match[1] in {"http", "https", "mailto", "tel"}:
            continue
        value = f"{match[1]}:{match[2].rstrip('.')}"
        # What follows a slash or an at sign may be somebody's next word as well.
        forms = [value[: each.start()] for each in re.finditer("[/@]|$", value)][::-1]
        yield lookup.Mention(
            kind="seller",
            value=value,
            raw=match[0],
            start=match.start(),
            end=match.end(),
            ownership=None,
            confidence=0.9,
            keys=tuple(
                key
                for form in forms
                for key in (
                    ("seller", form, "exact"),
                    ("handle", form.lower(), "handle"),
                )
            ),
        )


def _pages(text: str) -> Iterator[lookup.Mention]:
    """Addresses of accounts; the contact reader leaves platforms' own pages out."""
    for match in _ADDRESS.finditer(text):
        page = bare_address(match[0])
        if page is not None and "/" in page:
            yield lookup.Mention(
                kind="url",
                value=page,
                raw=match[0],
                start=match.start(),
                end=match.end(),
                ownership=None,
                confidence=0.9,
                keys=(("page", page, "page"), ("page", page.split("?")[0], "page")),
            )


def _bare(text: str) -> Iterator[lookup.Mention]:
    """A text that is one value and nothing else, under every kind that it may be."""
    value = unicodedata.normalize("NFKC", text).strip()
    tight = "".join(value.split())
    # Only numbers are written with gaps; anything else of several words is a sentence.
    if (
        not tight
        or len(value) > _BARE_CHARACTERS
        or (tight != value and any(map(str.isalpha, tight)))
    ):
        return
    forms = dict.fromkeys((tight, tight.lower(), tight.upper(), tight.lstrip("@").lower()))  # fmt: skip
    digits = _NOT_DIGITS.sub("", tight)
    if len(digits) >= 5 and not any(sign.isalpha() for sign in tight):
        forms |= {digits: None, digits.removeprefix("86"): None}
    exact = [(kind, form, "exact") for form in forms for kind in ("seller", "entry", *canonical.KINDS)]  # fmt: skip
    loose = [(f"link:{key[0]}", key[1], "link") for form in forms for kind in ("domain", "email", "icp", "wechat") if (key := link_key(kind, form))]  # fmt: skip
    yield lookup.Mention(
        kind="text",
        value=tight,
        raw=text,
        start=0,
        end=len(text),
        ownership=None,
        confidence=0.5,
        keys=(*exact, *loose),
    )
