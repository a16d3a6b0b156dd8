"""What a crawl staged, on its way into the database and the archive, also when the process dies on that way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.memory import staging as stages
from flows import home as home_module
from flows.collecting import collect, imports
from flows.keeping import archive
from warehouse import connect, contracts, load, migrate
from warehouse.snapshots import tables

NIGHT = datetime(2024, 6, 14, 2, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    home = home_module.Home(tmp_path / "home")
    home.ensure(is_sandbox=False)
    return home


@pytest.fixture
def work(home):
    con = connect.open_work(home.database)
    migrate.migrate(con)
    yield con
    con.close()


def staged(home, work, run_id, text="数字人招商"):
    """One record as a crawl stages it."""
    collect.prepare(work, home, [{"source": "rss"}], run_id=run_id, as_of=NIGHT)
    out = home.work / "staging" / run_id / "rss" / "out"
    staging = stages.Staging(out, source="rss", hash_key=b"k")
    digest = staging.archive.write(text.encode(), url="https://feed.example.org/a.xml", fetched_at=NIGHT, http_status=200)  # fmt: skip
    fetch = {"url_or_file": "https://feed.example.org/a.xml", "fetch_status": "ok", "http_status": 200, "record_count": 1, "reject_count": 0, "reason": None, "fetched_at": NIGHT.isoformat()}  # fmt: skip
    answer = stages.Answer("https://feed.example.org/a.xml", fetch=fetch)
    staging.expect(answer, records=1)
    staging.write_record(
        {"platform": "rss", "kind": "article", "post_id": "1", "crawled_at": NIGHT.isoformat(), "text": text, "author": {"id": "f"}, "evidence_sha256": digest},
        answer,
    )  # fmt: skip
    staging.close()
    staging.write_summary({"unknown_fields": [], "answers_kept": 1})
    return digest


def loaded(home, work, run_id):
    return collect.load_source(work, home, "rss", run_id=run_id, as_of=NIGHT, failure=None)  # fmt: skip


def references(work, as_of=NIGHT):
    work.execute(
        """insert into core.post_reads (post_id, crawled_at, first_crawled_at)
        select post_id, crawled_at, crawled_at from raw.posts"""
    )
    found = work.execute(f"select evidence_ref from ({tables.POSTS})", {"as_of": as_of}).fetchall()  # fmt: skip
    work.execute("delete from core.post_reads")
    return [row[0] for row in found]


def test_a_post_refers_to_the_answer_that_it_came_from(home, work):
    digest = staged(home, work, "r-1")
    assert loaded(home, work, "r-1").new == 1
    assert references(work) == [f"rss--r-1.warc.gz#{digest}"]


def test_a_reference_ends_with_its_file(home, work):
    staged(home, work, "r-1")
    loaded(home, work, "r-1")
    archive.prune(work, home, as_of=NIGHT + timedelta(days=200), keep_days=180)
    assert references(work) == [None]
    assert load.read(work, contracts.EVIDENCE).height == 1


def test_a_post_without_evidence_has_no_reference(home, work):
    staged(home, work, "r-1")
    loaded(home, work, "r-1")
    work.execute("update raw.posts set evidence_sha256 = null")
    assert references(work) == [None]


@pytest.mark.parametrize("dies_in", ["move", "records", "logs"])
def test_a_run_that_dies_on_the_way_loses_no_evidence(home, work, monkeypatch, dies_in):  # fmt: skip
    digest = staged(home, work, "r-1")
    where = {
        "move": (archive.atomic, "sync"),
        "records": (imports, "load_batches"),
        "logs": (archive, "rows"),
    }[dies_in]
    with monkeypatch.context() as patch:

        def die(*arguments, **keywords):
            raise KeyboardInterrupt

        patch.setattr(*where, die)
        with pytest.raises(KeyboardInterrupt):
            loaded(home, work, "r-1")
    # The next night finds the same post again.
    staged(home, work, "r-2")
    loaded(home, work, "r-2")
    assert references(work) == [f"rss--r-1.warc.gz#{digest}"]
    assert load.read(work, contracts.EVIDENCE)["warc_file"].sort().to_list() == [
        "rss--r-1.warc.gz",
        "rss--r-2.warc.gz",
    ]
