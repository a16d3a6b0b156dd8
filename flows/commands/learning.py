"""What learning knows and does: labels in and out, train, roll back, evaluate, backtest."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands import frame

labels_app = typer.Typer(
    help="Labels of others in, labels decided here out.", no_args_is_help=True
)
frame.app.add_typer(labels_app, name="labels")

_Wait = Annotated[bool, typer.Option("--wait", help="Wait for a run that is writing.")]


@labels_app.command("import")
def import_labels(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(help="CSV, JSONL or Parquet with target and verdict.")
    ],
    *,
    source: Annotated[
        str | None,
        typer.Option(help="Name of the list. Default: the file's name."),
    ] = None,
    as_json: frame.Json = False,
) -> None:
    """File a list of labels; the next night learns from it. It lists nobody, and verdicts beat it."""
    from flows.learning import labelling

    told = labelling.import_labels(
        context.obj.settings().home, file, source=source, now=datetime.now(UTC)
    )
    _tell(told, as_json=as_json)


@labels_app.command("export")
def export_labels(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="CSV, JSONL or Parquet to write.")],
    *,
    as_json: frame.Json = False,
) -> None:
    """Write the words that hold, of reviewers and lists, one row per target."""
    from flows.learning import labelling

    count = labelling.export_labels(context.obj.settings().home, file)
    _tell({"written": count}, as_json=as_json)


@frame.app.command()
def train(
    context: typer.Context,
    *,
    by: Annotated[str, typer.Option(help="Who asks.")] = "operator",
    seed: Annotated[int, typer.Option(help="Of everything that is drawn.")] = 20240613,
    wait: _Wait = False,
    as_json: frame.Json = False,
) -> None:
    """Fit a bundle on what the last night left; it becomes champion if it passes the gate. Ends a hold."""
    from flows import retrain

    found = retrain.train_command(
        context.obj.settings(), author=by, now=datetime.now(UTC), seed=seed, wait=wait
    )
    _tell(found, as_json=as_json)


@frame.app.command()
def rollback(
    context: typer.Context,
    *,
    by: Annotated[str, typer.Option(help="Who decides.")] = "operator",
    wait: _Wait = False,
    as_json: frame.Json = False,
) -> None:
    """Go back to the champion before, from the next night on; it is held until somebody trains."""
    from flows import retrain

    found = retrain.rollback_command(
        context.obj.settings(), author=by, now=datetime.now(UTC), wait=wait
    )
    _tell(found, as_json=as_json)


@frame.app.command()
def evaluate(
    context: typer.Context,
    *,
    truth: Annotated[
        Path | None,
        typer.Option(
            help="Labels to hold against the scores instead of the verdicts here (CSV, JSONL, Parquet).",
            metavar="FILE",
        ),
    ] = None,
    as_json: frame.Json = False,
) -> None:
    """How good scores are on labels they did not see: overall, by platform, age of account, ring size."""
    from flows.learning import appraisal

    rows = appraisal.evaluate_command(
        context.obj.settings(), truth=truth, now=datetime.now(UTC)
    )
    frame.print_rows(rows, as_json=as_json)


@frame.app.command()
def backtest(
    context: typer.Context,
    *,
    since: Annotated[str, typer.Option("--from", help="First night.", metavar="DAY")],
    until: Annotated[str, typer.Option("--to", help="Last night.", metavar="DAY")],
    by: Annotated[
        str,
        typer.Option(
            help="What was known when: crawled (true), or published (pretends that all was crawled at once).",
            metavar="crawled|published",
        ),
    ] = "crawled",
    every: Annotated[int, typer.Option(help="Days from night to night.")] = 1,
    as_json: frame.Json = False,
) -> None:
    """What past nights would have listed, and how long before the first linked complaint."""
    from flows import backtest as module

    rows = module.backtest_command(
        context.obj.settings(),
        first=frame.moment(since, "--from"),
        last=frame.moment(until, "--to"),
        by=by,
        every_days=every,
    )
    frame.print_rows(rows, as_json=as_json)


def _tell(facts: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(facts, ensure_ascii=False, default=str))
        return
    for name, value in facts.items():
        if isinstance(value, list):
            for each in value:
                typer.echo(f"{name}  {each}")
            continue
        shown = (
            json.dumps(value, ensure_ascii=False, sort_keys=True)
            if isinstance(value, dict)
            else value
        )
        typer.echo(f"{name}  {shown}")
