"""The bundled sandbox platforms, serving over loopback in a process of their own."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

#: Days that the market has been going on when it is first seen; it goes on for as long again.
DAYS = 45

#: How long the platforms may take to invent their market and listen.
START_SECONDS = 60.0


def epoch(moment: datetime) -> datetime:
    """First day of a market that has been going on for ``DAYS`` at this moment."""
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=DAYS)


def check_states(states: Sequence[str], *, is_served: bool) -> None:
    """Raise ``InputError`` unless each is ``SOURCE=STATE`` of a platform that will be served."""
    from crawlers.sandbox.platforms import web

    if states and not is_served:
        message = "--sandbox-state needs --sandbox and a crawl."
        raise errors.InputError(message)
    for text in states:
        source, _, state = text.partition("=")
        if not web.is_state(source, state):
            message = (
                f"--sandbox-state: expected SOURCE=STATE with a source of {', '.join(web.PLATFORMS)} "
                f"and a state of {', '.join(web.STATES)}, found {text!r}. Of what people drop, only "
                f"{', '.join(web.DROP_STATES)} can be saved."
            )
            raise errors.InputError(message)


@contextlib.contextmanager
def serving(
    *,
    seed: int,
    first_day: datetime,
    as_of: datetime | None = None,
    port: int = 0,
    states: Sequence[str] = (),
    keywords: Sequence[str] = (),
    drops: Path | None = None,
) -> Iterator[str]:
    """Have the sandbox platforms serving for as long as the block runs.

    Args:
        seed: Which market.
        first_day: Its first day.
        as_of: What was posted later is not there yet; null is now.
        port: 0 takes a free one.
        states: ``SOURCE=STATE`` of platforms that are to misbehave.
        keywords: What crawls search for; none takes the sandbox's own.
        drops: Folder for what people saved of platforms that no crawl may ask; null writes none.

    Yields:
        Their base URL on loopback.

    Raises:
        ServiceError: they did not come up.
    """
    command = [
        sys.executable, "-m", "crawlers.sandbox.server",
        "--seed", str(seed), "--epoch", first_day.isoformat(),
        "--as-of", (as_of or datetime.now(UTC)).isoformat(), "--days", str(2 * DAYS),
        "--port", str(port), "--parent", str(os.getpid()),
    ]  # fmt: skip
    for state in states:
        command += ["--state", state]
    for word in keywords:
        command += ["--keyword", word]
    if drops is not None:
        command += ["--drops", str(drops)]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True
    )
    try:
        yield _base_url(server)
    finally:
        server.terminate()
        server.wait()


def _base_url(server: subprocess.Popen[str]) -> str:
    stuck = threading.Timer(START_SECONDS, server.kill)
    stuck.start()
    try:
        line = server.stdout.readline() if server.stdout else ""
    finally:
        stuck.cancel()
    if not line.startswith("listening "):
        message = f"The sandbox did not start (exit code {server.wait()}); its message is above. Nothing was changed."
        raise errors.ServiceError(message)
    return line.removeprefix("listening ").strip()


def wait_until_interrupted() -> None:
    """Sleep until Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            time.sleep(3600)


def jobs(base_url: str) -> list[dict[str, Any]]:
    """The jobs that a running sandbox offers."""
    # A proxy of the environment cannot reach our loopback.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{base_url}/jobs.json", timeout=60) as response:
        offered: list[dict[str, Any]] = json.load(response)
    return [{**job, "contact": "mailto:sandbox@example.org"} for job in offered]
