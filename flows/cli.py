"""The command line. One thin function per command: read the arguments, call the stage, print the result.

Messages go to stderr, results to stdout. Everything heavy is imported inside the commands so that ``--help`` answers at
once. Exit codes are CONTRACT §2's: 0 done, 1 our fault, 2 the caller's input, 3 an outside service, 4 stopped by a
quality minimum or a lock, 5 published with red sources.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows import home as home_module
from flows import log
from flows import settings as settings_module
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Where the sandbox lives unless --home says otherwise.
SANDBOX_HOME = Path("var/sandbox")

#: A time without an offset is the platforms' own (CONTRACT §3).
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

app = typer.Typer(
    name="puppetwatch",
    help="Find sellers who live from agency fees for digital humans, join them into networks, score and list them.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=(
        "Start with `puppetwatch nightly --sandbox`: the whole job on invented platforms, no network needed. "
        "Exit codes: 0 done, 1 our fault, 2 your input, 3 an outside service, 4 stopped by a minimum or a lock, "
        "5 published with red sources."
    ),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Common:
    """What stands before the command."""

    home: Path | None
    config: Path | None

    def settings(self, *, default_home: Path = Path("var")) -> settings_module.Settings:
        """Settings in force."""
        return settings_module.load(
            home=self.home, config=self.config, default_home=default_home
        )


@app.callback()
def common(
    context: typer.Context,
    home: Annotated[
        Path | None,
        typer.Option(
            help="Home directory. Default: $PUPPETWATCH_HOME, else ./var.",
            metavar="DIR",
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            help="Configuration. Default: ./puppetwatch.toml.", metavar="FILE"
        ),
    ] = None,
    *,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="More messages on stderr.")
    ] = False,
) -> None:
    """Options that every command takes."""
    log.configure(verbose=verbose)
    context.obj = Common(home=home, config=config)


Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


@app.command()
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
    example = Path(__file__).with_name("example.toml").read_text(encoding="utf-8")
    home_module.write_atomically(target, example)
    log.say(
        f"wrote {target}. Next: put in who crawls (crawl.contact), then `puppetwatch nightly`."
    )


@app.command()
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
    from flows import sandbox as platforms

    first_day = platforms.epoch(datetime.now(UTC))
    with platforms.serving(
        seed=seed, first_day=first_day, port=port, states=state or []
    ) as base:
        typer.echo(base)
        log.say("serving invented platforms; stop with Ctrl-C")
        platforms.wait_until_interrupted()


@app.command()
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
    as_json: Json = False,
) -> None:
    """Crawl the configured live sources into the working database."""
    from flows import collect

    settings = context.obj.settings()
    counts, code = collect.crawl_command(
        settings, sources or [], started_at=datetime.now(UTC), wait=wait
    )
    _print_rows(counts, as_json=as_json)
    raise typer.Exit(code)


@app.command("import")
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
    as_json: Json = False,
) -> None:
    """Load posts from files. Bad records go to analyst.rejects; the rest load."""
    from flows import imports

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


@app.command()
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
    as_json: Json = False,
) -> None:
    """Read the evidence archive again with today's parsers; what they read otherwise replaces what was read then."""
    from flows import replay as replays

    rows, code = replays.replay_command(
        context.obj.settings(),
        source=source,
        since=_moment(since, "--since") if since else None,
        started_at=datetime.now(UTC),
        wait=wait,
    )
    _print_rows(rows, as_json=as_json)
    raise typer.Exit(code)


@app.command()
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
    as_json: Json = False,
) -> None:
    """Run the whole job: crawl, extract, link, score, publish, release."""
    from flows import night

    started_at = datetime.now(UTC)
    settings = context.obj.settings(
        default_home=SANDBOX_HOME if use_sandbox else Path("var")
    )
    outcome = night.run(
        settings,
        as_of=_moment(as_of, "--as-of") if as_of else started_at,
        started_at=started_at,
        is_crawling=crawling,
        use_sandbox=use_sandbox,
        sandbox_states=sandbox_state or (),
        wait=wait,
    )
    typer.echo(
        json.dumps(outcome.facts, ensure_ascii=False) if as_json else outcome.summary
    )
    raise typer.Exit(outcome.exit_code)


@app.command()
def read(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="The text of a post; - is stdin.")],
    *,
    as_json: Json = False,
) -> None:
    """Show what is read from a text: contacts, amounts, signals, stance."""
    from flows import reader

    content = sys.stdin.read() if text == "-" else text
    found = reader.read_text(content, pack_name=context.obj.settings().pack)
    typer.echo(
        json.dumps(found, ensure_ascii=False)
        if as_json
        else reader.render(content, found)
    )


@app.command()
def explain(
    context: typer.Context,
    identity: Annotated[
        str, typer.Argument(metavar="ID", help="A seller, network or watchlist entry.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Show why a seller, network or entry is what it is."""
    from flows import explanation

    found = explanation.explain(context.obj.settings().home, identity)
    typer.echo(
        json.dumps(found, ensure_ascii=False, default=str)
        if as_json
        else explanation.render(found)
    )


@app.command()
def verdict(
    context: typer.Context,
    identity: Annotated[
        str, typer.Argument(metavar="ID", help="A seller, network, case or entry.")
    ],
    decision: Annotated[str, typer.Argument(metavar="fraud|benign|unsure")],
    *,
    note: Annotated[str, typer.Option(help="Why.")],
    by: Annotated[str, typer.Option(help="Who decides.")],
    members: Annotated[
        str | None,
        typer.Option(
            help="For a network: the members it also marks, `all` or ids.",
            metavar="all|ID,...",
        ),
    ] = None,
) -> None:
    """Record a person's decision; the next night counts it."""
    from flows import decisions

    home = context.obj.settings().home
    for line in decisions.verdict(
        home,
        identity,
        decision,
        note=note,
        author=by,
        members=members,
        now=datetime.now(UTC),
    ):
        typer.echo(line)


@app.command()
def allow(
    context: typer.Context,
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help="kind:value, e.g. phone:4000000000.")
    ],
    *,
    note: Annotated[str, typer.Option(help="Why.")],
    by: Annotated[str, typer.Option(help="Who decides.")],
) -> None:
    """Clear an indicator: it joins nobody and is never listed."""
    from flows import decisions

    typer.echo(
        decisions.allow(
            context.obj.settings().home,
            value,
            note=note,
            author=by,
            now=datetime.now(UTC),
        )
    )


@app.command()
def query(
    context: typer.Context,
    sql: Annotated[
        str, typer.Argument(help="A query over the views of schema analyst.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Query the published snapshot, read-only."""
    from flows import explanation

    rows = explanation.query(context.obj.settings().home, sql)
    _print_rows(rows, as_json=as_json)


@app.command()
def status(
    context: typer.Context,
    *,
    max_age: Annotated[
        float | None,
        typer.Option(help="End with 4 if nothing was published for so many hours."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show the last runs and how fresh the published data is."""
    from flows import explanation

    found, code = explanation.status(
        context.obj.settings().home, now=datetime.now(UTC), max_age_hours=max_age
    )
    typer.echo(
        json.dumps(found, default=str) if as_json else explanation.render_status(found)
    )
    raise typer.Exit(code)


@app.command()
def export(
    context: typer.Context,
    *,
    file_format: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            help="csv, jsonl, parquet, graphml; default: all.",
            metavar="FORMAT",
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="Where to.", metavar="DIR")] = Path(
        "watchlist"
    ),
) -> None:
    """Copy the current watchlist release."""
    from flows import explanation

    for path in explanation.export(
        context.obj.settings().home, out, formats=file_format or []
    ):
        typer.echo(str(path))


@app.command()
def migrate(
    context: typer.Context,
    *,
    list_only: Annotated[
        bool, typer.Option("--list", help="Only show which are applied.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring the working database to this version's schema."""
    from flows import explanation

    _print_rows(
        explanation.migrate(context.obj.settings().home, list_only=list_only),
        as_json=as_json,
    )


@app.command()
def settings(context: typer.Context, *, as_json: Json = False) -> None:
    """Print the settings in force."""
    effective = settings_module.effective(context.obj.settings())
    if as_json:
        typer.echo(json.dumps(effective, ensure_ascii=False))
        return
    for name, value in effective.items():
        typer.echo(f"{name} = {json.dumps(value, ensure_ascii=False)}")


def _moment(text: str, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"{name}: expected an ISO 8601 time such as 2026-11-23T02:00:00+08:00, found {text!r}."
        raise errors.InputError(message) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(
        UTC
    )


def _print_rows(rows: Iterable[dict[str, Any]], *, as_json: bool) -> None:
    listed = list(rows)
    if as_json:
        typer.echo(json.dumps(listed, ensure_ascii=False, default=str))
        return
    if not listed:
        log.say("no rows")
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(*listed[0], box=box.SIMPLE_HEAD)
    for row in listed:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    width = None if sys.stdout.isatty() else 200
    Console(width=width, highlight=False, markup=False, soft_wrap=False).print(table)


def main() -> None:
    """The entry point: errors made for people become one message and their exit code."""
    try:
        app()
    except errors.PuppetwatchError as error:
        log.say(f"puppetwatch: {error}")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
