from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from features.indicators import sightings
from warehouse import contracts

CRAWLED = datetime(2024, 6, 14, 2, tzinfo=UTC)
PUBLISHED = datetime(2024, 6, 13, 20, tzinfo=UTC)
STRUCTURED = {
    name: kind
    for name, kind in contracts.RAW_POSTS.columns.items()
    if name not in {"title", "text"}
}


def post(post_id="douyin:1", stance="offer", **fields):
    """One post with its stance."""
    return {
        "post_id": post_id,
        "seller_id": "douyin:a",
        "platform": post_id.split(":")[0],
        "kind": "post",
        "crawled_at": CRAWLED,
        "published_at": PUBLISHED,
        "stance": stance,
        "doc_id": f"doc-{post_id}",
        **fields,
    }


def contact(doc_id="doc-douyin:1", kind="wechat", value="szr_demo_01", **fields):
    return {
        "doc_id": doc_id,
        "kind": kind,
        "value": value,
        "raw": value,
        "field": "text",
        "ownership": "own",
        "confidence": 0.8,
        "span_start": 0,
        "span_end": 1,
        **fields,
    }


def found(posts, contacts=(), profiles=(), ocr=()):
    """Sightings of the posts as dicts."""
    raw = [{name: one.get(name) for name in STRUCTURED} for one in posts]
    reads = [
        {name: one.get(name) for name in contracts.POST_READS.columns}
        for one in posts
        if one["stance"]
    ]
    frame = sightings.sightings(
        pl.DataFrame(raw, schema=STRUCTURED),
        pl.DataFrame(reads, schema=dict(contracts.POST_READS.columns)),
        pl.DataFrame(list(contacts), schema=dict(contracts.DOC_CONTACTS.columns)),
        pl.DataFrame(
            list(profiles),
            schema={
                "seller_id": pl.String,
                "doc_id": pl.String,
                "seen_at": contracts.TIME,
                "kind": pl.String,
            },
        ),
        pl.DataFrame(list(ocr), schema={"post_id": pl.String, "doc_id": pl.String}),
    )
    return frame.to_dicts()


def briefly(rows):
    return [(row["kind"], row["value"], row["field"], row["ownership"]) for row in rows]


def test_nothing_in_nothing_out():
    assert found([]) == []


@pytest.mark.parametrize("stance", ["offer", "vendor", "other"])
def test_own_contact_of_an_authors_own_post_is_own(stance):
    assert briefly(found([post(stance=stance)], [contact()])) == [
        ("wechat", "szr_demo_01", "text", "own")
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"stance": "report"},
        {"stance": "complaint"},
        {"kind": "comment"},
        {"kind": "complaint"},
        {"repost_of": "douyin:9"},
        {"stance": None},
    ],
)
def test_whoever_reports_complains_comments_or_shares_owns_nothing_it_shows(fields):
    rows = found([post(**{"stance": "offer", **fields})], [contact()])
    assert all(row["ownership"] == "mentioned" for row in rows)


def test_wording_that_says_mentioned_is_believed():
    rows = found([post()], [contact(ownership="mentioned")])
    assert [row["ownership"] for row in rows] == ["mentioned"]


def test_values_are_canonical_and_raw_is_kept():
    row = found([post()], [contact(value="SZR_Demo_01", raw="SZR_Demo_01")])[0]
    assert (row["value"], row["raw"]) == ("szr_demo_01", "SZR_Demo_01")


def test_one_row_per_post_and_indicator_in_the_most_telling_place():
    rows = found(
        [post()],
        [
            contact(ownership="mentioned", confidence=1.0),
            contact(field="title", confidence=0.5),
            contact(span_start=5),
        ],
    )
    assert briefly(rows) == [("wechat", "szr_demo_01", "text", "own")]
    assert rows[0]["confidence"] == 0.8


def test_seen_when_published_and_never_after_the_crawl():
    late = post("douyin:2", published_at=CRAWLED + timedelta(days=400))
    unknown = post("douyin:3", published_at=None)
    rows = found(
        [post(), late, unknown],
        [contact(f"doc-douyin:{number}") for number in (1, 2, 3)],
    )
    assert [row["seen_at"] for row in rows] == [PUBLISHED, CRAWLED, CRAWLED]


def test_profile_gives_name_and_bio_without_a_post():
    profile = {
        "seller_id": "douyin:a",
        "doc_id": "p",
        "seen_at": CRAWLED,
        "kind": "post",
    }
    rows = found(
        [],
        [contact("p"), contact("p", "phone", "19900000001", field="title")],
        [profile],
    )
    assert briefly(rows) == [
        ("phone", "19900000001", "name", "own"),
        ("wechat", "szr_demo_01", "bio", "own"),
    ]
    assert [row["post_id"] for row in rows] == [None, None]


@pytest.mark.parametrize("kind", ["comment", "complaint"])
def test_profiles_of_complainants_and_commenters_give_nothing(kind):
    profile = {"seller_id": "heimao:x", "doc_id": "p", "seen_at": CRAWLED, "kind": kind}
    assert found([], [contact("p")], [profile]) == []


def test_text_in_pictures_counts_as_the_posts():
    rows = found([post()], [contact("o")], ocr=[{"post_id": "douyin:1", "doc_id": "o"}])
    assert briefly(rows) == [("wechat", "szr_demo_01", "media", "own")]


def test_link_gives_domain_and_page():
    rows = found(
        [
            post(
                links=[
                    "https://WWW.Szr.Example/Apply?x=1",
                    "https://szr.example/",
                    "mailto:a@b.example",
                ]
            )
        ]
    )
    assert briefly(rows) == [
        ("domain", "szr.example", "link", "own"),
        ("url", "https://www.szr.example/Apply?x=1", "link", "own"),
    ]


@pytest.mark.parametrize("stance", ["other", "report"])
def test_link_of_somebody_who_sells_nothing_is_a_mention(stance):
    rows = found([post(stance=stance, links=["https://szr.example"])])
    assert briefly(rows) == [("domain", "szr.example", "link", "mentioned")]


def test_landing_page_owns_its_domain_and_identifiers_and_not_what_it_links_to():
    page = post(
        "landing:1",
        "report",
        seller_id="landing:szr.example",
        author_id_kind="domain",
        url="https://m.szr.example/join",
        links=[
            "https://szr.example/about",
            "https://shop.szr.example/",
            "https://other.example/",
        ],
        identifiers=[
            {"kind": "uscc", "value": "91990000ma0000000y", "field": "footer"},
            {"kind": "shoe_size", "value": "43", "field": "footer"},
        ],
    )
    assert briefly(found([page])) == [
        ("domain", "m.szr.example", "identifiers", "own"),
        ("domain", "other.example", "link", "mentioned"),
        ("domain", "szr.example", "identifiers", "own"),
        ("uscc", "91990000MA0000000Y", "identifiers", "own"),
    ]


def test_listing_and_ad_fields_are_own():
    listing = post(
        "taobao:1",
        "vendor",
        kind="listing",
        listing_shop_id="990001",
        listing_company="示例云（杭州）有限公司",
        listing_uscc="91990000MA0000000Y",
        ad_payer="示例云(杭州)有限公司",
        ad_advertiser="示例聚星有限公司",
    )
    assert briefly(found([listing])) == [
        ("company", "示例云(杭州)有限公司", "listing", "own"),
        ("company", "示例聚星有限公司", "ad", "own"),
        ("shop", "taobao:990001", "listing", "own"),
        ("uscc", "91990000MA0000000Y", "listing", "own"),
    ]


def test_complaints_target_is_a_mentioned_company():
    rows = found(
        [
            post(
                "heimao:1",
                "complaint",
                kind="complaint",
                complaint_target="示例聚星有限公司",
            )
        ]
    )
    assert briefly(rows) == [("company", "示例聚星有限公司", "complaint", "mentioned")]


def test_mentions_are_accounts_of_their_platform():
    rows = found([post(mentions=["@示例小号", ""])])
    assert briefly(rows) == [("account", "douyin:示例小号", "mention", "mentioned")]


def test_media_give_image_and_qr():
    media = [
        {
            "url": None,
            "kind": "image",
            "sha256": None,
            "phash": "00FF00FF00FF00FF",
            "ocr": None,
            "qr": "https://u.qrdemo.example/c/1",
        },
        {
            "url": None,
            "kind": "image",
            "sha256": None,
            "phash": None,
            "ocr": None,
            "qr": None,
        },
    ]
    assert briefly(found([post(media=media)])) == [
        ("domain", "u.qrdemo.example", "media", "own"),
        ("image", "00ff00ff00ff00ff", "media", "own"),
        ("qr", "https://u.qrdemo.example/c/1", "media", "own"),
        ("url", "https://u.qrdemo.example/c/1", "media", "own"),
    ]


def test_row_order_changes_nothing():
    posts = [
        post(f"douyin:{number}", links=["https://szr.example/a"], mentions=["示例"])
        for number in range(6)
    ]
    contacts = [
        contact(f"doc-douyin:{number}", value=f"szr_demo_{number % 2:02d}")
        for number in range(6)
    ]
    assert found(posts, contacts) == found(posts[::-1], contacts[::-1])


def test_rows_meet_the_contract():
    schema = dict(contracts.SIGHTINGS.columns)
    rows = found([post(links=["https://szr.example/a"])], [contact()])
    frame = pl.DataFrame(rows, schema=schema)
    assert_frame_equal(contracts.SIGHTINGS.check(frame), frame)
