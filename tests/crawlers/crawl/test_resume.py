"""A crawl that is killed again and again ends with what an undisturbed one has, each record once."""

import gzip
import random
import re

import pytest

from crawlers import evidence
from tests.harness.faults import kills, loopback

pytestmark = pytest.mark.slow

PAGES = 165


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
    moments = sorted(chance.sample(range(1, PAGES), 2))
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
    path = tmp_path / "out/evidence.warc.gz"
    kept = [answer.sha256 for answer in evidence.answers(path)]
    assert {each["evidence_sha256"] for each in crawled.records} <= set(kept)
    assert crawled.summary["answers_kept"] == len(kept) >= PAGES
    # No complainant is in the archive, also where the list that named them was read before a kill.
    assert not re.search(rb"(?<!\d)2000\d{4}(?!\d)", gzip.decompress(path.read_bytes()))
    # Only what was under way when it was killed is asked twice.
    assert asked <= PAGES + 16 * len(moments)
