import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers import items
from crawlers.sources import kuaishou

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)
PAGES = Path(__file__).parents[2] / "fixtures" / "pages" / "kuaishou"


def answer(case):
    return json.loads((PAGES / case / "input.json").read_bytes())


def parse(content, url="saved.json"):
    return kuaishou.parse(
        json.dumps(content).encode(), url=url, http_status=None, fetched_at=AT
    )


def video(**changes):
    content = answer("search")
    content["feeds"] = content["feeds"][:1]
    content["feeds"][0]["photo"].update(changes)
    return parse(content)


@pytest.mark.parametrize(
    ("photo", "likes"),
    [
        ({"realLikeCount": 12890, "likeCount": "1.2万"}, 12890),
        ({"realLikeCount": 0, "likeCount": "1.2万"}, 0),
        ({"realLikeCount": None, "likeCount": "1.2万"}, 12000),
        ({"realLikeCount": None, "likeCount": None}, None),
    ],
)
def test_the_real_count_of_likes_comes_before_the_shown_one(photo, likes):
    assert video(**photo).records[0]["metrics"]["likes"] == likes


@pytest.mark.parametrize("cursor", ["", "1", None])
def test_an_empty_list_is_empty_only_when_the_cursor_has_ended(cursor):
    content = {"result": 1, "feeds": [], "pcursor": cursor}
    assert parse(content).fetch_status == "blocked"
    assert parse({**content, "pcursor": "no_more"}).fetch_status == "empty"


@pytest.mark.parametrize("result", [2, 50, 400002, 7, "1x", True, 0])
def test_any_result_but_1_is_a_refusal(result):
    parsed = parse({"result": result, "feeds": [], "pcursor": "no_more"})
    assert parsed.fetch_status not in {"ok", "empty"}


@pytest.mark.parametrize("missing", ["id", "caption"])
def test_a_missing_needed_field_is_a_reject_with_its_path(missing):
    content = answer("search")
    for name in (missing, "originCaption"):
        content["feeds"][1]["photo"].pop(name)
    parsed = parse(content)
    assert [reject.field for reject in parsed.rejects] == [
        f"$.feeds[1].photo.{missing}"
    ]
    assert len(parsed.records) == 1


def test_milliseconds_are_read_as_such():
    (record,) = video(timestamp=1772330000123).records
    assert record["published_at"] == "2026-03-01T01:53:20.123000+00:00"


def test_fans_in_words_are_counted():
    (record,) = parse(answer("graph_profile")).records
    assert record["kind"] == "profile"
    assert record["author"]["followers"] == 25000
    assert record["author"]["posts"] == 12


def test_a_bare_verified_mark_does_not_say_who_was_checked():
    checked, unchecked = parse(answer("account_search")).records
    assert (checked["author"]["verified"], checked["author"]["verified_raw"]) == (
        None,
        "verified",
    )
    assert unchecked["author"]["verified"] == "none"


def test_an_account_on_air_is_live():
    first, second = parse(answer("account_search")).records
    assert first["live"] == {"is_live": True, "room_id": "szrlive5"}
    assert second["live"] == {"is_live": None, "room_id": None}


def test_a_commenter_leaves_the_import_only_as_a_hash():
    for record in parse(answer("comments")).records:
        row = items.parse_record(
            record, source="kuaishou", imported_at=AT, hash_key=b"key"
        )
        assert row["seller_id"].startswith("kuaishou:h-")
        assert record["author"]["id"] not in str(row)
        assert "示例读者" not in str(row)
