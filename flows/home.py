"""The home directory: where everything of one installation lies, who may write it, and what kind of home it is.

Layout (CONTRACT §4): ``published/`` and ``watchlists/`` are for others to read; ``work/``, ``inbox/``, ``evidence/`` and
``models/`` are the owner's. One process writes at a time: ``Lock`` is an advisory lock on ``work/lock`` that the kernel
drops when its holder dies, so a killed night never locks out the next one.
"""

from __future__ import annotations

import dataclasses
import fcntl
import json
import os
import secrets
import socket
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse import errors

if TYPE_CHECKING:
    from types import TracebackType


@dataclasses.dataclass(frozen=True, slots=True)
class Home:
    """Paths under one home directory. Making the object touches nothing."""

    root: Path

    @property
    def work(self) -> Path:
        """Private: the writer's database and staging."""
        return self.root / "work"

    @property
    def database(self) -> Path:
        """The working database; only the lock's holder opens it."""
        return self.work / "puppetwatch.duckdb"

    @property
    def inbox(self) -> Path:
        """Private: decisions that wait for the next run, one file each."""
        return self.root / "inbox"

    @property
    def evidence(self) -> Path:
        """Private: what sources answered, as WARC files."""
        return self.root / "evidence"

    @property
    def models(self) -> Path:
        """Private: model bundles, one directory each."""
        return self.root / "models"

    @property
    def published(self) -> Path:
        """Snapshots, and ``current.duckdb``, the symlink to the newest."""
        return self.root / "published"

    @property
    def snapshot(self) -> Path:
        """What analysts open."""
        return self.published / "current.duckdb"

    @property
    def watchlists(self) -> Path:
        """Releases, and ``latest``, the symlink to the newest."""
        return self.root / "watchlists"

    @property
    def latest_release(self) -> Path:
        """What consumers of the lists open."""
        return self.watchlists / "latest"

    @property
    def marker(self) -> Path:
        """Says what kind of home this is; written once."""
        return self.work / "home.json"

    @property
    def status(self) -> Path:
        """The last run's outcome, readable while another run writes."""
        return self.work / "status.json"

    @property
    def stop_file(self) -> Path:
        """The operator's kill switch: while it is there, no request leaves."""
        return self.root / "STOP"

    @property
    def hash_key_file(self) -> Path:
        """Key under which bystanders' ids are hashed (CONTRACT §7.7). Lose it and old hashes match nothing new."""
        return self.work / "hash.key"

    def exists(self) -> bool:
        """Whether this home was ever written."""
        return self.marker.exists()

    def is_sandbox(self) -> bool:
        """Whether everything in this home is invented."""
        return bool(self.facts().get("is_sandbox"))

    def facts(self) -> dict[str, object]:
        """What the marker says; empty for a home that was never written."""
        try:
            facts = json.loads(self.marker.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            message = (
                f"{self.marker} cannot be read ({error}). Nothing was changed. "
                "Restore the file from a backup or use another --home."
            )
            raise errors.InputError(message) from error
        return dict(facts)

    def ensure(
        self, *, is_sandbox: bool, facts: dict[str, object] | None = None
    ) -> None:
        """Create the directories and, on first use, the marker and the hash key.

        Raises:
            InputError: the home holds the other kind of data (invented or real), or cannot be written.
        """
        try:
            for directory in (self.work, self.inbox, self.models, self.evidence):
                directory.mkdir(parents=True, exist_ok=True)
                directory.chmod(0o700)
            for directory in (self.published, self.watchlists):
                directory.mkdir(parents=True, exist_ok=True)
            if not self.marker.exists():
                content = {
                    "schema_version": 1,
                    "is_sandbox": is_sandbox,
                    **(facts or {}),
                }
                write_atomically(self.marker, json.dumps(content, indent=1) + "\n")
            if not self.hash_key_file.exists():
                write_atomically(self.hash_key_file, secrets.token_hex(32), mode=0o600)
        except OSError as error:
            message = f"Home {self.root} cannot be written: {error}. Choose another with --home or PUPPETWATCH_HOME."
            raise errors.InputError(message) from error
        if is_sandbox and not self.is_sandbox():
            message = (
                f"Home {self.root} holds real data, so invented sandbox data will not be put into it. "
                "Leave out --home (the sandbox then uses ./var/sandbox) or name an empty directory."
            )
            raise errors.InputError(message)

    def hash_key(self) -> bytes:
        """The keyed hash's secret. Raises InputError when the home was never written."""
        try:
            return self.hash_key_file.read_bytes()
        except (OSError, ValueError) as error:
            message = f"{self.hash_key_file} cannot be read ({error}). Restore it from a backup."
            raise errors.InputError(message) from error


def write_atomically(path: Path, content: str, *, mode: int = 0o644) -> None:
    """Write a file so that readers see the old content or the new, never a part, also after a power cut."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


class Lock:
    """The right to write one home; a context manager.

    Args:
        home: The home to write.
        command: What the holder is doing, told to those who have to wait.
        wait: Wait for the present holder instead of raising.

    Raises:
        LockHeldError: somebody else holds it and ``wait`` is false; the message names the process and since when.
    """

    def __init__(self, home: Home, *, command: str, wait: bool = False) -> None:
        self._path = home.work / "lock"
        self._command = command
        self._wait = wait
        self._descriptor = -1

    def __enter__(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._acquire()
        except BaseException:
            os.close(self._descriptor)
            raise
        holder = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "command": self._command,
            "since": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, json.dumps(holder).encode(), 0)

    def _acquire(self) -> None:
        told = False
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = self._holder()
                if not self._wait:
                    message = (
                        f"{self._path.parent.parent} is being written by {holder}. Nothing was changed. "
                        "Try again when it is done, or add --wait."
                    )
                    raise errors.LockHeldError(message) from None
                if not told:
                    print(f"waiting for {holder}", file=sys.stderr)  # noqa: T201  (progress belongs on stderr)
                    told = True
                time.sleep(0.2)
            else:
                return

    def _holder(self) -> str:
        try:
            facts = json.loads(os.pread(self._descriptor, 4096, 0))
            return f"process {facts['pid']} on {facts['host']} ({facts['command']}, since {facts['since']})"
        except (ValueError, KeyError):
            return "another process"

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)
