"""The whole job."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.commands import frame


@frame.app.command()
def nightly(
    context: typer.Context,
    *,
    crawling: Annotated[
        bool,
        typer.Option(
            "--crawl/--no-crawl", help="Crawl first, or work on what is there."
        ),
    ] = True,
    as_of: Annotated[
        str | None,
        typer.Option(
            help="Knowledge limit: nothing crawled or decided later counts. Default: now.",
            metavar="TIME",
        ),
    ] = None,
    wait: Annotated[
        bool, typer.Option(help="Wait for another run instead of ending with 4.")
    ] = False,
    use_sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Crawl the bundled invented platforms.")
    ] = False,
    sandbox_state: Annotated[
        list[str] | None,
        typer.Option(
            help="A sandbox source's bad state.", metavar="SOURCE=STATE", hidden=True
        ),
    ] = None,
    as_json: frame.Json = False,
) -> None:
    """Run the whole job: crawl, extract, link, score, publish, release."""
    from flows import log
    from flows.nights import night, priority

    started_at = datetime.now(UTC)
    settings = context.obj.settings(
        default_home=frame.SANDBOX_HOME if use_sandbox else Path("var")
    )
    priority.give_way()
    outcome = night.run(
        settings,
        as_of=frame.moment(as_of, "--as-of") if as_of else started_at,
        started_at=started_at,
        is_crawling=crawling,
        use_sandbox=use_sandbox,
        sandbox_states=sandbox_state or (),
        wait=wait,
    )
    typer.echo(
        json.dumps(outcome.facts, ensure_ascii=False)
        if as_json
        else log.visible(outcome.summary)
    )
    raise typer.Exit(outcome.exit_code)
