"""Learners of the graph yardstick: boosters and randomised trees over sets of columns of growing width.

In: a table of nodes, its links, labels that may be learned from. Out: log-odds per node. Invariants: a member sees the
labels of its lesson and, to stop, those of ``Stop``, never others; same input and seed, same bytes.

Sets: a node's own numbers with how it is tied in, how like its neighbours it is and what company it keeps (narrow);
neighbours' means over one and two hops (middle); extremes and spread (wide). None is best everywhere: on an invented
graph where only a node's own numbers tell, the wide set costs a sixth of the average precision of the narrow one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from features.positions import hops
from models import learner

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]
    Reals = NDArray[np.float64]

#: Trees at most, trees where nothing can say when to stop, trees of a forest.
ROUNDS, USUAL_ROUNDS, FOREST_TREES = 600, 150, 200
#: Labelled rows up to which randomised trees take part; and up to which boosters take their time.
SMALL, BIG = 30_000, 60_000
#: Rows that one member learns from, or that stop it, at most; the rest are left out at random.
TEACH_LIMIT: Final = 400_000
#: Rows that are answered for at once.
_BLOCK: Final = 250_000
#: Cells of the widest matrix; wider tables keep their narrower sets of columns.
CELL_LIMIT: Final = 600_000_000
_EDGE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Material:
    """Columns of all nodes, those that hang on labels aside."""

    graph: hops.Links
    sets: dict[str, Floats]
    own: int


@dataclass(frozen=True, slots=True)
class Member:
    """One learner: its name, its set of columns (``_WIDTHS``), its kind, parameters and seed."""

    name: str
    columns: str
    is_forest: bool
    params: dict[str, Any]
    seed: int


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a member may learn from: columns, the company columns of the same labels, labels, and rows that have one."""

    material: Material
    near: Floats
    taught: Reals
    seen: Integers


@dataclass(frozen=True, slots=True)
class Stop:
    """Rows that say when boosting stops."""

    label: Reals
    at: Integers


def material(nodes: pl.DataFrame, edges: pl.DataFrame) -> Material:
    """All columns of all nodes that hang on no label; missing and infinite numbers are NaN, and means stand in for them where neighbours are summed."""
    graph = hops.links(nodes["id"], edges)
    numbers = nodes.select(pl.selectors.numeric() | pl.selectors.boolean()).select(
        pl.exclude("id", "label", "split")
    )
    own = np.zeros((nodes.height, 0), dtype=np.float32)
    if numbers.width:
        own = np.ascontiguousarray(
            numbers.select(pl.all().cast(pl.Float32).fill_null(float("nan"))).to_numpy()
        )
        own = np.where(np.isfinite(own), own, np.float32("nan"))
    whole = hops.filled(own)
    mean = hops.means(graph, whole)
    sets = {
        "own": [own, hops.structure(graph), hops.likeness(graph, whole, mean)],
        "means": [mean, hops.means(graph, hops.filled(mean))],
        "extremes": [],
    }
    if graph.is_weighted:
        sets["means"].append(hops.means(graph, whole, is_weighted=True))
    width = sum(part.shape[1] for parts in sets.values() for part in parts)
    if nodes.height * (width + 3 * whole.shape[1]) <= CELL_LIMIT and whole.shape[1]:
        sets["extremes"] = [
            hops.extremes(graph, whole),
            hops.spreads(graph, whole, mean),
        ]
    return Material(
        graph,
        {name: np.concatenate(parts, axis=1) for name, parts in sets.items() if parts},
        own.shape[1],
    )


#: Sets of columns by width.
_WIDTHS: Final = {
    "narrow": ("own",),
    "middle": ("own", "means"),
    "wide": ("own", "means", "extremes"),
}


def members(
    rows: int, positives: int, given: Material, num_threads: int, seed: int
) -> list[Member]:
    """The learners for so many labelled rows and positives; leaves are small where positives are few."""
    rare = min(positives, rows - positives)
    params = {
        "objective": "binary",
        "metric": "average_precision",
        "learning_rate": 0.05 if rows <= BIG else 0.1,
        "num_leaves": 15 if rows <= SMALL else 63,
        "min_data_in_leaf": int(np.clip(rare // 7, 3, 50)),
        "feature_fraction": 0.5,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 5.0,
        "max_bin": 255 if rows <= BIG else 127,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": num_threads,
        "seed": seed,
        "verbosity": -1,
    }
    widths = [
        width
        for width, names in _WIDTHS.items()
        if set(names) <= set(given.sets) and given.own
    ] or ["narrow"]
    out = [
        Member(f"booster, {width}", width, is_forest=False, params=params, seed=seed)
        for width in widths
    ]
    if rows <= SMALL:
        leaf = {"leaf": int(np.clip(rare // 25, 1, 5)), "seed": seed}
        out += [
            Member(
                f"randomised trees, {width}",
                width,
                is_forest=True,
                params=leaf,
                seed=seed,
            )
            for width in widths[:2]
        ]
    return out


def fitted(
    member: Member,
    lesson: Lesson,
    asked: Integers,
    *,
    stop: Stop | None = None,
    rounds: int | None = None,
) -> tuple[Reals, int]:
    """Log-odds for ``asked``, and the rounds; where ``rounds`` is null ``stop`` decides, or the usual number is taken."""
    seen = _sample(lesson.seen, member)

    def columns(at: Integers) -> Floats:
        parts = [lesson.material.sets[name][at] for name in _WIDTHS[member.columns]]
        return np.concatenate([*parts, lesson.near[at]], axis=1)

    target = lesson.taught[seen]
    if member.is_forest:
        forest = learner.forest(trees=FOREST_TREES, **member.params)
        forest.fit(columns(seen), target)
        return log_odds(forest.predict_proba(columns(asked))[:, 1]), FOREST_TREES
    held = _sample(stop.at, member) if stop else seen[:0]
    booster, count = learner.boost(
        columns(seen),
        target,
        params=member.params,
        rounds=rounds or (ROUNDS if stop else USUAL_ROUNDS),
        stop=(columns(held), stop.label[held]) if stop else None,
    )
    found = [
        learner.probabilities(
            booster,
            columns(block),
            rounds=count,
            num_threads=member.params["num_threads"],
        )
        for block in np.array_split(asked, max(1, asked.size // _BLOCK))
    ]
    return log_odds(np.concatenate(found)), count


def log_odds(probability: Reals) -> Reals:
    """Log-odds, kept finite."""
    kept = np.clip(probability, _EDGE, 1 - _EDGE)
    return np.asarray(np.log(kept / (1 - kept)), dtype=np.float64)


def _sample(rows: Integers, member: Member) -> Integers:
    if rows.size <= TEACH_LIMIT:
        return rows
    rng = np.random.default_rng(member.seed)
    return np.sort(rng.choice(rows, TEACH_LIMIT, replace=False))
