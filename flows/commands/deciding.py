"""What people decide; filed for the next night."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.commands import frame


@frame.app.command()
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


@frame.app.command()
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
