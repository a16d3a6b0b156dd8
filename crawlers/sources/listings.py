"""What shops' listings have in common: prices, sales, what a listing says beyond its title, and lists without entries.

In: values as shops write them. Out: yuan, counts and texts of a record, null where nothing is said. A price that is
masked (``¥1??9``) or zero is null: a wrong number in evidence is worse than none. Source: platforms/README.md §2.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from crawlers.sources import captions, counts
from crawlers.sources.fields import Fields
from crawlers.sources.parsed import Parsed

_UNITS: Final = {None: 1, "万": 10_000}
#: One price, or the lower end of a range.
_PRICE = re.compile(
    r"[¥￥]?\s*(?P<number>\d{1,3}(?:,\d{3}){1,4}|\d{1,12})(?P<part>\.\d{1,4})?\s*(?P<unit>万)?\s*元?"
    r"(?:\s*[-~—至]\s*[¥￥]?\s*[\d,]{1,16}(?:\.\d{1,4})?\s*万?\s*元?)?\s*起?",
    re.ASCII,
)
#: ``200+人付款``, ``已售1.2万+``, ``月销 30 件``: a count between words.
_SOLD = re.compile(
    r"[^\d]{0,12}(?P<count>[\d,.]{1,20}\s*[千万亿kKwW]?\s*\+?)[^\d]{0,8}"
)
_POSITION = re.compile(r"\[\d+\]")


def yuan(value: object) -> int | float | None:
    """A price in yuan; the lower end of a range; null for none, zero, less than zero and what is no price."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    shown = _PRICE.fullmatch(unicodedata.normalize("NFKC", str(value)[:60]).strip())
    if not shown:
        return None
    number = Decimal(shown["number"].replace(",", "") + (shown["part"] or ""))
    amount = number * _UNITS[shown["unit"]]
    if not 0 < amount < 10**13:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def price(entry: Fields, *names: str, unknown: set[str]) -> int | float | None:
    """The first of these fields that is a price; those that say something else are named as unknown."""
    found: int | float | None = None
    for name in names:
        value = entry.take(name)
        amount = yuan(value)
        if found is None:
            found = amount
        if amount is None and _is_said(value):
            where = _POSITION.sub("", entry.path(name))
            unknown.add(f"{where} (expected a price)")
    return found


def _is_said(value: object) -> bool:
    """Whether a field holds more than a shop's ways of writing "none"."""
    if value is None or (isinstance(value, (str, list, dict)) and not value):
        return False
    try:
        return float(str(value)) > 0
    except ValueError:
        return True


def sold(text: str | None) -> int | None:
    """How many were sold according to words such as ``200+人付款``; the lower bound that they state."""
    shown = _SOLD.fullmatch((text or "")[:60].strip())
    return counts.read(shown["count"]) if shown else None


def flag(value: object) -> bool | None:
    """Yes or no as shops write it: ``"1"``, ``0``, ``"true"``, ``false``."""
    if isinstance(value, (str, int)):
        return {"1": True, "true": True, "0": False, "false": False}.get(
            str(value).strip().lower()
        )
    return None


def details(title: str, parts: Iterable[str | None]) -> str | None:
    """What a listing says beyond its title, a line each; what the title has already is left out."""
    lines: list[str] = []
    seen = _squeezed(title)
    for part in parts:
        text = captions.plain(part)
        if text and _squeezed(text) not in seen:
            lines.append(text)
            seen += "\n" + _squeezed(text)
    return "\n".join(lines) or None


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text).casefold()


def properties(found: Iterable[Any], *, name: str, value: str) -> list[str]:
    """``name：value`` of each property object; what has no value is left out."""
    lines = []
    for entry in found:
        if not isinstance(entry, dict):
            continue
        label, text = entry.get(name), entry.get(value)
        if isinstance(text, str) and text.strip():
            has_label = isinstance(label, str) and label.strip()
            lines.append(f"{label}：{text}" if has_label else text)
    return lines


def without_entries(
    total: int | None,
    *,
    is_past_end: bool,
    uncounted: tuple[str, str],
    unknown: set[str],
) -> Parsed:
    """Judge a list without entries.

    Args:
        total: How many the answer counts over all pages; null where it does not say.
        is_past_end: The answer is a page after the last.
        uncounted: Status and reason where the answer does not count.
        unknown: Unknown fields so far.

    Returns:
        ``empty`` only where the answer itself proves it; ``blocked`` where it counts entries and shows none.
    """
    named = frozenset(unknown)
    if total == 0:
        return Parsed("empty", (), "the answer counts 0", (), named)
    if is_past_end:
        return Parsed("ok", (), "end of paging", (), named)
    if total is None:
        return Parsed(uncounted[0], (), uncounted[1], (), named)
    reason = f"no entries although the answer counts {total}"
    return Parsed("blocked", (), reason, (), named)
