"""The database of our own Prefect API: migrated once for all homes, and whole wherever it is laid."""

import contextlib
import sqlite3

import pytest

from features.engine import kept
from flows.nights import orchestrator


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty place to keep things."""
    place = tmp_path / "kept"
    place.mkdir()
    monkeypatch.setattr(kept, "_folder", lambda: place)
    return place


class Migration:
    """Makes a database as Prefect does, with a log of writes beside it, and counts how often."""

    def __init__(self, path):
        self.path, self.times = path, 0

    def __call__(self):
        self.times += 1
        with contextlib.closing(sqlite3.connect(self.path)) as connection:
            connection.execute("pragma journal_mode = wal")
            connection.execute("create table revision as select 'newest' as name")
            connection.commit()


def laid(path, version="1"):
    """Lay a database; how often it was migrated."""
    path.parent.mkdir(exist_ok=True)
    migration = Migration(path)
    orchestrator.lay_database(path, version=version, migrate=migration)
    return migration.times


def revision(path):
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        return connection.execute("select name from revision").fetchall()


def test_a_second_home_gets_what_the_first_was_migrated_to(tmp_path):
    first, second = tmp_path / "a/prefect.db", tmp_path / "b/prefect.db"
    assert [laid(first), laid(second)] == [1, 0]
    assert revision(first) == revision(second) == [("newest",)]
    assert [each.name for each in second.parent.iterdir()] == ["prefect.db"]


def test_another_version_of_prefect_migrates_anew(tmp_path):
    laid(tmp_path / "a/prefect.db", version="1")
    assert laid(tmp_path / "b/prefect.db", version="2") == 1


def test_a_database_that_is_there_stays_as_it_is(tmp_path):
    laid(tmp_path / "a/prefect.db")
    path = tmp_path / "prefect.db"
    path.write_bytes(b"of the operator")
    assert laid(path) == 0
    assert path.read_bytes() == b"of the operator"


def test_where_nothing_can_be_kept_every_home_is_migrated(tmp_path, monkeypatch):
    monkeypatch.setattr(kept, "_folder", lambda: None)
    assert [laid(tmp_path / "a/prefect.db"), laid(tmp_path / "b/prefect.db")] == [1, 1]
