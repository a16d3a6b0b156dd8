from __future__ import annotations

import errno
import stat
from datetime import UTC, datetime, timedelta

import pytest

from crawlers import evidence
from flows import home as home_module
from flows.keeping import archive
from warehouse import connect, contracts, load, migrate

NIGHT = datetime(2024, 6, 14, 2, tzinfo=UTC)


@pytest.fixture
def home(tmp_path):
    home = home_module.Home(tmp_path / "home")
    home.ensure(is_sandbox=False)
    return home


@pytest.fixture
def work():
    con = connect.open_memory()
    migrate.migrate(con)
    yield con
    con.close()


def stage(home, *moments):
    path = home.work / "evidence.warc.gz"
    writer = evidence.Writer(path, source="rss")
    for number, moment in enumerate(moments):
        writer.write(b"%d" % number, url=f"https://feed.example.org/{number}", fetched_at=moment, http_status=200)  # fmt: skip
    writer.close()
    return path


def rows(work):
    return [tuple(row) for row in load.read(work, contracts.EVIDENCE).select("warc_file", "url_or_file", "size", "run_id", "erased_at").sort("warc_file", "url_or_file").iter_rows()]  # fmt: skip


def test_a_staged_file_moves_in_whole_and_for_the_owner_only(home):
    name = archive.move_in(stage(home, NIGHT), home, source="rss", run_id="r-1")
    assert name == "rss--r-1.warc.gz"
    assert stat.S_IMODE((home.evidence / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(home.evidence.stat().st_mode) == 0o700
    assert not (home.work / "evidence.warc.gz").exists()
    assert archive.move_in(home.work / "none", home, source="rss", run_id="r-1") is None


def test_a_name_is_never_written_over(home):
    names = [archive.move_in(stage(home, NIGHT), home, source="rss", run_id="r-1") for _ in range(2)]  # fmt: skip
    assert names == ["rss--r-1.warc.gz", "rss--r-1.2.warc.gz"]


def test_an_archive_on_another_disk_gets_the_file_by_one_rename_too(home, monkeypatch):
    staged = stage(home, NIGHT)
    real = type(staged).rename
    seen = []

    def rename(path, target):
        seen.append(path.name)
        if path == staged:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return real(path, target)

    monkeypatch.setattr(type(staged), "rename", rename)
    name = archive.move_in(staged, home, source="rss", run_id="r-1")
    assert seen == ["evidence.warc.gz", f".{name}.unfinished"]
    assert [path.name for path in home.evidence.iterdir()] == [name]


def test_what_a_killed_run_moved_in_is_listed_by_the_next_once(home, work):
    name = archive.move_in(stage(home, NIGHT, NIGHT), home, source="rss", run_id="r-1")
    (home.evidence / ".half.warc.gz.unfinished").write_bytes(b"x")
    assert archive.adopt(work, home) == [name]
    assert archive.adopt(work, home) == []
    assert rows(work) == [
        (name, "https://feed.example.org/0", 1, "r-1", None),
        (name, "https://feed.example.org/1", 1, "r-1", None),
    ]
    assert [path.name for path in home.evidence.iterdir()] == [name]


def test_a_damaged_file_is_left_alone_and_told(home, work, capsys):
    (home.evidence / "rss--r-1.warc.gz").write_bytes(b"\x1f\x8bnot gzip")
    archive.adopt(work, home)
    assert (home.evidence / "rss--r-1.warc.gz").exists()
    assert rows(work) == []


def test_a_file_leaves_when_all_its_answers_are_old_and_its_rows_stay(home, work):
    old, mixed = NIGHT - timedelta(days=200), NIGHT - timedelta(days=10)
    gone = archive.move_in(stage(home, old), home, source="rss", run_id="r-1")
    kept = archive.move_in(stage(home, old, mixed), home, source="rss", run_id="r-2")
    archive.adopt(work, home)
    assert archive.prune(work, home, as_of=NIGHT, keep_days=180) == [gone]
    assert [path.name for path in archive.files(home)] == [kept]
    assert [row[4] for row in rows(work)] == [NIGHT, None, None]
    assert archive.adopt(work, home) == []


def test_a_file_whose_removal_was_cut_short_leaves_next_time(home, work):
    name = archive.move_in(stage(home, NIGHT), home, source="rss", run_id="r-1")
    archive.adopt(work, home)
    work.execute("update core.evidence set erased_at = ?", [NIGHT])
    assert archive.adopt(work, home) == []
    assert archive.prune(work, home, as_of=NIGHT, keep_days=180) == [name]
    assert archive.prune(work, home, as_of=NIGHT, keep_days=180) == []
