"""The home and its settings."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

from flows import home as home_module
from flows import log
from flows import settings as settings_module
from flows.commands import frame
from warehouse import errors


@frame.app.command()
def init(
    directory: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Where to write it.")
    ] = Path(),
) -> None:
    """Write a commented puppetwatch.toml."""
    target = directory / "puppetwatch.toml"
    if target.exists():
        message = f"{target} is already there and was left alone. Delete it or name another directory."
        raise errors.InputError(message)
    directory.mkdir(parents=True, exist_ok=True)
    example = (
        resources.files("flows").joinpath("example.toml").read_text(encoding="utf-8")
    )
    home_module.write_atomically(target, example)
    log.say(
        f"wrote {target}. Next: put in who crawls (crawl.contact), then `puppetwatch nightly`."
    )


@frame.app.command()
def settings(context: typer.Context, *, as_json: frame.Json = False) -> None:
    """Print the settings in force."""
    effective = settings_module.effective(context.obj.settings())
    if as_json:
        typer.echo(json.dumps(effective, ensure_ascii=False))
        return
    for name, value in effective.items():
        typer.echo(f"{name} = {json.dumps(value, ensure_ascii=False)}")


@frame.app.command()
def migrate(
    context: typer.Context,
    *,
    list_only: Annotated[
        bool, typer.Option("--list", help="Only show which are applied.")
    ] = False,
    as_json: frame.Json = False,
) -> None:
    """Bring the working database to this version's schema."""
    from flows import explanation

    frame.print_rows(
        explanation.migrate(context.obj.settings().home, list_only=list_only),
        as_json=as_json,
    )
