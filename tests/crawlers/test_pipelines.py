import json
import random

import pytest

from crawlers import pipelines

KEY = b"a key for tests only"


def record(number, kind="article"):
    return {
        "platform": "heimao",
        "kind": kind,
        "post_id": str(number),
        "text": "示例用户编号 88800001",
        "author": {"id": "88800001", "id_kind": "native", "name": "示例网友"},
    }


def lines(path):
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_the_same_records_give_the_same_bytes_in_any_order(tmp_path):
    rng = random.Random(1)
    written = []
    for name in ("a", "b"):
        staging = pipelines.Staging(tmp_path / name, source="heimao", hash_key=KEY)
        records = [record(number % 20) | {"text": str(number)} for number in range(50)]
        rng.shuffle(records)
        for one in records:
            staging.write_record(one)
        assert staging.close()["rows_written"] == 50
        written.append((tmp_path / name / "records.jsonl").read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("kind", ["complaint", "comment"])
def test_a_private_author_never_reaches_the_disk(tmp_path, kind):
    staging = pipelines.Staging(tmp_path, source="heimao", hash_key=KEY)
    staging.write_record(record(1, kind))
    staging.close()
    raw = (tmp_path / "records.jsonl").read_text()
    assert "88800001" not in raw
    assert "示例网友" not in raw
    (found,) = lines(tmp_path / "records.jsonl")
    assert found["author"] == {"id": found["author"]["id"], "id_kind": "native"}
    assert found["author"]["id"].startswith("h-")


def test_a_sellers_id_stays(tmp_path):
    staging = pipelines.Staging(tmp_path, source="rss", hash_key=b"")
    staging.write_record(record(1))
    staging.close()
    assert lines(tmp_path / "records.jsonl")[0]["author"]["id"] == "88800001"


def test_no_key_no_complaint(tmp_path):
    staging = pipelines.Staging(tmp_path, source="heimao", hash_key=b"")
    with pytest.raises(ValueError, match="key"):
        staging.write_record(record(1, "complaint"))
    assert staging.close()["rows_written"] == 0


def test_the_summary_is_gone_from_the_start_of_a_crawl_to_its_end(tmp_path):
    (tmp_path / "summary.json").write_text("{}")
    staging = pipelines.Staging(tmp_path, source="rss", hash_key=b"")
    assert not (tmp_path / "summary.json").exists()
    staging.close()
    assert not (tmp_path / "summary.json").exists()
    staging.write_summary({"b": 1, "a": 2})
    assert json.loads((tmp_path / "summary.json").read_text()) == {"a": 2, "b": 1}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "fetches.jsonl",
        "records.jsonl",
        "rejects.jsonl",
        "summary.json",
    ]


def test_fetches_and_rejects_name_their_source(tmp_path):
    staging = pipelines.Staging(tmp_path, source="rss", hash_key=b"")
    staging.write_fetch({"url_or_file": "u", "fetch_status": "ok"})
    staging.write_reject({"file": "u", "field": "f"})
    assert staging.close() == {"rows_written": 0, "fetch_rows": 1, "reject_rows": 1}
    assert lines(tmp_path / "fetches.jsonl")[0]["source"] == "rss"
    assert lines(tmp_path / "rejects.jsonl")[0]["source"] == "rss"
    assert staging.statuses == {"ok": 1}
