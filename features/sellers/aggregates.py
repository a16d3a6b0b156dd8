"""From rows about posts to one row per seller: the sums, shares and figures behind the catalogue.

In: marked posts (``marks.marked_posts``) and the contracts' rows. Out: frames keyed by ``seller_id``, columns named as
in the catalogue, types still wide. Sums are of integers or exact decimals, so the order of rows changes no byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features import catalogue
from features.sellers import marks

if TYPE_CHECKING:
    from datetime import datetime

#: Names of post flags as the catalogue's features call them.
_TOLD = {"has_fee": "agency_fee", "income": "promised_income"}


def count(name: str, condition: pl.Expr) -> pl.Expr:
    """Number of rows that meet a condition, as Int64; null is no."""
    return condition.cast(pl.Int64).sum().alias(name)


def _total(condition: pl.Expr) -> pl.Expr:
    return condition.cast(pl.Int64).sum()


def distinct(name: str, column: str) -> pl.Expr:
    """Number of distinct values of a column, as Int64."""
    return pl.col(column).n_unique().cast(pl.Int64).alias(name)


def known_complaints(
    complaints: pl.DataFrame, current: pl.DataFrame, link: str = "seller_id"
) -> pl.DataFrame:
    """Complaints whose post is known and that are linked to a seller (or network)."""
    return complaints.filter(pl.col(link).is_not_null()).join(
        current.select("post_id"), on="post_id", how="semi"
    )


def zeros(sellers: pl.DataFrame) -> pl.DataFrame:
    """Counts that no row spoke of are 0; everything else stays null."""
    counts = [
        feature.name
        for feature in catalogue.FEATURES
        if feature.name in sellers.columns and feature.null.startswith("never null; 0")
    ]
    return sellers.with_columns(pl.col(counts).fill_null(0))


def post_aggregates(as_of: datetime) -> list[pl.Expr]:
    """Aggregates over one seller's marked posts."""
    posts = pl.len().cast(pl.Int64)
    pitches = pl.col("is_pitch").sum()
    per_pitch = pl.when(pitches > 0)
    stance = pl.col("stance")
    newest = ("crawled_at", "post_id")
    dated = pl.col("published_at").count()
    span_days = (
        pl.col("published_at").max() - pl.col("published_at").min()
    ).dt.total_seconds() / 86_400
    kinds = pl.sum_horizontal(catalogue.SIGNALS)
    verified = pl.col("author_verified").sort_by(newest).drop_nulls().last()
    shares = [
        (_total(stance == name) / posts).alias(f"{name}_post_share")
        for name in ("offer", "vendor", "report", "complaint", "other")
    ]
    told = [
        expression
        for name in (*catalogue.SIGNALS, "has_fee", "income", "price")
        for expression in (
            count(f"{_TOLD.get(name, name)}_post_count", pl.col(name)),
            per_pitch.then((pl.col(name) & pl.col("is_pitch")).sum() / pitches).alias(
                f"{_TOLD.get(name, name)}_post_share"
            ),
        )
    ]
    return [
        pl.col("platform").min(),
        posts.alias("post_count"),
        (_total(pl.col("is_on_topic")) / posts).alias("on_topic_share"),
        count("offer_post_count", stance == "offer"),
        count("vendor_post_count", stance == "vendor"),
        *shares,
        pl.col("stance_probability")
        .filter(stance == "offer")
        .max()
        .alias("offer_probability_max"),
        *told,
        pl.sum_horizontal(
            pl.col(name).any().cast(pl.Int64) for name in catalogue.SIGNALS
        ).alias("signal_kind_count"),
        kinds.max().alias("signal_kind_max"),
        pl.sum_horizontal(
            pl.col(name).any().cast(pl.Int64) for name in marks.ELEMENTS
        ).alias("script_element_count"),
        pl.sum_horizontal(marks.ELEMENTS).max().alias("script_element_max"),
        count("denial_post_count", pl.col("is_denial")),
        pl.col("fee_in_band_count").sum().alias("agency_fee_in_band_count"),
        *(
            pl.col(f"income_{unit}").max().alias(f"promised_income_{unit}_yuan")
            for unit in ("day", "month", "year")
        ),
        count("fee_and_income_post_count", pl.col("has_fee") & pl.col("has_income")),
        pl.col("author_region").drop_nulls().n_unique().alias("region_count"),
        (1 - pl.col("doc_id").n_unique() / posts).alias("repeated_text_share"),
        pl.when(dated > 0)
        .then(dated / pl.max_horizontal(span_days, pl.lit(1.0)))
        .alias("posts_per_day"),
        span_days.alias("active_days"),
        (
            (pl.lit(as_of) - pl.col("author_created_at").min()).dt.total_seconds()
            / 86_400
        ).alias("account_age_days"),
        pl.col("author_followers")
        .sort_by(newest)
        .drop_nulls()
        .last()
        .alias("followers"),
        pl.col("author_following")
        .sort_by(newest)
        .drop_nulls()
        .last()
        .alias("following"),
        (_total(pl.col("kind") == "listing") / posts).alias("listing_post_share"),
        (_total((pl.col("kind") == "live") | pl.col("live_is_live")) / posts).alias(
            "live_post_share"
        ),
        pl.col("listing_is_promoted").mean().alias("promoted_post_share"),
        (verified == "personal").alias("is_verified_personal"),
        (verified == "business").alias("is_verified_business"),
        verified.is_in(["government", "media"]).alias("is_verified_public"),
        count("policy_conflict_post_count", pl.col("is_conflict")),
    ]


def voices(signals: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Shares of a seller's trope spans that are quoted or denied."""
    voice = pl.col("voice")
    return (
        signals.drop("seller_id")
        .join(current.select("post_id", "seller_id"), on="post_id")
        .group_by("seller_id")
        .agg(
            ((voice == "quoted").sum() / pl.len()).alias("quoted_signal_share"),
            ((voice == "negated").sum() / pl.len()).alias("negated_signal_share"),
        )
    )


def fee_figures(amounts: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Figures of asserted fees and prices over a seller's posts."""
    yuan = pl.col("yuan").cast(pl.Float64)
    fee = yuan.filter(pl.col("role") == "agency_fee")
    return (
        marks.asserted(amounts, current)
        .group_by("seller_id")
        .agg(
            fee.max().alias("agency_fee_max_yuan"),
            fee.median().alias("agency_fee_median_yuan"),
            fee.n_unique().alias("agency_fee_variant_count"),
            yuan.filter(pl.col("role") == "price").median().alias("price_median_yuan"),
        )
    )


def own_contacts(own: pl.DataFrame) -> pl.DataFrame:
    """Own contacts of posts and profile, counted by distinct value."""
    distinct = own.select("seller_id", "kind", "value").unique()
    kind = pl.col("kind")
    return distinct.group_by("seller_id").agg(
        count("own_contact_count", kind.is_in(marks.CONTACTS)),
        kind.filter(kind.is_in(marks.CONTACTS))
        .n_unique()
        .alias("own_contact_kind_count"),
        count("private_contact_count", kind.is_in(marks.PRIVATE)),
        count("registry_id_count", kind.is_in(marks.REGISTRY)),
    )


def shared_texts(current: pl.DataFrame) -> pl.DataFrame:
    """Largest number of other sellers that post one of the seller's texts; reports and complaints are left out."""
    family = pl.coalesce("template_id", "doc_id").alias("family")
    told = (
        current.filter(~pl.col("stance").is_in(["report", "complaint"]))
        .select("seller_id", family)
        .unique()
    )
    return (
        told.with_columns((pl.len().over("family") - 1).alias("others"))
        .group_by("seller_id")
        .agg(pl.col("others").max().alias("shared_text_seller_count"))
    )


def complaint_sums(complaints: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Complaints linked to the seller itself; one sum per complaint, however many links it has."""
    linked = known_complaints(complaints, current)
    single = linked.group_by("seller_id", "post_id").agg(
        pl.col("amount_yuan").max(), pl.col("link_confidence").max()
    )
    claimed = pl.col("amount_yuan")
    return single.group_by("seller_id").agg(
        pl.len().cast(pl.Int64).alias("complaint_count"),
        pl.when(claimed.count() > 0)
        .then(claimed.sum())
        .alias("complaint_claimed_yuan"),
        pl.col("link_confidence").max().alias("complaint_confidence_max"),
    )


def shared_indicators(edges: pl.DataFrame) -> pl.DataFrame:
    """Distinct indicators that tie a seller to others; hubs are no evidence of an edge and so do not count."""
    evidence = (
        edges.select("src", "dst", "evidence").explode("evidence").unnest("evidence")
    )
    ends = pl.concat(
        [
            evidence.select(pl.col(end).alias("seller_id"), "kind", "value")
            for end in ("src", "dst")
        ]
    )
    return (
        ends.drop_nulls("value")
        .unique()
        .group_by("seller_id")
        .agg(pl.len().cast(pl.Int64).alias("shared_indicator_count"))
    )


def network_sums(
    sellers: pl.DataFrame,
    members: pl.DataFrame,
    cities: pl.DataFrame,
    complaints: pl.DataFrame,
) -> pl.DataFrame:
    """What the other members of a seller's network do."""
    inside = members.join(
        sellers.select(
            "seller_id", "platform", "offer_post_count", "agency_fee_post_count"
        ),
        on="seller_id",
    ).with_columns(
        (pl.col("offer_post_count") > 0).cast(pl.Int64).alias("offers"),
        (pl.col("agency_fee_post_count") > 0).cast(pl.Int64).alias("asks"),
    )
    places_named = (
        cities.join(members, on="seller_id")
        .group_by("network_id")
        .agg(distinct("network_city_count", "city"))
    )
    complained = complaints.group_by("network_id").agg(
        distinct("network_complaint_count", "post_id")
    )
    network = "network_id"
    return (
        inside.with_columns(
            pl.len().over(network).alias("network_seller_count"),
            pl.col("platform").n_unique().over(network).alias("network_platform_count"),
            (pl.col("offers").sum().over(network) - pl.col("offers")).alias(
                "network_offer_seller_count"
            ),
            (pl.col("asks").sum().over(network) - pl.col("asks")).alias(
                "network_fee_seller_count"
            ),
        )
        .join(places_named, on=network, how="left")
        .join(complained, on=network, how="left")
        .select(
            "seller_id",
            "network_seller_count",
            "network_platform_count",
            "network_offer_seller_count",
            "network_fee_seller_count",
            "network_city_count",
            "network_complaint_count",
        )
    )
