"""Times of import records: whatever the contract allows goes in, an aware UTC datetime comes out.

Invariant: a result lies in the years 1990 to 2100, so that no later stage meets a year 9999 or a second counted as a
millisecond. Nothing here reads a clock.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

#: A naive time is Chinese time. A fixed offset: China has kept it since September 1991, and no zone database is needed.
SHANGHAI = timezone(timedelta(hours=8))

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
_FIRST_SECOND = int(datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC).timestamp())
_END_SECOND = int(datetime(_LAST_YEAR + 1, 1, 1, tzinfo=UTC).timestamp())
#: From here on a number counts milliseconds (CONTRACT section 3); as seconds it would be the year 33658.
_MILLISECONDS_FROM = 10**12

_NUMBER = re.compile(r"[0-9]{1,20}(\.[0-9]{1,9})?")
_BASIC_DATE = re.compile(r"(?:19|20|21)[0-9]{6}")


def utc(value: object) -> datetime:
    """Read one time.

    Args:
        value: ISO 8601 text with or without an offset, Unix seconds or milliseconds as a number or as digits, a
            datetime or a date. Naive means Asia/Shanghai, a date its midnight.

    Raises:
        ValueError: not a time, or outside 1990 to 2100; the message is a reason fit for a reject.
    """
    if isinstance(value, str):
        return from_text(value)
    if isinstance(value, datetime):
        return _in_range(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _from_number(value)
    if isinstance(value, date):
        return _in_range(datetime(value.year, value.month, value.day))  # noqa: DTZ001  # made aware there
    message = f"expected a time, found {type(value).__name__}"
    raise ValueError(message)


# Half the times of a file are one crawl time repeated; a lookup is ten times cheaper than a parse.
@lru_cache(maxsize=8192)
def from_text(text: str) -> datetime:
    """``utc`` for text."""
    if text[4:5] != "-":
        stripped = text.strip()
        # Eight digits are a date: as seconds they would be a day in 1970, outside the range.
        if _NUMBER.fullmatch(stripped) and not _BASIC_DATE.fullmatch(stripped):
            return _from_number(float(stripped) if "." in stripped else int(stripped))
        text = stripped
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"expected an ISO 8601 time or Unix seconds or milliseconds, found {text[:40]!r}"
        raise ValueError(message) from None
    return _in_range(moment)


def _from_number(number: float) -> datetime:
    is_milliseconds = number >= _MILLISECONDS_FROM
    unit = 1000 if is_milliseconds else 1
    # Comparing never overflows, however long the number, and refuses NaN as well.
    if not _FIRST_SECOND * unit <= number < _END_SECOND * unit:
        message = (
            f"is outside {_FIRST_YEAR}-{_LAST_YEAR} as Unix seconds or milliseconds"
        )
        raise ValueError(message)
    return _EPOCH + (
        timedelta(milliseconds=number) if is_milliseconds else timedelta(seconds=number)
    )


def _in_range(moment: datetime) -> datetime:
    # The first test keeps the conversion from overflowing at year 1 and 9999.
    if _FIRST_YEAR - 1 <= moment.year <= _LAST_YEAR + 1:
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=SHANGHAI)
        moment = moment.astimezone(UTC)
        if _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            return moment
    message = f"time {moment.isoformat()} is outside {_FIRST_YEAR}-{_LAST_YEAR}"
    raise ValueError(message)
