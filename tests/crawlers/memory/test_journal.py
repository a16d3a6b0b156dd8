import pytest

from crawlers.memory import journal


def entries(path, source="rss"):
    kept = journal.Journal(path, source=source)
    found = list(kept.entries())
    kept.close()
    return found


@pytest.fixture
def written(tmp_path):
    """A journal of three entries; its path."""
    kept = journal.Journal(tmp_path / "journal", source="rss")
    for number in range(3):
        kept.append({"number": number})
        kept.settle(is_due=kept.is_due())
    kept.close()
    return tmp_path / "journal"


def test_entries_come_back_in_order(written):
    assert entries(written) == [{"number": 0}, {"number": 1}, {"number": 2}]


def test_a_journal_cut_anywhere_holds_whole_entries_and_goes_on_after_them(written):
    whole = written.read_bytes()
    for size in range(len(whole)):
        written.write_bytes(whole[:size])
        kept = journal.Journal(written, source="rss")
        before = list(kept.entries())
        kept.append({"number": "next"})
        kept.close()
        assert before == [{"number": number} for number in range(len(before))]
        assert len(before) <= whole[:size].count(b"\n")
        assert entries(written) == [*before, {"number": "next"}]


def test_what_follows_a_damaged_line_is_not_trusted(written):
    first, second, *others = written.read_bytes().splitlines(keepends=True)
    written.write_bytes(b"".join([first, second.replace(b"0}", b"7}"), *others]))
    assert entries(written) == []


def test_a_journal_of_another_source_is_begun_anew(written):
    assert entries(written, source="heimao") == []


def test_a_failed_write_leaves_the_journal_as_it_was(written, monkeypatch):
    kept = journal.Journal(written, source="rss")
    write = journal.os.write

    def torn(descriptor, line):
        return write(descriptor, line[:5])

    with monkeypatch.context() as patch:
        patch.setattr(journal.os, "write", torn)
        with pytest.raises(OSError, match="full"):
            kept.append({"number": 3})
    kept.append({"number": 4})
    kept.close()
    assert [each["number"] for each in entries(written)] == [0, 1, 2, 4]


def test_it_is_written_through_every_so_many_entries(tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(journal.os, "fdatasync", calls.append)
    kept = journal.Journal(tmp_path / "journal", source="rss")
    kept._synced_at = float("inf")
    for number in range(2 * journal.SYNC_ENTRIES):
        kept.append({"number": number})
        kept.settle(is_due=kept.is_due())
        kept._synced_at = float("inf")
    kept.close()
    assert len(calls) == 2
