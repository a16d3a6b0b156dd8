"""What bylines tell beyond the text: weights of runs of accounts' names and of verifications, for ``fit_reading``.

In: annotated posts with the log-odds of their texts, read by weights that were learned from other writers. Out: rows of
``features.speech.bylines``: a softmax regression on top of these odds, so that a name only adds what the text does not say itself.
Posts that a complaint form or a public account decides are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import optimize, sparse, special

from features import stance
from features.speech import bylines
from tests.harness import annotated, posts
from tests.harness.fitting import material

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Penalty of the squared weights, of writers left out as good as 1 and 10 within chance.
PENALTY = 3.0
#: Names in which a run has to stand, and hundredths of log-odds below which it is left out.
LEAST_NAMES, LEAST = 3, 5
#: Most that a verification counts: writers give it to honest accounts, and whoever pays gets it on some platforms.
MOST_OF_VERIFIED = 0.7
Array = np.ndarray[Any, Any]


def told(known: material.Material) -> tuple[Array, list[str], list[str]]:
    """Rows of material that bylines are learned from, and the name and verification of each."""
    by_id = {f"written {post['id']}": post for post in posts.voiced()}
    rows, names, verified = [], [], []
    for row, group in enumerate(known.groups):
        post = by_id.get(group)
        author = (post or {}).get("author") or {}
        kind = author.get("verified") or "none"
        if post is None or annotated.kind_of(post) == "complaint" or kind in stance.PUBLIC:  # fmt: skip
            continue
        rows.append(row)
        names.append(author.get("name") or "")
        verified.append(kind)
    return np.array(rows), names, verified


def keys_of(names: Sequence[str], verified: Sequence[str]) -> list[str]:
    """Keys of the table that enough bylines show."""
    shown = [bylines.masked(name) for name in names]
    runs = material.runs_of(shown, least=LEAST_NAMES, longest=bylines.LONGEST)
    return runs + [bylines.VERIFIED + kind for kind in sorted(set(verified))]


def values_of(
    keys: Sequence[str], names: Sequence[str], verified: Sequence[str]
) -> sparse.csr_matrix:
    """A row for each byline, what each key counts in it."""
    number = {key: place for place, key in enumerate(keys)}
    shown = [bylines.masked(name) for name in names]
    weight = bylines.weight_of(np.array([len(one) for one in shown]))
    rows, columns, counts = [], [], []
    for row, (name, kind) in enumerate(zip(shown, verified, strict=True)):
        found = {number[run] for run in material.inside(name, bylines.LONGEST) if run in number}  # fmt: skip
        told = [(column, weight[row]) for column in sorted(found)]
        told += [(number[bylines.VERIFIED + kind], 1.0)] if bylines.VERIFIED + kind in number else []  # fmt: skip
        for column, count in told:
            rows.append(row)
            columns.append(column)
            counts.append(count)
    return sparse.csr_matrix((counts, (rows, columns)), shape=(len(shown), len(keys)))


def weights_of(
    keys: Sequence[str], values: sparse.csr_matrix, odds: Array, truth: Array
) -> Array:
    """What each key adds to the log-odds of each stance, in addition to what texts say."""
    size, count = values.shape[1], odds.shape[1]
    most = [MOST_OF_VERIFIED if len(key) > bylines.LONGEST else np.inf for key in keys]

    def loss(point: Array) -> tuple[float, Array]:
        weights = point.reshape(size, count)
        chance = special.softmax(odds + values @ weights, axis=1)
        right = chance[np.arange(len(truth)), truth]
        total = -np.log(right + 1e-12).sum() + PENALTY * (weights**2).sum() / 2
        chance[np.arange(len(truth)), truth] -= 1
        return float(total), (values.T @ chance + PENALTY * weights).ravel()

    found = optimize.minimize(
        loss,
        np.zeros(size * count),
        jac=True,
        method="L-BFGS-B",
        bounds=[(-one, one) for one in most for _ in range(count)],
        options={"maxiter": 200},
    )
    weights: Array = found.x.reshape(size, count)
    return weights


def lines(known: material.Material, odds: Array) -> list[str]:
    """The table as it is written, fitted on all posts.

    Args:
        known: From ``material.material``.
        odds: Log-odds of its texts, each read by weights learned from others.

    Returns:
        Lines of the file.
    """
    rows, names, verified = told(known)
    keys = keys_of(names, verified)
    weights = weights_of(keys, values_of(keys, names, verified), odds[rows], known.truth[rows])  # fmt: skip
    listed = [
        "# What accounts' names and verifications add to log-odds, in hundredths; read by features/speech/bylines.py, written by tests/harness/fit_reading.py.",
        f"# run <tab> {' '.join(stance.STANCES)}; fitted on {len(rows)} posts",
    ]
    for key, row in sorted(zip(keys, np.round(100 * weights).astype(int), strict=True), key=lambda one: one[0]):  # fmt: skip
        if np.abs(row).max() >= LEAST:
            listed.append(f"{key}\t{' '.join(map(str, row.tolist()))}")
    return listed


def check(known: material.Material, odds: Array, folds: Array) -> tuple[float, float]:
    """Shares of posts read right without and with bylines, by writers that neither text nor byline was learned from."""
    rows, names, verified = told(known)
    added = np.zeros((len(rows), odds.shape[1]))
    for fold in np.unique(folds[rows]):
        out = folds[rows] == fold
        shown = [one for one, is_out in zip(names, out, strict=True) if not is_out]
        kinds = [one for one, is_out in zip(verified, out, strict=True) if not is_out]
        keys = keys_of(shown, kinds)
        values = values_of(keys, names, verified)
        weights = weights_of(
            keys, values[~out], odds[rows][~out], known.truth[rows][~out]
        )
        added[out] = np.clip(values[out] @ weights, -bylines.MOST, bylines.MOST)
    truth = known.truth[rows]
    plain, told_so = odds[rows], odds[rows] + added
    return (
        float((plain.argmax(axis=1) == truth).mean()),
        float((told_so.argmax(axis=1) == truth).mean()),
    )
