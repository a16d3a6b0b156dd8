"""The one place that imports LightGBM and scikit-learn, after telling OpenMP how to wait.

With two OpenMP threads spinning, training beside other work took 41.7 s instead of 1.5; with passive waiting 3.0 s
(measured). The variable is read once, when the library loads, so it is set here and nowhere else. A string or
categorical column aborts the process inside LightGBM: only float32 matrices pass.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from warehouse import errors

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import lightgbm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Reals = NDArray[np.float64]


def train(
    matrix: Floats,
    target: Reals,
    weight: Reals,
    *,
    names: Sequence[str],
    params: Mapping[str, Any],
    rounds: int,
) -> lightgbm.Booster:
    """Fit a booster; same input and parameters, same trees.

    Raises:
        ContractError: the matrix is not float32 or a target lies outside 0–1.
    """
    _check(matrix)
    if target.size and not (target.min() >= 0 and target.max() <= 1):
        message = f"Training target lies in [{target.min()}, {target.max()}], expected 0–1; nothing was trained."
        raise errors.ContractError(message)
    data = lightgbm.Dataset(
        matrix,
        label=target,
        weight=weight,
        feature_name=list(names),
        params=dict(params),
        free_raw_data=True,
    )
    return lightgbm.train(dict(params), data, num_boost_round=rounds)


def text(booster: lightgbm.Booster) -> str:
    """The booster as text; the number of threads is left out, which changes no tree and must change no byte."""
    return re.sub(
        r"^\[num_threads: \d+\]\n", "", booster.model_to_string(), flags=re.MULTILINE
    )


def load(text_of_booster: str) -> lightgbm.Booster:
    """A booster from its text; check the text's digest first, a torn one may abort the process."""
    return lightgbm.Booster(model_str=text_of_booster)


def log_odds(booster: lightgbm.Booster, matrix: Floats, *, num_threads: int) -> Reals:
    """Raw scores, one per row."""
    _check(matrix)
    if not matrix.shape[0]:
        return np.zeros(0, dtype=np.float64)
    return np.asarray(
        booster.predict(matrix, raw_score=True, num_threads=num_threads),
        dtype=np.float64,
    )


def contributions(
    booster: lightgbm.Booster, matrix: Floats, *, num_threads: int
) -> Reals:
    """Log-odds per row and feature (exact TreeSHAP), the base value left out."""
    _check(matrix)
    if not matrix.shape[0]:
        return np.zeros(matrix.shape, dtype=np.float64)
    return np.asarray(
        booster.predict(matrix, pred_contrib=True, num_threads=num_threads),
        dtype=np.float64,
    )[:, :-1]


def linear_machine(*, strength: float, epochs: int, seed: int) -> Any:  # noqa: ANN401  scikit-learn ships no types
    """A linear support vector machine with squared hinge loss, fitted by dual coordinate descent (one thread)."""
    # Imported when asked for: scoring needs LightGBM only, and this takes a second.
    from sklearn import svm  # noqa: PLC0415

    return svm.LinearSVC(C=strength, dual=True, max_iter=epochs, random_state=seed)


def _check(matrix: NDArray[Any]) -> None:
    if matrix.dtype != np.float32 or matrix.ndim != 2:
        message = f"LightGBM takes a float32 matrix here, found {matrix.dtype} with {matrix.ndim} dimensions."
        raise errors.ContractError(message)
