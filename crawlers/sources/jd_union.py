"""京东联盟's search (``jd.union.open.goods.query``): an answer to records of kind ``listing``.

In: one object being consumed. Out: ``Parsed``. The answer holds its result as JSON in a text, under a key that the service
misspells. Links that carry a promotion are never kept; no time is given. Making and signing requests is no business of
this module. Shapes: platforms/jd.md A.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from crawlers.sources import answers, blocks, captions, listings, urls
from crawlers.sources.fields import Fields, refuse
from crawlers.sources.parsed import Parsed, Record, from_records

PLATFORM: Final = "jd"

#: The service writes "responce"; should it ever learn to spell, both are read.
_ENVELOPES: Final = tuple(
    f"jd_union_open_goods_{method}_{spelled}"
    for method in ("query", "jingfen_query", "material_query")
    for spelled in ("responce", "response")
)
_RESULTS: Final = ("queryResult", "result", "getResult")
_OK: Final = 200
_PERMISSION = re.compile(r"权限|permission|unauthori[sz]ed", re.IGNORECASE)
_SIGNATURE = re.compile(r"签名|signature", re.IGNORECASE)
_KEY = re.compile(r"app_?key|access_?token", re.IGNORECASE)
#: Hosts whose addresses name an item rather than a promotion.
_ITEM_HOSTS: Final = frozenset({"item.jd.com", "jingfen.jd.com"})


def permalink(sku: str) -> str:
    """A listing's own address."""
    return f"https://item.jd.com/{sku}.html"


def shop_page(shop: str) -> str:
    """A shop's own address."""
    return f"https://mall.jd.com/index-{shop}.html"


def is_answer(top: Fields) -> bool:
    """Whether an object is an answer of the official interface."""
    return any(top.has(name) for name in ("error_response", *_ENVELOPES))


def read_search(
    top: Fields, unknown: set[str], *, url: str, query: str | None, fetched_at: datetime
) -> Parsed:
    """The search call, or the error that came in its place.

    Args:
        top: The answer.
        unknown: Collects unknown fields.
        url: Where it came from; ``pageIndex`` and ``pageSize`` in it tell a page after the last from a block.
        query: What was searched for.
        fetched_at: Becomes ``crawled_at``.
    """
    if top.has("error_response"):
        error = top.child("error_response")
        said = " / ".join(
            word for name in ("zh_desc", "en_desc") if (word := error.text(name))
        )
        return _refused(error.text("code"), said)
    name = next(name for name in _ENVELOPES if top.has(name))
    envelope = top.child(name)
    code = envelope.text("code")
    held = next((held for held in _RESULTS if envelope.has(held)), _RESULTS[0])
    content = envelope.take(held)
    if code not in (None, "0") and not content:
        return _refused(code, envelope.text("message") or "")
    path = f"$.{name}.{held}"
    if isinstance(content, str):
        try:
            content = answers.load(content.encode("utf-8", "replace"))
        except ValueError:
            refuse(path, "expected JSON in the text")
    result = Fields(content, path=path, kind=path, unknown=unknown)
    code, message = result.text("code"), result.text("message") or ""
    if code != str(_OK):
        return _refused(code, message)
    total, found = result.count("totalCount"), result.objects("data")
    result.skip("requestId", "hotWords", "similarSkuList")
    for part in (result, envelope, top):
        part.close()

    def read(entry: Fields) -> Record:
        return _goods(entry, unknown, query=query, fetched_at=fetched_at)

    records, rejects, _ = answers.entries(
        found, read, path=f"{path}.data", unknown=unknown
    )
    if records or rejects:
        return from_records(records, rejects, unknown_fields=unknown)
    return listings.without_entries(
        total,
        is_past_end=_is_past(url, total),
        uncounted=("schema_drift", f"{path}: neither data nor totalCount"),
        unknown=unknown,
    )


def _is_past(url: str, total: int | None) -> bool:
    """Whether the page that the address asks for lies after the last entry."""
    index, size = _asked(url, "pageIndex"), _asked(url, "pageSize")
    return bool(total and index and size and (index - 1) * size >= total)


def _asked(url: str, name: str) -> int | None:
    """A number of the question: a parameter of the address, or inside the JSON that the service takes."""
    wrapped = urls.parameter(url, "360buy_param_json") or ""
    found = re.search(rf'"{name}"\s*:\s*"?(\d{{1,6}})\b', wrapped, re.ASCII)
    value = urls.parameter(url, name) or (found[1] if found else "")
    return int(value) if re.fullmatch(r"\d{1,6}", value, re.ASCII) else None


def _refused(code: str | None, message: str) -> Parsed:
    reason = f"code {(code or 'none')[:20]}: {message[:80]}"
    if code == "403" or _PERMISSION.search(message):
        return Parsed("blocked", reason=f"permission missing, {reason}")
    if _SIGNATURE.search(message):
        return Parsed("blocked", reason=f"signature, {reason}")
    if _KEY.search(message):
        return Parsed("not_authorised", reason=reason)
    return Parsed(answers.refusal(message, otherwise="error"), reason=reason)


def _goods(
    entry: Fields, unknown: set[str], *, query: str | None, fetched_at: datetime
) -> Record:
    sku, newer = entry.identity("skuId"), entry.identity("itemId")
    number = sku or newer
    if number is None:
        refuse(entry.path("skuId"), "expected an id, found none")
    title = captions.plain(entry.needed_text("skuName"))
    if title is None:
        refuse(entry.path("skuName"), "expected text, found only markup")
    shop_info = entry.child("shopInfo")
    shop = shop_info.needed_identity("shopId")
    shop_name = captions.plain(shop_info.text("shopName"))
    prices = entry.part("priceInfo")
    link = entry.text("materialUrl")
    record = {
        "platform": PLATFORM,
        "kind": "listing",
        "post_id": number,
        "url": permalink(sku) if sku else _item_page(link),
        "transport": "api",
        "query": query,
        "published_at": None,
        "published_precision": "none",
        "crawled_at": fetched_at.isoformat(),
        "title": title,
        "text": None,
        "author": {
            "id": shop,
            "id_kind": "native",
            "name": shop_name,
            "url": shop_page(shop),
        },
        "media": _pictures(entry),
        "metrics": {
            "comments": entry.count("comments"),
            "sales": entry.count("inOrderCount30Days"),
        },
        "listing": {
            "price_yuan": listings.price(
                prices, "price", "lowestPrice", "lowestCouponPrice", unknown=unknown
            ),
            "sales_text": None,
            "shop_id": shop,
            "shop_name": shop_name,
        },
    }  # fmt: skip
    shop_info.skip(
        "shopLabel", "shopLevel", "userEvaluateScore", "commentFactorScoreRankGrade", "logisticsLvyueScore",
        "logisticsFactorScoreRankGrade", "afterServiceScore", "afsFactorScoreRankGrade", "scoreRankRate",
    )  # fmt: skip
    prices.skip("lowestPriceType", "historyPriceDay")
    # What the caller would earn, promotions with links of their own, and repeats.
    entry.skip(
        "activityCardInfo", "bookInfo", "brandCode", "brandName", "categoryInfo", "commissionInfo", "couponInfo",
        "deliveryType", "documentInfo", "eliteType", "forbidTypes", "goodCommentsShare", "inOrderComm30Days", "isHot",
        "isJdSale", "jxFlags", "owner", "pinGouInfo", "preSaleInfo", "promotionInfo", "promotionLabelInfoList",
        "resourceInfo", "seckillInfo", "skuLabelInfo", "skuTagList", "smartDocumentInfoList", "spuid", "videoInfo",
    )  # fmt: skip
    for part in (shop_info, prices, entry):
        part.close()
    return record


def _item_page(link: str | None) -> str | None:
    """The item's address where no number gives it; addresses of promotions are dropped."""
    cleaned = urls.unsigned(link if "//" in (link or "") else f"//{link or ''}")
    return cleaned if urls.host(cleaned) in _ITEM_HOSTS else None


def _pictures(entry: Fields) -> list[dict[str, Any]]:
    images = entry.part("imageInfo")
    found = [
        image.get("url")
        for image in images.objects("imageList")
        if isinstance(image, dict)
    ]
    white = images.text("whiteImage")
    images.close()
    links = captions.once(
        link for link in (*found, white) if isinstance(link, str) and link.strip()
    )
    return blocks.media(("image", link) for link in links)
