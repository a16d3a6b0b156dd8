"""What a text says."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from flows.commands import frame


@frame.app.command()
def read(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="The text of a post; - is stdin.")],
    *,
    pack: Annotated[
        str | None,
        typer.Option(help="The scheme to read for; else that of the settings."),
    ] = None,
    as_json: frame.Json = False,
) -> None:
    """Show what is read from a text: contacts, amounts, signals, stance."""
    from flows.reading import reader

    content = sys.stdin.read() if text == "-" else text
    found = reader.read_text(content, pack_name=pack or context.obj.settings().pack)
    typer.echo(
        json.dumps(found, ensure_ascii=False)
        if as_json
        else reader.render(content, found)
    )
