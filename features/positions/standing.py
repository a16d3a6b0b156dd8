"""How a seller stands in its ring: what the shape of the ring says of it.

In: ties, the bipartite graph of sellers and the values that join them, and sellers that people confirmed as fraud. Out:
four numbers per seller.

* **Coreness**: in how tight a part of the ring it is. Who shares one contact with a ring has 1; where everybody shows
  several of the ring's values, each shown by several, it is 2 or more (Seidman 1983).
* **Block density**: mean weight of ties in the densest block of the ring, if the seller is in it, else 0. Ties count
  1/ln(holders + 5), so values that many show cannot fake density: camouflage does not help (FRAUDAR, Hooi et al. 2016).
  The block is found by peeling and at least half as dense as the best one.
* **Fraud closeness**: the chance that a walker who starts at the seller, goes from seller to value to seller and stops at
  each with ``STOP``, stops at *another* seller that people confirmed as fraud: PageRank personalised from verdicts
  (Haveliwala 2002), reversed, so that it is a probability. A seller's own verdict never counts for itself.
* **Link kinds**: how many kinds of values join it to others; independent evidence is harder to fake than much of one kind.

Invariants: all rings are worked on at once with arrays, in time linear in ties; a ring's numbers depend on the ring
alone; the order of rows changes nothing; empty in, empty out. NetworkX is the oracle in the tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse import csgraph

from features.graph import components
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Collection

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

STOP = 0.3
#: Walks longer than this add less than 0.1 %.
MAX_STEPS = 20
#: Nodes of a ring that are peeled one by one; larger rings lose all loose ones at a time.
MAX_GREEDY = 2_000
#: Confirmed sellers of a ring whose own returns are worked out together; bounds memory.
BATCH = 32


def standing(ties: pl.DataFrame, confirmed: Collection[str]) -> pl.DataFrame:
    """Numbers of each seller's place in its ring.

    Args:
        ties: ``seller_id``, ``component``, ``kind``, ``value``, distinct: values that two sellers or more of one ring
            share (``network.Links.ties``).
        confirmed: Sellers with a standing ``fraud`` verdict; those outside all rings say nothing.

    Returns:
        contracts.STANDING, sorted by ``seller_id``: one row per seller of ``ties``.
    """
    if ties.is_empty():
        return contracts.STANDING.empty()
    values = ties.select(
        pl.struct("component", "kind", "value").rank("dense").alias("value")
    )
    sellers, rows = components.codes(ties["seller_id"])
    columns = values["value"].to_numpy().astype(np.int64) - 1
    count, size = sellers.len(), sellers.len() + int(columns.max()) + 1
    holders = np.bincount(columns)
    weight = 1.0 / np.log(holders[columns] + 5.0)
    graph = sparse.csr_array(
        (
            np.concatenate([weight, weight]),
            (
                np.concatenate([rows, columns + count]),
                np.concatenate([columns + count, rows]),
            ),
        ),
        shape=(size, size),
    )
    graph.sort_indices()
    _, ring = csgraph.connected_components(graph, directed=False)
    is_confirmed = sellers.is_in(sorted(confirmed)).to_numpy()
    kinds = ties.group_by("seller_id").agg(
        pl.col("kind").n_unique().cast(pl.Int64).alias("link_kind_count")
    )
    return contracts.STANDING.check(
        pl.DataFrame(
            {
                "seller_id": sellers,
                "coreness": coreness(graph)[:count],
                "block_density": block_density(graph, ring)[:count].round(6),
                "fraud_closeness": closeness(
                    graph[:count][:, count:], ring[:count], is_confirmed
                ).round(6),
            }
        )
        .join(kinds, on="seller_id", how="left")
        .select(contracts.STANDING.columns.keys())
        .sort("seller_id")
    )


def coreness(graph: Any) -> Ints:  # noqa: ANN401  SciPy ships no types
    """The largest k for which each node is in a part where all have k neighbours or more.

    Args:
        graph: Symmetric CSR array; weights are not used.
    """
    starts, neighbours = graph.indptr, graph.indices
    degree = np.diff(starts).astype(np.int64)
    core = np.zeros(degree.size, dtype=np.int64)
    is_left = np.ones(degree.size, dtype=bool)
    level = 0
    while is_left.any():
        level = max(level, int(degree[is_left].min()))
        peeled = np.flatnonzero(is_left & (degree <= level))
        while peeled.size:
            core[peeled] = level
            is_left[peeled] = False
            touched = neighbours[_ranges(starts[peeled], starts[peeled + 1])]
            touched = touched[is_left[touched]]
            lost, times = np.unique(touched, return_counts=True)
            degree[lost] -= times
            peeled = lost[degree[lost] <= level]
    return core


def block_density(graph: Any, ring: Ints) -> Floats:  # noqa: ANN401
    """Weight per node of the densest block of each ring, for the nodes in it; 0 for the others.

    All rings are peeled at once: in each step every ring loses its loosest nodes, equal ones together (Charikar 2000);
    rings of more than ``MAX_GREEDY`` nodes lose all that are looser than average (Bahmani et al. 2012).

    Args:
        graph: Symmetric CSR array of weights above 0.
        ring: Ring of each node, 0 to n - 1.
    """
    ends = graph.tocoo()
    is_upper = ends.row < ends.col
    src, dst, weight = ends.row[is_upper], ends.col[is_upper], ends.data[is_upper]
    is_large = np.bincount(ring) > MAX_GREEDY
    best = np.zeros(is_large.size)
    until = np.zeros(is_large.size, dtype=np.int64)
    removed = np.zeros(graph.shape[0], dtype=np.int64)
    left = np.arange(graph.shape[0])
    step = 0
    while left.size:
        # Only what is left is worked on: the steps of a large ring cost nothing for the small ones.
        rings, at = np.unique(ring[left], return_inverse=True)
        place = np.full(int(left[-1]) + 1, -1)
        place[left] = np.arange(left.size)
        here, there = place[src], place[dst]
        degree = np.bincount(here, weight, left.size) + np.bincount(
            there, weight, left.size
        )
        # Rounded: equal sums stay equal in whatever order they were added.
        degree = np.round(degree, 9)
        density = np.bincount(at, degree, rings.size) / 2.0 / np.bincount(at)
        is_better = np.round(density, 9) > np.round(best[rings], 9)
        best[rings[is_better]] = density[is_better]
        until[rings[is_better]] = step
        least = np.full(rings.size, np.inf)
        np.minimum.at(least, at, degree)
        loose = np.where(is_large[rings], 2.0 * density, least)
        peeled = degree <= np.maximum(loose, least)[at]
        removed[left[peeled]] = step
        kept = ~peeled[here] & ~peeled[there]
        src, dst, weight = src[kept], dst[kept], weight[kept]
        left = left[~peeled]
        step += 1
    return np.where(removed >= until[ring], best[ring], 0.0)


def closeness(shows: Any, ring: Ints, is_confirmed: npt.NDArray[np.bool_]) -> Floats:  # noqa: ANN401
    """Chance to stop at another confirmed seller.

    Args:
        shows: Sellers × values CSR array of weights above 0.
        ring: Ring of each seller.
        is_confirmed: Whether people confirmed each seller as fraud.
    """
    found = np.zeros(shows.shape[0])
    if not is_confirmed.any():
        return found
    # Only rings with a confirmed seller are walked.
    inside = np.flatnonzero(np.isin(ring, ring[is_confirmed]))
    part = shows[inside]
    out, back = _stochastic(part), _stochastic(part.T.tocsr())
    seeds = np.flatnonzero(is_confirmed[inside])
    reached = _walk(out, back, is_confirmed[inside].astype(float)[:, None])[:, 0]
    # What comes back to the seller itself is its own verdict. Rings do not touch, so the first seed of every ring is walked
    # in one column, the second in the next, and so on.
    order = np.lexsort((seeds, ring[inside][seeds]))
    rings_of = ring[inside][seeds][order]
    first = np.r_[True, rings_of[1:] != rings_of[:-1]]
    place = np.arange(order.size) - np.maximum.accumulate(
        np.where(first, np.arange(order.size), 0)
    )
    column = np.empty(order.size, dtype=np.int64)
    column[order] = place
    for start in range(0, int(column.max()) + 1, BATCH):
        chosen = (column >= start) & (column < start + BATCH)
        begun = np.zeros((inside.size, BATCH))
        begun[seeds[chosen], column[chosen] - start] = 1.0
        own = _walk(out, back, begun)
        reached[seeds[chosen]] -= own[seeds[chosen], column[chosen] - start]
    found[inside] = np.clip(reached, 0.0, 1.0)
    return found


def _walk(out: Any, back: Any, begun: Floats) -> Floats:  # noqa: ANN401
    """Chance to stop at what is marked in each column, for a walker from each row."""
    here, total = begun, STOP * begun
    for step in range(1, MAX_STEPS + 1):
        here = out @ (back @ here)
        total = total + STOP * (1.0 - STOP) ** step * here
    return total


def _stochastic(matrix: Any) -> Any:  # noqa: ANN401
    """Rows that sum to 1."""
    scaled = matrix.tocsr(copy=True)
    sums = np.asarray(scaled.sum(axis=1)).ravel()
    scaled.data = scaled.data / np.repeat(sums, np.diff(scaled.indptr))
    return scaled


def _ranges(starts: Ints, stops: Ints) -> Ints:
    """All integers of several half-open ranges, one after the other."""
    lengths = stops - starts
    total = int(lengths.sum())
    if not total:
        return np.empty(0, dtype=np.int64)
    offsets = np.repeat(starts - np.r_[0, np.cumsum(lengths)[:-1]], lengths)
    found: Ints = np.arange(total) + offsets
    return found
