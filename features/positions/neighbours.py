"""What a seller's linked sellers do: aggregates over one and two hops of the edge table.

In: sellers with base features and edges. Out: one row per seller in the given order. Only base features travel, never a
score: a seller's own score is no evidence for its neighbours. Sums run in row order over sparse matrices, so equal
input gives equal bytes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from features.positions import hops


def neighbour_features(base: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Mean and maximum of base features over the linked sellers.

    Args:
        base: One row per seller: ``seller_id``, ``offer_post_share``, ``vendor_post_share``, ``has_fee``,
            ``signal_kind_count``, ``script_element_count``; nulls count as 0.
        edges: contracts.EDGES as known at the moment of interest.

    Returns:
        Float64 columns in the order of ``base``'s rows: ``neighbour_count``, ``neighbour_weight``, the means
        (``neighbour_…_mean``, ``neighbour_fee_share``), maxima (``neighbour_…_max``) and two-hop means
        (``two_hop_…_mean``), which are over walks of two steps that do not come back. Null without such neighbours.
    """
    sellers = base.select(pl.col("seller_id").alias("id"))["id"]
    inside = pl.col("src").is_in(sellers.implode()) & pl.col("dst").is_in(
        sellers.implode()
    )
    graph = hops.links(sellers, edges.select("src", "dst", "weight").filter(inside))
    links = graph.ones.astype(np.float64)
    degree = graph.degree
    columns = {
        name: base[name].cast(pl.Float64).fill_null(0.0).to_numpy()
        for name in base.columns
        if name != "seller_id"
    }
    out: dict[str, Any] = {
        "neighbour_count": degree,
        "neighbour_weight": np.asarray(graph.weight.sum(axis=1)).ravel(),
    }
    for name, source in (
        ("neighbour_offer_share_mean", "offer_post_share"),
        ("neighbour_vendor_share_mean", "vendor_post_share"),
        ("neighbour_fee_share", "has_fee"),
        ("neighbour_signal_kind_mean", "signal_kind_count"),
        ("neighbour_script_element_mean", "script_element_count"),
    ):
        out[name] = _ratio(links @ columns[source], degree)
    for name, source in (
        ("neighbour_offer_share_max", "offer_post_share"),
        ("neighbour_signal_kind_max", "signal_kind_count"),
    ):
        out[name] = hops.row_extreme(links, columns[source], np.maximum)
    # Walks i → n → j with j ≠ i: sum over n of (sum of n's neighbours − i's own value).
    steps = links @ degree - degree
    for name, source in (
        ("two_hop_offer_share_mean", "offer_post_share"),
        ("two_hop_script_element_mean", "script_element_count"),
    ):
        values = columns[source]
        out[name] = _ratio(links @ (links @ values) - degree * values, steps)
    return pl.DataFrame(out).with_columns(pl.all().fill_nan(None))


def _ratio(total: Any, count: Any) -> Any:  # noqa: ANN401
    """``total / count``, NaN where the count is 0; rounding dust below 0 is cut."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(count > 0, np.maximum(total, 0.0) / count, np.nan)
