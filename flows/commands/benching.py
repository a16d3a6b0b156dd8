"""The outside yardsticks: production's features and learners on tables of others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from flows.commands import frame

bench = typer.Typer(
    name="bench",
    help="Run production's features and learners on tables of your own: texts with labels, graphs with labelled nodes.",
    no_args_is_help=True,
)
frame.app.add_typer(bench)

Seed = Annotated[
    int, typer.Option(help="Of everything drawn; one seed, one answer.", min=0)
]
Out = Annotated[
    Path, typer.Option(help="Where the answers go, .parquet or .csv.", metavar="FILE")
]


@bench.command("text")
def text(
    *,
    train: Annotated[
        Path,
        typer.Option(
            help="Table (.parquet or .csv) with id, text, label: 0/1, or names of many classes.",
            metavar="FILE",
        ),
    ],
    test: Annotated[
        Path,
        typer.Option(
            help="Table with id, text. Further numeric columns that both tables have are features.",
            metavar="FILE",
        ),
    ],
    out: Out,
    seed: Seed = 0,
    pack: Annotated[
        str, typer.Option(help="The scheme to read for.", metavar="NAME")
    ] = "digital-human",
    as_json: frame.Json = False,
) -> None:
    """Learn from labelled texts and answer for others: id and score, or id and label."""
    from flows.learning import yardsticks

    used = yardsticks.text(train=train, test=test, out=out, pack_name=pack, seed=seed)
    if as_json:
        typer.echo(json.dumps(used, ensure_ascii=False))


@bench.command("graph")
def graph(
    *,
    nodes: Annotated[
        Path,
        typer.Option(
            help="Table with id, split (train, valid, test), label (0, 1 or null) and numeric features.",
            metavar="FILE",
        ),
    ],
    edges: Annotated[
        Path,
        typer.Option(
            help="Table with src, dst, optionally weight; a pair once or in both directions.",
            metavar="FILE",
        ),
    ],
    out: Out,
    seed: Seed = 0,
    as_json: frame.Json = False,
) -> None:
    """Score every node of a graph: id and score. Labels of test are not looked at, those of valid only stop training."""
    from flows.learning import yardsticks

    used = yardsticks.graph(nodes=nodes, edges=edges, out=out, seed=seed)
    if as_json:
        typer.echo(json.dumps(used, ensure_ascii=False))
