"""What 快手's web answers consist of: a video, an account (in two shapes), a comment.

In: one object being consumed (``fields.Fields``). Out: its record. Links to files are kept without what signs them.
Shapes: platforms/kuaishou.md.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from crawlers.sources import blocks, captions
from crawlers.sources.fields import Fields, refuse
from crawlers.sources.parsed import Record

PLATFORM: Final = "kuaishou"


def video(entry: Fields, *, query: str | None, fetched_at: datetime) -> Record:
    """A video; needs ``photo.id``, ``author.id`` and a caption, which may be blank."""
    photo, author = entry.child("photo"), entry.child("author")
    number = photo.needed_identity("id")
    native = author.needed_identity("id")
    if not any(
        isinstance(photo.get(name), str) for name in ("caption", "originCaption")
    ):
        refuse(photo.path("caption"), "expected text, found none")
    original = captions.plain(photo.text("originCaption"))
    text = captions.plain(photo.text("caption")) or original or ""
    published_at, precision = photo.moment("timestamp")
    shown_likes, likes = photo.count("likeCount"), photo.count("realLikeCount")
    commented, spoken = photo.count("commentCount"), entry.part("comment").count("us_c")
    tags = [
        tag.get("name") if isinstance(tag, dict) else None
        for tag in entry.objects("tags")
    ]
    record: Record = {
        "platform": PLATFORM,
        "kind": "post",
        "post_id": number,
        "url": f"https://www.kuaishou.com/short-video/{number}",
        "transport": "web",
        "query": query,
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": None,
        "text": text,
        "author": {
            "id": native,
            "id_kind": "native",
            "name": captions.plain(author.text("name")),
            "url": _profile_url(native),
        },
        "hashtags": captions.hashtags(
            text, [tag for tag in tags if isinstance(tag, str)]
        ),
        "mentions": captions.named(text),
        "live": _live(author),
        "media": _media(photo),
        "metrics": {
            "views": photo.count("viewCount"),
            "likes": shown_likes if likes is None else likes,
            "comments": spoken if commented is None else commented,
            "shares": photo.count("shareCount"),
            "collects": photo.count("collectCount"),
        },
    }
    photo.skip(
        "animatedCoverUrl", "coverUrls", "croppedPhotoUrl", "duration", "expTag", "height", "liked", "llsid",
        "manifest", "manifestH265", "musicBlocked", "profileUserTopPhoto", "riskTagContent", "riskTagUrl",
        "stereoType", "videoRatio", "videoResource", "width",
    )  # fmt: skip
    author.skip("following", "headerUrl", "headerUrls", "livingInfo")
    entry.skip("canAddComment", "currentPcursor", "llsid", "status", "type")
    for part in (photo, author, entry):
        part.close()
    return record


def profile(entry: Fields, *, fetched_at: datetime) -> Record:
    """An account of the account search; ``verified`` says that somebody was checked, not who."""
    is_checked = entry.take("verified")
    live = _live(entry)
    record = _account_record(
        entry,
        fetched_at=fetched_at,
        author={
            "verified": "none" if is_checked is False else None,
            "verified_raw": "verified" if is_checked is True else None,
            "followers": entry.count("fansCount"),
        },
    )
    entry.skip("headurl", "isFollowing", "livingInfo", "user_sex", "visitorBeFollowed")
    entry.close()
    return {**record, "live": live}


def graph_profile(profile: Fields, *, fetched_at: datetime) -> Record:
    """An account as the older GraphQL call shows it; its fans are words (``1.3万``)."""
    counted, person = profile.part("ownerCount"), profile.child("profile")
    posts, public = counted.count("photo"), counted.count("photo_public")
    record = _account_record(
        person,
        fetched_at=fetched_at,
        author={
            "followers": counted.count("fan"),
            "following": counted.count("follow"),
            "posts": public if posts is None else posts,
        },
    )
    person.skip("gender", "headurl", "user_profile_bg_url")
    profile.skip("isFollowing", "livingId")
    for part in (person, counted, profile):
        part.close()
    return record


def _account_record(
    person: Fields, *, fetched_at: datetime, author: dict[str, Any]
) -> Record:
    """An account as a record; needs its id and its name."""
    native = person.needed_identity("user_id")
    name = captions.plain(person.text("user_name"))
    if name is None:
        refuse(person.path("user_name"), "expected text, found none")
    bio = captions.plain(person.text("user_text"))
    return {
        "platform": PLATFORM,
        "kind": "profile",
        "post_id": f"profile/{native}",
        "url": _profile_url(native),
        "transport": "web",
        "published_at": None,
        "published_precision": "none",
        "crawled_at": fetched_at.isoformat(),
        "title": name,
        "text": bio,
        "author": {
            "id": native,
            "id_kind": "native",
            "name": name,
            "bio": bio,
            "url": _profile_url(native),
            **author,
        },
    }


def comment(entry: Fields, *, photo: str | None, fetched_at: datetime) -> Record:
    """A comment; needs its id, its text and its writer's id. Which video it is about, the answer does not say."""
    number = entry.needed_identity("comment_id")
    if not isinstance(entry.get("content"), str):
        refuse(entry.path("content"), "expected text, found none")
    published_at, precision = entry.moment("timestamp")
    record: Record = {
        "platform": PLATFORM,
        "kind": "comment",
        "post_id": number,
        "transport": "web",
        "published_at": published_at,
        "published_precision": precision,
        "crawled_at": fetched_at.isoformat(),
        "title": None,
        "text": captions.plain(entry.take("content")) or "",
        "parent_id": photo,
        "author": {
            "id": entry.needed_identity("author_id"),
            "id_kind": "native",
            "name": entry.text("author_name"),
        },
        "metrics": {
            "likes": entry.count("likedCount"),
            "comments": entry.count("commentCount"),
        },
    }
    entry.skip(
        "authorLiked", "author_liked", "commentAuthorTags", "hasSubComments", "headurl", "liked", "pinned", "status",
        "subComments", "subCommentsCount", "subCommentsPcursor",
    )  # fmt: skip
    entry.close()
    return record


def _profile_url(native: str) -> str:
    return f"https://www.kuaishou.com/profile/{native}"


def _live(author: Fields) -> dict[str, Any]:
    """``live`` of a record: the account is on air while ``livingInfo`` is set; null where the shape does not say."""
    if not author.has("livingInfo"):
        return {"is_live": None, "room_id": None}
    said = author.get("livingInfo")
    info = author.inside(said if isinstance(said, dict) else {}, name="livingInfo")
    return {
        "is_live": bool(said),
        "room_id": info.identity("liveStreamId") or info.identity("id"),
    }


def _media(photo: Fields) -> list[dict[str, Any]]:
    film = photo.take("photoUrl")
    listed = photo.objects("photoUrls")
    if not film and listed and isinstance(listed[0], dict):
        film = listed[0].get("url")
    return blocks.media([("video", film), ("cover", photo.take("coverUrl"))])
