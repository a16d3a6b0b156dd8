"""A 公众号 article's page: text article or picture post, and the pages that stand in its place.

In: a decoded page. Out: one record of kind ``article``. Facts stand in the page's scripts, which are read and never run;
the article's own address is made of the numbers that open it, without what tells who reads it (``key``, ``uin``,
``pass_ticket``). Shapes: platforms/wechat_mp.md.
"""

from __future__ import annotations

import dataclasses
import html
import re
from datetime import datetime
from typing import Any, Final

import parsel

from crawlers.sources import (
    captions,
    cuts,
    pages,
    scripts,
    stamps,
    urls,
    wechat_mp_link,
)
from crawlers.sources.parsed import Parsed, Record, Reject

PLATFORM: Final = "wechat_mp"

_ARTICLE: Final = "#js_article"
_CAPTCHA_PATH: Final = "/mp/wappoc_appmsgcaptcha"
_GONE = re.compile(
    r"删除|违规|违反|无法查看|不存在|已?失效|已?过期|停止访问|屏蔽|注销|迁移|冻结|封|投诉|侵权"
)
_HANDLE = re.compile(r"[\w.@-]{2,80}", re.ASCII)
_BLOCKED = re.compile(r"环境异常|去验证|完成验证")
_VARIABLES: Final = (
    "biz", "mid", "idx", "sn", "nickname", "user_name", "ct", "create_time", "ori_create_time", "msg_title", "msg_desc",
    "msg_cdn_url", "msg_link", "msg_source_url", "profile_signature",
)  # fmt: skip


def account_identifiers(handle: str | None, *, field: str) -> list[dict[str, str]]:
    """``identifiers`` of an account by the name under which others cite it."""
    if not handle:
        return []
    return [{"kind": "account", "value": f"{PLATFORM}:{handle}", "field": field}]


def parse_page(text: str, *, url: str, fetched_at: datetime) -> Parsed:
    """Read an article's page.

    Args:
        text: The decoded page.
        url: Where it came from, after redirects.
        fetched_at: Becomes ``crawled_at``.

    Returns:
        ``ok`` with one record where exactly one article stands on the page; ``gone`` with the platform's own words.
    """
    if _CAPTCHA_PATH in url:
        return Parsed("blocked", reason="led to a check")
    page = pages.selector(text)
    count = len(page.css(_ARTICLE))
    if count != 1:
        return (
            _without_article(page, text)
            if count == 0
            else _changed(_ARTICLE, f"{count} on the page")
        )
    script = "\n".join(page.css("script::text").getall())
    said = scripts.variables(script, _VARIABLES)
    data = scripts.block(script, "cgiDataNew")
    block = data if isinstance(data, dict) else {}
    links = (said.get("msg_link"), _told(block, "link"), _meta(page, "og:url"), url)
    names = ("biz", "mid", "idx", "sn")
    stated = {name: said.get(name) or _told(block, name) for name in names}
    linked = dataclasses.asdict(wechat_mp_link.Identity.from_links(links))
    identity = wechat_mp_link.Identity().completed(**stated).completed(**linked)
    if identity.post_id is None:
        missing = next(name for name in names if getattr(identity, name) is None)
        return _changed(f"script var {missing}", "expected text, found none")
    article = _article(page, script, said, block, identity=identity, fetched_at=fetched_at)  # fmt: skip
    return cuts.told(article, text)


def _changed(field: str, reason: str) -> Parsed:
    return Parsed("schema_drift", (), f"{field}: {reason}", (Reject(field, reason),))


def _without_article(page: parsel.Selector, text: str) -> Parsed:
    """A page without an article: why, in the platform's words where it has any."""
    seen = pages.visible_text(page)
    if page.css("#js_verify") or (
        len(seen) < pages.THIN_PAGE and _BLOCKED.search(seen)
    ):
        return Parsed("blocked", reason="a check in place of the article")
    for query in (".weui-msg__title", ".mesg-block"):
        found = page.css(query)
        title = pages.visible_text(found[0]).replace("\n", " ") if found else ""
        if not _GONE.search(title) and query != ".mesg-block":
            continue
        if title:
            why = page.css(".weui-msg__desc")
            told = pages.visible_text(why[0]).replace("\n", " ") if why else ""
            return Parsed(
                "gone",
                reason=": ".join(part for part in (title[:80], told[:300]) if part),
            )
    walled = pages.wall(text, page=page, seen=seen)
    if walled:
        return Parsed(walled[0], reason=walled[1])
    return _changed(_ARTICLE, "not on the page")


# ---------------------------------------------------------------- the article


def _article(
    page: parsel.Selector, script: str, said: dict[str, str], block: dict[str, Any], *, identity: wechat_mp_link.Identity,
    fetched_at: datetime,
) -> Parsed:  # fmt: skip
    title = (
        _meta(page, "og:title")
        or _shown(page, "#activity-name")
        or _shown(page, "#js_text_title")
        or _plain(said.get("msg_title") or _told(block, "title"))
    )
    bodies = page.css("#js_content")
    text = pages.visible_text(bodies[0]) if bodies else ""
    if not text:
        # Picture posts have no body: their words stand in the data block, and shortened in the page's description.
        told = _told(block, "content_noencode") or _told(block, "desc")
        text = _words(told) or _meta(page, "og:description") or ""
    if not (title or text):
        return _changed("#js_content", "neither a title nor a text on the page")
    unknown: set[str] = set()
    published_at, precision = _published(said, block)
    if published_at is None:
        unknown.add("script var ct (expected a time)")
    name = _shown(page, "#js_name") or _plain(
        said.get("nickname") or _told(block, "nick_name")
    )
    user_name = said.get("user_name") or _told(block, "user_name") or ""
    handle = user_name if _HANDLE.fullmatch(user_name) else None
    record: Record = {
        "platform": PLATFORM,
        "kind": "article",
        "post_id": identity.post_id,
        "url": identity.permalink,
        "transport": "web",
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": title,
        "text": text or None,
        "text_truncated": False,
        "author": {
            "id": identity.biz,
            "id_kind": "native",
            "handle": handle,
            "name": name,
            "bio": _plain(said.get("profile_signature") or _told(block, "signature")),
            "region": _place(script, block),
        },
        "hashtags": captions.once(
            tag
            for topic in page.css("a.wx_topic_link")
            if (tag := pages.visible_text(topic).strip().strip("#"))
        ),
        "mentions": captions.once(
            value
            for account in page.css("mp-common-profile")
            for value in _cited(account)
        ),
        "links": _links(page, said.get("msg_source_url") or _told(block, "source_url")),
        "media": _media(page, script, said, block),
        "identifiers": account_identifiers(handle, field="user_name"),
    }
    return Parsed("ok", (record,), unknown_fields=frozenset(unknown))


def _told(block: dict[str, Any], name: str) -> str | None:
    value = block.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _meta(page: parsel.Selector, name: str) -> str | None:
    return _plain(page.css(f'meta[property="{name}"]::attr(content)').get())


def _shown(page: parsel.Selector, query: str) -> str | None:
    found = page.css(query)
    return _plain(pages.visible_text(found[0])) if found else None


def _plain(text: str | None) -> str | None:
    """One line; entities that the scripts leave to the page are resolved."""
    return pages.tidy(html.unescape(text or "")).replace("\n", " ") or None


def _words(text: str | None) -> str | None:
    """Text of the data block: plain with line breaks, or markup."""
    if text and re.search(r"<[a-zA-Z/]", text):
        return pages.markup_text(text)
    return pages.tidy(html.unescape(text or "")) or None


def _published(said: dict[str, str], block: dict[str, Any]) -> tuple[str | None, str]:
    """When the article was sent: exact seconds before a time as shown."""
    stated = [said.get("ct"), said.get("create_time"), _told(block, "create_time"), said.get("ori_create_time"), _told(block, "ori_create_time")]  # fmt: skip
    read = [stamps.read(value) for value in stated if value]
    found = [each for each in read if each[0] is not None]
    exact = [each for each in found if each[1] == "second"]
    return next(iter(exact or found), (None, "none"))


def _place(script: str, block: dict[str, Any]) -> str | None:
    """Where the article was sent from: the province, or the country where there is none."""
    found = scripts.block(script, "ip_wording") or block.get("ip_wording")
    if not isinstance(found, dict):
        return None
    names = ("provinceName", "province_name", "countryName", "country_name")
    return next((_plain(text) for name in names if (text := _told(found, name))), None)


def _cited(account: parsel.Selector) -> list[str]:
    """The name of an account that the article shows, and the handle (else the id) under which others cite it."""
    name, alias, number = (
        (account.xpath(f"string(@data-{part})").get() or "").strip()
        for part in ("nickname", "alias", "id")
    )
    return [value for value in (name, alias or number) if value]


def _links(page: parsel.Selector, source: str | None) -> list[str]:
    """The original that the article names, then what its text links to."""
    found = [
        html.unescape(source or ""),
        *page.css("#js_content a::attr(href)").getall(),
    ]
    return captions.once(link for each in found if (link := _link(each)))


def _link(text: str) -> str | None:
    joined = urls.joined(f"https://{wechat_mp_link.HOST}/", text)
    if joined is None or urls.host(joined) != wechat_mp_link.HOST:
        return joined
    # Links to other articles, without what tells who shared them.
    return wechat_mp_link.Identity.from_links([joined]).permalink


def _media(
    page: parsel.Selector, script: str, said: dict[str, str], block: dict[str, Any]
) -> list[dict[str, str]]:
    pictures = scripts.block(script, "picture_page_info_list") or block.get(
        "picture_page_info_list"
    )
    listed = [
        _told(picture, "cdn_url")
        for picture in (pictures if isinstance(pictures, list) else [])
        if isinstance(picture, dict)
    ]
    once: dict[str, str] = {}
    for kind, links in (
        ("cover", [_meta(page, "og:image") or said.get("msg_cdn_url")]),
        ("image", page.css("#js_content img::attr(data-src)").getall()),
        ("image", listed),
    ):
        for link in links:
            if address := urls.unsigned(html.unescape(link or "")):
                # A picture post's cover is its first picture.
                once[address] = kind
    films = page.css("iframe.video_iframe::attr(data-src)").getall()
    for film in films:
        if address := urls.joined(f"https://{wechat_mp_link.HOST}/", film):
            once[address] = "video"
    return [{"url": address, "kind": kind} for address, kind in once.items()]
