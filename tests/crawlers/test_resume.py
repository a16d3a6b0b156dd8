"""A crawl that is killed again and again ends with what an undisturbed one has, each record once."""

import random

import pytest

from tests.harness import kills, loopback

pytestmark = pytest.mark.slow

PAGES = 330


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    with loopback.Loopback(loopback.complaints(PAGES // 11 * 10)) as web:
        job = loopback.write_job(
            tmp_path_factory.mktemp("whole"),
            "heimao",
            web.base_url,
            start=[loopback.FEED],
        )
        crawled = loopback.crawl(job, "heimao")
        assert len(web.asked) == PAGES
    assert crawled.done.returncode == 0, crawled.done.stderr
    return crawled


def test_a_killed_crawl_ends_as_an_undisturbed_one(tmp_path, undisturbed):
    chance = random.Random(5)
    moments = sorted(chance.sample(range(1, PAGES), 3))
    with loopback.Loopback(loopback.complaints(PAGES // 11 * 10)) as web:
        job = loopback.write_job(
            tmp_path, "heimao", web.base_url, start=[loopback.FEED]
        )
        for moment in moments:
            assert kills.run_and_kill(
                loopback.crawl_command(job, "heimao"),
                cwd=loopback.ROOT,
                after=60,
                when=lambda moment=moment: len(web.asked) >= moment,
            )
            assert not (tmp_path / "out/summary.json").exists()
        crawled = loopback.crawl(job, "heimao")
        asked = len(web.asked)
    assert crawled.done.returncode == 0, crawled.done.stderr
    assert crawled.records == undisturbed.records
    assert crawled.fetches == undisturbed.fetches
    assert len({each["post_id"] for each in crawled.records}) == len(crawled.records)
    assert crawled.summary["adopted"] > 0
    # Only what was under way when it was killed is asked twice.
    assert asked <= PAGES + 16 * len(moments)
