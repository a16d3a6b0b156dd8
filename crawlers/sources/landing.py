"""招商加盟 landing pages: any site's page, read by standards (JSON-LD, OpenGraph) and registry marks, not by its DOM.

In: one page. Out: one record whose author is the registrable domain and whose id is host and path; identifiers of the
owner (phones, QQ, ICP and police filings, company code, analytics accounts, accounts elsewhere) in ``identifiers``.
Shapes: platforms/landing.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote

import parsel

from crawlers.sources import cuts, json_ld, pages, registry, stamps, urls
from crawlers.sources.parsed import Ask, Parsed, Record, Reject

PLATFORM: Final = "landing"

_QQ = re.compile(
    r"(?:wpa\.qq\.com/msgrd|tencent://message/?)\?[^\"'\s<>]{0,200}?uin=(\d{5,12})(?!\d)",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    r"(?:©|&copy;|版权所有|copyright)[^\n]{0,40}?([\u4e00-\u9fff（）()]{4,40}?(?:有限公司|股份公司|有限责任公司|合伙企业|工作室|经营部|商行))",
    re.IGNORECASE,
)


def parse(
    body: bytes,
    *,
    url: str,
    http_status: int | None,
    fetched_at: datetime,
    ask: Ask | None = None,  # noqa: ARG001 (one signature for all parsers)
) -> Parsed:
    """Read one page.

    Args:
        body: The answer.
        url: Where it came from, after redirects. For a page from this machine (a saved copy, a test) the address that
            the page declares for itself counts instead; a page from the network cannot declare itself another's.
        http_status: Null for a file.
        fetched_at: Becomes ``crawled_at``.
        ask: Not needed.

    Returns:
        ``ok`` with one record; otherwise ``blocked``, ``gone`` …, or ``error`` where only a script knows the way on.
    """
    refused = pages.http_refusal(http_status)
    if refused:
        return Parsed(refused[0], reason=refused[1])
    text = pages.decode(body)
    if not text.strip():
        return Parsed("blocked", reason="empty answer")
    page = pages.selector(text)
    seen = pages.visible_text(page)
    walled = pages.wall(text, page=page, seen=seen)
    if walled:
        return Parsed(walled[0], reason=walled[1])
    if len(seen) < pages.THIN_PAGE and (target := pages.script_redirect(text)):
        return Parsed(
            "error",
            reason=f"a script leads on to {urls.without_secrets(target)[:200]}; scripts are not run",
        )
    title = (
        _meta(page, "og:title")
        or _line(page.css("title::text").get())
        or pages.visible_text(_first(page, "h1"))
    )
    if not title and not seen:
        reason = "neither title nor visible text"
        return Parsed(
            "schema_drift", reason=reason, rejects=(Reject("title, body", reason),)
        )
    record = _record(page, text, title=title, seen=seen, url=url, fetched_at=fetched_at)
    return cuts.told(Parsed("ok", (record,)), text)


def _record(
    page: parsel.Selector,
    markup: str,
    *,
    title: str | None,
    seen: str,
    url: str,
    fetched_at: datetime,
) -> Record:
    declared = urls.joined(
        url, page.css('link[rel~="canonical"]::attr(href)').get()
    ) or urls.joined(url, _meta(page, "og:url"))
    is_saved = urls.host(url) is None or urls.is_loopback(urls.host(url))
    own_url = (
        declared
        if declared and (is_saved or urls.host(declared) == urls.host(url))
        else urls.without_secrets(url)
    )
    own_host = urls.host(own_url) or "unknown"
    described = list(json_ld.nodes(page))
    organisation = next(
        (
            node
            for node in described
            if json_ld.is_type(
                node, "Organization", "Corporation", "LocalBusiness", "Store"
            )
        ),
        {},
    )
    company = json_ld.value_of(organisation.get("legalName")) or _company_line(seen)
    published_at, precision = stamps.read(_published(page, described))
    codes = registry.company_codes(
        seen + "\n" + json_ld.text_of(organisation.get("taxID"))
    )
    identifiers = _identifiers(
        page, markup, seen=seen, described=described, company=company
    )
    links = _links(page, own_url, own_host)
    if declared and urls.host(declared) != own_host:
        # A claim that anybody can make about anybody: a lead, not an identifier.
        links.append(declared)
    return {
        "platform": PLATFORM,
        "kind": "article",
        "post_id": urls.page_id(own_url),
        "url": own_url,
        "transport": "web",
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": title or None,
        "text": _full_text(page, seen, described) or None,
        "author": {
            "id": urls.registrable_domain(own_host),
            "id_kind": "domain",
            "name": _meta(page, "og:site_name")
            or json_ld.value_of(organisation.get("name"))
            or company,
            "url": f"https://{own_host}/",
            "region": json_ld.region(organisation),
        },
        "hashtags": [
            word.strip()
            for word in re.split(r"[,，、;；|]", _meta(page, "keywords") or "")
            if word.strip()
        ],
        "links": links,
        "media": _media(page, own_url),
        "listing": {
            "price_yuan": json_ld.price_of(described),
            "company": company,
            "uscc": codes[0] if codes else None,
        },
        "identifiers": identifiers,
    }


# ---------------------------------------------------------------- text


def _full_text(
    page: parsel.Selector, seen: str, described: list[Mapping[str, Any]]
) -> str:
    """Visible text, then what only search engines are shown: the description, questions with their answers."""
    hidden = [_meta(page, "description") or _meta(page, "og:description")]
    for node in described:
        if json_ld.is_type(node, "Question"):
            answer = node.get("acceptedAnswer")
            told = (
                json_ld.value_of(answer.get("text"))
                if isinstance(answer, Mapping)
                else None
            )
            hidden += [json_ld.value_of(node.get("name")), pages.markup_text(told)]
    whole, squeezed = [seen], _squeezed(seen)
    for part in hidden:
        # Most descriptions only repeat the page's beginning, cut somewhere.
        if part and _squeezed(part) not in squeezed:
            whole.append(part)
            squeezed += _squeezed(part)
    return "\n".join(part for part in whole if part)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s.…]", "", text)


def _meta(page: parsel.Selector, name: str) -> str | None:
    for attribute in ("property", "name"):
        found = page.css(f'meta[{attribute}="{name}" i]::attr(content)').get()
        if found and found.strip():
            return _line(found)
    return None


def _line(text: str | None) -> str | None:
    return pages.tidy(text or "").replace("\n", " ") or None


def _first(page: parsel.Selector, query: str) -> parsel.Selector | None:
    found = page.css(query)
    return found[0] if found else None


def _company_line(seen: str) -> str | None:
    found = _COMPANY.search(seen)
    return found[1] if found else None


def _published(page: parsel.Selector, described: list[Mapping[str, Any]]) -> str | None:
    stated = [_meta(page, "article:published_time")] + [
        json_ld.value_of(node.get("datePublished")) for node in described
    ]
    return next((time for time in stated if time), None)


# ---------------------------------------------------------------- identifiers and links


def _identifiers(
    page: parsel.Selector,
    markup: str,
    *,
    seen: str,
    described: list[Mapping[str, Any]],
    company: str | None,
) -> list[dict[str, str]]:
    """What ties the page to its owner; free text's phones and WeChat ids are left to the contact reader."""
    scripts = "\n".join(
        page.css("script::text, script::attr(src), img::attr(src), noscript").getall()
    )
    linked = "\n".join(page.css("a::attr(href), area::attr(href)").getall())
    declared = {
        name: [text for node in described for text in json_ld.texts(node.get(name))]
        for name in ("telephone", "email", "taxID", "legalName", "sameAs")
    }
    found: list[tuple[str, str | None, str]] = []
    found += [
        ("phone", _phone(unquote(link[4:])), "tel")
        for link in linked.split("\n")
        if link.lower().startswith("tel:")
    ]
    found += [
        ("phone", _phone(number), "jsonld.telephone")
        for number in declared["telephone"]
    ]
    found += [
        ("qq", number, "wpa.qq.com")
        for number in _QQ.findall(linked + "\n" + scripts + "\n" + markup)
    ]
    found += [
        ("email", _email(link[7:]), "mailto")
        for link in linked.split("\n")
        if link.lower().startswith("mailto:")
    ]
    found += [
        ("email", _email(address), "jsonld.email") for address in declared["email"]
    ]
    found += [("icp", number, "footer") for number in registry.icp_filings(seen)]
    found += [
        ("police_filing", number, "footer") for number in registry.police_filings(seen)
    ]
    found += [
        ("uscc", code, "jsonld.taxID")
        for code in registry.company_codes("\n".join(declared["taxID"]))
    ]
    found += [("uscc", code, "text") for code in registry.company_codes(seen)]
    found += [("company", name, "jsonld.legalName") for name in declared["legalName"]]
    found += [("company", company, "footer")]
    found += [
        ("analytics_id", account, "script")
        for account in registry.analytics_accounts(scripts)
    ]
    found += [
        ("account", urls.joined("", link), "jsonld.sameAs")
        for link in declared["sameAs"]
    ]
    once: dict[tuple[str, str], str] = {}
    for kind, value, field in found:
        if value:
            once.setdefault((kind, value), field)
    return [
        {"kind": kind, "value": value, "field": field}
        for (kind, value), field in once.items()
    ]


def _phone(text: str) -> str | None:
    digits = re.sub(r"\D", "", text.split(";", maxsplit=1)[0])
    for prefix in ("0086", "86"):
        if digits.startswith(prefix) and len(digits) - len(prefix) >= 10:
            digits = digits.removeprefix(prefix)
            break
    return digits if 7 <= len(digits) <= 12 else None


def _email(text: str) -> str | None:
    address = unquote(text).split("?")[0].strip().lower()
    return (
        address
        if re.fullmatch(r"[\w.+-]{1,64}@[\w.-]{3,190}", address, re.ASCII)
        else None
    )


def _links(page: parsel.Selector, own_url: str, own_host: str) -> list[str]:
    """Links that leave the site."""
    found = (urls.joined(own_url, link) for link in page.css("a::attr(href)").getall())
    own = urls.registrable_domain(own_host)
    return list(
        dict.fromkeys(
            link
            for link in found
            if link and urls.registrable_domain(urls.host(link) or "") != own
        )
    )


def _media(page: parsel.Selector, own_url: str) -> list[dict[str, str]]:
    wanted = (
        ("cover", 'meta[property="og:image"]::attr(content)'),
        ("image", "img::attr(src)"),
        ("image", "img::attr(data-src)"),
        ("video", "video::attr(src), video source::attr(src)"),
        ("cover", "video::attr(poster)"),
    )
    once: dict[str, str] = {}
    for kind, query in wanted:
        for link in page.css(query).getall():
            absolute = urls.joined(own_url, link)
            if absolute:
                once.setdefault(absolute, kind)
    return [{"url": link, "kind": kind} for link, kind in once.items()]
