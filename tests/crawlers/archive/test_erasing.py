"""Answers leave an archive file; the others keep their bytes."""

from datetime import UTC, datetime

import pytest

from crawlers import evidence
from crawlers.archive import erasing

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def archive(tmp_path):
    writer = evidence.Writer(tmp_path / "rss--run.warc.gz", source="rss")
    for name, body in (("a", b"szr-one"), ("b", b"szr-two"), ("c", b"nobody")):
        writer.write(
            body, url=f"https://feed.example/{name}", fetched_at=NOW, http_status=200
        )
    writer.close()
    return tmp_path / "rss--run.warc.gz"


def bodies(path):
    return [answer.body for answer in evidence.answers(path)]


def test_an_answer_that_holds_the_id_goes_and_the_rest_stays_readable(archive):
    size = archive.stat().st_size
    assert len(erasing.erase(archive, digests=(), needles=[b"szr-one"])) == 1
    assert bodies(archive) == [b"szr-two", b"nobody"]
    assert archive.stat().st_size < size
    assert archive.stat().st_mode & 0o077 == 0


def test_an_answer_is_found_by_its_digest_and_by_its_address(archive):
    digest = next(
        answer.sha256
        for answer in evidence.answers(archive)
        if answer.body == b"szr-two"
    )
    assert erasing.erase(archive, digests={digest}, needles=[b"feed.example/c"])
    assert bodies(archive) == [b"szr-one"]


def test_a_file_without_such_answers_is_not_touched(archive):
    before = archive.read_bytes(), archive.stat().st_ino
    assert erasing.erase(archive, digests=(), needles=[b"absent"]) == []
    assert (archive.read_bytes(), archive.stat().st_ino) == before
    assert [each.name for each in archive.parent.iterdir()] == [archive.name]


def test_a_damaged_file_is_refused_and_left_alone(archive):
    archive.write_bytes(archive.read_bytes()[:-9])
    before = archive.read_bytes()
    with pytest.raises(evidence.DamagedError, match="nothing was erased"):
        erasing.erase(archive, digests=(), needles=[b"szr-one"])
    assert archive.read_bytes() == before
