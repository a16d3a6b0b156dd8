"""The staging directory of one crawl: records, fetches and rejects as JSON lines, a summary that comes last.

In: what each request gave, as one ``Answer``. Out: while the crawl runs, ``journal``, which a killed crawl is gone on
with; at its end ``records.jsonl``, ``fetches.jsonl``, ``rejects.jsonl`` and what was answered, ``evidence.warc.gz``, on disk before ``summary.json`` appears under its
name. Invariants: an answer's records, its fetch row and the mark that its request is done become durable together or
not at all; a record names an answer only if that is in the archive; the same rows give the same bytes in whatever order they came; a complainant's or commenter's id is hashed
before it touches the disk; memory does not grow with what is done, only with what is still wanted.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

import orjson

from crawlers import evidence
from crawlers.archive import privacy
from crawlers.memory.journal import Entry, Journal
from crawlers.memory.lines import LinesFile
from crawlers.memory.seen import Seen
from crawlers.sources.parsed import Ask, Record

#: Ids from this length on are looked for, and replaced, in the rest of a private author's record.
_SHORTEST_TRACE: Final = 5


@dataclass(slots=True)
class Answer:
    """What one request gave; durable once all its records have passed the pipeline.

    Attributes:
        url: The request, as the source asked for it.
        fetch: Its row for ``fetches``; null where nothing was asked after all.
        rejects: Rows for ``rejects``.
        asks: Further requests that it wants made.
        skipped: What was left out on purpose, by reason.
        unknown_fields: Seen for the first time here.
        validator: What a later conditional request needs; null where nothing does.
        records: Those that have passed the pipeline.
        awaited: Number of records to come; null while the answer is still being read.
    """

    url: str
    fetch: dict[str, Any] | None = None
    rejects: list[dict[str, Any]] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    unknown_fields: list[str] = field(default_factory=list)
    validator: dict[str, str] | None = None
    records: list[Record] = field(default_factory=list)
    awaited: int | None = None


@dataclass(frozen=True, slots=True)
class Staged:
    """An item: a record and the answer that it belongs to."""

    record: Record
    answer: Answer


class Staging:
    """What one crawl leaves behind.

    Args:
        out_dir: Made if missing. What a killed or failed crawl left in it is gone on with; a complete one is replaced.
        source: Name of the source.
        hash_key: Secret for pseudonyms; may be empty where no author is private.
        keywords: Which records of a general source are wanted; stands in the archive.

    Attributes:
        archive: Where answers are kept, before the records that name them; a killed crawl's are among them.
        finished: Requests that are done, also those of the crawl that was killed.
        pending: Requests that the killed crawl wanted made and did not finish.
        adopted: Records that the killed crawl had finished.
        statuses, skipped, unknown_fields, validators: Sums over all finished requests.
    """

    def __init__(
        self,
        out_dir: Path,
        *,
        source: str,
        hash_key: bytes,
        keywords: Iterable[str] = (),
    ) -> None:
        out_dir.mkdir(parents=True, exist_ok=True)
        self._out_dir = out_dir
        self._source = source
        self._hash_key = hash_key
        self._summary = out_dir / "summary.json"
        self._journal_file = out_dir / "journal"
        if is_complete(out_dir):
            self._journal_file.unlink(missing_ok=True)
        self._summary.unlink(missing_ok=True)
        self.finished = Seen(out_dir)
        self.statuses: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.unknown_fields: set[str] = set()
        self.validators: dict[str, dict[str, str]] = {}
        self._remarks: list[dict[str, Any]] = []
        self._journal = Journal(self._journal_file, source=source)
        self.adopted = 0
        for entry in self._journal.entries():
            self._count(entry)
            self.adopted += len(entry["records"])
        # Read again: what was wanted and is done need not be remembered to know what is not.
        self.pending = tuple(
            Ask(**each)
            for entry in self._journal.entries()
            for each in entry["asks"]
            if each["url"] not in self.finished
        )
        self.archive = evidence.Writer(
            out_dir / f"evidence{evidence.SUFFIX}",
            source=source,
            keywords=keywords,
            is_resumed=len(self.finished) > 0,
        )

    def expect(self, answer: Answer, *, records: int) -> None:
        """The answer is read; so many records of it are on their way through the pipeline."""
        answer.awaited = records
        self._keep_if_whole(answer)

    def write_record(self, record: Record, answer: Answer) -> None:
        """Take one record of an answer; the last one makes the answer durable."""
        answer.records.append(self._pseudonymous(record))
        self._keep_if_whole(answer)

    def remark(self, row: dict[str, Any]) -> None:
        """A fetch row that no request of its own stands behind, for the end of the crawl."""
        self._remarks.append(self._fetch_row(row))

    def _keep_if_whole(self, answer: Answer) -> None:
        if answer.awaited != len(answer.records):
            return
        asks = [
            {
                "url": ask.url,
                "feed_id": ask.feed_id,
                "listed": self._pseudonymous(dict(ask.listed)) if ask.listed else None,
                "is_page": ask.is_page,
            }
            for ask in answer.asks
        ]
        entry = {
            "url": answer.url,
            "fetch": self._fetch_row(answer.fetch) if answer.fetch else None,
            "rejects": [{"source": self._source, **row} for row in answer.rejects],
            "records": answer.records,
            "asks": asks,
            "skipped": dict(answer.skipped),
            "unknown_fields": answer.unknown_fields,
            "validator": answer.validator,
        }
        is_due = self._journal.is_due()
        if is_due:
            # What the entry refers to is on the disk before the entry is.
            self.archive.sync()
        self._journal.append(entry)
        self._journal.settle(is_due=is_due)
        self._count(entry)

    def _fetch_row(self, row: dict[str, Any]) -> dict[str, Any]:
        return {"source": self._source, **row}

    def _count(self, entry: Entry) -> None:
        self.finished.add(entry["url"])
        if entry["fetch"]:
            self.statuses[entry["fetch"]["fetch_status"]] += 1
        self.skipped.update(entry["skipped"])
        self.unknown_fields.update(entry["unknown_fields"])
        if entry["validator"]:
            self.validators[entry["url"]] = entry["validator"]

    def _pseudonymous(self, record: Record) -> Record:
        """The record without what identifies a private author."""
        if record["kind"] not in privacy.PRIVATE_KINDS:
            return record
        author = record["author"]
        hidden = privacy.pseudonym(
            author["id"], platform=record["platform"], key=self._hash_key
        )
        scrubbed = privacy.scrub(
            {**record, "author": None}, self._traces(record, hidden)
        )
        return {
            **cast("Record", scrubbed),
            "author": {"id": hidden, "id_kind": author["id_kind"]},
        }

    def _traces(self, record: Record, hidden: str) -> dict[str, str]:
        """The author's id as it may stand in the rest of the record."""
        raw = record["author"]["id"]
        if raw != hidden:
            # A short id would be found inside prices and dates; it identifies nobody there.
            return {raw: hidden} if len(raw) >= _SHORTEST_TRACE else {}
        # Listed before a kill, and hashed then.
        text = orjson.dumps({**record, "author": None}).decode()
        return privacy.traces(
            text, hidden, platform=record["platform"], key=self._hash_key
        )

    def close(self) -> dict[str, int]:
        """Finish the archive, and write the three files from the journal; the number of lines in each, and of repeats."""
        self.archive.close()
        # Several keywords find the same post.
        records = LinesFile(self._out_dir / "records.jsonl", is_unique=True)
        fetches = LinesFile(self._out_dir / "fetches.jsonl")
        rejects = LinesFile(self._out_dir / "rejects.jsonl")
        for entry in self._journal.entries():
            for record in entry["records"]:
                records.write(self._founded(record), key=record["post_id"])
            if entry["fetch"]:
                fetches.write(entry["fetch"], key=entry["fetch"]["url_or_file"])
            for row in entry["rejects"]:
                rejects.write(row, key=row["file"])
        for row in self._remarks:
            self.statuses[row["fetch_status"]] += 1
            fetches.write(row, key=row["url_or_file"])
        self._journal.close()
        written = {
            "rows_written": records.close(),
            "rows_repeated": records.repeated,
            "fetch_rows": fetches.close(),
            "reject_rows": rejects.close(),
        }
        _sync_directory(self._out_dir)
        return written

    def _founded(self, record: Record) -> Record:
        """The record, which names no answer that a power cut took."""
        digest = record.get("evidence_sha256")
        if digest is None or digest in self.archive.digests:
            return record
        return {**record, "evidence_sha256": None}

    def write_summary(self, summary: dict[str, Any]) -> None:
        """Put the summary in place, atomically and last; a complete crawl needs its journal no more."""
        part = self._summary.with_name("summary.json.part")
        with part.open("wb") as target:
            target.write(
                orjson.dumps(
                    summary,
                    option=orjson.OPT_INDENT_2
                    | orjson.OPT_SORT_KEYS
                    | orjson.OPT_APPEND_NEWLINE,
                )
            )
            target.flush()
            os.fsync(target.fileno())
        part.replace(self._summary)
        if summary.get("is_complete"):
            self._journal_file.unlink()
        _sync_directory(self._out_dir)


def is_complete(out_dir: Path) -> bool:
    """Whether a staging directory holds a crawl that ended well."""
    try:
        summary = orjson.loads((out_dir / "summary.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return False
    return isinstance(summary, dict) and summary.get("is_complete") is True


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
