"""Complaints find the sellers and networks they are about; other people's contacts in them are masked.

In: posts, what was read in them, who owns which indicator. Out: contracts.COMPLAINTS; masked texts and sightings for the
published snapshot.

Invariants: a complaint is linked only by what it names: a contact, a company, an account, a name; every link has its
reason; a complaint that names nobody known stays, unlinked. Masking keeps every character's place.
"""

from __future__ import annotations

import polars as pl

from features import copies, hubs, keys, names, sightings
from warehouse import contracts

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

#: Contacts of people. Companies, registry codes and sites are public.
PERSONAL_KINDS = ("wechat", "qq", "qq_group", "phone", "email", "telegram", "account")


def link_complaints(
    posts: pl.DataFrame,
    post_reads: pl.DataFrame,
    sightings: pl.DataFrame,
    members: pl.DataFrame,
    seller_names: pl.DataFrame,
    *,
    owners: pl.DataFrame,
) -> pl.DataFrame:
    """Tie complaints to whom they are about.

    A complaint is a post of kind ``complaint``, or one with that stance by somebody outside all networks (a member that
    sounds like a victim quotes one to sell). It is linked by: a value that it
    shows and somebody owns (``owners``); the target's id, where it is a seller or shop of the same platform; the
    target's name, equal to a seller's name or company in full, in its brand (``names.core``), or as the beginning of
    sellers' names. A name counts only if all who use it are one network or one seller.

    Args:
        posts: contracts.RAW_POSTS columns without title and text, current versions.
        post_reads: contracts.POST_READS.
        sightings: contracts.SIGHTINGS.
        members: contracts.NETWORK_MEMBERS.
        seller_names: ``seller_id``, ``name`` (null allowed; several rows per seller allowed) of accounts that sell.
        owners: ``network.Links.owners``.

    Returns:
        contracts.COMPLAINTS, sorted by (post_id, network_id, seller_id): one row per complaint × network or lone
        seller; ``seller_id`` also where only one member of the network is meant. ``link_reason`` is ``kind:value``,
        ``target_id``, ``name:…`` or ``brand:…`` of the surest link (``link_confidence``). Without any: one row, all
        link columns null. ``amount_yuan`` is what the complaint's own field says.
    """
    complained = _complaints(posts, post_reads, members)
    found = pl.concat(
        [
            _by_value(complained, sightings, members, owners),
            _by_target_id(complained, posts, owners),
            _by_name(complained, members, _known_names(posts, seller_names, owners)),
        ]
    )
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
        complained.select(
            "post_id",
            pl.col("complaint_target").alias("target"),
            pl.col("complaint_amount_yuan").alias("amount_yuan"),
            pl.col("complaint_demand").alias("demand"),
            pl.col("complaint_status").alias("status"),
        )
        .join(linked, on="post_id", how="left")
        .select(contracts.COMPLAINTS.columns.keys())
        .sort("post_id", "network_id", "seller_id")
    )


def masked_texts(
    posts: pl.DataFrame,
    post_reads: pl.DataFrame,
    doc_contacts: pl.DataFrame,
    owners: pl.DataFrame,
) -> pl.DataFrame:
    """Texts of complaints and comments without contacts that belong to no seller.

    Args:
        posts: ``post_id``, ``kind``, ``title``, ``text`` of current posts.
        post_reads: contracts.POST_READS.
        doc_contacts: contracts.DOC_CONTACTS.
        owners: ``network.Links.owners``. Public hotlines stay readable too.

    Returns:
        ``post_id``, ``title``, ``text``, sorted by ``post_id``; only posts in which something was masked. Each masked
        character is one ``*``, so lengths and spans stay. Spans of other tables must be cut from these texts again.
    """
    private = _bystanders(posts, post_reads)
    spans = private.join(doc_contacts, on="doc_id").filter(
        pl.col("kind").is_in(PERSONAL_KINDS)
    )
    spans = spans.with_columns(_is_known(spans, owners).alias("is_known"))
    hidden = spans.filter(~pl.col("is_known")).select("post_id").unique()
    texts = (
        posts.join(hidden, on="post_id")
        .select("post_id", "title", "text")
        .sort("post_id")
    )
    by_post: dict[str, list[tuple[str, int, int, bool]]] = {}
    chosen = spans.join(hidden, on="post_id").select(
        "post_id", "field", "span_start", "span_end", "is_known"
    )
    for post_id, field, start, end, is_known in chosen.iter_rows():
        by_post.setdefault(post_id, []).append((field, start, end, is_known))
    rows = [
        (
            post_id,
            _masked(title, by_post[post_id], "title"),
            _masked(text, by_post[post_id], "text"),
        )
        for post_id, title, text in texts.iter_rows()
    ]
    schema = {"post_id": pl.String(), "title": pl.String(), "text": pl.String()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def public_sightings(
    sightings: pl.DataFrame,
    posts: pl.DataFrame,
    post_reads: pl.DataFrame,
    owners: pl.DataFrame,
) -> pl.DataFrame:
    """Sightings that may be published: all but what ``masked_texts`` masks.

    Args:
        sightings: contracts.SIGHTINGS.
        posts: ``post_id``, ``kind`` of current posts.
        post_reads: contracts.POST_READS.
        owners: ``network.Links.owners``.

    Returns:
        contracts.SIGHTINGS in the given order.
    """
    private = _bystanders(posts, post_reads)["post_id"]
    is_private = pl.col("post_id").is_in(private.implode()).fill_null(value=False)
    is_personal = pl.col("kind").is_in(PERSONAL_KINDS)
    return sightings.filter(~(is_private & is_personal) | _is_known(sightings, owners))


def _masked(
    text: str | None, spans: list[tuple[str, int, int, bool]], field: str
) -> str | None:
    """``text`` with unknown spans starred, except where a known contact stands in the same characters."""
    if text is None:
        return None
    here = [span for span in spans if span[0] == field]
    kept = {
        at for _, start, end, is_known in here if is_known for at in range(start, end)
    }
    gone = {
        at
        for _, start, end, is_known in here
        if not is_known
        for at in range(start, end)
    } - kept
    return "".join(
        "*" if at in gone else character for at, character in enumerate(text)
    )


def _bystanders(posts: pl.DataFrame, post_reads: pl.DataFrame) -> pl.DataFrame:
    """Posts whose writers are not our subject: complaints and comments, by kind or by what they say."""
    return (
        posts.select("post_id", "kind")
        .join(
            post_reads.select("post_id", "doc_id", "stance"), on="post_id", how="left"
        )
        .filter(
            pl.col("kind").is_in(sightings.BYSTANDER_KINDS)
            | (pl.col("stance") == "complaint").fill_null(value=False)
        )
        .select("post_id", "doc_id")
    )


def _is_known(values: pl.DataFrame, owners: pl.DataFrame) -> pl.Series:
    """Whether each ``kind``, ``value`` is a seller's or a public hotline."""
    held = owners.select(
        pl.col("kind").alias("link_kind"), pl.col("value").alias("link_value")
    ).unique()
    owned = (
        keys.keys_of(values.select("kind", "value").unique())
        .join(held, on=["link_kind", "link_value"])
        .select("kind", "value", pl.lit(value=True).alias("is_owned"))
    )
    listed = hubs.is_listed(pl.col("kind"), pl.col("value"))
    joined = values.select("kind", "value").join(
        owned, on=["kind", "value"], how="left", maintain_order="left"
    )
    return joined.select(pl.col("is_owned").fill_null(value=False) | listed).to_series()


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


def _equal(targets: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Targets and sellers with one ``form`` that is long enough and used in one home only."""
    named = known.filter(pl.col("form").str.len_chars() >= names.MIN_CORE_CHARS)
    single = named.filter(pl.col("home").n_unique().over("form") <= MAX_NAMESAKES)
    return targets.join(single.select("form", "seller_id").unique(), on="form").select(
        "post_id", "seller_id", "form"
    )
