import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.sources import wechat_channels, wechat_channels_post

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)
PAGES = Path(__file__).parents[2] / "fixtures" / "pages" / "wechat_channels"


def body(case):
    return next((PAGES / case).glob("input.*")).read_bytes()


def parse(content, url="saved.json"):
    given = content if isinstance(content, bytes) else json.dumps(content).encode()
    return wechat_channels.parse(given, url=url, http_status=None, fetched_at=AT)


def enveloped(inner, ret=0):
    data = {"BaseResponse": {"Ret": ret}, **inner}
    return {"code": 0, "data": {"errCode": 0, "errMsg": "ok", "data": data}}


def test_an_id_is_text_whichever_way_it_was_written():
    numbers = [record["post_id"] for record in parse(body("search")).records]
    assert b": 147990000000000000022," in body("search")
    assert numbers == [f"1479900000000000000{n}" for n in ("11", "22", "33")]


def test_nonce_key_and_stream_are_not_kept():
    for case in ("search", "preview", "table"):
        kept = json.dumps(parse(body(case)).records)
        for secret in ("nonce", "token", "encfilekey", "decodeKey", ".flv"):
            assert secret not in kept


def test_a_live_room_is_of_its_own_kind():
    record = parse(body("search")).records[2]
    assert record["kind"] == "live"
    assert record["live"] == {"is_live": True, "room_id": "147990000000000000077"}


@pytest.mark.parametrize("flag", [1, None, True, []])
def test_an_empty_list_is_empty_only_when_nothing_follows(flag):
    assert parse(enveloped({"objectList": [], "continueFlag": flag})).fetch_status == (
        "blocked"
    )
    ended = enveloped({"objectList": [], "continueFlag": 0})
    assert parse(ended).fetch_status == "empty"
    del ended["data"]["data"]["BaseResponse"]
    assert parse(ended).fetch_status == "blocked"


@pytest.mark.parametrize(
    "content",
    [
        {"code": -1, "message": "no available client", "data": None},
        {"code": 0, "data": {"errCode": 5, "errMsg": "x", "data": {"objectList": []}}},
        enveloped({"objectList": [], "continueFlag": 0}, ret=-2),
        {"errCode": 0, "data": {"errMsg": {"type": 1}, "feedInfo": {}}},
        {"errCode": 3, "data": {"feedInfo": {"description": "x"}}},
    ],
)
def test_any_code_but_0_is_a_refusal(content):
    assert parse(content).fetch_status == "blocked"


def test_a_certified_subject_is_a_company_of_the_account():
    record = parse(body("search")).records[0]
    assert record["identifiers"] == [
        {"kind": "company", "value": "示例星播科技有限公司", "field": "author.authInfo"}
    ]


def test_a_preview_is_named_by_its_link_or_by_its_export_id():
    (linked,) = parse(body("preview"), "https://weixin.qq.com/sph/SZRDEMO9").records
    (saved,) = parse(body("preview")).records
    assert linked["post_id"] == "sph/SZRDEMO9"
    assert saved["post_id"] == "export/SZRDEMO"
    assert linked["author"]["id_kind"] == saved["author"]["id_kind"] == "anonymous"


@pytest.mark.parametrize(
    ("link", "shared"),
    [
        ("https://weixin.qq.com/sph/SZRDEMO1", "SZRDEMO1"),
        ("https://channels.weixin.qq.com/finder-preview/pages/sph?a=1&id=SZRDEMO2", "SZRDEMO2"),
        ("https://weixin.qq.com/other/SZRDEMO1", None),
        (None, None),
    ],
)  # fmt: skip
def test_a_shared_link_has_two_forms(link, shared):
    assert wechat_channels_post.shared_id(link) == shared
