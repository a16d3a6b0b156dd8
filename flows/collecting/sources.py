"""How each source did: what it answered tonight and what people dropped of it, against its own past."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from crawlers import health
from crawlers.sources import urls
from flows.collecting import drops
from warehouse import contracts, load

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    import duckdb


#: The worse, the higher.
_RANKS = {"green": 0, "yellow": 1, "red": 2}


def is_only_dropped(job: Mapping[str, Any]) -> bool:
    """Whether nobody is asked: the source has a folder and no address."""
    return "drop" in job and not job.get("start")


def note_sources(
    connection: duckdb.DuckDBPyConnection,
    *,
    jobs: Sequence[dict[str, Any]],
    run_id: str,
    as_of: datetime,
) -> dict[str, str]:
    """Judge tonight's sources by what they answered, by what people dropped of them and by their own past.

    Sources that are not in ``jobs`` keep their last row, so that none disappears from analyst.sources. Where a source is
    asked and dropped, its row is that of asking, with the drops' state where that is worse.

    Returns:
        Tonight's sources with their state.
    """
    fetches = load.read(connection, contracts.FETCHES)
    states = health.source_states(
        fetches.filter(pl.col("run_id") == run_id),
        # Drops and replays say nothing of how a source answers.
        history=fetches.filter(
            (pl.col("run_id") != run_id)
            & ~pl.col("run_id").str.contains("^(import|replay)-")
        ),
        as_of=as_of,
        configured=[job["source"] for job in jobs if not is_only_dropped(job)],
        canaries={
            job["source"]: _address(job["canary"]) for job in jobs if "canary" in job
        },
    )
    was = load.read(connection, contracts.SOURCES)
    states = _with_drops(
        states,
        health.drop_states(
            fetches.filter(pl.col("run_id") == drops.run_id(run_id)),
            kept=was,
            as_of=as_of,
            sources=[job["source"] for job in jobs if "drop" in job],
        ),
        dropped_tonight=fetches.filter(pl.col("run_id") == drops.run_id(run_id)),
    )
    kept = was.join(states, on="source", how="anti")
    load.replace(
        connection, contracts.SOURCES, pl.concat([states, kept]).sort("source")
    )
    return dict(states.select("source", "state").iter_rows())


def _with_drops(
    asked: pl.DataFrame, dropped: pl.DataFrame, *, dropped_tonight: pl.DataFrame
) -> pl.DataFrame:
    """One row per source; a source that is asked is judged by its drops only in a night that brought some."""
    fresh = set(dropped_tonight["source"].drop_nulls())
    by_source = {row["source"]: row for row in asked.iter_rows(named=True)}
    for drop in dropped.iter_rows(named=True):
        live = by_source.get(drop["source"])
        if live is None:
            by_source[drop["source"]] = drop
        elif drop["source"] in fresh and _RANKS[drop["state"]] > _RANKS[live["state"]]:
            # What people saved does not say that the platform refuses us.
            by_source[drop["source"]] = {**live, "state": "yellow", "why": f"{live['why']}; {drop['why']}"}  # fmt: skip
    rows = [by_source[name] for name in sorted(by_source)]
    return pl.DataFrame(rows, schema=dict(contracts.SOURCES.columns), orient="row")


def _address(start: str | dict[str, str]) -> str:
    """The address of a job's start or canary, as it stands in ``fetches``."""
    return urls.without_secrets(start if isinstance(start, str) else start["url"])
