import json
import random
from datetime import UTC, datetime

import pytest

from crawlers import evidence
from crawlers.memory import journal
from crawlers.memory import staging as stages
from crawlers.sources.parsed import Ask

KEY = b"a key for tests only"
NIGHT = datetime(2026, 3, 1, 2, tzinfo=UTC)


def record(number, kind="article"):
    return {
        "platform": "heimao",
        "kind": kind,
        "post_id": str(number),
        "text": "示例用户编号 88800001",
        "author": {"id": "88800001", "id_kind": "native", "name": "示例网友"},
    }


def fetch(url="u", status="ok"):
    return {"url_or_file": url, "fetch_status": status}


def open_staging(path, source="heimao", key=KEY):
    return stages.Staging(path, source=source, hash_key=key)


def stage(staging, url, records, **given):
    """One finished request."""
    answer = stages.Answer(url, fetch=fetch(url), **given)
    staging.expect(answer, records=len(records))
    for each in records:
        staging.write_record(each, answer)


def lines(path):
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_the_same_records_give_the_same_bytes_in_any_order(tmp_path):
    rng = random.Random(1)
    written = []
    for name in ("a", "b"):
        staging = open_staging(tmp_path / name)
        records = [record(number % 20) | {"text": str(number)} for number in range(50)]
        rng.shuffle(records)
        for number, one in enumerate(records):
            stage(staging, f"u{number}", [one])
        closed = staging.close()
        # Of fifty, twenty are different posts: what several keywords find is written once.
        assert (closed["rows_written"], closed["rows_repeated"]) == (20, 30)
        written.append((tmp_path / name / "records.jsonl").read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("kind", ["complaint", "comment"])
def test_a_private_author_never_reaches_the_disk(tmp_path, kind):
    staging = open_staging(tmp_path)
    held = Ask("http://detail.example/", listed=record(2, kind))
    stage(staging, "u", [record(1, kind)], asks=[held])
    raw = (tmp_path / "journal").read_text()
    staging.close()
    raw += (tmp_path / "records.jsonl").read_text()
    assert "88800001" not in raw
    assert "示例网友" not in raw
    (found,) = lines(tmp_path / "records.jsonl")
    assert found["author"] == {"id": found["author"]["id"], "id_kind": "native"}
    assert found["author"]["id"].startswith("h-")


def test_a_sellers_id_stays(tmp_path):
    staging = open_staging(tmp_path, source="rss", key=b"")
    stage(staging, "u", [record(1)])
    staging.close()
    assert lines(tmp_path / "records.jsonl")[0]["author"]["id"] == "88800001"


def test_no_key_no_complaint(tmp_path):
    staging = open_staging(tmp_path, key=b"")
    with pytest.raises(ValueError, match="key"):
        stage(staging, "u", [record(1, "complaint")])
    assert staging.close()["rows_written"] == 0


def test_the_summary_is_gone_from_the_start_of_a_crawl_to_its_end(tmp_path):
    (tmp_path / "summary.json").write_text("{}")
    staging = open_staging(tmp_path, source="rss")
    assert not (tmp_path / "summary.json").exists()
    staging.close()
    assert not (tmp_path / "summary.json").exists()
    staging.write_summary({"is_complete": True, "a": 2})
    assert stages.is_complete(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "fetches.jsonl",
        "records.jsonl",
        "rejects.jsonl",
        "summary.json",
    ]


def test_fetches_and_rejects_name_their_source(tmp_path):
    staging = open_staging(tmp_path, source="rss")
    stage(staging, "u", [], rejects=[{"file": "u", "field": "f"}])
    staging.remark(fetch("https://host.example/", "error"))
    assert staging.close() == {
        "rows_written": 0,
        "rows_repeated": 0,
        "fetch_rows": 2,
        "reject_rows": 1,
    }
    assert {row["source"] for row in lines(tmp_path / "fetches.jsonl")} == {"rss"}
    assert lines(tmp_path / "rejects.jsonl")[0]["source"] == "rss"
    assert staging.statuses == {"ok": 1, "error": 1}


def test_a_killed_crawl_is_gone_on_with(tmp_path):
    killed = open_staging(tmp_path, source="rss")
    asks = [Ask(f"http://page.example/{number}", is_page=True) for number in (1, 2)]
    stage(
        killed,
        "http://page.example/",
        [record(1), record(2)],
        asks=asks,
        skipped=stages.Counter({"matches no keyword": 3}),
        unknown_fields=["new"],
        validator={"etag": "x"},
    )
    stage(killed, asks[0].url, [record(3)])

    staging = open_staging(tmp_path, source="rss")
    assert len(staging.finished) == 2
    assert asks[0].url in staging.finished
    assert staging.pending == (asks[1],)
    assert staging.adopted == 3
    assert staging.statuses == {"ok": 2}
    assert staging.skipped == {"matches no keyword": 3}
    assert staging.unknown_fields == {"new"}
    assert staging.validators == {"http://page.example/": {"etag": "x"}}
    stage(staging, asks[1].url, [record(4)])
    assert staging.close()["rows_written"] == 4
    assert [each["post_id"] for each in lines(tmp_path / "records.jsonl")] == list(
        "1234"
    )


def test_an_answer_whose_records_are_not_all_through_is_not_finished(tmp_path):
    killed = open_staging(tmp_path, source="rss")
    answer = stages.Answer("u", fetch=fetch())
    killed.expect(answer, records=2)
    killed.write_record(record(1), answer)

    staging = open_staging(tmp_path, source="rss")
    assert len(staging.finished) == 0
    assert staging.adopted == 0


def test_a_record_listed_before_a_kill_is_scrubbed_as_one_that_was_not(tmp_path):
    listed = record(1, "complaint")
    page = {"text": "用户88800001，订单 12345678，编号(88800001)"}
    texts = []
    for name, is_killed in (("undisturbed", False), ("killed", True)):
        staging = open_staging(tmp_path / name)
        ask = Ask("http://detail.example/", listed=listed)
        stage(staging, "u", [], asks=[ask])
        if is_killed:
            staging = open_staging(tmp_path / name)
            (ask,) = staging.pending
        stage(staging, ask.url, [{**ask.listed, **page}])
        staging.close()
        texts.append((tmp_path / name / "records.jsonl").read_text())
    assert texts[0] == texts[1]
    assert "88800001" not in texts[0]
    assert "12345678" in texts[0]


def test_a_complete_crawl_is_not_gone_on_with(tmp_path):
    staging = open_staging(tmp_path, source="rss")
    stage(staging, "u", [record(1)])
    staging.close()
    staging.write_summary({"is_complete": True})
    assert open_staging(tmp_path, source="rss").adopted == 0


def test_an_incomplete_crawl_is_gone_on_with(tmp_path):
    staging = open_staging(tmp_path, source="rss")
    stage(staging, "u", [record(1)])
    staging.close()
    staging.write_summary({"is_complete": False})
    assert open_staging(tmp_path, source="rss").adopted == 1


def archived(staging, body):
    return staging.archive.write(body, url="http://page.example/", fetched_at=NIGHT, http_status=200)  # fmt: skip


@pytest.mark.parametrize("lost", [0, 1])
def test_a_killed_and_resumed_crawls_records_have_their_evidence(tmp_path, lost):
    killed = open_staging(tmp_path, source="rss")
    digests = [archived(killed, body) for body in (b"first", b"second")]
    for number, digest in enumerate(digests):
        stage(killed, f"u{number}", [record(number) | {"evidence_sha256": digest}])
    path = tmp_path / "evidence.warc.gz"
    # A power cut may take the end of the archive; what it took is named by no record.
    path.write_bytes(path.read_bytes()[: -lost or None])

    staging = open_staging(tmp_path, source="rss")
    digests.append(archived(staging, b"third"))
    stage(staging, "u2", [record(2) | {"evidence_sha256": digests[2]}])
    staging.close()

    kept = {answer.sha256 for answer in evidence.answers(path)}
    assert len(kept) == staging.archive.count == 3 - lost
    digests[1] = None if lost else digests[1]
    found = [each["evidence_sha256"] for each in lines(tmp_path / "records.jsonl")]
    assert found == digests
    assert set(found) - {None} == kept


def test_answers_are_on_the_disk_before_the_entries_that_name_them(tmp_path, monkeypatch):  # fmt: skip
    steps = []
    staging = open_staging(tmp_path, source="rss")
    monkeypatch.setattr(journal, "SYNC_ENTRIES", 2)
    monkeypatch.setattr(journal.time, "monotonic", lambda: 0.0)
    staging._journal._synced_at = 0.0
    append = journal.Journal.append
    monkeypatch.setattr(staging.archive, "sync", lambda: steps.append("answers"))
    monkeypatch.setattr(journal.os, "fdatasync", lambda _: steps.append("journal"))
    monkeypatch.setattr(
        journal.Journal,
        "append",
        lambda self, entry: (steps.append("entry"), append(self, entry)),
    )
    for number in range(4):
        stage(staging, f"u{number}", [])
    assert steps == ["entry", "answers", "entry", "journal"] * 2
