"""Calibration on what comes later: sellers of networks that appeared after the day on which people decided.

Invented markets in which rings and accounts appear one after another. On day ``DECIDED`` the night scores and two hundred
verdicts are given; on day ``ASKED`` it scores again. Looked at are sellers of rings, or alone, whose first post was
crawled between the two: nobody has decided on any of them or of their company. Rows for docs/learning.json, by
``python -m tests.harness.markets``.
"""

import tempfile
from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl

from models import evaluate
from models.measures import coverage
from tests.harness.homes import scored
from tests.harness.worlds import foreign

#: Not those on which the doubt of an unchecked scale was chosen (41, 42).
SEEDS = (51, 52)
DECIDED, ASKED, DAYS = 42, 61, 60
VERDICTS = 200


def markets():
    """(grammar, seed, share of sellers with known nouns, market)."""
    for seed in SEEDS:
        for name in (*foreign.DIALECTS, *foreign.HELD_OUT):
            for known in (0.4, 0.0):
                yield name, seed, known, foreign.build(name, seed, known_share=known, scale=3.0, days=DAYS, turnover=True)  # fmt: skip


def figures(judged: pl.DataFrame) -> dict[str, float | int]:
    """Calibration of scored sellers; sums of coverage, so that markets can be pooled."""
    rows = judged.drop_nulls("probability_low").with_columns(
        pl.coalesce("ring_id", "seller_id").alias("home")
    )
    y_true = rows["is_scam"].cast(pl.Float64).to_numpy()
    y_prob = rows["scam_probability"].to_numpy()
    held = coverage.coverage(
        y_true,
        y_prob,
        rows["probability_low"].to_numpy(),
        rows["probability_high"].to_numpy(),
        rows["home"].to_numpy(),
    )
    return {
        "scored": rows.height,
        "calibration_error": round(evaluate.calibration_error(y_true, y_prob), 4),
        "groups": held.groups,
        "groups_inside": round(held.fair, 3),
        "groups_inside_plainly": held.plain,
    }


def run() -> list[dict[str, object]]:
    """Figures of all markets, without labels and with the verdicts of the earlier day."""
    rows = []
    for name, seed, known, market in markets():
        born = (
            pl.DataFrame(
                [(f"{row['platform']}:{row['author']['id']}", row["crawled_at"]) for row in market.records],
                schema=["seller_id", "at"],
                orient="row",
            )
            .group_by("seller_id")
            .agg(pl.col("at").str.to_datetime(time_zone="UTC").min())
        )  # fmt: skip
        truth = market.sellers.join(born, on="seller_id").with_columns(
            pl.col("at").min().over(pl.coalesce("ring_id", "seller_id")).alias("born")
        )
        with tempfile.TemporaryDirectory() as scratch:
            settings = scored.imported(market.records, Path(scratch))
            decided_on, asked_on = (foreign.EPOCH + timedelta(days=day) for day in (DECIDED, ASKED))  # fmt: skip
            night = scored.night_of(settings, as_of=decided_on)
            scored.read_and_linked(night)
            scored.rescored(night)
            first = scored.judged(night, truth)
            pool = first.drop_nulls("score_source").sort("seller_id")
            drawn = np.random.default_rng(seed).permutation(pool.height)[:VERDICTS]
            decided = [
                (row["seller_id"], "fraud" if row["is_scam"] else "benign")
                for row in pool[np.sort(drawn).tolist()].iter_rows(named=True)
            ]
            night = scored.night_of(settings, as_of=asked_on, run_id="run-2")
            scored.read_and_linked(night)
            for labels, verdicts in (("none", ()), (f"verdicts of day {DECIDED}", decided)):  # fmt: skip
                scored.rescored(night, verdicts)
                later = scored.judged(night, truth).filter(pl.col("born") > decided_on)
                rows.append(
                    {
                        "window": "later",
                        "grammar": name,
                        "seed": seed,
                        "known_share": known,
                        "held_out": name in foreign.HELD_OUT,
                        "labels": labels,
                        **figures(later),
                    }
                )
                print(rows[-1], flush=True)
    return rows
