from __future__ import annotations

from pathlib import Path

from warehouse import dictionary
from warehouse.snapshots import tables

FILE = Path(__file__).parents[2] / "docs" / "data-dictionary.md"


def test_data_dictionary_is_fresh():
    assert FILE.read_text(encoding="utf-8") == dictionary.render(), (
        "stale: run python -m warehouse.dictionary docs/data-dictionary.md"
    )


def test_data_dictionary_names_every_view():
    text = dictionary.render()
    assert [view for view in tables.VIEWS if f"## analyst.{view}\n" not in text] == []
