"""Why, in words, with a post."""

import numpy as np
import polars as pl

from features import catalogue
from models import dataset, labels, reasons
from models.knowledge import label_model


def by_rules(market, known=None):
    known = np.full(market.features.height, np.nan) if known is None else known
    votes = labels.rule_votes(market.features, market.pack.rules)
    found = label_model.apply(
        label_model.fit(votes, market.pack.rules, known),
        votes,
        known,
        labels.reading_certainty(market.features, dataset.groups(market.facts)),
    )
    terms = [reasons.rule_terms(market.features, found, market.pack.rules)]
    return reasons.told(market.features, terms, market.evidence, known)


def by_model(market, **contributions):
    parts = np.zeros((market.features.height, len(catalogue.NAMES)))
    for name, value in contributions.items():
        parts[:, catalogue.NAMES.index(name)] = value
    known = np.full(market.features.height, np.nan)
    return reasons.told(
        market.features,
        [reasons.model_terms(market.features, parts)],
        market.evidence,
        known,
    )


def test_rules_and_model_name_the_same_code(few):
    market = few(
        {"seller_id": "a", "fee_and_income_post_count": 2, "offer_certainty": 1.0}
    )
    told = by_rules(market).row(0, named=True)
    learned = by_model(market, fee_and_income_post_count=1.5).row(0, named=True)
    assert told["reason"] == learned["reason"] == "fee_and_income"
    assert told["family"] == learned["family"] == "money"
    assert "2" in told["text_zh"]
    assert "2 posts name a fee and an income" in told["text_en"]
    assert told["evidence_post_id"] == "a/p"


def test_a_feature_that_the_data_do_not_show_is_no_reason(few):
    market = few({"seller_id": "a", "complaint_count": 0, "post_count": 3})
    told = by_model(
        market, complaint_count=2.0, complaint_claimed_yuan=1.0, post_count=0.4
    )
    assert told["reason"].to_list() == ["activity"]


def test_a_feature_speaks_only_in_its_known_direction(few):
    market = few(
        {
            "seller_id": "a",
            "complaint_count": 1,
            "vendor_post_share": 0.9,
            "post_count": 3,
        }
    )
    told = by_model(
        market, complaint_count=-0.5, vendor_post_share=0.5, post_count=-0.2
    )
    assert told["reason"].to_list() == ["activity"]


def test_features_of_one_code_add_up_and_the_strongest_words_it(few):
    market = few(
        {"seller_id": "a", "agency_fee_post_count": 2, "agency_fee_max_yuan": 66_000}
    )
    told = by_model(market, agency_fee_post_count=0.4, agency_fee_max_yuan=0.6)
    assert told["contribution"].to_list() == [1.0]
    assert told["text_en"].to_list() == ["highest agency fee ¥66,000"]


def test_rules_and_model_add_up_where_both_speak(few):
    market = few({"seller_id": "a", "complaint_count": 2, "offer_certainty": 1.0})
    known = np.full(1, np.nan)
    votes = labels.rule_votes(market.features, market.pack.rules)
    found = label_model.apply(
        label_model.fit(votes, market.pack.rules, known), votes, known, np.ones(1)
    )
    parts = np.zeros((1, len(catalogue.NAMES)))
    parts[0, catalogue.NAMES.index("complaint_count")] = 1.0
    terms = [
        reasons.rule_terms(market.features, found, market.pack.rules, share=0.5),
        reasons.model_terms(market.features, parts, share=0.5),
    ]
    told = reasons.told(market.features, terms, market.evidence, known)
    assert told["reason"].to_list() == ["complaints"]
    assert told["contribution"][0] == 0.5 + found.contributions.sum() / 2


def test_reasons_against_come_first_and_ranks_are_whole(few):
    market = few(
        {
            "seller_id": "a",
            "complaint_count": 1,
            "vendor_post_share": 0.9,
            "city_count": 9,
        }
    )
    told = by_model(market, complaint_count=0.3, vendor_post_share=-2.0, city_count=0.7)
    assert told["reason"].to_list() == [
        "many_cities",
        "complaints",
        "sells_to_customers",
    ]
    assert told["rank"].to_list() == [1, 2, 3]


def test_silence_is_a_reason_too(few):
    told = by_rules(few({"seller_id": "a", "post_count": 4}))
    assert told.select("reason", "contribution", "text_en").row(0) == (
        "little_evidence",
        0.0,
        "4 posts read, nothing in them decides",
    )


def test_an_unsure_reading_is_told(few):
    market = few(
        {"seller_id": "a", "fee_and_income_post_count": 1, "offer_certainty": 0.4}
    )
    told = by_rules(market)
    assert told["reason"].to_list() == ["fee_and_income", "unsure_reading"]
    assert told["contribution"][1] < 0


def test_the_post_of_the_right_kind_is_named(few):
    market = few({"seller_id": "a", "agency_fee_post_count": 1, "complaint_count": 1})
    market.evidence = pl.DataFrame(
        {
            "seller_id": ["a"] * 3,
            "key": ["post", "amount:agency_fee", "complaint"],
            "post_id": ["a/any", "a/fee", "v/c"],
        }
    )
    told = by_model(market, agency_fee_post_count=1.0, complaint_count=0.5)
    assert told["evidence_post_id"].to_list() == ["a/fee", "v/c"]


def test_at_most_so_many_reasons(few):
    names = [f"{signal}_post_count" for signal in catalogue.SIGNALS]
    market = few({"seller_id": "a", **dict.fromkeys(names, 1)})
    assert by_model(market, **dict.fromkeys(names, 0.5)).height == reasons.MOST


def test_a_rule_is_about_the_feature_of_its_family(make_rule):
    rule = make_rule(
        "r",
        "money",
        "scam",
        ("offer_post_count", ">=", 1),
        ("agency_fee_variant_count", ">=", 2),
    )
    assert reasons.main_feature(rule) == "agency_fee_variant_count"
    honest = make_rule(
        "r",
        "money",
        "honest",
        ("agency_fee_post_count", "==", 0),
        ("price_post_share", ">=", 0.3),
    )
    assert reasons.main_feature(honest) == "price_post_share"
    bare = make_rule("r", "trope", "scam", ("offer_post_count", ">=", 1))
    assert reasons.main_feature(bare) == "offer_post_count"
