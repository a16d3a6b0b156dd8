"""抖音's official search and its token: an answer to records of kind ``post``, and what asks for the next page.

In: one object being consumed. Out: ``Parsed``. The official search names authors but gives no id for them, so every post
has a seller of its own (CONTRACT §3). The token itself is never kept; that one came is all that is said. Making requests
and keys are no business of this module. Shapes: platforms/douyin.md A.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from crawlers.sources import answers, blocks, captions, urls
from crawlers.sources.fields import Fields, refuse
from crawlers.sources.parsed import Ask, Parsed, Record, from_records

PLATFORM: Final = "douyin"
SEARCH_PATH: Final = "/dy_open_api/v2/search/video/"
#: The access token is invalid or has expired; a new one helps, once.
TOKEN_ERRORS: Final = frozenset({28001003, 28001008})
#: The service's own trouble; the same request may succeed later.
_SERVER_ERRORS: Final = frozenset({28001005, 28001006})

_SHARED = re.compile(r"/(video|note)/(\d{6,24})(?!\d)")


def is_token(top: Fields) -> bool:
    """Whether an answer is that of the token call."""
    data = top.get("data")
    return isinstance(data, dict) and (
        "access_token" in data or {"error_code", "description"} <= set(data)
    )


def read_token(top: Fields, unknown: set[str]) -> Parsed:
    """The token call: ``ok`` without records, or ``not_authorised`` with what was said."""
    data = top.child("data")
    code, seconds = data.code("error_code"), data.count("expires_in")
    has_token = data.text("access_token") is not None
    said = data.text("description") or top.text("message")
    top.skip("message", "extra")
    data.skip("captcha", "desc_url", "log_id")
    data.close()
    top.close()
    named = frozenset(unknown)
    if code not in (0, None) or not has_token:
        reason = f"no token: error_code {code!r:.20}: {answers.said(said)}"
        return Parsed("not_authorised", (), reason, (), named)
    return Parsed("ok", (), f"a client token for {seconds} s, not kept", (), named)


def read_search(
    top: Fields, unknown: set[str], *, url: str, fetched_at: datetime
) -> Parsed:
    """The search call; the list stands one or two levels deep, writers of clients disagree."""
    refused = _refused(top.code("err_no"), top.text("err_msg"))
    top.skip("log_id", "extra")
    outer = top.part("data")
    refused = refused or _refused(
        outer.code("error_code") or 0, outer.text("description")
    )
    if refused:
        return refused
    inner = outer.child("data") if isinstance(outer.get("data"), dict) else outer
    found = inner.take("video_list")
    if not isinstance(found, list):
        refuse(
            inner.path("video_list"), f"expected a list, found {type(found).__name__}"
        )
    has_more = inner.code("has_more")
    cursor, search_id = inner.identity("cursor"), inner.identity("search_id")
    inner.skip("total")
    for part in {id(inner): inner, id(outer): outer, id(top): top}.values():
        part.close()
    query = urls.parameter(url, "keyword")

    def read(entry: Fields) -> Record:
        return _video(entry, query=query, fetched_at=fetched_at)

    records, rejects, _ = answers.entries(
        found, read, path=inner.path("video_list"), unknown=unknown
    )
    if records or rejects:
        following = _next_page(url, cursor=cursor, search_id=search_id)
        asks = [Ask(following, is_page=True)] if has_more and following else []
        return from_records(records, rejects, unknown_fields=unknown, asks=asks)
    named = frozenset(unknown)
    if has_more in (0, "0"):  # false is 0 as well
        return Parsed(
            "empty", (), "err_no 0, an empty list, nothing further", (), named
        )
    return Parsed(
        "blocked", (), f"an empty list although has_more is {has_more!r:.20}", (), named
    )


def _refused(code: object, message: str | None) -> Parsed | None:
    """What an error number other than 0 means; a missing one means nothing yet."""
    if code == 0 and not isinstance(code, bool):
        return None
    reason = f"error {code!r:.20}: {answers.said(message)}"
    number = code if isinstance(code, int) else None
    if number in TOKEN_ERRORS:
        return Parsed("blocked", reason=f"access token refused, {reason}")
    if number in _SERVER_ERRORS:
        return Parsed("error", reason=f"the service failed, {reason}")
    if re.search(r"scope|权限|未授权|permission", message or "", re.IGNORECASE):
        return Parsed("blocked", reason=f"permission missing, {reason}")
    return Parsed(answers.refusal(message, otherwise="error"), reason=reason)


def _video(entry: Fields, *, query: str | None, fetched_at: datetime) -> Record:
    number = entry.needed_identity("item_id")
    if not isinstance(entry.get("title"), str):
        refuse(entry.path("title"), "expected text, found none")
    text = captions.plain(entry.take("title")) or ""
    longer = captions.plain(entry.text("high_quality_text"))
    published_at, precision = entry.moment("create_time")
    counted = entry.part("statistics")
    record: Record = {
        "platform": PLATFORM,
        "kind": "post",
        "post_id": number,
        "url": _permalink(entry.text("link")),
        "transport": "api",
        "query": query,
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": text if longer and longer != text else None,
        "text": longer or text,
        "author": {
            "id": f"video/{number}",
            "id_kind": "anonymous",
            "name": captions.plain(entry.text("nickname")),
        },
        "hashtags": captions.hashtags(f"{text}\n{longer or ''}"),
        "media": blocks.media([("cover", entry.take("cover"))]),
        "metrics": {
            "views": counted.count("play_count") or None,
            "likes": counted.count("digg_count"),
            "comments": counted.count("comment_count"),
            "shares": counted.count("share_count"),
        },
    }
    counted.skip("download_count", "forward_count")
    counted.close()
    entry.skip("avatar", "duration", "is_top", "media_type", "video_status")
    entry.close()
    return record


def _permalink(link: str | None) -> str | None:
    """The video's own address where a share link names it, else that link without what rides on it."""
    shared = _SHARED.search(link or "")
    if shared:
        return f"https://www.douyin.com/{shared[1]}/{shared[2]}"
    return urls.unsigned(link)


def _next_page(url: str, *, cursor: str | None, search_id: str | None) -> str | None:
    """The same search further on; null for answers that no request brought."""
    try:
        parts = urlsplit(url)
        pairs: list[tuple[str, Any]] = parse_qsl(parts.query)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or parts.path != SEARCH_PATH or not cursor:
        return None
    query = dict(pairs) | {"cursor": cursor}
    if search_id:
        query["search_id"] = search_id
    return urlunsplit(parts._replace(query=urlencode(query)))
