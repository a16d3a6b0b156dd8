import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.sources import kr36

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)
PAGES = Path(__file__).parents[2] / "fixtures" / "pages" / "36kr"


def parse(content):
    return kr36.parse(
        json.dumps(content).encode(), url="saved.json", http_status=None, fetched_at=AT
    )


def listing(**data):
    return {"code": 0, "data": {"itemList": [], **data}}


def test_both_layouts_of_an_entry_read_alike():
    fields = {
        "widgetTitle": "<em>数字人</em>调查",
        "widgetContent": "城市合伙人",
        "publishTime": 1772350000000,
        "authorName": "示例记者",
        "userId": 9990001,
    }
    flat = {"itemId": 8999000000000001, "itemType": 10, **fields}
    nested = {"itemId": 8999000000000001, "itemType": 10, "templateMaterial": fields}
    one, other = parse(listing(itemList=[flat, nested], totalCount=2)).records
    assert one == other
    assert one["title"] == "数字人调查"
    assert one["author"]["id"] == "9990001"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"totalCount": 0, "hasNextPage": 0}, "empty"),
        ({"hasNextPage": 0}, "empty"),
        ({"totalCount": 3, "hasNextPage": 0}, "blocked"),
        ({"totalCount": 0, "hasNextPage": 1}, "blocked"),
    ],
)
def test_an_empty_list_is_empty_only_when_nothing_is_counted(data, status):
    assert parse(listing(**data)).fetch_status == status


@pytest.mark.parametrize(
    ("msg", "status"),
    [
        ("站点id为空", "schema_drift"),
        ("请求过于频繁", "rate_limited"),
        ("请登录", "login_wall"),
    ],
)
def test_a_refused_request_is_our_fault_unless_it_says_otherwise(msg, status):
    assert parse({"code": 10002, "msg": msg, "data": None}).fetch_status == status


def test_the_feed_is_still_read():
    body = (PAGES / "feed" / "input.xml").read_bytes()
    parsed = kr36.parse(body, url=kr36.STARTS[0], http_status=None, fetched_at=AT)
    assert parsed.fetch_status == "ok"
    assert parsed.records
