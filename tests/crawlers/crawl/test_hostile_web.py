"""Real crawls of hosts that flood, hang, limit or mislead, and of a night that is stopped or has spent its budget."""

import gzip
import time
from urllib.parse import urlsplit

import pytest

from tests.harness.faults import loopback
from tests.harness.faults.loopback import Reply

pytestmark = pytest.mark.slow

PAGE = "<html><head><title>示例招商</title></head><body><p>数字人代理加盟，示例公司欢迎咨询合作。</p></body></html>".encode()
LARGE = b"<p>" + b"x" * (9 * 1024 * 1024)


class Hosts:
    """One behaviour per host name."""

    def __init__(self):
        self.times = {}

    def __call__(self, asked):
        name = urlsplit(asked.url).hostname.partition(".")[0]
        times = self.times.setdefault(name, [])
        times.append(time.monotonic())
        return getattr(self, name, lambda _: Reply(PAGE))(len(times))

    def bomb(self, _):
        return Reply(gzip.compress(LARGE), headers={"Content-Encoding": "gzip"})

    def oversize(self, _):
        return Reply(LARGE)

    def endless(self, _):
        return Reply(pieces=(LARGE, LARGE))

    def silent(self, _):
        return Reply(pieces=(b"",), pause=30)

    def dripping(self, _):
        return Reply(pieces=(b"<p>x",) * 100, pause=0.2)

    def busy(self, number):
        if number == 1:
            return Reply(b"later", status=429, headers={"Retry-After": "1"})
        return Reply(PAGE)

    def closed(self, _):
        return Reply(b"tomorrow", status=429, headers={"Retry-After": "90000"})

    def circle(self, number):
        return Reply(status=302, headers={"Location": f"/{number}"})

    def robot(self, _):
        return Reply(status=302, headers={"Location": "/forbidden"})


def robots(asked):
    if urlsplit(asked.url).hostname.startswith("norobots"):
        return Reply(pieces=(b"",), pause=30)
    return loopback.ROBOTS


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    """One crawl of all of them; fetch row by host, requests by host, seconds."""
    hosts = Hosts()
    names = [
        "bomb", "oversize", "endless", "silent", "dripping", "busy", "closed", "circle",
        "robot", "norobots", "plain",
    ]  # fmt: skip
    with loopback.Loopback(hosts, robots=robots) as web:
        job = loopback.write_job(
            tmp_path_factory.mktemp("hosts"),
            "landing",
            web.base_url,
            start=[f"http://{name}.example/" for name in names],
            limits={"timeout": 1.5, "retries": 1},
        )
        began = time.monotonic()
        found = loopback.crawl(job, "landing")
        seconds = time.monotonic() - began
    assert found.done.returncode == 0, found.done.stderr
    rows = {
        urlsplit(row["url_or_file"]).hostname.partition(".")[0]: row
        for row in found.fetches
    }
    assert set(rows) == set(names)
    return rows, hosts.times, seconds, found


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [
        ("bomb", "error", "the unpacked answer is larger than allowed"),
        ("oversize", "error", "the answer is larger than allowed"),
        ("endless", "error", "the answer is larger than allowed"),
        ("silent", "error", "no complete answer in time"),
        ("dripping", "error", "no complete answer in time"),
        ("norobots", "error", "robots.txt: no complete answer in time"),
        ("circle", "error", "max redirections reached"),
        ("robot", "robots_disallowed", "robots.txt forbids this address"),
    ],
)
def test_what_is_too_much_or_too_slow_is_refused(crawled, name, status, reason):
    row = crawled[0][name]
    assert (row["fetch_status"], row["reason"]) == (status, reason)
    assert row["record_count"] == 0


def test_hosts_that_hang_hold_nobody_up(crawled):
    rows, _, seconds, found = crawled
    assert rows["plain"]["fetch_status"] == "ok"
    assert len(found.records) == 2
    # Two tries of 1.5 s each and a pause of 1 s; hosts side by side.
    assert seconds < 20


def test_retry_after_is_waited_for(crawled):
    rows, times, _, _ = crawled
    assert rows["busy"]["fetch_status"] == "ok"
    first, second = times["busy"]
    assert second - first >= 1.0


def test_a_host_that_wants_a_day_is_left_for_another_night(crawled):
    rows, times, _, _ = crawled
    assert rows["closed"]["fetch_status"] == "rate_limited"
    assert len(times["closed"]) == 1


def test_a_redirect_into_a_private_network_is_not_followed(tmp_path):
    def answer(asked):
        where = {"/a": "http://10.0.0.1/", "/b": "file:///etc/passwd"}
        return Reply(status=302, headers={"Location": where[asked.url]})

    with loopback.Loopback(answer) as web:
        job = loopback.write_job(
            tmp_path,
            "landing",
            web.base_url,
            start=[f"{web.base_url}/a", f"{web.base_url}/b"],
            proxy=None,
            limits={"retries": 0},
        )
        found = loopback.crawl(job, "landing")
    assert found.done.returncode == 0, found.done.stderr
    reasons = {
        row["url_or_file"][-2:]: (row["fetch_status"], row["reason"])
        for row in found.fetches
    }
    assert reasons["/a"] == ("error", "leads to a private address")
    assert found.records == []
    assert reasons["/b"][0] != "ok"


def starts(count):
    return [f"http://plain.example/{number}" for number in range(count)]


def test_the_stop_file_ends_a_crawl_between_two_requests(tmp_path):
    stop = tmp_path / "STOP"

    def answer(_):
        if len(web.asked) == 3:
            stop.touch()
        return Reply(PAGE)

    with loopback.Loopback(answer) as web:
        job = loopback.write_job(
            tmp_path,
            "landing",
            web.base_url,
            start=starts(30),
            stop_file=str(stop),
            limits={"concurrency": 1, "delay": 0.01},
        )
        found = loopback.crawl(job, "landing")
        assert len(web.asked) == 3
    assert found.done.returncode == 0, found.done.stderr
    assert len(found.records) == 3
    assert found.summary["skipped"] == {"stopped": 27}
    (row,) = [row for row in found.fetches if row["fetch_status"] != "ok"]
    assert row["fetch_status"] == "error"
    assert row["reason"] == (
        "27 further requests not made: stopped by the operator's file STOP"
    )


def test_two_crawls_of_a_night_spend_one_budget(tmp_path):
    night = {"counter": str(tmp_path / "requests"), "requests": 9}
    with loopback.Loopback(lambda _: Reply(PAGE)) as web:
        found = [
            loopback.crawl(
                loopback.write_job(
                    tmp_path / name,
                    "landing",
                    web.base_url,
                    start=starts(6),
                    night=night,
                    limits={"concurrency": 1, "delay": 0.01},
                ),
                "landing",
            )
            for name in ("first", "second")
        ]
        # Two of the nine were for robots.txt.
        assert len(web.asked) == 7
    assert [len(each.records) for each in found] == [6, 1]
    assert found[1].fetches[1]["reason"] == (
        "5 further requests not made: the night's budget of 9 requests is spent"
    )
