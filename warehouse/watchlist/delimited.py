"""The CSV files of a release, for programs and spreadsheets alike.

In: rows. Out: RFC 4180 text in UTF-8 without BOM, lines ending in LF, with every cell neutralised (``cells``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from warehouse import contracts
from warehouse.watchlist import cells, facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: What changes.csv says of an entry beside the change itself, so that replaying it gives the list.
CHANGED = ("entity", "value", "display_name", "network_id", "band", "reasons", "listed_at", "expires_on", "status")  # fmt: skip


def table(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """CSV in UTF-8 without BOM, lines ending in LF; text that a spreadsheet would run as a formula is neutralised."""
    names = list(columns)
    lines = [
        cells.line(names),
        *(cells.line(row[name] for name in names) for row in rows),
    ]
    return "".join(lines).encode()


def watchlist(content: facts.Release) -> bytes:
    """``watchlist.csv``: the columns of the view, active entries."""
    return table(contracts.WATCHLIST.columns, content.rows)


def changes(content: facts.Release) -> bytes:
    """``changes.csv``: the columns of the view, then what the entry says after the change (CHANGED)."""
    joined = content.changes.join(
        content.watchlist.drop("release_id").with_columns(
            pl.col("expires_at").dt.date().alias("expires_on")
        ),
        on="entry_id",
        how="left",
    ).sort("entry_id")
    columns = (*contracts.WATCHLIST_CHANGES.columns, *CHANGED)
    return table(columns, facts.rows(joined.select(columns)))
