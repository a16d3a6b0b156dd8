"""A home that learns from an imported list: the list, the next night, copies of the home to be changed."""

import dataclasses
import shutil
from datetime import timedelta

import polars as pl

from flows.learning import labelling
from flows.nights import stages
from tests.harness.homes import scored
from warehouse import connect, contracts, load

NOW = scored.AS_OF + timedelta(hours=1)


def published(settings, as_of):
    """Note a published run, as the publishing stage would."""
    row = {
        "run_id": f"run-{as_of:%Y%m%d}", "as_of": as_of, "started_at": as_of, "ended_at": as_of, "state": "published",
        "exit_code": 0, "release_id": None, "is_sandbox": False, "stage_seconds": "{}",
    }  # fmt: skip
    with connect.open_work(settings.home.database) as connection:
        load.append(
            connection,
            contracts.RUNS,
            pl.DataFrame([row], schema=dict(contracts.RUNS.columns)),
        )


def copied(settings, root):
    """The settings of a copy of a home."""
    shutil.copytree(settings.home.root, root, symlinks=True)
    return dataclasses.replace(settings, home=dataclasses.replace(settings.home, root=root))  # fmt: skip


def label_file(path, truth, count, *, flipped=False):
    rows = truth.filter(pl.col("role").is_in(["seller", "vendor"])).sort("seller_id")
    rows = rows.sample(min(count, rows.height), seed=1)
    word = (
        pl.when(pl.col("is_scam") != flipped)
        .then(pl.lit("fraud"))
        .otherwise(pl.lit("benign"))
    )
    rows.select(pl.col("seller_id").alias("target"), word.alias("verdict")).write_csv(
        path
    )
    return path


def learned(settings, truth, tmp_path, **options):
    """The home after a list was imported and the next night scored with it."""
    labelling.import_labels(
        settings.home,
        label_file(tmp_path / "list.csv", truth, 200, **options),
        source=None,
        now=NOW,
    )
    night = scored.night_of(
        settings, as_of=scored.AS_OF + timedelta(days=1), run_id="run-2"
    )
    counted = stages.decide(night)
    return counted, scored.scoring.score_sellers(night), night
