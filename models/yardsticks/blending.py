"""Putting members together: how sharp, how far trusted, and whether rare classes are helped; chosen on held-out rows.

In: margins or probabilities, rows × classes, of rows that the members had not seen, and their classes. Out: numbers to
apply to others. Ties go to the plainer choice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]
    Reals = NDArray[np.float64]

#: Trust in the second member, powers of class shares that are divided out, and the gain from which such help is believed.
TRUSTS: Final = (0.0, 0.25, 0.5, 0.75, 1.0)
HELPS: Final = (0.0, 0.15, 0.3)
_BELIEVED: Final = 0.002
_SHARPNESS: Final = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
_EDGE: Final = 1e-6


def sharpness(margin: Reals, target: Integers) -> float:
    """What margins are multiplied with so that their softmax is the likeliest on held-out rows."""
    rows = np.arange(target.size)
    return max(
        _SHARPNESS,
        key=lambda one: float(
            np.log(np.maximum(softmax(margin * one)[rows, target], _EDGE)).mean()
        ),
    )


def softmax(margin: Reals) -> Reals:
    """Shares that grow with the margins; rows sum to 1."""
    grown = np.exp(margin - margin.max(axis=1, keepdims=True))
    return np.asarray(grown / grown.sum(axis=1, keepdims=True), dtype=np.float64)


def helped(probability: Reals, share: Reals, power: float) -> Reals:
    """Probabilities with the classes' shares divided out to a power."""
    raised = probability / np.maximum(share, _EDGE) ** power
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)


def trust(linear: Reals, boosted: Reals, target: Integers) -> float:
    """How far the booster is trusted, by held-out figures; near equals go to the middle."""

    def worth(one: float) -> float:
        return figure((1 - one) * linear + one * boosted, target)

    return max(TRUSTS, key=lambda one: (worth(one), -abs(one - 0.5)))


def help_for_rare(probability: Reals, share: Reals, target: Integers) -> float:
    """The power of their shares that is divided out of classes, by held-out figures; none of two classes and where the gain is small."""
    if share.size == 2:
        return 0.0

    def worth(power: float) -> float:
        return figure(helped(probability, share, power), target)

    power = max(HELPS, key=lambda one: (worth(one), -one))
    return power if worth(power) - worth(0.0) > _BELIEVED else 0.0


def figure(outputs: Reals, target: Integers) -> float:
    """What is chosen by: accuracy, with many classes its mean with macro-F1."""
    found = outputs.argmax(axis=1)
    accuracy = float((found == target).mean())
    if outputs.shape[1] == 2:
        return accuracy
    return (accuracy + macro_f1(found, target)) / 2


def figures(outputs: Reals, target: Integers) -> dict[str, float]:
    """Accuracy and macro-F1 of the likeliest classes, to be told."""
    found = outputs.argmax(axis=1)
    return {
        "accuracy": round(float((found == target).mean()), 4),
        "macro_f1": round(macro_f1(found, target), 4),
    }


def macro_f1(found: Integers, target: Integers) -> float:
    """Mean over the classes of the targets of 2·hits / (answers + members)."""
    scores = [
        2.0
        * float(((found == one) & (target == one)).sum())
        / float((found == one).sum() + (target == one).sum())
        for one in np.unique(target)
    ]
    return float(np.mean(scores)) if scores else 0.0
