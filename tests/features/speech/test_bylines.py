"""Bylines: what accounts' names and verifications add to the stance of their posts."""

import numpy as np
import polars as pl
import pytest

from features import pack, stance
from features.speech import bylines

PACK = pack.load_pack()
TABLE = bylines.parse(
    "# told\n警\t0 0 40 0 0\n招商\t60 0 0 0 0\n⊢代\t0 9 0 0 0\n费⊣\t0 0 0 7 0\n0\t0 0 0 0 20\n@business\t0 30 0 0 0"
)


def odds(*names, table=TABLE, verified="none"):
    return table.odds(names, [verified] * len(names))


def test_runs_of_a_name_and_its_borders_add_up():
    found = odds("民警招商", "代招商费", "费代")
    assert found.tolist() == [
        [0.6, 0, 0.4, 0, 0],
        [0.6, 0.09, 0, 0.07, 0],
        [0, 0, 0, 0, 0],
    ]


def test_a_verification_counts_beside_the_name():
    assert odds("民警", verified="business")[0].tolist() == [0, 0.3, 0.4, 0, 0]
    assert not odds("", verified="unheard of").any()


def test_a_run_counts_once_and_numbers_of_any_length_are_one():
    assert odds("警警警")[0, 2] == pytest.approx(0.4)
    assert np.array_equal(odds("用户１２５８"), odds("用户7"))


def test_a_long_name_says_each_thing_with_less_weight():
    assert odds("警" + "很好看的人" * 5)[0, 2] < 0.2


def test_disguised_names_read_as_plain_ones():
    assert np.array_equal(odds("招 商"), odds("招商"))


def test_no_name_adds_more_than_the_most():
    loud = bylines.parse("招商\t900 0 -900 0 0")
    assert odds("招商", table=loud)[0].tolist() == [1.5, 0, -1.5, 0, 0]


def test_names_tell_apart_what_a_text_leaves_open():
    names = ["示例市反诈中心", "示例数字人招商总部"]
    added = PACK.bylines.odds(names, ["none", "none"])
    of = stance.STANCES.index
    assert added[0, of("report")] > added[1, of("report")]
    assert added[1, of("offer")] > added[0, of("offer")]


def test_no_bylines_and_no_table_add_nothing():
    assert odds().shape == (0, 5)
    assert not odds("示例", table=bylines.parse("")).any()


@pytest.mark.parametrize(
    "line",
    [
        "招商局\t1 2 3 4 5",
        "招商\t1 2 3",
        "招商\t1 2 x 4 5",
        "\t1 2 3 4 5",
        "招\t1 1 1 1 1\n招\t1 1 1 1 1",
    ],
)
def test_a_line_that_is_no_byline_is_named(line):
    with pytest.raises(ValueError, match=r"^[12]: expected a (new )?key"):
        bylines.parse(line)


def test_a_byline_moves_the_stance_of_a_post_and_a_missing_one_does_not():
    row = {"post_id": ["p"], "doc_id": ["d"], "kind": ["post"]}
    told = pl.DataFrame(
        {
            "doc_id": ["d"],
            "is_on_topic": [True],
            **{name: [0.0] for name in stance.STANCES},
        }
    )
    moved = stance.post_stances(pl.DataFrame({**row, "byline_report": [0.5]}), told)
    plain = stance.post_stances(
        pl.DataFrame({**row, "byline_report": pl.Series([None], dtype=pl.Float64)}),
        told,
    )
    assert moved["stance"].to_list() == ["report"]
    assert plain["stance"].to_list() == ["offer"]
