import collections
import gzip
import io
import itertools

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crawlers.files import formats, streams
from warehouse.errors import InputError

LINE = b'{"platform": "weibo"}\n'
HEADER = b"platform,post_id,author.id,text\n"


def found(data, name="x"):
    with streams.open_source(io.BytesIO(data), name=name) as source:
        return list(formats.records(source, name=name))


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        (LINE, "x.csv", "jsonl"),
        (b"\n \n" + LINE, "x", "jsonl"),
        (b"broken\n" + LINE, "x", "jsonl"),
        (b'{"platform":\n' + LINE, "x", "jsonl"),
        (b"broken\n", "x.jsonl.gz", "jsonl"),
        (b"\xff\x00broken\n" + LINE, "x", "jsonl"),
        (HEADER + b'weibo,1,a,"\n{\n"', "x.jsonl", "csv"),
        (HEADER.replace(b",", b"\t"), "x", "csv"),
        (b"PAR1\x15\x04", "x.jsonl", "parquet"),
    ],
)
def test_content_tells_the_kind_and_the_name_only_where_it_does_not(head, name, kind):
    assert formats.sniff(head, name) == kind


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "x.jsonl", "x.jsonl: is empty"),
        (b" \n\r\n\t", "x", "is empty"),
        (gzip.compress(b"", mtime=0), "x.gz", "is empty"),
        (b"\x7fELF\x02\0\0\0", "x.jsonl", "is binary data"),
        (b"\x89PNG\r\n\x1a\n\0\0", "x", "is binary data"),
        (LINE.decode().encode("utf-16"), "x", "is UTF-16"),
        ("平台,编号\n".encode("gb18030"), "x.csv", "GB18030"),
        (b"PK\x03\x04rest", "x.xlsx", "Excel workbook"),
        (b'[\n  {"platform": "weibo"}]', "x.json", "JSON array.*jq -c"),
        (b'{\n  "platform": "weibo"\n}\n', "x.json", "over several lines"),
        (b'{"platform": "weibo",\n "post_id": "1"}\n', "x.json", "over several lines"),
        (
            b"platform,post_id,text\nweibo,1,a\n",
            "x.csv",
            "columns author.id, platform, post_id",
        ),
        (b"<html></html>", "x.html", "none of the kinds"),
        (
            gzip.compress(LINE, mtime=0)[:5],
            "x.gz",
            "gzip data is truncated.*Nothing was read",
        ),
        (b"\x1f\x8bgarbage garbage", "x.gz", "damaged.*Nothing was read"),
        (gzip.compress(b"PAR1" + b"0" * 99, mtime=0), "x", "damaged Parquet file"),
        (
            gzip.compress(b"PAR1" + bytes(range(256)) * 99, mtime=0)[:-9],
            "x",
            "Parquet file without its end",
        ),
    ],
)
def test_what_cannot_be_read_at_all_says_what_it_is_and_what_to_do(data, name, reason):
    with pytest.raises(InputError, match=reason):
        found(data, name)


def test_blank_lines_are_no_records_and_keep_the_count():
    assert found(
        b"\xef\xbb\xbf" + LINE + b"\r\n  \n" + LINE.replace(b"\n", b"\r\n")
    ) == [
        (1, LINE.rstrip()),
        (4, LINE.rstrip() + b"\r"),
    ]


def test_damage_in_the_first_bytes_still_delivers_the_lines_before_it():
    data = gzip.compress(
        b"".join(b'{"n": %d}\n' % (number**5) for number in range(5000))
    )
    with streams.open_source(io.BytesIO(data[:-500]), name="x") as source:
        records = formats.records(source, name="x")
        got = list(itertools.islice(records, 4000))
        with pytest.raises(streams.DamagedError, match="truncated"):
            collections.deque(records, maxlen=0)
    assert len(got) == 4000
    assert got[0] == (1, b'{"n": 0}')


@pytest.mark.parametrize("is_packed", [False, True])
def test_parquet_is_read_from_a_file_and_through_a_pipe(is_packed, tmp_path):
    file = io.BytesIO()
    pq.write_table(
        pa.table(
            {
                "platform": ["weibo"] * 3,
                "post_id": ["1", "2", "3"],
                "author.id": ["a"] * 3,
            }
        ),
        file,
    )
    path = tmp_path / "x"
    path.write_bytes(
        gzip.compress(file.getvalue(), mtime=0) if is_packed else file.getvalue()
    )
    with streams.open_source(path, name="x") as source:
        records = list(formats.records(source, name="x"))
        assert source.bytes_done == source.bytes_total
    assert [number for number, _ in records] == [1, 2, 3]
