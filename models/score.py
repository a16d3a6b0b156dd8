"""One night's scores: who is scored, by what, with which interval and for which reasons.

In: features and facts of all sellers, the posts that show them, the pack, the verdicts that hold, the champion. Out:
contracts.SCORES and contracts.REASONS of scored sellers, and the bundle that scored, if it was one.

Scored are sellers and vendors, and ``other`` accounts of a network in which somebody offers; reporters and complainants
never are. Who scores is settled in ``contest``: the rules, the champion, or a challenger trained tonight. A
verdict moves its own seller by a fixed log-odds on top. Same input and seed, same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from models import bundle, learner, reasons, train
from models.knowledge import hindsight, label_model
from models.knowledge import seen as seen_module
from models.measures import calibration
from models.promotion import contest
from warehouse import contracts

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

#: Bands of a score (CONTRACT §1); flows may pass others.
HIGH, MEDIUM = 0.85, 0.50
#: The learner's own reasons cost 0.1 ms a seller (exact TreeSHAP); below this probability those of the rules suffice.
EXPLAINED = 0.2

#: Probability that sellers who show no entry (``seen.ENTRY``) hardly pass (below the threshold of lists), as so many networks or lone sellers that
#: people have decided on, and the slope in log-odds above, which keeps their order.
CEILING, CEILING_STRENGTH, SLOPE = 0.8, 20.0, 0.02


@dataclass(frozen=True, slots=True)
class Scored:
    """A night's result.

    Attributes:
        scores: contracts.SCORES, sorted by seller.
        reasons: contracts.REASONS, sorted by seller and rank; at least one per score.
        contest: Who scored and why, and the challenger of the night.
        shadow: contracts.SHADOW_SCORES of a challenger that did not take over; else empty.
    """

    scores: pl.DataFrame
    reasons: pl.DataFrame
    contest: contest.Contest
    shadow: pl.DataFrame

    @property
    def bundle(self) -> bundle.Bundle | None:
        """The bundle that scored; null when the rules did."""
        return self.contest.used

    @property
    def gate(self) -> dict[str, Any]:
        """What came of training; ``why`` says in words, ``is_passed`` whether the learner beat the rules."""
        return self.contest.gate


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


def score_sellers(
    features: pl.DataFrame,
    facts: pl.DataFrame,
    evidence: pl.DataFrame,
    *,
    pack: seen_module.Pack,
    verdicts: pl.DataFrame,
    champion: bundle.Bundle | None,
    as_of: datetime,
    seed: int,
    before: hindsight.Hindsight | None = None,
    is_held: bool = False,
    is_training: bool = True,
    trainer: contest.Trainer = train.challenge,
    num_threads: int = 2,
    rounds: int = train.ROUNDS,
) -> Scored:
    """Score a night.

    Args:
        features: As from ``behaviour.seller_features``, with ``kindred.with_likeness``.
        facts: contracts.SELLER_FACTS of the same sellers.
        evidence: As from ``evidence.evidence_posts``.
        pack: Rules, name and version.
        verdicts: ``target``, ``verdict``, and where known ``decided_at`` and ``by`` (``labels.combined``).
        champion: The bundle that stands; one made for another pack is passed over.
        as_of: Tonight.
        seed: Of everything that is drawn.
        before: What complaints teach (``hindsight``); null for nothing.
        is_held: Whether a challenger stays in the shadow because a person rolled back.
        is_training: Whether to train and gate a challenger.
        trainer: ``train.challenge`` or what runs it elsewhere.
        num_threads: OpenMP threads; changes no result.
        rounds: Trees of a challenger.

    Raises:
        ContractError: features and facts speak of different sellers.
    """
    material = seen_module.material_of(
        features, facts, pack=pack, verdicts=verdicts, before=before
    )
    seen, known = material.features, material.known
    believed = label_model.apply(
        label_model.fit(material.data.votes, pack.rules, material.data.known),
        material.data.votes,
        known,
        material.data.certainty,
    )
    if is_training:
        found = contest.contest(
            material.data,
            champion=champion,
            is_held=is_held,
            decided_at=material.decided_at,
            pack=pack,
            as_of=as_of,
            seed=seed,
            trainer=trainer,
            num_threads=num_threads,
            rounds=rounds,
        )
    else:
        found = contest.standing(champion, pack, why="training was switched off")
    found.gate["set_aside"] = material.set_aside
    told = (
        np.where(np.isnan(known), 0.0, np.sign(known - 0.5))
        * label_model.VERDICT_LOG_ODDS
    )
    by_rules = label_model.log_odds(believed.probability) - told
    booster, log_odds = None, by_rules
    if found.used is not None:
        booster = learner.load(found.used.booster)
        learned = learner.log_odds(
            booster, material.data.matrix, num_threads=num_threads
        )
        log_odds = train.blend(by_rules, learned)
    # The teacher's doubt stands for the learner's too; a calibration adds its own.
    error = label_model.Z90 * np.sqrt(
        believed.log_odds_error**2 + calibration.error(found.calibration, log_odds) ** 2
    )
    calibrated = calibration.apply(found.calibration, log_odds)
    centre = _held_back(label_model.log_odds(calibrated), material) + told
    if booster is None:
        terms = [reasons.rule_terms(seen, believed, pack.rules)]
    else:
        at = np.flatnonzero(calibration.sigmoid(centre) >= EXPLAINED)
        parts = np.zeros(material.data.matrix.shape)
        parts[at] = learner.contributions(
            booster, material.data.matrix[at], num_threads=num_threads
        )
        terms = [
            reasons.rule_terms(seen, believed, pack.rules, share=1 - train.BLEND),
            reasons.model_terms(seen, parts, share=train.BLEND),
        ]
    shown = reasons.told(
        seen,
        terms,
        evidence,
        known,
        by_list=material.authors.str.starts_with("list").to_numpy(),
    )
    version = _version(found.used, pack)
    scores = seen.select(
        "seller_id",
        pl.Series("scam_probability", calibration.sigmoid(centre)),
        pl.Series("probability_low", calibration.sigmoid(centre - error)),
        pl.Series("probability_high", calibration.sigmoid(centre + error)),
        pl.lit("rules" if found.used is None else "model").alias("score_source"),
        pl.lit(found.calibration.is_calibrated).alias("is_calibrated"),
        pl.lit(version).alias("model_version"),
    )
    return Scored(
        contracts.SCORES.check(scores),
        shown,
        found,
        _shadow(found, material, by_rules, num_threads=num_threads),
    )


def _held_back(log_odds: Reals, material: seen_module.Seen) -> Reals:
    """Log-odds in which nobody passes the ceiling without a sign of an entry.

    What people say of such sellers moves the ceiling, up where they turn out to run the scheme and down where they are of
    other trades; one network counts once.
    """
    shows = seen_module.shows_entry(material.features)
    is_held = ~shows & (log_odds > label_model.logit(CEILING))
    said = pl.DataFrame(
        {"group": material.data.group, "known": material.data.known}
    ).filter(pl.Series(is_held) & pl.col("known").is_not_nan())
    rates = said.group_by("group").agg(pl.col("known").mean())["known"]
    ceiling = label_model.logit(
        (CEILING * CEILING_STRENGTH + float(rates.sum()))
        / (CEILING_STRENGTH + len(rates))
    )
    return np.where(is_held, ceiling + SLOPE * (log_odds - ceiling), log_odds)


def _shadow(
    found: contest.Contest,
    material: seen_module.Seen,
    by_rules: Reals,
    *,
    num_threads: int,
) -> pl.DataFrame:
    """What a challenger in the shadow would have said."""
    if found.challenger is None or found.challenger is found.used:
        return contracts.SHADOW_SCORES.empty()
    learned = learner.log_odds(
        learner.load(found.challenger.booster),
        material.data.matrix,
        num_threads=num_threads,
    )
    return contracts.SHADOW_SCORES.check(
        material.features.select(
            "seller_id",
            pl.Series(
                "scam_probability", calibration.sigmoid(train.blend(by_rules, learned))
            ),
            pl.lit(found.challenger.version).alias("model_version"),
        )
    )


def _version(used: bundle.Bundle | None, pack: seen_module.Pack) -> str:
    return f"rules-{pack.name}-{pack.version}" if used is None else used.version
