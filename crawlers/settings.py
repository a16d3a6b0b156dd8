"""Scrapy's settings for every crawl; what differs from job to job is in ``for_job``.

Invariants: robots.txt is obeyed, the agent names itself, no cookies, no console, no remote control, nothing is sent to
anybody but the site that is asked; neither items nor page text reach the log.
"""

from __future__ import annotations

from typing import Any

from crawlers.crawl.job import Job

BOT_NAME = "puppetwatch"
VERSION = "0.1"

ROBOTSTXT_OBEY = True
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
MEMUSAGE_ENABLED = False
REFERER_ENABLED = True
REFERRER_POLICY = "same-origin"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
}

AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_MAX_DELAY = 60.0
#: The largest page of the sources is under 2 MiB; this holds for the unpacked answer too.
DOWNLOAD_MAXSIZE = 8 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True
DNS_TIMEOUT = 15
REDIRECT_MAX_TIMES = 5
METAREFRESH_MAXDELAY = 10
#: Every answer goes to the parser: it, not the spider's framework, says what a status means.
HTTPERROR_ALLOW_ALL = True

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "crawlers.politeness.AddressMiddleware": 90,
    "crawlers.politeness.RobotsMiddleware": 100,
    "crawlers.politeness.BackoffMiddleware": 550,
    "crawlers.authority.AuthorityMiddleware": 560,
}
DOWNLOAD_HANDLERS = {
    "http": "crawlers.allowance.CountedHandler",
    "https": "crawlers.allowance.CountedHandler",
    # A page must not lead to a file of this machine.
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}
#: Scrapy starts so many tasks for what one answer gave, however little that is; ours is written at once. With its
#: default of 100 a third of a crawl's time went into tasks that had nothing to do.
CONCURRENT_ITEMS = 1
ITEM_PIPELINES = {"crawlers.pipelines.StagingPipeline": 500}
TWISTED_DNS_RESOLVER = "crawlers.politeness.PublicResolver"
LOG_FORMATTER = "crawlers.pipelines.DiscreetLog"
LOG_LEVEL = "INFO"
LOG_VERSIONS: list[str] = []
STATS_DUMP = False

#: Scrapy 2.19 keeps to its limit per host only where there is some delay: it starts all that wait before it counts one.
_LEAST_DELAY = 0.02


def for_job(job: Job) -> dict[str, Any]:
    """What one job changes."""
    limits = job.limits
    return {
        "USER_AGENT": f"{BOT_NAME}/{VERSION} (+{job.contact})",
        "ROBOTSTXT_USER_AGENT": BOT_NAME,
        "DOWNLOAD_DELAY": limits.delay
        if job.allow_loopback
        else max(limits.delay, _LEAST_DELAY),
        # Nobody needs sparing in the sandbox, and a busy machine's latency would slow it down.
        "AUTOTHROTTLE_ENABLED": limits.delay > 0 or not job.allow_loopback,
        "AUTOTHROTTLE_START_DELAY": limits.delay,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": float(limits.concurrency),
        "CONCURRENT_REQUESTS": max(16, limits.concurrency),
        "CONCURRENT_REQUESTS_PER_DOMAIN": limits.concurrency,
        "DOWNLOAD_TIMEOUT": limits.timeout,
        "RETRY_TIMES": limits.retries,
        # The spider stops asking at ``seconds``; this ends a crawl whose last answers never come.
        "CLOSESPIDER_TIMEOUT": limits.seconds + 3 * limits.timeout,
        "ALLOW_LOOPBACK": job.allow_loopback,
        "PRIVATE_HOSTS": sorted(job.private_hosts),
        "STAND_IN_PROXY": job.proxy,
        "STOP_FILE": job.stop_file,
        "NIGHT_COUNTER": job.night.counter if job.night else None,
        "NIGHT_REQUESTS": job.night.requests if job.night else 0,
    }
