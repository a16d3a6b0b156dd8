"""The one spider: asks what a source wants asked, writes down how it went, hands on the records.

In: a ``Source``, a ``Job`` and an open ``Staging``. Out: items (records) and rows in the staging directory. A record that
a further page would complete is held until that page is there; when it never comes, the record goes out as it is. Each
record counts once in ``fetches``: on the answer that showed it first. What a killed crawl had finished is not asked
again; what it had found and not asked is.
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

from crawlers import politeness
from crawlers.archive import answers, redaction
from crawlers.crawl import hosts
from crawlers.crawl.hosts import Hosts
from crawlers.crawl.job import Job
from crawlers.crawl.keywords import Keywords
from crawlers.memory.seen import Seen
from crawlers.memory.staging import Answer, Staged, Staging
from crawlers.records import values
from crawlers.sources import urls
from crawlers.sources.catalogue import Source
from crawlers.sources.parsed import Ask, Parsed, Record, Reject

logger = logging.getLogger(__name__)

#: Means something only to who said what is known.
_UNCHANGED = 304


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
        self._is_resumed = len(staging.finished) > 0
        self._asked = Seen(job.out_dir)
        for ask in staging.pending:
            self._asked.add(ask.url)
        self.request_count = len(staging.finished) + len(self._asked)
        self._hosts = Hosts()
        self._keywords = Keywords(job.keywords if source.is_general else ())
        self._deadline = time.monotonic() + job.limits.seconds

    async def start(self) -> AsyncIterator[scrapy.Request]:
        """The canary, then what a killed crawl had not come to, then what the job names."""
        if self.job.missing_key:
            first = self.job.canary or self.job.asks[0]
            self.staging.expect(
                self._answer(
                    first,
                    "not_authorised",
                    http_status=None,
                    reason=self.job.missing_key,
                    fetched_at=self.job.as_of or datetime.now(UTC),
                    record_count=0,
                    reject_count=0,
                ),
                records=0,
            )
            return
        canary = self.job.canary
        is_listed = canary and any(canary.url == ask.url for ask in self.job.asks)
        if canary and not is_listed and canary.url not in self.staging.finished:
            self._asked.add(canary.url)
            self.request_count += 1
            yield self._request(canary, is_canary=True)
        for ask in self.staging.pending:
            yield self._request(ask)
        for ask in self.job.asks:
            if self._may_ask(ask, skipped=self.staging.skipped):
                yield self._request(ask)

    # ---------------------------------------------------------------- asking

    def seconds_left(self) -> float:
        """Until nothing new is asked for."""
        return self._deadline - time.monotonic()

    def assert_may_ask(self, host: str) -> None:
        """Raise ``Refused`` when the crawl was stopped, its time is over or the host has failed too often."""
        self._hosts.assert_may_ask(host)
        if self.seconds_left() <= 0:
            raise politeness.Refused(fetch_status="skipped", reason="time budget")

    def _may_ask(self, ask: Ask, *, skipped: Counter[str]) -> bool:
        """Whether a request may be made; it then counts as made."""
        if self._was_asked(ask.url):
            return False
        if self.request_count >= self.job.limits.pages:
            skipped["page budget"] += 1
            return False
        if self.seconds_left() <= 0:
            skipped["time budget"] += 1
            return False
        self._asked.add(ask.url)
        self.request_count += 1
        return True

    def _was_asked(self, url: str) -> bool:
        """In this crawl, or in the killed one that it goes on with."""
        # What this crawl finishes it has asked for; only the killed one's is to be looked for.
        return url in self._asked or (self._is_resumed and url in self.staging.finished)

    def _request(self, ask: Ask, *, is_canary: bool = False) -> scrapy.Request:
        return scrapy.Request(
            ask.url,
            callback=self.answered,
            errback=self.failed,
            headers=self._condition(ask),
            # Repeats are dropped by ``_asked``, so that a held record cannot vanish with a filtered request.
            dont_filter=True,
            # Details first: a held record should not wait for the end of the list.
            priority=1 if ask.listed else 0,
            cb_kwargs={"ask": ask, "is_canary": is_canary},
        )

    def _condition(self, ask: Ask) -> dict[str, str]:
        """Headers that ask for an answer only where it is another than the last."""
        if not self.source.is_conditional:
            return {}
        validator = self.job.validators.get(ask.url, {})
        named = (("If-None-Match", "etag"), ("If-Modified-Since", "last_modified"))
        return {name: value for name, field in named if isinstance(value := validator.get(field), str)}  # fmt: skip

    # ---------------------------------------------------------------- answers

    def answered(
        self,
        response: Response,
        ask: Ask,
        is_canary: bool,  # noqa: FBT001 (from cb_kwargs)
    ) -> Iterator[Staged | scrapy.Request]:
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
        if response.status == _UNCHANGED and not self._condition(ask):
            parsed = Parsed("error", reason=f"HTTP {_UNCHANGED}, although nothing was said to be known")  # fmt: skip
        storable, rejects = self._storable(parsed)
        storable = [{**record, "evidence_sha256": digest} for record in storable]
        answer = self._answer(
            ask,
            parsed.fetch_status,
            http_status=response.status,
            reason=parsed.reason,
            fetched_at=fetched_at,
            record_count=0 if ask.listed else len(storable),
            reject_count=len(rejects),
        )
        answer.rejects = [
            {
                "file": urls.without_secrets(ask.url),
                "line": None,
                "field": _line(reject.field),
                "reason": _line(reject.reason),
                "seen_at": fetched_at.isoformat(),
            }
            for reject in rejects
        ]
        self._learn(parsed, response, answer)
        if is_canary:
            # Nothing of it is kept, so there is nothing that an unchanged answer could leave as it is.
            answer.validator = None
        parsed = self._with_following(parsed, response, ask)
        if is_canary:
            yield from self._staged(answer, [])
        elif ask.listed:
            yield from self._staged(answer, storable or self._fallback(ask, answer))
        else:
            yield from self._staged(answer, self._chosen(parsed, storable, answer))
            yield from map(self._request, answer.asks)

    def _with_following(self, parsed: Parsed, response: Response, ask: Ask) -> Parsed:
        """The next page of a platform that pages by its own rule, unless the parser named one."""
        authority = self.source.authorise
        if authority is None or parsed.fetch_status != "ok" or parsed.next:
            return parsed
        url = authority.following(ask.url, response.body)
        following = (Ask(url, is_page=True),) if url else ()
        return dataclasses.replace(parsed, next=following)

    def _staged(self, answer: Answer, records: list[Record]) -> Iterator[Staged]:
        self.staging.expect(answer, records=len(records))
        for record in records:
            yield Staged(record, answer)

    def _chosen(
        self, parsed: Parsed, storable: list[Record], answer: Answer
    ) -> list[Record]:
        """A list's records that are kept as they are; what else it asks for goes into the answer."""
        details = {ask.listed["post_id"]: ask for ask in parsed.next if ask.listed}
        chosen: list[Record] = []
        has_news = False
        for record in storable:
            detail = details.get(record["post_id"])
            is_known = record["post_id"] in self.job.known
            has_news |= not is_known
            if is_known and record.get("text_truncated"):
                # A list's summary must not replace the full text that is stored.
                answer.skipped["already stored"] += 1
                continue
            if detail and self._was_asked(detail.url):
                # Lists move while they are read; the page that shows it first has taken it.
                answer.skipped["listed twice"] += 1
                continue
            query = self._keywords.matched(record)
            if not query:
                answer.skipped["matches no keyword"] += 1
                continue
            kept = {**record, "query": query} if query is not True else record
            if detail and self._may_ask(detail, skipped=answer.skipped):
                answer.asks.append(Ask(detail.url, listed=kept))
            else:
                chosen.append(kept)
        for ask in parsed.next:
            # A list without news has been read to here before, and a changed one is not worth more requests.
            is_worth_it = not ask.is_page or (has_news and parsed.fetch_status == "ok")
            if (
                ask.listed is None
                and is_worth_it
                and self._may_ask(ask, skipped=answer.skipped)
            ):
                answer.asks.append(ask)
        return chosen

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

    def _learn(self, parsed: Parsed, response: Response, answer: Answer) -> None:
        """Name new unknown fields once; keep what a later conditional request needs."""
        new = parsed.unknown_fields - self.staging.unknown_fields
        if new:
            answer.unknown_fields = sorted(new)
            logger.warning(
                "%s: unknown fields %s", self.source.name, ", ".join(sorted(new))
            )
        if (
            parsed.fetch_status != "ok"
            or answer.rejects
            or not self.source.is_conditional
        ):
            return
        found = {
            field: value.decode("latin-1")
            for field, name in (("etag", "ETag"), ("last_modified", "Last-Modified"))
            if (value := response.headers.get(name))
        }
        if found:
            answer.validator = found

    # ---------------------------------------------------------------- failures

    def failed(self, failure: Failure) -> Iterator[Staged]:
        """A request without an answer."""
        ask: Ask = failure.request.cb_kwargs["ask"]  # type: ignore[attr-defined]
        status, reason = politeness.outcome(cast("BaseException", failure.value))
        host = urls.host(ask.url) or ""
        if status in hosts.NOT_MADE:
            self._hosts.note_not_made(host, status, reason)
            answer = Answer(ask.url)
        elif status == "skipped":
            answer = Answer(ask.url, skipped=Counter({reason: 1}))
        else:
            answer = self._answer(
                ask,
                status,
                http_status=None,
                reason=reason,
                fetched_at=self.job.as_of or datetime.now(UTC),
                record_count=0,
                reject_count=0,
            )
        yield from self._staged(answer, self._fallback(ask, answer))

    def _fallback(self, ask: Ask, answer: Answer) -> list[Record]:
        """The list's own record of a page that did not come."""
        if not ask.listed:
            return []
        answer.skipped["details not read"] += 1
        return [dict(ask.listed)]

    def _answer(
        self,
        ask: Ask,
        status: str,
        *,
        http_status: int | None,
        reason: str | None,
        fetched_at: datetime,
        record_count: int,
        reject_count: int,
    ) -> Answer:
        """An answer with its fetch row; how the host behaves is remembered."""
        self._hosts.note(urls.host(ask.url) or "", status)
        if status == "ok" and ask.listed and reason is None:
            reason = "details of a listed record"
        return Answer(
            ask.url,
            fetch={
                "url_or_file": urls.without_secrets(ask.url),
                "fetch_status": status,
                "http_status": http_status,
                "record_count": record_count,
                "reject_count": reject_count,
                "reason": _line(reason),
                "fetched_at": fetched_at.isoformat(),
            },
        )

    def closed(self, reason: str) -> None:  # noqa: ARG002 (Scrapy's signature)
        """One row per host that was left alone or stopped at, so that what was not asked is not silent."""
        for remark in self._hosts.remarks():
            self.staging.remark(
                {
                    "url_or_file": f"https://{remark.host}/",
                    "fetch_status": remark.fetch_status,
                    "http_status": None,
                    "record_count": 0,
                    "reject_count": 0,
                    "reason": f"{remark.requests} further requests not made: {remark.why}",
                    "fetched_at": (self.job.as_of or datetime.now(UTC)).isoformat(),
                }
            )
            self.staging.skipped[remark.skipped] += remark.requests


def _line(text: str | None) -> str | None:
    """One line: reasons may quote a site, and a site may write anything."""
    return " ".join(text.split()) if text else None
