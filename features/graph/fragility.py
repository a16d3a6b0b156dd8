"""What falls apart without what: how much a network hangs on each of its values and links.

In: the edges of one network with their evidence. Out: the parts that would be left without each value, and if a seller
did not show a value.

Invariants: evidence that would not join by itself does not hold a network together by itself either (``copies``); the order
of rows changes nothing. One network at a time, with NetworkX: this is for a person who looks at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import networkx as nx

from features.families import copies

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Link:
    """An edge of a network.

    Attributes:
        src: One seller.
        dst: The other.
        values: (kind, value) of all that the two share, with how much each says, 0–1.
    """

    src: str
    dst: str
    values: Mapping[tuple[str, str], float]


@dataclass(frozen=True, slots=True)
class Loss:
    """What would happen without something.

    Attributes:
        what: ``kind:value``, or ``seller shows kind:value``.
        sellers: How many sellers it is about.
        parts: Sizes of the parts that would be left, largest first; one number where the network would hold.
    """

    what: str
    sellers: int
    parts: tuple[int, ...]


def without_values(links: Sequence[Link]) -> list[Loss]:
    """What each value holds together.

    Returns:
        One ``Loss`` per shared value, those that break the network into smallest pieces first, then by sellers, then by
        name.
    """
    holders: dict[tuple[str, str], set[str]] = {}
    for link in links:
        for value in link.values:
            holders.setdefault(value, set()).update((link.src, link.dst))
    found = [
        Loss(
            ":".join(value),
            len(sellers),
            _parts(
                links,
                (each for each in links if _holds(each.values, without=value)),
            ),
        )
        for value, sellers in holders.items()
    ]
    return sorted(found, key=_rank)


def bridges(links: Sequence[Link]) -> list[Loss]:
    """Sellers whose showing of one value alone holds two parts of two sellers or more together.

    Edges of a large group are a chain, so not edges are asked but who shows what.

    Returns:
        One ``Loss`` per bridge, named ``seller shows kind:value``, those that split off most first.
    """
    graph = nx.Graph()
    for link in links:
        alone = [
            value for value in link.values if _joins({value: link.values[value]})
        ] or [("", f"{link.src} {link.dst}")]
        for value in alone:
            graph.add_edges_from(((link.src, value), (link.dst, value)))
    found = []
    for ends in sorted(nx.bridges(graph), key=str):
        seller, value = sorted(ends, key=lambda node: not isinstance(node, str))
        graph.remove_edge(seller, value)
        parts = _sizes(graph)
        graph.add_edge(seller, value)
        if value[0] and parts[-1] > 1:
            found.append(Loss(f"{seller} shows {':'.join(value)}", 1, parts))
    return sorted(found, key=_rank)


def _holds(
    values: Mapping[tuple[str, str], float], *, without: tuple[str, str]
) -> bool:
    """Whether a link would still be one: by a contact, or by copies that say enough (``copies.JOIN_ALONE``)."""
    left = {value: strength for value, strength in values.items() if value != without}
    return len(left) == len(values) or _joins(left)


def _joins(values: Mapping[tuple[str, str], float]) -> bool:
    if any(kind not in copies.KINDS for kind, _ in values):
        return True
    said = copies.together((kind, strength) for (kind, _), strength in values.items())
    # Strengths come back from rounded weights.
    return said >= copies.JOIN_ALONE - 0.01


def _parts(links: Sequence[Link], left: Iterable[Link]) -> tuple[int, ...]:
    graph = nx.Graph()
    graph.add_nodes_from(seller for link in links for seller in (link.src, link.dst))
    graph.add_edges_from((link.src, link.dst) for link in left)
    return _sizes(graph)


def _sizes(graph: Any) -> tuple[int, ...]:  # noqa: ANN401  NetworkX ships no types
    """Sellers per part, largest first; values (tuples) do not count."""
    counts = (
        sum(isinstance(node, str) for node in part)
        for part in nx.connected_components(graph)
    )
    return tuple(sorted(filter(None, counts), reverse=True))


def _rank(loss: Loss) -> tuple[int, int, str]:
    return (loss.parts[0], -loss.sellers, loss.what)
