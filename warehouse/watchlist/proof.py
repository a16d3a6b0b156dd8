"""What of a night a watchlist entry may rest on, read without the rest: few rows of all, however long the history is.

In: the working database after linking and scoring. Out: frames for ``entries.entries``.

Invariant: leaving out what these leave out changes no entry: rules look at nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse import contracts

if TYPE_CHECKING:
    import duckdb
    import polars as pl


def posts(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Posts of the night that a watchlist entry may rest on: few of all, however many there are.

    Returns:
        ``post_id``, ``doc_id``, ``seller_id`` (its author); one row per post that a reason names, that shows a corroborated
        owner's contact, or whose author somebody judged to be a fraud; any order.
    """
    return con.sql(
        """with named as (
            select evidence_post_id as post_id from core.reasons
            union
            select post_id from core.sightings semi join core.corroborated using (kind, value, seller_id)
            where ownership = 'own'
            union
            select post_id from raw.posts
            where seller_id in (select target from core.verdicts where verdict = 'fraud')
        )

        select post_id, reads.doc_id, posts.seller_id
        from raw.posts as posts
        semi join named using (post_id)
        inner join core.post_reads as reads using (post_id, crawled_at)"""
    ).pl()


def sightings(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """contracts.SIGHTINGS of indicators by their corroborated owners, shown as their own; any order."""
    return con.sql(
        f"""select {", ".join(contracts.SIGHTINGS.columns)}
        from core.sightings
        semi join core.corroborated using (kind, value, seller_id)
        where ownership = 'own'"""  # noqa: S608 -- names come from contracts
    ).pl()
