"""视频号: what an operator's own tools exported, as JSON, as a table, or as the preview behind a shared link.

In: one answer or file. Out: records of platform ``wechat_channels``: videos and pictures (``post``), live rooms (``live``)
and accounts (``profile``). Table and preview name accounts but give no id for them, so each of their posts has a seller of
its own (CONTRACT §3). Nonces, keys and stream addresses are never kept. Nothing here is ever asked for: there is no public
route. Shapes: platforms/wechat_channels.md; the table's are in ``crawlers.sources.wechat_channels_table``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from crawlers.sources import (
    answers,
    blocks,
    captions,
    pages,
    urls,
    wechat_channels_post,
    wechat_channels_table,
)
from crawlers.sources.fields import Fields, refuse
from crawlers.sources.parsed import Ask, Parsed, Record, from_records

PLATFORM: Final = wechat_channels_post.PLATFORM


def parse(
    body: bytes,
    *,
    url: str,
    http_status: int | None,
    fetched_at: datetime,
    ask: Ask | None = None,  # noqa: ARG001 (every source's parser has the same signature)
) -> Parsed:
    """Read one answer or file of any of the source's shapes.

    Args:
        body: The answer.
        url: Where it came from; a shared link's id in it becomes the previewed post's id.
        http_status: Null for a file.
        fetched_at: Becomes ``crawled_at``, unless the table says when a row was taken.
        ask: Not used.

    Returns:
        ``empty`` only where the client answered, refused nothing and says that nothing follows.
    """

    def read(top: Fields, unknown: set[str]) -> Parsed:
        data = top.get("data")
        # In the tool's envelope ``errMsg`` is a text, in a preview an object.
        if isinstance(data, dict) and (
            "feedInfo" in data or isinstance(data.get("errMsg"), dict)
        ):
            return _read_preview(top, unknown, url=url, fetched_at=fetched_at)
        return _read_tool(top, unknown, url=url, fetched_at=fetched_at)

    start = body[:8].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if start not in (b"{", b"[", b"<", b"") and not pages.http_refusal(http_status):
        table = wechat_channels_table.parse(body, fetched_at=fetched_at)
        if table:
            return table
    return answers.parse(body, http_status=http_status, read=read)


# ---------------------------------------------------------------- the local tool


def _read_tool(
    top: Fields, unknown: set[str], *, url: str, fetched_at: datetime
) -> Parsed:
    """Feed search, an account's feed, one post, contact search: one envelope in an envelope."""
    refused = _refused(top.code("code"), top.text("message"), name="code")
    if refused:
        return refused
    outer = top.child("data")
    refused = _refused(outer.code("errCode"), outer.text("errMsg"), name="errCode")
    if refused:
        return refused
    inner = outer.child("data")
    base = inner.part("BaseResponse")
    said = base.part("ErrMsg").text("String")
    ret = base.code("Ret")
    # Calls for one post have been seen without the block; only emptiness needs its word.
    refused = None if ret is None else _refused(ret, said, name="BaseResponse.Ret")
    if refused:
        return refused
    lists = [name for name in ("objectList", "object", "infoList") if inner.has(name)]
    if not lists:
        refuse(
            inner.path("objectList"), "expected a list of posts or accounts, found none"
        )
    further = inner.code("continueFlag")
    query = urls.parameter(url, "keyword")

    def read(entry: Fields) -> Record | None:
        if entry.has("objectDesc") or not entry.has("contact"):
            return wechat_channels_post.post(entry, query=query, fetched_at=fetched_at)
        return wechat_channels_post.account(entry, fetched_at=fetched_at)

    records, rejects = [], []
    for name in lists:
        found = inner.objects(name)
        some, bad, _ = answers.entries(
            found, read, path=inner.path(name), unknown=unknown
        )
        records += some
        rejects += bad
    inner.skip("lastBuff", "lastBuffer", "feedsCount", "totalCount", "contact", "usualTopics", "requestId", "totalInfo")  # fmt: skip
    for part in (base, inner, outer, top):
        part.close()
    if records or rejects:
        return from_records(records, rejects, unknown_fields=unknown)
    named = frozenset(unknown)
    if ret is not None and further in (0, "0"):  # false is 0 as well
        return Parsed("empty", (), "Ret 0, an empty list, nothing further", (), named)
    reason = f"an empty list with Ret {ret!r:.20} and continueFlag {further!r:.20}"
    return Parsed("blocked", (), reason, (), named)


def _refused(code: object, message: str | None, *, name: str) -> Parsed | None:
    """What a code other than 0 means: the client is not there, or refused."""
    if code in (0, "0") and not isinstance(code, bool):
        return None
    if code is None:
        refuse(f"$..{name}", "expected a number, found none")
    status = answers.refusal(message, otherwise="blocked")
    return Parsed(status, reason=f"{name} {code!r:.20}: {answers.said(message)}")


# ---------------------------------------------------------------- a shared link's preview


def _read_preview(
    top: Fields, unknown: set[str], *, url: str, fetched_at: datetime
) -> Parsed:
    """What the page behind a shared link shows; counts are as shown."""
    code, message = top.code("errCode"), top.text("errMsg")
    data = top.child("data")
    refused = _refused(0 if code is None else code, message, name="errCode")
    kind = data.part("errMsg").code("type")
    refused = refused or _refused(0 if kind is None else kind, None, name="errMsg.type")
    if refused:
        return refused
    feed, author, scene = (
        data.child("feedInfo"),
        data.part("authorInfo"),
        data.part("sceneInfo"),
    )
    shared = wechat_channels_post.shared_id(url)
    number = f"sph/{shared}" if shared else scene.needed_identity("dynamicExportId")
    if not isinstance(feed.get("description"), str):
        refuse(feed.path("description"), "expected text, found none")
    text = captions.plain(feed.take("description")) or ""
    published_at, precision = feed.moment("createtime")
    medium = feed.code("mediaType")
    pictures = [
        ("image", picture.get("url") if isinstance(picture, dict) else picture)
        for picture in feed.objects("picInfo")
    ]
    record: Record = {
        "platform": PLATFORM,
        "kind": "live" if medium == wechat_channels_post.LIVE else "post",
        "post_id": number,
        "url": wechat_channels_post.shared_link(url),
        "transport": "web",
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": None,
        "text": text,
        "author": {
            "id": f"post/{number}",
            "id_kind": "anonymous",
            "name": captions.plain(author.text("nickname")),
        },
        "hashtags": captions.hashtags(text),
        "media": blocks.media([*pictures, ("cover", feed.take("coverUrl"))]),
        "metrics": {
            "likes": feed.count("likeCountFmt"),
            "comments": feed.count("commentCountFmt"),
            "shares": feed.count("forwardCountFmt"),
            "collects": feed.count("favCountFmt"),
        },
    }
    feed.skip("videoUrl", "isHardAd", "h264VideoInfo", "h265VideoInfo")
    author.skip("headImgUrl", "authIconUrl")
    scene.skip("dynamicExportId")
    for part in (feed, author, scene, data, top):
        part.close()
    return from_records([record], [], unknown_fields=unknown)
