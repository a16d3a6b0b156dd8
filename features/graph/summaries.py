"""Networks in one row each: how many, how likely, how much, and what they are called.

In: members, facts, indicators, scores, complaints, last night's names. Out: contracts.NETWORKS.

Invariants: the order of input rows changes nothing; a ring that only grows keeps its name; empty in, empty out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from features.sellers import names
from warehouse import contracts

if TYPE_CHECKING:
    from datetime import datetime

#: A network is as likely a scam as the mean of so many strongest members: one misread account cannot lift it, and
#: innocent-looking posts of the others cannot hide it.
STRONGEST_MEMBERS = 3
#: So many times more users make another brand the network's name.
RENAME_FACTOR = 2
#: As long as entries stay listed after their last sight (CONTRACT section 6).
DORMANT_AFTER = timedelta(days=90)


def summaries(  # noqa: PLR0917  one argument per table
    members: pl.DataFrame,
    facts: pl.DataFrame,
    indicators: pl.DataFrame,
    scores: pl.DataFrame,
    complaints: pl.DataFrame,
    previous: pl.DataFrame | None = None,
    *,
    as_of: datetime | None = None,
) -> pl.DataFrame:
    """One row per network.

    Args:
        members: contracts.NETWORK_MEMBERS.
        facts: contracts.SELLER_FACTS.
        indicators: contracts.INDICATORS with networks.
        scores: contracts.SCORES; may be empty.
        complaints: contracts.COMPLAINTS.
        previous: contracts.NETWORKS of the night before, for their names; null takes none.
        as_of: Tonight, for ``is_dormant``: no member was seen for ``DORMANT_AFTER``. Null leaves it null.

    Returns:
        contracts.NETWORKS, sorted. ``display_name`` is the commonest brand among members' names and own companies,
        in its commonest spelling; without one the name of the member that posts most, at last the id. A network that had
        a name keeps it as long as that brand is still in use and no other has more than ``RENAME_FACTOR`` times as many
        users: a ring that only grows is not renamed.
        ``scam_probability`` is the mean of the ``STRONGEST_MEMBERS`` highest of its members; null where none is
        scored. ``max_fee_yuan`` and ``claimed_loss_yuan`` are null where nobody named a sum.
    """
    inside = members.join(facts.drop("network_id"), on="seller_id", how="left")
    sizes = inside.group_by("network_id").agg(
        pl.len().cast(pl.Int64).alias("seller_count"),
        pl.col("seller_id")
        .str.extract(r"^([^:]*)", 1)
        .n_unique()
        .cast(pl.Int64)
        .alias("platform_count"),
        pl.col("max_fee_yuan").max(),
        pl.col("first_seen_at").min(),
        pl.col("last_seen_at").max(),
    )
    owned = indicators.filter(pl.col("network_id").is_not_null())
    counts = owned.group_by("network_id").agg(
        pl.len().cast(pl.Int64).alias("indicator_count")
    )
    strongest = (
        members.join(
            scores.select("seller_id", "scam_probability").drop_nulls(), on="seller_id"
        )
        .group_by("network_id")
        .agg(pl.col("scam_probability").top_k(STRONGEST_MEMBERS).sort().mean().round(6))
    )
    single = (
        complaints.filter(pl.col("network_id").is_not_null())
        .group_by("network_id", "post_id")
        .agg(pl.col("amount_yuan").max())
    )
    claimed = single.group_by("network_id").agg(
        pl.len().cast(pl.Int64).alias("complaint_count"),
        pl.when(pl.col("amount_yuan").count() > 0)
        .then(pl.col("amount_yuan").sum())
        .cast(contracts.MONEY)
        .alias("claimed_loss_yuan"),
    )
    return contracts.NETWORKS.check(
        sizes.join(_display_names(inside, owned, previous), on="network_id", how="left")
        .join(counts, on="network_id", how="left")
        .join(strongest, on="network_id", how="left")
        .join(claimed, on="network_id", how="left")
        .with_columns(
            pl.col("display_name").fill_null(pl.col("network_id")),
            pl.col("indicator_count", "complaint_count").fill_null(0),
            (pl.col("last_seen_at") < _silent_since(as_of)).alias("is_dormant"),
        )
        .select(contracts.NETWORKS.columns.keys())
        .sort("network_id")
    )


def _silent_since(as_of: datetime | None) -> pl.Expr:
    return pl.lit(None if as_of is None else as_of - DORMANT_AFTER, contracts.TIME)


def _display_names(
    inside: pl.DataFrame, owned: pl.DataFrame, previous: pl.DataFrame | None
) -> pl.DataFrame:
    """``network_id``, ``display_name`` where any member has a name."""
    accounts = inside.select(
        "network_id",
        names.clean(pl.col("name")).alias("shown"),
        pl.col("post_count").fill_null(0).alias("support"),
    )
    companies = owned.filter(pl.col("kind") == "company").select(
        "network_id",
        names.clean(pl.col("value")).alias("shown"),
        pl.col("seller_count").alias("support"),
    )
    shown = pl.concat([accounts, companies]).filter(pl.col("shown").is_not_null())
    spelled = shown.with_columns(
        names.core(pl.col("shown")).fill_null(pl.col("shown")).alias("brand")
    )
    branded = ["network_id", "brand"]
    counted = spelled.with_columns(
        pl.len().over(branded).alias("users"),
        pl.col("support").sum().over(branded).alias("posts"),
        pl.len().over("network_id", "brand", "shown").alias("spelling"),
    )
    last = (contracts.NETWORKS.empty() if previous is None else previous).select(
        "network_id", pl.col("display_name").alias("last")
    )
    known = counted.join(last, on="network_id", how="left").with_columns(
        pl.coalesce(names.core(pl.col("last")), "last").alias("last_brand")
    )
    is_kept = (pl.col("brand") == pl.col("last_brand")).fill_null(value=False) & (
        pl.col("users") * RENAME_FACTOR >= pl.col("users").max().over("network_id")
    )
    is_same = (pl.col("shown") == pl.col("last")).fill_null(value=False)
    return (
        known.with_columns(is_kept.alias("is_kept"), (is_kept & is_same).alias("is_same"))
        .sort(
            "network_id", "is_kept", "is_same", "users", "posts", "brand", "spelling", "shown",
            descending=[False, True, True, True, True, False, True, False],
        )
        .unique("network_id", keep="first", maintain_order=True)
        .select("network_id", pl.col("shown").alias("display_name"))
    )  # fmt: skip
