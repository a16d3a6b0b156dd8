import json
from datetime import UTC, datetime

import pytest

from crawlers import items
from crawlers.sources import jd

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)
REVIEW = {
    "id": 99600000001,
    "content": "退不了款",
    "nickname": "示***名",
    "guid": "demo-guid",
    "userImageUrl": "//img.example.com/u.jpg",
}


def parse(answer, url="answer.json"):
    return jd.parse(
        json.dumps(answer).encode(), url=url, http_status=None, fetched_at=AT
    )


def union(**result):
    return {"jd_union_open_goods_query_responce": {"queryResult": json.dumps(result)}}


def goods(**more):
    return {"skuId": 1888, "skuName": "甲", "shopInfo": {"shopId": 99}, **more}


def ware(**more):
    return {"skuId": "1777", "wareName": "甲", "shopId": "99", **more}


@pytest.mark.parametrize(
    ("result", "status"),
    [
        ({"code": 200, "totalCount": 0}, "empty"),
        ({"code": 200, "totalCount": 7, "data": []}, "blocked"),
        ({"code": 200, "data": []}, "schema_drift"),
        ({"code": 403, "message": "x"}, "blocked"),
        ({"code": 500, "message": "系统繁忙"}, "error"),
        ({"message": "x"}, "error"),
    ],
)
def test_the_official_answer_is_judged_by_its_inner_code(result, status):
    assert parse(union(**result)).fetch_status == status


@pytest.mark.parametrize("missing", ["skuId", "skuName", "shopInfo"])
def test_a_needed_field_that_is_missing_is_a_reject_with_its_path(missing):
    found = [goods(), goods(**{missing: None}), goods()]
    parsed = parse(union(code=200, totalCount=3, data=found))
    (reject,) = parsed.rejects
    path = "$.jd_union_open_goods_query_responce.queryResult.data[1]"
    assert reject.field.startswith(f"{path}.{missing}")
    assert len(parsed.records) == 2


def test_numbers_inside_the_text_keep_their_digits():
    found = goods(skuId=12345678901234567890123)
    (record,) = parse(union(code=200, totalCount=1, data=[found])).records
    assert record["post_id"] == "12345678901234567890123"


@pytest.mark.parametrize("price", ["¥1??9", "?", "暂无报价"])
def test_a_masked_price_is_null_and_named(price):
    parsed = parse({"code": 0, "data": {"wareList": [ware(jdPrice=price)]}})
    assert parsed.records[0]["listing"]["price_yuan"] is None
    assert parsed.unknown_fields == {"$.data.wareList.jdPrice (expected a price)"}


@pytest.mark.parametrize(
    ("code", "status"),
    [(0, "empty"), ("0", "empty"), (605, "blocked"), ("605", "blocked"), (1, "error"), (False, "schema_drift")],
)  # fmt: skip
def test_the_web_answer_is_judged_by_its_code(code, status):
    assert parse({"code": code, "data": {"wareList": []}}).fetch_status == status


def test_addresses_of_advertisements_are_not_kept():
    found = ware(toUrl="//ccc-x.jd.com/dsp/nc?ext=clickdemo", shopUrl="//x.example/")
    (record,) = parse({"code": 0, "data": {"wareList": [found]}}).records
    assert "clickdemo" not in json.dumps(record)
    assert record["url"] == "https://item.jd.com/1777.html"


def test_nothing_of_a_reviews_writer_is_read():
    (record,) = parse({"comments": [REVIEW], "maxPage": 1}).records
    shown = json.dumps(record, ensure_ascii=False)
    assert not any(secret in shown for secret in ("示***名", "demo-guid", "u.jpg"))
    row = items.parse_record(record, source="jd", imported_at=AT, hash_key=b"key")
    assert row["seller_id"].startswith("jd:h-")


def test_a_reviews_goods_are_its_parent():
    assert (
        parse({"comments": [REVIEW]}, url="x?productId=5").records[0]["parent_id"]
        == "5"
    )
    own = {**REVIEW, "referenceId": "6"}
    assert (
        parse({"comments": [own]}, url="x?productId=5").records[0]["parent_id"] == "6"
    )


def test_a_review_and_a_listing_of_one_number_stay_two_posts():
    (review,) = parse({"comments": [{**REVIEW, "id": 1777}]}).records
    (listing,) = parse({"code": 0, "data": {"wareList": [ware()]}}).records
    assert review["post_id"] != listing["post_id"]


def test_the_question_is_read_from_the_address():
    asked = "https://api.m.jd.com/?body=%7B%22keyword%22%3A%22x%22%7D"
    assert (
        parse({"code": 0, "data": {"wareList": [ware()]}}, url=asked).records[0][
            "query"
        ]
        == "x"
    )
    odd = "https://api.m.jd.com/?body=[1"
    assert (
        parse({"code": 0, "data": {"wareList": [ware()]}}, url=odd).records[0]["query"]
        is None
    )


@pytest.mark.parametrize(
    ("page", "status"), [(1, "blocked"), (2, "blocked"), (3, "ok")]
)
def test_a_page_after_the_last_is_no_block(page, status):
    answer = union(code=200, totalCount=35, data=[])
    url = f"https://api.jd.com/routerjson?pageIndex={page}&pageSize=20"
    assert parse(answer, url=url).fetch_status == status
