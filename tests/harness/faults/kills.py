"""The kill harness: run a command, kill it with SIGKILL at a random moment, say what it left behind.

Used by the quick tests (a few kills) and by ``make assure`` (many). The whole process group is killed, as a power cut or
the kernel's out-of-memory killer would.
"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import duckdb


def run(
    command: list[str], *, cwd: Path, timeout: float = 600.0
) -> subprocess.CompletedProcess[str]:
    """Run to the end; output is captured."""
    return subprocess.run(
        command, cwd=cwd, check=False, capture_output=True, text=True, timeout=timeout
    )


def run_and_kill(
    command: list[str],
    *,
    cwd: Path,
    after: float,
    when: Callable[[], bool] = lambda: False,
) -> bool:
    """Run a command and kill its process group after some seconds, or earlier as soon as something is the case.

    Returns:
        Whether it was still running when killed.
    """
    process = subprocess.Popen(
        command,
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    deadline = time.monotonic() + after
    while time.monotonic() < deadline and not when():
        if process.poll() is not None:
            return False
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return True


def published(home: Path) -> dict[str, object]:
    """What readers of a home see now: digests of the snapshot's data and of the release's files.

    Raises:
        AssertionError: what is visible is not complete: a digest in the manifest does not fit, or a view cannot be read.
    """
    return {
        "snapshot": _snapshot(home / "published/current.duckdb"),
        "release": _release(home / "watchlists/latest"),
    }


#: Columns and views that log the run rather than describe the world (CONTRACT §7.1).
LOGGING_VIEWS = {"runs", "quality", "fetches", "sources"}


def _snapshot(link: Path) -> dict[str, str] | None:
    if not link.is_symlink():
        return None
    with duckdb.connect(str(link.resolve(strict=True)), read_only=True) as connection:
        views = [
            row[0]
            for row in connection.execute(
                "select view_name from duckdb_views() where schema_name = 'analyst' order by 1"
            ).fetchall()
        ]
        assert views, f"{link} holds no analyst views"
        digests = {}
        for view in views:
            columns = [
                row[0]
                for row in connection.execute(f"describe analyst.{view}").fetchall()
            ]
            kept = ", ".join(f'"{name}"' for name in columns if name != "run_id")
            text = f"select md5(string_agg(line, chr(10) order by line)) from (select to_json(row({kept})) as line from analyst.{view})"
            digest = connection.execute(text).fetchall()[0][0]
            if view not in LOGGING_VIEWS:
                digests[view] = digest
        return digests


def _release(link: Path) -> dict[str, str] | None:
    if not link.is_symlink():
        return None
    directory = link.resolve(strict=True)
    manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["sha256"].items():
        found = hashlib.sha256((directory / name).read_bytes()).hexdigest()
        assert found == digest, (
            f"{directory / name}: manifest says {digest}, file is {found}"
        )
    return {"release_id": manifest["release_id"], **manifest["sha256"]}
