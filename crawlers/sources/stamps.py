"""Time stamps as sources write them, to ISO 8601 in UTC with a precision.

A time without zone is Asia/Shanghai (CONTRACT §3). Years outside 1990–2100 are typing errors, not times. Nothing here
raises; what cannot be read is null with precision ``none``.
"""

from __future__ import annotations

import email.utils
import re
from datetime import UTC, datetime, timedelta, timezone

from crawlers.records import times

#: Bare integers from here on are milliseconds (CONTRACT §3).
MILLISECONDS_FROM = 10**12

_UNIX = re.compile(r"\d{9,14}(?:\.\d+)?")
_DATE = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?"
    r"(?:[\sT]*(?P<H>\d{1,2})[:时](?P<M>\d{1,2})分?(?::?(?P<S>\d{1,2})(?:\.\d+)?秒?)?)?"
    r"\s*(?P<zone>Z|GMT|UTC|[+-]\d{2}:?\d{2})?"
)


def read(raw: object) -> tuple[str | None, str]:
    """Read one time.

    Args:
        raw: Text or number: Unix seconds or milliseconds, ISO 8601, RFC 822, ``2025-11-22 17:26:40  +0800``,
            ``2025年11月22日``; null.

    Returns:
        ISO 8601 in UTC and ``second``, ``minute`` or ``day``; or null and ``none``.
    """
    text = "" if raw is None or isinstance(raw, bool) else str(raw).strip()
    try:
        moment, precision = _moment(text)
        if moment is None or not 1990 <= moment.year <= 2100:
            return None, "none"
        return moment.astimezone(UTC).isoformat(), precision
    except (ValueError, OverflowError):
        return None, "none"


def _moment(text: str) -> tuple[datetime | None, str]:
    if not text:
        return None, "none"
    if _UNIX.fullmatch(text):
        number = float(text)
        seconds = number / 1000 if number >= MILLISECONDS_FROM else number
        return datetime.fromtimestamp(seconds, UTC), "second"
    if found := _DATE.match(text):
        return _from_parts(found)
    # The email reader takes RFC 822 and its usual misspellings; it returns a naive time for an unknown zone ("-0000").
    moment = email.utils.parsedate_to_datetime(text)
    return (
        moment if moment.tzinfo else moment.replace(tzinfo=times.SHANGHAI)
    ), "second"


def _from_parts(found: re.Match[str]) -> tuple[datetime, str]:
    hour, minute, second = (found[name] for name in ("H", "M", "S"))
    precision = "second" if second else "minute" if hour else "day"
    zone = found["zone"]
    tz: timezone = times.SHANGHAI
    if zone in {"Z", "GMT", "UTC"}:
        tz = UTC
    elif zone:
        sign = -1 if zone[0] == "-" else 1
        tz = timezone(sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:])))
    date = (int(found["y"]), int(found["m"]), int(found["d"]))
    # 60 happens in leap seconds and in careless clocks.
    clock = (int(hour or 0), int(minute or 0), min(int(second or 0), 59))
    return datetime(*date, *clock, tzinfo=tz), precision
