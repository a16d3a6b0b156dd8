"""The first night on parties whose posts strangers wrote; of held-out posts, which are counted and never shown."""

from pathlib import Path

import pytest

from tests.harness.worlds import strangers

HELD_OUT = Path(__file__).parents[1] / "features" / "corpus" / "annotated_held_out.jsonl"  # fmt: skip


@pytest.fixture(scope="module")
def found():
    return strangers.figures(strangers.read([HELD_OUT]), 1)


def test_no_honest_party_is_listed_because_a_post_of_it_was_misread(found):
    assert found["honest"] > 400
    assert found["honest_listed"] <= 0.002 * found["honest"]
    assert found["list_precision"] >= 0.98


def test_rings_of_strangers_ads_are_ranked_first_and_listed(found):
    assert found["average_precision"] >= 0.97
    assert found["precision_at_100"] >= 0.98
    assert found["ring_recall"] >= 0.85


def test_the_same_seed_makes_the_same_market():
    posts = strangers.read([HELD_OUT])[:200]

    one, two = (strangers.market(posts, 3) for _ in range(2))

    assert one.records == two.records
    assert one.sellers.equals(two.sellers)
