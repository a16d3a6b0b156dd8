"""The import record's fields (CONTRACT section 3) as tables: for each group its names and the reader of each value.

Nothing goes in; what comes out are constants. Invariant, held by a test: the groups strung together are exactly the
columns of ``contracts.RAW_POSTS`` in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from crawlers.records import values

KINDS = ("post", "listing", "article", "live", "comment", "complaint", "profile")

_ID = values.identifier
_TEXT = values.text
_TIME = values.time
_COUNT = values.count
_YUAN = values.yuan
_FLAG = values.flag
_TEXTS = values.texts
SHA256 = values.hexadecimal(64)

KIND = values.choice(*KINDS)


class Group(NamedTuple):
    """Fields that are read in a row.

    Attributes:
        fields: Name, dotted name and reader of each.
        names: The names alone, in order.
        known: Every name that the object holding them may have.
        nulls: Their values when that object is missing.
    """

    fields: tuple[tuple[str, str, values.Reader], ...]
    names: tuple[str, ...]
    known: frozenset[str]
    nulls: tuple[None, ...]


def _group(prefix: str, *others: str, **readers: values.Reader) -> Group:
    fields = tuple(
        (name, f"{prefix}{name}", reader) for name, reader in readers.items()
    )
    return Group(
        fields, tuple(readers), frozenset(readers).union(others), (None,) * len(fields)
    )


#: Between ``source`` and the parent; also the document's own title and text.
ORIGIN = _group(
    "",
    url=_TEXT,
    transport=values.choice("api", "web", "rss", "export"),
    query=_TEXT,
    published_at=_TIME,
    published_precision=values.choice("second", "minute", "day", "relative", "none"),
    title=_TEXT,
    text=_TEXT,
    text_truncated=_FLAG,
)
AUTHOR = _group(
    "author.",
    "id",
    id_kind=values.choice("native", "handle", "domain", "feed", "anonymous"),
    handle=_ID,
    name=_TEXT,
    bio=_TEXT,
    url=_TEXT,
    verified=values.choice("none", "personal", "business", "government", "media"),
    verified_raw=_TEXT,
    followers=_COUNT,
    following=_COUNT,
    posts=_COUNT,
    created_at=_TIME,
    region=_TEXT,
)
LINKS = _group("", hashtags=_TEXTS, mentions=_TEXTS, links=_TEXTS)
LIVE = _group("live.", is_live=_FLAG, room_id=_ID)
METRICS = _group(
    "metrics.",
    views=_COUNT,
    likes=_COUNT,
    comments=_COUNT,
    shares=_COUNT,
    collects=_COUNT,
    sales=_COUNT,
)
LISTING = _group(
    "listing.",
    price_yuan=_YUAN,
    sales_text=_TEXT,
    shop_id=_ID,
    shop_name=_TEXT,
    company=_TEXT,
    uscc=_ID,
    is_promoted=_FLAG,
)
COMPLAINT = _group(
    "complaint.",
    target=_TEXT,
    target_id=_ID,
    amount_yuan=_YUAN,
    issues=_TEXTS,
    demand=_TEXT,
    status=_TEXT,
)
AD = _group("ad.", advertiser=_TEXT, payer=_TEXT, first_shown=_TIME, last_shown=_TIME)
MEDIUM = _group(
    "media.",
    url=_TEXT,
    kind=values.choice("image", "video", "audio", "cover"),
    sha256=SHA256,
    phash=values.hexadecimal(16),
    ocr=_TEXT,
    qr=_TEXT,
)
IDENTIFIER = _group("identifiers.", kind=_TEXT, value=_ID, field=_TEXT)

#: Fields that hold an object.
OBJECTS: Mapping[str, Group] = {
    "author": AUTHOR,
    "live": LIVE,
    "metrics": METRICS,
    "listing": LISTING,
    "complaint": COMPLAINT,
    "ad": AD,
}
#: Fields that hold a list of objects.
ENTRIES: Mapping[str, Group] = {"media": MEDIUM, "identifiers": IDENTIFIER}
#: Dotted names of the fields that hold a list.
LISTS = frozenset(
    {"hashtags", "mentions", "links", "media", "identifiers", "complaint.issues"}
)

#: Every name that a record may have.
KNOWN = frozenset(
    {
        "platform",
        "kind",
        "post_id",
        "crawled_at",
        "parent_id",
        "repost_of",
        "media",
        "identifiers",
        "evidence_sha256",
    }
).union(ORIGIN.names, LINKS.names, OBJECTS)
