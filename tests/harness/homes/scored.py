"""A night up to its scores over some records, in this process: no Prefect, no publishing, a second or two a market."""

import json
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from flows import settings as settings_module
from flows.collecting import imports
from flows.learning import scoring
from flows.nights import linking, stages
from flows.reading import extraction
from warehouse import connect, contracts, load

AS_OF = datetime(2026, 4, 20, tzinfo=UTC)
#: Parties of an invented market that run the scheme.
SCAMS = ("ring", "lone")


def imported(records, directory: Path):
    """Settings of a home with these records."""
    posts = directory / "posts.jsonl"
    posts.write_text(
        "".join(json.dumps(each) + "\n" for each in records), encoding="utf-8"
    )
    home = directory / "home"
    settings = settings_module.load(home=home, config=None, default_home=home)
    imports.import_command(
        settings, [str(posts)], source=None, started_at=datetime.now(UTC), wait=False
    )
    return settings


def night_of(settings, *, as_of=AS_OF, run_id="run-1"):
    """The night that the stages of this home work on."""
    return stages.Night(
        settings=settings,
        run_id=run_id,
        as_of=as_of,
        started_at=as_of,
        is_sandbox=False,
    )


def read_and_linked(night):
    """The stages before scoring."""
    extraction.read_posts(night)
    linking.link_sellers(night)


def rescored(night, verdicts=()):
    """Score (again) with these verdicts in the database: (target, verdict) pairs."""
    rows = [
        {
            "verdict_id": f"v{at:05d}",
            "target": target,
            "verdict": verdict,
            "note": "test",
            "author": "reviewer",
            "decided_at": night.as_of,
            "is_current": True,
        }
        for at, (target, verdict) in enumerate(verdicts)
    ]
    with night.open() as connection, connect.transaction(connection):
        load.replace(
            connection,
            contracts.VERDICTS,
            pl.DataFrame(rows, schema=dict(contracts.VERDICTS.columns)),
        )
    return scoring.score_sellers(night)


def judged(night, truth: pl.DataFrame) -> pl.DataFrame:
    """The truth beside what was scored: ``is_scam``, ``is_listed`` (CONTRACT §6 without verdicts), contracts.SELLERS.

    Accounts that complained are known under a hash and have no row of their own; nobody scores them.
    """
    with night.open() as connection:
        sellers = load.read(connection, contracts.SELLERS)
        reasons = load.read(connection, contracts.REASONS)
    families = (
        reasons.filter(pl.col("contribution") > 0)
        .group_by("seller_id")
        .agg(pl.col("family").n_unique().alias("families"))
    )
    listed = (pl.col("band") == "high") & (pl.col("families") >= 2)
    return (
        truth.join(sellers, on="seller_id", how="left")
        .join(families, on="seller_id", how="left")
        .with_columns(
            pl.col("party").is_in(SCAMS).alias("is_scam"),
            listed.fill_null(value=False).alias("is_listed"),
            pl.col("scam_probability").fill_null(0.0),
        )
    )
