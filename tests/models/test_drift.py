"""Whether tonight's sellers still look like last week's."""

from datetime import timedelta

import numpy as np
import polars as pl

from models import drift
from models.language import terms as terms_module
from warehouse import contracts

NO_TERMS = terms_module.Found(contracts.KEYWORD_SUGGESTIONS.empty(), 0)


def scores_of(market, seed):
    rng = np.random.default_rng(seed)
    return market.facts.select(
        "seller_id",
        pl.Series(
            "scam_probability",
            np.clip(market.truth * 0.7 + rng.uniform(0, 0.3, market.truth.size), 0, 1),
        ),
    )


def compare(market, previous, as_of, *, seed=0, terms=NO_TERMS, set_aside=None):
    facts = market.facts.with_columns(pl.lit(as_of).alias("last_seen_at"))
    return drift.compared(
        market.features,
        scores_of(market, seed),
        facts,
        previous,
        terms,
        as_of=as_of,
        set_aside=set_aside,
    )


def states(found):
    return {
        row["check_name"]: row["value"] is not None and row["value"] > row["maximum"]
        for row in found.checks.iter_rows(named=True)
    }


def test_the_first_night_has_nothing_to_compare_with(planted, as_of):
    found = compare(planted(1), contracts.PROFILES.empty(), as_of)

    assert found.profiles.height > 50
    assert not any(states(found).values())


def test_another_draw_of_the_same_market_is_no_drift(planted, as_of):
    before = compare(planted(1), contracts.PROFILES.empty(), as_of).profiles

    found = compare(planted(2), before, as_of + timedelta(days=7), seed=1)

    assert not any(states(found).values())


def test_another_market_is_told_with_advice(planted, as_of):
    before = compare(planted(1), contracts.PROFILES.empty(), as_of).profiles
    other = planted(2)
    other.features = other.features.with_columns(pl.col(pl.Float32) * 7 + 3)

    found = compare(other, before, as_of + timedelta(days=7), seed=1)

    assert states(found)["drift:features"]
    row = found.checks.filter(pl.col("check_name") == "drift:features").row(
        0, named=True
    )
    assert "rollback" in row["next_step"]


def test_yesterday_is_too_near_to_compare_with(planted, as_of):
    before = compare(planted(1), contracts.PROFILES.empty(), as_of).profiles

    found = compare(planted(2), before, as_of + timedelta(days=1))

    assert (
        found.checks.filter(pl.col("check_name") == "drift:features")["value"][0]
        is None
    )


def test_too_few_sellers_have_no_shape(planted, as_of):
    assert compare(
        planted(1, 100), contracts.PROFILES.empty(), as_of
    ).profiles.is_empty()


def test_many_new_terms_are_red(planted, as_of):
    found = compare(
        planted(1, 100),
        contracts.PROFILES.empty(),
        as_of,
        terms=terms_module.Found(contracts.KEYWORD_SUGGESTIONS.empty(), 30),
    )

    assert states(found)["drift:terms"]


def test_whose_words_contradict_the_rules_is_red_and_named(planted, as_of):
    nothing = contracts.PROFILES.empty()
    assert not states(compare(planted(1), nothing, as_of))["drift:words"]

    found = compare(planted(1), nothing, as_of, set_aside={"reviewer:wang": 60})

    assert states(found)["drift:words"]
    [why] = found.checks.filter(pl.col("check_name") == "drift:words")["why"]
    assert "reviewer:wang (60 sellers)" in why
