"""Sellers become networks: what each of them owns, and which of it joins them.

In: sightings, facts about their sellers, the allowlist. Out: indicators, edges with their evidence, components.

Invariants: only own values join; reporters, complainants, hubs and allowlisted values join nobody; edges grow linearly in
sightings; every edge names the values behind it; the order of input rows changes nothing; empty in, empty out.
``holders`` decides who may be joined with whom, ``relatedness`` and ``copies`` which values are hubs, ``strays`` which claims are accidents, ``rings`` where one
component is two rings, ``edges`` what an edge says.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from features import rings
from features.families import copies
from features.graph import components, edges, holders, relatedness, strays
from features.indicators import hubs, keys
from warehouse import contracts

#: Columns of ``Links.owners``.
OWNERS = ("kind", "value", "seller_id", "level", "is_disputed")


@dataclass(frozen=True, slots=True)
class Links:
    """What joins sellers.

    Attributes:
        indicators: contracts.INDICATORS with null ``network_id`` (``with_networks`` fills it).
        edges: contracts.EDGES.
        components: ``seller_id``, ``component`` (its smallest seller id): sellers joined with at least one other.
        owners: One row per link key (``keys.link_key``) × seller that owns it, with the level of the claim
            (``holders``). Whoever only pasted somebody's value is left out; ``is_disputed`` where sides that were kept
            apart claim the value, which is then nobody's to list. Sorted by (kind, value, seller_id).
    """

    indicators: pl.DataFrame
    edges: pl.DataFrame
    components: pl.DataFrame
    owners: pl.DataFrame
    ties: pl.DataFrame


def link(
    sightings: pl.DataFrame,
    *,
    sellers: pl.DataFrame,
    allowlist: pl.DataFrame,
    warninglist: pl.DataFrame | None = None,
) -> Links:
    """Join sellers that own the same values.

    Claims are grouped by ``holders``, hubs dropped by ``relatedness``, what is left weighed by ``edges``.

    Args:
        sightings: contracts.SIGHTINGS.
        sellers: contracts.SELLER_FACTS; ``seller_id``, ``role`` and ``offer_count`` are used. Missing sellers count as
            ``other``.
        allowlist: contracts.ALLOWLIST; ``kind`` and ``value`` are used.
        warninglist: ``kind``, ``value`` (``hubs.read_list``): hubs beside the shipped ones; null takes none.

    Returns:
        ``Links``. In ``indicators`` ``seller_count`` and ``platform_count`` count sellers that own the value,
        ``post_count`` all posts that show it, ``is_hub`` says that it joins nobody.
    """
    cleared = allowlist.select("kind", "value")
    listed = cleared.clear() if warninglist is None else warninglist
    claims = holders.claims(sightings, sellers, pl.concat([cleared, listed]))
    shared = claims.filter(pl.col("degree") > 1).with_columns(
        holders.is_public_kind().alias("is_public")
    )
    grouped = holders.groups(shared)
    groups = grouped.filter(pl.len().over("key", "group") > 1).join(
        shared, on=["key", "seller_id"]
    )
    copied, shown = (
        groups.filter(copies.is_copied()),
        groups.filter(~copies.is_copied()),
    )
    contact_hubs = relatedness.hub_keys(shown)
    contacts = shown.filter(~pl.col("key").is_in(contact_hubs.implode()))
    joining, together, copy_hubs = _joined(contacts, copied, sightings, claims)
    ties = _ties(joining, together)
    parts = rings.communities(ties)
    is_hub = pl.col("key").is_in(pl.concat([contact_hubs, copy_hubs]).implode())
    joined = edges.seller_edges(ties, groups.filter(~is_hub), parts)
    hub_values = shared.filter(is_hub).select("kind", "value").unique()
    owned = pl.concat(
        [
            claims.filter(pl.col("degree") == 1)
            .with_columns(pl.lit(value=False).alias("is_disputed"))
            .select(OWNERS),
            grouped.filter(~is_hub)
            .unique(["key", "seller_id"])
            .join(shared, on=["key", "seller_id"])
            .select(OWNERS),
        ]
    ).filter(pl.col("kind") != "brand")
    found = edges.edge_components(joined)
    return Links(
        indicators=_indicators(
            sightings,
            pl.concat([hub_values, keys.link_key(listed).unique()]),
            allowlist,
        ),
        edges=joined,
        components=found,
        owners=owned.sort("kind", "value", "seller_id"),
        ties=_shared(joining, together, shared, found),
    )


def _joined(
    contacts: pl.DataFrame,
    copied: pl.DataFrame,
    sightings: pl.DataFrame,
    claims: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.Series]:
    """As ``_joining``, without claims that are accidents (``strays``)."""
    whole = _joining(contacts, copied)
    rows = pl.concat([contacts, copied])
    doubtful = strays.unaccompanied(strays.fleeting(rows), sightings, claims)
    if doubtful.is_empty():
        return whole
    sure = _joining(
        *(
            part.join(doubtful, on=["key", "seller_id"], how="anti")
            for part in (contacts, copied)
        )
    )
    # Whether a copy is everybody's hangs on what contacts join, and that on what is an accident.
    hub_keys = set(whole[2]) & set(sure[2])
    related = rows.filter(~pl.col("key").is_in(hub_keys))
    # What everybody shows puts nobody anywhere, so it makes nothing else doubtful.
    still = doubtful.select("key", "seller_id").join(
        strays.fleeting(related), on=["key", "seller_id"]
    )
    found = strays.accidents(still, related, sure[1])
    if found.is_empty():
        return whole
    return _joining(
        *(
            part.join(found, on=["key", "seller_id"], how="anti")
            for part in (contacts, copied)
        )
    )


def _joining(
    contacts: pl.DataFrame, copied: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.Series]:
    """Rows that join by themselves, those that join together, and hubs among what is copied (``copies.split``)."""
    alone, together, copy_hubs = copies.split(
        copied, components.joined_by(contacts["seller_id"], relatedness.joint(contacts))
    )
    return (
        pl.concat([contacts, alone.select(contacts.columns)]),
        together,
        copy_hubs,
    )


def _ties(alone: pl.DataFrame, together: pl.DataFrame) -> pl.DataFrame:
    """What joins whom, as a bipartite graph.

    Args:
        alone: Rows of groups that join by themselves.
        together: As from ``copies.split``.

    Returns:
        ``node``, ``seller_id``, ``weight``, as ``rings.communities`` takes it. Rare and common values weigh the same here: what
        few share is no stronger a tie than what a whole ring shares.
    """
    strength = pl.col("kind").replace_strict(
        edges.KIND_WEIGHTS, return_dtype=pl.Float64
    )
    single = alone.select(
        pl.struct("key", "group").rank("dense").cast(pl.Int64).alias("node"),
        "seller_id",
        (strength * pl.col("confidence")).alias("weight"),
    )
    joint = together.select(
        -pl.col("key").cast(pl.Int64).alias("node"),
        "seller_id",
        pl.lit(copies.JOIN_ALONE).alias("weight"),
    )
    return pl.concat([single, joint])


def _shared(
    alone: pl.DataFrame,
    together: pl.DataFrame,
    claims: pl.DataFrame,
    components: pl.DataFrame,
) -> pl.DataFrame:
    """Columns of ``Links.ties``."""
    pairs = [
        together.select(pl.col(name).alias("key"), "seller_id")
        for name in ("first", "second")
    ]
    return (
        pl.concat([alone.select("key", "seller_id"), *pairs])
        .unique()
        .join(claims, on=["key", "seller_id"])
        .join(components, on="seller_id")
        .filter(pl.len().over("key", "component") > 1)
        .select("seller_id", "component", "kind", "value", "first_seen_at")
        .sort("seller_id", "kind", "value")
    )


def with_networks(links: Links, members: pl.DataFrame) -> pl.DataFrame:
    """The indicators with the network that owns each.

    Args:
        links: As from ``link``.
        members: contracts.NETWORK_MEMBERS of the same moment.

    Returns:
        contracts.INDICATORS sorted by (kind, value). ``network_id`` is the network with more owners of the value than
        any other; null for hubs, allowlisted and disputed values, ties, and where no owner is in a network.
    """
    counts = (
        links.owners.filter(~pl.col("is_disputed"))
        .join(members, on="seller_id")
        .group_by("kind", "value", "network_id")
        .len()
    )
    most = pl.col("len").max().over("kind", "value")
    leading = counts.filter(pl.col("len") == most).filter(
        pl.len().over("kind", "value") == 1
    )
    keyed = keys.keys_of(links.indicators.select("kind", "value")).join(
        leading.select(
            pl.col("kind").alias("link_kind"),
            pl.col("value").alias("link_value"),
            "network_id",
        ),
        on=["link_kind", "link_value"],
    )
    is_free = ~(pl.col("is_hub") | pl.col("is_allowlisted"))
    return contracts.INDICATORS.check(
        links.indicators.drop("network_id")
        .join(
            keyed.select("kind", "value", "network_id"),
            on=["kind", "value"],
            how="left",
        )
        .with_columns(pl.when(is_free).then("network_id").alias("network_id"))
        .select(contracts.INDICATORS.columns.keys())
        .sort("kind", "value")
    )


def _indicators(
    sightings: pl.DataFrame, hub_values: pl.DataFrame, allowlist: pl.DataFrame
) -> pl.DataFrame:
    """contracts.INDICATORS of all kinds, with null networks."""
    seen = sightings.group_by("kind", "value").agg(
        pl.col("post_id").drop_nulls().n_unique().cast(pl.Int64).alias("post_count"),
        pl.col("seen_at").min().alias("first_seen_at"),
        pl.col("seen_at").max().alias("last_seen_at"),
    )
    same = ["kind", "value"]
    own = (
        sightings.filter(pl.col("ownership") == "own")
        .select(*same, "seller_id")
        .unique()
    )
    owned = own.group_by(same).agg(pl.len().cast(pl.Int64).alias("seller_count"))
    # Most values have one owner, whose platform need not be looked for.
    platforms = (
        own.join(owned.filter(pl.col("seller_count") > 1), on=same, how="semi")
        .group_by(same)
        .agg(
            pl.col("seller_id")
            .str.extract(r"^([^:]*)", 1)
            .n_unique()
            .cast(pl.Int64)
            .alias("platform_count")
        )
    )
    owned = owned.join(platforms, on=same, how="left").with_columns(
        pl.col("platform_count").fill_null(1)
    )
    values = seen.join(owned, on=["kind", "value"], how="left").with_columns(
        pl.col("seller_count", "platform_count").fill_null(0)
    )
    found = keys.keys_of(values.select("kind", "value")).join(
        hub_values.rename({"kind": "link_kind", "value": "link_value"}),
        on=["link_kind", "link_value"],
    )
    cleared = allowlist.select("kind", "value").unique()
    return contracts.INDICATORS.check(
        values.join(
            found.select("kind", "value", pl.lit(value=True).alias("is_found")),
            on=["kind", "value"],
            how="left",
        )
        .join(
            cleared.with_columns(pl.lit(value=True).alias("is_cleared")),
            on=["kind", "value"],
            how="left",
        )
        .with_columns(
            pl.lit(None, pl.String).alias("network_id"),
            (
                pl.col("is_found").fill_null(value=False)
                | hubs.is_listed(pl.col("kind"), pl.col("value"))
            ).alias("is_hub"),
            pl.col("is_cleared").fill_null(value=False).alias("is_allowlisted"),
        )
        .select(contracts.INDICATORS.columns.keys())
        .sort("kind", "value")
    )
