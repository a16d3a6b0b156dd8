"""The lookup as a web service: ``/v1/lookup``, ``/v1/lookup/batch``, ``/v1/entries/{entry_id}``, ``/health``.

In: a desk that answers. Out: an ASGI application with its OpenAPI description under ``/openapi.json``.

Invariants: texts come in bodies only, never in addresses, because addresses end in the logs of proxies. Answers are not to
be stored by caches. ``/health`` is 503 when there is no release or it is stale, so that a monitor notices without reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Protocol

import fastapi
import orjson
from fastapi import Path as PathParameter
from fastapi import Response
from fastapi.exceptions import RequestValidationError

from warehouse import errors
from warehouse.service import answers, guard

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

LOOPBACK = ("127.0.0.1", "localhost", "::1")

DESCRIPTION = (
    "Reads contacts in free text, however they are disguised, and says whose they are on the watchlist. "
    "An entry is a reason for a person to look, never a finding of fraud."
)


class Desk(Protocol):
    """Who answers; see ``flows.service.lookups.Desk``."""

    def answers(self, texts: Sequence[str]) -> Mapping[str, Any]:
        """What the list says of each text."""

    def entry(self, entry_id: str) -> Mapping[str, Any] | None:
        """An active entry; null when there is none."""

    def freshness(self) -> Mapping[str, Any]:
        """What answers rest on."""


def create(
    desk: Desk, *, hosts: Collection[str] = LOOPBACK, token: str | None = None
) -> guard.Guard:
    """The application.

    Args:
        desk: Who answers.
        hosts: Names under which it may be asked.
        token: Bearer token that it asks for; null for none.
    """
    app = fastapi.FastAPI(
        title="puppetwatch lookup",
        version="1",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
    )

    @app.exception_handler(errors.InputError)
    def nothing_yet(_: fastapi.Request, error: errors.InputError) -> Response:
        return _json({"detail": str(error)}, status=503)

    @app.exception_handler(RequestValidationError)
    def wrong(_: fastapi.Request, error: RequestValidationError) -> Response:
        # What was wrong and where, without repeating the text that was asked about.
        told = [{name: each[name] for name in ("type", "loc", "msg")} for each in error.errors()]  # fmt: skip
        return _json({"detail": told}, status=422)

    # A question takes less time than handing it to another thread; a batch does not.
    @app.post("/v1/lookup", response_model=answers.Answer)
    async def lookup(question: answers.Question) -> Response:
        """Whose contacts stand in a text."""
        told = desk.answers([question.text])
        return _json({"release": told["release"], **told["results"][0]})

    @app.post("/v1/lookup/batch", response_model=answers.Answers)
    def batch(questions: answers.Questions) -> Response:
        """Whose contacts stand in each of up to 1,000 texts."""
        return _json(desk.answers(questions.texts))

    @app.get("/v1/entries/{entry_id}", response_model=answers.EntryAnswer, responses={404: {"description": "No active entry of that id."}})  # fmt: skip
    async def entry(
        entry_id: Annotated[str, PathParameter(max_length=64)],
    ) -> Response:
        """An active entry by its id."""
        found = desk.entry(entry_id)
        if found is None:
            return _json({"detail": f"{entry_id} is not on the list."}, status=404)
        return _json(found)

    @app.get("/health", response_model=answers.Health, responses={503: {"description": "No release, or a stale one."}})  # fmt: skip
    async def health() -> Response:
        """Whether answers can be relied on."""
        told = desk.freshness()
        is_stale = told["is_stale"]
        return _json(
            {"status": "stale" if is_stale else "ok", "release": told},
            status=503 if is_stale else 200,
        )

    return guard.Guard(app, hosts=hosts, token=token)


def _json(said: object, status: int = 200) -> Response:
    return Response(
        orjson.dumps(said),
        status_code=status,
        media_type="application/json",
        headers={"cache-control": "no-store", "x-content-type-options": "nosniff"},
    )
