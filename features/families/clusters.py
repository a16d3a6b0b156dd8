"""Families of things that are near one another, without chains: what hangs together, cut back to what is near its first member.

In: verified pairs of things numbered in the order in which they became known, and a measure. Out: the first member of each
one's family. Invariants: pure; linear in pairs; the first member never changes by what becomes known later, so a family
that is named by it keeps its name while it grows; no member is far from it, however long the chain of small changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph

if TYPE_CHECKING:
    from collections.abc import Callable

Positions = npt.NDArray[np.int64]

#: See ``thirds``.
MOST_EARLIER: Final = 16


def families(
    later: Positions,
    earlier: Positions,
    is_near: Callable[[Positions, Positions], npt.NDArray[np.bool_]],
) -> tuple[Positions, Positions]:
    """Which family each thing belongs to.

    Args:
        later: Verified pairs: number of one thing.
        earlier: Number of the other, known before it.
        is_near: Whether the first of a family (first argument) and another (second) are near enough for one family.

    Returns:
        The things of all pairs, ascending, and for each the first of its family. Those whom only a chain of small changes ties
        to a family make families of their own, by what hangs together among them.
    """
    things, ends = np.unique(np.concatenate([later, earlier]), return_inverse=True)
    one, other = np.split(ends, 2)
    cores = np.full(things.shape[0], -1, dtype=np.int64)
    while (is_open := cores < 0).any():
        keeps = is_open[one] & is_open[other]
        one, other = one[keeps], other[keeps]
        first = first_of_component(things.shape[0], one, other)
        members = np.flatnonzero(is_open)
        core = first[members]
        near = is_near(things[core], things[members]) | (core == members)
        cores[members[near]] = core[near]
    return things, things[cores]


def first_of_component(size: int, one: Positions, other: Positions) -> Positions:
    """For each of ``size`` nodes the least node of its connected component."""
    ones = np.ones(one.shape[0], dtype=np.int8)
    graph = sparse.coo_array((ones, (one, other)), shape=(size, size))
    _, labels = csgraph.connected_components(graph.tocsr(), directed=False)
    # Nodes ascend, so the first node with a label is the least one.
    _, first = np.unique(labels, return_index=True)
    least: Positions = first[labels]
    return least


def thirds(later: Positions, earlier: Positions) -> tuple[Positions, Positions]:
    """How many third things are paired with both ends of each pair, and how many with the end that has fewer others.

    Where the first is a good part of the second, both ends lie in one thicket; where it is not, the pair is a bridge.

    Args:
        later: Pairs: one thing.
        earlier: The other, a smaller number.

    Returns:
        Both numbers per pair. Of a thing's pairs with earlier ones the first ``MOST_EARLIER`` are looked at, so that time
        stays linear in things; a pair beyond has none of both.
    """
    order = np.lexsort((earlier, later))
    one, other = later[order], earlier[order]
    keys = (one << np.int64(32)) | other
    rank = np.arange(one.shape[0]) - np.searchsorted(one, one)
    is_among = rank < MOST_EARLIER
    among = np.flatnonzero(is_among)
    count = np.zeros(one.shape[0], dtype=np.int64)
    for gap in range(1, MOST_EARLIER):
        # Two pairs of one thing with earlier ones, and the pair of these two: each triangle is met once, from its last.
        near = among[among + gap < one.shape[0]]
        far = near + gap
        is_same = (one[far] == one[near]) & is_among[far]
        near, far = near[is_same], far[is_same]
        between = (other[far] << np.int64(32)) | other[near]
        at = np.minimum(np.searchsorted(keys, between), keys.shape[0] - 1)
        closes = (keys[at] == between) & is_among[at]
        for side in (near, far, at):
            count += np.bincount(side[closes], minlength=count.shape[0])
    size = int(one.max(initial=-1)) + 1
    degree = np.bincount(one[among], minlength=size)
    degree = degree + np.bincount(other[among], minlength=size)
    fewer = np.where(is_among, np.minimum(degree[one], degree[other]) - 1, 0)
    found, others = np.zeros_like(count), np.zeros_like(count)
    found[order], others[order] = count, fewer
    return found, others
