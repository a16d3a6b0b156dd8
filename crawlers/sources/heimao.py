"""黑猫投诉: the public feed (JSON or JSONP, newest 500 complaints) and a complaint's own page.

In: one answer. Out: records of kind ``complaint``; the complainant's uid stands as ``author.id`` and nothing else of the
person is read, nor are replies, which address people by name. Whoever writes a record down hashes that id first
(``crawlers.pipelines``). A list page asks for each complaint's own page, which has the full text, and for the next page.
Shapes: platforms/heimao.md.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import orjson

from crawlers.sources import fields, heimao_page, jsonp, pages, stamps
from crawlers.sources.parsed import Ask, Parsed, Record, Reject, from_records

PLATFORM: Final = heimao_page.PLATFORM
#: Anonymous readers see pages 1 to 50 of ten complaints each.
STARTS: Final = ("https://tousu.sina.com.cn/api/index/feed?type=1&page_size=10&page=1",)

_LOGIN = 10005
_END_OF_PAGING = 10017


def parse(
    body: bytes,
    *,
    url: str,
    http_status: int | None,
    fetched_at: datetime,
    ask: Ask | None = None,
) -> Parsed:
    """Read one answer of any of the source's shapes.

    Args:
        body: The answer.
        url: Where it came from, after redirects; further pages are asked for on the same host.
        http_status: Null for a file.
        fetched_at: Becomes ``crawled_at``.
        ask: What was asked for; ``ask.listed`` is the list's record that a complaint's page completes.

    Returns:
        ``ok`` with records; ``ok`` without any at the end of paging; ``empty`` only when the pager counts nothing;
        ``blocked`` when the list is empty although the pager counts complaints.
    """
    refused = pages.http_refusal(http_status)
    if refused:
        return Parsed(*_ordered(refused))
    stripped = body.strip()
    if not stripped:
        return Parsed("blocked", reason="empty answer")
    if pages.is_html(stripped):
        return heimao_page.parse_page(
            pages.decode(body),
            url=url,
            fetched_at=fetched_at,
            listed=dict(ask.listed) if ask and ask.listed else None,
        )
    try:
        answer = orjson.loads(jsonp.plain(stripped))
    except orjson.JSONDecodeError:
        return Parsed("schema_drift", reason="neither JSON, JSONP nor a page")
    return _parse_list(answer, url=url, fetched_at=fetched_at)


def _ordered(refused: tuple[str, str]) -> tuple[str, tuple[Record, ...], str]:
    status, reason = refused
    return status, (), reason


# ---------------------------------------------------------------- the list


def _parse_list(answer: object, *, url: str, fetched_at: datetime) -> Parsed:
    unknown: set[str] = set()
    try:
        top = fields.Fields(answer, path="$", kind="$", unknown=unknown)
        result = top.child("result")
        status = result.child("status")
        refused = _refused(status.code("code"), status.text("msg"))
        if refused:
            return refused
        data = result.child("data")
        pager = data.child("pager")
        entries = data.take("lists")
        if not isinstance(entries, list):
            fields.refuse("result.data.lists", "expected a list")
        item_count = _whole(pager.take("item_count"))
        following = _whole(pager.take("next")) or 0
        page_amount = _whole(pager.take("page_amount"))
        pager.skip("current", "page_size")
        result.skip("timestamp", "encoding")
        for part in (status, pager, data, result):
            part.close()
    except fields.FieldError as error:
        reject = Reject(error.field, error.reason)
        named = frozenset(unknown)
        return Parsed("schema_drift", (), str(error), (reject,), named)
    if not entries:
        return _without_entries(item_count, unknown)
    if all(_is_company(entry) for entry in entries):
        reason = f"company search: {len(entries)} companies, no complaints"
        return Parsed("ok", reason=reason, unknown_fields=frozenset(unknown))
    records: list[Record] = []
    rejects: list[Reject] = []
    asks: list[Ask] = []
    for index, entry in enumerate(entries):
        try:
            record, detail = _listed(
                entry, index=index, url=url, fetched_at=fetched_at, unknown=unknown
            )
        except fields.FieldError as error:
            rejects.append(Reject(error.field, error.reason))
            continue
        records.append(record)
        if detail:
            asks.append(Ask(detail, listed=record))
    if 0 < following <= (page_amount or following):
        asks.append(Ask(_page_url(url, following), is_page=True))
    return from_records(records, rejects, unknown_fields=unknown, asks=asks)


def _refused(code: object, message: str | None) -> Parsed | None:
    """What the call's own status says when it is not 0."""
    if code == _LOGIN:
        return Parsed("login_wall", reason=f"code {_LOGIN}")
    if code == _END_OF_PAGING:
        return Parsed("ok", reason="end of paging")
    if code != 0 or isinstance(code, bool):
        return Parsed("error", reason=f"code {code!r:.20}: {(message or '')[:80]}")
    return None


def _without_entries(item_count: int | None, unknown: set[str]) -> Parsed:
    if item_count == 0:
        return Parsed(
            "empty", reason="the pager counts 0", unknown_fields=frozenset(unknown)
        )
    if item_count is None:
        return Parsed(
            "schema_drift",
            reason="no entries and result.data.pager.item_count is missing",
            unknown_fields=frozenset(unknown),
        )
    return Parsed(
        "blocked",
        reason=f"no entries although the pager counts {item_count}",
        unknown_fields=frozenset(unknown),
    )


def _is_company(entry: object) -> bool:
    """An entry of the company look-up, which answers in the same envelope."""
    return (
        isinstance(entry, dict)
        and "main" not in entry
        and {"title", "uid"} <= set(entry)
    )


def _listed(
    entry: object, *, index: int, url: str, fetched_at: datetime, unknown: set[str]
) -> tuple[Record, str | None]:
    """One entry's record and the URL of its own page."""
    outer = fields.Fields(entry, path=f"lists[{index}]", kind="lists", unknown=unknown)
    main = outer.child("main")
    # The person: nothing of this block is needed.
    outer.skip("author")
    outer.close()
    number = main.needed_text("sn")
    title = heimao_page.title_text(main.text("title"))
    summary = pages.markup_text(main.text("summary"))
    if title is None and summary is None:
        raise fields.FieldError(
            field=f"lists[{index}].main.title",
            reason="expected a title or a summary, found neither",
        )
    published_at, precision = stamps.read(main.take("timestamp"))
    page = main.text("url")
    status = main.text("status_desc")
    status_code = main.text("status")
    record: Record = {
        "platform": PLATFORM,
        "kind": "complaint",
        "post_id": number,
        "url": heimao_page.permalink(page, number),
        "transport": "web",
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": title,
        "text": summary,
        "text_truncated": True,
        "author": {"id": main.needed_text("uid"), "id_kind": "native"},
        "complaint": {
            "target": pages.markup_text(main.text("cotitle")),
            "target_id": main.text("couid"),
            "amount_yuan": heimao_page.yuan(main.take("cost")),
            "issues": heimao_page.parts(main.text("issue")),
            "demand": main.text("appeal"),
            # The list's numbers have no published meaning; the complaint's own page has the words.
            "status": status or (f"code {status_code}" if status_code else None),
        },
        "metrics": {
            "likes": _whole(main.take("upvote_amount")),
            "shares": _whole(main.take("share_amount")),
            "comments": _whole(main.take("comment_amount")),
        },
    }
    main.skip("evaluate_u", "is_anonymous", "is_mosaic")
    main.close()
    return record, _same_host(url, page)


def _page_url(url: str, page: int) -> str:
    """The list's URL for another page."""
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()} | {
        "page": str(page)
    }
    return urlunsplit(parts._replace(query=urlencode(query)))


def _same_host(url: str, link: str | None) -> str | None:
    """A complaint's page, asked for on the host and by the scheme that served the list."""
    if not link:
        return None
    try:
        found, base = urlsplit(link), urlsplit(url)
    except ValueError:
        return None
    if found.netloc and found.netloc != base.netloc:
        return None
    return urlunsplit((base.scheme, base.netloc, found.path, found.query, ""))


def _whole(value: object) -> int | None:
    text = (
        str(value).strip()
        if isinstance(value, (str, int)) and not isinstance(value, bool)
        else ""
    )
    return int(text) if re.fullmatch(r"\d{1,15}", text, re.ASCII) else None
