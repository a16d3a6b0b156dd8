import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers import items
from crawlers.sources import douyin

AT = datetime(2026, 3, 2, 18, tzinfo=UTC)
PAGES = Path(__file__).parents[2] / "fixtures" / "pages" / "douyin"
OFFICIAL = "https://open.douyin.com/dy_open_api/v2/search/video/"


def body(case):
    return next((PAGES / case).glob("input.*")).read_bytes()


def parse(answer, url="saved.json"):
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return douyin.parse(content, url=url, http_status=None, fetched_at=AT)


def search(**changes):
    answer = json.loads(body("search"))
    answer["data"] = answer["data"][:1]
    answer["data"][0]["aweme_info"].update(changes)
    return parse(answer)


@pytest.mark.parametrize(
    "nil",
    [
        {"search_nil_type": "verify_check"},
        {"search_nil_item": "invalid_login"},
        {"search_nil_type": "hit_shark"},
        {"search_nil_type": "something new"},
    ],
)
def test_an_empty_list_with_a_reason_is_never_empty(nil):
    answer = {"status_code": 0, "data": [], "has_more": 0, "search_nil_info": nil}
    assert parse(answer).fetch_status in {"blocked", "login_wall"}


@pytest.mark.parametrize("has_more", [1, True, None, "1"])
def test_an_empty_list_that_is_not_the_end_is_blocked(has_more):
    answer = {"status_code": 0, "data": [], "has_more": has_more}
    assert parse(answer).fetch_status == "blocked"


def test_a_blank_reason_is_none():
    nil = {"search_nil_type": "", "search_nil_item": None}
    answer = {"status_code": 0, "data": [], "has_more": 0, "search_nil_info": nil}
    assert parse(answer).fetch_status == "empty"


def test_no_signed_link_and_no_token_is_kept():
    for case in ("search", "search_stream", "official", "token", "live_search"):
        parsed = parse(body(case))
        kept = json.dumps(parsed.records, ensure_ascii=False) + str(parsed.reason)
        for secret in ("sign", "expires", "u_code", "clt.", "0123456789abcdef"):
            assert secret not in kept


def test_frames_of_a_stream_are_one_answer():
    stream, whole = parse(body("search_stream")), parse(body("search"))
    assert stream.fetch_status == "ok"
    assert stream.records == whole.records


def test_a_refusal_in_a_stream_outweighs_an_empty_frame():
    empty = {"status_code": 0, "data": [], "has_more": 0}
    walled = {**empty, "search_nil_info": {"search_nil_type": "verify_check"}}
    frames = [json.dumps(frame).encode() for frame in (empty, walled)]
    stream = b"".join(b"%x\r\n%s\r\n" % (len(frame), frame) for frame in frames)
    assert parse(stream + b"0\r\n\r\n").fetch_status == "blocked"
    assert parse(b"2f\r\n" + frames[0] + b"\r\n0\r\n").fetch_status == "empty"


def test_a_note_has_its_own_address():
    assert (
        search(aweme_type=68)
        .records[0]["url"]
        .startswith("https://www.douyin.com/note/")
    )


def test_zero_plays_and_zero_fans_of_a_search_are_not_known():
    (record,) = search(statistics={"play_count": 0, "digg_count": 0}).records
    assert record["metrics"]["views"] is None
    assert record["metrics"]["likes"] == 0
    assert record["author"]["following"] is None


@pytest.mark.parametrize("missing", ["aweme_id", "desc", "author"])
def test_a_missing_needed_field_is_a_reject_with_its_path(missing):
    parsed = search(**{missing: None})
    assert parsed.fetch_status == "schema_drift"
    assert parsed.rejects[0].field == f"$.data[0].aweme_info.{missing}"


def test_a_commenter_leaves_the_import_only_as_a_hash():
    for record in parse(body("comments")).records:
        row = items.parse_record(
            record, source="douyin", imported_at=AT, hash_key=b"key"
        )
        assert row["seller_id"].startswith("douyin:h-")
        assert "szr-reader" not in str(row)
        assert "示例读者" not in str(row)


def test_comments_belong_to_the_video_that_was_asked_for():
    answer = json.loads(body("comments"))
    url = (
        "https://www.douyin.com/aweme/v1/web/comment/list/?aweme_id=7999000000000000042"
    )
    parents = [record["parent_id"] for record in parse(answer, url).records]
    assert parents == ["7999000000000000001", "7999000000000000042"]


def test_an_account_counts_as_a_record_of_kind_profile():
    (record,) = parse(body("profile")).records
    assert record["kind"] == "profile"
    assert record["post_id"] == f"profile/{record['author']['id']}"
    assert (record["title"], record["text"]) == (
        record["author"]["name"],
        record["author"]["bio"],
    )


def test_equal_nicknames_of_the_official_search_stay_two_sellers():
    answer = json.loads(body("official"))
    for hit in answer["data"]["data"]["video_list"]:
        hit["nickname"] = "示例同名"
    authors = [record["author"] for record in parse(answer).records]
    assert {author["id_kind"] for author in authors} == {"anonymous"}
    assert len({author["id"] for author in authors}) == 2


def test_the_official_search_asks_for_its_next_page_where_it_was_asked():
    asked = f"{OFFICIAL}?keyword=a&count=10&device_id=1&cursor=0"
    (ask,) = parse(body("official"), asked).next
    assert ask.url == (
        f"{OFFICIAL}?keyword=a&count=10&device_id=1&cursor=10&search_id=szrdemosearch"
    )
    assert ask.is_page
    assert parse(body("official"), "saved.json").next == ()
    assert parse(body("official_one_level"), asked).next == ()


@pytest.mark.parametrize("has_more", [True, 1, None])
def test_an_official_answer_without_videos_is_empty_only_at_its_end(has_more):
    data = {"cursor": 0, "has_more": has_more, "video_list": []}
    assert parse({"err_no": 0, "data": data}).fetch_status == "blocked"
    ended = {"err_no": 0, "data": {**data, "has_more": False}}
    assert parse(ended).fetch_status == "empty"
