"""A ring pastes an honest vendor's contacts, and a hundred complaints name the vendor: it is neither joined nor listed."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from flows import home as home_module
from flows import settings as settings_module
from flows.collecting import imports
from flows.learning import scoring
from flows.nights import linking, stages
from flows.reading import extraction
from flows.releases import publication
from warehouse import connect

AS_OF = datetime(2026, 3, 2, 18, tzinfo=UTC)
PHONE, SITE, USCC = "19900007001", "chengpin.example", "91990000MA0CPCP11X"
OWN = "szr_poison_01"

#: The scheme's own words; each ad pastes something of the vendor's.
ADS = (
    "数字人直播招城市代理，代理费6.8万，三个月回本，名额只剩两个，不封号。加微信{own}。我们与诚品示例科技深度合作，电话{phone}",
    "AI数字人全国招商，市代12.8万起，躺着赚钱，月入五万不是梦。详询微信{own}，官网{site}",
    "错过了短视频别再错过数字人，区域代理6.8万，发展下级拿提成。微信：{own} 统一社会信用代码{uscc}，正规企业",
    "数字人源头厂家直招代理，一个城市只签一家，签约6.8万，收益翻倍。微信 {own} 电话{phone} 官网{site}",
    "零基础也能做数字人代理，总部扶持，入门费6.8万，拉新有奖。加微信{own}，信用代码{uscc}，网址{site}",
)
PRODUCT = (
    "诚品数字人口播软件，按年订阅1980元，支持试用七天，无理由退款。技术咨询电话{phone}，官网{site}",
    "数字人视频制作服务，每条199元，三天交付，不招代理不收加盟费。官网{site}",
    "更新日志：新增方言音色与字幕导出，老用户免费升级。帮助中心见官网{site}",
)
COMPLAINT = (
    "投诉诚品示例科技骗我代理费6.8万，电话{phone}，官网{site}，要求退款",
    "诚品示例科技虚假宣传，交了12.8万代理费联系不上，电话{phone}",
)


def record(platform, number, author, text, day, **more):
    moment = AS_OF - timedelta(days=20 - day % 18, hours=number % 12)
    return {
        "platform": platform,
        "kind": "post",
        "post_id": f"99{number:08d}",
        "transport": "export",
        "text": text.format(own=OWN, phone=PHONE, site=SITE, uscc=USCC),
        "published_at": moment.isoformat(),
        "crawled_at": (moment + timedelta(hours=5)).isoformat(),
        "author": author,
        **more,
    }


def records():
    rows, number = [], 0
    for seller in range(6):
        author = {
            "id": f"99szr{seller}",
            "name": f"数字人招商小{seller}",
            "bio": "源头招商",
        }
        for place in range(4):
            number += 1
            ad = ADS[(seller + place) % len(ADS)]
            rows.append(record("douyin", number, author, ad, place))
    vendor = {
        "id": "99chengpin",
        "name": "诚品示例科技",
        "bio": f"数字人软件与服务，电话{PHONE}，官网{SITE}",
        "verified": "business",
    }
    for place, text in enumerate(PRODUCT * 2):
        number += 1
        rows.append(record("douyin", number, vendor, text, place))
    for victim in range(100):
        number += 1
        rows.append(
            record(
                "heimao",
                number,
                {"id": f"99victim{victim}", "name": f"匿名{victim}"},
                COMPLAINT[victim % 2],
                victim,
                kind="complaint",
                title="诚品示例科技拒不退款",
                complaint={
                    "target": "诚品示例科技",
                    "amount_yuan": 68000,
                    "demand": "退款",
                },
            )
        )
    return rows


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory):
    """The published snapshot of one night over all of that."""
    directory = tmp_path_factory.mktemp("poisoned")
    settings = settings_module.Settings(
        home=home_module.Home(directory / "home"), config_path=None
    )
    settings.home.ensure(is_sandbox=False)
    drop = directory / "posts.jsonl"
    drop.write_text(
        "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in records()),
        encoding="utf-8",
    )
    counts, code = imports.import_command(
        settings, [str(drop)], source=None, started_at=AS_OF, wait=False
    )
    assert (code, counts["rejected"]) == (0, 0)
    with connect.open_work(settings.home.database) as connection:
        night = stages.Night(
            settings=settings,
            run_id=publication.next_run_id(connection, AS_OF),
            as_of=AS_OF,
            started_at=AS_OF,
            is_sandbox=False,
        )
        publication.begin(connection, night)
    extraction.read_posts(night)
    linking.link_sellers(night)
    scoring.score_sellers(night)
    publication.publish_night(night, seconds={}, source_states={})
    with connect.open_snapshot(settings.home.snapshot) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


def test_the_ring_is_found_without_the_vendor(snapshot):
    [(network_id, sellers)] = snapshot(
        "select network_id, seller_count from analyst.networks"
    )
    assert sellers == 6
    [(of_vendor,)] = snapshot(
        "select network_id from analyst.sellers where seller_id = 'douyin:99chengpin'"
    )
    assert of_vendor is None
    assert network_id is not None


def test_nothing_of_the_vendor_is_listed_and_the_ring_is(snapshot):
    listed = {
        value
        for (value,) in snapshot(
            "select value from analyst.watchlist where status = 'active'"
        )
    }
    assert not listed & {"douyin:99chengpin", PHONE, SITE, USCC, "诚品示例科技"}
    assert OWN in listed
    assert sum(value.startswith("douyin:99szr") for value in listed) >= 5


def test_the_vendors_values_are_not_the_rings(snapshot):
    rows = snapshot(
        f"select value, network_id from analyst.indicators where value in ('{PHONE}', '{SITE}', '{USCC}')"
    )
    assert {value for value, _ in rows} >= {PHONE, SITE}
    assert {network_id for value, network_id in rows if value != USCC} == {None}


def test_complaints_that_name_the_vendor_are_not_the_rings_loss(snapshot):
    assert snapshot("select claimed_loss_yuan from analyst.networks") == [(None,)]
