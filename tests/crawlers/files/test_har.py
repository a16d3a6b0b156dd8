import base64
import json
from datetime import UTC, datetime

import pytest

from crawlers.files import har

SECRET = "cookie-value-0123456789"


def entry(url, body='{"a": 1}', **changes):
    content = {"mimeType": "application/json", "text": body, **changes.pop("content", {})}  # fmt: skip
    return {
        "startedDateTime": "2024-06-14T10:00:00.000+08:00",
        "request": {
            "url": url,
            "headers": [{"name": "Cookie", "value": f"a=1; sessionid={SECRET}"}],
            "cookies": [{"name": "ttwid", "value": "ttwid-9876543210"}],
        },
        "response": {
            "status": 200,
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": content,
            **changes.pop("response", {}),
        },
        **changes,
    }


def read(*entries, source="heimao", entry_bytes=1 << 20):
    content = json.dumps({"log": {"version": "1.2", "entries": list(entries)}}).encode()  # fmt: skip
    assert har.is_har(content)
    return har.read(content, source=source, entry_bytes=entry_bytes)


def test_only_the_sources_own_hosts_count():
    found = read(
        entry("https://tousu.sina.com.cn/api/index/feed?page=1"),
        entry("https://tousu.sina.com.cn.evil.example/api/index/feed"),
        entry("https://eviltousu.sina.com.cn.example.org/"),
        entry("https://stats.example.com/collect"),
        entry("https://tousu.sina.com.cn/static/app.js"),
        entry("https://tousu.sina.com.cn/logo", content={"mimeType": "image/png"}),
    )
    assert [each.position for each in found.entries] == [1]
    assert found.other_count == 5


def test_a_body_in_base64_is_decoded():
    text = base64.b64encode("数字人".encode("gb18030")).decode()
    found = read(entry("https://tousu.sina.com.cn/x", text, content={"encoding": "base64"}))  # fmt: skip
    assert found.entries[0].body == "数字人".encode("gb18030")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"body": None}, "did not save"),
        ({"body": "!!!", "content": {"encoding": "base64"}}, "base64 is broken"),
        ({"body": "x" * 20}, "larger"),
    ],
)
def test_an_entry_without_a_usable_body_says_why(changes, reason):
    found = read(entry("https://tousu.sina.com.cn/x", **changes), entry_bytes=10)
    assert found.entries[0].body is None
    assert reason in found.entries[0].reason


def test_when_it_was_asked_is_known_only_with_an_offset():
    moments = [
        read(entry("https://tousu.sina.com.cn/x", startedDateTime=text)).entries[0].started_at
        for text in ("2024-06-14T10:00:00.000+08:00", "2024-06-14T02:00:00Z", "2024-06-14T10:00:00", "gestern", None, 7)
    ]  # fmt: skip
    assert moments == [datetime(2024, 6, 14, 2, tzinfo=UTC)] * 2 + [None] * 4


def test_what_the_browser_sent_is_only_known_as_secrets():
    found = read(entry("https://tousu.sina.com.cn/x?msToken=token-value-555"))
    assert found.secrets >= {
        SECRET.encode(),
        b"ttwid-9876543210",
        b"token-value-555",
    }
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    "content",
    [b'{"log": 1}', b'{"log": {"entries": 7}}', b'{"log": {', b'{"log": []}', b"[]"],
)
def test_what_is_no_har_is_none(content):
    assert har.read(content, source="heimao", entry_bytes=10) is None


def test_broken_entries_cost_themselves_only():
    found = read(7, {}, {"request": 1}, entry("https://tousu.sina.com.cn/x"))
    assert [each.position for each in found.entries] == [4]
    assert found.other_count == 3


def test_any_host_may_serve_a_feed_and_only_pages_are_landing_pages():
    entries = [
        entry("https://feed.example.org/a.xml", content={"mimeType": "text/xml"}),
        entry("https://join.example.com/", content={"mimeType": "text/html; charset=gbk"}),
    ]  # fmt: skip
    assert len(read(*entries, source="rss").entries) == 2
    assert [each.position for each in read(*entries, source="landing").entries] == [2]
