"""How members are put together."""

import numpy as np
import pytest

from models.yardsticks import blending


def test_the_better_member_is_trusted_and_equals_share():
    target = np.array([0, 1] * 50)
    right = np.eye(2)[target] * 0.6 + 0.2
    rng = np.random.default_rng(1)
    noise = rng.dirichlet([1, 1], 100)
    assert blending.trust(right, noise, target) < 0.5
    assert blending.trust(noise, right, target) > 0.5
    assert blending.trust(right, right, target) == 0.5


def test_rare_classes_are_helped_only_where_it_shows():
    target = np.array([0] * 80 + [1] * 15 + [2] * 5)
    share = np.array([0.8, 0.15, 0.05])
    shy = np.tile(share, (100, 1)) + np.eye(3)[target] * 0.3
    shy /= shy.sum(axis=1, keepdims=True)
    assert blending.help_for_rare(shy, share, target) > 0
    sure = np.eye(3)[target] * 0.9 + 0.1 / 3
    assert blending.help_for_rare(sure, share, target) == 0


def test_sharpness_follows_how_often_margins_are_right():
    target = np.array([0, 1] * 100)
    margin = np.where(np.eye(2)[target] == 1, 0.5, -0.5)
    wrong = target.copy()
    wrong[::4] = 1 - wrong[::4]
    assert blending.sharpness(margin, target) > blending.sharpness(margin, wrong)


def test_softmax_rows_sum_to_one_however_large():
    found = blending.softmax(np.array([[1e4, -1e4, 0.0], [0.0, 0.0, 0.0]]))
    assert found.sum(axis=1) == pytest.approx([1, 1])


def test_macro_f1_is_the_mean_over_the_classes_that_there_are():
    target, found = np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1])
    assert blending.macro_f1(found, target) == pytest.approx((2 / 3 + 0.5 + 0) / 3)
