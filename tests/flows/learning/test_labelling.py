"""Lists of others that teach: read in every shape, refused whole, and caught when they say the contrary."""

import polars as pl
import pytest

from flows.learning import labelling
from tests.harness.homes.taught import NOW, label_file, learned
from warehouse import contracts, errors, load


def test_a_flipped_list_is_caught(home, tmp_path):
    settings, truth = home
    _, told, night = learned(settings, truth, tmp_path, flipped=True)

    with night.open() as connection:
        scores = load.read(connection, contracts.SCORES)
    both = truth.select("seller_id", "is_scam").join(scores, on="seller_id")
    assert not scores["is_calibrated"].any()
    assert told["challenger"] is None
    assert (
        both.filter("is_scam")["scam_probability"].mean()
        > both.filter(~pl.col("is_scam"))["scam_probability"].mean() + 0.5
    )


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_every_shape_of_list_is_read(home, tmp_path, suffix):
    settings, truth = home
    frame = pl.read_csv(label_file(tmp_path / "a.csv", truth, 5))
    path = tmp_path / f"list.{suffix}"
    {
        "csv": frame.write_csv,
        "jsonl": frame.write_ndjson,
        "parquet": frame.write_parquet,
    }[suffix](path)

    assert (
        labelling.import_labels(settings.home, path, source="partner", now=NOW)["filed"]
        == 5
    )
    _, waiting, _ = labelling.pending(settings.home)
    assert waiting["source"].unique().to_list() == ["partner"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("seller,verdict\na:b,fraud\n", "no column target"),
        ("target,verdict\nnobody,fraud\n", "row 1: expected a seller"),
        ("target,verdict\na:b,guilty\n", "row 1: expected fraud, benign or unsure"),
        (
            "target,verdict,decided_at\na:b,fraud,soon\n",
            "row 1: expected an ISO 8601 time",
        ),
    ],
)
def test_a_list_that_cannot_be_understood_files_nothing(home, tmp_path, text, message):
    settings, _ = home
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(errors.InputError, match=message):
        labelling.import_labels(settings.home, path, source=None, now=NOW)
    assert labelling.pending(settings.home)[1].is_empty()
