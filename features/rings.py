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

import heapq
from typing import TYPE_CHECKING

import graspologic_native
import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse import linalg

from features.graph import components

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
    held = placed.group_by("component", "node").len("held")
    shown = placed.group_by("component", "seller_id").len("shown")
    sizes = (
        held.group_by("component")
        .agg(pl.len().alias("nodes"), pl.col("held").max())
        .join(
            shown.group_by("component").agg(
                pl.len().alias("sellers"), pl.col("shown").max()
            ),
            on="component",
        )
    )
    # A path is as weak at every link, so none of it is a ring of its own; chains of rotating contacts mostly are paths.
    is_path = (pl.col("held") <= 2) & (pl.col("shown") <= 2)
    suspect = sizes.filter(
        (pl.col("nodes") > 1)
        & (pl.col("sellers") - pl.col("held") >= MIN_SIDE)
        & ~is_path
    )
    rows = placed.join(suspect.select("component"), on="component", how="semi").sort(
        "component", "seller_id", "node"
    )
    labels = _labels(rows)
    if labels is not None:
        proposed = rows.select("seller_id", pl.Series("label", labels)).unique()
        split = proposed.select(
            "seller_id", pl.col("seller_id").min().over("label").alias("component")
        )
        found = pl.concat(
            [
                found.join(split, on="seller_id", how="anti"),
                _settled(split, rows.filter(pl.Series(labels) >= 0)),
            ]
        )
    return found.sort("component", "seller_id")


def _labels(rows: pl.DataFrame) -> Ints | None:
    """The ring of each row: a number of its own in components that fall apart, -1 elsewhere; null if none does."""
    if rows.is_empty():
        return None
    _, seller = components.codes(rows["seller_id"])
    node, weight = rows["node"].to_numpy(), rows["weight"].to_numpy()
    starts = np.flatnonzero(rows["component"].rle_id().diff().fill_null(1).to_numpy())
    labels = np.full(rows.height, -1, dtype=np.int64)
    used = 0
    for start, stop in zip(starts, [*starts[1:], rows.height], strict=True):
        found = _split(seller[start:stop], node[start:stop], weight[start:stop])
        if found is not None:
            labels[start:stop] = found + used
            used += int(found.max()) + 1
    return labels if used else None


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


def _split(seller: Ints, node: Ints, weight: Floats) -> Ints | None:
    """The community of each row of one component; null where it is one."""
    sellers, left = np.unique(seller, return_inverse=True)
    nodes, right = np.unique(node, return_inverse=True)
    right += sellers.size
    size = sellers.size + nodes.size
    graph = sparse.csr_array(
        (
            np.concatenate([weight, weight]),
            (np.concatenate([left, right]), np.concatenate([right, left])),
        ),
        shape=(size, size),
    )
    graph.sort_indices()
    _, proposed = graspologic_native.leiden_csr(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int32),
        graph.data,
        size,
        seed=LEIDEN_SEED,
        resolution=LEIDEN_RESOLUTION,
    )
    labels = np.fromiter((proposed[place] for place in range(size)), np.int64, size)
    merged = _Merger(graph, labels, sellers.size).merged()
    return None if merged is None else merged[left]


class _Merger:
    """Proposed communities, merged until every tie that is left is much weaker than its smaller side.

    The pair with the strongest tie goes first. How well a side holds together is known from above by every cut that a
    merger made inside it; the exact figure is worked out only where the decision hangs on it. A chain of rotating contacts
    merges link by link and never needs it.
    """

    def __init__(
        self, graph: sparse.csr_array, labels: Ints, seller_count: int
    ) -> None:
        self._graph = graph
        self._members = {
            int(label): np.flatnonzero(labels == label) for label in np.unique(labels)
        }
        self._sellers = {
            label: int((inside < seller_count).sum())
            for label, inside in self._members.items()
        }
        self._ties: dict[int, dict[int, float]] = {label: {} for label in self._members}
        self._inside = dict.fromkeys(self._members, 0.0)
        ends = graph.tocoo()
        between = sparse.coo_array(
            (ends.data, (labels[ends.row], labels[ends.col])),
            shape=(int(labels.max()) + 1,) * 2,
        ).tocsr()
        between.sum_duplicates()
        between.sort_indices()
        pairs = between.tocoo()
        for a, b, cut in zip(
            pairs.row.tolist(), pairs.col.tolist(), pairs.data.tolist(), strict=True
        ):
            if a == b:
                self._inside[a] = cut
            else:
                self._ties[a][b] = cut
        self._held = dict.fromkeys(self._members, 1.0)
        self._is_exact = dict.fromkeys(self._members, False)
        self._next = int(labels.max()) + 1
        self._queue: list[tuple[float, int, int]] = []

    def merged(self) -> Ints | None:
        """The community of each node, 0 to n - 1; null for a single one."""
        for a, ties in self._ties.items():
            for b in ties:
                if a < b:
                    self._push(a, b)
        while self._queue:
            score, a, b = heapq.heappop(self._queue)
            if a not in self._members or b not in self._members:
                continue
            if -score >= MAX_SEPARATION:
                self._merge(a, b)
                continue
            small = self._smaller(a, b)
            if not self._is_exact[small]:
                inside = self._members[small]
                self._held[small] = conductance(self._graph[inside][:, inside])
                self._is_exact[small] = True
                self._push(a, b)
        if len(self._members) < 2:
            return None
        found = np.zeros(self._graph.shape[0], dtype=np.int64)
        for place, label in enumerate(sorted(self._members)):
            found[self._members[label]] = place
        return found

    def _volume(self, label: int) -> float:
        return self._inside[label] + sum(self._ties[label].values())

    def _smaller(self, a: int, b: int) -> int:
        return a if (self._volume(a), a) <= (self._volume(b), b) else b

    def _push(self, a: int, b: int) -> None:
        small = self._smaller(a, b)
        tie = self._ties[a][b] / self._volume(small)
        if min(self._sellers[a], self._sellers[b]) < MIN_SIDE:
            # A few accounts on a ring's rim are no second ring; the closest goes first.
            score = 1.0 + tie
        else:
            score = tie / self._held[small]
        # Rounded: the last bits of sums may differ between machines.
        heapq.heappush(self._queue, (-round(score, 9), min(a, b), max(a, b)))

    def _merge(self, a: int, b: int) -> None:
        new, self._next = self._next, self._next + 1
        cut = self._ties[a][b]
        sides = min(self._inside[a], self._inside[b]) + cut
        self._members[new] = np.concatenate(
            [self._members.pop(a), self._members.pop(b)]
        )
        self._sellers[new] = self._sellers.pop(a) + self._sellers.pop(b)
        self._inside[new] = self._inside.pop(a) + self._inside.pop(b) + 2 * cut
        self._held[new] = min(1.0, cut / sides)
        self._is_exact[new] = False
        ties: dict[int, float] = {}
        for old in (a, b):
            for other, weight in self._ties.pop(old).items():
                if other not in {a, b}:
                    ties[other] = ties.get(other, 0.0) + weight
                    del self._ties[other][old]
        self._ties[new] = ties
        for other, weight in sorted(ties.items()):
            self._ties[other][new] = weight
            self._push(other, new)


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
    if size <= MAX_DENSE:
        _, vectors = np.linalg.eigh(scale[:, None] * graph.toarray() * scale)
        second = vectors[:, -2]
    else:
        walk = sparse.diags_array(scale) @ graph @ sparse.diags_array(scale)
        start = np.linspace(1.0, 2.0, size)
        _, vectors = linalg.eigsh(walk, k=2, which="LA", v0=start, tol=1e-6)
        second = vectors[:, 0]
    order = np.argsort(second * scale, kind="stable")
    place = np.empty(size, dtype=np.int64)
    place[order] = np.arange(size)
    ends = graph.tocoo()
    lower = np.minimum(place[ends.row], place[ends.col])
    upper = np.maximum(place[ends.row], place[ends.col])
    # Each edge stands twice in the matrix, and is cut between its lower and its upper end.
    steps = np.bincount(lower, ends.data, size) - np.bincount(upper, ends.data, size)
    cut = np.cumsum(steps)[:-1] / 2.0
    side = np.cumsum(degree[order])[:-1]
    return float(np.min(cut / np.minimum(side, degree.sum() - side)))
