"""Making a table hold what it shall hold by touching only the rows that differ.

In: a table and the SQL of its new rows. Out: the table with exactly those rows, and how many went and came.

Invariants: rows are a bag: equal ones count by number, and their order is not part of it; where they have a key, it says
which rows differ, and only those are looked up again. What differs is found by a 64-bit hash of the rows: of a hundred million
changed rows not one in a hundred thousand such nights would be taken for unchanged. A table of which much differs is emptied and filled anew, in the order given, because that is faster and leaves no holes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
        few: The query again, for rows whose key is in ``differing`` (a table with that column, keys of gone rows among them).
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

    Returns:
        What was done.
    """
    bound, stored = dict(values or {}), ", ".join(names or columns)
    sorted_by = f" order by {order}" if order else ""
    digest = _digest(con, table, columns)
    height = _count(con, f"select count(*) from {table}", {})  # noqa: S608 -- names come from the callers' constants
    if not height:
        found = Difference(0, 0, _count(con, f"select count(*) from ({query})", bound))  # noqa: S608 -- see above
    elif keyed:
        found = _by_key(con, table, query, digest, bound, key=keyed.name, height=height)
    else:
        found = _by_digest(con, table, query, digest, bound)
    if found.is_none:
        return found
    if found.is_much:
        con.execute(f"delete from {table}")  # noqa: S608 -- see above
        con.execute(f"insert into {table} ({stored}) select {stored} from ({query}){sorted_by}", bound)  # noqa: S608 -- see above  # fmt: skip
        return Difference(found.stored, found.removed, found.added, is_anew=True)
    sought, name = (keyed.name, keyed.name) if keyed else (digest, "digest")
    if found.removed:
        con.execute(
            f"delete from {table} where {sought} in (select {name} from differing where is_stored)"  # noqa: S608 -- see above
        )
    if found.added:
        few = keyed.few if keyed else f"select * from ({query}) where {digest} in (select digest from differing where not is_stored)"  # noqa: S608 -- see above  # fmt: skip
        con.execute(f"insert into {table} ({stored}) select {stored} from ({few}){sorted_by}", bound)  # noqa: S608 -- see above  # fmt: skip
    return found


def _digest(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> str:
    """SQL of a row's digest. Lists and structs as JSON, because DuckDB gives a null list and an empty one the same hash."""
    types: dict[str, str] = {row[0]: row[1] for row in con.execute(f"describe {table}").fetchall()}  # fmt: skip
    nested = {name for name, each in types.items() if each.endswith("]") or each.startswith(_NESTED)}  # fmt: skip
    shown = [f"to_json({name})::varchar" if name in nested else name for name in columns]  # fmt: skip
    return f"hash({', '.join(shown)})"


def _by_key(
    con: duckdb.DuckDBPyConnection,
    table: str,
    query: str,
    digest: str,
    bound: dict[str, object],
    *,
    key: str,
    height: int,
) -> Difference:
    """Compare; the temporary table ``differing`` has the keys whose rows differ, and on which sides they are."""
    con.execute(
        f"""create or replace temp table differing as
        with stored as (select {key}, {digest} as digest from {table}),
        fresh as (select {key}, {digest} as digest from ({query}))

        select {key}, stored.digest is not null as is_stored, fresh.digest is not null as is_fresh
        from stored
        full join fresh using ({key})
        where stored.digest is distinct from fresh.digest""",  # noqa: S608 -- see ``replace``
        bound,
    )
    row = con.execute("select count(*) filter (is_stored), count(*) filter (is_fresh) from differing").fetchone()  # fmt: skip
    removed, added = row if row is not None else (0, 0)
    return Difference(height, int(removed), int(added))


def _by_digest(
    con: duckdb.DuckDBPyConnection,
    table: str,
    query: str,
    digest: str,
    bound: dict[str, object],
) -> Difference:
    """Compare; if few rows differ, the temporary table ``differing`` has the digests that come in another number, by side.

    The digests are sorted outside the database, which took a third of the time that grouping and joining them inside did.
    """
    stored, stored_counts = _bag(con, f"select {digest} as digest from {table}", {})  # noqa: S608 -- see ``replace``
    fresh, fresh_counts = _bag(con, f"select {digest} as digest from ({query})", bound)  # noqa: S608 -- see ``replace``
    place = np.searchsorted(fresh, stored)
    is_same = np.zeros(len(stored), bool)
    inside = place < len(fresh)
    met = place[inside]
    is_same[inside] = (fresh[met] == stored[inside]) & (fresh_counts[met] == stored_counts[inside])  # fmt: skip
    stays = np.zeros(len(fresh), bool)
    stays[place[is_same]] = True
    found = Difference(
        int(stored_counts.sum()),
        int(stored_counts[~is_same].sum()),
        int(fresh_counts[~stays].sum()),
    )
    if found.is_none or found.is_much:
        return found
    sides = [
        pl.DataFrame({"digest": gone, "is_stored": np.full(len(gone), is_stored)})
        for gone, is_stored in ((stored[~is_same], True), (fresh[~stays], False))
    ]
    con.register("found", pl.concat(sides))
    try:
        con.execute("create or replace temp table differing as from found")
    finally:
        con.unregister("found")
    return found


def _bag(
    con: duckdb.DuckDBPyConnection, query: str, bound: dict[str, object]
) -> tuple[np.ndarray, np.ndarray]:
    """Distinct digests in order, and how often each comes."""
    return np.unique(con.execute(query, bound).fetchnumpy()["digest"], return_counts=True)  # fmt: skip


def _count(con: duckdb.DuckDBPyConnection, query: str, bound: dict[str, object]) -> int:
    row = con.execute(query, bound).fetchone()
    return int(row[0]) if row is not None else 0
