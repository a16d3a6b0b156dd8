"""Making a table hold what it shall hold by touching only the rows that differ.

In: a table and the SQL of its new rows. Out: the table with exactly those rows, and how many went and came.

Invariants: rows are a bag: equal ones count by number, and their order is not part of it. What differs is found by a 64-bit
hash of the rows: of a hundred million changed rows not one in a hundred thousand such nights would be taken for unchanged.
A table of which much differs is emptied and filled anew, in the order given, because that is faster and leaves no holes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

#: Where more than this share of the stored rows would go, all are written anew: deleting and adding a row costs about as much
#: as writing four, and holes stay until a table is written anew.
MUCH = 0.25

#: A table of up to this many rows is always filled anew, which keeps it in order and costs next to nothing.
FEW = 20_000


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
        return (
            self.stored <= FEW or max(self.removed, self.added) > MUCH * self.stored
        )


def find(
    con: duckdb.DuckDBPyConnection,
    table: str,
    query: str,
    columns: Sequence[str],
    *,
    values: Mapping[str, object] | None = None,
) -> Difference:
    """Compare a table with its new rows; what differs is kept in a temporary table for ``apply``.

    Args:
        con: Sees the table and whatever the query names.
        table: Qualified name.
        query: Its new rows; without an order.
        columns: What rows are compared by: all columns, or enough of them that two rows which agree in these agree in all.
        values: Bound in the query.

    Returns:
        What ``apply`` would do; nothing was changed.
    """
    digest = _digest(columns)
    con.execute(
        f"""create or replace temp table differing as
        with stored as (select {digest} as digest, count(*) as stored_count from {table} group by all),
        fresh as (select {digest} as digest, count(*) as fresh_count from ({query}) group by all)

        select digest, coalesce(stored_count, 0) as stored_count, coalesce(fresh_count, 0) as fresh_count
        from stored
        full join fresh using (digest)
        where stored_count is distinct from fresh_count""",  # noqa: S608 -- names and queries are constants of the callers
        dict(values or {}),
    )
    row = con.execute(
        f"select (select count(*) from {table}), coalesce(sum(stored_count), 0), coalesce(sum(fresh_count), 0) from differing"  # noqa: S608 -- see above
    ).fetchone()
    stored, removed, added = row if row is not None else (0, 0, 0)
    return Difference(int(stored), int(removed), int(added))


def apply(
    con: duckdb.DuckDBPyConnection,
    table: str,
    query: str,
    columns: Sequence[str],
    found: Difference,
    *,
    names: Sequence[str] | None = None,
    order: str = "",
    values: Mapping[str, object] | None = None,
) -> Difference:
    """Make the table hold its new rows, after ``find`` with the same arguments.

    Args:
        con: As for ``find``.
        table: As for ``find``.
        query: As for ``find``.
        columns: As for ``find``.
        found: What ``find`` gave.
        names: All columns of the table, in the query's names; null where they are ``columns``.
        order: In which new rows are stored, as after ``order by``; empty for any.
        values: As for ``find``.

    Returns:
        What was done.
    """
    stored = ", ".join(names or columns)
    sorted_by = f" order by {order}" if order else ""
    bound = dict(values or {})
    if found.is_much:
        con.execute(f"delete from {table}")  # noqa: S608 -- names come from the callers' constants
        con.execute(f"insert into {table} ({stored}) select {stored} from ({query}){sorted_by}", bound)  # noqa: S608 -- see above  # fmt: skip
        return Difference(found.stored, found.stored, found.added, is_anew=True)
    digest = _digest(columns)
    if found.removed:
        con.execute(
            f"delete from {table} where {digest} in (select digest from differing where stored_count > 0)"  # noqa: S608 -- see above
        )
    if found.added:
        con.execute(
            f"insert into {table} ({stored}) select {stored} from ({query})"  # noqa: S608 -- see above
            f" where {digest} in (select digest from differing where fresh_count > 0){sorted_by}",
            bound,
        )
    return found


def _digest(columns: Sequence[str]) -> str:
    return f"hash({', '.join(columns)})"
