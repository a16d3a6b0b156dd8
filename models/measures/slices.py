"""Metrics by slice: overall, by platform, age of account, size of ring, each with a bootstrap interval.

In: labels, probabilities, groups and facts, row by row. Out: one row per slice. Groups (networks) are resampled whole.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from models import evaluate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

#: Resamples, the quantiles of the interval, and k of precision at k.
RESAMPLES, INTERVAL, TOP = 200, (0.05, 0.95), 100
#: Rows and rows of each kind that a slice needs to be told.
LEAST_ROWS, LEAST_KIND = 10, 3


def ring_size(members: pl.Expr) -> pl.Expr:
    """Size of a seller's network in words."""
    return (
        pl.when(members.is_null() | (members <= 1))
        .then(pl.lit("alone"))
        .when(members <= 4)
        .then(pl.lit("2-4"))
        .when(members <= 12)
        .then(pl.lit("5-12"))
        .otherwise(pl.lit("13 or more"))
    )


def account_age(days: pl.Expr) -> pl.Expr:
    """Age of an account in words; unknown where the source does not tell."""
    return (
        pl.when(days.is_null() | days.is_nan())
        .then(pl.lit("unknown"))
        .when(days < 90)
        .then(pl.lit("under 90 days"))
        .when(days < 365)
        .then(pl.lit("90-364 days"))
        .otherwise(pl.lit("a year or more"))
    )


def table(
    y_true: Reals,
    y_prob: Reals,
    groups: pl.Series,
    slices: pl.DataFrame,
    *,
    threshold: float,
    seed: int,
) -> list[dict[str, Any]]:
    """Metrics of every slice.

    Args:
        y_true: 1 for fraud, 0 for benign.
        y_prob: Probabilities of models that had not seen these labels.
        groups: Network, or the seller itself.
        slices: One column per way of slicing, text.
        threshold: The listing threshold.
        seed: Of the resampling.

    Returns:
        Rows with ``slice``, ``value``, ``sellers``, ``positives``, ``average_precision`` with ``_low`` and ``_high``,
        ``precision_at_k``, ``k``, ``precision`` and ``recall`` at the threshold, ``calibration_error``. A metric that a
        slice is too small for is null; slices below ``LEAST_ROWS`` are left out, but never the whole.
    """
    rows = [_row("all", "all", np.arange(y_true.size), y_true, y_prob, groups, threshold=threshold, seed=seed)]  # fmt: skip
    for name in slices.columns:
        for value in slices[name].unique().sort().to_list():
            at = np.flatnonzero((slices[name] == value).to_numpy())
            if at.size >= LEAST_ROWS:
                rows.append(_row(name, value, at, y_true, y_prob, groups, threshold=threshold, seed=seed))  # fmt: skip
    return rows


def _row(  # noqa: PLR0917  one slice
    name: str,
    value: str,
    at: NDArray[np.int64],
    y_true: Reals,
    y_prob: Reals,
    groups: pl.Series,
    *,
    threshold: float,
    seed: int,
) -> dict[str, Any]:
    truth, prob = y_true[at], y_prob[at]
    positives = int(truth.sum())
    has_both = min(positives, truth.size - positives) >= LEAST_KIND
    k = min(TOP, positives)
    listed = prob >= threshold
    low = high = float("nan")
    if has_both:
        drawn = evaluate.grouped_bootstrap(
            lambda rows: evaluate.average_precision(truth[rows], prob[rows]),
            groups.gather(at).to_numpy(),
            rounds=RESAMPLES,
            seed=seed,
        )
        if drawn.size:
            low, high = (float(np.quantile(drawn, q)) for q in INTERVAL)
    figures = {
        "average_precision": evaluate.average_precision(truth, prob)
        if has_both
        else float("nan"),
        "average_precision_low": low,
        "average_precision_high": high,
        "precision_at_k": evaluate.precision_at_k(truth, prob, k)
        if has_both
        else float("nan"),
        "precision": float(truth[listed].mean()) if listed.any() else float("nan"),
        "recall": float(listed[truth == 1].mean()) if positives else float("nan"),
        "calibration_error": evaluate.calibration_error(truth, prob)
        if truth.size
        else float("nan"),
    }
    told = {
        key: None if math.isnan(figure) else round(figure, 4)
        for key, figure in figures.items()
    }
    return {
        "slice": name,
        "value": value,
        "sellers": int(truth.size),
        "positives": positives,
        "k": k,
        **told,
    }
