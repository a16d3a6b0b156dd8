"""京东: the Union's search (official), and the web search's data call and a product's reviews when an operator saved them.

In: one answer. Out: records of platform ``jd``: ``listing``, and ``comment`` for reviews, of whose writers nothing but a
place is read. Which shape an answer is, its content tells. The shop is the author, by its number. The web calls are signed
and never made here. Shapes: platforms/jd.md.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

import orjson

from crawlers.sources import (
    answers,
    blocks,
    captions,
    jd_reviews,
    jd_union,
    jsonp,
    listings,
    pages,
    urls,
)
from crawlers.sources.fields import Fields, refuse
from crawlers.sources.parsed import Ask, Parsed, Record, from_records

PLATFORM: Final = jd_union.PLATFORM

_RISK: Final = "605"
_CHECK = re.compile(r"cfe\.m\.jd\.com|risk_handler|京东验证")
#: Pictures in the search's answer are paths on this host (platforms/jd.md gives the path alone).
_PICTURES: Final = "https://img10.360buyimg.com/n7/"


def parse(
    body: bytes,
    *,
    url: str,
    http_status: int | None,
    fetched_at: datetime,
    ask: Ask | None = None,  # noqa: ARG001 (every source's parser has the same signature)
) -> Parsed:
    """Read one answer of any of the source's shapes.

    Args:
        body: The answer.
        url: Where it came from, after redirects; its ``keyword`` becomes ``query``, its ``productId`` a review's parent.
        http_status: Null for a file.
        fetched_at: Becomes ``crawled_at``.
        ask: Not used.

    Returns:
        ``empty`` only where the call succeeded and the answer lists or counts nothing.
    """
    host = urls.host(url)
    if host == "passport.jd.com":
        return Parsed("login_wall", reason="led to the login page")
    if host == "cfe.m.jd.com":
        return Parsed("blocked", reason="led to a check")
    plain = jsonp.plain(body)
    if pages.http_refusal(http_status) is None and pages.is_html(plain):
        return _read_page(pages.decode(body))

    def read(top: Fields, unknown: set[str]) -> Parsed:
        if jd_union.is_answer(top):
            return jd_union.read_search(
                top, unknown, url=url, query=_keyword(url), fetched_at=fetched_at
            )
        if top.has("comments") or top.has("productCommentSummary"):
            return jd_reviews.read_reviews(top, unknown, url=url, fetched_at=fetched_at)
        return _read_wares(top, unknown, url=url, fetched_at=fetched_at)

    return answers.parse(plain, http_status=http_status, read=read)


def _keyword(url: str) -> str | None:
    """What was searched for: a parameter of the address, or inside the JSON that one of them holds."""
    if keyword := urls.parameter(url, "keyword"):
        return keyword
    for name in ("body", "360buy_param_json"):
        try:
            asked = orjson.loads(urls.parameter(url, name) or "{}")
        except orjson.JSONDecodeError:
            continue
        for part in (
            asked,
            asked.get("goodsReqDTO") if isinstance(asked, dict) else {},
        ):
            keyword = part.get("keyword") if isinstance(part, dict) else None
            if isinstance(keyword, str) and keyword.strip():
                return keyword
    return None


def _read_page(text: str) -> Parsed:
    """A page: only what stands in place of an answer is told apart, because nothing is read from pages."""
    if _CHECK.search(text):
        return Parsed("blocked", reason="a check in place of the page")
    walled = pages.wall(text)
    if walled:
        return Parsed(walled[0], reason=walled[1])
    if "passport.jd.com" in text and 'data-sku="' not in text:
        return Parsed("login_wall", reason="a page without goods that asks to log in")
    return Parsed("schema_drift", reason="a page where JSON was expected")


# ---------------------------------------------------------------- the web search


def _read_wares(
    top: Fields, unknown: set[str], *, url: str, fetched_at: datetime
) -> Parsed:
    code = top.text("code")
    message = top.text("message") or top.text("msg") or top.text("echo") or ""
    if code == _RISK:
        return Parsed("blocked", reason="code 605: risk control")
    if code is None:
        refuse("$.code", "expected one of the shapes of 京东, found none")
    if code != "0":
        reason = f"code {code[:20]}: {message[:80]}"
        return Parsed(answers.refusal(message, otherwise="error"), reason=reason)
    top.skip(
        "success", "traceId", "requestId", "timestamp", "abBuriedTagMap", "msg", "echo"
    )
    data = top.child("data")
    found = data.take("wareList")
    if not isinstance(found, list):
        refuse("$.data.wareList", f"expected a list, found {type(found).__name__}")
    total = data.count("resultCount")
    page, last = data.count("page"), data.count("pageCount")
    data.skip("abBuriedTagMap", "logId", "listKeyWord", "expandParam")
    for part in (data, top):
        part.close()
    query = _keyword(url)

    def read(entry: Fields) -> Record:
        return _ware(entry, unknown, query=query, fetched_at=fetched_at)

    records, rejects, _ = answers.entries(
        found, read, path="$.data.wareList", unknown=unknown
    )
    if records or rejects:
        return from_records(records, rejects, unknown_fields=unknown)
    return listings.without_entries(
        total,
        is_past_end=bool(page and last and page > last),
        uncounted=("empty", "code 0 and an empty list"),
        unknown=unknown,
    )


def _ware(
    entry: Fields, unknown: set[str], *, query: str | None, fetched_at: datetime
) -> Record:
    ware = entry.identity("wareId")
    number = entry.identity("skuId") or ware
    if number is None:
        refuse(entry.path("skuId"), "expected an id, found none")
    title = captions.plain(entry.needed_text("wareName"))
    if title is None:
        refuse(entry.path("wareName"), "expected text, found only markup")
    shop = entry.needed_identity("shopId")
    shop_name = captions.plain(entry.text("shopName"))
    sales_text = captions.plain(entry.text("commentSalesFloor"))
    features = [entry.text("sellingPoint")]
    features += listings.properties(
        entry.objects("propertyList"), name="propertyName", value="propertyValueName"
    )
    picture = entry.text("imageurl")
    record = {
        "platform": PLATFORM,
        "kind": "listing",
        "post_id": number,
        "url": jd_union.permalink(number),
        "transport": "web",
        "query": query,
        "published_at": None,
        "published_precision": "none",
        "crawled_at": fetched_at.isoformat(),
        "title": title,
        "text": listings.details(title, features),
        "author": {
            "id": shop,
            "id_kind": "native",
            "name": shop_name,
            "url": jd_union.shop_page(shop),
        },
        "media": blocks.media([("image", _picture(picture))]),
        "metrics": {
            "comments": entry.count("commentFuzzy"),
            "sales": listings.sold(sales_text),
        },
        "listing": {
            "price_yuan": listings.price(
                entry, "jdPrice", "jdPriceText", "realPrice", "oriPrice", unknown=unknown
            ),
            "sales_text": sales_text,
            "shop_id": shop,
            "shop_name": shop_name,
            "is_promoted": listings.flag(entry.take("isAdv")),
        },
    }  # fmt: skip
    # Addresses that the numbers give without what rides on them, and the category's number.
    entry.skip("shopUrl", "toUrl", "catid", "spuId", "brandId", "cid1", "cid2")
    entry.close()
    return record


def _picture(link: str | None) -> str | None:
    if not link or "//" in link:
        return link
    return f"{_PICTURES}{link.lstrip('/')}"
