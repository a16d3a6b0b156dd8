import json
from datetime import UTC, datetime

import pytest

from crawlers.sources import heimao

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)
FEED = "https://tousu.sina.com.cn/api/index/feed?type=1&page_size=10&page=1"


def answer(main, *, following=0, page_amount=1):
    entry = {
        "sn": "99000000001",
        "uid": "88800001",
        "title": "甲",
        "timestamp": "1772337600",
    }
    pager = {
        "current": 1,
        "next": following,
        "page_amount": page_amount,
        "page_size": 10,
        "item_count": 1,
    }
    data = {
        "lists": [{"main": {**entry, **main}, "author": {"title": "示例网友"}}],
        "pager": pager,
    }
    return json.dumps(
        {"result": {"status": {"code": 0, "msg": ""}, "data": data}}
    ).encode()


def parse(main, **pager):
    return heimao.parse(answer(main, **pager), url=FEED, http_status=200, fetched_at=AT)


@pytest.mark.parametrize(
    ("cost", "yuan"),
    [
        ("66,000", 66000),
        (29800, 29800),
        ("2.98万", 29800),
        ("66000元", 66000),
        ("", None),
        ("0", None),
        ("无", None),
        (True, None),
        ("99.5", 99.5),
    ],
)
def test_the_claimed_amount_is_yuan_or_null(cost, yuan):
    assert parse({"cost": cost}).records[0]["complaint"]["amount_yuan"] == yuan


def test_nothing_of_the_complainant_but_the_id_is_read():
    assert parse({}).records[0]["author"] == {"id": "88800001", "id_kind": "native"}
    assert "示例网友" not in json.dumps(parse({}).records, ensure_ascii=False)


def test_the_next_page_is_asked_for_until_the_last():
    assert [ask.url for ask in parse({}, following=2, page_amount=50).next] == [
        FEED.replace("page=1", "page=2")
    ]
    assert parse({}, following=0, page_amount=50).next == ()
    assert parse({}, following=51, page_amount=50).next == ()


def test_details_are_asked_for_on_the_host_that_served_the_list():
    (ask,) = parse(
        {"url": "//tousu.sina.com.cn/complaint/view/99000000001/?sld=demo"}
    ).next
    assert ask.url == "https://tousu.sina.com.cn/complaint/view/99000000001/?sld=demo"
    assert ask.listed is not None
    assert parse({"url": "//elsewhere.example/complaint/view/99000000001/"}).next == ()
