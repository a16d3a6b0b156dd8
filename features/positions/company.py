"""What is known of a node's company: labels of others within reach, never its own.

In: a graph and labels of some nodes. Out: float32 columns per node. Invariants: a node's columns do not depend on its
own label (the rate of all labels aside), and the columns of nodes that a learner is trained on are made like those of all others: the labelled nodes are
dealt into folds, and the labels of a node's own fold are hidden from it. Leaving out only the node's own label would
write that label into the column wherever many nodes have the same neighbours (what is left over gives it away).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from features.positions import hops

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]
    Reals = NDArray[np.float64]

#: Columns.
COLUMNS: Final = (
    "positive_neighbours",
    "known_neighbours",
    "neighbour_rate",
    "two_hop_rate",
    "walk_rate",
    "walk_positives",
)
#: Folds of the labelled nodes.
FOLDS: Final = 5
#: Numbers of one kind that are worked out at once: 160 MB.
MOST_CELLS: Final = 20_000_000
#: Share that goes on at each step of a walk, and steps.
_DAMPING, _STEPS = 0.85, 8
#: Known neighbours that the overall rate counts as, over one hop, two hops and walks.
_BELIEF: Final = (1.0, 0.2, 0.05)


def company(graph: hops.Links, label: Reals, *, seed: int) -> Floats:
    """Labels within reach.

    Args:
        graph: The graph.
        label: 1, 0, or NaN where nothing is known; only 0 and 1 among the known ones.
        seed: Of the folds.

    Returns:
        Nodes × ``COLUMNS``: positive and known neighbours as counts, rates pulled towards the overall rate by
        ``_BELIEF``, and what walks with damping carry over from positives.
    """
    known = np.flatnonzero(~np.isnan(label))
    fold = dealt(label, known, count=FOLDS, seed=seed)
    rate = float(label[known].mean()) if known.size else 0.0
    ones = graph.ones.astype(np.float64)
    out = np.empty((label.size, len(COLUMNS)), dtype=np.float32)
    # What each fold's nodes may know: all labels but those of the fold; of fold -1, who have none to hide, all.
    views = [
        (fold == number, known[fold[known] != number]) for number in range(-1, FOLDS)
    ]
    together = max(1, MOST_CELLS // max(1, 2 * label.size))
    for at in range(0, len(views), together):
        some = views[at : at + together]
        found = _reached(graph, ones, label, [seen for _, seen in some], rate)
        for (asking, _), columns in zip(some, found, strict=True):
            out[asking] = columns[asking]
    return out


def dealt(label: Reals, known: Integers, *, count: int, seed: int) -> Integers:
    """Fold of each known node, as many of each label in every fold as can be; −1 for all others."""
    fold = np.full(label.size, -1, dtype=np.int64)
    rng = np.random.default_rng(seed)
    for value in np.unique(label[known]):
        members = rng.permutation(known[label[known] == value])
        fold[members] = np.arange(members.size) % count
    return fold


def _reached(
    graph: hops.Links,
    ones: Any,  # noqa: ANN401  SciPy ships no types
    label: Reals,
    views: list[Integers],
    rate: float,
) -> list[Floats]:
    """The columns when only the labels of one of ``views`` are known, for each.

    All at once, because what takes time is to fetch the links: six views of 1.8 million links took 1.2 s one by one and 0.5 s together.
    """
    share = (1 / np.maximum(graph.degree, 1))[:, None]
    start = np.zeros((label.size, 2 * len(views)))
    for number, seen in enumerate(views):
        start[seen, 2 * number] = label[seen]
        start[seen, 2 * number + 1] = 1.0
    one = ones @ start
    # Walks of two steps that come back carry the node's own label.
    two = ones @ (share * one) - start * (ones @ share)
    walk, step = np.zeros_like(start), start
    for _ in range(_STEPS):
        step = ones @ (step * share) * _DAMPING
        walk += step
    out = []
    for number in range(len(views)):
        pair = slice(2 * number, 2 * number + 2)
        near, far, reached = one[:, pair], two[:, pair], walk[:, pair]
        columns = [
            near[:, 0],
            near[:, 1],
            *(
                _rate(some, rate, belief)
                for some, belief in zip((near, far, reached), _BELIEF, strict=True)
            ),
            reached[:, 0],
        ]
        out.append(np.stack(columns, axis=1).astype(np.float32))
    return out


def _rate(reached: Any, rate: float, belief: float) -> Reals:  # noqa: ANN401
    found = np.maximum(reached, 0.0)
    return np.asarray(
        (found[:, 0] + belief * rate) / (found[:, 1] + belief), dtype=np.float64
    )
