"""The Prefect API that a night reports to, when the operator has configured none.

Prefect's own temporary server outlives a killed run. This one is started by us, listens on loopback, keeps its database
under the home directory, and is ended by the kernel when the process that started it dies, whatever killed that.

``python -m flows.nights.orchestrator PORT`` is the server process itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING

from features.engine import kept
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flows import home as home_module

#: The first start migrates a fresh database: 16 s on two busy cores, over 180 s beside thirty busy processes. A night that
#: waits harms nobody, and one that gives up publishes nothing.
START_TIMEOUT_SECONDS = 900.0

#: No telemetry, no look for newer versions, no results or logs sent anywhere but to this API.
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
    # Types of stored settings of other services, of which a night uses none; on a fresh database they take it two seconds.
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    # Our own messages say what failed; Prefect would print each exception three times.
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
}


def configure(home: home_module.Home) -> None:
    """Set Prefect's environment; must run before Prefect is imported. What the operator set stays."""
    directory = home.work / "prefect"
    directory.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PREFECT_HOME", str(directory))
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)


@contextlib.contextmanager
def api(home: home_module.Home) -> Iterator[Callable[[], None]]:
    """Have an API for as long as the block runs: the operator's, or one of our own.

    Yields:
        What waits until it answers: our own takes its time to come up, and the night has things to do meanwhile. It raises
        ``ServiceError`` when our own did not come up.
    """
    configure(home)
    if os.environ.get("PREFECT_API_URL"):
        yield lambda: None
        return
    port = _free_port()
    log = home.work / "prefect" / "api.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "flows.nights.orchestrator",
                str(port),
                str(os.getpid()),
            ],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
        )
    os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    try:
        yield functools.partial(_await_health, port, server, str(log))
    finally:
        del os.environ["PREFECT_API_URL"]
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await_health(port: int, server: subprocess.Popen[bytes], log: str) -> None:
    # A proxy of the environment cannot reach our loopback.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    health = f"http://127.0.0.1:{port}/api/health"
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        with (
            contextlib.suppress(OSError),
            direct.open(health, timeout=5) as response,
        ):
            if response.status == 200:
                return
        time.sleep(0.1)
    message = (
        f"The Prefect API did not start (exit code {server.poll()}); its output is in {log}. Nothing was published. "
        "Run again, or point PREFECT_API_URL at a running server."
    )
    raise errors.ServiceError(message)


def serve(port: int, parent: int) -> None:
    """Run the server in this process until it is told to end or ``parent`` dies."""
    from crawlers import process

    process.die_with_parent(parent)
    import prefect
    import uvicorn
    from prefect.server.api.server import create_app
    from prefect.server.database import provide_database_interface
    from prefect.settings import get_current_settings
    from sqlalchemy import make_url

    path = get_current_settings().home / "prefect.db"
    interface = provide_database_interface()
    # Not where the operator configured another database.
    if make_url(interface.database_config.connection_url).database == str(path):
        lay_database(
            path,
            version=prefect.__version__,
            migrate=lambda: asyncio.run(interface.create_db()),
        )
    uvicorn.run(
        create_app(ephemeral=True, final=True),
        host="127.0.0.1",
        port=port,
        log_level="error",
    )


def lay_database(path: Path, *, version: str, migrate: Callable[[], None]) -> None:
    """Lay a migrated database where there is none: migrating a fresh one takes longer than all else of a first start.

    Args:
        path: Where Prefect looks for it; one that is there stays as it is.
        version: Prefect's; what it migrates to follows from it alone.
        migrate: Makes the database at ``path``.
    """
    if path.exists():
        return

    def made() -> bytes:
        migrate()
        with contextlib.closing(sqlite3.connect(path)) as connection:
            return connection.serialize()

    content = kept.kept("orchestrator", version, made)
    if not path.exists():
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        partial.write_bytes(content)
        partial.replace(path)


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]))
