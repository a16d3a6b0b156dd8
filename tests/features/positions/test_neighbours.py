"""Aggregates over linked sellers, against loops."""

import numpy as np
import polars as pl
import pytest

from features.positions import neighbours


def random_graph(seed, sellers=12):
    rng = np.random.default_rng(seed)
    ids = [f"s{at:02d}" for at in range(sellers)]
    pairs = [
        (a, b) for n, a in enumerate(ids) for b in ids[n + 1 :] if rng.random() < 0.2
    ]
    edges = pl.DataFrame(
        {
            "src": [a for a, _ in pairs],
            "dst": [b for _, b in pairs],
            "weight": rng.uniform(0.1, 1, len(pairs)),
        },
        schema={"src": pl.String, "dst": pl.String, "weight": pl.Float64},
    )
    base = pl.DataFrame(
        {
            "seller_id": ids,
            "offer_post_share": rng.random(sellers),
            "vendor_post_share": rng.random(sellers),
            "has_fee": rng.random(sellers) < 0.5,
            "signal_kind_count": rng.integers(0, 6, sellers),
            "script_element_count": rng.integers(0, 6, sellers),
        }
    )
    return base, edges, pairs


@pytest.mark.parametrize("seed", range(5))
def test_aggregates_equal_a_loop(seed):
    base, edges, pairs = random_graph(seed)
    found = neighbours.neighbour_features(base, edges)
    rows = {row["seller_id"]: row for row in base.iter_rows(named=True)}
    near = {
        name: sorted({b if a == name else a for a, b in pairs if name in {a, b}})
        for name in rows
    }
    for at, name in enumerate(rows):
        told = found.row(at, named=True)
        walks = [end for step in near[name] for end in near[step] if end != name]

        def mean(ends, column):
            return (
                pytest.approx(np.mean([float(rows[end][column]) for end in ends]))
                if ends
                else None
            )

        def most(ends, column):
            return max(rows[end][column] for end in ends) if ends else None

        assert told["neighbour_count"] == len(near[name])
        assert told["neighbour_offer_share_mean"] == mean(
            near[name], "offer_post_share"
        )
        assert told["neighbour_vendor_share_mean"] == mean(
            near[name], "vendor_post_share"
        )
        assert told["neighbour_fee_share"] == mean(near[name], "has_fee")
        assert told["neighbour_signal_kind_max"] == most(
            near[name], "signal_kind_count"
        )
        assert told["two_hop_offer_share_mean"] == mean(walks, "offer_post_share")
        assert told["two_hop_script_element_mean"] == mean(
            walks, "script_element_count"
        )


def test_weights_add_up_on_both_ends():
    base, edges, _ = random_graph(1)
    found = neighbours.neighbour_features(base, edges)
    assert found["neighbour_weight"].sum() == pytest.approx(2 * edges["weight"].sum())


def test_links_to_strangers_are_left_out():
    base, _, _ = random_graph(1)
    edges = pl.DataFrame({"src": ["s00"], "dst": ["stranger"], "weight": [1.0]})
    assert neighbours.neighbour_features(base, edges)["neighbour_count"].sum() == 0


def test_no_sellers_no_rows():
    base, edges, _ = random_graph(1)
    assert neighbours.neighbour_features(base.clear(), edges).is_empty()
