"""How long rows are kept, and the rows that are older taken out.

In: the working database and the days of the configuration. Out: the same without what is over its time. Which table is
kept how long also stands in its comment.

Invariants: one transaction; a post goes wholly or not at all, with all its versions and crawls, when its last crawl is over
the limit; the same database and moment give the same result, whenever it is run. Decisions, lineage, releases and runs
stay: they are what the present rests on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import duckdb

#: A seller's entry that left the list is shown as revoked for so long, so that those who took it over hear of it; then an
#: erased seller's name goes from the ledger too. CONTRACT §6.
REVOKED_DAYS = 30


#: What was read from texts; families of copies take out their own.
READ = ("core.doc_signals", "core.doc_amounts", "core.doc_contacts", "core.doc_stances")


@dataclass(frozen=True, slots=True)
class Limits:
    """Days after which rows go.

    Attributes:
        posts_days: After the last crawl that showed a post.
        bystanders_days: The same for comments and complaints.
        logs_days: After a request, dropped file or check.
        rejects_days: After a record was refused.
    """

    posts_days: int = 1095
    bystanders_days: int = 730
    logs_days: int = 400
    rejects_days: int = 90


def prune(
    con: duckdb.DuckDBPyConnection, *, as_of: datetime, limits: Limits
) -> dict[str, int]:
    """Take out what is over its time at ``as_of``.

    Returns:
        How many posts, and rows of other tables, were taken out; only what is not 0.
    """
    from warehouse import connect  # noqa: PLC0415 -- whoever only reads the settings, which hold limits, needs no database

    removed: dict[str, int] = {}
    with connect.transaction(con):
        con.execute(
            """create or replace temp table outlived as
            with old as (
                select distinct post_id from raw.posts where crawled_at < greatest($bystanders, $posts)
            ),
            seen as (
                select post_id, max(crawled_at) as seen_at
                from (select post_id, crawled_at from raw.posts union all select post_id, crawled_at from raw.crawls)
                semi join old using (post_id)
                group by all
            ),
            kinds as (
                select post_id, arg_max(kind, crawled_at) as kind from raw.posts semi join old using (post_id) group by all
            )

            select post_id
            from seen
            inner join kinds using (post_id)
            where seen_at < case when kind in ('comment', 'complaint') then $bystanders else $posts end""",
            {
                "posts": as_of - timedelta(days=limits.posts_days),
                "bystanders": as_of - timedelta(days=limits.bystanders_days),
            },
        )
        removed["posts"] = _count(con, "select count(*) from outlived")
        for table in ("raw.posts", "raw.crawls"):
            con.execute(f"delete from {table} where post_id in (from outlived)")  # noqa: S608 -- constants
        con.execute("drop table outlived")
        if removed["posts"]:
            _drop_documents(con)
        logs, rejects = (
            as_of - timedelta(days=days)
            for days in (limits.logs_days, limits.rejects_days)
        )
        for name, where, limit in (
            ("fetches", "fetched_at < $limit", logs),
            ("rejects", "seen_at < $limit", rejects),
            (
                "quality",
                "run_id in (select run_id from core.runs where as_of < $limit)",
                logs,
            ),
        ):
            removed[name] = _count(
                con,
                f"select count(*) from core.{name} where {where}",  # noqa: S608 -- constants
                {"limit": limit},
            )
            con.execute(f"delete from core.{name} where {where}", {"limit": limit})  # noqa: S608 -- constants
        removed["names"] = _redact(con, as_of)
    return {name: count for name, count in removed.items() if count}


def _drop_documents(con: duckdb.DuckDBPyConnection) -> None:
    """Take out what was read from texts that no post shows any more."""
    con.execute(
        """create or replace temp table living as
        select distinct unnest(list_concat([doc_id, profile_doc_id], ocr_doc_ids)) as doc_id from raw.posts"""
    )
    for table in READ:
        con.execute(
            f"delete from {table} where doc_id not in (select doc_id from living where doc_id is not null)"  # noqa: S608 -- names are constants
        )
    con.execute("drop table living")


def _redact(con: duckdb.DuckDBPyConnection, as_of: datetime) -> int:
    """Take the id and name of erased sellers out of entries that left the list long enough ago."""
    query = """
        select distinct watchlist.entry_id
        from core.watchlist as watchlist
        cross join core.forgotten as forgotten
        where watchlist.entity = 'seller' and watchlist.status <> 'active'
            and forgotten.digest = sha256(forgotten.salt || watchlist.value)
            and forgotten.forgotten_at < $limit
    """
    limit = {"limit": as_of - timedelta(days=REVOKED_DAYS)}
    count = _count(con, f"select count(*) from ({query})", limit)  # noqa: S608 -- a constant
    if count:
        con.execute(
            f"update core.watchlist set value = 'forgotten:' || entry_id, display_name = null where entry_id in ({query})",  # noqa: S608 -- a constant
            limit,
        )
    return count


def _count(
    con: duckdb.DuckDBPyConnection,
    query: str,
    values: Mapping[str, object] | None = None,
) -> int:
    row = con.execute(query, dict(values or {})).fetchone()
    return int(row[0]) if row is not None else 0
