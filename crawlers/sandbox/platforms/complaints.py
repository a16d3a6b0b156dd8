"""黑猫: the list of complaints and a complaint's own page, in their true shapes.

In: import records of ``heimao``, newest first, and a request. Out: the bytes that the platform answers. Shapes:
platforms/heimao.md.
"""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qs, quote, unquote

from crawlers.records import times
from crawlers.sandbox.platforms import sites

HOST: Final = "tousu.sina.com.cn"
FEED: Final = "/api/index/feed"
GONE: Final = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>页面不存在</title></head><body><div class="error404"><p>页面不存在</p></div></body></html>'.encode()
#: What the platform shows at most: 50 pages of 10 complaints.
PAGE, MOST_PAGES = 10, 50
#: What a complaint list shows of the text.
_SUMMARY_CHARS = 40

Entry = dict[str, Any]


def share_key(post_id: str) -> str:
    """The ``sld`` of a complaint's address."""
    return hashlib.blake2b(post_id.encode(), digest_size=8).hexdigest()


def listed(
    records: Sequence[Mapping[str, Any]],
    query: str,
    *,
    is_silent: bool,
    is_drifted: bool,
) -> bytes:
    """One page of the list; JSONP where a callback is asked for."""
    wanted = parse_qs(query)
    page = int(text) if (text := wanted.get("page", ["1"])[0]).isdigit() else 1
    last = -(-len(records) // PAGE)
    entries = (
        []
        if is_silent
        else [
            complaint_entry(record, is_drifted=is_drifted)
            for record in records[(page - 1) * PAGE : page * PAGE]
        ]
    )
    answer: dict[str, Any] = {
        "status": {"code": 0, "msg": "success"},
        "data": {
            "lists": entries,
            "pager": {
                "current": page,
                "next": page + 1 if page < last else 0,
                "page_amount": last,
                "page_size": PAGE,
                "item_count": len(records),
            },
        },
    }
    if page > MOST_PAGES:
        answer = {"status": {"code": 10017, "msg": "超出可翻页范围"}, "data": []}
    body = json.dumps({"result": answer}, ensure_ascii=True)
    callback = wanted.get("callback", [""])[0]
    if callback.isidentifier():
        body = f"try{{{callback}({body});}}catch(e){{}};"
    return body.encode()


def viewed(
    records: Mapping[str, Mapping[str, Any]], path: str, query: str, *, is_drifted: bool
) -> bytes:
    """A complaint's own page. Without the list's ``sld`` the platform knows no such page."""
    record = records.get(unquote(path.split("/")[3]))
    if record is None or parse_qs(query).get("sld") != [share_key(record["post_id"])]:
        return GONE
    return complaint_page(record, is_drifted=is_drifted)


def complaint_entry(record: Mapping[str, Any], *, is_drifted: bool) -> Entry:
    """One entry of the complaint list."""
    complaint = record.get("complaint") or {}
    metrics = record.get("metrics") or {}
    text = (record.get("text") or "").replace("\n", " ")
    amount = complaint.get("amount_yuan")
    main = {
        "sn": record["post_id"],
        "title": record.get("title") or text[:20],
        "summary": text[:_SUMMARY_CHARS],
        "cotitle": complaint.get("target"),
        "couid": complaint.get("target_id"),
        "appeal": complaint.get("demand"),
        "issue": ",".join(complaint.get("issues") or ()),
        "cost": ""
        if amount is None
        else f"{amount:,}"
        if sites.draw(record, 2)
        else str(amount),
        "status": 4,
        "uid": record["author"]["id"],
        "timestamp": str(int(sites.moment(record).timestamp())),
        "url": f"//tousu.sina.com.cn/complaint/view/{quote(record['post_id'])}/?sld={share_key(record['post_id'])}",
        "upvote_amount": str(metrics.get("likes") or 0),
        "share_amount": str(metrics.get("shares") or 0),
        "comment_amount": str(metrics.get("comments") or 0),
        "evaluate_u": None,
    }
    author = {
        "title": record["author"].get("name") or "匿名",
        "gender": "",
        "location": "",
    }
    if is_drifted:
        return {
            "card": {
                "number": main["sn"],
                "headline": main["title"],
                "body": main["summary"],
            },
            "owner": author,
        }
    return {"main": main, "author": author}


def complaint_page(record: Mapping[str, Any], *, is_drifted: bool) -> bytes:
    """A complaint's own page; one item of its fact list is left unclosed, as on the platform."""
    complaint = record.get("complaint") or {}
    name = html.escape(record["author"].get("name") or "匿名")
    at = sites.moment(record).astimezone(times.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    title = html.escape(record.get("title") or (record.get("text") or "")[:20])
    target = html.escape(complaint.get("target") or "")
    amount = (
        ""
        if complaint.get("amount_yuan") is None
        else f"<li><label>涉诉金额</label>：{complaint['amount_yuan']}元</li>"
    )
    page = f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{title}_黑猫投诉</title></head><body>
<div class="ts-q-user clearfix"><span class="u-name">{name}</span><span class="u-date">发布于 {at}</span></div>
<h1 class="article">{title}</h1>
<ul class="ts-q-list">
<li class="c-ft1"><label>投诉编号</label>：{html.escape(record["post_id"])}</li>
<li><label>投诉对象</label>：<a href="//tousu.sina.com.cn/company/view/?couid={html.escape(complaint.get("target_id") or "")}">{target}</a></li>
<li><label>使用服务</label>：代理服务
<li><label>投诉问题</label>：{html.escape(",".join(complaint.get("issues") or ()))}</li>
<li><label>投诉要求</label>：{html.escape(complaint.get("demand") or "")}</li>
{amount}
<li><label>投诉进度</label>：<b class="red">{html.escape(complaint.get("status") or "处理中")}</b></li>
</ul>
<div class="ts-d-steplist">
<div class="ts-d-item"><div class="ts-d-user clearfix"><span class="u-name">黑猫消费者服务平台</span><span class="u-status">审核通过</span><span class="u-date">{at}</span></div></div>
<div class="ts-d-item"><div class="ts-d-user clearfix"><span class="u-name">{name}</span><span class="u-status">发起投诉</span><span class="u-date">{at}</span></div><div class="ts-d-cont"><div class="ts-reply">{sites.paragraphs(record.get("text"))}</div></div></div>
</div></body></html>"""
    if is_drifted:
        page = (
            page.replace("ts-d-", "cs-")
            .replace("ts-q-", "cq-")
            .replace('h1 class="article"', 'h2 class="head"')
            .replace("</h1>", "</h2>")
        )
    return page.encode()
