"""Making a table hold what it shall hold by touching only the rows that differ.

In: a table and the SQL of its new rows. Out: the table with exactly those rows, and how many went and came.

Invariants: rows are a bag: equal ones count by number, and their order is not part of it; where they have a key, it says
which rows differ, and only those are looked up again. What differs is found by a 64-bit hash of the rows: of a hundred million
changed rows not one in a hundred thousand such nights would be taken for unchanged. A table of which much differs is emptied and filled anew, in the order given, because that is faster and leaves no holes.
"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from warehouse import connect
from warehouse.rows import digests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import duckdb
    import pyarrow as pa

#: Where more than this share of the stored rows would go, all are written anew: deleting and adding a row costs about as much
#: as writing four, and holes stay until a table is written anew.
MUCH = 0.25

#: A table of up to this many rows is always filled anew, which keeps it in order and costs next to nothing.
FEW = 20_000


#: How names of nested types begin; those of lists end with ``]``.
_NESTED = ("STRUCT", "MAP", "UNION")


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """What became of a table.

    Attributes:
        stored: Rows that it held.
        removed: Rows that went.
        added: Rows that came.
        moved: How many of either are the same row with other values in columns that move (``Keyed.moving``).
        is_anew: Whether it was emptied and filled anew.
    """

    stored: int
    removed: int
    added: int
    moved: int = 0
    is_anew: bool = False

    @property
    def is_none(self) -> bool:
        """Whether the table holds what it held."""
        return self.removed == self.added == 0

    @property
    def is_much(self) -> bool:
        """Whether filling the table anew is cheaper than changing it."""
        most = max(self.removed, self.added) - self.moved
        return self.stored <= FEW or most > MUCH * self.stored


@dataclasses.dataclass(frozen=True, slots=True)
class Keyed:
    """How rows of which each is the only one with its key are asked for.

    Attributes:
        query: Of each row what it is compared by, and ``place``, an integer that names it.
        digests: What it is compared by and the table has no column for: SQL of it over the table's columns.
        few: All columns of the rows whose place is in ``differing`` (a table with that column).
        moving: Columns, without the key, that take other values from night to night while the rest of a row stays. A row that
            differs in these alone stays where it is and is given the values there; nothing else of it is read or written.
    """

    query: str
    digests: Mapping[str, str]
    few: str
    moving: tuple[str, ...]


def replace(
    con: duckdb.DuckDBPyConnection,
    table: str,
    query: str,
    columns: Sequence[str],
    *,
    names: Sequence[str] | None = None,
    order: str = "",
    values: Mapping[str, object] | None = None,
    keyed: Keyed | None = None,
    frame: pl.DataFrame | None = None,
) -> Difference:
    """Make a table hold its new rows.

    Args:
        con: Sees the table and whatever the query names.
        table: Qualified name.
        query: Its new rows; without an order.
        columns: What rows are compared by: all columns, or enough of them that two rows which agree in these agree in all. With
            ``keyed`` some are digests of others.
        names: All columns of the table, in the query's names; null where they are ``columns``.
        order: In which new rows are stored, as after ``order by``; empty for that of the query.
        values: Bound in the query.
        keyed: How to ask for a few of the rows; null where they have no key, or asking for all is as fast.
        frame: What the query reads, row by row, if it is a frame: only what comes is handed over again then.

    Returns:
        What was done.
    """
    with connect.transaction(con):
        bound, stored = dict(values or {}), ", ".join(names or columns)
        sorted_by = f" order by {order}" if order else ""
        shown = _digests(con, table, columns, keyed)
        kept, new = table, query
        if keyed is not None:
            made = ", ".join(f"{each} as {name}" for name, each in keyed.digests.items())  # fmt: skip
            kept, new = f"(select *, rowid, {made} from {table})", keyed.query  # noqa: S608 -- names come from the callers' constants
        # One pass over what is stored: rows that go are named by their place, which nothing moves inside a transaction.
        held = con.execute(f"select rowid as row_id, {shown} from {kept}").pl()  # noqa: S608 -- see above
        if held.is_empty():
            count = _count(con, f"select count(*) from ({query})", bound)  # noqa: S608 -- see above
            found, leaving, coming = Difference(0, 0, count), held, held
        else:
            asked = shown if keyed is None else ", ".join((shown, "place", *keyed.moving))  # fmt: skip
            fresh = con.execute(f"select {asked} from ({new})", bound).pl()  # noqa: S608 -- see above
            found, is_gone, is_coming = _compared(held["digest"], fresh["digest"])
            leaving, coming = held.filter(is_gone), fresh.filter(is_coming)
            if frame is not None:
                coming = frame.filter(is_coming)
        moved = held.clear()
        if keyed is not None and found.removed:
            # The key is part of what stays, so rows that agree in it are one.
            moved = coming.join(leaving.select("still", "row_id"), on="still")
            leaving = leaving.join(moved, on="still", how="anti")
            coming = coming.join(moved, on="still", how="anti")
            found = dataclasses.replace(found, moved=moved.height)
        if found.is_none:
            return found
        if found.is_much:
            con.execute(f"delete from {table}")  # noqa: S608 -- see above
            con.execute(f"insert into {table} ({stored}) select {stored} from ({query}){sorted_by}", bound)  # noqa: S608 -- see above  # fmt: skip
            return dataclasses.replace(found, is_anew=True)
        if keyed is not None and moved.height:
            given = ", ".join(f"{name} = moved.{name}" for name in keyed.moving)
            with _registered(con, "moved", moved):
                con.execute(f"update {table} as held set {given} from moved where held.rowid = moved.row_id")  # fmt: skip # noqa: S608 -- see above
        if leaving.height:
            with _registered(con, "leaving", leaving.select("row_id")):
                con.execute(f"delete from {table} where rowid in (from leaving)")  # noqa: S608 -- see above
        if coming.height:
            with _few(con, query, shown, coming, keyed=keyed, is_whole=frame is not None) as few:  # fmt: skip
                con.execute(f"insert into {table} ({stored}) select {stored} from ({few}){sorted_by}", bound)  # noqa: S608 -- see above  # fmt: skip
        return found


def uncopied(frame: pl.DataFrame) -> pa.Table:
    """A frame for queries that read all its rows: its texts stay where they are.

    Registering the frame itself copies them first, which took an eighth of the time of storing a night's tables. A query that
    filters or joins this by anything fails: what reads it for DuckDB cannot pick rows of texts that were not copied.
    """
    return frame.to_arrow(compat_level=pl.CompatLevel.newest())


def _digests(
    con: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[str],
    keyed: Keyed | None,
) -> str:
    """SQL of a row's ``digest``, and with a key also of ``still``, the digest of what does not move.

    Lists and structs as JSON, because DuckDB gives a null list and an empty one the same hash.
    """
    types: dict[str, str] = {row[0]: row[1] for row in con.execute(f"describe {table}").fetchall()}  # fmt: skip
    nested = {name for name, each in types.items() if each.endswith("]") or each.startswith(_NESTED)}  # fmt: skip
    shown = {name: f"to_json({name})::varchar" if name in nested else name for name in columns}  # fmt: skip
    if keyed is None:
        return f"hash({', '.join(shown.values())}) as digest"
    moving = ", ".join(shown.pop(name) for name in keyed.moving)
    still = f"hash({', '.join(shown.values())})"
    return f"hash({still}, {moving}) as digest, {still} as still"


def _compared(
    held: pl.Series, fresh: pl.Series
) -> tuple[Difference, pl.Series, pl.Series]:
    """What was found, and which of the rows go and which come: those that stand there in another number.

    They are sorted outside the database, which took a quarter of the time that grouping and joining them inside did.
    """
    stored, new = np.sort(held.to_numpy()), np.sort(fresh.to_numpy())
    gone, come = digests.unmatched(stored, new)
    is_gone, is_coming = (
        rows.is_in(pl.Series(some).implode())
        for rows, some in ((held, gone), (fresh, come))
    )
    removed, added = (int(each.to_numpy().sum()) for each in (is_gone, is_coming))
    return Difference(len(held), removed, added), is_gone, is_coming


@contextlib.contextmanager
def _few(
    con: duckdb.DuckDBPyConnection,
    query: str,
    shown: str,
    coming: pl.DataFrame,
    *,
    keyed: Keyed | None,
    is_whole: bool,
) -> Iterator[str]:
    """SQL of the rows that come, for as long as the block runs; ``is_whole`` says that they are in ``coming`` as they are."""
    if is_whole:
        with _registered(con, "arriving", uncopied(coming)):
            yield "from arriving"
    elif keyed is not None:
        with _registered(con, "differing", coming.select("place")):
            yield keyed.few
    else:
        with _registered(con, "coming", coming.select("digest").unique()):
            yield f"select * from (select *, {shown} from ({query})) where digest in (from coming)"  # noqa: S608 -- see ``replace``


@contextlib.contextmanager
def _registered(
    con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame | pa.Table
) -> Iterator[None]:
    con.register(name, frame)
    try:
        yield
    finally:
        con.unregister(name)


def _count(con: duckdb.DuckDBPyConnection, query: str, bound: dict[str, object]) -> int:
    row = con.execute(query, bound).fetchone()
    return int(row[0]) if row is not None else 0
