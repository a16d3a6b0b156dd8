"""What is kept on disk between processes: the same as if it were made, and never in the way."""

import os
import pickle

import pytest

from features.engine import kept


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty place to keep things."""
    monkeypatch.setattr(kept, "_folder", lambda: tmp_path)
    return tmp_path


class Counted:
    """Makes something and counts how often."""

    def __init__(self):
        self.times = 0

    def __call__(self):
        self.times += 1
        return {"made": [1, 2, 3]}


def test_a_thing_is_made_once_and_equal_from_then_on():
    make = Counted()
    first, second = (kept.kept("thing", "a", make) for _ in range(2))
    assert first == second == {"made": [1, 2, 3]}
    assert make.times == 1


def test_another_content_or_other_sources_are_made_anew_and_replace_what_was_kept(
    folder, monkeypatch
):
    make = Counted()
    kept.kept("thing", "a", make)
    kept.kept("other", "a", make)
    kept.kept("thing", "b", make)
    assert make.times == 3
    assert sorted(path.name.split(".")[0] for path in folder.iterdir()) == ["other", "thing"]  # fmt: skip
    monkeypatch.setattr(kept, "_sources", lambda: "changed")
    kept.kept("thing", "b", make)
    assert make.times == 4


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-3]),
        lambda path: path.write_bytes(b"\xff" * 40),
        lambda path: path.write_bytes(
            pickle.dumps(Counted).replace(b"Counted", b"Missing")
        ),
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_a_damaged_file_costs_time_and_nothing_else(folder, damage):
    make = Counted()
    kept.kept("thing", "a", make)
    [path] = folder.iterdir()
    damage(path)
    assert kept.kept("thing", "a", make) == {"made": [1, 2, 3]}
    assert make.times == 2


def test_files_of_others_are_not_used(monkeypatch):
    make = Counted()
    kept.kept("thing", "a", make)
    monkeypatch.setattr(os, "getuid", lambda: -1)
    kept.kept("thing", "a", make)
    assert make.times == 2


def test_a_full_disk_or_no_place_at_all_costs_time_and_nothing_else(
    folder, monkeypatch
):
    def full(*_):
        raise OSError(28, "No space left on device")

    make = Counted()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdopen", full)
        assert kept.kept("thing", "a", make) == {"made": [1, 2, 3]}
    assert not list(folder.iterdir())
    monkeypatch.setattr(kept, "_folder", lambda: None)
    assert kept.kept("thing", "a", make) == {"made": [1, 2, 3]}
    assert make.times == 2


def test_the_cache_of_the_user_is_the_second_choice(tmp_path, monkeypatch):
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    refused = kept._FEATURES / "__pycache__"
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != refused and allowed(path, mode))  # fmt: skip
    assert kept._folder.__wrapped__() == tmp_path / "puppetwatch"


@pytest.mark.parametrize("name", ["one.py", "lists.toml"])
def test_a_change_of_a_source_or_a_list_changes_the_key(tmp_path, monkeypatch, name):
    before = kept._sources()
    (tmp_path / name).write_text("1")
    monkeypatch.setattr(kept, "_FEATURES", tmp_path)
    first = kept._sources.__wrapped__()
    (tmp_path / name).write_text("2")
    assert len({before, first, kept._sources.__wrapped__()}) == 3


def test_another_version_of_a_library_changes_the_key(monkeypatch):
    before = kept._sources.__wrapped__()
    monkeypatch.setattr(kept.metadata, "version", lambda _: "0")
    assert kept._sources.__wrapped__() != before


def test_what_a_killed_process_left_half_written_is_removed(folder):
    (folder / "thing.0123.kept-abc").write_bytes(b"half")
    kept.kept("thing", "a", Counted())
    assert len(list(folder.iterdir())) == 1
