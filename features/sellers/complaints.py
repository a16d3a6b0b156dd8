"""Complaints find the sellers and networks they are about.

In: posts, what was read in them, who owns which indicator. Out: contracts.COMPLAINTS.

Invariants: a complaint is linked only by what it names: a contact, a company, an account, a name, a text; every link has
its reason; a complaint that names nobody known stays, unlinked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.families import copies
from features.indicators import keys, sightings
from features.sellers import fragments, names, naming
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Callable

#: How sure a link by such a value is. Contacts are exact; a complainant's company may be a namesake in another town.
CONTACT_CONFIDENCE = {
    "wechat": 0.95, "qq": 0.95, "phone": 0.95, "email": 0.95, "telegram": 0.95, "qq_group": 0.9, "uscc": 0.95,
    "shop": 0.95, "company": 0.9, "domain": 0.85, "url": 0.85, "icp": 0.85, "police_filing": 0.85, "account": 0.8,
    "analytics_id": 0.8, "qr": 0.9, "template": 0.7, "image": 0.6,
}  # fmt: skip
TARGET_ID_CONFIDENCE = 0.95
FULL_NAME_CONFIDENCE = 0.75
BRAND_CONFIDENCE = 0.6
#: A name that several networks or lone sellers use says nothing.
MAX_NAMESAKES = 1


def link_complaints(
    posts: pl.DataFrame,
    post_reads: pl.DataFrame,
    sightings: pl.DataFrame,
    members: pl.DataFrame,
    seller_names: pl.DataFrame,
    *,
    owners: pl.DataFrame,
    amounts: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Tie complaints to whom they are about.

    A complaint is a post of kind ``complaint``, or one with that stance by somebody outside all networks (a member that
    sounds like a victim quotes one to sell). It is linked by: a value that it shows and somebody owns (``owners``), a
    quoted text or picture only where that has one source; the target's id, where it is a seller or shop of the same
    platform; the target's name, equal to a seller's name or company in full, in its brand (``names.core``), or as the
    beginning of sellers' names. Where all that says nothing, by a name in the complaint that sellers use of themselves
    (``naming``), and at last by a target that is a seller's name but for a slip (``MIN_LIKENESS``). A name counts only if
    all who use it are one network or one seller.

    Args:
        posts: contracts.RAW_POSTS columns, current versions.
        post_reads: contracts.POST_READS.
        sightings: contracts.SIGHTINGS.
        members: contracts.NETWORK_MEMBERS.
        seller_names: ``seller_id``, ``name`` (null allowed; several rows per seller allowed) of accounts that sell.
        owners: ``network.Links.owners``.
        amounts: contracts.AMOUNTS, for complaints without a field for the sum; null takes none.

    Returns:
        contracts.COMPLAINTS, sorted by (post_id, network_id, seller_id): one row per complaint × network or lone
        seller; ``seller_id`` also where only one member of the network is meant. ``link_reason`` is ``kind:value``,
        ``target_id``, ``name:…`` or ``brand:…`` of the surest link (``link_confidence``). Without any: one row, all
        link columns null. ``amount_yuan`` is what the complaint's own field says, else the highest fee or loss in its text.
    """
    complained = _complaints(posts, post_reads, members)
    known = _known_names(posts, seller_names, owners)
    owned = _at_home(owners, members)
    found = pl.concat(
        [
            _by_value(complained, sightings, members, owners),
            _by_target_id(complained, posts, owners),
            _by_name(complained, members, known),
            fragments.by_mask(complained, owned),
        ]
    )
    selling = seller_names["seller_id"]
    texts = _own_texts(complained, posts, post_reads)
    called = _at_home(known, members)
    told = _told(amounts)
    agreed = (
        _claimed(complained, told)
        .join(_asked(texts, amounts, members), on="yuan")
        .select("post_id", "home")
    )
    # Each way is tried for what the surer ones before it left.
    ways: tuple[Callable[[pl.DataFrame], pl.DataFrame], ...] = (
        lambda left: _by_use(left, texts, members, known, selling=selling),
        lambda left: fragments.by_slip(left, called, agreed),
        lambda left: fragments.by_known_name(left, called, agreed),
        lambda left: fragments.by_ending(left, owned, agreed),
        lambda left: fragments.by_quotation(left, _at_home(texts, members)),
        lambda left: fragments.by_likeness(left, called),
    )
    for way in ways:
        left = complained.join(found, on="post_id", how="anti")
        found = pl.concat([found, way(left)])
    # Nobody complains about itself.
    authors = complained.select("post_id", pl.col("seller_id").alias("author"))
    homes = (
        found.join(authors, on="post_id")
        .filter(pl.col("author") != pl.col("seller_id"))
        .join(members, on="seller_id", how="left")
    )
    # The whole network is meant unless a single member is.
    home = pl.coalesce("network_id", "seller_id")
    linked = (
        homes.with_columns(home.alias("home"))
        .sort(
            "post_id",
            "home",
            "link_confidence",
            "link_reason",
            descending=[False, False, True, False],
        )
        .group_by("post_id", "home", maintain_order=True)
        .agg(
            pl.col("network_id").first(),
            pl.col("link_reason").first(),
            pl.col("link_confidence").first(),
            pl.when(pl.col("seller_id").n_unique() == 1)
            .then(pl.col("seller_id").first())
            .alias("seller_id"),
        )
    )
    return contracts.COMPLAINTS.check(
        complained.join(told, on="post_id", how="left")
        .select(
            "post_id",
            pl.col("complaint_target").alias("target"),
            pl.coalesce("complaint_amount_yuan", "told_yuan").alias("amount_yuan"),
            pl.col("complaint_demand").alias("demand"),
            pl.col("complaint_status").alias("status"),
        )
        .join(linked, on="post_id", how="left")
        .select(contracts.COMPLAINTS.columns.keys())
        .sort("post_id", "network_id", "seller_id")
    )


def _complaints(
    posts: pl.DataFrame, post_reads: pl.DataFrame, members: pl.DataFrame
) -> pl.DataFrame:
    by_stance = (
        (pl.col("stance") == "complaint")
        & ~pl.col("kind").is_in(["comment", "listing"])
        & (pl.col("platform") != "landing")
        & ~pl.col("seller_id").is_in(members["seller_id"].implode())
    ).fill_null(value=False)
    return posts.join(
        post_reads.select("post_id", "stance"), on="post_id", how="left"
    ).filter((pl.col("kind") == "complaint") | by_stance)


def _by_value(
    complained: pl.DataFrame,
    seen: pl.DataFrame,
    members: pl.DataFrame,
    owners: pl.DataFrame,
) -> pl.DataFrame:
    """Links by contacts, quoted texts and other values."""
    shown = keys.link_key(
        seen.join(complained.select("post_id"), on="post_id", how="semi").select(
            "post_id", "kind", "value"
        )
    ).unique()
    # Whoever quotes a text or shows a picture means its source only where there is but one.
    homes = owners.join(members, on="seller_id", how="left").with_columns(
        pl.coalesce("network_id", "seller_id").alias("home")
    )
    meant = homes.filter(
        ~copies.is_copied() | (pl.col("home").n_unique().over("kind", "value") == 1)
    )
    return shown.join(
        meant.select("kind", "value", "seller_id"), on=["kind", "value"]
    ).select(
        "post_id",
        "seller_id",
        pl.concat_str("kind", pl.lit(":"), "value").alias("link_reason"),
        pl.col("kind")
        .replace_strict(CONTACT_CONFIDENCE, return_dtype=pl.Float64)
        .alias("link_confidence"),
    )


def _by_target_id(
    complained: pl.DataFrame, posts: pl.DataFrame, owners: pl.DataFrame
) -> pl.DataFrame:
    """Links by the id under which the complaint's platform knows its target."""
    target = pl.concat_str("platform", pl.lit(":"), "complaint_target_id").alias(
        "target_id"
    )
    aimed = complained.filter(pl.col("complaint_target_id").is_not_null()).select(
        "post_id", target
    )
    sellers = posts.select(pl.col("seller_id").alias("target_id"), "seller_id").unique()
    shops = owners.filter(pl.col("kind") == "shop").select(
        pl.col("value").alias("target_id"), "seller_id"
    )
    return (
        aimed.join(pl.concat([sellers, shops]), on="target_id")
        .select(
            "post_id",
            "seller_id",
            pl.lit("target_id").alias("link_reason"),
            pl.lit(TARGET_ID_CONFIDENCE).alias("link_confidence"),
        )
        .unique()
    )


def _known_names(
    posts: pl.DataFrame, seller_names: pl.DataFrame, owners: pl.DataFrame
) -> pl.DataFrame:
    """``seller_id``, ``name``: what sellers call themselves, their companies, and their shops."""
    shops = posts.filter(~pl.col("kind").is_in(sightings.BYSTANDER_KINDS)).select(
        "seller_id", pl.col("listing_shop_name").alias("name")
    )
    companies = owners.filter(pl.col("kind") == "company").select(
        "seller_id", pl.col("value").alias("name")
    )
    return (
        pl.concat([seller_names.select("seller_id", "name"), shops, companies])
        .drop_nulls()
        .unique()
    )


def _by_name(
    complained: pl.DataFrame, members: pl.DataFrame, known: pl.DataFrame
) -> pl.DataFrame:
    """Links by the target's name, in full or in its brand."""
    homes = known.join(members, on="seller_id", how="left").with_columns(
        pl.coalesce("network_id", "seller_id").alias("home")
    )
    targets = complained.filter(pl.col("complaint_target").is_not_null()).select(
        "post_id", "complaint_target"
    )
    parts = []
    for label, form, confidence in (
        ("name", names.exact, FULL_NAME_CONFIDENCE),
        ("brand", names.core, BRAND_CONFIDENCE),
    ):
        parts.append(
            _equal(
                targets.with_columns(form(pl.col("complaint_target")).alias("form")),
                homes.with_columns(form(pl.col("name")).alias("form")),
            ).with_columns(
                pl.lit(label).alias("label"), pl.lit(confidence).alias("confidence")
            )
        )
    # Accounts of one house are called by its brand and something of their own.
    wanted = targets.with_columns(names.exact(pl.col("complaint_target")).alias("form"))
    full = homes.with_columns(names.exact(pl.col("name")).alias("form"))
    lengths = wanted["form"].str.len_chars().drop_nulls().unique().sort().to_list()
    for length in lengths:
        long = full.filter(pl.col("form").str.len_chars() >= length)
        parts.append(
            _equal(
                wanted.filter(pl.col("form").str.len_chars() == length),
                long.with_columns(pl.col("form").str.head(length)),
            ).with_columns(
                pl.lit("brand").alias("label"),
                pl.lit(BRAND_CONFIDENCE).alias("confidence"),
            )
        )
    return pl.concat(parts).select(
        "post_id",
        "seller_id",
        pl.concat_str("label", pl.lit(":"), "form").alias("link_reason"),
        pl.col("confidence").alias("link_confidence"),
    )


def _told(amounts: pl.DataFrame | None) -> pl.DataFrame:
    """``post_id``, ``told_yuan``: the highest fee or loss in each text."""
    return (
        (contracts.AMOUNTS.empty() if amounts is None else amounts)
        .filter(pl.col("role").is_in(["agency_fee", "loss"]))
        .group_by("post_id")
        .agg(pl.col("yuan").max().alias("told_yuan"))
    )


def _claimed(complained: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """``post_id``, ``yuan``: sums that complaints name, in their field or text."""
    return pl.concat(
        [
            complained.select("post_id", pl.col("complaint_amount_yuan").cast(pl.Float64).alias("yuan")),
            told.select("post_id", pl.col("told_yuan").cast(pl.Float64).alias("yuan")),
        ]
    ).drop_nulls().unique()  # fmt: skip


def _asked(
    texts: pl.DataFrame, amounts: pl.DataFrame | None, members: pl.DataFrame
) -> pl.DataFrame:
    """``home``, ``yuan``: fees that sellers ask for in their own texts."""
    fees = (
        (contracts.AMOUNTS.empty() if amounts is None else amounts)
        .filter(pl.col("role") == "agency_fee")
        .select("post_id", pl.col("yuan").cast(pl.Float64))
    )
    mine = texts.select("post_id", "seller_id").unique().join(fees, on="post_id")
    return _at_home(mine, members).select("home", "yuan").unique()


def _at_home(rows: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Rows of sellers with ``home``: their network, or themselves."""
    return rows.join(
        members.select("seller_id", "network_id"), on="seller_id", how="left"
    ).with_columns(pl.coalesce("network_id", "seller_id").alias("home"))


def _own_texts(
    complained: pl.DataFrame, posts: pl.DataFrame, post_reads: pl.DataFrame
) -> pl.DataFrame:
    """``post_id``, ``seller_id``, ``text``: titles and texts that sellers write in their own name."""
    speaking = (
        posts.filter(~pl.col("kind").is_in(sightings.BYSTANDER_KINDS))
        .join(
            post_reads.filter(pl.col("stance").is_in(sightings.OWN_STANCES)).select("post_id"),
            on="post_id",
            how="semi",
        )
        .join(complained, on="seller_id", how="anti")
    )  # fmt: skip
    return pl.concat(
        [speaking.select("post_id", "seller_id", pl.col(name).alias("text")) for name in ("title", "text")]
    ).drop_nulls("text")  # fmt: skip


def _by_use(
    complained: pl.DataFrame,
    texts: pl.DataFrame,
    members: pl.DataFrame,
    known: pl.DataFrame,
    *,
    selling: pl.Series,
) -> pl.DataFrame:
    """Links by names that sellers write of themselves."""
    mentioned = naming.mentioned_names(complained)
    used = naming.users(mentioned["form"].unique(), texts, known)
    return naming.links(mentioned, used, members, selling=selling)


def _equal(targets: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Targets and sellers with one ``form`` that is long enough and used in one home only."""
    named = known.filter(pl.col("form").str.len_chars() >= names.MIN_CORE_CHARS)
    single = named.filter(pl.col("home").n_unique().over("form") <= MAX_NAMESAKES)
    return targets.join(single.select("form", "seller_id").unique(), on="form").select(
        "post_id", "seller_id", "form"
    )
