"""Signing on the way out: what a source is asked for stays free of secrets, what leaves carries the operator's keys.

In: Scrapy's requests of a source that has an ``authorise``. Out: their answers under the address that was asked for, so
that no token or sign reaches the spider, the journal, the log or the evidence. A token is fetched when the first request
needs it and when it has run out; one that is refused is replaced once. Signed requests are never redirected, and a
repeat is signed anew.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers import politeness
from crawlers.crawl.job import Job
from crawlers.sources import pages
from crawlers.sources.authorised import Authority, Wire
from crawlers.sources.catalogue import Source

#: A token is not used in its last seconds: it must still be good when the request arrives.
_MARGIN_SECONDS = 60.0


class HasKeys(Protocol):
    """The spider, as the middleware sees it."""

    source: Source
    job: Job


class AuthorityMiddleware:
    """Sends what needs keys; lets everything else pass."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._token: str | None = None
        self._good_until = 0.0
        # Of many requests that wait for a token only the first fetches it.
        self._fetching = asyncio.Lock()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AuthorityMiddleware:
        """Scrapy's constructor."""
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """The answer to the signed request, or null where nothing is to be signed."""
        spider = cast("HasKeys", self._crawler.spider)
        authority = spider.source.authorise
        is_ready = request.meta.get(politeness.SIGNED) or request.meta.get(
            "dont_obey_robotstxt"
        )
        if authority is None or is_ready:
            return None
        token = await self._good_token(request.url, authority, spider, refused=None)
        answer = await self._send(self._wire(request.url, authority, spider, token))
        if token and authority.refuses_token(answer.body):
            token = await self._good_token(
                request.url, authority, spider, refused=token
            )
            answer = await self._send(self._wire(request.url, authority, spider, token))
        return answer.replace(url=request.url, request=request)

    def _wire(
        self, url: str, authority: Authority, spider: HasKeys, token: str | None
    ) -> Wire:
        return authority.wire(url, spider.job.keys, token=token, now=datetime.now(UTC))

    async def _good_token(
        self, url: str, authority: Authority, spider: HasKeys, *, refused: str | None
    ) -> str | None:
        """A token that has not run out and is not the one that was refused; null where none is needed."""
        wire = authority.token_wire(url, spider.job.keys)
        if wire is None:
            return None
        async with self._fetching:
            is_good = self._token != refused and time.monotonic() < self._good_until
            if self._token is None or not is_good:
                answer = await self._send(wire)
                wall = _refusal(answer)
                if wall:
                    raise politeness.Refused(fetch_status=wall[0], reason=f"the token service: {wall[1]}")  # fmt: skip
                token = authority.read_token(answer.body)
                if token.value is None:
                    raise politeness.Refused(
                        fetch_status=token.fetch_status,
                        reason=token.reason or "no token",
                    )
                self._token = token.value
                self._good_until = (
                    time.monotonic()
                    + max(token.seconds, 2 * _MARGIN_SECONDS)
                    - _MARGIN_SECONDS
                )
            return self._token

    async def _send(self, wire: Wire) -> Response:
        engine = self._crawler.engine
        if engine is None:
            message = "The crawl has no engine."
            raise RuntimeError(message)
        request = Request(
            wire.url,
            method=wire.method,
            headers=dict(wire.headers),
            body=wire.body,
            meta={politeness.SIGNED: True, "dont_redirect": True},
            dont_filter=True,
        )
        answer: Response = await engine.download_async(request)
        return answer


def _refusal(answer: Response) -> tuple[str, str] | None:
    """What stands in a token's place: a status, a wall, any page; null for what may be a token's answer."""
    refused = pages.http_refusal(answer.status)
    if refused or not pages.is_html(answer.body):
        return refused
    return pages.wall(pages.decode(answer.body)) or ("blocked", "a page where a token was expected")  # fmt: skip
