"""Networks keep their ids from night to night, and every change of who is who is recorded.

In: last night's members, the members of ids that are no longer in use, tonight's components. Out: tonight's members,
what changed, and the state to keep for the next night.

Invariants: an id is never given to two networks, also not years apart; an unchanged night changes no id and records
nothing; the order of input rows changes nothing; every id that ends or begins has an event.
"""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from features.graph import traces as traces_module
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ID_DIGITS = 10
DORMANT, MERGED = "dormant", "merged"


@dataclass(frozen=True, slots=True)
class Lineage:
    """Tonight's networks.

    Attributes:
        members: contracts.NETWORK_MEMBERS.
        changes: contracts.NETWORK_CHANGES of this run.
        history: contracts.NETWORK_HISTORY to pass in next night, together with ``members`` as ``previous``.
        traces: contracts.NETWORK_TRACES to pass in next night.
    """

    members: pl.DataFrame
    changes: pl.DataFrame
    history: pl.DataFrame
    traces: pl.DataFrame


def carry_ids(
    previous: pl.DataFrame,
    components: pl.DataFrame,
    *,
    first_seen: pl.DataFrame,
    run_id: str,
    history: pl.DataFrame,
    ties: pl.DataFrame | None = None,
    traces: pl.DataFrame | None = None,
) -> Lineage:
    """Give tonight's components last night's ids where they go on.

    Pairs of an old network and a component are taken by most common members, then by the share of all their members
    that they have in common, then by smallest id and smallest member; each takes part once. A component without a
    partner takes the id of a retired network if it has two of its last members, or half of them, or else if it kept a value
    that only that network had (``traces.KINDS``): who returns under new names with the old WeChat returns to the old case.
    Otherwise it takes a new id, made of the value that joined two of its sellers first: whether nights come
    one by one or all at once, that moment is the same. So a network that splits keeps its id in the largest part, and one that falls below two
    sellers and comes back revives.

    Events: ``created`` (a new id), ``grew`` (sellers joined), ``merged_into`` (the id ends; most of its members go on
    in ``detail``'s), ``split_from`` (a new or revived id whose members were part of ``detail``'s), ``dormant`` (no two
    of its members are joined any more), ``revived``. A network that only shrinks has no event.

    Args:
        previous: contracts.NETWORK_MEMBERS of the night before.
        components: ``seller_id``, ``component``; those with fewer than two sellers are no networks.
        first_seen: ``seller_id``, ``first_seen_at``; a seller that is missing counts as the latest.
        run_id: Stands in the changes.
        history: contracts.NETWORK_HISTORY of the night before; its ids do not occur in ``previous``.
        ties: ``seller_id``, ``kind``, ``value``, ``first_seen_at`` of tonight (``network.Links.ties``); null takes none.
        traces: contracts.NETWORK_TRACES of the night before; null takes none.

    Returns:
        ``Lineage``; members sorted by (network_id, seller_id), changes by (network_id, event, detail).
    """
    new = _groups(components.select(pl.col("component").cast(pl.String), "seller_id"))
    new = {name: sellers for name, sellers in new.items() if len(sellers) > 1}
    old = _groups(previous.select("network_id", "seller_id"))
    retired = _groups(history.select("network_id", "seller_id"))
    # Microseconds: a million times as objects take as long as all else here.
    order = dict(
        zip(
            first_seen["seller_id"].to_list(),
            first_seen["first_seen_at"].to_physical().to_list(),
            strict=True,
        )
    )

    kept = _matches(old, new)
    revived = _matches(
        retired, {name: new[name] for name in new if name not in kept}, is_revival=True
    )
    shown = traces_module.shown(components, ties)
    before = contracts.NETWORK_TRACES.empty() if traces is None else traces
    returned = traces_module.returned(
        before.filter(
            pl.col("network_id").is_in(sorted(set(retired) - set(revived.values())))
        ),
        shown.filter(
            pl.col("component").is_in(sorted(set(new) - set(kept) - set(revived)))
        ),
    )
    revived |= {name: network_id for name, (network_id, _) in returned.items()}
    ids = kept | revived
    used = {*old, *retired}
    born = traces_module.births(components, ties)
    for name in sorted(set(new) - set(ids)):
        ids[name] = _new_id(born.get(name, []), new[name], order, used)
        used.add(ids[name])

    home = {seller: ids[name] for name, sellers in new.items() for seller in sellers}
    was = {seller: name for name, sellers in old.items() for seller in sellers}
    events: list[tuple[str, str, str]] = []
    for name, sellers in new.items():
        network_id = ids[name]
        if name in kept:
            joined = sellers - old[network_id]
            if joined:
                events.append(
                    (
                        network_id,
                        "grew",
                        f"{len(joined)} joined, {len(sellers)} sellers",
                    )
                )
            continue
        if name in revived:
            events.append(
                (
                    network_id,
                    "revived",
                    f"{len(sellers)} sellers with the old {returned[name][1]}"
                    if name in returned
                    else f"{len(sellers)} sellers",
                )
            )
        source = _most([was[seller] for seller in sellers if seller in was])
        if source:
            events.append((network_id, "split_from", source))
        elif name not in revived:
            events.append((network_id, "created", f"{len(sellers)} sellers"))
    ended: dict[str, str] = {}
    for network_id in set(old) - set(kept.values()):
        heir = _most([home[seller] for seller in old[network_id] if seller in home])
        ended[network_id] = MERGED if heir else DORMANT
        events.append(
            (network_id, "merged_into", heir)
            if heir
            else (network_id, "dormant", f"{len(old[network_id])} sellers")
        )

    return Lineage(
        members=_members(new, ids),
        changes=_changes(events, run_id),
        history=_history(history, old, ended, set(revived.values())),
        traces=traces_module.traces(
            before, shown, ids, {*retired, *ended} - set(revived.values())
        ),
    )


def _groups(pairs: pl.DataFrame) -> dict[str, set[str]]:
    """Second column's values by the first's, in sorted order of names."""
    name, member = pairs.columns
    grouped = pairs.group_by(name).agg(member).sort(name)
    return {key: set(sellers) for key, sellers in grouped.iter_rows()}


def _matches(
    old: dict[str, set[str]], new: dict[str, set[str]], *, is_revival: bool = False
) -> dict[str, str]:
    """Component → old id, one to one, best overlap first."""
    of_old: dict[str, list[str]] = {}
    for network_id, sellers in old.items():
        for seller in sellers:
            of_old.setdefault(seller, []).append(network_id)
    pairs = []
    for name, sellers in new.items():
        common: dict[str, int] = {}
        for seller in sellers:
            for network_id in of_old.get(seller, ()):
                common[network_id] = common.get(network_id, 0) + 1
        for network_id, count in common.items():
            size = len(old[network_id])
            if is_revival and count < 2 and count * 2 < size:
                continue
            share = count / (len(sellers) + size - count)
            pairs.append((-count, -share, network_id, min(sellers), name))
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, network_id, _, name in sorted(pairs):
        if name not in found and network_id not in taken:
            found[name] = network_id
            taken.add(network_id)
    return found


def _most(names: Sequence[str]) -> str | None:
    """The commonest name, of equally common ones the smallest; null without any."""
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return min(counts, key=lambda name: (-counts[name], name)) if counts else None


def _new_id(
    born: list[str], sellers: set[str], order: dict[str, object], used: set[str]
) -> str:
    """An id of the first value; of the next where that is taken; then of the earliest two, three … members, numbered."""
    for seed in _seeds(born, sellers, order):
        candidate = f"net-{hashlib.blake2b(seed.encode(), digest_size=ID_DIGITS // 2).hexdigest()}"
        if candidate not in used:
            break
    return candidate


def _seeds(
    born: list[str], sellers: set[str], order: dict[str, object]
) -> Iterator[str]:
    """What an id may be made of, one after the other without end; hardly ever is more than the first asked for."""
    yield from born
    known = [
        (order[seller], seller) for seller in sellers if order.get(seller) is not None
    ]
    # Hardly ever is more than the earliest asked for, and finding it is cheaper than ranking all.
    yield min(known)[1] if known else min(sellers)
    known.sort()
    ranked = [seller for _, seller in known] + sorted(
        seller for seller in sellers if order.get(seller) is None
    )
    for count in range(2, len(ranked) + 1):
        yield "\n".join(ranked[:count])
    everybody = "\n".join(ranked)
    for attempt in itertools.count(len(born) + len(ranked)):
        yield f"{everybody}\n#{attempt}"


def _members(new: dict[str, set[str]], ids: dict[str, str]) -> pl.DataFrame:
    rows = [(ids[name], seller) for name, sellers in new.items() for seller in sellers]
    frame = pl.DataFrame(
        rows, schema=dict(contracts.NETWORK_MEMBERS.columns), orient="row"
    )
    return contracts.NETWORK_MEMBERS.check(frame.sort("network_id", "seller_id"))


def _changes(events: list[tuple[str, str, str]], run_id: str) -> pl.DataFrame:
    rows = [
        (network_id, run_id, event, detail)
        for network_id, event, detail in sorted(events)
    ]
    return contracts.NETWORK_CHANGES.check(
        pl.DataFrame(rows, schema=dict(contracts.NETWORK_CHANGES.columns), orient="row")
    )


def _history(
    history: pl.DataFrame,
    old: dict[str, set[str]],
    ended: dict[str, str],
    revived: set[str],
) -> pl.DataFrame:
    """Retired ids with their last members: those of before that did not revive, and those that ended tonight."""
    rows = [
        (network_id, seller, state)
        for network_id, state in ended.items()
        for seller in old[network_id]
    ]
    added = pl.DataFrame(
        rows, schema=dict(contracts.NETWORK_HISTORY.columns), orient="row"
    )
    kept = history.filter(~pl.col("network_id").is_in(sorted(revived)))
    return contracts.NETWORK_HISTORY.check(
        pl.concat([kept, added]).sort("network_id", "seller_id")
    )
