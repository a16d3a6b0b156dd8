"""What the sandbox's operators drop: the answers of platforms that no unattended job may ask, saved by people.

In: import records of the platforms with such a shape, a folder, a moment. Out: at most one file per source and moment,
``<folder>/<source>/<moment>.<kind>``, with what came since the file before it: 抖音's web answers and 淘宝's in a zip, 快手's
as a browser's HAR, 视频号's in a zip with a download tool's table, 京东's in a zip with reviews in GBK. Invariants: what the
live search finds is not dropped; the same records, moment and folder give the same bytes; nothing is written over.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from crawlers.records import times
from crawlers.sandbox.platforms import goods, videos

Records = Sequence[Mapping[str, Any]]
#: Name, address and content of one saved answer.
Page = tuple[str, str, bytes]

_STAMP: Final = "%Y%m%dT%H%M%S%fZ"
#: What people search for.
_QUERY: Final = "数字人"
_PAGE: Final = 20
#: A drop has no time of its own inside: the same records give the same bytes.
_ZIP_TIME: Final = (2026, 1, 1, 0, 0, 0)


def write(
    folder: Path,
    records: Records,
    *,
    as_of: datetime,
    states: Mapping[str, str],
    walls: Mapping[str, bytes],
) -> dict[str, Path]:
    """Write what people saved since they last did.

    Args:
        folder: Holds a folder per source.
        records: The latest version of each post as of then, of all sources.
        as_of: Until when.
        states: Source to state; ``silent_empty``, ``drifted`` and those of ``walls`` are what people then saved.
        walls: State to the page that stands in place of everything.

    Returns:
        Each source's folder, whether or not anything new is in it.
    """
    found = {}
    for source, exported in _EXPORTS.items():
        directory = folder / source
        directory.mkdir(parents=True, exist_ok=True)
        found[source] = directory
        stamp = as_of.astimezone(UTC).strftime(_STAMP)
        earlier = sorted(path.name.partition(".")[0] for path in directory.iterdir())
        if earlier and earlier[-1] >= stamp:
            continue
        since = datetime.strptime(earlier[-1], _STAMP).replace(tzinfo=UTC) if earlier else None  # fmt: skip
        fresh = [
            record
            for record in records
            if record["platform"] == source
            and times.utc(record["crawled_at"]) <= as_of
            and (since is None or times.utc(record["crawled_at"]) > since)
        ]
        state = states.get(source, "ok")
        pages = _badly(exported(fresh), source=source, state=state, walls=walls)
        if pages:
            kind, content = _har(pages, as_of) if source == "kuaishou" else _zip(pages)
            (directory / f"{stamp}.{kind}").write_bytes(content)
    return found


def _badly(pages: Iterator[Page], *, source: str, state: str, walls: Mapping[str, bytes]) -> list[Page]:  # fmt: skip
    """What was saved in a state: all pages, or what stood in their place."""
    if state in walls:
        return [("page.html", f"https://www.{source}.com/", walls[state])]
    if state == "silent_empty":
        return [(name, url, _without_entries(body)) for name, url, body in pages]
    if state == "drifted":
        return [(name, url, _renamed(body)) for name, url, body in pages]
    return list(pages)


def _without_entries(body: bytes) -> bytes:
    """The answer with nothing in its lists, although it counts entries or says that more follow."""
    return _changed(body, lambda _: [], {"has_more": 1, "pcursor": "1", "continueFlag": 1, "commentCountV2": 9, "total": 9, "resultCount": 9, "commentCount": 9})  # fmt: skip


def _renamed(body: bytes) -> bytes:
    """The same entries with other names for everything in them."""

    def other(entries: list[Any]) -> list[Any]:
        return [{f"{name}_v9": part for name, part in entry.items()} if isinstance(entry, dict) else entry for entry in entries]  # fmt: skip

    return _changed(body, other, {})


_LISTS: Final = frozenset({"data", "comments", "feeds", "users", "rootCommentsV2", "objectList", "itemsArray", "wareList"})  # fmt: skip


def _changed(body: bytes, change: Callable[[list[Any]], list[Any]], others: Mapping[str, Any]) -> bytes:  # fmt: skip
    """An answer with its lists of entries changed, wherever they stand, and these other values in place of its own."""

    def walk(value: Any) -> Any:  # noqa: ANN401 (JSON has no narrower type)
        if not isinstance(value, dict):
            return value
        return {
            name: change(part) if name in _LISTS and isinstance(part, list) else others[name] if name in others else walk(part)
            for name, part in value.items()
        }  # fmt: skip

    text = body.decode("gb18030") if body.startswith(b"fetchJSON") else body.decode()
    start, end = text.find("{"), text.rfind("}") + 1
    if start < 0:
        # A table has a header; without rows it has nothing else, and other names make it another table.
        first, _, rest = text.partition("\n")
        return first.encode() if "has_more" in others else f"v9{first.replace(',', ',v9')}\n{rest}".encode()  # fmt: skip
    changed = json.dumps(walk(json.loads(text[start:end])), ensure_ascii=False)
    return (text[:start] + changed + text[end:]).encode()


# ---------------------------------------------------------------- by source


def _pages(records: Records, name: str, url: str, written: Callable[..., Any]) -> Iterator[Page]:  # fmt: skip
    groups = _batched(records)
    for place, group in enumerate(groups, 1):
        answer = written(group, has_more=place < len(groups))
        yield f"{name}-{place}.json", url, json.dumps(answer, ensure_ascii=False).encode()  # fmt: skip


def _batched(records: Records) -> list[Records]:
    return [records[place : place + _PAGE] for place in range(0, len(records), _PAGE)]


def _by_parent(records: Records) -> list[tuple[str, Records]]:
    """Comments by the post that they stand under."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        if record["kind"] == "comment":
            found.setdefault(str(record["parent_id"]), []).append(record)
    return sorted(found.items())


def _said(records: Records) -> Records:
    return [record for record in records if record["kind"] != "comment"]


def _douyin(records: Records) -> Iterator[Page]:
    """Search pages, the first as the stream of frames that the browser gets; comments."""
    url = f"https://www.douyin.com/aweme/v1/web/general/search/single/?{urlencode({'keyword': _QUERY})}"
    for place, page in enumerate(_pages(_said(records), "search", url, videos.douyin_search)):  # fmt: skip
        name, address, body = page
        yield (name, address, body) if place else (name, address, _framed(body))
    for parent, group in _by_parent(records):
        body = json.dumps(videos.douyin_comments(group), ensure_ascii=False).encode()
        yield f"comments-{parent}.json", f"https://www.douyin.com/aweme/v1/web/comment/list/?aweme_id={parent}", body  # fmt: skip


def _framed(body: bytes) -> bytes:
    """A chunked stream as saved: the frame's length in hex, then the frame."""
    return f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n"


def _kuaishou(records: Records) -> Iterator[Page]:
    """Search pages, the accounts on them, comments."""
    posts = _said(records)
    base = "https://www.kuaishou.com/rest/v"
    yield from _pages(posts, "search", f"{base}/search/feed?{urlencode({'keyword': _QUERY})}", videos.kuaishou_search)  # fmt: skip
    if posts:
        body = json.dumps(videos.kuaishou_accounts(posts), ensure_ascii=False).encode()
        yield "accounts.json", f"{base}/search/user", body
    for parent, group in _by_parent(records):
        body = json.dumps(videos.kuaishou_comments(group), ensure_ascii=False).encode()
        yield f"comments-{parent}.json", f"{base}/photo/comment/list?photoId={parent}", body  # fmt: skip


def _channels(records: Records) -> Iterator[Page]:
    """Search pages of the operator's client; every fifth post only in a download tool's table."""
    posts = _said(records)
    tabled = posts[4::5]
    searched = [record for record in posts if record not in tabled]
    for place, group in enumerate(_batched(searched), 1):
        body = json.dumps(videos.channels_search(group), ensure_ascii=False).encode()
        yield f"search-{place}.json", "http://127.0.0.1/api/channels/feed/search", body
    if tabled:
        yield "downloads.csv", "http://127.0.0.1/", videos.channels_table(tabled)


def _taobao(records: Records) -> Iterator[Page]:
    """Search pages of mtop as JSONP."""
    url = f"https://h5api.m.taobao.com/h5/mtop.relationrecommend.wirelessrecommend.recommend/2.0/?{urlencode({'q': _QUERY})}"
    for name, address, body in _pages(records, "search", url, goods.mtop_search):
        yield name, address, b" mtopjsonp1(" + body + b")"


def _jd(records: Records) -> Iterator[Page]:
    """Search pages and, for what they list, a page of reviews each."""
    for place, group in enumerate(_batched(records), 1):
        body = json.dumps(goods.ware_search(group), ensure_ascii=False).encode()
        yield f"search-{place}.json", "https://api.m.jd.com/?functionId=pc_search_searchWare", body  # fmt: skip
    for record in records:
        url = f"https://club.jd.com/comment/productPageComments.action?productId={record['post_id']}&page=0"
        yield f"reviews-{record['post_id']}.txt", url, goods.reviews(record)


_EXPORTS: Final[Mapping[str, Callable[[Records], Iterator[Page]]]] = {
    "douyin": _douyin,
    "kuaishou": _kuaishou,
    "wechat_channels": _channels,
    "taobao": _taobao,
    "jd": _jd,
}
#: Sources that people drop answers of.
SOURCES: Final = tuple(_EXPORTS)


# ---------------------------------------------------------------- how it was saved


def _zip(pages: Sequence[Page]) -> tuple[str, bytes]:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, _, body in pages:
            opened.writestr(zipfile.ZipInfo(name, _ZIP_TIME), body, zipfile.ZIP_DEFLATED)  # fmt: skip
    return "zip", content.getvalue()


def _har(pages: Sequence[Page], as_of: datetime) -> tuple[str, bytes]:
    """A browser's network log: cookies and all, of which nothing may be kept."""
    entries = [
        {
            "startedDateTime": as_of.isoformat(),
            "request": {"method": "GET", "url": url, "headers": [{"name": "Cookie", "value": "did=sandbox-cookie"}]},
            "response": {
                "status": 200,
                "headers": [{"name": "Content-Type", "value": "application/json; charset=utf-8"}],
                "content": {"mimeType": "text/html" if name.endswith("html") else "application/json", "text": body.decode()},
            },
        }
        for name, url, body in pages
    ]  # fmt: skip
    har = {"log": {"version": "1.2", "creator": {"name": "sandbox", "version": "1"}, "entries": entries}}  # fmt: skip
    return "har", json.dumps(har, ensure_ascii=False).encode()
