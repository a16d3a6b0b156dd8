"""Bridges: the links without which a graph falls into two, and how much is on either side.

In: links between numbered things. Out: for each link whether it is a bridge, and the weights on its two sides. Linear in links.

Source: Tarjan (1974), "A note on finding the bridges of a graph"; low points along a depth-first walk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from features.engine import native

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]


def sides(left: Ints, right: Ints, weight: Ints) -> tuple[Ints, Ints]:
    """What each link alone holds together.

    Args:
        left: One end of each link, 0 to n - 1; no pair twice, no loops.
        right: The other.
        weight: Of each of the n things.

    Returns:
        Summed weight on the side of ``left`` and on that of ``right`` were the link not there; 0 and 0 where they hang
        together without it.
    """
    size, count = weight.size, left.size
    number = np.arange(count, dtype=np.int64)
    graph = sparse.coo_array(
        (
            np.concatenate([number, number]),
            (np.concatenate([left, right]), np.concatenate([right, left])),
        ),
        shape=(size, size),
    ).tocsr()
    below, bottom, whole = _walked(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int64),
        graph.data,
        weight.astype(np.int64),
        count,
    )
    is_bridge = bottom >= 0
    rest = whole - below
    is_right = bottom == right
    return (
        np.where(is_bridge, np.where(is_right, rest, below), 0),
        np.where(is_bridge, np.where(is_right, below, rest), 0),
    )


@native.compiled
def _walked(
    starts: Ints, ends: Ints, link: Ints, weight: Ints, count: int
) -> tuple[Ints, Ints, Ints]:
    """Per link: weight below it in the walk, the end that is below (-1 where it is no bridge), weight of its component."""
    size = weight.size
    below = np.zeros(count, dtype=np.int64)
    bottom = np.full(count, -1, dtype=np.int64)
    whole = np.zeros(count, dtype=np.int64)
    order = np.full(size, -1, dtype=np.int64)
    low = np.zeros(size, dtype=np.int64)
    held = weight.copy()
    place = starts[:-1].copy()
    above = np.full(size, -1, dtype=np.int64)
    path = np.empty(size, dtype=np.int64)
    found = np.empty(count, dtype=np.int64)
    clock = 0
    for root in range(size):
        if order[root] >= 0:
            continue
        depth, bridges = 0, 0
        path[0] = root
        order[root] = low[root] = clock
        clock += 1
        while depth >= 0:
            node = path[depth]
            if place[node] < starts[node + 1]:
                at = place[node]
                place[node] += 1
                other = ends[at]
                if link[at] == above[node]:
                    continue
                if order[other] >= 0:
                    low[node] = min(low[node], order[other])
                else:
                    above[other] = link[at]
                    order[other] = low[other] = clock
                    clock += 1
                    depth += 1
                    path[depth] = other
                continue
            depth -= 1
            if depth >= 0:
                parent = path[depth]
                low[parent] = min(low[parent], low[node])
                held[parent] += held[node]
                if low[node] > order[parent]:
                    below[above[node]] = held[node]
                    bottom[above[node]] = node
                    found[bridges] = above[node]
                    bridges += 1
        for at in range(bridges):
            whole[found[at]] = held[root]
    return below, bottom, whole
