"""The sandbox's web: a market's posts in the true shapes of the platforms that show them.

In: import records (CONTRACT §3) of ``heimao``, ``36kr``, ``rss`` and ``landing``, a moment, a state per source. Out: the
answer to a request for a host, a path and a query. Invariants: only what had been crawled by ``as_of`` is shown, in its
latest version of then; the same arguments give the same bytes. Shapes: platforms/*.md.
"""

from __future__ import annotations

import html
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

from crawlers import times
from crawlers.sandbox import apis, sites
from crawlers.sources import authorised

HEIMAO_HOST: Final = "tousu.sina.com.cn"
KR36_HOST: Final = "www.36kr.com"
FEEDS_HOST: Final = "feeds.sandbox.example"
_BY_HOST: Final = {
    HEIMAO_HOST: "heimao",
    KR36_HOST: "36kr",
    FEEDS_HOST: "rss",
    **apis.HOSTS,
}
_SERVED: Final = frozenset({*_BY_HOST.values(), "landing"})
#: What a market holds enough of to be crawled; the shops' listings seldom name the keywords.
SOURCES: Final = ("heimao", "36kr", "rss", "landing", "douyin")
STATES: Final = (
    "ok",
    "blocked",
    "captcha",
    "login_wall",
    "silent_empty",
    "rate_limited",
    "drifted",
    "hanging",
    "robots_disallowed",
)

#: What the platforms show at most: 50 pages of 10 complaints, 30 articles; feeds usually 20 to 50 items.
_HEIMAO_PAGE, _HEIMAO_PAGES = 10, 50
_FEED_ITEMS: Final = {"36kr": 30, "rss": 50}


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; ``is_hanging`` never comes."""

    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    is_hanging: bool = False


class Platforms:
    """All hosts of one market at one moment.

    Args:
        records: Import records; other platforms are ignored.
        as_of: What was crawled later is not there yet.
        states: Source to one of ``STATES``; missing is ``ok``.
    """

    def __init__(
        self,
        records: Iterable[Mapping[str, Any]],
        *,
        as_of: datetime,
        states: Mapping[str, str] | None = None,
    ) -> None:
        self._states = dict(states or {})
        latest: dict[tuple[str, str], tuple[datetime, Mapping[str, Any]]] = {}
        for record in records:
            crawled_at = times.utc(record["crawled_at"])
            key = (record["platform"], record["post_id"])
            if (
                record["platform"] in _SERVED
                and crawled_at <= as_of
                and (key not in latest or latest[key][0] < crawled_at)
            ):
                latest[key] = (crawled_at, record)
        by_source: dict[str, list[Mapping[str, Any]]] = {
            source: [] for source in _SERVED
        }
        for _, record in latest.values():
            by_source[record["platform"]].append(record)
        for shown in by_source.values():
            # Newest first, as every list of the platforms is.
            shown.sort(key=lambda record: record["post_id"])
            shown.sort(key=_published, reverse=True)
        self._heimao = by_source["heimao"][: _HEIMAO_PAGE * _HEIMAO_PAGES]
        self._complaints = {record["post_id"]: record for record in self._heimao}
        self._kr36 = by_source["36kr"][: _FEED_ITEMS["36kr"]]
        self._feeds: dict[str, list[Mapping[str, Any]]] = {}
        for record in by_source["rss"]:
            items = self._feeds.setdefault(record["author"]["id"], [])
            if len(items) < _FEED_ITEMS["rss"]:
                items.append(record)
        self._apis = {source: by_source[source] for source in apis.HOSTS.values()}
        self._pages = {sites.page_id(record): record for record in by_source["landing"]}

    # ---------------------------------------------------------------- what there is to crawl

    def shown(self) -> dict[str, list[str]]:
        """Source to the native ids of the posts that a complete crawl finds, sorted."""
        return {
            "heimao": sorted(self._complaints),
            "36kr": sorted(record["post_id"] for record in self._kr36),
            "rss": sorted(
                record["post_id"] for items in self._feeds.values() for record in items
            ),
            "landing": sorted(self._pages),
            **{
                source: sorted(
                    {
                        record["post_id"]
                        for word in apis.KEYWORDS
                        for record in apis.matching(records, word)
                    }
                )
                for source, records in self._apis.items()
                if source in SOURCES
            },
        }

    def jobs(self, base_url: str) -> list[dict[str, Any]]:
        """What to crawl: for each source with posts the fields of a job that ``crawlers.run`` needs of us.

        The caller adds ``out_dir``, ``contact`` and ``hash_key_file``. Every request goes through the sandbox as a proxy,
        so a sandbox crawl sees the platforms' true addresses and can reach nothing else.
        """
        starts: dict[str, list[Any]] = {
            "heimao": [
                f"http://{HEIMAO_HOST}/api/index/feed?type=1&page_size=10&page=1"
            ]
            if self._heimao
            else [],
            "36kr": [f"http://{KR36_HOST}/feed"] if self._kr36 else [],
            "rss": [
                {"url": _feed_url(feed), "id": feed} for feed in sorted(self._feeds)
            ],
            "landing": [f"http://{_ascii_url(page)}/" for page in sorted(self._pages)],
            **{
                source: apis.starts(source, host) if self._apis[source] else []
                for host, source in apis.HOSTS.items()
            },
        }
        return [
            {
                "source": source,
                "start": starts[source],
                "canary": starts[source][0],
                "allow_loopback": True,
                "proxy": base_url,
                **_credentials(source),
                "limits": {
                    "pages": 20_000,
                    "seconds": 120,
                    "delay": 0,
                    "concurrency": 8,
                    "timeout": 5,
                    "retries": 1,
                },
            }
            for source in SOURCES
            if starts[source]
        ]

    # ---------------------------------------------------------------- answers

    def answer(
        self,
        host: str,
        path: str,
        query: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """What ``host`` answers.

        Args:
            host: As in the request, with or without ``www.`` and port.
            path: Unquoted, beginning with a slash.
            query: As in the request.
            headers: Of the request, names in lower case.
            body: Of the request.
        """
        name = host.lower().partition(":")[0]
        source = _BY_HOST.get(name, "landing")
        state = self._states.get(source, "ok")
        if path == "/robots.txt":
            forbidden = "/" if state == "robots_disallowed" else "/api/leave"
            rules = f"User-agent: *\nDisallow: {forbidden}\n"
            return Answer(rules.encode(), content_type="text/plain")
        walled = _walled(source, state)
        if walled:
            return walled
        is_silent, is_drifted = state == "silent_empty", state == "drifted"
        if source in self._apis:
            return _json_or_missing(
                apis.answer(
                    source,
                    self._apis[source],
                    path=path,
                    query=query,
                    headers=headers or {},
                    body=body,
                    is_silent=is_silent,
                    is_drifted=is_drifted,
                )
            )
        if source == "heimao":
            return self._heimao_answer(
                path, query, is_silent=is_silent, is_drifted=is_drifted
            )
        if source == "landing":
            return self._landing_answer(
                f"{name.removeprefix('www.')}{path}",
                is_silent=is_silent,
                is_drifted=is_drifted,
            )
        return self._feed_answer(name, path, is_silent=is_silent, is_drifted=is_drifted)

    def _feed_answer(
        self, name: str, path: str, *, is_silent: bool, is_drifted: bool
    ) -> Answer:
        is_site = _BY_HOST.get(name) == "36kr"
        if is_site:
            items = self._kr36 if path == "/feed" else None
        else:
            items = self._feeds.get(path.removeprefix("/rss/"))
        if not items:
            return _missing()
        body = sites.feed(
            [] if is_silent else items,
            items[0]["author"],
            url=f"http://{name}{quote(path)}",
            is_site=is_site,
            is_drifted=is_drifted,
        )
        return Answer(body, content_type="application/xml; charset=utf-8")

    def _landing_answer(
        self, page_id: str, *, is_silent: bool, is_drifted: bool
    ) -> Answer:
        page = self._pages.get(page_id.rstrip("/"))
        if page is None:
            return _missing()
        body = sites.landing_page(page, is_empty=is_silent, is_drifted=is_drifted)
        return Answer(body, content_type=sites.content_type(page))

    def _heimao_answer(
        self, path: str, query: str, *, is_silent: bool, is_drifted: bool
    ) -> Answer:
        if path.startswith("/complaint/view/"):
            record = self._complaints.get(unquote(path.split("/")[3]))
            # Without the list's ``sld`` the platform knows no such page.
            if record is None or parse_qs(query).get("sld") != [
                sites.share_key(record["post_id"])
            ]:
                return Answer(sites.HEIMAO_GONE)
            return Answer(sites.complaint_page(record, is_drifted=is_drifted))
        if path != "/api/index/feed":
            return _missing()
        wanted = parse_qs(query)
        page = int(text) if (text := wanted.get("page", ["1"])[0]).isdigit() else 1
        if page > _HEIMAO_PAGES:
            answer: dict[str, Any] = {
                "status": {"code": 10017, "msg": "超出可翻页范围"},
                "data": [],
            }
        else:
            entries = self._heimao[(page - 1) * _HEIMAO_PAGE : page * _HEIMAO_PAGE]
            last = -(-len(self._heimao) // _HEIMAO_PAGE)
            answer = {
                "status": {"code": 0, "msg": "success"},
                "data": {
                    "lists": []
                    if is_silent
                    else [
                        sites.complaint_entry(record, is_drifted=is_drifted)
                        for record in entries
                    ],
                    "pager": {
                        "current": page,
                        "next": page + 1 if page < last else 0,
                        "page_amount": last,
                        "page_size": _HEIMAO_PAGE,
                        "item_count": len(self._heimao),
                    },
                },
            }
        body = json.dumps({"result": answer}, ensure_ascii=True)
        callback = wanted.get("callback", [""])[0]
        if callback.isidentifier():
            body = f"try{{{callback}({body});}}catch(e){{}};"
        return Answer(body.encode(), content_type="application/json; charset=utf-8")

    def index(self) -> Answer:
        """A page for people: every host with a link through ``/host/``."""
        addresses = [f"{HEIMAO_HOST}/api/index/feed?page=1", f"{KR36_HOST}/feed"]
        addresses += [
            urlsplit(_feed_url(feed)).netloc + urlsplit(_feed_url(feed)).path
            for feed in sorted(self._feeds)
        ]
        addresses += sorted(self._pages)
        links = "\n".join(
            f'<li><a href="/host/{html.escape(address)}">{html.escape(address)}</a></li>'
            for address in addresses
        )
        return Answer(
            f"<!DOCTYPE html><meta charset=utf-8><title>Sandbox</title><ul>\n{links}\n</ul>".encode()
        )


def _credentials(source: str) -> dict[str, Any]:
    """A job's field for keys: the sandbox's own stand in it, since they open nothing else."""
    authority = authorised.AUTHORITIES.get(source)
    if authority is None:
        return {}
    return {
        "credentials": {name: {"sandbox": apis.KEYS[name]} for name in authority.needs}
    }


def _published(record: Mapping[str, Any]) -> datetime:
    return times.utc(record.get("published_at") or record["crawled_at"]).astimezone(UTC)


def _feed_url(feed: str) -> str:
    return f"http://{FEEDS_HOST}/rss/{quote(feed, safe='')}"


def _ascii_url(page: str) -> str:
    name, _, path = page.partition("/")
    return name + (f"/{quote(path)}" if path else "")


def _page(title: str, body: str) -> bytes:
    head = f"<head><meta charset=utf-8><title>{title}</title></head>"
    return f"<!DOCTYPE html><html>{head}<body>{body}</body></html>".encode()


#: Answers in the states that hide everything.
_WALLS: Final[Mapping[str, Answer]] = {
    "blocked": Answer(_page("403", "拒绝访问"), status=403),
    "captcha": Answer(_page("安全验证", "<p>请输入验证码</p><input id=code>")),
    "login_wall": Answer(_page("登录", "请先登录")),
    "rate_limited": Answer(
        b"slow down",
        status=429,
        content_type="text/plain",
        headers={"Retry-After": "1"},
    ),
    "hanging": Answer(b"", is_hanging=True),
}
_HEIMAO_LOGIN: Final = Answer(
    b'{"result": {"status": {"code": 10005, "msg": "login"}, "data": []}}',
    content_type="application/json",
)


def _walled(source: str, state: str) -> Answer | None:
    """The answer in a state that hides everything; null where posts are shown."""
    if source == "heimao" and state == "login_wall":
        return _HEIMAO_LOGIN
    return _WALLS.get(state)


def _json_or_missing(found: dict[str, Any] | None) -> Answer:
    if found is None:
        return _missing()
    body = json.dumps(found, ensure_ascii=False).encode()
    return Answer(body, content_type="application/json; charset=utf-8")


def _missing() -> Answer:
    return Answer(_page("404 Not Found", "页面不存在"), status=404)
