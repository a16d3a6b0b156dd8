"""The one place that imports LightGBM and scikit-learn, when they are needed and after telling OpenMP how to wait.

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

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

    import lightgbm
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Reals = NDArray[np.float64]


class RefusedError(Exception):
    """LightGBM ended a training with an error of its own."""


def _library() -> ModuleType:
    """LightGBM, when there is something to train or to score with.

    With what it imports (scikit-learn, SciPy's statistics) it takes two seconds of processor time, and a night that is scored
    by rules, as every first one is, needs none of it.
    """
    import lightgbm  # noqa: PLC0415

    return lightgbm


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
        RefusedError: LightGBM found the data or the parameters unfit.
    """
    _check(matrix)
    if target.size and not (target.min() >= 0 and target.max() <= 1):
        message = f"Training target lies in [{target.min()}, {target.max()}], expected 0–1; nothing was trained."
        raise errors.ContractError(message)
    data = _library().Dataset(
        matrix,
        label=target,
        weight=weight,
        feature_name=list(names),
        params=dict(params),
        free_raw_data=True,
    )
    try:
        booster: lightgbm.Booster = _library().train(
            dict(params), data, num_boost_round=rounds
        )
    except _library().basic.LightGBMError as error:
        raise RefusedError(str(error)) from error
    return booster


def boost(
    matrix: Floats,
    target: Reals,
    *,
    params: Mapping[str, Any],
    rounds: int,
    stop: tuple[Floats, Reals] | None = None,
    patience: int = 60,
) -> tuple[lightgbm.Booster, int]:
    """Fit a booster of any objective, stopped where held-out rows no longer gain.

    Args:
        matrix: Rows to learn from.
        target: Their targets: 0/1, or classes from 0 on for ``multiclass``.
        params: LightGBM's; ``metric`` decides when to stop.
        rounds: Trees at most.
        stop: Matrix and targets of the rows that stop it; null trains all rounds.
        patience: Rounds without gain after which it stops.

    Returns:
        The booster and the number of its rounds that are worth using (at least 1).

    Raises:
        ContractError: a matrix is not float32.
    """
    _check(matrix)
    data = _library().Dataset(matrix, label=target, params=dict(params))
    if stop is None:
        return _library().train(dict(params), data, num_boost_round=rounds), rounds
    _check(stop[0])
    held = _library().Dataset(stop[0], label=stop[1], reference=data)
    booster = _library().train(
        dict(params),
        data,
        num_boost_round=rounds,
        valid_sets=[held],
        callbacks=[_library().early_stopping(patience, verbose=False)],
    )
    return booster, max(int(booster.best_iteration), 1)


def probabilities(
    booster: lightgbm.Booster, matrix: Floats, *, rounds: int, num_threads: int
) -> Reals:
    """Probabilities by the first ``rounds`` rounds: rows, or rows × classes for ``multiclass``."""
    _check(matrix)
    return np.asarray(
        booster.predict(matrix, num_iteration=rounds, num_threads=num_threads),
        dtype=np.float64,
    )


def text(booster: lightgbm.Booster) -> str:
    """The booster as text; the number of threads is left out, which changes no tree and must change no byte."""
    return re.sub(
        r"^\[num_threads: \d+\]\n", "", booster.model_to_string(), flags=re.MULTILINE
    )


def load(text_of_booster: str) -> lightgbm.Booster:
    """A booster from its text; check the text's digest first, a torn one may abort the process."""
    booster: lightgbm.Booster = _library().Booster(model_str=text_of_booster)
    return booster


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

    # A tolerance of 1e-4 takes twice as long for the same answers (measured on 14 classes); 0.1 loses half a point.
    return svm.LinearSVC(
        C=strength, dual=True, max_iter=epochs, random_state=seed, tol=0.01
    )


def forest(*, trees: int, leaf: int, seed: int) -> Any:  # noqa: ANN401
    """Extremely randomised trees; one thread, because threads add up votes in any order."""
    from sklearn import ensemble  # noqa: PLC0415

    return ensemble.ExtraTreesClassifier(
        trees, min_samples_leaf=leaf, max_features=0.2, n_jobs=1, random_state=seed
    )


def _check(matrix: NDArray[Any]) -> None:
    if matrix.dtype != np.float32 or matrix.ndim != 2:
        message = f"LightGBM takes a float32 matrix here, found {matrix.dtype} with {matrix.ndim} dimensions."
        raise errors.ContractError(message)
