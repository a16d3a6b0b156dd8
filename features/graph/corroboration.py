"""Whose value is sure enough to be listed for others to act on.

In: links, members of networks, sightings. Out: corroborated owners of indicators. Invariants: hubs, allowlisted and disputed
values have none; what somebody merely pasted has none; order of rows changes nothing; empty in, empty out.

A ring may paste an honest house's number or site into every advertisement, and where nobody else shows it, the ring's own posts
are all there is to judge by. But a ring lives from being reached: what it pastes stands beside contacts of its own, or nobody
could pay it. So posts of two sellers of a network vouch for a contact that one person answers (a WeChat id, a mobile) only if it
is no rarity beside others (``MIN_SHARE``), and for a number or site of a house only if most who show it have no personal contact,
or if they share none and are joined by that alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features.families import copies
from features.graph import holders
from features.indicators import keys
from features.sellers import marks

if TYPE_CHECKING:
    from features import network

#: Contacts that one person answers; of telephones the mobiles.
PERSONAL = ("wechat", "qq", "qq_group", "telegram", "qr")
#: Share of its holders' posts with contacts, or of its own posts in which it is the only one, from which on a personal contact
#: is theirs.
MIN_SHARE, MIN_ALONE = 0.25, 0.5
#: Share of its holders with a personal contact from which on a site or service number may be pasted.
MAX_PERSONAL = 0.5

_VALUE = ("kind", "value")
_OF = (*_VALUE, "network_id")


def corroborated(
    links: network.Links, members: pl.DataFrame, sightings: pl.DataFrame
) -> pl.DataFrame:
    """Indicators whose ownership is sure enough to be listed.

    An owner shows the value in its own profile, site or registry entry; or two sellers of one network own it, and a contact is
    more than something beside their own (see above). What a register gave (``marks.REGISTRY``) is public, and a ring may paste
    an honest firm's into every post: it needs the former. Hubs, allowlisted and disputed values never are sure, nor what anybody
    can copy (``copies.KINDS``). Whether the owner itself deserves a list is not asked here.

    Args:
        links: As from ``network.link``.
        members: contracts.NETWORK_MEMBERS of the same moment.
        sightings: contracts.SIGHTINGS that gave ``links``.

    Returns:
        ``kind``, ``value`` (canonical, as in ``indicators``), ``seller_id``: one row per corroborated indicator × owner,
        sorted.
    """
    owned = links.owners.filter(~pl.col("is_disputed") & ~copies.is_copied())
    owners = owned.join(members, on="seller_id", how="left")
    is_vouched = pl.col("level") > holders.POSTED
    is_public = pl.col("kind").is_in(marks.REGISTRY)
    shared = owners.filter(
        ~is_vouched
        & ~is_public
        & pl.col("network_id").is_not_null()
        & (pl.len().over(*_VALUE, "network_id") > 1)
    )
    is_contact = pl.col("kind").is_in(holders.CONTACT_KINDS)
    own_way = pl.concat(
        [
            _personal(shared.filter(_is_personal()), owned, sightings),
            _of_houses(shared.filter(is_contact & ~_is_personal()), owned),
        ]
    )
    sure = pl.concat(
        [
            owners.filter(is_vouched),
            shared.filter(~is_contact),
            shared.join(own_way, on=_OF, how="semi"),
        ]
    ).select(
        pl.col("kind").alias("link_kind"),
        pl.col("value").alias("link_value"),
        "seller_id",
    )
    free = links.indicators.filter(
        ~(pl.col("is_hub") | pl.col("is_allowlisted"))
    ).select(*_VALUE)
    return (
        keys.keys_of(free)
        .join(sure, on=["link_kind", "link_value"])
        .select(*_VALUE, "seller_id")
        .sort(*_VALUE, "seller_id")
    )


def _is_personal() -> pl.Expr:
    """Whether one person answers a contact."""
    is_mobile = pl.col("value").str.contains(r"^1[3-9]\d{9}$")
    return pl.col("kind").is_in(PERSONAL) | ((pl.col("kind") == "phone") & is_mobile)


def _of_houses(shared: pl.DataFrame, owned: pl.DataFrame) -> pl.DataFrame:
    """Sites, landlines and service numbers that those who post them have in place of a personal contact.

    Args:
        shared: ``kind``, ``value``, ``seller_id``, ``network_id``: what two sellers of a network post.
        owned: Columns of ``network.OWNERS``.

    Returns:
        ``kind``, ``value``, ``network_id``; distinct.
    """
    personal = owned.filter(_is_personal()).select(
        "seller_id", pl.struct(_VALUE).alias("contact")
    )
    beside = shared.join(personal, on="seller_id", how="left")
    common = (
        beside.drop_nulls("contact")
        .group_by(*_OF, "contact")
        .len()
        .filter(pl.col("len") > 1)
    )
    reached = beside.group_by(*_OF, "seller_id").agg(
        pl.col("contact").is_not_null().any().alias("is_reached")
    )
    return (
        reached.group_by(_OF)
        .agg(pl.col("is_reached").mean())
        .join(common.select(*_OF, "len").unique(_OF), on=_OF, how="left")
        .filter((pl.col("is_reached") < MAX_PERSONAL) | pl.col("len").is_null())
        .select(_OF)
    )


def _personal(
    shared: pl.DataFrame, owned: pl.DataFrame, sightings: pl.DataFrame
) -> pl.DataFrame:
    """Personal contacts that are more than a rarity beside others; arguments and columns as for ``_of_houses``."""
    seen = sightings.filter(
        (pl.col("ownership") == "own")
        & pl.col("kind").is_in(holders.CONTACT_KINDS)
        & pl.col("post_id").is_not_null()
    ).join(shared, on="seller_id", how="semi")
    shown = (
        seen.join(keys.keys_of(seen.select(_VALUE).unique()), on=_VALUE)
        .select("seller_id", "post_id", pl.col("link_kind").alias("kind"), pl.col("link_value").alias("value"))
        .join(owned, on=[*_VALUE, "seller_id"], how="semi")
        .unique()
        .with_columns(
            (pl.len().over("seller_id", "post_id") == 1).alias("is_alone"),
            pl.col("post_id").n_unique().over("seller_id").alias("posts"),
        )
    )  # fmt: skip
    by_seller = (
        shown.join(shared, on=[*_VALUE, "seller_id"])
        .group_by(*_OF, "seller_id")
        .agg(pl.len().alias("shown"), pl.col("is_alone").sum(), pl.col("posts").first())
    )
    total = pl.col("shown", "is_alone", "posts").sum().cast(pl.Float64)
    return (
        by_seller.group_by(_OF)
        .agg(total)
        .filter(
            (pl.col("shown") >= MIN_SHARE * pl.col("posts"))
            | (pl.col("is_alone") >= MIN_ALONE * pl.col("shown"))
        )
        .select(_OF)
    )
