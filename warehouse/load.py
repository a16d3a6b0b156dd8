"""Put frames into the working database and take them out again.

In: frames of ``warehouse.contracts``. Out: the same rows in the table of the contract's name, or frames read from it.

Invariants: every function is one transaction (or part of the caller's), so a killed run keeps whole batches only. Posts
are versioned: a crawl that finds a post changed adds a version, one that finds it unchanged adds a row to ``raw.crawls``,
and one that is not later than what is known adds nothing. So every question can be asked as of a moment, and an import
that is repeated changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from warehouse import connect, contracts, errors
from warehouse.rows import difference
from warehouse.upkeep import erasure

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

#: How a record reached us. These may differ between two crawls of an unchanged post, so they do not make a version.
PROVENANCE = ("source", "transport", "query", "evidence_sha256")

#: Columns of raw.posts that are computed when a version is stored, outside the contract.
COMPUTED = ("content_digest", "doc_id", "profile_doc_id", "ocr_doc_ids")

#: Long texts stay in the database: ``current_posts`` leaves these out.
WIDE = ("title", "text", "author_bio", "extra")

#: SQL: the version of each post that is current at $as_of, with the first crawl of any version.
CURRENT = """
    select post_id, max(crawled_at) as crawled_at, min(crawled_at) as first_crawled_at
    from raw.posts
    where crawled_at <= $as_of
    group by all
"""


@dataclass(frozen=True, slots=True)
class LoadCounts:
    """What became of the records of a batch.

    Attributes:
        new: Posts seen for the first time.
        updated: New versions of known posts.
        unchanged: Records that brought nothing new.
    """

    new: int
    updated: int
    unchanged: int


def load_posts(con: duckdb.DuckDBPyConnection, frame: pl.DataFrame) -> LoadCounts:
    """Store a batch of posts by the rules of CONTRACT section 3, in the order of its rows.

    Args:
        con: The working database.
        frame: contracts.RAW_POSTS, except that a post may come several times, also with the same ``crawled_at``.

    Returns:
        Counts that add up to the number of rows. A record whose ``crawled_at`` is not later than the latest known crawl
        of its post changes nothing, and so does one of an account that was erased later. A later one with the same content is unchanged too, and its time is noted in
        raw.crawls; content is every column but ``crawled_at`` and those in PROVENANCE.

    Raises:
        ContractError: a column is missing, extra or of another type, or a key is null.
    """
    contracts.Contract(contracts.RAW_POSTS.name, contracts.RAW_POSTS.columns, ()).check(
        frame
    )
    for column in contracts.RAW_POSTS.key:
        if frame[column].null_count():
            message = (
                f"raw.posts: {frame[column].null_count()} of {frame.height} records have no {column}. "
                "Nothing of this batch was stored. Reject such records before loading."
            )
            raise errors.ContractError(message)
    with connect.transaction(con):
        batch = erasure.without_forgotten(con, frame)
        con.register("batch", batch.with_row_index("position"))
        try:
            con.execute(_JUDGE)
            con.execute(STORE_VERSIONS)
            con.execute(_STORE_CRAWLS)
            row = con.execute(_COUNT).fetchone()
            con.execute("drop table judged")
        finally:
            con.unregister("batch")
    new, updated = row if row is not None else (0, 0)
    return LoadCounts(new=new, updated=updated, unchanged=frame.height - new - updated)


def current_posts(con: duckdb.DuckDBPyConnection, as_of: datetime) -> pl.DataFrame:
    """Every post known at ``as_of`` in its newest version, without the long texts.

    Returns:
        One row per post, sorted by post_id: the columns of contracts.RAW_POSTS except WIDE; then ``first_crawled_at``
        and ``last_crawled_at`` (UTC, by as_of), ``doc_id``, ``profile_doc_id`` (null without name and bio),
        ``ocr_doc_ids``, and ``text_length`` in characters (0 where there is no text).
    """
    return _current(con, as_of, ())


def posts_with_texts(con: duckdb.DuckDBPyConnection, as_of: datetime) -> pl.DataFrame:
    """As ``current_posts``, then ``title`` and ``text``."""
    return _current(con, as_of, ("title", "text"))


def _current(
    con: duckdb.DuckDBPyConnection, as_of: datetime, texts: tuple[str, ...]
) -> pl.DataFrame:
    names = [name for name in contracts.RAW_POSTS.columns if name not in WIDE]
    columns = ", ".join(f"posts.{name}" for name in names)
    more = "".join(f", posts.{name}" for name in texts)
    query = f"""
        with current_versions as ({CURRENT}),
        later_crawls as (
            select post_id, max(crawled_at) as crawled_at
            from raw.crawls
            where crawled_at <= $as_of
            group by all
        )

        select
            {columns},
            current_versions.first_crawled_at,
            greatest(posts.crawled_at, later_crawls.crawled_at) as last_crawled_at,
            posts.doc_id,
            posts.profile_doc_id,
            posts.ocr_doc_ids,
            coalesce(length(posts.text), 0) as text_length{more}
        from raw.posts as posts
        inner join current_versions using (post_id, crawled_at)
        left join later_crawls using (post_id)
        order by posts.post_id
    """  # noqa: S608 -- column names come from contracts
    return con.execute(query, {"as_of": as_of}).pl()


def post_texts(
    con: duckdb.DuckDBPyConnection, as_of: datetime, post_ids: pl.Series
) -> pl.DataFrame:
    """Title and text of some posts as they read at ``as_of``.

    Returns:
        ``post_id``, ``title``, ``text``; one row per post that is known, sorted by post_id.
    """
    wanted = pl.DataFrame({"post_id": post_ids.cast(pl.String()).unique()})
    query = f"""
        with current_versions as ({CURRENT})

        select post_id, posts.title, posts.text
        from raw.posts as posts
        inner join current_versions using (post_id, crawled_at)
        semi join wanted using (post_id)
        order by post_id
    """  # noqa: S608 -- CURRENT is a constant
    con.register("wanted", wanted)
    try:
        return con.execute(query, {"as_of": as_of}).pl()
    finally:
        con.unregister("wanted")


def read(con: duckdb.DuckDBPyConnection, contract: contracts.Contract) -> pl.DataFrame:
    """All rows of a contract's table, in the contract's columns, in the order of its key."""
    order = contract.key or tuple(contract.columns)
    query = f"select {', '.join(contract.columns)} from {contract.name} order by {', '.join(order)}"  # noqa: S608 -- names come from contracts
    return con.sql(query).pl()


def append(
    con: duckdb.DuckDBPyConnection, contract: contracts.Contract, frame: pl.DataFrame
) -> None:
    """Add rows to a contract's table.

    Raises:
        ContractError: the frame breaks the contract, or a key of it is in the table already; nothing was stored.
    """
    contract.check(frame)
    if frame.is_empty():
        return
    with connect.transaction(con):
        con.register("incoming", frame)
        try:
            if contract.key:
                _refuse_known_keys(con, contract)
            columns = ", ".join(contract.columns)
            con.execute(
                f"insert into {contract.name} ({columns}) select {columns} from incoming"  # noqa: S608 -- names come from contracts
            )
        finally:
            con.unregister("incoming")


def replace(
    con: duckdb.DuckDBPyConnection, contract: contracts.Contract, frame: pl.DataFrame
) -> None:
    """Make these the only rows of a contract's table; those that are there already are not touched.

    Raises:
        ContractError: the frame breaks the contract; the table is as before.
    """
    contract.check(frame)
    columns = tuple(contract.columns)
    with connect.threads(con, 1), connect.transaction(con):
        con.register("incoming", difference.uncopied(frame))
        try:
            query = f"select {', '.join(columns)} from incoming"  # noqa: S608 -- names come from contracts
            difference.replace(con, contract.name, query, columns, frame=frame)
        finally:
            con.unregister("incoming")


def replace_run(
    con: duckdb.DuckDBPyConnection,
    contract: contracts.Contract,
    frame: pl.DataFrame,
    *,
    run_id: str,
) -> None:
    """Make these the only rows of one run in a table that has a ``run_id``; other runs keep theirs.

    Raises:
        ContractError: the frame breaks the contract or holds rows of another run; the table is as before.
    """
    contract.check(frame)
    strangers = frame.filter(pl.col("run_id").ne_missing(run_id)).height
    if strangers:
        message = (
            f"{contract.name}: {strangers} of {frame.height} rows are not of run {run_id}. Nothing was stored. "
            "Set run_id on every row."
        )
        raise errors.ContractError(message)
    with connect.transaction(con):
        con.execute(
            f"delete from {contract.name} where run_id = $run_id",  # noqa: S608 -- names come from contracts
            {"run_id": run_id},
        )
        append(con, contract, frame)


MASKED_TEXTS = contracts.Contract(
    "core.masked_texts",
    {"post_id": contracts.TEXT, "title": contracts.TEXT, "text": contracts.TEXT},
    ("post_id",),
)


def _refuse_known_keys(
    con: duckdb.DuckDBPyConnection, contract: contracts.Contract
) -> None:
    keys = ", ".join(contract.key)
    twice = con.execute(
        f"select {keys} from {contract.name} semi join incoming using ({keys}) limit 1"  # noqa: S608 -- names come from contracts
    ).pl()
    if twice.height:
        message = (
            f"{contract.name}: key {contract.key} = {twice.row(0)} is stored already. Nothing was stored. "
            "Use replace, or leave known rows out."
        )
        raise errors.ContractError(message)


def _document_id(title: str, text: str) -> str:
    """SQL of the document id for two SQL expressions; null counts as ''."""
    return f"md5(coalesce({title}, '') || chr(31) || coalesce({text}, ''))"


def content_digest() -> str:
    """SQL of the digest of everything that describes a post.

    Fields are joined by the unit separator and null is the record separator, so moving a character from one field to the
    next, or null to '', changes the digest. Spelled out by type instead of hashing a struct, because the text form of a
    struct may change between DuckDB versions and would then make every post look changed.
    """
    parts = []
    for name, dtype in contracts.RAW_POSTS.columns.items():
        if name in {"post_id", "crawled_at", *PROVENANCE}:
            continue
        if dtype == contracts.TEXTS:
            text = f"array_to_string({name}, chr(29))"
        elif isinstance(dtype, pl.List):
            text = f"to_json({name})::varchar"
        elif dtype == contracts.TIME:
            text = f"epoch_us({name})::varchar"
        else:
            text = f"{name}::varchar"
        parts.append(f"coalesce({text}, chr(30))")
    return f"md5_number(concat_ws(chr(31), {', '.join(parts)}))"


#: Which records are later than all that was known of their post before them (in the table or the batch), and which of
#: those bring another content than the version before.
_JUDGE = f"""
    create temp table judged as
    with incoming as (
        select position, post_id, crawled_at, {content_digest()} as content_digest from batch
    ),
    known_versions as (
        select post_id, max(crawled_at) as crawled_at, arg_max(content_digest, crawled_at) as content_digest
        from raw.posts
        where post_id in (select post_id from incoming)
        group by all
    ),
    known_crawls as (
        select post_id, max(crawled_at) as crawled_at
        from raw.crawls
        where post_id in (select post_id from incoming)
        group by all
    ),
    placed as (
        select
            incoming.*,
            known_versions.content_digest as known_digest,
            greatest(
                known_versions.crawled_at,
                known_crawls.crawled_at,
                max(incoming.crawled_at) over (
                    partition by incoming.post_id order by position rows between unbounded preceding and 1 preceding
                )
            ) as known_until
        from incoming
        left join known_versions using (post_id)
        left join known_crawls using (post_id)
    ),
    accepted as (
        select *, lag(content_digest, 1, known_digest) over (partition by post_id order by position) as digest_before
        from placed
        where known_until is null or crawled_at > known_until
    )

    select
        position,
        post_id,
        crawled_at,
        content_digest,
        content_digest is distinct from digest_before as is_version,
        digest_before is null as is_first
    from accepted
"""  # noqa: S608 -- the digest's column names come from contracts

STORE_VERSIONS = f"""
    insert into raw.posts by name
    select
        batch.* exclude (position),
        judged.content_digest,
        {_document_id("title", "text")} as doc_id,
        case when author_name is not null or author_bio is not null
            then {_document_id("author_name", "author_bio")} end as profile_doc_id,
        coalesce(
            [{_document_id("null", "item.ocr")} for item in media if item.ocr <> ''], []
        ) as ocr_doc_ids
    from batch
    inner join judged on judged.position = batch.position and judged.is_version
    order by batch.position
"""  # noqa: S608 -- built from constants

_STORE_CRAWLS = """
    insert into raw.crawls
    select post_id, crawled_at from judged where not is_version order by position
"""

_COUNT = """
    select
        count(*) filter (is_version and is_first) as new_count,
        count(*) filter (is_version and not is_first) as updated_count
    from judged
"""
