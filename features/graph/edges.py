"""Edges between sellers that own the same values, and what hangs together by them.

In: ties, claims and rings. Out: contracts.EDGES; components.

Invariants: the number of edges is linear in the number of claims; ``src < dst``; each edge names all values behind it and
lies inside one ring; the order of input rows changes nothing.
"""

from __future__ import annotations

import polars as pl

from features.graph import components
from warehouse import contracts

#: How much one shared value of a kind says. Registry codes and personal contacts point at one operator; contacts are
#: resold now and then; sites and company names are shared by partners and copied by strangers.
KIND_WEIGHTS = {
    "uscc": 1.0, "shop": 1.0, "wechat": 0.9, "qq": 0.9, "telegram": 0.9, "phone": 0.9, "email": 0.9,
    "analytics_id": 0.9, "qq_group": 0.8, "icp": 0.8, "police_filing": 0.8, "domain": 0.7, "url": 0.7, "company": 0.6,
    "account": 0.5, "qr": 0.9, "image": 0.8, "template": 0.8, "brand": 0.3,
}  # fmt: skip
#: Up to this many holders every pair gets an edge; more are chained, so that edges stay linear in holders.
MAX_PAIRED = 5


def seller_edges(
    ties: pl.DataFrame, claims: pl.DataFrame, parts: pl.DataFrame
) -> pl.DataFrame:
    """Edges between sellers of one ring that ties join.

    Up to ``MAX_PAIRED`` sellers of a ring that one tie joins are all paired; more are chained in order of their ids. Each
    pair's evidence is *all* that the two share, also what would not have joined them by itself. The weight of one value
    is ``KIND_WEIGHTS`` × the lower confidence of the two claims / ln(holders + 5), after Adamic and Adar (2003), "Friends
    and neighbors on the Web"; 5 keeps the weight of rare values below 1. A value ties two sellers from the later of their
    first sightings on; an edge was last seen when either of them last showed one of its values.

    Args:
        ties: One row per (``node``, ``seller_id``); ``node`` is an integer that stands for what joins.
        claims: One row per (``key``, ``group``, ``seller_id``) with ``kind``, ``value``, ``degree`` (holders of the
            key), ``confidence``, ``first_seen_at``, ``last_seen_at``: all that may be evidence.
        parts: ``seller_id``, ``component``: the ring of each seller (``rings.communities``).

    Returns:
        contracts.EDGES sorted by (src, dst); evidence sorted by falling weight, kind, value.
    """
    pairs = _pairs(ties.join(parts, on="seller_id"))
    held = claims.select(
        "seller_id", "key", "group", "kind", "value", "degree", "confidence", "first_seen_at", "last_seen_at"
    )  # fmt: skip
    theirs = held.select(
        "seller_id", "key", "group", "confidence", "first_seen_at", "last_seen_at"
    )
    both = pairs.join(held, left_on="src", right_on="seller_id").join(
        theirs,
        left_on=["dst", "key", "group"],
        right_on=["seller_id", "key", "group"],
        suffix="_dst",
    )
    strength = pl.col("kind").replace_strict(KIND_WEIGHTS, return_dtype=pl.Float64)
    # Rounded: the last bits of a logarithm may differ between machines.
    weight = (
        strength
        * pl.min_horizontal("confidence", "confidence_dst")
        / (pl.col("degree") + 5).log()
    ).round(6)
    evidence = (
        both.select(
            "src",
            "dst",
            "key",
            "kind",
            "value",
            weight.alias("weight"),
            pl.max_horizontal("first_seen_at", "first_seen_at_dst").alias(
                "first_seen_at"
            ),
            pl.max_horizontal("last_seen_at", "last_seen_at_dst").alias("last_seen_at"),
        )
        # A pair may be together in two groups of one key.
        .unique(["src", "dst", "key"], keep="first")
        .sort(
            "src",
            "dst",
            "weight",
            "kind",
            "value",
            descending=[False, False, True, False, False],
        )
    )
    return contracts.EDGES.check(
        evidence.group_by("src", "dst", maintain_order=True)
        .agg(
            pl.col("weight").sum().round(6),
            pl.struct("kind", "value", pl.col("weight")).alias("evidence"),
            pl.col("first_seen_at").min(),
            pl.col("last_seen_at").max(),
        )
        .select(contracts.EDGES.columns.keys())
    )


def _pairs(ties: pl.DataFrame) -> pl.DataFrame:
    """Distinct ``src`` < ``dst`` of one ring and tie: all pairs of few, a chain of many."""
    rows = (
        ties.select("node", "component", "seller_id")
        .sort("node", "component", "seller_id")
        .with_columns(pl.len().over("node", "component").alias("size"))
    )
    found = []
    for step in range(1, MAX_PAIRED):
        following = rows.select(
            pl.col("node", "component", "seller_id").shift(-step).name.suffix("_dst")
        )
        found.append(
            pl.concat([rows, following], how="horizontal")
            .filter(
                (pl.col("node") == pl.col("node_dst"))
                & (pl.col("component") == pl.col("component_dst"))
                & ((pl.col("size") <= MAX_PAIRED) if step > 1 else pl.lit(value=True))
            )
            .select(
                pl.col("seller_id").alias("src"), pl.col("seller_id_dst").alias("dst")
            )
        )
    return pl.concat(found).unique()


def edge_components(edges: pl.DataFrame) -> pl.DataFrame:
    """Connected components of the edges.

    Args:
        edges: contracts.EDGES.

    Returns:
        ``seller_id``, ``component`` (its smallest seller id), sorted by (component, seller_id).
    """
    # Each edge is a thing that its two ends share.
    ends = edges.select("src", "dst").with_row_index("edge")
    return components.joined_by(
        pl.concat([ends["src"], ends["dst"]]), pl.concat([ends["edge"], ends["edge"]])
    ).sort("component", "seller_id")
