"""What complaints teach: sellers as they were before somebody complained of them.

In: complaints with their links, reads, facts, words of people and lists, features as of an earlier moment. Out: ``Hindsight``,
rows that a learner takes as scams. A complaint says something about what was known before it: the features are those of
``HORIZON`` ago, so that neither it nor anything later is among them, and only complaints first crawled since then, and by
tonight, count (CONTRACT §7.3). A person's or list's word on a seller silences complaints about it.

Complaints teach; they decide on nobody. They add no log-odds to their seller as a verdict does, serve no calibration and list
nobody: whoever files a hundred complaints against an honest vendor must not get it listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features import catalogue
from models import dataset, labels
from models.knowledge import label_model

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

#: How long before tonight the features are taken: a victim takes weeks to notice and to write.
HORIZON = timedelta(days=30)
#: Least confidence of a link: a contact, a company or an id. A namesake's complaint must not teach.
SURE = 0.85
#: A complained seller weighs at most like so many that only rules have judged; less than a reviewer's word
#: (``label_model.VERDICT_WEIGHT``). A complaint about a network is shared by its members who offer.
WEIGHT = 2.0
#: Fewer sellers teach nothing; above so many the rest is left out.
LEAST, MOST = 5, 20_000
_EDGE = 1e-9
#: Features that are only known for tonight; in hindsight nobody knows them.
TONIGHT = (
    "wording_likeness", "network_coreness", "network_block_density", "network_fraud_closeness",
    "network_link_kind_count",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hindsight:
    """Sellers of whom somebody complained later.

    Attributes:
        matrix: Seller × feature of the catalogue, as of before the complaint; what is known for tonight only is NaN.
        votes: Seller × rule, of the same moment.
        weight: How much each teaches, above 0 and at most ``WEIGHT``.
        group: Network, or the seller itself: rows of a held-out network teach nobody.
    """

    matrix: NDArray[np.float32]
    votes: NDArray[np.bool_]
    weight: NDArray[np.float64]
    group: pl.Series

    def inside(self, groups: pl.Series) -> Hindsight:
        """The rows of some groups only."""
        at = np.flatnonzero(self.group.is_in(groups.unique().implode()).to_numpy())
        return Hindsight(
            self.matrix[at], self.votes[at], self.weight[at], self.group.gather(at)
        )

    def contradicts(
        self, votes: NDArray[np.bool_], rules: Sequence[labels.Rule]
    ) -> bool:
        """Whether the rules find more of these sellers honest than not: rather somebody files false complaints.

        Rules that never saw a complaint of the last days are asked; against all others is not compared, for these have
        had more days to show what they are.

        Args:
            votes: Tonight's sellers × rules, of which the rules' worth is learned.
            rules: The rules of the votes.
        """
        model = label_model.fit(votes, rules, np.full(len(votes), np.nan))
        number = len(self.votes)
        believed = label_model.apply(
            model, self.votes, np.full(number, np.nan), np.ones(number)
        ).probability
        honest = int((believed < model.prior - _EDGE).sum())
        return honest > int((believed > model.prior + _EDGE).sum())


def nothing(rules: Sequence[labels.Rule]) -> Hindsight:
    """Nobody complained, or nobody knows what was before."""
    return Hindsight(
        np.zeros((0, len(catalogue.NAMES)), dtype=np.float32),
        np.zeros((0, len(rules)), dtype=np.bool_),
        np.zeros(0),
        pl.Series("group", [], dtype=pl.String),
    )


def complained(
    complaints: pl.DataFrame,
    post_reads: pl.DataFrame,
    facts: pl.DataFrame,
    verdicts: pl.DataFrame,
    *,
    as_of: datetime,
) -> pl.DataFrame:
    """Sellers of whom somebody has complained within ``HORIZON``.

    Args:
        complaints: contracts.COMPLAINTS; those about a whole network are about each of its members who offers.
        post_reads: contracts.POST_READS; says when a complaint was first crawled.
        facts: contracts.SELLER_FACTS; only accounts that offer are taught from, for a vendor's customers complain too.
        verdicts: As from ``labels.combined``; whoever has any word on it, ``unsure`` too, is left out.
        as_of: Tonight.

    Returns:
        ``seller_id``, ``weight`` (at most ``WEIGHT``), one row per seller, sorted; at most ``MOST``.
    """
    told = post_reads.filter(
        (pl.col("first_crawled_at") > as_of - HORIZON) & (pl.col("crawled_at") <= as_of)
    )
    sure = complaints.filter(pl.col("link_confidence") >= SURE).join(
        told, on="post_id", how="semi"
    )
    offering = facts.filter((pl.col("role") == "seller") & (pl.col("offer_count") > 0))
    direct = sure.drop_nulls("seller_id").select(
        "seller_id", pl.lit(WEIGHT).alias("weight")
    )
    around = (
        sure.filter(pl.col("seller_id").is_null())
        .select("network_id")
        .join(
            offering.select(
                "seller_id",
                "network_id",
                (WEIGHT / pl.len().over("network_id")).alias("weight"),
            ),
            on="network_id",
        )
        .select("seller_id", "weight")
    )
    return (
        pl.concat([direct, around])
        .join(offering, on="seller_id", how="semi")
        .join(verdicts, left_on="seller_id", right_on="target", how="anti")
        .group_by("seller_id")
        .agg(pl.col("weight").sum().clip(upper_bound=WEIGHT))
        .sort("seller_id")
        .head(MOST)
    )


def hindsight(
    sellers: pl.DataFrame,
    features: pl.DataFrame,
    facts: pl.DataFrame,
    rules: Sequence[labels.Rule],
) -> Hindsight:
    """Rows to learn from.

    Args:
        sellers: As from ``complained``.
        features: As from ``behaviour.seller_features`` as of ``HORIZON`` ago; sellers that showed no offer by then teach
            nothing.
        facts: contracts.SELLER_FACTS of tonight: networks are held out as they are known now.
        rules: The pack's rules.

    Returns:
        ``nothing`` with fewer than ``LEAST`` sellers.
    """
    rows = (
        sellers.join(features.filter(pl.col("offer_post_count") > 0), on="seller_id")
        .with_columns(pl.lit(None, dtype=pl.Float32).alias(name) for name in TONIGHT)
        .sort("seller_id")
    )
    if rows.height < LEAST:
        return nothing(rules)
    group = rows.select("seller_id").join(
        facts.select("seller_id", dataset.groups(facts)),
        on="seller_id",
        how="left",
        maintain_order="left",
    )
    return Hindsight(
        dataset.matrix(rows.drop("weight")),
        labels.rule_votes(rows, rules),
        rows["weight"].to_numpy(),
        group.select(pl.coalesce("group", "seller_id"))["group"],
    )
