"""The linear member: a support vector machine over the runs of characters and words in texts.

In: texts, labels, groups. Out: a ``Linear`` (vocabularies, weights) that gives any text a margin, positive where class 1
is the likelier; and held-out margins for the texts it is trained on, so that another learner may take them as a feature
without seeing its own label. Kept as plain arrays (``.npz``), never pickle. Same input and seed, same bytes.

Five views beat the best single one by half a point of accuracy on 14,448 spam messages (94.9 → 95.4 %, measured).
"""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import sparse

from features import grams
from models import dataset, learner
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import polars as pl
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]
    Reals = NDArray[np.float64]

#: Inverse strength of regularisation; the best of 0.1–2 on two public sets of Chinese spam (docs/benchmarks.md).
STRENGTH: Final = 0.5
#: Folds of the held-out margins.
FOLDS: Final = 5
#: Runs that are kept of each view; 2^17 keep a bundle's state under 12 MB.
VOCABULARY_LIMIT: Final = 1 << 17
#: Epochs of coordinate descent; what has not converged by then ranks no worse (measured on both sets).
_EPOCHS: Final = 300
_SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Rows:
    """Texts as counts of runs, one CSR matrix per view; made once, sliced for every fold."""

    count: int
    keys: Mapping[str, NDArray[np.uint64]]
    counts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Linear:
    """A fitted member.

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
    weight: Reals | None = None,
    strength: float = STRENGTH,
    seed: int,
) -> Linear:
    """Fit on some of the rows; vocabulary and document frequencies are of those rows alone.

    Args:
        given: All rows.
        at: Rows to learn from.
        target: Class of each of those rows, 0 to classes − 1, at least two different.
        weight: How much each of them counts; null is 1.
        strength: Inverse strength of regularisation.
        seed: Of the order in which rows are visited.

    Raises:
        ContractError: fewer than two classes.
    """
    if np.unique(target).size < 2:
        message = f"The linear member needs texts of two classes, found {np.unique(target).size} in {target.size} rows; nothing was trained."
        raise errors.ContractError(message)
    vocabularies, blocks = {}, []
    for view in grams.VIEWS:
        counts = given.counts[view.name][at]
        is_kept = np.bincount(counts.indices, minlength=counts.shape[1]) >= 2
        counts = counts[:, np.flatnonzero(is_kept)]
        idf = grams.idf(counts)
        vocabularies[view.name] = grams.Vocabulary(given.keys[view.name][is_kept], idf)
        blocks.append(grams.weighed(counts, idf))
    machine = _machine(_joined(blocks), target, weight, strength, seed)
    return Linear(
        vocabularies,
        np.ascontiguousarray(machine.coef_.T, dtype=np.float32),
        np.asarray(machine.intercept_, dtype=np.float32),
    )


def _machine(
    matrix: Any,  # noqa: ANN401  SciPy and scikit-learn ship no types
    target: Integers,
    weight: Reals | None,
    strength: float,
    seed: int,
) -> Any:  # noqa: ANN401
    machine = learner.linear_machine(strength=strength, epochs=_EPOCHS, seed=seed)
    # Filters are the process's: fit from one thread.
    with warnings.catch_warnings():
        # "Liblinear failed to converge": see _EPOCHS.
        warnings.filterwarnings("ignore", message="Liblinear failed to converge")
        machine.fit(matrix, target, sample_weight=weight)
    return machine


def margins(model: Linear, given: Rows, at: Integers | None = None) -> Reals:
    """Signed distances, rows × outputs.

    Args:
        model: A fitted member.
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


def scores(model: Linear, texts: Sequence[str | None]) -> Reals:
    """Margins of any texts, by a member of two classes; null or empty ones get what every text shares, the bias."""
    keys = {name: known.key for name, known in model.vocabularies.items()}
    return margins(model, rows(texts, keys=keys))[:, 0]


def oof_scores(
    texts: Sequence[str | None],
    labels: Reals,
    groups: pl.Series,
    seed: int,
) -> tuple[Reals, Linear | None]:
    """Held-out margins for every text, and the member fitted on all of them.

    Args:
        texts: One per row.
        labels: Probability or verdict 0–1 of each, NaN where nothing is known. What leans to 1 is learned as 1, and
            the reverse, with the weight ``|2·label − 1|``; 0.5 teaches nothing.
        groups: What must not be torn apart, such as the network: texts of one group are never scored by a member that
            has seen another of them.
        seed: Of folds and fitting.

    Returns:
        Margins, one per row, and the member; zeros and null where a class is missing outside some fold, so that nothing
        can be held out.
    """
    weight = np.nan_to_num(np.abs(2 * labels - 1))
    target = (np.nan_to_num(labels) > 0.5).astype(np.int64)
    teaches = weight > 0
    given = rows(texts)
    fold = dataset.folds(groups, count=FOLDS, seed=seed)
    found = np.zeros(len(texts), dtype=np.float64)
    for number, is_held in _parts(fold):
        at = np.flatnonzero(teaches & ~is_held)
        if np.unique(target[at]).size < 2:
            return np.zeros(len(texts), dtype=np.float64), None
        model = fit(given, at, target[at], weight=weight[at], seed=seed + number)
        held = np.flatnonzero(is_held)
        found[held] = margins(model, given, held)[:, 0]
    at = np.flatnonzero(teaches)
    if np.unique(target[at]).size < 2:
        return np.zeros(len(texts), dtype=np.float64), None
    return found, fit(given, at, target[at], weight=weight[at], seed=seed)


def _parts(fold: Integers) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    for number in np.unique(fold):
        yield int(number), fold == number


def dump(model: Linear) -> bytes:
    """The member as the bytes of an ``.npz`` file; equal members give equal bytes."""
    arrays: dict[str, Any] = {
        "schema": np.asarray([_SCHEMA]),
        "weight": model.weight,
        "bias": model.bias,
    }
    for name, known in model.vocabularies.items():
        arrays[f"{name}.key"], arrays[f"{name}.idf"] = known.key, known.idf
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def load(content: bytes) -> Linear:
    """A member from the bytes of ``dump``; check the digest of the file first.

    Raises:
        ContractError: not such bytes, or of another schema version or other views.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        schema = arrays["schema"].tolist()
        vocabularies = {
            view.name: grams.Vocabulary(
                arrays[f"{view.name}.key"], arrays[f"{view.name}.idf"]
            )
            for view in grams.VIEWS
        }
        model = Linear(vocabularies, arrays["weight"], arrays["bias"])
    except (EOFError, KeyError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise _refusal(str(error)) from error
    if schema != [_SCHEMA]:
        raise _refusal(str(schema))
    return model


def _refusal(reason: str) -> errors.ContractError:
    return errors.ContractError(
        f"Linear text member refused: expected an .npz of schema version {_SCHEMA} with the views of features/grams.py, found {reason}. Train a new bundle."
    )
