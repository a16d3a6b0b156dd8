"""Training, scoring and reasons on a million sellers, beside plain LightGBM on the same matrix in the same run.

``python -m tests.bench.learning [--sellers N]``. Sellers are drawn: a fifth run the scheme, features of pitch, money and
company differ by class with much overlap, a tenth of all values are null. Votes come from the shipped pack's rules, two
thousand verdicts from the truth. Prints the figures and appends them to docs/bench.json.
"""

import argparse
import json
import os
import resource
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import numpy as np
import polars as pl

from features import catalogue, pack
from models import evaluate, learner, reasons, train
from models.knowledge import label_model, seen
from models.measures import calibration
from tests.bench import __main__ as history
from warehouse import contracts

VERDICTS, REASONED = 2_000, 10_000
AS_OF = datetime(2026, 4, 20, tzinfo=UTC)


def drawn(
    sellers: int, *, seed: int = 1
) -> tuple[pl.DataFrame, pl.DataFrame, np.ndarray]:
    """Features, facts and truth."""
    rng = np.random.default_rng(seed)
    truth = rng.random(sellers) < 0.2
    columns = {}
    for feature in catalogue.FEATURES:
        shift = 0.9 * feature.monotone * (2 * truth - 1) + rng.normal(size=sellers)
        match feature.unit:
            case "count":
                values = np.floor(np.exp(0.7 * shift))
            case "share" | "probability":
                values = calibration.sigmoid(shift - 0.5)
            case "flag":
                values = (shift > 1).astype(float)
            case "yuan":
                values = np.round(np.exp(9 + shift), -2)
            case _:
                values = np.exp(shift)
        values = values.astype(np.float32)
        if not feature.null.startswith("never"):
            values[rng.random(sellers) < 0.1] = np.nan
        columns[feature.name] = values
    ids = pl.Series("seller_id", [f"douyin:{at:07d}" for at in range(sellers)])
    features = pl.DataFrame(columns).fill_nan(None).insert_column(0, ids)
    in_ring = rng.random(sellers) < 0.3
    facts = pl.DataFrame({"seller_id": ids}).select(
        "seller_id",
        pl.lit("douyin").alias("platform"),
        pl.lit(None, dtype=pl.String).alias("name"),
        pl.lit(None, dtype=pl.String).alias("url"),
        pl.Series(
            "network_id",
            [
                f"n{at // 6}" if ring else None
                for at, ring in enumerate(in_ring.tolist())
            ],
        ),
        pl.lit("seller").alias("role"),
        pl.lit(None, dtype=contracts.MONEY).alias("max_fee_yuan"),
        *(
            pl.lit(1, dtype=pl.Int64).alias(name)
            for name in ("post_count", "offer_count", "complaint_count")
        ),
        *(
            pl.lit(AS_OF).cast(contracts.TIME).alias(name)
            for name in ("first_seen_at", "last_seen_at")
        ),
    )
    return features, facts, truth.astype(float)


@contextmanager
def timed(figures: dict[str, float], name: str):
    """Seconds of wall and processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    figures[f"{name}_seconds"] = round(time.perf_counter() - wall, 2)
    figures[f"{name}_cpu_seconds"] = round(time.process_time() - cpu, 2)


def run(sellers: int) -> dict[str, object]:
    """The figures."""
    figures: dict[str, object] = {"sellers": sellers, "features": len(catalogue.NAMES), "load_before": round(os.getloadavg()[0], 1)}  # fmt: skip
    features, facts, truth = drawn(sellers)
    shipped = pack.load_pack()
    chosen = np.random.default_rng(2).choice(sellers, VERDICTS, replace=False)
    verdicts = pl.DataFrame(
        {
            "target": features["seller_id"].gather(np.sort(chosen)),
            "verdict": np.where(truth[np.sort(chosen)] == 1, "fraud", "benign"),
        }
    )
    with timed(figures, "votes"):
        material = seen.material_of(features, facts, pack=shipped, verdicts=verdicts)
    data = material.data
    with timed(figures, "training"):
        result = train.challenge(data, seed=3, num_threads=2)
    booster = learner.load(result.booster or result.shadow)
    with timed(figures, "scoring"):
        model = label_model.fit(data.votes, shipped.rules, data.known)
        believed = label_model.apply(model, data.votes, material.known, data.certainty)
        learned = learner.log_odds(booster, data.matrix, num_threads=2)
        scored = train.blend(label_model.log_odds(believed.probability), learned)
    some = np.argsort(-scored, kind="stable")[:REASONED]
    part = material.features[some.tolist()]
    with timed(figures, "reasons"):
        of_some = label_model.apply(model, data.votes[some], material.known[some], data.certainty[some])  # fmt: skip
        terms = [
            reasons.rule_terms(part, of_some, shipped.rules, share=1 - train.BLEND),
            reasons.model_terms(
                part,
                learner.contributions(booster, data.matrix[some], num_threads=2),
                share=train.BLEND,
            ),
        ]
        reasons.told(
            part,
            terms,
            pl.DataFrame(
                {
                    "seller_id": part["seller_id"],
                    "key": "post",
                    "post_id": part["seller_id"],
                }
            ),
            material.known[some],
        )
    is_known = ~np.isnan(data.known)
    target = np.where(is_known, data.known, label_model.apply(model, data.votes, np.full_like(data.known, np.nan), data.certainty).probability)  # fmt: skip
    plain = {"objective": "cross_entropy", "num_threads": 2, "verbosity": -1, "seed": 3}
    with timed(figures, "plain_training"):
        peer = learner.train(data.matrix, target, np.ones(sellers), names=catalogue.NAMES, params=plain, rounds=100)  # fmt: skip
    with timed(figures, "plain_scoring"):
        peer_scores = learner.log_odds(peer, data.matrix, num_threads=2)
    with timed(figures, "plain_contributions"):
        learner.contributions(peer, data.matrix[some], num_threads=2)
    rest = ~is_known
    return {
        **figures,
        "average_precision": round(evaluate.average_precision(truth[rest], scored[rest]), 4),
        "plain_average_precision": round(evaluate.average_precision(truth[rest], peer_scores[rest]), 4),
        "peak_gigabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        "goal_met": figures["training_cpu_seconds"] <= 180 and figures["scoring_cpu_seconds"] <= 15 and figures["reasons_cpu_seconds"] <= 30,
    }  # fmt: skip


def main() -> None:
    """Run, print, keep."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.learning")
    parser.add_argument("--sellers", type=int, default=1_000_000, metavar="N")
    parser.add_argument("--no-history", action="store_true")
    given = parser.parse_args()
    figures = run(given.sellers)
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):40} {value}")
    if not given.no_history:
        kept = json.loads(history.HISTORY.read_text(encoding="utf-8"))
        kept.append(
            {
                "bench": "learning",
                "date": datetime.now(UTC).isoformat(timespec="seconds"),
                "commit": history._commit(),
                **figures,
            }
        )
        history.HISTORY.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
