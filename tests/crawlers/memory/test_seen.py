import pytest

from crawlers.memory.seen import Seen


def test_a_text_is_new_once(tmp_path):
    seen = Seen(tmp_path)
    assert "a" not in seen
    assert [seen.add(text) for text in ("a", "b", "a", "")] == [True, True, False, True]
    assert "a" in seen
    assert len(seen) == 3


def test_half_a_character_is_a_text_too(tmp_path):
    seen = Seen(tmp_path)
    seen.add("http://page.example/\ud800")
    assert "http://page.example/\ud800" in seen
    assert "http://page.example/?" not in seen


def test_nothing_is_left_behind(tmp_path):
    seen = Seen(tmp_path)
    seen.add("a")
    assert list(tmp_path.iterdir()) == []


def test_two_sets_know_nothing_of_each_other(tmp_path):
    one, other = Seen(tmp_path), Seen(tmp_path)
    one.add("a")
    assert "a" not in other


def test_a_set_needs_its_directory(tmp_path):
    with pytest.raises(FileNotFoundError):
        Seen(tmp_path / "missing")
