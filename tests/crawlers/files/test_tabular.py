import io
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crawlers.files import tabular
from crawlers.records import values
from warehouse.errors import InputError

HEADER = b"platform,post_id,author.id,text"


def csv_rows(*lines):
    numbered = iter(list(enumerate([HEADER, *lines], 1)))
    return [
        (number, found if isinstance(found, dict) else found.reason)
        for number, found in tabular.csv_records(numbered, name="x.csv", separator=",")
    ]


def parquet_rows(table):
    file = io.BytesIO()
    pq.write_table(table, file)
    return [
        record
        for _, record in tabular.parquet_records(
            tabular.open_parquet(file, name="x"), name="x"
        )
    ]


def record(post_id, text):
    return {
        "platform": "weibo",
        "post_id": post_id,
        "author": {"id": "a"},
        "text": text,
    }


@pytest.mark.parametrize(
    ("header", "separator"),
    [
        ("platform,post_id,author.id", ","),
        ('"author.id"; platform ;"post_id"', ";"),
        ("post_id\tplatform\tauthor.id\ttext", "\t"),
        ("platform,post_id,author", None),
        ('"platform,post_id,author.id', None),
        ("", None),
    ],
)
def test_the_header_tells_the_separator(header, separator):
    assert tabular.delimiter(header) == separator


def test_dotted_columns_become_objects_and_empty_cells_are_left_out():
    lines = iter(
        [
            (1, b"platform,post_id,author.id,author.bio,metrics.likes,hashtags"),
            (2, b'weibo,1,a,,5,"[""x""]"'),
        ]
    )
    found = list(tabular.csv_records(lines, name="x", separator=","))
    assert found == [
        (
            2,
            {
                "platform": "weibo",
                "post_id": "1",
                "author": {"id": "a"},
                "metrics": {"likes": "5"},
                "hashtags": ["x"],
            },
        )
    ]


def test_a_quoted_field_may_span_lines_and_keeps_its_line_ends():
    assert csv_rows(b'weibo,1,a,"one\r', b"two,", b'three"\r', b"weibo,2,a,x\r") == [
        (2, record("1", "one\r\ntwo,\nthree")),
        (5, record("2", "x")),
    ]


def test_a_stray_quote_costs_its_own_line_only():
    found = csv_rows(b'weibo,1,a,"lost', b"weibo,2,a,x", b"weibo,3,a,y")
    assert found == [
        (2, "is not CSV: its quotes do not close"),
        (3, record("2", "x")),
        (4, record("3", "y")),
    ]


def test_two_stray_quotes_do_not_hide_the_lines_between_them():
    found = csv_rows(
        b'weibo,1,a,"lost', b"weibo,2,a,x", b'weibo,3,"a,y', b"weibo,4,a,z"
    )
    assert [number for number, row in found if isinstance(row, dict)] == [3, 5]
    assert [number for number, row in found if isinstance(row, str)] == [2, 4]


def test_rows_of_another_width_are_refused_and_blank_ones_skipped():
    assert csv_rows(b"weibo,1", b"", b",,,", b"weibo,2,a,x,y", b"weibo,3,a,z") == [
        (2, "expected 4 columns as in the header, found 2"),
        (5, "expected 4 columns as in the header, found 5"),
        (6, record("3", "z")),
    ]


def test_a_line_above_the_limit_is_one_reject():
    assert csv_rows(b"weibo,1,a,x", None, b"weibo,2,a,y") == [
        (2, record("1", "x")),
        (3, "is longer than 32 MiB"),
        (4, record("2", "y")),
    ]


def test_a_row_that_grows_over_many_lines_is_bounded(monkeypatch):
    monkeypatch.setattr(values, "MAX_RECORD_BYTES", 50)
    found = csv_rows(b'weibo,1,a,"open', *[b"weibo,2,a,xxxxxxxxxxxx"] * 9)
    assert [isinstance(row, str) for _, row in found] == [True] + [False] * 9


def test_bytes_that_are_not_utf8_reach_the_reader_as_surrogates():
    ((_, found),) = csv_rows("weibo,1,a,数字".encode("gb18030"))
    with pytest.raises(
        values.RecordError,
        match="text: holds a lone surrogate or bytes that are not UTF-8",
    ):
        values.storable_size(found)


@pytest.mark.parametrize(
    "header",
    [b"platform,post_id,author.id,text,text", b"platform,post_id,author.id,author"],
)
def test_a_column_named_twice_is_an_input_error(header):
    lines = iter([(1, header), (2, b"a,b,c,d,e")])
    with pytest.raises(InputError, match="twice"):
        list(tabular.csv_records(lines, name="x", separator=","))


def test_parquet_may_nest_or_use_dots_and_types_its_times():
    moment = datetime(2024, 6, 13, 12, 15, tzinfo=UTC)
    table = pa.table(
        {
            "platform": pa.array(["weibo"]).dictionary_encode(),
            "post_id": [735],
            "author": [{"id": "a", "bio": None}],
            "metrics.likes": [5],
            "hashtags": [["x"]],
            "media": [[{"url": "u", "kind": "image"}]],
            "crawled_at": pa.array([moment], pa.timestamp("ns", "UTC")),
            "published_at": pa.array([date(2024, 6, 13)]),
            "title": pa.nulls(1),
        }
    )
    assert parquet_rows(table) == [
        {
            "platform": "weibo",
            "post_id": 735,
            "author": {"id": "a"},
            "metrics": {"likes": 5},
            "hashtags": ["x"],
            "media": [{"url": "u", "kind": "image"}],
            "crawled_at": "2024-06-13 12:15:00.000000000Z",
            "published_at": "2024-06-13",
        }
    ]


def test_a_parquet_cell_that_python_cannot_hold_costs_its_own_row():
    text = pa.Array.from_buffers(
        pa.string(),
        2,
        [*pa.array(["xx", "yy"]).buffers()[:2], pa.py_buffer(b"\xff\xfeyy")],
    )
    table = pa.table(
        {
            "platform": ["weibo", "weibo"],
            "post_id": ["1", "2"],
            "author.id": ["a", "a"],
            "text": text,
            "crawled_at": pa.array([2**60, 0], pa.timestamp("us")),
        }
    )
    first, second = parquet_rows(table)
    with pytest.raises(values.RecordError, match=r"text: .*not UTF-8"):
        values.storable_size(first)
    assert "out of range" in first["crawled_at"]
    assert second["text"] == "yy"


def test_parquet_without_the_ids_or_cut_short_is_an_input_error():
    file = io.BytesIO()
    pq.write_table(pa.table({"platform": ["weibo"]}), file)
    with pytest.raises(InputError, match=r"no column author.id, post_id"):
        tabular.open_parquet(file, name="x")
    with pytest.raises(InputError, match="truncated or damaged Parquet"):
        tabular.open_parquet(io.BytesIO(file.getvalue()[:-20]), name="x")
