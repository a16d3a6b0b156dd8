"""视频号 as a table: the CSV that download tools write, one row per post.

In: the file. Out: records of kind ``post``. Which column is which, its header tells by a table of the names in use; the
order does not matter. The table names accounts but gives no id, so every post has a seller of its own.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from crawlers.sources import (
    answers,
    blocks,
    captions,
    pages,
    stamps,
    urls,
    wechat_channels_post,
)
from crawlers.sources.fields import Fields, refuse
from crawlers.sources.parsed import Parsed, Record, from_records

PLATFORM: Final = wechat_channels_post.PLATFORM

#: What a column is, by the names that tools give it (compared without spaces, in lower case).
HEADERS: Final = {
    "id": ("id", "视频id", "作品id", "编号", "objectid"),
    "title": ("标题", "视频标题", "描述", "文案", "title", "description"),
    "name": ("作者", "昵称", "作者昵称", "视频号", "nickname", "author"),
    "author_type": ("作者类型", "账号类型", "authortype"),
    "organisation": ("认证主体", "认证信息", "官方名称", "officialname"),
    "file": ("链接", "视频链接", "下载链接", "url"),
    "page": ("页面链接", "分享链接", "原始链接", "pageurl", "sourceurl"),
    "views": ("播放量", "播放", "播放数", "阅读量", "playcount", "readcount"),
    "likes": ("点赞", "点赞数", "点赞量", "likecount"),
    "comments": ("评论", "评论数", "评论量", "commentcount"),
    "collects": ("收藏", "收藏数", "收藏量", "推荐", "favcount"),
    "shares": ("转发", "转发数", "转发量", "分享", "forwardcount"),
    "published_at": ("发布时间", "创建时间", "createtime", "publishtime"),
    "region": ("ip属地", "属地", "ipregion"),
    "crawled_at": ("下载时间", "采集时间", "抓取时间", "downloadtime"),
    "query": ("搜索关键词", "关键词", "搜索词", "searchkeyword", "keyword"),
    "unused": ("文件大小", "大小", "时长", "视频时长", "页面来源", "来源", "封面", "filesize", "duration", "pagesource"),
}  # fmt: skip

_COLUMNS: Final = {name: column for column, names in HEADERS.items() for name in names}
#: Without these a table is another table.
_NEEDED: Final = frozenset({"id", "title"})
_DELIMITERS: Final = (",", "\t", ";")
#: What tools put before an id so that spreadsheets leave its digits alone.
_GUARD: Final = "ID_"
#: Longer cells are no captions; the limit of the library is raised to it for good, in one place.
csv.field_size_limit(1_000_000)


def parse(body: bytes, *, fetched_at: datetime) -> Parsed | None:
    """Read a table.

    Args:
        body: UTF-8 with or without byte order mark, UTF-16 with one, or GB 18030.
        fetched_at: ``crawled_at`` of rows that do not say when they were taken; never later than this.

    Returns:
        Null where the first line is not a header of this table. A header without rows proves nothing.
    """
    text = pages.decode(body)
    first = text.lstrip().partition("\n")[0]
    best = max(_DELIMITERS, key=lambda mark: len(_known(_header(first, mark))))
    columns = _known(_header(first, best))
    if not set(columns.values()) >= _NEEDED:
        return None
    unknown = {
        f"column {cell.strip()[:60]}"
        for cell in _header(first, best)
        if cell.strip() and cell not in columns
    }
    try:
        rows = list(_rows(text, best, columns))
    except csv.Error as error:
        return Parsed("schema_drift", reason=f"unreadable as CSV: {error!s:.80}")
    records, rejects, _ = answers.entries(
        rows, lambda row: _post(row, fetched_at=fetched_at), path="row", unknown=unknown
    )
    if records or rejects:
        return from_records(records, rejects, unknown_fields=unknown)
    return Parsed("error", reason="a header without rows proves nothing")


def _header(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line.strip()], delimiter=mark), [])
    except csv.Error:
        return []


def _known(header: list[str]) -> dict[str, str]:
    """Header cell to column, for the cells that are known."""
    plain = {cell: "".join(cell.split()).replace("_", "").lower() for cell in header}
    return {cell: _COLUMNS[name] for cell, name in plain.items() if name in _COLUMNS}


def _rows(text: str, mark: str, columns: dict[str, str]) -> Iterator[dict[str, str]]:
    """Column to cell of each row; the first of two equal columns wins, blank rows are none."""
    for row in csv.DictReader(io.StringIO(text.lstrip(), newline=""), delimiter=mark):
        found: dict[str, str] = {}
        for cell, column in columns.items():
            value = row.get(cell)
            if value and value.strip():
                found.setdefault(column, value.strip().removeprefix(_GUARD))
        if None in row.values():
            found["cut"] = "fewer cells than the header"
        if found:
            yield found


def _post(row: Fields, *, fetched_at: datetime) -> Record:
    """A row; needs an id and a title column, whose cell may be blank, and to be whole."""
    cut = row.text("cut")
    if cut:
        refuse(row.path("cells"), cut)
    number = row.needed_identity("id")
    text = captions.plain(row.text("title")) or ""
    name, organisation = captions.plain(row.text("name")), row.text("organisation")
    kind, raw = blocks.verified(organisation) if organisation else (None, None)
    page = row.text("page")
    published_at, precision = row.moment("published_at")
    crawled_at = _taken(row.text("crawled_at"), fetched_at)
    return {
        "platform": PLATFORM,
        "kind": "post",
        "post_id": number,
        "url": wechat_channels_post.shared_link(page) or urls.unsigned(page),
        "transport": "export",
        "query": row.text("query"),
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": crawled_at,
        "title": None,
        "text": text,
        "author": {
            "id": f"post/{number}",
            "id_kind": "anonymous",
            "name": name,
            "verified": kind,
            "verified_raw": raw,
            "region": row.text("region"),
        },
        "hashtags": captions.hashtags(text),
        "media": blocks.media([("video", row.take("file"))]),
        "metrics": {
            # Tools write 0 where the client shows none.
            "views": row.count("views") or None,
            "likes": row.count("likes"),
            "comments": row.count("comments"),
            "shares": row.count("shares"),
            "collects": row.count("collects"),
        },
        "identifiers": blocks.company_identifiers(
            raw if kind == "business" else None, field="author.official_name"
        ),
    }


def _taken(stamp: str | None, fetched_at: datetime) -> str:
    """When the operator's tool took the row, by its local clock."""
    said, _ = stamps.read(stamp)
    if said is None or datetime.fromisoformat(said) > fetched_at.astimezone(UTC):
        return fetched_at.isoformat()
    return said
