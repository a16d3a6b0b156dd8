"""Cells of vendors' tables as values of the import record: counts with units, times in any writing, lists in one cell.

A cell goes in with the name of its field; a value that the record's own readers take comes out, null for an empty cell.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import orjson

from crawlers.records import schema, values
from crawlers.sources import stamps

_TIMES: Final = frozenset({"published_at", "crawled_at", "author.created_at", "ad.first_shown", "ad.last_shown"})  # fmt: skip
_MONEY: Final = frozenset({"listing.price_yuan", "complaint.amount_yuan"})
_COUNTS: Final = frozenset(
    {*(f"metrics.{name}" for name in schema.METRICS.names), "author.followers", "author.following", "author.posts"}
)  # fmt: skip
_NOTHING: Final = frozenset({"", "null", "none", "nan", "n/a", "na", "undefined", "\\n", "-", "--", "—"})  # fmt: skip
_NUMBER = re.compile(r"[¥￥$]?\s*(\d[\d,]*(?:\.\d+)?)\s*([万wW亿kKmM千]?)\s*\+?\s*(?:元|人付款|人收货|次播放|播放|赞)?")  # fmt: skip
_UNITS: Final = {"": 1, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "m": 1_000_000, "亿": 100_000_000}  # fmt: skip
_LIST_MARK = re.compile(r"[,，;；|、\s]+")


def value(cell: object, name: str) -> object:
    """A cell as the field takes it; null when it is empty.

    Args:
        cell: Text of a CSV, or a value of JSON.
        name: Dotted name of the record's field.

    Raises:
        RecordError: it cannot be read as what the field holds.
    """
    cell = _bare(cell)
    if cell is None or cell in ([], {}):
        return None
    if name in _TIMES:
        moment, _ = stamps.read(cell)
        if moment is None:
            raise values.RecordError(name, f"expected a time, found {values.shown(cell)}")  # fmt: skip
        return moment
    if name in _COUNTS:
        return int(_number(cell, name))
    if name in _MONEY:
        return str(_number(cell, name))
    if name in schema.LISTS:
        return _listed(cell, name)
    # Ids come as numbers; the record's own readers judge everything else.
    return str(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


def _bare(cell: object) -> object:
    """Text without what spreadsheets guard long numbers with (="…", ' or a tab); null for words that mean nothing."""
    if not isinstance(cell, str):
        return cell
    text = cell.strip().removeprefix("'")
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return None if text.strip().lower() in _NOTHING else text


def _number(cell: object, name: str) -> Decimal:
    match = _NUMBER.fullmatch(str(cell).strip()) if not isinstance(cell, bool) else None
    try:
        if match:
            return Decimal(match[1].replace(",", "")) * _UNITS[match[2].lower()]
    except InvalidOperation:
        pass
    raise values.RecordError(name, f"expected a number, found {values.shown(cell)}")


def _listed(cell: object, name: str) -> list[Any]:
    if isinstance(cell, str) and cell.startswith("["):
        try:
            cell = orjson.loads(cell)
        except orjson.JSONDecodeError:
            cell = str(cell).strip("[]")
    if isinstance(cell, list):
        return [part.lstrip("#") if name == "hashtags" and isinstance(part, str) else part for part in cell]  # fmt: skip
    parts = [part.lstrip("#") for part in _LIST_MARK.split(str(cell).replace("#", " #" if name == "hashtags" else "#"))]  # fmt: skip
    return [part for part in parts if part]
