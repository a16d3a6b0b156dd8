"""Which evidence there is, and what it says."""

import numpy as np
import polars as pl
import pytest

from features import catalogue
from models import labels
from models.promotion import gate


def believed_of(market):
    votes = labels.rule_votes(market.features, market.pack.rules)
    everybody = np.ones(len(votes), dtype=np.bool_)
    return gate.beliefs(votes, market.pack.rules, everybody * 1.0, everybody)


def test_flipped_verdicts_contradict_the_rules(planted):
    market = planted(1)
    for flipped in (False, True):
        verdicts = market.verdicts(200, flipped=flipped)
        known = labels.known_labels(market.facts["seller_id"], verdicts)
        assert gate.contradicts(believed_of(market), known) is flipped


def test_two_verdicts_contradict_nothing(planted):
    market = planted(1)
    verdicts = market.verdicts(2, flipped=True)
    known = labels.known_labels(market.facts["seller_id"], verdicts)
    assert not gate.contradicts(believed_of(market), known)


@pytest.mark.parametrize(
    ("cleared", "convicted", "acquitted", "is_contradiction"),
    [
        (50, 0, 0, True),
        (50, 0, 30, True),
        (50, 20, 0, False),
        (9, 0, 0, False),
        (0, 0, 50, False),
    ],
)
def test_clearing_whom_the_rules_convict_and_convicting_hardly_anybody_is_a_contradiction(
    cleared, convicted, acquitted, is_contradiction
):
    counts = [cleared, convicted, acquitted, 40]
    probability = np.repeat([0.95, 0.97, 0.02, 0.3], counts)
    known = np.repeat([0.0, 1.0, 0.0, np.nan], counts)
    believed = gate.Beliefs(probability, probability > 0.9)
    assert gate.contradicts(believed, known) is is_contradiction


def test_clearing_whom_the_rules_would_not_list_is_no_contradiction():
    believed = gate.Beliefs(np.full(40, 0.95), np.zeros(40, dtype=np.bool_))
    assert not gate.contradicts(believed, np.zeros(40))


def test_convicting_whom_the_rules_acquit_is_heard():
    believed = gate.Beliefs(np.full(60, 0.02), np.zeros(60, dtype=np.bool_))
    assert not gate.contradicts(believed, np.ones(60))


def evidence(*, sellers=400, frauds=0, benigns=0, complaints=0, networks=400):
    known = np.full(sellers, np.nan)
    known[:frauds] = 1
    known[frauds : frauds + benigns] = 0
    matrix = np.zeros((sellers, len(catalogue.NAMES)), dtype=np.float32)
    matrix[:complaints, catalogue.NAMES.index("complaint_count")] = 2
    group = pl.Series([f"n{at % networks}" for at in range(sellers)])
    return gate.evidence_of(matrix=matrix, known=known, group=group)


@pytest.mark.parametrize(
    ("given", "source"),
    [
        ({}, "none"),
        ({"frauds": 20, "benigns": 20}, "verdicts"),
        ({"frauds": 60, "benigns": 19}, "none"),
        ({"complaints": 20}, "complaints"),
        ({"complaints": 19}, "none"),
        ({"complaints": 20, "networks": 4}, "none"),
        ({"complaints": 20, "frauds": 20, "benigns": 20}, "verdicts"),
        ({"complaints": 20, "frauds": 20, "benigns": 20, "sellers": 199}, "none"),
    ],
)
def test_the_strongest_evidence_that_suffices_is_taken(given, source):
    assert evidence(**given)[0] == source


def test_all_evidence_is_looked_at_first(monkeypatch):
    monkeypatch.setattr(gate, "GATE_SELLERS", 30)
    known = np.full(100, np.nan)
    known[70:90] = 1.0
    group = pl.Series([f"n{at}" for at in range(100)])
    rows = gate.chosen_rows(known, group, seed=1)
    assert rows.size == 30
    assert set(range(70, 90)) <= set(rows.tolist())
    assert (np.diff(rows) > 0).all()


def compared(gain):
    rng = np.random.default_rng(4)
    y_true = (rng.random(300) < 0.4).astype(float)
    rules = y_true + rng.normal(0, 1, 300)
    model = y_true * (1 + gain) + rng.normal(0, 1, 300)
    groups = pl.Series([f"n{at // 2}" for at in range(300)])
    return gate.comparison(y_true, rules, model, groups, seed=2)


def test_a_clear_gain_opens_the_gate_and_a_loss_does_not():
    assert gate.decision(compared(3.0))["is_passed"]
    refused = gate.decision(compared(-0.8))
    assert not refused["is_passed"]
    assert "no better" in refused["why"]


def test_a_gain_that_a_few_networks_make_is_not_believed():
    numbers = {
        "rules_average_precision": 0.8,
        "model_average_precision": 0.81,
        "worse_share": 0.3,
    }
    assert "resampling" in gate.decision(numbers)["why"]


def test_a_loss_on_newer_networks_closes_the_gate():
    numbers = {
        "rules_average_precision": 0.8,
        "model_average_precision": 0.9,
        "worse_share": 0.0,
        "later_rules_average_precision": 0.8,
        "later_model_average_precision": 0.7,
    }
    assert "newer" in gate.decision(numbers)["why"]
