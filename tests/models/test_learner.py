"""What LightGBM is given."""

import os
import re
from pathlib import Path

import numpy as np
import pytest

import models
from models import learner
from warehouse import errors


def test_only_one_module_imports_lightgbm_and_openmp_waits_passively():
    assert os.environ["OMP_WAIT_POLICY"] == "PASSIVE"
    folder = Path(models.__file__).parent
    importers = [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if re.search(
            r"^\s*(import|from) lightgbm", path.read_text("utf-8"), re.MULTILINE
        )
    ]
    assert importers == ["learner.py"]


@pytest.mark.parametrize(
    "matrix", [np.zeros((3, 2)), np.array([["a"]]), np.zeros(3, dtype=np.float32)]
)
def test_anything_but_a_float32_matrix_is_refused(matrix):
    with pytest.raises(errors.ContractError, match="LightGBM takes a float32 matrix"):
        learner.train(
            matrix, np.zeros(3), np.ones(3), names=["a", "b"], params={}, rounds=1
        )


def test_a_target_outside_probabilities_is_refused():
    with pytest.raises(errors.ContractError, match="expected 0–1"):
        learner.train(
            np.zeros((2, 1), np.float32),
            np.array([0.0, 2.0]),
            np.ones(2),
            names=["a"],
            params={},
            rounds=1,
        )


def test_what_lightgbm_refuses_is_an_error_that_a_night_knows():
    matrix = np.zeros((4, 1), dtype=np.float32)
    with pytest.raises(learner.RefusedError, match="num_leaves"):
        learner.train(matrix, np.zeros(4), np.ones(4), names=["a"], params={"num_leaves": -1, "verbose": -1}, rounds=1)  # fmt: skip
