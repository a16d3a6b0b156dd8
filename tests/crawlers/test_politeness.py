from datetime import UTC, datetime

import pytest
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest

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
