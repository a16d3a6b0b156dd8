"""Surroundings against loops, and what must change nothing."""

import numpy as np
import polars as pl
import pytest

from features.positions import hops
from warehouse import errors

IDS = pl.Series("id", [f"n{at}" for at in range(14)])


def random_edges(seed):
    rng = np.random.default_rng(seed)
    src, dst = rng.integers(0, 12, 30), rng.integers(0, 12, 30)
    return pl.DataFrame(
        {
            "src": [f"n{at}" for at in src],
            "dst": [f"n{at}" for at in dst],
            "weight": rng.integers(1, 5, 30).astype(float),
        }
    )


def near(edges):
    out = {name: set() for name in IDS}
    for src, dst in edges.select("src", "dst").iter_rows():
        if src != dst:
            out[src].add(dst)
            out[dst].add(src)
    return [sorted(out[name], key=IDS.to_list().index) for name in IDS]


@pytest.mark.parametrize("seed", range(3))
def test_measures_equal_a_loop(seed):
    edges = random_edges(seed)
    graph = hops.links(IDS, edges)
    values = np.random.default_rng(seed).normal(size=(14, 2)).astype(np.float32)
    at = {name: row for row, name in enumerate(IDS)}
    ends = [[at[name] for name in names] for names in near(edges)]
    mean = hops.means(graph, values)
    extreme = hops.extremes(graph, values)
    spread = hops.spreads(graph, values, mean)
    tied = dict(zip(hops.STRUCTURE, hops.structure(graph).T, strict=True))
    like = hops.likeness(graph, values, mean)
    scaled = (values - values.mean(axis=0)) / values.std(axis=0)
    for row, around in enumerate(ends):
        assert graph.degree[row] == len(around)
        if not around:
            for found in (mean, extreme, spread, like):
                assert np.isnan(found[row]).all()
            continue
        assert mean[row] == pytest.approx(values[around].mean(axis=0), abs=1e-6)
        assert extreme[row, :2] == pytest.approx(values[around].max(axis=0))
        assert extreme[row, 2:] == pytest.approx(values[around].min(axis=0))
        assert spread[row] == pytest.approx(values[around].std(axis=0), abs=1e-3)
        triangles = sum(
            one in ends[other] for one in around for other in around if one < other
        )
        assert np.expm1(tied["triangles"][row]) == pytest.approx(triangles, abs=1e-5)
        assert tied["exclusive_neighbours"][row] == pytest.approx(
            sum(1 / len(ends[one]) for one in around)
        )
        cosine = [
            scaled[row]
            @ scaled[one]
            / np.linalg.norm(scaled[row])
            / np.linalg.norm(scaled[one])
            for one in around
        ]
        assert like[row, :3] == pytest.approx(
            [np.mean(cosine), max(cosine), min(cosine)], abs=1e-5
        )


def test_a_pair_in_both_directions_or_any_order_is_the_same_graph():
    edges = random_edges(5)
    turned = edges.select(src="dst", dst="src", weight="weight")
    # What stands once in one direction already has no twin to be added to.
    single = edges.unique(["src", "dst"], keep="first", maintain_order=True)
    single = single.join(turned, on=["src", "dst"], how="anti")
    back = single.select(src="dst", dst="src", weight="weight")
    once = hops.links(IDS, single).weight
    for other in (pl.concat([single, back]), back, single.reverse()):
        found = hops.links(IDS, other).weight
        assert found.data.tobytes() == once.data.tobytes()
        assert found.indices.tobytes() == once.indices.tobytes()


def test_without_weights_a_pair_is_a_pair_however_often_it_stands():
    pairs = pl.DataFrame({"src": ["n0", "n0", "n1"], "dst": ["n1", "n1", "n2"]})
    graph = hops.links(IDS, pairs)
    assert graph.weight.data.tolist() == [1.0] * 4
    assert not graph.is_weighted


def test_weights_of_one_direction_add_up_and_loops_and_zeros_are_left_out():
    edges = pl.DataFrame(
        {
            "src": ["n0", "n0", "n1", "n2", "n3"],
            "dst": ["n1", "n1", "n0", "n2", "n4"],
            "weight": [1.0, 2.0, 2.5, 9.0, 0.0],
        }
    )
    graph = hops.links(IDS, edges)
    assert graph.weight.data.tolist() == [3.0, 3.0]
    assert graph.degree.sum() == 2


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf"), None])
def test_a_weight_that_is_none_is_named_by_its_row(weight):
    edges = pl.DataFrame(
        {"src": ["n0", "n1"], "dst": ["n1", "n2"], "weight": [1.0, weight]},
        schema_overrides={"weight": pl.Float64},
    )
    with pytest.raises(errors.InputError, match=r"weight .* in row 1"):
        hops.links(IDS, edges)


def test_an_end_that_is_no_node_is_named_by_its_row():
    edges = pl.DataFrame({"src": ["n0", "n1"], "dst": ["n1", "x"]})
    with pytest.raises(errors.InputError, match="dst 'x' in row 1"):
        hops.links(IDS, edges)


def test_no_edges_and_no_nodes_are_graphs_too():
    none = pl.DataFrame(schema={"src": pl.String, "dst": pl.String})
    graph = hops.links(IDS, none)
    assert np.isnan(hops.means(graph, np.ones((14, 1), np.float32))).all()
    assert hops.structure(graph)[:, 0].tolist() == [0.0] * 14
    empty = hops.links(IDS.clear(), none)
    assert hops.structure(empty).shape == (0, len(hops.STRUCTURE))


def test_missing_numbers_become_the_mean_of_their_column():
    given = np.array([[1, np.nan], [3, np.nan], [np.nan, np.nan]], np.float32)
    assert hops.filled(given).tolist() == [[1, 0], [3, 0], [2, 0]]


def test_places_are_numbered_in_32_bits_and_in_order():
    ids = pl.Series(range(40))
    edges = pl.DataFrame({"src": [3, 0, 7, 7], "dst": [0, 3, 2, 7]})
    for given in (edges, edges.with_columns(weight=pl.lit(2.0))):
        matrix = hops.links(ids, given).weight
        assert matrix.indices.dtype == matrix.indptr.dtype == np.int32
        assert matrix.has_canonical_format
        assert matrix.nnz == 4
