import hashlib
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from crawlers.sources import authorised

NOW = datetime(2026, 3, 1, 4, 0, 0, tzinfo=UTC)  # noon in Shanghai
KEYS = {"app_key": "demo_key", "app_secret": "demo_secret"}
OPTIONS = {"base_url": "https://api.example", "device_id": 7, "adzone_id": "55"}
DOUYIN, TAOBAO, JD = (
    authorised.AUTHORITIES[name] for name in ("douyin", "taobao", "jd")
)


def test_the_sign_is_the_one_in_tops_documentation():
    # The worked example of TOP's "API calling protocol" page, secret ``helloworld``.
    params = {
        "method": "taobao.item.seller.get",
        "app_key": "12345678",
        "session": "test",
        "timestamp": "2016-01-01 12:00:00",
        "format": "json",
        "v": "2.0",
        "sign_method": "md5",
        "fields": "num_iid,title,nick,price,num",
        "num_iid": "11223344",
    }
    found = authorised.sign(params, secret="helloworld")
    assert found == "66987CB115214E59E6EC978214934FB8"


def test_empty_values_take_no_part_in_the_sign():
    assert authorised.sign({"a": "1", "b": ""}, secret="s") == authorised.sign(
        {"a": "1"}, secret="s"
    )


def test_names_are_sorted_as_the_documentation_shows():
    params = {"foo": "1", "bar": "2", "foo_bar": "3", "foobar": "4"}
    by_hand = hashlib.md5(b"secretbar2foo1foo_bar3foobar4secret").hexdigest().upper()
    assert authorised.sign(params, secret="secret") == by_hand


def test_a_jd_request_is_signed_over_its_nested_json():
    (url,) = JD.starts(["数字人"], OPTIONS)
    wire = JD.wire(url, KEYS, token=None, now=NOW)
    sent = dict(parse_qsl(wire.body.decode()))
    nested = '{"goodsReqDTO":{"keyword":"数字人","pageIndex":1,"pageSize":50}}'
    assert sent["360buy_param_json"] == nested
    assert sent["timestamp"] == "2026-03-01 12:00:00"
    # By hand: secret, then names and values in the order of the names, then secret.
    by_hand = (
        f"demo_secret360buy_param_json{nested}app_keydemo_keyformatjson"
        "methodjd.union.open.goods.querysign_methodmd5timestamp2026-03-01 12:00:00v1.0demo_secret"
    )
    assert sent["sign"] == hashlib.md5(by_hand.encode()).hexdigest().upper()
    assert sent["sign"] == "9F9250DAA94C7BF5B58800E5232A6893"


def test_a_taobao_request_carries_business_and_common_parameters():
    (url,) = TAOBAO.starts(["数字人 代理"], OPTIONS)
    wire = TAOBAO.wire(url, KEYS, token=None, now=NOW)
    sent = dict(parse_qsl(wire.body.decode()))
    claimed = sent.pop("sign")
    assert claimed == authorised.sign(sent, secret="demo_secret")
    assert sent["q"] == "数字人 代理"
    assert sent["adzone_id"] == "55"
    assert (sent["page_no"], sent["page_size"], sent["v"]) == ("1", "100", "2.0")


@pytest.mark.parametrize("name", ["douyin", "taobao", "jd"])
def test_no_address_and_no_message_shows_a_key(name):
    authority = authorised.AUTHORITIES[name]
    keys = {key: f"hidden-{key}" for key in authority.needs}
    (url,) = authority.starts(["数字人"], OPTIONS)
    wires = [authority.wire(url, keys, token="hidden-token", now=NOW)]
    wires += [wire] if (wire := authority.token_wire(url, keys)) else []
    for wire in wires:
        assert "hidden" not in url + wire.url + repr(wire)
        assert "sign=" not in wire.url


def test_a_client_token_is_asked_for_and_read():
    (url,) = DOUYIN.starts(["数字人"], OPTIONS)
    wire = DOUYIN.token_wire(url, {"client_key": "k", "client_secret": "s"})
    assert (wire.method, wire.url) == (
        "POST",
        "https://api.example/oauth/client_token/",
    )
    assert json.loads(wire.body) == {
        "client_key": "k",
        "client_secret": "s",
        "grant_type": "client_credential",
    }
    body = b'{"data":{"access_token":"clt.x","expires_in":7200,"error_code":0},"message":"success"}'
    assert DOUYIN.read_token(body) == authorised.Token("clt.x", 7200.0)


@pytest.mark.parametrize(
    "body",
    [
        b'{"data":{"error_code":10003,"description":"bad key","access_token":""}}',
        b'{"data":{"access_token":"clt.x","error_code":2190008}}',
        b'{"data":[]}',
        b"<html>",
        b"",
    ],
)
def test_without_a_token_there_is_a_reason(body):
    token = DOUYIN.read_token(body)
    assert token.value is None
    assert "no token" in token.reason


@pytest.mark.parametrize(
    ("body", "is_refused"),
    [
        (b'{"err_no":28001008,"data":{}}', True),
        (b'{"err_no":28001003}', True),
        (b'{"err_no":0,"data":{"error_code":28001008}}', True),
        (b'{"err_no":0,"data":{"error_code":0}}', False),
        (b'{"err_no":28001005}', False),
        (b"[1]", False),
    ],
)
def test_a_refused_token_is_told_from_other_errors(body, is_refused):
    assert DOUYIN.refuses_token(body) is is_refused


def douyin_page(**inner):
    return json.dumps({"err_no": 0, "data": {"error_code": 0, "data": inner}}).encode()


def test_a_cursor_leads_from_page_to_page():
    (url,) = DOUYIN.starts(["数字人"], OPTIONS)
    following = DOUYIN.following(
        url, douyin_page(cursor=10, has_more=True, search_id="s1")
    )
    asked = parse_qs(urlsplit(following).query)
    assert (asked["cursor"], asked["search_id"]) == (["10"], ["s1"])
    assert asked["keyword"] == ["数字人"]
    flat = b'{"err_no":0,"data":{"cursor":20,"has_more":1,"search_id":"s1"}}'
    assert "cursor=20" in DOUYIN.following(following, flat)


@pytest.mark.parametrize(
    "inner",
    [
        {"cursor": 10, "has_more": False},
        {"cursor": 0, "has_more": True},
        {"cursor": "10", "has_more": True},
        {"has_more": True},
    ],
)
def test_paging_ends_where_the_cursor_does_not_move_on(inner):
    (url,) = DOUYIN.starts(["数字人"], OPTIONS)
    assert DOUYIN.following(url, douyin_page(**inner)) is None


def pages(authority, body):
    """How many pages a keyword gets from answers that all say the same."""
    (url,) = authority.starts(["数字人"], OPTIONS)
    count = 1
    while following := authority.following(url, body):
        url, count = following, count + 1
    return count


@pytest.mark.parametrize(
    ("total", "taobao", "jd"), [(0, 1, 1), (50, 1, 1), (101, 2, 3), (9999, 5, 5)]
)
def test_shops_are_paged_by_their_totals_up_to_a_limit(total, taobao, jd):
    top = {"tbk_dg_material_optional_upgrade_response": {"total_results": total}}
    assert pages(TAOBAO, json.dumps(top).encode()) == taobao
    for name, inside in (("responce", "queryResult"), ("response", "result")):
        nested = json.dumps({"code": 200, "totalCount": total})
        union = {f"jd_union_open_goods_query_{name}": {inside: nested}}
        assert pages(JD, json.dumps(union).encode()) == jd


@pytest.mark.parametrize("body", [b"", b"[]", b'{"error_response":{"code":7}}'])
@pytest.mark.parametrize("name", ["douyin", "taobao", "jd"])
def test_an_error_has_no_next_page(name, body):
    assert pages(authorised.AUTHORITIES[name], body) == 1
