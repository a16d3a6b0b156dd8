# ruff: noqa: ARG002  # Scrapy hands its log formatter what must not be logged.
"""The staging directory of one crawl: records, fetches and rejects as JSON lines, a summary that comes last.

In: records as parsers make them, one fetch row per request, rejects. Out: ``records.jsonl``, ``fetches.jsonl``,
``rejects.jsonl``, and what was answered as ``evidence.warc.gz``, on disk before ``summary.json`` appears under its name. Invariants: the same rows give the same bytes
in whatever order they came; a complainant's or commenter's id is hashed before it touches the disk; nothing is kept in
memory but a line's place.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Protocol, cast

import orjson
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from crawlers import evidence, privacy
from crawlers.sources.parsed import Record

logger = logging.getLogger(__name__)

#: Ids from this length on are looked for, and replaced, in the rest of a private author's record.
_SHORTEST_TRACE: Final = 5


class LinesFile:
    """JSON lines that end up sorted by a key, then by content.

    Args:
        path: Where the lines stand once closed; until then beside it with the ending ``.part``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(path.name + ".part")
        path.unlink(missing_ok=True)
        self._file = self._part.open("w+b")
        self._places: list[tuple[str, bytes, int, int]] = []
        self._end = 0

    def write(self, row: dict[str, Any], *, key: str) -> None:
        """Add one row."""
        line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
        self._file.write(line)
        self._places.append(
            (key, hashlib.blake2b(line, digest_size=8).digest(), self._end, len(line))
        )
        self._end += len(line)

    def close(self) -> int:
        """Sort, write through to the disk, and give the file its name.

        Returns:
            The number of lines that the finished file holds, counted in it.
        """
        self._file.flush()
        sorted_part = self._path.with_name(self._path.name + ".sorted")
        count = 0
        with sorted_part.open("wb") as target:
            for _, _, start, length in sorted(self._places):
                self._file.seek(start)
                line = self._file.read(length)
                count += line.count(b"\n")
                target.write(line)
            target.flush()
            os.fsync(target.fileno())
        self._file.close()
        sorted_part.replace(self._path)
        self._part.unlink()
        return count


class Staging:
    """What one crawl leaves behind.

    Args:
        out_dir: Made if missing; files of an earlier attempt are replaced, its summary is removed first.
        source: Name of the source.
        hash_key: Secret for pseudonyms; may be empty where no author is private.
        keywords: Which records of a general source are wanted; stands in the archive.

    Attributes:
        archive: Where answers are kept.
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
        self._summary = out_dir / "summary.json"
        self._summary.unlink(missing_ok=True)
        self._out_dir = out_dir
        self._source = source
        self._hash_key = hash_key
        self._records = LinesFile(out_dir / "records.jsonl")
        self._fetches = LinesFile(out_dir / "fetches.jsonl")
        self._rejects = LinesFile(out_dir / "rejects.jsonl")
        self.archive = evidence.Writer(
            out_dir / f"evidence{evidence.SUFFIX}", source=source, keywords=keywords
        )
        self.statuses: Counter[str] = Counter()

    def write_record(self, record: Record) -> None:
        """Stage one record."""
        self._records.write(self._pseudonymous(record), key=record["post_id"])

    def write_fetch(self, row: dict[str, Any]) -> None:
        """Stage one fetch row (CONTRACT §5 ``fetches`` without ``run_id``)."""
        self.statuses[row["fetch_status"]] += 1
        self._fetches.write({"source": self._source, **row}, key=row["url_or_file"])

    def write_reject(self, row: dict[str, Any]) -> None:
        """Stage one reject (CONTRACT §5 ``rejects`` without ``run_id``)."""
        self._rejects.write({"source": self._source, **row}, key=row["file"])

    def _pseudonymous(self, record: Record) -> Record:
        """The record without what identifies a private author."""
        if record["kind"] not in privacy.PRIVATE_KINDS:
            return record
        author = record["author"]
        hidden = privacy.pseudonym(
            author["id"], platform=record["platform"], key=self._hash_key
        )
        raw = author["id"]
        # A short id would be found inside prices and dates; it identifies nobody there.
        scrubbed = privacy.scrub(
            {**record, "author": None},
            {raw: hidden} if len(raw) >= _SHORTEST_TRACE else {},
        )
        return {
            **cast("Record", scrubbed),
            "author": {"id": hidden, "id_kind": author["id_kind"]},
        }

    def close(self) -> dict[str, int]:
        """Finish the files; the number of lines in each."""
        self.archive.close()
        written = {
            "rows_written": self._records.close(),
            "fetch_rows": self._fetches.close(),
            "reject_rows": self._rejects.close(),
        }
        _sync_directory(self._out_dir)
        return written

    def write_summary(self, summary: dict[str, Any]) -> None:
        """Put the summary in place, atomically and last."""
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
        _sync_directory(self._out_dir)


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class HasStaging(Protocol):
    """The spider, as the pipeline sees it."""

    staging: Staging


class StagingPipeline:
    """Scrapy's item pipeline: every item is a record, and every record goes to the staging directory."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StagingPipeline:
        """Scrapy's constructor."""
        return cls(crawler)

    def process_item(self, item: Record) -> Record:
        """Stage the record and hand it on."""
        cast("HasStaging", self._crawler.spider).staging.write_record(item)
        return item


class DiscreetLog(LogFormatter):
    """Log lines that name an item by its id: its text and contacts belong into no log."""

    def scraped(
        self,
        item: Record,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        """Where a record came from."""
        return {
            "level": logging.DEBUG,
            "msg": "Record of %(src)s",
            "args": {"src": response},
        }

    def item_error(
        self,
        item: Record,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        """An item that could not be staged."""
        return {
            "level": logging.ERROR,
            "msg": "Record %(post_id)s not staged",
            "args": {"post_id": item.get("post_id")},
        }
