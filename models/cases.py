"""The review queue: one case per network or lone seller that a person should look at.

In: scores, facts, members, verdicts that hold, the cases of before. Out: contracts.CASES, the most urgent first by
``priority``. A case keeps its id and ``opened_at`` for as long as its network or seller keeps its own; one that fell
below the threshold stays with its state, because people have seen it. Nothing here decides anything.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from warehouse import contracts

if TYPE_CHECKING:
    from datetime import datetime

#: A network or seller is put before a person from this probability of its highest member on (band ``medium``).
REVIEW = 0.5
#: A lone seller whom a person cleared comes back from this probability on, if it was seen again.
REOPEN = 0.85
#: Harm of a fee nobody named: the lowest that the trade asks for a town (DOMAIN §3).
USUAL_FEE_YUAN = 35_000.0
#: Days after which a seller that was not seen again is half as urgent.
HALF_LIFE_DAYS = 30.0
#: Minutes to open a case, and to look at one more of its sellers.
CASE_MINUTES, SELLER_MINUTES = 3.0, 1.0
#: A person looks at so many sellers of a case before deciding on the network.
SELLERS_LOOKED_AT = 10
#: What a verdict would teach at most, as a share of the harm that the case stands for: an interval over the whole range
#: makes a case half as urgent again. Chosen so that harm leads and doubt decides between like cases.
TEACHES = 0.5


def case_id(target: str) -> str:
    """``case_`` and 12 hex digits of the network's or lone seller's id."""
    return f"case_{hashlib.blake2b(target.encode(), digest_size=6).hexdigest()}"


def queue(
    scores: pl.DataFrame,
    facts: pl.DataFrame,
    verdicts: pl.DataFrame,
    previous: pl.DataFrame,
    *,
    as_of: datetime,
) -> pl.DataFrame:
    """Tonight's cases.

    Args:
        scores: contracts.SCORES.
        facts: contracts.SELLER_FACTS, with tonight's networks.
        verdicts: ``target``, ``verdict``, ``decided_at``, one row per target (``labels.standing_verdicts``); a target is
            a case, a network or a seller.
        previous: contracts.CASES of the night before.
        as_of: Knowledge limit.

    Returns:
        contracts.CASES sorted by falling priority, then id. ``priority`` is the expected fee yuan kept from agents per
        minute of review, probability × sellers × fee × recency / minutes, raised by ``TEACHES`` × the mean width of the
        sellers' 90 % intervals (what nobody knows yet teaches most), and 0 for decided cases. States: ``decided``
        by ``fraud`` or ``benign`` on the case, network or lone seller; ``reopened`` when, after that, the network got a
        new member or a lone ``benign`` seller was seen again at the threshold; else ``open`` (``unsure`` included).
    """
    sellers = scores.join(facts, on="seller_id").with_columns(
        pl.coalesce("network_id", "seller_id").alias("target")
    )
    fee = pl.col("max_fee_yuan").cast(pl.Float64)
    age_days = (
        pl.lit(as_of) - pl.col("last_seen_at").max()
    ).dt.total_seconds() / 86_400
    units = sellers.group_by("target").agg(
        pl.col("network_id").first(),
        pl.col("seller_id").sort_by("scam_probability", "seller_id").last(),
        pl.len().cast(pl.Float64).alias("sellers"),
        pl.col("scam_probability").max().alias("highest"),
        (pl.col("scam_probability") * 1e6)
        .round()
        .cast(pl.Int64)
        .sum()
        .alias("expected"),
        # Whole millionths add up to the same in any order.
        (
            ((pl.col("probability_high") - pl.col("probability_low")) * 1e6)
            .round()
            .cast(pl.Int64)
            .sum()
            / 1e6
            / pl.len()
        ).alias("doubt"),
        fee.max().alias("fee"),
        pl.col("complaint_count").sum().alias("complaints"),
        pl.col("first_seen_at").max().alias("newest_member_at"),
        pl.col("last_seen_at").max(),
        age_days.alias("age_days"),
    )
    known = previous.select(
        pl.coalesce("network_id", "seller_id").alias("target"),
        pl.col("case_id").alias("kept_id"),
        pl.col("network_id").alias("kept_network"),
        pl.col("seller_id").alias("kept_seller"),
        pl.col("opened_at").alias("kept_opened_at"),
        pl.col("why").alias("kept_why"),
    )
    joined = (
        units.join(known, on="target", how="full", coalesce=True)
        .filter((pl.col("highest") >= REVIEW) | pl.col("kept_id").is_not_null())
        .with_columns(
            pl.col("target")
            .map_elements(case_id, return_dtype=pl.String)
            .alias("fresh_id"),
        )
        .with_columns(pl.coalesce("kept_id", "fresh_id").alias("case_id"))
    )
    return contracts.CASES.check(
        _with_state(joined, verdicts)
        .with_columns(_priority().alias("priority"), _why().alias("why"))
        .select(
            "case_id",
            # A lone seller's case names the seller; a network's case names the network only.
            pl.coalesce("network_id", "kept_network").alias("network_id"),
            pl.when(pl.coalesce("network_id", "kept_network").is_null())
            .then(pl.coalesce("seller_id", "kept_seller"))
            .alias("seller_id"),
            "state",
            pl.coalesce("kept_opened_at", pl.lit(as_of).cast(contracts.TIME)).alias(
                "opened_at"
            ),
            "priority",
            "why",
        )
        .sort("priority", "case_id", descending=[True, False])
    )


def _with_state(cases: pl.DataFrame, verdicts: pl.DataFrame) -> pl.DataFrame:
    """Adds ``state`` from the newest decision on the case, its network or its lone seller."""
    decided = verdicts.filter(pl.col("verdict").is_in(["fraud", "benign"])).select(
        "target", "verdict", "decided_at"
    )
    named = pl.concat(
        [
            cases.select("case_id", "target"),
            cases.select("case_id", pl.col("case_id").alias("target")),
        ]
    )
    newest = (
        named.join(decided, on="target")
        .sort("decided_at", "target")
        .unique("case_id", keep="last", maintain_order=True)
        .select("case_id", "verdict", "decided_at")
    )
    is_network = pl.coalesce("network_id", "kept_network").is_not_null()
    seen_after = pl.col("last_seen_at") > pl.col("decided_at")
    is_news = (
        pl.when(is_network)
        .then(pl.col("newest_member_at") > pl.col("decided_at"))
        .otherwise(
            seen_after & (pl.col("verdict") == "benign") & (pl.col("highest") >= REOPEN)
        )
    )
    return cases.join(newest, on="case_id", how="left").with_columns(
        pl.when(pl.col("verdict").is_null())
        .then(pl.lit("open"))
        .when(is_news.fill_null(value=False))
        .then(pl.lit("reopened"))
        .otherwise(pl.lit("decided"))
        .alias("state")
    )


def _priority() -> pl.Expr:
    """Expected yuan kept from agents per minute of review; see ``queue``."""
    looked_at = pl.min_horizontal(pl.col("sellers"), pl.lit(float(SELLERS_LOOKED_AT)))
    minutes = CASE_MINUTES + SELLER_MINUTES * looked_at
    recency = 0.5 ** (pl.col("age_days").clip(0) / HALF_LIFE_DAYS)
    value = (
        pl.col("expected")
        / 1e6
        * pl.col("fee").fill_null(USUAL_FEE_YUAN)
        * recency
        * (1 + TEACHES * pl.col("doubt").fill_null(0.0))
        / minutes
    )
    return (
        pl.when(pl.col("state") == "decided").then(0.0).otherwise(value.fill_null(0.0))
    )


def _why() -> pl.Expr:
    """One line: how many sellers, how likely, what fee, how many complaints."""
    sellers = pl.col("sellers").cast(pl.Int64)
    fee = (
        pl.when(pl.col("fee").is_not_null())
        .then(pl.format("fee up to {} yuan", pl.col("fee").cast(pl.Int64)))
        .otherwise(pl.lit("no fee named"))
    )
    told = pl.format(
        "{} scored sellers, highest probability {}%, {}, {} complaints",
        sellers,
        (pl.col("highest") * 100).round().cast(pl.Int64),
        fee,
        pl.col("complaints"),
    )
    return pl.coalesce(told, "kept_why")
