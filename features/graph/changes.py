"""What became of networks that go on under their ids: new names, silence, return.

In: contracts.NETWORKS of last night and tonight. Out: contracts.NETWORK_CHANGES. ``lineage`` tells who goes on at all.

Invariants: an unchanged night records nothing; what was recorded is not recorded again while it lasts.
"""

from __future__ import annotations

import polars as pl

from warehouse import contracts


def renames(
    previous: pl.DataFrame, networks: pl.DataFrame, *, run_id: str
) -> pl.DataFrame:
    """Networks that show another name than the night before.

    Args:
        previous: contracts.NETWORKS of the night before; ``network_id`` and ``display_name`` are used.
        networks: The same of tonight.
        run_id: Stands in the changes.

    Returns:
        contracts.NETWORK_CHANGES with event ``renamed`` and the old name as detail, sorted by ``network_id``.
    """
    both = networks.select("network_id", "display_name").join(
        previous.select("network_id", pl.col("display_name").alias("detail")),
        on="network_id",
    )
    changed = both.filter(
        pl.col("display_name").ne_missing(pl.col("detail"))
        & pl.col("detail").is_not_null()
    )
    return contracts.NETWORK_CHANGES.check(
        changed.select(
            "network_id",
            pl.lit(run_id).alias("run_id"),
            pl.lit("renamed").alias("event"),
            "detail",
        ).sort("network_id")
    )


def awakenings(
    previous: pl.DataFrame, networks: pl.DataFrame, *, run_id: str
) -> pl.DataFrame:
    """Networks that fell silent or came back since the night before.

    Args:
        previous: contracts.NETWORKS of the night before; ``network_id`` and ``is_dormant`` are used.
        networks: The same of tonight. A network that was not there counts as awake.
        run_id: Stands in the changes.

    Returns:
        contracts.NETWORK_CHANGES with events ``dormant`` (no post of any member was seen for
        ``summaries.DORMANT_AFTER``) and ``revived`` (seen again), sorted by ``network_id``; the detail is the last sight.
    """
    both = networks.join(
        previous.select("network_id", pl.col("is_dormant").alias("was_dormant")),
        on="network_id",
        how="left",
    ).with_columns(
        pl.col("is_dormant", "was_dormant").fill_null(value=False),
        pl.col("last_seen_at").dt.strftime("last seen %Y-%m-%d").alias("detail"),
    )
    changed = both.filter(pl.col("is_dormant") != pl.col("was_dormant"))
    return contracts.NETWORK_CHANGES.check(
        changed.select(
            "network_id",
            pl.lit(run_id).alias("run_id"),
            pl.when("is_dormant")
            .then(pl.lit("dormant"))
            .otherwise(pl.lit("revived"))
            .alias("event"),
            "detail",
        ).sort("network_id")
    )
