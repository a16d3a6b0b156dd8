"""Sellers become networks: what each of them owns, which of it joins them, and what the networks are called.

In: sightings, facts about their sellers, the allowlist. Out: indicators, edges with their evidence, components, and later
the networks themselves.

Invariants: only own values join; reporters, complainants, hubs and allowlisted values join nobody; edges grow linearly in
sightings; every edge names the values behind it; the order of input rows changes nothing; empty in, empty out.
``holders`` decides who may be joined with whom, ``relatedness`` which values are hubs.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from features import edges, holders, hubs, keys, names, relatedness
from warehouse import contracts

#: A network is as likely a scam as the mean of so many strongest members: one misread account cannot lift it, and
#: innocent-looking posts of the others cannot hide it.
STRONGEST_MEMBERS = 3

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


def link(
    sightings: pl.DataFrame, *, sellers: pl.DataFrame, allowlist: pl.DataFrame
) -> Links:
    """Join sellers that own the same values.

    Claims are grouped by ``holders``, hubs dropped by ``relatedness``, what is left weighed by ``edges``.

    Args:
        sightings: contracts.SIGHTINGS.
        sellers: contracts.SELLER_FACTS; ``seller_id``, ``role`` and ``offer_count`` are used. Missing sellers count as
            ``other``.
        allowlist: contracts.ALLOWLIST; ``kind`` and ``value`` are used.

    Returns:
        ``Links``. In ``indicators`` ``seller_count`` and ``platform_count`` count sellers that own the value,
        ``post_count`` all posts that show it, ``is_hub`` says that it joins nobody.
    """
    claims = holders.claims(sightings, sellers, allowlist)
    counted = claims.with_columns(pl.len().over("kind", "value").alias("degree"))
    several = (
        counted.filter(pl.col("degree") > 1)
        .select("kind", "value")
        .unique()
        .sort("kind", "value")
    )
    shared = counted.join(
        several.with_row_index("key"), on=["kind", "value"]
    ).with_columns(holders.is_public_kind().alias("is_public"))
    grouped = holders.groups(shared)
    groups = grouped.filter(pl.len().over("key", "group") > 1).join(
        shared, on=["key", "seller_id"]
    )
    hub_keys = relatedness.hub_keys(groups)
    is_hub = pl.col("key").is_in(hub_keys.implode())
    joined = edges.seller_edges(groups.filter(~is_hub))
    hub_values = shared.filter(is_hub).select("kind", "value").unique()
    owned = pl.concat(
        [
            counted.filter(pl.col("degree") == 1)
            .with_columns(pl.lit(value=False).alias("is_disputed"))
            .select(OWNERS),
            grouped.filter(~is_hub)
            .unique(["key", "seller_id"])
            .join(shared, on=["key", "seller_id"])
            .select(OWNERS),
        ]
    )
    return Links(
        indicators=_indicators(sightings, hub_values, allowlist),
        edges=joined,
        components=edges.edge_components(joined),
        owners=owned.sort("kind", "value", "seller_id"),
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


def corroborated(links: Links, members: pl.DataFrame) -> pl.DataFrame:
    """Indicators whose ownership is sure enough to be listed.

    An owner shows the value in its own profile, site or registry entry, or two sellers of one network own it. Hubs,
    allowlisted and disputed values never are. Whether the owner itself deserves a list is not asked here.

    Args:
        links: As from ``link``.
        members: contracts.NETWORK_MEMBERS of the same moment.

    Returns:
        ``kind``, ``value`` (canonical, as in ``indicators``), ``seller_id``: one row per corroborated indicator × owner,
        sorted.
    """
    owners = links.owners.filter(~pl.col("is_disputed")).join(
        members, on="seller_id", how="left"
    )
    together = pl.col("network_id").is_not_null() & (
        pl.len().over("kind", "value", "network_id") > 1
    )
    sure = owners.filter((pl.col("level") > holders.POSTED) | together).select(
        pl.col("kind").alias("link_kind"),
        pl.col("value").alias("link_value"),
        "seller_id",
    )
    free = links.indicators.filter(
        ~(pl.col("is_hub") | pl.col("is_allowlisted"))
    ).select("kind", "value")
    return (
        keys.keys_of(free)
        .join(sure, on=["link_kind", "link_value"])
        .select("kind", "value", "seller_id")
        .sort("kind", "value", "seller_id")
    )


def summaries(
    members: pl.DataFrame,
    facts: pl.DataFrame,
    indicators: pl.DataFrame,
    scores: pl.DataFrame,
    complaints: pl.DataFrame,
) -> pl.DataFrame:
    """One row per network.

    Args:
        members: contracts.NETWORK_MEMBERS.
        facts: contracts.SELLER_FACTS.
        indicators: contracts.INDICATORS with networks.
        scores: contracts.SCORES; may be empty.
        complaints: contracts.COMPLAINTS.

    Returns:
        contracts.NETWORKS, sorted. ``display_name`` is the commonest brand among members' names and own companies,
        in its commonest spelling; without one the name of the member that posts most, at last the id.
        ``scam_probability`` is the mean of the ``STRONGEST_MEMBERS`` highest of its members; null where none is
        scored. ``max_fee_yuan`` and ``claimed_loss_yuan`` are null where nobody named a sum.
    """
    inside = members.join(facts.drop("network_id"), on="seller_id", how="left")
    sizes = inside.group_by("network_id").agg(
        pl.len().cast(pl.Int64).alias("seller_count"),
        pl.col("seller_id")
        .str.extract(r"^([^:]*)", 1)
        .n_unique()
        .cast(pl.Int64)
        .alias("platform_count"),
        pl.col("max_fee_yuan").max(),
        pl.col("first_seen_at").min(),
        pl.col("last_seen_at").max(),
    )
    owned = indicators.filter(pl.col("network_id").is_not_null())
    counts = owned.group_by("network_id").agg(
        pl.len().cast(pl.Int64).alias("indicator_count")
    )
    strongest = (
        members.join(
            scores.select("seller_id", "scam_probability").drop_nulls(), on="seller_id"
        )
        .group_by("network_id")
        .agg(pl.col("scam_probability").top_k(STRONGEST_MEMBERS).sort().mean().round(6))
    )
    single = (
        complaints.filter(pl.col("network_id").is_not_null())
        .group_by("network_id", "post_id")
        .agg(pl.col("amount_yuan").max())
    )
    claimed = single.group_by("network_id").agg(
        pl.len().cast(pl.Int64).alias("complaint_count"),
        pl.when(pl.col("amount_yuan").count() > 0)
        .then(pl.col("amount_yuan").sum())
        .cast(contracts.MONEY)
        .alias("claimed_loss_yuan"),
    )
    return contracts.NETWORKS.check(
        sizes.join(_display_names(inside, owned), on="network_id", how="left")
        .join(counts, on="network_id", how="left")
        .join(strongest, on="network_id", how="left")
        .join(claimed, on="network_id", how="left")
        .with_columns(
            pl.col("display_name").fill_null(pl.col("network_id")),
            pl.col("indicator_count", "complaint_count").fill_null(0),
        )
        .select(contracts.NETWORKS.columns.keys())
        .sort("network_id")
    )


def _indicators(
    sightings: pl.DataFrame, hub_values: pl.DataFrame, allowlist: pl.DataFrame
) -> pl.DataFrame:
    """contracts.INDICATORS of all kinds, with null networks."""
    own = pl.col("ownership") == "own"
    platform = pl.col("seller_id").str.extract(r"^([^:]*)", 1)
    values = sightings.group_by("kind", "value").agg(
        pl.col("seller_id").filter(own).n_unique().cast(pl.Int64).alias("seller_count"),
        pl.col("post_id").drop_nulls().n_unique().cast(pl.Int64).alias("post_count"),
        platform.filter(own).n_unique().cast(pl.Int64).alias("platform_count"),
        pl.col("seen_at").min().alias("first_seen_at"),
        pl.col("seen_at").max().alias("last_seen_at"),
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


def _display_names(inside: pl.DataFrame, owned: pl.DataFrame) -> pl.DataFrame:
    """``network_id``, ``display_name`` where any member has a name."""
    accounts = inside.select(
        "network_id",
        names.clean(pl.col("name")).alias("shown"),
        pl.col("post_count").fill_null(0).alias("support"),
    )
    companies = owned.filter(pl.col("kind") == "company").select(
        "network_id",
        names.clean(pl.col("value")).alias("shown"),
        pl.col("seller_count").alias("support"),
    )
    shown = pl.concat([accounts, companies]).filter(pl.col("shown").is_not_null())
    spelled = shown.with_columns(
        names.core(pl.col("shown")).fill_null(pl.col("shown")).alias("brand")
    )
    branded = ["network_id", "brand"]
    return (
        spelled.with_columns(pl.len().over(branded).alias("users"), pl.col("support").sum().over(branded).alias("posts"))
        .with_columns(pl.len().over("network_id", "brand", "shown").alias("spelling"))
        .sort(
            "network_id", "users", "posts", "brand", "spelling", "shown",
            descending=[False, True, True, False, True, False],
        )
        .unique("network_id", keep="first", maintain_order=True)
        .select("network_id", pl.col("shown").alias("display_name"))
    )  # fmt: skip
