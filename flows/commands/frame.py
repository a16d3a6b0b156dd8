"""The command line's frame: the application, what stands before every command, and how results are printed.

Each module of this folder holds the commands of one noun and registers them on ``app`` when it is imported; the order of
the imports in ``flows.cli`` is the order of ``--help``. A command reads its arguments, calls the stage, prints the
result. Everything heavy is imported inside the commands so that ``--help`` answers at once.
"""

from __future__ import annotations

import dataclasses
import json
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

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


def moment(text: str, name: str) -> datetime:
    """A time of an option, UTC; without an offset it is the platforms' own (CONTRACT §3).

    Raises:
        InputError: it is no ISO 8601 time.
    """
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        message = f"{name}: expected an ISO 8601 time such as 2026-11-23T02:00:00+08:00, found {text!r}."
        raise errors.InputError(message) from None
    return (found if found.tzinfo else found.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def print_rows(rows: Iterable[dict[str, Any]], *, as_json: bool) -> None:
    """Rows as a table for people, or as JSON."""
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
        table.add_row(*("" if value is None else log.visible(str(value)) for value in row.values()))  # fmt: skip
    width = None if sys.stdout.isatty() else 200
    Console(width=width, highlight=False, markup=False, soft_wrap=False).print(table)
