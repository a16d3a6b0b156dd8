"""淘宝's search page as an operator saved it, and what stands in its place for visitors who are not logged in.

In: a decoded page. Out: records of kind ``listing``. Class names end in a hash that changes with every build, so they
are matched by what stands before it. The page names shops without an id, and equal names never make one seller: unless a
shop's link gives its owner's number, every listing has a seller of its own. Shapes: platforms/taobao.md B.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

import parsel

from crawlers.sources import blocks, captions, cuts, listings, pages, urls
from crawlers.sources.fields import FieldError, refuse
from crawlers.sources.parsed import Parsed, Record, Reject, from_records

PLATFORM: Final = "taobao"

_ROOT: Final = "#content_items_wrapper"
_CARD: Final = '[class*="doubleCard--"]'
_ITEM: Final = re.compile(
    r"//(?P<host>item\.taobao\.com|detail\.tmall\.com)/item\.htm\?(?:[^#\s]{0,2000}&)?id=(?P<id>\d{6,24})(?!\d)"
)
_NUMBERED: Final = re.compile(r"item_id_(\d{6,24})")
_CHECK = re.compile(r"_____tmd_____|x5secdata|/punish\b")
_NOTHING = re.compile(
    r"没有?找到(?:与|相关|符合|任何)|没有?相关(?:宝贝|商品)|未找到相关"
)
_SHOP = re.compile(r"shop(\d{4,20})\.(?:m\.)?(?:taobao|tmall)\.com")


def permalink(number: str, *, is_mall: bool) -> str:
    """A listing's own address."""
    host = "detail.tmall.com" if is_mall else "item.taobao.com"
    return f"https://{host}/item.htm?id={number}"


def parse_page(
    text: str, *, url: str, query: str | None, fetched_at: datetime
) -> Parsed:
    """Read a saved search page.

    Args:
        text: The decoded page.
        url: Where it came from, after redirects.
        query: What was searched for.
        fetched_at: Becomes ``crawled_at``.

    Returns:
        ``empty`` only where the page says that nothing was found.
    """
    if urls.host(url) in {"login.taobao.com", "login.tmall.com"}:
        return Parsed("login_wall", reason="led to the login page")
    page = pages.selector(text)
    cards = page.css(f"{_ROOT} {_CARD}")
    if not cards:
        return _without_cards(page, text)
    records: list[Record] = []
    rejects = list(cuts.rejects(text))
    unknown: set[str] = set()
    for index, card in enumerate(cards):
        try:
            records.append(
                _card(card, index, unknown, query=query, fetched_at=fetched_at)
            )
        except FieldError as error:
            rejects.append(Reject(error.field, error.reason))
    return from_records(records, rejects, unknown_fields=unknown)


def _without_cards(page: parsel.Selector, text: str) -> Parsed:
    if _CHECK.search(text):
        return Parsed("blocked", reason="a check in place of the page")
    seen = pages.visible_text(page)
    walled = pages.wall(text, page=page, seen=seen)
    if walled:
        return Parsed(walled[0], reason=walled[1])
    if page.css(_ROOT) and _NOTHING.search(seen):
        return Parsed("empty", reason="the page says that nothing was found")
    shown = "\n".join(page.css("body ::text").getall())
    if re.search(r"请先?登录", shown) and not _ITEM.search(text):
        return Parsed(
            "login_wall", reason="a page without listings that asks to log in"
        )
    field, reason = f"{_ROOT} {_CARD}", "not on the page"
    return Parsed("schema_drift", (), f"{field}: {reason}", (Reject(field, reason),))


def _card(
    card: parsel.Selector, index: int, unknown: set[str], *, query: str | None, fetched_at: datetime
) -> Record:  # fmt: skip
    links = card.xpath("ancestor-or-self::a[1]/@href | .//a/@href").getall()
    link = next((found for each in links if (found := _ITEM.search(each))), None)
    ids = card.xpath("ancestor-or-self::a[1]/@id | .//a/@id").getall()
    numbered = next(
        (found for each in ids if (found := _NUMBERED.fullmatch(each))), None
    )
    number = link["id"] if link else numbered[1] if numbered else None
    if number is None:
        refuse(f"{_CARD}[{index}] a[href]", "expected a listing's number, found none")
    title = _text(card, "title--")
    if title is None:
        refuse(f'{_CARD}[{index}] [class*="title--"]', "expected text, found none")
    shop_name = _text(card, "shopNameText--") or _text(card, "shopName--")
    sales_text = _text(card, "realSales--")
    whole, part = _text(card, "priceInt--"), _text(card, "priceFloat--") or ""
    amount = listings.yuan(f"{whole}{part}" if whole else None)
    if whole and amount is None:
        unknown.add('[class*="priceInt--"] (expected a price)')
    shop_links = " ".join(each for each in links if not _ITEM.search(each))
    shop = _SHOP.search(shop_links)
    owner = re.search(r"user_number_id=(\d{4,20})(?!\d)", shop_links)
    is_advert = any("click.simba.taobao.com" in each for each in links)
    pictures = card.css("img::attr(src)").getall()[:1]
    places = card.css('[class*="procity--"] ::text').getall()
    return {
        "platform": PLATFORM,
        "kind": "listing",
        "post_id": number,
        "url": permalink(
            number, is_mall=bool(link and link["host"] == "detail.tmall.com")
        ),
        "transport": "web",
        "query": query,
        "published_at": None,
        "published_precision": "none",
        "crawled_at": fetched_at.isoformat(),
        "title": title,
        "text": None,
        "author": {
            "id": owner[1] if owner else f"item/{number}",
            "id_kind": "native" if owner else "anonymous",
            "name": shop_name,
            "region": " ".join(each.strip() for each in places if each.strip()) or None,
        },
        "media": blocks.media(("image", picture) for picture in pictures),
        "metrics": {"sales": listings.sold(sales_text)},
        "listing": {
            "price_yuan": amount,
            "sales_text": sales_text,
            "shop_id": shop[1] if shop else None,
            "shop_name": shop_name,
            "is_promoted": is_advert or None,
        },
    }


def _text(card: parsel.Selector, prefix: str) -> str | None:
    """Text of the first element whose class begins so; blank is null."""
    found = card.css(f'[class*="{prefix}"]')
    text = pages.visible_text(found[0]).replace("\n", " ") if found else ""
    return captions.plain(text)
