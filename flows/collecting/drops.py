"""Drop folders: what operators put there, into the working database, each file once.

In: the folder of a source (``drop`` in its table of puppetwatch.toml). Files are told apart by their content, so a file
that is renamed is not read again and one that has grown is. Reading is that of ``import --source``. Invariants: nothing in
a folder is moved, changed or followed out of it; a run that is killed reads its files again, which changes nothing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from crawlers.records import column_map
from flows import log
from flows.collecting import imports, saved
from warehouse import connect, contracts, errors, load

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    import duckdb

    from flows import home as home_module


def run_id(night: str) -> str:
    """The run under which a night's drops stand in fetches, rejects and evidence: minimums and usual counts skip it."""
    return f"import-{night}"


def import_new(
    connection: duckdb.DuckDBPyConnection,
    home: home_module.Home,
    job: Mapping[str, Any],
    *,
    night: str,
    as_of: datetime,
) -> imports.Counts:
    """Load what is new in a source's folder.

    Args:
        connection: The working database, migrated; the caller holds the lock.
        home: Where the archive is.
        job: With ``source``, ``drop`` and, for a vendor's tables, ``map``.
        night: The run.
        as_of: When answers that do not say are taken to have come.

    Returns:
        What became of the records; a folder that is not there leaves an ``error`` row in core.fetches.
    """
    source, folder = job["source"], Path(job["drop"])
    try:
        mapping = column_map.from_options(job["map"]) if job.get("map") else None
        found = dict(_files(folder))
    except (OSError, errors.InputError) as error:
        reason = f"{folder}: {error.strerror if isinstance(error, OSError) else error}"
        log.say(f"puppetwatch: {source}: drop folder {reason}")
        imports.log_fetch(connection, source, str(folder), status="error", run_id=run_id(night), moment=as_of, reason=reason)  # fmt: skip
        return imports.Counts()
    known = load.read(connection, contracts.DROPS).filter(pl.col("source") == source)
    digests = set(known["sha256"])
    new = {digest: path for path, digest in found.items() if digest not in digests}
    if not new:
        return imports.Counts()
    counts, _ = saved.import_saved(
        connection,
        home,
        [str(path) for path in sorted(new.values())],
        source=source,
        mapping=mapping,
        run_id=run_id(night),
        imported_at=as_of,
    )
    rows = [
        {"source": source, "sha256": digest, "file": path.name, "imported_at": as_of, "run_id": run_id(night)}
        for digest, path in sorted(new.items())
    ]  # fmt: skip
    with connect.transaction(connection):
        load.append(connection, contracts.DROPS, pl.DataFrame(rows, schema=dict(contracts.DROPS.columns)))  # fmt: skip
    return counts


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Files in a folder and below with the digest of their content, sorted by name; hidden ones and links are left out.

    Raises:
        OSError: the folder or a file cannot be read.
    """
    if not folder.is_dir():
        raise FileNotFoundError(2, "there is no such folder")
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_symlink() or not path.is_file() or any(part.startswith(".") for part in parts):  # fmt: skip
            continue
        with path.open("rb") as file:
            yield path, hashlib.file_digest(file, "sha256").hexdigest()
