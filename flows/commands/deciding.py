"""What people decide: filed for the next night, honoured by the lookup at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from flows.commands import frame


@frame.app.command()
def verdict(
    context: typer.Context,
    identity: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="A seller, network, case, indicator (kind:value) or entry.",
        ),
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
    from flows.deciding import decisions

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
    from flows.deciding import decisions

    typer.echo(
        decisions.allow(
            context.obj.settings().home,
            value,
            note=note,
            author=by,
            now=datetime.now(UTC),
        )
    )


Note = Annotated[str, typer.Option(help="Why.")]
By = Annotated[str, typer.Option(help="Who decides.")]
Now = Annotated[
    bool, typer.Option("--now", help="Release at once instead of with the next night.")
]


@frame.app.command()
def revoke(
    context: typer.Context,
    entry: Annotated[str, typer.Argument(metavar="ENTRY_ID", help="An active entry.")],
    *,
    note: Note,
    by: By,
    now: Now = False,
) -> None:
    """Take an entry off the list; it stays off until a later fraud verdict."""
    from flows.releases import revocation

    typer.echo(
        revocation.revoke(
            context.obj.settings(),
            entry,
            note=note,
            author=by,
            is_urgent=now,
            now=datetime.now(UTC),
        )
    )


@frame.app.command()
def appeal(
    context: typer.Context,
    entry: Annotated[
        str, typer.Argument(metavar="ENTRY_ID", help="An entry, listed now or before.")
    ],
    *,
    text: Annotated[str, typer.Option(help="What the subject says.")],
    by: Annotated[str, typer.Option(help="Who files it.")] = "subject",
) -> None:
    """Open an appeal against an entry; an answer is due within 14 days."""
    from flows.deciding import decisions

    home = context.obj.settings().home
    typer.echo(
        decisions.appeal(home, entry, text=text, author=by, now=datetime.now(UTC))
    )


@frame.app.command()
def uphold(
    context: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="APPEAL_ID")],
    *,
    note: Note,
    by: By,
    now: Now = False,
) -> None:
    """Grant an appeal: its entry leaves the list and stays off until a later fraud verdict."""
    from flows.deciding import decisions
    from flows.releases import revocation

    settings = context.obj.settings()
    line = decisions.answer(
        settings.home,
        identity,
        "upheld",
        note=note,
        author=by,
        now=datetime.now(UTC),
        is_urgent=now,
    )
    typer.echo(
        revocation.release_now(settings, what=f"revocation by {identity}")
        if now
        else line
    )


@frame.app.command()
def reject(
    context: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="APPEAL_ID")],
    *,
    note: Note,
    by: By,
) -> None:
    """Turn an appeal down: its entry stays."""
    from flows.deciding import decisions

    typer.echo(
        decisions.answer(
            context.obj.settings().home,
            identity,
            "rejected",
            note=note,
            author=by,
            now=datetime.now(UTC),
        )
    )


@frame.app.command()
def appeals(context: typer.Context, *, as_json: frame.Json = False) -> None:
    """List appeals: open ones first, the one due soonest on top."""
    from flows.deciding import decisions

    now = datetime.now(UTC)
    rows = decisions.appeals(context.obj.settings().home)
    frame.print_rows(
        [
            {**row, "is_overdue": row["state"] == "open" and row["due_at"] < now}
            for row in rows
        ],
        as_json=as_json,
    )


@frame.app.command()
def notice(
    context: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="APPEAL_ID")],
) -> None:
    """Write what the subject of an appeal is told; nothing of other people is in it."""
    from flows.deciding import notices

    typer.echo(notices.notice(context.obj.settings().home, identity))
