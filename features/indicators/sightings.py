"""Every indicator in every post and profile, and whether whoever shows it owns it.

In: current posts with their structured fields, what was read in their documents, profiles and picture texts. Out:
contracts.SIGHTINGS, one row per post (or profile version) × indicator.

Invariants: ``value`` is canonical (``features.indicators.canonical``), so equal things are equal strings whether they were read in text or
came in a field. ``own`` needs three things: the wording says so, the post does not report, complain or comment, and it
is the author's own post. Structured facts about the account itself (its shop, its registry entry, its site) are own.
Row order of the input changes nothing; empty in, empty out.
"""

from __future__ import annotations

import polars as pl

from features.indicators import canonical, qr, selves
from warehouse import contracts

#: Whoever writes these is no subject of ours, and what stands in them is about somebody else.
BYSTANDER_KINDS = ("comment", "complaint")
#: Stances in which an author speaks for itself; a report or a complaint names other people's contacts.
OWN_STANCES = ("offer", "vendor", "other")
#: Stances in which a bare link is the author's own site; elsewhere people link to what they talk about.
LINKING_STANCES = ("offer", "vendor")

#: Where two places of one post show the same indicator, the row keeps the more authoritative one.
FIELD_ORDER = (
    "identifiers", "listing", "ad", "bio", "name", "complaint", "link", "text", "title", "media", "mention",
)  # fmt: skip

#: How sure it is that the value is what its kind says. Fields that a platform or a register fills are certain.
STRUCTURED_CONFIDENCE = 1.0
LINK_CONFIDENCE = 0.95
TARGET_CONFIDENCE = (
    0.9  # typed by a complainant, often checked against the board's list of companies
)
MENTION_CONFIDENCE = 0.5  # a nickname, not an id

_ROW = (
    "post_id",
    "seller_id",
    "kind",
    "value",
    "raw",
    "field",
    "ownership",
    "confidence",
    "seen_at",
)
#: In which sightings are sorted.
ORDER = ("seller_id", "post_id", "kind", "value", "seen_at")
_POST = (
    "post_id",
    "seller_id",
    "platform",
    "seen_at",
    "is_authored",
    "is_linking",
    "is_bystander",
    "is_landing",
)


def sightings(
    posts: pl.DataFrame,
    post_reads: pl.DataFrame,
    doc_contacts: pl.DataFrame,
    profiles: pl.DataFrame,
    ocr: pl.DataFrame,
) -> pl.DataFrame:
    """All sightings of indicators in posts current at some moment.

    Args:
        posts: Columns of contracts.RAW_POSTS but title and text, one row per post (its version current at the moment).
            Only ids, kind, platform, times and the structured fields are used.
        post_reads: contracts.POST_READS of these posts; a post without one gives only what it mentions.
        doc_contacts: contracts.DOC_CONTACTS of the documents of posts, profiles and pictures.
        profiles: ``seller_id``, ``doc_id``, ``seen_at``, ``kind`` (of the post that carried the profile): documents
            with the name as title and the bio as text. Those of complainants and commenters give nothing.
        ocr: ``post_id``, ``doc_id``: documents made of the text in a post's pictures.

    Returns:
        contracts.SIGHTINGS, sorted by (seller_id, post_id, kind, value, seen_at), null ``post_id`` (a profile) first.
        One row per post or profile version × indicator; of several places the owned one, then the most authoritative
        field. ``seen_at`` is the publication time, at the latest the time of the crawl. ``raw`` is the value as found.
    """
    facts = _facts(posts, post_reads)
    contacts = _canonical_contacts(doc_contacts)
    rows = [
        _in_text(facts, contacts),
        _in_profiles(profiles, contacts),
        _in_pictures(facts, contacts, ocr),
        _in_links(facts, posts),
        _own_sites(facts, posts),
        _in_mentions(facts, posts),
        _in_media(facts, posts),
        _in_identifiers(facts, posts),
        *_in_fields(facts, posts),
    ]
    found = pl.concat([frame.select(_ROW) for frame in rows]).filter(
        pl.col("value").is_not_null()
    )
    named = found.filter(pl.col("kind") == "account")["value"]
    found = pl.concat(
        [found, selves.own_handles(posts, named, BYSTANDER_KINDS).select(_ROW)]
    )
    place = pl.col("field").replace_strict(
        list(FIELD_ORDER), list(range(len(FIELD_ORDER))), return_dtype=pl.Int8
    )
    found = (
        found.with_columns(place.alias("place"), (pl.col("ownership") != "own").alias("is_mention"))
        .sort(
            "seller_id", "post_id", "kind", "value", "seen_at", "is_mention", "place", "confidence", "raw",
            descending=[False, False, False, False, False, False, False, True, False],
        )
        .unique(["seller_id", "post_id", "kind", "value", "seen_at"], keep="first", maintain_order=True)
    )  # fmt: skip
    return contracts.SIGHTINGS.check(found.select(_ROW))


def _facts(posts: pl.DataFrame, post_reads: pl.DataFrame) -> pl.DataFrame:
    """One row per post: who, when, and for whom it speaks."""
    bystander = pl.col("kind").is_in(BYSTANDER_KINDS)
    # Sharing somebody's post says that he said it.
    authored = (
        pl.col("stance").is_in(OWN_STANCES) & ~bystander & pl.col("repost_of").is_null()
    )
    return (
        posts.select(
            "post_id",
            "seller_id",
            "platform",
            "kind",
            "published_at",
            "crawled_at",
            "repost_of",
        )
        .join(
            post_reads.select("post_id", "doc_id", "stance"), on="post_id", how="left"
        )
        .with_columns(
            # A publication time after the crawl is a mistake of the source: nobody saw it then.
            pl.min_horizontal("published_at", "crawled_at").alias("seen_at"),
            authored.fill_null(value=False).alias("is_authored"),
            pl.col("stance")
            .is_in(LINKING_STANCES)
            .fill_null(value=False)
            .alias("is_linking"),
            bystander.alias("is_bystander"),
            (pl.col("platform") == "landing").alias("is_landing"),
        )
        .select(*_POST, "doc_id")
    )


def _canonical_contacts(doc_contacts: pl.DataFrame) -> pl.DataFrame:
    """Contacts of documents with canonical values."""
    chosen = pl.col("value")
    for kind in canonical.KINDS:
        chosen = (
            pl.when(pl.col("kind") == kind)
            .then(canonical.value_of(kind, pl.col("value")))
            .otherwise(chosen)
        )
    return doc_contacts.filter(pl.col("kind").is_in(canonical.KINDS)).select(
        "doc_id",
        "kind",
        chosen.alias("value"),
        "raw",
        "field",
        "ownership",
        "confidence",
    )


def _owned_if(condition: pl.Expr) -> pl.Expr:
    return (
        pl.when(condition)
        .then(pl.lit("own"))
        .otherwise(pl.lit("mentioned"))
        .alias("ownership")
    )


def _in_text(facts: pl.DataFrame, contacts: pl.DataFrame) -> pl.DataFrame:
    own = (pl.col("ownership") == "own") & pl.col("is_authored")
    return facts.join(contacts, on="doc_id").with_columns(
        _owned_if(own), _of_platform()
    )


def _of_platform() -> pl.Expr:
    """Values with those of accounts made ``platform:handle``: where no platform is named, a post means its own."""
    is_bare = (pl.col("kind") == "account") & ~pl.col("value").str.contains(
        ":", literal=True
    )
    return (
        pl.when(is_bare)
        .then(pl.col("platform") + ":" + pl.col("value"))
        .otherwise("value")
        .alias("value")
    )


def _in_profiles(profiles: pl.DataFrame, contacts: pl.DataFrame) -> pl.DataFrame:
    field = (
        pl.when(pl.col("field") == "title")
        .then(pl.lit("name"))
        .otherwise(pl.lit("bio"))
    )
    return (
        profiles.filter(~pl.col("kind").is_in(BYSTANDER_KINDS))
        .select("seller_id", "doc_id", "seen_at")
        .join(contacts, on="doc_id")
        .with_columns(
            pl.lit(None, pl.String).alias("post_id"),
            field.alias("field"),
            pl.col("seller_id").str.split(":").list.first().alias("platform"),
        )
        .with_columns(_of_platform())
    )


def _in_pictures(
    facts: pl.DataFrame, contacts: pl.DataFrame, ocr: pl.DataFrame
) -> pl.DataFrame:
    own = (pl.col("ownership") == "own") & pl.col("is_authored")
    return (
        facts.drop("doc_id")
        .join(ocr.select("post_id", "doc_id"), on="post_id")
        .join(contacts, on="doc_id")
        .with_columns(_owned_if(own), _of_platform(), pl.lit("media").alias("field"))
    )


def _lists(facts: pl.DataFrame, posts: pl.DataFrame, column: str) -> pl.DataFrame:
    """Post facts × element of a list column; nulls and empty lists give no row."""
    full = posts.filter(pl.col(column).list.len() > 0).select(
        "post_id", pl.col(column).alias("raw")
    )
    return facts.join(full.explode("raw", empty_as_null=False), on="post_id").filter(
        pl.col("raw").is_not_null()
    )


def _in_links(facts: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """``domain`` and, where there is a path, ``url``. A site's links to itself say nothing; others are mentions."""
    links = _lists(facts, posts, "links")
    # One link stands in many posts: its parts are read once.
    raw = pl.col("raw")
    parts = (
        links.select("raw")
        .unique()
        .with_columns(
            canonical.hosts(raw).alias("domain"),
            canonical.value_of("url", raw).alias("address"),
            canonical.bare_address(raw).str.contains(r"[/?]").alias("has_path"),
        )
        .filter(pl.col("domain").is_not_null())
    )
    links = links.join(parts, on="raw")
    site = pl.col("seller_id").str.strip_prefix("landing:")
    internal = pl.col("is_landing") & (
        (pl.col("domain") == site)
        | pl.col("domain").str.ends_with(pl.concat_str(pl.lit("."), site))
    )
    own = pl.col("is_authored") & pl.col("is_linking") & ~pl.col("is_landing")
    links = links.filter(~internal).with_columns(
        pl.lit("link").alias("field"),
        _owned_if(own),
        pl.lit(LINK_CONFIDENCE).alias("confidence"),
    )
    return pl.concat(
        [
            links.with_columns(
                pl.lit("domain").alias("kind"), pl.col("domain").alias("value")
            ).select(_ROW),
            links.filter("has_path")
            .with_columns(pl.lit("url").alias("kind"), pl.col("address").alias("value"))
            .select(_ROW),
        ]
    )


def _own_sites(facts: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """The domain of a landing page: its seller's id, and the host it was fetched from."""
    pages = facts.filter("is_landing").join(
        posts.select("post_id", "url", "author_id_kind"), on="post_id"
    )
    name = pl.when(pl.col("author_id_kind") == "domain").then(
        pl.col("seller_id").str.strip_prefix("landing:")
    )
    return pages.select(
        "post_id", "seller_id", "seen_at", pl.concat_list(name, canonical.hosts(pl.col("url"))).alias("raw")
    ).explode("raw").select(
        "post_id", "seller_id", pl.lit("domain").alias("kind"), canonical.value_of("domain", pl.col("raw")).alias("value"),
        "raw", pl.lit("identifiers").alias("field"), pl.lit("own").alias("ownership"),
        pl.lit(STRUCTURED_CONFIDENCE).alias("confidence"), "seen_at",
    )  # fmt: skip


def _in_mentions(facts: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """``account`` as ``platform:handle``, because a nickname is only a name on its own platform."""
    handle = canonical.value_of("account", pl.col("raw"))
    return _lists(facts, posts, "mentions").with_columns(
        pl.lit("account").alias("kind"),
        (pl.col("platform") + ":" + handle).alias("value"),
        pl.lit("mention").alias("field"),
        pl.lit("mentioned").alias("ownership"),
        pl.lit(MENTION_CONFIDENCE).alias("confidence"),
    )


def _in_media(facts: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """Perceptual hashes (``image``), decoded codes (``qr``), and the contacts that codes hold."""
    media = _lists(facts, posts, "media").unnest("raw")
    parts = [
        media.with_columns(
            pl.lit(kind).alias("kind"),
            canonical.value_of(kind, pl.col(column)).alias("value"),
            pl.col(column).alias("raw"),
        )
        for kind, column in (("image", "phash"), ("qr", "qr"))
    ]
    whole = pl.concat(parts).with_columns(
        pl.lit(STRUCTURED_CONFIDENCE).alias("confidence")
    )
    payloads = media.filter(pl.col("qr").is_not_null()).select(
        *_POST, pl.col("qr").alias("payload")
    )
    inside = payloads.join(qr.contacts_in(payloads["payload"]), on="payload")
    return pl.concat(
        [
            frame.with_columns(
                pl.lit("media").alias("field"), _owned_if(pl.col("is_authored"))
            ).select(_ROW)
            for frame in (whole, inside)
        ]
    )


def _in_identifiers(facts: pl.DataFrame, posts: pl.DataFrame) -> pl.DataFrame:
    """What a parser found in a page's furniture: footers, link targets, structured data."""
    listed = _lists(facts, posts, "identifiers").with_columns(
        pl.col("raw").struct.field("kind").alias("kind"),
        pl.col("raw").struct.field("value").alias("raw"),
    )
    chosen = pl.lit(None, pl.String)
    for kind in canonical.KINDS:
        chosen = (
            pl.when(pl.col("kind") == kind)
            .then(canonical.value_of(kind, pl.col("raw")))
            .otherwise(chosen)
        )
    return listed.with_columns(
        chosen.alias("value"),
        pl.lit("identifiers").alias("field"),
        _owned_if(pl.col("is_landing") | pl.col("is_authored")),
        pl.lit(STRUCTURED_CONFIDENCE).alias("confidence"),
    )


def _in_fields(facts: pl.DataFrame, posts: pl.DataFrame) -> list[pl.DataFrame]:
    """Single fields: shop, company and registry code of a listing, who paid for an ad, whom a complaint is about."""
    own = (
        ("shop", "listing_shop_id", "listing"),
        ("company", "listing_company", "listing"),
        ("uscc", "listing_uscc", "listing"),
        ("company", "ad_advertiser", "ad"),
        ("company", "ad_payer", "ad"),
        ("company", "complaint_target", "complaint"),
    )
    frames = []
    for kind, column, field in own:
        filled = facts.join(
            posts.select("post_id", pl.col(column).alias("raw")).filter(
                pl.col("raw").is_not_null()
            ),
            on="post_id",
        )
        value = canonical.value_of(kind, pl.col("raw"))
        if kind == "shop":
            value = pl.col("platform") + ":" + value
        is_target = field == "complaint"
        frames.append(
            filled.with_columns(
                pl.lit(kind).alias("kind"),
                value.alias("value"),
                pl.lit(field).alias("field"),
                pl.lit("mentioned").alias("ownership")
                if is_target
                else _owned_if(~pl.col("is_bystander")),
                pl.lit(TARGET_CONFIDENCE if is_target else STRUCTURED_CONFIDENCE).alias(
                    "confidence"
                ),
            )
        )
    return frames
