"""Counts as platforms show them: a number, or words such as ``1.2万``, ``500+`` and ``1,234``.

Out: a whole number, or null where nothing is said or the words are no count. Shown counts are rounded by the platform;
the lower bound that they state is what is kept. Source of the units: platforms/README.md §2.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

_LARGEST: Final = 2**63 - 1
_UNITS: Final = {
    "": 1,
    "千": 1_000,
    "k": 1_000,
    "万": 10_000,
    "w": 10_000,
    "m": 1_000_000,
    "亿": 100_000_000,
}
_SHOWN = re.compile(
    r"(?P<number>\d{1,3}(?:,\d{3}){1,6}|\d{1,19})(?P<part>\.\d{1,6})?\s*(?P<unit>[千万亿kwm]?)\s*\+?",
    re.IGNORECASE | re.ASCII,
)


def read(value: object) -> int | None:
    """One count.

    Args:
        value: A whole number, or text as a reader sees it. Negative numbers mean "not shown" where they occur.

    Returns:
        0 to 2^63 - 1, or null.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value if 0 <= value <= _LARGEST else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and 0 <= value < _LARGEST else None
    if not isinstance(value, str):
        return None
    shown = _SHOWN.fullmatch(unicodedata.normalize("NFKC", value[:60]).strip())
    if not shown:
        return None
    number = Decimal(shown["number"].replace(",", "") + (shown["part"] or ""))
    count = int(number * _UNITS[shown["unit"].lower()])
    return count if count <= _LARGEST else None
