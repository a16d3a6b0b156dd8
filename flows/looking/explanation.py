"""Reading the published snapshot and the current release: why something is what it is, queries, status.

Nothing here writes the working database or waits for a run: readers hold the snapshot that was current when they came.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from flows.looking import dossier
from warehouse import connect, errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from flows import home as home_module

Row = dict[str, Any]

#: The oldest age that may be asked for: a hundred years.
LONGEST_HOURS = 876_600


def query(
    home: home_module.Home, sql: str, parameters: Iterable[object] = ()
) -> list[Row]:
    """Rows of one query over the snapshot.

    Raises:
        InputError: nothing is published yet, or the query is wrong (DuckDB's own message is kept).
    """
    with connect.open_snapshot(home.snapshot) as connection:
        return _rows(connection, sql, parameters)


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Iterable[object] = ()
) -> list[Row]:
    import duckdb

    try:
        cursor = connection.execute(sql, list(parameters))
        if cursor is None:  # nothing but blanks and comments
            message = "The query is empty. Try: select * from analyst.networks limit 10"
            raise errors.InputError(message)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    except duckdb.Error as error:
        message = f"The query cannot be run: {error}"
        raise errors.InputError(message) from error


def explain(home: home_module.Home, identity: str) -> Row:
    """All that supports one seller, network, case or watchlist entry.

    Raises:
        InputError: nothing of that id is in the current snapshot.
    """
    with connect.open_snapshot(home.snapshot) as connection:
        return dossier.dossier(
            lambda sql, parameters=(): _rows(connection, sql, parameters), identity
        )


def status(
    home: home_module.Home, *, now: datetime, max_age_hours: float | None
) -> tuple[Row, int]:
    """The last run, what is published and how old it is.

    Returns:
        The facts, and the exit code: 4 when nothing was published within ``max_age_hours``.

    Raises:
        InputError: ``max_age_hours`` is no number of hours.
    """
    if max_age_hours is not None and not 0 <= max_age_hours <= LONGEST_HOURS:
        message = f"--max-age {max_age_hours:g} is no age. Give hours from 0 to {LONGEST_HOURS:,}, for example 30."
        raise errors.InputError(message)
    last_run: Row | None = None
    if home.status.exists():
        last_run = json.loads(home.status.read_text(encoding="utf-8"))
    if not home.snapshot.exists():
        facts: Row = {
            "home": str(home.root),
            "snapshot": None,
            "age_hours": None,
            "last_run": last_run,
        }
        return facts, 0 if max_age_hours is None else 4
    with connect.open_snapshot(home.snapshot) as connection:
        runs = _rows(
            connection,
            """select run_id, as_of, started_at, ended_at, state, exit_code, release_id, is_sandbox
        from analyst.runs order by started_at desc limit 5""",
        )
        nights = _rows(
            connection,
            "select max(as_of) as as_of from analyst.runs where state = 'published'",
        )
        sources = _rows(
            connection,
            "select source, state, why, last_ok_at from analyst.sources order by source",
        )
    # A release that only revokes says nothing new of the world: it does not make the data fresher.
    age = now - (nights[0]["as_of"] or runs[0]["as_of"])
    facts = {
        "home": str(home.root),
        "snapshot": str(home.snapshot.readlink()),
        "release": str(home.latest_release.readlink())
        if home.latest_release.is_symlink()
        else None,
        "age_hours": round(age / timedelta(hours=1), 2),
        "last_run": last_run,
        "runs": runs,
        "sources": sources,
    }
    is_stale = max_age_hours is not None and age > timedelta(hours=max_age_hours)
    return facts, 4 if is_stale else 0


def render_status(facts: Row) -> str:
    """What ``status`` found, for a terminal."""
    if facts["snapshot"] is None:
        lines = [
            f"{facts['home']}: nothing is published yet. Run `puppetwatch nightly`."
        ]
    else:
        lines = [
            f"snapshot  {facts['snapshot']}, {facts['age_hours']:.1f} hours old",
            f"release   {facts['release'] or 'none'}",
        ]
        lines += [
            f"source    {each['source']}: {each['state']} {each['why'] or ''}".rstrip()
            for each in facts["sources"]
        ]
        lines += [
            f"run       {each['run_id']}: {each['state']}, exit {each['exit_code']}"
            for each in facts["runs"]
        ]
    if facts["last_run"]:
        last = facts["last_run"]
        lines.append(
            f"last run  {last['run_id']}: {last['state']}, exit {last['exit_code']}. {last['message']}"
        )
    return "\n".join(lines)


def migrate(home: home_module.Home, *, list_only: bool) -> list[Row]:
    """Apply or list the working database's migrations.

    Raises:
        InputError: the home was never written.
        LockHeldError: a run is writing.
    """
    from flows import home as home_names
    from warehouse import migrate as migrations

    if not home.exists():
        message = f"Home {home.root} holds nothing yet; the first run or import makes its database."
        raise errors.InputError(message)
    with (
        home_names.Lock(home, command="migrate"),
        connect.open_work(home.database) as connection,
    ):
        if not list_only:
            migrations.migrate(connection)
        return [dataclasses.asdict(each) for each in migrations.migrations(connection)]
