"""Fit the weights of the cues of stance and write them into the pack: ``python -m tests.harness.fit_stance``.

In: the tuning half of tests/features/corpus and the market of some seeds, with their truth. Out: the table ``[stance]``
of the shipped pack, between its marks. The weights are corrections of ``stance.judged_odds``: a softmax regression with
the judged log-odds as offsets, so that a cue that the material says nothing about keeps its judged weight. The strength of
the penalty is chosen by the log loss of whole templates left out. Held-out templates and seeds from 300 on are never read.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import numpy as np
import polars as pl
from scipy import optimize

from crawlers.sandbox import market
from features import cues, pack, reading, stance
from tests.features.corpus import grammar
from warehouse import contracts

SEEDS = range(200, 210)
PENALTIES = (1.0, 2.0)
FOLDS = 5
#: What the posts of a stance of the market weigh together, in tuning halves; noise is the most varied and the most frequent.
MARKET_WEIGHTS = {
    "market offer": 0.8,
    "market vendor": 0.2,
    "market report": 0.2,
    "market complaint": 0.4,
    "market other": 0.8,
}
_BEGIN, _END = "# --- fitted: begin\n", "# --- fitted: end\n"


def material() -> pl.DataFrame:
    """Texts with truth: ``doc_id``, ``title``, ``text``, ``stance``, ``group`` (template or stance of the market), ``weight``."""
    rows: list[tuple[str, str | None, str, str, str]] = [
        (post.post_id, None, post.text, post.stance, post.post_id.rsplit("-", 1)[0])
        for post in grammar.posts("tuning")
    ]
    for seed in SEEDS:
        made = market.build(seed, epoch=datetime(2025, 3, 1, tzinfo=UTC), scale=0.6)
        truth = dict(made.posts.select("post_id", "stance").rows())
        for record in made.records:
            post_id = f"{record['platform']}:{record['post_id']}"
            gold = truth.pop(post_id, None)
            if gold is not None:
                rows.append(
                    (f"{seed}/{post_id}", record.get("title"), record.get("text") or "", gold, f"market {gold}")
                )  # fmt: skip
    sizes = Counter(row[4] for row in rows)
    half = len({row[4] for row in rows if not row[4].startswith("market")})
    weights = [
        (half * MARKET_WEIGHTS.get(row[4], 0.0) or 1.0) / sizes[row[4]] for row in rows
    ]
    return pl.DataFrame(
        rows,
        schema=dict.fromkeys(("doc_id", "title", "text", "stance", "group"), pl.String),
        orient="row",
    ).with_columns(weight=pl.Series(weights))


def fitted(
    values: np.ndarray[Any, Any], offsets: np.ndarray[Any, Any], truth: np.ndarray[Any, Any],
    weight: np.ndarray[Any, Any], penalty: float,
) -> np.ndarray[Any, Any]:  # fmt: skip
    """Corrections per cue and stance: the minimum of weighted log loss plus ``penalty`` times their squares."""
    shape = values.shape[1], offsets.shape[1]

    def loss(flat: np.ndarray[Any, Any]) -> tuple[float, np.ndarray[Any, Any]]:
        corrections = flat.reshape(shape)
        chance = probabilities(offsets + values @ corrections)
        right = np.log(chance[np.arange(len(truth)), truth] + 1e-12)
        error = chance.copy()
        error[np.arange(len(truth)), truth] -= 1.0
        slope = values.T @ (error * weight[:, None]) + 2 * penalty * corrections
        total = -(weight * right).sum() + penalty * (corrections**2).sum()
        return total, slope.ravel()

    start = np.zeros(shape[0] * shape[1])
    return optimize.minimize(loss, start, jac=True, method="L-BFGS-B").x.reshape(shape)


def probabilities(odds: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Softmax by row."""
    raised = np.exp(odds - odds.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def main() -> None:
    """Fit, choose the penalty, write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--penalty", type=float, default=None)
    wanted = parser.parse_args().penalty
    shipped = pack.load_pack()
    rows = material()
    values = np.zeros((rows.height, len(cues.CUES)))
    offsets = np.zeros((rows.height, len(stance.STANCES)))
    is_read = np.zeros(rows.height, dtype=bool)
    first = 0
    for ids, evidence, read in reading.evidence_of(
        rows.select(list(contracts.DOCUMENTS.columns)), pack=shipped
    ):
        part = slice(first, first + len(ids))
        is_read[part] = read
        for name, judged in stance.judged_odds(evidence).items():
            offsets[part, stance.STANCES.index(name)] = judged
        for name, value in cues.values(evidence).items():
            values[part, cues.CUES.index(name)] = value
        first += len(ids)
    rows, values, offsets = rows.filter(is_read), values[is_read], offsets[is_read]
    truth = np.array([stance.STANCES.index(name) for name in rows["stance"]])
    weight = rows["weight"].to_numpy()
    is_market = rows["group"].str.starts_with("market").to_numpy()
    fold = np.array([zlib.crc32(name.encode()) % FOLDS for name in rows["group"]])
    scores = {}
    for penalty in PENALTIES if wanted is None else (wanted,):
        log_loss = hits = total = 0.0
        for left_out in range(FOLDS):
            out = (fold == left_out) & ~is_market
            found_weights = fitted(
                values[~out], offsets[~out], truth[~out], weight[~out], penalty / 10
            )
            chance = probabilities(offsets[out] + values[out] @ found_weights)
            right = chance[np.arange(out.sum()), truth[out]]
            log_loss -= (weight[out] * np.log(right + 1e-12)).sum()
            hits += (weight[out] * (chance.argmax(axis=1) == truth[out])).sum()
            total += weight[out].sum()
        scores[penalty] = log_loss / total
        print(
            f"penalty {penalty}: left-out log loss {log_loss / total:.4f}, accuracy {hits / total:.4f}",
            file=sys.stderr,
        )
    penalty = min(scores, key=lambda one: scores[one])
    best = fitted(values, offsets, truth, weight, penalty / 10)
    lines = [
        f"# Fitted on the tuning half of tests/features/corpus and market seeds {SEEDS.start}-{SEEDS.stop - 1}, penalty {penalty}:",
        "# what each cue adds to the judged log-odds of offer, vendor, report, complaint, other. Written by tests/harness/fit_stance.py.",
    ]
    for name, row in zip(cues.CUES, best, strict=True):
        if np.abs(row).max() >= 0.02:
            lines.append(f"{name} = [{', '.join(f'{one:.2f}' for one in row)}]")
    path = pack.PACKS / "digital_human.toml"
    text = path.read_text(encoding="utf-8")
    head, rest = text.split(_BEGIN)
    _, tail = rest.split(_END)
    path.write_text(
        head + _BEGIN + "\n".join(lines) + "\n" + _END + tail, encoding="utf-8"
    )


if __name__ == "__main__":
    main()
