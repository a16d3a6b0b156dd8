# ruff: noqa: ARG002  # Scrapy hands its log formatter what must not be logged.
"""Scrapy's way to the staging directory: every item goes there, and none is told to the log.

In: items (``staging.Staged``). Out: the same items, staged.
"""

from __future__ import annotations

import logging
from typing import Protocol, cast

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from crawlers.memory.staging import Staged, Staging


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

    def process_item(self, item: Staged) -> Staged:
        """Stage the record and hand it on."""
        staging = cast("HasStaging", self._crawler.spider).staging
        staging.write_record(item.record, item.answer)
        return item


class DiscreetLog(LogFormatter):
    """Log lines that name an item by its id: its text and contacts belong into no log."""

    def scraped(
        self,
        item: Staged,
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
        item: Staged,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        """An item that could not be staged."""
        return {
            "level": logging.ERROR,
            "msg": "Record %(post_id)s not staged",
            "args": {"post_id": item.record.get("post_id")},
        }
