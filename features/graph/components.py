"""Connected components of who shows what, in linear time.

In: sellers and the things that they share. Out: one component per seller, named by its smallest seller id, so that the
order of rows changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse import csgraph

if TYPE_CHECKING:
    import numpy.typing as npt


def joined_by(left: pl.Series, right: pl.Series) -> pl.DataFrame:
    """Connected components of a bipartite graph.

    Args:
        left: Seller ids.
        right: What each is joined to, same length, no nulls.

    Returns:
        ``seller_id``, ``component``: one row per distinct seller; a component is named by its smallest seller id.
    """
    if left.is_empty():
        return pl.DataFrame(schema={"seller_id": pl.String, "component": pl.String})
    sellers, rows = codes(left)
    values, columns = codes(right)
    size = sellers.len() + values.len()
    ones = np.ones(rows.shape[0], dtype=np.int8)
    graph = sparse.coo_array(
        (ones, (rows, columns + sellers.len())), shape=(size, size)
    )
    _, labels = csgraph.connected_components(graph.tocsr(), directed=False)
    found = pl.DataFrame({"seller_id": sellers, "label": labels[: sellers.len()]})
    return found.select(
        "seller_id", pl.col("seller_id").min().over("label").alias("component")
    )


def codes(values: pl.Series) -> tuple[pl.Series, npt.NDArray[np.int64]]:
    """Distinct values, sorted, and each row's position among them."""
    distinct = values.unique().sort()
    table = pl.DataFrame({"value": distinct}).with_row_index("code")
    codes = values.to_frame("value").join(
        table, on="value", how="left", maintain_order="left"
    )["code"]
    return distinct, codes.to_numpy().astype(np.int64)
