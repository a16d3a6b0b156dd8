"""What was collected: records as crawled, requests, archived answers, sources."""

from __future__ import annotations

from warehouse.contracts.columns import (
    COUNT,
    FLAG,
    IDENTIFIERS,
    MEDIA,
    MONEY,
    TEXT,
    TEXTS,
    TIME,
)
from warehouse.contracts.shape import Contract

#: One row per post and crawl of it (a version). Flattened import record; ``post_id`` is ``platform:native``.
RAW_POSTS = Contract(
    "raw.posts",
    {
        "post_id": TEXT,
        "crawled_at": TIME,
        "platform": TEXT,
        "kind": TEXT,
        "seller_id": TEXT,
        "source": TEXT,
        "url": TEXT,
        "transport": TEXT,
        "query": TEXT,
        "published_at": TIME,
        "published_precision": TEXT,
        "title": TEXT,
        "text": TEXT,
        "text_truncated": FLAG,
        "parent_id": TEXT,
        "repost_of": TEXT,
        "author_id_kind": TEXT,
        "author_handle": TEXT,
        "author_name": TEXT,
        "author_bio": TEXT,
        "author_url": TEXT,
        "author_verified": TEXT,
        "author_verified_raw": TEXT,
        "author_followers": COUNT,
        "author_following": COUNT,
        "author_posts": COUNT,
        "author_created_at": TIME,
        "author_region": TEXT,
        "hashtags": TEXTS,
        "mentions": TEXTS,
        "links": TEXTS,
        "live_is_live": FLAG,
        "live_room_id": TEXT,
        "media": MEDIA,
        "views": COUNT,
        "likes": COUNT,
        "comments": COUNT,
        "shares": COUNT,
        "collects": COUNT,
        "sales": COUNT,
        "listing_price_yuan": MONEY,
        "listing_sales_text": TEXT,
        "listing_shop_id": TEXT,
        "listing_shop_name": TEXT,
        "listing_company": TEXT,
        "listing_uscc": TEXT,
        "listing_is_promoted": FLAG,
        "complaint_target": TEXT,
        "complaint_target_id": TEXT,
        "complaint_amount_yuan": MONEY,
        "complaint_issues": TEXTS,
        "complaint_demand": TEXT,
        "complaint_status": TEXT,
        "ad_advertiser": TEXT,
        "ad_payer": TEXT,
        "ad_first_shown": TIME,
        "ad_last_shown": TIME,
        "identifiers": IDENTIFIERS,
        "evidence_sha256": TEXT,
        "extra": TEXT,
    },
    ("post_id", "crawled_at"),
)

#: One row per rejected record. ``line`` counts from 1; null where the source has no lines.
REJECTS = Contract(
    "core.rejects",
    {
        "source": TEXT,
        "file": TEXT,
        "line": COUNT,
        "field": TEXT,
        "reason": TEXT,
        "seen_at": TIME,
        "run_id": TEXT,
    },
    (),
)

#: One row per request or dropped file.
FETCHES = Contract(
    "core.fetches",
    {
        "source": TEXT,
        "url_or_file": TEXT,
        "fetch_status": TEXT,
        "http_status": COUNT,
        "record_count": COUNT,
        "reject_count": COUNT,
        "reason": TEXT,
        "fetched_at": TIME,
        "run_id": TEXT,
    },
    (),
)

#: One row per archived answer; kept as a tombstone once its file is gone (``erased_at``).
EVIDENCE = Contract(
    "core.evidence",
    {
        "sha256": TEXT,
        "warc_file": TEXT,
        "source": TEXT,
        "url_or_file": TEXT,
        "fetched_at": TIME,
        "size": COUNT,
        "run_id": TEXT,
        "erased_at": TIME,
    },
    ("warc_file", "sha256", "url_or_file"),
)

#: What an unchanged answer of an address is recognised by.
VALIDATORS = Contract(
    "core.validators",
    {
        "source": TEXT,
        "url": TEXT,
        "etag": TEXT,
        "last_modified": TEXT,
        "parser": TEXT,
        "read_at": TIME,
    },
    ("source", "url"),
)

#: One row per dropped file that was read, so that none is read twice.
DROPS = Contract(
    "core.drops",
    {
        "source": TEXT,
        "sha256": TEXT,
        "file": TEXT,
        "imported_at": TIME,
        "run_id": TEXT,
    },
    ("source", "sha256"),
)

#: One row per source of the night.
SOURCES = Contract(
    "core.sources",
    {
        "source": TEXT,
        "state": TEXT,
        "why": TEXT,
        "last_ok_at": TIME,
        "record_count": COUNT,
        "usual_record_count": COUNT,
        "canary_ok": FLAG,
    },
    ("source",),
)
