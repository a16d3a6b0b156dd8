"""The graph yardstick: production's surroundings and learner on any table of nodes and edges.

In: nodes with a split, labels and numbers; edges. Out: a probability for every node, and what was used. Labels of ``train``
teach; those of ``valid`` only say when boosting stops; those of ``test`` have been replaced by null before. Same input and seed, same bytes, whatever the number of threads.

No member (``models.yardsticks.node_members``) is best everywhere, so each one's weight in the blend is what it is worth on held-out
parts of ``train``, where the labels of those parts are hidden from the columns as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from features.positions import company
from models import evaluate
from models.measures import calibration
from models.yardsticks import node_members

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]
    Reals = NDArray[np.float64]

#: Labels of each kind in ``valid`` from which it may say when to stop.
STOP_MINIMUM: Final = 10
#: Held-out parts of ``train`` that weigh the members; where training takes long, one does.
PARTS: Final = 4
#: How sharply a member's weight falls with its average precision relative to the best.
_SHARPNESS: Final = 6.0


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores and how they came about.

    Attributes:
        probability: One per node.
        used: What was used: rows, columns, members with rounds, held-out figures and weights.
    """

    probability: Reals
    used: dict[str, Any]


def score(
    nodes: pl.DataFrame,
    edges: pl.DataFrame,
    *,
    label: Reals,
    split: NDArray[np.str_],
    seed: int,
    num_threads: int,
    on_progress: Callable[[int, int, str], None] | None = None,
) -> Scored:
    """Score every node.

    Args:
        nodes: ``id``, numeric columns, and others that are not looked at.
        edges: ``src``, ``dst`` and optionally ``weight``.
        label: 1, 0, or NaN where nothing is known; all NaN in ``test``.
        split: ``train``, ``valid`` or ``test`` of each node.
        seed: Of folds, samples and learners.
        num_threads: OpenMP threads; changes no score.
        on_progress: Called with steps done, steps in all, and what is next.

    Raises:
        InputError: an edge has no node, or a weight is none; the row is named.
    """
    report = on_progress or (lambda _done, _total, _note: None)
    train = np.flatnonzero((split == "train") & ~np.isnan(label))
    valid = np.flatnonzero((split == "valid") & ~np.isnan(label))
    taught = np.full(label.size, np.nan)
    taught[train] = label[train]
    used: dict[str, Any] = {
        "nodes": nodes.height,
        "train": int(train.size),
        "train_positives": int(label[train].sum()),
        "valid": int(valid.size),
        "valid_positives": int(label[valid].sum()),
    }
    if np.unique(label[train]).size < 2:
        rate = float(label[train].mean()) if train.size else 0.5
        used["members"] = []
        used["why"] = "train has labels of one class or none: every node gets its share"
        return Scored(np.full(label.size, rate), used)
    report(0, 10, "surroundings")
    material = node_members.material(nodes, edges)
    used |= {
        "edges": material.graph.weight.nnz // 2,
        "columns": {name: part.shape[1] for name, part in material.sets.items()},
    }
    members = node_members.members(
        train.size, int(label[train].sum()), material, num_threads, seed
    )
    parts = _parts(taught, train, seed)
    total = len(members) * (1 + len(parts)) + 1
    done = 1

    def step(note: str) -> None:
        nonlocal done
        report(done, total, note)
        done += 1

    can_stop = _can_stop(label, valid)
    stop = node_members.Stop(label, valid) if can_stop else None
    near = company.company(material.graph, taught, seed=seed)
    everybody = np.arange(label.size)
    log_odds, rounds = [], []
    for member in members:
        step(member.name)
        lesson = node_members.Lesson(material, near, taught, train)
        found, count = node_members.fitted(member, lesson, everybody, stop=stop)
        log_odds.append(found)
        rounds.append(count)
    worth = np.zeros((len(parts), len(members)))
    for number, held in enumerate(parts):
        hidden = taught.copy()
        hidden[held] = np.nan
        seen = np.flatnonzero(~np.isnan(hidden))
        far = company.company(material.graph, hidden, seed=seed + 1 + number)
        for at, member in enumerate(members):
            step(f"{member.name}, held-out part {number + 1}")
            lesson = node_members.Lesson(material, far, hidden, seen)
            found, _ = node_members.fitted(member, lesson, held, rounds=rounds[at])
            worth[number, at] = evaluate.average_precision(label[held], found)
    weights = _weights(worth)
    blended = np.stack(log_odds, axis=1) @ weights
    used["members"] = [
        {
            "member": member.name,
            "rounds": rounds[at],
            "held_out_average_precision": round(float(worth[:, at].mean()), 4)
            if parts
            else None,
            "weight": round(float(weights[at]), 3),
        }
        for at, member in enumerate(members)
    ]
    report(total, total, "done")
    return Scored(calibration.sigmoid(blended), used)


def _can_stop(label: Reals, valid: Integers) -> bool:
    positives = int(label[valid].sum())
    return min(positives, valid.size - positives) >= STOP_MINIMUM


def _parts(taught: Reals, train: Integers, seed: int) -> list[Integers]:
    """Held-out parts of ``train``; none where a class is too rare to be told in each."""
    rare = min(int(taught[train].sum()), int((1 - taught[train]).sum()))
    if rare < 2 * PARTS:
        return []
    fold = company.dealt(taught, train, count=PARTS, seed=seed + 7)
    number = PARTS if train.size <= node_members.BIG else 1
    return [np.flatnonzero(fold == at) for at in range(number)]


def _weights(worth: Reals) -> Reals:
    """Weights of members from their held-out average precision, summing to 1; equal where nothing was held out."""
    if not worth.shape[0]:
        return np.full(worth.shape[1], 1 / worth.shape[1])
    mean = worth.mean(axis=0)
    weight = (mean / max(float(mean.max()), 1e-9)) ** _SHARPNESS
    return np.asarray(weight / weight.sum(), dtype=np.float64)
