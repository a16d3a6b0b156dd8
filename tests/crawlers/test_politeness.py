import asyncio
from datetime import UTC, datetime

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import TextResponse
from scrapy.utils.test import get_crawler

from crawlers import politeness

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.3.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:10.0.0.1",
        "127.0.0.1",
        "not-an-address",
    ],
)
def test_private_addresses_are_refused(address):
    guard = politeness.AddressGuard(allow_loopback=False, private_hosts=[])
    assert not guard.allows("name.example", address)


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"]
)
def test_public_addresses_are_allowed(address):
    assert politeness.AddressGuard(allow_loopback=False, private_hosts=[]).allows(
        "name.example", address
    )


def test_loopback_needs_permission_and_gives_no_other():
    guard = politeness.AddressGuard(allow_loopback=True, private_hosts=[])
    assert guard.allows("localhost", "127.0.0.1")
    assert not guard.allows("localhost", "10.0.0.1")


def test_a_trusted_name_may_point_inside():
    guard = politeness.AddressGuard(
        allow_loopback=False, private_hosts=["rsshub.internal"]
    )
    assert guard.allows("RSSHub.internal", "10.0.0.1")
    assert not guard.allows("other.internal", "10.0.0.1")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (b"120", 120.0),
        (b"0", 0.0),
        (b"Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        (b"Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        (b"soon", None),
        (b"", None),
        (None, None),
    ],
)
def test_retry_after_is_a_number_or_a_date(header, seconds):
    assert politeness.retry_after(header, now=NOW) == seconds


def test_a_request_without_an_answer_gets_a_status_and_a_reason():
    refused = politeness.Refused(fetch_status="robots_disallowed", reason="forbidden")
    assert politeness.outcome(refused) == ("robots_disallowed", "forbidden")
    assert politeness.outcome(DownloadTimeoutError()) == (
        "error",
        "no complete answer in time",
    )
    assert politeness.outcome(IgnoreRequest("max redirections reached")) == (
        "error",
        "max redirections reached",
    )
    assert politeness.outcome(OSError()) == ("error", "OSError")


class Engine:
    """Downloads robots.txt: a.example forbids everything, any other host breaks."""

    def __init__(self):
        self.asked = []

    async def download_async(self, request):
        host = request.url.split("/")[2]
        self.asked.append(host)
        is_known = host.endswith(".example")
        return TextResponse(request.url, status=200 if is_known else 500, body=b"User-agent: *\nDisallow: /a/")  # fmt: skip


def test_rules_of_hosts_asked_long_ago_are_forgotten_and_asked_for_again(monkeypatch):
    monkeypatch.setattr(politeness, "_MOST_RULES", 3)
    crawler = get_crawler(settings_dict={"ROBOTSTXT_OBEY": True, "ROBOTSTXT_USER_AGENT": "p"})  # fmt: skip
    crawler.engine = Engine()
    robots = politeness.RobotsMiddleware(crawler)

    def ask(host, path="/b/"):
        try:
            asyncio.run(robots.process_request(Request(f"http://{host}{path}")))
        except politeness.Refused as refused:
            return refused.fetch_status
        return "ok"

    for host in ("1.example", "2.example", "1.example", "broken", "3.example"):
        assert ask(host) == ("robots_disallowed" if host == "broken" else "ok")
    assert crawler.engine.asked == ["1.example", "2.example", "broken", "3.example"]
    # The one that was asked longest ago went; the others stayed.
    assert ask("1.example", "/a/") == ask("broken") == "robots_disallowed"
    assert len(crawler.engine.asked) == 4
    assert ask("2.example", "/a/") == "robots_disallowed"
    assert crawler.engine.asked[4:] == ["2.example"]
    assert len(robots._parsers) == 3
    for number in range(4, 9):
        ask(f"{number}.example")
    assert not robots._unreadable
