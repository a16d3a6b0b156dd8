"""Files into the working database: import records, or a platform's own answers read by the parser of its spider.

Both end as import records (CONTRACT §3), stored in batches of one transaction each, so a killed import keeps whole
batches and can be repeated.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import polars as pl

from crawlers import drop
from flows import home as home_module
from flows import log
from warehouse import connect, contracts, errors, load, migrate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    import duckdb

    from flows import settings as settings_module


#: Rejected records that are told one by one; the rest are counted.
SHOWN_REJECTS = 5


@dataclasses.dataclass(slots=True)
class Counts:
    """What became of the records of a file or a source."""

    read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    def add(self, other: Counts) -> None:
        """Add another's numbers."""
        for field in dataclasses.fields(self):
            setattr(
                self, field.name, getattr(self, field.name) + getattr(other, field.name)
            )


def import_command(
    settings: settings_module.Settings,
    files: Sequence[str],
    *,
    source: str | None,
    column_map: Sequence[str] = (),
    started_at: datetime,
    wait: bool,
) -> tuple[dict[str, int], int]:
    """Load files into the working database.

    Args:
        settings: Where the home is.
        files: Paths; ``-`` is stdin.
        source: The files are this source's own responses; null for import records.
        column_map: How a vendor's flat table is read: ``COLUMN=FIELD`` or TOML files.
        started_at: Now.
        wait: Wait for a run that is writing.

    Returns:
        Read, new, updated, unchanged and rejected records, and the exit code: 2 when a file gave nothing, 130 when the
        user stopped it (what was counted is stored; importing the file again completes it).

    Raises:
        LockHeldError: somebody is writing and ``wait`` is false.
        InputError: nobody reads this source, or its column map is wrong.
    """
    from crawlers.records import column_map as maps
    from flows.collecting import saved

    mapping = maps.from_options(column_map) if column_map else None
    if mapping is not None and source is None:
        message = "--map needs --source NAME: the platform whose posts the table holds."
        raise errors.InputError(message)
    if source is not None:
        saved.parser(source, mapping)
    home = settings.home
    home.ensure(is_sandbox=False)
    total, code = Counts(), 0
    with (
        home_module.Lock(home, command="import", wait=wait),
        connect.open_work(home.database) as connection,
    ):
        migrate.migrate(connection)
        run_id = f"import-{started_at:%Y%m%dT%H%M%S%f}"
        if source is not None:
            total, code = saved.import_saved(
                connection,
                home,
                files,
                source=source,
                mapping=mapping,
                run_id=run_id,
                imported_at=started_at,
            )
            return dataclasses.asdict(total), code
        batch = _Import(connection, home, run_id, started_at)
        for name in files:
            try:
                if not batch.load_file(name, total):
                    code = 2
            except errors.InputError as error:
                log.say(f"puppetwatch: {error}")
                batch.note(name, "error", Counts(), str(error))
                code = 2
            except KeyboardInterrupt:
                log.say(
                    f"stopped in {name}; what is counted below is stored, import it again for the rest"
                )
                code = 130
                break
    return dataclasses.asdict(total), code


@dataclasses.dataclass(frozen=True, slots=True)
class _Import:
    """One import command's way into the database."""

    connection: duckdb.DuckDBPyConnection
    home: home_module.Home
    run_id: str
    imported_at: datetime

    def load_file(self, name: str, total: Counts) -> bool:
        """Load one file, adding to ``total`` as it goes; whether it gave anything usable."""
        opened: Path | BinaryIO = sys.stdin.buffer if name == "-" else Path(name)
        counts = self._load_records(name, opened, total)
        self.note(name, "ok", counts, None)
        if counts.read == counts.rejected:
            log.say(f"puppetwatch: {name}: all {counts.read:,} records were rejected")
        return counts.read > counts.rejected

    def note(self, name: str, status: str, counts: Counts, reason: str | None) -> None:
        """Log the file in core.fetches."""
        log_fetch(
            self.connection,
            drop.SOURCE,
            name,
            status=status,
            run_id=self.run_id,
            moment=self.imported_at,
            counts=counts,
            reason=reason,
        )

    def _load_records(
        self, name: str, opened: Path | BinaryIO, total: Counts
    ) -> Counts:
        batches = drop.read_batches(
            opened,
            name=name,
            imported_at=self.imported_at,
            hash_key=self.home.hash_key(),
        )
        return load_batches(
            self.connection,
            batches,
            run_id=self.run_id,
            label=f"import {name}",
            total=total,
        )


def load_batches(
    connection: duckdb.DuckDBPyConnection,
    batches: Iterator[drop.Batch],
    *,
    run_id: str,
    label: str,
    total: Counts | None = None,
) -> Counts:
    """Store batches of import records, one transaction each, with progress.

    Args:
        connection: The working database.
        batches: As from ``drop.read_batches``.
        run_id: Stands in the rejects.
        label: What is shown while it goes on.
        total: Counted up batch by batch, so that an interrupted import knows what it stored.

    Returns:
        What became of them; ``read`` is the sum of the others.
    """
    counts = Counts()
    unknown: frozenset[str] = frozenset()
    shown = 0
    first = next(batches, None)
    if first is None:
        return counts
    with log.progress(label, first.bytes_total, unit="bytes") as report:
        batch: drop.Batch | None = first
        while batch is not None:
            with connect.transaction(connection):
                loaded = load.load_posts(connection, batch.posts)
                rejects = batch.rejects.with_columns(pl.lit(run_id).alias("run_id"))
                load.append(connection, contracts.REJECTS, rejects)
            # Equal keys within a batch collapse before loading; they were read and change nothing.
            repeated = batch.read_count - batch.posts.height - batch.rejects.height
            stored = Counts(
                read=batch.read_count,
                new=loaded.new,
                updated=loaded.updated,
                unchanged=loaded.unchanged + repeated,
                rejected=batch.rejects.height,
            )
            counts.add(stored)
            if total is not None:
                total.add(stored)
            unknown |= batch.unknown_fields
            for row in rejects.head(max(0, SHOWN_REJECTS - shown)).iter_rows(
                named=True
            ):
                field = row["field"] or "record"
                log.say(f"{row['file']} line {row['line']}: {field}: {row['reason']}")
            shown += rejects.height
            report(
                batch.bytes_done,
                f"{counts.read:,} records, {counts.rejected:,} rejected",
            )
            batch = next(batches, None)
    if shown > SHOWN_REJECTS:
        log.say(
            f"{label}: {shown - SHOWN_REJECTS:,} more rejects; the next night shows all in analyst.rejects"
        )
    if unknown:
        log.say(
            f"{label}: unknown fields kept in `extra`: {', '.join(sorted(unknown))}"
        )
    return counts


def log_fetch(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    name: str,
    *,
    status: str,
    run_id: str,
    moment: datetime,
    counts: Counts | None = None,
    reason: str | None = None,
) -> None:
    """Note one dropped file or failed crawl in core.fetches."""
    found = counts or Counts()
    row = {
        "source": source,
        "url_or_file": name,
        "fetch_status": status,
        "http_status": None,
        "record_count": found.read - found.rejected,
        "reject_count": found.rejected,
        "reason": reason,
        "fetched_at": moment,
        "run_id": run_id,
    }
    frame = pl.DataFrame([row], schema=dict(contracts.FETCHES.columns))
    load.append(connection, contracts.FETCHES, frame)
