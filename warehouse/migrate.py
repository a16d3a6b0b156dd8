"""Bring a working database to this code's schema, forward only.

In: a connection and the numbered files in ``migrations/``. Out: the same database with every file applied once, in
order, and a row per file in ``core.migrations``.

Invariants: each file runs in one transaction together with its row, so a killed migration leaves the database at a whole
version. A file that was applied must never change: its checksum is stored and compared. A database that knows more than
this code is not touched.
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from typing import TYPE_CHECKING

from warehouse import connect, errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

logger = logging.getLogger(__name__)

_FILE_NAME = re.compile(r"(?P<version>\d{4})_(?P<name>[a-z0-9_]+)\.sql")

_BOOKKEEPING = """
create schema if not exists core;
create table if not exists core.migrations (
    version bigint not null,
    name varchar not null,
    checksum varchar not null,
    applied_at timestamptz not null
);
comment on table core.migrations is 'Schema changes applied to this database. Grain: migration. Retention: kept.';
comment on column core.migrations.version is 'Number of the migration; they are applied in this order.';
comment on column core.migrations.name is 'Name of its file without the number.';
comment on column core.migrations.checksum is 'SHA-256 of its file when it was applied.';
comment on column core.migrations.applied_at is 'When it was applied, UTC.';
"""


@dataclass(frozen=True, slots=True)
class Script:
    """A migration file: ``0002_add_edges.sql`` has version 2 and name ``add_edges``."""

    version: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the file's text, hexadecimal."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Migration:
    """A known migration; ``applied_at`` is null while it waits."""

    version: int
    name: str
    applied_at: datetime | None


def scripts() -> list[Script]:
    """The migrations of this code, in order.

    Raises:
        MigrationError: a file has another kind of name, or numbers are missing or doubled.
    """
    found = []
    for entry in resources.files("warehouse").joinpath("migrations").iterdir():
        if not entry.name.endswith(".sql"):
            continue
        match = _FILE_NAME.fullmatch(entry.name)
        if match is None:
            message = f"Migration {entry.name} is not named like 0007_add_case_events.sql. Rename it."
            raise errors.MigrationError(message)
        found.append(
            Script(
                int(match["version"]), match["name"], entry.read_text(encoding="utf-8")
            )
        )
    found.sort(key=lambda script: script.version)
    numbers = [script.version for script in found]
    if numbers != list(range(1, len(found) + 1)):
        message = f"Migrations are numbered {numbers}, expected 1 to {len(found)} without gaps. Renumber the new ones."
        raise errors.MigrationError(message)
    return found


def migrations(
    con: duckdb.DuckDBPyConnection, *, known: Sequence[Script] | None = None
) -> list[Migration]:
    """What is applied and what waits, by version. Changes nothing.

    Raises:
        MigrationError: an applied migration was edited, or the database is newer than this code.
    """
    known = scripts() if known is None else known
    applied = _applied(con)
    _refuse_strangers(known, applied)
    return [
        Migration(
            script.version,
            script.name,
            applied[script.version][2] if script.version in applied else None,
        )
        for script in known
    ]


def migrate(
    con: duckdb.DuckDBPyConnection,
    *,
    applied_at: datetime | None = None,
    known: Sequence[Script] | None = None,
) -> list[Migration]:
    """Apply what waits and return it; an up-to-date database is left as it is.

    Args:
        con: The working database, opened for writing.
        applied_at: What to note as the time; null for now.
        known: The migrations to apply; null for those of this code.

    Raises:
        MigrationError: an applied migration was edited, or the database is newer than this code.
    """
    known = scripts() if known is None else known
    waiting = {
        item.version for item in migrations(con, known=known) if item.applied_at is None
    }
    if not waiting:
        return []
    con.execute(_BOOKKEEPING)
    done = []
    for script in known:
        if script.version not in waiting:
            continue
        at = applied_at or datetime.now(UTC)
        with connect.transaction(con):
            con.execute(script.sql)
            con.execute(
                "insert into core.migrations values ($version, $name, $checksum, $at)",
                {
                    "version": script.version,
                    "name": script.name,
                    "checksum": script.checksum,
                    "at": at,
                },
            )
        logger.info(
            "migrated", extra={"version": script.version, "migration": script.name}
        )
        done.append(Migration(script.version, script.name, at))
    return done


def _applied(con: duckdb.DuckDBPyConnection) -> dict[int, tuple[str, str, datetime]]:
    exists = con.execute(
        "select count(*) from duckdb_tables() where schema_name = 'core' and table_name = 'migrations'"
        " and database_name = current_database()"
    ).fetchone()
    if exists is None or not exists[0]:
        return {}
    frame = con.sql(
        "select version, name, checksum, applied_at from core.migrations order by version"
    ).pl()
    return {
        version: (name, checksum, at) for version, name, checksum, at in frame.rows()
    }


def _refuse_strangers(
    known: Sequence[Script], applied: dict[int, tuple[str, str, datetime]]
) -> None:
    newest_known = max((script.version for script in known), default=0)
    newest_applied = max(applied, default=0)
    if newest_applied > newest_known:
        message = (
            f"The database is at version {newest_applied} ({applied[newest_applied][0]}), this program knows versions up "
            f"to {newest_known}. Nothing was changed. Install the program that wrote it or a newer one, or restore a "
            "backup into an empty home."
        )
        raise errors.MigrationError(message)
    for script in known:
        if script.version in applied and applied[script.version][1] != script.checksum:
            message = (
                f"Migration {script.version:04d}_{script.name} was applied with checksum "
                f"{applied[script.version][1][:12]}, its file now has {script.checksum[:12]}. Nothing was changed. "
                "Bring the file back to what was released and put the change into a new migration."
            )
            raise errors.MigrationError(message)
