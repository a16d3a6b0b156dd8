"""From log-odds to probabilities that mean what they say, fitted on held-out predictions and verdicts.

In: held-out log-odds with labels 0/1. Out: a ``Calibration`` that maps log-odds to probabilities, in one of three kinds:
``none`` (nobody could check: the sigmoid as it stands), ``platt`` (slope and offset) and ``isotonic`` (steps, from
``ISOTONIC_MINIMUM`` labels of each class). The mapping never falls.

Source: Platt (1999), "Probabilistic outputs for support vector machines"; Zadrozny and Elkan (2002).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

#: Labels of each class from which a calibration can be fitted, and from which steps beat a line.
MINIMUM, ISOTONIC_MINIMUM = 20, 200
#: Strength of the belief that log-odds are already right (slope 1, offset 0), as an inverse variance.
_RIDGE = 2.0
_EDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Calibration:
    """A mapping from log-odds to probability.

    Attributes:
        kind: ``none``, ``platt`` or ``isotonic``.
        points: For ``platt`` slope and offset; for ``isotonic`` the log-odds of the steps.
        values: For ``isotonic`` the probabilities at the points.
        error: Standard error of the calibrated log-odds at the centre; null knowledge for ``none`` is 0.
    """

    kind: str
    points: tuple[float, ...] = ()
    values: tuple[float, ...] = ()
    error: float = 0.0

    @property
    def is_calibrated(self) -> bool:
        """Whether anybody could check."""
        return self.kind != "none"


NONE = Calibration("none")


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


def fit(log_odds: Reals, y_true: Reals) -> Calibration:
    """Fit on held-out predictions.

    Args:
        log_odds: Predictions of models that had not seen these sellers' networks.
        y_true: Verdicts, 1 for fraud and 0 for benign.

    Returns:
        ``NONE`` with fewer than ``MINIMUM`` labels of a class.
    """
    rare = int(min(y_true.sum(), (1 - y_true).sum()))
    if rare < MINIMUM:
        return NONE
    if rare >= ISOTONIC_MINIMUM:
        return _isotonic(log_odds, y_true)
    return _platt(log_odds, y_true)


def sigmoid(log_odds: Reals) -> Reals:
    """Probability of log-odds; safe for large numbers."""
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -40, 40))), dtype=np.float64)


def _platt(log_odds: Reals, y_true: Reals) -> Calibration:
    """Newton's method on the penalised likelihood; the slope is held at 0.05 or more, so that order stays."""
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
    centre = np.array([float(log_odds.mean()), 1.0])
    error = float(np.sqrt(centre @ np.linalg.solve(hessian, centre)))
    return Calibration(
        "platt", (max(float(theta[0]), 0.05), float(theta[1])), (), error
    )


def _isotonic(log_odds: Reals, y_true: Reals) -> Calibration:
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
    error = float(
        np.sqrt(
            len(blocks) / (y_true.size * max(y_true.mean() * (1 - y_true.mean()), 1e-6))
        )
    )
    return Calibration(
        "isotonic", points, tuple(float(value) for value in values), error
    )
