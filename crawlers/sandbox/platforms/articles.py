"""公众号 articles as their pages: one import record in, the page that the platform's parser reads back into it.

The address carries what a shared link carries (``chksm``, ``scene``), which no record may keep. Shapes:
platforms/wechat_mp.md.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from crawlers.records import times

HOST: Final = "mp.weixin.qq.com"
#: What stands where an article was.
GONE: Final = '<!DOCTYPE html><html><body><div class="weui-msg"><h2 class="weui-msg__title">该内容已被发布者删除</h2></div></body></html>'.encode()


def identity(record: Mapping[str, Any]) -> dict[str, str]:
    """The numbers that open an article: account, message, place, check."""
    biz = base64.b64encode(str(record["author"]["id"]).encode()).decode()
    sn = hashlib.blake2b(str(record["post_id"]).encode(), digest_size=16).hexdigest()
    return {"__biz": biz, "mid": str(record["post_id"]), "idx": "1", "sn": sn}


def post_id(record: Mapping[str, Any]) -> str:
    """The id under which the parser knows the article."""
    numbers = identity(record)
    return f"{numbers['__biz']}:{numbers['mid']}:{numbers['idx']}"


def link(record: Mapping[str, Any]) -> str:
    """A shared link, as people send it around."""
    return f"http://{HOST}/s?{urlencode({**identity(record), 'chksm': 'sandbox', 'scene': '27'}, safe='=')}"


def page(record: Mapping[str, Any], *, is_empty: bool, is_drifted: bool) -> bytes:
    """An article's page.

    Args:
        record: The post.
        is_empty: The frame alone, without an article in it.
        is_drifted: The same content under other names, as after a redesign.
    """
    author, numbers = record["author"], identity(record)
    title = html.escape(record.get("title") or "")
    sent = int(times.utc(record.get("published_at") or record["crawled_at"]).timestamp())  # fmt: skip
    pictures = "".join(
        f'<p><img data-src="{html.escape(item["url"])}" src="data:image/gif;base64,AAAA"></p>'
        for item in record.get("media") or ()
        if item.get("url")
    )
    links = "".join(f'<p><a href="{html.escape(each)}">{html.escape(each)}</a></p>' for each in record.get("links") or ())  # fmt: skip
    tags = " ".join(f'<a class="wx_topic_link">#{html.escape(tag)}</a>' for tag in record.get("hashtags") or ())  # fmt: skip
    words = "".join(f"<p>{html.escape(line)}</p>" for line in (record.get("text") or "").split("\n") if line)  # fmt: skip
    variables = {
        "biz": numbers["__biz"],
        "mid": numbers["mid"],
        "idx": numbers["idx"],
        "sn": numbers["sn"],
        "ct": str(sent),
        "user_name": f"gh_{numbers['sn'][:12]}",
        "profile_signature": author.get("bio") or "",
    }
    # A script element ends at the first "</", whatever it stands in.
    script = "\n".join(f"var {name} = {json.dumps(value)};" for name, value in variables.items()).replace("</", "<\\/")  # fmt: skip
    place = json.dumps({"countryName": "中国", "provinceName": author.get("region") or ""}, ensure_ascii=False)  # fmt: skip
    body = (
        f'<div id="js_article" class="rich_media"><h1 class="rich_media_title" id="activity-name">{title}</h1>'
        f'<a id="js_name">{html.escape(author.get("name") or "")}</a><em id="publish_time"></em>'
        f'<div id="js_content" style="visibility: hidden;">{words}{links}{pictures}<p>{tags}</p></div></div>'
    )
    whole = (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><meta property="og:title" content="{title}">'
        f'<meta property="og:url" content="{html.escape(link(record))}"><title></title></head>'
        f'<body id="activity-detail">{"" if is_empty else body}'
        f"<script>{script if not is_empty else ''}\nwindow.ip_wording = {place};</script></body></html>"
    )
    if is_drifted:
        whole = whole.replace('id="js_', 'id="mp_').replace("var ", "let v9_")
    return whole.encode()
