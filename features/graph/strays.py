"""Accidents: a seller of one ring that shows, once, what belongs to another.

In: the claims that would join (``holders.groups`` without hubs). Out: those of them that are accidents and join nobody.

A member pastes another ring's advertisement, a number is mistyped into somebody else's, a picture is copied once. What a seller
lives from it shows again and again, or in its profile; an accident stands in one post. One post is also all that is known of
many a real tie, so a *fleeting* claim is an accident only where everything else says so:

* its seller shows something else firmly that others show as well, and the value is at home with others (``MIN_OTHERS``);
* that post is all that ties two groups of ``MIN_RING`` sellers or more: a second post, seller or value would be no
  coincidence;
* such posts are as rare as accidents are. Where a group would fall into pieces at many of them, it is a sparse ring and they
  are how it hangs together (``PER_ACCIDENT``).

Invariants: an accident joins nobody but is still its seller's claim; a second showing makes it firm; what is judged depends on
the groups concerned alone; the order of rows changes nothing.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from features.families import copies
from features.graph import bridges, components, holders
from features.indicators import keys
from warehouse import contracts

#: Fewer sellers are no ring of their own; fewer other holders are no home of a value, nor what a seller shows one of its own.
MIN_RING, MIN_OTHERS = 3, 2
#: Accidents that need no reason; each further one needs so many sellers that hang together.
FREE_ACCIDENTS = 3
PER_ACCIDENT = 25

_CLAIM = ("key", "seller_id")


def fleeting(rows: pl.DataFrame) -> pl.DataFrame:
    """Claims that stand in one post of a seller that shows something else firmly.

    Args:
        rows: One row per (``key``, ``group``, ``seller_id``) with ``kind``, ``level``, ``confidence``, ``degree``,
            ``first_seen_at``, ``last_seen_at``; groups of one left out.

    Returns:
        ``key``, ``seller_id``, ``seen_at``, ``is_placed`` (what the seller shows firmly has ``MIN_OTHERS`` other
        holders), ``is_disputed``, ``is_copy``; distinct.
    """
    joins_alone = ~copies.is_copied() | (copies.strength() >= copies.JOIN_ALONE)
    is_firm = _is_firm()
    fit = rows.filter(joins_alone & (pl.col("kind") != "brand"))
    others = pl.min_horizontal(pl.col("degree").cast(pl.Int64) - 1, MIN_OTHERS)
    elsewhere = (
        fit.filter(~pl.col("is_disputed"))
        .unique(_CLAIM)
        .group_by("seller_id")
        .agg(others.filter(is_firm).sum().alias("firm"))
    )
    is_placed = pl.col("firm") >= MIN_OTHERS
    is_known = is_placed | ((pl.col("firm") > 0) & (pl.col("degree") > MIN_OTHERS))
    return (
        fit.filter(~is_firm | pl.col("is_disputed"))
        .join(elsewhere, on="seller_id")
        .filter(is_known | pl.col("is_disputed"))
        .select(*_CLAIM, pl.col("first_seen_at").alias("seen_at"), is_placed.alias("is_placed"), "is_disputed", copies.is_copied().alias("is_copy"))
        .unique()
    )  # fmt: skip


def unaccompanied(
    doubtful: pl.DataFrame, sightings: pl.DataFrame, claims: pl.DataFrame
) -> pl.DataFrame:
    """Fleeting claims without those that a post gives beside its seller's firm contact: whoever reads it may choose.

    What a vendor claims as well, and what is copied, is no second way to reach the seller and stays.

    Args:
        doubtful: As from ``fleeting``.
        sightings: contracts.SIGHTINGS.
        claims: As from ``holders.claims``.
    """
    if doubtful.is_empty():
        return doubtful
    firm = claims.filter(_is_firm() & ~copies.is_copied()).select(
        "kind", "value", *_CLAIM
    )
    shown = sightings.filter(pl.col("ownership") == "own").join(
        doubtful, on=["seller_id", "seen_at"], how="semi"
    )
    beside = (
        shown.join(keys.keys_of(shown.select("kind", "value").unique()), on=["kind", "value"])
        .select("seller_id", "seen_at", pl.col("link_kind").alias("kind"), pl.col("link_value").alias("value"))
        .join(firm, on=["kind", "value", "seller_id"])
        .select("seller_id", "seen_at", pl.col("key").alias("other"))
    )  # fmt: skip
    second = doubtful.filter(~(pl.col("is_disputed") | pl.col("is_copy"))).join(
        beside, on=["seller_id", "seen_at"]
    )
    return doubtful.join(
        second.filter(pl.col("key") != pl.col("other")), on=_CLAIM, how="anti"
    )


def _is_firm() -> pl.Expr:
    """Whether a claim stands in a profile, or in posts of two moments."""
    return (pl.col("level") > holders.POSTED) | (
        pl.col("first_seen_at") < pl.col("last_seen_at")
    )


def accidents(
    doubtful: pl.DataFrame, alone: pl.DataFrame, together: pl.DataFrame
) -> pl.DataFrame:
    """Which fleeting claims are accidents.

    Args:
        doubtful: As from ``fleeting``.
        alone: ``key``, ``group``, ``seller_id``: all that joins by itself, doubtful or not.
        together: ``key``, ``seller_id``: what joins together (``copies.split``).

    Returns:
        ``key``, ``seller_id``; distinct.
    """
    rows = pl.concat(
        [
            alone.join(doubtful, on=_CLAIM, how="left").select(
                pl.struct("key", "group").rank("dense").cast(pl.Int64).alias("value"),
                *_CLAIM,
                "seen_at",
                "is_placed",
                "is_disputed",
            ),
            together.select(
                -pl.col("key").cast(pl.Int64).alias("value"),
                *_CLAIM,
                pl.lit(None, contracts.TIME).alias("seen_at"),
                *(
                    pl.lit(None, pl.Boolean).alias(name)
                    for name in ("is_placed", "is_disputed")
                ),
            ),
        ]
    ).unique(["value", "seller_id"])
    placed = rows.join(
        components.joined_by(rows["seller_id"], rows["value"]), on="seller_id"
    )
    placed = placed.filter(pl.col("seen_at").is_not_null().any().over("component"))
    if placed.is_empty():
        return placed.select(_CLAIM)
    posts = placed.join(_posts(placed), on=["seller_id", "seen_at"])
    # Two that show one value are no coincidence; where only one of them has a place elsewhere, the value is the other's.
    count = pl.len().over("value")
    rivals = pl.col("is_placed").sum().over("value")
    is_lonely = pl.when("is_placed").then(rivals == 1).otherwise(count == 1)
    found = posts.filter(is_lonely | pl.col("is_disputed"))
    # What a vendor claims as well needs no rarity.
    event = pl.when(~pl.col("is_disputed")).then(pl.struct("seller_id", "seen_at"))
    further = event.drop_nulls().n_unique().over("component").cast(pl.Int64)
    return (
        found.filter(
            pl.col("is_disputed")
            | ((further - FREE_ACCIDENTS) * PER_ACCIDENT <= pl.col("sellers"))
        )
        .select(_CLAIM)
        .unique()
    )


def _posts(rows: pl.DataFrame) -> pl.DataFrame:
    """Posts that alone tie two parts of a component, of ``MIN_RING`` sellers or more each.

    Args:
        rows: ``value``, ``seller_id``, ``seen_at`` (null where the claim is not doubtful).

    Returns:
        ``seller_id``, ``seen_at``, ``sellers`` (of the component).
    """
    # A post is a thing between its seller and its values, so that two values of one post are one link.
    posts = rows.filter(pl.col("seen_at").is_not_null())
    post = posts.select("seller_id", "seen_at").unique()
    _, seller = components.codes(rows["seller_id"])
    _, value = components.codes(rows["value"])
    sellers = int(seller.max()) + 1
    values = int(value.max()) + 1
    number = posts.join(
        post.with_row_index("post"), on=["seller_id", "seen_at"], how="left", maintain_order="left"
    )["post"].to_numpy().astype(np.int64)  # fmt: skip
    is_post = rows["seen_at"].is_not_null().to_numpy()
    posting = np.zeros(post.height, dtype=np.int64)
    posting[number] = seller[is_post]
    first = np.arange(post.height) + sellers + values
    home, away = bridges.sides(
        np.concatenate([posting, seller[~is_post], first[number]]),
        np.concatenate([first, value[~is_post] + sellers, value[is_post] + sellers]),
        (np.arange(sellers + values + post.height) < sellers).astype(np.int64),
    )
    smaller = pl.Series(np.minimum(home, away)[: post.height])
    return post.with_columns(
        pl.Series("sellers", (home + away)[: post.height])
    ).filter(smaller >= MIN_RING)  # fmt: skip
