"""What 抖音's web answers consist of: a video or note, an account, a live room, a comment.

In: one object being consumed (``fields.Fields``). Out: its record. Zeroes that the platform writes for "not shown here"
are null. Links to files are kept without what signs them. Shapes: platforms/douyin.md B.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from crawlers.sources import blocks, captions
from crawlers.sources.fields import Fields, code, refuse
from crawlers.sources.parsed import Record

PLATFORM: Final = "douyin"
#: ``aweme_type`` of posts that are pictures.
_NOTE: Final = 68
#: ``text_extra[].type``.
_MENTION: Final = 0


def video(aweme: Fields, *, query: str | None, fetched_at: datetime) -> Record:
    """A video or note; needs ``aweme_id``, ``author.sec_uid`` and ``desc``, which may be blank."""
    number = aweme.needed_identity("aweme_id")
    if not isinstance(aweme.get("desc"), str):
        refuse(aweme.path("desc"), "expected text, found none")
    # Places in ``text_extra`` count in the text as it came.
    raw = aweme.take("desc")
    text = captions.plain(raw)
    account, identifiers = _author(aweme.child("author"), is_search=True)
    region = place(aweme.text("ip_label"))
    is_live, room_id = account.pop("live")
    published_at, precision = aweme.moment("create_time")
    path = "note" if aweme.code("aweme_type") == _NOTE else "video"
    tags, mentions = _extras(aweme.objects("text_extra"), raw)
    tags += [_named(entry, "cha_name") for entry in aweme.objects("cha_list")]
    ocr = aweme.part("seo_info").text("seo_ocr_content")
    title = captions.plain(aweme.text("item_title") or aweme.text("preview_title"))
    found = {
        "platform": PLATFORM,
        "kind": "post",
        "post_id": number,
        "url": f"https://www.douyin.com/{path}/{number}",
        "transport": "web",
        "query": query,
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": title if title != text else None,
        "text": text or "",
        "author": {**account, "region": account["region"] or region},
        "hashtags": captions.hashtags(text, tags),
        "mentions": mentions,
        "live": {"is_live": is_live, "room_id": room_id},
        "media": _media(aweme, ocr=ocr),
        "metrics": _metrics(aweme.part("statistics")),
        "identifiers": identifiers,
    }
    aweme.skip(
        # Repeats of what is read, and how the page shows it.
        "author_user_id", "aweme_control", "caption", "cha_list_v2", "danmaku_control", "duration", "group_id",
        "is_ads", "is_multi_content", "is_top", "media_type", "music", "share_info", "share_url", "status",
        "user_digged", "video_control", "video_tag",
    )  # fmt: skip
    aweme.close()
    return found


def profile(user: Fields, *, fetched_at: datetime) -> Record:
    """An account; needs ``sec_uid`` and a name. Title and text are its name and bio."""
    account, identifiers = _author(user, is_search=False)
    is_live, room_id = account.pop("live")
    if account["name"] is None:
        refuse(user.path("nickname"), "expected text, found none")
    return {
        "platform": PLATFORM,
        "kind": "profile",
        "post_id": f"profile/{account['id']}",
        "url": account["url"],
        "transport": "web",
        "published_at": None,
        "published_precision": "none",
        "crawled_at": fetched_at.isoformat(),
        "title": account["name"],
        "text": account["bio"],
        "author": account,
        "live": {"is_live": is_live, "room_id": room_id},
        "identifiers": identifiers,
    }


def room(content: Fields, *, query: str | None, fetched_at: datetime) -> Record:
    """A live room of the live search; needs its owner's ``sec_uid`` and an id."""
    owner = content.child("owner")
    page = owner.identity("web_rid")
    account, identifiers = _author(owner, is_search=True)
    account.pop("live")
    number = content.identity("id_str") or content.identity("id")
    if number is None:
        number = f"live/{page or content.needed_identity('id')}"
    if not isinstance(content.get("title"), str):
        refuse(content.path("title"), "expected text, found none")
    text = captions.plain(content.take("title")) or ""
    return {
        "platform": PLATFORM,
        "kind": "live",
        "post_id": number,
        "url": f"https://live.douyin.com/{page}" if page else None,
        "transport": "web",
        "query": query,
        "published_at": None,
        "published_precision": "none",
        "crawled_at": fetched_at.isoformat(),
        "title": None,
        "text": text,
        "author": account,
        "hashtags": captions.hashtags(text),
        "live": {"is_live": True, "room_id": page or number},
        "media": blocks.media([("cover", blocks.first_link(content.take("cover")))]),
        "metrics": {"views": content.part("stats").count("total_user")},
        "identifiers": identifiers,
    }


def comment(entry: Fields, *, asked_for: str | None, fetched_at: datetime) -> Record:
    """A comment; needs ``cid``, ``text``, which may be blank, and ``user.sec_uid``.

    Args:
        entry: The comment; of its writer only id, name and region are read.
        asked_for: The video of the request, for comments that do not name theirs.
        fetched_at: Becomes ``crawled_at``.
    """
    person = entry.child("user")
    number = entry.needed_identity("cid")
    if not isinstance(entry.get("text"), str):
        refuse(entry.path("text"), "expected text, found none")
    text = captions.plain(entry.take("text")) or ""
    published_at, precision = entry.moment("create_time")
    record: Record = {
        "platform": PLATFORM,
        "kind": "comment",
        "post_id": number,
        "transport": "web",
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": None,
        "text": text,
        "parent_id": entry.identity("aweme_id") or asked_for,
        "author": {
            "id": person.needed_identity("sec_uid"),
            "id_kind": "native",
            "name": person.text("nickname"),
            "region": place(entry.text("ip_label")),
        },
        "metrics": {
            "likes": entry.count("digg_count"),
            "comments": entry.count("reply_comment_total"),
        },
    }
    entry.skip(
        "collect_stat", "content_type", "image_list", "is_author_digged", "is_folded", "is_hot", "is_note_comment",
        "item_comment_total", "label_list", "label_text", "label_type", "level", "reply_comment", "reply_id",
        "reply_to_reply_id", "status", "sticker", "stick_position", "text_extra", "user_buried", "user_digged",
    )  # fmt: skip
    entry.close()
    return record


def place(label: str | None) -> str | None:
    """A region without the words that the page puts before it."""
    return (label or "").removeprefix("IP属地").lstrip("：: ").strip() or None


def _author(
    user: Fields, *, is_search: bool
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """``author`` of a record with ``live`` (state and room) beside its fields, and the company that was checked.

    Args:
        user: The account's object.
        is_search: Searches write 0 for counts that they do not show; profiles show them.
    """
    number = user.needed_identity("sec_uid")
    is_checked = user.has("custom_verify") or user.has("enterprise_verify_reason")
    organisation = user.text("enterprise_verify_reason")
    person = user.text("custom_verify")
    kind, raw = blocks.verified(organisation, person) if is_checked else (None, None)
    followers, following, posts = (
        user.count(name)
        for name in ("follower_count", "following_count", "aweme_count")
    )
    if is_search:
        followers, following, posts = (
            followers or None,
            following or None,
            posts or None,
        )
    live_status, room_id = user.code("live_status"), user.identity("room_id")
    room_id = user.identity("room_id_str") or room_id
    account = {
        "id": number,
        "id_kind": "native",
        "handle": user.identity("unique_id") or user.identity("short_id"),
        "name": captions.plain(user.text("nickname")),
        "bio": captions.plain(user.text("signature")),
        "url": f"https://www.douyin.com/user/{number}",
        "verified": kind,
        "verified_raw": raw,
        "followers": followers,
        "following": following,
        "posts": posts,
        "region": place(user.text("ip_location")),
        "live": (None if live_status is None else live_status == 1, room_id),
    }
    user.skip(
        "account_cert_info", "avatar_168x168", "avatar_300x300", "avatar_larger", "avatar_medium", "avatar_thumb",
        "avatar_uri", "city", "country", "cover_url", "district", "favoriting_count", "follow_status", "follower_status",
        "gender", "province", "share_info", "short_id", "total_favorited", "uid", "unique_id_modify_time", "user_age",
        "verification_type",
    )  # fmt: skip
    user.close()
    found = blocks.company_identifiers(
        raw if kind == "business" else None, field="author.enterprise_verify_reason"
    )
    return account, found


def _extras(extras: list[Any], text: str) -> tuple[list[str | None], list[str]]:
    """Tags and mentioned names of a text; a mention's name stands in the text, counted in UTF-16 units."""
    tags: list[str | None] = []
    mentions: list[str] = []
    units = text.encode("utf-16-le", "replace")
    for extra in extras:
        if not isinstance(extra, dict):
            continue
        tags.append(_named(extra, "hashtag_name"))
        start, end = code(extra.get("start")), code(extra.get("end"))
        if code(extra.get("type")) != _MENTION or extra.get("hashtag_name"):
            continue
        if isinstance(start, int) and isinstance(end, int) and 0 <= start < end:
            name = units[2 * start : 2 * end].decode("utf-16-le", "ignore")
            if name.startswith("@") and name[1:].strip():
                mentions.append(name[1:].strip())
    return tags, captions.once(mentions)


def _named(entry: object, name: str) -> str | None:
    value = entry.get(name) if isinstance(entry, dict) else None
    return value if isinstance(value, str) else None


def _media(aweme: Fields, *, ocr: str | None) -> list[dict[str, Any]]:
    film = aweme.part("video")
    images = aweme.objects("images")
    found: list[tuple[str, object]] = [
        ("image", blocks.first_link(image)) for image in images
    ]
    cover = film.take("cover") or film.take("origin_cover")
    if not images:
        found.append(("video", blocks.first_link(film.take("play_addr"))))
        found.append(("cover", blocks.first_link(cover)))
    return blocks.media(found, ocr=ocr)


def _metrics(counted: Fields) -> dict[str, int | None]:
    """``metrics`` of a record; plays are 0 wherever the platform hides them."""
    metrics = {
        "views": counted.count("play_count") or None,
        "likes": counted.count("digg_count"),
        "comments": counted.count("comment_count"),
        "shares": counted.count("share_count"),
        "collects": counted.count("collect_count"),
    }
    counted.skip(
        "admire_count", "aweme_id", "digest", "forward_count", "recommend_count"
    )
    counted.close()
    return metrics
