"""Edges between sellers that own the same values, and what hangs together by them.

In: groups of claims on shared keys (``holders.groups`` without hubs). Out: contracts.EDGES; components.

Invariants: the number of edges is linear in the number of claims; ``src < dst``; each edge names all values behind it;
the order of input rows changes nothing.
"""

from __future__ import annotations

import polars as pl

from features import components
from warehouse import contracts

#: How much one shared value of a kind says. Registry codes and personal contacts point at one operator; contacts are
#: resold now and then; sites and company names are shared by partners and copied by strangers.
KIND_WEIGHTS = {
    "uscc": 1.0, "shop": 1.0, "wechat": 0.9, "qq": 0.9, "telegram": 0.9, "phone": 0.9, "email": 0.9,
    "analytics_id": 0.9, "qq_group": 0.8, "icp": 0.8, "police_filing": 0.8, "domain": 0.7, "url": 0.7, "company": 0.6,
    "account": 0.5,
}  # fmt: skip
#: Up to this many holders every pair gets an edge; more are chained, so that edges stay linear in holders.
MAX_PAIRED = 5


def seller_edges(joined: pl.DataFrame) -> pl.DataFrame:
    """Edges of groups of claims.

    The weight of one value on an edge is ``KIND_WEIGHTS`` × the lower confidence of the two claims / ln(holders + 5),
    after Adamic and Adar (2003), "Friends and neighbors on the Web"; 5 keeps the weight of rare values below 1. A value
    ties two sellers from the later of their first sightings on; an edge was last seen when either of them last showed
    one of its values.

    Args:
        joined: One row per (``key``, ``group``, ``seller_id``) with ``kind``, ``value``, ``degree`` (holders of the
            key), ``confidence``, ``first_seen_at``, ``last_seen_at``.

    Returns:
        contracts.EDGES sorted by (src, dst); evidence sorted by falling weight, kind, value.
    """
    rows = joined.sort("key", "group", "seller_id").with_columns(
        pl.len().over("key", "group").alias("size")
    )
    pairs = []
    same = ("key", "group", "kind", "value", "degree", "size")
    for step in range(1, MAX_PAIRED):
        following = rows.select(
            pl.col(
                "key",
                "group",
                "seller_id",
                "confidence",
                "first_seen_at",
                "last_seen_at",
            )
            .shift(-step)
            .name.suffix("_dst")
        )
        pair = pl.concat([rows, following], how="horizontal").filter(
            (pl.col("key") == pl.col("key_dst"))
            & (pl.col("group") == pl.col("group_dst"))
            & ((pl.col("size") <= MAX_PAIRED) if step > 1 else pl.lit(value=True))
        )
        pairs.append(
            pair.select(
                *same,
                pl.col("seller_id").alias("src"),
                pl.col("seller_id_dst").alias("dst"),
                pl.min_horizontal("confidence", "confidence_dst").alias("confidence"),
                pl.max_horizontal("first_seen_at", "first_seen_at_dst").alias(
                    "first_seen_at"
                ),
                pl.max_horizontal("last_seen_at", "last_seen_at_dst").alias(
                    "last_seen_at"
                ),
            )
        )
    strength = pl.col("kind").replace_strict(KIND_WEIGHTS, return_dtype=pl.Float64)
    # Rounded: the last bits of a logarithm may differ between machines.
    weight = (strength * pl.col("confidence") / (pl.col("degree") + 5).log()).round(6)
    # A pair may be together in two groups of one key.
    evidence = (
        pl.concat(pairs)
        .unique(["src", "dst", "key"], keep="first")
        .with_columns(weight.alias("weight"))
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
