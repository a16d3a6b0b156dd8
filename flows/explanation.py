"""Reading the published snapshot and the current release: why something is what it is, queries, status.

Nothing here writes the working database or waits for a run: readers hold the snapshot that was current when they came.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from warehouse import connect, errors

if TYPE_CHECKING:
    from collections.abc import Iterable

    import duckdb

    from flows import home as home_module

Row = dict[str, Any]


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
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    except duckdb.Error as error:
        message = f"The query cannot be run: {error}"
        raise errors.InputError(message) from error


def explain(home: home_module.Home, identity: str) -> Row:
    """All that supports one seller, network or watchlist entry.

    Raises:
        InputError: nothing of that id is in the current snapshot.
    """
    with connect.open_snapshot(home.snapshot) as connection:
        return _explained(connection, identity)


def _explained(connection: duckdb.DuckDBPyConnection, identity: str) -> Row:
    entry = _rows(
        connection, "select * from analyst.watchlist where entry_id = ?", [identity]
    )
    if entry:
        found: Row = {"kind": "entry", "entry": entry[0]}
        if entry[0]["entity"] == "seller":
            found.update(_seller(connection, entry[0]["value"]))
        else:
            found["sightings"] = _sightings(
                connection, kind=entry[0]["entity"], value=entry[0]["value"]
            )
        return found
    if _rows(
        connection, "select 1 from analyst.sellers where seller_id = ?", [identity]
    ):
        return {"kind": "seller", **_seller(connection, identity)}
    if _rows(
        connection, "select 1 from analyst.networks where network_id = ?", [identity]
    ):
        return {"kind": "network", **_network(connection, identity)}
    message = (
        f"{identity!r} is no seller (platform:id), network or watchlist entry of the current snapshot. "
        "The views analyst.sellers, analyst.networks and analyst.watchlist list them."
    )
    raise errors.InputError(message)


def _seller(connection: duckdb.DuckDBPyConnection, seller_id: str) -> Row:
    return {
        "seller": next(
            iter(
                _rows(
                    connection,
                    "select * from analyst.sellers where seller_id = ?",
                    [seller_id],
                )
            ),
            None,
        ),
        "reasons": _rows(
            connection,
            """select rank, reason, family, text_zh, text_en, contribution, evidence_post_id
            from analyst.reasons where seller_id = ? order by rank""",
            [seller_id],
        ),
        "posts": _rows(
            connection,
            """select post_id, published_at, stance, stance_probability, title, left(text, 120) as text, url
            from analyst.posts where seller_id = ? order by published_at desc, post_id limit 12""",
            [seller_id],
        ),
        "sightings": _sightings(connection, seller_id=seller_id),
        "edges": _rows(
            connection,
            """select case when src = ? then dst else src end as other, weight, evidence
            from analyst.edges where src = ? or dst = ? order by weight desc, other limit 12""",
            [seller_id] * 3,
        ),
    }


def _network(connection: duckdb.DuckDBPyConnection, network_id: str) -> Row:
    return {
        "network": _rows(
            connection,
            "select * from analyst.networks where network_id = ?",
            [network_id],
        )[0],
        "members": _rows(
            connection,
            """select seller_id, name, role, scam_probability, band, offer_count, max_fee_yuan
            from analyst.sellers where network_id = ? order by scam_probability desc nulls last, seller_id""",
            [network_id],
        ),
        "indicators": _rows(
            connection,
            """select kind, value, seller_count, post_count, first_seen_at, last_seen_at
            from analyst.indicators where network_id = ? and not is_hub
            order by seller_count desc, kind, value limit 12""",
            [network_id],
        ),
        "edges": _rows(
            connection,
            """select src, dst, weight, evidence from analyst.edges
            where src in (select seller_id from analyst.sellers where network_id = ?)
            order by weight desc, src, dst limit 12""",
            [network_id],
        ),
        "complaints": _rows(
            connection,
            """select post_id, target, amount_yuan, link_reason, link_confidence from analyst.complaints
            where network_id = ? order by link_confidence desc, post_id limit 12""",
            [network_id],
        ),
        "changes": _rows(
            connection,
            "select run_id, event, detail from analyst.network_changes where network_id = ? order by run_id, event",
            [network_id],
        ),
    }


def _sightings(
    connection: duckdb.DuckDBPyConnection,
    *,
    seller_id: str | None = None,
    kind: str | None = None,
    value: str | None = None,
) -> list[Row]:
    return _rows(
        connection,
        """select kind, value, ownership, field, count(*) as count,
            max(seen_at) as last_seen_at, min(post_id) as post_id
        from analyst.sightings where seller_id = ? or (kind = ? and value = ?)
        group by all order by ownership desc, count desc, kind, value, field limit 12""",
        [seller_id, kind, value],
    )


def render(found: Row) -> str:
    """What ``explain`` found, for a terminal."""
    lines: list[str] = []
    for name, value in found.items():
        if name == "kind":
            continue
        rows = value if isinstance(value, list) else [value] if value else []
        lines.append(f"{name} ({len(rows)})" if isinstance(value, list) else name)
        lines.extend(
            "  "
            + "  ".join(
                f"{key}={_shown(each)}" for key, each in row.items() if each is not None
            )
            for row in rows
        )
    return "\n".join(lines)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return " ".join(str(value).split())


def status(
    home: home_module.Home, *, now: datetime, max_age_hours: float | None
) -> tuple[Row, int]:
    """The last run, what is published and how old it is.

    Returns:
        The facts, and the exit code: 4 when nothing was published within ``max_age_hours``.
    """
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
