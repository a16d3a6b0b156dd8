"""What people decide, filed for the next night and honoured by the lookup at once.

Verdicts on sellers, networks, cases and entries; allowed indicators; appeals and their answers; revocations. Nothing here
waits for a run or writes the database.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flows.deciding import docket, inbox
from flows.looking import explanation
from warehouse import contracts, errors

if TYPE_CHECKING:
    from datetime import datetime

    import polars as pl

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
    """File that an indicator, or ``seller:ID``, is cleared; the value is made canonical.

    Raises:
        InputError: the value is not ``kind:value`` of a known kind.
    """
    import polars as pl

    from features.indicators import canonical

    kind, _, rest = (part.strip() for part in value.partition(":"))
    kinds = (*canonical.KINDS, "seller")
    if kind not in kinds or not rest:
        message = f"Expected kind:value, for example phone:4000000000, found {value!r}. Kinds: {', '.join(kinds)}."
        raise errors.InputError(message)
    if kind != "seller":
        rest = pl.select(canonical.value_of(kind, pl.lit(rest))).item() or rest
    target = f"{kind}:{rest}"
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


def appeal(
    home: home_module.Home,
    entry_id: str,
    *,
    text: str,
    author: str,
    now: datetime,
) -> str:
    """File an objection against an entry, listed now or before.

    Returns:
        The appeal's id and when an answer is due.

    Raises:
        InputError: no such entry, or no text.
    """
    row = entry(home, entry_id)
    filed = inbox.file_decision(
        home,
        kind="appeal",
        target=entry_id,
        verdict=None,
        note=text,
        author=author,
        decided_at=now,
        entity=row["entity"],
        value=row["value"],
    )
    due = f"{now + docket.ANSWER_WITHIN:%Y-%m-%d}"
    return f"{filed.appeal_id} against {entry_id} is open; an answer is due by {due}"


def answer(
    home: home_module.Home,
    appeal_id: str,
    verdict: str,
    *,
    note: str,
    author: str,
    now: datetime,
    is_urgent: bool = False,
) -> str:
    """File the answer to an open appeal: ``upheld`` takes the entry off, ``rejected`` leaves it.

    Raises:
        InputError: no such appeal, or it was answered already.
    """
    found = appeals(home, appeal_id)
    if not found:
        message = f"{appeal_id!r} is no appeal. `puppetwatch appeals` lists them; nothing was filed."
        raise errors.InputError(message)
    if found[0]["state"] != "open":
        message = f"{appeal_id} was {found[0]['state']} by {found[0]['decided_by']} already; nothing was filed. A new appeal can be opened."
        raise errors.InputError(message)
    inbox.file_decision(
        home,
        kind="answer",
        target=appeal_id,
        verdict=verdict,
        note=note,
        author=author,
        decided_at=now,
        entity=found[0]["entity"],
        value=found[0]["value"],
        is_urgent=is_urgent,
    )
    effect = (
        "the lookup shows the entry no more, the next release does not hold it"
        if verdict == "upheld"
        else "the entry stays"
    )
    return f"{appeal_id} is {verdict}: {effect}"


def appeals(
    home: home_module.Home, appeal_id: str | None = None
) -> list[dict[str, Any]]:
    """The appeals, those that wait in the inbox included: open ones first, the one due soonest first.

    Args:
        home: Where they are.
        appeal_id: Only this one.

    Returns:
        Rows of analyst.appeals.
    """
    known: pl.DataFrame = contracts.APPEALS.empty()
    if home.snapshot.exists():
        rows = explanation.query(home, "select * from analyst.appeals")
        known = known.extend(_frame(rows))
    merged = docket.appeals(known, inbox.unreleased(home))
    listed = [row for row in merged.to_dicts() if appeal_id in {None, row["appeal_id"]}]
    return sorted(listed, key=lambda row: (row["state"] != "open", row["due_at"], row["appeal_id"]))  # fmt: skip


def entry(home: home_module.Home, entry_id: str) -> dict[str, Any]:
    """A watchlist entry of the current snapshot, listed now or before.

    Raises:
        InputError: there is none of that id.
    """
    rows = explanation.query(
        home, "select * from analyst.watchlist where entry_id = ?", [entry_id]
    )
    if not rows:
        message = f"{entry_id!r} is no watchlist entry of the current snapshot; nothing was filed. analyst.watchlist lists them."
        raise errors.InputError(message)
    return rows[0]


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(rows, schema=dict(contracts.APPEALS.columns))


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
    kind, _, value = identity.partition(":")
    if explanation.query(
        home,
        "select 1 from analyst.indicators where kind = ? and value = ?",
        [kind, value],
    ):
        return identity, []
    message = (
        f"{identity!r} is no seller, network, case, indicator (kind:value) or entry of the current snapshot; "
        "nothing was filed."
    )
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
