"""What a night may still ask for: the operator's STOP file and one budget of requests over all sources.

In: every request at the moment at which it would leave. Out: the same, or ``Refused``. Invariants: after the STOP file
appears no request leaves; all crawls of a night together make no more requests than its budget, robots.txt, repeats and
tokens included.
"""

from __future__ import annotations

import os
from pathlib import Path

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawlers import politeness


class Allowance:
    """The right to make requests.

    Args:
        stop_file: While it is there, nothing is asked; null where nobody can stop the crawl so.
        counter: File that the crawls of one night share: it is as long as requests were made. Null for no budget.
        requests: How many the night may make.
    """

    def __init__(
        self, *, stop_file: Path | None, counter: Path | None, requests: int
    ) -> None:
        self._stop_file = stop_file
        self._counter = counter
        self._requests = requests

    def take(self) -> None:
        """Count one request.

        Raises:
            Refused: it must not be made.
        """
        if self._stop_file and self._stop_file.exists():
            raise politeness.Refused(
                fetch_status="stopped",
                reason=f"stopped by the operator's file {self._stop_file.name}",
            )
        if self._counter and _appended(self._counter) > self._requests:
            raise politeness.Refused(
                fetch_status="stopped",
                reason=f"the night's budget of {self._requests} requests is spent",
            )


def _appended(path: Path) -> int:
    """Add a byte; where it stands, from 1. Appending is atomic, so no two crawls get the same place."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, b".")
        return os.lseek(descriptor, 0, os.SEEK_CUR)
    finally:
        os.close(descriptor)


class CountedHandler(HTTP11DownloadHandler):
    """Scrapy's downloader, asking for permission right before a request leaves: later than any middleware or queue."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        settings = crawler.settings
        self._allowance = Allowance(
            stop_file=settings.get("STOP_FILE"),
            counter=settings.get("NIGHT_COUNTER"),
            requests=settings.getint("NIGHT_REQUESTS"),
        )

    async def download_request(self, request: Request) -> Response:
        """Make the request, or raise ``Refused``."""
        self._allowance.take()
        return await super().download_request(request)
