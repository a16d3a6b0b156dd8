"""Every recorded page parses to what lies beside it; and no parser raises, whatever becomes of a page."""

import copy
import json
import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers import items
from crawlers.sources import catalogue
from crawlers.sources.parsed import FETCH_STATUSES, SUCCESS, Ask

PAGES = Path(__file__).parents[2] / "fixtures" / "pages"
CASES = sorted(path.parent for path in PAGES.glob("*/*/meta.json"))
FETCHED_AT = datetime(2026, 3, 2, 18, tzinfo=UTC)


def read(case: Path) -> tuple[bytes, dict]:
    (body,) = case.glob("input.*")
    return body.read_bytes(), json.loads((case / "meta.json").read_text())


def parse(source: str, body: bytes, meta: dict):
    ask = Ask(meta["url"], feed_id=meta["feed_id"], listed=meta["listed"])
    return catalogue.SOURCES[source].parse(
        body,
        url=meta["url"],
        http_status=meta["http_status"],
        fetched_at=FETCHED_AT,
        ask=ask,
    )


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}"
)
def test_page_parses_as_recorded(case):
    body, meta = read(case)
    parsed = parse(case.parent.name, body, meta)
    assert json.loads((case / "output.json").read_text()) == list(parsed.records)
    found = {
        "fetch_status": parsed.fetch_status,
        "reason": parsed.reason,
        "rejects": [[reject.field, reject.reason] for reject in parsed.rejects],
        "unknown_fields": sorted(parsed.unknown_fields),
        "next": [ask.url for ask in parsed.next],
    }
    assert {name: meta[name] for name in found} == found


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}"
)
def test_records_satisfy_the_import_contract(case):
    for record in json.loads((case / "output.json").read_text()):
        row = items.parse_record(
            record, source=case.parent.name, imported_at=FETCHED_AT, hash_key=b"key"
        )
        assert row["post_id"] == f"{record['platform']}:{record['post_id']}"


def test_every_source_has_a_case_of_each_kind_of_outcome():
    for source in catalogue.SOURCES:
        statuses = {
            read(case)[1]["fetch_status"]
            for case in CASES
            if case.parent.name == source
        }
        assert "ok" in statuses
        assert statuses - SUCCESS


def assert_sound(source: str, body: bytes, meta: dict):
    began = time.process_time()
    parsed = parse(source, body, meta)
    assert time.process_time() - began < 1
    assert parsed.fetch_status in FETCH_STATUSES
    assert parsed.fetch_status == "ok" or parsed.reason
    assert not parsed.records or parsed.fetch_status in {"ok", "schema_drift"}
    for record in parsed.records:
        assert record["post_id"]
        assert record["author"]["id"]
        # A picture or film without words is a post all the same.
        assert record["title"] or record["text"] is not None
        row = items.parse_record(
            record, source=source, imported_at=FETCHED_AT, hash_key=b"key"
        )
        assert row["seller_id"]


def mutated(rng: random.Random, body: bytes) -> bytes:
    """One page after an accident: cut, doubled, bytes flipped, a value replaced."""
    kind = rng.randrange(5)
    at = rng.randrange(len(body) + 1)
    end = min(len(body), at + rng.randrange(40))
    if kind == 0:
        return body[:at]
    if kind == 1:
        return body[:at] + body[end:]
    if kind == 2:
        return body[:at] + body[at:end] * rng.randrange(2, 50) + body[end:]
    if kind == 3:
        return body[:at] + rng.randbytes(end - at) + body[end:]
    odd = (
        b"null",
        b"[]",
        b"{}",
        b'"\\ud800"',
        b"-1e999",
        b"\x00",
        b"<",
        b"http://[",
        b"&#0;",
        "９９".encode(),
        b"true",
    )
    return body[:at] + rng.choice(odd) + body[end:]


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}"
)
def test_no_mutation_escapes_as_an_exception(case):
    body, meta = read(case)
    rng = random.Random(case.name)
    for _ in range(25):
        changed = mutated(rng, mutated(rng, body) if rng.random() < 0.5 else body)
        assert_sound(case.parent.name, changed, meta)


ODD_VALUES = (
    None, True, False, 0, -1, 2**63, 2**64, 10**30, 7.5e18, 1e-9, "", " ", "0", "x" * 3000, "1.2E+19", "\x00", "<b>",
    "http://[", "//x", "#@", [], {}, [None], [[]], {"": {}}, [{"a": 1}, 2], {"url_list": 5}, "2026-13-45", "9" * 40,
)  # fmt: skip
JSON_CASES = [case for case in CASES if (case / "input.json").exists()]


def places(value: object) -> list[tuple[object, object]]:
    """Every (container, key) in a JSON value."""
    keys = (
        list(value)
        if isinstance(value, dict)
        else list(range(len(value)))
        if isinstance(value, list)
        else []
    )
    return [(value, key) for key in keys] + [
        place for key in keys for place in places(value[key])
    ]


def as_text(value: object) -> object:
    """The same value with its whole numbers as text, as tables and scripts write them again."""
    if isinstance(value, dict):
        return {name: as_text(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_text(part) for part in value]
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else value


def is_one_answer(case: Path) -> bool:
    """Whether the page holds one JSON value and was read whole; ids that lost their digits as numbers have none as text."""
    try:
        json.loads(read(case)[0])
    except ValueError:
        return False
    return read(case)[1]["fetch_status"] in SUCCESS and not read(case)[1]["rejects"]


@pytest.mark.parametrize(
    "case",
    [case for case in JSON_CASES if is_one_answer(case)],
    ids=lambda case: f"{case.parent.name}-{case.name}",
)
def test_numbers_that_are_written_as_text_read_the_same(case):
    body, meta = read(case)
    written = json.dumps(as_text(json.loads(body))).encode()
    assert list(parse(case.parent.name, written, meta).records) == json.loads(
        (case / "output.json").read_text()
    )


@pytest.mark.parametrize(
    "case", JSON_CASES, ids=lambda case: f"{case.parent.name}-{case.name}"
)
def test_no_odd_value_escapes_as_an_exception_or_makes_a_bad_record(case):
    body, meta = read(case)
    rng = random.Random(case.name)
    for _ in range(40):
        answer = json.loads(body)
        for _ in range(rng.choice((1, 1, 2, 5))):
            container, key = rng.choice(places(answer))
            if rng.random() < 0.2:
                del container[key]
            else:
                container[key] = copy.deepcopy(rng.choice(ODD_VALUES))
            if not places(answer):
                break
        assert_sound(case.parent.name, json.dumps(answer).encode(), meta)


@pytest.mark.parametrize("source", sorted(catalogue.SOURCES))
@given(
    body=st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    )
)
@settings(deadline=None, max_examples=60)
def test_no_bytes_escape_as_an_exception(source, body):
    url = "https://www.example.com/p/1"
    assert_sound(
        source, body, {"url": url, "feed_id": None, "listed": None, "http_status": 200}
    )


@pytest.mark.parametrize("source", sorted(catalogue.SOURCES))
@pytest.mark.parametrize(
    ("http_status", "fetch_status"),
    [
        (401, "not_authorised"),
        (403, "blocked"),
        (404, "gone"),
        (412, "blocked"),
        (429, "rate_limited"),
        (500, "error"),
        (503, "rate_limited"),
    ],
)
def test_http_refusals_are_never_success(source, http_status, fetch_status):
    meta = {
        "url": "https://www.example.com/",
        "feed_id": None,
        "listed": None,
        "http_status": http_status,
    }
    assert parse(source, b"sorry", meta).fetch_status == fetch_status


@pytest.mark.parametrize("source", sorted(catalogue.SOURCES))
def test_an_empty_answer_is_no_proof_of_emptiness(source):
    meta = {
        "url": "https://www.example.com/",
        "feed_id": None,
        "listed": None,
        "http_status": 200,
    }
    assert parse(source, b"  ", meta).fetch_status == "blocked"


@pytest.mark.parametrize(
    ("source", "opening", "closing"),
    [
        ("heimao", b'{"result":', b"}"),
        ("rss", b"<rss>", b"</rss>"),
        ("landing", b"<div>", b"</div>"),
        ("heimao", b"try{cb(", b")"),
        ("douyin", b'{"data":[', b"]}"),
        ("douyin", b"5\n{\n", b"}"),
        ("kuaishou", b'{"feeds":"\\"', b'"}'),
        ("wechat_channels", b'{"id":12345678901234567890123,', b"}"),
        ("landing", b'<script type="application/ld+json">[', b"]"),
    ],
)
def test_deep_and_long_pages_end_in_time(source, opening, closing):
    meta = {
        "url": "https://www.example.com/",
        "feed_id": None,
        "listed": None,
        "http_status": 200,
    }
    assert_sound(source, opening * 20_000 + closing * 20_000, meta)
