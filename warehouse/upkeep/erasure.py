"""One seller taken out of the working database, everywhere it stands.

In: a seller id. Out: a database without its posts, what was read from them, its place in networks and its cases, and one
row that says that somebody was erased. Where it stands is asked of the catalogue (columns ``seller_id``, ``post_id``,
``doc_id``, ``src``, ``dst``), so a table that is added later is covered without a word here.

Invariants: one transaction. Entries of the list stay until a release has told consumers that they left
(``retention`` takes the name out later). A record of the account that was crawled before the erasure never comes back:
``without_forgotten``.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warehouse import connect

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb
    import polars as pl

#: Tables that speak of sellers and yet keep their rows: the list's ledger (see above) and what names nobody.
_KEPT = {
    "core.watchlist",
    "core.watchlist_changes",
    "core.staged_watchlist",
    "core.staged_changes",
}


#: Native ids shorter than this stand in too many addresses and bodies by chance to be searched for.
SHORTEST_NEEDLE = 5


@dataclass(frozen=True, slots=True)
class Traces:
    """What ties archived answers to a seller.

    Attributes:
        post_ids: Its posts, ``platform:native``.
        digests: SHA-256 of the answers that its posts were read from.
    """

    post_ids: list[str]
    digests: set[str]


def traces(con: duckdb.DuckDBPyConnection, seller_id: str) -> Traces:
    """What is known of a seller; empty for an unknown one."""
    rows = con.execute(
        "select distinct post_id, evidence_sha256 from raw.posts where seller_id = ? order by all",
        [seller_id],
    ).fetchall()
    return Traces(
        sorted({post_id for post_id, _ in rows}),
        {digest for _, digest in rows if digest is not None},
    )


def forget_seller(
    con: duckdb.DuckDBPyConnection,
    seller_id: str,
    *,
    author: str,
    note: str,
    forgotten_at: datetime,
    answer_count: int,
) -> dict[str, int]:
    """Erase a seller.

    Args:
        con: The working database.
        seller_id: ``platform:native``; one that is not known is noted all the same, so that old records of it stay out.
        author: Who erases it.
        note: Why.
        forgotten_at: Now, UTC.
        answer_count: Archived answers that were erased with it.

    Returns:
        Number of rows taken out by table, and of decisions whose target was made unreadable.
    """
    removed: dict[str, int] = {}
    salt = secrets.token_hex(16)
    with connect.transaction(con):
        post_ids = traces(con, seller_id).post_ids
        con.execute("create or replace temp table erased_posts (post_id varchar)")
        con.execute("create or replace temp table erased_documents (doc_id varchar)")
        con.execute("insert into erased_posts select unnest($ids::varchar[])", {"ids": post_ids})  # fmt: skip
        con.execute(_OWN_DOCUMENTS)
        for table, columns in _tables(con).items():
            removed[table] = _erase(con, table, columns, seller_id)
        removed["core.verdicts"] = _erase_decisions(con, seller_id, salt)
        con.execute("drop table erased_posts")
        con.execute("drop table erased_documents")
        con.execute(
            "insert into core.forgotten values ($salt, sha256($salt || $seller), $at, $author, $note, $posts, $answers)",
            {
                "salt": salt,
                "seller": seller_id,
                "at": forgotten_at,
                "author": author,
                "note": note,
                "posts": len(post_ids),
                "answers": answer_count,
            },
        )
    return {table: count for table, count in removed.items() if count}


def without_forgotten(
    con: duckdb.DuckDBPyConnection, frame: pl.DataFrame
) -> pl.DataFrame:
    """Records that may be stored: none of an erased account from before its erasure.

    Args:
        con: The working database.
        frame: contracts.RAW_POSTS.

    Returns:
        The frame without such rows, in its order.
    """
    if not con.execute("select 1 from core.forgotten limit 1").fetchone():
        return frame
    con.register("arriving", frame.select("seller_id").unique())
    try:
        gone = con.sql(
            """select arriving.seller_id, max(forgotten.forgotten_at) as forgotten_at
            from arriving
            inner join core.forgotten as forgotten on forgotten.digest = sha256(forgotten.salt || arriving.seller_id)
            group by all"""
        ).pl()
    finally:
        con.unregister("arriving")
    if gone.is_empty():
        return frame
    until = dict(gone.rows())
    limits = frame["seller_id"].replace_strict(
        until, default=None, return_dtype=frame["crawled_at"].dtype
    )
    return frame.filter(limits.is_null() | (frame["crawled_at"] > limits))


#: Texts that nobody else's posts or profiles hold.
_OWN_DOCUMENTS = """
    insert into erased_documents
    with used as (
        select post_id, unnest(list_concat([doc_id, profile_doc_id], ocr_doc_ids)) as doc_id from raw.posts
    )

    select distinct doc_id
    from used
    semi join erased_posts using (post_id)
    anti join (select doc_id from used anti join erased_posts using (post_id)) as others using (doc_id)
    where doc_id is not null
"""


def _tables(con: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """Columns of every table that may speak of a seller; raw.posts last, because the others are found by it."""
    rows = con.execute(
        """select schema_name || '.' || table_name, list(column_name)
        from duckdb_columns()
        where schema_name in ('raw', 'core') and database_name = current_database()
            and column_name in ('seller_id', 'post_id', 'doc_id', 'src', 'dst', 'url_or_file')
        group by all
        order by 1"""
    ).fetchall()
    found = {name: set(columns) for name, columns in rows if name not in _KEPT}
    return dict(sorted(found.items(), key=lambda item: item[0] == "raw.posts"))


def _erase(
    con: duckdb.DuckDBPyConnection, table: str, columns: set[str], seller_id: str
) -> int:
    """Rows taken out of one table; addresses that name the account are made unreadable instead."""
    native = seller_id.partition(":")[2]
    if "url_or_file" in columns:
        if len(native) >= SHORTEST_NEEDLE:
            con.execute(
                f"update {table} set url_or_file = 'forgotten' where contains(url_or_file, $native)",  # noqa: S608 -- names come from the catalogue
                {"native": native},
            )
        return 0
    parts = [f"{name} = $seller" for name in ("seller_id", "src", "dst") if name in columns]  # fmt: skip
    if "post_id" in columns:
        parts.append("post_id in (from erased_posts)")
    if "doc_id" in columns and "seller_id" not in columns and "post_id" not in columns:
        parts.append("doc_id in (from erased_documents)")
    where = " or ".join(parts)
    values = {"seller": seller_id} if "$seller" in where else {}
    row = con.execute(f"select count(*) from {table} where {where}", values).fetchone()  # noqa: S608 -- names come from the catalogue
    con.execute(f"delete from {table} where {where}", values)  # noqa: S608 -- names come from the catalogue
    return int(row[0]) if row is not None else 0


def _erase_decisions(con: duckdb.DuckDBPyConnection, seller_id: str, salt: str) -> int:
    """That a decision was made is kept, about whom is not."""
    row = con.execute(
        "select count(*) from core.verdicts where target = ?", [seller_id]
    ).fetchone()
    con.execute(
        "update core.verdicts set target = 'forgotten:' || left(sha256($salt || $seller), 16), note = '' where target = $seller",
        {"salt": salt, "seller": seller_id},
    )
    about = "value = 'forgotten:' || left(sha256($salt || $seller), 16), note = ''"
    where = "entity = 'seller' and value = $seller"
    values = {"salt": salt, "seller": seller_id}
    con.execute(
        f"update core.appeals set {about}, decision_note = null where {where}",  # noqa: S608 -- constants
        values,
    )
    con.execute(f"update core.revocations set {about} where {where}", values)  # noqa: S608 -- constants
    con.execute("delete from core.labels where target = ?", [seller_id])
    con.execute(
        "delete from core.allowlist where kind = 'seller' and value = ?", [seller_id]
    )
    con.execute(
        "update core.network_changes set detail = replace(detail, $seller, 'forgotten') where contains(detail, $seller)",
        {"seller": seller_id},
    )
    return int(row[0]) if row is not None else 0
