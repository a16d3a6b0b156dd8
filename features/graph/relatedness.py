"""Which shared values are hubs: held by many who have nothing else to do with each other.

In: the groups that each shared key would join (``holders.groups``) with its holders' sides and other evidence. Out: the
keys that join nobody.

Degree alone cannot tell a hotline from a ring: both have hundreds of holders. What tells them apart is who the holders
are *without* the value. The rule, per key:

* A **private** key (WeChat, QQ, mobile, mailbox, registry code …) serves whoever answers it, so many holders are no
  argument. It is a hub only from ``NEST_DEGREE`` holders on, and only if it would bind ``MAX_NESTS`` or more nests of
  three sellers that rarer private keys already hold together, or if nearly nobody who holds it makes offers while half
  of its holders show identities of their own.
* A **public** key (site, company name, service line, filing, page) is judged against the components that private keys
  make. It is a hub if holders rarely make offers and fall into several unrelated groups; if it would bind as many
  established groups as ``MAX_BOUND_GROUPS`` of its kind (four times as many where an offering seller vouches for it
  with its profile, site or registry entry); or if ``MAX_IDENTITIES`` holders show unrelated private contacts.

So a ring of 200 that shares one number joins, and 200 shops that print the same platform hotline do not.

Source of the idea: degree discounts of Adamic and Adar (2003) keep weights honest but not components; the test against
the rest of the graph is that of entity resolution systems, which do not let one common attribute merge two clusters
that disagree elsewhere. The constants were set on the bundled markets and are deliberately few.
"""

from __future__ import annotations

import polars as pl

from features.graph import components, holders

#: A nest is three or more holders of the key whom other keys join; below the degree a private key is never a hub.
NEST_DEGREE = 12
NEST_SIZE = 3
MAX_NESTS = 12
#: Below these shares of offering holders a key is not a recruiter's own.
MIN_PRIVATE_OFFERING_SHARE = 0.2
MIN_PUBLIC_OFFERING_SHARE = 0.25
#: Service lines are printed by everybody: couriers, platforms, payment firms.
MIN_OFFERING_SHARE = {"phone": 0.5}
#: So many groups that nothing else joins are "several unrelated" ones.
UNRELATED_GROUPS = 4
#: A private key with hardly an offer is a hub if this share of its holders shows unrelated identities.
MAX_IDENTITY_SHARE = 0.5
#: From this many established groups (two sellers or more) on a public key binds rings that differ in everything else.
MAX_BOUND_GROUPS = {"domain": 3, "icp": 4, "police_filing": 4}
MAX_BOUND_GROUPS_OTHERWISE = 2
ANCHOR_FACTOR = 4
#: More unrelated private contacts behind one public value than any known ring runs.
MAX_IDENTITIES = 100


def hub_keys(rows: pl.DataFrame) -> pl.Series:
    """Keys that join nobody.

    Args:
        rows: One row per (key, group, seller) of ``holders.groups``, groups of one left out, with ``kind``,
            ``is_public``, ``side``, ``level`` and ``private_count`` of the seller's claim.

    Returns:
        Sorted distinct ``key`` values.
    """
    private = rows.filter(~pl.col("is_public"))
    private_hubs = _private_hubs(private)
    trusted = private.filter(~pl.col("key").is_in(private_hubs.implode()))
    base = components.joined_by(trusted["seller_id"], joint(trusted))
    public_hubs = _public_hubs(rows.filter("is_public"), base)
    return pl.concat([private_hubs, public_hubs]).unique().sort()


def _private_hubs(rows: pl.DataFrame) -> pl.Series:
    degree = pl.col("seller_id").n_unique().over("key")
    sized = rows.with_columns(degree.alias("degree"))
    rare = sized.filter(pl.col("degree") < NEST_DEGREE)
    common = sized.filter(pl.col("degree") >= NEST_DEGREE)
    base = components.joined_by(rare["seller_id"], joint(rare))
    held = _placed(common, base, evidence=pl.col("private_count") > 1)
    nests = (
        held.group_by("key", "component")
        .len()
        .filter(pl.col("len") >= NEST_SIZE)
        .group_by("key")
        .agg(pl.len().alias("nests"))
    )
    judged = held.group_by("key").agg(
        (pl.col("side") == "offering").mean().alias("offering_share"),
        (pl.col("component").filter("has_identity").n_unique() / pl.len()).alias(
            "identity_share"
        ),
    )
    strangers = (pl.col("offering_share") < MIN_PRIVATE_OFFERING_SHARE) & (
        pl.col("identity_share") >= MAX_IDENTITY_SHARE
    )
    return (
        judged.join(nests, on="key", how="left")
        .filter((pl.col("nests") >= MAX_NESTS).fill_null(value=False) | strangers)
        .get_column("key")
    )


def _public_hubs(rows: pl.DataFrame, base: pl.DataFrame) -> pl.Series:
    held = _placed(rows, base, evidence=pl.col("private_count") > 0)
    is_joined = pl.col("component_size") > 1
    judged = held.group_by("key").agg(
        pl.col("kind").first(),
        (pl.col("side") == "offering").mean().alias("offering_share"),
        ((pl.col("side") == "offering") & (pl.col("level") == holders.VERIFIED))
        .any()
        .alias("is_anchored"),
        pl.col("component").n_unique().alias("groups"),
        pl.col("component").filter(is_joined).n_unique().alias("bound"),
        pl.col("component").filter("has_identity").n_unique().alias("identities"),
    )
    limit = pl.col("kind").replace_strict(
        MAX_BOUND_GROUPS, default=MAX_BOUND_GROUPS_OTHERWISE, return_dtype=pl.Int64
    ) * pl.when("is_anchored").then(ANCHOR_FACTOR).otherwise(1)
    wanted = pl.col("kind").replace_strict(
        MIN_OFFERING_SHARE, default=MIN_PUBLIC_OFFERING_SHARE, return_dtype=pl.Float64
    )
    unwanted = (pl.col("offering_share") < wanted) & (
        pl.col("groups") >= UNRELATED_GROUPS
    )
    return judged.filter(
        unwanted | (pl.col("bound") >= limit) | (pl.col("identities") >= MAX_IDENTITIES)
    ).get_column("key")


def _placed(
    rows: pl.DataFrame, base: pl.DataFrame, *, evidence: pl.Expr
) -> pl.DataFrame:
    """One row per (key, seller) with the component that other keys put the seller into; alone is a component too."""
    sizes = base.with_columns(pl.len().over("component").alias("component_size"))
    return (
        rows.unique(["key", "seller_id"], keep="first", maintain_order=True)
        .join(sizes, on="seller_id", how="left")
        .with_columns(
            pl.col("component").fill_null(pl.col("seller_id")),
            pl.col("component_size").fill_null(1),
            evidence.alias("has_identity"),
        )
    )


def joint(rows: pl.DataFrame) -> pl.Series:
    """One name per (key, group)."""
    return rows.select(pl.struct("key", "group").rank("dense")).to_series()
