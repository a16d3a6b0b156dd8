"""Long assurance runs: ``python -m tests.assure [NAME…]`` (``make assure``).

Each assurance proves one promise by many repetitions and ends in one record: what was done, how often, what came of it,
when, on which commit. Records are kept in docs/assurance.json as each assurance ends, and one that is there for this
commit is not run again, so a run that was stopped goes on where it was. ``--again`` runs them all the same.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import polars as pl

from crawlers.sandbox import market
from features import pack, reading
from tests.assured import crawling, journal, reading_beside
from tests.bench import nights
from tests.harness.faults import kills, loopback, publishing, readers, revoked
from warehouse import contracts

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "docs" / "assurance.json"

EPOCH = datetime(2026, 3, 1, tzinfo=UTC)
NIGHT = timedelta(days=1)


def command(home: Path, *arguments: str) -> list[str]:
    """The command line, as an operator would start it."""
    return [sys.executable, "-m", "flows.cli", "--home", str(home), *arguments]


def nightly(home: Path, as_of: datetime) -> list[str]:
    """A night over what was imported."""
    return command(home, "nightly", "--no-crawl", "--as-of", as_of.isoformat())


def check(done: subprocess.CompletedProcess[str], expected: int = 0) -> None:
    """Stop with the program's own words when it did not end as expected."""
    if done.returncode != expected:
        message = (
            f"expected exit {expected}, found {done.returncode}: {done.stderr[-2000:]}"
        )
        raise AssertionError(message)


def market_home(scratch: Path, *, seed: int, scale: float = 1.0) -> Path:
    """A home with an invented market imported and its thirtieth night published."""
    records = market.build(seed, epoch=EPOCH, days=60, scale=scale).records
    posts = scratch / "posts.jsonl"
    posts.write_text(
        "".join(json.dumps(each) + "\n" for each in records), encoding="utf-8"
    )
    home = scratch / "home"
    check(kills.run(command(home, "import", str(posts)), cwd=ROOT))
    check(kills.run(nightly(home, EPOCH + 30 * NIGHT), cwd=ROOT))
    return home


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
    posts = _stream_file(scratch, 100_000)
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


def many_readers(scratch: Path) -> dict[str, object]:
    """Twenty reader processes in loops during a full run: no lock error, no torn read."""
    home = market_home(scratch, seed=12)
    with readers.reading(home, processes=20, scratch=scratch, pause=1.0) as reports:
        check(kills.run(nightly(home, EPOCH + 31 * NIGHT), cwd=ROOT))
    errors = [error for each in reports for error in each["errors"]]
    torn = [text for each in reports for text in each["torn"]]
    assert not errors, errors[:3]
    assert not torn, torn[:3]
    return {
        "readers": len(reports),
        "looks": sum(len(each["looks"]) for each in reports),
        "errors": 0,
        "torn_reads": 0,
        "publishes": 1,
    }


def million_lines(scratch: Path) -> dict[str, object]:
    """A file of a million lines imports with peak memory under 1.5 GiB."""
    posts = _stream_file(scratch, 1_000_000)
    started = time.monotonic()
    done = kills.run(
        command(scratch / "home", "import", str(posts), "--json"),
        cwd=ROOT,
        timeout=3600,
    )
    check(done)
    seconds = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    counts = json.loads(done.stdout)
    assert counts["read"] == 1_000_000, counts
    assert counts["rejected"] == 0, counts
    assert peak < 1.5, f"peak {peak:.2f} GiB"
    return {
        "records": counts["read"],
        "rejected": 0,
        "seconds": round(seconds, 1),
        "peak_gib": round(peak, 2),
    }


def same_night_twice(scratch: Path) -> dict[str, object]:
    """Three markets in two homes each: the same input and moment give the same data and the same bytes of lists."""
    for seed in (21, 22, 23):
        seen = []
        for name in ("one", "other"):
            directory = scratch / f"{seed}-{name}"
            directory.mkdir()
            home = market_home(directory, seed=seed)
            # Bystanders are hashed under each home's own key; the same key makes the homes comparable.
            seen.append(kills.published(home))
            check(kills.run(nightly(home, EPOCH + 30 * NIGHT), cwd=ROOT))
            assert kills.published(home) == seen[-1], "the second run changed something"
        left, right = (each["release"] for each in seen)
        assert left == right, "two homes gave different lists for the same night"
    return {"markets": 3, "homes": 6, "differences": 0}


#: What is repeated to fill ten megabytes; the first is a market's posts.
_UNITS = ("", "1 ", "微信:", "加v", "3-5万", "代理费2万8", "数-字-", "不封号不", "a@b.", "1\ufe0f\u20e3", "\U0001f30d", "有限公司")  # fmt: skip


def ten_megabytes(scratch: Path) -> dict[str, object]:
    """A text of 10 MB, of posts or of one repeated unit, is read in time in proportion to a tenth of it."""
    posts = "\n".join(
        str(each["text"]) for each in market.stream(7, epoch=EPOCH, posts=60_000)
    )
    figures: dict[str, object] = {}
    for unit in _UNITS:
        whole = (unit * (10_000_000 // len(unit.encode()) + 1)) if unit else posts * 3
        whole = whole.encode()[:10_000_000].decode(errors="ignore")
        tenth, all_of_it = (
            _read_seconds(part) for part in (whole[: len(whole) // 10], whole)
        )
        assert all_of_it < 16 * tenth + 1.0, (
            f"{unit!r}: {tenth:.1f} s, {all_of_it:.1f} s"
        )
        figures[f"seconds_{unit.encode('unicode_escape').decode() or 'posts'}"] = round(
            all_of_it, 1
        )
    figures["peak_gib"] = round(
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2
    )
    return figures


def ten_thousand_entries(scratch: Path) -> dict[str, object]:
    """The official libraries of each format accept a release of 10,000 entries whole, and find every entry again."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/warehouse/watchlist/test_formats.py",
        ],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PUPPETWATCH_TEST_ENTRIES": "10000"},
    )
    check(done)
    return {"entries": 10_000, "tests": done.stdout.splitlines()[-1].split(" in ")[0]}


def urgent_revocations(scratch: Path) -> dict[str, object]:
    """``revoke --now`` takes an entry out of every format in well under ten seconds of CPU, each of five times."""
    home = market_home(scratch, seed=13)
    asked = "select entry_id from analyst.watchlist where status = 'active' order by 1 limit 5"
    rows = kills.run(command(home, "query", asked, "--json"), cwd=ROOT)
    check(rows)
    seconds, waited = [], []
    for row in json.loads(rows.stdout):
        entry = row["entry_id"]
        revoke = command(home, "revoke", entry, "--now", "--note", "n", "--by", "lin")
        before, started = _children_seconds(), time.monotonic()
        check(kills.run(revoke, cwd=ROOT))
        seconds.append(_children_seconds() - before)
        waited.append(time.monotonic() - started)
        held = (home / "watchlists/latest/watchlist.csv").read_text(encoding="utf-8")
        assert entry not in held, f"{entry} is still listed"
        kills.published(home)
    assert max(seconds) < 5, f"{max(seconds):.1f} s of CPU"
    return {
        "revocations": len(seconds),
        "slowest_cpu_seconds": round(max(seconds), 1),
        "slowest_wall_seconds": round(max(waited), 1),
        "load": round(os.getloadavg()[0], 1),
    }


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _read_seconds(text: str) -> float:
    frame = pl.DataFrame(
        {"doc_id": ["d"], "title": [None], "text": [text]},
        schema=dict(contracts.DOCUMENTS.columns),
    )
    started = time.process_time()
    reading.read_documents(frame, pack=pack.load_pack())
    return time.process_time() - started


def killed_publishes(scratch: Path) -> dict[str, object]:
    """``kill -9`` at 100 random moments of publish and release: no partial file is visible, no decision is lost."""
    home = market_home(scratch, seed=31)
    return publishing.killed(home, first=EPOCH + 31 * NIGHT, count=100, seed=6)


def full_disks(scratch: Path) -> dict[str, object]:
    """A disk that is too small for publish and release: a clear message, what is visible stays, with room it is done."""
    home = market_home(scratch, seed=31)
    return publishing.full_disk(home, mount=scratch / "disk", first=EPOCH + 31 * NIGHT)


def readers_of_a_gigabyte(scratch: Path) -> dict[str, object]:
    """Twenty readers during ten publishes of a snapshot of 1 GB: no error, no torn read, p95 at most 1.5 times as slow."""
    # Kept until all is done: a run that was stopped goes on with the next publish.
    kept = scratch.parent / f"puppetwatch-readers-{journal.commit()}"
    found = reading_beside.publishes(kept, posts=430_000, count=10, processes=20)
    assert found["errors"] == found["torn_reads"] == 0, found
    assert float(str(found["p95_slow_down"])) <= 1.5, found
    shutil.rmtree(kept)
    return found


def night_of_one_percent(scratch: Path) -> dict[str, object]:
    """A night that adds 1 % to 1 M posts spends in warehouse and release at most 15 % of the first load, also where it finds 1 % of the known posts again, scattered over all."""
    # Kept until all nights are done: a run that was stopped goes on with the next night.
    kept = scratch.parent / f"puppetwatch-nights-{journal.commit()}"
    figures = nights.run(1_000_000, kept=kept)
    shutil.rmtree(kept)
    share = nights.hardest(figures)
    assert share <= 0.15, f"{share}: {figures}"
    return figures


#: In the order in which they run: short ones first.
ASSURANCES: tuple[Callable[[Path], dict[str, object]], ...] = (
    ten_megabytes,
    ten_thousand_entries,
    urgent_revocations,
    revoked.killed_revocations,
    same_night_twice,
    killed_imports,
    killed_nights,
    killed_crawls,
    many_readers,
    full_disks,
    killed_publishes,
    readers_of_a_gigabyte,
    night_of_one_percent,
    million_lines,
    crawling.mutated_answers,
    crawling.bad_nights,
)


def _stream_file(scratch: Path, count: int) -> Path:
    path = scratch / "posts.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for lines in _chunks(market.stream(5, epoch=EPOCH, posts=count)):
            stream.write(
                "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines)
            )
    return path


def _chunks(records: Iterator[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    while part := list(islice(records, 10_000)):
        yield part


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for and not known yet; the exit code."""
    known = {each.__name__: each for each in ASSURANCES}
    parser = argparse.ArgumentParser(
        prog="python -m tests.assure",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"default: all of {', '.join(known)}"
    )
    parser.add_argument(
        "--again", action="store_true", help="also what is known for this commit"
    )
    given = parser.parse_args(arguments)
    commit = journal.commit()
    results = (
        json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    )
    failed = False
    for name in given.names or known:
        if (
            not given.again
            and results.get(name, {}).get("commit") == commit
            and results[name]["held"]
        ):
            print(f"{name}: known for {commit}", flush=True)
            continue
        print(f"{name}: {known[name].__doc__}", flush=True)
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="puppetwatch-assure-") as scratch:
            try:
                figures, held = known[name](Path(scratch)), True
            except AssertionError as error:
                figures, held, failed = {"failure": str(error)[:500]}, False, True
        results[name] = {
            "promise": known[name].__doc__,
            "held": held,
            "figures": figures,
            "minutes": round((time.monotonic() - started) / 60, 1),
            "date": datetime.now(UTC).date().isoformat(),
            "commit": commit,
        }
        RESULTS.write_text(
            json.dumps(results, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
            encoding="utf-8",
        )
        print(
            f"{name}: {'held' if held else 'FAILED'} {json.dumps(figures)}", flush=True
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
