"""What brings posts in, and the sandbox that serves invented ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from flows import log
from flows.commands import frame


@frame.app.command()
def crawl(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="Default: all configured."),
    ] = None,
    *,
    wait: Annotated[
        bool, typer.Option(help="Wait for another run instead of ending with 4.")
    ] = False,
    as_json: frame.Json = False,
) -> None:
    """Crawl the configured live sources into the working database."""
    from flows.collecting import crawl as crawling

    settings = context.obj.settings()
    counts, code = crawling.crawl_command(
        settings, sources or [], started_at=datetime.now(UTC), wait=wait
    )
    frame.print_rows(counts, as_json=as_json)
    raise typer.Exit(code)


@frame.app.command("import")
def import_files(
    context: typer.Context,
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...",
            help="JSONL, CSV or Parquet, also .gz and .zst; - is stdin.",
        ),
    ],
    *,
    source: Annotated[
        str | None,
        typer.Option(
            help="The files are this platform's own responses (JSON, JSONP, HTML, CSV, stream, HAR, zip, folder), not import records.",
            metavar="NAME",
        ),
    ] = None,
    column_map: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            help="With --source: a vendor's flat table; which column is which field, or a TOML file that says so.",
            metavar="COLUMN=FIELD",
        ),
    ] = None,
    wait: Annotated[
        bool, typer.Option(help="Wait for another run instead of ending with 4.")
    ] = False,
    as_json: frame.Json = False,
) -> None:
    """Load posts from files. Bad records go to analyst.rejects; the rest load."""
    from flows.collecting import imports

    settings = context.obj.settings()
    counts, code = imports.import_command(
        settings,
        files,
        source=source,
        column_map=column_map or [],
        started_at=datetime.now(UTC),
        wait=wait,
    )
    if as_json:
        typer.echo(json.dumps(counts))
    else:
        typer.echo(
            "  ".join(
                f"{name} {counts[name]:,}"
                for name in ("read", "new", "updated", "unchanged", "rejected")
            )
        )
    raise typer.Exit(code)


@frame.app.command()
def replay(
    context: typer.Context,
    *,
    source: Annotated[
        str | None, typer.Option(help="Only this source.", metavar="NAME")
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(help="Only what was fetched from then on.", metavar="TIME"),
    ] = None,
    wait: Annotated[
        bool, typer.Option(help="Wait for another run instead of ending with 4.")
    ] = False,
    as_json: frame.Json = False,
) -> None:
    """Read the evidence archive again with today's parsers; what they read otherwise replaces what was read then."""
    from flows.collecting import replay as replays

    rows, code = replays.replay_command(
        context.obj.settings(),
        source=source,
        since=frame.moment(since, "--since") if since else None,
        started_at=datetime.now(UTC),
        wait=wait,
    )
    frame.print_rows(rows, as_json=as_json)
    raise typer.Exit(code)


@frame.app.command()
def sandbox(
    port: Annotated[
        int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.")
    ] = 0,
    seed: Annotated[int, typer.Option(help="Which invented market.")] = 1,
    state: Annotated[
        list[str] | None,
        typer.Option(
            help="A source's bad state, e.g. heimao=blocked.", metavar="SOURCE=STATE"
        ),
    ] = None,
) -> None:
    """Serve the bundled sandbox platforms on loopback until interrupted."""
    from flows.collecting import sandbox as platforms

    platforms.check_states(state or [], is_served=True)
    first_day = platforms.epoch(datetime.now(UTC))
    with platforms.serving(
        seed=seed, first_day=first_day, port=port, states=state or []
    ) as base:
        typer.echo(base)
        log.say("serving invented platforms; stop with Ctrl-C")
        platforms.wait_until_interrupted()
