"""Decisions that people make while a run may be writing: one atomic file each, applied by the next run.

A decision is a JSON object with a ``kind``, a ``target``, an ``author``, a ``note`` and a ``decided_at``. Its file name
is its identity, so applying it twice changes nothing. A file that cannot be read is moved to ``inbox/bad/`` beside a text
that says why. What the database has committed moves to ``inbox/applied/`` and stays there until a release that knows it is
visible: until then, the lookup honours it from here, because the lists do not yet.

| kind | target | verdict | also |
|---|---|---|---|
| ``verdict`` | seller, network or ``kind:value`` | ``fraud``, ``benign``, ``unsure`` | |
| ``allow`` | ``kind:value`` | | |
| ``appeal`` | entry | | ``entity``, ``value`` of the entry |
| ``answer`` | appeal | ``upheld``, ``rejected`` | ``entity``, ``value`` of its entry |
| ``revoke`` | entry | | ``entity``, ``value`` of the entry, ``is_urgent`` |
| ``forget`` | entry | | its seller was erased; names nobody |
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flows import home as home_module
from warehouse import errors

if TYPE_CHECKING:
    from pathlib import Path

#: What a person may decide (CONTRACT §1).
VERDICTS = ("fraud", "benign", "unsure")
ANSWERS = ("upheld", "rejected")

#: Kinds, the verdicts that each allows, and whether it is about a watchlist entry.
_KINDS: dict[str, tuple[tuple[str | None, ...], bool]] = {
    "verdict": (VERDICTS, False),
    "allow": ((None,), False),
    "appeal": ((None,), True),
    "answer": (ANSWERS, True),
    "revoke": ((None,), True),
    "forget": ((None,), False),
}

#: What reading a file that is no decision may raise.
UNUSABLE = (OSError, ValueError, KeyError, TypeError, RecursionError)

#: End of the name of the text that says why a file was set aside.
_WHY = ".why.txt"

#: No decision is longer than this, and nothing longer is read.
LARGEST_FILE = 256 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """One decision as filed.

    Attributes:
        decision_id: Digest of the content: the same decision filed twice is one decision.
        kind: See the module.
        target: What it is about; see the module.
        verdict: See the module; null for kinds that have none.
        note: Why, or the text of an appeal.
        author: Who.
        decided_at: When, with an offset.
        entity: Entity of the entry that it is about; null for ``verdict``, ``allow`` and ``forget``.
        value: Value of that entry; null likewise.
        is_urgent: Whether a release of its own is asked for.
    """

    decision_id: str
    kind: str
    target: str
    verdict: str | None
    note: str
    author: str
    decided_at: datetime
    entity: str | None = None
    value: str | None = None
    is_urgent: bool = False

    @property
    def appeal_id(self) -> str:
        """The appeal that an ``appeal`` opens."""
        return f"appeal-{self.decision_id}"


def file_decision(
    home: home_module.Home,
    *,
    kind: str,
    target: str,
    verdict: str | None,
    note: str,
    author: str,
    decided_at: datetime,
    entity: str | None = None,
    value: str | None = None,
    is_urgent: bool = False,
) -> Decision:
    """Write one decision into the inbox; safe while a run is writing.

    Raises:
        InputError: there is no such home, or author, note or target is empty, or it is too long.
    """
    if not home.exists():
        message = f"Home {home.root} holds nothing yet, so there is nothing to decide on. Run `puppetwatch nightly` or name the home with --home."
        raise errors.InputError(message)
    said = "--text" if kind == "appeal" else "--note"
    for name, text in (("target", target), ("--by", author), (said, note)):
        if not text.strip():
            message = f"A decision needs a {name}: it is kept with who decided and why."
            raise errors.InputError(message)
    content: dict[str, Any] = {
        "kind": kind,
        "target": target.strip(),
        "verdict": verdict,
        "note": note.strip(),
        "author": author.strip(),
        "decided_at": decided_at.isoformat(),
    }
    if entity is not None:
        content |= {"entity": entity, "value": value}
    if is_urgent:
        content["is_urgent"] = True
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    if len(text.encode()) > LARGEST_FILE // 2:
        message = f"The text has {len(text):,} characters; a decision holds up to {LARGEST_FILE // 2:,} bytes. Nothing was filed."
        raise errors.InputError(message)
    path = home.inbox / f"{decided_at:%Y%m%dT%H%M%S%f}-{_identity(text)}.json"
    home_module.write_atomically(path, text + "\n", mode=0o600)
    return _decision(text)


def pending(home: home_module.Home) -> tuple[list[tuple[Path, Decision]], list[str]]:
    """Decisions that wait, oldest first, and what was set aside; for the run that applies them.

    Returns:
        (file, decision) pairs, and one sentence per file that had to be moved to ``inbox/bad/``.
    """
    good: list[tuple[Path, Decision]] = []
    bad: list[str] = []
    for path in sorted(home.inbox.glob("*.json")):
        try:
            good.append((path, _read(path)))
        except UNUSABLE as error:
            bad.append(set_aside(path, error))
    return good, bad


def names(home: home_module.Home) -> frozenset[str]:
    """Names of the files that ``unreleased`` reads: equal names mean equal decisions. Cheap enough for every question."""
    found: set[str] = set()
    for directory in (home.inbox, home.inbox / "applied"):
        with contextlib.suppress(FileNotFoundError):
            found.update(os.listdir(directory))  # noqa: PTH208  (a tenth of the cost of ``iterdir``)
    return frozenset(name for name in found if name.endswith(".json"))


def unreleased(home: home_module.Home) -> list[Decision]:
    """Every decision that no visible release knows yet, oldest first; for readers, who move and remove nothing.

    Returns:
        Decisions, each once. Files that cannot be used are left out; the next run sets them aside.
    """
    found: dict[str, Decision] = {}
    # A file moves from the inbox to applied, never back; looking in this order misses none.
    for directory in (home.inbox, home.inbox / "applied"):
        for path in sorted(directory.glob("*.json")):
            try:
                decision = _read(path)
            except FileNotFoundError:
                if (home.inbox / "applied" / path.name).exists():
                    return unreleased(home)
                continue
            except UNUSABLE:
                continue
            found[decision.decision_id] = decision
    return sorted(found.values(), key=lambda one: (one.decided_at, one.decision_id))


def settle(paths: list[Path]) -> None:
    """Put applied decisions aside; call only after the database has committed them."""
    for path in paths:
        directory = path.parent / "applied"
        directory.mkdir(exist_ok=True)
        path.replace(directory / path.name)


def discard(home: home_module.Home, *, as_of: datetime) -> None:
    """Remove applied decisions that the visible release knows; call only after it is visible."""
    for path in (home.inbox / "applied").glob("*.json"):
        try:
            is_known = _read(path).decided_at <= as_of
        except UNUSABLE:
            continue  # somebody changed it after it was applied; the database holds what it said
        if is_known:
            path.unlink(missing_ok=True)


def discard_bad(home: home_module.Home, *, before: datetime) -> int:
    """Remove what was set aside before a moment, like other refused records; returns how many files that were."""
    count = 0
    for why in (home.inbox / "bad").glob(f"*{_WHY}"):
        if datetime.fromtimestamp(why.stat().st_mtime, UTC) < before:
            path = why.with_name(why.name.removesuffix(_WHY))
            with contextlib.suppress(OSError):  # a folder of somebody's own stays
                path.unlink(missing_ok=True)
            why.unlink()
            count += 1
    return count


def _read(path: Path) -> Decision:
    if path.is_symlink() or not path.is_file():
        if not path.exists():
            raise FileNotFoundError(path)
        message = "it is no plain file"
        raise ValueError(message)
    if path.stat().st_size > LARGEST_FILE:
        message = f"it is larger than {LARGEST_FILE} bytes"
        raise ValueError(message)
    return _decision(path.read_text(encoding="utf-8"))


def _identity(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def _decision(text: str) -> Decision:
    content: dict[str, Any] = json.loads(text)
    decided_at = datetime.fromisoformat(content["decided_at"])
    if decided_at.tzinfo is None:
        message = "decided_at has no offset"
        raise ValueError(message)
    kind, verdict = content["kind"], content["verdict"]
    verdicts, is_about_entry = _KINDS.get(kind, ((), False))
    if verdict not in verdicts:
        message = f"unknown decision {kind} {verdict}"
        raise ValueError(message)
    fields = {name: content[name] for name in ("target", "note", "author")}
    if is_about_entry:
        fields |= {name: content[name] for name in ("entity", "value")}
    for name, value in fields.items():
        if not isinstance(value, str) or not value.strip():
            message = f"{name} is empty"
            raise ValueError(message)
    return Decision(
        decision_id=_identity(text.strip()),
        kind=kind,
        verdict=verdict,
        decided_at=decided_at,
        is_urgent=content.get("is_urgent") is True,
        **fields,
    )


def set_aside(path: Path, error: Exception) -> str:
    """Move a file that cannot be used to ``inbox/bad/``, beside a text that says why; the same in one sentence."""
    # The message of a decoding error holds all the bytes.
    why = "it is not UTF-8" if isinstance(error, UnicodeError) else repr(error)
    directory = path.parent / "bad"
    directory.mkdir(exist_ok=True)
    path.replace(directory / path.name)
    home_module.write_atomically(
        directory / f"{path.name}{_WHY}", why + "\n", mode=0o600
    )
    return f"{path.name} cannot be used ({why}); it lies in {directory}"
