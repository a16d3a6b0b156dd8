import json
from datetime import UTC, datetime

import pytest

from crawlers.sources import taobao

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)


def parse(answer, url="answer.json"):
    return taobao.parse(
        json.dumps(answer).encode(), url=url, http_status=None, fetched_at=AT
    )


def item(**more):
    return {"item_id": "888800000000001", "title": "甲", "userId": "9966", **more}


def mtop(*entries):
    return {"ret": ["SUCCESS::调用成功"], "data": {"itemsArray": list(entries)}}


@pytest.mark.parametrize(
    ("code", "sub_code", "sub_msg", "status"),
    [
        (7, "accesscontrol.limited-by-api-access-count", "", "rate_limited"),
        (11, "isv.permission-api-package-limit", "", "blocked"),
        (15, "50001", "无结果", "empty"),
        (15, "isv.item-not-found", "", "empty"),
        (15, "isp.unknown-error", "", "error"),
        (15, "50001", "", "error"),
        (25, "", "", "blocked"),
        (29, "isv.appkey-not-exists", "", "not_authorised"),
        (40, "isv.missing-parameter", "", "error"),
        (None, "", "", "error"),
    ],
)
def test_an_error_of_the_official_interface_is_told_by_its_codes(
    code, sub_code, sub_msg, status
):
    error = {"code": code, "msg": "demo", "sub_code": sub_code, "sub_msg": sub_msg}
    assert parse({"error_response": error}).fetch_status == status


@pytest.mark.parametrize(
    ("ret", "leads_to", "status"),
    [
        ("FAIL_SYS_USER_VALIDATE", None, "blocked"),
        ("FAIL_SYS_SESSION_EXPIRED::x", None, "login_wall"),
        ("FAIL_SYS_ILLEGAL_ACCESS::x", None, "login_wall"),
        ("FAIL_SYS_TOKEN_EMPTY::x", "https://x.example/_____tmd_____/punish", "blocked"),
        ("FAIL_BIZ_UNHEARD_OF::x", None, "error"),
    ],
)  # fmt: skip
def test_a_refused_call_is_told_by_its_code_and_where_it_leads(ret, leads_to, status):
    parsed = parse({"ret": [ret], "data": {"url": leads_to}})
    assert parsed.fetch_status == status
    assert "x.example" not in (parsed.reason or "")


def test_success_and_an_empty_list_prove_emptiness():
    assert parse(mtop()).fetch_status == "empty"


def test_numbers_keep_their_digits():
    (record,) = parse(mtop(item(item_id=12345678901234567890123, userId=2**60))).records
    assert record["post_id"] == "12345678901234567890123"
    assert record["author"]["id"] == str(2**60)


@pytest.mark.parametrize("missing", ["item_id", "title", "userId"])
def test_a_needed_field_that_is_missing_is_a_reject_with_its_path(missing):
    parsed = parse(mtop(item(), item(**{missing: None}), item()))
    (reject,) = parsed.rejects
    assert reject.field == f"$.data.itemsArray[1].{missing}"
    assert (parsed.fetch_status, len(parsed.records)) == ("ok", 2)


def test_unknown_fields_are_named_once():
    assert parse(mtop(item(new=1), item(new=2))).unknown_fields == {
        "$.data.itemsArray.new"
    }


def test_addresses_hold_no_click_and_no_session():
    entry = item(
        auctionURL="https://click.simba.taobao.com/cc_im?e=clickdemo",
        shopInfo={"title": "示例店", "url": "//shop99.taobao.com/?token=clickdemo"},
        pic_path="//img.example.com/a.jpg?auth_key=clickdemo",
    )
    (record,) = parse(mtop(entry)).records
    assert "clickdemo" not in json.dumps(record)
    assert record["url"] == "https://item.taobao.com/item.htm?id=888800000000001"
    assert record["listing"]["is_promoted"] is True


def test_a_shop_elsewhere_is_no_shop_page():
    entry = item(shopInfo={"title": "示例店", "url": "https://shop.example.com/1"})
    assert parse(mtop(entry)).records[0]["author"]["url"] is None
