"""What of a night a watchlist entry may rest on, read without the rest: few rows of all, however long the history is.

In: the working database after linking and scoring. Out: frames for ``entries.entries``.

Invariant: leaving out what these leave out changes no entry: rules look at nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from warehouse import contracts
from warehouse.watchlist.listing import rules

if TYPE_CHECKING:
    import duckdb

#: Sellers that may be listed, or were and may have to be told why they are not.
_LISTABLE = """
    select seller_id from core.sellers where band = 'high'
    union
    select value from core.watchlist where entity = 'seller' and status = 'active'
    union
    select target from core.verdicts where verdict = 'fraud'
"""

#: Indicators that may be listed, or were.
_SHOWN = """
    select kind, value from core.corroborated semi join listable using (seller_id)
    union
    select entity, value from core.watchlist where entity <> 'seller' and status = 'active'
    union
    select kind, value from core.corroborated
    where kind || ':' || value in (select target from core.verdicts where verdict = 'fraud')
"""


@dataclass(frozen=True, slots=True)
class Proof:
    """Frames for ``entries.entries``, in any order.

    Attributes:
        sellers: contracts.SELLERS of those that may be listed or own an indicator for sure.
        reasons: contracts.REASONS of those that may be listed.
        sightings: contracts.SIGHTINGS of indicators that may be listed by their corroborated owners, shown as their own.
        posts: ``post_id``, ``doc_id``, ``seller_id``; one row per post that those reasons and sightings name, or whose
            author somebody judged to be a fraud. ``seller_id`` (the author) is null where nobody judged it.
    """

    sellers: pl.DataFrame
    reasons: pl.DataFrame
    sightings: pl.DataFrame
    posts: pl.DataFrame


def proof(con: duckdb.DuckDBPyConnection) -> Proof:
    """What the entries of the night may rest on."""
    con.execute(f"create or replace temp table listable as from ({_LISTABLE}) as each (seller_id)")  # fmt: skip
    try:
        sellers = _rows(con, contracts.SELLERS, "where seller_id in (from listable union select seller_id from core.corroborated)")  # fmt: skip
        reasons = _rows(con, contracts.REASONS, "semi join listable using (seller_id)")
        sightings = _rows(
            con,
            contracts.SIGHTINGS,
            f"semi join (from core.corroborated semi join ({_SHOWN}) using (kind, value)) using (kind, value, seller_id) where ownership = 'own'",
        )
    finally:
        con.execute("drop table listable")
    named = pl.concat([reasons["evidence_post_id"], sightings["post_id"]])
    return Proof(sellers, reasons, sightings, _posts(con, named.drop_nulls().unique()))


def links(con: duckdb.DuckDBPyConnection, watchlist: pl.DataFrame) -> pl.DataFrame:
    """contracts.EDGES between sellers of the active entries of a list (contracts.WATCHLIST), in any order."""
    listed = watchlist.filter(
        pl.col("status") == "active", pl.col("entity") == rules.SELLER
    )
    con.register("listed", listed.select(pl.col("value").alias("seller_id")))
    try:
        return _rows(con, contracts.EDGES, "where src in (from listed) and dst in (from listed)")  # fmt: skip
    finally:
        con.unregister("listed")


def _posts(con: duckdb.DuckDBPyConnection, post_ids: pl.Series) -> pl.DataFrame:
    con.register("named", pl.DataFrame({"post_id": post_ids}))
    try:
        return con.sql(
            """with judged as (
                select post_id, seller_id
                from raw.posts
                inner join core.post_reads using (post_id, crawled_at)
                where seller_id in (select target from core.verdicts where verdict = 'fraud')
            )

            select post_id, doc_id, seller_id
            from core.post_reads
            left join judged using (post_id)
            where post_id in (from named) or seller_id is not null"""
        ).pl()
    finally:
        con.unregister("named")


def _rows(
    con: duckdb.DuckDBPyConnection, contract: contracts.Contract, which: str
) -> pl.DataFrame:
    query = f"select {', '.join(contract.columns)} from {contract.name} {which}"  # noqa: S608 -- names come from contracts, conditions are constants
    return con.sql(query).pl()
