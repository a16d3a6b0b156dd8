"""36氪's search as its gateway answers, when an operator saved it: articles with a summary each.

In: one answer. Out: records of platform ``36kr``, kind ``article``, whose text is a summary. An entry's fields stand in the
entry or in its ``templateMaterial``; both layouts occur in one answer. Shapes: platforms/36kr.md.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from crawlers.sources import answers, blocks, captions, urls
from crawlers.sources.fields import Fields, refuse
from crawlers.sources.parsed import Parsed, Record, from_records

PLATFORM: Final = "36kr"
#: Stands for the writer where an entry names no account, as in the site's feed.
FEED_ID: Final = "www.36kr.com/feed"

#: ``itemType`` of an article.
_ARTICLE: Final = 10
_ENVELOPE = re.compile(rb'^\s*\{\s*"(?:code|data|msg)"\s*:')
_USER = re.compile(r"userId=(\d{1,24})(?!\d)")


def is_answer(body: bytes) -> bool:
    """Whether an answer is the gateway's: an object that begins with its code, its message or its data."""
    return bool(_ENVELOPE.match(body[:200].removeprefix(b"\xef\xbb\xbf")))


def parse(body: bytes, *, url: str, fetched_at: datetime) -> Parsed:
    """Read one answer of the search.

    Args:
        body: The answer.
        url: Where it came from; a ``searchWord`` in it becomes ``query``.
        fetched_at: Becomes ``crawled_at``.

    Returns:
        ``empty`` only where the code is 0 and nothing is counted or announced; ``schema_drift`` for a refused request,
        since the gateway refuses only what is asked in a wrong way.
    """

    def read(top: Fields, unknown: set[str]) -> Parsed:
        return _read(top, unknown, url=url, fetched_at=fetched_at)

    return answers.parse(body, http_status=None, read=read)


def _read(top: Fields, unknown: set[str], *, url: str, fetched_at: datetime) -> Parsed:
    code, message = top.code("code"), top.text("msg")
    if code != 0 or isinstance(code, bool):
        status = answers.refusal(message, otherwise="schema_drift")
        return Parsed(status, reason=f"code {code!r:.20}: {answers.said(message)}")
    data = top.child("data")
    found = data.take("itemList")
    if not isinstance(found, list):
        refuse("$.data.itemList", f"expected a list, found {type(found).__name__}")
    total, has_next = data.count("totalCount"), data.code("hasNextPage")
    data.skip("pageCallback", "searchTitle", "timestamp")
    data.close()
    top.close()
    query = urls.parameter(url, "searchWord")

    def read(entry: Fields) -> Record | None:
        if entry.code("itemType") not in (None, _ARTICLE):
            return None
        return _article(entry, query=query, fetched_at=fetched_at)

    records, rejects, skipped = answers.entries(
        found, read, path="$.data.itemList", unknown=unknown
    )
    if records or rejects:
        return from_records(records, rejects, unknown_fields=unknown)
    named = frozenset(unknown)
    if skipped:
        return Parsed("ok", (), f"{skipped} entries and no article", (), named)
    if not total and not has_next:
        return Parsed("empty", (), "code 0 and nothing counted", (), named)
    reason = (
        f"an empty list although totalCount is {total} and hasNextPage {has_next!r:.20}"
    )
    return Parsed("blocked", (), reason, (), named)


def _article(entry: Fields, *, query: str | None, fetched_at: datetime) -> Record:
    """An entry; needs an id and a title or a summary."""
    inner = entry.part("templateMaterial")
    within = inner.identity("itemId")
    number = entry.identity("itemId") or within
    if number is None:
        refuse(entry.path("itemId"), "expected an id, found none")
    # Taken from both, so that what repeats does not count as unknown.
    title, summary, name, image = (
        next((text for text in texts if text), None)
        for texts in (
            _texts(entry, inner, "widgetTitle"),
            _texts(entry, inner, "widgetContent", "content", "summary"),
            _texts(entry, inner, "authorName"),
            _texts(entry, inner, "widgetImage"),
        )
    )
    if title is None and summary is None:
        refuse(
            entry.path("widgetTitle"), "expected a title or a summary, found neither"
        )
    times = (entry.moment("publishTime"), inner.moment("publishTime"))
    published_at, precision = times[0] if times[0][0] else times[1]
    routes = " ".join(_texts(entry, inner, "authorRoute"))
    routed = _USER.search(routes)
    users = (entry.identity("userId"), inner.identity("userId"), routed and routed[1])
    user = next((found for found in users if found), None)
    record: Record = {
        "platform": PLATFORM,
        "kind": "article",
        "post_id": number,
        "url": f"https://www.36kr.com/p/{number}",
        "transport": "web",
        "query": query,
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": title,
        "text": summary,
        "text_truncated": True,
        "author": {
            "id": user or FEED_ID,
            "id_kind": "native" if user else "feed",
            "name": name,
            "url": f"https://www.36kr.com/user/{user}" if user else None,
        },
        "hashtags": captions.hashtags(summary),
        "media": blocks.media([("image", image)]),
        "metrics": {
            "views": entry.count("statRead"),
            "likes": entry.count("statPraise"),
            "comments": entry.count("statComment"),
            "collects": entry.count("statCollect"),
        },
    }
    for part in (inner, entry):
        part.skip("itemType", "route", "siteId", "templateType", "authorFace", "themeName", "themeRoute", "navName")  # fmt: skip
        part.close()
    return record


def _texts(entry: Fields, inner: Fields, *names: str) -> list[str]:
    """The plain texts of these fields, the entry's own first."""
    found = (
        captions.plain(part.text(name)) for part in (entry, inner) for name in names
    )
    return [text for text in found if text]
