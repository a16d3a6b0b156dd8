"""The sandbox's web: a market's posts in the true shapes of the platforms that show them.

In: import records (CONTRACT §3) of ``PLATFORMS``, a moment, a state per source. Out: the
answer to a request for a host, a path and a query. Invariants: only what had been crawled by ``as_of`` is shown, in its
latest version of then; the same arguments give the same bytes. Shapes: platforms/*.md.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, quote, urlsplit

from crawlers.records import times
from crawlers.sandbox.platforms import apis, articles, complaints, drops, sites, walls
from crawlers.sources import authorised

HEIMAO_HOST: Final = complaints.HOST
KR36_HOST: Final = "www.36kr.com"
FEEDS_HOST: Final = "feeds.sandbox.example"
_BY_HOST: Final = {
    HEIMAO_HOST: "heimao",
    KR36_HOST: "36kr",
    FEEDS_HOST: "rss",
    articles.HOST: "wechat_mp",
    **apis.HOSTS,
}
#: What may be asked.
SOURCES: Final = (
    "heimao", "36kr", "rss", "landing", "wechat_mp", *apis.HOSTS.values()
)  # fmt: skip
#: What a market is built for: those, and what only people drop.
PLATFORMS: Final = tuple(dict.fromkeys((*SOURCES, *drops.SOURCES)))
STATES: Final = walls.STATES
DROP_STATES: Final = walls.DROP_STATES
#: What the feeds show at most: 30 articles; others usually 20 to 50 items.
_FEED_ITEMS: Final = {"36kr": 30, "rss": 50}


def is_state(source: str, state: str) -> bool:
    """Whether a platform can be put into a state."""
    known = STATES if source in SOURCES else DROP_STATES
    return source in PLATFORMS and state in known


class Platforms:
    """All hosts of one market at one moment.

    Args:
        records: Import records; other platforms are ignored.
        as_of: What was crawled later is not there yet.
        states: Source to one of ``STATES``; missing is ``ok``.
        keywords: What a crawl searches for where a platform is searched.
    """

    def __init__(
        self,
        records: Iterable[Mapping[str, Any]],
        *,
        as_of: datetime,
        states: Mapping[str, str] | None = None,
        keywords: Sequence[str] = apis.KEYWORDS,
    ) -> None:
        self._states = dict(states or {})
        self._as_of = as_of
        self._keywords = tuple(keywords)
        latest: dict[tuple[str, str], tuple[datetime, Mapping[str, Any]]] = {}
        for record in records:
            crawled_at = times.utc(record["crawled_at"])
            key = (record["platform"], record["post_id"])
            if (
                record["platform"] in PLATFORMS
                and crawled_at <= as_of
                and (key not in latest or latest[key][0] < crawled_at)
            ):
                latest[key] = (crawled_at, record)
        by_source: dict[str, list[Mapping[str, Any]]] = {
            source: [] for source in PLATFORMS
        }
        for _, record in latest.values():
            by_source[record["platform"]].append(record)
        for shown in by_source.values():
            # Newest first, as every list of the platforms is.
            shown.sort(key=lambda record: record["post_id"])
            shown.sort(key=_published, reverse=True)
        self._heimao = by_source["heimao"][: complaints.PAGE * complaints.MOST_PAGES]
        self._complaints = {record["post_id"]: record for record in self._heimao}
        self._kr36 = by_source["36kr"][: _FEED_ITEMS["36kr"]]
        self._feeds: dict[str, list[Mapping[str, Any]]] = {}
        for record in by_source["rss"]:
            items = self._feeds.setdefault(record["author"]["id"], [])
            if len(items) < _FEED_ITEMS["rss"]:
                items.append(record)
        self._apis = {source: by_source[source] for source in apis.HOSTS.values()}
        self._articles = {
            articles.post_id(record): record for record in by_source["wechat_mp"]
        }
        self._unasked = [
            record
            for source in drops.SOURCES
            for record in by_source[source]
            if record["post_id"] not in self._found(source)
        ]
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
            "wechat_mp": sorted(self._articles),
            **{source: sorted(self._found(source)) for source in self._apis},
        }

    def _found(self, source: str) -> frozenset[str]:
        """Ids of the posts that the searches of a crawl find."""
        return frozenset(
            record["post_id"]
            for word in self._keywords
            for record in apis.matching(self._apis.get(source, ()), word)
        )

    def write_drops(self, folder: Path) -> dict[str, Path]:
        """What people saved of what no crawl may ask or finds; each source's folder."""
        states = {
            source: state
            for source, state in self._states.items()
            if source not in SOURCES
        }
        standing = {
            state: answer.body
            for state, answer in walls.WALLS.items()
            if state in DROP_STATES
        }
        return drops.write(
            folder, self._unasked, as_of=self._as_of, states=states, walls=standing
        )

    def jobs(
        self, base_url: str, *, dropped: Mapping[str, Path] | None = None
    ) -> list[dict[str, Any]]:
        """What to crawl: for each source with posts the fields of a job that ``crawlers.run`` needs of us.

        A source that people drop answers of has their folder as ``drop``, and nothing else where nobody may ask it.
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
            "wechat_mp": [
                articles.link(record) for _, record in sorted(self._articles.items())
            ],
            **{
                source: apis.starts(source, host, self._keywords)
                if self._apis[source]
                else []
                for host, source in apis.HOSTS.items()
            },
        }
        folders = {source: str(path) for source, path in (dropped or {}).items()}
        asked = [
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
                **({"drop": folders[source]} if source in folders else {}),
            }
            for source in SOURCES
            if starts[source]
        ]
        names = {job["source"] for job in asked}
        return asked + [
            {"source": source, "drop": folder}
            for source, folder in folders.items()
            if source not in names
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
    ) -> walls.Answer:
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
            return walls.Answer(rules.encode(), content_type="text/plain")
        return walls.walled(source, state) or self._shown_by(
            source,
            name,
            path,
            query,
            headers=headers or {},
            body=body,
            is_silent=state == "silent_empty",
            is_drifted=state == "drifted",
        )

    def _shown_by(
        self,
        source: str,
        name: str,
        path: str,
        query: str,
        *,
        headers: Mapping[str, str],
        body: bytes,
        is_silent: bool,
        is_drifted: bool,
    ) -> walls.Answer:
        if source in self._apis:
            return walls.json_or_missing(
                apis.answer(
                    source,
                    self._apis[source],
                    path=path,
                    query=query,
                    headers=headers,
                    body=body,
                    is_silent=is_silent,
                    is_drifted=is_drifted,
                )
            )
        if source == "heimao":
            return self._heimao_answer(
                path, query, is_silent=is_silent, is_drifted=is_drifted
            )
        if source == "wechat_mp":
            return self._article_answer(
                query, is_silent=is_silent, is_drifted=is_drifted
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
    ) -> walls.Answer:
        is_site = _BY_HOST.get(name) == "36kr"
        if is_site:
            items = self._kr36 if path == "/feed" else None
        else:
            items = self._feeds.get(path.removeprefix("/rss/"))
        if not items:
            return walls.missing()
        body = sites.feed(
            [] if is_silent else items,
            items[0]["author"],
            url=f"http://{name}{quote(path)}",
            is_site=is_site,
            is_drifted=is_drifted,
        )
        return walls.Answer(body, content_type="application/xml; charset=utf-8")

    def _landing_answer(
        self, page_id: str, *, is_silent: bool, is_drifted: bool
    ) -> walls.Answer:
        page = self._pages.get(page_id.rstrip("/"))
        if page is None:
            return walls.missing()
        body = sites.landing_page(page, is_empty=is_silent, is_drifted=is_drifted)
        return walls.Answer(body, content_type=sites.content_type(page))

    def _heimao_answer(
        self, path: str, query: str, *, is_silent: bool, is_drifted: bool
    ) -> walls.Answer:
        if path.startswith("/complaint/view/"):
            return walls.Answer(
                complaints.viewed(self._complaints, path, query, is_drifted=is_drifted)
            )
        if path != complaints.FEED:
            return walls.missing()
        body = complaints.listed(
            self._heimao, query, is_silent=is_silent, is_drifted=is_drifted
        )
        return walls.Answer(body, content_type="application/json; charset=utf-8")

    def _article_answer(
        self, query: str, *, is_silent: bool, is_drifted: bool
    ) -> walls.Answer:
        asked = parse_qs(query)
        number = ":".join(asked.get(name, [""])[0] for name in ("__biz", "mid", "idx"))
        record = self._articles.get(number)
        if record is None:
            return walls.Answer(articles.GONE)
        return walls.Answer(
            articles.page(record, is_empty=is_silent, is_drifted=is_drifted)
        )

    def index(self) -> walls.Answer:
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
        return walls.Answer(
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
