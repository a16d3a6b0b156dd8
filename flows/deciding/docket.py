"""Decisions on their way from the inbox into the working database.

In: filed decisions and lists of labels. Out: rows of contracts.VERDICTS, ALLOWLIST, APPEALS, REVOCATIONS and LABELS, each
once however often it is filed. One transaction, and the files are put aside after it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from flows import log
from flows.deciding import inbox
from flows.learning import labelling
from warehouse import connect, contracts, load

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from flows import home as home_module

#: An appeal is to be answered within this time.
ANSWER_WITHIN = timedelta(days=14)


def apply(
    connection: duckdb.DuckDBPyConnection, home: home_module.Home
) -> dict[str, int]:
    """Apply all decisions that wait in the inbox.

    Returns:
        How many of each kind were applied, labels among them, and how many files were set aside.
    """
    filed, bad = inbox.pending(home)
    decisions = [decision for _, decision in filed]
    lists, labels, unusable = labelling.pending(home)
    bad += [inbox.set_aside(path, error) for path, error in unusable]
    for line in bad:
        log.say(f"puppetwatch: {line}")
    with connect.transaction(connection):
        for contract, rows in (
            (contracts.VERDICTS, verdicts(decisions)),
            (contracts.ALLOWLIST, allowlist(decisions)),
            (contracts.REVOCATIONS, revocations(decisions)),
            (contracts.LABELS, labels),
        ):
            _append_new(connection, contract, rows)
        _keep_appeals(connection, decisions)
    inbox.settle([path for path, _ in filed])
    for path in lists:
        path.unlink()  # a list concerns no entry that the lookup would have to know of
    counted = {
        name: sum(each.kind == kind for each in decisions)
        for name, kind in (
            ("verdicts", "verdict"),
            ("allowed", "allow"),
            ("appeals", "appeal"),
            ("answers", "answer"),
            ("revocations", "revoke"),
        )
    }
    return counted | {"labels": labels.height, "set_aside": len(bad)}


def verdicts(decisions: Sequence[inbox.Decision]) -> pl.DataFrame:
    """contracts.VERDICTS of the verdicts among them."""
    rows = [
        {
            "verdict_id": each.decision_id,
            "target": each.target,
            "verdict": each.verdict,
            "note": each.note,
            "author": each.author,
            "decided_at": each.decided_at,
            "is_current": True,
        }
        for each in decisions
        if each.kind == "verdict"
    ]
    return _frame(contracts.VERDICTS, rows)


def allowlist(decisions: Sequence[inbox.Decision]) -> pl.DataFrame:
    """contracts.ALLOWLIST of the cleared values among them; the first line of a value stays."""
    rows = [
        {
            "kind": each.target.partition(":")[0],
            "value": each.target.partition(":")[2],
            "note": each.note,
            "author": each.author,
            "decided_at": each.decided_at,
        }
        for each in decisions
        if each.kind == "allow"
    ]
    return _frame(contracts.ALLOWLIST, rows)


def revocations(decisions: Sequence[inbox.Decision]) -> pl.DataFrame:
    """contracts.REVOCATIONS of the revocations among them."""
    rows = [
        {
            "revocation_id": each.decision_id,
            "entry_id": each.target,
            "entity": each.entity,
            "value": each.value,
            "note": each.note,
            "author": each.author,
            "decided_at": each.decided_at,
        }
        for each in decisions
        if each.kind == "revoke"
    ]
    return _frame(contracts.REVOCATIONS, rows)


def appeals(known: pl.DataFrame, decisions: Sequence[inbox.Decision]) -> pl.DataFrame:
    """The appeals after these decisions.

    Args:
        known: contracts.APPEALS before.
        decisions: What was filed; an answer to an appeal that nobody opened changes nothing, and the first answer to an
            appeal stays.

    Returns:
        contracts.APPEALS, sorted by (opened_at, appeal_id).
    """
    rows: dict[str, dict[str, Any]] = {
        row["appeal_id"]: row for row in known.to_dicts()
    }
    for each in decisions:
        if each.kind == "appeal" and each.appeal_id not in rows:
            rows[each.appeal_id] = {
                "appeal_id": each.appeal_id,
                "target": each.target,
                "state": "open",
                "note": each.note,
                "author": each.author,
                "opened_at": each.decided_at,
                "entity": each.entity,
                "value": each.value,
                "due_at": each.decided_at + ANSWER_WITHIN,
            }
    for each in decisions:
        row = rows.get(each.target)
        if each.kind == "answer" and row is not None and row["state"] == "open":
            row |= {
                "state": each.verdict,
                "decided_at": each.decided_at,
                "decided_by": each.author,
                "decision_note": each.note,
            }
    latest = {}
    ordered = sorted(rows.values(), key=lambda row: (row["opened_at"], row["appeal_id"]))  # fmt: skip
    for row in ordered:
        latest[row["target"]] = row["appeal_id"]
    for row in ordered:
        row["is_current"] = latest[row["target"]] == row["appeal_id"]
    return pl.DataFrame(ordered, schema=dict(contracts.APPEALS.columns))


def _keep_appeals(
    connection: duckdb.DuckDBPyConnection, decisions: Sequence[inbox.Decision]
) -> None:
    if not any(each.kind in {"appeal", "answer"} for each in decisions):
        return
    known = load.read(connection, contracts.APPEALS)
    load.replace(connection, contracts.APPEALS, appeals(known, decisions))


def _frame(contract: contracts.Contract, rows: list[dict[str, Any]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=dict(contract.columns))
    return frame.unique(contract.key, keep="first", maintain_order=True)


def _append_new(
    connection: duckdb.DuckDBPyConnection,
    contract: contracts.Contract,
    rows: pl.DataFrame,
) -> None:
    known = load.read(connection, contract).select(contract.key)
    load.append(
        connection, contract, rows.join(known, on=list(contract.key), how="anti")
    )
