"""One night's scores: who is scored, by what, with which interval and for which reasons.

In: features and facts of all sellers, the posts that show them, the pack, the verdicts that hold, the champion. Out:
contracts.SCORES and contracts.REASONS of scored sellers, and the bundle that scored, if it was one.

Scored are sellers and vendors, and ``other`` accounts of a network in which somebody offers; reporters and complainants
never are. The champion scores unless a challenger trained tonight passes the gate; without either, the rules do. A
verdict moves its own seller by a fixed log-odds on top. Same input and seed, same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import polars as pl

from models import (
    bundle,
    calibration,
    dataset,
    gate,
    label_model,
    labels,
    learner,
    reasons,
    train,
)
from warehouse import contracts, errors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

#: Bands of a score (CONTRACT §1); flows may pass others.
HIGH, MEDIUM = 0.85, 0.50
#: The learner's own reasons cost 0.1 ms a seller (exact TreeSHAP); below this probability those of the rules suffice.
EXPLAINED = 0.2


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


@dataclass(frozen=True, slots=True)
class Scored:
    """A night's result.

    Attributes:
        scores: contracts.SCORES, sorted by seller.
        reasons: contracts.REASONS, sorted by seller and rank; at least one per score.
        bundle: The bundle that scored; null when the rules did.
        gate: What came of training; ``why`` says in words, ``is_passed`` whether a new bundle took over.
    """

    scores: pl.DataFrame
    reasons: pl.DataFrame
    bundle: bundle.Bundle | None
    gate: dict[str, Any]


def band(
    probability: pl.Expr, *, high: float = HIGH, medium: float = MEDIUM
) -> pl.Expr:
    """``high``, ``medium`` or ``low``; null stays null."""
    return (
        pl.when(probability >= high)
        .then(pl.lit("high"))
        .when(probability >= medium)
        .then(pl.lit("medium"))
        .when(probability.is_not_null())
        .then(pl.lit("low"))
    )


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
    seen = (
        eligible(facts)
        .select("seller_id")
        .sort("seller_id")
        .join(features, on="seller_id", maintain_order="left")
    )
    votes = labels.rule_votes(seen, pack.rules)
    known = labels.known_labels(seen["seller_id"], verdicts)
    if gate.contradicts(votes, pack.rules, known):
        known = np.full_like(known, np.nan)
    believed = label_model.apply(
        label_model.fit(votes, pack.rules, known),
        votes,
        known,
        labels.reading_certainty(seen),
    )
    return seen.select("seller_id", pl.Series("probability", believed.probability))


def score_sellers(
    features: pl.DataFrame,
    facts: pl.DataFrame,
    evidence: pl.DataFrame,
    *,
    pack: Pack,
    verdicts: pl.DataFrame,
    champion: bundle.Bundle | None,
    seed: int,
    is_training: bool = True,
    num_threads: int = 2,
    rounds: int = train.ROUNDS,
) -> Scored:
    """Score a night.

    Args:
        features: As from ``behaviour.seller_features``.
        facts: contracts.SELLER_FACTS of the same sellers.
        evidence: As from ``evidence.evidence_posts``.
        pack: Rules, name and version.
        verdicts: ``target``, ``verdict``, one row per target (``labels.standing_verdicts``).
        champion: The bundle in use; one made for another pack is passed over.
        seed: Of everything that is drawn.
        is_training: Whether to train and gate a challenger.
        num_threads: OpenMP threads; changes no result.
        rounds: Trees of a challenger.

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
    certainty = labels.reading_certainty(seen)
    is_contradicted = gate.contradicts(votes, pack.rules, known)
    # A file of flipped verdicts must teach nothing; each still counts for its own seller.
    taught = np.full_like(known, np.nan) if is_contradicted else known
    believed = label_model.apply(
        label_model.fit(votes, pack.rules, taught), votes, known, certainty
    )
    used = (
        champion
        if champion is not None and champion.manifest.get("pack") == pack.name
        else None
    )
    calibrated = calibration.NONE
    numbers: dict[str, Any] = {
        "is_passed": False,
        "evidence": "none",
        "why": "training was switched off",
    }
    if is_training:
        material = train.Material(
            matrix=dataset.matrix(seen),
            votes=votes,
            rules=pack.rules,
            known=taught,
            certainty=certainty,
            group=dataset.groups(chosen),
            is_later=dataset.newest(chosen, share=train.LATER_SHARE),
        )
        result = train.challenge(
            material, seed=seed, num_threads=num_threads, rounds=rounds
        )
        numbers = {**result.gate, "is_contradicted": is_contradicted}
        if result.booster is not None:
            used = bundle.make(
                result.booster, result.calibration, _manifest(result, pack, seed)
            )
        calibrated = result.calibration
    told = (
        np.where(np.isnan(known), 0.0, np.sign(known - 0.5))
        * label_model.VERDICT_LOG_ODDS
    )
    log_odds = label_model.log_odds(believed.probability) - told
    booster = None
    if used is not None:
        calibrated = used.calibration
        booster = learner.load(used.booster)
        matrix = dataset.matrix(seen)
        learned = learner.log_odds(booster, matrix, num_threads=num_threads)
        log_odds = train.blend(log_odds, learned)
    # The teacher's doubt stands for the learner's too; a calibration adds its own.
    error = label_model.Z90 * np.sqrt(believed.log_odds_error**2 + calibrated.error**2)
    centre = label_model.log_odds(calibration.apply(calibrated, log_odds)) + told
    if booster is None:
        terms = [reasons.rule_terms(seen, believed, pack.rules)]
    else:
        at = np.flatnonzero(calibration.sigmoid(centre) >= EXPLAINED)
        parts = np.zeros(matrix.shape)
        parts[at] = learner.contributions(booster, matrix[at], num_threads=num_threads)
        terms = [
            reasons.rule_terms(seen, believed, pack.rules, share=1 - train.BLEND),
            reasons.model_terms(seen, parts, share=train.BLEND),
        ]
    shown = reasons.told(seen, terms, evidence, known)
    scores = pl.DataFrame(
        {
            "seller_id": seen["seller_id"],
            "scam_probability": calibration.sigmoid(centre),
            "probability_low": calibration.sigmoid(centre - error),
            "probability_high": calibration.sigmoid(centre + error),
            "score_source": pl.Series(
                ["rules" if used is None else "model"]
            ).new_from_index(0, seen.height),
            "is_calibrated": pl.Series([calibrated.is_calibrated]).new_from_index(
                0, seen.height
            ),
            "model_version": pl.Series([_version(used, pack)]).new_from_index(
                0, seen.height
            ),
        },
        schema=dict(contracts.SCORES.columns),
    )
    return Scored(contracts.SCORES.check(scores), shown, used, numbers)


def _version(used: bundle.Bundle | None, pack: Pack) -> str:
    return f"rules-{pack.name}-{pack.version}" if used is None else used.version


def _manifest(result: train.Challenge, pack: Pack, seed: int) -> dict[str, Any]:
    """What a bundle says of itself; threads are left out, they change nothing."""
    params = {
        name: value for name, value in result.params.items() if name != "num_threads"
    }
    return {
        "pack": pack.name,
        "pack_version": pack.version,
        "seed": seed,
        "params": params,
        "gate": result.gate,
    }
