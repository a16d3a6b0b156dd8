"""What the working database takes for the last release, kept equal to what consumers can see.

In: the list being made. Out: ``core.watchlist`` and ``core.watchlist_changes`` as of the visible release.

The protocol. The database and the directory of releases cannot change in one step, so the symlink ``latest`` decides:

1. ``stage_release``: one transaction writes the new list and its changes into ``core.staged_*`` and the release with
   state ``staged``. ``core.watchlist`` is still the visible one.
2. ``release.write_release`` writes the directory of the release; nobody looks there yet.
3. The caller swings ``latest``. From here on consumers have the release.
4. ``confirm_release``: one transaction makes the staged list ``core.watchlist``, appends the changes, and sets the state
   ``confirmed``.

A run may die between any two steps, so every run begins with ``recover``, which asks where ``latest`` points. If it
points to the staged release, step 4 is done now; if not, consumers never saw it, and the staging is rolled back. Either
way the next list is compared with what consumers have. The snapshot of the same night is built
between 1 and 3 (``publish.build_snapshot(with_staged_release=True)``) and shown right behind 3.

Invariants: at most one release is staged. The same list for the same ``as_of`` is the same release: staging it again
while it is the last one does nothing. Releases go forward in time only.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from warehouse import connect, contracts, errors, load

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb
    import polars as pl

logger = logging.getLogger(__name__)


def last_release(con: duckdb.DuckDBPyConnection) -> str | None:
    """The release that consumers have; null before the first."""
    row = con.execute(
        "select release_id from core.releases where state = 'confirmed' order by as_of desc, rowid desc limit 1"
    ).fetchone()
    return None if row is None else str(row[0])


def staged_release(con: duckdb.DuckDBPyConnection) -> str | None:
    """The release that is being made; null when none is."""
    row = con.execute(
        "select release_id from core.releases where state = 'staged'"
    ).fetchone()
    return None if row is None else str(row[0])


def stage_release(
    con: duckdb.DuckDBPyConnection,
    *,
    release_id: str,
    as_of: datetime,
    run_id: str,
    watchlist: pl.DataFrame,
    changes: pl.DataFrame,
) -> bool:
    """Note the release that is about to be written.

    Args:
        con: The working database; ``recover`` has run.
        release_id: As from ``release.stamp``.
        as_of: Its limit of knowledge.
        run_id: The run that makes it.
        watchlist: contracts.WATCHLIST, stamped: every entry ever listed.
        changes: contracts.WATCHLIST_CHANGES against the list that consumers have.

    Returns:
        True if the release is staged and has to be written; False if it is the last release already, so that there is
        nothing to do.

    Raises:
        InputError: a later release is out.
        ContractError: another release is staged, or the changes are not this release's. Nothing was stored.
    """
    contracts.WATCHLIST.check(watchlist)
    contracts.WATCHLIST_CHANGES.check(changes)
    strangers = set(changes["release_id"].to_list()) - {release_id}
    if strangers:
        message = f"Changes of release {min(strangers)} were given for release {release_id}. Nothing was staged."
        raise errors.ContractError(message)
    if last_release(con) == release_id:
        return False
    staged = staged_release(con)
    if staged is not None:
        message = f"Release {staged} is staged and neither confirmed nor rolled back; {release_id} was not staged. Call recover first."
        raise errors.ContractError(message)
    later = con.execute(
        "select release_id from core.releases where state = 'confirmed' and as_of > $as_of order by as_of desc limit 1",
        {"as_of": as_of},
    ).fetchone()
    if later is not None:
        message = (
            f"Release {later[0]} is out and later than {as_of:%Y-%m-%dT%H:%M:%SZ}, so no release was made for that time. "
            "Lists go forward only; use a later --as-of."
        )
        raise errors.InputError(message)
    active = watchlist.filter(watchlist["status"] == "active").height
    with connect.transaction(con):
        con.execute(
            "insert into core.releases values ($release_id, $previous, $run_id, $as_of, $entry_count, 'staged')",
            {
                "release_id": release_id,
                "previous": last_release(con),
                "run_id": run_id,
                "as_of": as_of,
                "entry_count": active,
            },
        )
        load.replace(con, STAGED_WATCHLIST, watchlist)
        load.replace(con, STAGED_CHANGES, changes)
    return True


def confirm_release(con: duckdb.DuckDBPyConnection, release_id: str) -> None:
    """Make the staged release the last one, because consumers can see it now.

    Raises:
        ContractError: this release is not the staged one. Nothing was changed.
    """
    staged = staged_release(con)
    if staged != release_id:
        message = f"Release {release_id} cannot be confirmed: staged is {staged}. Nothing was changed."
        raise errors.ContractError(message)
    with connect.transaction(con):
        watchlist = load.read(con, STAGED_WATCHLIST)
        load.replace(con, contracts.WATCHLIST, watchlist)
        load.append(con, contracts.WATCHLIST_CHANGES, load.read(con, STAGED_CHANGES))
        con.execute(
            "update core.releases set state = 'confirmed' where release_id = $release_id",
            {"release_id": release_id},
        )
        _clear(con)


def recover(
    con: duckdb.DuckDBPyConnection, latest_visible_release_id: str | None
) -> str | None:
    """Bring the database to what consumers can see, after whatever happened to the run before.

    Args:
        con: The working database.
        latest_visible_release_id: Name of the directory that ``latest`` points to; null if there is none.

    Returns:
        ``confirmed`` or ``rolled_back`` if a release was staged, else null.

    Raises:
        ContractError: consumers see a release that this database never made. Nothing was changed.
    """
    staged, last = staged_release(con), last_release(con)
    if latest_visible_release_id not in {staged, last} or (
        latest_visible_release_id is None and last is not None
    ):
        message = (
            f"watchlists/latest shows {latest_visible_release_id}, but the last release of this database is {last}"
            f" (staged: {staged}). Nothing was changed. Restore the database and the lists of one backup, or move the "
            "symlink back."
        )
        raise errors.ContractError(message)
    if staged is None:
        return None
    if staged == latest_visible_release_id:
        confirm_release(con, staged)
        outcome = "confirmed"
    else:
        with connect.transaction(con):
            con.execute("delete from core.releases where state = 'staged'")
            _clear(con)
        outcome = "rolled_back"
    logger.warning("release of a killed run settled", extra={"release_id": staged, "outcome": outcome})  # fmt: skip
    return outcome


def _clear(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("delete from core.staged_watchlist")
    con.execute("delete from core.staged_changes")


STAGED_WATCHLIST = contracts.Contract(
    "core.staged_watchlist", contracts.WATCHLIST.columns, contracts.WATCHLIST.key
)
STAGED_CHANGES = contracts.Contract(
    "core.staged_changes",
    contracts.WATCHLIST_CHANGES.columns,
    contracts.WATCHLIST_CHANGES.key,
)
