"""The review queue."""

from datetime import timedelta

import polars as pl
import pytest

from models import cases
from warehouse import contracts


@pytest.fixture
def queue(as_of):
    """Makes a queue from (seller, network, probability, facts)."""

    def make(*sellers, verdicts=(), previous=None, at=as_of):
        facts = [
            {
                "seller_id": seller,
                "platform": "douyin",
                "network_id": network,
                "role": "seller",
                "post_count": 1,
                "offer_count": 1,
                "complaint_count": 0,
                "first_seen_at": as_of - timedelta(days=10),
                "last_seen_at": as_of,
                **extra,
            }
            for seller, network, _, extra in sellers
        ]
        scores = [
            {
                "seller_id": seller,
                "scam_probability": probability,
                "probability_low": 0.0,
                "probability_high": 1.0,
                "score_source": "rules",
                "is_calibrated": False,
                "model_version": "v",
            }
            for seller, _, probability, _ in sellers
        ]

        def frame(contract, rows):
            full = [{name: row.get(name) for name in contract.columns} for row in rows]
            return pl.DataFrame(full, schema=dict(contract.columns))

        decided = pl.DataFrame(
            [
                {"target": target, "verdict": word, "decided_at": moment}
                for target, word, moment in verdicts
            ],
            schema={
                "target": pl.String,
                "verdict": pl.String,
                "decided_at": contracts.TIME,
            },
        )
        return cases.queue(
            frame(contracts.SCORES, scores),
            frame(contracts.SELLER_FACTS, facts),
            decided,
            contracts.CASES.empty() if previous is None else previous,
            as_of=at,
        )

    return make


def test_one_case_per_network_or_lone_seller(queue):
    found = queue(
        ("a", "n1", 0.9, {}),
        ("b", "n1", 0.2, {}),
        ("c", None, 0.6, {}),
        ("d", None, 0.4, {}),
    )
    assert set(found.select("network_id", "seller_id").iter_rows()) == {
        ("n1", None),
        (None, "c"),
    }
    assert set(found["state"]) == {"open"}


def test_ids_and_opening_times_stay(queue, as_of):
    first = queue(("a", "n1", 0.9, {}))
    later = as_of + timedelta(days=1)
    second = queue(
        ("a", "n1", 0.95, {}), ("b", "n1", 0.9, {}), previous=first, at=later
    )
    assert (
        second["case_id"].to_list()
        == first["case_id"].to_list()
        == [cases.case_id("n1")]
    )
    assert second["opened_at"].to_list() == [as_of]


def test_a_case_that_cooled_down_or_vanished_is_kept(queue):
    first = queue(("a", "n1", 0.9, {}), ("b", None, 0.8, {}))
    second = queue(("a", "n1", 0.1, {}), previous=first)
    assert set(second["case_id"]) == set(first["case_id"])
    gone = second.filter(pl.col("seller_id") == "b")
    assert gone["priority"].to_list() == [0.0]
    assert gone["why"][0] == first.filter(pl.col("seller_id") == "b")["why"][0]


def test_a_verdict_decides_and_unsure_does_not(queue, as_of):
    found = queue(
        ("a", "n1", 0.9, {}),
        ("b", None, 0.9, {}),
        ("c", None, 0.9, {}),
        verdicts=[
            ("n1", "fraud", as_of),
            (cases.case_id("b"), "benign", as_of),
            ("c", "unsure", as_of),
        ],
    )
    states = dict(
        found.with_columns(pl.coalesce("network_id", "seller_id").alias("of"))
        .select("of", "state")
        .iter_rows()
    )
    assert states == {"n1": "decided", "b": "decided", "c": "open"}
    assert found.filter(pl.col("state") == "decided")["priority"].to_list() == [
        0.0,
        0.0,
    ]


def test_a_decision_on_one_member_decides_nothing_about_the_network(queue, as_of):
    assert queue(("a", "n1", 0.9, {}), verdicts=[("a", "fraud", as_of)])[
        "state"
    ].to_list() == ["open"]


def test_a_new_member_reopens_a_decided_network(queue, as_of):
    decided = [("n1", "benign", as_of - timedelta(days=5))]
    old, new = (
        ("a", "n1", 0.9, {}),
        ("b", "n1", 0.9, {"first_seen_at": as_of - timedelta(days=1)}),
    )
    assert queue(old, verdicts=decided)["state"].to_list() == ["decided"]
    assert queue(old, new, verdicts=decided)["state"].to_list() == ["reopened"]


def test_a_cleared_seller_is_looked_at_again_only_when_it_goes_on(queue, as_of):
    cleared = [("a", "benign", as_of - timedelta(days=5))]
    convicted = [("a", "fraud", as_of - timedelta(days=5))]
    quiet = {"last_seen_at": as_of - timedelta(days=6)}
    assert queue(("a", None, 0.9, {}), verdicts=cleared)["state"].to_list() == [
        "reopened"
    ]
    assert queue(("a", None, 0.9, quiet), verdicts=cleared)["state"].to_list() == [
        "decided"
    ]
    assert queue(("a", None, 0.6, {}), verdicts=cleared)["state"].to_list() == [
        "decided"
    ]
    assert queue(("a", None, 0.9, {}), verdicts=convicted)["state"].to_list() == [
        "decided"
    ]


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ({"max_fee_yuan": 198_000}, {"max_fee_yuan": 19_800}),
        ({}, {"last_seen_at": "old"}),
    ],
)
def test_priority_grows_with_fee_and_recency(queue, as_of, more, less):
    less = {
        name: as_of - timedelta(days=60) if value == "old" else value
        for name, value in less.items()
    }
    found = queue(("a", None, 0.9, more), ("b", None, 0.9, less))
    assert found["seller_id"].to_list() == ["a", "b"]


def test_priority_grows_with_probability_and_size(queue):
    found = queue(
        ("a", None, 0.95, {}),
        ("b", None, 0.6, {}),
        *((f"c{at}", "n1", 0.95, {}) for at in range(5)),
    )
    order = found.with_columns(pl.coalesce("network_id", "seller_id").alias("of"))[
        "of"
    ].to_list()
    assert order == ["n1", "a", "b"]


def test_nothing_scored_nothing_queued(queue):
    assert queue().is_empty()
