"""公众号: an article's page, and the lists of an account's own back end when its operator saved them.

In: one answer. Out: records of platform ``wechat_mp``: articles (``article``) and accounts (``profile``). Which shape an
answer is, its content tells. An account is known by its ``__biz``, an article by that, its message and its place in it;
counts need a reader's credential and are null. Articles are fetched by links that are known: there is no search.
Shapes: platforms/wechat_mp.md.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from crawlers.sources import (
    answers,
    blocks,
    captions,
    jsonp,
    listings,
    pages,
    urls,
    wechat_mp_link,
    wechat_mp_page,
)
from crawlers.sources.fields import FieldError, Fields, refuse
from crawlers.sources.parsed import Ask, Parsed, Record, Reject, from_records

PLATFORM: Final = wechat_mp_page.PLATFORM

#: ``base_resp.ret`` (platforms/wechat_mp.md); other numbers are judged by their words.
_RETURNS: Final = {
    "200003": ("login_wall", "session invalid"),
    "200013": ("rate_limited", "frequency control"),
}


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
        url: Where it came from, after redirects; the back end's ``fakeid`` names the account whose list it is.
        http_status: Null for a file.
        fetched_at: Becomes ``crawled_at``.
        ask: Not used.

    Returns:
        ``gone`` with the platform's words for articles that were deleted or taken down; ``empty`` only where a list
        counts nothing.
    """
    plain = jsonp.plain(body)
    if pages.http_refusal(http_status) is None and pages.is_html(plain):
        return wechat_mp_page.parse_page(
            pages.decode(body), url=url, fetched_at=fetched_at
        )

    def read(top: Fields, unknown: set[str]) -> Parsed:
        return _read_backend(top, unknown, url=url, fetched_at=fetched_at)

    return answers.parse(plain, http_status=http_status, read=read)


def _read_backend(
    top: Fields, unknown: set[str], *, url: str, fetched_at: datetime
) -> Parsed:
    base = top.child("base_resp")
    code, message = base.text("ret"), base.text("err_msg") or ""
    base.close()
    if code != "0":
        if code is None:
            refuse("$.base_resp.ret", "expected a number, found none")
        status, meaning = _RETURNS.get(
            code, (answers.refusal(message, otherwise="error"), "refused")
        )
        return Parsed(status, reason=f"{meaning}, ret {code[:20]}: {message[:80]}")
    top.skip("is_admin", "is_login", "can_use_search_biz")
    if top.has("publish_page"):
        return _read_published(top, unknown, url=url, fetched_at=fetched_at)
    found = top.take("list")
    if not isinstance(found, list):
        refuse("$.publish_page", "expected publish_page or list, found neither")
    total = top.count("total")
    top.close()

    def read(entry: Fields) -> Record:
        return _account(entry, fetched_at=fetched_at)

    records, rejects, _ = answers.entries(found, read, path="$.list", unknown=unknown)
    if records or rejects:
        return from_records(records, rejects, unknown_fields=unknown)
    return listings.without_entries(
        total,
        is_past_end=_is_past(url, total),
        uncounted=("schema_drift", "$.total: missing"),
        unknown=unknown,
    )


def _is_past(url: str, total: int | None) -> bool:
    """Whether the address asks for entries after the last."""
    begin = urls.parameter(url, "begin") or ""
    return bool(
        total and begin.isascii() and begin[:9].isdigit() and int(begin[:9]) >= total
    )


# ---------------------------------------------------------------- what an account published


def _read_published(
    top: Fields, unknown: set[str], *, url: str, fetched_at: datetime
) -> Parsed:
    page = _nested(top, "publish_page", unknown)
    top.close()
    found = page.take("publish_list")
    total = page.count("total_count")
    page.skip("publish_count", "masssend_count", "featured_count")
    page.close()
    if not isinstance(found, list):
        refuse(
            "$.publish_page.publish_list",
            f"expected a list, found {type(found).__name__}",
        )
    account = urls.parameter(url, "fakeid")
    records: list[Record] = []
    rejects: list[Reject] = []
    for index, value in enumerate(found):
        path = f"$.publish_page.publish_list[{index}]"
        try:
            sent = Fields(
                value, path=path, kind="$.publish_page.publish_list", unknown=unknown
            )
            info = _nested(sent, "publish_info", unknown)
            articles = info.take("appmsgex")
            if not isinstance(articles, list):
                refuse(
                    info.path("appmsgex"),
                    f"expected a list, found {type(articles).__name__}",
                )
        except FieldError as error:
            rejects.append(Reject(error.field, error.reason))
            continue
        sent.skip("publish_type", "publish_status")
        info.skip(
            "appmsg_info", "appmsg_del_infos", "bizuin", "copy_appmsg_id", "copy_type", "create_time", "is_original",
            "msg_id", "msgid", "new_publish", "publish_info", "sent_info", "sent_result", "sent_status", "type",
        )  # fmt: skip
        for part in (sent, info):
            part.close()

        def read(entry: Fields) -> Record:
            return _published(entry, account=account, fetched_at=fetched_at)

        more, refused = _entries(articles, read, info, unknown)
        records += more
        rejects += refused
    if records or rejects:
        return from_records(records, rejects, unknown_fields=unknown)
    if found:
        # Messages of other kinds only, such as plain texts.
        reason = f"{len(found)} messages and no article"
        return Parsed("ok", (), reason, (), frozenset(unknown))
    return listings.without_entries(
        total,
        is_past_end=_is_past(url, total),
        uncounted=("schema_drift", "$.publish_page.total_count: missing"),
        unknown=unknown,
    )


def _entries(
    articles: list[Any], read: Any, info: Fields, unknown: set[str]  # noqa: ANN401
) -> tuple[list[Record], list[Reject]]:  # fmt: skip
    """A message's articles; unknown fields are named without positions, rejects with them."""
    named: set[str] = set()
    path = info.path("appmsgex")
    records, rejects, _ = answers.entries(articles, read, path=path, unknown=named)
    unknown.update(
        "$.publish_page.publish_list.publish_info" + name[name.find(".appmsgex") :]
        for name in named
    )
    return records, rejects


def _nested(outer: Fields, name: str, unknown: set[str]) -> Fields:
    """An object that stands as JSON in a text."""
    path = outer.path(name)
    content = outer.take(name)
    if isinstance(content, str):
        try:
            content = answers.load(content.encode("utf-8", "replace"))
        except ValueError:
            refuse(path, "expected JSON in the text")
    return Fields(content, path=path, kind=_without_positions(path), unknown=unknown)


def _without_positions(path: str) -> str:
    return "".join(
        part.partition("]")[2] if "]" in part else part for part in path.split("[")
    )


def _published(entry: Fields, *, account: str | None, fetched_at: datetime) -> Record:
    """One article of the list: its title and summary. The list itself names no account; links or the address may."""
    title = captions.plain(entry.needed_text("title"))
    if title is None:
        refuse(entry.path("title"), "expected text, found only markup")
    link = entry.needed_text("link")
    known = wechat_mp_link.Identity.from_links([link]).completed(
        biz=account, mid=entry.identity("appmsgid"), idx=entry.identity("itemidx")
    )
    number = known.post_id or known.short
    if number is None:
        refuse(entry.path("link"), "expected an article's link, found another")
    published_at, precision = entry.moment("create_time")
    updated_at, updated_precision = entry.moment("update_time")
    if published_at is None:
        published_at, precision = updated_at, updated_precision
    record: Record = {
        "platform": PLATFORM,
        "kind": "article",
        "post_id": number,
        "url": known.permalink,
        "transport": "web",
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": title,
        "text": captions.plain(entry.text("digest")),
        "text_truncated": True,
        "author": {
            "id": known.biz or f"article/{number}",
            "id_kind": "native" if known.biz else "anonymous",
        },
        "media": blocks.media([("cover", entry.take("cover"))]),
    }
    # The byline names a person; the rest is how the article is shown.
    entry.skip(
        "aid", "album_id", "appmsg_album_infos", "author_name", "ban_flag", "checking", "copyright_stat",
        "copyright_type", "cover_img", "cover_img_theme_color", "has_red_packet_cover", "is_deleted", "is_original",
        "is_pay_subscribe", "is_rumor_refutation", "item_show_type", "line_info", "media_duration",
        "mediaapi_publish_status", "multi_picture_cover", "pay_album_info", "pic_cdn_url_16_9", "pic_cdn_url_1_1",
        "pic_cdn_url_235_1", "pic_cdn_url_3_4", "share_imageinfo", "smart_product", "tagid",
    )  # fmt: skip
    entry.close()
    return record


# ---------------------------------------------------------------- account search


def _account(entry: Fields, *, fetched_at: datetime) -> Record:
    number = entry.needed_identity("fakeid")
    name = captions.plain(entry.needed_text("nickname"))
    if name is None:
        refuse(entry.path("nickname"), "expected text, found only markup")
    handle = entry.identity("alias")
    bio = captions.plain(entry.text("signature"))
    record: Record = {
        "platform": PLATFORM,
        "kind": "profile",
        "post_id": f"profile/{number}",
        "url": None,
        "transport": "web",
        "published_at": None,
        "published_precision": "none",
        "crawled_at": fetched_at.isoformat(),
        "title": name,
        "text": bio,
        "author": {
            "id": number,
            "id_kind": "native",
            "handle": handle,
            "name": name,
            "bio": bio,
        },
        "identifiers": wechat_mp_page.account_identifiers(handle, field="alias"),
    }
    # What the service's numbers for verification mean is not documented.
    entry.skip("round_head_img", "service_type", "verify_status", "user_name")
    entry.close()
    return record
