"""Rings inside components: where one accidental value ties two rings together, they are two.

In: ties, the bipartite graph of sellers and the values that join them. Out: the community of each seller.

A component is what anything at all joins. In a large market accidents add up: a member pastes another ring's contact, a
number is resold, a picture is copied. So Leiden proposes communities within a component (Traag, Waltman and van Eck 2019,
``graspologic-native``, seeded), and a proposal counts only if it is *falling apart anyway*: for its size, what ties two
communities must be much weaker than what holds either of them together. Both are measured as conductance, the weight cut
over the weight of the smaller side, the bicriterion of Kannan, Vempala and Vetta (2004), "On clusterings: good, bad and
spectral". A chain of rotating contacts is no stronger inside than at any tie between its parts, so it stays whole
however long it is; two stars with one member in common do not.

Invariants: a community is connected by its own ties; the result depends on the component alone, never on the rest of the
market, so a night that brings nothing for a ring changes nothing of it; the order of rows changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import graspologic_native
import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse import linalg

from features import components

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

#: Fewer sellers than this beside a component's commonest value are no second ring.
MIN_SIDE = 3
#: Two communities stay two if their tie's conductance is below this share of the weaker one's inner conductance.
MAX_SEPARATION = 0.12
#: Above 1 it proposes more and smaller communities than modularity likes best; merging them is this module's task.
LEIDEN_RESOLUTION = 2.0
LEIDEN_SEED = 5
#: Up to this many nodes the second eigenvector comes from the dense solver, which needs no start vector.
MAX_DENSE = 300


def communities(ties: pl.DataFrame) -> pl.DataFrame:
    """Rings that ties make.

    Args:
        ties: One row per (``node``, ``seller_id``) with ``weight`` > 0. ``node`` is an integer that stands for a value;
            equal numbers in another order of rows are expected (``network`` numbers sorted values).

    Returns:
        ``seller_id``, ``component`` (the smallest seller id of the ring), sorted by both: one row per distinct seller.
    """
    found = components.joined_by(ties["seller_id"], ties["node"])
    if found.is_empty():
        return found
    placed = ties.join(found, on="seller_id")
    sizes = placed.group_by("component").agg(
        pl.col("seller_id").n_unique().alias("sellers"),
        pl.col("node").n_unique().alias("nodes"),
    )
    widest = (
        placed.group_by("component", "node")
        .agg(pl.len().alias("held"))
        .group_by("component")
        .agg(pl.col("held").max())
    )
    suspect = sizes.join(widest, on="component").filter(
        (pl.col("nodes") > 1) & (pl.col("sellers") - pl.col("held") >= MIN_SIDE)
    )
    rows = placed.join(suspect.select("component"), on="component", how="semi").sort(
        "component", "seller_id", "node"
    )
    moved: list[pl.DataFrame] = []
    for part in rows.partition_by("component", maintain_order=True):
        sellers = part["seller_id"].unique().sort()
        labels = _split(part, sellers)
        if labels is not None:
            moved.append(
                pl.DataFrame({"seller_id": sellers, "label": labels}).select(
                    "seller_id",
                    pl.col("seller_id").min().over("label").alias("component"),
                )
            )
    if moved:
        split = _settled(pl.concat(moved), rows)
        found = pl.concat([found.join(split, on="seller_id", how="anti"), split])
    return found.sort("component", "seller_id")


def _settled(split: pl.DataFrame, ties: pl.DataFrame) -> pl.DataFrame:
    """Sellers on the border between two rings in the one that most of their values belong to.

    A cut through a value or a seller costs the same on either side, so where exactly Leiden cuts is chance. Each value of
    a seller votes for the rings of its other holders, by their shares; equal votes go by the number of holders.
    """
    placed = ties.select("node", "seller_id", "weight").join(split, on="seller_id")
    border = placed.filter(pl.col("component").n_unique().over("node") > 1)
    if border.is_empty():
        return split
    moving = placed.join(
        border.select("seller_id").unique(), on="seller_id", how="semi"
    )
    counts = placed.group_by("node", pl.col("component").alias("home")).len("holders")
    is_own = (pl.col("home") == pl.col("component")).cast(pl.Int64)
    votes = (
        moving.join(counts, on="node")
        .with_columns((pl.col("holders").cast(pl.Int64) - is_own).alias("holders"))
        .filter(pl.col("holders") > 0)
        .with_columns(
            (
                pl.col("weight")
                * pl.col("holders")
                / pl.col("holders").sum().over("seller_id", "node")
            ).alias("vote")
        )
        .group_by("seller_id", "component", "home")
        .agg(pl.col("vote").sort().sum().round(6), pl.col("holders").sum())
    )
    settled = (
        votes.sort(
            "seller_id", "vote", "holders", pl.col("home") == pl.col("component"), "home",
            descending=[False, True, True, True, False],
        )
        .unique("seller_id", keep="first", maintain_order=True)
        .select("seller_id", pl.col("home").alias("component"))
    )  # fmt: skip
    both = pl.concat([split.join(settled, on="seller_id", how="anti"), settled])
    return both.select(
        "seller_id", pl.col("seller_id").min().over("component").alias("component")
    )


def _split(part: pl.DataFrame, sellers: pl.Series) -> Ints | None:
    """The community of each seller of one component; null where it is one."""
    nodes = part["node"].unique().sort()
    left = np.searchsorted(sellers.to_numpy(), part["seller_id"].to_numpy())
    right = np.searchsorted(nodes.to_numpy(), part["node"].to_numpy()) + sellers.len()
    weight = part["weight"].to_numpy()
    size = sellers.len() + nodes.len()
    graph = sparse.csr_array(
        (
            np.concatenate([weight, weight]),
            (np.concatenate([left, right]), np.concatenate([right, left])),
        ),
        shape=(size, size),
    )
    graph.sum_duplicates()
    graph.sort_indices()
    _, proposed = graspologic_native.leiden_csr(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int32),
        graph.data,
        size,
        seed=LEIDEN_SEED,
        resolution=LEIDEN_RESOLUTION,
    )
    labels = np.array([proposed[node] for node in range(size)], dtype=np.int64)
    merged = _merged(graph, labels, sellers.len())
    return merged[: sellers.len()] if merged.max() > 0 else None


def _merged(graph: sparse.csr_array, labels: Ints, seller_count: int) -> Ints:
    """Proposed communities, merged until every tie that is left is much weaker than both its sides."""
    inner: dict[bytes, float] = {}

    def held(label: int) -> float:
        inside = np.flatnonzero(labels == label)
        key = inside.tobytes()
        if key not in inner:
            inner[key] = conductance(graph[inside][:, inside])
        return inner[key]

    while True:
        _, labels = np.unique(labels, return_inverse=True)
        count = int(labels.max()) + 1
        if count == 1:
            return labels
        ends = graph.tocoo()
        between = np.zeros((count, count))
        np.add.at(between, (labels[ends.row], labels[ends.col]), ends.data)
        volume = between.sum(axis=1)
        sellers = np.bincount(labels[:seller_count], minlength=count)
        best: tuple[float, int, int] | None = None
        for a, b in zip(*np.nonzero(np.triu(between, 1)), strict=True):
            tie = between[a, b] / min(volume[a], volume[b])
            if min(sellers[a], sellers[b]) < MIN_SIDE:
                # A few accounts on a ring's rim are no second ring; the closest goes first.
                ranked = (1.0 + tie, int(a), int(b))
            else:
                small = a if volume[a] <= volume[b] else b
                ranked = (tie / held(int(small)), int(a), int(b))
            if best is None or ranked[0] > best[0]:
                best = ranked
        if best is None or best[0] < MAX_SEPARATION:
            return labels
        labels[labels == best[2]] = best[1]


def conductance(graph: sparse.csr_array) -> float:
    """How well a connected graph holds together: the conductance of its weakest cut, as Cheeger's sweep finds it.

    Args:
        graph: Symmetric weights, connected.

    Returns:
        Weight cut over the weight of the lighter side, in (0, 1]; 1 for fewer than three nodes, which no cut improves.

    Source: Chung (2007), "Four proofs for the Cheeger inequality": the sweep over the second eigenvector is within the
    square root of the optimum.
    """
    size = graph.shape[0]
    if size < 3:
        return 1.0
    degree = np.asarray(graph.sum(axis=1)).ravel()
    scale = 1.0 / np.sqrt(degree)
    walk = sparse.diags_array(scale) @ graph @ sparse.diags_array(scale)
    if size <= MAX_DENSE:
        _, vectors = np.linalg.eigh(walk.toarray())
        second = vectors[:, -2]
    else:
        start = np.linspace(1.0, 2.0, size)
        _, vectors = linalg.eigsh(walk, k=2, which="LA", v0=start, tol=1e-6)
        second = vectors[:, 0]
    order = np.argsort(second * scale, kind="stable")
    place = np.empty(size, dtype=np.int64)
    place[order] = np.arange(size)
    ends = graph.tocoo()
    upper = place[ends.row] < place[ends.col]
    steps = np.zeros(size)
    np.add.at(steps, place[ends.row][upper], ends.data[upper])
    np.add.at(steps, place[ends.col][upper], -ends.data[upper])
    cut = np.cumsum(steps)[:-1]
    side = np.cumsum(degree[order])[:-1]
    return float(np.min(cut / np.minimum(side, degree.sum() - side)))
