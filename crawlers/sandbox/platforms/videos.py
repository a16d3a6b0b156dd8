"""抖音's web, 快手 and 视频号 as an operator's browser or tool saves them: posts and comments in their true shapes.

In: import records (CONTRACT §3). Out: JSON values, and the table of a download tool. Links to files carry what signs them,
because the true ones do and no record may keep it. Shapes: platforms/douyin.md B, kuaishou.md, wechat_channels.md.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from crawlers.records import times

Record = Mapping[str, Any]
Answer = dict[str, Any]


def _moment(record: Record) -> datetime:
    return times.utc(record.get("published_at") or record["crawled_at"])


def _seconds(record: Record) -> int:
    return int(_moment(record).timestamp())


def _count(record: Record, name: str) -> int:
    return (record.get("metrics") or {}).get(name) or 0


def _words(record: Record) -> str:
    return record.get("text") or record.get("title") or ""


def _pictures(record: Record) -> list[Mapping[str, Any]]:
    return [item for item in record.get("media") or () if item.get("url")]


def _picture_text(record: Record) -> str:
    return " ".join(item["ocr"] for item in record.get("media") or () if item.get("ocr"))  # fmt: skip


# ---------------------------------------------------------------- 抖音


def douyin_search(records: Sequence[Record], *, has_more: bool) -> Answer:
    """A page of the web search; every other post stands in a mixed card."""
    cards = []
    for place, record in enumerate(records):
        aweme = _aweme(record)
        shown = {"aweme_mix_info": {"mix_items": [aweme]}} if place % 2 else {"aweme_info": aweme}  # fmt: skip
        cards.append({"type": 1, **shown})
    return {"status_code": 0, "data": cards, "has_more": int(has_more), "cursor": len(cards), "extra": {"logid": "sandbox"}}  # fmt: skip


def _aweme(record: Record) -> Answer:
    author = record["author"]
    tags = record.get("hashtags") or ()
    verified = author.get("verified")
    aweme: Answer = {
        "aweme_id": record["post_id"],
        "desc": _words(record),
        "create_time": _seconds(record),
        "aweme_type": 0,
        "ip_label": author.get("region"),
        "author": {
            "sec_uid": author["id"],
            "unique_id": author.get("handle") or "",
            "nickname": author.get("name") or author["id"],
            "signature": author.get("bio") or "",
            "follower_count": author.get("followers") or 0,
            "custom_verify": "认证达人" if verified == "personal" else "",
            "enterprise_verify_reason": _reason(verified),
            "room_id": (record.get("live") or {}).get("room_id") or 0,
            "live_status": int(bool((record.get("live") or {}).get("is_live"))),
        },
        "statistics": {
            "digg_count": _count(record, "likes"),
            "comment_count": _count(record, "comments"),
            "share_count": _count(record, "shares"),
            "collect_count": _count(record, "collects"),
            "play_count": 0,
        },
        "video": {
            "cover": {"url_list": [f"{item['url']}?x-expires=1&x-signature=sandbox" for item in _pictures(record)]}
        },
        "text_extra": [{"type": 1, "hashtag_name": tag} for tag in tags],
    }  # fmt: skip
    if _picture_text(record):
        aweme["seo_info"] = {"seo_ocr_content": _picture_text(record)}
    return aweme


def _reason(verified: str | None) -> str:
    """What stands beside the mark of a checked account."""
    return {"business": "示例企业官方账号", "government": "示例市公安局官方账号", "media": "示例日报官方账号"}.get(verified or "", "")  # fmt: skip


def douyin_comments(records: Sequence[Record]) -> Answer:
    """Comments under one video."""
    entries = [
        {
            "cid": record["post_id"],
            "text": _words(record),
            "create_time": _seconds(record),
            "digg_count": _count(record, "likes"),
            "reply_comment_total": _count(record, "comments"),
            "reply_id": "0",
            "aweme_id": record.get("parent_id"),
            "ip_label": record["author"].get("region"),
            "user": {"sec_uid": record["author"]["id"], "nickname": record["author"].get("name")},
        }
        for record in records
    ]  # fmt: skip
    return {"status_code": 0, "comments": entries, "cursor": len(entries), "has_more": 0, "total": len(entries)}  # fmt: skip


# ---------------------------------------------------------------- 快手


def kuaishou_search(records: Sequence[Record], *, has_more: bool) -> Answer:
    """A page of the search."""
    feeds = []
    for record in records:
        author, live = record["author"], record.get("live") or {}
        photo: Answer = {
            "id": record["post_id"],
            "caption": _words(record),
            "originCaption": _words(record),
            "realLikeCount": _count(record, "likes"),
            "likeCount": str(_count(record, "likes")),
            "viewCount": str(_count(record, "views")),
            "commentCount": _count(record, "comments"),
            "timestamp": _seconds(record) * 1000,
        }
        for item in _pictures(record)[:1]:
            photo["coverUrl"] = f"{item['url']}?clientCacheKey=sandbox"
            photo["photoUrl"] = f"https://film.example.net/{record['post_id']}.mp4?pkey=sandbox-signature"  # fmt: skip
        feeds.append(
            {
                "type": 1,
                "author": {
                    "id": author["id"],
                    "name": author.get("name") or author["id"],
                    "livingInfo": {"liveStreamId": live["room_id"]} if live.get("room_id") else None,
                },
                "photo": photo,
                "tags": [{"type": 1, "name": tag} for tag in record.get("hashtags") or ()],
            }
        )  # fmt: skip
    return {"result": 1, "pcursor": "1" if has_more else "no_more", "searchSessionId": "sandbox", "feeds": feeds}  # fmt: skip


def kuaishou_accounts(records: Sequence[Record]) -> Answer:
    """The account search: each author once, with the profile text that a video does not show."""
    once = {record["author"]["id"]: record["author"] for record in records}
    users = [
        {
            "user_id": number,
            "user_name": author.get("name") or number,
            "user_text": author.get("bio") or "",
            "fansCount": author.get("followers") or 0,
            "verified": author.get("verified") not in (None, "none"),
        }
        for number, author in sorted(once.items())
    ]
    return {"result": 1, "pcursor": "no_more", "users": users}


def kuaishou_comments(records: Sequence[Record]) -> Answer:
    """Comments under the video of the request."""
    entries = [
        {
            "comment_id": record["post_id"],
            "content": _words(record),
            "timestamp": _seconds(record) * 1000,
            "author_id": record["author"]["id"],
            "author_name": record["author"].get("name"),
            "likedCount": _count(record, "likes"),
            "hasSubComments": False,
        }
        for record in records
    ]
    return {"result": 1, "commentCountV2": len(entries), "pcursorV2": "no_more", "rootCommentsV2": entries}  # fmt: skip


# ---------------------------------------------------------------- 视频号


def channels_search(records: Sequence[Record]) -> Answer:
    """A page of the search through the operator's own client."""
    return {
        "code": 0,
        "message": "success",
        "data": {
            "errCode": 0,
            "errMsg": "ok",
            "data": {
                "BaseResponse": {"Ret": 0, "ErrMsg": {"String": ""}},
                "objectList": [_channels_post(record) for record in records],
                "continueFlag": 0,
            },
        },
    }


def _channels_post(record: Record) -> Answer:
    author, live = record["author"], record.get("live") or {}
    is_live = record["kind"] == "live"
    contact: Answer = {
        "username": f"v2_{author['id']}@finder",
        "nickname": author.get("name") or author["id"],
        "signature": author.get("bio") or "",
        "extInfo": {"province": author.get("region") or ""},
    }
    if author.get("verified") not in (None, "none"):
        contact["authInfo"] = {"authIconType": 2, "authProfession": _reason(author["verified"]) or "示例达人"}  # fmt: skip
    post: Answer = {
        "id": record["post_id"],
        "objectNonceId": "sandbox",
        "createtime": _seconds(record),
        "readCount": 0,
        "likeCount": _count(record, "likes"),
        "commentCount": _count(record, "comments"),
        "favCount": _count(record, "collects"),
        "forwardCount": _count(record, "shares"),
        "ipRegionInfo": {"regionText": author.get("region") or ""},
        "contact": contact,
        "objectDesc": {
            "description": _words(record),
            "mediaType": 9 if is_live else 4,
            "media": [{"coverUrl": f"{item['url']}?token=sandbox"} for item in _pictures(record)],
        },
    }  # fmt: skip
    if is_live:
        post["liveInfo"] = {"liveId": live.get("room_id")}
    return post


def channels_table(records: Sequence[Record]) -> bytes:
    """The table that a download tool writes, as a spreadsheet on Windows likes it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["ID", "标题", "作者", "认证主体", "链接", "点赞量", "评论量", "收藏量", "转发量", "创建时间", "IP属地"])  # fmt: skip
    for record in records:
        author = record["author"]
        shown = _moment(record).astimezone(times.SHANGHAI)
        writer.writerow([
            f"ID_{record['post_id']}", _words(record), author.get("name") or "", _reason(author.get("verified")),
            "https://finder.video.example.com/stodownload?encfilekey=sandbox&token=sandbox",
            *(_count(record, name) for name in ("likes", "comments", "collects", "shares")),
            shown.strftime("%Y-%m-%d %H:%M:%S"), author.get("region") or "",
        ])  # fmt: skip
    return b"\xef\xbb\xbf" + text.getvalue().encode()
