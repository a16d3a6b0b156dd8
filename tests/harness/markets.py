"""What the first night and the night after two hundred verdicts make of invented markets: ``python -m tests.harness.markets``.

Runs reading, linking and scoring on markets of every dialect (and of the sandbox's own grammar), counts against the
truth, adds how calibration holds for networks that appear later (``windows``), and writes docs/learning.json, from which
docs/model-card.md takes its figures. Some minutes.
"""

import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from crawlers.sandbox import market as sandbox_market
from models import evaluate
from tests.harness import windows
from tests.harness.homes import scored
from tests.harness.worlds import foreign

OUT = Path(__file__).parents[2] / "docs" / "learning.json"
EPOCH = datetime(2026, 3, 1, tzinfo=UTC)
VERDICTS = 200
SEEDS = (11, 12)
HONEST = ("vendor", "agency", "journalist", "police", "victim")


def markets():
    """(grammar, seed, share of sellers with known nouns, records, truth)."""
    for seed in SEEDS:
        found = sandbox_market.build(seed, epoch=EPOCH, days=45, scale=3.0)
        yield "sandbox", seed, 1.0, found.records, found.sellers.with_columns(pl.lit(None, dtype=pl.Boolean).alias("names_fee"))  # fmt: skip
        for name in (*foreign.DIALECTS, *foreign.HELD_OUT):
            for known in (0.4, 0.0):
                other = foreign.build(name, seed, known_share=known, scale=3.0)
                yield name, seed, known, other.records, other.sellers


def figures(judged: pl.DataFrame) -> dict[str, float | int | None]:
    """What a night made of a market."""
    y_true = judged["is_scam"].cast(pl.Float64).to_numpy()
    y_prob = judged["scam_probability"].to_numpy()
    listed = judged.filter("is_listed")
    honest = judged.filter(pl.col("party").is_in(HONEST))
    rings = judged.filter(pl.col("party") == "ring")
    shy = rings.filter(~pl.col("names_fee"))
    return {
        "sellers": judged.height,
        "scams": int(y_true.sum()),
        "average_precision": round(evaluate.average_precision(y_true, y_prob), 4),
        "precision_at_100": round(
            evaluate.precision_at_k(y_true, y_prob, min(100, int(y_true.sum()))), 4
        ),
        "listed": listed.height,
        "list_precision": round(float(listed["is_scam"].mean() or 0), 4),
        "ring_recall": round(float(rings["is_listed"].mean() or 0), 4),
        "shy_ring_recall": round(float(shy["is_listed"].mean() or 0), 4)
        if shy.height
        else None,
        "lone_recall": round(
            float(judged.filter(pl.col("party") == "lone")["is_listed"].mean() or 0), 4
        ),
        "honest": honest.height,
        "honest_listed": int(honest["is_listed"].sum()),
        **windows.figures(judged),
    }


def run() -> list[dict[str, object]]:
    """Figures of all markets, before and after verdicts."""
    rows = []
    for name, seed, known, records, truth in markets():
        with tempfile.TemporaryDirectory() as scratch:
            night = scored.night_of(scored.imported(records, Path(scratch)))
            scored.read_and_linked(night)
            scored.rescored(night)
            first = scored.judged(night, truth)
            pool = first.filter(pl.col("score_source").is_not_null()).sort("seller_id")
            drawn = np.random.default_rng(seed).permutation(pool.height)[:VERDICTS]
            decided = pool[np.sort(drawn).tolist()]
            scored.rescored(
                night,
                [
                    (row["seller_id"], "fraud" if row["is_scam"] else "benign")
                    for row in decided.iter_rows(named=True)
                ],
            )
            later = scored.judged(night, truth)
        untold = later.filter(
            ~pl.col("seller_id").is_in(decided["seller_id"].implode())
        )
        about = {"grammar": name, "seed": seed, "known_share": known, "held_out": name in foreign.HELD_OUT}  # fmt: skip
        rows += [
            {**about, "labels": "none", **figures(first)},
            {
                **about,
                "labels": f"{decided.height} verdicts, sellers without",
                **figures(untold),
            },
            {
                **about,
                "labels": f"{decided.height} verdicts, all sellers",
                **figures(later),
            },
        ]
        print(json.dumps(rows[-3]), json.dumps(rows[-2]), sep="\n", flush=True)
    return rows


if __name__ == "__main__":
    found = [*run(), *windows.run()]
    OUT.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")  # fmt: skip
    sys.exit(0)
