import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from crawlers.sandbox import market
from crawlers.sandbox.platforms import apis, web
from crawlers.sources import authorised

AS_OF = datetime(2026, 3, 1, tzinfo=UTC)
BUILT = market.build(
    4,
    epoch=datetime(2026, 1, 1, tzinfo=UTC),
    days=20,
    platforms=tuple(apis.HOSTS.values()),
)
HOST = {source: host for host, source in apis.HOSTS.items()}


def ask(shown, source, url, *, keys=apis.KEYS):
    """One signed request, as a crawl makes it; the answer."""
    authority = authorised.AUTHORITIES[source]
    token, wire = None, authority.token_wire(url, keys)
    if wire:
        token = authority.read_token(send(shown, wire).body).value
    return send(shown, authority.wire(url, keys, token=token, now=AS_OF))


def send(shown, wire):
    parts = urlsplit(wire.url)
    return shown.answer(
        parts.hostname, parts.path, parts.query, headers=wire.headers, body=wire.body
    )


def walk(shown, source):
    """All answers from the first page to the last."""
    answers = []
    for start in apis.starts(source, HOST[source]):
        url = start
        while url:
            answers.append(ask(shown, source, url))
            url = authorised.AUTHORITIES[source].following(url, answers[-1].body)
    return answers


@pytest.mark.parametrize("source", HOST)
def test_pages_together_hold_every_match_once(source):
    shown = web.Platforms(BUILT.records, as_of=AS_OF)
    wanted = {
        record["post_id"]
        for record in apis.matching(BUILT.records, "数字人")
        if record["platform"] == source
    }
    text = "".join(answer.body.decode() for answer in walk(shown, source))
    field = {"douyin": "item_id", "taobao": "item_id", "jd": "skuId"}[source]
    plain = text.replace("\\", "")
    assert wanted
    assert plain.count(f'"{field}": ') == len(wanted)
    assert all(f'"{field}": "{number}"' in plain for number in wanted)


def test_a_long_search_has_more_than_one_page():
    shown = web.Platforms(BUILT.records, as_of=AS_OF)
    assert len(walk(shown, "douyin")) > 1


@pytest.mark.parametrize(
    ("source", "refusal"), [("douyin", 28001008), ("taobao", 25), ("jd", "12")]
)
def test_other_keys_are_refused_as_the_platform_refuses_them(source, refusal):
    shown = web.Platforms(BUILT.records, as_of=AS_OF)
    (url,) = apis.starts(source, HOST[source])
    keys = {**apis.KEYS, "client_secret": "other", "app_secret": "other"}
    answer = json.loads(ask(shown, source, url, keys=keys).body)
    found = answer.get("err_no") or answer["error_response"]["code"]
    assert found == refusal


@pytest.mark.parametrize("source", HOST)
def test_each_bad_state_shows_no_record(source):
    (url,) = apis.starts(source, HOST[source])
    whole = ask(web.Platforms(BUILT.records, as_of=AS_OF), source, url).body
    for state in set(web.STATES) - {"ok", "robots_disallowed"}:
        shown = web.Platforms(BUILT.records, as_of=AS_OF, states={source: state})
        answer = send(
            shown,
            authorised.AUTHORITIES[source].wire(
                url, apis.KEYS, token="clt.sandbox", now=AS_OF
            ),
        )
        assert answer.is_hanging == (state == "hanging")
        assert answer.body != whole
        if state == "silent_empty":
            assert answer.status == 200
            assert b"item_id" not in answer.body
            assert b"skuId" not in answer.body
    robots = web.Platforms(
        BUILT.records, as_of=AS_OF, states={source: "robots_disallowed"}
    ).answer(HOST[source], "/robots.txt")
    assert b"Disallow: /\n" in robots.body
