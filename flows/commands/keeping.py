"""The home and its settings."""

from __future__ import annotations

import json
from datetime import UTC, datetime
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
    from flows.looking import explanation

    frame.print_rows(
        explanation.migrate(context.obj.settings().home, list_only=list_only),
        as_json=as_json,
    )


@frame.app.command()
def backup(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file to write, e.g. home.zip.")
    ],
    *,
    evidence: Annotated[
        bool, typer.Option("--evidence", help="Also what sources answered (large).")
    ] = False,
    wait: Annotated[bool, typer.Option(help="Wait for a run that is writing.")] = False,
    as_json: frame.Json = False,
) -> None:
    """Write what cannot be made again into one file: posts, decisions, lineage, releases, hash key. Keep it secret."""
    from flows.keeping import backup as backups

    done = backups.backup(
        context.obj.settings().home,
        file,
        now=datetime.now(UTC),
        with_evidence=evidence,
        wait=wait,
    )
    if as_json:
        typer.echo(json.dumps(done))
        return
    typer.echo(
        f"{done['file']}: {done['bytes']:,} bytes, {sum(done['rows'].values()):,} rows, {done['members']:,} files"
    )
    log.say("it holds the key of the keyed hashes: keep it where only you can read it")


@frame.app.command()
def restore(
    context: typer.Context,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="As written by `backup`.")
    ],
    *,
    wait: Annotated[
        bool, typer.Option(help="Wait for another process at this home.")
    ] = False,
    as_json: frame.Json = False,
) -> None:
    """Make a home of a backup; the next night goes on with the same ids, lineage, verdicts and lists."""
    from flows.keeping import backup as backups

    done = backups.restore(context.obj.settings().home, file, wait=wait)
    if as_json:
        typer.echo(json.dumps(done))
        return
    typer.echo(
        f"{done['home']} is as it was at {done['written_at']}: {sum(done['rows'].values()):,} rows, "
        f"release {done['latest_release'] or 'none'}"
    )


@frame.app.command()
def forget(
    context: typer.Context,
    seller_id: Annotated[
        str, typer.Argument(metavar="SELLER_ID", help="For example douyin:MS4wLjAB.")
    ],
    *,
    by: Annotated[
        str, typer.Option(help="Who erases it; default: the account you work under.")
    ] = "",
    note: Annotated[str, typer.Option(help="Why; kept.")] = "asked to be forgotten",
    wait: Annotated[bool, typer.Option(help="Wait for a run that is writing.")] = False,
    as_json: frame.Json = False,
) -> None:
    """Erase one seller: posts, what was read from them, archived answers, decisions; the next night's snapshot and list."""
    import getpass

    from flows.keeping import erasure

    done = erasure.forget(
        context.obj.settings().home,
        seller_id,
        author=by or getpass.getuser(),
        note=note,
        now=datetime.now(UTC),
        wait=wait,
    )
    if as_json:
        typer.echo(json.dumps(done))
        return
    typer.echo(
        f"{done['seller_id']} is erased: {done['posts']:,} posts, {done['answers']:,} archived answers, "
        f"{sum(done['rows'].values()):,} rows"
    )
    log.say(
        "snapshots that are out still show it until the next night replaces them and pruning removes the rest"
    )
