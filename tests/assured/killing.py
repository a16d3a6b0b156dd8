"""What is assured of runs that end early: killed at random moments, or out of disk."""

from __future__ import annotations

import json
import random
import shutil
import time
from pathlib import Path

from tests.assured.homes import (
    EPOCH,
    NIGHT,
    ROOT,
    check,
    command,
    market_home,
    nightly,
    stream_file,
)
from tests.harness.faults import kills, loopback, publishing


def killed_nights(scratch: Path) -> dict[str, object]:
    """``kill -9`` at 20 random moments of nights; everything visible stays whole, and the end is the undisturbed one."""
    home = market_home(scratch, seed=11)
    undisturbed = scratch / "undisturbed"
    shutil.copytree(home, undisturbed, symlinks=True)
    chance = random.Random(2)
    kill_count = 0
    for day in range(31, 36):
        as_of = EPOCH + day * NIGHT
        started = time.monotonic()
        check(kills.run(nightly(undisturbed, as_of), cwd=ROOT))
        duration = time.monotonic() - started
        before, after = kills.published(home), kills.published(undisturbed)
        while kill_count < 4 * (day - 30):
            moment = chance.uniform(0.2, duration)
            kill_count += kills.run_and_kill(
                nightly(home, as_of), cwd=ROOT, after=moment
            )
            for part, seen in kills.published(home).items():
                assert seen in (before[part], after[part]), (
                    f"killed after {moment:.1f} s: another {part} is visible"
                )
        check(kills.run(nightly(home, as_of), cwd=ROOT))
        assert kills.published(home) == after, (
            f"night {day} differs from the undisturbed one"
        )
    return {
        "kills": kill_count,
        "nights": 5,
        "visible_states_broken": 0,
        "nights_that_differ": 0,
    }


def killed_imports(scratch: Path) -> dict[str, object]:
    """``kill -9`` at 10 random moments of an import of 100,000 posts; repeating it completes it, each post once."""
    posts = stream_file(scratch, 100_000)
    home = scratch / "home"
    chance = random.Random(3)
    kill_count = 0
    for _ in range(10):
        kill_count += kills.run_and_kill(
            command(home, "import", str(posts)),
            cwd=ROOT,
            after=chance.uniform(0.5, 8.0),
        )
    done = kills.run(command(home, "import", str(posts), "--json"), cwd=ROOT)
    check(done)
    counts = json.loads(done.stdout)
    again = kills.run(command(home, "import", str(posts), "--json"), cwd=ROOT)
    assert json.loads(again.stdout)["new"] == 0
    return {
        "kills": kill_count,
        "records": counts["read"],
        "left_for_the_last_import": counts["new"],
        "rejected": counts["rejected"],
    }


def killed_crawls(scratch: Path) -> dict[str, object]:
    """``kill -9`` at 20 random moments of a crawl of 5,000 pages; gone on with, it ends with the same records, each once."""
    pages, chance = 5_005, random.Random(4)
    site = loopback.complaints(pages // 11 * 10)
    with loopback.Loopback(site) as web:
        job = loopback.write_job(
            scratch / "undisturbed", "heimao", web.base_url, start=[loopback.FEED]
        )
        undisturbed = loopback.crawl(job, "heimao")
        check(undisturbed.done)
        assert len(web.asked) == pages, len(web.asked)
    kill_count = 0
    with loopback.Loopback(site) as web:
        job = loopback.write_job(
            scratch / "killed", "heimao", web.base_url, start=[loopback.FEED]
        )
        for moment in sorted(chance.sample(range(1, pages - 200), 20)):
            kill_count += kills.run_and_kill(
                loopback.crawl_command(job, "heimao"),
                cwd=ROOT,
                after=120,
                when=lambda moment=moment: len(web.asked) >= moment,  # type: ignore[misc]
            )
        crawled = loopback.crawl(job, "heimao")
        check(crawled.done)
        asked = len(web.asked)
    assert kill_count == 20, kill_count
    ids = [str(each["post_id"]) for each in crawled.records]
    assert len(set(ids)) == len(ids), "a record stands twice"
    assert crawled.records == undisturbed.records, "the records differ"
    assert crawled.fetches == undisturbed.fetches, "the fetch rows differ"
    return {
        "kills": kill_count,
        "pages": pages,
        "records": len(ids),
        "differences": 0,
        "pages_asked_again": asked - pages,
    }


def killed_publishes(scratch: Path) -> dict[str, object]:
    """``kill -9`` at 100 random moments of publish and release: no partial file is visible, no decision is lost."""
    home = market_home(scratch, seed=31)
    return publishing.killed(home, first=EPOCH + 31 * NIGHT, count=100, seed=6)


def full_disks(scratch: Path) -> dict[str, object]:
    """A disk that is too small for publish and release: a clear message, what is visible stays, with room it is done."""
    home = market_home(scratch, seed=31)
    return publishing.full_disk(home, mount=scratch / "disk", first=EPOCH + 31 * NIGHT)
