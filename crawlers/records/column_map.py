"""Vendors' flat tables as import records: a map of their columns to the contract's fields, and cells read by kind.

In: a CSV (any usual separator and encoding) or JSON (a list of flat objects, or one a line) and a map such as
``aweme_id=post_id``. Out: one record per row. Invariants: only mapped columns are taken, so that a vendor's tokens and
cookies are not; the others are named once; a cell that cannot be read costs its row, not its neighbours.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson

from crawlers.archive import redaction
from crawlers.records import cells, schema, values
from crawlers.sources import pages, stamps
from crawlers.sources.parsed import Ask, Parsed, Record, Reject, from_records
from warehouse.errors import InputError

#: Every field that a column may be mapped to.
FIELDS: Final = frozenset(
    {"kind", "post_id", "crawled_at", "parent_id", "repost_of", "author.id", *schema.ORIGIN.names, *schema.LINKS.names}
    | {f"{name}.{inner}" for name, group in schema.OBJECTS.items() for inner in group.names}
)  # fmt: skip
_NEEDED: Final = ("post_id", "author.id")
_SEPARATORS: Final = (",", "\t", ";", "|")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """How a vendor's table is read.

    Attributes:
        columns: Column to field. A column is also looked for inside nested objects, by its dotted path.
        constants: Field to the value that all rows have.
    """

    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)

    def as_data(self) -> dict[str, Any]:
        """Plain data, for the archive."""
        return {"columns": dict(self.columns), "constants": dict(self.constants)}


def from_options(options: Sequence[str]) -> ColumnMap:
    """A map from the command line: ``COLUMN=FIELD``, or the name of a TOML file with [columns] and [constants].

    Raises:
        InputError: an option is neither, a field is unknown, or a needed one is missing.
    """
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    for option in options:
        column, equals, name = option.rpartition("=")
        if option.endswith(".toml"):
            table = _table(Path(option))
            columns |= table.get("columns", {})
            constants |= table.get("constants", {})
        elif equals and column.strip():
            columns[column.strip()] = name.strip()
        else:
            message = f"--map {option}: expected COLUMN=FIELD, or a file ending in .toml."  # fmt: skip
            raise InputError(message)
    return from_data({"columns": columns, "constants": constants})


def from_data(data: Mapping[str, Any]) -> ColumnMap:
    """A map from what ``as_data`` gave.

    Raises:
        InputError: a field is unknown, or a needed one is missing.
    """
    found = ColumnMap(dict(data["columns"]), dict(data["constants"]))
    mapped = [*found.columns.values(), *found.constants]
    unknown = sorted(set(mapped) - FIELDS)
    if unknown:
        message = f"--map: unknown field {unknown[0]}. Known: {', '.join(sorted(FIELDS))}."  # fmt: skip
        raise InputError(message)
    missing = [name for name in _NEEDED if name not in mapped]
    if "text" not in mapped and "title" not in mapped:
        missing.append("text or title")
    if missing:
        message = f"--map: no column is mapped to {', '.join(missing)}, which every record needs."  # fmt: skip
        raise InputError(message)
    twice = sorted({name for name in mapped if mapped.count(name) > 1})
    if twice:
        message = f"--map: {twice[0]} is mapped twice."
        raise InputError(message)
    return found


def _table(path: Path) -> dict[str, dict[str, str]]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"--map {path}: cannot be read: {error}."
        raise InputError(message) from error
    is_right = set(table) <= {"columns", "constants"} and all(
        isinstance(part, dict) and all(isinstance(value, str) for value in part.values())
        for part in table.values()
    )  # fmt: skip
    if not is_right:
        message = f'--map {path}: expected tables [columns] ("column" = "field") and [constants] ("field" = "value") of texts.'
        raise InputError(message)
    return table


def without_secret_columns(body: bytes) -> bytes:
    """A CSV without the cells of columns that are named like secrets; anything else comes back unchanged."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"[", b"<", b""}:
        return body
    text = pages.decode(body)
    header, _, _ = text.lstrip("\ufeff").partition("\n")
    for separator in _SEPARATORS:
        names = next(csv.reader([header.rstrip("\r")], delimiter=separator), [])
        secret = [index for index, name in enumerate(names) if redaction.is_secret_field(name.strip())]  # fmt: skip
        if len(names) > 1 and secret:
            return _blanked(text, separator, set(secret))
    return body


def _blanked(text: str, separator: str, columns: set[int]) -> bytes:
    csv.field_size_limit(values.MAX_RECORD_BYTES)
    written = io.StringIO()
    writer = csv.writer(written, delimiter=separator, lineterminator="\n")
    for number, row in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator)):  # fmt: skip
        writer.writerow([redaction.MARK if number and cell and index in columns else cell for index, cell in enumerate(row)])  # fmt: skip
    return written.getvalue().encode(errors="replace")


class Parser:
    """A parser for one vendor's tables, called as every source's is.

    Args:
        platform: Slug of the records.
        columns: How the table is read.
    """

    def __init__(self, platform: str, columns: ColumnMap) -> None:
        self._platform = platform
        self._map = columns

    def __call__(
        self,
        body: bytes,
        *,
        url: str,  # noqa: ARG002 (one signature for all parsers)
        http_status: int | None,  # noqa: ARG002
        fetched_at: datetime,
        ask: Ask | None = None,  # noqa: ARG002
    ) -> Parsed:
        """Read one table."""
        rows = _rows(body, self._map.columns)
        if rows is None:
            return Parsed("schema_drift", reason="neither CSV with the mapped columns nor JSON objects")  # fmt: skip
        records: list[Record] = []
        rejects: list[Reject] = []
        seen: set[str] = set()
        try:
            for number, row in rows:
                if isinstance(row, str):
                    rejects.append(Reject(f"row {number}", row))
                    continue
                seen.update(row)
                try:
                    records.append(self._record(row, fetched_at))
                except values.RecordError as error:
                    rejects.append(Reject(f"row {number}: {error.field}", error.reason))
        except csv.Error as error:
            rejects.append(Reject("table", f"is not CSV from here on: {error}"))
        if not records and not rejects:
            return Parsed("empty", reason="a table without rows")
        if records and not seen.issuperset(name for name in self._map.columns if "." not in name):  # fmt: skip
            lacking = sorted(name for name in set(self._map.columns) - seen if "." not in name)  # fmt: skip
            rejects.append(Reject("columns", f"mapped, but not in the table: {', '.join(lacking)[:200]}"))  # fmt: skip
        unmapped = {name for name in seen if name not in self._map.columns and not any(column.startswith(f"{name}.") for column in self._map.columns)}  # fmt: skip
        return from_records(records, rejects, unknown_fields={f"column {name} (not mapped)" for name in unmapped})  # fmt: skip

    def _record(self, row: Mapping[str, Any], fetched_at: datetime) -> Record:
        record: Record = {"platform": self._platform, "transport": "export", "crawled_at": fetched_at.isoformat()}  # fmt: skip
        mapped = [(name, _looked_up(row, column)) for column, name in self._map.columns.items()]  # fmt: skip
        for name, cell in [*self._map.constants.items(), *mapped]:
            value = cells.value(cell, name)
            if value is None:
                continue
            parent, _, inner = name.rpartition(".")
            if parent:
                record.setdefault(parent, {})[inner] = value
            else:
                record[name] = value
        told = next((cell for name, cell in mapped if name == "published_at"), None)
        if "published_at" in record and "published_precision" not in record:
            record["published_precision"] = stamps.read(told)[1]
        record.setdefault("kind", "post")
        record.setdefault("author", {}).setdefault("id", None)
        for name in _NEEDED:
            owner = record["author"] if name == "author.id" else record
            if not owner.get(name.rpartition(".")[2]):
                raise values.missing(field=name)
        return record


def _rows(body: bytes, columns: Iterable[str]) -> Iterator[tuple[int, dict[str, Any] | str]] | None:  # fmt: skip
    """Numbered rows (the header of a CSV is row 1), or why one is none; null when it is no table."""
    stripped = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if stripped.startswith((b"[", b"{")):
        return _json_rows(stripped)
    return _csv_rows(pages.decode(body), set(columns))


def _json_rows(body: bytes) -> Iterator[tuple[int, dict[str, Any] | str]] | None:
    try:
        whole = orjson.loads(body)
    except orjson.JSONDecodeError:
        lines = [line for line in body.split(b"\n") if line.strip()]
        return ((number, _json_object(line)) for number, line in enumerate(lines, 1))
    listed = whole
    if isinstance(whole, dict):
        # An envelope: its one list of objects is the table, otherwise it is a row itself.
        tables = [part for part in whole.values() if isinstance(part, list) and part and isinstance(part[0], dict)]  # fmt: skip
        listed = tables[0] if len(tables) == 1 else [whole]
    if not isinstance(listed, list):
        return None
    return ((number, row if isinstance(row, dict) else "expected an object") for number, row in enumerate(listed, 1))  # fmt: skip


def _json_object(line: bytes) -> dict[str, Any] | str:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return "is not valid JSON"
    return row if isinstance(row, dict) else "expected an object"


def _csv_rows(text: str, columns: set[str]) -> Iterator[tuple[int, dict[str, Any] | str]] | None:  # fmt: skip
    csv.field_size_limit(values.MAX_RECORD_BYTES)
    header = text.lstrip("\ufeff\r\n").partition("\n")[0].rstrip("\r")
    found = max(_SEPARATORS, key=lambda separator: len(columns.intersection(_names(header, separator))))  # fmt: skip
    names = _names(header, found)
    if not columns.intersection(names):
        return None
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff\r\n"), newline=""), delimiter=found)  # fmt: skip
    next(reader)
    return (
        (number, dict(zip(names, row, strict=True)) if len(row) == len(names) else f"expected {len(names)} columns, found {len(row)}")
        for number, row in enumerate(reader, 2)
        if any(row)
    )  # fmt: skip


def _names(header: str, separator: str) -> list[str]:
    return [name.strip() for name in next(csv.reader([header], delimiter=separator), [])]  # fmt: skip


def _looked_up(row: Mapping[str, Any], column: str) -> object:
    if column in row:
        return row[column]
    found: object = row
    for part in column.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
