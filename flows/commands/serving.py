"""The lookup: whose is a contact?"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from flows.commands import frame
from warehouse import errors


@frame.app.command()
def lookup(
    context: typer.Context,
    texts: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TEXT]...", help="Free text, or one value."),
    ] = None,
    *,
    file: Annotated[
        str | None,
        typer.Option(help="One text a line; - is stdin.", metavar="F"),
    ] = None,
    as_json: frame.Json = False,
) -> None:
    """Read contacts in free text, however disguised, and say whose they are on the watchlist."""
    from flows import log
    from flows.service import serving

    if not texts and file is None:
        message = "Nothing to look up: give a TEXT, or --file F."
        raise errors.InputError(message)
    asked = [*(texts or []), *(serving.lines(file) if file is not None else [])]
    told = serving.look_up(context.obj.settings().home, asked)
    typer.echo(
        json.dumps(told, ensure_ascii=False)
        if as_json
        else log.visible(serving.render(told))
    )


@frame.app.command()
def serve(
    context: typer.Context,
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 8351,
    name: Annotated[
        list[str] | None,
        typer.Option(help="A name under which it may be asked too.", metavar="HOST"),
    ] = None,
    token_env: Annotated[
        str,
        typer.Option(
            help="Variable that holds the bearer token; needed off loopback.",
            metavar="NAME",
        ),
    ] = "PUPPETWATCH_TOKEN",  # noqa: S107  (a name, no token)
) -> None:
    """Serve the lookup over HTTP: /v1/lookup, /v1/lookup/batch, /v1/entries/ID, /health, /openapi.json."""
    from flows.service import serving

    serving.serve(
        context.obj.settings().home,
        host=host,
        port=port,
        names=name or [],
        token_variable=token_env,
    )
