"""What RSS, Atom and JSON Feed have in common: the feed that is the author, and an item's identity, time and record.

In: an item's fields as its format names them. Out: one record. Nothing here knows a format.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawlers.sources import fields, pages, stamps, urls
from crawlers.sources.parsed import Record

_URI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{1,20}:\S")
_HREF = re.compile(r"""<a\b[^>]*?\bhref\s*=\s*["']?([^"'\s>]{1,2000})""", re.IGNORECASE)
_IMAGE = re.compile(
    r"""<img\b[^>]*?\bsrc\s*=\s*["']?([^"'\s>]{1,2000})""", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Channel:
    """The feed itself, which is its records' author."""

    feed_id: str
    feed_url: str
    title: str | None
    description: str | None
    link: str | None


def identity(given: object, link: str | None, *, path: str, feed: str) -> str:
    """The item's id: a guid that is a URI as it is, any other together with its feed, else the link."""
    guid = str(given or "").strip()
    if guid and not _URI.match(guid):
        # RSS promises that a guid is unique within its feed, no further.
        return f"{feed}#{guid}"
    text = urls.without_secrets(guid) or link
    if not text:
        raise fields.FieldError(
            field=f"{path}.guid", reason="expected a guid, id or link, found none"
        )
    return text


def needed(text: str | None, title: str | None, *, path: str) -> str | None:
    """The text, which only an item with a title may lack."""
    if text is None and title is None:
        raise fields.FieldError(
            field=f"{path}.title", reason="expected a title or a text, found neither"
        )
    return text


def time(raw: object, *, path: str, unknown: set[str]) -> tuple[str | None, str]:
    """An item's time and its precision; one that nobody can read is named in ``unknown``."""
    read = stamps.read(raw)
    if raw and read[0] is None:
        unknown.add(f"{path} (unreadable time)")
    return read


def bio(description: object) -> str | None:
    """What an account says of itself, which its feed's description repeats; RSSHub signs behind it."""
    text = pages.markup_text(str(description)) if description else None
    return re.sub(r"\s*-?\s*Powered by RSSHub\s*$", "", text) or None if text else None


def record(
    item: Mapping[str, Any], channel: Channel, *, fetched_at: datetime, platform: str
) -> Record:
    """The record of an item, which RSS, Atom and JSON Feed give in the same fields."""
    published_at, precision = item["time"]
    base, markup = item["base"], item["markup"]
    own_hosts = {urls.host(item["url"]), urls.host(channel.feed_url)}
    links = [urls.joined(base, _unescaped(link)) for link in _HREF.findall(markup)]
    media = [
        (urls.joined(base, _unescaped(link)), "image")
        for link in _IMAGE.findall(markup)
    ] + item["media"]
    return {
        "platform": platform,
        "kind": "article",
        "post_id": item["id"],
        "url": item["url"],
        "transport": "rss",
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": item["title"],
        "text": item["text"],
        "author": {
            "id": channel.feed_id,
            "id_kind": "feed",
            "name": item["author"] or channel.title,
            "bio": channel.description,
            "url": channel.link,
        },
        "hashtags": list(
            dict.fromkeys(
                tag.strip().strip("#") for tag in item["tags"] if tag.strip().strip("#")
            )
        ),
        "links": list(
            dict.fromkeys(
                link for link in links if link and urls.host(link) not in own_hosts
            )
        ),
        "media": [
            {"url": link, "kind": _media_kind(kind)}
            for link, kind in dict(media).items()
            if link
        ],
    }


def _media_kind(declared: str) -> str:
    return next(
        (kind for kind in ("video", "audio") if declared.startswith(kind)), "image"
    )


def _unescaped(text: str) -> str:
    return text.replace("&amp;", "&")
