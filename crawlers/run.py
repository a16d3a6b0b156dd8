"""One crawl of one source in one process: ``python -m crawlers.run SOURCE --job JOB.json``.

JOB.json holds

- ``source``: its name, the same as on the command line.
- ``out_dir``: where ``records.jsonl`` (CONTRACT §3), ``fetches.jsonl``, ``rejects.jsonl``, the
  answers (``evidence.warc.gz``) and, last, ``summary.json`` go.
- ``start``: URLs, or ``{"url": …, "id": …}`` where a feed's author id is configured. May be left out for ``heimao`` and
  ``36kr``, which have an address of their own.
- ``contact``: how a site's owner reaches the operator; stands in the user agent.
- ``keywords`` (optional): of a source whose list holds everything (``heimao``) only records with one of these are kept.
- ``limits`` (optional): ``pages`` 1000, ``seconds`` 1800, ``delay`` 2.5 s, ``concurrency`` 1, ``timeout`` 30 s, ``retries`` 2.
- ``hash_key_file``: the secret for pseudonyms, the file's bytes as they are; needed for ``heimao``.
- ``known`` (optional): file with the ``post_id`` (``platform:native``) of every post whose full text is stored, one a line, sorted by bytes:
  their details are not fetched again, and a list is left at its first page without news.
- ``canary`` (optional): a URL that always has results. Its records are not kept; health compares its row.
- ``validators`` (optional): ``summary.json``'s field of that name from a crawl whose records are safely stored: feeds that
  did not change answer 304.
- ``as_of`` (optional): stamps records and rows with this time instead of the clock.
- ``stop_file`` (optional): while this file is there, no request leaves.
- ``night`` (optional): ``counter``, a file that all crawls of one night share, and ``requests``, how many they may make together.
- ``credentials`` (sources for registered apps): each key's name to ``{"env": NAME}`` or ``{"file": PATH}``. A key that is
  not there ends the crawl with one ``not_authorised`` row.
- ``private_hosts`` (optional): names that may have a private address, such as the operator's own RSSHub.
- ``allow_loopback``, ``proxy`` (sandbox only): this machine may be asked; every request goes to the sandbox at this URL.

``summary.json`` appears atomically and only after the other files are on disk; without it the directory is not to be
used, but the same job may be started again: what ``journal`` says is finished is not asked again, and the files end with
the same records, each once. Ends with 0 when every scraped record was written (also when the source refused: ``fetches.jsonl`` says so), 1 when
rows are missing or something failed on our side, 2 for a wrong job. Ends with its parent.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any, cast

from crawlers import process
from crawlers.crawl import job as jobs
from warehouse import errors

logger = logging.getLogger(__name__)

#: Ends that lose nothing: all asked, or the budget of time or pages reached.
_GOOD_ENDS = frozenset({"finished", "closespider_timeout"})


def crawl(job: jobs.Job) -> dict[str, Any]:
    """Run one job to its end; the summary, also written to the staging directory.

    May be called once per process: a Twisted reactor does not start twice.
    """
    # Scrapy takes most of a second to import, and a wrong job should not wait for it. Its TLS modules look at the source of
    # every frame that leads to them: a quarter of a short crawl's time when the running crawl is the first to import them.
    import scrapy.core.downloader.contextfactory  # noqa: F401, PLC0415
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415
    from scrapy.settings import Settings  # noqa: PLC0415

    from crawlers import settings  # noqa: PLC0415
    from crawlers.crawl.spider import SourceSpider  # noqa: PLC0415
    from crawlers.memory.staging import Staging  # noqa: PLC0415
    from crawlers.sources.catalogue import SOURCES  # noqa: PLC0415

    began = time.monotonic()
    source = SOURCES[job.source]
    staging = Staging(
        job.out_dir,
        source=job.source,
        hash_key=job.hash_key,
        keywords=job.keywords if source.is_general else (),
    )
    configured = Settings()
    configured.setmodule(settings, priority="project")
    configured.update(settings.for_job(job), priority="cmdline")
    runner = AsyncCrawlerProcess(configured)
    crawler = runner.create_crawler(SourceSpider)
    runner.crawl(crawler, source=source, job=job, staging=staging)
    runner.start()
    spider, stats = cast("SourceSpider", crawler.spider), crawler.stats
    written = staging.close()
    # What a killed crawl had finished was scraped then; every record of either must stand in the file.
    items = staging.adopted + stats.get_value("item_scraped_count", 0)
    errors_logged = stats.get_value("log_count/ERROR", 0) + stats.get_value(
        "log_count/CRITICAL", 0
    )
    finish_reason = stats.get_value("finish_reason", "never started")
    summary = {
        "source": job.source,
        **written,
        "answers_kept": staging.archive.count,
        "items": items,
        "adopted": staging.adopted,
        "errors": errors_logged,
        "finish_reason": finish_reason,
        "is_complete": written["rows_written"] + written["rows_repeated"] == items
        and not errors_logged
        and finish_reason in _GOOD_ENDS,
        "statuses": dict(sorted(staging.statuses.items())),
        "requests": spider.request_count,
        "skipped": dict(sorted(staging.skipped.items())),
        "unknown_fields": sorted(staging.unknown_fields),
        "validators": dict(sorted(staging.validators.items())),
        "seconds": round(time.monotonic() - began, 3),
    }
    staging.write_summary(summary)
    return summary


def main(arguments: list[str] | None = None) -> int:
    """Entry point; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m crawlers.run",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", metavar="SOURCE", help="name of the source")
    parser.add_argument(
        "--job",
        metavar="JOB.json",
        type=Path,
        required=True,
        help="the job's description",
    )
    parser.add_argument(
        "--parent",
        type=int,
        default=os.getppid(),
        help="end when this process ends (default: who started us)",
    )
    given = parser.parse_args(arguments)
    process.die_with_parent(given.parent)
    try:
        job = jobs.read(given.job, source=given.source)
    except errors.InputError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    summary = crawl(job)
    if not summary["is_complete"]:
        sys.stderr.write(
            f"Crawl of {job.source} is incomplete: {summary['rows_written']} of {summary['items']} records written, "
            f"{summary['errors']} errors, finished as {summary['finish_reason']}. Nothing of {job.out_dir} may be loaded; "
            "see the log above.\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
