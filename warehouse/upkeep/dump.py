"""The irreplaceable part of a working database as one file, and a database made of it again.

In: a working database. Out: a DuckDB file with the rows of every table that cannot be computed again, and back. What a
table is worth stands in its own comment: caches (``Retention: dropped when …``) and the staging of a release
(``Retention: emptied when …``) are left out, everything else is kept, so a table that is added later is in the dump
without a word here.

Invariants: types survive (Parquet would round 128-bit digests); a dump names the migrations that its tables were made by,
and is read into exactly that schema before newer migrations run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse import connect, errors, migrate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

#: Words in a table's comment that say that it need not be kept.
_PASSING = ("Retention: dropped when", "Retention: emptied when")


def kept_tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    """``schema.table`` of what a dump holds, sorted; the list of migrations is not among them."""
    rows = con.execute(
        """select schema_name || '.' || table_name, coalesce(comment, '')
        from duckdb_tables()
        where schema_name in ('raw', 'core') and database_name = current_database()
        order by 1"""
    ).fetchall()
    return [
        name
        for name, comment in rows
        if name != "core.migrations" and not any(word in comment for word in _PASSING)
    ]


def write_dump(con: duckdb.DuckDBPyConnection, path: Path) -> dict[str, int]:
    """Copy the kept tables into a new database file, compact and complete on disk.

    Args:
        con: The working database, migrated; only read.
        path: The file; it must not exist.

    Returns:
        Number of rows by table.
    """
    tables = kept_tables(con)
    con.execute(
        f"attach '{_escaped(path)}' as dump (storage_version '{connect.STORAGE_VERSION}')"
    )
    try:
        con.execute("create schema dump.raw")
        con.execute("create schema dump.core")
        for table in tables:
            con.execute(f"create table dump.{table} as from {table}")
        counts = {table: _count(con, f"dump.{table}") for table in tables}
        con.execute("checkpoint dump")
    finally:
        con.execute("detach dump")
    return counts


def read_dump(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    *,
    applied: Sequence[tuple[int, str]],
) -> dict[str, int]:
    """Fill an empty database from a dump, in the dump's schema, and bring it to this code's.

    Args:
        con: A new database, not migrated.
        path: As from ``write_dump``.
        applied: Version and checksum of the migrations that the dumped database had, in order.

    Returns:
        Number of rows by table.

    Raises:
        MigrationError: the dump is of a newer program, or of one whose migrations were others.
    """
    scripts = migrate.scripts()
    known = [(script.version, script.checksum) for script in scripts]
    if list(applied) != known[: len(applied)]:
        message = (
            f"The backup's tables were made by {len(applied)} migrations, of which this program knows the first "
            f"{_agreeing(applied, known)}. Nothing was restored. Use the program that wrote the backup or a newer one."
        )
        raise errors.MigrationError(message)
    migrate.migrate(con, known=scripts[: len(applied)])
    con.execute(f"attach '{_escaped(path)}' as dump (read_only)")
    try:
        tables = kept_tables(con)
        with connect.transaction(con):
            for table in tables:
                con.execute(f"delete from {table}")  # noqa: S608 -- names come from the catalogue
                con.execute(f"insert into {table} by name from dump.{table}")
        counts = {table: _count(con, table) for table in tables}
    finally:
        con.execute("detach dump")
    migrate.migrate(con)
    return counts


def applied(con: duckdb.DuckDBPyConnection) -> list[tuple[int, str]]:
    """Version and checksum of the migrations that a database had, in order."""
    return [
        (int(version), str(checksum))
        for version, checksum in con.execute(
            "select version, checksum from core.migrations order by version"
        ).fetchall()
    ]


def _agreeing(
    found: Sequence[tuple[int, str]], known: Sequence[tuple[int, str]]
) -> int:
    """How many of both agree from the start."""
    for count, (one, other) in enumerate(zip(found, known, strict=False)):
        if one != other:
            return count
    return min(len(found), len(known))


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    row = con.execute(f"select count(*) from {table}").fetchone()  # noqa: S608 -- names come from the catalogue
    return int(row[0]) if row is not None else 0


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")
