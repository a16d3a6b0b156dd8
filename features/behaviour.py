"""Posts and what was read in them become sellers: facts for people, features for the model.

In: posts, reads, signals, amounts, sightings, edges, members and complaints of contracts. Out: contracts.SELLER_FACTS
and a frame with ``seller_id`` and the Float32 columns of ``catalogue.FEATURES`` in that order.

Invariants: rows crawled or seen after ``as_of`` change nothing; the order of input rows changes nothing; sorted by
``seller_id``; a profile record counts as a post. Empty in, empty out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features import catalogue
from features.positions import neighbours
from features.sellers import aggregates, marks, parties
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

#: A stance read with at least this probability is sure: an offer makes its account a seller whatever else it posts
CONFIDENT = 0.6
#: ... but from this on if it surely complains elsewhere: one misread post must not make a victim a seller.
STRONG = 0.9
#: ... unless reports and complaints outnumber its offers by more than this factor: a misread headline. Members of a
#: network get more room: a newspaper shares its contacts with nobody, and reposted news is cheap camouflage.
MAX_QUOTES_PER_OFFER, MAX_QUOTES_IN_NETWORK = 3, 8
#: A reporter or complainant lives from it: below this share of its posts the account is something else.
MIN_QUOTING_SHARE = 0.3


def roles(
    current: pl.DataFrame,
    signals: pl.DataFrame,
    amounts: pl.DataFrame,
    members: pl.DataFrame,
) -> pl.DataFrame:
    """What each account is, from the stances of its posts.

    The rule, in order: ``seller`` when it has a confident offer (``CONFIDENT``; ``STRONG`` for an account that also
    complains as surely) and its reports and complaints do not outnumber its offers by ``MAX_QUOTES_PER_OFFER`` (in a network by ``MAX_QUOTES_IN_NETWORK``; for a verified
    government or media account: do not reach them). Else the stance with the largest sum of stance probabilities among
    complaint (``complainant``) and report (``reporter``), both only from ``MIN_QUOTING_SHARE`` of its posts on and, for
    an account that also pitches, only when one of them is as sure as ``CONFIDENT``; vendor (``vendor``) and offer
    (``seller``). Else ``seller`` when it asserts an agency fee or pays for recruits in a post whose stance nobody could
    read. Else ``other``.

    Args:
        current: As from ``marks.current_posts``.
        signals: contracts.SIGNALS.
        amounts: contracts.AMOUNTS.
        members: contracts.NETWORK_MEMBERS.

    Returns:
        One row per seller: ``seller_id``, ``role``, sorted.
    """
    # Thousandths as integers: sums of floats depend on their order.
    milli = (pl.col("stance_probability").fill_null(0.5) * 1000).round().cast(pl.Int64)
    recruiting = pl.col("signal").is_in(["recruitment_tiers", "refund_on_target"])
    asking = pl.col("role") == "agency_fee"
    soliciting = pl.concat(
        [
            marks.asserted(signals, current).filter(recruiting)["seller_id"],
            marks.asserted(amounts, current).filter(asking)["seller_id"],
        ]
    ).unique()
    stance = pl.col("stance")
    is_offer, is_strong = stance == "offer", milli >= STRONG * 1000
    is_quote, is_sure = stance.is_in(["report", "complaint"]), milli >= CONFIDENT * 1000
    counted = current.group_by("seller_id").agg(
        pl.len().cast(pl.Int64).alias("post_count"),
        aggregates.count("offers", stance == "offer"),
        aggregates.count("quotes", is_quote),
        (
            (is_offer & is_strong).any()
            | (
                (is_offer & is_sure).any()
                & ~((stance == "complaint") & is_strong).any()
            )
        ).alias("is_sure"),
        (is_quote & is_sure).any().alias("is_sure_quote"),
        stance.is_in(["offer", "vendor"]).any().alias("is_pitching"),
        pl.col("author_verified")
        .is_in(["government", "media"])
        .any()
        .alias("is_public"),
        *(
            milli.filter(stance == name).sum().alias(name)
            for name in ("offer", "vendor", "complaint", "report")
        ),
    )
    limit = (
        pl.when("is_public")
        .then(pl.col("offers") - 1)
        .when(pl.col("seller_id").is_in(members["seller_id"].implode()))
        .then(pl.col("offers") * MAX_QUOTES_IN_NETWORK)
        .otherwise(pl.col("offers") * MAX_QUOTES_PER_OFFER)
    )
    is_quoting = (pl.col("quotes") >= MIN_QUOTING_SHARE * pl.col("post_count")) & (
        pl.col("is_sure_quote") | ~pl.col("is_pitching")
    )
    most = pl.max_horizontal("offer", "vendor", "complaint", "report")
    role = (
        pl.when(pl.col("is_sure") & (pl.col("quotes") <= limit))
        .then(pl.lit("seller"))
        .when((most > 0) & (pl.col("complaint") == most) & is_quoting)
        .then(pl.lit("complainant"))
        .when((most > 0) & (pl.col("report") == most) & is_quoting)
        .then(pl.lit("reporter"))
        .when((pl.col("vendor") > 0) & (pl.col("vendor") >= pl.col("offer")))
        .then(pl.lit("vendor"))
        .when((pl.col("offer") > 0) | pl.col("seller_id").is_in(soliciting.implode()))
        .then(pl.lit("seller"))
        .otherwise(pl.lit("other"))
    )
    return counted.select("seller_id", role.alias("role")).sort("seller_id")


def seller_facts(  # noqa: PLR0917  one argument per table
    posts: pl.DataFrame,
    post_reads: pl.DataFrame,
    signals: pl.DataFrame,
    amounts: pl.DataFrame,
    members: pl.DataFrame,
    complaints: pl.DataFrame,
    *,
    as_of: datetime,
) -> pl.DataFrame:
    """What is known of each seller before scoring.

    Args:
        posts: ``marks.POST_COLUMNS`` of contracts.RAW_POSTS.
        post_reads: contracts.POST_READS at ``as_of``.
        signals: contracts.SIGNALS.
        amounts: contracts.AMOUNTS.
        members: contracts.NETWORK_MEMBERS.
        complaints: contracts.COMPLAINTS.
        as_of: Knowledge limit.

    Returns:
        contracts.SELLER_FACTS sorted by ``seller_id``; ``role`` as from ``roles``. ``max_fee_yuan`` is the highest
        asserted agency fee (lower bounds of ranges), null without one; ``complaint_count`` counts complaints linked to
        the seller itself; ``last_seen_at`` is the newest crawl of one of its posts.
    """
    current = marks.current_posts(posts, post_reads, as_of=as_of)
    fees = (
        marks.asserted(amounts, current)
        .filter(pl.col("role") == "agency_fee")
        .group_by("seller_id")
        .agg(pl.col("yuan").max().alias("max_fee_yuan"))
    )
    complained = (
        aggregates.known_complaints(complaints, current)
        .group_by("seller_id")
        .agg(aggregates.distinct("complaint_count", "post_id"))
    )
    newest = ("crawled_at", "post_id")
    facts = current.group_by("seller_id").agg(
        pl.col("platform").min(),
        pl.col("author_name").sort_by(newest).drop_nulls().last().alias("name"),
        pl.col("author_url").sort_by(newest).drop_nulls().last().alias("url"),
        pl.len().cast(pl.Int64).alias("post_count"),
        aggregates.count("offer_count", pl.col("stance") == "offer"),
        pl.col("first_crawled_at").min().alias("first_seen_at"),
        pl.col("crawled_at").max().alias("last_seen_at"),
    )
    frame = (
        facts.join(
            members.select("seller_id", "network_id"), on="seller_id", how="left"
        )
        .join(roles(current, signals, amounts, members), on="seller_id", how="left")
        .join(fees, on="seller_id", how="left")
        .join(complained, on="seller_id", how="left")
        .with_columns(pl.col("complaint_count").fill_null(0))
        .select(list(contracts.SELLER_FACTS.columns))
        .sort("seller_id")
    )
    return contracts.SELLER_FACTS.check(frame)


def seller_features(  # noqa: PLR0917  one argument per table
    posts: pl.DataFrame,
    post_reads: pl.DataFrame,
    signals: pl.DataFrame,
    amounts: pl.DataFrame,
    sightings: pl.DataFrame,
    edges: pl.DataFrame,
    members: pl.DataFrame,
    complaints: pl.DataFrame,
    *,
    as_of: datetime,
    fee_bands: Sequence[tuple[float, float]],
    policy_conflicts: pl.DataFrame | None = None,
    standing: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """One row of numbers per seller, as of a moment.

    Args:
        posts: ``marks.POST_COLUMNS`` of contracts.RAW_POSTS.
        post_reads: contracts.POST_READS at ``as_of``.
        signals: contracts.SIGNALS.
        amounts: contracts.AMOUNTS.
        sightings: contracts.SIGHTINGS.
        edges: contracts.EDGES.
        members: contracts.NETWORK_MEMBERS.
        complaints: contracts.COMPLAINTS.
        as_of: Knowledge limit.
        fee_bands: The pack's usual agency fees, yuan from and to, both included.
        policy_conflicts: contracts.POLICY_CONFLICTS, if judged.
        standing: contracts.STANDING of the same moment; null leaves its features 0.

    Returns:
        ``seller_id`` and ``catalogue.NAMES`` as Float32, sorted by ``seller_id``; one row per seller with a known post.
        What a null says stands in the catalogue; ``wording_likeness`` is null until models fill it in.
    """
    current = marks.current_posts(posts, post_reads, as_of=as_of)
    own = sightings.filter(
        (pl.col("ownership") == "own") & (pl.col("seen_at") <= as_of)
    )
    known_edges = edges.filter(pl.col("first_seen_at") <= as_of)
    marked = marks.marked_posts(
        current,
        signals,
        amounts,
        own,
        fee_bands=fee_bands,
        policy_conflicts=contracts.POLICY_CONFLICTS.empty()
        if policy_conflicts is None
        else policy_conflicts,
    )
    cities = marks.cities(current)
    sellers = marked.group_by("seller_id").agg(*aggregates.post_aggregates(as_of))
    for part in (
        parties.offer_certainty(current),
        aggregates.voices(signals, current),
        aggregates.fee_figures(amounts, current),
        aggregates.own_contacts(own),
        cities.group_by("seller_id").agg(aggregates.distinct("city_count", "city")),
        aggregates.shared_texts(current),
        aggregates.complaint_sums(complaints, current),
        aggregates.shared_indicators(known_edges),
    ):
        sellers = sellers.join(part, on="seller_id", how="left")
    # What others do with them needs whole numbers first: a missing count is 0 before neighbours and networks read it.
    sellers = aggregates.zeros(sellers).sort("seller_id")
    base = sellers.select(
        "seller_id",
        "offer_post_share",
        "vendor_post_share",
        (pl.col("agency_fee_post_count") > 0).alias("has_fee"),
        "signal_kind_count",
        "script_element_count",
    )
    around = neighbours.neighbour_features(base, known_edges)
    joined = sellers.hstack(around).join(
        aggregates.network_sums(
            sellers,
            members,
            cities,
            aggregates.known_complaints(complaints, current, "network_id"),
        ),
        on="seller_id",
        how="left",
    )
    placed = contracts.STANDING.empty() if standing is None else standing
    joined = joined.join(
        placed.rename(lambda name: name if name == "seller_id" else f"network_{name}"),
        on="seller_id",
        how="left",
    )
    ones = pl.col("network_seller_count", "network_platform_count").fill_null(1)
    return (
        aggregates.zeros(
            joined.with_columns(
                ones,
                # Learned from what the rules believe of others: models/language/kindred.py fills it in.
                pl.lit(None, dtype=pl.Float32).alias("wording_likeness"),
            )
        )
        .select("seller_id", pl.col(catalogue.NAMES).cast(pl.Float32))
        .sort("seller_id")
    )
