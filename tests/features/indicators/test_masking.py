from datetime import UTC, datetime

import polars as pl
import pytest

from features.indicators import masking
from warehouse import contracts

WHEN = datetime(2024, 6, 14, 2, tzinfo=UTC)
OWNERS_SCHEMA = {
    "kind": pl.String,
    "value": pl.String,
    "seller_id": pl.String,
    "level": pl.Int8,
    "is_disputed": pl.Boolean,
}


def owners(*rows):
    return pl.DataFrame(
        [(*row, 1, False) for row in rows], schema=OWNERS_SCHEMA, orient="row"
    )


def sighting(post_id, kind, value):
    return {
        "post_id": post_id,
        "seller_id": "heimao:x",
        "kind": kind,
        "value": value,
        "field": "text",
        "ownership": "mentioned",
        "confidence": 0.9,
        "seen_at": WHEN,
    }


TEXT = "我加了 szr_demo_01，我的电话19900000002，打了12315"


def masked(text=TEXT, *, kind="complaint", stance="complaint", owned=(), contacts=None):
    found = contacts or [
        ("wechat", "szr_demo_01"),
        ("phone", "19900000002"),
        ("phone", "12315"),
    ]
    spans = [
        {
            "doc_id": "d",
            "kind": kind_,
            "value": value,
            "raw": value,
            "field": "text",
            "ownership": "mentioned",
            "confidence": 0.9,
            "span_start": text.index(value),
            "span_end": text.index(value) + len(value),
        }
        for kind_, value in found
    ]
    read = dict.fromkeys(contracts.POST_READS.columns) | {
        "post_id": "heimao:1",
        "doc_id": "d",
        "stance": stance,
    }
    return masking.masked_texts(
        pl.DataFrame(
            [{"post_id": "heimao:1", "kind": kind, "title": None, "text": text}],
            schema_overrides={"title": pl.String},
        ),
        pl.DataFrame([read], schema=dict(contracts.POST_READS.columns)),
        pl.DataFrame(spans, schema=dict(contracts.DOC_CONTACTS.columns)),
        owners(*owned),
    )


def test_private_contacts_are_masked_and_sellers_and_hotlines_are_not():
    found = masked(owned=[("wechat", "szr_demo_01", "douyin:a")])
    assert found.rows() == [
        ("heimao:1", None, "我加了 szr_demo_01，我的电话***********，打了12315")
    ]
    assert len(found["text"].item()) == len(TEXT)


@pytest.mark.parametrize(
    ("kind", "stance"), [("comment", "other"), ("post", "complaint")]
)
def test_comments_and_victims_posts_are_masked_too(kind, stance):
    assert masked(kind=kind, stance=stance).height == 1


def test_other_posts_are_absent():
    assert masked(kind="post", stance="offer").is_empty()


def test_posts_without_private_contacts_are_absent():
    owned = [
        ("wechat", "szr_demo_01", "douyin:a"),
        ("phone", "19900000002", "douyin:a"),
    ]
    assert masked(owned=owned).is_empty()


def test_number_that_is_a_sellers_in_one_reading_stays():
    found = masked(
        "微信同号19900000002",
        contacts=[("wechat", "19900000002"), ("phone", "19900000002")],
        owned=[("phone", "19900000002", "douyin:a")],
    )
    assert found.is_empty()


def test_private_sightings_are_not_published():
    rows = [
        sighting("heimao:1", "phone", "19900000002"),
        sighting("heimao:1", "wechat", "szr_demo_01"),
        sighting("heimao:1", "company", "示例聚星有限公司"),
        sighting("heimao:1", "phone", "12315"),
        sighting("douyin:1", "phone", "19900000003"),
    ]
    posts = pl.DataFrame(
        {"post_id": ["heimao:1", "douyin:1"], "kind": ["complaint", "post"]}
    )
    reads = pl.DataFrame(
        [
            dict.fromkeys(contracts.POST_READS.columns)
            | {"post_id": "heimao:1", "stance": "complaint"}
        ],
        schema=dict(contracts.POST_READS.columns),
    )
    kept = masking.public_sightings(
        pl.DataFrame(rows, schema=dict(contracts.SIGHTINGS.columns)),
        posts,
        reads,
        owners(("wechat", "szr_demo_01", "douyin:a")),
    )
    assert kept["value"].to_list() == [
        "szr_demo_01",
        "示例聚星有限公司",
        "12315",
        "19900000003",
    ]
