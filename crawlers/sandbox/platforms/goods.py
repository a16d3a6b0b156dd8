"""Listings of 淘宝 and 京东 as an operator's browser saves them, and the reviews under 京东's goods.

In: import records (CONTRACT §3). Out: JSON values, a JSONP text in GBK for reviews. Shapes: platforms/taobao.md B, jd.md B.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from crawlers.records import times

Record = Mapping[str, Any]

#: What buyers say; the market has no reviews of its own, and these hold nothing that could be a contact.
_SAID: Final = (
    "物流很快，教程是几段视频，照着做能跑起来",
    "客服说包教会，买完就不回消息了",
    "功能和介绍差不多，口型对得上，就是渲染慢",
    "做了一个月没有人看，想退款不给退",
)


def mtop_search(records: Sequence[Record], *, has_more: bool) -> dict[str, Any]:
    """A page of 淘宝's mtop search."""
    entries = []
    for record in records:
        listing = record.get("listing") or {}
        seller, price = record["author"]["id"], listing.get("price_yuan")
        item = {
            "item_id": record["post_id"],
            "title": record.get("title") or record.get("text"),
            "price": None if price is None else f"{price:.2f}",
            "nick": listing.get("shop_name") or record["author"].get("name"),
            "userId": seller,
            "userType": "0",
            "shopInfo": {
                "title": listing.get("shop_name") or record["author"].get("name"),
                "url": f"//shop{listing.get('shop_id') or seller}.taobao.com/?spm=sandbox",
            },
            "pic_path": _picture(record),
            "realSales": f"{(record.get('metrics') or {}).get('sales') or 0}+人付款",
            "procity": record["author"].get("region") or "",
            "auctionURL": f"//item.taobao.com/item.htm?id={record['post_id']}&spm=sandbox",
            # What a listing says beyond its title stands among its selling points.
            "structuredUSPInfo": [{"propertyName": "说明", "propertyValueName": record["text"]}] if record.get("text") else [],
            "isP4p": "true" if listing.get("is_promoted") else "false",
        }  # fmt: skip
        entries.append(item)
    pages = 2 if has_more else 1
    pager = {"page": "1", "pageSize": "48", "totalPage": str(pages), "totalResults": str(len(entries) * pages)}  # fmt: skip
    return {
        "api": "mtop.relationrecommend.wirelessrecommend.recommend",
        "data": {"itemsArray": entries, "mainInfo": pager},
        "ret": ["SUCCESS::调用成功"],
        "v": "2.0",
    }


def ware_search(records: Sequence[Record]) -> dict[str, Any]:
    """A page of 京东's search."""
    wares = []
    for record in records:
        listing, metrics = record.get("listing") or {}, record.get("metrics") or {}
        price = listing.get("price_yuan")
        shop = listing.get("shop_id") or record["author"]["id"]
        wares.append(
            {
                "wareId": record["post_id"],
                "skuId": record["post_id"],
                "wareName": record.get("title") or record.get("text"),
                "jdPrice": None if price is None else f"{price:.2f}",
                "shopName": listing.get("shop_name") or record["author"].get("name"),
                "shopId": shop,
                "shopUrl": f"//mall.jd.com/index-{shop}.html?from=pc",
                "imageurl": _picture(record),
                "commentFuzzy": str(metrics.get("comments") or 0),
                "commentSalesFloor": listing.get("sales_text") or "",
                "sellingPoint": record.get("text") or "",
                "isAdv": "1" if listing.get("is_promoted") else "0",
            }
        )
    return {"code": 0, "data": {"wareList": wares, "resultCount": len(wares)}}


def reviews(record: Record) -> bytes:
    """A page of reviews of one listing: JSONP in GBK, as the endpoint writes it."""
    product = str(record["post_id"])
    draw = hashlib.blake2b(product.encode(), digest_size=8).digest()
    crawled = times.utc(record["crawled_at"]).astimezone(times.SHANGHAI)
    entries = [
        {
            "id": int.from_bytes(draw[:6], "big") * 2 + place,
            "content": _SAID[(draw[0] + place) % len(_SAID)],
            "creationTime": (crawled - timedelta(days=1 + place, hours=draw[1] % 24)).strftime("%Y-%m-%d %H:%M:%S"),
            "nickname": "示***名",
            "score": 1 + draw[2] % 5,
            "referenceId": product,
            "usefulVoteCount": draw[3] % 7,
            "replyCount": draw[4] % 3,
            "location": record["author"].get("region") or "",
        }
        for place in range(2)
    ]  # fmt: skip
    answer = {
        "productCommentSummary": {"skuId": product, "commentCount": len(entries)},
        "maxPage": 1,
        "comments": entries,
    }
    return f"fetchJSON_comment98({json.dumps(answer, ensure_ascii=False)});".encode("gb18030")  # fmt: skip


def _picture(record: Record) -> str:
    return next((item["url"] for item in record.get("media") or () if item.get("url")), "//img.example.com/1.jpg")  # fmt: skip
