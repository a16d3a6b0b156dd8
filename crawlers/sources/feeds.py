"""RSS 2.0, Atom and JSON Feed, also from an operator's own RSSHub.

In: one answer of a feed URL. Out: one record per item, kind ``article``, author the feed (``id_kind`` ``feed``; the item's
author is only a name). Not modified (304) and a valid feed without items are ``empty``; a page in a feed's place is not.
Shapes: platforms/rss_rsshub.md.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import feedparser
import orjson

from crawlers.sources import feed_bounds, feed_items, fields, pages, urls
from crawlers.sources.parsed import Ask, Parsed, Record, Reject, from_records

PLATFORM: Final = "rss"

#: RSSHub's error classes (its lib/errors): what each means to us. "Empty" is no proof: a silent block looks the same.
_RSSHUB_ERRORS: Final = {
    "ConfigNotFoundError": (
        "login_wall",
        "the operator's credential is not configured",
    ),
    "CaptchaError": ("blocked", "upstream asked for a captcha"),
    "RejectError": ("blocked", "the instance refuses this request"),
    "RequestInProgressError": ("rate_limited", "the instance is still working on it"),
    "NotFoundError": ("gone", "no such route"),
}
#: What the feed reader lets through on broken declarations and dates.
_READER_FAULTS = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
#: How a feed ends that was sent whole.
_LAST_TAG = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
_ERROR_CLASS = re.compile(r"\b([A-Z]\w{2,40}Error)\b")
#: What feedparser calls the fields we read or know we do not need; everything else is unknown.
_KNOWN: Final = frozenset(
    {
        "author", "author_detail", "authors", "comments", "content", "created", "created_parsed", "credit",
        "enclosures", "guidislink", "href", "id", "language", "link", "links", "media_content", "media_credit",
        "media_thumbnail", "publisher", "publisher_detail", "published", "published_parsed", "rights", "rights_detail",
        "slash_comments", "source", "summary", "summary_detail", "tags", "thr_total", "title", "title_detail",
        "updated", "updated_parsed", "wfw_commentrss",
    }
)  # fmt: skip


def parse(
    body: bytes,
    *,
    url: str,
    http_status: int | None,
    fetched_at: datetime,
    ask: Ask | None = None,
    platform: str = PLATFORM,
) -> Parsed:
    """Read one feed.

    Args:
        body: The answer.
        url: The feed's own URL; what links inside are relative to.
        http_status: Null for a file.
        fetched_at: Becomes ``crawled_at``.
        ask: What was asked for; ``ask.feed_id`` names the author. Null: the feed's URL without scheme.
        platform: Slug of the records.
    """
    if http_status == 304:
        return Parsed("empty", reason="not modified")
    stripped = body.removeprefix(b"\xef\xbb\xbf").strip()
    author = (ask.feed_id if ask else None) or urls.feed_id(ask.url if ask else url)
    if stripped.startswith(b"{"):
        return _parse_json(
            stripped,
            http_status=http_status,
            url=url,
            fetched_at=fetched_at,
            feed=author,
            platform=platform,
        )
    refused = pages.http_refusal(http_status)
    if not stripped:
        return Parsed(*_reasoned(refused or ("blocked", "empty answer")))
    if pages.is_html(stripped):
        return _parse_refusal(pages.decode(stripped), refused)
    if refused:
        return Parsed(*_reasoned(refused))
    return _parse_xml(
        stripped, url=url, fetched_at=fetched_at, feed=author, platform=platform
    )


def _reasoned(refused: tuple[str, str]) -> tuple[str, tuple[Record, ...], str]:
    return refused[0], (), refused[1]


def _parse_refusal(text: str, refused: tuple[str, str] | None) -> Parsed:
    """A page or message in a feed's place."""
    for name in _ERROR_CLASS.findall(text):
        if name in _RSSHUB_ERRORS:
            status, meaning = _RSSHUB_ERRORS[name]
            return Parsed(status, reason=f"RSSHub {name}: {meaning}")
    if "route is empty" in text:
        return Parsed(
            "error",
            reason="RSSHub: this route is empty, which does not prove that upstream is",
        )
    if "RSSHub" in text or "went wrong" in text:
        return Parsed("error", reason="RSSHub: error page")
    return Parsed(
        *_reasoned(
            pages.wall(text)
            or refused
            or ("blocked", "a page where a feed was expected")
        )
    )


# ---------------------------------------------------------------- XML


def _parse_xml(
    body: bytes, *, url: str, fetched_at: datetime, feed: str, platform: str
) -> Parsed:
    overgrown = feed_bounds.overgrown(body)
    if overgrown:
        return Parsed("error", reason=f"not read: {overgrown}")
    try:
        # A stream, because feedparser fetches what looks like a URL. Sanitising and relative links are ours.
        read = feedparser.parse(
            io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False
        )
    except _READER_FAULTS as error:
        return Parsed("schema_drift", reason=f"unreadable: {type(error).__name__}")
    if not read.version:
        text = pages.decode(body)
        walled = pages.wall(text)
        return Parsed(
            *_reasoned(
                walled or ("schema_drift", "neither RSS, Atom, JSON Feed nor a page")
            )
        )
    is_cut = read.bozo and not _LAST_TAG.search(body)
    if not read.entries:
        if is_cut:
            return Parsed("error", reason="the feed is cut off")
        return Parsed("empty", reason="a valid feed without items")
    channel = feed_items.Channel(
        feed,
        url,
        pages.markup_text(read.feed.get("title")),
        feed_items.bio(read.feed.get("subtitle")),
        urls.joined(url, read.feed.get("link")),
    )
    unknown: set[str] = set()
    records: list[Record] = []
    rejects = [Reject("feed", "cut off before its last tag")] if is_cut else []
    for index, entry in enumerate(read.entries):
        unknown.update(f"item.{name}" for name in entry if name not in _KNOWN)
        try:
            item = _xml_item(entry, channel, path=f"item[{index}]", unknown=unknown)
        except fields.FieldError as error:
            rejects.append(Reject(error.field, error.reason))
            continue
        records.append(
            feed_items.record(item, channel, fetched_at=fetched_at, platform=platform)
        )
    return from_records(records, rejects, unknown_fields=unknown)


def _xml_item(
    entry: Mapping[str, Any],
    channel: feed_items.Channel,
    *,
    path: str,
    unknown: set[str],
) -> dict[str, Any]:
    url = channel.feed_url
    contents = [
        str(part.get("value") or "")
        for part in entry.get("content") or []
        if isinstance(part, Mapping)
    ]
    summary = str(entry.get("summary") or "")
    markup = max([*contents, summary], key=len)
    link = urls.joined(url, entry.get("link"))
    media = [
        (
            urls.joined(url, part.get("href") or part.get("url")),
            str(part.get("type") or part.get("medium") or ""),
        )
        for name in ("enclosures", "media_content")
        for part in entry.get(name) or []
        if isinstance(part, Mapping)
    ]
    raw_time = entry.get("published") or entry.get("updated") or entry.get("created")
    return {
        "id": feed_items.identity(
            entry.get("id"), link, path=path, feed=channel.feed_id
        ),
        "url": link,
        "title": pages.markup_text(entry.get("title")),
        "text": feed_items.needed(
            pages.markup_text(markup), pages.markup_text(entry.get("title")), path=path
        ),
        "markup": markup,
        "time": feed_items.time(raw_time, path="item.pubDate", unknown=unknown),
        "author": pages.markup_text(entry.get("author")),
        "tags": [
            str(tag.get("term") or "")
            for tag in entry.get("tags") or []
            if isinstance(tag, Mapping)
        ],
        "media": media,
        "base": url,
    }


# ---------------------------------------------------------------- JSON Feed


def _parse_json(
    body: bytes,
    *,
    http_status: int | None,
    url: str,
    fetched_at: datetime,
    feed: str,
    platform: str,
) -> Parsed:
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        refused = pages.http_refusal(http_status)
        return Parsed(
            *_reasoned(
                refused or ("schema_drift", "neither RSS, Atom, JSON Feed nor a page")
            )
        )
    if isinstance(answer, dict) and "error" in answer and "items" not in answer:
        return _parse_refusal(
            str(answer["error"]),
            pages.http_refusal(http_status)
            or ("error", "an error object in a feed's place"),
        )
    refused = pages.http_refusal(http_status)
    if refused:
        return Parsed(*_reasoned(refused))
    unknown: set[str] = set()
    top = fields.Fields(answer, path="$", kind="$", unknown=unknown)
    version, items = top.text("version"), top.take("items")
    if "jsonfeed.org" not in (version or "") or not isinstance(items, list):
        return Parsed("schema_drift", reason="$.version or $.items: not a JSON Feed")
    channel = feed_items.Channel(
        feed,
        url,
        pages.markup_text(top.text("title")),
        feed_items.bio(top.text("description")),
        urls.joined(url, top.text("home_page_url")),
    )
    top.skip(
        "feed_url", "user_comment", "icon", "favicon", "author", "authors", "language", "expired", "hubs", "next_url", "_extra"
    )  # fmt: skip
    top.close()
    if not items:
        return Parsed(
            "empty",
            reason="a valid feed without items",
            unknown_fields=frozenset(unknown),
        )
    records: list[Record] = []
    rejects: list[Reject] = []
    for index, value in enumerate(items):
        try:
            item = _json_item(value, channel, path=f"items[{index}]", unknown=unknown)
        except fields.FieldError as error:
            rejects.append(Reject(error.field, error.reason))
            continue
        records.append(
            feed_items.record(item, channel, fetched_at=fetched_at, platform=platform)
        )
    return from_records(records, rejects, unknown_fields=unknown)


def _json_item(
    value: object, channel: feed_items.Channel, *, path: str, unknown: set[str]
) -> dict[str, Any]:
    url = channel.feed_url
    item = fields.Fields(value, path=path, kind="items", unknown=unknown)
    link = urls.joined(url, item.text("url"))
    title = pages.markup_text(item.text("title"))
    markup, plain, summary = (
        item.text("content_html"),
        item.text("content_text"),
        item.text("summary"),
    )
    text = (
        pages.markup_text(markup)
        or (pages.tidy(plain) if plain else None)
        or (pages.tidy(summary) if summary else None)
    )
    media = [
        (urls.joined(url, item.text(name)), "image")
        for name in ("image", "banner_image")
    ]
    media += [
        (urls.joined(url, str(part.get("url") or "")), str(part.get("mime_type") or ""))
        for part in item.objects("attachments")
        if isinstance(part, Mapping)
    ]
    # 1.1 has a list of authors, 1.0 one.
    people = [
        person
        for name in ("authors", "author")
        for person in item.objects(name)
        if isinstance(person, Mapping)
    ]
    tags = item.take("tags")
    published, modified = item.take("date_published"), item.take("date_modified")
    read = {
        "id": feed_items.identity(
            item.text("id"), link, path=path, feed=channel.feed_id
        ),
        "url": link,
        "title": title,
        "text": feed_items.needed(text, title, path=path),
        "markup": markup or "",
        "time": feed_items.time(
            published or modified, path="items.date_published", unknown=unknown
        ),
        "author": next(
            (
                name
                for person in people
                if (name := pages.markup_text(str(person.get("name") or "")))
            ),
            None,
        ),
        "tags": [str(tag) for tag in tags] if isinstance(tags, list) else [],
        "media": media,
        "base": url,
    }
    item.skip("external_url", "language", "_extra")
    item.close()
    return read
