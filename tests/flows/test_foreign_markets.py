"""The first night on markets in dialects that pack and rules do not know: nobody has labelled anything yet."""

import numpy as np
import polars as pl
import pytest

from models import evaluate
from tests.harness.homes import scored
from tests.harness.worlds import foreign


def market(name, seed, known_share, directory):
    found = foreign.build(name, seed, known_share=known_share)
    night = scored.night_of(scored.imported(found.records, directory))
    scored.read_and_linked(night)
    scored.rescored(night)
    return scored.judged(night, found.sellers)


@pytest.fixture(
    scope="module",
    params=[("theatre", 1, 0.4), ("theatre", 2, 0.0), ("orchard", 2, 0.0)],
    ids=lambda param: f"{param[0]}-{param[2]}",
)
def judged(request, tmp_path_factory):
    """A market's sellers with truth and score; ``theatre`` is a dialect that nothing was tuned on."""
    return market(*request.param, tmp_path_factory.mktemp("market"))


def share_listed(rows):
    return rows["is_listed"].mean()


def test_scams_rank_before_everybody_else(judged):
    y_true = judged["is_scam"].cast(pl.Float64).to_numpy()
    y_prob = judged["scam_probability"].to_numpy()

    assert evaluate.average_precision(y_true, y_prob) >= 0.97
    assert evaluate.precision_at_k(y_true, y_prob, int(y_true.sum())) >= 0.95


def test_nobody_honest_is_listed(judged):
    listed = judged.filter("is_listed")

    assert listed.height >= 30
    assert listed["is_scam"].mean() >= 0.98


def test_most_of_every_ring_is_listed_also_those_who_never_name_a_fee(judged):
    rings = judged.filter(pl.col("party") == "ring")

    assert share_listed(rings) >= 0.80
    assert share_listed(rings.filter(~pl.col("names_fee"))) >= 0.60


def test_victims_and_reporters_are_hardly_ever_read_as_sellers(judged):
    quoting = judged.filter(pl.col("party").is_in(["victim", "journalist", "police"]))

    assert (quoting["role"] == "seller").sum() <= 0.1 * quoting.height
    assert np.all(quoting["scam_probability"].to_numpy() < 0.85)
