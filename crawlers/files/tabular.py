"""CSV and Parquet as import records: rows of flat, dotted columns go in, nested records come out.

Column names are the record's field names with dots (``author.id``), lists are native or JSON text (CONTRACT section 3).
Empty cells are left out, so that missing stays null. Invariant: a broken row costs that row, never its neighbours; also
where a stray quote makes CSV swallow the lines after it.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from crawlers.files import streams
from crawlers.records import schema, values
from warehouse.errors import InputError

#: A row's number from 1 (the header of a CSV is line 1) and its record, or why there is none.
Record = tuple[int, dict[str, Any] | values.RecordError]

#: Columns without which every row would be rejected.
REQUIRED = frozenset({"platform", "post_id", "author.id"})

#: Blank text in these is said, not missing: some posts are a picture and no words.
_SAID = frozenset({"text", "title"})

#: Stands for a cell that is not UTF-8; the record's reader names its field.
_NOT_UTF8 = "\udcff"

#: Rows that are turned into Python objects at a time.
_PARQUET_ROWS = 2048


def delimiter(header: str) -> str | None:
    """What separates the columns of this header line; null if it does not name the required ones."""
    for candidate in (",", "\t", ";"):
        try:
            names = next(csv.reader([header], delimiter=candidate, strict=True), [])
        except csv.Error:
            continue
        if {name.strip() for name in names} >= REQUIRED:
            return candidate
    return None


def csv_records(
    lines: Iterator[streams.Line], *, name: str, separator: str
) -> Iterator[Record]:
    """Rows of a CSV whose first line is the header.

    Raises:
        InputError: the header names a column twice.
        DamagedError: passed on from the lines.
    """
    rows = _csv_rows(lines, separator)
    layout: _Layout | None = None
    for number, row in rows:
        if isinstance(row, values.RecordError):
            yield number, row
        elif layout is None:
            layout = _Layout([column.strip() for column in row], name=name)
        else:
            yield number, layout.record(row)


class _Lines:
    """Lines for a CSV reader, which remembers those of the row that is being read."""

    def __init__(self, lines: Iterator[streams.Line]) -> None:
        self._lines = lines
        self._waiting: deque[tuple[int, str | None]] = deque()
        self.taken: list[tuple[int, str | None]] = []

    def __iter__(self) -> Iterator[str]:
        size = 0
        for number, text in self._numbered():
            if text is None:
                self._waiting.appendleft((number, None))
                return
            size = size + len(text) if self.taken else 0
            self.taken.append((number, text))
            if size > values.MAX_RECORD_BYTES:
                return
            yield text

    def too_long(self) -> int | None:
        """Take the line above the limit that stopped the reader and give its number, if one did."""
        if self._waiting and self._waiting[0][1] is None:
            return self._waiting.popleft()[0]
        return None

    def give_up_first(self) -> int:
        """Put all lines of this row but the first back, to be read as rows of their own; the first one's number."""
        first, *others = self.taken
        self._waiting.extendleft(reversed(others))
        return first[0]

    def _numbered(self) -> Iterator[tuple[int, str | None]]:
        while True:
            if self._waiting:
                yield self._waiting.popleft()
                continue
            line = next(self._lines, None)
            if line is None:
                return
            number, raw = line
            # Bytes that are not UTF-8 survive as lone surrogates, for which the record's reader names the field.
            yield (
                number,
                None if raw is None else raw.decode(errors="surrogateescape") + "\n",
            )


def _csv_rows(
    lines: Iterator[streams.Line], separator: str
) -> Iterator[tuple[int, Any]]:
    # The default of 128 KiB is below a long article; the setting is the process's, and no other code reads CSV here.
    csv.field_size_limit(values.MAX_RECORD_BYTES)
    source = _Lines(lines)
    width = 0
    reader = csv.reader(source, delimiter=separator, strict=True)
    while True:
        source.taken.clear()
        try:
            row = next(reader)
        except StopIteration:
            number = source.too_long()
            if number is None:
                return
            yield number, values.too_long()
            reader = csv.reader(source, delimiter=separator, strict=True)
            continue
        except csv.Error as error:
            reason = (
                "its quotes do not close"
                if "unexpected end" in str(error)
                else str(error)
            )
            yield (
                source.give_up_first(),
                values.RecordError(None, f"is not CSV: {reason}"),
            )
            reader = csv.reader(source, delimiter=separator, strict=True)
            continue
        if not any(row):
            continue
        width = width or len(row)
        if len(row) == width:
            yield source.taken[0][0], row
            continue
        reason = f"expected {width} columns as in the header, found {len(row)}"
        yield source.give_up_first(), values.RecordError(None, reason)


def open_parquet(file: BinaryIO, *, name: str) -> pq.ParquetFile:
    """Open a Parquet file.

    Raises:
        InputError: it is not readable, or lacks one of the required columns.
    """
    try:
        parquet = pq.ParquetFile(file, pre_buffer=False)
        columns = parquet.schema_arrow.empty_table().flatten().column_names
    except (OSError, ValueError, pa.ArrowException) as error:
        message = f"{name}: is a truncated or damaged Parquet file ({str(error)[:120]}). Nothing was read."
        raise InputError(message) from error
    missing = sorted(REQUIRED.difference(columns))
    if missing:
        message = f"{name}: has no column {', '.join(missing)}. Nothing was read."
        raise InputError(message)
    return parquet


def parquet_records(parquet: pq.ParquetFile, *, name: str) -> Iterator[Record]:
    """Rows of a Parquet file, numbered from 1.

    Raises:
        InputError: it names a column twice.
        DamagedError: a part of it could not be read.
    """
    number = 0
    try:
        for batch in parquet.iter_batches(batch_size=_PARQUET_ROWS, use_threads=False):
            table = pa.Table.from_batches([batch]).flatten()
            layout = _Layout(table.column_names, name=name)
            for row in zip(*map(_cells, table.columns), strict=True):
                number += 1
                yield number, layout.record(row)
    except (OSError, pa.ArrowException) as error:
        message = f"the Parquet data is damaged ({str(error)[:120]})"
        raise streams.DamagedError(message) from error


class _Layout:
    """Where each column's cell goes in the nested record."""

    def __init__(self, columns: Sequence[str], *, name: str) -> None:
        twice = sorted(
            {column for column in columns if column and columns.count(column) > 1}
        )
        split = [column.split(".", 1) for column in columns]
        parents = {parts[0] for parts in split if len(parts) == 2}
        twice += sorted(parents.intersection(columns))
        if twice:
            message = f"{name}: names the column {twice[0]!r} twice, or both as a whole and in parts. Nothing was read."
            raise InputError(message)
        self._places = [
            (
                parts[0] if len(parts) == 2 else None,
                parts[-1] or f"column {position}",
                column in schema.LISTS,
                column in _SAID,
            )
            for position, (column, parts) in enumerate(
                zip(columns, split, strict=True), 1
            )
        ]

    def record(self, cells: Iterable[Any]) -> dict[str, Any]:
        """One row as a nested record without its empty cells."""
        record: dict[str, Any] = {}
        for (parent, key, is_list, is_said), cell in zip(
            self._places, cells, strict=True
        ):
            if cell is None or (cell == "" and not is_said):
                continue
            value = _listed(cell) if is_list and isinstance(cell, str) else cell
            if parent is None:
                record[key] = value
            else:
                record.setdefault(parent, {})[key] = value
        return record


def _listed(cell: str) -> object:
    """A list written as JSON; other text stays, and the record's reader refuses it by name."""
    try:
        return orjson.loads(cell)
    except orjson.JSONDecodeError:
        return cell


def _cells(column: pa.ChunkedArray) -> list[Any]:
    """A column's cells as Python values; times as ISO text, which has no range that a conversion could leave."""
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        column = column.cast(pa.string())
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        # Text that is not UTF-8 or a time that no datetime holds, somewhere in it: only those cells are lost.
        return [_cell(scalar) for scalar in column]


def _cell(scalar: pa.Scalar) -> object:
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return _NOT_UTF8
    except (ValueError, OverflowError):
        return str(scalar.cast(pa.string()))
