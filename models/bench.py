"""Foreign tables in, answers out: the outside yardsticks ``bench text`` and ``bench graph`` (CONTRACT §8).

In: frames as a person or another project has them. Out: a frame with ``id`` as it came and ``score`` or ``label``, and
what was used. This module checks and shapes; the work is done by ``bench_text`` and ``bench_graph``, which call the
features and learners of the night.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from models.yardsticks import bench_graph, bench_text
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from features import pack as pack_module

    Reals = NDArray[np.float64]
    Progress = Callable[[int, int, str], None]

_SPLITS: Final = ("train", "valid", "test")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is written, and what is told.

    Attributes:
        frame: ``id`` in the type and order it came in, and ``score`` or ``label``.
        used: What was used, in plain values.
    """

    frame: pl.DataFrame
    used: dict[str, Any]


def text(
    train: pl.DataFrame,
    test: pl.DataFrame,
    *,
    pack: pack_module.Pack,
    seed: int,
    num_threads: int,
    on_progress: Progress | None = None,
) -> Answer:
    """Answer for the texts of ``test``.

    Args:
        train: ``id``, ``text``, ``label``; labels 0/1 (also booleans) or strings, categories too. Rows without a label teach
            nothing.
        test: ``id``, ``text``; a ``label`` there is not looked at.
        pack: The scheme to read for.
        seed: Of everything drawn.
        num_threads: OpenMP threads; changes no answer.
        on_progress: Called with steps done, steps in all, and what is next.

    Returns:
        ``score`` (probability of 1) for labels 0/1, else ``label``.

    Raises:
        InputError: a column is missing or of the wrong kind; its name and, where there is one, the row are named.
    """
    train, test = (_spelled(table, ("text", "label")) for table in (train, test))
    for name, table, needed in (
        ("train", train, ("text", "label")),
        ("test", test, ("id", "text")),
    ):
        missing = [column for column in needed if column not in table.columns]
        if missing:
            message = f"Table {name}: column {missing[0]} is missing, found {table.columns[:12]}; nothing was scored."
            raise errors.InputError(message)
        if table.schema["text"] not in {pl.String(), pl.Null()}:
            message = f"Table {name}: column text is {table.schema['text']}, expected strings; nothing was scored."
            raise errors.InputError(message)
    labelled = train.filter(pl.col("label").is_not_null())
    if labelled.is_empty():
        message = f"Table train: no row of {train.height} has a label; nothing was scored. Give some a label of 0, 1 or a string."
        raise errors.InputError(message)
    target, names = _classes(train, labelled)
    further = [
        name
        for name in train.columns
        if name not in {"id", "text", "label", "score"}
        and name in test.columns
        and all(_is_numeric(table.schema[name]) for table in (train, test))
    ]
    scored = bench_text.score(
        labelled["text"].to_list(),
        target,
        test["text"].to_list(),
        classes=len(names),
        numbers=(_numbers(labelled, further), _numbers(test, further)),
        pack=pack,
        seed=seed,
        num_threads=num_threads,
        on_progress=on_progress,
    )
    used = {**scored.used, "unlabelled": train.height - labelled.height}
    if _is_pair(train.schema["label"], names):
        one = scored.probability[:, names.index(1)]
        return Answer(test.select("id", pl.Series("score", one)), used)
    best = pl.Series("label", names, dtype=train.schema["label"]).gather(
        scored.probability.argmax(axis=1)
    )
    return Answer(test.select("id", best), used)


def graph(
    nodes: pl.DataFrame,
    edges: pl.DataFrame,
    *,
    seed: int,
    num_threads: int,
    on_progress: Progress | None = None,
) -> Answer:
    """Score every node.

    Args:
        nodes: ``id``, ``split``, ``label`` and numeric features; labels of ``test`` are not looked at.
        edges: ``src``, ``dst``, optionally ``weight``.
        seed: Of everything drawn.
        num_threads: OpenMP threads; changes no score.
        on_progress: Called with steps done, steps in all, and what is next.

    Returns:
        ``score``: probability of 1.

    Raises:
        InputError: a column is missing or of the wrong kind, or holds what it must not; column and row are named.
    """
    ids = nodes
    nodes, edges = _spelled(nodes, ("id", "split")), _spelled(edges, ("src", "dst"))
    for name in ("src", "dst"):
        if name not in edges.columns:
            message = f"Edges: column {name} is missing, found {edges.columns[:12]}; nothing was scored."
            raise errors.InputError(message)
        kinds = (nodes.schema.get("id"), edges.schema[name])
        both_integers = all(kind is not None and kind.is_integer() for kind in kinds)
        if "id" in nodes.columns and kinds[0] != kinds[1] and not both_integers:
            message = f"Edges: column {name} is {kinds[1]}, the nodes' id is {kinds[0]}; nothing was scored. Make them one type."
            raise errors.InputError(message)
    if "id" in nodes.columns and nodes.schema["id"].is_integer():
        edges = _of_type(edges, nodes.schema["id"])
    label, split = _node_labels(nodes)
    scored = bench_graph.score(
        nodes,
        edges,
        label=label,
        split=split,
        seed=seed,
        num_threads=num_threads,
        on_progress=on_progress,
    )
    frame = ids.select("id", pl.Series("score", scored.probability))
    return Answer(frame, scored.used)


def _of_type(edges: pl.DataFrame, kind: pl.DataType) -> pl.DataFrame:
    """Edges with ends of the nodes' integer type; an end that does not fit into it is no node's."""
    cast = edges.with_columns(pl.col("src", "dst").cast(kind, strict=False))
    for name in ("src", "dst"):
        is_lost = cast[name].is_null() & edges[name].is_not_null()
        if is_lost.any():
            row = is_lost.arg_true()[0]
            message = f"Edges: {name} {edges[name][row]!r} in row {row} is no id of the nodes ({is_lost.sum()} such rows); nothing was scored. Give every end a row in the nodes."
            raise errors.InputError(message)
    return cast


def _spelled(table: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """The table with categories among these columns as the strings that they stand for."""
    kinds = (pl.Categorical, pl.Enum)
    coded = [name for name in names if isinstance(table.schema.get(name), kinds)]
    return table.with_columns(pl.col(coded).cast(pl.String)) if coded else table


def _node_labels(nodes: pl.DataFrame) -> tuple[Reals, NDArray[np.str_]]:
    """Labels (those of ``test`` gone, NaN where unknown) and splits."""
    for name in ("id", "split", "label"):
        if name not in nodes.columns:
            message = f"Nodes: column {name} is missing, found {nodes.columns[:12]}; nothing was scored."
            raise errors.InputError(message)
    row = nodes.with_row_index("row")
    wrong = row.filter(pl.col("id").is_null() | pl.col("id").is_duplicated())
    if wrong.height:
        message = f"Nodes: id {wrong['id'][0]!r} in row {wrong['row'][0]} is null or stands twice ({wrong.height} such rows); nothing was scored."
        raise errors.InputError(message)
    wrong = row.filter(~pl.col("split").is_in(_SPLITS).fill_null(value=False))
    if wrong.height:
        message = f"Nodes: split {wrong['split'][0]!r} in row {wrong['row'][0]}, expected one of {', '.join(_SPLITS)} ({wrong.height} such rows); nothing was scored."
        raise errors.InputError(message)
    # From here on nobody can look at a label of test.
    seen = row.with_columns(
        label=pl.when(pl.col("split") != "test")
        .then("label")
        .cast(pl.Float64, strict=False)
    )
    lost = row.select("row", given="label").hstack(seen.select("label", "split"))
    wrong = lost.filter(
        (pl.col("split") != "test")
        & pl.col("given").is_not_null()
        & ~pl.col("label").is_in([0.0, 1.0]).fill_null(value=False)
        & ~pl.col("label").is_nan().fill_null(value=False)
    )
    if wrong.height:
        message = f"Nodes: label {wrong['given'][0]!r} in row {wrong['row'][0]}, expected 0, 1 or null ({wrong.height} such rows); nothing was scored."
        raise errors.InputError(message)
    label = seen["label"].fill_null(float("nan")).to_numpy()
    return label, seen["split"].to_numpy().astype(np.str_)


def _classes(
    train: pl.DataFrame, labelled: pl.DataFrame
) -> tuple[NDArray[np.int64], list[Any]]:
    """Class numbers of the labelled rows, and the labels they stand for; 0/1 are always two classes."""
    kind = train.schema["label"]
    if kind.is_float():
        row = train.with_row_index("row").filter(
            pl.col("label").is_not_null() & (pl.col("label") != pl.col("label").floor())
        )
        if row.height or labelled["label"].is_nan().any():
            found = row["label"][0] if row.height else "NaN"
            message = f"Table train: label {found} is no class, expected 0, 1 or a string; nothing was scored."
            raise errors.InputError(message)
    elif not (kind.is_integer() or kind in {pl.String(), pl.Boolean()}):
        message = f"Table train: column label is {kind}, expected 0/1 or strings; nothing was scored."
        raise errors.InputError(message)
    names = labelled["label"].unique().sort().to_list()
    if _is_pair(kind, names):
        names = [0, 1]
    place = {name: at for at, name in enumerate(names)}
    target = [place[name] for name in labelled["label"].to_list()]
    return np.array(target, dtype=np.int64), names


def _is_pair(kind: pl.DataType, names: list[Any]) -> bool:
    return kind != pl.String() and set(names) <= {0, 1}


def _is_numeric(kind: pl.DataType) -> bool:
    return kind.is_numeric() or kind == pl.Boolean()


def _numbers(table: pl.DataFrame, names: list[str]) -> NDArray[np.float32]:
    if not names:
        return np.zeros((table.height, 0), dtype=np.float32)
    cast = table.select(pl.col(names).cast(pl.Float32).fill_null(float("nan")))
    found = cast.to_numpy()
    return np.where(np.isfinite(found), found, np.float32("nan"))
