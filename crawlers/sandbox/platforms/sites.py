"""How one post looks on the open web: feeds and landing pages in their true shapes.

In: one import record. Out: JSON values or bytes that the platform's parser reads back into the same post. A drifted
page carries the same content under other names, as after a redesign.
"""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import quote

from crawlers.records import times
from crawlers.sources import urls


def draw(record: Mapping[str, Any], sides: int) -> int:
    """A number that is always the same for one post: which variant of a shape it gets."""
    return (
        int.from_bytes(
            hashlib.blake2b(
                f"{record['platform']}:{record['post_id']}".encode(), digest_size=4
            ).digest(),
            "big",
        )
        % sides
    )


def moment(record: Mapping[str, Any]) -> datetime:
    """When a post came out, or, where its platform shows no time, when it was found."""
    return times.utc(record.get("published_at") or record["crawled_at"])


def paragraphs(text: str | None) -> str:
    """A text's lines as paragraphs."""
    return "".join(
        f"<p>{html.escape(line)}</p>" for line in (text or "").split("\n") if line
    )


# ---------------------------------------------------------------- feeds


def feed(
    items: Sequence[Mapping[str, Any]],
    author: Mapping[str, Any],
    *,
    url: str,
    is_site: bool,
    is_drifted: bool,
) -> bytes:
    """RSS 2.0, Atom or JSON Feed of one account, or a site's RSS with its odd dates.

    Args:
        items: Newest first; may be empty.
        author: The account, for title and description.
        url: The feed's own.
        is_site: 36氪's feed: one for all authors.
        is_drifted: Items under other names.
    """
    title = "36氪" if is_site else author.get("name") or author["id"]
    about = "" if is_site else author.get("bio") or ""
    shape = 0 if is_site or not items else draw(items[-1], 3)
    if shape == 2 and not is_drifted:
        return _json_feed(items, title=title, about=about, url=url)
    if shape == 1 and not is_drifted:
        return _atom(items, title=title, about=about, url=url)
    entries = "\n".join(_rss_item(record, is_site=is_site) for record in items)
    if is_drifted:
        for name in ("title", "link", "guid", "description"):
            entries = entries.replace(f"<{name}", f"<x{name}").replace(
                f"</{name}>", f"</x{name}>"
            )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">\n'
        f"<channel><title>{_xml(title)}</title><link>{_xml(author.get('url') or url)}</link><description>{_xml(about)}</description>\n"
        f"{entries}\n</channel></rss>\n"
    ).encode()


def _rss_item(record: Mapping[str, Any], *, is_site: bool) -> str:
    at = moment(record)
    link = (
        f"https://www.36kr.com/p/{record['post_id']}?f=rss"
        if is_site
        else record.get("url") or ""
    )
    written = format_datetime(at.astimezone(times.SHANGHAI))
    if is_site and draw(record, 2):
        # Seen on this feed, and no RFC 822.
        written = at.astimezone(times.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S  +0800")
    guid = (
        "" if is_site else f'<guid isPermaLink="false">{_xml(record["post_id"])}</guid>'
    )
    tags = "".join(
        f"<category>{_xml(tag)}</category>" for tag in record.get("hashtags") or ()
    )
    name = record["author"].get("name")
    by = (
        ""
        if not name
        else f"<author>{_xml(name)}</author>"
        if is_site
        else f"<dc:creator>{_xml(name)}</dc:creator>"
    )
    title = f"<title>{_xml(record['title'])}</title>" if record.get("title") else ""
    body = _xml(_markup(record))
    return f"<item>{title}<link>{_xml(link)}</link>{guid}<pubDate>{written}</pubDate><description>{body}</description>{by}{tags}</item>"


def _atom(
    items: Sequence[Mapping[str, Any]], *, title: str, about: str, url: str
) -> bytes:
    entries = "\n".join(
        f"<entry><id>{_xml(record['post_id'])}</id>"
        + (f"<title>{_xml(record['title'])}</title>" if record.get("title") else "")
        + f'<link rel="alternate" href="{_xml(record.get("url") or url)}"/><published>{moment(record).isoformat()}</published>'
        f"<updated>{moment(record).isoformat()}</updated><author><name>{_xml(record['author'].get('name') or title)}</name></author>"
        + "".join(
            f'<category term="{_xml(tag)}"/>' for tag in record.get("hashtags") or ()
        )
        + f'<content type="html">{_xml(_markup(record))}</content></entry>'
        for record in items
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>{_xml(title)}</title>'
        f'<subtitle>{_xml(about)}</subtitle><id>{_xml(url)}</id><updated>{moment(items[0]).isoformat()}</updated><link rel="self" href="{_xml(url)}"/>\n'
        f"{entries}\n</feed>\n"
    ).encode()


def _json_feed(
    items: Sequence[Mapping[str, Any]], *, title: str, about: str, url: str
) -> bytes:
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": title,
            "description": about,
            "feed_url": url,
            "items": [
                {
                    "id": record["post_id"],
                    "url": record.get("url"),
                    "title": record.get("title"),
                    "content_html": _markup(record),
                    "date_published": moment(record).isoformat(),
                    "authors": [{"name": record["author"].get("name") or title}],
                    "tags": list(record.get("hashtags") or ()),
                }
                for record in items
            ],
        },
        ensure_ascii=False,
    ).encode()


def _markup(record: Mapping[str, Any]) -> str:
    """A post's text as the HTML inside a feed: paragraphs, its links, its pictures."""
    links = "".join(
        f'<p><a href="{html.escape(link)}">{html.escape(link)}</a></p>'
        for link in record.get("links") or ()
        if link not in (record.get("text") or "")
    )
    images = "".join(
        f'<img src="{html.escape(item["url"])}">'
        for item in record.get("media") or ()
        if item.get("url")
    )
    return paragraphs(record.get("text")) + links + images


def _xml(text: str) -> str:
    """Text inside XML; what XML cannot hold (control characters) is left out."""
    return html.escape(
        "".join(
            char
            for char in text
            if char in "\t\n\r" or " " <= char < "\ufffe" or char > "\uffff"
        )
    )


# ---------------------------------------------------------------- landing pages


def page_id(record: Mapping[str, Any]) -> str:
    """Host and path of a landing page, however its id is written (``https://name/path/`` or ``name/path``)."""
    return urls.page_id(
        record["post_id"]
        if "://" in record["post_id"]
        else f"https://{record['post_id']}"
    )


def content_type(record: Mapping[str, Any]) -> str:
    """Every other site names no charset in its header, and some a wrong one."""
    return ("text/html", "text/html; charset=utf-8", "text/html; charset=iso-8859-1")[
        draw(record, 3)
    ]


def landing_page(
    record: Mapping[str, Any], *, is_empty: bool, is_drifted: bool
) -> bytes:
    """A seller's own site: registry marks in the footer, JSON-LD in one of three forms, UTF-8 or GBK."""
    if is_empty:
        return b"<!DOCTYPE html><html><head></head><body></body></html>"
    if is_drifted:
        # A page that only a script fills.
        return b'<!DOCTYPE html><html><head><script src="/static/app.js"></script></head><body><div id="app"></div></body></html>'
    name, _, path = page_id(record).partition("/")
    url = f"https://{name}/{path + '/' if path else ''}"
    marks: dict[str, list[str]] = {}
    for mark in record.get("identifiers") or ():
        marks.setdefault(mark["kind"], []).append(mark["value"])
    listing = record.get("listing") or {}
    company = next(
        iter(
            [
                *marks.get("company", ()),
                *([listing["company"]] if listing.get("company") else []),
            ]
        ),
        None,
    )
    code = next(
        iter(
            [
                *marks.get("uscc", ()),
                *([listing["uscc"]] if listing.get("uscc") else []),
            ]
        ),
        None,
    )
    charset = "gbk" if draw(record, 4) == 0 else "utf-8"
    title = html.escape(record.get("title") or "")
    text = record.get("text") or ""
    published = (
        f'<meta property="article:published_time" content="{moment(record).isoformat()}">'
        if record.get("published_at")
        else ""
    )
    page = f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">
<title>{title}</title><meta name="description" content="{html.escape(text[:60])}"><meta name="keywords" content="{html.escape(",".join(record.get("hashtags") or ()))}">
<link rel="canonical" href="{html.escape(url)}"><meta property="og:title" content="{title}"><meta property="og:url" content="{html.escape(url)}">
<meta property="og:site_name" content="{html.escape(record["author"].get("name") or name)}">{published}
{_json_ld(record, url, company=company, code=code, marks=marks)}
{"".join(_counter(account) for account in marks.get("analytics_id", ()))}
</head><body><nav><a href="/">首页</a> <a href="/about">关于我们</a></nav>
<h1>{title}</h1><section>{paragraphs(text)}</section>
<section>{_actions(marks)}{"".join(f'<img src="{html.escape(item["url"])}" alt="">' for item in record.get("media") or () if item.get("url"))}</section>
<section>{"".join(f'<a href="{html.escape(link)}">合作伙伴</a> ' for link in record.get("links") or ())}</section>
<form action="/api/leave" method="post"><input name="name" placeholder="姓名"><input name="phone" placeholder="请输入验证码"><button>获取代理政策</button></form>
<footer><p>{f"版权所有 © {html.escape(company)}" if company else ""} {f"统一社会信用代码：{code}" if code else ""}</p>
<p>{" ".join(f'<a href="https://beian.miit.gov.cn/">{html.escape(number)}</a>' for number in marks.get("icp", ()))}
{" ".join(f'<a href="http://www.beian.gov.cn/portal/registerSystemInfo">{html.escape(number)}</a>' for number in marks.get("police_filing", ()))}</p></footer>
</body></html>"""
    # GBK has no emoji: such characters stand as references, as editors write them.
    return page.encode(
        "gb18030" if charset == "gbk" else "utf-8", errors="xmlcharrefreplace"
    )


def _actions(marks: Mapping[str, Sequence[str]]) -> str:
    links = [
        f'<a href="tel:{quote(number)}">{html.escape(number)}</a>'
        for number in marks.get("phone", ())
    ]
    links += [
        f'<a href="http://wpa.qq.com/msgrd?v=3&amp;uin={quote(number)}&amp;site=qq&amp;menu=yes">QQ咨询</a>'
        for number in marks.get("qq", ())
    ]
    links += [
        f'<a href="mailto:{quote(address, safe="@")}">写信</a>'
        for address in marks.get("email", ())
    ]
    return f"<p>{' '.join(links)}</p>" if links else ""


def _counter(account: str) -> str:
    return f'<script>var _hmt=_hmt||[];(function(){{var hm=document.createElement("script");hm.src="https://hm.baidu.com/hm.js?{html.escape(account)}";}})();</script>'


def _json_ld(
    record: Mapping[str, Any],
    url: str,
    *,
    company: str | None,
    code: str | None,
    marks: Mapping[str, Sequence[str]],
) -> str:
    organisation = {
        "@type": "Organization",
        "name": record["author"].get("name"),
        "legalName": company,
        "url": url,
        "taxID": code,
        "sameAs": list(marks.get("account", ())) or None,
        "address": {
            "@type": "PostalAddress",
            "addressRegion": record["author"]["region"],
        }
        if record["author"].get("region")
        else None,
    }
    node = {name: value for name, value in organisation.items() if value}
    price = (record.get("listing") or {}).get("price_yuan")
    nodes = [node] + (
        [
            {
                "@type": "Product",
                "offers": {
                    "@type": "Offer",
                    "price": str(price),
                    "priceCurrency": "CNY",
                },
            }
        ]
        if price
        else []
    )
    form = draw(record, 3)
    described: Any = (
        nodes
        if form == 0
        else {"@graph": nodes}
        if form == 1 or len(nodes) > 1
        else node
    )
    if isinstance(described, dict):
        described = {"@context": "https://schema.org", **described}
    written = json.dumps(described, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{written}</script>'
