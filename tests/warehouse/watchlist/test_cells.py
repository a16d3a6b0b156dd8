from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.watchlist import cells, delimited


@pytest.mark.parametrize(
    "first", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]
)
def test_text_that_begins_like_a_formula_becomes_text(first):
    assert cells.neutralise(f"{first}1+1") == f"'{first}1+1"
    assert cells.neutralise(f"'{first}1") == f"''{first}1"


@pytest.mark.parametrize("text", ["", "示例", "a=b", " =1", "'示例", "1990000-1234"])
def test_other_text_stays(text):
    assert cells.neutralise(text) == text


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="'=+-@\t\r＝a示", max_size=6))
def test_neutralised_text_can_be_restored_and_never_begins_like_a_formula(text):
    assert cells.restore(cells.neutralise(text)) == text
    assert cells.neutralise(text)[:1] not in set("=+-@\t\r＝")


def test_csv_of_neutralised_cells_survives_a_round_trip():
    values = [
        "=1",
        "+2",
        "-3",
        "@szr_demo_01",
        "\ttab",
        "\rcr",
        "'=quoted",
        'with "quotes", commas\nand lines',
    ]
    text = delimited.table(["value"], [{"value": value} for value in values]).decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert [cells.restore(row[0]) for row in rows[1:]] == values


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (0.25, "0.25"),
        (-3, "-3"),
        (["=a", "b"], "'=a|b"),
        ([], ""),
    ],
)
def test_values_as_cells(value, expected):
    assert cells.cell(value) == expected


def test_rule_in_the_documents_gives_the_values_back():
    text = (Path(__file__).parents[3] / "docs/watchlists.md").read_text(
        encoding="utf-8"
    )
    [block] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    for value in [
        "=1",
        "'=1",
        "''@a",
        "'a",
        "a",
        "",
        "'",
        "＝1",
        "\t1",
        "\r=1",
        "-5",
        "'-",
    ]:
        found = {"cell": cells.neutralise(value)}
        exec(block, found)
        assert found["value"] == value
