"""Log-ratios of words between classes, out of fold: the linear model behind both uses of wording.

In: which grams each text holds, soft classes, folds. Out: per text and class the summed log-ratio of its grams as learned
from the other folds, over the root of their number, and the share of its grams that the other folds know. Closed form:
one sparse product per fold, the same bytes on every machine with the same libraries.

Source: Wang and Manning (2012), "Baselines and bigrams: simple, good sentiment and topic classification".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

FOLDS = 5
#: Occurrences added to both sides of a ratio, the least texts that a gram occurs in, and the largest single weight.
_SMOOTH, _COMMON, _LIMIT = 0.1, 2.0, 3.0


@dataclass(frozen=True, slots=True)
class Found:
    """What wording says.

    Attributes:
        ratios: Text × class.
        shared: Per text the share of its grams that texts of other folds hold, 0–1.
    """

    ratios: Reals
    shared: Reals


def folds(groups: Sequence[str]) -> NDArray[np.int64]:
    """A fold per group, by its digest: texts of one author or network never teach each other."""
    return np.array(
        [
            hashlib.blake2b(group.encode(), digest_size=8).digest()[0] % FOLDS
            for group in groups
        ],
        dtype=np.int64,
    )


def out_of_fold(
    present: Any,  # noqa: ANN401  SciPy ships no types
    classes: Reals,
    fold: NDArray[np.int64],
) -> Found:
    """Learn from all folds but a text's own, and say it of the text.

    Args:
        present: Text × run (``grams.buckets``).
        classes: Text × class, shares of belief; a row of zeros teaches nothing.
        fold: Fold of each text, any number of them.
    """
    size = np.asarray(present.sum(axis=1), dtype=np.float64).ravel() + 1.0
    rows_of = [np.flatnonzero(fold == number) for number in np.unique(fold)]
    counts = [
        (present[rows].T @ classes[rows].astype(np.float32)).astype(np.float64)
        for rows in rows_of
    ]
    masses = [classes[rows].sum(axis=0) for rows in rows_of]
    whole, mass = np.sum(counts, axis=0), np.sum(masses, axis=0)
    ratios, shared = np.zeros_like(classes), np.zeros(classes.shape[0])
    for rows, own_count, own_mass in zip(rows_of, counts, masses, strict=True):
        seen, weight = whole - own_count, mass - own_mass
        both, total = seen.sum(axis=1, keepdims=True), weight.sum()
        here = (np.maximum(seen, 0) + _SMOOTH) / (weight + 2 * _SMOOTH)
        # Sums in float32 may leave a little less than nothing.
        there = (np.maximum(both - seen, 0) + _SMOOTH) / (total - weight + 2 * _SMOOTH)
        # Sums of shares in float32 fall a little short of the whole number.
        common = both >= _COMMON - 1e-3
        table = (
            np.clip(np.log(here / np.maximum(there, 1e-12)), -_LIMIT, _LIMIT) * common
        )
        found = present[rows] @ np.hstack([table, common]).astype(np.float32)
        # Grams overlap, so their evidence grows with the root of their number rather than with it.
        ratios[rows] = found[:, :-1] / np.sqrt(size[rows])[:, None]
        shared[rows] = found[:, -1] / size[rows]
    return Found(ratios, shared)
