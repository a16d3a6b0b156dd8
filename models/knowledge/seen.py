"""Who is scored, and what is known of each: features, votes, words of people and lists.

In: features and facts of all sellers, the pack, the words that hold. Out: ``Seen``, row by row in the order of sellers.

Scored are sellers and vendors, and ``other`` accounts of a network in which somebody offers; reporters and complainants
never are. Words that contradict the rules as a whole teach nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from models import dataset, labels, train
from models.knowledge import hindsight, label_model
from models.promotion import gate
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

#: What shows that somebody is to pay for an entry to the pack's trade: a fee, ranks or fee back in the seller's own ads or
#: its company, the trade's own words, or somebody who complains. Without any of it the same tropes sell other things:
#: in 14,448 public messages all 14 sellers that only tropes and company made high were of other trades.
ENTRY = (
    "agency_fee_post_count", "network_fee_seller_count", "neighbour_fee_share", "on_topic_share",
    "recruitment_tiers_post_count", "refund_on_target_post_count", "complaint_count", "network_complaint_count",
    "policy_conflict_post_count",
)  # fmt: skip


class Pack(Protocol):
    """What scoring reads of a pack."""

    @property
    def name(self) -> str:
        """Name of the scheme."""

    @property
    def version(self) -> str:
        """Changes with its content."""

    @property
    def rules(self) -> Sequence[labels.Rule]:
        """Labelling rules."""


def eligible(facts: pl.DataFrame) -> pl.DataFrame:
    """Facts of the sellers that get a score, in the same order.

    Args:
        facts: contracts.SELLER_FACTS.
    """
    offering = facts.filter((pl.col("offer_count") > 0) & (pl.col("role") == "seller"))[
        "network_id"
    ].drop_nulls()
    is_tied = (
        pl.col("network_id").is_in(offering.unique().implode()).fill_null(value=False)
    )
    return facts.filter(
        pl.col("role").is_in(["seller", "vendor"])
        | ((pl.col("role") == "other") & is_tied)
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """The scored sellers with everything that is known of them.

    Attributes:
        features: Their features, sorted by seller.
        known: Verdict or label per row, NaN without; what counts for the seller itself.
        authors: Who said so, empty without.
        decided_at: When, NaT without.
        set_aside: Whose words teach nothing because they contradict the rules (``reviewer:`` or ``list:`` and a name), with
            the number of sellers each; ``everybody`` where all words together do.
        data: What a learner may see.
    """

    features: pl.DataFrame
    known: Reals
    authors: pl.Series
    decided_at: NDArray[np.datetime64]
    set_aside: dict[str, int]
    data: train.Material


def material_of(
    features: pl.DataFrame,
    facts: pl.DataFrame,
    *,
    pack: Pack,
    verdicts: pl.DataFrame,
    before: hindsight.Hindsight | None = None,
) -> Seen:
    """Put together what is known of the scored sellers.

    Words that contradict the rules as a whole (``gate.contradicts``, author by author and list by list) teach nothing; a
    reviewer's still counts for its own seller, a list's does not. Nor do complaints that contradict them.

    Args:
        features: Of all sellers.
        facts: contracts.SELLER_FACTS of the same sellers.
        pack: Rules.
        verdicts: As from ``labels.combined``.
        before: What complaints teach (``hindsight``); null for nothing.

    Raises:
        ContractError: features and facts speak of different sellers.
    """
    chosen = eligible(facts).sort("seller_id")
    seen = chosen.select("seller_id").join(
        features, on="seller_id", maintain_order="left"
    )
    if seen.height != chosen.height:
        message = (
            f"{chosen.height - seen.height} of {chosen.height} scored sellers have no row of features; "
            "facts and features must come from the same posts and moment."
        )
        raise errors.ContractError(message)
    votes = labels.rule_votes(seen, pack.rules)
    known = labels.known_labels(seen["seller_id"], verdicts)
    authors = _authors(seen["seller_id"], verdicts)
    certainty = _certainty(features, facts, seen, chosen)
    taught, set_aside = _taught(
        known,
        authors,
        lambda: gate.beliefs(votes, pack.rules, certainty, shows_entry(seen)),
    )
    is_set_aside = np.isnan(taught) & ~np.isnan(known)
    by_list = authors.str.starts_with("list").to_numpy()
    if before is None or before.contradicts(votes, pack.rules):
        before = hindsight.nothing(pack.rules)
    return Seen(
        features=seen,
        known=np.where(is_set_aside & by_list, np.nan, known),
        authors=authors,
        decided_at=_decided_at(seen["seller_id"], verdicts),
        set_aside=set_aside,
        data=train.Material(
            matrix=dataset.matrix(seen),
            votes=votes,
            rules=pack.rules,
            known=taught,
            certainty=certainty,
            group=dataset.groups(chosen),
            is_later=dataset.newest(chosen, share=train.LATER_SHARE),
            before=before,
        ),
    )


def shows_entry(features: pl.DataFrame) -> NDArray[np.bool_]:
    """Whether anything shows that somebody is to pay for an entry (``ENTRY``), per row."""
    shown = pl.any_horizontal(pl.col(name).fill_null(0) > 0 for name in ENTRY)
    return features.select(shown).to_series().to_numpy()


def _taught(
    known: Reals, authors: pl.Series, believe: Callable[[], gate.Beliefs]
) -> tuple[Reals, dict[str, int]]:
    """What may teach: nobody's words that contradict the rules, and none at all if all together do; and whose do not.

    The rules are asked only where there are words enough to hold against them.
    """
    taught, set_aside = known.copy(), dict[str, int]()
    is_known = ~np.isnan(known)
    if is_known.sum() < gate.MINIMUM_CONTRADICTION:
        return taught, set_aside
    believed = believe()
    words = authors.filter(pl.Series(is_known)).value_counts(name="words")
    for author in (
        words.filter(pl.col("words") >= gate.MINIMUM_CONTRADICTION)
        .get_column(authors.name)
        .sort()
    ):
        is_own = (authors == author).to_numpy() & is_known
        if author and gate.contradicts(believed, np.where(is_own, known, np.nan)):
            taught[is_own] = np.nan
            set_aside[author] = int(is_own.sum())
    if gate.contradicts(believed, taught):
        set_aside["everybody"] = int((~np.isnan(taught)).sum())
        taught[:] = np.nan
    return taught, set_aside


def _authors(seller_ids: pl.Series, verdicts: pl.DataFrame) -> pl.Series:
    """Who spoke of each seller, empty where nobody did or nobody noted it."""
    if "by" not in verdicts.columns:
        return pl.Series("by", [""] * len(seller_ids), dtype=pl.String)
    joined = pl.DataFrame({"target": seller_ids}).join(
        verdicts.select("target", "by"),
        on="target",
        how="left",
        maintain_order="left",
    )
    return joined["by"].fill_null("")


def _decided_at(
    seller_ids: pl.Series, verdicts: pl.DataFrame
) -> NDArray[np.datetime64]:
    if "decided_at" not in verdicts.columns:
        return np.full(len(seller_ids), np.datetime64("NaT"), dtype="datetime64[us]")
    joined = pl.DataFrame({"target": seller_ids}).join(
        verdicts.select("target", pl.col("decided_at").dt.replace_time_zone(None)),
        on="target",
        how="left",
        maintain_order="left",
    )
    return joined["decided_at"].to_numpy().astype("datetime64[us]")


def first_beliefs(
    features: pl.DataFrame,
    facts: pl.DataFrame,
    *,
    pack: Pack,
    verdicts: pl.DataFrame,
) -> pl.DataFrame:
    """What the rules alone believe of each scored seller, before wording is compared; it teaches ``kindred.likeness``.

    Args:
        features: As from ``behaviour.seller_features``.
        facts: contracts.SELLER_FACTS of the same sellers.
        pack: Rules.
        verdicts: ``target``, ``verdict``, one row per target.

    Returns:
        ``seller_id``, ``probability``; verdicts count unless they contradict the rules as a whole (``gate.contradicts``).
    """
    chosen = eligible(facts).sort("seller_id")
    seen = chosen.select("seller_id").join(
        features, on="seller_id", maintain_order="left"
    )
    votes = labels.rule_votes(seen, pack.rules)
    known = labels.known_labels(seen["seller_id"], verdicts)
    authors = _authors(seen["seller_id"], verdicts)
    certainty = _certainty(features, facts, seen, chosen)
    taught, _ = _taught(
        known,
        authors,
        lambda: gate.beliefs(votes, pack.rules, certainty, shows_entry(seen)),
    )
    believed = label_model.apply(
        label_model.fit(votes, pack.rules, taught),
        votes,
        taught,
        certainty,
    )
    return seen.select("seller_id", pl.Series("probability", believed.probability))


def _certainty(
    features: pl.DataFrame,
    facts: pl.DataFrame,
    seen: pl.DataFrame,
    chosen: pl.DataFrame,
) -> Reals:
    """How surely each scored seller offers, with what all accounts of the night tell of those without company."""
    everybody = facts.select("seller_id", dataset.groups(facts)).join(
        features.select("seller_id", "offer_certainty"), on="seller_id", how="left"
    )
    lone = labels.lone_share(everybody["offer_certainty"], everybody["group"])
    return labels.reading_certainty(seen, dataset.groups(chosen), lone=lone)
