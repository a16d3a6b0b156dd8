"""The database file of a snapshot: made whole, or made of the one before by changing what differs.

In: the working database; for the second way a copy of a published snapshot. Out: a file with the ``core`` tables, the
``analyst`` views over them, all comments, and ``core.build``, which says how it was made.

Invariants: both ways end with the same rows in every table. A file made of the one before is made by the same code over the
same schema (``format_digest``). Deleted rows stay in a DuckDB file until it is made anew, so a file is made whole as soon as
somebody was erased, and every so many nights in any case: by then rows that retention took out have left it too.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from importlib import resources
from typing import TYPE_CHECKING

import duckdb

from warehouse import connect, errors, migrate
from warehouse.rows import difference
from warehouse.snapshots import tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

#: After so many nights a snapshot is made whole again: its rows are in order again and what was deleted has left the file.
NIGHTS = 7

#: A file may grow by this share of the size that it had when it was made whole, and by so many bytes in any case: a small
#: home's tables are filled anew every night, and what they leave is used again by the next.
BLOAT = 0.5
SLACK = 64 << 20

#: Columns of more distinct values in a row group are written plain: collecting a dictionary of texts that are all different
#: took a sixth of the time of writing posts, and their files were no smaller for it.
DICTIONARY = 2_000

#: Parquet is written anew with every table that changed. Level 1 took a third more time for files two thirds as large.
COMPRESSION = "compression zstd, compression_level -3"

#: Rows of posts in twice as many take buffers so large that asking the system for them took a fifth of the time of writing.
ROW_GROUP = 61_440

#: A file that has no name yet is thrown away when its making is cut short, so nothing is logged for replaying it.
_ASIDE = "(recovery_mode no_wal_writes)"

_BUILD = """
    create table if not exists snapshot.core.build (
        format_digest varchar, forgotten_count bigint, night_count bigint, whole_bytes bigint
    )
"""

#: A post that is found again is seen later, and nothing else of it changes: a night's most frequent news by far.
_POSTS = difference.Keyed(
    tables.PLACED_POSTS, tables.POST_DIGESTS, tables.FEW_POSTS, ("last_crawled_at",)
)

_BUILD_COMMENTS = (
    "comment on table core.build is 'How this file was made. Grain: one row.'",
    "comment on column core.build.format_digest is 'Digest of the code and schema that made it.'",
    "comment on column core.build.forgotten_count is 'Erasures known when it was made.'",
    "comment on column core.build.night_count is 'Nights since a file was made whole; 0 for one that was.'",
    "comment on column core.build.whole_bytes is 'Size of that file in bytes. Null in the file itself.'",
)


def fill(
    work: duckdb.DuckDBPyConnection,
    path: Path,
    *,
    as_of: datetime,
    with_staged_release: bool,
) -> None:
    """Make a new file of everything, every table in the order in which it is mostly read.

    Args:
        work: The working database; only read.
        path: The new file.
        as_of: Posts, decisions and crawls after it are left out.
        with_staged_release: Show the watchlist as it will be once the staged release is visible.
    """
    work.execute(
        f"attach {connect.quoted(str(path))} as snapshot (storage_version '{connect.STORAGE_VERSION}')"
    )
    try:
        work.execute("create schema snapshot.core")
        for view in tables.VIEWS:
            query = tables.query(view, with_staged_release=with_staged_release)
            work.execute(
                f"create table snapshot.core.{view} as {query} order by {tables.order(view)}",
                _values(query, as_of),
            )
        work.execute(_BUILD)
        work.execute(
            "insert into snapshot.core.build values (?, ?, 0, null)",
            [format_digest(), _forgotten(work)],
        )
        comments = _comments(work)
    finally:
        work.execute("detach snapshot")
    con = connect.open_existing(path)
    try:
        create_views(con)
        for statement in (*comments, *_BUILD_COMMENTS, *_post_comments(con)):
            con.execute(statement)
    finally:
        con.close()


def obstacle(work: duckdb.DuckDBPyConnection, base: Path) -> str | None:
    """Why the next snapshot cannot be made of this one; null when it can.

    Args:
        work: The working database.
        base: A published file.
    """
    try:
        work.execute(f"attach {connect.quoted(str(base))} as base (read_only)")
    except duckdb.Error as error:
        return f"it cannot be opened: {str(error).splitlines()[0]}"
    try:
        row = work.execute("from base.core.build").fetchone()
    except duckdb.CatalogException:
        row = None
    finally:
        work.execute("detach base")
    if row is None:
        return "an older version made it"
    made_by, forgotten, nights, whole_bytes = row
    obstacles = {
        "another version made it": made_by != format_digest(),
        "somebody was erased since": forgotten != _forgotten(work),
        f"it is {nights} nights since one was made whole": nights + 1 >= NIGHTS,
        "it has grown too much": whole_bytes is not None
        and base.stat().st_size - whole_bytes > max(BLOAT * whole_bytes, SLACK),
    }
    return next((why for why, holds in obstacles.items() if holds), None)


def renew(
    work: duckdb.DuckDBPyConnection,
    path: Path,
    *,
    as_of: datetime,
    with_staged_release: bool,
) -> list[str] | None:
    """Make a copy of a published file, to which there is no ``obstacle``, hold what the working database has now.

    Args:
        work: The working database; only read.
        path: The copy.
        as_of: As for ``fill``.
        with_staged_release: As for ``fill``.

    Returns:
        Names of the views whose rows changed; null when so much differs that a whole one is cheaper, and the copy is of no
        use then.
    """
    size = path.stat().st_size
    work.execute(f"attach {connect.quoted(str(path))} as snapshot {_ASIDE}")
    try:
        changed = []
        # One commit for all: with one a table, writing what nobody will ever replay took a third of the time.
        with connect.transaction(work):
            for view in tables.VIEWS:
                found = _renew_table(
                    work, view, as_of=as_of, with_staged_release=with_staged_release
                )
                if view == "posts" and found.is_anew and found.stored > difference.FEW:
                    return None
                if not found.is_none:
                    changed.append(view)
            work.execute(
                "update snapshot.core.build set night_count = night_count + 1, whole_bytes = coalesce(whole_bytes, ?)",
                [size],
            )
    finally:
        work.execute("detach snapshot")
    return changed


def amend(
    work: duckdb.DuckDBPyConnection,
    path: Path,
    views: Sequence[str],
    *,
    as_of: datetime,
) -> list[str]:
    """Make some tables of a copy hold what the working database has now, with the staged release.

    Returns:
        Names of the views whose rows changed. Tables that the copy does not have in this code's shape, because an older
        version made it, are left as they are.
    """
    work.execute(f"attach {connect.quoted(str(path))} as snapshot {_ASIDE}")
    try:
        return [
            view
            for view in views
            if _columns(work, view) == list(tables.columns(view))
            and not _renew_table(
                work, view, as_of=as_of, with_staged_release=True
            ).is_none
        ]
    finally:
        work.execute("detach snapshot")


def export(
    path: Path, parquet: Path, views: Sequence[str], *, memory_limit: str
) -> None:
    """Write the Parquet of some views, which reads their tables once, and close the file for good."""
    con = connect.open_existing(path, memory_limit=memory_limit, threads=1)
    try:
        for view in views:
            file = connect.quoted(str(parquet / f"{view}.parquet"))
            con.execute(
                f"copy (from analyst.{view}) to {file} (format parquet, {COMPRESSION}, dictionary_size_limit {DICTIONARY}, row_group_size {ROW_GROUP})"
            )
        con.execute("checkpoint")
    finally:
        con.close()
    log = path.with_name(path.name + ".wal")
    if log.exists():
        message = f"{log} is left after a checkpoint, so {path.name} is not complete. Nothing was published."
        raise errors.PuppetwatchError(message)


def create_views(con: duckdb.DuckDBPyConnection) -> None:
    """Create all ``analyst`` views, with their comments, over the ``core`` tables of a snapshot."""
    con.execute("create schema if not exists analyst")
    for view in tables.VIEWS:
        con.execute(_view(view))


def create_empty_posts(con: duckdb.DuckDBPyConnection) -> None:
    """Give a migrated database the one table of a snapshot that it lacks, so that the views can be described."""
    con.execute(
        f"create table core.posts as select * from ({tables.POSTS}) limit 0",  # noqa: S608 -- a constant
        {"as_of": datetime(1970, 1, 1, tzinfo=UTC)},
    )


def format_digest() -> str:
    """Digest of all that shapes a snapshot's file: queries, views, schema, DuckDB."""
    parts = [duckdb.__version__, connect.STORAGE_VERSION]
    parts += [f"{each.version}:{each.checksum}" for each in migrate.scripts()]
    for view in tables.VIEWS:
        parts += [tables.query(view), tables.order(view), _view(view)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _renew_table(
    work: duckdb.DuckDBPyConnection,
    view: str,
    *,
    as_of: datetime,
    with_staged_release: bool,
) -> difference.Difference:
    query = tables.query(view, with_staged_release=with_staged_release)
    is_keyed = view == "posts"
    return difference.replace(
        work,
        f"snapshot.core.{view}",
        query,
        tables.POST_COMPARED if is_keyed else tables.columns(view),
        names=tables.columns(view),
        order=tables.order(view),
        values=_values(query, as_of),
        keyed=_POSTS if is_keyed else None,
    )


def _values(query: str, as_of: datetime) -> dict[str, object]:
    return {"as_of": as_of} if "$as_of" in query else {}


def _forgotten(work: duckdb.DuckDBPyConnection) -> int:
    row = work.execute("select count(*) from core.forgotten").fetchone()
    return int(row[0]) if row is not None else 0


def _view(view: str) -> str:
    views = resources.files("warehouse").joinpath("views")
    return views.joinpath(f"{view}.sql").read_text(encoding="utf-8")


def _columns(work: duckdb.DuckDBPyConnection, view: str) -> list[str]:
    rows = work.execute(
        "select column_name from duckdb_columns() where database_name = 'snapshot' and schema_name = 'core'"
        " and table_name = $view order by column_index",
        {"view": view},
    ).fetchall()
    return [name for (name,) in rows]


_COLUMN_COMMENTS = (
    "select table_name, column_name, comment from duckdb_columns()"
    " where schema_name = $schema and database_name = current_database()"
)


def _comments(work: duckdb.DuckDBPyConnection) -> list[str]:
    """Statements that give the snapshot's tables the comments of the working tables."""
    named = "select table_name, comment from duckdb_tables() where schema_name = 'core' and database_name = current_database()"
    return [
        *(
            f"comment on table core.{table} is {connect.quoted(comment or '')}"
            for table, comment in work.execute(named).fetchall()
            if table in tables.VIEWS
        ),
        *(
            f"comment on column core.{table}.{column} is {connect.quoted(comment or '')}"
            for table, column, comment in work.execute(
                _COLUMN_COMMENTS, {"schema": "core"}
            ).fetchall()
            if table in tables.VIEWS
        ),
    ]


def _post_comments(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The same for the table of posts, whose columns are those of its view and one more."""
    rows = con.execute(_COLUMN_COMMENTS, {"schema": "analyst"}).fetchall()
    return [
        "comment on table core.posts is 'What analyst.posts shows. Grain: post.'",
        "comment on column core.posts.content_digest is 'Digest of title and text and whatever else describes the version shown.'",
        *(
            f"comment on column core.posts.{column} is {connect.quoted(comment or '')}"
            for table, column, comment in rows
            if table == "posts"
        ),
    ]
