"""Values by which a network is known: what it began with, and what it kept when it returns under new names.

In: ties of tonight, components, what ended networks were last known by. Out: the same by component, and who returned.

Invariants: only values that point at one operator count; a value that two old networks had revives neither; the order of
rows changes nothing.
"""

from __future__ import annotations

import polars as pl

from warehouse import contracts

#: Values by which a network that ended is known again. Texts, pictures and names are copied; sites change hands.
KINDS = (
    "wechat", "qq", "qq_group", "phone", "email", "telegram", "uscc", "shop", "analytics_id", "qr",
)  # fmt: skip
#: So many of a network's first values are tried for its id.
MAX_BIRTHS = 5


def shown(components: pl.DataFrame, ties: pl.DataFrame | None) -> pl.DataFrame:
    """``component``, ``kind``, ``value``: what each component would be known by, distinct."""
    if ties is None:
        return contracts.NETWORK_TRACES.empty().rename({"network_id": "component"})
    return (
        ties.select("seller_id", "kind", "value")
        .filter(pl.col("kind").is_in(KINDS))
        .join(components.select("seller_id", pl.col("component").cast(pl.String)), on="seller_id")
        .select("component", "kind", "value")
        .unique()
        .sort("component", "kind", "value")
    )  # fmt: skip


def returned(traces: pl.DataFrame, shown: pl.DataFrame) -> dict[str, tuple[str, str]]:
    """Component → retired id and the value that it kept, one to one, most values first."""
    single = traces.filter(pl.col("network_id").n_unique().over("kind", "value") == 1)
    common = (
        shown.join(single, on=["kind", "value"])
        .group_by("component", "network_id")
        .agg(
            pl.len().alias("count"),
            pl.concat_str("kind", pl.lit(":"), "value").min().alias("value"),
        )
        .sort("count", "network_id", "component", descending=[True, False, False])
    )
    found: dict[str, tuple[str, str]] = {}
    taken: set[str] = set()
    for component, network_id, _, value in common.iter_rows():
        if component not in found and network_id not in taken:
            found[component] = (network_id, value)
            taken.add(network_id)
    return found


def traces(
    before: pl.DataFrame, shown: pl.DataFrame, ids: dict[str, str], retired: set[str]
) -> pl.DataFrame:
    """What every id ever used was last known by."""
    named = pl.DataFrame(
        list(ids.items()),
        schema={"component": pl.String, "network_id": pl.String},
        orient="row",
    )
    now = shown.join(named, on="component").select("network_id", "kind", "value")
    kept = before.filter(pl.col("network_id").is_in(sorted(retired)))
    return contracts.NETWORK_TRACES.check(
        pl.concat([kept, now]).sort("network_id", "kind", "value")
    )


def births(components: pl.DataFrame, ties: pl.DataFrame | None) -> dict[str, list[str]]:
    """The values of each component in the order in which a second seller showed them."""
    if ties is None:
        return {}
    joined = (
        ties.select("seller_id", "kind", "value", "first_seen_at")
        .join(components.select("seller_id", pl.col("component").cast(pl.String)), on="seller_id")
        .group_by("component", "kind", "value")
        .agg(pl.col("first_seen_at").bottom_k(2).max())
        .sort("component", "first_seen_at", "kind", "value")
        .group_by("component", maintain_order=True)
        .agg(pl.concat_str("kind", pl.lit(":"), "value").head(MAX_BIRTHS))
    )  # fmt: skip
    return dict(joined.iter_rows())
