"""What 视频号's local tools export: a post or live room, an account.

In: one object being consumed (``fields.Fields``). Out: its record. Nonces, keys and stream addresses are never kept.
Shapes: platforms/wechat_channels.md, import format 1.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final

from crawlers.sources import blocks, captions
from crawlers.sources.fields import Fields, refuse
from crawlers.sources.parsed import Record

PLATFORM: Final = "wechat_channels"

#: ``objectDesc.mediaType`` of a live room, of pictures and of films.
LIVE: Final = 9
_MEDIA_KINDS: Final = ((2, "image"), (4, "video"))
#: ``authInfo.authIconType``, a guess of platforms/wechat_channels.md: 1 a person, 2 an organisation.
_PERSON: Final = 1
_SHARED = re.compile(
    r"weixin\.qq\.com/(?:[\w-]{1,40}/){0,3}sph(?:/|\?(?:[^#\s]{0,400}&)?id=)([0-9A-Za-z_-]{1,64})"
)


def shared_id(link: str | None) -> str | None:
    """The id of a shared link, in either of its forms; null for any other address."""
    found = _SHARED.search(link or "")
    return found[1] if found else None


def shared_link(link: str | None) -> str | None:
    """A shared link in its short form; null for any other address."""
    number = shared_id(link)
    return f"https://weixin.qq.com/sph/{number}" if number else None


def post(entry: Fields, *, query: str | None, fetched_at: datetime) -> Record:
    """A post; needs its id, its account's ``username`` and a description, which may be blank."""
    number = entry.needed_identity("id")
    content, contact = entry.child("objectDesc"), entry.part("contact")
    if not isinstance(content.get("description"), str):
        refuse(content.path("description"), "expected text, found none")
    text = captions.plain(content.take("description")) or ""
    native = entry.identity("username")
    if native is None:
        native = contact.needed_identity("username")
    nickname = entry.text("nickname")
    author, identifiers = _author(contact, native=native, nickname=nickname)
    region = entry.part("ipRegionInfo").text("regionText")
    published_at, precision = entry.moment("createtime")
    titles = [
        part.get("shortTitle") if isinstance(part, dict) else None
        for part in content.objects("shortTitle")
    ]
    medium = content.code("mediaType")
    room = entry.part("liveInfo")
    room_id = room.identity("liveId")
    is_live = medium == LIVE
    record: Record = {
        "platform": PLATFORM,
        "kind": "live" if is_live else "post",
        "post_id": number,
        "url": shared_link(entry.text("source_url")),
        "transport": "export",
        "query": query,
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": captions.plain(
            " ".join(title for title in titles if isinstance(title, str))
        ),
        "text": text,
        "author": {**author, "region": region or author["region"]},
        "hashtags": captions.hashtags(text),
        "live": {"is_live": is_live, "room_id": room_id},
        "media": _media(
            content.objects("media"),
            kind=next(
                (kind for number, kind in _MEDIA_KINDS if number == medium), None
            ),
        ),
        "metrics": {
            # 0 wherever the client does not show it.
            "views": entry.count("readCount") or None,
            "likes": entry.count("likeCount"),
            "comments": entry.count("commentCount"),
            "shares": entry.count("forwardCount"),
            "collects": entry.count("favCount"),
        },
        "identifiers": identifiers,
    }
    content.skip("extReading", "feedLocation", "followPostInfo", "location", "mentionedUser", "topic", "clientDraftExtInfo")  # fmt: skip
    content.close()
    entry.skip(
        "commentClose", "commentList", "displayid", "favFlag", "followFlag", "forwardFlag", "friendLikeCount",
        "likeFlag", "likeList", "objectNonceId", "objectStatus", "objectType", "permissionFlag", "sessionBuffer",
        "source_url", "urlValidDuration",
    )  # fmt: skip
    entry.close()
    return record


def account(entry: Fields, *, fetched_at: datetime) -> Record:
    """An account of the contact search; needs ``username`` and a name."""
    contact = entry.child("contact")
    native = contact.needed_identity("username")
    author, identifiers = _author(contact, native=native, nickname=None)
    if author["name"] is None:
        refuse(contact.path("nickname"), "expected text, found none")
    entry.skip(
        "friendFollowCount", "highlightNickname", "highlightSignature", "reqIndex"
    )
    entry.close()
    return {
        "platform": PLATFORM,
        "kind": "profile",
        "post_id": f"profile/{native}",
        "url": None,
        "transport": "export",
        "published_at": None,
        "published_precision": "none",
        "crawled_at": fetched_at.isoformat(),
        "title": author["name"],
        "text": author["bio"],
        "author": author,
        "identifiers": identifiers,
    }


def _author(
    contact: Fields, *, native: str, nickname: str | None
) -> tuple[dict[str, Any], list[dict[str, str]]]:
    has_check = isinstance(contact.get("authInfo"), dict)
    check, place = contact.part("authInfo"), contact.part("extInfo")
    text, icon = (
        captions.plain(check.text("authProfession")),
        check.code("authIconType"),
    )
    organisation = text if icon != _PERSON or blocks.companies(text) else None
    kind, raw = (
        blocks.verified(organisation, text if organisation is None else None)
        if has_check
        else (None, None)
    )
    author = {
        "id": native,
        "id_kind": "native",
        "name": captions.plain(contact.text("nickname")) or captions.plain(nickname),
        "bio": captions.plain(contact.text("signature")),
        "verified": kind,
        "verified_raw": raw,
        "region": place.text("province") or place.text("city"),
    }
    contact.skip("coverImgUrl", "followFlag", "headUrl", "liveCoverImgUrl", "liveStatus", "seq", "spamStatus", "username", "extFlag", "originalFlag", "userFlag")  # fmt: skip
    contact.close()
    return author, blocks.company_identifiers(organisation, field="author.authInfo")


def _media(listed: list[Any], *, kind: str | None) -> list[dict[str, Any]]:
    """Pictures, or a film and its cover; a live room has its cover alone. Only a link's path outlives the day."""
    found: list[tuple[str, object]] = []
    for medium in listed:
        if not isinstance(medium, dict):
            continue
        if kind is not None:
            found.append((kind, medium.get("url")))
        if kind != "image":
            cover = medium.get("coverUrl") or medium.get("thumbUrl")
            found.append(("cover", cover))
    return blocks.media(found)
