from datetime import UTC, datetime

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
