"""Matrices and splits."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from features import catalogue
from models import dataset
from warehouse import errors


def test_a_text_column_is_refused_before_it_reaches_the_learner(few):
    features = few({"seller_id": "a"}).features.with_columns(post_count=pl.lit("3"))
    with pytest.raises(
        errors.ContractError, match=r"must be Float32, found \{'post_count'"
    ):
        dataset.matrix(features)


def test_a_missing_column_is_named(few):
    with pytest.raises(errors.ContractError, match=r"missing \['city_count'\]"):
        dataset.matrix(few({"seller_id": "a"}).features.drop("city_count"))


def test_nulls_become_nan(few):
    matrix = dataset.matrix(few({"seller_id": "a", "post_count": 3}).features)
    assert matrix.dtype == np.float32
    assert matrix[0, catalogue.NAMES.index("post_count")] == 3
    assert np.isnan(matrix[0, catalogue.NAMES.index("account_age_days")])


def test_a_network_lies_in_one_fold_and_folds_are_even(planted):
    group = dataset.groups(planted(1).facts)
    fold = dataset.folds(group, count=5, seed=3)
    per_group = (
        pl.DataFrame({"group": group, "fold": fold})
        .group_by("group")
        .agg(pl.col("fold").n_unique(), pl.col("fold").first().alias("at"))
    )
    assert per_group["fold"].max() == 1
    sizes = np.bincount(per_group["at"])
    assert sizes.max() - sizes.min() <= 1


def test_folds_depend_on_names_and_seed_only(planted):
    group = dataset.groups(planted(1).facts)
    fold = dataset.folds(group, count=5, seed=3)
    backwards = dataset.folds(group.reverse(), count=5, seed=3)
    assert np.array_equal(fold, backwards[::-1])
    assert not np.array_equal(fold, dataset.folds(group, count=5, seed=4))


def test_newest_networks_are_held_out_whole(planted, as_of):
    facts = planted(1).facts
    is_later = dataset.newest(facts, share=0.25)
    table = pl.DataFrame(
        {
            "group": dataset.groups(facts),
            "later": is_later,
            "born": facts["first_seen_at"],
        }
    )
    assert table.group_by("group").agg(pl.col("later").n_unique())["later"].max() == 1
    later, earlier = table.filter("later"), table.filter(~pl.col("later"))
    assert later["born"].min() > earlier.group_by("group").agg(pl.col("born").min())[
        "born"
    ].max() - timedelta(seconds=1)
    assert 0 < later.height < table.height / 2


def test_one_moment_for_all_holds_out_nobody(few):
    assert not dataset.newest(
        few({"seller_id": "a"}, {"seller_id": "b"}).facts, share=0.25
    ).any()
