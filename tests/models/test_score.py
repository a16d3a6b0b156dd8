"""One night's scores."""

import dataclasses
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from models import bundle, evaluate, score, train
from models.knowledge import seen
from warehouse import contracts, errors

AS_OF = datetime(2024, 6, 14, 12, tzinfo=UTC)
NOBODY = pl.DataFrame(schema={"target": pl.String, "verdict": pl.String})

PLAIN = {"offer_post_count": 1, "offer_certainty": 0.95}
MONEY = {
    **PLAIN,
    "agency_fee_post_count": 1,
    "fee_and_income_post_count": 1,
    "agency_fee_in_band_count": 1,
}
SCRIPT = {**PLAIN, "script_element_max": 5, "guaranteed_income_post_share": 0.9}
VENDOR = {"vendor_post_share": 0.9, "price_post_share": 0.9}


def scored(market, verdicts=NOBODY, **options):
    options = {
        "champion": None,
        "as_of": AS_OF,
        "seed": 3,
        "num_threads": 1,
        "rounds": 40,
        **options,
    }
    return score.score_sellers(
        market.features,
        market.facts,
        market.evidence,
        pack=market.pack,
        verdicts=verdicts,
        **options,
    )


def probability(result, seller="a"):
    return result.scores.filter(pl.col("seller_id") == seller)["scam_probability"][0]


def test_reporters_and_complainants_are_never_scored(few):
    for role in ("reporter", "complainant", "other"):
        assert scored(few({"seller_id": "a", **MONEY}, role=role)).scores.is_empty()


def test_an_unreadable_account_is_scored_where_its_network_offers(few):
    market = few(
        {"seller_id": "a"}, {"seller_id": "b"}, {"seller_id": "c"}, network_id="n1"
    )
    roles = pl.Series("role", ["other", "seller", "reporter"])
    assert seen.eligible(market.facts.with_columns(roles))["seller_id"].to_list() == [
        "a",
        "b",
    ]
    silent = market.facts.with_columns(roles, offer_count=pl.lit(0, pl.Int64))
    assert seen.eligible(silent)["seller_id"].to_list() == ["b"]


def test_two_families_reach_the_list_and_one_does_not(few):
    both = scored(few({"seller_id": "a", **MONEY, **SCRIPT}))
    assert probability(both) >= score.HIGH
    against = both.reasons.filter(pl.col("contribution") > 0)
    assert set(against["family"]) == {"money", "trope"}
    for one in (MONEY, SCRIPT):
        assert probability(scored(few({"seller_id": "a", **one}))) < score.HIGH


def test_an_honest_vendor_with_one_borderline_vote_stays_low(few):
    assert (
        probability(scored(few({"seller_id": "a", **VENDOR, "script_element_max": 4})))
        < score.MEDIUM
    )


def test_every_score_has_a_reason_and_a_post(planted):
    for verdicts in (0, 250):
        market = planted(2, hidden=0.3)
        result = scored(market, market.verdicts(verdicts) if verdicts else NOBODY)
        assert result.scores["score_source"][0] == (
            "model" if verdicts else result.scores["score_source"][0]
        )
        assert set(result.scores["seller_id"]) == set(result.reasons["seller_id"])
        assert result.reasons["evidence_post_id"].null_count() == 0
        assert result.reasons.filter(pl.col("rank") == 1).height == result.scores.height
        contracts.SCORES.check(result.scores)
        contracts.REASONS.check(result.reasons)


def test_intervals_hold_the_probability(planted):
    frame = scored(planted(1)).scores
    assert (
        frame.filter(
            (pl.col("probability_low") < pl.col("scam_probability"))
            & (pl.col("scam_probability") < pl.col("probability_high"))
        ).height
        == frame.height
    )


def test_same_input_same_bytes_in_any_order_of_rows(planted):
    market = planted(2, hidden=0.3)
    verdicts = market.verdicts(250)
    shuffled = dataclasses.replace(
        market,
        features=market.features.sample(fraction=1, shuffle=True, seed=1),
        facts=market.facts.sample(fraction=1, shuffle=True, seed=2),
        evidence=market.evidence.sample(fraction=1, shuffle=True, seed=3),
    )
    one, two = (
        scored(market, verdicts),
        scored(shuffled, verdicts.reverse(), num_threads=2),
    )
    assert one.bundle == two.bundle
    assert_frame_equal(one.scores, two.scores, check_exact=True)
    assert_frame_equal(one.reasons, two.reasons, check_exact=True)


def test_a_bundle_that_was_saved_scores_the_same(planted, tmp_path):
    market = planted(2, hidden=0.3)
    first = scored(market, market.verdicts(250))
    assert first.bundle is not None
    champion = bundle.load(bundle.save(first.bundle, tmp_path))
    again = scored(market, market.verdicts(250), champion=champion, is_training=False)
    assert_frame_equal(first.scores, again.scores, check_exact=True)
    assert again.bundle == champion


def test_the_champion_stays_when_the_challenger_fails(planted):
    market = planted(2, hidden=0.3)
    champion = scored(market, market.verdicts(250)).bundle
    later = planted(3, 150)
    result = scored(later, champion=champion)
    assert result.bundle == champion
    assert result.scores["model_version"].unique().to_list() == [champion.version]
    assert not result.gate["is_passed"]


def dated(verdicts, decided_at):
    return verdicts.with_columns(pl.lit(decided_at).alias("decided_at"))


def test_a_better_challenger_takes_over_and_a_held_one_stays_in_the_shadow(planted):
    market = planted(2, hidden=0.3)
    champion = scored(market, dated(market.verdicts(250), AS_OF)).bundle
    later = AS_OF + timedelta(days=7)
    more = dated(market.verdicts(300), AS_OF)
    free = scored(market, more, champion=champion, as_of=later)
    held = scored(market, more, champion=champion, as_of=later, is_held=True)
    assert free.bundle == free.contest.challenger != champion
    assert free.shadow.is_empty()
    assert (held.bundle, held.contest.event) == (champion, "shadow")
    assert held.shadow["model_version"].unique().to_list() == [free.bundle.version]


def test_a_challenger_that_ranks_new_verdicts_worse_stays_in_the_shadow(planted):
    market = planted(2, hidden=0.3)
    champion = scored(market, dated(market.verdicts(250), AS_OF)).bundle
    later = AS_OF + timedelta(days=7)

    def worse(material, **options):
        result = train.challenge(material, **options)
        return dataclasses.replace(result, by_model=-result.by_model)

    result = scored(
        market,
        dated(market.verdicts(300), later),
        champion=champion,
        as_of=later,
        trainer=worse,
    )
    assert result.bundle == champion
    assert result.gate["is_worse_than_champion"]


def test_training_that_dies_leaves_the_champion(planted):
    market = planted(2, hidden=0.3)
    champion = scored(market, market.verdicts(250)).bundle

    def dying(material, **options):
        raise train.TrainingDiedError

    result = scored(market, market.verdicts(250), champion=champion, trainer=dying)
    assert result.bundle == champion
    assert "died" in result.gate["why"]


def test_a_flipped_list_is_set_aside_and_the_reviewers_words_still_teach(planted):
    market = planted(4, hidden=0.3)
    good = market.verdicts(250).with_columns(pl.lit("reviewer:li").alias("by"))
    bad = (
        market.verdicts(500, seed=1, flipped=True)
        .join(good, on="target", how="anti")
        .with_columns(pl.lit("list:flipped").alias("by"))
    )
    result = scored(market, pl.concat([good, bad]))
    told = result.reasons.filter(pl.col("reason").str.starts_with("labelled"))
    assert list(result.gate["set_aside"]) == ["list:flipped"]
    assert result.scores["is_calibrated"].all()
    assert told.is_empty()


def test_a_champion_of_another_pack_is_passed_over(planted):
    market = planted(2, 150)
    foreign = bundle.make("tree", score.calibration.NONE, {"pack": "another"})
    result = scored(market, champion=foreign)
    assert result.bundle is None
    assert result.scores["score_source"].unique().to_list() == ["rules"]


@pytest.mark.parametrize(("word", "sign"), [("fraud", 1), ("benign", -1)])
def test_a_verdict_moves_its_seller_the_same_night(few, word, sign):
    market = few({"seller_id": "a", **MONEY}, {"seller_id": "b", **MONEY})
    verdicts = pl.DataFrame({"target": ["a"], "verdict": [word]})
    before, after = scored(market), scored(market, verdicts)
    assert (probability(after) - probability(before)) * sign > 0
    told = after.reasons.filter(pl.col("seller_id") == "a")["reason"].to_list()
    assert f"reviewed_{word}" in told


def test_verdicts_improve_the_ranking_of_everybody_else(planted):
    market = planted(4, hidden=0.3)
    verdicts = market.verdicts(250)
    untold = ~market.facts["seller_id"].is_in(verdicts["target"].implode()).to_numpy()

    def quality(result):
        return evaluate.average_precision(
            market.truth[untold], result.scores["scam_probability"].to_numpy()[untold]
        )

    before, after = scored(market, is_training=False), scored(market, verdicts)
    assert after.scores["is_calibrated"].all()
    assert quality(after) > quality(before)


def test_a_file_of_flipped_verdicts_teaches_nothing(planted):
    market = planted(4)
    flipped = market.verdicts(200, flipped=True)
    result = scored(market, flipped)
    untold = ~market.facts["seller_id"].is_in(flipped["target"].implode()).to_numpy()
    ranked = evaluate.average_precision(
        market.truth[untold], result.scores["scam_probability"].to_numpy()[untold]
    )
    assert result.gate["set_aside"] == {"everybody": 200}
    assert not result.scores["is_calibrated"].any()
    assert ranked > 0.95


def test_features_of_other_sellers_are_refused(few):
    market = few({"seller_id": "a"}, {"seller_id": "b"})
    with pytest.raises(
        errors.ContractError, match="1 of 2 scored sellers have no row of features"
    ):
        scored(dataclasses.replace(market, features=market.features.head(1)))


def test_nobody_to_score_gives_empty_frames(few):
    result = scored(few({"seller_id": "a"}, role="reporter"))
    assert result.scores.is_empty()
    assert result.reasons.is_empty()


def test_bands_and_null():
    frame = pl.DataFrame({"p": [0.9, 0.85, 0.6, 0.1, None]})
    bands = frame.select(score.band(pl.col("p")).alias("band"))["band"].to_list()
    assert bands == ["high", "high", "medium", "low", None]


#: Two families that make a seller high, and no sign of an entry.
NO_ENTRY = {**PLAIN, "script_element_max": 6, "guaranteed_income_post_share": 1.0, "network_offer_seller_count": 4}  # fmt: skip


@pytest.mark.parametrize(
    ("word", "low", "high"), [(None, 0.79, 0.82), ("fraud", 0.85, 0.95), ("benign", 0.0, 0.6)]
)  # fmt: skip
def test_who_shows_no_entry_stays_below_the_list_until_people_decide_on_enough(
    few, word, low, high
):
    market = few(*({"seller_id": f"s{at:02d}", **NO_ENTRY} for at in range(40)))
    said = 0 if word is None else 20
    verdicts = pl.DataFrame(
        {"target": [f"s{at:02d}" for at in range(said)], "verdict": [word] * said},
        schema={"target": pl.String, "verdict": pl.String},
    )

    found = scored(market, verdicts).scores["scam_probability"].to_numpy()[said:]

    assert ((found >= low) & (found <= high)).all()


def test_clearing_scams_and_nobody_else_teaches_nothing(planted):
    market = planted(4)
    scams = market.facts["seller_id"].filter(pl.Series(market.truth == 1))[:60]
    cleared = pl.DataFrame(
        {"target": scams, "verdict": "benign", "by": "reviewer:wang"}
    )
    before = scored(market, is_training=False).scores
    after = scored(market, cleared)

    others = ~pl.col("seller_id").is_in(scams.implode())
    assert after.gate["set_aside"] == {"reviewer:wang": 60}
    assert after.scores.filter(others).equals(before.filter(others))
    told = [each.filter(~others)["scam_probability"] for each in (before, after.scores)]
    assert (told[1] < told[0]).all()
