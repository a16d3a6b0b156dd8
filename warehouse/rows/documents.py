"""The cache of readings: which documents still have to be read, and what was read in them.

In: the posts in ``raw.posts``. Out: documents that no reading exists for, and the readings of all documents that matter
at a moment.

A document is a distinct (title, text) pair: a post's own, a profile's (title = name, text = bio), or the text in a
picture (no title). Readings depend on nothing but the document, the reader's version and the pack's, so they are kept by
``doc_id`` and shared by all posts that say the same. ``core.doc_stances`` has one row per document that was read.

Invariants: the cache holds readings of one reader and pack at a time (``drop_stale`` first). Each append is one
transaction, so a killed run resumes where it stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from warehouse import connect, contracts, errors, load
from warehouse.rows import digests

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import duckdb

#: Profiles that stand beside these kinds of posts belong to bystanders.
BYSTANDER_KINDS = ("comment", "complaint")

_CACHE = (
    contracts.DOC_SIGNALS,
    contracts.DOC_AMOUNTS,
    contracts.DOC_CONTACTS,
    contracts.DOC_STANCES,
)


@dataclass(frozen=True, slots=True)
class Cached:
    """Readings of documents.

    Attributes:
        signals: contracts.DOC_SIGNALS.
        amounts: contracts.DOC_AMOUNTS.
        contacts: contracts.DOC_CONTACTS.
        stances: contracts.DOC_STANCES; one row per document that was read.
    """

    signals: pl.DataFrame
    amounts: pl.DataFrame
    contacts: pl.DataFrame
    stances: pl.DataFrame


def _profiles(posts: str) -> str:
    """SQL: one row per seller whose name or bio is known at $as_of: its newest profile that has a bio, else a name.

    A bio that a later record does not give is unknown, not gone. Profiles beside a bystander's words come last.
    """
    return f"""
    select
        posts.seller_id,
        posts.profile_doc_id as doc_id,
        greatest(posts.crawled_at, later_crawls.crawled_at) as seen_at,
        posts.kind,
        posts.row_id
    from ({posts}) as posts
    left join (
        select post_id, max(crawled_at) as crawled_at from raw.crawls where crawled_at <= $as_of group by all
    ) as later_crawls using (post_id)
    where posts.crawled_at <= $as_of and posts.profile_doc_id is not null
    qualify row_number() over (
        partition by posts.seller_id
        order by
            coalesce(posts.kind in {BYSTANDER_KINDS}, false),
            coalesce(posts.author_bio, '') = '',
            coalesce(posts.author_name, '') = '',
            seen_at desc,
            posts.crawled_at desc,
            posts.post_id
    ) = 1
"""  # noqa: S608 -- built from constants


def _needed(posts: str, authors: str) -> str:
    """SQL: every document that matters at $as_of with a row of raw.posts that holds it.

    ``origin`` 0 is a post, 1 a profile, 2 a picture. ``posts`` gives all rows of the posts that count, ``authors`` all rows
    of the sellers that count, both with ``row_id``.
    """
    return f"""
    with current_versions as (
        select post_id, max(crawled_at) as crawled_at from ({posts}) where crawled_at <= $as_of group by all
    ),
    current_posts as (
        select posts.row_id, posts.doc_id, posts.ocr_doc_ids
        from ({posts}) as posts
        inner join current_versions using (post_id, crawled_at)
    ),
    profiles as ({_profiles(authors)}),
    occurrences as (
        select doc_id, 0 as origin, row_id from current_posts
        union all
        select doc_id, 1 as origin, row_id from profiles
        union all
        select unnest(ocr_doc_ids) as doc_id, 2 as origin, row_id from current_posts where len(ocr_doc_ids) > 0
    )
"""  # noqa: S608 -- built from constants


_ALL_POSTS = "select *, rowid as row_id from raw.posts"

#: Documents in rows of raw.posts.
_HELD = """
    select rowid as row_id, hash(doc_id) as digest from raw.posts where crawled_at <= $as_of and doc_id is not null
    union all
    select rowid, hash(profile_doc_id) from raw.posts where crawled_at <= $as_of and profile_doc_id is not null
    union all
    select rowid, hash(unnest(ocr_doc_ids)) from raw.posts where crawled_at <= $as_of and len(ocr_doc_ids) > 0
"""

#: Those that were read.
_READ = "select hash(doc_id) as digest from core.doc_stances"

_UNREAD = _needed(
    f"{_ALL_POSTS} semi join lacking using (post_id)",
    f"{_ALL_POSTS} semi join lacking on raw.posts.seller_id is not distinct from lacking.seller_id",
)

_COLLECT_UNREAD = f"""
    create or replace temp table unread_documents as
    {_UNREAD}

    select
        row_number() over (order by origin, row_id, doc_id) - 1 as position,
        doc_id,
        origin,
        row_id
    from (
        select doc_id, min(origin) as origin, arg_min(row_id, origin * (1::bigint << 48) + row_id) as row_id
        from occurrences
        group by all
    )
    anti join (select doc_id from core.doc_stances semi join occurrences using (doc_id)) as known using (doc_id)
"""  # noqa: S608 -- built from constants

#: The row range lets DuckDB skip all other row groups, so a slice costs what it holds and not what the table holds.
_SLICE = """
    select
        wanted.doc_id,
        case wanted.origin when 0 then posts.title when 1 then posts.author_name end as title,
        case wanted.origin
            when 0 then posts.text
            when 1 then posts.author_bio
            else list_extract(posts.media, list_position(
                [md5(chr(31) || coalesce(item.ocr, '')) for item in posts.media], wanted.doc_id
            )).ocr
        end as text
    from unread_documents as wanted
    inner join raw.posts as posts on posts.rowid = wanted.row_id
    where wanted.position >= $first and wanted.position < $last and posts.rowid between $low and $high
    order by wanted.position
"""


def drop_stale(
    con: duckdb.DuckDBPyConnection, *, reader_version: str, pack_version: str
) -> int:
    """Empty the cache if another reader or pack filled it.

    Returns:
        The number of documents that must be read again; 0 if the cache fits.
    """
    row = con.execute(
        "select count(*) from core.doc_stances where reader_version <> $reader or pack_version <> $pack",
        {"reader": reader_version, "pack": pack_version},
    ).fetchone()
    stale = row[0] if row is not None else 0
    if stale:
        with connect.transaction(con):
            for contract in _CACHE:
                con.execute(f"delete from {contract.name}")  # noqa: S608 -- names come from contracts
    return int(stale)


def count_unread(con: duckdb.DuckDBPyConnection, as_of: datetime) -> int:
    """Number of distinct documents that matter at ``as_of`` and have no reading."""
    _collect_lacking(con, as_of)
    query = f"{_UNREAD} select count(distinct doc_id) from occurrences anti join core.doc_stances using (doc_id)"  # noqa: S608 -- built from constants
    row = con.execute(query, {"as_of": as_of}).fetchone()
    con.execute("drop table lacking")
    return int(row[0]) if row is not None else 0


def unread(
    con: duckdb.DuckDBPyConnection, as_of: datetime, *, batch_rows: int = 20_000
) -> Iterator[pl.DataFrame]:
    """The documents that matter at ``as_of`` and have no reading, in slices.

    The list is made when the first slice is taken; readings may be appended between slices, through the same connection.

    Args:
        con: The working database. No post may be erased while the slices are taken.
        as_of: What is known counts from crawls by then.
        batch_rows: Most documents in one slice.

    Yields:
        contracts.DOCUMENTS, never empty; every document once, in an order that depends only on the order of loading.
    """
    _collect_lacking(con, as_of)
    con.execute(_COLLECT_UNREAD, {"as_of": as_of})
    con.execute("drop table lacking")
    try:
        bounds = con.execute(
            "select position // $rows as slice, min(row_id), max(row_id) from unread_documents group by all order by slice",
            {"rows": batch_rows},
        ).fetchall()
        for number, low, high in bounds:
            first = number * batch_rows
            values = {"first": first, "last": first + batch_rows, "low": low, "high": high}  # fmt: skip
            yield contracts.DOCUMENTS.check(con.execute(_SLICE, values).pl())
    finally:
        con.execute("drop table if exists unread_documents")


def _collect_lacking(con: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    """Make the table ``lacking``: post and seller of each row of raw.posts that holds a document without a reading.

    Of whatever is unread only their posts and sellers count.
    """
    held = con.execute(_HELD, {"as_of": as_of}).pl()
    unread = digests.missing(np.sort(held["digest"].to_numpy()), digests.of(con, _READ))
    rows = held.filter(pl.col("digest").is_in(pl.Series(unread).implode()))
    con.register("lacking_rows", rows.select("row_id"))
    try:
        con.execute("create or replace temp table lacking as select post_id, seller_id from raw.posts where rowid in (from lacking_rows)")  # fmt: skip
    finally:
        con.unregister("lacking_rows")


def append_reading(
    con: duckdb.DuckDBPyConnection,
    *,
    signals: pl.DataFrame,
    amounts: pl.DataFrame,
    contacts: pl.DataFrame,
    stances: pl.DataFrame,
    reader_version: str,
    pack_version: str,
) -> None:
    """Keep the readings of one slice of documents.

    Args:
        con: The working database.
        signals: contracts.DOC_SIGNALS.
        amounts: contracts.DOC_AMOUNTS.
        contacts: contracts.DOC_CONTACTS.
        stances: contracts.DOC_STANCES; one row for every document of the slice, also for those in which nothing is.
        reader_version: Version of the code that read them.
        pack_version: Version of the pack they were read with.

    Raises:
        ContractError: a frame breaks its contract, names a document that ``stances`` does not, or one that is cached
            already. Nothing was stored.
    """
    frames = (signals, amounts, contacts, stances)
    for contract, frame in zip(_CACHE, frames, strict=True):
        contract.check(frame)
        strangers = frame.join(stances, on="doc_id", how="anti")
        if strangers.height:
            message = (
                f"{contract.name}: document {strangers['doc_id'][0]} has no row in the stances of its slice. "
                "Nothing was stored. Every document that was read needs a stance."
            )
            raise errors.ContractError(message)
    versions = [
        pl.lit(reader_version).alias("reader_version"),
        pl.lit(pack_version).alias("pack_version"),
    ]
    with connect.transaction(con):
        con.register("slice_stances", stances.with_columns(versions))
        try:
            twice = con.execute(
                "select doc_id from core.doc_stances semi join slice_stances using (doc_id) limit 1"
            ).fetchone()
            if twice is not None:
                message = f"core.doc_stances: document {twice[0]} was read already. Nothing was stored."
                raise errors.ContractError(message)
            con.execute("insert into core.doc_stances by name from slice_stances")
        finally:
            con.unregister("slice_stances")
        for contract, frame in zip(_CACHE[:3], frames[:3], strict=True):
            con.register("slice_rows", frame)
            try:
                con.execute(f"insert into {contract.name} by name from slice_rows")
            finally:
                con.unregister("slice_rows")


def cached(con: duckdb.DuckDBPyConnection, as_of: datetime) -> Cached:
    """The readings of all documents that matter at ``as_of``, each sorted by its key."""
    con.execute(
        f"create or replace temp table needed_documents as {_needed(_ALL_POSTS, _ALL_POSTS)} select distinct doc_id from occurrences",  # noqa: S608 -- built from constants
        {"as_of": as_of},
    )
    try:
        frames = [_needed_rows(con, contract) for contract in _CACHE]
    finally:
        con.execute("drop table if exists needed_documents")
    return Cached(*frames)


def profiles(con: duckdb.DuckDBPyConnection, as_of: datetime) -> pl.DataFrame:
    """Which document is each seller's profile at ``as_of``.

    Returns:
        ``seller_id``, ``doc_id``, ``seen_at`` (latest crawl that showed it, UTC), ``kind`` (of the post that carried it);
        one row per seller with a name or a bio, sorted by seller_id.
    """
    query = f"select seller_id, doc_id, seen_at, kind from ({_profiles(_ALL_POSTS)}) order by seller_id"  # noqa: S608 -- built from constants
    return con.execute(query, {"as_of": as_of}).pl()


def picture_texts(con: duckdb.DuckDBPyConnection, as_of: datetime) -> pl.DataFrame:
    """Which documents stand in the pictures of each post at ``as_of``.

    Returns:
        ``post_id``, ``doc_id``; one row per post and distinct picture text, sorted.
    """
    query = f"""
        with current_versions as ({load.CURRENT})

        select distinct post_id, unnest(posts.ocr_doc_ids) as doc_id
        from raw.posts as posts
        inner join current_versions using (post_id, crawled_at)
        where len(posts.ocr_doc_ids) > 0
        order by post_id, doc_id
    """  # noqa: S608 -- CURRENT is a constant
    return con.execute(query, {"as_of": as_of}).pl()


def _needed_rows(
    con: duckdb.DuckDBPyConnection, contract: contracts.Contract
) -> pl.DataFrame:
    columns, order = ", ".join(contract.columns), ", ".join(contract.key)
    query = f"select {columns} from {contract.name} semi join needed_documents using (doc_id) order by {order}"  # noqa: S608 -- names come from contracts
    return con.sql(query).pl()
