"""Labels of others: what reaches a node, and that its own label does not."""

import numpy as np
import polars as pl
import pytest

from features.positions import company, hops


def graph(pairs, number):
    frame = pl.DataFrame(pairs, schema=["src", "dst"], orient="row")
    return hops.links(pl.Series("id", range(number)), frame)


def columns(found):
    return dict(zip(company.COLUMNS, found.T, strict=True))


def test_positives_and_known_neighbours_are_counted():
    path = graph([(0, 1), (1, 2), (2, 3)], 5)
    label = np.array([1, np.nan, 0, np.nan, np.nan])
    found = columns(company.company(path, label, seed=1))
    assert found["positive_neighbours"][[1, 3, 4]].tolist() == [1, 0, 0]
    assert found["known_neighbours"][[1, 3, 4]].tolist() == [2, 1, 0]
    # 0.5 is the overall rate; a node out of reach gets it.
    assert found["neighbour_rate"][[1, 3, 4]] == pytest.approx([0.5, 0.25, 0.5])
    assert found["walk_rate"][4] == pytest.approx(0.5)


def test_no_label_reaches_its_own_node_or_those_dealt_with_it(monkeypatch):
    rng = np.random.default_rng(1)
    pairs = [tuple(map(int, rng.integers(0, 40, 2))) for _ in range(120)]
    tied = graph(pairs, 40)
    label = rng.integers(0, 2, 40).astype(float)
    fold = np.arange(40) % company.FOLDS
    monkeypatch.setattr(company, "dealt", lambda *args, **kwargs: fold)
    before = company.company(tied, label, seed=1)
    # One label up, one down, so that the overall rate stays.
    changed = label.copy()
    members = np.flatnonzero(fold == 2)
    one = members[label[members] == 1][0]
    other = members[label[members] == 0][0]
    changed[[one, other]] = changed[[other, one]]
    after = company.company(tied, changed, seed=1)
    assert before[members].tobytes() == after[members].tobytes()
    assert before.tobytes() != after.tobytes()


def test_leaves_of_one_hub_do_not_learn_their_own_label_from_the_others():
    # With only its own label left out, every leaf could be read off exactly.
    star = graph([(0, at) for at in range(1, 201)], 201)
    label = np.random.default_rng(3).integers(0, 2, 201).astype(float)
    label[0] = np.nan
    found = columns(company.company(star, label, seed=1))["two_hop_rate"][1:]
    assert np.unique(found).size <= company.FOLDS
    assert abs(np.corrcoef(found, label[1:])[0, 1]) < 0.1


def test_folds_hold_as_many_of_each_label():
    label = np.array([1.0] * 10 + [0.0] * 40 + [np.nan] * 5)
    fold = company.dealt(label, np.arange(50), count=5, seed=1)
    assert np.bincount(fold[:10]).tolist() == [2] * 5
    assert np.bincount(fold[10:50]).tolist() == [8] * 5
    assert fold[50:].tolist() == [-1] * 5


def test_no_labels_give_rates_of_nothing():
    found = company.company(graph([(0, 1)], 3), np.full(3, np.nan), seed=1)
    assert not found.any()


def test_however_many_folds_are_worked_out_at_once_the_numbers_are_the_same(
    monkeypatch,
):
    rng = np.random.default_rng(1)
    tied = graph([tuple(map(int, rng.integers(0, 40, 2))) for _ in range(120)], 40)
    label = np.where(rng.random(40) < 0.3, np.nan, rng.integers(0, 2, 40))
    together = company.company(tied, label, seed=1)
    for cells in (1, 160):
        monkeypatch.setattr(company, "MOST_CELLS", cells)
        assert company.company(tied, label, seed=1).tobytes() == together.tobytes()
