"""Records read again from archived answers, by a parser that may read more than the one of their night did.

In: a batch of posts as ``load.load_posts`` takes it, of one file of the archive. Out: versions that say what today's
parser reads. Where ``load_posts`` lets nothing change a moment that is known, this replaces what was read wrongly then:

- a version of the same post and crawl time whose content differs is replaced (counted as updated);
- a crawl that had found its post unchanged becomes a version if today's reading differs from the version before it;
- everything else follows ``load_posts``: new posts and later crawls are stored, earlier ones change nothing.

Invariants: one transaction; of equal keys in a replay the first counts, as it did in its night; a replay that is repeated
with the same parsers changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from warehouse import connect, contracts, load
from warehouse.upkeep import erasure

if TYPE_CHECKING:
    import duckdb
    import polars as pl


def begin(con: duckdb.DuckDBPyConnection) -> None:
    """Forget what earlier replays on this connection restated; call once before the first batch."""
    con.execute(
        "create or replace temp table restated (post_id varchar, crawled_at timestamptz)"
    )


def restate_posts(
    con: duckdb.DuckDBPyConnection, frame: pl.DataFrame
) -> load.LoadCounts:
    """Store a batch of records that were read again.

    Args:
        con: The working database; ``begin`` was called.
        frame: contracts.RAW_POSTS. Batches must come in the order of their crawl times.

    Returns:
        Counts that add up to the number of rows.

    Raises:
        ContractError: a column is missing, extra or of another type, or a key is null or twice there.
    """
    contracts.RAW_POSTS.check(frame)
    new = updated = 0
    with connect.transaction(con):
        # One moment at a time: what a crawl found unchanged is compared with the version before, as restated by now.
        batch = erasure.without_forgotten(con, frame)
        for moment in batch.sort("crawled_at", maintain_order=True).partition_by(
            "crawled_at", maintain_order=True
        ):
            con.register("batch", moment.with_row_index("position"))
            try:
                con.execute(_JUDGE)
                rest = con.sql(_REST).pl()
                con.execute("insert into restated select post_id, crawled_at from batch anti join restated using (post_id, crawled_at)")  # fmt: skip
                for table in ("raw.posts", "raw.crawls"):
                    con.execute(
                        f"delete from {table} as stored using judged"  # noqa: S608 -- a constant
                        " where stored.post_id = judged.post_id and stored.crawled_at = judged.crawled_at"
                    )
                con.execute(load.STORE_VERSIONS)
                row = con.execute("select count(*) from judged").fetchone()
                con.execute("drop table judged")
            finally:
                con.unregister("batch")
            counts = load.load_posts(con, rest)
            new += counts.new
            updated += counts.updated + (row[0] if row is not None else 0)
    return load.LoadCounts(
        new=new, updated=updated, unchanged=frame.height - new - updated
    )


#: Which records say something else than what is stored of their crawl.
_JUDGE = f"""
    create temp table judged as
    with incoming as (
        select position, post_id, crawled_at, {load.content_digest()} as content_digest
        from batch
        anti join restated using (post_id, crawled_at)
    ),
    stored as (
        select incoming.*, posts.content_digest as known_digest
        from incoming
        inner join raw.posts as posts using (post_id, crawled_at)
    ),
    found_unchanged as (
        select incoming.*, before.content_digest as known_digest
        from incoming
        semi join raw.crawls using (post_id, crawled_at)
        asof left join raw.posts as before
            on before.post_id = incoming.post_id and before.crawled_at < incoming.crawled_at
    )

    select position, post_id, crawled_at, content_digest, true as is_version
    from (select * from stored union all select * from found_unchanged)
    where content_digest is distinct from known_digest
"""  # noqa: S608 -- the digest's column names come from contracts

#: Records of moments that are not known of their posts: they are stored by the rules of every load.
_REST = """
    select batch.* exclude (position)
    from batch
    anti join restated using (post_id, crawled_at)
    anti join raw.posts using (post_id, crawled_at)
    anti join raw.crawls using (post_id, crawled_at)
    order by position
"""
