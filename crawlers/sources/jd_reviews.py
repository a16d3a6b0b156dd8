"""京东's reviews of a product, when an operator saved them: an answer to records of kind ``comment``.

In: one object being consumed. Out: ``Parsed``. Of a review's writer nothing but a place is read: names are masked to a
letter or two, which many share, so each review has a writer of its own. Shapes: platforms/jd.md B.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from crawlers.sources import answers, blocks, captions, listings, urls
from crawlers.sources.fields import Fields, refuse
from crawlers.sources.parsed import Parsed, Record, from_records

PLATFORM: Final = "jd"


def read_reviews(
    top: Fields, unknown: set[str], *, url: str, fetched_at: datetime
) -> Parsed:
    """A page of reviews; ``productId`` and ``page`` of the address name the goods and tell a page after the last."""
    found = top.take("comments")
    if not isinstance(found, list):
        refuse("$.comments", f"expected a list, found {type(found).__name__}")
    summary = top.part("productCommentSummary")
    total = summary.count("commentCount")
    product = summary.identity("skuId") or summary.identity("productId")
    asked = urls.parameter(url, "productId") or ""
    product = asked if re.fullmatch(r"\d{1,24}", asked, re.ASCII) else product
    last, page = top.count("maxPage"), urls.parameter(url, "page") or ""
    is_past_end = bool(
        last and re.fullmatch(r"\d{1,6}", page, re.ASCII) and int(page) >= last
    )
    top.skip(
        "csv", "hotCommentTagStatistics", "imageListCount", "jwotestProduct", "productAttr", "score", "soType",
        "testId", "topFiveCommentVos", "vTagStatistics",
    )  # fmt: skip
    top.close()

    def read(entry: Fields) -> Record:
        return _review(entry, product=product, fetched_at=fetched_at)

    records, rejects, _ = answers.entries(
        found, read, path="$.comments", unknown=unknown
    )
    if records or rejects:
        return from_records(records, rejects, unknown_fields=unknown)
    return listings.without_entries(
        total,
        is_past_end=is_past_end,
        uncounted=("schema_drift", "$.productCommentSummary.commentCount: missing"),
        unknown=unknown,
    )


def _review(entry: Fields, *, product: str | None, fetched_at: datetime) -> Record:
    """One review. Its writer is masked to a letter or two, which many share: each review has a writer of its own."""
    number = entry.needed_identity("id")
    text = captions.plain(entry.needed_text("content"))
    if text is None:
        refuse(entry.path("content"), "expected text, found only markup")
    published_at, precision = entry.moment("creationTime")
    reviewed = entry.identity("referenceId")
    pictures = [
        picture.get("imgUrl")
        for picture in entry.objects("images")
        if isinstance(picture, dict)
    ]
    record: Record = {
        "platform": PLATFORM,
        "kind": "comment",
        "post_id": f"review/{number}",
        "url": None,
        "transport": "web",
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": None,
        "text": text,
        "parent_id": reviewed or product,
        "author": {
            "id": f"review/{number}",
            "id_kind": "anonymous",
            "region": captions.plain(entry.text("location")),
        },
        "media": blocks.media(("image", picture) for picture in pictures),
        "metrics": {
            "likes": entry.count("usefulVoteCount"),
            "comments": entry.count("replyCount"),
        },
    }
    # The person, the goods' name (a slogan of the shop, not of this writer) and how the page shows the review.
    entry.skip(
        "afterDays", "afterUserComment", "aesPin", "anonymousFlag", "days", "firstCategory", "guid", "imageCount",
        "imageStatus", "integral", "isDelete", "isReplyGrade", "isTop", "mergeOrderStatus", "mobileVersion", "nickname",
        "orderId", "plusAvailable", "productColor", "productSales", "productSize", "recommend", "referenceImage",
        "referenceName", "referenceTime", "referenceType", "replies", "replyCount2", "score", "secondCategory", "status",
        "textIntegral", "thirdCategory", "title", "topped", "uselessVoteCount", "userClient", "userClientShow",
        "userExpValue", "userImage", "userImageUrl", "userImgFlag", "userLevelColor", "userLevelId", "userLevelName",
        "userProvince", "userRegisterTime", "videos", "viewCount",
    )  # fmt: skip
    entry.close()
    return record
