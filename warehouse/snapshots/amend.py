"""A new snapshot that differs from the current one in a few tables only: published within seconds, whatever its size.

In: the current snapshot and the working database. Out: a complete snapshot of another run beside it, for ``publish.swing``.

Invariants: what is not named is taken from the *published* snapshot, never from the working database, so nothing that was
not checked becomes visible. The current snapshot is only read. Tables that it does not have, because an older version
made it, are left out.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from warehouse import publish
from warehouse.snapshots import snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    import duckdb

#: Tables of the list are small; what the writer's database may hold is enough.
MEMORY = "512MB"


def amend_snapshot(
    work: duckdb.DuckDBPyConnection,
    current: Path,
    run_id: str,
    *,
    views: Sequence[str],
    as_of: datetime,
) -> Path:
    """Build a snapshot like the current one, with some tables as the working database and the staged release have them.

    Args:
        work: The working database; only read.
        current: ``published/current.duckdb``.
        run_id: Name of the new snapshot.
        views: Names of ``tables.VIEWS`` to take anew.
        as_of: Decisions after it are left out.

    Returns:
        ``published/<run_id>.duckdb``, complete and not yet current.

    Raises:
        InputError: the run id was published already.
        ServiceError: the disk is full or cannot be written; nothing is visible.
    """
    before = current.resolve(strict=True)
    with publish.building(current.parent, run_id) as (path, parquet):
        shutil.copyfile(before, path)
        changed = snapshot.amend(work, path, views, as_of=as_of)
        publish.link_tables(before, parquet, but=changed)
        snapshot.export(path, parquet, changed, memory_limit=MEMORY)
    return current.parent / f"{run_id}.duckdb"
