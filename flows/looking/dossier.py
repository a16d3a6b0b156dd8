"""What supports one seller, network, case or watchlist entry, from the published snapshot, and how a terminal shows it.

In: a function that runs a query, and an id. Out: rows by heading. ``explain`` prints them.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Iterable

Row = dict[str, Any]

#: Rows of a kind that a terminal shows.
SHOWN = 12
#: Larger networks are not taken apart while somebody waits.
MAX_LINKS = 50_000


class Query(Protocol):
    """Runs SQL over the snapshot."""

    def __call__(self, sql: str, parameters: Iterable[object] = ()) -> list[Row]:
        """Rows as dictionaries."""


def dossier(query: Query, identity: str) -> Row:
    """All that supports one seller, network, case or watchlist entry.

    Returns:
        ``kind`` (``entry``, ``seller``, ``network``, ``case``) and rows by heading.

    Raises:
        InputError: nothing of that id is in the snapshot.
    """
    entries = query("select * from analyst.watchlist where entry_id = ?", [identity])
    if entries:
        return {"kind": "entry", **_entry(query, entries[0])}
    if query("select 1 from analyst.sellers where seller_id = ?", [identity]):
        return {"kind": "seller", **_seller(query, identity)}
    if query("select 1 from analyst.networks where network_id = ?", [identity]):
        return {"kind": "network", **_network(query, identity)}
    cases = query("select * from analyst.cases where case_id = ?", [identity])
    if cases:
        return {"kind": "case", **_case(query, cases[0])}
    heir = query(
        """select detail from analyst.network_changes where network_id = ? and event = 'merged_into'
        order by run_id desc limit 1""",
        [identity],
    )
    message = (
        f"{identity!r} is merged into {heir[0]['detail']!r}. Explain that one."
        if heir
        else f"{identity!r} is no seller (platform:id), network, case or watchlist entry of the current snapshot. "
        "The views analyst.sellers, analyst.networks, analyst.cases and analyst.watchlist list them."
    )
    raise errors.InputError(message)


def _entry(query: Query, entry: Row) -> Row:
    if entry["entity"] == "seller":
        return {"entry": entry, **_seller(query, entry["value"])}
    return {
        "entry": entry,
        "owners": query(
            """select sellers.seller_id, name, role, sellers.network_id, scam_probability, band,
                max(sightings.seen_at) as last_seen_at
            from analyst.sightings join analyst.sellers using (seller_id)
            where sightings.kind = ? and sightings.value = ? and ownership = 'own'
            group by all order by scam_probability desc nulls last, sellers.seller_id""",
            [entry["entity"], entry["value"]],
        ),
        "sightings": _sightings(query, kind=entry["entity"], value=entry["value"]),
    }


def _case(query: Query, case: Row) -> Row:
    about = (
        _network(query, case["network_id"])
        if case["network_id"]
        else _seller(query, case["seller_id"])
    )
    return {
        "case": case,
        "verdicts": query(
            """select target, verdict, author, decided_at, note, is_current from analyst.verdicts
            where target in (?, ?, ?) order by decided_at""",
            [case["case_id"], case["network_id"], case["seller_id"]],
        ),
        **about,
    }


def _seller(query: Query, seller_id: str) -> Row:
    return {
        "seller": next(
            iter(
                query(
                    "select * from analyst.sellers where seller_id = ?",
                    [seller_id],
                )
            ),
            None,
        ),
        "reasons": query(
            """select rank, reason, family, text_zh, text_en, contribution, evidence_post_id
            from analyst.reasons where seller_id = ? order by rank""",
            [seller_id],
        ),
        "posts": query(
            """select post_id, published_at, stance, stance_probability, title, left(text, 120) as text, url
            from analyst.posts where seller_id = ? order by published_at desc, post_id limit 12""",
            [seller_id],
        ),
        "sightings": _sightings(query, seller_id=seller_id),
        "edges": query(
            """select case when src = ? then dst else src end as other, weight, evidence
            from analyst.edges where src = ? or dst = ? order by weight desc, other limit 12""",
            [seller_id] * 3,
        ),
        "complaints": query(
            """select post_id, target, amount_yuan, link_reason, link_confidence from analyst.complaints
            where seller_id = ? order by link_confidence desc, post_id limit 12""",
            [seller_id],
        ),
    }


def _network(query: Query, network_id: str) -> Row:
    return {
        "network": query(
            "select * from analyst.networks where network_id = ?",
            [network_id],
        )[0],
        "members": query(
            """select seller_id, name, role, scam_probability, band, offer_count, max_fee_yuan
            from analyst.sellers where network_id = ? order by scam_probability desc nulls last, seller_id""",
            [network_id],
        ),
        "indicators": query(
            """select kind, value, seller_count, post_count, first_seen_at, last_seen_at
            from analyst.indicators where network_id = ? and not is_hub
            order by seller_count desc, kind, value limit 12""",
            [network_id],
        ),
        "edges": query(
            """select src, dst, weight, evidence from analyst.edges
            where src in (select seller_id from analyst.sellers where network_id = ?)
            order by weight desc, src, dst limit 12""",
            [network_id],
        ),
        "falls_apart": _falls_apart(query, network_id),
        "complaints": query(
            """select post_id, target, amount_yuan, link_reason, link_confidence from analyst.complaints
            where network_id = ? order by link_confidence desc, post_id limit 12""",
            [network_id],
        ),
        "changes": query(
            """select run_id, network_id, event, detail from analyst.network_changes
            where network_id = ? or detail = ? order by run_id, network_id, event""",
            [network_id] * 2,
        ),
    }


def _falls_apart(query: Query, network_id: str) -> list[Row]:
    """What the network would be without each value, and if a seller did not show a value."""
    # With the graph library beneath it takes a second, and most questions ask for rows only.
    from features.graph import fragility

    rows = query(
        """with shared as (
            select src, dst, unnest(evidence, recursive := true)
            from analyst.edges where src in (select seller_id from analyst.sellers where network_id = ?)
        )
        select src, dst, shared.kind, shared.value,
            shared.weight * ln(coalesce(seller_count, 2) + 5) as strength
        from shared left join analyst.indicators using (kind, value)
        order by all limit ?""",
        [network_id, MAX_LINKS],
    )
    shared: dict[tuple[str, str], dict[tuple[str, str], float]] = {}
    for row in rows:
        values = shared.setdefault((row["src"], row["dst"]), {})
        values[row["kind"], row["value"]] = row["strength"]
    links = [fragility.Link(src, dst, values) for (src, dst), values in shared.items()]
    if len(rows) == MAX_LINKS:
        return []
    losses = [("value", each) for each in fragility.without_values(links)[:SHOWN]] + [
        ("link", each) for each in fragility.bridges(links)[:SHOWN]
    ]
    return [
        {
            "without": kind,
            "what": loss.what,
            "sellers": loss.sellers,
            "parts": list(loss.parts),
            "verdict": "holds"
            if len(loss.parts) == 1
            else f"falls into {len(loss.parts)} parts",
        }
        for kind, loss in losses
    ]


def _sightings(
    query: Query,
    *,
    seller_id: str | None = None,
    kind: str | None = None,
    value: str | None = None,
) -> list[Row]:
    return query(
        """select kind, value, ownership, field, count(*) as count,
            max(seen_at) as last_seen_at, min(post_id) as post_id
        from analyst.sightings where seller_id = ? or (kind = ? and value = ?)
        group by all order by ownership desc, count desc, kind, value, field limit 12""",
        [seller_id, kind, value],
    )


def render(found: Row) -> str:
    """What ``explain`` found, for a terminal."""
    lines: list[str] = []
    for name, value in found.items():
        if name == "kind":
            continue
        rows = value if isinstance(value, list) else [value] if value else []
        lines.append(f"{name} ({len(rows)})" if isinstance(value, list) else name)
        lines.extend(
            "  "
            + "  ".join(
                f"{key}={_shown(each)}" for key, each in row.items() if each is not None
            )
            for row in rows
        )
    return "\n".join(lines)


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, list):
        return ", ".join(_shown(each) for each in value[:SHOWN]) + (
            f" and {len(value) - SHOWN} more" if len(value) > SHOWN else ""
        )
    if isinstance(value, dict) and {"kind", "value", "weight"} <= value.keys():
        return f"{value['kind']}:{value['value']} ({value['weight']:.2g})"
    return " ".join(str(value).split())
