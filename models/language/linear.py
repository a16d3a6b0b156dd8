"""The linear machine: a support vector machine over the runs of characters and words in texts.

In: texts and the class of each. Out: a ``Linear`` (vocabularies, weights) that gives any text a margin, positive where class
1 is the likelier. Same input and seed, same bytes. It needs classes that somebody has decided on: of what rules believe
(``kindred``) it makes no better ranking than log-ratios (``ratios``), at fifty times their cost.

Five views beat the best single one by half a point of accuracy on 14,448 spam messages (94.9 → 95.4 %, measured).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import sparse

from features.texts import grams
from models import learner
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]
    Reals = NDArray[np.float64]

#: Inverse strength of regularisation; the best of 0.1–2 on two public sets of Chinese spam (docs/benchmarks.md).
STRENGTH: Final = 0.5
#: Runs that are kept of each view.
VOCABULARY_LIMIT: Final = 1 << 19
#: Epochs of coordinate descent; what has not converged by then ranks no worse (measured on both sets).
_EPOCHS: Final = 300


@dataclass(frozen=True, slots=True)
class Rows:
    """Texts as counts of runs, one CSR matrix per view; made once, sliced for every fold."""

    count: int
    keys: Mapping[str, NDArray[np.uint64]]
    counts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Linear:
    """A fitted machine.

    Attributes:
        vocabularies: View → its runs.
        weight: Runs of all views, in the order of ``grams.VIEWS``, × outputs: one for two classes, else one per class.
        bias: One per output.
    """

    vocabularies: Mapping[str, grams.Vocabulary]
    weight: Floats
    bias: Floats


def rows(
    texts: Sequence[str | None],
    *,
    keys: Mapping[str, NDArray[np.uint64]] | None = None,
    limit: int = VOCABULARY_LIMIT,
) -> Rows:
    """Count the runs of texts.

    Args:
        texts: One per row; null is an empty text.
        keys: The runs to count, by view; null takes those that at least two of these texts hold.
        limit: Runs at most, by view, where ``keys`` is null.
    """
    seen = grams.views(texts)
    found_keys, counts = {}, {}
    for view in grams.VIEWS:
        found = grams.grams(seen[view.name], view)
        known = (
            grams.known_keys(found, limit=limit) if keys is None else keys[view.name]
        )
        found_keys[view.name] = known
        counts[view.name] = grams.counts(found, known)
    return Rows(len(texts), found_keys, counts)


def fit(
    given: Rows,
    at: Integers,
    target: Integers,
    *,
    strength: float = STRENGTH,
    seed: int,
) -> Linear:
    """Fit on some of the rows; vocabulary and document frequencies are of those rows alone.

    Args:
        given: All rows.
        at: Rows to learn from.
        target: Class of each of those rows, 0 to classes − 1, at least two different.
        strength: Inverse strength of regularisation.
        seed: Of the order in which rows are visited.

    Raises:
        ContractError: fewer than two classes.
    """
    if np.unique(target).size < 2:
        message = f"The linear machine needs texts of two classes, found {np.unique(target).size} in {target.size} rows; nothing was trained."
        raise errors.ContractError(message)
    vocabularies, blocks = {}, []
    for view in grams.VIEWS:
        counts = given.counts[view.name][at]
        is_kept = np.bincount(counts.indices, minlength=counts.shape[1]) >= 2
        counts = counts[:, np.flatnonzero(is_kept)]
        idf = grams.idf(counts)
        vocabularies[view.name] = grams.Vocabulary(given.keys[view.name][is_kept], idf)
        blocks.append(grams.weighed(counts, idf))
    machine = _machine(_joined(blocks), target, strength, seed)
    return Linear(
        vocabularies,
        np.ascontiguousarray(machine.coef_.T, dtype=np.float32),
        np.asarray(machine.intercept_, dtype=np.float32),
    )


def _machine(
    matrix: Any,  # noqa: ANN401  SciPy and scikit-learn ship no types
    target: Integers,
    strength: float,
    seed: int,
) -> Any:  # noqa: ANN401
    machine = learner.linear_machine(strength=strength, epochs=_EPOCHS, seed=seed)
    # Filters are the process's: fit from one thread.
    with warnings.catch_warnings():
        # "Liblinear failed to converge": see _EPOCHS.
        warnings.filterwarnings("ignore", message="Liblinear failed to converge")
        # Names of which each stands once or twice are names all the same.
        warnings.filterwarnings("ignore", message="The number of unique classes is")
        machine.fit(matrix, target)
    return machine


def margins(model: Linear, given: Rows, at: Integers | None = None) -> Reals:
    """Signed distances, rows × outputs.

    Args:
        model: A fitted machine.
        given: Rows over the model's runs or a superset of them.
        at: Which of them; null is all.
    """
    blocks = []
    for view in grams.VIEWS:
        known = model.vocabularies[view.name]
        counts = given.counts[view.name]
        counts = counts if at is None else counts[at]
        keys = given.keys[view.name]
        if not np.array_equal(keys, known.key):
            counts = counts[:, np.searchsorted(keys, known.key)]
        blocks.append(grams.weighed(counts, known.idf))
    found = _joined(blocks) @ model.weight + model.bias
    return np.asarray(found, dtype=np.float64)


def _joined(blocks: list[Any]) -> Any:  # noqa: ANN401
    joined = sparse.hstack(blocks, format="csr")
    joined.indices = joined.indices.astype(np.int32)
    joined.indptr = joined.indptr.astype(np.int32)
    return joined
