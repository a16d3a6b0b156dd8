import random

import networkx as nx
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy import sparse

from features import network, rings
from tests.features import planted
from warehouse import contracts

NOBODY = contracts.ALLOWLIST.empty()


def ties(*values, weight=0.9):
    """One value per string of seller letters; a (letters, weight) pair has its own weight."""
    rows = []
    for node, value in enumerate(values):
        letters, strength = value if isinstance(value, tuple) else (value, weight)
        rows += [(node, f"douyin:{letter}", strength) for letter in letters]
    return pl.DataFrame(
        rows,
        schema={"node": pl.Int64, "seller_id": pl.String, "weight": pl.Float64},
        orient="row",
    )


def numbered(*values, weight=0.9):
    """The same with lists of numbers."""
    rows = [
        (node, f"douyin:{seller:04d}", weight)
        for node, value in enumerate(values)
        for seller in value
    ]
    return pl.DataFrame(
        rows,
        schema={"node": pl.Int64, "seller_id": pl.String, "weight": pl.Float64},
        orient="row",
    )


def sizes(found):
    return sorted(found.group_by("component").len()["len"].to_list())


def test_nothing_in_nothing_out():
    assert rings.communities(ties()).is_empty()


def test_what_one_value_joins_is_one_ring():
    assert rings.communities(ties("abcdefgh"))["component"].unique().to_list() == [
        "douyin:a"
    ]


def test_two_rings_that_one_accidental_value_joins_are_two():
    found = rings.communities(numbered(range(10), range(10, 20), [3, 14]))
    assert sizes(found) == [10, 10]
    assert set(found["component"]) == {"douyin:0000", "douyin:0010"}


def test_member_that_shows_another_rings_contact_does_not_merge_them():
    found = rings.communities(numbered(range(11), [3, *range(11, 20)]))
    assert sizes(found) == [9, 11]


def test_rim_of_a_ring_stays_with_it():
    assert sizes(rings.communities(numbered(range(10), [9, 10], [10, 11]))) == [12]


@pytest.mark.parametrize("size", [6, 20, 60, 200])
def test_ring_of_rotating_contacts_stays_whole(size):
    pairs = [[place, place + 1] for place in range(size - 1)]
    assert sizes(rings.communities(numbered(*pairs))) == [size]


@pytest.mark.parametrize("size", [12, 60, 200])
def test_ring_whose_contact_changes_weekly_stays_whole(size):
    weeks = [range(start, min(start + 8, size)) for start in range(0, size - 4, 4)]
    assert sizes(rings.communities(numbered(*weeks))) == [size]


def test_ring_of_three_contacts_in_pairs_stays_whole():
    dice = random.Random(1)
    values = [[], [], []]
    for seller in range(40):
        for value in dice.sample(values, 2):
            value.append(seller)
    assert sizes(rings.communities(numbered(*values))) == [40]


def test_rings_result_depends_on_itself_alone():
    one = [range(10), range(10, 20), [3, 14]]
    other = [[place, place + 1] for place in range(100, 140)]
    alone = rings.communities(numbered(*one))
    both = rings.communities(numbered(*one, *other)).filter(
        pl.col("seller_id") < "douyin:0100"
    )
    assert_frame_equal(alone, both)


def test_row_order_changes_nothing():
    frame = numbered(range(10), range(10, 20), [3, 14], range(20, 40), [19, 22])
    mixed = frame.sample(fraction=1, shuffle=True, seed=2)
    assert_frame_equal(rings.communities(frame), rings.communities(mixed))


@pytest.mark.parametrize("seed", range(4))
def test_sweep_finds_a_cut_near_the_best_one(seed):
    graph = nx.gnp_random_graph(9, 0.4, seed=seed)
    graph.add_edges_from((node, node + 1) for node in range(8))
    nodes = range(9)
    best = min(
        nx.conductance(graph, [node for node in nodes if mask >> node & 1])
        for mask in range(1, 2**8)
    )
    matrix = sparse.csr_array(
        nx.to_scipy_sparse_array(graph, nodelist=nodes, dtype=float)
    )
    found = rings.conductance(matrix)
    assert best <= found + 1e-9
    assert found <= (2 * best) ** 0.5 * 2**0.5 + 1e-9


# ---------------------------------------------------------------- known truth


def networks(market):
    links = network.link(market.sightings, sellers=market.facts, allowlist=NOBODY)
    return dict(links.components.select("seller_id", "component").rows())


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_planted_rings_are_found_and_nobody_honest_is_joined(seed):
    market = planted.market(seed, accidents=0)
    found = networks(market)
    by_kind = planted.scores(found, market)
    assert all(score >= 0.95 for score in by_kind.values()), by_kind
    assert planted.mixed(found, market) == []


def test_small_planted_rings_are_found():
    wrong = total = 0
    for seed in (21, 22, 23):
        market = planted.market(seed, accidents=0, sizes=(3, 4, 5, 6, 8))
        found = networks(market)
        by_kind = planted.scores(found, market)
        assert all(score >= 0.85 for score in by_kind.values()), by_kind
        wrong += len(planted.mixed(found, market))
        total += len(set(found.values()))
    assert wrong <= total / 100 + 1


def test_slogans_taken_for_specific_part_no_ring(monkeypatch):
    monkeypatch.setattr(planted, "COMMON", (0.5, 0.9))
    market = planted.market(1, accidents=0)
    found = networks(market)
    by_kind = planted.scores(found, market)
    assert all(score >= 0.95 for score in by_kind.values()), by_kind
    assert planted.mixed(found, market) == []


def test_accidental_values_cost_little():
    # A seller of whom nothing is known but single posts, one of them a stranger's, is nobody's to tell apart: few, not none.
    scores, wrong, total = [], 0, 0
    for seed in (31, 32, 33):
        market = planted.market(seed, accidents=0.15)
        found = networks(market)
        scores += planted.scores(found, market).values()
        wrong += len(planted.mixed(found, market))
        total += len(set(found.values()))
    assert sum(scores) / len(scores) >= 0.98, scores
    assert wrong <= total / 20, (wrong, total)


def test_order_of_a_markets_rows_changes_nothing():
    market = planted.market(5, rings=8)
    links = network.link(market.sightings, sellers=market.facts, allowlist=NOBODY)
    mixed = network.link(
        market.sightings.sample(fraction=1, shuffle=True, seed=1),
        sellers=market.facts.sample(fraction=1, shuffle=True, seed=1),
        allowlist=NOBODY,
    )
    for name in ("indicators", "edges", "components", "owners"):
        assert_frame_equal(getattr(links, name), getattr(mixed, name))
