import time
from datetime import UTC, datetime

import pytest

from crawlers.sources import feeds

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)


def parse(items, url="https://demo.example/rss"):
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>示例</title>{items}</channel></rss>'
    return feeds.parse(body.encode(), url=url, http_status=200, fetched_at=AT)


def test_a_guid_that_is_no_address_counts_within_its_feed_only():
    item = "<item><guid>7</guid><title>甲</title></item>"
    first = parse(item).records[0]["post_id"]
    second = parse(item, url="https://demo.example/other").records[0]["post_id"]
    assert (first, second) == ("demo.example/rss#7", "demo.example/other#7")


def test_one_unreadable_item_does_not_cost_the_others():
    parsed = parse(
        "<item><guid>urn:1</guid></item><item><guid>urn:2</guid><title>乙</title></item>"
    )
    assert parsed.fetch_status == "ok"
    assert [record["post_id"] for record in parsed.records] == ["urn:2"]
    assert [reject.field for reject in parsed.rejects] == ["item[0].title"]


def test_a_feed_that_was_cut_off_says_so_and_keeps_its_whole_items():
    items = "".join(
        f"<item><guid>urn:{number}</guid><title>甲</title></item>" for number in (1, 2)
    )
    body = f'<rss version="2.0"><channel><title>示例</title>{items}</channel></rss>'
    cut = body[: body.index("urn:2") + 3].encode()
    parsed = feeds.parse(
        cut, url="https://demo.example/rss", http_status=200, fetched_at=AT
    )
    assert parsed.records[0]["post_id"] == "urn:1"
    assert ("feed", "cut off before its last tag") in [
        (reject.field, reject.reason) for reject in parsed.rejects
    ]


def test_a_json_feed_may_begin_with_a_byte_order_mark():
    body = b'\xef\xbb\xbf{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"1","content_text":"x"}]}'
    parsed = feeds.parse(body, url="https://a.example/f", http_status=200, fetched_at=AT)  # fmt: skip
    assert parsed.fetch_status == "ok"


def test_the_longest_of_several_texts_is_the_text():
    parsed = parse(
        "<item><guid>urn:1</guid><description>短</description><content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>更长的正文</content:encoded></item>"
    )
    assert parsed.records[0]["text"] == "更长的正文"


def test_an_external_entity_is_not_fetched():
    body = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item><guid>urn:1</guid><title>t &x;</title></item></channel></rss>'
    parsed = feeds.parse(
        body, url="https://demo.example/rss", http_status=200, fetched_at=AT
    )
    assert "root:" not in str(parsed)


def hostile():
    """Feeds of two megabytes and less that once took the reader from four seconds to a minute."""
    many = 40_000
    names = "".join(f"<x{n}:y xmlns:x{n}='u{n}'>1</x{n}:y>" for n in range(many))
    attributes = " ".join(f"a{n}='1'" for n in range(many))
    categories = "".join(f"<category>示例{n}</category>" for n in range(15_000))
    keywords = ",".join(f"w{n}" for n in range(many))
    return {
        "namespaces": names,
        "attributes": f"<item {attributes}><guid>1</guid></item>",
        "categories": f"<item><guid>1</guid><title>示例</title>{categories}</item>",
        "keywords": f"<item><guid>1</guid><itunes:keywords>{keywords}</itunes:keywords></item>",
        "open tags": "<a " * 500_000,
        "nested": "<div>" * 400_000,
    }


@pytest.mark.parametrize("name", list(hostile()))
def test_a_feed_that_would_keep_the_reader_busy_is_refused_at_once(name):
    began = time.process_time()
    parsed = parse(hostile()[name])
    assert time.process_time() - began < 1.0
    assert parsed.fetch_status == "error"
    assert parsed.reason.startswith("not read: ")


def test_a_feed_of_long_articles_is_read():
    article = f"<![CDATA[{'<p>数字人招商<br></p>' * 900}]]>"
    parsed = parse("".join(f"<item><guid>urn:{n}</guid><description>{article}</description></item>" for n in range(60)))  # fmt: skip
    assert (parsed.fetch_status, len(parsed.records)) == ("ok", 60)
