"""Who copies from whom, as sightings: one row for every post in a family of near-duplicate texts.

In: posts with their families, what posts are doing, how common words are. Out: sightings of kind ``template``.

Invariants: only own offers and vendors' posts own their text; reporters, complainants, commenters and whoever shares a post
mention it; the confidence is the family's specificity (``rarity``), so that copy of the whole trade ties nobody; the
order of rows changes nothing; empty in, empty out.
"""

from __future__ import annotations

import polars as pl

from features import components, holders, hubs, rarity, sightings
from warehouse import contracts

#: Stances in which a text is the seller's own pitch.
PITCHING = ("offer", "vendor")
#: A copy that sounds like something else to the reader is a pitch as well where this share of its family's posts are.
MIN_PITCHING_SHARE = 0.5


def shared(documents: pl.DataFrame, reads: pl.DataFrame) -> pl.DataFrame:
    """Fill in the family of each post.

    Args:
        documents: ``doc_id``, ``template_id``: the family of each document; more columns do no harm.
        reads: contracts.POST_READS.

    Returns:
        contracts.POST_READS in the given order; ``template_id`` is null where no second post is in the family.
    """
    found = reads.drop("template_id").join(
        documents.select("doc_id", "template_id"),
        on="doc_id",
        how="left",
        maintain_order="left",
    )
    return found.with_columns(
        pl.when(pl.len().over("template_id") > 1)
        .then("template_id")
        .alias("template_id")
    ).select(contracts.POST_READS.columns.keys())


def owned(posts: pl.DataFrame, reads: pl.DataFrame) -> pl.DataFrame:
    """Posts in families, and whether the text is their author's own pitch.

    Args:
        posts: ``post_id``, ``seller_id``, ``kind``, ``repost_of``, ``published_at``, ``crawled_at`` of current posts.
        reads: contracts.POST_READS.

    Returns:
        ``post_id``, ``seller_id``, ``doc_id``, ``template_id`` (null outside families), ``is_own``, ``seen_at``. Of an
        author that pitches elsewhere, what was read as something else is a pitch as well where most of its family is one
        (``MIN_PITCHING_SHARE``).
    """
    is_pitch = pl.col("stance").is_in(PITCHING)
    is_copy = (
        (pl.col("stance") != "complaint")
        & (is_pitch.mean().over("template_id") >= MIN_PITCHING_SHARE)
        & is_pitch.any().over("seller_id")
        & pl.col("template_id").is_not_null()
    )
    is_own = (
        (is_pitch | is_copy)
        & ~pl.col("kind").is_in(sightings.BYSTANDER_KINDS)
        & pl.col("repost_of").is_null()
    )
    return posts.join(
        reads.select("post_id", "doc_id", "stance", "template_id"), on="post_id"
    ).select(
        "post_id",
        "seller_id",
        "doc_id",
        "template_id",
        is_own.fill_null(value=False).alias("is_own"),
        pl.min_horizontal("published_at", "crawled_at").alias("seen_at"),
    )


def template_sightings(
    posts: pl.DataFrame, groups: pl.DataFrame, bits: pl.DataFrame
) -> pl.DataFrame:
    """Sightings of text families.

    Args:
        posts: As from ``owned``.
        groups: As from ``groups``.
        bits: ``template_id``, ``bits`` of the families (``rarity.surprise``).

    Returns:
        contracts.SIGHTINGS of kind ``template``, sorted as others are.
    """
    pitches = posts.filter("is_own")
    offers = pitches.group_by("seller_id").agg(pl.len().alias("offer_count"))
    uses = (
        pitches.filter(pl.col("template_id").is_not_null())
        .group_by(pl.col("template_id").alias("family"), "seller_id")
        .agg(pl.len().alias("post_count"))
    )
    found = rarity.specificity(
        uses, offers, groups, bits.rename({"template_id": "family"})
    ).rename({"family": "template_id"})
    return _rows(
        posts.filter(pl.col("template_id").is_not_null())
        .join(found, on="template_id", how="left")
        .rename({"template_id": "value", "specificity": "confidence"})
    )


def variant_sightings(
    posts: pl.DataFrame, groups: pl.DataFrame, found: pl.DataFrame
) -> pl.DataFrame:
    """Sightings of rare mistakes in common copy.

    Args:
        posts: As from ``owned``, with ``copy``.
        groups: As from ``groups``.
        found: As from ``variants.variants``.

    Returns:
        contracts.SIGHTINGS of kind ``template``, the value an id that begins with that of the family; variants of one seller
        are left out. The confidence is the chance that the mistake is no coincidence, for each of the groups of sellers that
        other evidence holds together.
    """
    shown = posts.join(found, on="copy")
    spread = (
        shown.filter("is_own")
        .join(groups, on="seller_id", how="left")
        .group_by("variant")
        .agg(
            pl.col("seller_id").n_unique().alias("sellers"),
            pl.col("group").drop_nulls().n_unique().clip(1, None).alias("groups"),
        )
        .filter(pl.col("sellers") > 1)
    )
    return _rows(
        shown.join(spread, on="variant").select(
            "post_id",
            "seller_id",
            "is_own",
            "seen_at",
            pl.col("variant").alias("value"),
            (pl.col("chance") / pl.col("groups")).round(4).alias("confidence"),
        )
    )


def _rows(shown: pl.DataFrame) -> pl.DataFrame:
    """contracts.SIGHTINGS of ``post_id``, ``seller_id``, ``value``, ``confidence``, ``is_own``, ``seen_at``."""
    return contracts.SIGHTINGS.check(
        shown.select(
            "post_id",
            "seller_id",
            pl.lit("template").alias("kind"),
            "value",
            pl.lit(None, pl.String).alias("raw"),
            pl.lit("text").alias("field"),
            pl.when("is_own")
            .then(pl.lit("own"))
            .otherwise(pl.lit("mentioned"))
            .alias("ownership"),
            pl.col("confidence").fill_null(0.0),
            "seen_at",
        ).sort("seller_id", "post_id", "kind", "value", "seen_at")
    )


def groups(seen: pl.DataFrame) -> pl.DataFrame:
    """Which sellers hang together without what they copy.

    Args:
        seen: contracts.SIGHTINGS.

    Returns:
        ``seller_id``, ``group``: sellers that private contacts of their own tie to at least one other.
    """
    held = (
        seen.filter(
            (pl.col("ownership") == "own")
            & pl.col("kind").is_in(["template", "image", "qr"]).not_()
            & ~holders.is_public_kind()
            & ~hubs.is_listed(pl.col("kind"), pl.col("value"))
        )
        .select("seller_id", "kind", "value")
        .unique()
    )
    held = held.filter(pl.len().over("kind", "value") > 1).sort(
        "kind", "value", "seller_id"
    )
    joint = held.select(pl.struct("kind", "value").rank("dense")).to_series()
    return components.joined_by(held["seller_id"], joint).rename({"component": "group"})
