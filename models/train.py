"""Fit the learner on probabilistic labels, and let it replace the rules only where it beats them on held-out evidence.

In: features as a matrix, votes, verdicts, groups. Out: a ``Challenge``: the trained booster if it passed the gate, its
calibration, and the numbers of the gate either way. Deterministic for a seed, whatever the number of threads.

Folds never tear a network apart; where complaints are the evidence (``gate``), no complaint rule or feature is seen.
"""

from __future__ import annotations

import dataclasses
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from features import catalogue
from models import dataset, evaluate, learner
from models.knowledge import hindsight, label_model
from models.measures import calibration
from models.promotion import gate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models import labels

    Reals = NDArray[np.float64]

logger = logging.getLogger(__name__)

#: Share of the learner in the score; the rest stays with the rules. Alone it sees that a few features separate the
#: verdicts at hand and neither weighs nor tells the others, so that reasons of a second family are missing.
BLEND = 0.5
#: Trees of a booster, folds of the held-out predictions, and the share of networks that is later.
ROUNDS, FOLDS, LATER_SHARE = 150, 5, 0.25


class TrainingDiedError(Exception):
    """The process that trained ended without a result; what scored before goes on."""


@dataclass(frozen=True, slots=True)
class Material:
    """Everything a learner may see, row by row.

    Attributes:
        matrix: Seller × feature.
        votes: Seller × rule.
        rules: The rules of the votes.
        known: Verdicts, NaN where there is none.
        certainty: How sure the reading is.
        group: Network, or the seller itself.
        is_later: Rows of networks that appeared last.
        before: Sellers as they were before somebody complained of them; they teach the learner as scams.
    """

    matrix: NDArray[np.float32]
    votes: NDArray[np.bool_]
    rules: Sequence[labels.Rule]
    known: Reals
    certainty: Reals
    group: pl.Series
    is_later: NDArray[np.bool_]
    before: hindsight.Hindsight

    def rows(self, at: NDArray[np.int64]) -> Material:
        """Some of the rows, and of what complaints teach that of their networks."""
        return Material(
            self.matrix[at],
            self.votes[at],
            self.rules,
            self.known[at],
            self.certainty[at],
            self.group.gather(at),
            self.is_later[at],
            self.before.inside(self.group.gather(at)),
        )


@dataclass(frozen=True, slots=True)
class Challenge:
    """What came of training.

    Attributes:
        booster: LightGBM's text; null when the gate did not open.
        calibration: Of the booster, or of the rules when the gate did not open.
        gate: ``is_passed``, ``evidence`` (``verdicts``, ``complaints``, ``none``), ``why`` and the numbers compared.
        params: Parameters of the booster.
        shadow: LightGBM's text of a booster that was trained and did not pass; else null.
        rows: Rows of the material with held-out predictions, sorted.
        by_rules: Held-out log-odds of the rules for those rows.
        by_model: Held-out log-odds of the blend for those rows.
    """

    booster: str | None
    calibration: calibration.Calibration
    gate: dict[str, Any]
    params: dict[str, Any]
    shadow: str | None = None
    rows: NDArray[np.int64] = dataclasses.field(
        default_factory=lambda: np.zeros(0, dtype=np.int64)
    )
    by_rules: Reals = dataclasses.field(default_factory=lambda: np.zeros(0))
    by_model: Reals = dataclasses.field(default_factory=lambda: np.zeros(0))


def blend(by_rules: Reals, by_model: Reals) -> Reals:
    """Log-odds of the score from those of rules and learner."""
    return (1 - BLEND) * by_rules + BLEND * by_model


def parameters(*, rows: int, seed: int, num_threads: int) -> dict[str, Any]:
    """LightGBM's parameters; shallow trees keep reasons fast (LIBRARIES §6) and the teacher's noise out."""
    return {
        "objective": "cross_entropy",
        "learning_rate": 0.06,
        "num_leaves": 15,
        "max_depth": 4,
        "max_bin": 63,
        "min_data_in_leaf": max(5, min(200, rows // 100)),
        "lambda_l2": 5.0,
        "feature_fraction": 0.6,
        "monotone_constraints": [feature.monotone for feature in catalogue.FEATURES],
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": num_threads,
        "seed": seed,
        "verbosity": -1,
    }


def challenge(
    material: Material, *, seed: int, num_threads: int, rounds: int = ROUNDS
) -> Challenge:
    """Train and gate.

    Args:
        material: Scored sellers as of one moment.
        seed: Of folds, feature sampling and resampling.
        num_threads: OpenMP threads; changes no tree.
        rounds: Trees.

    Returns:
        With a booster only if it ranks the held-out evidence better than the rules in all but ``gate.MAX_WORSE_SHARE`` of the
        resamples and newer networks no worse. The calibration is fitted on held-out predictions wherever there are
        enough verdicts of both kinds.
    """
    params = parameters(rows=len(material.group), seed=seed, num_threads=num_threads)
    source, evidence = gate.evidence_of(
        matrix=material.matrix, known=material.known, group=material.group
    )
    numbers: dict[str, Any] = {
        "is_passed": False,
        "evidence": source,
        "blend": BLEND,
        "sellers": len(material.group),
        "complained": len(material.before.matrix),
    }
    if source == "none":
        numbers["why"] = (
            "too few verdicts and linked complaints to compare the learner with the rules"
        )
        return Challenge(None, calibration.NONE, numbers, params)
    at = gate.chosen_rows(evidence, material.group, seed=seed)
    held, evidence = material.rows(at), evidence[at]
    if source == "complaints":
        held = _without(held, "complaint")
    by_rules, by_model = _out_of_fold(held, params, rounds, seed)
    numbers |= gate.comparison(evidence, by_rules, by_model, held.group, seed=seed)
    numbers |= _later_comparison(held, evidence, params, rounds)
    numbers |= gate.decision(numbers)
    is_evidence = ~np.isnan(evidence)
    better = by_model if numbers["is_passed"] else by_rules
    fitted = calibration.NONE
    if source == "verdicts":
        fitted = calibration.fit(
            better[is_evidence],
            evidence[is_evidence],
            held.group.filter(pl.Series(is_evidence)).to_numpy(),
        )
    logger.info("gate", extra={"gate": numbers})
    trained = learner.text(_fit(material, params, rounds))
    is_passed = numbers["is_passed"]
    return Challenge(
        booster=trained if is_passed else None,
        calibration=fitted,
        gate=numbers,
        params=params,
        shadow=None if is_passed else trained,
        rows=at,
        by_rules=by_rules,
        by_model=by_model,
    )


def held_out(
    material: Material, *, seed: int, num_threads: int, rounds: int = ROUNDS
) -> tuple[Reals, Reals]:
    """Log-odds of the rules and of the blend for every row, from models that saw no label of its group."""
    params = parameters(rows=len(material.group), seed=seed, num_threads=num_threads)
    return _out_of_fold(material, params, rounds, seed)


def _without(material: Material, family: str) -> Material:
    """The material with the features and rules of one family taken away."""
    is_gone = [feature.family == family for feature in catalogue.FEATURES]
    matrix, before = material.matrix.copy(), material.before.matrix.copy()
    matrix[:, is_gone] = before[:, is_gone] = np.nan
    kept = [
        at
        for at, rule in enumerate(material.rules)
        if rule.family != family
        and all(catalogue.BY_NAME[part.feature].family != family for part in rule.when)
    ]
    return dataclasses.replace(
        material,
        matrix=matrix,
        votes=material.votes[:, kept],
        rules=[material.rules[at] for at in kept],
        before=dataclasses.replace(
            material.before, matrix=before, votes=material.before.votes[:, kept]
        ),
    )


def _fit(material: Material, params: dict[str, Any], rounds: int) -> Any:  # noqa: ANN401  LightGBM ships no types
    """A booster on the rules' beliefs, verdicts in their place and weight, and those of whom somebody complained later."""
    model = label_model.fit(material.votes, material.rules, material.known)
    believed = label_model.apply(
        model,
        material.votes,
        np.full_like(material.known, np.nan),
        material.certainty,
    ).probability
    is_known = ~np.isnan(material.known)
    complained = np.ones(len(material.before.matrix))
    return learner.train(
        np.concatenate([material.matrix, material.before.matrix]),
        np.concatenate([np.where(is_known, material.known, believed), complained]),
        np.concatenate(
            [
                np.where(is_known, label_model.VERDICT_WEIGHT, 1.0),
                material.before.weight,
            ]
        ),
        names=catalogue.NAMES,
        params=params,
        rounds=rounds,
    )


def _predictions(
    material: Material, is_test: NDArray[np.bool_], params: dict[str, Any], rounds: int
) -> tuple[Reals, Reals]:
    """Log-odds of the rules, and of the blend with the learner, for rows that neither had seen."""
    seen, unseen = (
        material.rows(np.flatnonzero(~is_test)),
        material.rows(np.flatnonzero(is_test)),
    )
    rules = label_model.fit(seen.votes, seen.rules, seen.known)
    probability = label_model.apply(
        rules,
        unseen.votes,
        np.full_like(unseen.known, np.nan),
        unseen.certainty,
    ).probability
    booster = _fit(seen, params, rounds)
    learned = learner.log_odds(
        booster, unseen.matrix, num_threads=params["num_threads"]
    )
    by_rules = label_model.log_odds(probability)
    return by_rules, blend(by_rules, learned)


def _out_of_fold(
    material: Material, params: dict[str, Any], rounds: int, seed: int
) -> tuple[Reals, Reals]:
    """Held-out log-odds of the rules and of the blend for every row."""
    fold = dataset.folds(material.group, count=FOLDS, seed=seed)
    by_rules, by_model = np.zeros(fold.size), np.zeros(fold.size)
    for number in np.unique(fold):
        is_test = fold == number
        if is_test.all():
            break
        by_rules[is_test], by_model[is_test] = _predictions(
            material, is_test, params, rounds
        )
    return by_rules, by_model


def _later_comparison(
    material: Material, evidence: Reals, params: dict[str, Any], rounds: int
) -> dict[str, Any]:
    """The same on networks that appeared after all others; no numbers where they hold too little evidence."""
    is_test = material.is_later
    y_true = evidence[is_test]
    judged = ~np.isnan(y_true)
    positives = int(y_true[judged].sum())
    if not positives or positives == int(judged.sum()) or is_test.all():
        return {"later_rows": int(judged.sum())}
    by_rules, by_model = _predictions(material, is_test, params, rounds)
    return {
        "later_rows": int(judged.sum()),
        "later_rules_average_precision": evaluate.average_precision(
            y_true[judged], by_rules[judged]
        ),
        "later_model_average_precision": evaluate.average_precision(
            y_true[judged], by_model[judged]
        ),
    }
