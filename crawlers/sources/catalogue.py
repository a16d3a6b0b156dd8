"""The sources by name: who parses an answer, where a crawl starts, what its authors are.

A source without starts is crawled only where a job says so, or never: its answers come as dropped files. A source is one
entry here and one module with a ``parse``; the spider, the job file and the sandbox need nothing else.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crawlers.sources import (
    authorised,
    douyin,
    feeds,
    heimao,
    jd,
    kr36,
    kuaishou,
    landing,
    taobao,
    wechat_channels,
    wechat_mp,
)
from crawlers.sources.parsed import Parsed


@dataclass(frozen=True, slots=True)
class Source:
    """One source.

    Attributes:
        name: Platform slug of CONTRACT §3; also the name in ``fetches`` and ``sources``.
        parse: ``(body, *, url, http_status, fetched_at, ask) -> Parsed``.
        starts: Where a crawl begins when the job names nothing.
        is_general: Its lists hold everything, so the job's keywords choose what is kept.
        is_private: Its authors are private persons: no crawl without a hash key.
        is_conditional: Its parser knows what 304 means, so unchanged answers need not be sent again.
        authorise: It answers registered apps only: how their requests are built. Null for public sources.
    """

    name: str
    parse: Callable[..., Parsed]
    starts: tuple[str, ...] = ()
    is_general: bool = False
    is_private: bool = False
    is_conditional: bool = False
    authorise: authorised.Authority | None = None


SOURCES: Final[Mapping[str, Source]] = {
    source.name: source
    for source in (
        Source(
            heimao.PLATFORM,
            heimao.parse,
            heimao.STARTS,
            is_general=True,
            is_private=True,
        ),
        Source(kr36.PLATFORM, kr36.parse, kr36.STARTS, is_conditional=True),
        Source(feeds.PLATFORM, feeds.parse, is_conditional=True),
        Source(landing.PLATFORM, landing.parse),
        Source(
            douyin.PLATFORM,
            douyin.parse,
            authorise=authorised.AUTHORITIES[douyin.PLATFORM],
        ),
        Source(kuaishou.PLATFORM, kuaishou.parse),
        Source(wechat_channels.PLATFORM, wechat_channels.parse),
        Source(
            taobao.PLATFORM,
            taobao.parse,
            authorise=authorised.AUTHORITIES[taobao.PLATFORM],
        ),
        Source(jd.PLATFORM, jd.parse, authorise=authorised.AUTHORITIES[jd.PLATFORM]),
        # Articles whose links are known.
        Source(wechat_mp.PLATFORM, wechat_mp.parse),
    )
}


@functools.cache
def parser_digest() -> str:
    """SHA-256 over the modules of this folder, 64 hex digits: another one may read an answer otherwise."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
