"""Serves one market's platforms on loopback: ``python -m crawlers.sandbox.server --seed N --epoch T --as-of T``.

Prints ``listening http://127.0.0.1:PORT`` once it listens and serves until SIGTERM or until its parent ends. Three ways in:

- as an HTTP proxy: the request's own host decides which platform answers, so a crawl sees true addresses and reaches
  nothing outside;
- ``/host/NAME/path``: the same for a browser;
- ``/`` lists the hosts, ``/jobs.json`` tells a nightly run what to crawl, ``/shown.json`` what a complete crawl finds.

``--state SOURCE=STATE`` (repeatable) puts a source into a bad state: blocked, captcha, login_wall, silent_empty,
rate_limited, drifted, hanging, robots_disallowed. ``--drops DIR`` writes what people saved of platforms that no crawl may
ask (``crawlers.sandbox.platforms.drops``); a state of such a platform is what was saved.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from twisted.web import http
from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request, Site

from crawlers import process
from crawlers.records import times
from crawlers.sandbox import market
from crawlers.sandbox.platforms import apis, walls, web

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Gate(Resource):
    """Finds the platform that a request is for."""

    isLeaf = True  # noqa: N815 (Twisted's name)

    def __init__(self, shown: web.Platforms, dropped: Mapping[str, Path]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._platforms = shown
        self._dropped = dropped
        self.base_url = ""

    def render(self, request: Request) -> bytes | int:
        """Answer one request."""
        if request.method not in {b"GET", b"HEAD", b"POST"}:
            request.setResponseCode(405)
            return b""
        content: Any = request.content
        answer = self._answer(
            request.uri.decode("latin-1"),
            request.getHeader("host") or "",
            headers={"access-token": request.getHeader("access-token") or ""},
            body=content.read() if request.method == b"POST" else b"",
        )
        if answer.is_hanging:
            return NOT_DONE_YET
        request.setResponseCode(answer.status)
        headers = {"Content-Type": answer.content_type, **answer.headers}
        for name, value in headers.items():
            request.setHeader(name, value)  # type: ignore[no-untyped-call]
        digest = hashlib.blake2b(answer.body, digest_size=16).hexdigest()
        tag = f'"{digest}"'.encode()
        is_same = request.setETag(tag) is http.CACHED  # type: ignore[no-untyped-call]
        return b"" if is_same and answer.status == http.OK else answer.body

    def _answer(
        self, uri: str, host: str, *, headers: Mapping[str, str], body: bytes
    ) -> walls.Answer:
        parts = urlsplit(uri)
        name, path = parts.hostname or host, unquote(parts.path or "/")
        if urlsplit(f"//{name}").hostname not in {"127.0.0.1", "localhost"}:
            return self._platforms.answer(
                name, path, parts.query, headers=headers, body=body
            )
        if path.startswith("/host/"):
            inner, _, rest = path.removeprefix("/host/").partition("/")
            return self._platforms.answer(inner, f"/{rest}", parts.query)
        if path == "/jobs.json":
            return _json(self._platforms.jobs(self.base_url, dropped=self._dropped))
        if path == "/shown.json":
            return _json(self._platforms.shown())
        return self._platforms.index()


def _json(value: object) -> walls.Answer:
    return walls.Answer(
        json.dumps(value, ensure_ascii=False).encode(),
        content_type="application/json; charset=utf-8",
    )


def listen(
    reactor: Any,  # noqa: ANN401 (Twisted's module-like object)
    shown: web.Platforms,
    *,
    port: int = 0,
    dropped: Mapping[str, Path] | None = None,
) -> str:
    """Serve on loopback; the base URL."""
    gate = Gate(shown, dropped or {})
    site = Site(gate)  # type: ignore[no-untyped-call]
    listening = reactor.listenTCP(port, site, interface="127.0.0.1")
    gate.base_url = f"http://127.0.0.1:{listening.getHost().port}"
    return gate.base_url


def _moment(text: str) -> datetime:
    try:
        return times.utc(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _state(text: str) -> tuple[str, str]:
    source, _, state = text.partition("=")
    if not web.is_state(source, state):
        message = f"expected SOURCE=STATE with one of {web.PLATFORMS} and one of {web.STATES}, found {text!r}"
        raise argparse.ArgumentTypeError(message)
    return source, state


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m crawlers.sandbox.server",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seed", type=int, required=True, help="which market")
    parser.add_argument(
        "--epoch", type=_moment, required=True, help="the market's first day"
    )
    parser.add_argument(
        "--as-of", type=_moment, required=True, help="posts crawled later are not shown"
    )
    parser.add_argument("--days", type=int, default=45, help="the market's length")
    parser.add_argument("--scale", type=float, default=1.0, help="the market's size")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--keyword",
        action="append",
        default=[],
        help="what a crawl searches for (repeatable)",
    )
    parser.add_argument(
        "--drops",
        type=Path,
        help="folder for what people save of platforms that no crawl may ask",
    )
    parser.add_argument(
        "--state",
        type=_state,
        action="append",
        default=[],
        metavar="SOURCE=STATE",
        help="a bad state",
    )
    parser.add_argument(
        "--parent",
        type=int,
        default=os.getppid(),
        help="end when this process ends (default: who started us)",
    )
    given = parser.parse_args(arguments)
    process.die_with_parent(given.parent)
    built = market.build(
        given.seed,
        epoch=given.epoch,
        days=given.days,
        scale=given.scale,
        platforms=web.PLATFORMS,
    )
    shown = web.Platforms(
        built.records,
        as_of=given.as_of,
        states=dict(given.state),
        keywords=given.keyword or apis.KEYWORDS,
    )
    dropped = shown.write_drops(given.drops) if given.drops else {}

    # Importing the reactor installs it, so not before it is needed.
    reactor: Any = importlib.import_module("twisted.internet.reactor")
    base_url = listen(reactor, shown, port=given.port, dropped=dropped)
    sys.stdout.write(f"listening {base_url}\n")
    sys.stdout.flush()
    reactor.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
