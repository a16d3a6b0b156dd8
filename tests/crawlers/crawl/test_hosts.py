import pytest

from crawlers import politeness
from crawlers.crawl.hosts import Hosts


def may_ask(hosts, host="a.example"):
    try:
        hosts.assert_may_ask(host)
    except politeness.Refused as refused:
        return refused.fetch_status
    return "yes"


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ("error error", "yes"),
        ("error blocked rate_limited", "left_alone"),
        ("error error empty error error", "yes"),
        ("error error ok login_wall error error", "left_alone"),
        # These speak about one address.
        ("gone gone gone schema_drift", "yes"),
        ("not_authorised", "left_alone"),
    ],
)
def test_a_host_is_left_alone_after_failures_in_a_row(statuses, expected):
    hosts = Hosts()
    for status in statuses.split():
        hosts.note("a.example", status)
    assert may_ask(hosts) == expected
    assert may_ask(hosts, "b.example") == "yes"


def test_what_was_not_asked_is_told_per_host():
    hosts = Hosts()
    for status in ("error", "error", "blocked"):
        hosts.note("b.example", status)
    hosts.note("a.example", "not_authorised")
    for host in ("b.example", "a.example", "b.example"):
        hosts.note_not_made(host, "left_alone", "the host failed too often")
    hosts.note_not_made("c.example", "stopped", "by STOP")
    assert may_ask(hosts, "d.example") == "stopped"
    assert [tuple(remark) for remark in hosts.remarks()] == [
        ("a.example", "not_authorised", 1, "the keys were refused", "host failed too often"),
        ("b.example", "blocked", 2, "3 failures in a row", "host failed too often"),
        ("c.example", "error", 1, "by STOP", "stopped"),
    ]  # fmt: skip


def test_hosts_that_behave_need_no_memory():
    hosts = Hosts()
    for number in range(100):
        hosts.note(f"{number}.example", "error")
        hosts.note(f"{number}.example", "ok")
    assert not hosts._failures
