"""Questions of whoever stands at the command line, and the web service for programs.

In: texts, or an address to listen on. Out: answers of the desk; the service, until it is interrupted.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows import log
from flows.service import contact_reader, lookups
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from flows import home as home_module

#: Texts that are answered together.
BATCH = 1_000


def look_up(home: home_module.Home, texts: Iterable[str]) -> dict[str, Any]:
    """What the list says of each text.

    Returns:
        ``release`` and ``results``; each result also has its ``text``.

    Raises:
        InputError: there is no release yet.
    """
    desk = lookups.Desk(home, reader=contact_reader.read)
    told: dict[str, Any] = {"release": desk.freshness(), "results": []}
    for part in _parts(map(_clean, texts)):
        found = desk.answers(part)
        told["results"] += [
            {"text": text, **result}
            for text, result in zip(part, found["results"], strict=True)
        ]
    return told


def lines(path: str) -> Iterator[str]:
    """The texts of a file, one a line, empty lines left out; ``-`` is stdin.

    Raises:
        InputError: it cannot be read as UTF-8.
    """
    try:
        whole = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")  # fmt: skip
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path} cannot be read: {error}. Expected one text a line, UTF-8."
        raise errors.InputError(message) from error
    return (line for line in whole.split("\n") if line.strip())


def render(told: dict[str, Any]) -> str:
    """Answers for a terminal."""
    release = told["release"]
    shown = [f"release {release['release_id']}, valid until {release['valid_until']}"]
    if release["is_stale"]:
        shown[0] += ": STALE, do not rely on it"
    if release["is_sandbox"]:
        shown[0] += " (sandbox: everything is invented)"
    for result in told["results"]:
        shown += ["", " ".join(result["text"].split())[:100]]
        for contact in result["contacts"]:
            count = len(contact["entries"])
            listed = ", ".join(contact["entries"]) if count else "not listed"
            shown.append(f"  {contact['kind']} {contact['value']}: {listed}")
        for entry in result["entries"]:
            how = "; ".join(f"{each['kind']} {each['value']} ({each['how']})" for each in entry["matched_by"])  # fmt: skip
            score = "by verdict" if entry["scam_probability"] is None else f"{entry['scam_probability']:.2f}"  # fmt: skip
            shown.append(
                f"  -> {entry['entry_id']} {entry['entity']} {entry['display_name'] or entry['value']}: {score}, "
                f"{entry['evidence_count']} posts, seen {entry['last_seen_at'][:10]}, until {entry['expires_at'][:10]}, "
                f"network {entry['network_id'] or 'none'}, by {how}"
            )
        if not result["contacts"]:
            shown.append("  no contact read")
    return "\n".join(shown)


def serve(
    home: home_module.Home,
    *,
    host: str,
    port: int,
    names: Sequence[str],
    token_variable: str,
) -> None:
    """Serve the lookup until interrupted.

    Args:
        home: Whose lists.
        host: Address to listen on.
        port: Port; 0 takes a free one.
        names: Names under which it may also be asked, beside loopback's own.
        token_variable: Environment variable that holds the bearer token.

    Raises:
        InputError: another address than loopback without a token, or there is no release yet.
    """
    import uvicorn

    from warehouse.service import app

    token = os.environ.get(token_variable) or None
    if not _is_loopback(host) and token is None:
        message = (
            f"--host {host} can be reached from outside, so a token is needed: put one into ${token_variable}. "
            "Nothing was opened."
        )
        raise errors.InputError(message)
    desk = lookups.Desk(home, reader=contact_reader.read)
    release = desk.freshness()
    hosts = {*app.LOOPBACK, *names} | (set() if host in {"0.0.0.0", "::"} else {host})  # noqa: S104  (compared, not bound)
    config = uvicorn.Config(
        app.create(desk, hosts=hosts, token=token),
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        lifespan="off",
        server_header=False,
        timeout_keep_alive=30,
        limit_concurrency=256,
    )
    server = uvicorn.Server(config)
    with config.bind_socket() as socket:
        socket.listen()  # whoever reads the line below may ask at once
        bound = socket.getsockname()[1]
        log.say(
            f"serving release {release['release_id']} on http://{host}:{bound}, stop with Ctrl-C"
            + (" (stale: past its valid_until)" if release["is_stale"] else "")
        )
        # It raises the interrupt again after it has closed its connections; that is its regular end.
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[socket])


def _clean(text: str) -> str:
    """A text as Unicode knows it: what an argument's bytes that are no UTF-8 were turned into becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _parts(texts: Iterable[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for text in texts:
        part.append(text)
        if len(part) == BATCH:
            yield part
            part = []
    if part:
        yield part
