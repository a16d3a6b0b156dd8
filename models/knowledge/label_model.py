"""Rules that vote one way or abstain, weighed against each other: a probability per seller without any label.

In: votes (``labels.rule_votes``), the rules' families and directions, verdicts where there are any. Out: what each rule is
worth, probabilities with an interval, and what each rule contributed.

Dawid and Skene's latent class model. An abstention says nothing (half of the ads hide fee and contact), so only votes
move a seller away from the prior. Three things keep it sober: Beta priors anchor every rule to the direction its author
gave it; rules of one family that fire together are discounted by their measured correlation; and one family alone
cannot lift anybody to the listing threshold. Deterministic: EM from a fixed start over distinct vote patterns in sorted
order.

Source: Dawid and Skene (1979), "Maximum likelihood estimation of observer error-rates using the EM algorithm".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from features import catalogue
from models.measures import calibration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models import labels

    Reals = NDArray[np.float64]

#: Probability of the listing threshold: one family of evidence alone must stay below it (CONTRACT §1, band ``high``).
LISTING = 0.85
#: Prior share of scams among scored sellers, and what it may be estimated to. A seller nobody knows anything about
#: must not look guilty because many others are.
PRIOR, PRIOR_STRENGTH, PRIOR_RANGE = 0.2, 50.0, (0.05, 0.3)
#: Before any seller was seen: how often a rule fires on the class it votes for, and on the other, with what weight.
FIRE_RIGHT, FIRE_WRONG, RULE_STRENGTH = 0.30, 0.04, 40.0
#: Log-odds that one vote may be worth; the lower bound keeps a rule on the side its author put it.
VOTE_RANGE = (0.3, 3.0)
#: Most that one family may add against, or take from, a seller; what it may add is also bounded by ``LISTING``.
FAMILY_LIMIT = 2.6
#: What is left of a probability when no post is surely an offer: signs still add up. With it the list's precision on
#: four invented markets rose from 0.96 to 0.985 and average precision from 0.975 to 0.990 (labels: none).
MISREAD_SHARE = 0.2
#: A reviewer's word in log-odds: right 19 times in 20, and still outweighed by nothing less than three families.
VERDICT_LOG_ODDS = 3.0
#: One verdict weighs like this many sellers that only rules have judged.
VERDICT_WEIGHT = 5.0
#: Share of a family's log-odds that is taken to be unsure (model error), added to sampling error; 90 % quantile.
FAMILY_DOUBT, PRIOR_DOUBT, Z90 = 0.25, 0.3, 1.6449
CORRELATION_STRENGTH = 50.0
_ROUNDS, _TOLERANCE = 60, 1e-7


@dataclass(frozen=True, slots=True)
class LabelModel:
    """What the rules are worth, estimated.

    Attributes:
        names: Rules in order.
        families: Evidence family of each rule (``evidence_family``).
        is_scam: Direction of each rule.
        prior: Probability of a seller without votes.
        weights: Log-odds of one vote, signed: positive for scam.
        doubts: Standard error of each weight.
        correlation: Per family, the mean correlation of its rules' votes within a class, 0–1.
    """

    names: tuple[str, ...]
    families: tuple[str, ...]
    is_scam: tuple[bool, ...]
    prior: float
    weights: tuple[float, ...]
    doubts: tuple[float, ...]
    correlation: dict[str, float]

    @property
    def family_cap(self) -> float:
        """Most that one family adds: even from the prior, it alone stays below the listing threshold."""
        return min(FAMILY_LIMIT, logit(LISTING) - logit(self.prior) - 0.05)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Beliefs about sellers, row by row.

    Attributes:
        probability: Of running the scheme.
        low: Lower end of the 90 % interval.
        high: Upper end.
        log_odds_error: Standard error on the log-odds scale.
        contributions: Seller × rule, log-odds; they add up, with the prior, the reading's doubt and a verdict, to the
            probability's.
        reading_doubt: Log-odds, 0 or below, for posts that may have been read wrongly.
    """

    probability: Reals
    low: Reals
    high: Reals
    log_odds_error: Reals
    contributions: Reals
    reading_doubt: Reals


def logit(probability: float) -> float:
    """Log-odds of a probability strictly between 0 and 1."""
    return float(np.log(probability / (1 - probability)))


def log_odds(probability: Reals) -> Reals:
    """Log-odds of probabilities, kept 1e-9 away from certainty."""
    kept = np.clip(probability, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(kept / (1 - kept)), dtype=np.float64)


def evidence_family(rule: labels.Rule) -> str:
    """The family whose cap a rule's votes share: ``link`` for all that speaks of a seller's company.

    A complaint about the network and offers by its members reach a seller through the same link; if that link is
    wrong, both are.
    """
    about_others = any(
        catalogue.BY_NAME[part.feature].is_about_others for part in rule.when
    )
    return "link" if about_others else rule.family


def fit(
    votes: NDArray[np.bool_], rules: Sequence[labels.Rule], known: Reals
) -> LabelModel:
    """Estimate what each rule is worth.

    Args:
        votes: Seller × rule, from ``labels.rule_votes``.
        rules: The rules, in the same order.
        known: Verdicts per seller, NaN where there is none.

    Returns:
        The model; without sellers, what the priors alone say.
    """
    names = tuple(rule.name for rule in rules)
    families = tuple(evidence_family(rule) for rule in rules)
    is_scam = np.array([rule.votes == "scam" for rule in rules], dtype=np.bool_)
    patterns, mass, told = _patterns(votes, known)
    start_scam = np.where(is_scam, FIRE_RIGHT, FIRE_WRONG)
    start_honest = np.where(is_scam, FIRE_WRONG, FIRE_RIGHT)
    model = _model(
        names,
        families,
        is_scam,
        PRIOR,
        start_scam,
        start_honest,
        (RULE_STRENGTH, RULE_STRENGTH),
        {},
    )
    fired = patterns.astype(np.float64)
    before = np.full(mass.size, -1.0)
    for _ in range(_ROUNDS):
        shares, _ = _contributions(model, patterns)
        belief = np.where(
            np.isnan(told),
            calibration.sigmoid(shares.sum(axis=1) + logit(model.prior)),
            told,
        )
        scam, honest = mass * belief, mass * (1 - belief)
        at_scam = (fired.T @ scam + RULE_STRENGTH * start_scam) / (
            scam.sum() + RULE_STRENGTH
        )
        at_honest = (fired.T @ honest + RULE_STRENGTH * start_honest) / (
            honest.sum() + RULE_STRENGTH
        )
        prior = float(
            (scam.sum() + PRIOR_STRENGTH * PRIOR) / (mass.sum() + PRIOR_STRENGTH)
        )
        model = _model(
            names,
            families,
            is_scam,
            min(max(prior, PRIOR_RANGE[0]), PRIOR_RANGE[1]),
            at_scam,
            at_honest,
            (scam.sum() + RULE_STRENGTH, honest.sum() + RULE_STRENGTH),
            _correlations(fired, scam, honest, families, is_scam),
        )
        if np.abs(belief - before).max(initial=0.0) < _TOLERANCE:
            break
        before = belief
    return model


def apply(
    model: LabelModel, votes: NDArray[np.bool_], known: Reals, certainty: Reals
) -> Labelled:
    """Beliefs about sellers from their votes and verdicts.

    Args:
        model: As fitted.
        votes: Seller × rule.
        known: Verdicts per seller, NaN where there is none; one moves its seller by ``VERDICT_LOG_ODDS``.
        certainty: Per seller, how sure the reading is (``labels.reading_certainty``). All votes hang on it: a victim's
            story that was read as an offer shows every sign of one. Without it a probability falls to
            ``MISREAD_SHARE`` of itself.

    Returns:
        One row per seller, in order. The interval adds up: sampling error of the rules that fired, ``FAMILY_DOUBT``
        of what each family says, ``PRIOR_DOUBT`` for the prior; all on the log-odds scale, 90 %.
    """
    patterns, inverse = _distinct_rows(votes)
    shares, squares = _contributions(model, patterns)
    told = np.where(
        np.isnan(known), 0.0, np.where(known == 1, VERDICT_LOG_ODDS, -VERDICT_LOG_ODDS)
    )
    variance = squares + PRIOR_DOUBT**2
    plain = (shares.sum(axis=1) + logit(model.prior))[inverse]
    kept = certainty + MISREAD_SHARE * (1 - certainty)
    doubt = log_odds(calibration.sigmoid(plain) * kept) - plain
    total = plain + doubt + told
    error = np.sqrt(variance)[inverse]
    return Labelled(
        probability=calibration.sigmoid(total),
        low=calibration.sigmoid(total - Z90 * error),
        high=calibration.sigmoid(total + Z90 * error),
        log_odds_error=error,
        contributions=shares[inverse],
        reading_doubt=doubt,
    )


def _blocks(model: LabelModel) -> list[tuple[str, bool, NDArray[np.int64]]]:
    """Rules of one family and one direction, in sorted order: name, direction, positions."""
    keys = sorted(set(zip(model.families, model.is_scam, strict=True)))
    both = list(zip(model.families, model.is_scam, strict=True))
    return [
        (
            family,
            is_scam,
            np.array([at for at, key in enumerate(both) if key == (family, is_scam)]),
        )
        for family, is_scam in keys
    ]


def _contributions(
    model: LabelModel, patterns: NDArray[np.bool_]
) -> tuple[Reals, Reals]:
    """Log-odds per pattern and rule after discount and cap, and the variance of their sum without the prior's."""
    weights, doubts = np.asarray(model.weights), np.asarray(model.doubts)
    shares = np.zeros(patterns.shape, dtype=np.float64)
    variance = np.zeros(patterns.shape[0], dtype=np.float64)
    for family, is_scam, rules in _blocks(model):
        worth = np.abs(weights[rules]) * patterns[:, rules]
        total, largest = worth.sum(axis=1), worth.max(axis=1)
        joint = largest + (
            1 - model.correlation.get(_block_name(family, is_scam=is_scam), 0.0)
        ) * (total - largest)
        cap = model.family_cap if is_scam else FAMILY_LIMIT
        # tanh rather than a cut: more evidence still ranks higher.
        capped = cap * np.tanh(joint / cap)
        scale = np.divide(capped, total, out=np.zeros_like(total), where=total > 0)
        shares[:, rules] = worth * scale[:, None] * (1 if is_scam else -1)
        variance += ((doubts[rules] * patterns[:, rules] * scale[:, None]) ** 2).sum(
            axis=1
        )
        variance += (FAMILY_DOUBT * capped) ** 2
    return shares, variance


def _block_name(family: str, *, is_scam: bool) -> str:
    return f"{family} {'scam' if is_scam else 'honest'}"


def _model(  # noqa: PLR0917  the parts of one record
    names: tuple[str, ...],
    families: tuple[str, ...],
    is_scam: NDArray[np.bool_],
    prior: float,
    at_scam: Reals,
    at_honest: Reals,
    seen: tuple[float, float],
    correlation: dict[str, float],
) -> LabelModel:
    """Rates of firing become signed log-odds within ``VOTE_RANGE``, with the standard error of a log ratio."""
    size = np.clip(np.where(is_scam, 1, -1) * np.log(at_scam / at_honest), *VOTE_RANGE)
    error = np.sqrt(
        (1 - at_scam) / (at_scam * seen[0]) + (1 - at_honest) / (at_honest * seen[1])
    )
    return LabelModel(
        names=names,
        families=families,
        is_scam=tuple(bool(flag) for flag in is_scam),
        prior=prior,
        weights=tuple(float(weight) for weight in np.where(is_scam, size, -size)),
        doubts=tuple(float(doubt) for doubt in error),
        correlation=correlation,
    )


def _distinct_rows(
    votes: NDArray[np.bool_],
) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Distinct rows in sorted order, and for each row which one it is."""
    if votes.shape[1] == 0:
        return votes[:1], np.zeros(votes.shape[0], dtype=np.int64)
    packed = np.ascontiguousarray(np.packbits(votes, axis=1))
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).ravel()
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    return votes[first], inverse.astype(np.int64).ravel()


def _patterns(
    votes: NDArray[np.bool_], known: Reals
) -> tuple[NDArray[np.bool_], Reals, Reals]:
    """Distinct (votes, verdict) rows with their weight; sellers with a verdict weigh ``VERDICT_WEIGHT``."""
    marks = np.stack([known == 1, known == 0], axis=1)
    rows, inverse = _distinct_rows(np.hstack([votes, marks]))
    count = np.bincount(inverse, minlength=rows.shape[0]).astype(np.float64)
    told = np.where(rows[:, -2], 1.0, np.where(rows[:, -1], 0.0, np.nan))
    return rows[:, :-2], np.where(np.isnan(told), count, count * VERDICT_WEIGHT), told


def _correlations(
    fired: Reals,
    scam: Reals,
    honest: Reals,
    families: tuple[str, ...],
    is_scam: NDArray[np.bool_],
) -> dict[str, float]:
    """Mean correlation of votes within a class for each family and direction, shrunk towards one half.

    The class in which rules speak for what they claim decides: scams for scam rules. With few sellers
    (``CORRELATION_STRENGTH``) rules of one family are taken to say half the same.
    """
    out: dict[str, float] = {}
    for family, direction in sorted(set(zip(families, is_scam.tolist(), strict=True))):
        rules = [
            at
            for at, name in enumerate(families)
            if name == family and is_scam[at] == direction
        ]
        mass = scam if direction else honest
        total = float(mass.sum())
        value = 0.0
        if len(rules) > 1 and total > 0:
            rate = mass @ fired[:, rules] / total
            joint = (fired[:, rules].T * mass) @ fired[:, rules] / total
            spread = np.sqrt(np.clip(rate * (1 - rate), 1e-12, None))
            correlation = (joint - np.outer(rate, rate)) / np.outer(spread, spread)
            apart = ~np.eye(len(rules), dtype=np.bool_)
            value = float(np.clip(correlation[apart], 0, 1).mean())
        out[_block_name(family, is_scam=direction)] = (
            total * value + CORRELATION_STRENGTH * 0.5
        ) / (total + CORRELATION_STRENGTH)
    return out
