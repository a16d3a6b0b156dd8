"""A new snapshot that differs from the current one in a few tables only: published within seconds, whatever its size.

In: the current snapshot and the working database. Out: a complete snapshot of another run beside it, for ``publish.swing``.

Invariants: what is not named is taken from the *published* snapshot, never from the working database, so nothing that was
not checked becomes visible. The current snapshot is only read. Tables that it does not have, because an older version
made it, are left out.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from warehouse import atomic, connect, errors, tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    import duckdb


def amend_snapshot(
    work: duckdb.DuckDBPyConnection,
    current: Path,
    run_id: str,
    *,
    views: Sequence[str],
    as_of: datetime,
    with_staged_release: bool,
) -> Path:
    """Build a snapshot like the current one, with some tables as the working database has them.

    Args:
        work: The working database; only read.
        current: ``published/current.duckdb``.
        run_id: Name of the new snapshot.
        views: Names of ``tables.VIEWS`` to take anew.
        as_of: Decisions after it are left out.
        with_staged_release: Show the watchlist as it will be once the staged release is visible.

    Returns:
        ``published/<run_id>.duckdb``, complete and not yet current.

    Raises:
        InputError: the run id was published already.
        ServiceError: the disk is full or cannot be written; nothing is visible.
    """
    directory, before = current.parent, current.resolve(strict=True)
    target, folder = directory / f"{run_id}.duckdb", directory / run_id
    if target.exists() or folder.exists():
        message = f"{target} was published already and is never changed. Start a run with another id."
        raise errors.InputError(message)
    with atomic.disk_errors(f"Snapshot {run_id}", directory):
        building = atomic.unfinished(directory, run_id)
        atomic.remove(building)
        try:
            building.mkdir()
            shutil.copyfile(before, building / "snapshot.duckdb")
            changed = _refill(work, building / "snapshot.duckdb", views, as_of=as_of, with_staged_release=with_staged_release)  # fmt: skip
            parquet = building / "parquet"
            parquet.mkdir()
            _link(before.with_suffix(""), parquet, but=changed)
            _export(building / "snapshot.duckdb", parquet, changed)
            atomic.sync_tree(building)
            parquet.rename(folder)
            (building / "snapshot.duckdb").rename(target)
            atomic.sync(directory)
        except BaseException:
            # The tables may have their name already; without the database beside them they are nobody's.
            if not target.exists():
                atomic.remove(folder)
            raise
        finally:
            atomic.remove(building)
    return target


def _refill(
    work: duckdb.DuckDBPyConnection,
    path: Path,
    views: Sequence[str],
    *,
    as_of: datetime,
    with_staged_release: bool,
) -> list[str]:
    """Replace the rows of the tables that the snapshot has in this code's shape; returns their names."""
    work.execute(f"attach {connect.quoted(str(path))} as snapshot")
    try:
        changed = []
        for view in views:
            query = tables.select(view, with_staged_release=with_staged_release)
            values = {"as_of": as_of} if "$as_of" in query else {}
            if _columns(work, view) != list(tables.contract(view).columns):
                continue
            work.execute(f"delete from snapshot.core.{view}")  # noqa: S608 -- names come from tables
            work.execute(f"insert into snapshot.core.{view} {query}", values)
            changed.append(view)
    finally:
        work.execute("detach snapshot")
    return changed


def _columns(work: duckdb.DuckDBPyConnection, view: str) -> list[str]:
    rows = work.execute(
        "select column_name from duckdb_columns() where database_name = 'snapshot' and schema_name = 'core'"
        " and table_name = $view order by column_index",
        {"view": view},
    ).fetchall()
    return [name for (name,) in rows]


def _link(folder: Path, parquet: Path, *, but: Sequence[str]) -> None:
    """The other tables' files, which never change, under a second name; copied where links are not possible."""
    skipped = {f"{view}.parquet" for view in but}
    for path in sorted(folder.glob("*.parquet")):
        if path.name not in skipped:
            try:
                os.link(path, parquet / path.name)
            except OSError:
                shutil.copyfile(path, parquet / path.name)


def _export(path: Path, parquet: Path, views: Sequence[str]) -> None:
    con = connect.open_existing(path)
    try:
        for view in views:
            file = connect.quoted(str(parquet / f"{view}.parquet"))
            con.execute(
                f"copy (from analyst.{view}) to {file} (format parquet, compression zstd)"
            )
        con.execute("checkpoint")
    finally:
        con.close()
