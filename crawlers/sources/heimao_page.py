"""A complaint's own page at 黑猫投诉, which has the whole text.

In: a decoded page, and what the list said of the complaint. Out: one record of kind ``complaint``; of the person nothing is
read but what the list gave. Shapes: platforms/heimao.md.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Final

import parsel

from crawlers.sources import cuts, pages, stamps, urls
from crawlers.sources.parsed import Parsed, Record, Reject

PLATFORM: Final = "heimao"
_AMOUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*(万|亿)?")
_UNITS: Final = {None: 1, "万": 10_000, "亿": 100_000_000}


def parse_page(
    text: str, *, url: str, fetched_at: datetime, listed: Record | None
) -> Parsed:
    """Read a complaint's page.

    Args:
        text: The decoded page.
        url: Where it came from, after redirects.
        fetched_at: Becomes ``crawled_at``.
        listed: The list's record that the page completes; null for a lone page.

    Returns:
        ``ok`` with one record; ``schema_drift`` where it is a complaint's page without a needed part, or of another complaint.
    """
    page = pages.selector(text)
    steps = page.css("div.ts-d-steplist > div.ts-d-item")
    entries = _labelled(page)
    title = title_text(pages.visible_text(_first(page.css("h1.article"))) or None)
    if title is None and not steps and not entries:
        return _no_complaint(text, url)
    number = entries.get("投诉编号") or (listed or {}).get("post_id") or _number_in(url)
    full_text = _told(steps)
    if number is None:
        return _changed("投诉编号", "not on the page")
    if title is None or full_text is None:
        return _changed(
            "发起投诉 .ts-d-cont" if title else "h1.article", "not on the page"
        )
    if listed and listed["post_id"] != number:
        wanted = listed["post_id"]
        return _changed(
            "投诉编号", f"asked for complaint {wanted}, the page is {number}"
        )
    published_at, precision = stamps.read(
        (page.css(".ts-q-user .u-date::text").get() or "").replace("发布于", "")
    )
    company_page = page.css('ul.ts-q-list a[href*="couid="]::attr(href)').get() or ""
    read: Record = {
        "platform": PLATFORM,
        "kind": "complaint",
        "post_id": number,
        "url": permalink(None, number),
        "transport": "web",
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": title,
        "text": full_text,
        "text_truncated": False,
        # The page names the person only by a nickname, and equal nicknames never make one author.
        "author": {"id": f"complaint/{number}", "id_kind": "anonymous"},
        "complaint": {
            "target": entries.get("投诉对象"),
            "target_id": urls.parameter(company_page, "couid"),
            "amount_yuan": yuan(entries.get("涉诉金额")),
            "issues": parts(entries.get("投诉问题")),
            "demand": entries.get("投诉要求"),
            "status": entries.get("投诉进度"),
        },
    }
    unknown = frozenset(
        f"ul.ts-q-list {label}" for label in entries if label not in _LABELS
    )
    record = _completed(listed, read) if listed else read
    return cuts.told(Parsed("ok", (record,), unknown_fields=unknown), text)


def _no_complaint(text: str, url: str) -> Parsed:
    """A page with nothing of a complaint's page."""
    walled = pages.wall(text)
    if walled:
        return Parsed(walled[0], reason=walled[1])
    # HTML where JSON was asked for, or a page of another shape: which of the two, the URL tells.
    if "/complaint/view/" in url:
        return _changed("h1.article", "not on the page")
    return Parsed("blocked", reason="a page where JSON was expected")


def _changed(field: str, reason: str) -> Parsed:
    """A page that is not what a complaint's page used to be."""
    return Parsed("schema_drift", (), f"{field}: {reason}", (Reject(field, reason),))


#: Of a complaint's page: more is no complaint's page.
_MOST_FACTS: Final = 50
_MOST_STEPS: Final = 50
_LABELS: Final = frozenset(
    {"投诉编号", "投诉对象", "使用服务", "投诉问题", "投诉要求", "涉诉金额", "投诉进度"}
)


def _completed(listed: Record, read: Record) -> Record:
    """The list's record with what its own page adds; what the page lacks stays."""
    kept = {
        name: value
        for name, value in read.items()
        if value is not None and name not in {"author", "url"}
    }
    complaint = {
        name: value
        for name, value in read["complaint"].items()
        if value not in (None, [])
    }
    return {**listed, **kept, "complaint": {**listed["complaint"], **complaint}}


def _labelled(page: parsel.Selector) -> dict[str, str]:
    """Label to text of the fact list; one of its items is left unclosed in the real markup, which lxml repairs."""
    found: dict[str, str] = {}
    # Looking into items that lie within one another takes the square of their number; a page has about seven.
    for item in page.css("ul.ts-q-list > li")[:_MOST_FACTS]:
        label = (item.css("label::text").get() or "").strip().rstrip("：:")
        text = pages.visible_text(item).replace("\n", "")
        value = text.removeprefix(label).lstrip("：: ").strip()
        if label and value:
            found.setdefault(label, value)
    return found


def _told(steps: parsel.SelectorList[parsel.Selector]) -> str | None:
    """The complaint in the complainant's words: the 发起投诉 step, which stands last."""
    for step in reversed(steps[-_MOST_STEPS:]):
        if "发起投诉" in (step.css(".u-status::text").get() or ""):
            return pages.visible_text(_first(step.css(".ts-d-cont"))) or None
    return None


def permalink(link: str | None, number: str) -> str:
    """A complaint's own address: as the list links it, else by its number."""
    # ``sld`` stays: without it the service answers that there is no such page.
    path = (
        f"//tousu.sina.com.cn/complaint/view/{number}/"
        if not link or not link.startswith("//")
        else link
    )
    return f"https:{path}"


def title_text(text: str | None) -> str | None:
    """A title without markup and line breaks; blank is null."""
    plain = pages.markup_text(text)
    return plain.replace("\n", "") if plain else None


def _first(found: parsel.SelectorList[parsel.Selector]) -> parsel.Selector | None:
    return found[0] if found else None


def _number_in(url: str) -> str | None:
    found = re.search(r"/complaint/view/(\d+)", url)
    return found[1] if found else None


def parts(text: str | None) -> list[str]:
    """What commas of either script separate."""
    return [
        part.strip() for part in re.split(r"[,，、;；]", text or "") if part.strip()
    ]


def yuan(value: object) -> float | int | None:
    """Yuan from ``29800``, ``"12,800"``, ``"29800元"`` or ``"2.98万"``; blank and zero are null (not stated)."""
    found = (
        _AMOUNT.search(str(value))
        if isinstance(value, (str, int, float)) and not isinstance(value, bool)
        else None
    )
    if not found:
        return None
    try:
        amount = Decimal(found[1].replace(",", "")) * _UNITS[found[2]]
    except InvalidOperation:
        return None
    if not 0 < amount < 10**13:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)
