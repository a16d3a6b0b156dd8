"""Log-ratios of words between classes, out of fold."""

import math

import numpy as np
import pytest
from scipy import sparse

from features.texts import grams
from models.language import ratios


def test_they_are_what_counting_by_hand_gives():
    # Two runs; each text is one of them.
    present = sparse.csr_array(
        np.array([[1, 0], [1, 0], [1, 0], [0, 1], [0, 1], [1, 0]], dtype=np.float32)
    )
    classes = np.array(
        [[1, 0], [1, 0], [0, 1], [0, 1], [0, 1], [0.5, 0.5]], dtype=float
    )
    fold = np.array([0, 0, 0, 0, 0, 1])

    found = ratios.out_of_fold(present, classes, fold)

    expected = math.log((2 + 0.1) / (2 + 0.2)) - math.log((1 + 0.1) / (3 + 0.2))
    assert found.ratios[5, 0] == pytest.approx(expected / math.sqrt(2), abs=1e-6)
    assert found.ratios[5, 1] == pytest.approx(-expected / math.sqrt(2), abs=1e-6)
    assert found.shared[5] == pytest.approx(0.5)


def test_a_text_never_hears_its_own_fold():
    texts = ["甲乙丙"] * 4
    classes = np.array([[1.0, 0.0]] * 4)

    found = ratios.out_of_fold(grams.buckets(texts), classes, np.zeros(4, dtype=int))

    assert not found.ratios.any()
    assert not found.shared.any()


def test_a_group_has_one_fold():
    assert len(set(ratios.folds(["n1"] * 5).tolist())) == 1
    assert set(ratios.folds([f"n{at}" for at in range(200)]).tolist()) == set(
        range(ratios.FOLDS)
    )


def test_a_fold_that_teaches_nothing_hears_all_others():
    texts = ["甲乙", "甲乙丙", "丙丁", "丁丁", "甲乙"]
    classes = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [0, 0]], dtype=float)
    present = grams.buckets(texts)

    asked = ratios.out_of_fold(present, classes, np.array([0, 1, 2, 3, 4]))
    alone = ratios.out_of_fold(present, classes, np.array([0, 0, 0, 0, 9]))

    assert asked.ratios[4] == pytest.approx(alone.ratios[4])
    assert asked.ratios[4, 0] > asked.ratios[4, 1]
