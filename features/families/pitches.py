"""Who copies from whom, as sightings: one row for every post in a family of near-duplicate texts.

In: posts with their families, what posts are doing, how common words are. Out: sightings of kind ``template``.

Invariants: own offers and vendors' posts own their text, and copies of these that the reader took for something else where
their family says so (``owned``); reporters, complainants, commenters and whoever shares a post mention it; the confidence is the family's specificity (``rarity``), so that copy of the whole trade ties nobody; the
order of rows changes nothing; empty in, empty out.
"""

from __future__ import annotations

import polars as pl

from features.families import rarity
from features.graph import components, holders
from features.indicators import hubs, sightings
from warehouse import contracts

#: Stances in which a text is the seller's own pitch.
PITCHING = ("offer", "vendor")
#: A copy that sounds like something else to the reader is a pitch as well where this share of its family's posts are.
MIN_PITCHING_SHARE = 0.5
#: Turns of phrase that the reader does not know are in every copy, so it misreads a family as a whole. So many authors whose
#: copies it took for offers, and such a share, make an advertisement of a text that calls to its author in most copies:
#: what is merely passed on calls to nobody. (Measured on one market of copied rings, a ring of 40 read as an offer in 11 of
#: 100 copies: B³ of the market 0.82 -> 0.93.)
MIN_OFFERERS, MIN_OFFERING_SHARE, MIN_CALLING_SHARE = 3, 0.1, 0.5
#: The signal of a text that sends its readers to its author without a contact.
CALL = "contact_elsewhere"


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


def calling(seen: pl.DataFrame, signals: pl.DataFrame) -> pl.Series:
    """Distinct ids of posts whose text calls to their author: by a contact of its own, or by pointing to profile or messages.

    Args:
        seen: contracts.SIGHTINGS.
        signals: contracts.SIGNALS.
    """
    contacts = seen.filter(
        (pl.col("ownership") == "own")
        & pl.col("kind").is_in(holders.CONTACT_KINDS)
        & pl.col("field").is_in(["title", "text"])
    )
    calls = signals.filter((pl.col("signal") == CALL) & (pl.col("voice") == "asserted"))
    return pl.concat([contacts["post_id"], calls["post_id"]]).drop_nulls().unique()


def owned(posts: pl.DataFrame, reads: pl.DataFrame, calls: pl.Series) -> pl.DataFrame:
    """Posts in families, and whether the text is their author's own pitch.

    Args:
        posts: ``post_id``, ``seller_id``, ``kind``, ``repost_of``, ``published_at``, ``crawled_at`` of current posts.
        reads: contracts.POST_READS.
        calls: As from ``calling``.

    Returns:
        ``post_id``, ``seller_id``, ``doc_id``, ``template_id`` (null outside families), ``is_own``, ``is_misread``, ``seen_at``.
        Of an author that pitches elsewhere, what was read as something else is a pitch as well where most of its family is
        one (``MIN_PITCHING_SHARE``). In a family that is an advertisement by ``MIN_OFFERERS`` and the shares beside it, what
        was read as ``other`` and calls to its author is an offer, whatever else that author posts: ``is_misread``.
    """
    written = posts.join(
        reads.select("post_id", "doc_id", "stance", "template_id"), on="post_id"
    ).with_columns(
        pl.col("post_id").is_in(calls.implode()).alias("is_calling"),
        (
            ~pl.col("kind").is_in(sightings.BYSTANDER_KINDS)
            & pl.col("repost_of").is_null()
        ).alias("is_authored"),
    )
    is_pitch = pl.col("stance").is_in(PITCHING)
    is_copy = (
        (pl.col("stance") != "complaint")
        & (is_pitch.mean().over("template_id") >= MIN_PITCHING_SHARE)
        & is_pitch.any().over("seller_id")
        & pl.col("template_id").is_not_null()
    )
    is_misread = (
        (pl.col("stance") == "other")
        & pl.col("is_calling")
        & pl.col("is_authored")
        & pl.col("template_id").is_in(_advertisements(written).implode())
    )
    is_own = (is_pitch | is_copy | is_misread) & pl.col("is_authored")
    return written.select(
        "post_id",
        "seller_id",
        "doc_id",
        "template_id",
        is_own.fill_null(value=False).alias("is_own"),
        is_misread.fill_null(value=False).alias("is_misread"),
        pl.min_horizontal("published_at", "crawled_at").alias("seen_at"),
    )


def _advertisements(written: pl.DataFrame) -> pl.Series:
    """Families that are advertisements although the reader took most copies for something else."""
    is_offer, is_vendor = (pl.col("stance") == one for one in ("offer", "vendor"))
    return (
        written.filter(
            pl.col("is_authored")
            & pl.col("template_id").is_not_null()
            & pl.col("stance").is_in(sightings.OWN_STANCES)
        )
        .group_by("template_id")
        .agg(
            pl.col("seller_id").filter(is_offer).n_unique().alias("offerers"),
            is_offer.mean().alias("offering_share"),
            is_vendor.mean().alias("vendor_share"),
            pl.col("is_calling").mean().alias("calling_share"),
        )
        .filter(
            (pl.col("offerers") >= MIN_OFFERERS)
            & (pl.col("offering_share") >= MIN_OFFERING_SHARE)
            & (pl.col("offering_share") > pl.col("vendor_share"))
            & (pl.col("calling_share") >= MIN_CALLING_SHARE)
        )
        .get_column("template_id")
    )


def with_offers(sellers: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """Sellers whose ``offer_count`` also counts misread offers; of those alone that are nothing else, such as vendors.

    Args:
        sellers: contracts.SELLER_FACTS.
        posts: As from ``owned``.
    """
    misread = posts.filter("is_misread").group_by("seller_id").len("misread")
    offers = pl.col("offer_count") + pl.col("misread").fill_null(0).cast(pl.Int64)
    return (
        sellers.join(misread, on="seller_id", how="left", maintain_order="left")
        .with_columns(
            pl.when(pl.col("role") == "other")
            .then(offers)
            .otherwise("offer_count")
            .alias("offer_count")
        )
        .drop("misread")
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
