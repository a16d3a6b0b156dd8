"""Backtest: what past nights would have listed, and how long before the first linked complaint.

The posts of a home are copied to a scratch home, and its nights run in order, each knowing what had been crawled (or, by
``published``, what had been published) by then, and the verdicts of its day. Nothing of the home itself is touched.
"""

from __future__ import annotations

import dataclasses
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from flows import home as home_module
from flows import log, retrain
from flows.learning import scoring
from flows.nights import linking, stages
from flows.reading import extraction
from flows.releases import publication
from warehouse import connect, contracts, errors, load, migrate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import duckdb

    from flows import settings as settings_module

WAYS = ("crawled", "published")
#: Tables that a backtest takes along; everything else is derived again.
_TAKEN = (
    "raw.posts", "raw.crawls", "core.verdicts", "core.labels", "core.allowlist", "core.doc_stances", "core.doc_signals",
    "core.doc_amounts", "core.doc_contacts",
)  # fmt: skip


def backtest_command(
    settings: settings_module.Settings,
    *,
    first: datetime,
    last: datetime,
    by: str,
    every_days: int,
) -> list[dict[str, Any]]:
    """Run past nights again.

    Args:
        settings: Where the home is; its thresholds and pack count.
        first: First night.
        last: Last night; nothing later is known.
        by: ``crawled``, or ``published``: pretends that every post was crawled when it was published.
        every_days: Days from night to night.

    Returns:
        One row per seller that any night would have listed: ``seller_id``, ``network_id``, ``first_listed_at``,
        ``scam_probability`` then, ``last_listed_at``, ``first_complaint_at`` (of a complaint linked to it or its network;
        null without), ``lead_days`` (null without), ``knowledge`` (says so on every line). Sorted by first_listed_at.

    Raises:
        InputError: an unknown way, an empty span, or no home.
    """
    if by not in WAYS:
        message = f"--by: expected {' or '.join(WAYS)}, found {by!r}."
        raise errors.InputError(message)
    if first > last or every_days < 1:
        message = f"--from {first:%Y-%m-%d} must not lie after --to {last:%Y-%m-%d}, and --every must be 1 or more."
        raise errors.InputError(message)
    with tempfile.TemporaryDirectory(prefix="puppetwatch-backtest-") as scratch:
        home = home_module.Home(Path(scratch))
        home.ensure(is_sandbox=settings.home.is_sandbox())
        with retrain.writing(settings, command="backtest", wait=True):
            pass  # brought to this version's schema, so that both sides have the same columns
        with home_module.Lock(settings.home, command="backtest", wait=True):
            _copy(settings.home, home, by=by)
        copied = dataclasses.replace(settings, home=home)
        moments = list(_moments(first, last, every_days))
        nights = []
        with log.progress("backtest", len(moments), unit="nights") as report:
            for done, moment in enumerate(moments, start=1):
                nights.append(_night(copied, moment))
                report(done, f"{moment:%Y-%m-%d}: {nights[-1].height} sellers listed")
        with connect.open_work(home.database) as connection:
            complained = _first_complaints(connection, by=by, until=moments[-1])
    return _told(pl.concat(nights), complained, by=by)


def _moments(first: datetime, last: datetime, every_days: int) -> Iterator[datetime]:
    moment = first
    while moment <= last:
        yield moment
        moment += timedelta(days=every_days)


def _copy(source: home_module.Home, target: home_module.Home, *, by: str) -> None:
    """Take what was collected and decided into a new database."""
    with connect.open_work(target.database) as connection:
        migrate.migrate(connection)
        connection.execute(f"attach '{source.database}' as source (read_only)")
        try:
            for table in _TAKEN:
                query = f"insert into {table} by name select * from source.{table}"  # noqa: S608 -- constants
                connection.execute(query)
        finally:
            connection.execute("detach source")
        if by == "published":
            # The newest version of a post is taken to have stood there from the start.
            connection.execute(
                """
                delete from raw.posts where (post_id, crawled_at) not in
                    (select (post_id, max(crawled_at)) from raw.posts group by post_id)
                """
            )
            connection.execute("delete from raw.crawls")
            connection.execute(
                "update raw.posts set crawled_at = published_at where published_at < crawled_at"
            )


def _night(settings: settings_module.Settings, moment: datetime) -> pl.DataFrame:
    """The sellers that this night would have listed."""
    night = stages.Night(
        settings=settings,
        run_id=f"backtest-{moment:%Y%m%dT%H%M%S}",
        as_of=moment,
        started_at=moment,
        is_sandbox=settings.home.is_sandbox(),
    )
    extraction.read_posts(night)
    linking.link_sellers(night)
    scoring.score_sellers(night)
    with night.open() as connection:
        listed = publication.listing(connection, night).watchlist
        with connect.transaction(connection):
            load.replace(connection, contracts.WATCHLIST, listed)
        sellers = load.read(connection, contracts.SELLERS)
    active = listed.filter(
        (pl.col("entity") == "seller") & (pl.col("status") == "active")
    )
    return (
        active.select(pl.col("value").alias("seller_id"))
        .join(
            sellers.select("seller_id", "network_id", "scam_probability"),
            on="seller_id",
            how="left",
        )
        .with_columns(pl.lit(moment).cast(contracts.TIME).alias("night"))
    )


def _first_complaints(
    connection: duckdb.DuckDBPyConnection, *, by: str, until: datetime
) -> pl.DataFrame:
    """When each seller was first complained about, itself or its network, as of the last night."""
    moment = "coalesce(posts.published_at, posts.crawled_at)" if by == "published" else "posts.first_crawled_at"  # fmt: skip
    return connection.execute(
        f"""
        with posts as (
            select post_id, any_value(published_at) as published_at, min(crawled_at) as crawled_at,
                min(crawled_at) as first_crawled_at
            from raw.posts where crawled_at <= $until group by post_id
        ), linked as (
            select coalesce(complaints.seller_id, members.seller_id) as seller_id, {moment} as complained_at
            from core.complaints as complaints
            inner join posts using (post_id)
            left join core.network_members as members on members.network_id = complaints.network_id
        )
        select seller_id, min(complained_at) as first_complaint_at from linked where seller_id is not null group by all
        """,  # noqa: S608 -- one of two constants
        {"until": until},
    ).pl()


def _told(
    nights: pl.DataFrame, complained: pl.DataFrame, *, by: str
) -> list[dict[str, Any]]:
    knowledge = (
        "as crawled"
        if by == "crawled"
        else "by published: pretends that every post was crawled when it was published"
    )
    lead = (
        pl.col("first_complaint_at") - pl.col("first_listed_at")
    ).dt.total_seconds() / 86_400
    frame = (
        nights.sort("night")
        .group_by("seller_id", maintain_order=True)
        .agg(
            pl.col("network_id").first(),
            pl.col("night").first().alias("first_listed_at"),
            pl.col("scam_probability").first().round(4),
            pl.col("night").last().alias("last_listed_at"),
        )
        .join(complained, on="seller_id", how="left")
        .with_columns(
            lead.round(2).alias("lead_days"), pl.lit(knowledge).alias("knowledge")
        )
        .sort("first_listed_at", "seller_id")
    )
    return [
        {
            name: value.isoformat() if hasattr(value, "isoformat") else value
            for name, value in row.items()
        }
        for row in frame.iter_rows(named=True)
    ]
