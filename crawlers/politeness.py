"""How requests behave on their way: only public addresses, robots.txt before anything else, patience with busy hosts.

In: Scrapy's requests and answers. Out: the same, held back, repeated later, or refused with ``Refused``, whose fetch
status the spider writes down. A host whose robots.txt cannot be read is not asked for anything (RFC 9309, 2.3.1.4).
"""

from __future__ import annotations

import asyncio
import email.utils
import ipaddress
import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawlers.sources import urls

logger = logging.getLogger(__name__)

#: Answers that may be another one in a minute. 403 and its like are an opinion, not an overload: never repeated.
PASSING_STATUSES = frozenset({408, 429, 500, 502, 503, 504, 522, 524})
_PASSING_ERRORS = (
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
#: In a request's ``meta``: it carries a signature, which is good for one try only; who signed it repeats it.
SIGNED = "signed"
#: First pause without a Retry-After header, seconds; doubles with each repeat.
_FIRST_PAUSE = 1.0
#: A host that asks for more patience than this is left for another night.
_LONGEST_PAUSE = 120.0
#: Hosts whose robots.txt is remembered; more than are asked at the same time. Rules may be of 500 KiB each.
_MOST_RULES = 200


class Patience(Protocol):
    """What the spider says about how long and how often to ask."""

    def assert_may_ask(self, host: str) -> None:
        """Raise ``Refused`` where the crawl's time or the host's patience is over."""

    def seconds_left(self) -> float:
        """Until nothing new is asked for."""


class Refused(IgnoreRequest):
    """We do not make this request."""

    def __init__(self, *, fetch_status: str, reason: str) -> None:
        super().__init__(reason)
        self.fetch_status = fetch_status
        self.reason = reason


class AddressMiddleware:
    """Refuses addresses inside private networks and, in a sandbox crawl, sends every request to the sandbox."""

    def __init__(self, crawler: Crawler) -> None:
        self._guard = AddressGuard(
            allow_loopback=crawler.settings.getbool("ALLOW_LOOPBACK"),
            private_hosts=crawler.settings.getlist("PRIVATE_HOSTS"),
        )
        self._proxy: str | None = crawler.settings.get("STAND_IN_PROXY")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressMiddleware:
        """Scrapy's constructor."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Let the request pass, or raise ``Refused``."""
        parts = urlsplit(request.url)
        name = parts.hostname or ""
        if self._proxy:
            if parts.scheme != "http":
                raise Refused(
                    fetch_status="error", reason="the sandbox stands in for http only"
                )
            request.meta["proxy"] = self._proxy
            return
        if urls.is_address(name) and not self._guard.allows(name, name):
            raise Refused(fetch_status="error", reason="leads to a private address")


class AddressGuard:
    """Which addresses may be connected to.

    Args:
        allow_loopback: This machine too, as the sandbox needs.
        private_hosts: Names that the operator trusts wherever they point, such as their own RSSHub.
    """

    def __init__(self, *, allow_loopback: bool, private_hosts: Sequence[str]) -> None:
        self._allow_loopback = allow_loopback
        self._private_hosts = frozenset(private_hosts)

    def allows(self, name: str, address: str) -> bool:
        """Whether ``name``, found at ``address``, may be connected to."""
        try:
            found = ipaddress.ip_address(address.strip("[]"))
        except ValueError:
            return False
        # ``::ffff:10.0.0.1`` reaches 10.0.0.1.
        mapped = getattr(found, "ipv4_mapped", None) or found
        if name.lower() in self._private_hosts:
            return True
        if mapped.is_loopback:
            return self._allow_loopback
        return bool(mapped.is_global) and not mapped.is_multicast


class PublicResolver(CachingThreadedResolver):
    """Name look-ups that end with an error where the address is private.

    The address that is checked is the one that is connected to, so a name that changes its address between two look-ups
    gains nothing.
    """

    guard: AddressGuard

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> PublicResolver:  # noqa: ANN401 (Twisted's module-like object)
        """Scrapy's constructor."""
        resolver: PublicResolver = super().from_crawler(crawler, reactor)
        resolver.guard = AddressGuard(
            allow_loopback=crawler.settings.getbool("ALLOW_LOOPBACK"),
            private_hosts=crawler.settings.getlist("PRIVATE_HOSTS"),
        )
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 (Twisted's name)
        """Look a name up."""
        found: Deferred[str] = super().getHostByName(name, timeout)
        return found.addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if not self.guard.allows(name, address):
            message = f"{name} has no public address"
            raise DNSLookupError(message)
        return address


class RobotsMiddleware(RobotsTxtMiddleware):
    """robots.txt, with refusals that can be told apart: forbidden, or unreadable and so taken as forbidden."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        # Its only error message is that robots.txt could not be fetched, which is the site's fault and becomes a fetch
        # row. Not at import: Scrapy resets the levels of its loggers when a crawl begins.
        logging.getLogger(RobotsTxtMiddleware.__module__).setLevel(logging.CRITICAL)
        self._unreadable: dict[str, tuple[str, str]] = {}

    # Scrapy is dropping the spider argument and warns where it is declared.
    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Let the request pass, or raise ``Refused``."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        netloc = urlsplit(request.url).netloc
        await self.robot_parser(request)
        if netloc in self._unreadable:
            status, reason = self._unreadable[netloc]
            raise Refused(fetch_status=status, reason=reason)
        # Not what the call returned: of several requests that wait for one robots.txt only the first gets the rules
        # (Scrapy 2.19 awaits one Deferred many times; the second waiter sees null, which means allowed).
        rules = self._parsers[netloc]
        self._forget_others(netloc)
        try:
            self.process_request_2(
                None if isinstance(rules, Deferred) else rules, request
            )
        except IgnoreRequest as error:
            raise Refused(
                fetch_status="robots_disallowed",
                reason="robots.txt forbids this address",
            ) from error

    def _forget_others(self, netloc: str) -> None:
        """Keep the rules of the hosts that were asked last; another that comes back is asked for them again."""
        self._parsers[netloc] = self._parsers.pop(netloc)
        while len(self._parsers) > _MOST_RULES:
            oldest = next(iter(self._parsers))
            if isinstance(self._parsers[oldest], Deferred):
                return
            del self._parsers[oldest]
            self._unreadable.pop(oldest, None)

    async def _parse_robots(
        self, response: Response, netloc: str, request: Request
    ) -> None:
        if response.status in {429, 503}:
            self._unreadable[netloc] = (
                "rate_limited",
                f"robots.txt answered {response.status}",
            )
        elif response.status >= 500:
            self._unreadable[netloc] = (
                "robots_disallowed",
                f"robots.txt answered {response.status}, taken as a refusal",
            )
        await super()._parse_robots(response, netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        status, reason = outcome(exc)
        self._unreadable[netloc] = (status, f"robots.txt: {reason}")
        super()._robots_error(exc, netloc)


class BackoffMiddleware:
    """Repeats what failed for a while, no sooner than the host asks, and keeps other requests to it waiting meanwhile."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._not_before: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BackoffMiddleware:
        """Scrapy's constructor."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Wait for the host's pause to end, or raise ``Refused``."""
        patience = self._patience()
        name = urls.host(request.url) or ""
        patience.assert_may_ask(name)
        pause = self._not_before.get(name, 0.0) - time.monotonic()
        if pause > 0:
            await asyncio.sleep(pause)
            patience.assert_may_ask(name)

    def process_response(
        self, request: Request, response: Response
    ) -> Request | Response:
        """The answer, or the request to be made again."""
        if response.status not in PASSING_STATUSES or request.meta.get(SIGNED):
            return response
        wanted = retry_after(response.headers.get("Retry-After"), now=datetime.now(UTC))
        return (
            self._repeat(request, wanted=wanted, reason=f"HTTP {response.status}")
            or response
        )

    def process_exception(
        self, request: Request, exception: Exception
    ) -> Request | None:
        """The request to be made again, or null: the failure stands."""
        if isinstance(exception, _PASSING_ERRORS) and not request.meta.get(SIGNED):
            return self._repeat(request, wanted=None, reason=type(exception).__name__)
        return None

    def _repeat(
        self, request: Request, *, wanted: float | None, reason: str
    ) -> Request | None:
        repeats = request.meta.get("retry_times", 0)
        pause = _FIRST_PAUSE * 2**repeats if wanted is None else wanted
        if pause > _LONGEST_PAUSE or pause > self._patience().seconds_left():
            return None
        again = get_retry_request(
            request,
            spider=cast("Spider", self._crawler.spider),
            reason=reason,
            logger=logger,
            give_up_log_level=logging.DEBUG,
        )
        if again is None:
            return None
        name = urls.host(request.url) or ""
        self._not_before[name] = max(
            self._not_before.get(name, 0.0), time.monotonic() + pause
        )
        return again

    def _patience(self) -> Patience:
        return cast("Patience", self._crawler.spider)


def retry_after(header: bytes | None, *, now: datetime) -> float | None:
    """Seconds that a ``Retry-After`` header asks for: a number or an HTTP date; null where there is none to read."""
    text = (header or b"").decode("ascii", errors="replace").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, (email.utils.parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError):
        return None


#: Kinds of failure in Scrapy's words and in ours.
_REASONS = (
    (DownloadTimeoutError, "no complete answer in time"),
    (DownloadCancelledError, "the answer is larger than allowed"),
    (CannotResolveHostError, "the host has no public address"),
)


def outcome(error: BaseException) -> tuple[str, str]:
    """Fetch status and reason of a request that got no answer."""
    if isinstance(error, Refused):
        return error.fetch_status, error.reason
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return "error", reason
    if isinstance(error, IgnoreRequest):
        # Scrapy has no class of its own for what is small packed and too large unpacked.
        is_bomb = "DOWNLOAD_MAXSIZE" in str(error)
        unpacked = "the unpacked answer is larger than allowed"
        return "error", unpacked if is_bomb else str(error)[:200] or "not asked"
    return "error", type(error).__name__
