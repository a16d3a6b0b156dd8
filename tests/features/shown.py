"""Small tables of who shows what, and whom that joins."""

from datetime import UTC, datetime, timedelta

import polars as pl

from features import network
from warehouse import contracts

START = datetime(2024, 6, 1, tzinfo=UTC)
NOBODY = contracts.ALLOWLIST.empty()


def seen(*rows):
    """Sightings from (seller, kind, value, field[, ownership]); the hour grows with the row."""
    full = []
    for hour, (seller, kind, value, field, *ownership) in enumerate(rows):
        full.append(
            {
                "post_id": None if field in {"bio", "name"} else f"{seller}-{hour}",
                "seller_id": seller,
                "kind": kind,
                "value": value,
                "raw": value,
                "field": field,
                "ownership": ownership[0] if ownership else "own",
                "confidence": 0.9,
                "seen_at": START + timedelta(hours=hour),
            }
        )
    return pl.DataFrame(full, schema=dict(contracts.SIGHTINGS.columns))


def facts(**roles):
    """Facts of sellers; ``a=\"seller\"`` is douyin:a, which makes one offer."""
    rows = [
        {
            "seller_id": f"douyin:{name}",
            "platform": "douyin",
            "role": role,
            "offer_count": int(role == "seller"),
            "post_count": 1,
        }
        for name, role in roles.items()
    ]
    return pl.DataFrame(rows, schema=dict(contracts.SELLER_FACTS.columns))


def together(links):
    """Components as a set of sets of names without the platform."""
    grouped = (
        links.components.group_by("component").agg("seller_id")["seller_id"].to_list()
    )
    return {
        frozenset(seller.split(":", 1)[1] for seller in sellers) for sellers in grouped
    }


def joined(sightings, sellers, allowlist=NOBODY):
    return together(network.link(sightings, sellers=sellers, allowlist=allowlist))


def ring(size, value="szr_demo_01", kind="wechat", field="text", prefix="r"):
    """Sightings and roles of ``size`` sellers that show one value."""
    names = [f"{prefix}{number}" for number in range(size)]
    return [(f"douyin:{name}", kind, value, field) for name in names], dict.fromkeys(
        names, "seller"
    )


def members_of(links):
    return links.components.select(pl.col("component").alias("network_id"), "seller_id")
