"""An answer is not asked for again only where all of it was read and kept."""

from tests.harness.faults import loopback

FEED, OTHER = "http://feeds.example.com/rss", "http://feeds.example.com/other"


def feed(*items):
    body = "".join(f"<item><guid>urn:{n}</guid><title>{title}</title></item>" for n, title in items)  # fmt: skip
    return f'<rss version="2.0"><channel><title>示例</title>{body}</channel></rss>'.encode()


def crawl(directory, body, **changes):
    headers = {"ETag": '"v1"', "Content-Type": "application/rss+xml"}

    def answer(asked):
        same = asked.headers.get("If-None-Match") == '"v1"'
        return loopback.Reply(b"" if same else body, 304 if same else 200, headers)

    with loopback.Loopback(answer) as web:
        job = loopback.write_job(directory, "rss", web.base_url, start=[FEED], **changes)  # fmt: skip
        crawled = loopback.crawl(job, "rss")
    assert crawled.done.returncode == 0, crawled.done.stderr
    return crawled


def test_a_feed_that_was_read_whole_is_not_sent_again(tmp_path):
    first = crawl(tmp_path / "one", feed((1, "甲"), (2, "乙")))
    assert first.summary["validators"] == {FEED: {"etag": '"v1"'}}

    second = crawl(tmp_path / "two", feed((1, "甲"), (2, "乙")), validators=first.summary["validators"])  # fmt: skip

    assert second.records == []
    assert [row["http_status"] for row in second.fetches] == [304]


def test_a_feed_of_which_an_item_was_refused_is_sent_again(tmp_path):
    crawled = crawl(tmp_path, feed((1, "甲"), (2, "")))
    assert len(crawled.records) == 1
    assert crawled.summary["validators"] == {}


def test_a_canary_whose_records_are_not_kept_is_sent_again(tmp_path):
    crawled = crawl(tmp_path, feed((1, "甲")), canary=OTHER)
    assert crawled.summary["validators"] == {FEED: {"etag": '"v1"'}}


def test_unchanged_said_to_who_knows_nothing_is_an_error(tmp_path):
    headers = {"ETag": '"v1"'}
    with loopback.Loopback(lambda _: loopback.Reply(b"", 304, headers)) as web:
        job = loopback.write_job(tmp_path, "rss", web.base_url, start=[FEED])
        crawled = loopback.crawl(job, "rss")
    assert crawled.done.returncode == 0, crawled.done.stderr
    assert [row["fetch_status"] for row in crawled.fetches] == ["error"]
    assert "nothing was said to be known" in crawled.fetches[0]["reason"]
    assert crawled.summary["validators"] == {}
