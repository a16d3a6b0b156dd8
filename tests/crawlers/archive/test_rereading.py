import json
from datetime import UTC, datetime

import pytest

from crawlers import evidence
from crawlers.archive import rereading
from crawlers.sources.parsed import Ask, Parsed, Reject

NIGHT = datetime(2024, 6, 14, 2, tzinfo=UTC)


def record(number, text, *, truncated=False):
    return {
        "platform": "demo",
        "kind": "post",
        "post_id": str(number),
        "crawled_at": NIGHT.isoformat(),
        "text": text,
        "text_truncated": truncated,
        "author": {"id": "a"},
    }


def parse(body, *, url, http_status, fetched_at, ask=None):
    """A list (``{"list": […]}``) whose entries have pages of their own, which complete the list's record."""
    answer = json.loads(body)
    if "list" in answer:
        records = [record(number, "短", truncated=True) for number in answer["list"]]
        asks = [Ask(f"https://x.example/{each['post_id']}?token=t", listed=each) for each in records]  # fmt: skip
        return Parsed("ok", tuple(records), next=tuple(asks))
    if ask is None or ask.listed is None:
        return Parsed("error", reason="nobody listed it", rejects=(Reject("x", "y"),))
    return Parsed("ok", ({**ask.listed, "text": answer["text"], "text_truncated": False},))  # fmt: skip


@pytest.fixture
def archive(tmp_path):
    """``archive(*answers, keywords=…)``: a file with these (url, answer, …) in it."""

    def make(*answers, keywords=()):
        writer = evidence.Writer(tmp_path / "a.warc.gz", source="demo", keywords=keywords)  # fmt: skip
        for url, answer, *flags in answers:
            writer.write(json.dumps(answer).encode(), url=url, fetched_at=NIGHT, http_status=200, ask=Ask(url), is_canary="canary" in flags)  # fmt: skip
        writer.close()
        return rereading.read(tmp_path / "a.warc.gz", parser_of=lambda _: parse)

    return make


def told(found):
    return [(row["post_id"], row["text"], row.get("query")) for row in map(json.loads, found.records)]  # fmt: skip


def test_a_page_completes_the_record_of_its_list(archive):
    found = archive(
        ("https://x.example/", {"list": [1, 2]}), ("https://x.example/1", {"text": "整篇"})
    )  # fmt: skip
    assert told(found) == [("1", "整篇", None), ("2", "短", None)]
    assert found.answer_count == 2


def test_each_record_names_the_answer_that_it_is_from(archive, tmp_path):
    found = archive(("https://x.example/", {"list": [1, 2]}), ("https://x.example/1", {"text": "整篇"}))  # fmt: skip
    listed, page = evidence.answers(tmp_path / "a.warc.gz")
    digests = [json.loads(line)["evidence_sha256"] for line in found.records]
    assert digests == [page.sha256, listed.sha256]


def test_keywords_of_that_night_choose_and_name_the_query(archive):
    found = archive(
        ("https://x.example/", {"list": [1, 2]}),
        ("https://x.example/1", {"text": "数字人代理"}),
        keywords=["代理"],
    )
    assert told(found) == [("1", "数字人代理", "代理")]


def test_a_canary_gives_no_records(archive):
    assert told(archive(("https://x.example/", {"list": [1]}, "canary"))) == []


def test_what_cannot_be_read_is_a_reject_and_counted(archive):
    found = archive(("https://x.example/9", {"text": "allein"}))
    assert found.rejects == [("https://x.example/9", "x", "y")]
    assert found.statuses == {"error": 1}


def test_a_source_without_a_parser_is_counted(archive, tmp_path):
    archive(("https://x.example/", {"list": [1]}))
    found = rereading.read(tmp_path / "a.warc.gz", parser_of=lambda _: None)
    assert (found.statuses, found.records) == ({"no parser": 1}, [])
