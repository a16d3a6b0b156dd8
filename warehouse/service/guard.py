"""What stands between the network and the application: who may ask, under which name, and how much at once.

Invariants: a request that is refused was not parsed. Tokens are compared in constant time and never logged. A body is
counted while it arrives, whatever its header claims.
"""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, MutableMapping

    Scope = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
    Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: A batch of a thousand long messages fits.
LARGEST_BODY = 4 * 1024 * 1024

#: Answered without a token, so that a monitor needs none; it says nothing of anybody.
OPEN_PATHS = ("/health",)


class Guard:
    """Wraps an ASGI application.

    Args:
        app: What is guarded.
        hosts: Names that the ``Host`` header may give; a browser that was led here under another name is refused.
        token: Bearer token that every other request needs; null asks for none.
    """

    def __init__(self, app: App, *, hosts: Collection[str], token: str | None) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in hosts)
        self._token = token.encode() if token else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if _host(headers.get(b"host", b"")) not in self._hosts:
            await _refuse(send, 421, "This service does not answer under that name.")
        elif not self._may_ask(scope["path"], headers.get(b"authorization", b"")):
            await _refuse(send, 401, "A valid bearer token is needed.")
        elif (body := await _body(receive)) is None:
            await _refuse(
                send, 413, f"The body is larger than {LARGEST_BODY >> 20} MiB."
            )
        else:
            await self._app(scope, _replay(body, receive), send)

    def _may_ask(self, path: str, authorization: bytes) -> bool:
        if self._token is None or path in OPEN_PATHS:
            return True
        scheme, _, token = authorization.partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(
            token.strip(), self._token
        )


def _host(header: bytes) -> str:
    """The name in a Host header, without the port."""
    text = header.decode("latin-1").strip().lower()
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.rpartition(":")[0] if ":" in text else text


async def _body(receive: Receive) -> bytes | None:
    """The whole body; null as soon as it is too large."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > LARGEST_BODY:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    """A receiver that gives the body once, then what the connection says."""
    given = False

    async def replayed() -> MutableMapping[str, Any]:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed


async def _refuse(send: Send, status: int, detail: str) -> None:
    content = json.dumps({"detail": detail}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),
    ]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
