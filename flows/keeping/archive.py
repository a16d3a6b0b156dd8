"""The evidence archive of a home: files move in, are listed in core.evidence, and leave when their retention is over.

In: complete WARC files in staging directories. Out: the same files under ``evidence/`` and a row per answer. Invariants:
a file appears there whole, by one rename, readable by the owner only; a run that is killed between the rename and the
rows loses nothing, because the next run lists what it finds (``adopt``); rows outlive their file as tombstones.
"""

from __future__ import annotations

import errno
import shutil
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from crawlers import evidence
from flows import log
from warehouse import atomic, connect, contracts, load

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    import duckdb

    from flows import home as home_module

#: Between the source and the run in a file's name; sources have no such thing in theirs.
_BETWEEN = "--"


def file_name(source: str, run_id: str) -> str:
    """Name of the file that holds what a source answered in a run."""
    return f"{source}{_BETWEEN}{run_id}{evidence.SUFFIX}"


def move_in(
    staged: Path, home: home_module.Home, *, source: str, run_id: str
) -> str | None:
    """Move a complete file into the archive; its name there, null when nothing was answered.

    Raises:
        ServiceError: the disk is full or cannot be written; the file is where it was.
    """
    if not staged.exists():
        return None
    with atomic.disk_errors(f"Evidence of {source}", home.evidence):
        target = home.evidence / file_name(source, run_id)
        number = 1
        while target.exists():
            # Never written over: a run id may come again where a home was restored.
            number += 1
            target = home.evidence / file_name(source, f"{run_id}.{number}")
        staged.chmod(0o600)
        try:
            staged.rename(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            # The archive is a disk of its own: copied beside its name first.
            beside = atomic.unfinished(home.evidence, target.name)
            shutil.copyfile(staged, beside)
            beside.chmod(0o600)
            atomic.sync(beside)
            beside.rename(target)
            staged.unlink()
        atomic.sync(home.evidence)
    return target.name


def rows(path: Path, *, run_id: str) -> pl.DataFrame:
    """What a file of the archive holds, as contracts.EVIDENCE.

    Raises:
        DamagedError: it cannot be read to its end. One that was cut off between two answers looks whole: ``assert_whole``.
    """
    found = [
        {
            "sha256": answer.sha256,
            "warc_file": path.name,
            "source": answer.source,
            "url_or_file": answer.url,
            "fetched_at": answer.fetched_at,
            "size": len(answer.body),
            "run_id": run_id,
            "erased_at": None,
        }
        for answer in evidence.answers(path)
    ]
    return pl.DataFrame(found, schema=dict(contracts.EVIDENCE.columns))


def assert_whole(path: Path, *, expected: int, found: int) -> None:
    """Raise ``DamagedError`` where a file holds another number of answers than were written to it."""
    if expected != found:
        message = f"{path.name} holds {found} answers where {expected} were written"
        raise evidence.DamagedError(message)


def adopt(connection: duckdb.DuckDBPyConnection, home: home_module.Home) -> list[str]:
    """List files that a killed run moved in without listing them; their names, sorted. Removes half-copied ones.

    A file that is damaged is told of and left alone.
    """
    atomic.remove_unfinished(home.evidence)
    known = {
        row[0]
        for row in connection.execute(
            "select distinct warc_file from core.evidence"
        ).fetchall()
    }
    adopted = []
    for path in files(home):
        if path.name in known:
            continue
        _, _, rest = path.name.removesuffix(evidence.SUFFIX).partition(_BETWEEN)
        try:
            found = rows(path, run_id=rest)
        except (evidence.DamagedError, OSError) as error:
            log.say(
                f"puppetwatch: evidence {path} is not usable and was left alone: {error}"
            )
            continue
        load.append(connection, contracts.EVIDENCE, found)
        adopted.append(path.name)
    return adopted


def files(home: home_module.Home) -> list[Path]:
    """The files of the archive, sorted by name."""
    return sorted(home.evidence.glob(f"[!.]*{evidence.SUFFIX}"))


def prune(
    connection: duckdb.DuckDBPyConnection,
    home: home_module.Home,
    *,
    as_of: datetime,
    keep_days: int,
) -> list[str]:
    """Remove files whose answers are all older than so many days before ``as_of``.

    The rows are marked first: a run killed in between removes the file next time, and no reference to it is published.

    Returns:
        Names of the files removed, sorted.
    """
    limit = as_of - timedelta(days=keep_days)
    with connect.transaction(connection):
        connection.execute(
            """update core.evidence set erased_at = $as_of
            where erased_at is null and warc_file in (
                select warc_file from core.evidence group by all having max(fetched_at) < $limit
            )""",
            {"as_of": as_of, "limit": limit},
        )
    erased = connection.execute(
        "select warc_file from core.evidence group by all having count(*) = count(erased_at) order by all"
    ).fetchall()
    removed = []
    for (name,) in erased:
        path = home.evidence / name
        if path.exists():
            path.unlink()
            removed.append(name)
    return removed
