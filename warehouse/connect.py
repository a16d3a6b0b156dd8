"""Connections: the writer's database and the snapshots that others read.

In: paths. Out: DuckDB connections that are set up the same way everywhere: times in UTC, no extension fetched from
anywhere, scratch files beside the database.

Invariants: databases are written in a storage version that DuckDB 1.4 and later read, and that refuses a stale
write-ahead log instead of replaying it. A snapshot is opened by its own, never reused path: within one process DuckDB
keeps databases by path, so opening the symlink itself would hand out the old data after a swing.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import duckdb

from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: The first storage version that ties a write-ahead log to its file. Readable by DuckDB 1.4 and later.
STORAGE_VERSION = "v1.4.0"

#: Connections that are inside a ``transaction`` block, by identity. DuckDB cannot be asked: a second ``begin`` fails and
#: aborts the transaction that is open.
_OPEN: set[int] = set()

#: How often ``open_snapshot`` follows the link again when the file behind it was pruned in between.
_SNAPSHOT_TRIES = 3


def open_work(
    path: Path, *, memory_limit: str = "512MB", threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Open the writer's database, creating it if it does not exist; not migrated.

    Args:
        path: The database file. Its directory must exist.
        memory_limit: What DuckDB may hold before it spills beside the file, as DuckDB writes sizes.
        threads: Worker threads; null for one per core.

    Raises:
        LockHeldError: another process has the file open.
        InputError: the file is not a database, or cannot be read or written.
    """
    config = _config(path, memory_limit=memory_limit, threads=threads)
    config["storage_compatibility_version"] = STORAGE_VERSION
    try:
        con = duckdb.connect(str(path), config=config)
        path.chmod(0o600)  # before anything private is in it
    except duckdb.IOException as error:
        if "lock" in str(error).lower():
            message = f"{path} is open in another process: {_first_line(error)} Wait for it, or stop it, and try again."
            raise errors.LockHeldError(message) from error
        raise _unusable(path, error) from error
    except (duckdb.Error, OSError) as error:
        raise _unusable(path, error) from error
    con.execute("set TimeZone = 'UTC'")
    return con


def open_snapshot(
    link: Path, *, memory_limit: str = "1GB"
) -> duckdb.DuckDBPyConnection:
    """Open the snapshot that a symlink points to, read-only; later swings do not touch this connection.

    Queries come from people and programs of all kinds, so they reach no other file: none is read, written or attached, and
    no extension is loaded from anywhere.

    Raises:
        InputError: nothing is published there yet, or it is no database.
    """
    for _ in range(_SNAPSHOT_TRIES):
        try:
            path = link.resolve(strict=True)
        except OSError as error:
            message = f"Nothing is published at {link} yet. Run `puppetwatch nightly` first, or name another --home."
            raise errors.InputError(message) from error
        try:
            con = duckdb.connect(
                str(path),
                read_only=True,
                config=_config(path, memory_limit=memory_limit),
            )
        except duckdb.Error as error:
            if path.exists():
                raise _unusable(path, error) from error
            continue  # pruned between the two steps: the link points elsewhere by now
        con.execute("set TimeZone = 'UTC'")
        # For good: a running database does not take it back. Given at the start it would forbid the scratch directory too.
        con.execute("set enable_external_access = false")
        return con
    message = f"The snapshot behind {link} was removed while it was opened. Try again."
    raise errors.InputError(message)


def open_existing(
    path: Path, *, memory_limit: str = "512MB", threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """Open a database file that nobody else knows yet, for writing; its storage version and mode stay."""
    con = duckdb.connect(
        str(path), config=_config(path, memory_limit=memory_limit, threads=threads)
    )
    con.execute("set TimeZone = 'UTC'")
    return con


def open_memory() -> duckdb.DuckDBPyConnection:
    """An empty database in memory, set up like the others: for documentation and tests."""
    con = duckdb.connect(
        config={
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    con.execute("set TimeZone = 'UTC'")
    return con


@contextlib.contextmanager
def memory(con: duckdb.DuckDBPyConnection, limit: str) -> Iterator[None]:
    """Let a connection hold more (or less) for as long as the block runs; the limit before is restored."""
    row = con.execute("select current_setting('memory_limit')").fetchone()
    con.execute("set memory_limit = ?", [limit])
    try:
        yield
    finally:
        if row is not None:
            con.execute("set memory_limit = ?", [row[0]])


@contextlib.contextmanager
def threads(con: duckdb.DuckDBPyConnection, count: int | None) -> Iterator[None]:
    """Let a connection's database use so many worker threads for as long as the block runs; the number before is restored.

    Changing few rows of many, and writing Parquet in order, is as fast with one as with two, for two thirds of the processor
    time: what the second one does is mostly waiting, moving rows and putting them back in order.

    Args:
        con: The connection.
        count: How many; null for one per core.
    """
    row = con.execute("select current_setting('threads')").fetchone()
    con.execute("reset threads" if count is None else f"set threads = {count:d}")
    try:
        yield
    finally:
        if row is not None:
            con.execute(f"set threads = {row[0]:d}")


@contextlib.contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Everything inside happens, or nothing does. Inside another such block it is part of that one."""
    if id(con) in _OPEN:
        yield  # the outer block commits or rolls back
        return
    con.execute("begin transaction")
    _OPEN.add(id(con))
    try:
        yield
    except BaseException:
        with contextlib.suppress(
            duckdb.Error
        ):  # a fatal error has ended the transaction already
            con.execute("rollback")
        raise
    else:
        con.execute("commit")
    finally:
        _OPEN.discard(id(con))


def quoted(text: str) -> str:
    """An SQL string, for the statements in which DuckDB takes no parameters."""
    return "'" + text.replace("'", "''") + "'"


def _config(
    path: Path, *, memory_limit: str, threads: int | None = None
) -> dict[str, str | bool | int | float | list[str]]:
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": memory_limit,
        "temp_directory": str(path.with_name(path.name + ".tmp")),
        # The default of 16 MB would rewrite the last row group of every table after each import batch.
        "checkpoint_threshold": "64MB",
    }
    if threads is not None:
        config["threads"] = threads
    return config


def _unusable(path: Path, error: Exception) -> errors.InputError:
    message = f"{path} cannot be used as a database: {_first_line(error)} Nothing was changed."
    return errors.InputError(message)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
