"""What unchanged answers are recognised by, from night to night.

In: what a crawl's summary says its servers gave. Out: what the next crawl of that source sends along. Invariants: an answer
is recognised only by those parsers that read it, so new ones see every answer again; stored with the rows of the crawl,
never without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from crawlers.sources import catalogue
from warehouse import contracts, load

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

_FIELDS = ("etag", "last_modified")


def known(
    connection: duckdb.DuckDBPyConnection, source: str
) -> dict[str, dict[str, str]]:
    """Address to ``etag`` and ``last_modified``, where given, of the answers of a source that today's parsers read."""
    rows = load.read(connection, contracts.VALIDATORS).filter(
        pl.col("source") == source, pl.col("parser") == catalogue.parser_digest()
    )
    return {
        row["url"]: {name: row[name] for name in _FIELDS if row[name] is not None}
        for row in rows.iter_rows(named=True)
    }


def keep(
    connection: duckdb.DuckDBPyConnection,
    source: str,
    given: Mapping[str, Mapping[str, str]],
) -> None:
    """Put what a crawl was given in the place of what was known of the same addresses."""
    rows = [
        {
            "source": source,
            "url": url,
            **{name: validator.get(name) for name in _FIELDS},
            "parser": catalogue.parser_digest(),
        }
        for url, validator in given.items()
    ]
    new = pl.DataFrame(rows, schema=dict(contracts.VALIDATORS.columns))
    before = load.read(connection, contracts.VALIDATORS)
    others = before.join(new, on=["source", "url"], how="anti")
    load.replace(connection, contracts.VALIDATORS, pl.concat([others, new]))
