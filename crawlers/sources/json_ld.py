"""What a page says of itself in JSON-LD (schema.org): organisations, offers, questions, times.

In: a parsed page. Out: its nodes, and plain values of them. Nothing raises, whatever a page claims.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import orjson
import parsel

from crawlers.sources import pages

#: JSON-LD deeper or longer than this is an attack, not a description.
_MAX_NODES: Final = 2000


def nodes(page: parsel.Selector) -> Iterator[Mapping[str, Any]]:
    """Every node of the page's JSON-LD, wherever it stands: object, list, ``@graph`` or inside another node."""
    budget = _MAX_NODES
    for script in page.css('script[type="application/ld+json" i]::text').getall():
        try:
            waiting: list[Any] = [orjson.loads(script.strip().rstrip(";"))]
        except orjson.JSONDecodeError:
            continue
        while waiting and budget:
            budget -= 1
            value = waiting.pop(0)
            if isinstance(value, Mapping):
                yield value
                waiting.extend(value.values())
            elif isinstance(value, list):
                waiting.extend(value)


def is_type(node: Mapping[str, Any], *names: str) -> bool:
    """Whether a node is of one of these types."""
    declared = node.get("@type")
    return any(
        name in names
        for name in (declared if isinstance(declared, list) else [declared])
    )


def value_of(value: object) -> str | None:
    """A text, the first text of a list, or a node's name."""
    if isinstance(value, list):
        return next((text for part in value if (text := value_of(part))), None)
    if isinstance(value, Mapping):
        return value_of(value.get("name"))
    return (
        _folded(str(value))
        if isinstance(value, (str, int, float)) and not isinstance(value, bool)
        else None
    )


def text_of(value: object) -> str:
    """The same, blank for none."""
    return value_of(value) or ""


def region(organisation: Mapping[str, Any]) -> str | None:
    """Where an organisation is: its region, else its town."""
    address = organisation.get("address")
    return (
        value_of(address.get("addressRegion"))
        or value_of(address.get("addressLocality"))
        if isinstance(address, Mapping)
        else None
    )


def price_of(described: list[Mapping[str, Any]]) -> float | None:
    """The first offer's price in yuan."""
    for node in described:
        if is_type(node, "Offer", "AggregateOffer") and value_of(
            node.get("priceCurrency")
        ) in {"CNY", "RMB", None}:
            try:
                price = Decimal(
                    (
                        value_of(node.get("price"))
                        or value_of(node.get("lowPrice"))
                        or ""
                    ).replace(",", "")
                )
            except InvalidOperation:
                continue
            if price.is_finite() and 0 < price < 10**13:
                return float(price)
    return None


def texts(value: object) -> list[str]:
    """Every text of a value or list."""
    values = value if isinstance(value, list) else [value]
    return [text for part in values if (text := value_of(part))]


def _folded(text: str) -> str | None:
    return pages.tidy(text).replace("\n", " ") or None
