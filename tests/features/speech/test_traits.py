"""Traits: what runs tell together, in whole numbers."""

import numpy as np
import pytest

from features import catalogue, pack
from features.engine import trie
from features.speech import traits

FOMO = catalogue.SIGNALS.index("fomo")


def line(run, *numbers):
    shown = [*numbers, *(0,) * (traits.WIDTH - len(numbers))]
    return f"{run}\t{' '.join(map(str, shown))}"


def odds(*clauses, table):
    """Log-odds of ``fomo`` in clauses of one text."""
    points = trie.points_of("".join(clauses))
    numbers = np.repeat(np.arange(len(clauses)), [len(one) for one in clauses])
    is_same = np.ones(len(clauses) - 1, dtype=bool)
    return traits.parse("\n".join(table)).odds(points, numbers, is_same)[:, FOMO].tolist()  # fmt: skip


TOLD = line("@fomo", 2000, -1000)


def test_a_trait_speaks_once_a_clause_has_it_and_by_how_much():
    table = [TOLD, line("@base", -1000), line("风", 1500), line("潮", 1500)]
    assert odds("水", "风", "风潮", "风风", table=table) == [0, 1, 4, 1]


def test_what_is_below_zero_says_nothing():
    table = [TOLD, line("风", -500, -500), line("潮", 500, 500)]
    assert odds("风", "潮", table=table) == [0, 0.5]


def test_runs_beside_move_the_clauses_before_and_behind_in_one_text_alone():
    table = [TOLD, line("∥风", 500)]
    assert odds("水", "风", "水", "水", table=table) == [1, 0, 1, 0]
    parted = traits.parse("\n".join(table)).odds(trie.points_of("水风"), np.array([0, 1]), np.array([False]))  # fmt: skip
    assert not parted.any()


def test_without_lines_nothing_is_added():
    assert odds("风", "潮", table=[]) == [0, 0]


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
    table = pack.load_pack().traits
    assert table.told.any(axis=0).sum() > 10
    assert np.abs(table.told).max() < 10 * traits.UNITS
