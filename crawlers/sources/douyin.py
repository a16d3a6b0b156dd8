"""抖音: what an operator saved from the web pages, and the answers of the official search.

In: one answer. Out: records of platform ``douyin``: videos and notes (``post``), live rooms (``live``), accounts
(``profile``) and comments (``comment``, whose authors whoever writes them down hashes first). Which shape an answer is, its
content tells: search, also as a stream of frames, detail, an account's videos, account and account search, live search,
comments; official search and token (``crawlers.sources.douyin_official``). The web calls are signed and never made here.
Shapes: platforms/douyin.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final

from crawlers.sources import answers, captions, douyin_official, douyin_video, urls
from crawlers.sources.fields import Fields, refuse
from crawlers.sources.parsed import Ask, Parsed, Record, from_records, merged

PLATFORM: Final = douyin_video.PLATFORM

#: A frame of the streamed search: its length in hex on a line of its own, then the JSON.
_FRAME_LENGTH = re.compile(rb"[0-9a-fA-F]{1,8}(?:;[^\r\n]*)?")
#: One page of results comes in a dozen frames; hundreds are no stream.
_MOST_FRAMES: Final = 400
_LOGIN_PAGE: Final = "登录后即可搜索".encode()
#: Lists by the field that holds them, and what their entries are.
_LISTS: Final = ("data", "aweme_list", "user_list")


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
        url: Where it came from; its ``keyword`` becomes ``query``, and the official search's next page is asked for
            at the same address.
        http_status: Null for a file.
        fetched_at: Becomes ``crawled_at``.
        ask: Not used.

    Returns:
        ``empty`` only for an empty list that says why it is none: no check, no login, nothing further.
    """
    if _LOGIN_PAGE in body and b'"status_code"' not in body:
        return Parsed("login_wall", reason="the page asks for a login before searching")

    def read(top: Fields, unknown: set[str]) -> Parsed:
        if top.has("err_no"):
            return douyin_official.read_search(
                top, unknown, url=url, fetched_at=fetched_at
            )
        if douyin_official.is_token(top):
            return douyin_official.read_token(top, unknown)
        return _read_web(top, unknown, url=url, fetched_at=fetched_at)

    frames = _frames(body)
    if frames:
        return merged(
            [
                answers.parse(frame, http_status=http_status, read=read)
                for frame in frames
            ]
        )
    return answers.parse(body, http_status=http_status, read=read)


def _frames(body: bytes) -> list[bytes]:
    """The JSON texts of a chunked stream; none for any other body.

    A JSON text on the wire has no line breaks, so lines tell the frames apart, whether lengths count bytes or, in a
    saved copy, characters.
    """
    first, _, rest = body.lstrip().partition(b"\n")
    if not _FRAME_LENGTH.fullmatch(first.strip()) or not rest.lstrip().startswith(b"{"):
        return []
    lines = (line.strip() for line in rest.split(b"\n"))
    found = [line for line in lines if line.startswith(b"{")]
    return found if len(found) <= _MOST_FRAMES else []


def _read_web(
    top: Fields, unknown: set[str], *, url: str, fetched_at: datetime
) -> Parsed:
    status, message = top.code("status_code"), top.text("status_msg")
    top.skip("extra", "log_pb", "ad_info", "search_nil_item", "time_cost", "path")
    if status not in (0, None):
        reason = f"status_code {status!r:.20}: {answers.said(message)}"
        return Parsed(answers.refusal(message, otherwise="error"), reason=reason)
    if top.has("aweme_detail"):
        return _read_detail(top, unknown, url=url, fetched_at=fetched_at)
    if top.has("comments"):
        return _read_comments(top, unknown, url=url, fetched_at=fetched_at)
    if top.has("user"):
        user = top.child("user")
        top.close()
        record = douyin_video.profile(user, fetched_at=fetched_at)
        return from_records([record], [], unknown_fields=unknown)
    name = next((name for name in _LISTS if isinstance(top.get(name), list)), None)
    if name is not None:
        return _read_list(top, unknown, name=name, url=url, fetched_at=fetched_at)
    if status is None:
        refuse("$.data", "expected one of the shapes of 抖音, found none")
    return Parsed("blocked", reason="no data although status_code is 0: risk control")


def _read_detail(
    top: Fields, unknown: set[str], *, url: str, fetched_at: datetime
) -> Parsed:
    filtered = top.part("filter_detail")
    if top.get("aweme_detail") is None:
        why = filtered.text("filter_reason") or filtered.text("detail_msg")
        if why:
            return Parsed("gone", reason=f"filter_reason {answers.said(why)}")
        return Parsed("blocked", reason="aweme_detail is null and nothing says why")
    record = douyin_video.video(
        top.child("aweme_detail"), query=_keyword(url), fetched_at=fetched_at
    )
    top.close()
    return from_records([record], [], unknown_fields=unknown)


# ---------------------------------------------------------------- lists


def _read_list(
    top: Fields, unknown: set[str], *, name: str, url: str, fetched_at: datetime
) -> Parsed:
    """Search, an account's videos, account search or live search: one list, and what its entries are they show."""
    found = top.take(name)
    has_more, nil = top.code("has_more"), top.part("search_nil_info")
    top.skip(
        *_LISTS, "cursor", "max_cursor", "min_cursor", "search_id", "rid", "qc", "backtrace", "input_keyword", "type",
        "myself_user_id", "global_doodle_config", "polling_time", "guide_search_words",
    )  # fmt: skip
    top.close()
    query = _keyword(url)

    def video(entry: Fields) -> Record | None:
        aweme = _aweme(entry) if name == "data" else entry
        if aweme is None:
            return None
        record = douyin_video.video(aweme, query=query, fetched_at=fetched_at)
        entry.skip(
            "aweme_info", "aweme_mix_info", "card_unique_name", "common_aladdin", "debug_diff_info", "dynamic_type",
            "provider_doc_id", "provider_doc_id_str", "show_list", "sub_card_list", "type",
        )  # fmt: skip
        entry.close()
        return record

    def room(entry: Fields) -> Record | None:
        lives = entry.part("lives")
        raw = lives.get("rawdata")
        if not isinstance(raw, str):
            return None
        return _room(raw, lives, unknown, query=query, fetched_at=fetched_at)

    def account(entry: Fields) -> Record | None:
        if not entry.has("user_info"):
            return None
        return douyin_video.profile(entry.child("user_info"), fetched_at=fetched_at)

    readers: tuple[Callable[[Fields], Record | None], ...]
    # A live room among videos is a card; the live search has nothing else.
    readers = (account,) if name == "user_list" else (video, room)
    skipped = 0
    for reader in readers:
        records, rejects, skipped = answers.entries(
            found, reader, path=f"$.{name}", unknown=unknown
        )
        if records or rejects:
            return from_records(records, rejects, unknown_fields=unknown)
    return _without_entries(nil, skipped, has_more=has_more, unknown=unknown)


def _without_entries(
    nil: Fields, skipped: int, *, has_more: object, unknown: set[str]
) -> Parsed:
    """An answer that shows nothing: why, if it says so."""
    named = frozenset(unknown)
    why = " ".join(
        captions.once(
            word
            for field in ("search_nil_type", "search_nil_item")
            if (word := nil.text(field))
        )
    )
    if why:
        # Only an answer that gives no reason for holding something back has nothing to hold back.
        status = "login_wall" if "login" in why else "blocked"
        return Parsed(status, (), f"search_nil_info: {answers.said(why)}", (), named)
    if skipped:
        return Parsed("ok", (), f"{skipped} cards and no post", (), named)
    if has_more in (0, "0"):  # false is 0 as well
        return Parsed(
            "empty", (), "an empty list, nothing further, no reason given", (), named
        )
    reason = f"an empty list although has_more is {has_more!r:.20}"
    return Parsed("blocked", (), reason, (), named)


def _aweme(entry: Fields) -> Fields | None:
    """The post inside a card; null for cards of other things."""
    for name in ("aweme_info", "aweme"):
        if isinstance(entry.get(name), dict):
            return entry.child(name)
    if isinstance(entry.get("aweme_mix_info"), dict):
        mix = entry.child("aweme_mix_info")
        items = mix.objects("mix_items")
        if items:
            return mix.inside(items[0], name="mix_items[0]")
    is_other = entry.has("card_info") or entry.has("lives")
    if entry.get("type") in (1, None) and not is_other:
        refuse(entry.path("aweme_info"), "expected a post, or a card that says what else it is")  # fmt: skip
    return None


def _room(
    raw: str,
    lives: Fields,
    unknown: set[str],
    *,
    query: str | None,
    fetched_at: datetime,
) -> Record:
    """A live room, which the answer holds as JSON in a text."""
    path = lives.path("rawdata")
    try:
        content = answers.load(raw.encode("utf-8", "replace"))
    except ValueError:
        refuse(path, "expected JSON in the text")
    room = Fields(content, path=path, kind="$.data.lives.rawdata", unknown=unknown)
    return douyin_video.room(room, query=query, fetched_at=fetched_at)


# ---------------------------------------------------------------- comments


def _read_comments(
    top: Fields, unknown: set[str], *, url: str, fetched_at: datetime
) -> Parsed:
    if not isinstance(top.get("comments"), (list, type(None))):
        refuse("$.comments", "expected a list")
    found = top.take("comments") or []
    total, has_more = top.count("total"), top.code("has_more")
    top.skip(
        "cursor", "reply_style", "user_commented", "hotsoon_filtered_count", "general_comment_config", "folded_comment_count",
        "fast_response_comment", "show_management_entry_point", "comment_common_data", "comment_config",
    )  # fmt: skip
    top.close()
    asked_for = urls.parameter(url, "aweme_id")

    def read(entry: Fields) -> Record:
        return douyin_video.comment(entry, asked_for=asked_for, fetched_at=fetched_at)

    records, rejects, _ = answers.entries(
        found, read, path="$.comments", unknown=unknown
    )
    if records or rejects:
        return from_records(records, rejects, unknown_fields=unknown)
    if total == 0 and not has_more:
        return Parsed(
            "empty",
            reason="the answer counts 0 comments",
            unknown_fields=frozenset(unknown),
        )
    reason = f"no comments although total is {total} and has_more {has_more!r:.20}"
    return Parsed("blocked", reason=reason, unknown_fields=frozenset(unknown))


def _keyword(url: str) -> str | None:
    return urls.parameter(url, "keyword")
