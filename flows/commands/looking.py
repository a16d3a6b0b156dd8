"""What is published, for people and programs."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from flows.commands import frame


@frame.app.command()
def explain(
    context: typer.Context,
    identity: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="A seller, network, case or watchlist entry."
        ),
    ],
    *,
    as_json: frame.Json = False,
) -> None:
    """Show why a seller, network, case or entry is what it is, and what a network falls apart without."""
    from flows import log
    from flows.looking import dossier, explanation

    found = explanation.explain(context.obj.settings().home, identity)
    typer.echo(
        json.dumps(found, ensure_ascii=False, default=str)
        if as_json
        else log.visible(dossier.render(found))
    )


@frame.app.command()
def report(
    context: typer.Context,
    network_id: Annotated[
        str, typer.Argument(metavar="NETWORK_ID", help="A network of the snapshot.")
    ],
    *,
    out: Annotated[
        Path | None,
        typer.Option(help="The file; default: NETWORK_ID.html here.", metavar="FILE"),
    ] = None,
) -> None:
    """Write what explain shows of a network as one offline HTML file."""
    from flows.looking import explanation
    from flows.looking import report as pages

    found = explanation.explain(context.obj.settings().home, network_id)
    path = out or Path(f"{network_id}.html")
    pages.write(found, path)
    typer.echo(str(path))


@frame.app.command()
def query(
    context: typer.Context,
    sql: Annotated[
        str, typer.Argument(help="A query over the views of schema analyst.")
    ],
    *,
    as_json: frame.Json = False,
) -> None:
    """Query the published snapshot, read-only."""
    from flows.looking import explanation

    rows = explanation.query(context.obj.settings().home, sql)
    frame.print_rows(rows, as_json=as_json)


@frame.app.command()
def status(
    context: typer.Context,
    *,
    max_age: Annotated[
        float | None,
        typer.Option(help="End with 4 if nothing was published for so many hours."),
    ] = None,
    as_json: frame.Json = False,
) -> None:
    """Show the last runs and how fresh the published data is."""
    from flows.looking import explanation

    found, code = explanation.status(
        context.obj.settings().home, now=datetime.now(UTC), max_age_hours=max_age
    )
    typer.echo(
        json.dumps(found, default=str) if as_json else explanation.render_status(found)
    )
    raise typer.Exit(code)


@frame.app.command()
def export(
    context: typer.Context,
    *,
    file_format: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            help="csv, xlsx, jsonl, parquet, stix, misp, ftm, graphml, changes, summary; default: all.",
            metavar="FORMAT",
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="Where to.", metavar="DIR")] = Path(
        "watchlist"
    ),
) -> None:
    """Copy the current watchlist release; who copied what is noted in work/access.jsonl."""
    import getpass

    from flows.releases import access, exports

    home = context.obj.settings().home
    if home.latest_release.exists():
        release = home.latest_release.resolve().name
        access.note(
            home,
            action="export",
            what=f"{release} {','.join(file_format or ['all'])}",
            who=getpass.getuser(),
            now=datetime.now(UTC),
        )
    for path in exports.export(home, out, formats=file_format or []):
        typer.echo(str(path))


@frame.app.command()
def verify(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="A release, or a copy of its files.")
    ],
    *,
    key: Annotated[
        Path | None,
        typer.Option(help="The publisher's public Ed25519 key (PEM).", metavar="FILE"),
    ] = None,
) -> None:
    """Check a release against its manifest, and the manifest against its signature."""
    from flows import log
    from flows.releases import exports

    for name in exports.verify(directory, key):
        typer.echo(name)
    log.say("all of these are as published" + ("" if key else "; no signature asked"))
