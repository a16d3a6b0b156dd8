import gzip
import hashlib
import random
import stat
from datetime import UTC, datetime, timedelta

import pytest

from crawlers import evidence
from crawlers.sources.parsed import Ask

NIGHT = datetime(2024, 6, 14, 2, 30, 0, 123456, tzinfo=UTC)


def written(path, bodies, **keywords):
    writer = evidence.Writer(path, source="rss", keywords=["数字人代理"])
    for number, body in enumerate(bodies):
        writer.write(
            body,
            url=f"https://feed.example.org/中文/{number}.xml?a=[1]",
            fetched_at=NIGHT + timedelta(seconds=number),
            http_status=200,
            headers=[("Content-Type", "text/xml"), ("Server", "示例")],
            ask=Ask("https://feed.example.org/old", feed_id="示例号"),
            **keywords,
        )
    writer.close()
    return path


def test_answers_come_back_as_they_were_kept(tmp_path):
    bodies = [b"<rss/>", b"", b"\x00\xff\r\n\r\nWARC/1.1\r\n", "数字人".encode()]
    found = list(evidence.answers(written(tmp_path / "a.warc.gz", bodies)))
    assert [answer.body for answer in found] == bodies
    assert [answer.sha256 for answer in found] == [
        hashlib.sha256(body).hexdigest() for body in bodies
    ]
    first = found[0]
    assert first.fetched_at == NIGHT
    assert first.http_status == 200
    assert first.ask == Ask("https://feed.example.org/old", feed_id="示例号")
    assert (first.source, first.keywords) == ("rss", ("数字人代理",))


def test_a_dropped_file_keeps_its_name(tmp_path):
    writer = evidence.Writer(tmp_path / "a.warc.gz", source="heimao")
    writer.write(b"{}", url="目录/文件 #1.json", fetched_at=NIGHT)
    writer.close()
    [found] = evidence.answers(tmp_path / "a.warc.gz")
    assert (found.url, found.http_status, found.ask) == (
        "目录/文件 #1.json",
        None,
        None,
    )


def test_only_the_owner_can_read_a_file(tmp_path):
    mode = written(tmp_path / "a.warc.gz", [b"x"]).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_the_same_answers_give_the_same_bytes(tmp_path):
    first, second = (
        written(tmp_path / name, [b"a", b"b"]).read_bytes()
        for name in ("a.warc.gz", "b.warc.gz")
    )
    assert first == second


def test_the_same_answer_twice_is_kept_once(tmp_path):
    writer = evidence.Writer(tmp_path / "a.warc.gz", source="rss")
    for _ in range(2):
        writer.write(b"x", url="https://x.example/", fetched_at=NIGHT, http_status=200)
    assert writer.close() == 1


def test_a_file_cut_anywhere_holds_whole_answers_and_goes_on_after_them(tmp_path):
    path = written(tmp_path / "a.warc.gz", [b"a" * 300, b"b", b"c" * 9000])
    whole, digests = path.read_bytes(), [each.sha256 for each in evidence.answers(path)]
    for size in range(0, len(whole) + 1, 7):
        path.write_bytes(whole[:size] + bytes(3))
        writer = evidence.Writer(path, source="rss", keywords=["数字人代理"], is_resumed=True)  # fmt: skip
        kept = writer.count
        assert len(writer.digests) == kept
        assert all(digest in writer.digests for digest in digests[:kept])
        assert (kept == 3) == (size == len(whole))
        writer.write(b"next", url="https://x.example/", fetched_at=NIGHT, http_status=200)  # fmt: skip
        assert writer.close() == kept + 1
        found = list(evidence.answers(path))
        assert [each.sha256 for each in found[:-1]] == digests[:kept]
        assert (found[-1].body, found[-1].keywords) == (b"next", ("数字人代理",))


def test_an_answer_that_a_killed_attempt_kept_is_not_kept_twice(tmp_path):
    address = "https://x.example/中文?a=[1]#/%E6"
    for is_resumed in (False, True):
        writer = evidence.Writer(tmp_path / "a.warc.gz", source="rss", is_resumed=is_resumed)  # fmt: skip
        for status in (None, 200):
            writer.write(b"x", url=address, fetched_at=NIGHT, http_status=status)
    assert writer.close() == 2


def test_a_failed_write_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    writer = evidence.Writer(tmp_path / "a.warc.gz", source="rss")
    writer.write(b"x", url="https://x.example/", fetched_at=NIGHT, http_status=200)
    write = evidence.os.write

    def torn(descriptor, member):
        if len(member) < 20:
            message = "No space left on device"
            raise OSError(message)
        return write(descriptor, member[:20])

    with monkeypatch.context() as patch:
        patch.setattr(evidence.os, "write", torn)
        with pytest.raises(OSError, match="space"):
            writer.write(b"y", url="https://y.example/", fetched_at=NIGHT, http_status=200)  # fmt: skip
    writer.write(b"z", url="https://x.example/", fetched_at=NIGHT, http_status=200)
    assert writer.close() == 2
    found = evidence.answers(tmp_path / "a.warc.gz")
    assert [answer.body for answer in found] == [b"x", b"z"]


def test_without_answers_there_is_no_file(tmp_path):
    (tmp_path / "a.warc.gz").write_bytes(b"of an earlier attempt")
    assert evidence.Writer(tmp_path / "a.warc.gz", source="rss").close() == 0
    assert not (tmp_path / "a.warc.gz").exists()


def test_what_was_removed_leaves_the_digest_of_the_whole(tmp_path):
    path = tmp_path / "a.warc.gz"
    writer = evidence.Writer(path, source="rss")
    writer.write(b"a REDACTED", url="https://x.example/", fetched_at=NIGHT, http_status=200, received=b"a secret")  # fmt: skip
    writer.close()
    expected = hashlib.sha256(b"a secret").hexdigest()
    assert f"Puppetwatch-Received-Digest: sha256:{expected}" in gzip.decompress(path.read_bytes()).decode()  # fmt: skip


def test_a_file_cut_off_within_a_body_is_damaged(tmp_path):
    body = random.Random(1).randbytes(5000)
    path = written(tmp_path / "a.warc.gz", [b"a" * 500, body])
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(evidence.DamagedError, match=r"a\.warc\.gz is damaged"):
        list(evidence.answers(path))


def test_a_changed_body_is_damaged(tmp_path):
    path = written(tmp_path / "a.warc.gz", [b"honest answer"])
    text = gzip.decompress(path.read_bytes()).replace(b"honest", b"forged")
    members = [b"WARC/1.1" + part for part in text.split(b"WARC/1.1")[1:]]
    path.write_bytes(b"".join(gzip.compress(each, mtime=0) for each in members))
    with pytest.raises(evidence.DamagedError, match="digest"):
        list(evidence.answers(path))


@pytest.mark.parametrize(
    "content", [b"", b"not a warc", gzip.compress(b"nor this", mtime=0)]
)
def test_another_file_holds_no_answers_or_is_damaged(tmp_path, content):
    (tmp_path / "a.warc.gz").write_bytes(content)
    try:
        assert list(evidence.answers(tmp_path / "a.warc.gz")) == []
    except evidence.DamagedError as error:
        assert "a.warc.gz" in str(error)  # noqa: PT017 (either is right)
