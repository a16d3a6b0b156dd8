"""Whatever a field of these answers holds, also inside JSON that stands in a text: no exception, no bad record."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers import items
from crawlers.sources import catalogue
from crawlers.sources.parsed import FETCH_STATUSES

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)
ODD = st.sampled_from(
    [
        None, True, False, 0, -1, 2**63, 10**30, 7.5e18, "", " ", "0", "x" * 3000, "1.2E+19", "\x00", "a\tb", "<b>",
        "http://[", "//x", [], {}, [None], [[]], {"": {}}, "9" * 40, "\ud800", "¥1??9", [{"url": []}], {"string": 3},
    ]
) | st.text(max_size=12)  # fmt: skip
#: Source, the needed parts of an entry, and what stands around it.
SHAPES = {
    "mtop": (
        "taobao",
        {"item_id": "1", "title": "甲", "userId": "2"},
        ("nick", "price", "priceShow", "shopInfo", "pic_path", "realSales", "procity", "auctionURL", "structuredUSPInfo"),
        lambda entry: {"ret": ["SUCCESS::x"], "data": json.dumps({"itemsArray": [entry]})},
    ),
    "tbk": (
        "taobao",
        {"item_id": "1", "item_basic_info": {"title": "甲", "seller_id": 2}},
        ("price_promotion_info", "publish_info", "item_basic_info"),
        lambda entry: {"tbk_dg_material_optional_upgrade_response": {"result_list": {"map_data": [entry]}}},
    ),
    "union": (
        "jd",
        {"skuId": 1, "skuName": "甲", "shopInfo": {"shopId": 2}},
        ("itemId", "materialUrl", "priceInfo", "imageInfo", "inOrderCount30Days", "comments"),
        lambda entry: {"jd_union_open_goods_query_responce": {"queryResult": json.dumps({"code": 200, "data": [entry]})}},
    ),
    "wares": (
        "jd",
        {"skuId": "1", "wareName": "甲", "shopId": "2"},
        ("wareId", "jdPrice", "shopName", "imageurl", "commentFuzzy", "commentSalesFloor", "sellingPoint", "isAdv", "propertyList"),
        lambda entry: {"code": 0, "data": {"wareList": [entry]}},
    ),
    "reviews": (
        "jd",
        {"id": 1, "content": "甲"},
        ("creationTime", "referenceId", "images", "location", "usefulVoteCount", "replyCount"),
        lambda entry: {"comments": [entry]},
    ),
    "published": (
        "wechat_mp",
        {"title": "甲", "link": "https://mp.weixin.qq.com/s/DemoShort_1"},
        ("appmsgid", "itemidx", "digest", "cover", "create_time", "update_time"),
        lambda entry: {
            "base_resp": {"ret": 0},
            "publish_page": json.dumps({"publish_list": [{"publish_info": json.dumps({"appmsgex": [entry]})}]}),
        },
    ),
    "accounts": (
        "wechat_mp",
        {"fakeid": "Mj==", "nickname": "甲"},
        ("alias", "signature"),
        lambda entry: {"base_resp": {"ret": 0}, "list": [entry]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", sorted(SHAPES))
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_an_odd_value_makes_a_good_record_or_a_reject(shape, data):
    source, needed, others, around = SHAPES[shape]
    fields = data.draw(st.lists(st.sampled_from([*needed, *others]), max_size=3))
    entry = {**needed, **{field: data.draw(ODD) for field in fields}}
    body = json.dumps(around(entry)).encode()
    parsed = catalogue.SOURCES[source].parse(
        body, url="answer.json", http_status=None, fetched_at=AT
    )
    assert parsed.fetch_status in FETCH_STATUSES
    assert parsed.records or parsed.rejects or parsed.reason
    for record in parsed.records:
        items.parse_record(record, source=source, imported_at=AT, hash_key=b"key")
