"""Dropped files: import records as JSONL, CSV or Parquet (also gzip or zstd) go in, frames and rejects come out.

What a file is, its content tells first and its name second. Files are streamed: memory is bounded by a batch, however
long the file. Invariants: every non-empty line or row is counted once and is either in a frame, in the rejects with line,
field and reason, or equal in key to an earlier one of its batch; a broken one never costs its neighbours; the same bytes
give the same batches.
"""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import orjson
import polars as pl

from crawlers import items
from crawlers.files import formats, streams
from crawlers.records import columns, values
from warehouse import contracts
from warehouse.errors import InputError

#: ``source`` of records that came by ``import`` of the contract's own records.
SOURCE = "import"

#: A batch closes at this many bytes even if it has few rows, so that long texts do not fill the memory.
_BATCH_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Batch:
    """What some consecutive lines of a file gave.

    Attributes:
        posts: ``contracts.RAW_POSTS`` in the file's order, of equal keys the first.
        rejects: ``contracts.REJECTS`` in the file's order, ``run_id`` null.
        read_count: Non-empty lines or rows read, rejected ones included.
        unknown_fields: Dotted names that the contract does not know, here and in earlier batches of the file.
        bytes_done: Bytes of the file read so far, as they lie.
        bytes_total: Size of the file; null for a pipe.
    """

    posts: pl.DataFrame
    rejects: pl.DataFrame
    read_count: int
    unknown_fields: frozenset[str]
    bytes_done: int
    bytes_total: int | None


def read_batches(
    path: Path | BinaryIO,
    *,
    name: str,
    imported_at: datetime,
    hash_key: bytes,
    source: str | None = None,
    batch_rows: int = 20_000,
) -> Iterator[Batch]:
    """Read one file or stream of import records.

    Args:
        path: A file, or a binary stream such as ``sys.stdin.buffer``.
        name: The file's name for people and rejects.
        imported_at: Stands in for missing crawl times and dates the rejects; aware.
        hash_key: This installation's secret for pseudonyms.
        source: For the column ``source`` of posts and rejects; "import" by default.
        batch_rows: Lines per batch at most.

    Yields:
        At least one batch; their ``read_count`` add up to the file's.

    Raises:
        InputError: nothing can be read: no such file, a directory, empty, binary, another kind of file.
        ValueError: ``imported_at`` is naive.
    """
    if imported_at.tzinfo is None:
        message = f"imported_at {imported_at.isoformat()} has no time zone."
        raise ValueError(message)
    # File names may hold bytes that are no text; rejects must be storable.
    label = name.encode(errors="replace").decode()
    with streams.open_source(path, name=label) as opened:
        reading = _Reading(
            label, source or SOURCE, imported_at.astimezone(UTC), hash_key
        )
        records = formats.records(opened, name=label)
        total = 0
        is_last = False
        while not is_last:
            with _collector_paused():
                is_last = reading.fill(records, batch_rows)
                batch = reading.batch(opened)
            total += batch.read_count
            if is_last and not total:
                message = f"{label}: holds no records. Nothing was read."
                raise InputError(message)
            if batch.read_count:
                yield batch


class _Reading:
    """The batch that is being filled, and what the file has shown so far."""

    def __init__(
        self, name: str, source: str, imported_at: datetime, hash_key: bytes
    ) -> None:
        self._name = name
        self._source = source
        self._imported_at = imported_at
        self._hash_key = hash_key
        self._unknown: set[str] = set()
        self._rows: list[tuple[Any, ...]] = []
        self._rejects: list[tuple[int, str | None, str]] = []
        self._last_line = 0

    def fill(self, records: Iterator[tuple[int, Any]], batch_rows: int) -> bool:
        """Read lines until the batch is full; true at the end of the file."""
        size = 0
        try:
            for number, entry in records:
                self._last_line = number
                try:
                    if type(entry) is bytes:
                        size += len(entry)
                        self._rows.append(self._json_row(entry))
                    elif isinstance(entry, dict):
                        size += values.storable_size(entry)
                        self._rows.append(self._row(entry))
                    else:
                        raise entry
                except values.RecordError as error:
                    self._rejects.append((number, error.field, error.reason))
                if (
                    len(self._rows) + len(self._rejects) >= batch_rows
                    or size >= _BATCH_BYTES
                ):
                    return False
        except streams.DamagedError as error:
            reason = (
                f"{error}; the lines before were read, this and all after are missing"
            )
            self._rejects.append((self._last_line + 1, None, reason))
        return True

    def batch(self, opened: streams.Source) -> Batch:
        """What was filled, as frames; the next batch starts empty."""
        rows, self._rows = self._rows, []
        rejects, self._rejects = self._rejects, []
        return Batch(
            posts=columns.table(rows),
            rejects=_rejects(rejects, self._source, self._name, self._imported_at),
            read_count=len(rows) + len(rejects),
            unknown_fields=frozenset(self._unknown),
            bytes_done=opened.bytes_done,
            bytes_total=opened.bytes_total,
        )

    def _row(self, record: object) -> tuple[Any, ...]:
        return items.row(
            record,
            source=self._source,
            imported_at=self._imported_at,
            hash_key=self._hash_key,
            unknown_fields=self._unknown,
        )

    def _json_row(self, line: bytes) -> tuple[Any, ...]:
        try:
            record = orjson.loads(line)
            if b"\\u0000" in line:
                values.storable_size(record)
            return self._row(record)
        except orjson.JSONDecodeError as error:
            broken = values.RecordError(None, _json_reason(line, error))
        except values.RecordError as error:
            # The fast parser reads integers beyond 64 bits as floats, and ids may be longer.
            if not error.field or not error.field.endswith(("id", "repost_of")):
                raise
            broken = error
        # The slow parser accepts what the fast one refuses: lone surrogates, for which the field can then be named.
        try:
            record = json.loads(
                line.removeprefix(b"\xef\xbb\xbf"), parse_constant=_refuse_constant
            )
        except (ValueError, RecursionError):
            raise broken from None
        values.storable_size(record)
        return self._row(record)


def _json_reason(line: bytes, error: orjson.JSONDecodeError) -> str:
    try:
        line.decode()
    except UnicodeDecodeError as wrong:
        return f"is not UTF-8 (byte {wrong.start + 1} of the line)"
    return f"is not valid JSON: {error.msg.split(': line ')[0]} at character {error.pos + 1}"


def _refuse_constant(word: str) -> NoReturn:
    message = f"{word} is not JSON"
    raise ValueError(message)


def _rejects(
    found: list[tuple[int, str | None, str]], source: str, name: str, seen_at: datetime
) -> pl.DataFrame:
    rows = [
        (source, name, line, field, reason, seen_at, None)
        for line, field, reason in found
    ]
    return contracts.REJECTS.check(
        pl.DataFrame(rows, schema=dict(contracts.REJECTS.columns), orient="row")
    )


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No cycle collection while a batch fills.

    A batch keeps hundreds of thousands of small objects and no cycles; looking for cycles among them again and again took
    a quarter of the time (measured with batches of 20,000).
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
