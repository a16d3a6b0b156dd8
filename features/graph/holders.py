"""Who holds which indicator, how firmly, and with whom of the other holders it may be joined.

In: sightings, what is known of their sellers, the allowlist. Out: one row per seller × link key with the strength of the
claim, and per shared key the groups of holders among whom it is a link.

A *link key* is what two indicators must agree in to be the same thing behind (``keys``). A *claim* has a level:
3 the platform or the page itself vouches for it (shop registry, ad payer, a landing page's own domain), 2 the account's
own profile or the furniture of its site says so, 1 it stands in a text, where anybody can paste it.

Invariants: reporters and complainants hold nothing here; listed and allowlisted values are held by nobody; a seller
without offers is never drawn to offering sellers by what these pasted into a post (``groups``).
"""

from __future__ import annotations

import polars as pl

from features.families import copies
from features.graph import components
from features.indicators import hubs, keys
from features.sellers import names

#: Ways to reach a seller.
CONTACT_KINDS = (
    "wechat",
    "qq",
    "qq_group",
    "phone",
    "email",
    "domain",
    "url",
    "telegram",
    "qr",
)
#: Below this the reader was not sure that it is a contact at all.
MIN_CONFIDENCE = 0.3
#: Roles that speak about sellers and are none.
QUOTING_ROLES = ("reporter", "complainant")

#: So many times more offering sellers than vendors show a text-only contact before it counts as the former's.
MAX_PASTERS = 5

#: Two accounts with no contact but a stranger's may both have pasted it; so many that live from it use it.
MIN_FIRM = 3

POSTED, PROFILE, VERIFIED = 1, 2, 3

#: Fields where an account speaks of itself, and those that somebody else checked.
_PROFILE_FIELDS = ("bio", "name")
_VERIFIED_FIELDS = ("listing", "ad")


def claims(
    seen: pl.DataFrame, sellers: pl.DataFrame, allowlist: pl.DataFrame
) -> pl.DataFrame:
    """What each seller itself claims as its own.

    Args:
        seen: contracts.SIGHTINGS.
        sellers: ``seller_id``, ``name``, ``role``, ``offer_count``, ``first_seen_at``, ``last_seen_at`` of
            contracts.SELLER_FACTS; a seller that is missing here counts as ``other``. What is distinctive in its name
            (``names.brand``) is a claim of kind ``brand``.
        allowlist: ``kind``, ``value`` (canonical) of contracts.ALLOWLIST.

    Returns:
        One row per seller × link key, sorted by (kind, value, seller_id): ``seller_id``, ``kind``, ``value``,
        ``level``, ``confidence`` (the best), ``first_seen_at``, ``last_seen_at``, ``side`` (``offering``, ``vendor``,
        ``other``), ``other_contact_count`` (further ways to reach the seller, beside this key), ``private_count`` (how
        many private keys the seller holds, see ``is_public_kind``), ``key`` (an integer that grows with kind and value) and
        ``degree`` (how many hold it).
    """
    facts = sellers.select("seller_id", "role", "offer_count")
    quoting = facts.filter(pl.col("role").is_in(QUOTING_ROLES))
    own = seen.filter(
        (pl.col("ownership") == "own") & (pl.col("confidence") >= MIN_CONFIDENCE)
    ).join(quoting, on="seller_id", how="anti")
    own = _keyed(own, allowlist)
    held = own.group_by("kind", "value", "seller_id").agg(
        pl.col("level").max(),
        pl.col("confidence").max(),
        pl.col("seen_at").min().alias("first_seen_at"),
        pl.col("seen_at").max().alias("last_seen_at"),
    )
    held = pl.concat(
        [
            held,
            _brands(sellers.join(quoting, on="seller_id", how="anti")).select(
                held.columns
            ),
        ]
    )
    # A vendor that also makes offers gets no protection as a vendor, and is no sure recruiter either.
    is_offering = (pl.col("role") == "seller") | (
        (pl.col("role") == "other") & (pl.col("offer_count") > 0)
    )
    is_vendor = (pl.col("role") == "vendor") & (pl.col("offer_count") == 0)
    is_contact = pl.col("kind").is_in(CONTACT_KINDS)
    side = (
        pl.when(is_offering)
        .then(pl.lit("offering"))
        .when(is_vendor)
        .then(pl.lit("vendor"))
        .otherwise(pl.lit("other"))
    )
    return (
        held.join(
            facts.with_columns(side.alias("side")).select("seller_id", "side"),
            on="seller_id",
            how="left",
        )
        .with_columns(
            pl.col("side").fill_null("other"),
            (is_contact.sum().over("seller_id") - is_contact.cast(pl.UInt32)).alias(
                "other_contact_count"
            ),
            (~is_public_kind()).sum().over("seller_id").alias("private_count"),
        )
        .sort("kind", "value", "seller_id")
        .with_columns(_changes("kind", "value").cum_sum().alias("key"))
        .with_columns(pl.len().over("key").alias("degree"))
    )


def _changes(*columns: str) -> pl.Expr:
    """Whether a row of a sorted frame differs from the one before."""
    return pl.any_horizontal(
        pl.col(name) != pl.col(name).shift() for name in columns
    ).fill_null(value=True)


def is_public_kind() -> pl.Expr:
    """Whether unrelated sellers may well show one value: sites, companies, filings of a site builder, service lines."""
    return pl.col("kind").is_in(
        ["domain", "url", "company", "icp", "police_filing", "account", *copies.KINDS]
    ) | ((pl.col("kind") == "phone") & hubs.is_public_phone(pl.col("value")))


def groups(shared: pl.DataFrame) -> pl.DataFrame:
    """Split the holders of each key into groups that the key may join.

    Rules, per key:
    1. Holders at level 3 join each other whatever they are: nobody can paste into a register.
    2. Vendors join vendors. They never join offering sellers below level 3: whatever a ring pastes is the ring's doing.
    3. Offering sellers and others join each other, unless the key is *guarded*: it looks like an outsider's contact that
       offering sellers pasted. That is so where a vendor shows it in its profile or site at least as firmly as any of
       them; where a vendor shows it in texts, they are mostly not firm, and they are at most ``MAX_PASTERS`` times as
       many or other keys hold them together anyway (``_redundant``); and where another seller without offers shows it
       in its profile and they are mostly not firm. A claim to a guarded key joins only if it is *firm*: profile or site
       as well, or no other contact beside it, like at least ``MIN_FIRM`` and half of them. A ring that pastes an outsider's contact shows its own beside it, or
       nobody could pay it.
    4. What is copied (``copies.KINDS``) is no contact and so never guarded; it joins offering sellers with each other and
       nobody else: honest accounts repeat pictures and slogans too.

    Args:
        shared: Rows of ``claims`` whose key has two holders or more, with an integer ``key`` and
            ``is_public`` (``is_public_kind``).

    Returns:
        One row per (key, group, seller): ``key``, ``group`` (``verified``, ``vendor``, ``open``, ``outside``),
        ``seller_id``; and ``is_disputed``, equal for all rows of a key: sides that are kept apart claim it, so it is
        no network's own. A seller in no group only pasted somebody's value; a group of one joins nobody.
    """
    offering, vendor, other = (
        pl.col("side") == side for side in ("offering", "vendor", "other")
    )
    level = pl.col("level")
    ranked = shared.with_columns(
        level.filter(offering).max().over("key").fill_null(0).alias("offering_level"),
        level.filter(vendor).max().over("key").fill_null(0).alias("vendor_level"),
        level.filter(other).max().over("key").fill_null(0).alias("other_level"),
        (
            (offering.sum().over("key") <= MAX_PASTERS * vendor.sum().over("key"))
            | pl.col("key").is_in(_redundant(shared).implode())
        ).alias("is_dispensable"),
    )
    is_mixed = (
        (pl.col("offering_level") > 0)
        & (pl.col("vendor_level") + pl.col("other_level") > 0)
        & ~copies.is_copied()
    )
    is_firm = (pl.col("other_contact_count") == 0) | (
        level >= pl.max_horizontal(PROFILE, "other_level")
    )
    ranked = ranked.with_columns(
        is_firm.alias("is_firm"),
        is_firm.filter(offering).mean().over("key").fill_null(1.0).alias("firm_share"),
        (is_firm & offering).sum().over("key").alias("firm_count"),
        (offering & (level >= PROFILE)).any().over("key").alias("is_profiled"),
    )
    is_loose = (pl.col("firm_share") < 0.5) | (
        (pl.col("firm_count") < MIN_FIRM) & ~pl.col("is_profiled")
    )
    of_vendor = is_mixed & (
        (
            (pl.col("vendor_level") >= PROFILE)
            & (pl.col("vendor_level") >= pl.col("offering_level"))
        )
        | ((pl.col("vendor_level") > 0) & is_loose & pl.col("is_dispensable"))
    )
    of_other = is_mixed & (pl.col("other_level") >= PROFILE) & is_loose
    is_disputed = (
        of_vendor
        | of_other
        | (is_mixed & (pl.col("vendor_level") >= pl.col("offering_level")))
    )
    ranked = ranked.with_columns(
        of_vendor.alias("of_vendor"),
        of_other.alias("of_other"),
        is_disputed.alias("is_disputed"),
    )
    guarded = pl.col("of_vendor") | pl.col("of_other")
    parts = [
        ("verified", level == VERIFIED),
        ("vendor", vendor & ~copies.is_copied()),
        ("outside", other & pl.col("of_other")),
        (
            "open",
            offering
            & (~guarded | (pl.col("is_firm") & (~is_loose | (level >= PROFILE)))),
        ),
        ("open", other & ~guarded & ~copies.is_copied()),
    ]
    rows = pl.concat(
        [
            ranked.filter(condition).select(
                "key", pl.lit(name).alias("group"), "seller_id", "is_disputed"
            )
            for name, condition in parts
        ]
    )
    return rows.filter(pl.len().over("key", "group") > 1).sort(
        "key", "group", "seller_id"
    )


def _brands(sellers: pl.DataFrame) -> pl.DataFrame:
    """A claim per seller with a distinctive name. Whoever names itself so says it in its profile."""
    return (
        sellers.select(
            "seller_id",
            pl.lit("brand").alias("kind"),
            names.brand(pl.col("name")).alias("value"),
            pl.lit(PROFILE, pl.Int8).alias("level"),
            pl.lit(1.0).alias("confidence"),
            "first_seen_at",
            "last_seen_at",
        )
        .drop_nulls("value")
        .unique(["seller_id", "value"], maintain_order=True)
    )


def _redundant(shared: pl.DataFrame) -> pl.Series:
    """Keys of vendors that offering sellers could do without: other private keys leave them half as many parts or fewer.

    What a ring really uses holds it together. What it pastes comes on top of that.
    """
    sides = shared.group_by("key").agg(
        (pl.col("side") == side).any().alias(side) for side in ("vendor", "offering")
    )
    suspect = sides.filter(pl.col("vendor") & pl.col("offering"))["key"]
    is_suspect = pl.col("key").is_in(suspect.implode())
    trusted = shared.filter(~is_suspect & ~pl.col("is_public"))
    base = components.joined_by(trusted["seller_id"], trusted["key"])
    return (
        shared.filter(is_suspect & (pl.col("side") == "offering"))
        .join(base, on="seller_id", how="left")
        .group_by("key")
        .agg(
            pl.len().alias("sellers"),
            pl.col("component")
            .fill_null(pl.col("seller_id"))
            .n_unique()
            .alias("parts"),
        )
        .filter(pl.col("parts") * 2 <= pl.col("sellers"))
        .get_column("key")
    )


def _keyed(own: pl.DataFrame, allowlist: pl.DataFrame) -> pl.DataFrame:
    """Sightings under their link keys, without those that are listed or cleared, as written or as key."""
    written = own.select("kind", "value").unique()
    written = written.filter(~hubs.is_listed(pl.col("kind"), pl.col("value"))).join(
        allowlist.select("kind", "value"), on=["kind", "value"], how="anti"
    )
    cleared = keys.link_key(allowlist.select("kind", "value")).unique()
    kept = (
        keys.keys_of(written)
        .filter(~hubs.is_listed(pl.col("link_kind"), pl.col("link_value")))
        .join(
            cleared,
            left_on=["link_kind", "link_value"],
            right_on=["kind", "value"],
            how="anti",
        )
    )
    level = own.with_columns(_level().alias("level")).select(
        "seller_id", "kind", "value", "level", "confidence", "seen_at"
    )
    return level.join(kept, on=["kind", "value"]).select(
        "seller_id",
        pl.col("link_kind").alias("kind"),
        pl.col("link_value").alias("value"),
        "level",
        "confidence",
        "seen_at",
    )


def _level() -> pl.Expr:
    """How firmly a sighting claims its value."""
    site = pl.col("seller_id").str.strip_prefix("landing:")
    is_site = pl.col("seller_id").str.starts_with("landing:")
    return (
        pl.when(
            pl.col("field").is_in(_VERIFIED_FIELDS)
            | (is_site & (pl.col("kind") == "domain") & (pl.col("value") == site))
        )
        .then(VERIFIED)
        .when(
            pl.col("field").is_in(_PROFILE_FIELDS)
            | (is_site & (pl.col("field") == "identifiers"))
        )
        .then(PROFILE)
        .otherwise(POSTED)
        .cast(pl.Int8)
    )
