"""How fast pages are crawled, read and stored: against a bare spider that follows the same links and stores nothing.

One server, in a process of its own, shows a complaint list and the pages behind it; both crawls ask it for the same pages,
one after the other, with the same number of requests at a time and no delay. Processor seconds of the crawling process are
what is compared: the server and whoever else is on the machine do not count. ``python -m tests.bench.crawling serve N`` and
``… bare BASE`` are the two helpers that run as processes.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from twisted.web.resource import Resource
from twisted.web.server import Site

from crawlers import process
from tests.harness.faults import loopback

#: Of issue 3: at least this share of a bare spider's pages a second.
GOAL = 0.5
#: Memory is flat where the most of the last quarter, sorting and writing out included, is within this of a quarter's.
FLAT = 1.03
ROOT = loopback.ROOT


def run(pages: int) -> dict[str, object]:
    """Crawl so many pages with the bare spider and with ours.

    Returns:
        Figures: pages a processor second and a second of each, their ratio, memory of ours at a quarter and, at
        most, in the last quarter.
    """
    # A list page and its ten complaints are eleven pages.
    count = pages // 11 * 10
    load = os.getloadavg()[0]
    with _serving(count) as base, tempfile.TemporaryDirectory() as scratch:
        bare = _measured([sys.executable, "-m", "tests.bench.crawling", "bare", base])
        limits = {"pages": 10**6, "seconds": 3600, "timeout": 30}
        job = loopback.write_job(Path(scratch), "heimao", base, start=[loopback.FEED], limits=limits)  # fmt: skip
        ours = _measured(loopback.crawl_command(job, "heimao"))
        summary = json.loads((Path(scratch) / "out" / "summary.json").read_bytes())
    asked = summary["requests"]
    assert summary["is_complete"], summary
    assert asked == bare.pages, (asked, bare.pages)
    assert summary["rows_written"] == count, summary["rows_written"]
    ratio = bare.seconds / ours.seconds
    return {
        "pages": asked,
        "bare_pages_a_cpu_second": round(asked / bare.seconds),
        "pages_a_cpu_second": round(asked / ours.seconds),
        "bare_pages_a_second": round(asked / bare.wall),
        "pages_a_second": round(asked / ours.wall),
        "ratio": round(ratio, 2),
        "goal_reached": ratio >= GOAL,
        "mib_at_a_quarter": round(ours.quarter / 2**20, 1),
        "mib_at_the_end": round(ours.end / 2**20, 1),
        "is_flat": ours.end <= FLAT * ours.quarter,
        "load_average": round(load, 1),
    }


class _Figures:
    """Of one crawling process."""

    def __init__(self) -> None:
        self.seconds = self.wall = self.quarter = self.end = 0.0
        self.pages = 0


def _measured(command: list[str]) -> _Figures:
    """Run a process to its end: processor and wall seconds, and its memory over time."""
    found, sizes = _Figures(), []
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as started:  # fmt: skip
        status = Path(f"/proc/{started.pid}/statm")
        while started.poll() is None:
            with contextlib.suppress(OSError, IndexError):
                sizes.append(int(status.read_text().split()[1]) * resource.getpagesize())  # fmt: skip
            time.sleep(0.25)
        told = started.stdout.read() if started.stdout else ""
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert started.returncode == 0, started.returncode
    found.wall = time.monotonic() - began
    found.seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    # The last sample may be that of a process that is on its way out.
    found.quarter, found.end = sizes[len(sizes) // 4], max(sizes[3 * len(sizes) // 4 :])
    found.pages = int(told) if told.strip().isdigit() else 0
    return found


@contextlib.contextmanager
def _serving(count: int) -> Iterator[str]:
    command = [sys.executable, "-m", "tests.bench.crawling", "serve", str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:  # fmt: skip
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def _serve(count: int) -> None:
    """Serve a complaint site on loopback until the parent ends."""
    process.die_with_parent(os.getppid())
    answer = loopback.complaints(count)

    class Shown(Resource):
        isLeaf = True  # noqa: N815 (Twisted's name)

        def render_GET(self, request):  # noqa: N802 (Twisted's name)
            if urlsplit(request.uri).path == b"/robots.txt":
                return loopback.ROBOTS.body
            asked = loopback.Asked("GET", request.uri.decode(), {}, b"")
            return answer(asked).body

    # Importing the reactor installs it.
    reactor = importlib.import_module("twisted.internet.reactor")
    port = reactor.listenTCP(0, Site(Shown()), interface="127.0.0.1")
    print(f"http://127.0.0.1:{port.getHost().port}", flush=True)
    reactor.run()


class BareSpider(scrapy.Spider):
    """Follows the same links and stores nothing."""

    name = "bare"
    proxy = ""
    count = 0

    async def start(self):
        """The first list page."""
        yield self._asked(loopback.FEED)

    def _asked(self, url, priority=0):
        return scrapy.Request(url, meta={"proxy": self.proxy}, priority=priority, dont_filter=True)  # fmt: skip

    def parse(self, response):
        """A list's entries and its next page; a complaint's page is only received."""
        type(self).count += 1
        if "/complaint/view/" in response.url:
            return
        data = json.loads(response.body)["result"]["data"]
        for entry in data["lists"]:
            yield self._asked(f"http:{entry['main']['url']}", priority=1)
        if data["pager"]["next"]:
            yield self._asked(loopback.FEED.replace("page=1", f"page={data['pager']['next']}").replace(f"page_size={data['pager']['next']}0", "page_size=10"))  # fmt: skip


def _bare(base: str) -> None:
    BareSpider.proxy = base
    runner = AsyncCrawlerProcess({
        "LOG_ENABLED": False, "CONCURRENT_REQUESTS": 8, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "TELNETCONSOLE_ENABLED": False,
        "COOKIES_ENABLED": False, "ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY": 0,
    })  # fmt: skip
    runner.crawl(BareSpider)
    runner.start()
    print(BareSpider.count)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        _serve(int(sys.argv[2]))
    else:
        _bare(sys.argv[2])
