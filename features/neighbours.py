"""What a seller's linked sellers do: aggregates over one and two hops of the edge table.

In: sellers with base features and edges. Out: one row per seller in the given order. Only base features travel, never a
score: a seller's own score is no evidence for its neighbours. Sums run in row order over sparse matrices, so equal
input gives equal bytes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from scipy import sparse


def adjacency(sellers: pl.Series, edges: pl.DataFrame) -> Any:  # noqa: ANN401  SciPy ships no types
    """Symmetric sparse matrix of edge weights over the sellers.

    Args:
        sellers: Distinct seller ids; their position is the row.
        edges: ``src``, ``dst``, ``weight``; ends that are no seller here are left out.

    Returns:
        SciPy CSR array, sellers × sellers, with sorted column indices; zeros where no edge is.
    """
    rows = pl.DataFrame({"seller_id": sellers}).with_row_index("row")
    ends = (
        edges.select("src", "dst", "weight")
        .join(rows.rename({"seller_id": "src", "row": "src_row"}), on="src")
        .join(rows.rename({"seller_id": "dst", "row": "dst_row"}), on="dst")
        .sort("src_row", "dst_row")
    )
    src, dst = ends["src_row"].to_numpy(), ends["dst_row"].to_numpy()
    weight = ends["weight"].to_numpy()
    matrix = sparse.csr_array(
        (
            np.concatenate([weight, weight]),
            (np.concatenate([src, dst]), np.concatenate([dst, src])),
        ),
        shape=(len(sellers), len(sellers)),
    )
    matrix.sort_indices()
    return matrix


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
    weights = adjacency(base["seller_id"], edges)
    links = weights.copy()
    links.data = np.ones_like(links.data)
    degree = np.asarray(links.sum(axis=1)).ravel()
    columns = {
        name: base[name].cast(pl.Float64).fill_null(0.0).to_numpy()
        for name in base.columns
        if name != "seller_id"
    }
    out: dict[str, Any] = {
        "neighbour_count": degree,
        "neighbour_weight": np.asarray(weights.sum(axis=1)).ravel(),
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
        out[name] = _row_max(links, columns[source])
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


def _row_max(links: Any, values: Any) -> Any:  # noqa: ANN401
    """Maximum of the values over each row's neighbours, NaN without any."""
    out = np.full(links.shape[0], np.nan)
    starts = links.indptr[:-1]
    filled = np.diff(links.indptr) > 0
    if filled.any():
        out[filled] = np.maximum.reduceat(values[links.indices], starts[filled])
    return out
