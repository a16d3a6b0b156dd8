"""Invented graphs with planted positives, each telling them by another thing: what the graph benchmark is tuned and held on.

Every graph has ``nodes`` (``id``, ``label``, features) and ``edges``; the same name, size and seed give the same graph.
The families in ``TUNED`` were looked at while variants were chosen; those in ``HELD`` only afterwards.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph as the command takes it, but for ``split``."""

    nodes: pl.DataFrame
    edges: pl.DataFrame


def graph(name: str, *, number: int = 6_000, seed: int = 1) -> Graph:
    """The graph of a family: about 5 % positives, 16 features, mean degree near 10."""
    rng = np.random.default_rng([seed, sum(map(ord, name))])
    label = (rng.random(number) < 0.05).astype(np.int64)
    features, src, dst, weight = FAMILIES[name](rng, label)
    nodes = pl.DataFrame(
        {"id": np.arange(number), "label": label}
        | {f"f{at}": column.astype(np.float32) for at, column in enumerate(features.T)}
    )
    edges = pl.DataFrame({"src": src, "dst": dst})
    if weight is not None:
        edges = edges.with_columns(weight=weight)
    return Graph(nodes, edges)


def with_splits(
    nodes: pl.DataFrame, *, seed: int, train: float = 0.4, valid: float = 0.2
) -> pl.DataFrame:
    """Add ``split`` at random; labels of ``test`` become null."""
    order = np.random.default_rng(seed).permutation(nodes.height)
    place = np.empty(nodes.height, dtype=np.int64)
    place[order] = np.arange(nodes.height)
    split = np.where(
        place < train * nodes.height,
        "train",
        np.where(place < (train + valid) * nodes.height, "valid", "test"),
    )
    return nodes.with_columns(split=split).with_columns(
        label=pl.when(pl.col("split") != "test").then("label")
    )


def _blocks(rng, kind, degree, *, inside=0.8, degrees=None):
    """Edges of a stochastic block model over ``kind``: ``inside`` of them within a block, ends drawn by ``degrees``."""
    number = kind.size
    degrees = rng.pareto(2.5, number) + 1 if degrees is None else degrees
    count = number * degree // 2
    src = rng.choice(number, count, p=degrees / degrees.sum())
    dst = rng.choice(number, count, p=degrees / degrees.sum())
    for block in np.unique(kind):
        members = np.flatnonzero(kind == block)
        to = np.flatnonzero((kind[src] == block) & (rng.random(count) < inside))
        share = degrees[members] / degrees[members].sum()
        dst[to] = rng.choice(members, to.size, p=share)
    return src, dst


def _centres(rng, kind, spread=1.0, width=16):
    centres = rng.normal(0, 1, (kind.max() + 1, width))
    return centres[kind] + rng.normal(0, spread, (kind.size, width))


def context(rng, label):
    """Features of another community than the one a positive is linked to."""
    kind = rng.integers(0, 6, label.size)
    seen = np.where(label == 1, (kind + 1 + rng.integers(0, 5, label.size)) % 6, kind)
    src, dst = _blocks(rng, kind, 10)
    return _centres(rng, seen, 1.6), src, dst, None


def density(rng, label):
    """Positives are linked among each other in groups of about 12; features are noise."""
    kind = rng.integers(0, 6, label.size)
    src, dst = _blocks(rng, kind, 10)
    bad = np.flatnonzero(label)
    ring = rng.integers(0, max(1, bad.size // 12), bad.size)
    pairs = [
        (one, other)
        for block in range(ring.max() + 1)
        for one in bad[ring == block]
        for other in bad[ring == block]
        if one < other and rng.random() < 0.35
    ]
    more = np.array(pairs).reshape(-1, 2)
    return (
        rng.normal(0, 1, (label.size, 16)),
        np.concatenate([src, more[:, 0]]),
        np.concatenate([dst, more[:, 1]]),
        None,
    )


def camouflage(rng, label):
    """Positives link to ordinary nodes only, and prefer one kind of them; their own features are nearly ordinary."""
    kind = rng.integers(0, 6, label.size)
    src, dst = _blocks(rng, kind, 10)
    is_bad = label[src] == 1
    victims = np.flatnonzero((kind < 2) & (label == 0))
    to = is_bad & (rng.random(src.size) < 0.7)
    dst[to] = rng.choice(victims, int(to.sum()))
    features = _centres(rng, kind, 1.5)
    features[label == 1, :3] += 0.5
    return features, src, dst, None


def alone(rng, label):
    """Only a node's own features tell, and not by a straight line; the links are by chance."""
    features = rng.normal(0, 1, (label.size, 16))
    bad = label == 1
    features[bad, 0] *= 2.2
    features[bad, 1] = np.abs(features[bad, 1]) * np.sign(features[bad, 2])
    src, dst = _blocks(rng, rng.integers(0, 6, label.size), 10, inside=0.0)
    return features, src, dst, None


def company(rng, label):
    """Only the labels of linked nodes tell: positives keep company, features and degrees are as everybody's."""
    src, dst = _blocks(rng, label, 10, inside=0.35)
    return rng.normal(0, 1, (label.size, 16)), src, dst, None


def mixed(rng, label):
    """A little of everything, features partly missing."""
    kind = rng.integers(0, 8, label.size)
    seen = np.where((label == 1) & (rng.random(label.size) < 0.4), (kind + 3) % 8, kind)
    src, dst = _blocks(rng, np.where(label == 1, 8 + kind % 2, kind), 10, inside=0.5)
    features = _centres(rng, seen, 1.8)
    features[label == 1, :2] += 0.7
    features[rng.random(features.shape) < 0.2] = np.nan
    return features, src, dst, None


def payments(rng, label):
    """Weights tell: a positive's largest links go to nodes of one kind, its many small ones to anybody. Held out."""
    kind = rng.integers(0, 5, label.size)
    src, dst = _blocks(rng, kind, 12, inside=0.2)
    weight = rng.lognormal(0, 1, src.size)
    weight[(label[src] == 1) & (kind[dst] == 0)] *= 8
    return _centres(rng, kind, 1.5), src, dst, weight


def bipartite(rng, label):
    """Persons and groups; positives are persons of a few groups; groups have features of another scale. Held out."""
    number = label.size
    persons = int(number * 0.9)
    label[persons:] = 0
    taste = rng.integers(0, 10, number)
    src = rng.integers(0, persons, number * 5)
    dst = rng.integers(persons, number, number * 5)
    bad_groups = np.arange(persons, number)[taste[persons:] == 3]
    to = (label[src] == 1) & (rng.random(src.size) < 0.3)
    dst[to] = rng.choice(bad_groups, int(to.sum()))
    features = _centres(rng, taste, 2.5)
    features[persons:] *= 0.3
    return features, src, dst, None


def distance(rng, label):
    """What tells lies two steps away: positives share ordinary go-betweens with nodes of one kind. Held out."""
    number = label.size
    kind = rng.integers(0, 6, number)
    src, dst = _blocks(rng, rng.integers(0, 6, number), 8, inside=0.0)
    between = rng.integers(0, number, number // 20)
    marked = np.flatnonzero(kind == 0)
    hub = rng.choice(between, marked.size)
    bad = np.repeat(np.flatnonzero(label), 3)
    src = np.concatenate([src, marked, bad])
    dst = np.concatenate([dst, hub, rng.choice(between, bad.size)])
    return _centres(rng, kind, 1.2), src, dst, None


FAMILIES: dict[str, Callable] = {
    one.__name__: one
    for one in (
        context,
        density,
        camouflage,
        alone,
        company,
        mixed,
        payments,
        bipartite,
        distance,
    )
}
HELD = ("payments", "bipartite", "distance")
TUNED = tuple(name for name in FAMILIES if name not in HELD)
