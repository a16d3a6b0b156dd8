"""From frames to what a learner takes: a float32 matrix, groups that must not be torn apart, splits.

In: seller features and facts. Out: numpy arrays in the order of the sellers. Invariants: columns are exactly the
catalogue's; sellers of one network never stand on both sides of a split; a split depends on ids and the seed only.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features import catalogue
from warehouse import errors

if TYPE_CHECKING:
    from numpy.typing import NDArray


def matrix(features: pl.DataFrame) -> NDArray[np.float32]:
    """Seller × feature, null as NaN.

    Raises:
        ContractError: columns differ from the catalogue's or are not Float32 (a string column would abort LightGBM).
    """
    found = [name for name in features.columns if name != "seller_id"]
    if found != list(catalogue.NAMES):
        missing = sorted(set(catalogue.NAMES) - set(found))
        extra = sorted(set(found) - set(catalogue.NAMES))
        message = f"Seller features differ from the catalogue: missing {missing}, extra {extra}, or out of order."
        raise errors.ContractError(message)
    wrong = {
        name: features.schema[name]
        for name in found
        if features.schema[name] != pl.Float32()
    }
    if wrong:
        message = f"Seller features must be Float32, found {wrong}."
        raise errors.ContractError(message)
    return np.ascontiguousarray(
        features.select(found).fill_null(float("nan")).to_numpy()
    )


def groups(facts: pl.DataFrame) -> pl.Series:
    """Network of each seller, or the seller itself when alone."""
    return facts.select(pl.coalesce("network_id", "seller_id").alias("group"))["group"]


def folds(group: pl.Series, *, count: int, seed: int) -> NDArray[np.int64]:
    """Fold of each row, 0 to ``count`` − 1; a group lies in one fold, folds hold about equally many groups."""
    distinct = group.unique().sort()
    order = sorted(
        distinct,
        key=lambda name: hashlib.blake2b(
            f"{seed}:{name}".encode(), digest_size=8
        ).digest(),
    )
    places = pl.DataFrame(
        {"group": order, "fold": [at % count for at in range(len(order))]},
        schema={"group": pl.String, "fold": pl.Int64},
    )
    rows = pl.DataFrame({"group": group}).join(
        places, on="group", how="left", maintain_order="left"
    )
    return rows["fold"].to_numpy()


def newest(facts: pl.DataFrame, *, share: float) -> NDArray[np.bool_]:
    """Rows of the groups that appeared last: a group counts from its first member, so no network is on both sides.

    Args:
        facts: contracts.SELLER_FACTS.
        share: Share of groups that is held out; a moment shared by several groups goes to the older side.

    Returns:
        True for rows of the later window.
    """
    born = facts.select(
        groups(facts), pl.col("first_seen_at").min().over(groups(facts)).alias("born")
    )
    moments = born.unique()["born"].sort()
    if moments.is_empty():
        return np.zeros(0, dtype=np.bool_)
    cut = moments[min(int(len(moments) * (1 - share)), len(moments) - 1)]
    return born.select((pl.col("born") > cut).alias("later"))["later"].to_numpy()
