"""What unchanged answers are recognised by, from night to night.

In: what a crawl's summary says its servers gave. Out: what the next crawl of that source sends along. Invariants: an answer
is recognised only by those parsers that read it, so new ones see every answer again, and for a week, so that a server which
says "unchanged" whatever happens is found out; stored with the rows of the crawl, never without them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from crawlers.sources import catalogue
from warehouse import contracts, load

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import duckdb

#: Asked for whole at least every seventh night; half a day less, because nights do not begin on the second.
WHOLE_AFTER = timedelta(days=6, hours=12)
_FIELDS = ("etag", "last_modified")


def known(
    connection: duckdb.DuckDBPyConnection, source: str, *, as_of: datetime
) -> dict[str, dict[str, str]]:
    """What may be sent along.

    Args:
        connection: The working database.
        source: The source.
        as_of: The night's moment.

    Returns:
        Address to ``etag`` and ``last_modified``, where given, of the answers of a source that today's parsers read whole
        in the nights before, but for those that are due to be read whole again.
    """
    rows = load.read(connection, contracts.VALIDATORS).filter(
        pl.col("source") == source,
        pl.col("parser") == catalogue.parser_digest(),
        pl.col("read_at").is_between(as_of - WHOLE_AFTER, as_of),
    )
    return {
        row["url"]: {name: row[name] for name in _FIELDS if row[name] is not None}
        for row in rows.iter_rows(named=True)
    }


def keep(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    given: Mapping[str, Mapping[str, str]],
    *,
    read_at: datetime,
) -> None:
    """Put what a crawl was given in the place of what was known of the same addresses.

    Args:
        connection: The working database.
        source: The source.
        given: Address to ``etag`` and ``last_modified`` of answers that were sent whole.
        read_at: When the crawl read them.
    """
    rows = [
        {
            "source": source,
            "url": url,
            **{name: validator.get(name) for name in _FIELDS},
            "parser": catalogue.parser_digest(),
            "read_at": read_at,
        }
        for url, validator in given.items()
    ]
    new = pl.DataFrame(rows, schema=dict(contracts.VALIDATORS.columns))
    before = load.read(connection, contracts.VALIDATORS)
    others = before.join(new, on=["source", "url"], how="anti")
    load.replace(connection, contracts.VALIDATORS, pl.concat([others, new]))
