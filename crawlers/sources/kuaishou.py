"""快手: what an operator saved from the web pages, or a partner exported.

In: one answer. Out: records of platform ``kuaishou``: videos (``post``), accounts (``profile``), comments (``comment``, whose
authors whoever writes them down hashes first). Which shape an answer is, its content tells: search and an account's
videos, account search, comments, and the older GraphQL calls for a profile, a search and one video. The calls are signed
and never made here. Shapes: platforms/kuaishou.md.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from crawlers.sources import answers, kuaishou_video, urls
from crawlers.sources.fields import Fields, refuse
from crawlers.sources.parsed import Ask, Parsed, Record, from_records

PLATFORM: Final = kuaishou_video.PLATFORM

_OK: Final = 1
_NO_MORE: Final = "no_more"
#: ``result`` of refused calls.
_REFUSALS: Final = {
    2: "rate_limited",
    50: "blocked",
    400002: "blocked",
}
#: ``feeds[].type`` of a video.
_VIDEO: Final = 1


def parse(
    body: bytes,
    *,
    url: str,
    http_status: int | None,
    fetched_at: datetime,
    ask: Ask | None = None,  # noqa: ARG001 (every source's parser has the same signature)
) -> Parsed:
    """Read one answer of any of the source's shapes.

    Args:
        body: The answer.
        url: Where it came from; a ``keyword`` in it becomes ``query``, a ``photoId`` the video that comments belong to,
            which the answer itself does not name.
        http_status: Null for a file.
        fetched_at: Becomes ``crawled_at``.
        ask: Not used.

    Returns:
        ``empty`` only where ``result`` is 1 and the cursor says that there is no more.
    """

    def read(top: Fields, unknown: set[str]) -> Parsed:
        return _read(top, unknown, url=url, fetched_at=fetched_at)

    return answers.parse(body, http_status=http_status, read=read)


def _read(top: Fields, unknown: set[str], *, url: str, fetched_at: datetime) -> Parsed:
    if top.has("errors"):
        first = next(iter(top.objects("errors")), None)
        said = first.get("message") if isinstance(first, dict) else None
        status = answers.refusal(str(said or ""), otherwise="blocked")
        return Parsed(status, reason=f"GraphQL errors: {answers.said(said)}")
    if not top.has("result") and isinstance(top.get("data"), dict):
        return _read_graph(top, unknown, url=url, fetched_at=fetched_at)
    refused = _refused(top)
    if refused:
        return refused
    if top.has("rootCommentsV2"):
        return _read_comments(top, unknown, url=url, fetched_at=fetched_at)
    if top.has("users"):

        def account(entry: Fields) -> Record:
            return kuaishou_video.profile(entry, fetched_at=fetched_at)

        return _read_list(top, unknown, name="users", read=account)
    return _read_feeds(top, unknown, url=url, fetched_at=fetched_at)


def _refused(top: Fields) -> Parsed | None:
    """What ``result`` says when it is not 1."""
    result, message = top.code("result"), top.text("error_msg")
    if result == _OK and not isinstance(result, bool):
        return None
    if result is None:
        refuse(top.path("result"), "expected a number, found none")
    known = _REFUSALS.get(result) if isinstance(result, int) else None
    status = known or answers.refusal(message, otherwise="error")
    return Parsed(status, reason=f"result {result!r:.20}: {answers.said(message)}")


def _read_graph(
    top: Fields, unknown: set[str], *, url: str, fetched_at: datetime
) -> Parsed:
    """An answer of the older GraphQL calls."""
    data = top.child("data")
    top.skip("extensions")
    top.close()
    if data.has("visionProfile"):
        outer = data.child("visionProfile")
        refused = _refused(outer)
        if refused:
            return refused
        if outer.get("userProfile") is None:
            return Parsed("blocked", reason="userProfile is null and nothing says why")
        record = kuaishou_video.graph_profile(
            outer.child("userProfile"), fetched_at=fetched_at
        )
        return from_records([record], [], unknown_fields=unknown)
    if data.has("visionSearchPhoto"):
        outer = data.child("visionSearchPhoto")
        return _refused(outer) or _read_feeds(
            outer, unknown, url=url, fetched_at=fetched_at
        )
    if not data.has("visionVideoDetail"):
        refuse("$.data", "expected one of the shapes of 快手, found none")
    entry = data.child("visionVideoDetail")
    if entry.get("photo") is None:
        return Parsed("blocked", reason="photo is null and nothing says why")
    found = kuaishou_video.video(entry, query=None, fetched_at=fetched_at)
    return from_records([found], [], unknown_fields=unknown)


# ---------------------------------------------------------------- lists


def _read_feeds(
    top: Fields, unknown: set[str], *, url: str, fetched_at: datetime
) -> Parsed:
    query = urls.parameter(url, "keyword")

    def video(entry: Fields) -> Record | None:
        if not entry.has("photo") and entry.get("type") not in (None, _VIDEO):
            return None  # a card: a live room, an advertisement's frame
        return kuaishou_video.video(entry, query=query, fetched_at=fetched_at)

    return _read_list(top, unknown, name="feeds", read=video)


def _read_list(
    top: Fields,
    unknown: set[str],
    *,
    name: str,
    read: Callable[[Fields], Record | None],
    cursor_name: str = "pcursor",
    counted: str | None = None,
) -> Parsed:
    """One list with its cursor.

    Args:
        top: The object that holds both.
        unknown: Collects unknown fields.
        name: The list's field.
        read: One entry to its record.
        cursor_name: The cursor's field.
        counted: The field that counts all entries, where the shape has one.
    """
    found = top.take(name)
    if not isinstance(found, list):
        refuse(top.path(name), f"expected a list, found {type(found).__name__}")
    cursor = top.text(cursor_name)
    total = top.count(counted) if counted else 0
    top.skip(
        "llsid", "webPageArea", "searchSessionId", "host-name", "hostName", "aladdinBanner", "pcursor", "result",
        "commentCount", "realCommentCount", "recoPcursor", "tabs", "type",
    )  # fmt: skip
    top.close()
    records, rejects, skipped = answers.entries(
        found, read, path=top.path(name), unknown=unknown
    )
    if records or rejects:
        return from_records(records, rejects, unknown_fields=unknown)
    named = frozenset(unknown)
    if skipped:
        return Parsed("ok", (), f"{skipped} cards and no post", (), named)
    if cursor == _NO_MORE and not total:
        return Parsed("empty", (), f"result 1 and {cursor_name} is no_more", (), named)
    reason = f"an empty list although {cursor_name} is {(cursor or 'missing')[:40]!r}"
    if total:
        reason = f"an empty list although {counted} is {total}"
    return Parsed("blocked", (), reason, (), named)


def _read_comments(
    top: Fields, unknown: set[str], *, url: str, fetched_at: datetime
) -> Parsed:
    photo = urls.parameter(url, "photoId")

    def comment(entry: Fields) -> Record:
        return kuaishou_video.comment(entry, photo=photo, fetched_at=fetched_at)

    return _read_list(
        top,
        unknown,
        name="rootCommentsV2",
        read=comment,
        cursor_name="pcursorV2",
        counted="commentCountV2",
    )
