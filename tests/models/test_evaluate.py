"""Metrics against their definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import evaluate

PAIRS = st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=1, max_size=30)


def arrays(pairs):
    y_true = np.array([float(truth) for truth, _ in pairs])
    return y_true, np.array([place / 4 for _, place in pairs])


@settings(deadline=None, max_examples=60)
@given(PAIRS)
def test_auc_is_the_share_of_pairs_in_order(pairs):
    y_true, y_prob = arrays(pairs)
    won = [
        float(a > b) + 0.5 * float(a == b)
        for a in y_prob[y_true == 1]
        for b in y_prob[y_true == 0]
    ]
    found = evaluate.roc_auc(y_true, y_prob)
    assert found == pytest.approx(np.mean(won)) if won else np.isnan(found)


@settings(deadline=None, max_examples=60)
@given(PAIRS)
def test_average_precision_walks_down_the_thresholds(pairs):
    y_true, y_prob = arrays(pairs)
    total, recalled = 0.0, 0.0
    for threshold in sorted(set(y_prob), reverse=True):
        taken = y_prob >= threshold
        recall = y_true[taken].sum() / max(y_true.sum(), 1)
        total += (recall - recalled) * y_true[taken].mean()
        recalled = recall
    found = evaluate.average_precision(y_true, y_prob)
    assert found == pytest.approx(total) if y_true.any() else np.isnan(found)


@settings(deadline=None, max_examples=30)
@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(pairs, random):
    shuffled = list(pairs)
    random.shuffle(shuffled)
    for metric in (
        evaluate.average_precision,
        evaluate.roc_auc,
        evaluate.calibration_error,
    ):
        one, two = metric(*arrays(pairs)), metric(*arrays(shuffled))
        assert one == pytest.approx(two, nan_ok=True)


def test_precision_at_k_averages_a_tie_at_the_border():
    y_true, y_prob = np.array([1.0, 1, 0, 0]), np.array([0.9, 0.5, 0.5, 0.1])
    assert evaluate.precision_at_k(y_true, y_prob, 2) == 0.75
    assert evaluate.precision_at_k(y_true, y_prob, 9) == 0.5
    assert np.isnan(evaluate.precision_at_k(y_true[:0], y_prob[:0], 3))


def test_calibration_error_is_the_gap_between_said_and_seen():
    y_true = np.array([1.0, 0, 0, 0, 1, 1])
    y_prob = np.array([0.25, 0.25, 0.25, 0.25, 0.95, 0.95])
    assert evaluate.calibration_error(y_true, y_prob) == pytest.approx(0.05 / 3)


def test_log_loss_of_a_coin_is_ln_two():
    assert evaluate.log_loss(np.array([1.0, 0]), np.array([0.5, 0.5])) == pytest.approx(
        np.log(2)
    )


def test_bootstrap_draws_whole_groups():
    groups = np.array(["a", "a", "b", "b"])
    sizes = evaluate.grouped_bootstrap(
        lambda rows: float(rows.size), groups, rounds=20, seed=1
    )
    assert set(sizes) == {4.0}
    assert np.array_equal(
        sizes,
        evaluate.grouped_bootstrap(
            lambda rows: float(rows.size), groups, rounds=20, seed=1
        ),
    )
