"""Which kind of file it is, told by content first and by name second, and its records one by one.

An opened source goes in; numbered records come out: JSON lines as bytes, rows of CSV and Parquet as nested objects, and
in place of what cannot be a record the reason. Invariant: a file that no part of can be read is an ``InputError`` with
the way out, before anything was delivered.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO, Literal

from crawlers.files import streams, tabular
from crawlers.records import values
from warehouse.errors import InputError

Kind = Literal["jsonl", "csv", "parquet"]

#: What was found at a line or row: a JSON line, a nested record, or why it is neither.
Found = bytes | dict[str, Any] | values.RecordError

#: As much is looked at to tell the kind.
_HEAD = 64 << 10
_JSONL_NAMES = (".jsonl", ".ndjson", ".json")
_PARQUET_MAGIC = b"PAR1"
_WAY_OUT = "Nothing was read. Give import records as JSONL (one object a line), CSV or Parquet, also packed with gzip or zstd."


def records(source: streams.Source, *, name: str) -> Iterator[tuple[int, Found]]:
    """Every non-empty line or row with its number from 1.

    Raises:
        InputError: nothing of it can be read.
        DamagedError: reading stopped; what was delivered stands.
    """
    try:
        is_plain_parquet = source.peek(4) == _PARQUET_MAGIC
        file = source.seekable_file() if is_plain_parquet else None
    except OSError as error:
        message = (
            f"{name}: cannot be read ({error.strerror or error}). Nothing was read."
        )
        raise InputError(message) from error
    if file is not None:
        yield from _parquet(source, file, name)
        return
    content = streams.chunks(source)
    head, damage = _head(content, name)
    kind = sniff(head, name)
    whole = _whole(head, damage, content)
    if kind == "parquet":
        with tempfile.TemporaryFile() as spool:
            try:
                for piece in whole:
                    spool.write(piece)
            except streams.DamagedError as error:
                message = f"{name}: {error}. Nothing was read: a Parquet file without its end has no rows."
                raise InputError(message) from error
            spool.seek(0)
            yield from _parquet(source, spool, name)
        return
    lines = streams.lines(whole, limit=values.MAX_RECORD_BYTES)
    if kind == "csv":
        header = head.split(b"\n", 1)[0].decode()
        yield from tabular.csv_records(
            lines, name=name, separator=tabular.delimiter(header) or ","
        )
        return
    for number, line in lines:
        if line is None:
            yield number, values.too_long()
        elif line and not line.isspace():
            yield number, line


def sniff(head: bytes, name: str) -> Kind:
    """The kind of file that begins with these unpacked bytes.

    Raises:
        InputError: none that can be imported; says what it looks like and what to do.
    """
    if head.startswith(_PARQUET_MAGIC):
        return "parquet"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = f"{name}: is UTF-16. Nothing was read. Save it as UTF-8, for example: iconv -f UTF-16 -t UTF-8"
        raise InputError(message)
    if head.startswith(b"PK\x03\x04"):
        message = f"{name}: is a zip or an Excel workbook. {_WAY_OUT}"
        raise InputError(message)
    lines = [line.rstrip() for line in head.split(b"\n") if line.strip()]
    first = lines[0] if lines else b""
    if first.lstrip().startswith(b"["):
        message = f"{name}: is one JSON array. Nothing was read. Write one object a line, for example: jq -c '.[]' FILE"
        raise InputError(message)
    if any(line.startswith(b"{") for line in lines[:1]) and _is_spread(lines):
        message = f"{name}: spreads an object over several lines. Nothing was read. Write one a line: jq -c . FILE"
        raise InputError(message)
    if first.startswith(b"{"):
        return "jsonl"
    if _is_csv(first):
        return "csv"
    # The first lines may be broken; a later one that looks right is enough.
    if any(line.startswith(b"{") for line in lines):
        return "jsonl"
    return _named_kind(head, first, name)


def _is_spread(lines: list[bytes]) -> bool:
    """Whether one JSON value stands over several lines, as pretty-printers write it."""
    return (
        lines[0].endswith((b"{", b",", b"["))
        and len(lines) > 1
        and not any(line.startswith(b"{") for line in lines[1:])
    )


def _is_csv(header: bytes) -> bool:
    try:
        return tabular.delimiter(header.decode()) is not None
    except UnicodeDecodeError:
        return False


def _named_kind(head: bytes, first: bytes, name: str) -> Kind:
    """The kind by name, for content that shows none."""
    if b"\0" in head:
        message = f"{name}: is binary data. {_WAY_OUT}"
        raise InputError(message)
    try:
        first.decode()
    except UnicodeDecodeError:
        message = f"{name}: is not UTF-8 text. {_WAY_OUT} Chinese spreadsheets are often GB18030: iconv -f GB18030 -t UTF-8"
        raise InputError(message) from None
    bare = name.lower().removesuffix(".gz").removesuffix(".zst")
    if bare.endswith(_JSONL_NAMES) or not first:
        return "jsonl"
    if bare.endswith((".csv", ".tsv")):
        message = f"{name}: its first line does not name the columns {', '.join(sorted(tabular.REQUIRED))}. {_WAY_OUT}"
        raise InputError(message)
    message = f"{name}: looks like none of the kinds that can be imported. {_WAY_OUT}"
    raise InputError(message)


def _head(
    content: Iterator[bytes], name: str
) -> tuple[bytes, streams.DamagedError | None]:
    """The first bytes, and the damage if it lies within them."""
    gathered = b""
    try:
        for piece in content:
            gathered += piece
            if len(gathered) >= _HEAD:
                return gathered, None
    except streams.DamagedError as error:
        if not gathered:
            message = f"{name}: {error}. Nothing was read."
            raise InputError(message) from error
        return gathered, error
    if not gathered.strip():
        message = f"{name}: is empty. Nothing was read."
        raise InputError(message)
    return gathered, None


def _whole(
    head: bytes, damage: streams.DamagedError | None, rest: Iterator[bytes]
) -> Iterator[bytes]:
    yield head
    if damage is not None:
        raise damage
    yield from rest


def _parquet(
    source: streams.Source, file: BinaryIO, name: str
) -> Iterator[tuple[int, Found]]:
    parquet = tabular.open_parquet(file, name=name)
    row_count = parquet.metadata.num_rows
    for number, record in tabular.parquet_records(parquet, name=name):
        # Columns lie apart, so that bytes read say little; rows do.
        source.bytes_done = (source.bytes_total or 0) * number // row_count
        yield number, record
