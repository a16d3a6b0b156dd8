import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from crawlers.sandbox import market
from crawlers.sandbox.platforms import articles, web
from crawlers.sources import feeds, heimao, kr36, landing, wechat_mp

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
AS_OF = datetime(2026, 3, 1, tzinfo=UTC)
BUILT = market.build(4, epoch=EPOCH, days=20, scale=0.3, platforms=web.PLATFORMS)


def platforms(**states):
    return web.Platforms(BUILT.records, as_of=AS_OF, states=states)


def test_only_what_had_been_crawled_is_shown():
    middle = datetime(2026, 1, 10, tzinfo=UTC)
    early = web.Platforms(BUILT.records, as_of=middle).shown()
    late = platforms().shown()
    assert 0 < len(early["rss"]) < len(late["rss"])
    assert set(early["rss"]) <= set(late["rss"])
    assert web.Platforms(BUILT.records, as_of=EPOCH).shown() == {
        source: [] for source in web.SOURCES
    }


def test_the_same_market_gives_the_same_bytes():
    path, query = "/api/index/feed", "page=1"
    assert platforms().answer(web.HEIMAO_HOST, path, query) == platforms().answer(
        web.HEIMAO_HOST, path, query
    )


def test_pages_carry_their_posts_in_every_variant():
    shown, by_id = (
        platforms(),
        {(record["platform"], record["post_id"]): record for record in BUILT.records},
    )
    for page in shown.shown()["landing"]:
        host, _, path = page.partition("/")
        answer = shown.answer(host, f"/{path}")
        (found,) = landing.parse(
            answer.body, url=f"https://{page}", http_status=200, fetched_at=AS_OF
        ).records
        record = by_id["landing", page]
        assert found["author"]["id"] == record["author"]["id"]
        assert {(mark["kind"], mark["value"]) for mark in record["identifiers"]} <= {
            (mark["kind"], mark["value"]) for mark in found["identifiers"]
        }


def test_articles_open_by_their_links_and_hold_their_posts():
    shown = platforms()
    (job,) = [one for one in shown.jobs("http://127.0.0.1:1") if one["source"] == "wechat_mp"]  # fmt: skip
    by_text = {record["text"]: record for record in BUILT.records if record["platform"] == "wechat_mp"}  # fmt: skip
    for link in job["start"]:
        parts = urlsplit(link)
        answer = shown.answer(parts.hostname, parts.path, parts.query)
        (found,) = wechat_mp.parse(answer.body, url=link, http_status=200, fetched_at=AS_OF).records  # fmt: skip
        told = next(record for text, record in by_text.items() if articles.post_id(record) == found["post_id"])  # fmt: skip
        assert found["author"]["name"] == told["author"]["name"]
        assert found["title"] == told["title"]
        assert datetime.fromisoformat(found["published_at"]) == datetime.fromisoformat(told["published_at"])  # fmt: skip
        assert "chksm" not in found["url"]
    gone = shown.answer(articles.HOST, "/s", "__biz=a&mid=1&idx=1&sn=b")
    assert wechat_mp.parse(gone.body, url="https://mp.weixin.qq.com/s", http_status=200, fetched_at=AS_OF).fetch_status == "gone"  # fmt: skip


def test_pages_beyond_the_anonymous_limit_say_so():
    answer = platforms().answer(web.HEIMAO_HOST, "/api/index/feed", "page=51")
    assert json.loads(answer.body)["result"]["status"]["code"] == 10017


def test_a_callback_wraps_the_answer():
    answer = platforms().answer(
        web.HEIMAO_HOST, "/api/index/feed", "page=1&callback=cb"
    )
    assert (
        heimao.parse(
            answer.body, url="https://x.example/", http_status=200, fetched_at=AS_OF
        ).fetch_status
        == "ok"
    )


def test_a_complaint_needs_its_share_key():
    number = platforms().shown()["heimao"][0]
    answer = platforms().answer(web.HEIMAO_HOST, f"/complaint/view/{number}/")
    assert "页面不存在" in answer.body.decode()


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("blocked", {"blocked"}),
        ("captcha", {"blocked"}),
        ("login_wall", {"login_wall"}),
        ("silent_empty", {"blocked", "empty", "schema_drift"}),
        ("rate_limited", {"rate_limited"}),
        ("drifted", {"schema_drift"}),
    ],
)
def test_a_bad_state_is_read_as_what_it_is(state, expected):
    shown = platforms(**dict.fromkeys(web.SOURCES, state))
    feed, page = (
        platforms().jobs("http://127.0.0.1:1")[2]["start"][0],
        platforms().shown()["landing"][0],
    )
    asked = [
        (heimao, web.HEIMAO_HOST, "/api/index/feed"),
        (kr36, web.KR36_HOST, "/feed"),
        (feeds, web.FEEDS_HOST, "/rss/" + feed["id"]),
        (landing, page.partition("/")[0], "/" + page.partition("/")[2]),
    ]
    for source, host, path in asked:
        answer = shown.answer(host, path)
        parsed = source.parse(
            answer.body,
            url=f"https://{host}{path}",
            http_status=answer.status,
            fetched_at=AS_OF,
        )
        assert parsed.fetch_status in expected
        assert parsed.records == ()


def test_robots_may_forbid_a_source():
    assert (
        b"Disallow: /\n"
        in platforms(rss="robots_disallowed").answer(web.FEEDS_HOST, "/robots.txt").body
    )
    assert (
        b"Disallow: /\n" not in platforms().answer(web.FEEDS_HOST, "/robots.txt").body
    )


def test_unknown_hosts_and_paths_are_missing():
    for host, path in (
        ("nobody.example", "/"),
        (web.FEEDS_HOST, "/rss/nobody"),
        (web.KR36_HOST, "/"),
        (web.HEIMAO_HOST, "/x"),
    ):
        assert platforms().answer(host, path).status == 404


def test_jobs_start_only_sources_that_have_posts():
    jobs = platforms().jobs("http://127.0.0.1:1")
    places = {record["platform"] for record in BUILT.records}
    assert [one["source"] for one in jobs] == [
        source for source in web.SOURCES if source in places
    ]
    assert {"heimao", "douyin", "wechat_mp"} <= places
    assert web.Platforms([], as_of=AS_OF).jobs("http://127.0.0.1:1") == []
    assert all(one["proxy"] == "http://127.0.0.1:1" for one in jobs)
