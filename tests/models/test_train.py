"""The learner and its gate."""

import dataclasses

import numpy as np
import pytest

from models import dataset, labels, learner, train
from models.knowledge import hindsight


def material(market, verdicts=None):
    known = np.full(market.truth.size, np.nan)
    if verdicts is not None:
        known = labels.known_labels(market.facts["seller_id"], verdicts)
    return train.Material(
        matrix=dataset.matrix(market.features),
        votes=labels.rule_votes(market.features, market.pack.rules),
        rules=market.pack.rules,
        known=known,
        certainty=labels.reading_certainty(
            market.features, dataset.groups(market.facts)
        ),
        group=dataset.groups(market.facts),
        is_later=dataset.newest(market.facts, share=train.LATER_SHARE),
        before=hindsight.nothing(market.pack.rules),
    )


def challenge(given, rounds=40, num_threads=1):
    return train.challenge(given, seed=11, num_threads=num_threads, rounds=rounds)


def test_the_learner_takes_over_where_it_ranks_verdicts_better(planted):
    market = planted(2, hidden=0.3)
    found = challenge(material(market, market.verdicts(300)))
    assert found.gate["is_passed"], found.gate
    assert found.gate["evidence"] == "verdicts"
    assert found.gate["model_average_precision"] > found.gate["rules_average_precision"]
    assert found.calibration.is_calibrated
    assert found.booster is not None


def test_without_evidence_the_rules_stay(planted):
    market = planted(2)
    given = material(market)
    silent = dataclasses.replace(
        given, matrix=np.where(given.matrix == 1, np.float32(0), given.matrix)
    )
    found = challenge(silent)
    assert found.booster is None
    assert found.gate["evidence"] == "none"
    assert not found.calibration.is_calibrated


def test_too_few_sellers_are_not_learned_from(planted):
    market = planted(2, 190)
    found = challenge(material(market, market.verdicts(180)))
    assert found.gate["evidence"] == "none"


def test_complaints_are_evidence_that_neither_side_has_seen(planted):
    market = planted(1, 800)
    found = challenge(material(market))
    assert found.gate["evidence"] == "complaints"
    assert found.gate["rules_average_precision"] < 0.5
    assert not found.calibration.is_calibrated


def test_a_learner_that_ranks_no_better_is_refused(planted):
    market = planted(1)
    rng = np.random.default_rng(0)
    given = material(market, market.verdicts(300))
    noise = dataclasses.replace(given, matrix=rng.permuted(given.matrix, axis=0))
    found = challenge(noise)
    assert not found.gate["is_passed"]
    assert found.booster is None
    assert (
        found.calibration.is_calibrated
    )  # of the rules, which the verdicts could check


@pytest.mark.parametrize("num_threads", [1, 2])
def test_same_seed_same_trees_whatever_the_threads(planted, num_threads):
    market = planted(2, hidden=0.3)
    given = material(market, market.verdicts(300))
    one, two = challenge(given), challenge(given, num_threads=num_threads)
    assert one.booster == two.booster


def test_more_of_a_monotone_feature_never_lowers_the_score(planted):
    market = planted(2, hidden=0.3)
    given = material(market, market.verdicts(300))
    booster = learner.load(challenge(given).booster)
    column = train.catalogue.NAMES.index("script_element_max")
    scores = []
    for value in range(7):
        changed = given.matrix.copy()
        changed[:, column] = value
        scores.append(learner.log_odds(booster, changed, num_threads=1))
    assert (np.diff(np.array(scores), axis=0) >= -1e-9).all()
