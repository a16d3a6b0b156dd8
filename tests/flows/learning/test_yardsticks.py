"""The yardsticks from file to file, as a person runs them: no home, no configuration."""

import json

import polars as pl
import pytest
from typer.testing import CliRunner

from flows import cli
from flows.commands import frame
from flows.learning import yardsticks
from tests.models import tables
from warehouse import errors

assert cli


def run(*arguments):
    return CliRunner().invoke(frame.app, ["bench", *map(str, arguments)])


def test_texts_from_csv_and_parquet_give_the_same_answers(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    train, test = tables.texts(80, seed=1), tables.texts(10, seed=2).drop("label")
    train.write_parquet("t.parquet")
    train.write_csv("t.csv")
    test.write_parquet("e.parquet")
    test.write_csv("e.csv")
    first = run(
        "text",
        "--train",
        "t.parquet",
        "--test",
        "e.parquet",
        "--out",
        "s.parquet",
        "--json",
    )
    second = run("text", "--train", "t.csv", "--test", "e.csv", "--out", "s.csv")
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert json.loads(first.stdout)["train"] == 80
    found = pl.read_parquet("s.parquet")
    assert found.columns == ["id", "score"]
    assert found["score"].to_list() == pytest.approx(
        pl.read_csv("s.csv")["score"].to_list()
    )
    assert "linear held out" in second.stderr
    # Nothing was left beside the answers, and no home was made.
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "e.csv", "e.parquet", "s.csv", "s.parquet", "t.csv", "t.parquet",
    ]  # fmt: skip


def test_a_graph_from_csv_keeps_its_ids_as_they_were_written(tmp_path, monkeypatch):
    nodes, made = tables.graph_of(number=200)
    seven = pl.col("id").cast(pl.String).str.zfill(7)
    nodes.with_columns(seven).write_csv(tmp_path / "n.csv")
    made.edges.select(pl.col("src", "dst").cast(pl.String).str.zfill(7)).write_csv(
        tmp_path / "e.csv"
    )
    used = yardsticks.graph(
        nodes=tmp_path / "n.csv",
        edges=tmp_path / "e.csv",
        out=tmp_path / "s.csv",
        seed=1,
    )
    assert used["nodes"] == 200
    assert (tmp_path / "s.csv").read_text().splitlines()[1].startswith("0000000,")


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    broken = tmp_path / "t.parquet"
    broken.write_bytes(b"no parquet")
    with pytest.raises(
        errors.InputError, match=r"t\.parquet: cannot be read as Parquet"
    ):
        yardsticks.graph(nodes=broken, edges=broken, out=tmp_path / "s", seed=1)
    with pytest.raises(errors.InputError, match=r"none\.csv: cannot be read as CSV"):
        yardsticks.graph(
            nodes=tmp_path / "none.csv", edges=broken, out=tmp_path / "s", seed=1
        )


def test_names_of_digits_in_csv_are_names(tmp_path):
    train = tables.texts(60, seed=1).with_columns(label=pl.col("label") + 1)
    train.write_csv(tmp_path / "t.csv")
    yardsticks.text(
        train=tmp_path / "t.csv",
        test=tmp_path / "t.csv",
        out=tmp_path / "s.csv",
        pack_name="digital-human",
        seed=1,
    )
    found = pl.read_csv(tmp_path / "s.csv")
    assert found.columns == ["id", "label"]
    assert (found["label"] == train["label"]).mean() > 0.95
