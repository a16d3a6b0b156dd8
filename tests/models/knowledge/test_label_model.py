"""Rules weighed against each other."""

import numpy as np
import pytest

from models import evaluate, labels
from models.knowledge import label_model


def unknown(rows):
    return np.full(rows, np.nan)


def applied(model, votes, known, certainty=1.0):
    return label_model.apply(model, votes, known, np.full(len(votes), certainty))


def believed(votes, rules, known=None):
    known = unknown(len(votes)) if known is None else known
    return applied(label_model.fit(votes, rules, known), votes, known)


def test_without_any_label_a_planted_market_is_ranked_well(planted):
    market = planted(3)
    votes = labels.rule_votes(market.features, market.pack.rules)
    probability = believed(votes, market.pack.rules).probability
    assert evaluate.average_precision(market.truth, probability) > 0.97


def test_nobody_reaches_the_listing_threshold_on_one_family(rules):
    money = [rule.family == "money" and rule.votes == "scam" for rule in rules]
    crowd = np.tile(np.array([money]), (500, 1))
    assert believed(crowd, rules).probability.max() < label_model.LISTING


def test_two_families_reach_it(rules):
    both = [
        rule.family in {"money", "trope"} and rule.votes == "scam" for rule in rules
    ]
    votes = np.vstack([np.tile(both, (50, 1)), np.zeros((200, len(rules)), dtype=bool)])
    assert believed(votes, rules).probability[0] > label_model.LISTING


def test_without_votes_a_seller_stays_at_a_low_prior(rules):
    votes = np.ones((300, len(rules)), dtype=bool)
    votes[0] = False
    assert believed(votes, rules).probability[0] <= label_model.PRIOR_RANGE[1] + 1e-9


def test_few_sellers_are_judged_by_what_the_rules_mean(rules):
    scam = [rule.votes == "scam" for rule in rules]
    votes = np.array([scam, [not flag for flag in scam]])
    high, low = believed(votes, rules).probability
    assert high > 0.85
    assert low < 0.1


def test_a_rule_never_turns_against_its_author(rules):
    votes = np.random.default_rng(5).random((400, len(rules))) < 0.5
    model = label_model.fit(votes, rules, unknown(400))
    assert [weight > 0 for weight in model.weights] == [
        rule.votes == "scam" for rule in rules
    ]


@pytest.mark.parametrize("seed", range(8))
def test_one_more_vote_against_a_seller_never_helps_it(rules, seed):
    rng = np.random.default_rng(seed)
    votes = rng.random((60, len(rules))) < 0.3
    model = label_model.fit(votes, rules, unknown(60))
    for at, rule in enumerate(rules):
        more = votes.copy()
        more[:, at] = True
        gain = (
            applied(model, more, unknown(60)).probability
            - applied(model, votes, unknown(60)).probability
        )
        assert (gain >= -1e-12).all() if rule.votes == "scam" else (gain <= 1e-12).all()


def test_rules_that_say_the_same_count_about_once(make_rule):
    twins = [
        make_rule(f"r{at}", "money", "scam", ("post_count", ">=", at))
        for at in range(4)
    ]
    same = np.repeat(np.arange(400)[:, None] % 4 == 0, 4, axis=1)
    apart = np.random.default_rng(2).random((400, 4)) < 0.25
    assert label_model.fit(same, twins, unknown(400)).correlation["money scam"] > 0.8
    assert label_model.fit(apart, twins, unknown(400)).correlation["money scam"] < 0.5


def test_an_unsure_reading_lowers_whatever_was_seen(rules):
    votes = np.array([[rule.votes == "scam" for rule in rules]])
    model = label_model.fit(votes, rules, unknown(1))
    sure, doubtful, nothing = (
        applied(model, votes, unknown(1), share).probability[0]
        for share in (1.0, 0.5, 0.0)
    )
    assert sure > label_model.LISTING > doubtful > nothing
    assert nothing == pytest.approx(sure * label_model.MISREAD_SHARE)


def test_company_shares_one_cap(make_rule):
    rules = [
        make_rule("offers", "link", "scam", ("network_offer_seller_count", ">=", 2)),
        make_rule(
            "complaints", "complaint", "scam", ("network_complaint_count", ">=", 2)
        ),
    ]
    votes = np.vstack([np.ones((50, 2), dtype=bool), np.zeros((100, 2), dtype=bool)])
    assert believed(votes, rules).probability.max() < label_model.LISTING


def test_contributions_add_up_to_the_score(planted):
    market = planted(4)
    votes = labels.rule_votes(market.features, market.pack.rules)
    known = unknown(len(votes))
    known[:3] = [1.0, 0.0, 1.0]
    model = label_model.fit(votes, market.pack.rules, known)
    found = applied(model, votes, known, 0.7)
    told = (
        np.where(np.isnan(known), 0.0, np.where(known == 1, 1.0, -1.0))
        * label_model.VERDICT_LOG_ODDS
    )
    total = (
        found.contributions.sum(axis=1)
        + label_model.logit(model.prior)
        + told
        + found.reading_doubt
    )
    np.testing.assert_allclose(
        label_model.log_odds(found.probability), total, atol=1e-9
    )
    assert ((found.low < found.probability) & (found.probability < found.high)).all()


def test_verdicts_move_their_seller_and_the_rules(planted):
    market = planted(5)
    votes = labels.rule_votes(market.features, market.pack.rules)
    before = believed(votes, market.pack.rules).probability
    known = unknown(len(votes))
    known[0], known[4] = 1.0, 0.0
    after = believed(votes, market.pack.rules, known).probability
    assert after[0] > before[0]
    assert after[4] < before[4]


def test_the_order_of_sellers_changes_no_byte(planted):
    market = planted(6)
    votes = labels.rule_votes(market.features, market.pack.rules)
    order = np.random.default_rng(1).permutation(len(votes))
    one, two = (
        believed(votes, market.pack.rules),
        believed(votes[order], market.pack.rules),
    )
    assert np.array_equal(one.probability[order], two.probability)


@pytest.mark.parametrize("shape", [(0, 9), (0, 0), (3, 0)])
def test_nothing_to_weigh_gives_the_prior(rules, shape):
    chosen = rules[: shape[1]]
    found = believed(np.zeros(shape, dtype=bool), chosen)
    assert found.probability.shape == (shape[0],)
    assert (np.abs(found.probability - label_model.PRIOR) < 0.01).all()
