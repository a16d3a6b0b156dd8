"""How good a ranking and its probabilities are: plain numpy, no learner.

In: true labels (0 or 1) and predicted probabilities, equally long, optionally weights. Out: numbers in 0–1. Ties in the
predictions are handled as one block, so the order of rows changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]


def average_precision(y_true: Reals, y_prob: Reals) -> float:
    """Area under precision over recall, as a sum over distinct predictions.

    Returns:
        NaN when no label is 1: there is nothing to find.
    """
    positives = float(y_true.sum())
    if positives == 0:
        return float("nan")
    order = np.argsort(-y_prob, kind="stable")
    prob = y_prob[order]
    ends = np.flatnonzero(np.append(prob[1:] != prob[:-1], True))
    hits = np.cumsum(y_true[order])[ends]
    precision = hits / (ends + 1)
    return float(np.sum(np.diff(hits, prepend=0.0) * precision) / positives)


def precision_at_k(y_true: Reals, y_prob: Reals, k: int) -> float:
    """Share of positives among the ``k`` highest predictions; a tie at the border counts with its average.

    Returns:
        NaN for an empty input; with fewer than ``k`` rows, the share among all.
    """
    k = min(k, y_true.size)
    if k == 0:
        return float("nan")
    border = np.sort(y_prob)[-k]
    above, tied = y_prob > border, y_prob == border
    room = k - int(above.sum())
    return float((y_true[above].sum() + y_true[tied].mean() * room) / k)


def roc_auc(y_true: Reals, y_prob: Reals) -> float:
    """Probability that a positive is ranked above a negative, ties one half; NaN with one class only."""
    positives = int(y_true.sum())
    negatives = y_true.size - positives
    if not positives or not negatives:
        return float("nan")
    _, inverse, counts = np.unique(y_prob, return_inverse=True, return_counts=True)
    ranks = np.cumsum(counts) - (counts - 1) / 2
    total = float(ranks[inverse][y_true == 1].sum())
    return (total - positives * (positives + 1) / 2) / (positives * negatives)


def log_loss(y_true: Reals, y_prob: Reals) -> float:
    """Mean negative log-likelihood in nats; probabilities are kept 1e-9 away from 0 and 1."""
    prob = np.clip(y_prob, 1e-9, 1 - 1e-9)
    return float(-np.mean(y_true * np.log(prob) + (1 - y_true) * np.log(1 - prob)))


def calibration_error(y_true: Reals, y_prob: Reals, *, bins: int = 10) -> float:
    """Expected calibration error over equally wide bins: mean |observed − predicted|, weighted by rows.

    Source: Naeini, Cooper, Hauskrecht (2015), "Obtaining well calibrated probabilities using Bayesian binning".
    """
    place = np.minimum((y_prob * bins).astype(np.int64), bins - 1)
    total = 0.0
    for index in range(bins):
        inside = place == index
        if inside.any():
            total += float(inside.mean()) * abs(
                float(y_true[inside].mean() - y_prob[inside].mean())
            )
    return total


def grouped_bootstrap(
    metric: Callable[[NDArray[np.int64]], float],
    groups: NDArray[Any],
    *,
    rounds: int,
    seed: int,
) -> Reals:
    """A metric over resampled groups, so that sellers of one network stand or fall together.

    Args:
        metric: Takes row numbers (with repetition), gives a number; NaN where it has no value.
        groups: Group of each row.
        rounds: Number of resamples.
        seed: Seed of the resampling.

    Returns:
        The finite values, sorted; at most ``rounds``.
    """
    rng = np.random.default_rng(seed)
    _, inverse = np.unique(groups, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    starts = np.searchsorted(inverse[order], np.arange(inverse.max(initial=-1) + 2))
    members = [
        order[starts[index] : starts[index + 1]] for index in range(starts.size - 1)
    ]
    values = []
    for _ in range(rounds):
        drawn = rng.integers(0, len(members), len(members))
        values.append(metric(np.concatenate([members[index] for index in drawn])))
    out = np.asarray(values, dtype=np.float64)
    return np.sort(out[np.isfinite(out)])
