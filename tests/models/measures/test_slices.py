"""Metrics by slice."""

import numpy as np
import polars as pl
import pytest

from models import evaluate
from models.measures import slices


def rows(y_true, y_prob, platforms, **options):
    return slices.table(
        np.array(y_true, dtype=float),
        np.array(y_prob, dtype=float),
        pl.Series([f"g{at}" for at in range(len(y_true))]),
        pl.DataFrame({"platform": platforms}),
        **{"threshold": 0.85, "seed": 1, **options},
    )


def test_every_slice_is_measured_on_its_own_rows():
    y_true, y_prob = [1, 0] * 20, [0.9, 0.2] * 10 + [0.3, 0.6] * 10
    whole, good, bad = rows(y_true, y_prob, ["a"] * 20 + ["b"] * 20)

    assert (good["value"], good["average_precision"], good["recall"]) == ("a", 1.0, 1.0)
    assert (bad["value"], bad["recall"], bad["precision"]) == ("b", 0.0, None)
    assert whole["sellers"] == 40
    assert whole["calibration_error"] == pytest.approx(
        evaluate.calibration_error(np.array(y_true), np.array(y_prob)), abs=1e-4
    )


def test_the_interval_holds_the_figure():
    rng = np.random.default_rng(5)
    y_true = rng.integers(0, 2, 200)
    [whole, _] = rows(
        y_true, np.clip(y_true * 0.3 + rng.uniform(0, 0.7, 200), 0, 1), ["a"] * 200
    )

    assert (
        whole["average_precision_low"]
        <= whole["average_precision"]
        <= whole["average_precision_high"]
    )
    assert whole["average_precision_high"] - whole["average_precision_low"] < 0.2


def test_small_slices_are_left_out_and_one_class_has_no_ranking():
    found = rows([1] * 12 + [0], [0.9] * 13, ["a"] * 12 + ["b"])

    assert [row["value"] for row in found] == ["all", "a"]
    assert found[1]["average_precision"] is None


def test_names_of_slices():
    frame = pl.DataFrame(
        {"n": [None, 1, 3, 12, 40], "age": [None, 30.0, 100.0, 400.0, float("nan")]}
    )

    assert frame.select(slices.ring_size(pl.col("n")))["literal"].to_list() == [
        "alone",
        "alone",
        "2-4",
        "5-12",
        "13 or more",
    ]
    assert frame.select(slices.account_age(pl.col("age")))["literal"].to_list() == [
        "unknown", "under 90 days", "90-364 days", "a year or more", "unknown",
    ]  # fmt: skip
