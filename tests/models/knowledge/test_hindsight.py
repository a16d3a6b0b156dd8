"""What complaints teach: the clock rule, who is silenced, and that no held-out network teaches."""

import dataclasses
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from models import dataset, labels, score, train
from models.knowledge import hindsight, seen
from warehouse import contracts

FACTS = [
    {"seller_id": "s:a", "network_id": "n1"},
    {"seller_id": "s:b"},
    {"seller_id": "s:vendor", "role": "vendor"},
]


def complaints(*rows):
    """(complaint, seller or None, confidence)."""
    full = [
        {"post_id": post, "seller_id": seller, "network_id": "n1", "link_confidence": sure}
        for post, seller, sure in rows
    ]  # fmt: skip
    return pl.DataFrame(
        [{name: row.get(name) for name in contracts.COMPLAINTS.columns} for row in full],
        schema=dict(contracts.COMPLAINTS.columns),
    )  # fmt: skip


def reads(as_of, **days_ago):
    return pl.DataFrame(
        {
            "post_id": list(days_ago),
            "first_crawled_at": [as_of - timedelta(days=days) for days in days_ago.values()],
            "crawled_at": [as_of - timedelta(days=days) for days in days_ago.values()],
        }
    )  # fmt: skip


def words(**said):
    return pl.DataFrame(
        {"target": list(said), "verdict": list(said.values())},
        schema={"target": pl.String, "verdict": pl.String},
    )


def taught(as_of, rows, days_ago, facts, said=None):
    return hindsight.complained(
        complaints(*rows),
        reads(as_of, **days_ago),
        facts,
        words() if said is None else said,
        as_of=as_of,
    )["seller_id"].to_list()


@pytest.fixture
def facts(few):
    return pl.concat(few({"seller_id": row["seller_id"]}, **row).facts for row in FACTS)


@pytest.mark.parametrize(
    ("days_ago", "expected"),
    [(3, ["s:a"]), (29, ["s:a"]), (31, []), (-1, [])],
    ids=["since", "just since", "before the features", "after tonight"],
)
def test_only_complaints_between_the_features_and_tonight_are_labels(
    as_of, facts, days_ago, expected
):
    assert taught(as_of, [("c", "s:a", 0.95)], {"c": days_ago}, facts) == expected


def test_unsure_links_and_vendors_are_no_labels(as_of, facts):
    rows = [("c1", "s:a", 0.6), ("c2", "s:vendor", 0.95)]

    assert taught(as_of, rows, {"c1": 1, "c2": 1}, facts) == []


def test_members_share_what_is_said_of_their_network(as_of, few):
    ring = [{"seller_id": f"s:{at}"} for at in range(4)]
    facts = few(*ring, network_id="n1").facts
    rows = [("c1", None, 0.95), ("c2", None, 0.95), ("c3", "s:0", 0.95)]

    found = hindsight.complained(
        complaints(*rows), reads(as_of, c1=1, c2=1, c3=1), facts, words(), as_of=as_of
    )

    assert found["weight"].to_list() == [hindsight.WEIGHT] + [hindsight.WEIGHT / 2] * 3


@pytest.mark.parametrize("word", ["fraud", "benign", "unsure"])
def test_a_persons_word_silences_complaints(as_of, facts, word):
    rows = [("c1", "s:a", 0.95), ("c2", "s:b", 0.95)]
    days = {"c1": 1, "c2": 1}

    assert taught(as_of, rows, days, facts) == ["s:a", "s:b"]
    assert taught(as_of, rows, days, facts, words(**{"s:a": word})) == ["s:b"]


def hindsight_of(market, at):
    ids = market.facts.select("seller_id", weight=pl.lit(hindsight.WEIGHT))[at.tolist()]
    return hindsight.hindsight(ids, market.features, market.facts, market.pack.rules)


def test_what_is_known_for_tonight_only_is_unknown_in_hindsight(planted):
    market = planted(1, 200)
    found = hindsight_of(market, np.flatnonzero(market.truth == 1)[:20])

    names = [name for name in market.features.columns if name != "seller_id"]
    is_tonight = np.isin(names, hindsight.TONIGHT)
    assert found.matrix.shape == (20, len(names))
    assert np.isnan(found.matrix[:, is_tonight]).all()
    assert not np.isnan(found.matrix[:, ~is_tonight]).all(axis=0).all()


def test_a_handful_of_sellers_teaches_nothing(planted):
    market = planted(1, 200)

    assert not len(hindsight_of(market, np.arange(hindsight.LEAST - 1)).matrix)


def test_no_network_that_is_held_out_teaches(planted):
    market = planted(1, 200)
    before = hindsight_of(market, np.flatnonzero(market.truth == 1))
    material = seen.material_of(
        market.features, market.facts, pack=market.pack, verdicts=words(), before=before
    ).data
    fold = dataset.folds(material.group, count=5, seed=1)

    others = material.rows(np.flatnonzero(fold != 0))

    held = set(material.group.filter(pl.Series(fold == 0)))
    assert held & set(before.group)
    assert not held & set(others.before.group)
    assert set(others.before.group) == set(before.group) - held


def test_the_learner_learns_from_complaints(planted):
    market = planted(2, hidden=0.3)
    # What rules cannot see: who was complained of is of the hidden kind.
    beliefs = labels.rule_votes(market.features, market.pack.rules).sum(axis=1)
    hidden = np.flatnonzero((market.truth == 1) & (beliefs == 0))
    before = hindsight_of(market, hidden[::2])
    ids = market.facts["seller_id"].gather(hidden[1::2])

    def shown(given):
        found = score.score_sellers(
            market.features, market.facts, market.evidence, pack=market.pack,
            verdicts=market.verdicts(60), champion=None, as_of=market.facts["last_seen_at"].max(), seed=1,
            before=given, num_threads=1, rounds=40,
        )  # fmt: skip
        assert found.contest.challenger is not None
        scored = found.scores if found.bundle else found.shadow
        rows = scored.filter(pl.col("seller_id").is_in(ids.implode()))
        return rows["scam_probability"].mean(), found.gate["complained"]

    without, none = shown(None)
    having, number = shown(before)
    assert (none, number) == (0, len(hidden[::2]))
    assert having > without


def test_false_complaints_against_the_honest_are_set_aside(planted):
    market = planted(2)
    before = hindsight_of(market, np.flatnonzero(market.truth == 0)[:60])

    material = seen.material_of(
        market.features, market.facts, pack=market.pack, verdicts=words(), before=before
    )

    assert len(before.matrix) == 60
    assert not len(material.data.before.matrix)


def test_complaints_as_evidence_are_not_seen_in_hindsight_either(planted):
    market = planted(2)
    before = hindsight_of(market, np.flatnonzero(market.truth == 1)[:60])
    material = seen.material_of(
        market.features, market.facts, pack=market.pack, verdicts=words(), before=before
    ).data

    bare = train._without(material, "complaint")

    at = market.features.columns.index("complaint_count") - 1
    assert np.isnan(bare.before.matrix[:, at]).all()
    assert bare.before.votes.shape[1] == bare.votes.shape[1]


def test_sellers_who_had_shown_less_by_then_still_teach(planted):
    market = planted(2)
    scams = np.flatnonzero(market.truth == 1)[:60]
    earlier = market.features.with_columns(
        pl.lit(0.0, dtype=pl.Float32).alias(name)
        for name in ("fee_and_income_post_count", "agency_fee_in_band_count", "script_element_max", "price_post_share", "denial_post_count")
    ).with_columns(network_offer_seller_count=pl.lit(3.0, dtype=pl.Float32))  # fmt: skip
    before = hindsight_of(dataclasses.replace(market, features=earlier), scams)

    material = seen.material_of(
        market.features, market.facts, pack=market.pack, verdicts=words(), before=before
    )

    assert len(material.data.before.matrix) == 60
