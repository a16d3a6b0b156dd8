"""From log-odds to probabilities that mean what they say, fitted on held-out predictions and verdicts.

In: held-out log-odds with labels 0/1. Out: a ``Calibration`` that maps log-odds to probabilities, in one of three kinds:
``none`` (nobody could check: the sigmoid as it stands), ``platt`` (slope and offset) and ``isotonic`` (steps, from
``ISOTONIC_MINIMUM`` labels of each class). The mapping never falls.

Source: Platt (1999), "Probabilistic outputs for support vector machines"; Zadrozny and Elkan (2002).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

#: Labels of each class from which a calibration can be fitted, and from which steps beat a line.
MINIMUM, ISOTONIC_MINIMUM = 20, 200
#: Strength of the belief that log-odds are already right (slope 1, offset 0), as an inverse variance.
_RIDGE = 2.0
_EDGE = 1e-3
#: Standard error of the slope where nobody could check it. On networks that appeared after the day of scoring (12 invented
#: markets, docs/model-card.md) intervals without it covered 75 % instead of 90.
UNCHECKED = 0.45


@dataclass(frozen=True, slots=True)
class Calibration:
    """A mapping from log-odds to probability.

    Attributes:
        kind: ``none``, ``platt`` or ``isotonic``.
        points: For ``platt`` slope and offset; for ``isotonic`` the log-odds of the steps.
        values: For ``isotonic`` the probabilities at the points.
        covariance: Of slope and offset: variance, covariance, variance. The farther from even odds, the less sure is a
            scale that few or nobody could check.
    """

    kind: str
    points: tuple[float, ...] = ()
    values: tuple[float, ...] = ()
    covariance: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def is_calibrated(self) -> bool:
        """Whether anybody could check."""
        return self.kind != "none"


NONE = Calibration("none", covariance=(UNCHECKED**2, 0.0, 0.0))


def apply(calibration: Calibration, log_odds: Reals) -> Reals:
    """Probabilities of log-odds, kept ``_EDGE`` away from certainty where steps would claim it."""
    match calibration.kind:
        case "platt":
            slope, offset = calibration.points
            return sigmoid(slope * log_odds + offset)
        case "isotonic":
            found = np.interp(log_odds, calibration.points, calibration.values)
            return np.clip(found, _EDGE, 1 - _EDGE)
        case _:
            return sigmoid(log_odds)


def error(calibration: Calibration, log_odds: Reals) -> Reals:
    """Standard error that the mapping adds to the calibrated log-odds of each row."""
    slope, both, offset = calibration.covariance
    variance = slope * log_odds**2 + 2 * both * log_odds + offset
    return np.asarray(np.sqrt(np.maximum(variance, 0)), dtype=np.float64)


def fit(log_odds: Reals, y_true: Reals, group: NDArray[Any]) -> Calibration:
    """Fit on held-out predictions.

    Args:
        log_odds: Predictions of models that had not seen these sellers' networks.
        y_true: Verdicts, 1 for fraud and 0 for benign.
        group: Network, or the seller itself: members of one stand or fall together, so that a hundred verdicts on five
            networks settle less than a hundred on as many.

    Returns:
        ``NONE`` with fewer than ``MINIMUM`` labels of a class.
    """
    rare = int(min(y_true.sum(), (1 - y_true).sum()))
    if rare < MINIMUM:
        return NONE
    if rare >= ISOTONIC_MINIMUM:
        return _isotonic(log_odds, y_true, group)
    return _platt(log_odds, y_true, group)


def sigmoid(log_odds: Reals) -> Reals:
    """Probability of log-odds; safe for large numbers."""
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -40, 40))), dtype=np.float64)


def _platt(log_odds: Reals, y_true: Reals, group: NDArray[Any]) -> Calibration:
    """Newton's method on the penalised likelihood; the slope is held at 0.05 or more, so that order stays.

    The covariance is that of the penalised likelihood, or larger by as much as residuals of one network agree.

    Source: Liang and Zeger (1986) for the sum over groups.
    """
    design = np.stack([log_odds, np.ones_like(log_odds)], axis=1)
    belief = np.array([1.0, 0.0])
    theta = belief.copy()
    penalty = _RIDGE * np.eye(2)
    hessian = penalty

    def loss(at: Reals) -> float:
        mean = np.clip(sigmoid(design @ at), 1e-12, 1 - 1e-12)
        fit = -float(np.sum(y_true * np.log(mean) + (1 - y_true) * np.log(1 - mean)))
        return fit + 0.5 * float((at - belief) @ penalty @ (at - belief))

    for _ in range(100):
        prob = sigmoid(design @ theta)
        gradient = design.T @ (prob - y_true) + penalty @ (theta - belief)
        hessian = (design.T * (prob * (1 - prob))) @ design + penalty
        step = np.linalg.solve(hessian, gradient)
        # Full Newton steps overshoot when log-odds are large.
        while loss(theta - step) > loss(theta) and np.abs(step).max() > 1e-10:
            step /= 2
        theta = theta - step
        if np.abs(step).max() < 1e-10:
            break
    spread = np.linalg.inv(hessian)
    pull = design * (sigmoid(design @ theta) - y_true)[:, None]
    _, inverse = np.unique(group, return_inverse=True)
    summed = np.stack([np.bincount(inverse, weights=one) for one in pull.T], axis=1)
    by_group = spread @ (summed.T @ summed) @ spread
    spread *= max(1.0, float(np.trace(by_group) / np.trace(spread)))
    return Calibration(
        "platt",
        (max(float(theta[0]), 0.05), float(theta[1])),
        (),
        (float(spread[0, 0]), float(spread[0, 1]), float(spread[1, 1])),
    )


def _isotonic(log_odds: Reals, y_true: Reals, group: NDArray[Any]) -> Calibration:
    """Pool adjacent violators, each block with half a positive and half a negative added; lines between centres."""
    distinct, inverse = np.unique(log_odds, return_inverse=True)
    rows_at = np.bincount(inverse).astype(np.float64)
    hits_at = np.bincount(inverse, weights=y_true)
    blocks: list[tuple[float, float, float]] = []  # positives, rows, sum of log-odds
    for x, y, weight in zip(
        distinct.tolist(), hits_at.tolist(), rows_at.tolist(), strict=True
    ):
        blocks.append((y, weight, x * weight))
        while (
            len(blocks) > 1
            and blocks[-2][0] * blocks[-1][1] >= blocks[-1][0] * blocks[-2][1]
        ):
            last = blocks.pop()
            before = blocks.pop()
            blocks.append(
                (before[0] + last[0], before[1] + last[1], before[2] + last[2])
            )
    points = tuple(total / rows for _, rows, total in blocks)
    values = np.maximum.accumulate(
        [(hits + 0.5) / (rows + 1) for hits, rows, _ in blocks]
    )
    # Rows of a step beside its neighbours' on average; networks rather than sellers are what was drawn.
    drawn = np.unique(group).size * max(y_true.mean() * (1 - y_true.mean()), 1e-6)
    return Calibration(
        "isotonic",
        points,
        tuple(float(value) for value in values),
        (0.0, 0.0, float(len(blocks) / drawn)),
    )
