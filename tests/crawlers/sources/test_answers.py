import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.sources import answers
from crawlers.sources.fields import Fields, refuse
from crawlers.sources.parsed import Parsed


def envelope(top, unknown):
    return Parsed("ok", ({"post_id": top.needed_identity("id")},))


def parse(body, http_status=None):
    return answers.parse(body, http_status=http_status, read=envelope)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", "blocked"),
        (b" \n", "blocked"),
        (b"blocked", "blocked"),
        (b"<!doctype html><html><body>hello</body></html>", "blocked"),
        (b"<html><body>\xe8\xaf\xb7\xe7\x99\xbb\xe5\xbd\x95</body></html>", "login_wall"),
        (b'{"id":', "schema_drift"),
        (b"[]", "schema_drift"),
        (b'{"id":null}', "schema_drift"),
        (b'\xef\xbb\xbf{"id":"1"}', "ok"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_named(body, status):
    assert parse(body).fetch_status == status


def test_a_refused_request_is_not_read():
    assert parse(b'{"id":"1"}', http_status=429).fetch_status == "rate_limited"


@pytest.mark.parametrize(
    "number", ["14700000000000000002", "147000000000000000021", "9" * 60]
)
def test_an_id_beyond_64_bits_keeps_its_digits(number):
    for body in (f'{{"id":{number}}}', f'{{"a": [1, 2],\n "id": {number} }}'):
        assert parse(body.encode()).records[0]["post_id"] == number


def test_an_id_that_lost_digits_is_refused():
    parsed = parse(b'{"id":1.47e20}')
    assert parsed.rejects[0].field == "$.id"
    assert parsed.rejects[0].reason == "expected an id, found an unusable float"


@given(
    st.recursive(
        st.one_of(st.none(), st.text(), st.integers(0, 10**30), st.booleans()),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=6,
    )
)
@settings(deadline=None, max_examples=50)
def test_json_is_read_as_it_is_but_for_long_numbers(value):
    def plain(part):
        if isinstance(part, dict):
            return {name: plain(inner) for name, inner in part.items()}
        if isinstance(part, list):
            return [plain(inner) for inner in part]
        # 20 digits are text where one of the answer's numbers needs it, and may be a number elsewhere.
        return str(part) if type(part) is int and part >= 10**19 else part

    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert plain(answers.load(body)) == plain(value)


@pytest.mark.parametrize(
    ("message", "status"),
    [
        ("操作太频繁，请稍后再试", "rate_limited"),
        ("Too many requests", "rate_limited"),
        ("用户未登录", "login_wall"),
        ("签名验证失败", "blocked"),
        ("别的", "error"),
        (None, "error"),
    ],
)
def test_a_platforms_words_say_what_a_refusal_is(message, status):
    assert answers.refusal(message, otherwise="error") == status


def test_a_quoted_message_holds_no_key():
    said = answers.said("access_token clt.0123456789abcdef0123 无效\n请重试")
    assert said == "access_token … 无效 请重试"


def test_an_unreadable_entry_leaves_its_neighbours():
    def read(entry):
        if entry.has("card"):
            return None
        return {"post_id": entry.needed_identity("id")}

    found = [{"id": "1"}, {"id": ""}, 5, {"card": 1}, {"id": 2}]
    records, rejects, skipped = answers.entries(
        found, read, path="$.list", unknown=set()
    )
    assert [record["post_id"] for record in records] == ["1", "2"]
    assert [reject.field for reject in rejects] == ["$.list[1].id", "$.list[2]"]
    assert skipped == 1


def test_an_envelope_that_changed_is_a_drift_with_its_path():
    def read(top: Fields, unknown: set[str]) -> Parsed:
        top.part("other").close()
        top.close()
        refuse("$.data", "expected a list")

    parsed = answers.parse_object({"other": {"a": 1}, "b": 2}, read=read)
    assert parsed.fetch_status == "schema_drift"
    assert parsed.rejects[0].field == "$.data"
    assert parsed.unknown_fields == {"$.other.a", "$.b"}
