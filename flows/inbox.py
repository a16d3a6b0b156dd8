"""Decisions that people make while a run may be writing: one atomic file each, applied by the next run.

A decision is a JSON object with a ``kind`` (``verdict`` or ``allow``), an ``author``, a ``note`` and a ``decided_at``.
Its file name is its identity, so applying it twice changes nothing. A file that cannot be read is moved to
``inbox/bad/`` beside a text that says why; nothing is ever deleted before the database has committed it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flows import home as home_module
from warehouse import errors

if TYPE_CHECKING:
    from pathlib import Path

#: What a person may decide (CONTRACT §1).
VERDICTS = ("fraud", "benign", "unsure")


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """One decision as filed.

    Attributes:
        decision_id: Digest of the content: the same decision filed twice is one decision.
        kind: ``verdict`` or ``allow``.
        target: A seller, network, case or entry id (verdict), or ``kind:value`` of an indicator (allow).
        verdict: ``fraud``, ``benign`` or ``unsure``; null for ``allow``.
    """

    decision_id: str
    kind: str
    target: str
    verdict: str | None
    note: str
    author: str
    decided_at: datetime


def file_decision(
    home: home_module.Home,
    *,
    kind: str,
    target: str,
    verdict: str | None,
    note: str,
    author: str,
    decided_at: datetime,
) -> Decision:
    """Write one decision into the inbox; safe while a run is writing.

    Raises:
        InputError: there is no such home, or author, note or target is empty.
    """
    if not home.exists():
        message = f"Home {home.root} holds nothing yet, so there is nothing to decide on. Run `puppetwatch nightly` or name the home with --home."
        raise errors.InputError(message)
    for name, value in (("target", target), ("--by", author), ("--note", note)):
        if not value.strip():
            message = f"A decision needs a {name}: it is kept with who decided and why."
            raise errors.InputError(message)
    content = {
        "kind": kind,
        "target": target.strip(),
        "verdict": verdict,
        "note": note.strip(),
        "author": author.strip(),
        "decided_at": decided_at.isoformat(),
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    decision_id = _identity(text)
    path = home.inbox / f"{decided_at:%Y%m%dT%H%M%S%f}-{decision_id}.json"
    home_module.write_atomically(path, text + "\n", mode=0o600)
    return _decision(text)


def pending(home: home_module.Home) -> tuple[list[tuple[Path, Decision]], list[str]]:
    """Decisions that wait, oldest first, and what was set aside.

    Returns:
        (file, decision) pairs, and one sentence per file that had to be moved to ``inbox/bad/``.
    """
    good: list[tuple[Path, Decision]] = []
    bad: list[str] = []
    for path in sorted(home.inbox.glob("*.json")):
        try:
            good.append((path, _decision(path.read_text(encoding="utf-8"))))
        except (OSError, ValueError, KeyError, TypeError) as error:
            bad.append(_set_aside(path, repr(error)))
    return good, bad


def discard(paths: list[Path]) -> None:
    """Remove applied decisions; call only after the database has committed them."""
    for path in paths:
        path.unlink(missing_ok=True)


def _identity(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _decision(text: str) -> Decision:
    content: dict[str, Any] = json.loads(text)
    decided_at = datetime.fromisoformat(content["decided_at"])
    if decided_at.tzinfo is None:
        message = "decided_at has no offset"
        raise ValueError(message)
    kind, verdict = content["kind"], content["verdict"]
    if kind not in {"verdict", "allow"} or (
        kind == "verdict" and verdict not in VERDICTS
    ):
        message = f"unknown decision {kind} {verdict}"
        raise ValueError(message)
    fields = {name: content[name] for name in ("target", "note", "author")}
    for name, value in fields.items():
        if not isinstance(value, str) or not value.strip():
            message = f"{name} is empty"
            raise ValueError(message)
    return Decision(
        decision_id=_identity(text.strip()),
        kind=kind,
        verdict=verdict,
        decided_at=decided_at,
        **fields,
    )


def _set_aside(path: Path, why: str) -> str:
    directory = path.parent / "bad"
    directory.mkdir(exist_ok=True)
    path.replace(directory / path.name)
    home_module.write_atomically(
        directory / f"{path.name}.why.txt", why + "\n", mode=0o600
    )
    return f"decision {path.name} cannot be used ({why}); it lies in {directory}"
