"""The one spider: asks what a source wants asked, writes down how it went, hands on the records.

In: a ``Source``, a ``Job`` and an open ``Staging``. Out: items (records) and rows in the staging directory. A record that
a further page would complete is held until that page is there; when it never comes, the record goes out as it is. Each
record counts once in ``fetches``: on the answer that showed it first.
"""

from __future__ import annotations

import dataclasses
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any, cast

import scrapy
from scrapy.http import Response
from twisted.python.failure import Failure

from crawlers import answers, politeness, redaction, values
from crawlers.job import Job
from crawlers.keywords import Keywords
from crawlers.pipelines import Staging
from crawlers.sources import urls
from crawlers.sources.catalogue import Source
from crawlers.sources.parsed import SUCCESS, Ask, Parsed, Record, Reject

logger = logging.getLogger(__name__)

#: After so many failures in a row a host is left alone for the rest of the crawl.
_FAILURES_IN_A_ROW = 3
#: Statuses that speak about the host rather than about one address.
_HOST_FAILURES = frozenset({"blocked", "login_wall", "rate_limited", "error"})


class SourceSpider(scrapy.Spider):
    """One crawl of one source."""

    name = "source"

    def __init__(
        self,
        *,
        source: Source,
        job: Job,
        staging: Staging,
        **kwargs: Any,  # noqa: ANN401 (Scrapy's own)
    ) -> None:
        super().__init__(**kwargs)
        self.source = source
        self.job = job
        self.staging = staging
        self.unknown_fields: set[str] = set()
        self.skipped: Counter[str] = Counter()
        self.validators: dict[str, dict[str, str]] = {}
        self.request_count = 0
        self._asked: set[str] = set()
        self._failures: Counter[str] = Counter()
        self._last_failure: dict[str, str] = {}
        self._left_alone: Counter[str] = Counter()
        self._keywords = Keywords(job.keywords if source.is_general else ())
        self._deadline = time.monotonic() + job.limits.seconds

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The canary, then what the job names."""
        if self.job.canary and self.job.canary.url not in {
            ask.url for ask in self.job.asks
        }:
            yield self._request(self.job.canary, is_canary=True)
        for ask in self.job.asks:
            if self._may_ask(ask):
                yield self._request(ask)

    # ---------------------------------------------------------------- asking

    def seconds_left(self) -> float:
        """Until nothing new is asked for."""
        return self._deadline - time.monotonic()

    def assert_may_ask(self, host: str) -> None:
        """Raise ``Refused`` when the time is over or the host has failed too often."""
        if self._failures[host] >= _FAILURES_IN_A_ROW:
            raise politeness.Refused(
                fetch_status="left_alone", reason="the host failed too often"
            )
        if self.seconds_left() <= 0:
            raise politeness.Refused(fetch_status="skipped", reason="time budget")

    def _may_ask(self, ask: Ask) -> bool:
        if ask.url in self._asked:
            return False
        if self.request_count >= self.job.limits.pages:
            self.skipped["page budget"] += 1
            return False
        if self.seconds_left() <= 0:
            self.skipped["time budget"] += 1
            return False
        return True

    def _request(self, ask: Ask, *, is_canary: bool = False) -> scrapy.Request:
        self._asked.add(ask.url)
        self.request_count += 1
        validator = (
            self.job.validators.get(ask.url, {}) if self.source.is_conditional else {}
        )
        headers = {
            name: validator[field]
            for name, field in (
                ("If-None-Match", "etag"),
                ("If-Modified-Since", "last_modified"),
            )
            if isinstance(validator.get(field), str)
        }
        return scrapy.Request(
            ask.url,
            callback=self.answered,
            errback=self.failed,
            headers=headers,
            # Repeats are dropped by ``_asked``, so that a held record cannot vanish with a filtered request.
            dont_filter=True,
            # Details first: a held record should not wait for the end of the list.
            priority=1 if ask.listed else 0,
            cb_kwargs={"ask": ask, "is_canary": is_canary},
        )

    # ---------------------------------------------------------------- answers

    def answered(
        self,
        response: Response,
        ask: Ask,
        is_canary: bool,  # noqa: FBT001 (from cb_kwargs)
    ) -> Iterator[Record | scrapy.Request]:
        """Read one answer."""
        fetched_at = self.job.as_of or datetime.now(UTC)
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values_of in response.headers.items()
            for value in values_of
        ]
        parsed, kept = answers.read(
            self.source.parse,
            response.body,
            url=response.url,
            http_status=response.status,
            fetched_at=fetched_at,
            ask=ask,
            known=redaction.secrets(ask.url, headers),
            hash_key=self.job.hash_key,
            is_private=self.source.is_private,
        )
        digest = self.staging.archive.write(
            kept,
            url=redaction.url(response.url),
            fetched_at=fetched_at,
            http_status=response.status,
            headers=redaction.headers(headers),
            ask=dataclasses.replace(ask, url=redaction.url(ask.url)),
            is_canary=is_canary,
            received=response.body,
        )
        storable, rejects = self._storable(parsed)
        storable = [{**record, "evidence_sha256": digest} for record in storable]
        self._note(
            ask,
            parsed.fetch_status,
            http_status=response.status,
            reason=parsed.reason,
            fetched_at=fetched_at,
            record_count=0 if ask.listed else len(storable),
            reject_count=len(rejects),
        )
        for reject in rejects:
            self.staging.write_reject(
                {
                    "file": urls.without_secrets(ask.url),
                    "line": None,
                    "field": _line(reject.field),
                    "reason": _line(reject.reason),
                    "seen_at": fetched_at.isoformat(),
                }
            )
        self._learn(parsed, response, ask)
        if is_canary:
            return
        if ask.listed:
            yield from storable or self._fallback(ask)
            return
        yield from self._follow(parsed, storable)

    def _follow(
        self, parsed: Parsed, storable: list[Record]
    ) -> Iterator[Record | scrapy.Request]:
        """A list's records and what it asks for."""
        details = {ask.listed["post_id"]: ask for ask in parsed.next if ask.listed}
        has_news = False
        for record in storable:
            detail = details.get(record["post_id"])
            is_known = record["post_id"] in self.job.known
            has_news |= not is_known
            if is_known and record.get("text_truncated"):
                # A list's summary must not replace the full text that is stored.
                self.skipped["already stored"] += 1
            elif not (query := self._keywords.matched(record)):
                self.skipped["matches no keyword"] += 1
            elif detail and self._may_ask(detail):
                held = {**record, "query": query} if query is not True else record
                yield self._request(Ask(detail.url, listed=held))
            else:
                yield {**record, "query": query} if query is not True else record
        for ask in parsed.next:
            # A list without news has been read to here before, and a changed one is not worth more requests.
            is_worth_it = not ask.is_page or (has_news and parsed.fetch_status == "ok")
            if ask.listed is None and is_worth_it and self._may_ask(ask):
                yield self._request(ask)

    def _storable(self, parsed: Parsed) -> tuple[list[Record], list[Reject]]:
        """Records without those that no file could hold."""
        storable: list[Record] = []
        rejects = list(parsed.rejects)
        for record in parsed.records:
            try:
                values.storable_size(record)
            except values.RecordError as error:
                rejects.append(Reject(error.field or "record", error.reason))
            else:
                storable.append(record)
        return storable, rejects

    def _learn(self, parsed: Parsed, response: Response, ask: Ask) -> None:
        """Name new unknown fields once; keep what a later conditional request needs."""
        new = parsed.unknown_fields - self.unknown_fields
        if new:
            self.unknown_fields |= new
            logger.warning(
                "%s: unknown fields %s", self.source.name, ", ".join(sorted(new))
            )
        if parsed.fetch_status != "ok" or not self.source.is_conditional:
            return
        found = {
            field: value.decode("latin-1")
            for field, name in (("etag", "ETag"), ("last_modified", "Last-Modified"))
            if (value := response.headers.get(name))
        }
        if found:
            self.validators[ask.url] = found

    # ---------------------------------------------------------------- failures

    def failed(self, failure: Failure) -> Iterator[Record]:
        """A request without an answer."""
        ask: Ask = failure.request.cb_kwargs["ask"]  # type: ignore[attr-defined]
        status, reason = politeness.outcome(cast("BaseException", failure.value))
        if status == "skipped":
            self.skipped[reason] += 1
        elif status == "left_alone":
            self._left_alone[urls.host(ask.url) or ""] += 1
        else:
            self._note(
                ask,
                status,
                http_status=None,
                reason=reason,
                fetched_at=self.job.as_of or datetime.now(UTC),
                record_count=0,
                reject_count=0,
            )
        yield from self._fallback(ask)

    def _fallback(self, ask: Ask) -> Iterator[Record]:
        """The list's own record of a page that did not come."""
        if ask.listed:
            self.skipped["details not read"] += 1
            yield dict(ask.listed)

    def _note(
        self,
        ask: Ask,
        status: str,
        *,
        http_status: int | None,
        reason: str | None,
        fetched_at: datetime,
        record_count: int,
        reject_count: int,
    ) -> None:
        """Write one fetch row and remember how the host behaves."""
        host = urls.host(ask.url) or ""
        if status in _HOST_FAILURES:
            self._failures[host] += 1
            self._last_failure[host] = status
        elif status in SUCCESS:
            self._failures[host] = 0
        if status == "ok" and ask.listed and reason is None:
            reason = "details of a listed record"
        self.staging.write_fetch(
            {
                "url_or_file": urls.without_secrets(ask.url),
                "fetch_status": status,
                "http_status": http_status,
                "record_count": record_count,
                "reject_count": reject_count,
                "reason": _line(reason),
                "fetched_at": fetched_at.isoformat(),
            }
        )

    def closed(self, reason: str) -> None:  # noqa: ARG002 (Scrapy's signature)
        """One row per host that was left alone, so that what was not asked is not silent."""
        fetched_at = (self.job.as_of or datetime.now(UTC)).isoformat()
        for host, count in sorted(self._left_alone.items()):
            self.staging.write_fetch(
                {
                    "url_or_file": f"https://{host}/",
                    "fetch_status": self._last_failure[host],
                    "http_status": None,
                    "record_count": 0,
                    "reject_count": 0,
                    "reason": f"{count} further requests not made: {_FAILURES_IN_A_ROW} failures in a row",
                    "fetched_at": fetched_at,
                }
            )
            self.skipped["host failed too often"] += count


def _line(text: str | None) -> str | None:
    """One line: reasons may quote a site, and a site may write anything."""
    return " ".join(text.split()) if text else None
