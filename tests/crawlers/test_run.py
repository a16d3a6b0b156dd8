"""Real crawls of the sandbox over HTTP, each in its own process, as the nightly run makes them."""

import gzip
import json
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from crawlers import evidence, items
from crawlers.sandbox import market
from crawlers.sandbox.platforms import web

ROOT = Path(__file__).parents[2]
EPOCH, AS_OF = "2026-01-01T00:00:00+08:00", "2026-01-25T03:00:00+08:00"
SEED, DAYS, SCALE = 11, 20, 0.12
KEY = b"a key for tests only"

pytestmark = pytest.mark.slow


@contextmanager
def serving(*states):
    """A sandbox server; its base URL and the jobs it offers."""
    command = [
        sys.executable,
        "-m",
        "crawlers.sandbox.server",
        "--seed",
        str(SEED),
        "--epoch",
        EPOCH,
        "--as-of",
        AS_OF,
    ]
    command += ["--days", str(DAYS), "--scale", str(SCALE)]
    for state in states:
        command += ["--state", state]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        words = server.stdout.readline().split()
        assert words[0] == "listening"
        yield words[1]
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=10)
    assert server.returncode == 0


@pytest.fixture(scope="module")
def shown():
    built = market.build(
        SEED,
        epoch=datetime.fromisoformat(EPOCH),
        days=DAYS,
        scale=SCALE,
        platforms=web.PLATFORMS,
    )
    return web.Platforms(built.records, as_of=datetime.fromisoformat(AS_OF))


def crawl(home, given, **changes):
    """Run one job to its end; exit code, rows by file, summary."""
    source = given["source"]
    home.mkdir(parents=True, exist_ok=True)
    (home / "key").write_bytes(KEY)
    out = home / source
    job = {
        **given,
        "out_dir": str(out),
        "contact": "ops@example.org",
        "as_of": AS_OF,
        "hash_key_file": str(home / "key"),
        **changes,
    }
    (home / f"{source}.json").write_text(json.dumps(job))
    command = [
        sys.executable,
        "-m",
        "crawlers.run",
        source,
        "--job",
        str(home / f"{source}.json"),
    ]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    rows = {
        name: [
            json.loads(line)
            for line in (out / f"{name}.jsonl").read_bytes().splitlines()
        ]
        for name in ("records", "fetches", "rejects")
    }
    return done, rows, json.loads((out / "summary.json").read_text())


def crawl_all(home, jobs):
    with ThreadPoolExecutor(2) as pool:
        return dict(
            zip(
                [job["source"] for job in jobs],
                pool.map(lambda job: crawl(home, job), jobs),
                strict=True,
            )
        )


@pytest.fixture(scope="module")
def night(tmp_path_factory, shown):
    """A first night of all sources; heimao again, knowing the first; and heimao with five requests."""
    home = tmp_path_factory.mktemp("night")
    with serving() as base_url:
        jobs = shown.jobs(base_url)
        first = crawl_all(home / "first", jobs)
        known = home / "known"
        numbers = sorted(record["post_id"] for record in first["heimao"][1]["records"])
        known.write_text("".join(f"heimao:{number}\n" for number in numbers[:-3]))
        with ThreadPoolExecutor(2) as pool:
            again = pool.submit(crawl, home / "second", jobs[0], known=str(known))
            tight = pool.submit(
                crawl, home / "third", jobs[0], limits={**jobs[0]["limits"], "pages": 5}
            )
    return SimpleNamespace(
        home=home,
        first=first,
        again=again.result(),
        tight=tight.result(),
        numbers=numbers,
    )


def test_each_source_yields_what_the_market_shows(night, shown):
    for source, (done, rows, summary) in night.first.items():
        assert done.returncode == 0, done.stderr
        assert (
            sorted(record["post_id"] for record in rows["records"])
            == shown.shown()[source]
        )
        assert summary["is_complete"]
        assert summary["rows_written"] == len(rows["records"])
        assert summary["items"] == summary["rows_written"] + summary["rows_repeated"]
        assert rows["rejects"] == []
        assert summary["unknown_fields"] == []


def test_every_record_satisfies_the_import_contract(night):
    for source, (_, rows, _) in night.first.items():
        for record in rows["records"]:
            row = items.parse_record(
                record, source=source, imported_at=datetime.now(UTC), hash_key=KEY
            )
            assert row["crawled_at"] == datetime.fromisoformat(AS_OF)


def test_every_record_names_an_archived_answer_and_every_answer_is_archived(night):
    for source, (_, rows, summary) in night.first.items():
        path = night.home / "first" / source / "evidence.warc.gz"
        kept = {answer.sha256 for answer in evidence.answers(path)}
        assert {record["evidence_sha256"] for record in rows["records"]} <= kept
        assert summary["answers_kept"] == len(rows["fetches"])


def test_no_signed_link_and_no_complainant_is_in_the_archive(night, shown):
    content = gzip.decompress(
        (night.home / "first" / "heimao" / "evidence.warc.gz").read_bytes()
    ).decode()
    assert "sld=REDACTED" in content
    assert not re.search(r"sld=(?!REDACTED)", content)
    assert "User-Agent" not in content
    built = market.build(
        SEED,
        epoch=datetime.fromisoformat(EPOCH),
        days=DAYS,
        scale=SCALE,
        platforms=web.PLATFORMS,
    )
    told = [
        record["author"]["id"]
        for record in built.records
        if record["platform"] == "heimao"
    ]
    assert told
    assert not [person for person in told if person in content]


def test_fetches_count_each_record_once(night):
    for _, rows, summary in night.first.values():
        assert sum(row["record_count"] for row in rows["fetches"]) == summary["items"]
        assert {row["fetch_status"] for row in rows["fetches"]} == {"ok"}


def test_complaints_come_with_their_full_text_and_without_the_person(night, shown):
    built = market.build(
        SEED,
        epoch=datetime.fromisoformat(EPOCH),
        days=DAYS,
        scale=SCALE,
        platforms=web.PLATFORMS,
    )
    told = {
        record["post_id"]: record
        for record in built.records
        if record["platform"] == "heimao"
    }
    staged = "".join(
        json.dumps(record, ensure_ascii=False)
        for record in night.first["heimao"][1]["records"]
    )
    for record in night.first["heimao"][1]["records"]:
        source = told[record["post_id"]]
        assert not record["text_truncated"]
        assert (
            "".join(record["text"].split())[:20] == "".join(source["text"].split())[:20]
        )
        assert source["author"]["id"] not in staged


def test_a_second_night_fetches_details_of_new_complaints_only(night):
    (_, rows, summary), numbers = night.again, night.numbers
    assert sorted(record["post_id"] for record in rows["records"]) == numbers[-3:]
    assert summary["skipped"]["already stored"] == len(numbers) - 3
    assert sum("/complaint/view/" in row["url_or_file"] for row in rows["fetches"]) == 3


def test_bad_states_become_rows_not_silence(tmp_path, shown):
    expected = {"heimao": "blocked", "rss": "robots_disallowed"}
    with serving("heimao=blocked", "rss=robots_disallowed") as base_url:
        found = crawl_all(
            tmp_path, [job for job in shown.jobs(base_url) if job["source"] in expected]
        )
    for source, (done, rows, summary) in found.items():
        assert done.returncode == 0, done.stderr
        assert rows["records"] == []
        assert set(summary["statuses"]) == {expected[source]}
        assert all(row["reason"] for row in rows["fetches"])


def test_a_page_budget_stops_asking_and_keeps_what_was_listed(night):
    done, rows, summary = night.tight
    assert done.returncode == 0, done.stderr
    assert summary["requests"] == 5
    assert summary["skipped"]["page budget"] > 0
    assert (
        sum(record["text_truncated"] for record in rows["records"])
        == len(rows["records"]) - 4
    )


def test_a_wrong_job_ends_with_2_and_says_why(tmp_path):
    (tmp_path / "job.json").write_text('{"source": "nobody"}')
    command = [
        sys.executable,
        "-m",
        "crawlers.run",
        "nobody",
        "--job",
        str(tmp_path / "job.json"),
    ]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "Unknown source 'nobody'" in done.stderr


def test_a_crawl_whose_parent_is_gone_ends_at_once(tmp_path):
    somebody_else = 1 if os.getpid() != 1 else 2
    command = [
        sys.executable,
        "-m",
        "crawlers.run",
        "rss",
        "--job",
        "x",
        "--parent",
        str(somebody_else),
    ]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == -signal.SIGKILL
