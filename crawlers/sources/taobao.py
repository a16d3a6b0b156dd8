"""淘宝 and 天猫: the Union's search (official), and the web search's data call or page when an operator saved one.

In: one answer. Out: records of platform ``taobao``, kind ``listing``; which shape an answer is, its content tells. A
listing's address is made from its number: links in answers carry promotion ids and click tokens. The shop's owner is the
author, by the number that all shapes but the saved page give. The web calls are signed and never made here.
Shapes: platforms/taobao.md.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from crawlers.sources import (
    answers,
    blocks,
    captions,
    jsonp,
    listings,
    pages,
    taobao_page,
    taobao_union,
    urls,
)
from crawlers.sources.fields import Fields, refuse
from crawlers.sources.parsed import Ask, Parsed, Record, from_records

PLATFORM: Final = taobao_page.PLATFORM

#: (fetch status, words in ``ret`` or in the address that the answer sends its reader to); first match wins.
_REFUSALS: Final = (
    ("blocked", re.compile(r"USER_VALIDATE|RGV587|_____tmd_____|punish|x5secdata")),
    ("rate_limited", re.compile(r"TRAFFIC_LIMIT|FLOW_?LIMIT|LIMIT_?EXCEED")),
    ("login_wall", re.compile(r"TOKEN|SESSION|ILLEGAL_ACCESS|NEED_LOGIN|NOT_LOGIN")),
)
_SHOP_HOST = re.compile(r"shop(\d{4,20})\.(?:m\.)?(?:taobao|tmall)\.com")


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
        url: Where it came from, after redirects; its ``q`` becomes ``query``.
        http_status: Null for a file.
        fetched_at: Becomes ``crawled_at``.
        ask: Not used.

    Returns:
        ``empty`` only where the call succeeded and lists nothing, or says in words that nothing was found.
    """
    query = urls.parameter(url, "q")
    plain = jsonp.plain(body)
    if pages.http_refusal(http_status) is None and pages.is_html(plain):
        return taobao_page.parse_page(
            pages.decode(body), url=url, query=query, fetched_at=fetched_at
        )

    def read(top: Fields, unknown: set[str]) -> Parsed:
        if taobao_union.is_answer(top):
            return taobao_union.read_search(
                top, unknown, url=url, query=query, fetched_at=fetched_at
            )
        return _read_mtop(top, unknown, query=query, fetched_at=fetched_at)

    return answers.parse(plain, http_status=http_status, read=read)


def _read_mtop(
    top: Fields, unknown: set[str], *, query: str | None, fetched_at: datetime
) -> Parsed:
    said = top.take("ret")
    told = [part for part in (said if isinstance(said, list) else [said]) if part]
    if not told or not all(isinstance(part, str) for part in told):
        refuse("$.ret", "expected a list of texts, or the answer of another call")
    data = top.take("data")
    top.skip("api", "v", "traceId", "bizExt")
    top.close()
    if not str(told[0]).startswith("SUCCESS"):
        return _refused(" ".join(told), data)
    if isinstance(data, str):
        try:
            data = answers.load(data.encode("utf-8", "replace"))
        except ValueError:
            refuse("$.data", "expected JSON in the text")
    inner = Fields(data, path="$.data", kind="$.data", unknown=unknown)
    if not isinstance(inner.get("itemsArray"), list):
        wanted = _REFUSALS[0][1].search(str(inner.get("url") or ""))
        if wanted:
            return Parsed("blocked", reason="the answer leads to a check")
        refuse("$.data.itemsArray", "expected a list, found none")
    found, pager = inner.take("itemsArray"), inner.part("mainInfo")
    total, page, last = (
        pager.count(name) for name in ("totalResults", "page", "totalPage")
    )
    inner.close()

    def read(entry: Fields) -> Record:
        return _item(entry, unknown, query=query, fetched_at=fetched_at)

    records, rejects, _ = answers.entries(
        found, read, path="$.data.itemsArray", unknown=unknown
    )
    if records or rejects:
        return from_records(records, rejects, unknown_fields=unknown)
    return listings.without_entries(
        total,
        is_past_end=bool(page and last and page > last),
        uncounted=("empty", "SUCCESS and an empty list"),
        unknown=unknown,
    )


def _refused(said: str, data: object) -> Parsed:
    """A call that did not succeed; what it says and where it leads are words of the service, of which codes are kept."""
    leads_to = data.get("url") if isinstance(data, dict) else None
    code = "; ".join(re.findall(r"[A-Z][A-Z0-9_]{3,60}", said)[:3]) or "no code"
    shown = f"{said} {leads_to or ''}"
    status = next(
        (status for status, words in _REFUSALS if words.search(shown)),
        answers.refusal(said, otherwise="error"),
    )
    return Parsed(status, reason=f"ret {code}")


def _item(
    entry: Fields, unknown: set[str], *, query: str | None, fetched_at: datetime
) -> Record:
    # Older answers call it nid.
    older = entry.identity("nid")
    number = entry.identity("item_id") or older
    if number is None:
        refuse(entry.path("item_id"), "expected an id, found none")
    title = captions.plain(entry.needed_text("title"))
    seller = entry.needed_identity("userId")
    if title is None:
        refuse(entry.path("title"), "expected text, found only markup")
    shop = entry.part("shopInfo")
    shop_name = captions.plain(shop.text("title"))
    shop_url = shop.text("url")
    shop.close()
    nick = entry.identity("nick")
    link = entry.text("auctionURL") or ""
    is_mall = entry.text("userType") == "1" or "detail.tmall.com" in link
    is_advert = listings.flag(entry.take("isP4p"))
    if "click.simba.taobao.com" in link:
        is_advert = True
    sales_text = captions.plain(entry.text("realSales"))
    offered = entry.part("priceShow")
    amount = listings.price(entry, "price", unknown=unknown)
    shown = listings.price(offered, "price", unknown=unknown)
    offered.skip("unit")
    offered.close()
    features = listings.properties(
        entry.objects("structuredUSPInfo"),
        name="propertyName",
        value="propertyValueName",
    )
    pictures: list[tuple[str, Any]] = [
        ("image", entry.take(name)) for name in ("pic_path", "pic_url")
    ]
    record: Record = {
        "platform": PLATFORM,
        "kind": "listing",
        "post_id": number,
        "url": taobao_page.permalink(number, is_mall=is_mall),
        "transport": "web",
        "query": query,
        "published_at": None,
        "published_precision": "none",
        "crawled_at": fetched_at.isoformat(),
        "title": title,
        "text": listings.details(title, features),
        "author": {
            "id": seller,
            "id_kind": "native",
            "handle": nick,
            "name": shop_name or nick,
            "url": _shop_page(shop_url),
            "region": captions.plain(entry.text("procity")),
        },
        "media": blocks.media(pictures),
        "metrics": {"sales": listings.sold(sales_text)},
        "listing": {
            "price_yuan": shown if amount is None else amount,
            "sales_text": sales_text,
            "shop_id": _shop_number(shop_url),
            "shop_name": shop_name or nick,
            "is_promoted": is_advert,
        },
    }
    entry.close()
    return record


def _shop_page(link: str | None) -> str | None:
    """The shop's address without what a search hangs onto it."""
    cleaned = urls.unsigned(link)
    host = urls.host(cleaned) or ""
    is_shop = urls.registrable_domain(host) in {"taobao.com", "tmall.com"}
    return cleaned if is_shop else None


def _shop_number(link: str | None) -> str | None:
    found = _SHOP_HOST.search(link or "")
    return found[1] if found else None
