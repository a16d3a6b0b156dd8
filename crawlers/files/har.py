"""HAR files: what a browser's network panel saved, one answer after another (HTTP Archive 1.2).

The bytes of a HAR go in; the answers that may be a source's come out, their bodies decoded, and how many others there
were. Invariants: what the browser sent (headers, cookies, posted data) leaves this module only as secrets to be removed
from bodies; what cannot be read of an entry costs that entry.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

import orjson

from crawlers.archive import redaction
from crawlers.sources import urls

#: Hosts that a source's answers come from, with all their sub-domains. Any host may serve a source that is not named.
HOSTS: Final[Mapping[str, tuple[str, ...]]] = {
    "36kr": ("36kr.com",),
    "1688": ("1688.com",),
    "bilibili": ("bilibili.com",),
    "douyin": ("douyin.com", "iesdouyin.com"),
    "heimao": ("tousu.sina.com.cn", "tousu.sina.cn"),
    "jd": ("jd.com", "jd.hk"),
    "kuaishou": ("kuaishou.com", "gifshow.com", "chenzhongtech.com"),
    "sogou_weixin": ("weixin.sogou.com",),
    "taobao": ("taobao.com", "tmall.com"),
    "tieba": ("tieba.baidu.com",),
    "wechat_channels": ("channels.weixin.qq.com", "weixin.qq.com", "localhost", "127.0.0.1"),
    "wechat_mp": ("mp.weixin.qq.com",),
    "weibo": ("weibo.com", "weibo.cn"),
    "xianyu": ("goofish.com", "taobao.com"),
    "xiaohongshu": ("xiaohongshu.com", "rednote.com"),
    "zhihu": ("zhihu.com",),
}  # fmt: skip
#: Things on every page that are no answers.
_ASSETS: Final = (".js", ".mjs", ".css", ".map", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg", ".ico", ".woff", ".woff2", ".ttf", ".mp4", ".m4s", ".ts", ".m3u8", ".wasm")  # fmt: skip
#: Characters of base64; smaller ones are icons.
LEAST_PICTURE: Final = 2_000
_KINDS: Final = ("json", "html", "xml", "text/plain", "javascript", "octet-stream")


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer of a HAR.

    Attributes:
        position: Of the entry in the file, from 1.
        url: As the browser asked, secrets and all.
        body: Decoded; null when it was not saved or cannot be decoded, then ``reason`` says so.
        http_status: As answered.
        headers: Of the answer.
        started_at: When it was asked, UTC; null when the file does not say.
        reason: Why there is no body.
    """

    position: int
    url: str
    body: bytes | None
    http_status: int | None
    headers: tuple[tuple[str, str], ...]
    started_at: datetime | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Har:
    """A HAR file.

    Attributes:
        entries: Answers that may be the source's.
        other_count: Entries of other hosts or kinds, which were left out.
        pictures: Pictures of any host that were saved with their bytes.
        secrets: What the browser sent that must stand in no archive.
    """

    entries: tuple[Entry, ...]
    other_count: int
    pictures: tuple[Entry, ...] = ()
    secrets: frozenset[bytes] = field(default=frozenset(), repr=False)


def is_har(head: bytes) -> bool:
    """Whether these first bytes may begin a HAR."""
    start = head[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"{") and b'"log"' in start[:400]


def read(content: bytes, *, source: str, entry_bytes: int) -> Har | None:
    """Read a HAR; null when the content is none.

    Args:
        content: The file.
        source: Whose answers are wanted.
        entry_bytes: Larger bodies are not taken.
    """
    try:
        log = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))["log"]
        listed = log["entries"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    if not isinstance(listed, list):
        return None
    found: list[Entry] = []
    pictures: list[Entry] = []
    secrets: set[bytes] = set()
    for position, value in enumerate(listed, 1):
        entry = value if isinstance(value, dict) else {}
        request, response = _object(entry, "request"), _object(entry, "response")
        address = str(request.get("url") or "")
        sent = [*_pairs(request, "headers"), *(("cookie", f"{name}={value}") for name, value in (*_pairs(request, "cookies"), *_pairs(response, "cookies")))]  # fmt: skip
        received = list(_pairs(response, "headers"))
        secrets |= redaction.secrets(address, [*sent, *received])
        is_answer = _may_be(source, address, response)
        if is_answer or _is_picture(response):
            (found if is_answer else pictures).append(
                _entry(entry, response, position=position, address=address, headers=tuple(received), entry_bytes=entry_bytes)
            )  # fmt: skip
    others = len(listed) - len(found)
    return Har(tuple(found), others, tuple(pictures), frozenset(secrets))


def is_host_of(source: str, address: str) -> bool:
    """Whether an address belongs to a source."""
    host = urls.host(address)
    named = HOSTS.get(source)
    if host is None or named is None:
        return host is not None
    return any(host == name or host.endswith(f".{name}") for name in named)


def _may_be(source: str, address: str, response: Mapping[str, Any]) -> bool:
    try:
        path = urlsplit(address).path.lower()
    except ValueError:
        return False
    kind = str(_object(response, "content").get("mimeType") or "").lower()
    if not is_host_of(source, address) or path.endswith(_ASSETS):
        return False
    if source == "landing":
        return "html" in kind
    return not kind or any(word in kind for word in _KINDS)


def _is_picture(response: Mapping[str, Any]) -> bool:
    content = _object(response, "content")
    kind = str(content.get("mimeType") or "").lower()
    text = content.get("text")
    return kind.startswith("image/") and isinstance(text, str) and len(text) > LEAST_PICTURE  # fmt: skip


def _entry(
    entry: Mapping[str, Any],
    response: Mapping[str, Any],
    *,
    position: int,
    address: str,
    headers: tuple[tuple[str, str], ...],
    entry_bytes: int,
) -> Entry:
    content = _object(response, "content")
    text, reason = content.get("text"), None
    body: bytes | None = None
    if not isinstance(text, str):
        reason = "the browser did not save the answer's body"
    elif len(text) > entry_bytes * 2:
        reason = f"the answer is larger than {entry_bytes >> 20} MiB"
    elif content.get("encoding") == "base64":
        try:
            body = base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError):
            reason = "the answer's base64 is broken"
    else:
        body = text.encode(errors="replace")
    if body is not None and len(body) > entry_bytes:
        body, reason = None, f"the answer is larger than {entry_bytes >> 20} MiB"
    status = response.get("status")
    is_status = isinstance(status, int) and not isinstance(status, bool) and 100 <= status <= 599  # fmt: skip
    return Entry(
        position, address, body, status if is_status else None, headers, _moment(entry.get("startedDateTime")), reason
    )  # fmt: skip


def _object(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _pairs(value: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    listed = value.get(name)
    for pair in listed if isinstance(listed, list) else ():
        if isinstance(pair, dict) and isinstance(pair.get("name"), str) and isinstance(pair.get("value"), str):  # fmt: skip
            yield pair["name"], pair["value"]


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None or not 2000 <= moment.year <= 2100:
        return None
    return moment.astimezone(UTC)
