"""The sandbox's platforms for registered apps: 抖音 search, 淘宝联盟, 京东联盟, in their true shapes.

In: a market's records of one platform and a request. Out: its answer. Invariants: a wrong token or sign is answered as
the platform answers it; pages together hold every record that has the keyword, each once. Shapes: platforms/douyin.md A,
taobao.md A, jd.md A.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

from crawlers.records import times
from crawlers.sources import authorised

#: Invented, and good for the sandbox only.
KEYS: Final[Mapping[str, str]] = {
    "client_key": "sandbox-client",
    "client_secret": "sandbox-client-secret",
    "app_key": "sandbox-app",
    "app_secret": "sandbox-app-secret",
}
HOSTS: Final = {
    "open.douyin.com": "douyin",
    "gw.api.taobao.com": "taobao",
    "api.jd.com": "jd",
}
#: What a keyword search of the sandbox asks for.
KEYWORDS: Final = ("数字人",)
_TOKEN: Final = "clt.sandbox"  # noqa: S105 (invented, like all that it opens)
_DOUYIN_PAGE: Final = 10

Records = Sequence[Mapping[str, Any]]


def starts(source: str, host: str, keywords: Sequence[str] = KEYWORDS) -> list[str]:
    """The first page of each keyword."""
    options = {"base_url": f"http://{host}", "device_id": 0, "adzone_id": "0"}
    return authorised.AUTHORITIES[source].starts(keywords, options)


def matching(records: Records, keyword: str) -> list[Mapping[str, Any]]:
    """Posts that a search for the keyword finds: as loosely as platforms search, by at least half of its pairs of characters.

    Comments are found by no search.
    """
    pairs = {keyword[place : place + 2] for place in range(max(1, len(keyword) - 1))}
    return [
        record
        for record in records
        if record["kind"] != "comment"
        and 2 * sum(pair in _shown(record) for pair in pairs) >= len(pairs)
    ]


def _shown(record: Mapping[str, Any]) -> str:
    return f"{record.get('title') or ''}\n{record.get('text') or ''}"


def answer(
    source: str,
    records: Records,
    *,
    path: str,
    query: str,
    headers: Mapping[str, str],
    body: bytes,
    is_silent: bool,
    is_drifted: bool,
) -> dict[str, Any] | None:
    """The JSON of one answer; null for a path that the platform does not know."""
    if source == "douyin":
        found = _douyin(
            records,
            path,
            dict(parse_qsl(query)),
            headers=headers,
            body=body,
            is_silent=is_silent,
        )
    elif source == "taobao" and path == "/router/rest":
        found = _taobao(
            records, dict(parse_qsl(body.decode("latin-1"))), is_silent=is_silent
        )
    elif source == "jd" and path == "/routerjson":
        found = _jd(
            records, dict(parse_qsl(body.decode("latin-1"))), is_silent=is_silent
        )
    else:
        return None
    return _renamed(found) if is_drifted and found else found


def _douyin(
    records: Records,
    path: str,
    asked: Mapping[str, str],
    *,
    headers: Mapping[str, str],
    body: bytes,
    is_silent: bool,
) -> dict[str, Any] | None:
    if path == "/oauth/client_token/":
        is_known = all(
            f'"{KEYS[name]}"'.encode() in body
            for name in authorised.AUTHORITIES["douyin"].needs
        )
        data = {"access_token": _TOKEN, "expires_in": 7200, "error_code": 0}
        refused = {"error_code": 10003, "description": "client_key错误"}
        return {"data": data if is_known else refused, "message": "success"}
    if path != "/dy_open_api/v2/search/video/":
        return None
    if not hmac.compare_digest(headers.get("access-token", ""), _TOKEN):
        return {
            "err_no": 28001008,
            "err_msg": "access_token无效",
            "log_id": "0",
            "data": {},
        }
    hits = matching(records, asked.get("keyword", ""))
    begin = int(asked.get("cursor", "0"))
    end = begin + _DOUYIN_PAGE
    inner = {
        "cursor": end,
        "has_more": end < len(hits),
        "search_id": "sandbox-search",
        "video_list": [] if is_silent else [_video(each) for each in hits[begin:end]],
    }
    data = {"error_code": 0, "description": "", "data": inner}
    return {"err_no": 0, "err_msg": "", "log_id": "0", "data": data}


def _video(record: Mapping[str, Any]) -> dict[str, Any]:
    moment = times.utc(record.get("published_at") or record["crawled_at"])
    metrics = record.get("metrics") or {}
    return {
        "item_id": record["post_id"],
        "title": record.get("text") or record.get("title"),
        "cover": "https://media.example.com/cover.jpeg",
        "create_time": int(moment.timestamp()),
        "nickname": record["author"].get("name") or record["author"]["id"],
        "statistics": {
            "digg_count": metrics.get("likes") or 0,
            "comment_count": metrics.get("comments") or 0,
            "share_count": metrics.get("shares") or 0,
        },
        "link": f"https://www.iesdouyin.com/share/video/{record['post_id']}/",
    }


def _is_signed(sent: dict[str, str]) -> bool:
    claimed = sent.pop("sign", "")
    right = authorised.sign(sent, secret=KEYS["app_secret"])
    return sent.get("app_key") == KEYS["app_key"] and hmac.compare_digest(
        claimed.encode(), right.encode()
    )


def _taobao(
    records: Records,
    sent: dict[str, str],
    *,
    is_silent: bool,
) -> dict[str, Any]:
    # Forms are UTF-8 under their escapes; the field names are ASCII.
    if not _is_signed(sent):
        return {
            "error_response": {
                "code": 25,
                "msg": "Invalid signature",
                "request_id": "0",
            }
        }
    hits = matching(records, sent.get("q", ""))
    size = int(sent["page_size"])
    begin = (int(sent["page_no"]) - 1) * size
    entries = [] if is_silent else [_good(each) for each in hits[begin : begin + size]]
    answer = {
        "total_results": len(hits),
        "request_id": "0",
        "result_list": {"map_data": entries},
    }
    return {"tbk_dg_material_optional_upgrade_response": answer}


def _good(record: Mapping[str, Any]) -> dict[str, Any]:
    listing = record.get("listing") or {}
    price = listing.get("price_yuan")
    return {
        "item_id": record["post_id"],
        "item_basic_info": {
            "title": record.get("title") or record.get("text"),
            "short_title": "",
            "sub_title": record.get("text") or "",
            "pict_url": "//img.example.com/1.jpg",
            "seller_id": record["author"]["id"],
            "user_type": 0,
            "shop_title": listing.get("shop_name") or record["author"].get("name"),
            "volume": (record.get("metrics") or {}).get("sales") or 0,
        },
        "price_promotion_info": {
            "zk_final_price": None if price is None else str(price)
        },
        "publish_info": {"click_url": "//s.click.example.com/t?e=sandbox"},
    }


def _jd(
    records: Records,
    sent: dict[str, str],
    *,
    is_silent: bool,
) -> dict[str, Any]:
    if not _is_signed(sent):
        return {
            "error_response": {
                "code": "12",
                "zh_desc": "无效签名",
                "en_desc": "Invalid signature",
            }
        }
    asked = json.loads(sent["360buy_param_json"])["goodsReqDTO"]
    hits = matching(records, asked["keyword"])
    begin = (asked["pageIndex"] - 1) * asked["pageSize"]
    page = [] if is_silent else hits[begin : begin + asked["pageSize"]]
    inner = {
        "code": 200,
        "message": "success",
        "requestId": "o_sandbox",
        "totalCount": len(hits),
        "data": [_sku(each) for each in page],
    }
    # The platform's own spelling, and JSON inside JSON.
    text = json.dumps(inner, ensure_ascii=False)
    return {"jd_union_open_goods_query_responce": {"code": "0", "queryResult": text}}


def _sku(record: Mapping[str, Any]) -> dict[str, Any]:
    listing = record.get("listing") or {}
    price = listing.get("price_yuan")
    metrics = record.get("metrics") or {}
    return {
        "skuId": record["post_id"],
        "skuName": record.get("title") or record.get("text"),
        "materialUrl": f"item.jd.com/{record['post_id']}.html",
        "inOrderCount30Days": metrics.get("sales") or 0,
        "comments": metrics.get("comments") or 0,
        "owner": "p",
        "shopInfo": {
            "shopId": listing.get("shop_id") or record["author"]["id"],
            "shopName": listing.get("shop_name") or record["author"].get("name"),
        },
        "priceInfo": {"price": None if price is None else float(price)},
    }


def _renamed(value: dict[str, Any]) -> dict[str, Any]:
    """As after a redesign: the same content under other names."""
    return {f"{name}_v9": part for name, part in value.items()}
