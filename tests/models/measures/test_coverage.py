"""Coverage of intervals: nine in ten for a forecaster who is right, wherever the probabilities lie."""

import numpy as np
import pytest

from models.measures import calibration, coverage


def told(seed, *, centre, doubt, error=None, shift=0.0, ring=1, groups=300):
    """Coverage of a forecaster whose groups err by ``error`` in common (null: as much as it says)."""
    rng = np.random.default_rng(seed)
    number = coverage.LEAST // ring
    inside = np.zeros(2)
    for _ in range(groups):
        off = rng.normal(0, doubt if error is None else error) + shift
        truth = rng.random(number) < calibration.sigmoid(np.full(number, centre + off))
        ends = [calibration.sigmoid(np.full(number, centre + z * doubt)) for z in (-1.6449, 0, 1.6449)]  # fmt: skip
        low, prob, high = (np.repeat(end, ring) for end in ends)
        found = coverage.coverage(
            np.repeat(truth.astype(float), ring),
            prob,
            low,
            high,
            np.repeat(np.arange(number), ring),
        )
        assert found.groups == 1
        inside += (found.fair, found.plain)
    return inside / groups


@pytest.mark.parametrize("centre", [0.0, 1.5, -3.0, 7.0])
def test_a_forecaster_who_is_right_covers_nine_in_ten_also_near_certainty(centre):
    fair, _ = told(3, centre=centre, doubt=0.6)

    assert 0.85 <= fair <= 0.95


def test_near_certainty_the_plain_count_is_always_inside():
    assert told(1, centre=7.0, doubt=0.1)[1] > 0.95


def test_one_who_is_too_sure_or_wrong_covers_less():
    assert told(1, centre=0.0, doubt=0.2, error=1.5)[0] < 0.6
    assert told(1, centre=0.0, doubt=0.6, shift=2.0)[0] < 0.5
    assert told(1, centre=-4.0, doubt=0.3, shift=4.0)[0] < 0.1


def test_one_whose_intervals_are_too_wide_covers_more():
    assert told(1, centre=0.0, doubt=2.0, error=0.1)[0] > 0.97


def test_networks_are_not_torn_apart():
    network = np.repeat(np.arange(10), 12)
    prob = np.linspace(0.1, 0.9, 10).repeat(12)
    found = coverage.coverage(
        (prob > 0.5).astype(float), prob, prob - 0.1, prob + 0.1, network
    )

    # 24 sellers of two networks each: 12 would be too few.
    assert found.groups == 5
    assert coverage.coverage(*[np.zeros(0)] * 5) == coverage.Coverage(0, 0.0, 0)
