"""What is known of distinct texts, so that near-duplicates of new ones are found without reading old ones again.

In: the posts in ``raw.posts`` (all versions that were crawled by a moment), signatures and pairs of new copies. Out: texts that
have no signature yet, the stored ones that a night needs, the family of each document.

Invariants: copies are numbered in the order in which their documents were first crawled, ties by document id, so the numbers
do not depend on the order of rows; one batch is one transaction, so a killed run goes on where it stopped; what is read
into memory is bounded by what is new and what that resembles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from warehouse import connect, contracts, load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import duckdb

_TABLES = (
    contracts.COPIES,
    contracts.DOC_COPIES,
    contracts.COPY_BANDS,
    contracts.COPY_PAIRS,
    contracts.COPY_FAMILIES,
    contracts.SHINGLE_COUNTS,
)

_FORGET = """
    delete from core.doc_copies
    where doc_id not in (select doc_id from raw.posts where doc_id is not null)
        or (copy is not null and copy not in (select copy from core.copies))
"""

#: What no document says any more, in order.
_LEFT_ALONE = (
    "delete from core.copies where copy not in (select copy from core.doc_copies where copy is not null)",
    "delete from core.copy_bands where copy not in (select copy from core.copies)",
    "delete from core.copy_pairs where later not in (select copy from core.copies) or earlier not in (select copy from core.copies)",
    "delete from core.copy_families where copy not in (select copy from core.copies)",
    "delete from core.copy_families where template_id not in (select 't' || printf('%016x', name) from core.copies)",
)

_COLLECT = """
    create or replace temp table unsigned_documents as
    select row_number() over (order by first_crawled_at, doc_id) - 1 as position, doc_id, row_id
    from (
        select doc_id, min(crawled_at) as first_crawled_at, min(rowid) as row_id
        from raw.posts
        where crawled_at <= $as_of and doc_id is not null
        group by all
    )
    anti join core.doc_copies using (doc_id)
"""

_SLICE = """
    select wanted.doc_id, posts.title, posts.text
    from unsigned_documents as wanted
    inner join raw.posts as posts on posts.rowid = wanted.row_id
    where wanted.position >= $first and wanted.position < $last
    order by wanted.position
"""


def drop_stale(con: duckdb.DuckDBPyConnection, *, version: str) -> int:
    """Forget all signatures if another version of the code made them, and those of documents that are gone.

    Documents go by retention and by erasure. The first document of an erased copy took its shingles along: others that say the
    same are read again, and what is left of a family whose first copy is gone gets a new first one.

    Returns:
        The number of documents that were forgotten.
    """
    row = con.execute(
        "select count(*) from core.doc_copies where signature_version <> $version",
        {"version": version},
    ).fetchone()
    with connect.transaction(con):
        if row is not None and row[0]:
            for contract in _TABLES:
                con.execute(f"delete from {contract.name}")  # noqa: S608 -- names come from contracts
            return int(row[0])
        gone = con.execute(_FORGET).fetchone()
        for statement in _LEFT_ALONE:
            con.execute(statement)
    return int(gone[0]) if gone is not None else 0


def count_unsigned(con: duckdb.DuckDBPyConnection, as_of: datetime) -> int:
    """Number of documents of posts that have no signature."""
    con.execute(_COLLECT, {"as_of": as_of})
    row = con.execute("select count(*) from unsigned_documents").fetchone()
    con.execute("drop table unsigned_documents")
    return int(row[0]) if row is not None else 0


def unsigned(
    con: duckdb.DuckDBPyConnection, as_of: datetime, *, batch_rows: int
) -> Iterator[pl.DataFrame]:
    """Documents of posts that have no signature, oldest first.

    Args:
        con: The working database. Signatures may be stored between batches.
        as_of: What is known counts from crawls by then.
        batch_rows: Most documents at once.

    Yields:
        contracts.DOCUMENTS, never empty.
    """
    con.execute(_COLLECT, {"as_of": as_of})
    try:
        row = con.execute("select count(*) from unsigned_documents").fetchone()
        total = int(row[0]) if row is not None else 0
        for first in range(0, total, batch_rows):
            values = {"first": first, "last": first + batch_rows}
            yield contracts.DOCUMENTS.check(con.execute(_SLICE, values).pl())
    finally:
        con.execute("drop table if exists unsigned_documents")


def numbers(con: duckdb.DuckDBPyConnection, names: pl.DataFrame) -> pl.DataFrame:
    """Which of these names are known: ``name``, ``copy``."""
    return _semi_join(con, "select name, copy from core.copies", names, "name")


def last_number(con: duckdb.DuckDBPyConnection) -> int:
    """The highest number that a copy has, 0 without copies."""
    row = con.execute("select max(copy) from core.copies").fetchone()
    return int(row[0]) if row is not None and row[0] is not None else 0


def leaders(con: duckdb.DuckDBPyConnection, bands: pl.DataFrame) -> pl.DataFrame:
    """Known copies of these bands: contracts.COPY_BANDS, any order."""
    return _semi_join(con, "select band, copy from core.copy_bands", bands, "band")


def shingles(con: duckdb.DuckDBPyConnection, copies: pl.DataFrame) -> pl.DataFrame:
    """contracts.COPIES of these numbers (column ``copy``), sorted by it."""
    query = "select copy, name, doc_id, thinning, shingles from core.copies"
    return _semi_join(con, query, copies, "copy").sort("copy")


def store(
    con: duckdb.DuckDBPyConnection,
    *,
    documents: pl.DataFrame,
    copies: pl.DataFrame,
    bands: pl.DataFrame,
    pairs: pl.DataFrame,
    counts: pl.DataFrame,
) -> None:
    """Keep one batch, in one transaction.

    Args:
        con: The working database.
        documents: contracts.DOC_COPIES.
        copies: contracts.COPIES, the new ones.
        bands: contracts.COPY_BANDS, the new leaders.
        pairs: contracts.COPY_PAIRS, those of the new copies.
        counts: contracts.SHINGLE_COUNTS, instead of those known.

    Raises:
        ContractError: a frame breaks its contract; nothing was stored.
    """
    with connect.transaction(con):
        load.append(con, contracts.COPIES, copies)
        load.append(con, contracts.DOC_COPIES, documents)
        # Keys are new by construction, and checking millions of them against the table takes longer than storing them.
        con.register("incoming", bands)
        try:
            con.execute("insert into core.copy_bands select band, copy from incoming")
        finally:
            con.unregister("incoming")
        load.append(con, contracts.COPY_PAIRS, pairs)
        load.replace(con, contracts.SHINGLE_COUNTS, counts)


def pairs(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """All verified pairs of copies: contracts.COPY_PAIRS, sorted."""
    return load.read(con, contracts.COPY_PAIRS)


def replace_families(
    con: duckdb.DuckDBPyConnection, families: pl.DataFrame, changes: pl.DataFrame
) -> None:
    """Give copies their families instead of those that they had, and note what changed.

    Args:
        con: The working database.
        families: contracts.COPY_FAMILIES of some copies.
        changes: contracts.TEMPLATE_CHANGES.
    """
    with connect.transaction(con):
        con.register("regrouped", families)
        try:
            con.execute("delete from core.copy_families where copy in (select copy from regrouped)")  # fmt: skip
        finally:
            con.unregister("regrouped")
        load.append(con, contracts.COPY_FAMILIES, families)
        load.append(con, contracts.TEMPLATE_CHANGES, changes)


def families(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The family of each copy that is like another: contracts.COPY_FAMILIES, sorted."""
    return load.read(con, contracts.COPY_FAMILIES)


def leading_copies(
    con: duckdb.DuckDBPyConnection, templates: pl.DataFrame, *, most: int
) -> pl.DataFrame:
    """The first few copies of each family, sorted by (``template_id``, ``copy``).

    Args:
        con: The working database.
        templates: ``template_id``.
        most: Copies per family at most.

    Returns:
        ``template_id``, ``copy_count`` (copies in the family), ``copy``, ``name``, ``thinning``, ``shingles``.
    """
    con.register("wanted_templates", templates.with_columns(pl.col("template_id").str.slice(1).str.to_integer(base=16, dtype=pl.UInt64).alias("name")))  # fmt: skip
    try:
        return con.sql(
            f"""with members as (
                select template_id, copy, count(*) over (partition by template_id) as copy_count
                from core.copy_families
                inner join wanted_templates using (template_id)
                qualify row_number() over (partition by template_id order by copy) <= {int(most)}
            ), alone as (
                select template_id, copies.copy, 1 as copy_count
                from wanted_templates
                inner join core.copies using (name)
                anti join core.copy_families using (template_id)
            ), first_ones as (from members union all from alone)
            select template_id, copy_count, copy, name, thinning, shingles
            from first_ones
            inner join core.copies using (copy)
            order by template_id, copy"""  # noqa: S608  a number
        ).pl()
    finally:
        con.unregister("wanted_templates")


def documents(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """What each document copies: ``doc_id``, ``copy``, ``template_id``, sorted; too short ones are left out.

    A copy that is like no other is a family of its own, which matters where several posts say it.
    """
    return con.sql(
        """select doc_copies.doc_id, copy, coalesce(copy_families.template_id, 't' || printf('%016x', copies.name)) as template_id
        from core.doc_copies
        inner join core.copies using (copy)
        left join core.copy_families using (copy)
        order by doc_copies.doc_id"""
    ).pl()


def _semi_join(
    con: duckdb.DuckDBPyConnection, query: str, wanted: pl.DataFrame, column: str
) -> pl.DataFrame:
    con.register("wanted_keys", wanted.select(column).unique())
    try:
        return con.sql(f"select * from ({query}) semi join wanted_keys using ({column})").pl()  # noqa: S608 -- constants  # fmt: skip
    finally:
        con.unregister("wanted_keys")


def counts(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """How common shingles are: contracts.SHINGLE_COUNTS, empty before the first text."""
    return load.read(con, contracts.SHINGLE_COUNTS)
