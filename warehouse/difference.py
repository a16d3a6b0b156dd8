"""Making a table hold what it shall hold by touching only the rows that differ.

In: a table and the SQL of its new rows. Out: the table with exactly those rows, and how many went and came.

Invariants: rows are a bag: equal ones count by number, and their order is not part of it; where they have a key, it says
which rows differ, and only those are looked up again. What differs is found by a 64-bit hash of the rows: of a hundred million
changed rows not one in a hundred thousand such nights would be taken for unchanged. A table of which much differs is emptied and filled anew, in the order given, because that is faster and leaves no holes.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from warehouse import connect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import duckdb

#: Where more than this share of the stored rows would go, all are written anew: deleting and adding a row costs about as much
#: as writing four, and holes stay until a table is written anew.
MUCH = 0.25

#: A table of up to this many rows is always filled anew, which keeps it in order and costs next to nothing.
FEW = 20_000


#: How names of nested types begin; those of lists end with ``]``.
_NESTED = ("STRUCT", "MAP", "UNION")


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of a table.

    Attributes:
        stored: Rows that it held.
        removed: Rows that went.
        added: Rows that came.
        is_anew: Whether it was emptied and filled anew.
    """

    stored: int
    removed: int
    added: int
    is_anew: bool = False

    @property
    def is_none(self) -> bool:
        """Whether the table holds what it held."""
        return self.removed == self.added == 0

    @property
    def is_much(self) -> bool:
        """Whether filling the table anew is cheaper than changing it."""
        return self.stored <= FEW or max(self.removed, self.added) > MUCH * self.stored


@dataclass(frozen=True, slots=True)
class Keyed:
    """How rows with a key are asked for.

    Attributes:
        name: The key, one column: of the table and of the query, unique and never null in both.
        few: The query again, for rows whose key is in ``differing`` (a table with that column).
    """

    name: str
    few: str


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
        columns: What rows are compared by: all columns, or enough of them that two rows which agree in these agree in all.
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
        digest = _digest(con, table, columns)
        # One pass over what is stored: rows that go are named by their place, which nothing moves inside a transaction.
        held = con.execute(f"select {digest} as digest, rowid as row_id from {table}").fetchnumpy()  # fmt: skip # noqa: S608 -- names come from the callers' constants
        fresh = _fresh(con, query, digest, bound, keyed=keyed, is_empty=not len(held["digest"]))  # fmt: skip
        if fresh is None:
            count = _count(con, f"select count(*) from ({query})", bound)  # noqa: S608 -- see above
            found, gone, coming = Difference(0, 0, count), _NONE, _NONE
        else:
            found, gone, coming = _compared(held["digest"], fresh)
        if found.is_none or found.is_much:
            con.execute("drop table if exists fresh_rows")
        if found.is_none:
            return found
        if found.is_much:
            con.execute(f"delete from {table}")  # noqa: S608 -- see above
            con.execute(f"insert into {table} ({stored}) select {stored} from ({query}){sorted_by}", bound)  # noqa: S608 -- see above  # fmt: skip
            return Difference(found.stored, found.removed, found.added, is_anew=True)
        if found.removed:
            places = held["row_id"][_is_in(held["digest"], gone)]
            with _registered(con, "leaving", pl.DataFrame({"row_id": places})):
                con.execute(f"delete from {table} where rowid in (from leaving)")  # noqa: S608 -- see above
        if found.added and fresh is not None:
            with _few(
                con, query, digest, fresh, coming, keyed=keyed, frame=frame
            ) as few:
                con.execute(f"insert into {table} ({stored}) select {stored} from ({few}){sorted_by}", bound)  # noqa: S608 -- see above  # fmt: skip
        return found


_NONE = np.zeros(0, np.uint64)


def _digest(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> str:
    """SQL of a row's digest. Lists and structs as JSON, because DuckDB gives a null list and an empty one the same hash."""
    types: dict[str, str] = {row[0]: row[1] for row in con.execute(f"describe {table}").fetchall()}  # fmt: skip
    nested = {name for name, each in types.items() if each.endswith("]") or each.startswith(_NESTED)}  # fmt: skip
    shown = [f"to_json({name})::varchar" if name in nested else name for name in columns]  # fmt: skip
    return f"hash({', '.join(shown)})"


def _fresh(
    con: duckdb.DuckDBPyConnection,
    query: str,
    digest: str,
    bound: dict[str, object],
    *,
    keyed: Keyed | None,
    is_empty: bool,
) -> np.ndarray | None:
    """Digests of the new rows, in the order of the query where there is no key; null where nothing is stored that they could be compared with.

    With a key, the temporary table ``fresh_rows`` has it beside them.
    """
    if is_empty:
        return None
    if keyed is None:
        return con.execute(f"select {digest} as digest from ({query})", bound).fetchnumpy()["digest"]  # fmt: skip # noqa: S608 -- see ``replace``
    con.execute(f"create or replace temp table fresh_rows as select {keyed.name}, {digest} as digest from ({query})", bound)  # fmt: skip # noqa: S608 -- see ``replace``
    return con.execute("select digest from fresh_rows").fetchnumpy()["digest"]


def _compared(
    held: np.ndarray, fresh: np.ndarray
) -> tuple[Difference, np.ndarray, np.ndarray]:
    """What was found, and the digests that go and that come: those that stand there in another number.

    They are sorted outside the database, which took a third of the time that grouping and joining them inside did.
    """
    stored, stored_counts = np.unique(held, return_counts=True)
    new, new_counts = np.unique(fresh, return_counts=True)
    place = np.searchsorted(new, stored)
    is_same = np.zeros(len(stored), bool)
    inside = place < len(new)
    met = place[inside]
    is_same[inside] = (new[met] == stored[inside]) & (new_counts[met] == stored_counts[inside])  # fmt: skip
    stays = np.zeros(len(new), bool)
    stays[place[is_same]] = True
    found = Difference(
        len(held),
        int(stored_counts[~is_same].sum()),
        int(new_counts[~stays].sum()),
    )
    return found, stored[~is_same], new[~stays]


@contextlib.contextmanager
def _few(
    con: duckdb.DuckDBPyConnection,
    query: str,
    digest: str,
    fresh: np.ndarray,
    coming: np.ndarray,
    *,
    keyed: Keyed | None,
    frame: pl.DataFrame | None,
) -> Iterator[str]:
    """SQL of the rows that come, for as long as the block runs."""
    if frame is not None:
        arriving = frame.filter(pl.Series(_is_in(fresh, coming)))
        with _registered(con, "arriving", arriving):
            yield "from arriving"
    elif keyed is not None:
        with _registered(con, "coming", pl.DataFrame({"digest": coming})):
            con.execute(f"create or replace temp table differing as select {keyed.name} from fresh_rows semi join coming using (digest)")  # fmt: skip # noqa: S608 -- see ``replace``
        con.execute("drop table fresh_rows")
        yield keyed.few
    else:
        with _registered(con, "coming", pl.DataFrame({"digest": coming})):
            yield f"select * from ({query}) where {digest} in (from coming)"  # noqa: S608 -- see ``replace``


def _is_in(digests: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    return pl.Series(digests).is_in(pl.Series(wanted).implode()).to_numpy()


@contextlib.contextmanager
def _registered(
    con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame
) -> Iterator[None]:
    con.register(name, frame)
    try:
        yield
    finally:
        con.unregister(name)


def _count(con: duckdb.DuckDBPyConnection, query: str, bound: dict[str, object]) -> int:
    row = con.execute(query, bound).fetchone()
    return int(row[0]) if row is not None else 0
