"""What people decide, filed for the next night: verdicts on sellers, networks, cases and entries; allowed indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows import explanation, inbox
from warehouse import errors

if TYPE_CHECKING:
    from datetime import datetime

    from flows import home as home_module


def verdict(
    home: home_module.Home,
    identity: str,
    decision: str,
    *,
    note: str,
    author: str,
    members: str | None,
    now: datetime,
) -> list[str]:
    """File a verdict, and one per member where the reviewer confirmed members too.

    Args:
        home: Where the thing decided on is published.
        identity: A seller, network, case or entry id of the current snapshot.
        decision: ``fraud``, ``benign`` or ``unsure``.
        note: Why; kept.
        author: Who; kept.
        members: For a network, ``all`` or a comma-separated list of its sellers; null marks only the case.
        now: When it was decided.

    Returns:
        One line per decision filed.

    Raises:
        InputError: unknown decision or id, or members that are not the network's.
    """
    if decision not in inbox.VERDICTS:
        message = f"Unknown verdict {decision!r}. Known: {', '.join(inbox.VERDICTS)}."
        raise errors.InputError(message)
    target, sellers = _target(home, identity)
    chosen = _members(target, sellers, members)
    lines = []
    for each in [target, *chosen]:
        inbox.file_decision(
            home,
            kind="verdict",
            target=each,
            verdict=decision,
            note=note,
            author=author,
            decided_at=now,
        )
        lines.append(f"{decision} for {each} is filed; the next night counts it")
    return lines


def allow(
    home: home_module.Home, value: str, *, note: str, author: str, now: datetime
) -> str:
    """File that an indicator is cleared.

    Raises:
        InputError: the value is not ``kind:value``.
    """
    kind, _, rest = value.partition(":")
    if not kind.strip() or not rest.strip():
        message = f"Expected kind:value, for example phone:4000000000, found {value!r}."
        raise errors.InputError(message)
    target = f"{kind.strip()}:{rest.strip()}"
    inbox.file_decision(
        home,
        kind="allow",
        target=target,
        verdict=None,
        note=note,
        author=author,
        decided_at=now,
    )
    return f"{target} is allowed from the next night on"


def _target(home: home_module.Home, identity: str) -> tuple[str, list[str]]:
    """The id that a verdict is kept under, and the members if it is a network."""
    entries = explanation.query(
        home,
        "select entity, value from analyst.watchlist where entry_id = ?",
        [identity],
    )
    if entries:
        entity, value = entries[0]["entity"], entries[0]["value"]
        return (value if entity == "seller" else f"{entity}:{value}"), []
    cases = explanation.query(
        home,
        "select network_id, seller_id from analyst.cases where case_id = ?",
        [identity],
    )
    if cases:
        identity = cases[0]["network_id"] or cases[0]["seller_id"]
    if explanation.query(
        home, "select 1 from analyst.sellers where seller_id = ?", [identity]
    ):
        return identity, []
    sellers = explanation.query(
        home,
        "select seller_id from analyst.sellers where network_id = ? order by 1",
        [identity],
    )
    if sellers:
        return identity, [row["seller_id"] for row in sellers]
    message = f"{identity!r} is no seller, network, case or entry of the current snapshot; nothing was filed."
    raise errors.InputError(message)


def _members(target: str, sellers: list[str], members: str | None) -> list[str]:
    if members is None:
        return []
    if not sellers:
        message = f"--members needs a network; {target} is none. Leave it out."
        raise errors.InputError(message)
    if members == "all":
        return sellers
    chosen = [each.strip() for each in members.split(",") if each.strip()]
    strangers = sorted(set(chosen) - set(sellers))
    if strangers:
        message = f"{strangers[0]} is not a member of {target}; nothing was filed. Members: {', '.join(sellers[:10])}."
        raise errors.InputError(message)
    return chosen
