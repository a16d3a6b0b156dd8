"""The import record: one JSON-like object of CONTRACT section 3 goes in, one row of ``contracts.RAW_POSTS`` comes out.

Invariants: a row is either complete and typed or a ``RecordError`` that names its field; missing is null, never 0 or "";
fields that the contract does not know are kept in ``extra`` and named; what identifies a complainant or commenter leaves
only as a keyed hash. Reading depends on the record and the arguments alone.

Speed decides how large a file a night can take, so a record is read by a straight walk over tables of (field, reader)
into a tuple in column order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
import polars as pl

from crawlers.archive import privacy
from crawlers.records import columns, schema, values
from crawlers.records.values import RecordError
from warehouse import contracts

__all__ = ["COLUMNS", "RecordError", "frame", "parse_record", "row"]

#: Names of ``contracts.RAW_POSTS`` in order; a row is a tuple in this order.
COLUMNS = tuple(contracts.RAW_POSTS.columns)

_SLUG = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_POSITION = re.compile(r"\[[0-9]+\]")
_TITLE = schema.ORIGIN.names.index("title")
_TEXT = schema.ORIGIN.names.index("text")

#: Unknown names are reported up to this many; a source that invents a name per record must not fill the memory.
_MAX_UNKNOWN = 1000


def parse_record(
    record: Mapping[str, Any],
    *,
    source: str,
    imported_at: datetime,
    hash_key: bytes,
    unknown_fields: set[str] | None = None,
) -> dict[str, Any]:
    """Validate one import record.

    Args:
        record: The record, from any parser; nothing about its types is assumed.
        source: Where it came from, for the column ``source``.
        imported_at: Stands in for a missing ``crawled_at``; aware.
        hash_key: This installation's secret for the pseudonyms of complainants and commenters.
        unknown_fields: Collects the dotted names of fields that the contract does not know.

    Returns:
        One row of ``contracts.RAW_POSTS``: column name to value, times in UTC, money as Decimal with two places.

    Raises:
        RecordError: the record breaks the contract.
        ValueError: ``imported_at`` is naive, or ``hash_key`` is empty and needed.
    """
    if imported_at.tzinfo is None:
        message = f"imported_at {imported_at.isoformat()} has no time zone."
        raise ValueError(message)
    plain = dict(record)
    values.storable_size(plain)
    parsed = row(
        plain,
        source=source,
        imported_at=imported_at.astimezone(UTC),
        hash_key=hash_key,
        unknown_fields=set() if unknown_fields is None else unknown_fields,
    )
    found = dict(zip(COLUMNS, parsed, strict=True))
    for name, group in schema.ENTRIES.items():
        if found[name] is not None:
            found[name] = [
                dict(zip(group.names, entry, strict=True)) for entry in found[name]
            ]
    return found


def row(
    record: object,
    *,
    source: str,
    imported_at: datetime,
    hash_key: bytes,
    unknown_fields: set[str],
) -> tuple[Any, ...]:
    """``parse_record`` as a tuple, for a record that is known to be storable (``values.storable_size``).

    Entries of media and identifiers are tuples as well, in the order of their ``schema`` groups. A strict JSON parser lets no lone surrogates and no cycles through, and a search of the bytes excludes NULs: then the
    walk over every string can be spared, which is a quarter of the time.
    """
    if type(record) is not dict:
        raise RecordError(None, f"expected an object, found {values.kind_of(record)}")
    get = record.get
    unknown: dict[str, Any] = {}
    platform = _platform(get("platform"))
    kind = (
        "post"
        if (given := get("kind")) is None
        else schema.KIND(given, "kind") or "post"
    )
    post_id = _global_id(platform, get("post_id"), "post_id")
    if post_id is None:
        raise values.missing(field="post_id")
    crawled_at = (
        None
        if (given := get("crawled_at")) is None
        else values.time(given, "crawled_at")
    )

    author = get("author")
    if author is None:
        raise values.missing(field="author.id")
    profile = _object(author, "author", unknown)
    seller_id = _global_id(platform, author.get("id"), "author.id")
    if seller_id is None:
        raise values.missing(field="author.id")
    if platform == "landing":
        seller_id = _site(seller_id)

    origin = _values(record, schema.ORIGIN)
    if origin[_TEXT] is None and origin[_TITLE] is None:
        if get("text") is None and get("title") is None:
            reason = "text or title is required and both are missing"
            raise RecordError(field="text", reason=reason)
        # Said, but blank: a post that is a picture and no words is still a post.
        origin[_TEXT] = ""
    after = (
        *_values(record, schema.LINKS),
        *_object(get("live"), "live", unknown),
        _entries(get("media"), "media", unknown),
        *_object(get("metrics"), "metrics", unknown),
        *_object(get("listing"), "listing", unknown),
        *_object(get("complaint"), "complaint", unknown),
        *_object(get("ad"), "ad", unknown),
        _identifiers(get("identifiers"), unknown),
        None
        if (given := get("evidence_sha256")) is None
        else schema.SHA256(given, "evidence_sha256"),
    )
    if not schema.KNOWN.issuperset(record):
        _collect(record, schema.KNOWN, "", unknown)
    if unknown:
        values.storable_size(unknown)
        if len(unknown_fields) < _MAX_UNKNOWN:
            unknown_fields.update(_POSITION.sub("", name)[:120] for name in unknown)
    if kind in privacy.PRIVATE_KINDS:
        person = privacy.Person(
            platform, seller_id.removeprefix(f"{platform}:"), profile, hash_key
        )
        seller_id = f"{platform}:{person.pseudonym}"
        profile, origin, unknown = (
            person.profile,
            person.without_url(origin),
            person.scrubbed(unknown),
        )
    return (
        post_id,
        crawled_at or imported_at,
        platform,
        kind,
        seller_id,
        source,
        *origin,
        _global_id(platform, get("parent_id"), "parent_id"),
        _global_id(platform, get("repost_of"), "repost_of"),
        *profile,
        *after,
        _extra(unknown) if unknown else None,
    )


def frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows of ``parse_record`` as ``contracts.RAW_POSTS``.

    Of rows with equal ``post_id`` and ``crawled_at`` the first stays (an equal crawl time changes nothing); order is
    kept otherwise. Empty in, empty out.
    """
    return columns.table([tuple(row[name] for name in COLUMNS) for row in rows])


def _platform(value: object) -> str:
    if value is None or value == "":
        raise values.missing(field="platform")
    if type(value) is not str or not _SLUG.fullmatch(value):
        expected = "a slug such as douyin (lower-case letters, digits, '_', '-', '.')"
        raise RecordError(
            field="platform", reason=f"expected {expected}, found {values.shown(value)}"
        )
    return value


def _global_id(platform: str, value: object, field: str) -> str | None:
    """``platform:native``; an id that already has this form, as our own exports write it, stays."""
    native = None if value is None else values.identifier(value, field)
    if native is None or native.startswith(f"{platform}:"):
        return native
    return f"{platform}:{native}"


def _site(seller_id: str) -> str:
    """The seller of a landing page is its registrable domain, which has one spelling."""
    if "/" in seller_id or any(char.isspace() for char in seller_id):
        reason = (
            "expected the registrable domain of the landing page, such as example.com"
        )
        raise RecordError(field="author.id", reason=reason)
    return seller_id.lower().rstrip(".")


def _values(record: dict[str, Any], group: schema.Group) -> list[Any]:
    get = record.get
    return [
        None if (value := get(name)) is None else reader(value, dotted)
        for name, dotted, reader in group.fields
    ]


def _object(value: object, field: str, unknown: dict[str, Any]) -> Sequence[Any]:
    group = schema.OBJECTS[field]
    if value is None:
        return group.nulls
    if type(value) is not dict:
        raise RecordError(field, f"expected an object, found {values.kind_of(value)}")
    if not group.known.issuperset(value):
        _collect(value, group.known, f"{field}.", unknown)
    return _values(value, group)


def _entries(
    value: object, field: str, unknown: dict[str, Any]
) -> list[tuple[Any, ...]] | None:
    if value is None:
        return None
    if type(value) is not list:
        raise RecordError(
            field, f"expected a list of objects, found {values.kind_of(value)}"
        )
    group = schema.ENTRIES[field]
    entries = []
    for position, entry in enumerate(value):
        if type(entry) is not dict:
            raise RecordError(
                field=f"{field}[{position}]",
                reason=f"expected an object, found {values.kind_of(entry)}",
            )
        try:
            entries.append(tuple(_values(entry, group)))
        except RecordError as error:
            name = str(error.field).removeprefix(f"{field}.")
            raise RecordError(
                field=f"{field}[{position}].{name}", reason=error.reason
            ) from None
        if not group.known.issuperset(entry):
            _collect(entry, group.known, f"{field}[{position}].", unknown)
    return entries


def _identifiers(
    value: object, unknown: dict[str, Any]
) -> list[tuple[Any, ...]] | None:
    entries = _entries(value, "identifiers", unknown)
    for position, (kind, named, _) in enumerate(entries or ()):
        if kind is None or named is None:
            missing = "kind" if kind is None else "value"
            raise values.missing(field=f"identifiers[{position}].{missing}")
    return entries


def _collect(
    record: dict[str, Any], known: Container[str], prefix: str, unknown: dict[str, Any]
) -> None:
    unknown.update(
        {
            f"{prefix}{name}": value
            for name, value in record.items()
            if name not in known
        }
    )


def _extra(unknown: dict[str, Any]) -> str | None:
    """Unknown fields as one JSON object, dotted name to value, names sorted; null when none has a value."""
    kept = {name: value for name, value in unknown.items() if value is not None}
    if not kept:
        return None
    try:
        return orjson.dumps(
            kept, default=_written, option=orjson.OPT_SORT_KEYS
        ).decode()
    except orjson.JSONEncodeError:
        pass  # integers beyond 64 bits, which the standard library can write
    try:
        return json.dumps(
            kept, default=_written, sort_keys=True, ensure_ascii=False, allow_nan=False
        )
    except (TypeError, ValueError) as error:
        raise RecordError(
            next(iter(kept)), f"cannot be kept as JSON: {str(error)[:80]}"
        ) from error


def _written(value: object) -> str:
    """Values of Parquet columns that JSON has no word for."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Decimal):
        return str(value)
    message = f"{type(value).__name__} has no JSON form"
    raise TypeError(message)
