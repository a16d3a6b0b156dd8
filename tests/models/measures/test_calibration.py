"""Log-odds that mean what they say."""

import numpy as np
import pytest

from models import evaluate
from models.measures import calibration


def overconfident(rows, seed=1):
    """Log-odds three times too large, and labels."""
    rng = np.random.default_rng(seed)
    honest = rng.normal(0, 1.5, rows)
    return honest * 3, (rng.random(rows) < calibration.sigmoid(honest)).astype(float)


def fit(log_odds, y_true, group=None):
    return calibration.fit(
        log_odds, y_true, np.arange(y_true.size) if group is None else group
    )


@pytest.mark.parametrize(("rows", "kind"), [(200, "platt"), (3000, "isotonic")])
def test_overconfidence_is_taken_back(rows, kind):
    log_odds, y_true = overconfident(rows)
    fitted = fit(log_odds, y_true)
    fresh, truth = overconfident(4000, seed=2)
    before = evaluate.calibration_error(truth, calibration.sigmoid(fresh))
    after = evaluate.calibration_error(truth, calibration.apply(fitted, fresh))
    assert fitted.kind == kind
    assert fitted.is_calibrated
    assert after < 0.05 < before


@pytest.mark.parametrize("rows", [200, 3000])
def test_the_mapping_never_falls(rows):
    fitted = fit(*overconfident(rows))
    mapped = calibration.apply(fitted, np.linspace(-20, 20, 500))
    assert (np.diff(mapped) >= 0).all()
    assert mapped.min() < 0.1
    assert mapped.max() > 0.9


def test_too_few_labels_of_one_class_are_no_calibration():
    log_odds, y_true = overconfident(500)
    y_true[np.flatnonzero(y_true)[19:]] = 0
    assert fit(log_odds, y_true) == calibration.NONE
    assert not calibration.NONE.is_calibrated


def test_labels_that_contradict_every_prediction_do_not_reverse_the_order():
    log_odds, y_true = overconfident(200)
    fitted = fit(log_odds, 1 - y_true)
    assert np.diff(calibration.apply(fitted, np.array([-3.0, 3.0])))[0] >= 0


def test_a_scale_that_nobody_checked_is_the_less_sure_the_farther_from_even_odds():
    error = calibration.error(calibration.NONE, np.array([0.0, 1.0, -4.0]))

    assert error.tolist() == pytest.approx([0.0, calibration.UNCHECKED, 4 * calibration.UNCHECKED])  # fmt: skip


def test_more_verdicts_settle_the_scale():
    at = np.array([4.0])
    few, many = (
        calibration.error(fit(*overconfident(rows)), at)[0] for rows in (100, 300)
    )

    assert many < few < calibration.error(calibration.NONE, at)[0]


@pytest.mark.parametrize("rows", [200, 3000])
def test_verdicts_on_few_networks_settle_less(rows):
    log_odds, y_true = overconfident(rows // 10)
    # Ten members each, all of one kind.
    log_odds, y_true = np.repeat(log_odds, 10), np.repeat(y_true, 10)
    at = np.array([2.0])
    apart = calibration.error(fit(log_odds, y_true), at)
    together = calibration.error(
        fit(log_odds, y_true, np.repeat(np.arange(rows // 10), 10)), at
    )

    assert together > 1.5 * apart
