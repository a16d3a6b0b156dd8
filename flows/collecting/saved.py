"""Saved answers into the working database and the archive: what ``import --source NAME FILE…`` does.

The answers of all files are read and spooled first, then their archive file moves in, then their records are loaded by
the code that loads every file. A run that is killed leaves whole batches, and importing the files again completes it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import polars as pl

from crawlers import drop, evidence, items
from crawlers.archive import redaction
from crawlers.files import drops
from crawlers.records import column_map, values
from crawlers.sources import catalogue
from crawlers.sources.parsed import SUCCESS
from flows import log
from flows.collecting import album, imports
from flows.keeping import archive
from warehouse import connect, contracts, errors, load

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    import duckdb

    from crawlers.sources.parsed import Parsed
    from flows import home as home_module


def parser(source: str, mapping: column_map.ColumnMap | None) -> Callable[..., Parsed]:
    """Who reads a source's saved answers.

    Raises:
        InputError: nobody does.
    """
    if mapping is not None:
        return column_map.Parser(source, mapping)
    if source not in catalogue.SOURCES:
        message = (
            f"No parser for source {source!r}. Known: {', '.join(sorted(catalogue.SOURCES))}. "
            "A flat table of any platform loads with --map COLUMN=FIELD."
        )
        raise errors.InputError(message)
    return catalogue.SOURCES[source].parse


def import_saved(
    connection: duckdb.DuckDBPyConnection,
    home: home_module.Home,
    files: Sequence[str],
    *,
    source: str,
    mapping: column_map.ColumnMap | None,
    run_id: str,
    imported_at: datetime,
) -> tuple[imports.Counts, int]:
    """Load saved answers.

    Args:
        connection: The working database, migrated; the caller holds the lock.
        home: Where the archive is.
        files: Paths of files or folders; ``-`` is stdin.
        source: Whose answers they are.
        mapping: How a vendor's table is read; null for the source's own shapes.
        run_id: Stands in fetches, rejects and evidence.
        imported_at: When answers that do not say are taken to have come.

    Returns:
        What became of the records, and the exit code: 2 when a file gave nothing usable, 130 when the user stopped it.

    Raises:
        InputError: nobody reads this source.
    """
    parse = parser(source, mapping)
    archive.adopt(connection, home)
    directory = home.work / "staging" / run_id
    directory.mkdir(parents=True)
    spool = _Spool(directory, source=source, mapping=mapping, imported_at=imported_at, hash_key=home.hash_key(), run_id=run_id)  # fmt: skip
    code = 0
    try:
        for name in files:
            try:
                if not spool.read(name, parse):
                    code = 2
            except errors.InputError as error:
                log.say(f"puppetwatch: {error}")
                spool.note(name, "error", reason=str(error))
                code = 2
    except KeyboardInterrupt:
        log.say(f"stopped in {name}; what is counted below is stored, import it again for the rest")  # fmt: skip
        code = 130
    counts = spool.load(connection, home)
    shutil.rmtree(directory)
    return counts, code


class _Spool:
    """What an import has read so far, on disk but for its logs."""

    def __init__(
        self,
        directory: Path,
        *,
        source: str,
        mapping: column_map.ColumnMap | None,
        imported_at: datetime,
        hash_key: bytes,
        run_id: str,
    ) -> None:
        self._source = source
        self._columns = mapping.as_data() if mapping is not None else None
        self._imported_at = imported_at
        self._hash_key = hash_key
        self._run_id = run_id
        self._records = directory / "records.jsonl"
        self._staged = directory / f"evidence{evidence.SUFFIX}"
        self._archive = evidence.Writer(self._staged, source=source)
        self._file = self._records.open("wb")
        self._fetches: list[dict[str, Any]] = []
        self._rejects: list[dict[str, Any]] = []
        self._unknown: set[str] = set()
        self._album = album.Album(imported_at)

    def read(self, name: str, parse: Callable[..., Parsed]) -> bool:
        """Read one file or folder; whether anything in it is usable."""
        is_usable = False
        saved = drops.read(
            sys.stdin.buffer if name == "-" else Path(name),
            name=name,
            source=self._source,
            parse=parse,
            imported_at=self._imported_at,
            hash_key=self._hash_key,
            is_private=self._columns is None
            and catalogue.SOURCES[self._source].is_private,
        )
        for answer in saved:
            self._take(answer)
            is_usable |= answer.parsed.fetch_status in SUCCESS or bool(answer.parsed.records)  # fmt: skip
            if answer.parsed.fetch_status not in SUCCESS:
                log.say(f"puppetwatch: {answer.name} is no usable answer of {self._source}: {answer.parsed.fetch_status} ({answer.parsed.reason})")  # fmt: skip
        return is_usable

    def _take(self, answer: drops.Saved) -> None:
        if answer.is_picture:
            reason = self._album.add(answer.name, answer.url, answer.received)
            status = "ok" if reason is None else "error"
            self.note(answer.name, status, reason=reason or answer.parsed.reason)
            return
        digest = None
        if answer.kept is not None:
            digest = self._archive.write(
                answer.kept,
                url=redaction.url(answer.url) if "://" in answer.url else answer.url,
                fetched_at=answer.fetched_at,
                http_status=answer.http_status if "://" in answer.url else None,
                headers=redaction.headers(answer.headers),
                received=answer.received,
                columns=self._columns,
            )
        parsed = answer.parsed
        rejects = [(each.field, each.reason) for each in parsed.rejects]
        count = 0
        for record in parsed.records:
            whole = {**record, "evidence_sha256": digest}
            try:
                items.parse_record(whole, source=self._source, imported_at=self._imported_at, hash_key=self._hash_key)  # fmt: skip
            except values.RecordError as error:
                rejects.append((error.field or "record", error.reason))
                continue
            self._file.write(orjson.dumps(whole, option=orjson.OPT_APPEND_NEWLINE))
            count += 1
        self._rejects += [
            {"source": self._source, "file": answer.name, "line": None, "field": field, "reason": reason,
             "seen_at": self._imported_at, "run_id": self._run_id}
            for field, reason in rejects
        ]  # fmt: skip
        new = parsed.unknown_fields - self._unknown
        if new:
            self._unknown |= new
            log.say(
                f"{answer.name}: fields that nobody reads: {', '.join(sorted(new))}"
            )
        self.note(
            answer.name,
            parsed.fetch_status,
            reason=parsed.reason,
            http_status=answer.http_status,
            record_count=count,
            reject_count=len(rejects),
        )

    def note(
        self,
        name: str,
        status: str,
        *,
        reason: str | None,
        http_status: int | None = None,
        record_count: int = 0,
        reject_count: int = 0,
    ) -> None:
        """Note one file or answer for core.fetches."""
        self._fetches.append(
            {"source": self._source, "url_or_file": name, "fetch_status": status, "http_status": http_status,
             "record_count": record_count, "reject_count": reject_count, "reason": reason,
             "fetched_at": self._imported_at, "run_id": self._run_id}
        )  # fmt: skip

    def load(self, connection: duckdb.DuckDBPyConnection, home: home_module.Home) -> imports.Counts:  # fmt: skip
        """Move the archive in, store the records, then the logs."""
        self._file.close()
        self._archive.close()
        kept = archive.move_in(self._staged, home, source=self._source, run_id=self._run_id)  # fmt: skip
        counts = imports.Counts(read=len(self._rejects), rejected=len(self._rejects))
        if self._records.stat().st_size:
            batches = drop.read_batches(
                self._records, name=self._source, imported_at=self._imported_at, hash_key=self._hash_key, source=self._source
            )  # fmt: skip
            counts.add(imports.load_batches(connection, batches, run_id=self._run_id, label=f"import {self._source}"))  # fmt: skip
        with connect.transaction(connection):
            self._album.keep(connection)
            for contract, rows in ((contracts.REJECTS, self._rejects), (contracts.FETCHES, self._fetches)):  # fmt: skip
                load.append(connection, contract, pl.DataFrame(rows, schema=dict(contract.columns)))  # fmt: skip
            if kept is not None:
                load.append(connection, contracts.EVIDENCE, archive.rows(home.evidence / kept, run_id=self._run_id))  # fmt: skip
        return counts


def known_parser(answer: evidence.Answer) -> Callable[..., Parsed] | None:
    """Today's parser for an archived answer; null where there is none any more."""
    if answer.columns is not None:
        return column_map.Parser(answer.source, column_map.from_data(answer.columns))
    found = catalogue.SOURCES.get(answer.source)
    return found.parse if found is not None else None
