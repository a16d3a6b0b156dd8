"""Crawls of platforms that answer registered apps: signed, paged, and without a trace of the keys."""

import gzip
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from crawlers.sources import authorised
from tests.harness.faults import loopback
from tests.harness.faults.loopback import Reply

pytestmark = pytest.mark.slow

KEYS = {
    "client_key": "hidden-key-1",
    "client_secret": "hidden-secret-1",
    "app_key": "hidden-key-2",
    "app_secret": "hidden-secret-2",
}


def crawl(directory, name, answer, *, keywords=("数字人",), **changes):
    """One crawl of one registered platform; what was staged, and the requests."""
    authority = authorised.AUTHORITIES[name]
    directory.mkdir(parents=True)
    credentials = {}
    for key in authority.needs:
        (directory / key).write_text(f"{KEYS[key]}\n")
        credentials[key] = {"file": str(directory / key)}
    options = {"base_url": f"http://{name}.example", "device_id": 7, "adzone_id": "5"}
    with loopback.Loopback(answer) as web:
        job = loopback.write_job(
            directory,
            name,
            web.base_url,
            start=authority.starts(keywords, options),
            **{"credentials": credentials, "limits": {"concurrency": 4}, **changes},
        )
        command = [sys.executable, "-m", "tests.harness.faults.registered_crawl", name]
        found = loopback.crawl(job, name, command=[*command, "--job", str(job)])
        asked = list(web.asked)
    for path in [*directory.glob("out/*"), job]:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
        assert b"hidden" not in content, path
    assert "hidden" not in found.done.stdout + found.done.stderr
    return found, asked


def reply(value):
    return Reply(json.dumps(value).encode())


class Search:
    """抖音: tokens are good for so many searches; three pages."""

    def __init__(self, *, good_for):
        self.tokens, self.used, self.good_for = 0, 0, good_for

    def __call__(self, asked):
        parts = urlsplit(asked.url)
        if parts.path == "/oauth/client_token/":
            given = json.loads(asked.body)
            assert given["client_secret"] == KEYS["client_secret"]
            self.tokens, self.used = self.tokens + 1, 0
            data = {
                "access_token": f"clt.hidden-{self.tokens}",
                "expires_in": 7200,
                "error_code": 0,
            }
            return reply({"data": data, "message": "success"})
        self.used += 1
        is_good = asked.headers["Access-Token"] == f"clt.hidden-{self.tokens}"
        if not is_good or self.used > self.good_for:
            return reply({"err_no": 28001008, "data": {}})
        query = parse_qs(parts.query)
        cursor = int(query["cursor"][0])
        inner = {
            "cursor": cursor + 10,
            "has_more": cursor < 20,
            "search_id": "s1",
            "items": [
                f"{query['keyword'][0]}-{cursor + number}" for number in range(10)
            ],
        }
        return reply({"err_no": 0, "data": {"error_code": 0, "data": inner}})


def union(asked):
    """京东: 120 goods, every request's sign checked."""
    assert not urlsplit(asked.url).query
    sent = dict(parse_qsl(asked.body.decode()))
    claimed = sent.pop("sign")
    if claimed != authorised.sign(sent, secret=KEYS["app_secret"]):
        return reply({"error_response": {"code": 25}})
    goods = json.loads(sent["360buy_param_json"])["goodsReqDTO"]
    page, size = goods["pageIndex"], goods["pageSize"]
    items = [str(number) for number in range(120)][(page - 1) * size : page * size]
    listed = {"code": 200, "totalCount": 120, "items": items}
    return reply(
        {"jd_union_open_goods_query_responce": {"queryResult": json.dumps(listed)}}
    )


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """All crawls of this file, two at a time: name to what was staged, the requests and the platform."""
    home = tmp_path_factory.mktemp("registered")
    limited = []

    def busy(asked):
        limited.append(asked)
        if len(limited) == 1:
            return Reply(b"{}", status=429, headers={"Retry-After": "1"})
        return union(asked)

    missing = {
        "app_key": {"env": "PUPPETWATCH_NO_SUCH_KEY"},
        "app_secret": {"env": "PUPPETWATCH_NO_SUCH_KEY"},
    }
    plans = {
        "paged": (
            "douyin",
            Search(good_for=4),
            {"keywords": ("甲", "乙"), "limits": {"concurrency": 1, "delay": 0.01}},
        ),
        "useless": ("douyin", Search(good_for=0), {"keywords": ("甲", "乙", "丙")}),
        "busy": ("jd", busy, {}),
        "keyless": ("jd", union, {"credentials": missing}),
    }

    def run(plan):
        name, (source, platform, changes) = plan
        return name, (*crawl(home / name, source, platform, **changes), platform)

    with ThreadPoolExecutor(2) as pool:
        return dict(pool.map(run, plans.items()))


def test_a_token_serves_all_pages_until_it_runs_out_and_is_then_replaced_once(found):
    crawled, asked, platform = found["paged"]
    assert crawled.done.returncode == 0, crawled.done.stderr
    assert len({each["post_id"] for each in crawled.records}) == 60
    assert crawled.summary["statuses"] == {"ok": 6}
    assert platform.tokens == 2
    # Two tokens, six pages, and for each keyword at most one try with the token that ran out.
    assert len(asked) <= 2 + 6 + 2


def test_a_fresh_token_that_is_refused_ends_the_crawl(found):
    crawled, asked, _ = found["useless"]
    assert crawled.done.returncode == 0, crawled.done.stderr
    assert set(crawled.summary["statuses"]) == {"not_authorised"}
    assert crawled.records == []
    # Three keywords at once, each with at most one more token.
    assert len(asked) <= 3 * 3


def test_a_union_is_asked_with_a_sign_and_paged(found):
    crawled, asked, _ = found["busy"]
    assert crawled.done.returncode == 0, crawled.done.stderr
    assert len({each["post_id"] for each in crawled.records}) == 120
    assert {each.method for each in asked} == {"POST"}
    assert set(crawled.summary["statuses"]) == {"ok"}


def test_rows_and_records_show_what_was_asked_and_no_sign(found):
    crawled, _, _ = found["busy"]
    for row in crawled.fetches:
        assert "jd.union.open.goods.query" in row["url_or_file"]
        assert "sign=" not in row["url_or_file"]
        assert "app_key" not in row["url_or_file"]
    assert crawled.records[0]["url"] in {row["url_or_file"] for row in crawled.fetches}


def test_a_repeat_is_signed_anew(found):
    crawled, asked, _ = found["busy"]
    assert crawled.summary["statuses"] == {"ok": 3}
    first, second = (dict(parse_qsl(each.body.decode())) for each in asked[:2])
    assert first["360buy_param_json"] == second["360buy_param_json"]
    assert first["timestamp"] < second["timestamp"]
    assert first["sign"] != second["sign"]


def test_without_keys_nothing_is_asked_and_one_row_says_so(found):
    crawled, asked, _ = found["keyless"]
    assert crawled.done.returncode == 0, crawled.done.stderr
    assert asked == []
    (row,) = crawled.fetches
    assert row["fetch_status"] == "not_authorised"
    assert row["reason"] == "app_key: PUPPETWATCH_NO_SUCH_KEY is not set"


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Reply("<html><title>403</title><body>拒绝访问</body></html>".encode(), status=403), "blocked"),
        (Reply("<html><title>安全验证</title><body>请输入验证码</body></html>".encode()), "blocked"),
        (Reply(b"slow down", status=429), "rate_limited"),
        (Reply(b'{"data_v9": {"access_token": "clt.x"}}'), "schema_drift"),
        (Reply(b'{"data": {"error_code": 10003, "description": "client_key"}}'), "not_authorised"),
    ],
)  # fmt: skip
def test_what_stands_in_a_tokens_place_is_told_as_what_it_is(tmp_path, answer, status):
    limits = {"retries": 0}
    found, asked = crawl(tmp_path / "job", "douyin", lambda _: answer, limits=limits)
    assert {row["fetch_status"] for row in found.fetches} == {status}
    assert {urlsplit(each.url).path for each in asked} == {"/oauth/client_token/"}
