"""Which post shows what about a seller: the pointers that reasons need.

In: the contracts' frames as of a moment. Out: one row per seller and kind of evidence (``Feature.evidence`` of the
catalogue): ``seller_id``, ``key``, ``post_id``, sorted. Every seller has the key ``post``, its most telling post. Later
rows change nothing; among posts that show the same, the fullest, then the newest, then the last id is named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.sellers import marks

if TYPE_CHECKING:
    from datetime import datetime

SCHEMA = {"seller_id": pl.String(), "key": pl.String(), "post_id": pl.String()}

#: Which stance tells most of an account, when only one post can be named.
_TELLING = {"offer": 4, "vendor": 3, "complaint": 2, "report": 2, "other": 1}


def evidence_posts(  # noqa: PLR0917  one argument per table
    posts: pl.DataFrame,
    post_reads: pl.DataFrame,
    signals: pl.DataFrame,
    amounts: pl.DataFrame,
    sightings: pl.DataFrame,
    edges: pl.DataFrame,
    members: pl.DataFrame,
    complaints: pl.DataFrame,
    *,
    as_of: datetime,
    policy_conflicts: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Name a post for everything a seller shows.

    Args:
        posts: ``marks.POST_COLUMNS`` of contracts.RAW_POSTS.
        post_reads: contracts.POST_READS at ``as_of``.
        signals: contracts.SIGNALS.
        amounts: contracts.AMOUNTS.
        sightings: contracts.SIGHTINGS.
        edges: contracts.EDGES.
        members: contracts.NETWORK_MEMBERS.
        complaints: contracts.COMPLAINTS.
        as_of: Knowledge limit.
        policy_conflicts: contracts.POLICY_CONFLICTS, if judged.

    Returns:
        ``SCHEMA``, one row per (seller_id, key). A link that shows only in a profile points at a linked seller's post
        with the shared value; a complaint against the network stands in where the seller itself has none.
    """
    current = marks.current_posts(posts, post_reads, as_of=as_of)
    told = marks.asserted(signals, current)
    money = marks.asserted(amounts, current)
    own = sightings.filter(
        (pl.col("ownership") == "own")
        & (pl.col("seen_at") <= as_of)
        & pl.col("post_id").is_not_null()
    )
    # How full a post is: distinct tropes and kinds of sums that it asserts.
    fullness = (
        pl.concat(
            [
                told.select("post_id", pl.col("signal").alias("what")),
                money.select("post_id", pl.col("role").alias("what")),
            ]
        )
        .unique()
        .group_by("post_id")
        .agg(pl.len().cast(pl.Float64).alias("fullness"))
    )
    telling = pl.col("stance").replace_strict(
        _TELLING, default=0, return_dtype=pl.Float64
    )
    probability = pl.col("stance_probability").fill_null(0.0)
    shown = [
        current.select(
            "seller_id",
            pl.lit("post").alias("key"),
            "post_id",
            (telling + probability).alias("strength"),
        ),
        current.select(
            "seller_id",
            pl.format("stance:{}", "stance").alias("key"),
            "post_id",
            probability.alias("strength"),
        ),
        _keyed(told, pl.format("signal:{}", "signal")),
        _keyed(told, pl.lit("script")),
        _keyed(money, pl.format("amount:{}", "role"), pl.col("yuan").cast(pl.Float64)),
        _keyed(own.filter(pl.col("kind").is_in(marks.CONTACTS)), pl.lit("contact")),
        _keyed(marks.denials(signals, current), pl.lit("denial")),
        _links(edges.filter(pl.col("first_seen_at") <= as_of), own),
        _complaints(complaints, members),
    ]
    if policy_conflicts is not None:
        conflicting = current.join(
            policy_conflicts.select("post_id").unique(), on="post_id", how="semi"
        )
        shown.append(_keyed(conflicting, pl.lit("policy")))
    return (
        pl.concat(shown)
        .join(current.select("post_id", "crawled_at"), on="post_id")
        .join(fullness, on="post_id", how="left")
        .sort(
            "seller_id",
            "key",
            "strength",
            pl.col("fullness").fill_null(0.0),
            "crawled_at",
            "post_id",
        )
        .unique(["seller_id", "key"], keep="last", maintain_order=True)
        .select(list(SCHEMA))
    )


def _keyed(
    rows: pl.DataFrame, key: pl.Expr, strength: pl.Expr | None = None
) -> pl.DataFrame:
    strength = pl.lit(0.0) if strength is None else strength
    return rows.select(
        "seller_id", key.alias("key"), "post_id", strength.alias("strength")
    )


def _links(edges: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Posts with a value that ties the seller to another: its own before the other's."""
    shared = (
        edges.select("src", "dst", "evidence").explode("evidence").unnest("evidence")
    )
    ends = pl.concat(
        [
            shared.select(
                pl.col(mine).alias("seller_id"),
                pl.col(its).alias("other"),
                "kind",
                "value",
                "weight",
            )
            for mine, its in (("src", "dst"), ("dst", "src"))
        ]
    )
    places = own.select(
        pl.col("seller_id").alias("poster"), "kind", "value", "post_id"
    ).unique()
    mine = ends.join(
        places,
        left_on=["seller_id", "kind", "value"],
        right_on=["poster", "kind", "value"],
    )
    its = ends.join(
        places, left_on=["other", "kind", "value"], right_on=["poster", "kind", "value"]
    )
    weight = pl.col("weight").fill_null(0.0)
    return pl.concat(
        [
            _keyed(
                mine, pl.lit("link"), weight + 1e6
            ),  # own posts come before any weight
            _keyed(its, pl.lit("link"), weight),
        ]
    )


def _complaints(complaints: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Complaints against the seller, then those against its network."""
    confidence = pl.col("link_confidence").fill_null(0.0)
    direct = complaints.filter(pl.col("seller_id").is_not_null())
    around = (
        complaints.filter(pl.col("network_id").is_not_null())
        .drop("seller_id")
        .join(members.select("network_id", "seller_id"), on="network_id")
    )
    return pl.concat(
        [
            _keyed(direct, pl.lit("complaint"), confidence + 1),
            _keyed(around, pl.lit("complaint"), confidence),
        ]
    )
