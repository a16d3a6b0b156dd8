import networkx as nx
import numpy as np
import pytest

from features.graph import bridges


@pytest.mark.parametrize("seed", range(12))
def test_sides_equal_those_of_networkx(seed):
    rng = np.random.default_rng(seed)
    size = 30
    graph = nx.gnm_random_graph(size, 26 + 2 * seed, seed=seed)
    links = np.array(sorted(graph.edges))
    flipped = rng.random(len(links)) < 0.5
    links[flipped] = links[flipped][:, ::-1]
    weight = rng.integers(0, 3, size)
    left, right = bridges.sides(links[:, 0], links[:, 1], weight)
    found = {tuple(sorted(link)) for link in nx.bridges(graph)}
    assert found
    for (a, b), of_a, of_b in zip(links.tolist(), left, right, strict=True):
        if tuple(sorted((a, b))) not in found:
            assert (of_a, of_b) == (0, 0)
            continue
        parted = nx.restricted_view(graph, [], [(a, b)])
        sums = [
            sum(weight[node] for node in nx.node_connected_component(parted, end))
            for end in (a, b)
        ]
        assert [of_a, of_b] == sums


def test_nothing_in_nothing_out():
    nothing = np.zeros(0, dtype=np.int64)
    left, right = bridges.sides(nothing, nothing, np.ones(3, dtype=np.int64))
    assert left.size == right.size == 0


def test_a_path_of_100000_needs_no_recursion():
    ends = np.arange(100_000)
    left, right = bridges.sides(ends, ends + 1, np.ones(100_001, dtype=np.int64))
    assert left.tolist() == list(range(1, 100_001))
    assert (left + right == 100_001).all()
