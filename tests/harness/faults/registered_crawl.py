"""``crawlers.run`` with a registered platform whose parser reads bare items: for tests of what surrounds a parser."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from typing import Any

from crawlers import run
from crawlers.sources import authorised, catalogue
from crawlers.sources.parsed import Ask, Parsed


def parse(
    body: bytes,
    *,
    url: str,
    http_status: int | None,
    fetched_at: datetime,
    ask: Ask | None = None,
) -> Parsed:
    """``items``, wherever they stand, become records; anything else is a refusal."""
    if http_status == 429:
        return Parsed("rate_limited", reason="HTTP 429")
    items = _items(json.loads(body))
    if items is None:
        return Parsed("not_authorised", reason="no items")
    records = tuple(
        {
            "platform": "test",
            "kind": "listing",
            "post_id": item,
            "title": item,
            "url": url,
            "author": {"id": item},
        }
        for item in items
    )
    return Parsed("ok" if records else "empty", records, None if records else "none")


def _items(value: Any) -> list[str] | None:
    if isinstance(value, str) and value.startswith("{"):
        value = json.loads(value)
    if not isinstance(value, dict):
        return None
    if "items" in value:
        return list(value["items"])
    return next(
        (found for part in value.values() if (found := _items(part)) is not None), None
    )


if __name__ == "__main__":
    name = sys.argv[1]
    catalogue.SOURCES = {  # type: ignore[misc]
        name: catalogue.Source(name, parse, authorise=authorised.AUTHORITIES[name])
    }
    sys.exit(run.main())
