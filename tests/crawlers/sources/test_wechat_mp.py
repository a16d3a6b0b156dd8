import json
from datetime import UTC, datetime

import pytest

from crawlers.crawl import job as jobs
from crawlers.sources import wechat_mp

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)
LINK = "https://mp.weixin.qq.com/s/DemoShort_0001"
SCRIPT = 'var biz = "MjDemo7=="; var mid = "22"; var idx = "1"; var ct = "1772337600";'


def page(inside="<p>甲</p>", script=SCRIPT, *, articles=1):
    article = f'<div id="js_article"><div id="js_content">{inside}</div></div>'
    return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body>{article * articles}<script>{script}</script></body></html>'


def parse(text, url=LINK):
    return wechat_mp.parse(text.encode(), url=url, http_status=200, fetched_at=AT)


def refused(ret, message="x"):
    answer = {"base_resp": {"ret": ret, "err_msg": message}}
    return parse(json.dumps(answer))


def test_an_article_that_quotes_a_wall_is_an_article():
    words = "<p>环境异常，请先登录，该内容已被发布者删除</p>"
    assert parse(page(words)).fetch_status == "ok"


@pytest.mark.parametrize("articles", [0, 2])
def test_exactly_one_article_stands_on_an_articles_page(articles):
    parsed = parse(page(articles=articles))
    assert parsed.fetch_status == "schema_drift"
    assert [reject.field for reject in parsed.rejects] == ["#js_article"]


@pytest.mark.parametrize("name", ["biz", "mid", "idx"])
def test_an_article_without_identity_is_a_reject(name):
    parsed = parse(page(script=SCRIPT.replace(f"var {name}", "var other")))
    assert [reject.field for reject in parsed.rejects] == [f"script var {name}"]


def test_a_link_tells_the_identity_that_the_page_leaves_out():
    link = "https://mp.weixin.qq.com/s?__biz=MjDemo7==&mid=22&idx=1&sn=ab&key=secret"
    (record,) = parse(page(script=""), url=link).records
    assert record["post_id"] == "MjDemo7==:22:1"
    assert record["url"] == link.removesuffix("&key=secret")


def test_the_platforms_reason_for_taking_down_is_kept():
    text = (
        '<!DOCTYPE html><html><body><h2 class="weui-msg__title">此内容因违规无法查看</h2>'
        '<div class="weui-msg__desc">涉嫌欺诈（示例）</div></body></html>'
    )
    parsed = parse(text)
    assert parsed.fetch_status == "gone"
    assert parsed.reason == "此内容因违规无法查看: 涉嫌欺诈（示例）"


def test_counts_need_a_readers_credential_and_are_missing():
    assert "metrics" not in parse(page()).records[0]


def test_attributes_that_no_document_may_have_do_no_harm():
    odd = '<mp-common-profile data-nickname="甲" \x01b="1" data-alias="szr_demo_1"></mp-common-profile>'
    assert parse(page(f"<p>乙</p>{odd}")).records[0]["mentions"] == ["甲", "szr_demo_1"]


@pytest.mark.parametrize(
    ("ret", "message", "status"),
    [
        (200013, "freq control", "rate_limited"),
        (200003, "invalid session", "login_wall"),
        (200040, "操作过于频繁", "rate_limited"),
        (-1, "system error", "error"),
        (None, "x", "schema_drift"),
    ],
)
def test_the_back_end_is_judged_by_its_code(ret, message, status):
    assert refused(ret, message).fetch_status == status


def test_a_list_of_an_unnamed_account_gives_each_article_its_own_author():
    entry = {"title": "甲", "link": LINK, "appmsgid": 22, "itemidx": 1}
    info = json.dumps({"appmsgex": [entry, {**entry, "link": f"{LINK}b"}]})
    listed = json.dumps({"publish_list": [{"publish_info": info}], "total_count": 1})
    text = json.dumps({"base_resp": {"ret": 0}, "publish_page": listed})
    saved, fetched = (
        parse(text, url="list.json"),
        parse(text, url="x?fakeid=MjDemo7%3D%3D"),
    )
    assert len({record["author"]["id"] for record in saved.records}) == 2
    assert {record["author"]["id"] for record in fetched.records} == {"MjDemo7=="}
    assert fetched.records[0]["post_id"] == "MjDemo7==:22:1"


def test_a_job_crawls_the_articles_that_it_names(tmp_path):
    described = {
        "source": "wechat_mp",
        "out_dir": str(tmp_path),
        "contact": "mailto:a@example.org",
        "start": [LINK],
    }
    path = tmp_path / "job.json"
    path.write_text(json.dumps(described))
    assert [ask.url for ask in jobs.read(path).asks] == [LINK]
