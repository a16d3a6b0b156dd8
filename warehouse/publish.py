"""The snapshot that analysts open: built aside, checked by reading it whole, then shown by swinging one symlink.

In: the working database after a run, and the snapshot before it. Out: ``published/<run_id>.duckdb`` with the ``analyst``
views over materialised ``core`` tables, and the same views as Parquet in ``published/<run_id>/``.

Invariants: nothing has its public name before it is complete and on disk. A published file never changes; a reader keeps
the one it opened. The same data give the same rows in every table, whether a snapshot was made whole or of the one before
(``snapshot``); made whole, also in the same order. A Parquet file of a table that did not change is the one before under a
second name.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
from typing import TYPE_CHECKING

from warehouse import atomic, connect, errors
from warehouse.snapshots import snapshot, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    import duckdb

logger = logging.getLogger(__name__)

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
    base: Path | None = None,
    memory_limit: str = COPY_MEMORY,
) -> Path:
    """Build the snapshot of a run; it is complete but not yet the current one.

    Args:
        work: The working database, migrated; only read.
        directory: ``published/`` of the home; made if it is missing.
        run_id: Name of the snapshot.
        as_of: Posts, decisions and crawls after it are left out.
        with_staged_release: Show the watchlist as it will be once the staged release is visible (ledger.py).
        base: The snapshot before, or the symlink to it, to begin with where that is possible; null or a symlink to nothing
            for a whole one.
        memory_limit: What DuckDB may hold while it copies and reads.

    Returns:
        ``directory/<run_id>.duckdb``; hand it to ``swing``.

    Raises:
        InputError: the run id is no file name, or was published already.
        ServiceError: the disk is full or cannot be written; nothing is visible.
    """
    with building(directory, run_id) as (path, parquet):
        with connect.memory(work, memory_limit):
            changed = _renewed(work, path, base, as_of=as_of, with_staged_release=with_staged_release)  # fmt: skip
            if changed is None:
                with connect.threads(work, None):
                    snapshot.fill(work, path, as_of=as_of, with_staged_release=with_staged_release)  # fmt: skip
                changed = list(tables.VIEWS)
            elif base is not None:
                link_tables(base, parquet, but=changed)
        snapshot.export(path, parquet, changed, memory_limit=memory_limit)
    return directory / f"{run_id}.duckdb"


@contextlib.contextmanager
def building(directory: Path, run_id: str) -> Iterator[tuple[Path, Path]]:
    """Where to make a snapshot: a path for its database and a directory for its Parquet, named when the block has made both.

    Args:
        directory: ``published/``; made if it is missing.
        run_id: Name of the snapshot.

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
        aside = atomic.unfinished(directory, run_id)
        try:
            aside.mkdir()
            parquet = aside / "parquet"
            parquet.mkdir()
            yield aside / "snapshot.duckdb", parquet
            atomic.sync_tree(aside)
            parquet.rename(folder)
            (aside / "snapshot.duckdb").rename(target)
            atomic.sync(directory)
        except BaseException:
            # The tables may have their name already; without the database beside them they are nobody's.
            if not target.exists():
                atomic.remove(folder)
            raise
        finally:
            atomic.remove(aside)


def link_tables(base: Path, parquet: Path, *, but: Sequence[str]) -> None:
    """Give the Parquet files of a snapshot, which never change, a second name; copied where links are not possible.

    Args:
        base: The snapshot's database.
        parquet: Directory of the new names.
        but: Views whose files are left out.
    """
    skipped = {f"{view}.parquet" for view in but}
    for path in sorted(base.resolve().with_suffix("").glob("*.parquet")):
        if path.name not in skipped:
            try:
                os.link(path, parquet / path.name)
            except OSError:
                shutil.copyfile(path, parquet / path.name)


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


def _renewed(
    work: duckdb.DuckDBPyConnection,
    path: Path,
    base: Path | None,
    *,
    as_of: datetime,
    with_staged_release: bool,
) -> list[str] | None:
    """Make the snapshot of the one before; the views that changed, or null when it has to be made whole."""
    if base is None or not base.exists():
        return None
    base = base.resolve()
    reason = snapshot.obstacle(work, base)
    if reason is None and not _has_all_tables(base):
        reason = "its Parquet is not complete"
    if reason is None:
        shutil.copyfile(base, path)
        with connect.threads(work, 1):
            changed = snapshot.renew(work, path, as_of=as_of, with_staged_release=with_staged_release)  # fmt: skip
        if changed is not None:
            return changed
        path.unlink()
        reason = "much of it changed"
    logger.info("snapshot is made whole", extra={"base": base.name, "reason": reason})
    return None


def _has_all_tables(base: Path) -> bool:
    folder = base.with_suffix("")
    return all((folder / f"{view}.parquet").is_file() for view in tables.VIEWS)
