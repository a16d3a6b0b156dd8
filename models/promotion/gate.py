"""The gate between rules and learner: which evidence there is, and what it says.

In: the material of training and held-out log-odds of both sides. Out: numbers, an answer and why, for the manifest.

What counts as evidence: verdicts, when there are enough of both kinds; else complaints linked to sellers, with every
complaint rule and feature taken away from both sides. Without either, nobody can tell which is better, and the rules
stay. Networks are resampled whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from features import catalogue
from models import dataset, evaluate
from models.knowledge import label_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models import labels

    Reals = NDArray[np.float64]

#: Sellers below which a learner only repeats the rules, and pieces of evidence of each class below which nobody can tell.
MINIMUM_SELLERS, MINIMUM_EVIDENCE, MINIMUM_GROUPS = 200, 20, 5
#: Rules that rank verdicts worse than this area under the ROC curve: rather the verdicts are wrong (flipped file).
CONTRADICTION, MINIMUM_CONTRADICTION = 0.5, 10
#: Belief from which rules convict (the listing threshold), and frauds that somebody must find per seller cleared against them.
CONVICTED, CONFIRMED_SHARE = 0.85, 0.25
#: Resamples of networks.
RESAMPLES = 200
#: Share of resamples in which the learner may rank worse, and how much worse it may rank newer networks.
MAX_WORSE_SHARE, LATER_TOLERANCE = 0.1, 0.02
#: The gate looks at this many sellers at most: those with evidence, then the rest in a fixed order.
GATE_SELLERS = 50_000


@dataclass(frozen=True, slots=True)
class Beliefs:
    """What rules that never heard of a verdict believe, per seller.

    Attributes:
        probability: If its posts were read rightly.
        is_convicted: Whether they would list it.
    """

    probability: Reals
    is_convicted: NDArray[np.bool_]


def beliefs(
    votes: NDArray[np.bool_],
    rules: Sequence[labels.Rule],
    certainty: Reals,
    shows_entry: NDArray[np.bool_],
) -> Beliefs:
    """What the rules alone believe.

    Args:
        votes: Seller × rule.
        rules: The rules of the votes.
        certainty: How sure the reading is.
        shows_entry: Without, a seller is not listed by rules (``score.CEILING``), and may well be of another trade.
    """
    nothing = np.full(len(votes), np.nan)
    model = label_model.fit(votes, rules, nothing)
    sure, unsure = (
        label_model.apply(model, votes, nothing, each).probability
        for each in (np.ones(len(votes)), certainty)
    )
    return Beliefs(sure, shows_entry & (unsure >= CONVICTED))


def contradicts(believed: Beliefs, known: Reals) -> bool:
    """Whether somebody's verdicts look like a mistake: rules that never saw them say the opposite.

    Either the rules rank them worse than chance, or they clear many sellers whom the rules convict and convict hardly
    anybody: of one kind alone no ranking can be told, and fifty scams called benign took every other scam below the
    threshold (measured). Who convicts whom the rules acquit is heard: nothing else teaches wording that no rule knows.

    Args:
        believed: What the rules say.
        known: Verdicts, NaN where there is none; with fewer than ``MINIMUM_CONTRADICTION`` of a kind nobody can tell.
    """
    frauds, benigns = int((known == 1).sum()), int((known == 0).sum())
    cleared = int(((known == 0) & believed.is_convicted).sum())
    if cleared >= MINIMUM_CONTRADICTION and frauds < CONFIRMED_SHARE * cleared:
        return True
    if min(frauds, benigns) < MINIMUM_CONTRADICTION:
        return False
    is_known = ~np.isnan(known)
    ranked = evaluate.roc_auc(known[is_known], believed.probability[is_known])
    return ranked < CONTRADICTION


def evidence_of(
    *, matrix: NDArray[np.float32], known: Reals, group: pl.Series
) -> tuple[str, Reals]:
    """The strongest evidence that suffices.

    Args:
        matrix: Seller × feature of the catalogue.
        known: Verdicts, NaN where there is none.
        group: Network, or the seller itself.

    Returns:
        ``verdicts``, ``complaints`` or ``none``, and its label per row, NaN where it is silent.
    """
    silent = np.full(known.size, np.nan)
    if known.size < MINIMUM_SELLERS:
        return "none", silent
    if min((known == 1).sum(), (known == 0).sum()) >= MINIMUM_EVIDENCE:
        return "verdicts", known
    complained = matrix[:, catalogue.NAMES.index("complaint_count")] > 0
    rare = min(complained.sum(), (~complained).sum())
    groups = group.filter(pl.Series(complained)).n_unique()
    if rare >= MINIMUM_EVIDENCE and groups >= MINIMUM_GROUPS:
        return "complaints", complained.astype(np.float64)
    return "none", silent


def chosen_rows(evidence: Reals, group: pl.Series, *, seed: int) -> NDArray[np.int64]:
    """Rows that the gate looks at, sorted: all, or those with evidence and then others up to ``GATE_SELLERS``."""
    if evidence.size <= GATE_SELLERS:
        return np.arange(evidence.size)
    # Folds of single groups serve as a shuffle that depends on names, not on the order of rows.
    shuffled = dataset.folds(group, count=group.n_unique(), seed=seed)
    order = np.lexsort((shuffled, np.isnan(evidence)))
    return np.sort(order[:GATE_SELLERS])


def comparison(
    evidence: Reals, by_rules: Reals, by_model: Reals, groups: pl.Series, *, seed: int
) -> dict[str, Any]:
    """How rules and learner rank what neither had seen.

    Args:
        evidence: Label per row, NaN where it is silent.
        by_rules: Held-out log-odds of the rules.
        by_model: Held-out log-odds of the learner.
        groups: Network, or the seller itself.
        seed: Of the resampling.

    Returns:
        Counts, average precision of both, and ``worse_share``: in which share of the resamples of networks the learner
        did not rank better.
    """
    is_evidence = ~np.isnan(evidence)
    y_true, rules, model = (
        evidence[is_evidence],
        by_rules[is_evidence],
        by_model[is_evidence],
    )
    group = groups.filter(pl.Series(is_evidence)).to_numpy()

    def gain(rows: NDArray[np.int64]) -> float:
        ranked = evaluate.average_precision(y_true[rows], model[rows])
        return ranked - evaluate.average_precision(y_true[rows], rules[rows])

    gains = evaluate.grouped_bootstrap(gain, group, rounds=RESAMPLES, seed=seed)
    return {
        "positives": int(y_true.sum()),
        "negatives": int((1 - y_true).sum()),
        "rules_average_precision": evaluate.average_precision(y_true, rules),
        "model_average_precision": evaluate.average_precision(y_true, model),
        "worse_share": float((gains <= 0).mean()) if gains.size else 1.0,
    }


def decision(numbers: dict[str, Any]) -> dict[str, Any]:
    """Whether the learner takes over: ``is_passed`` and ``why``, from the numbers of ``comparison``."""
    later_gain = numbers.get("later_model_average_precision", 0.0) - numbers.get(
        "later_rules_average_precision", 0.0
    )
    if numbers["model_average_precision"] <= numbers["rules_average_precision"]:
        why = "the learner ranks held-out evidence no better than the rules"
    elif numbers["worse_share"] > MAX_WORSE_SHARE:
        why = (
            "the learner's gain over the rules does not survive resampling of networks"
        )
    elif later_gain < -LATER_TOLERANCE:
        why = "the learner ranks newer networks worse than the rules"
    else:
        return {
            "is_passed": True,
            "why": "the learner ranks held-out evidence better than the rules",
        }
    return {"is_passed": False, "why": why}
