"""What each current post shows, one row per post: the step between what was read and what a seller is.

In: posts, reads, signals, amounts, sightings of contracts. Out: frames keyed by ``post_id``. Invariants: versions
crawled after ``as_of`` are gone; only asserted rows mark a post, and none in a report or complaint (CONTRACT §7.6).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features import catalogue
from features.writing import places

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

#: What is read of contracts.RAW_POSTS.
POST_COLUMNS: tuple[str, ...] = (
    "post_id", "crawled_at", "platform", "kind", "seller_id", "published_at", "title", "text",
    "author_name", "author_url", "author_verified", "author_followers", "author_following",
    "author_created_at", "author_region", "live_is_live", "listing_is_promoted",
)  # fmt: skip

PRIVATE = ("wechat", "qq", "qq_group", "phone", "telegram")
REGISTRY = ("company", "uscc", "icp", "police_filing")
CONTACTS = (*PRIVATE, "email", "domain", "url", "account")

#: Tropes whose denial only an honest offer has a use for.
DENIABLE = (
    "guaranteed_income",
    "passive_income",
    "recruitment_tiers",
    "no_refund",
    "ban_evasion",
)

#: The script that outlives the technology noun (DOMAIN §9): offer, fee, income, recruiting, scarcity, a way to reach.
ELEMENTS = (
    "has_offer",
    "has_fee",
    "has_income",
    "has_recruiting",
    "has_scarcity",
    "has_contact",
)


def current_posts(
    posts: pl.DataFrame, post_reads: pl.DataFrame, *, as_of: datetime
) -> pl.DataFrame:
    """The versions of posts that were current at ``as_of``, with their reads.

    Args:
        posts: ``POST_COLUMNS`` of contracts.RAW_POSTS, any number of versions per post.
        post_reads: contracts.POST_READS.
        as_of: Knowledge limit; later versions are dropped.

    Returns:
        One row per post with the columns of both, sorted by ``post_id``. A publication date after ``as_of`` is a claim
        about the future and becomes null.
    """
    published = pl.col("published_at")
    known = post_reads.filter(pl.col("crawled_at") <= as_of)
    return (
        posts.select(POST_COLUMNS)
        .join(known, on=["post_id", "crawled_at"])
        .with_columns(pl.when(published <= as_of).then(published).alias("published_at"))
        .sort("post_id")
    )


def asserted(rows: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Asserted signals or amounts of current posts, never those of a report or complaint.

    Args:
        rows: contracts.SIGNALS or contracts.AMOUNTS.
        current: As from ``current_posts``; the seller is the post's.

    Returns:
        The rows kept, ``seller_id`` last.
    """
    speaking = current.filter(~pl.col("stance").is_in(["report", "complaint"]))
    return (
        rows.filter(pl.col("voice") == "asserted")
        .drop("seller_id")
        .join(speaking.select("post_id", "seller_id"), on="post_id")
    )


def denials(signals: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Posts that deny a trope: ``post_id``, ``seller_id``, one row each; not those of reports and complaints."""
    speaking = current.filter(~pl.col("stance").is_in(["report", "complaint"]))
    denied = signals.filter(
        (pl.col("voice") == "negated") & pl.col("signal").is_in(DENIABLE)
    )
    return speaking.join(
        denied.select("post_id").unique(), on="post_id", how="semi"
    ).select("post_id", "seller_id")


def marked_posts(
    current: pl.DataFrame,
    signals: pl.DataFrame,
    amounts: pl.DataFrame,
    own: pl.DataFrame,
    *,
    fee_bands: Sequence[tuple[float, float]],
    policy_conflicts: pl.DataFrame,
) -> pl.DataFrame:
    """The current posts with what each shows.

    Args:
        current: As from ``current_posts``.
        signals: contracts.SIGNALS.
        amounts: contracts.AMOUNTS.
        own: contracts.SIGHTINGS, own ones known at the moment.
        fee_bands: The pack's usual agency fees, yuan from and to, both included.
        policy_conflicts: contracts.POLICY_CONFLICTS.

    Returns:
        ``current`` plus one flag per signal (by its name), ``fee_yuan`` (highest), ``fee_in_band_count``, ``price``
        and ``income`` flags, ``income_{day,month,year}`` yuan, ``ELEMENTS``, ``is_pitch``, ``is_denial``,
        ``is_conflict``. Flags are never null.
    """
    yuan = pl.col("yuan").cast(pl.Float64)
    in_band = pl.any_horizontal(
        pl.lit(value=False), *(yuan.is_between(low, high) for low, high in fee_bands)
    )

    def role(name: str) -> pl.Expr:
        return pl.col("role") == name

    spoken = asserted(signals, current).select("post_id", "signal").unique()
    told = spoken.group_by("post_id").agg(
        *((pl.col("signal") == name).any().alias(name) for name in catalogue.SIGNALS)
    )
    money = (
        asserted(amounts, current)
        .group_by("post_id")
        .agg(
            yuan.filter(role("agency_fee")).max().alias("fee_yuan"),
            (role("agency_fee") & in_band)
            .sum()
            .cast(pl.Int64)
            .alias("fee_in_band_count"),
            role("price").any().alias("price"),
            role("promised_income").any().alias("income"),
            *(
                yuan.filter(role("promised_income") & (pl.col("period") == period))
                .max()
                .alias(f"income_{period}")
                for period in ("day", "month", "year")
            ),
        )
    )
    reached = (
        own.filter(pl.col("kind").is_in(CONTACTS))
        .select("post_id")
        .drop_nulls()
        .unique()
    )
    flags = (*catalogue.SIGNALS, "price", "income")
    denied = denials(signals, current)["post_id"].implode()
    conflicting = policy_conflicts["post_id"].implode()
    joined = current.join(told, on="post_id", how="left").join(
        money, on="post_id", how="left"
    )
    return joined.with_columns(
        pl.col(flags).fill_null(value=False),
        pl.col("fee_in_band_count").fill_null(0),
        pl.col("stance").is_in(["offer", "vendor"]).alias("is_pitch"),
        pl.col("post_id").is_in(denied).alias("is_denial"),
        pl.col("post_id").is_in(conflicting).alias("is_conflict"),
        (pl.col("stance") == "offer").alias("has_offer"),
        pl.col("fee_yuan").is_not_null().alias("has_fee"),
    ).with_columns(
        pl.any_horizontal("income", "guaranteed_income", "passive_income").alias(
            "has_income"
        ),
        pl.any_horizontal("recruitment_tiers", "refund_on_target").alias(
            "has_recruiting"
        ),
        pl.any_horizontal("urgency", "fomo").alias("has_scarcity"),
        (
            pl.col("contact_elsewhere")
            | pl.col("post_id").is_in(reached["post_id"].implode())
        ).alias("has_contact"),
    )


def cities(current: pl.DataFrame) -> pl.DataFrame:
    """Places named by each seller outside reports and complaints: ``seller_id``, ``city``, distinct and sorted."""
    speaking = current.filter(~pl.col("stance").is_in(["report", "complaint"]))
    text = pl.concat_str(
        [pl.col("title"), pl.col("text")], separator=" ", ignore_nulls=True
    )
    found = (
        speaking.unique("doc_id", keep="any")
        .select(
            "doc_id",
            text.str.extract_many(list(places.PLACES), leftmost=True).alias("city"),
        )
        .explode("city")
        .drop_nulls("city")
        .unique()
    )
    return (
        speaking.select("seller_id", "doc_id")
        .join(found, on="doc_id")
        .select("seller_id", "city")
        .unique()
        .sort("seller_id", "city")
    )
