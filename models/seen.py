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

from models import dataset, gate, hindsight, label_model, labels, train
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]


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
        is_contradicted: Whether somebody's words were set aside as teachers.
        data: What a learner may see.
    """

    features: pl.DataFrame
    known: Reals
    authors: pl.Series
    decided_at: NDArray[np.datetime64]
    is_contradicted: bool
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
    taught = _taught(votes, known, authors, pack)
    is_set_aside = np.isnan(taught) & ~np.isnan(known)
    by_list = authors.str.starts_with("list").to_numpy()
    if before is None or before.contradicts(votes, pack.rules):
        before = hindsight.nothing(pack.rules)
    return Seen(
        features=seen,
        known=np.where(is_set_aside & by_list, np.nan, known),
        authors=authors,
        decided_at=_decided_at(seen["seller_id"], verdicts),
        is_contradicted=bool(is_set_aside.any()),
        data=train.Material(
            matrix=dataset.matrix(seen),
            votes=votes,
            rules=pack.rules,
            known=taught,
            certainty=_certainty(features, facts, seen, chosen),
            group=dataset.groups(chosen),
            is_later=dataset.newest(chosen, share=train.LATER_SHARE),
            before=before,
        ),
    )


def _taught(
    votes: NDArray[np.bool_], known: Reals, authors: pl.Series, pack: Pack
) -> Reals:
    """What may teach: nobody's words that contradict the rules, and none at all if all together do."""
    taught = known.copy()
    for author in authors.unique().sort().to_list():
        own = np.where((authors == author).to_numpy(), known, np.nan)
        if author and gate.contradicts(votes, pack.rules, own):
            taught[~np.isnan(own)] = np.nan
    if gate.contradicts(votes, pack.rules, taught):
        taught[:] = np.nan
    return taught


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
    taught = _taught(votes, known, _authors(seen["seller_id"], verdicts), pack)
    believed = label_model.apply(
        label_model.fit(votes, pack.rules, taught),
        votes,
        taught,
        _certainty(features, facts, seen, chosen),
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
