import copy
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers import items
from crawlers.records import schema
from warehouse import contracts

NOW = datetime(2024, 7, 1, tzinfo=UTC)
KEY = b"a key for tests only"
MINIMAL = {
    "platform": "douyin",
    "post_id": "7351",
    "author": {"id": "szr_demo_01"},
    "text": "数字人代理",
}
FULL = {
    "platform": "xianyu",
    "kind": "listing",
    "post_id": 735,
    "url": "https://example.com/7",
    "transport": "export",
    "query": "数字人代理",
    "published_at": "2024-06-13T20:15:00+08:00",
    "published_precision": "minute",
    "crawled_at": 1718301600,
    "title": "数字人",
    "text": "招商",
    "text_truncated": False,
    "parent_id": "1",
    "repost_of": "xianyu:2",
    "author": {
        "id": "a1",
        "id_kind": "native",
        "handle": "demo",
        "name": "示例账号",
        "bio": "厂家",
        "url": "https://example.com/a1",
        "verified": "business",
        "verified_raw": "示例数字科技",
        "followers": 1,
        "following": 2,
        "posts": 3,
        "created_at": "2020-01-01",
        "region": "河南",
    },
    "hashtags": ["数字人"],
    "mentions": [],
    "links": ["https://example.org"],
    "live": {"is_live": True, "room_id": 99},
    "media": [
        {
            "url": "https://example.com/a.jpg",
            "kind": "image",
            "phash": "00FF00FF00FF00FF",
        }
    ],
    "metrics": {
        "views": 1,
        "likes": 2,
        "comments": 3,
        "shares": 4,
        "collects": 5,
        "sales": 6,
    },
    "listing": {
        "price_yuan": "28000",
        "sales_text": "已售10+",
        "shop_id": 5,
        "shop_name": "示例店",
        "company": "示例数字科技",
        "uscc": "000000000000000000",
        "is_promoted": True,
    },
    "complaint": {
        "target": "示例公司",
        "target_id": 8,
        "amount_yuan": 66000,
        "issues": ["退款"],
        "demand": "退款",
        "status": "处理中",
    },
    "ad": {
        "advertiser": "示例",
        "payer": "示例",
        "first_shown": 1718301600,
        "last_shown": 1718301600,
    },
    "identifiers": [{"kind": "phone", "value": 19900001234, "field": "footer"}],
    "evidence_sha256": "AB" * 32,
}


def parsed(record, **changes):
    return items.parse_record(
        {**record, **changes}, source="s", imported_at=NOW, hash_key=KEY
    )


def refused(record, **changes):
    with pytest.raises(items.RecordError) as caught:
        parsed(record, **changes)
    return caught.value


def test_the_field_tables_are_the_columns_of_raw_posts():
    def named(prefix, group):
        return [f"{prefix}{name}" for name in group.names]

    assert (
        "post_id",
        "crawled_at",
        "platform",
        "kind",
        "seller_id",
        "source",
        *named("", schema.ORIGIN),
        "parent_id",
        "repost_of",
        *named("author_", schema.AUTHOR),
        *named("", schema.LINKS),
        *named("live_", schema.LIVE),
        "media",
        *named("", schema.METRICS),
        *named("listing_", schema.LISTING),
        *named("complaint_", schema.COMPLAINT),
        *named("ad_", schema.AD),
        "identifiers",
        "evidence_sha256",
        "extra",
    ) == items.COLUMNS


def test_a_minimal_record_has_defaults_for_kind_and_crawl_time_and_nulls_elsewhere():
    row = parsed(MINIMAL)
    assert {name: value for name, value in row.items() if value is not None} == {
        "post_id": "douyin:7351",
        "crawled_at": NOW,
        "platform": "douyin",
        "kind": "post",
        "seller_id": "douyin:szr_demo_01",
        "source": "s",
        "text": "数字人代理",
    }
    assert tuple(row) == items.COLUMNS


def test_every_field_of_a_full_record_reaches_its_column():
    row = parsed(FULL)
    assert [name for name, value in row.items() if value is None] == ["extra"]
    assert row["post_id"] == "xianyu:735"
    assert row["published_at"] == datetime(2024, 6, 13, 12, 15, tzinfo=UTC)
    assert row["parent_id"] == "xianyu:1"
    assert row["repost_of"] == "xianyu:2"
    assert row["live_room_id"] == "99"
    assert row["listing_price_yuan"] == Decimal("28000.00")
    assert row["media"][0]["phash"] == "00ff00ff00ff00ff"
    assert row["identifiers"] == [
        {"kind": "phone", "value": "19900001234", "field": "footer"}
    ]
    assert row["evidence_sha256"] == "ab" * 32
    frame = items.frame([row])
    assert frame.row(0, named=True) == row


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"platform": None}, "platform", "missing"),
        ({"platform": "抖音"}, "platform", "slug"),
        ({"platform": "a:b"}, "platform", "slug"),
        (
            {"kind": "ad"},
            "kind",
            "post, listing, article, live, comment, complaint, profile; found 'ad'",
        ),
        ({"post_id": None}, "post_id", "missing"),
        ({"post_id": "  "}, "post_id", "missing"),
        ({"post_id": 7.3e18}, "post_id", "as text"),
        ({"author": None}, "author.id", "missing"),
        ({"author": {"name": "示例"}}, "author.id", "missing"),
        ({"author": "示例"}, "author", "expected an object, found text"),
        ({"author": {"id": "a", "verified": "blue"}}, "author.verified", "business"),
        (
            {"author": {"id": "a", "created_at": "9999-01-01"}},
            "author.created_at",
            "1990",
        ),
        ({"text": None}, "text", "both are missing"),
        ({"text": 5}, "text", "expected text"),
        ({"text": "a\0b"}, "text", "NUL"),
        ({"text": "a\ud800"}, "text", "surrogate"),
        ({"published_at": "gestern"}, "published_at", "ISO 8601"),
        ({"crawled_at": "9999-12-31"}, "crawled_at", "1990-2100"),
        ({"metrics": {"likes": "1.2万"}}, "metrics.likes", "digits"),
        ({"metrics": []}, "metrics", "expected an object, found a list"),
        ({"hashtags": "a"}, "hashtags", "list"),
        ({"hashtags": ["a", 5]}, "hashtags[1]", "expected text"),
        ({"media": {}}, "media", "list of objects"),
        ({"media": ["https://example.com"]}, "media[0]", "expected an object"),
        (
            {"media": [{}, {"kind": "gif"}]},
            "media[1].kind",
            "image, video, audio, cover",
        ),
        ({"identifiers": [{"kind": "uscc"}]}, "identifiers[0].value", "missing"),
        ({"evidence_sha256": "abc"}, "evidence_sha256", "64 hex digits"),
        ({"complaint": {"amount_yuan": -5}}, "complaint.amount_yuan", "yuan"),
        (
            {"new": {"deep": json.loads("[" * 40 + "]" * 40)}},
            "new.deep" + "[0]" * 30,
            "deep",
        ),
        ({"new": object()}, "new", "no JSON form"),
    ],
)
def test_a_broken_field_is_refused_by_name(changes, field, reason):
    error = refused(MINIMAL, **changes)
    assert error.field == field
    assert reason in error.reason


def test_a_post_without_words_is_a_post_if_the_source_said_so():
    assert parsed(MINIMAL, text="")["text"] == ""
    assert parsed(MINIMAL, text=None, title=" ")["text"] == ""
    assert parsed(MINIMAL, text="", title="标题")["text"] is None


def test_published_at_may_be_null():
    assert parsed(MINIMAL, published_at=None)["published_at"] is None


def test_unknown_fields_are_kept_and_named_at_every_level():
    unknown = set()
    row = items.parse_record(
        {
            **MINIMAL,
            "new": {"b": 1, "a": [2**70]},
            "nothing": None,
            "author": {"id": "a", "avatar": "x"},
            "media": [{"url": "u", "width": 7}],
        },
        source="s",
        imported_at=NOW,
        hash_key=KEY,
        unknown_fields=unknown,
    )
    assert unknown == {"new", "nothing", "author.avatar", "media.width"}
    assert json.loads(row["extra"]) == {
        "author.avatar": "x",
        "media[0].width": 7,
        "new": {"a": [2**70], "b": 1},
    }


@pytest.mark.parametrize("kind", ["complaint", "comment"])
def test_private_people_leave_only_as_hashes(kind):
    record = {
        "platform": "heimao",
        "kind": kind,
        "post_id": "17",
        "url": "https://example.com/u/990001/17",
        "text": "退款",
        "author": {
            "id": "990001",
            "name": "示例用户",
            "handle": "demo_user",
            "bio": "我的简介",
            "phone": "19900001234",
        },
        "raw": {"uid": 990001, "nick": "示例用户"},
    }
    row = parsed(record)
    assert row["seller_id"].startswith("heimao:h-")
    assert row["url"] is None
    stored = json.dumps(row, default=str, ensure_ascii=False)
    for raw in ("990001", "示例用户", "demo_user", "我的简介", "19900001234"):
        assert raw not in stored
    assert parsed(record, post_id="18")["seller_id"] == row["seller_id"]
    assert parsed(record, kind="post")["seller_id"] == "heimao:990001"


def test_a_landing_page_belongs_to_its_domain_in_one_spelling():
    record = {**MINIMAL, "platform": "landing"}
    assert (
        parsed(record, author={"id": "Example.COM."})["seller_id"]
        == "landing:example.com"
    )
    assert refused(record, author={"id": "https://example.com/x"}).field == "author.id"


def test_ids_that_already_carry_the_platform_are_not_prefixed_twice():
    row = parsed(MINIMAL, post_id="douyin:7", parent_id="weibo:8")
    assert row["post_id"] == "douyin:7"
    assert row["parent_id"] == "douyin:weibo:8"


def test_a_naive_import_time_is_the_callers_mistake():
    with pytest.raises(ValueError, match="no time zone"):
        items.parse_record(
            MINIMAL, source="s", imported_at=NOW.replace(tzinfo=None), hash_key=KEY
        )


def test_of_equal_keys_the_first_stays_and_other_crawl_times_are_versions():
    rows = [
        parsed(MINIMAL, text="first"),
        parsed(MINIMAL, text="second"),
        parsed(MINIMAL, text="later", crawled_at=NOW + timedelta(days=1)),
    ]
    assert items.frame(rows)["text"].to_list() == ["first", "later"]


def test_no_rows_are_an_empty_frame():
    assert items.frame([]).schema == pl.Schema(contracts.RAW_POSTS.columns)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(
        [
            "post",
            "2024-06-13",
            "1718301600",
            "\ud800",
            "a\0",
            1718301600,
            "web",
            "image",
            12.0,
        ]
    )
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def damaged_records(draw):
    """A good record with some values, at any level, replaced by anything."""
    record = copy.deepcopy(FULL)
    record["kind"] = draw(st.sampled_from(schema.KINDS))
    for name in draw(st.lists(st.sampled_from([*FULL, "new"]), max_size=2)):
        inner = record.get(name)
        if isinstance(inner, dict) and inner and draw(st.booleans()):
            inner[draw(st.sampled_from(sorted(inner)))] = draw(ANYTHING)
        else:
            record[name] = draw(ANYTHING)
    return record


@given(st.lists(damaged_records(), max_size=3))
@settings(deadline=None, max_examples=150)
def test_whatever_comes_in_is_a_valid_row_or_a_record_error(records):
    rows = []
    for record in records:
        try:
            rows.append(parsed(record))
        except items.RecordError as error:
            assert error.reason  # noqa: PT017
    contracts.RAW_POSTS.check(items.frame(rows))
