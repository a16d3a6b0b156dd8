"""36氪: the site's feed (newest 30 articles), an article's own page and the search's answer, when an operator saved them.

In: one answer. Out: records of platform ``36kr``, kind ``article``. The feed names authors but gives no id for them, so
the feed is the author; an article's page names the author's account. Encrypted page state is not read, only the page.
Shapes: platforms/36kr.md.
"""

from __future__ import annotations

import dataclasses
import re
from datetime import datetime
from typing import Final

from crawlers.sources import cuts, feeds, kr36_search, pages, stamps, urls
from crawlers.sources.parsed import Ask, Parsed, Record, Reject

PLATFORM: Final = kr36_search.PLATFORM
#: The bare host and the pages stand behind a firewall challenge; this does not.
STARTS: Final = (f"https://{kr36_search.FEED_ID}",)

_ARTICLE = re.compile(r"/p/(\d{6,24})")
_USER = re.compile(r"/user/(\d{4,24})")


def parse(
    body: bytes,
    *,
    url: str,
    http_status: int | None,
    fetched_at: datetime,
    ask: Ask | None = None,
) -> Parsed:
    """Read the feed, one article's page or the search; which of them, the content tells.

    Args:
        body: The answer.
        url: Where it came from.
        http_status: Null for a file.
        fetched_at: Becomes ``crawled_at``.
        ask: What was asked for.
    """
    refused = pages.http_refusal(http_status)
    if not refused and pages.is_html(body):
        return _parse_article(pages.decode(body), url=url, fetched_at=fetched_at)
    if not refused and kr36_search.is_answer(body):
        return kr36_search.parse(body, url=url, fetched_at=fetched_at)
    read = feeds.parse(
        body,
        url=url,
        http_status=http_status,
        fetched_at=fetched_at,
        ask=ask,
        platform=PLATFORM,
    )
    return dataclasses.replace(
        read, records=tuple(_numbered(record) for record in read.records)
    )


def _numbered(record: Record) -> Record:
    """The feed's record under the article's number, its link without the tracking suffix.

    What the feed says of itself is said of the site, not of the writer.
    """
    record = {**record, "author": {**record["author"], "bio": None, "url": None}}
    found = _ARTICLE.search(record["url"] or record["post_id"])
    if not found:
        return record
    return {**record, "post_id": found[1], "url": f"https://www.36kr.com/p/{found[1]}"}


def _parse_article(text: str, *, url: str, fetched_at: datetime) -> Parsed:
    page = pages.selector(text)
    bodies = page.css("div.articleDetailContent")
    if not bodies:
        walled = pages.wall(text)
        if walled:
            return Parsed(walled[0], reason=walled[1])
        return Parsed(
            "schema_drift", reason="div.articleDetailContent: not on the page"
        )
    permalink = page.css('meta[property="og:url"]::attr(content)').get() or url
    number = _ARTICLE.search(permalink)
    title = pages.markup_text(page.css(".article-title").get()) or pages.tidy(
        page.css('meta[property="og:title"]::attr(content)').get() or ""
    )
    content = pages.visible_text(bodies[0])
    if number is None or not (title or content):
        field = "og:url" if number is None else ".article-title"
        reason = f"{field}: not on the page"
        return Parsed(
            "schema_drift",
            reason=reason,
            rejects=(Reject(field, "expected text, found nothing"),),
        )
    published_at, precision = stamps.read(
        " ".join(page.css(".item-time::text").getall()).replace("·", "")
    )
    name = pages.markup_text(page.css(".author-name").get())
    account = _USER.search(page.css('a[href*="/user/"]::attr(href)').get() or "")
    links = [urls.joined(url, link) for link in bodies[0].css("a::attr(href)").getall()]
    images = [
        urls.joined(url, link) for link in bodies[0].css("img::attr(src)").getall()
    ]
    record: Record = {
        "platform": PLATFORM,
        "kind": "article",
        "post_id": number[1],
        "url": f"https://www.36kr.com/p/{number[1]}",
        "transport": "web",
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": title or None,
        "text": content or None,
        "author": {
            "id": account[1] if account else kr36_search.FEED_ID,
            "id_kind": "native" if account else "feed",
            "name": name,
            "url": f"https://www.36kr.com/user/{account[1]}" if account else None,
        },
        "links": list(
            dict.fromkeys(
                link for link in links if link and urls.host(link) != "36kr.com"
            )
        ),
        "media": [
            {"url": link, "kind": "image"} for link in dict.fromkeys(images) if link
        ],
    }
    return cuts.told(Parsed("ok", (record,)), text)
