"""The outside yardsticks' tables: read from Parquet or CSV, answers written whole or not at all, what was used told.

In: paths. Out: one file and lines for the person at the other end. No home and no configuration are needed.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

import polars as pl

from flows import log
from flows.reading import pool
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from models import bench

logger = logging.getLogger(__name__)

#: Columns of a CSV file that are read as they stand, so that an id such as 007 comes back as it was.
_IDS = ("id", "src", "dst")


def text(
    *, train: Path, test: Path, out: Path, pack_name: str, seed: int
) -> Mapping[str, Any]:
    """Answer for the texts of a table and write the answers.

    Args:
        train: Table with ``id``, ``text``, ``label``.
        test: Table with ``id``, ``text``.
        out: Where the answers go, Parquet or, by its ending, CSV.
        pack_name: The scheme to read for.
        seed: Of everything drawn.

    Returns:
        What was used.

    Raises:
        InputError: a file cannot be read or a column does not fit; file, column and row are named.
    """
    from features import pack
    from models import bench

    taught, asked = _table(train), _table(test)
    if train.suffix == ".csv" and "label" in taught.columns:
        taught = _plain_labels(taught)
    with log.progress("bench text", 100) as report:
        answer = bench.text(
            taught,
            asked,
            pack=pack.load_pack(pack_name),
            seed=seed,
            num_threads=pool.processors(),
            on_progress=lambda done, total, note: report(100 * done // total, note),
        )
    return _told(answer, out)


def graph(*, nodes: Path, edges: Path, out: Path, seed: int) -> Mapping[str, Any]:
    """Score the nodes of a graph and write the scores.

    Args:
        nodes: Table with ``id``, ``split``, ``label`` and numeric features.
        edges: Table with ``src``, ``dst`` and optionally ``weight``.
        out: Where the scores go, Parquet or, by its ending, CSV.
        seed: Of everything drawn.

    Returns:
        What was used.

    Raises:
        InputError: a file cannot be read or a column does not fit; file, column and row are named.
    """
    from models import bench

    with log.progress("bench graph", 100) as report:
        answer = bench.graph(
            _table(nodes),
            _table(edges),
            seed=seed,
            num_threads=pool.processors(),
            on_progress=lambda done, total, note: report(100 * done // total, note),
        )
    return _told(answer, out)


def _table(path: Path) -> pl.DataFrame:
    try:
        if path.suffix == ".csv":
            names = pl.read_csv(path, n_rows=0).columns
            kept = {name: pl.String() for name in _IDS if name in names}
            return pl.read_csv(path, schema_overrides=kept, infer_schema_length=None)
        return pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = str(error).splitlines()[0]
        message = f"{path}: cannot be read as {'CSV' if path.suffix == '.csv' else 'Parquet'} ({reason}); nothing was scored."
        raise errors.InputError(message) from error


def _plain_labels(table: pl.DataFrame) -> pl.DataFrame:
    """CSV knows no types: labels of digits are numbers only where they are 0 and 1, else they are names."""
    label = table["label"]
    if label.dtype.is_numeric() and not label.drop_nulls().is_in([0, 1]).all():
        return table.with_columns(pl.col("label").cast(pl.String))
    return table


def _told(answer: bench.Answer, out: Path) -> Mapping[str, Any]:
    """Write the answers beside their place, then move them there."""
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        if out.suffix == ".csv":
            answer.frame.write_csv(draft)
        else:
            answer.frame.write_parquet(draft)
        draft.replace(out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        message = f"{out}: cannot be written ({error.strerror}); no answers were kept."
        raise errors.InputError(message) from error
    for name, value in answer.used.items():
        if name == "members":
            for member in value:
                told = ", ".join(f"{key} {part}" for key, part in member.items())
                log.say(f"  {told}")
        else:
            log.say(f"{name.replace('_', ' ')}: {value}")
    log.say(f"{answer.frame.height} rows written to {out}")
    return answer.used
