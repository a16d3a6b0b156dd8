import random

import networkx as nx
import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy import sparse

from features.positions import standing
from warehouse import contracts


def ties(*values):
    """One value per (component, kind, letters)."""
    rows = [
        (f"douyin:{letter}", component, kind, f"{kind}-{place}")
        for place, (component, kind, letters) in enumerate(values)
        for letter in letters
    ]
    return pl.DataFrame(
        rows, schema=["seller_id", "component", "kind", "value"], orient="row"
    )


def numbers(frame, confirmed=()):
    found = standing.standing(frame, [f"douyin:{letter}" for letter in confirmed])
    return {row["seller_id"].split(":")[1]: row for row in found.to_dicts()}


def random_graph(seed, sellers=14, values=9, edges=34):
    """Sellers × values with random weights, connected or not."""
    dice = random.Random(seed)
    pairs = {
        (dice.randrange(sellers), sellers + dice.randrange(values))
        for _ in range(edges)
    }
    graph = nx.Graph()
    graph.add_nodes_from(range(sellers + values))
    graph.add_weighted_edges_from(
        (src, dst, dice.uniform(0.2, 1.0)) for src, dst in sorted(pairs)
    )
    matrix = nx.to_scipy_sparse_array(graph, nodelist=range(sellers + values))
    return graph, sparse.csr_array(matrix), sellers


def test_nothing_in_nothing_out():
    empty = ties().cast(
        dict.fromkeys(["seller_id", "component", "kind", "value"], pl.String)
    )
    assert standing.standing(empty, []).is_empty()


def test_star_is_one_core_and_pool_is_two_core():
    found = numbers(
        ties(("a", "wechat", "abcd"), ("p", "wechat", "pqr"), ("p", "phone", "pqr"))
    )
    assert {letter: row["coreness"] for letter, row in found.items()} == {
        **dict.fromkeys("abcd", 1),
        **dict.fromkeys("pqr", 2),
    }
    assert {row["link_kind_count"] for row in found.values()} == {1, 2}


def test_rim_of_a_ring_is_outside_its_densest_block():
    pool = [("a", kind, "abcdef") for kind in ("wechat", "phone", "qq")]
    found = numbers(ties(*pool, ("a", "domain", "fx"), ("a", "url", "xy")))
    assert found["a"]["coreness"] == 3
    assert found["x"]["block_density"] == found["y"]["block_density"] == 0
    assert found["a"]["block_density"] == found["f"]["block_density"] > 0


def test_values_that_many_show_count_less():
    small = numbers(ties(*[("a", kind, "abc") for kind in ("wechat", "phone")]))
    letters = "abcdefghijklmnopqrstuvwxyz"
    large = numbers(ties(*[("a", kind, letters) for kind in ("wechat", "phone")]))
    plain = {3: 2 * 3 / 5, 26: 2 * 26 / 28}
    assert small["a"]["block_density"] == pytest.approx(plain[3] / np.log(8), abs=1e-6)
    assert large["a"]["block_density"] == pytest.approx(
        plain[26] / np.log(31), abs=1e-6
    )


def test_own_verdict_says_nothing_of_oneself():
    frame = ties(("a", "wechat", "abc"))
    alone = numbers(frame, "a")
    assert alone["a"]["fraud_closeness"] == 0
    assert alone["b"]["fraud_closeness"] == alone["c"]["fraud_closeness"] > 0
    two = numbers(frame, "ab")
    assert two["a"]["fraud_closeness"] == pytest.approx(alone["b"]["fraud_closeness"])
    assert two["c"]["fraud_closeness"] > alone["c"]["fraud_closeness"]


def test_closer_sellers_are_closer_and_other_rings_are_not_touched():
    found = numbers(
        ties(
            ("a", "wechat", "ab"), ("a", "phone", "bc"), ("a", "qq", "cd"), ("p", "wechat", "pq"),
        ),
        "a",
    )  # fmt: skip
    near = [found[letter]["fraud_closeness"] for letter in "bcd"]
    assert near == sorted(near, reverse=True)
    assert near[-1] > 0
    assert found["p"]["fraud_closeness"] == 0


def test_rings_number_depends_on_the_ring_alone():
    one = [("a", "wechat", "abc"), ("a", "phone", "bcd")]
    other = [("p", "wechat", "pqrs"), ("p", "phone", "qr"), ("p", "qq", "pq")]
    alone = standing.standing(ties(*one), ["douyin:b"])
    both = standing.standing(ties(*one, *other), ["douyin:b", "douyin:q", "douyin:r"])
    assert_frame_equal(alone, both.filter(pl.col("seller_id") < "douyin:e"))


def test_row_order_changes_nothing():
    frame = ties(("a", "wechat", "abcf"), ("a", "phone", "bcd"), ("p", "qq", "pq"))
    mixed = frame.sample(fraction=1, shuffle=True, seed=3)
    assert_frame_equal(
        standing.standing(frame, ["douyin:b"]), standing.standing(mixed, ["douyin:b"])
    )


# ---------------------------------------------------------------- oracles


@pytest.mark.parametrize("seed", range(8))
def test_coreness_is_that_of_networkx(seed):
    graph, matrix, _ = random_graph(seed)
    expected = nx.core_number(graph)
    assert standing.coreness(matrix).tolist() == [
        expected[node] for node in range(matrix.shape[0])
    ]


@pytest.mark.parametrize("seed", range(8))
def test_block_is_nearly_as_dense_as_the_greedy_one(seed):
    graph, matrix, _ = random_graph(seed)
    ring = np.zeros(matrix.shape[0], dtype=np.int64)
    found = standing.block_density(matrix, ring)
    inside = np.flatnonzero(found)
    weight = graph.subgraph(inside).size(weight="weight")
    assert found.max() == pytest.approx(weight / inside.size)
    # Charikar's greedy peeling, one node at a time.
    best, left = 0.0, graph.copy()
    while left:
        best = max(best, left.size(weight="weight") / len(left))
        left.remove_node(
            min(left, key=lambda node: (left.degree(node, "weight"), node))
        )
    assert found.max() >= 0.999 * best


def test_large_rings_are_peeled_in_few_steps_and_still_half_as_dense(monkeypatch):
    _, matrix, _ = random_graph(4, sellers=60, values=40, edges=300)
    ring = np.zeros(matrix.shape[0], dtype=np.int64)
    exact = standing.block_density(matrix, ring).max()
    monkeypatch.setattr(standing, "MAX_GREEDY", 10)
    assert exact / 2 <= standing.block_density(matrix, ring).max() <= exact + 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_closeness_is_the_walk_with_the_own_mark_taken_off(seed):
    graph, matrix, sellers = random_graph(seed)
    del graph
    shows = matrix[:sellers][:, sellers:]
    keep = np.flatnonzero(np.diff(shows.tocsr().indptr))
    shows = shows[keep]
    used = np.flatnonzero(np.asarray(shows.sum(axis=0)).ravel())
    shows = sparse.csr_array(shows[:, used])
    dense = shows.toarray()
    step = (dense / dense.sum(1, keepdims=True)) @ (dense.T / dense.sum(0)[:, None])
    marked = np.zeros(keep.size, dtype=bool)
    marked[::3] = True
    _, ring = sparse.csgraph.connected_components(
        sparse.csr_array(step), directed=False
    )
    found = standing.closeness(shows, ring, marked)
    total = sum(
        standing.STOP
        * (1 - standing.STOP) ** power
        * np.linalg.matrix_power(step, power)
        for power in range(standing.MAX_STEPS + 1)
    )
    others = np.where(np.eye(keep.size, dtype=bool), 0.0, total)
    assert found == pytest.approx(others @ marked.astype(float), abs=1e-9)


def test_columns_are_those_of_the_contract():
    contracts.STANDING.check(standing.standing(ties(("a", "wechat", "ab")), []))
