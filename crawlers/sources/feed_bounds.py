"""What a feed may hold: its reader, which is slow on purpose-built markup, is given only what honest feeds look like."""

from __future__ import annotations

import re
from typing import Final

#: The feed reader's time grows with the square of these (60 s for 40,000 namespaces, 17 s for 50,000 attributes of one
#: tag, 4 s for 20,000 categories of one item) or by 15 µs a tag; real feeds stay far below.
_MOST_TAGS: Final = 40_000
_MOST_NAMESPACES: Final = 200
_LONGEST_TAG: Final = 1 << 15
_MOST_CATEGORIES: Final = 2_000
_LONGEST_KEYWORDS: Final = 20_000
_TAG = re.compile(rb"<[^<>]*")
_ITEM = re.compile(rb"<(?:\w{1,20}:)?(?:item|entry)\b", re.IGNORECASE)
_CATEGORY = re.compile(
    rb"<(?:\w{1,20}:)?(?:category|subject|keywords)\b", re.IGNORECASE
)
_KEYWORDS = re.compile(rb"keywords[^<>]*>([^<]*)", re.IGNORECASE)


def overgrown(body: bytes) -> str | None:
    """What of a feed is more than any honest one has and would keep the reader busy; null where nothing is.

    Markup inside CDATA is text to the reader, and articles have much of it.
    """
    body = _without_cdata(body)
    tags = body.count(b"<")
    if tags > _MOST_TAGS:
        return f"{tags:,} tags, more than {_MOST_TAGS:,}"
    if body.count(b"xmlns") > _MOST_NAMESPACES:
        return f"more than {_MOST_NAMESPACES} namespaces"
    if max((len(tag[0]) for tag in _TAG.finditer(body)), default=0) > _LONGEST_TAG:
        return f"a tag of more than {_LONGEST_TAG >> 10} KiB"
    most = max(len(_CATEGORY.findall(item)) for item in _ITEM.split(body))
    if most > _MOST_CATEGORIES:
        return f"{most:,} categories of one item"
    if max((len(words[1]) for words in _KEYWORDS.finditer(body)), default=0) > _LONGEST_KEYWORDS:  # fmt: skip
        return f"keywords of more than {_LONGEST_KEYWORDS:,} bytes"
    return None


def _without_cdata(body: bytes) -> bytes:
    parts, done = [], 0
    while (start := body.find(b"<![CDATA[", done)) >= 0:
        end = body.find(b"]]>", start)
        if end < 0:
            break
        parts.append(body[done:start])
        done = end + 3
    return b"".join([*parts, body[done:]])
