from datetime import UTC, datetime

import pytest

from crawlers.records import column_map
from warehouse import errors

NIGHT = datetime(2024, 6, 14, 2, tzinfo=UTC)
OPTIONS = ["aweme_id=post_id", "uid=author.id", "昵称=author.name", "description=text", "like_count=metrics.likes", "publish_time=published_at"]  # fmt: skip
HEADER = "aweme_id,uid,昵称,description,like_count,publish_time,cookie"
ROW = '7350001,u1,示例云,"数字人代理，加V szr_demo_01",1.2万,1718330000,secret-cookie'


def parse(body, options=OPTIONS):
    parser = column_map.Parser("douyin", column_map.from_options(options))
    return parser(body, url="a.csv", http_status=None, fetched_at=NIGHT)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_vendors_csv_gives_records_in_any_encoding(encoding):
    found = parse(f"{HEADER}\r\n{ROW}\r\n".encode(encoding))
    assert found.fetch_status == "ok"
    assert found.records == (
        {
            "platform": "douyin",
            "transport": "export",
            "crawled_at": "2024-06-14T02:00:00+00:00",
            "post_id": "7350001",
            "author": {"id": "u1", "name": "示例云"},
            "text": "数字人代理，加V szr_demo_01",
            "metrics": {"likes": 12000},
            "published_at": "2024-06-14T01:53:20+00:00",
            "published_precision": "second",
            "kind": "post",
        },
    )
    assert found.unknown_fields == {"column cookie (not mapped)"}


@pytest.mark.parametrize("separator", ["\t", ";", "|"])
def test_other_separators_are_found(separator):
    body = "\n".join(separator.join(row) for row in (["aweme_id", "uid", "description"], ["1", "u", "数字人"]))  # fmt: skip
    assert len(parse(body.encode(), [*OPTIONS[:2], "description=text"]).records) == 1


@pytest.mark.parametrize(
    "body",
    [
        '[{"id": 1, "user": {"uid": "u"}, "t": "数字人"}]',
        '{"id": 1, "user": {"uid": "u"}, "t": "数字人"}\n{"id": 2, "user": {"uid": "u"}, "t": "a"}',
        '{"total": 1, "list": [{"id": 1, "user": {"uid": "u"}, "t": "数字人"}]}',
    ],
)
def test_json_rows_are_read_by_dotted_paths(body):
    found = parse(body.encode(), ["id=post_id", "user.uid=author.id", "t=text"])
    assert found.records[0]["author"] == {"id": "u"}
    assert found.records[0]["post_id"] == "1"
    assert found.fetch_status == "ok"


def test_broken_rows_cost_themselves():
    body = f"{HEADER}\n{ROW}\na,b\n,u1,x,text,1,1718330000,\n7350002,u1,x,text,many,,\n{ROW}\n{ROW}\n{ROW}"
    found = parse(body.encode())
    assert len(found.records) == 4
    assert [reject.field for reject in found.rejects] == ["row 3", "row 4: post_id", "row 5: metrics.likes"]  # fmt: skip


def test_a_table_without_the_columns_has_changed():
    assert parse(b"a,b\n1,2\n").fetch_status == "schema_drift"
    assert parse(b"\x00\x01").fetch_status == "schema_drift"


def test_a_mapped_column_that_is_missing_is_told():
    found = parse(b"aweme_id,uid,description\n1,u,\xe6\x95\xb0\n2,u,\xe6\x95\xb0\n")
    assert len(found.records) == 2
    assert "like_count" in found.rejects[0].reason


def test_a_table_without_rows_is_empty():
    assert parse(f"{HEADER}\n".encode()).fetch_status == "empty"


def test_a_map_file_has_columns_and_constants(tmp_path):
    (tmp_path / "m.toml").write_text('[columns]\nid = "post_id"\nuid = "author.id"\nt = "text"\n[constants]\nkind = "listing"\n')  # fmt: skip
    options = [str(tmp_path / "m.toml"), "price=listing.price_yuan"]
    found = parse(b"id,uid,t,price\n1,u,x,29800\n", options)
    assert found.records[0]["kind"] == "listing"
    assert found.records[0]["listing"] == {"price_yuan": "29800"}
    again = column_map.from_data(column_map.from_options(options).as_data())
    assert again == column_map.from_options(options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["a=post_id"], "author.id, text or title"),
        (["a=b"], "unknown field b"),
        (["a"], "expected COLUMN=FIELD"),
        (["none.toml"], "cannot be read"),
        ([*OPTIONS, "x=text"], "text is mapped twice"),
    ],
)
def test_a_wrong_map_says_what_is_wrong(options, message):
    with pytest.raises(errors.InputError, match=message):
        column_map.from_options(options)


def test_cells_of_secret_columns_are_blanked_and_others_stay():
    body = f"{HEADER},xsec_token\n{ROW},tok-12345\n".encode()
    found = column_map.without_secret_columns(body).decode()
    assert "secret-cookie" not in found
    assert "tok-12345" not in found
    assert "szr_demo_01" in found
    for other in (b'{"token": 1,\n"a": 2}', b"<html>token,a\n", b"a,b\n1,2\n", b""):
        assert column_map.without_secret_columns(other) == other
