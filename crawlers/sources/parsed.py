"""What a parser returns: records, how the fetch went, what was refused, what to ask for next.

Invariants: ``fetch_status`` is one of ``FETCH_STATUSES``; only ``ok`` carries records; ``empty`` needs a proof in the
answer itself; a parser raises nothing, whatever the bytes; a record holds no control characters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]

#: CONTRACT §3; only the first two are success.
FETCH_STATUSES = (
    "ok",
    "empty",
    "blocked",
    "login_wall",
    "rate_limited",
    "gone",
    "schema_drift",
    "robots_disallowed",
    "not_authorised",
    "error",
)
#: C0 and C1 but for tab and line feed, and lone surrogates: no file or table can hold them.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ID_FIELDS = frozenset({"post_id", "id", "target_id", "value", "uscc"})
SUCCESS = frozenset({"ok", "empty"})


@dataclass(frozen=True, slots=True)
class Ask:
    """One request that a source wants made.

    Attributes:
        url: What to get.
        feed_id: Feeds only: the configured name that becomes ``author.id``; null takes the URL's host and path.
        listed: The record of a list page that the answer completes; null for lists and lone pages. When the answer
            never comes, this record stands as it is.
        is_page: The answer is a further page of the same list; not asked for when a page held nothing new.
    """

    url: str
    feed_id: str | None = None
    listed: Mapping[str, Any] | None = None
    is_page: bool = False


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that could not be read.

    Attributes:
        field: Path of the field in the answer (``lists[3].main.sn``) or its selector.
        reason: What was expected and what was found, without content.
    """

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """One response, read.

    Attributes:
        fetch_status: One of ``FETCH_STATUSES``.
        records: CONTRACT §3 records in the page's order; authors still as the source names them.
        reason: Why, for every status but a plain ``ok``.
        rejects: One row per record that failed.
        unknown_fields: Paths (without list positions) that nobody reads; each named once.
        next: What to ask for now.
    """

    fetch_status: str
    records: tuple[Record, ...] = ()
    reason: str | None = None
    rejects: tuple[Reject, ...] = ()
    unknown_fields: frozenset[str] = frozenset()
    next: tuple[Ask, ...] = ()

    def __post_init__(self) -> None:
        cleaned = tuple(_clean(record) for record in self.records)
        object.__setattr__(self, "records", cleaned)


def _clean(record: Record) -> Record:
    """The record without control characters; line breaks stay in texts, not in ids."""
    return {name: _clean_value(value, name) for name, value in record.items()}


def _clean_value(value: object, name: str) -> object:
    if isinstance(value, str):
        # Nearly every text is clean, and this test is several times faster than a substitution.
        if value.isprintable():
            return value
        text = _CONTROLS.sub("", value)
        return " ".join(text.split()) if name in _ID_FIELDS else text
    if isinstance(value, dict):
        return {inner: _clean_value(part, inner) for inner, part in value.items()}
    if isinstance(value, list):
        return [_clean_value(part, name) for part in value]
    return value


def from_records(
    records: list[Record],
    rejects: list[Reject],
    *,
    unknown_fields: set[str],
    asks: list[Ask] | None = None,
) -> Parsed:
    """Judge a page that held at least one entry.

    Returns:
        ``ok``, or ``schema_drift`` when more entries failed than could be read: the page has changed, and the few
        that still parse are not to be trusted alone, so they are kept but the page counts as failed.
    """
    drifted = len(rejects) > len(records)
    reason = None
    if rejects:
        first = rejects[0]
        total = len(records) + len(rejects)
        reason = f"{len(rejects)} of {total} records unreadable, first: {first.field}: {first.reason}"
    return Parsed(
        "schema_drift" if drifted else "ok",
        tuple(records),
        reason,
        tuple(rejects),
        frozenset(unknown_fields),
        tuple(asks or ()),
    )


def merged(parts: list[Parsed]) -> Parsed:
    """One answer that came in several frames.

    Args:
        parts: One result per frame, at least one.

    Returns:
        All records. The status is that of the frames with records; without any, the first that is no success, since a
        refusal in one frame leaves the emptiness of another unproved.
    """

    def rank(part: Parsed) -> tuple[bool, bool, bool]:
        return (
            bool(part.records),
            part.fetch_status not in SUCCESS,
            part.fetch_status == "ok",
        )

    telling = max(parts, key=rank)
    return Parsed(
        telling.fetch_status,
        tuple(record for part in parts for record in part.records),
        next((part.reason for part in (telling, *parts) if part.reason), None)
        if telling.records
        else telling.reason,
        tuple(reject for part in parts for reject in part.rejects),
        frozenset().union(*(part.unknown_fields for part in parts)),
        tuple(ask for part in parts for ask in part.next),
    )
