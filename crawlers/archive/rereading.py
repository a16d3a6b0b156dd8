"""Archived answers read again by today's parsers.

One file of the archive goes in; the records that its crawl or import would stage today come out. Invariants: nothing is
asked of anybody; a record whose own page is in the file too comes from that page; of several readings of a post a whole
text is preferred, then the order is that of a crawl's staging, so that the same file gives the same records every time.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from crawlers import evidence
from crawlers.archive import redaction
from crawlers.crawl.keywords import Keywords
from crawlers.files import drops
from crawlers.records import values
from crawlers.sources.parsed import Ask, Parsed, Record


@dataclass(slots=True)
class Reread:
    """What a file of the archive says today.

    Attributes:
        records: One per post, as JSON lines (CONTRACT §3), sorted by post.
        rejects: Address or file, field and reason of each record that cannot be read.
        statuses: Answers by what came of them.
        answer_count: Answers read.
    """

    records: list[bytes] = field(default_factory=list)
    rejects: list[tuple[str, str, str]] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    answer_count: int = 0


def read(path: Path, *, parser_of: Callable[[evidence.Answer], Callable[..., Parsed] | None]) -> Reread:  # fmt: skip
    """Read one file of the archive.

    Args:
        path: The file.
        parser_of: The parser for an answer; null where there is none today.

    Raises:
        DamagedError: the file cannot be read to its end.
    """
    found = Reread()
    best: dict[str, tuple[tuple[bool, bytes], bytes]] = {}
    details: dict[str, Ask] = {}
    for answer in evidence.answers(path):
        found.answer_count += 1
        parse = parser_of(answer)
        if parse is None:
            found.statuses["no parser"] += 1
            continue
        parsed = _parsed(parse, answer, details)
        found.statuses[parsed.fetch_status] += 1
        found.rejects += [(answer.url, each.field, each.reason) for each in parsed.rejects]  # fmt: skip
        if answer.is_canary:
            continue
        for record in _wanted(parsed, answer):
            try:
                values.storable_size(record)
            except values.RecordError as error:
                found.rejects.append((answer.url, error.field or "record", error.reason))  # fmt: skip
                continue
            line = orjson.dumps({**record, "evidence_sha256": answer.sha256})
            # The order of ``staging.LinesFile``, after whole texts.
            rank = (bool(record.get("text_truncated")), hashlib.blake2b(line + b"\n", digest_size=8).digest())  # fmt: skip
            key = f"{record['post_id']}\n{record.get('crawled_at')}"
            if key not in best or rank < best[key][0]:
                best[key] = (rank, line)
    found.records = [best[key][1] for key in sorted(best)]
    return found


def _parsed(parse: Callable[..., Parsed], answer: evidence.Answer, details: dict[str, Ask]) -> Parsed:  # fmt: skip
    """An answer read; the list before it in the file says which record it completes."""
    asked = answer.ask
    if asked is not None:
        listed = details.get(asked.url)
        asked = Ask(asked.url, feed_id=asked.feed_id, is_page=asked.is_page, listed=listed.listed if listed else None)  # fmt: skip
    address = answer.url if asked is not None else drops.shown_address(answer.url)
    parsed = parse(
        answer.body,
        url=address,
        http_status=answer.http_status,
        fetched_at=answer.fetched_at,
        ask=asked,
    )
    for ask in parsed.next:
        if ask.listed is not None:
            details[redaction.url(ask.url)] = ask
    return parsed


def _wanted(parsed: Parsed, answer: evidence.Answer) -> Iterator[Record]:
    """The records that a crawl keeps, with the keyword that chose them."""
    keywords = Keywords(answer.keywords)
    for record in parsed.records:
        query = record.get("query") or keywords.matched(record)
        if query:
            yield record if query is True else {**record, "query": query}
