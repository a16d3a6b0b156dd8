"""The graph yardstick: production's surroundings and learner on any table of nodes and edges.

In: nodes with a split, labels and numbers; edges. Out: a probability for every node, and what was used. Labels of ``train``
teach; those of ``valid`` only say when boosting stops; those of ``test`` are replaced by null before anything is made of
the table. Same input and seed, same bytes, whatever the number of threads.

Members are boosters and randomised trees over three sets of columns of growing width: own numbers with how a node is
tied in, how like its neighbours it is and what company it keeps; then neighbours' means over one and two hops; then
extremes and spread. No set is best everywhere (docs/benchmarks.md), so each member's weight in the blend is what it is
worth on held-out parts of ``train``, where the labels of those parts are hidden from the columns as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from features import company, hops
from models import calibration, evaluate, learner
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]
    Reals = NDArray[np.float64]

SPLITS: Final = ("train", "valid", "test")
#: Trees at most, and trees where nothing can say when to stop.
ROUNDS, USUAL_ROUNDS = 600, 150
#: Positives of ``valid`` from which it may say when to stop.
STOP_MINIMUM: Final = 10
#: Held-out parts of ``train`` that weigh the members; from ``BIG`` labelled rows on one part does.
PARTS, BIG = 4, 60_000
#: Labelled rows that one member learns from at most; the rest are left out at random.
TEACH_LIMIT: Final = 400_000
FOREST_TREES: Final = 200
#: Labelled rows up to which randomised trees take part, and boosters of several seeds.
SMALL: Final = 30_000
#: Cells of the widest matrix; wider tables keep their narrower sets of columns.
CELL_LIMIT: Final = 600_000_000
#: How sharply a member's weight falls with its average precision relative to the best.
_SHARPNESS: Final = 6.0
_EDGE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores and how they came about.

    Attributes:
        probability: One per node.
        used: What was used: rows, columns, members with rounds, held-out figures and weights.
    """

    probability: Reals
    used: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Material:
    """Columns of all nodes, those that hang on labels aside."""

    graph: hops.Links
    sets: dict[str, Floats]
    own: int


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    columns: str
    is_forest: bool
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What a member may learn from: columns, the company columns of the same labels, labels, and rows that have one."""

    material: _Material
    near: Floats
    taught: Reals
    seen: Integers


@dataclass(frozen=True, slots=True)
class _Stop:
    """Rows that say when boosting stops."""

    label: Reals
    at: Integers


def score(
    nodes: pl.DataFrame,
    edges: pl.DataFrame,
    *,
    seed: int,
    num_threads: int,
    on_progress: Callable[[int, int, str], None] | None = None,
) -> Scored:
    """Score every node.

    Args:
        nodes: ``id``, ``split``, ``label`` (0, 1 or null) and numeric columns; others have no place here.
        edges: ``src``, ``dst`` and optionally ``weight``.
        seed: Of folds, samples and learners.
        num_threads: OpenMP threads; changes no score.
        on_progress: Called with steps done, steps in all, and what is next.

    Raises:
        InputError: a column is missing or of the wrong kind, or holds what it must not; column and row are named.
    """
    label, split = _checked(nodes)
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
    material = _material(nodes, edges)
    used |= {
        "edges": material.graph.weight.nnz // 2,
        "columns": {name: part.shape[1] for name, part in material.sets.items()},
    }
    members = _members(train.size, int(label[train].sum()), material, num_threads, seed)
    parts = _parts(taught, train, seed)
    total = len(members) * (1 + len(parts)) + 1
    done = 1

    def step(note: str) -> None:
        nonlocal done
        report(done, total, note)
        done += 1

    can_stop = _can_stop(label, valid)
    stop = _Stop(label, valid) if can_stop else None
    near = company.company(material.graph, taught, seed=seed)
    everybody = np.arange(label.size)
    log_odds, rounds = [], []
    for member in members:
        step(member.name)
        lesson = _Lesson(material, near, taught, train)
        found, count = _fitted(member, lesson, everybody, stop=stop)
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
            lesson = _Lesson(material, far, hidden, seen)
            found, _ = _fitted(member, lesson, held, rounds=rounds[at])
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


def _checked(nodes: pl.DataFrame) -> tuple[Reals, NDArray[np.str_]]:
    """Labels (those of ``test`` gone, NaN where unknown) and splits."""
    for name in ("id", "split", "label"):
        if name not in nodes.columns:
            message = f"Nodes: column {name} is missing, found {nodes.columns[:12]}; nothing was scored."
            raise errors.InputError(message)
    row = nodes.with_row_index("row")
    wrong = row.filter(pl.col("id").is_null() | pl.col("id").is_duplicated())
    if wrong.height:
        message = f"Nodes: id {wrong['id'][0]!r} in row {wrong['row'][0]} is null or stands twice ({wrong.height} such rows); nothing was scored."
        raise errors.InputError(message)
    wrong = row.filter(~pl.col("split").is_in(SPLITS).fill_null(value=False))
    if wrong.height:
        message = f"Nodes: split {wrong['split'][0]!r} in row {wrong['row'][0]}, expected one of {', '.join(SPLITS)} ({wrong.height} such rows); nothing was scored."
        raise errors.InputError(message)
    # From here on nobody can look at a label of test.
    seen = row.with_columns(
        label=pl.when(pl.col("split") != "test")
        .then("label")
        .cast(pl.Float64, strict=False)
    )
    lost = row.select("row", given="label").hstack(seen.select("label", "split"))
    wrong = lost.filter(
        (pl.col("split") != "test")
        & pl.col("given").is_not_null()
        & ~pl.col("label").is_in([0.0, 1.0]).fill_null(value=False)
        & ~pl.col("label").is_nan().fill_null(value=False)
    )
    if wrong.height:
        message = f"Nodes: label {wrong['given'][0]!r} in row {wrong['row'][0]}, expected 0, 1 or null ({wrong.height} such rows); nothing was scored."
        raise errors.InputError(message)
    label = seen["label"].fill_null(float("nan")).to_numpy()
    return label, seen["split"].to_numpy().astype(np.str_)


def _material(nodes: pl.DataFrame, edges: pl.DataFrame) -> _Material:
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
    return _Material(
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


def _members(
    rows: int, positives: int, material: _Material, num_threads: int, seed: int
) -> list[_Member]:
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
        if set(names) <= set(material.sets) and material.own
    ] or ["narrow"]
    members = [
        _Member(f"booster, {width}", width, is_forest=False, params=params)
        for width in widths
    ]
    if rows <= SMALL:
        leaf = {"leaf": int(np.clip(rare // 25, 1, 5)), "seed": seed}
        members += [
            _Member(f"randomised trees, {width}", width, is_forest=True, params=leaf)
            for width in widths[:2]
        ]
    return members


def _can_stop(label: Reals, valid: Integers) -> bool:
    positives = int(label[valid].sum())
    return min(positives, valid.size - positives) >= STOP_MINIMUM


def _parts(taught: Reals, train: Integers, seed: int) -> list[Integers]:
    """Held-out parts of ``train``; none where a class is too rare to be told in each."""
    rare = min(int(taught[train].sum()), int((1 - taught[train]).sum()))
    if rare < 2 * PARTS:
        return []
    fold = company.dealt(taught, train, count=PARTS, seed=seed + 7)
    number = PARTS if train.size <= BIG else 1
    return [np.flatnonzero(fold == at) for at in range(number)]


def _fitted(
    member: _Member,
    lesson: _Lesson,
    asked: Integers,
    *,
    stop: _Stop | None = None,
    rounds: int | None = None,
) -> tuple[Reals, int]:
    """Log-odds for ``asked``, and the rounds; where ``rounds`` is null ``stop`` decides, or the usual number is taken."""
    rng = np.random.default_rng(lesson.seen.size)
    seen = lesson.seen
    if seen.size > TEACH_LIMIT:
        seen = np.sort(rng.choice(seen, TEACH_LIMIT, replace=False))

    def columns(at: Integers) -> Floats:
        parts = [lesson.material.sets[name][at] for name in _WIDTHS[member.columns]]
        return np.concatenate([*parts, lesson.near[at]], axis=1)

    target = lesson.taught[seen]
    if member.is_forest:
        forest = learner.forest(trees=FOREST_TREES, **member.params)
        forest.fit(columns(seen), target)
        return _log_odds(forest.predict_proba(columns(asked))[:, 1]), FOREST_TREES
    booster, count = learner.boost(
        columns(seen),
        target,
        params=member.params,
        rounds=rounds or (ROUNDS if stop else USUAL_ROUNDS),
        stop=(columns(stop.at), stop.label[stop.at]) if stop else None,
    )
    found = [
        learner.probabilities(
            booster,
            columns(block),
            rounds=count,
            num_threads=member.params["num_threads"],
        )
        for block in np.array_split(asked, max(1, asked.size // 500_000))
    ]
    return _log_odds(np.concatenate(found)), count


def _log_odds(probability: Reals) -> Reals:
    kept = np.clip(probability, _EDGE, 1 - _EDGE)
    return np.asarray(np.log(kept / (1 - kept)), dtype=np.float64)


def _weights(worth: Reals) -> Reals:
    """Weights of members from their held-out average precision, summing to 1; equal where nothing was held out."""
    if not worth.shape[0]:
        return np.full(worth.shape[1], 1 / worth.shape[1])
    mean = worth.mean(axis=0)
    weight = (mean / max(float(mean.max()), 1e-9)) ** _SHARPNESS
    return np.asarray(weight / weight.sum(), dtype=np.float64)
