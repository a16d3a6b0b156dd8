"""Traits: what runs tell together, in whole numbers."""

import numpy as np
import pytest

from features import pack
from features.speech import traits


def line(run, *numbers):
    shown = [*numbers, *(0,) * (traits.WIDTH - len(numbers))]
    return f"{run}\t{' '.join(map(str, shown))}"


@pytest.mark.parametrize(
    "bad",
    ["风\t1 2", line("风水轮流"), line("风").replace("0", "x", 1), line("@upwards")],
)
def test_a_line_that_is_no_trait_is_named(bad):
    with pytest.raises(
        ValueError, match=r"2: expected a (key, a tab and 16 whole|new key of 1 to 3)"
    ):
        traits.parse(f"# told\n{bad}")


def test_a_run_stands_once_in_a_table():
    with pytest.raises(ValueError, match="2: expected a new key"):
        traits.parse(f"{line('风')}\n{line('风')}")


def test_the_shipped_table_belongs_to_its_phrases():
    table = pack.load_pack().clauses
    assert table.told.any(axis=0).sum() > 10
    assert np.abs(table.told).max() < 10 * traits.UNITS
