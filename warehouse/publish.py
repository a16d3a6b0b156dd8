"""The snapshot that analysts open: built aside, checked by reading it whole, then shown by swinging one symlink.

In: the working database after a run. Out: ``published/<run_id>.duckdb`` with the ``analyst`` views over materialised,
ordered ``core`` tables, and the same views as Parquet in ``published/<run_id>/``.

Invariants: nothing has its public name before it is complete and on disk. A published file never changes; a reader keeps
the one it opened. The same data give identical tables, in the same order.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib import resources
from typing import TYPE_CHECKING

from warehouse import atomic, connect, errors, tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

#: Sorting a gigabyte of texts fails within the 512 MB that suffice elsewhere; with this it spills to the disk.
COPY_MEMORY = "3GB"

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def build_snapshot(
    work: duckdb.DuckDBPyConnection,
    directory: Path,
    run_id: str,
    *,
    as_of: datetime,
    with_staged_release: bool = False,
    memory_limit: str = COPY_MEMORY,
) -> Path:
    """Build the snapshot of a run; it is complete but not yet the current one.

    Args:
        work: The working database, migrated; only read.
        directory: ``published/`` of the home; made if it is missing.
        run_id: Name of the snapshot.
        as_of: Posts, decisions and crawls after it are left out.
        with_staged_release: Show the watchlist as it will be once the staged release is visible (ledger.py).
        memory_limit: What DuckDB may hold while it reads the finished snapshot.

    Returns:
        ``directory/<run_id>.duckdb``; hand it to ``swing``.

    Raises:
        InputError: the run id is no file name, or was published already.
        ServiceError: the disk is full or cannot be written; nothing is visible.
    """
    if not _RUN_ID.fullmatch(run_id):
        message = f"Run id {run_id!r} cannot name a file. Use letters, digits, dot, dash and underscore."
        raise errors.InputError(message)
    target, folder = directory / f"{run_id}.duckdb", directory / run_id
    if target.exists() or folder.exists():
        message = f"{target} was published already and is never changed. Start a run with another id."
        raise errors.InputError(message)
    with atomic.disk_errors(f"Snapshot {run_id}", directory):
        directory.mkdir(parents=True, exist_ok=True)
        atomic.remove_unfinished(directory)
        building = atomic.unfinished(directory, run_id)
        try:
            building.mkdir()
            parquet = building / "parquet"
            parquet.mkdir()
            with connect.memory(work, COPY_MEMORY):
                _copy_tables(work, building / "snapshot.duckdb", as_of=as_of, with_staged_release=with_staged_release)  # fmt: skip
            _finish(building / "snapshot.duckdb", parquet, work=work, memory_limit=memory_limit)  # fmt: skip
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


def swing(link: Path, target: Path) -> None:
    """Point a symlink at something complete, in one step that a reader sees either before or after.

    Args:
        link: The public name, for example ``published/current.duckdb``; made if it is missing.
        target: What it shall point to, in the same directory.

    Raises:
        InputError: the target is not there or lies elsewhere, or something that is no symlink has the public name.
        ServiceError: the directory cannot be written; the link points where it pointed.
    """
    if not target.exists() or target.parent.resolve() != link.parent.resolve():
        message = f"{link} was not moved: {target} does not exist beside it."
        raise errors.InputError(message)
    if link.exists() and not link.is_symlink():
        message = (
            f"{link} is not a symlink and is not replaced. Move it away and run again."
        )
        raise errors.InputError(message)
    with atomic.disk_errors(str(link), link.parent):
        fresh = atomic.unfinished(link.parent, link.name)
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(target.name)
        fresh.replace(link)
        atomic.sync(link.parent)


def prune(
    directory: Path,
    keep: int,
    *,
    gigabytes: float | None = None,
    link: str = "current.duckdb",
) -> list[str]:
    """Remove all but the newest snapshots, and what killed runs left behind; the current one always stays.

    Args:
        directory: ``published/`` of the home.
        keep: How many snapshots stay, at least 1. Two or more spare readers that are just opening the one before.
        gigabytes: What all snapshots and their Parquet may take together (10⁹ bytes each); older ones go until they fit,
            but two stay whatever their size. Null for no such limit.
        link: Name of the symlink to the current snapshot.

    Returns:
        Run ids that were removed, oldest first.
    """
    if keep < 1:
        message = f"Asked to keep {keep} snapshots; at least 1 must stay. Nothing was removed."
        raise errors.InputError(message)
    atomic.remove_unfinished(directory)
    current = (directory / link).resolve()
    snapshots = sorted(
        (path for path in directory.glob("*.duckdb") if not path.is_symlink()),
        key=lambda path: (
            path.resolve() == current,
            path.stat().st_mtime_ns,
            path.name,
        ),
    )
    gone = snapshots[:-keep]
    if gigabytes is not None:
        kept = snapshots[len(gone) :]
        room = gigabytes * 1e9 - sum(_size(path) for path in kept)
        for path in kept[:-2]:
            if room >= 0:
                break
            room += _size(path)
            gone.append(path)
    for path in gone:
        atomic.remove(path)
        atomic.remove(path.with_suffix(""))
    names = {path.name for path in snapshots} - {path.name for path in gone}
    for path in directory.iterdir():  # tables whose database a kill took away
        if path.is_dir() and f"{path.name}.duckdb" not in names:
            atomic.remove(path)
    return [path.stem for path in gone]


def _size(snapshot: Path) -> int:
    """Bytes of a snapshot and its Parquet."""
    folder = snapshot.with_suffix("")
    tables = folder.glob("*") if folder.is_dir() else ()
    return snapshot.stat().st_size + sum(path.stat().st_size for path in tables)


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create all ``analyst`` views, with their comments, over the ``core`` tables of a snapshot."""
    con.execute("create schema if not exists analyst")
    views = resources.files("warehouse").joinpath("views")
    for view in tables.VIEWS:
        con.execute(views.joinpath(f"{view}.sql").read_text(encoding="utf-8"))


def create_empty_posts(con: duckdb.DuckDBPyConnection) -> None:
    """Give a migrated database the one table of a snapshot that it lacks, so that the views can be described."""
    con.execute(
        f"create table core.posts as select * from ({tables.POSTS}) limit 0",  # noqa: S608 -- a constant
        {"as_of": datetime(1970, 1, 1, tzinfo=UTC)},
    )


def _copy_tables(
    work: duckdb.DuckDBPyConnection,
    path: Path,
    *,
    as_of: datetime,
    with_staged_release: bool,
) -> None:
    """Copy what the views show into a new database file, in the order in which it is mostly read."""
    work.execute(
        f"attach {_quoted(str(path))} as snapshot (storage_version '{connect.STORAGE_VERSION}')"
    )
    try:
        work.execute("create schema snapshot.core")
        for view in tables.VIEWS:
            query = tables.select(view, with_staged_release=with_staged_release)
            values = {"as_of": as_of} if "$as_of" in query else {}
            work.execute(f"create table snapshot.core.{view} as {query}", values)
    finally:
        work.execute("detach snapshot")


def _finish(
    path: Path, parquet: Path, *, work: duckdb.DuckDBPyConnection, memory_limit: str
) -> None:
    """Add views and comments, write the Parquet (which reads every view once), and close the file for good."""
    con = connect.open_existing(path, memory_limit=memory_limit)
    try:
        create_views(con)
        for statement in _table_comments(work, con):
            con.execute(statement)
        for view in tables.VIEWS:
            file = _quoted(str(parquet / f"{view}.parquet"))
            con.execute(
                f"copy (from analyst.{view}) to {file} (format parquet, compression zstd, compression_level 1)"
            )
        con.execute("checkpoint")
    finally:
        con.close()
    log = path.with_name(path.name + ".wal")
    if log.exists():
        message = f"{log} is left after a checkpoint, so {path.name} is not complete. Nothing was published."
        raise errors.PuppetwatchError(message)


def _table_comments(
    work: duckdb.DuckDBPyConnection, con: duckdb.DuckDBPyConnection
) -> Sequence[str]:
    """Statements that give the snapshot's tables the comments of the working tables; ``posts`` those of its view."""
    named = "select table_name, comment from duckdb_tables() where schema_name = 'core' and database_name = current_database()"
    columns = (
        "select table_name, column_name, comment from duckdb_columns()"
        " where schema_name = $schema and database_name = current_database()"
    )
    statements = [
        f"comment on table core.{table} is {_quoted(comment or '')}"
        for table, comment in work.execute(named).fetchall()
        if table in tables.VIEWS
    ]
    statements.append(
        "comment on table core.posts is 'What analyst.posts shows. Grain: post.'"
    )
    known = work.execute(columns, {"schema": "core"}).fetchall()
    posts = con.execute(columns, {"schema": "analyst"}).fetchall()
    statements += [
        f"comment on column core.{table}.{column} is {_quoted(comment or '')}"
        for table, column, comment in [
            *known,
            *(row for row in posts if row[0] == "posts"),
        ]
        if table in tables.VIEWS
    ]
    return statements


def _quoted(text: str) -> str:
    """An SQL string, for the statements in which DuckDB takes no parameters."""
    return "'" + text.replace("'", "''") + "'"
