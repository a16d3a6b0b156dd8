"""Whether intervals hold what they say: a 90 % interval should hold the truth nine times in ten.

In: labels, probabilities with their intervals, networks. Out: the share of groups whose truth lay inside. One seller is a
scam or is not, so intervals are held against groups of at least ``LEAST`` sellers in the order of the probability; members of
a network stand or fall together, so it lies in one group as a whole.

Two figures, because the plain one says little where scores are near 0 or 1: there the observed share is 0 or 1 and lies
in any interval that comes near. The fair one asks instead where the observed number of scams falls in the distribution that
probability and interval foretell, and counts the part of its probability mass that lies in the central 90 %. It is 0.9 for
a forecaster who is right, near even odds and near certainty alike; less for one who is too sure or wrong; up to 1 for one
whose intervals are too wide.

Source: Czado, Gneiting, Held (2009), "Predictive model assessment for count data", for the non-randomised integral transform.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from models.knowledge import label_model
from models.measures import calibration

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Reals = NDArray[np.float64]

#: Sellers of a group at least; what remains joins the last.
LEAST: Final = 20
#: What a 90 % interval leaves out on either side.
_TAIL: Final = 0.05
#: Points at which the common error of a group is tried (Gauss–Hermite).
_POINTS: Final = 21


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many groups there were, and how many of them, fairly and plainly counted, lay inside."""

    groups: int
    fair: float
    plain: int


def coverage(
    y_true: Reals, y_prob: Reals, low: Reals, high: Reals, network: NDArray[Any]
) -> Coverage:
    """Hold intervals against the truth.

    Args:
        y_true: 1 for scams, 0 for others.
        y_prob: Probabilities.
        low: Lower ends of their 90 % intervals.
        high: Upper ends.
        network: Network of each seller, or the seller itself.

    Returns:
        ``fair``: sum over groups of the mass inside, by a Poisson-binomial count whose log-odds share one normal error as
        wide as the interval. ``plain``: groups whose observed share lies between the mean ends, half a seller allowed.
    """
    if not y_true.size:
        return Coverage(0, 0.0, 0)
    centre = label_model.log_odds(y_prob)
    width = (label_model.log_odds(high) - label_model.log_odds(low)) / 2
    error = width / label_model.Z90
    fair, plain = 0.0, 0
    groups = _groups(y_prob, network)
    for at in groups:
        foretold = _foretold(centre[at], error[at])
        hits = int(y_true[at].sum())
        above = float(foretold[: hits + 1].sum())
        below = above - float(foretold[hits])
        inside = max(0.0, min(above, 1 - _TAIL) - max(below, _TAIL))
        fair += inside / max(above - below, 1e-12)
        share, half = hits / at.size, 0.5 / at.size
        plain += bool(low[at].mean() - half <= share <= high[at].mean() + half)
    return Coverage(len(groups), fair, plain)


def _groups(y_prob: Reals, network: NDArray[Any]) -> list[Integers]:
    """Rows of each group: whole networks in the order of their mean probability."""
    _, inverse, size = np.unique(network, return_inverse=True, return_counts=True)
    mean = np.bincount(inverse, weights=y_prob) / size
    number = np.zeros(size.size, dtype=np.int64)
    current, held = 0, 0
    for one in np.argsort(mean, kind="stable").tolist():
        number[one] = current
        held += int(size[one])
        if held >= LEAST:
            current, held = current + 1, 0
    last = current if held == 0 or current == 0 else current - 1
    group = np.minimum(number, max(last, 0))[inverse]
    return [np.flatnonzero(group == one) for one in np.unique(group)]


def _foretold(centre: Reals, error: Reals) -> Reals:
    """Probability of each number of scams in a group."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(_POINTS)
    count = np.ones((nodes.size, 1))
    nobody = np.zeros((nodes.size, 1))
    for middle, width in zip(centre, error, strict=True):
        one = calibration.sigmoid(middle + nodes * width)[:, None]
        count = np.hstack([count * (1 - one), nobody]) + np.hstack([nobody, count * one])  # fmt: skip
    return np.asarray(weights / weights.sum() @ count, dtype=np.float64)
