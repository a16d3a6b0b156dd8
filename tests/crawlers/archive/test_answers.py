import json
import time
from datetime import UTC, datetime

import pytest

from crawlers.archive import answers, privacy
from crawlers.sources.parsed import Ask, Parsed

NIGHT = datetime(2024, 6, 14, 2, tzinfo=UTC)
KEY = b"a key for tests only"


def parser(kind):
    """A source whose answers are a list of objects."""

    def parse(body, *, url, http_status, fetched_at, ask=None):
        try:
            entries = json.loads(body)["list"]
        except (ValueError, KeyError):
            return Parsed("schema_drift", reason="not the list")
        records = tuple(
            {
                "platform": "tieba",
                "kind": kind,
                "post_id": str(entry["id"]),
                "text": entry["text"],
                "author": {"id": str(entry["user"]["uid"])},
            }
            for entry in entries
        )
        return Parsed("ok", records, next=(Ask(f"https://x.example/?cursor={json.loads(body).get('token')}"),))  # fmt: skip

    return parse


def read(body, kind="comment"):
    return answers.read(parser(kind), json.dumps(body).encode(), url="u", http_status=200, fetched_at=NIGHT, hash_key=KEY)  # fmt: skip


def entry(uid=990001234, **changes):
    return {"id": 1, "text": f"同意 {uid}", "user": {"uid": uid, "nickname": "示例网友", "region": "河南", "level": 3}} | changes  # fmt: skip


def test_an_answer_without_secrets_or_bystanders_is_kept_byte_for_byte():
    body = {"list": [entry()]}
    assert read(body, "post").body == json.dumps(body).encode()


def test_records_are_those_of_the_kept_body_and_the_next_request_keeps_its_token():
    found = read({"token": "cursor-12345678", "list": [entry(text="https://x.example/?sign=abcdefgh")]}, "post")  # fmt: skip
    assert found.parsed.records[0]["text"] == "https://x.example/?sign=REDACTED"
    assert found.parsed.next[0].url == "https://x.example/?cursor=cursor-12345678"
    assert b"cursor-12345678" not in found.body


def test_bystanders_stand_in_the_kept_body_under_the_pseudonym_of_their_record():
    found = read({"list": [entry(), entry(uid="990007777", id=2)]})
    kept = json.loads(found.body)["list"]
    hidden = privacy.pseudonym("990001234", platform="tieba", key=KEY)
    assert kept[0]["user"]["uid"] == hidden
    assert kept[0]["text"] == f"同意 {hidden}"
    assert kept[0]["user"]["nickname"].startswith("h-")
    assert kept[0]["user"]["region"] == "河南"
    for private in ("990001234", "990007777", "示例网友"):
        assert private not in json.dumps(kept, ensure_ascii=False)
    again = parser("comment")(found.body, url="u", http_status=200, fetched_at=NIGHT)
    assert again.records[0]["author"]["id"] == hidden


def test_reading_what_is_kept_again_keeps_the_same():
    kept = read({"list": [entry(text="?sign=abcdefgh")]}).body
    again = answers.read(parser("comment"), kept, url="u", http_status=200, fetched_at=NIGHT, hash_key=KEY)  # fmt: skip
    assert again.body == kept


PERSON = ("9990000001", "示例网友一")


@pytest.mark.parametrize(
    "body",
    [
        '{"changed": [{"main": {"uid": 9990000001}, "author": {"title": "示例网友一"}}]}',
        '{"list": [{"uid": "9990000001", "nickname": "示例网友一", "cut": "o',
        '<div class="ts-q-user"><span class="u-name">示例网友一</span></div><p>投诉</p><span class="u-name"> 示例网友一 </span>',
    ],
)
def test_persons_in_unreadable_answers_of_a_private_source_are_hidden(body):
    found = answers.read(parser("complaint"), body.encode(), url="u", http_status=200, fetched_at=NIGHT, hash_key=KEY, is_private=True)  # fmt: skip
    assert found.parsed.fetch_status == "schema_drift"
    assert not [private for private in PERSON if private in found.body.decode()]
    again = answers.read(parser("complaint"), found.body, url="u", http_status=200, fetched_at=NIGHT, hash_key=KEY, is_private=True)  # fmt: skip
    assert again.body == found.body


def test_sellers_are_not_hidden():
    assert b"990001234" in read({"list": [entry()]}, "post").body


@pytest.mark.parametrize(
    "unit", ['<div class="', "<b class=", "<i class='u-name", "<u-name>"]
)
def test_a_page_of_unfinished_tags_is_cleaned_in_time_that_grows_with_its_length(unit):
    body = (unit * (200_000 // len(unit))).encode()
    began = time.process_time()
    answers.read(
        lambda *_, **__: Parsed("schema_drift", reason="not the list"),
        body, url="https://x.example/", http_status=200, fetched_at=NIGHT, hash_key=KEY, is_private=True,
    )  # fmt: skip
    assert time.process_time() - began < 1.0
