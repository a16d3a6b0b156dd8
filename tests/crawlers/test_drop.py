import csv
import gc
import gzip
import io
import json
from datetime import UTC, datetime

import orjson
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from crawlers import drop
from warehouse import contracts
from warehouse.errors import InputError

NOW = datetime(2024, 7, 1, tzinfo=UTC)
KEY = b"a key for tests only"


def record(number, **changes):
    return {
        "platform": "weibo",
        "post_id": str(number),
        "author": {"id": f"szr_demo_{number % 3}", "followers": number},
        "text": f'数字人代理, 第{number}\n"行"',
        "crawled_at": "2024-06-14T02:00:00+08:00",
        "hashtags": ["数字人", "代理"],
        "media": [{"url": "https://example.com/1.jpg", "kind": "image"}],
        "listing": {"price_yuan": "28000.50"},
        **changes,
    }


def jsonl(*records):
    return b"".join(orjson.dumps(one) + b"\n" for one in records)


def batches(data, *, name="x.jsonl", **options):
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    return list(
        drop.read_batches(stream, name=name, imported_at=NOW, hash_key=KEY, **options)
    )


def read(data, **options):
    """All of a file as one frame of posts, one of rejects, and the number read."""
    found = batches(data, **options)
    posts = pl.concat([contracts.RAW_POSTS.check(batch.posts) for batch in found])
    rejects = pl.concat([contracts.REJECTS.check(batch.rejects) for batch in found])
    return posts, rejects, sum(batch.read_count for batch in found)


def reasons(rejects):
    return rejects.select("line", "field", "reason").rows()


def flat(one):
    found = {}
    for name, value in one.items():
        if isinstance(value, dict):
            found.update({f"{name}.{inner}": part for inner, part in value.items()})
        else:
            found[name] = value
    return found


def as_csv(records):
    out = io.StringIO()
    rows = [
        {
            name: json.dumps(value) if isinstance(value, list) else value
            for name, value in flat(one).items()
        }
        for one in records
    ]
    writer = csv.DictWriter(out, fieldnames=rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_parquet(records):
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(records), out)
    return out.getvalue()


RECORDS = [record(number) for number in range(50)]


@pytest.mark.parametrize(
    "data",
    [
        as_csv(RECORDS),
        b"\xef\xbb\xbf" + as_csv(RECORDS),
        as_parquet(RECORDS),
        as_parquet([flat(one) for one in RECORDS]),
        gzip.compress(jsonl(*RECORDS)),
        gzip.compress(as_parquet(RECORDS)),
        pa.compress(jsonl(*RECORDS), codec="zstd", asbytes=True),
        jsonl(*RECORDS).replace(b"\n", b"\r\n\r\n"),
        jsonl(*RECORDS).rstrip(),
    ],
    ids=[
        "csv",
        "csv bom",
        "parquet",
        "parquet dots",
        "gz",
        "parquet gz",
        "zst",
        "crlf",
        "no end",
    ],
)
def test_every_packing_of_the_same_records_gives_the_same_posts(data):
    expected, _, _ = read(jsonl(*RECORDS))
    posts, rejects, count = read(data)
    assert_frame_equal(expected, posts)
    assert reasons(rejects) == []
    assert count == 50


def test_the_size_of_batches_changes_no_record():
    whole, _, _ = read(jsonl(*RECORDS))
    found = batches(jsonl(*RECORDS), batch_rows=7)
    assert [batch.read_count for batch in found] == [7] * 7 + [1]
    assert_frame_equal(whole, pl.concat([batch.posts for batch in found]))


def test_rows_say_where_they_came_from():
    posts, rejects, _ = read(
        jsonl(RECORDS[0], {}), name="Lieferung.jsonl", source="partner"
    )
    assert posts["source"].to_list() == ["partner"]
    assert rejects.rows() == [
        (
            "partner",
            "Lieferung.jsonl",
            2,
            "platform",
            "is required and missing",
            NOW,
            None,
        )
    ]
    assert read(jsonl(RECORDS[0]))[0]["source"].to_list() == ["import"]


def test_bad_lines_are_rejected_with_line_field_and_reason_and_the_rest_loads():
    deep = b'{"platform": "weibo", "post_id": "1", "author": {"id": "a"}, "text": "x", "new": %s}\n'
    lines = [
        jsonl(record(1)),
        b'{"platform": "weibo", \n',
        b"\n",
        b"[1]\n",
        b"null\n",
        jsonl(record(2, author={})),
        jsonl(record(3, crawled_at="9999-12-31T00:00:00Z")),
        jsonl(record(4)).replace(b"28000.50", b"\\ud83d"),
        jsonl(record(5, author={"id": "a\0b"})),
        jsonl(record(6)).replace("数字人".encode(), b"\xff"),
        deep % (b"[" * 40 + b"]" * 40),
        deep % (b"[" * 100_000 + b"]" * 100_000),
        jsonl(record(7)).replace(b'"followers":7', b'"followers":NaN'),
        b"\0\0\0\n",
        jsonl(record(8)),
    ]
    posts, rejects, count = read(b"".join(lines))
    assert posts["post_id"].to_list() == ["weibo:1", "weibo:8"]
    assert count == 14
    found = {line: (field, reason) for line, field, reason in reasons(rejects)}
    assert list(found) == [2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]
    assert found[2][0] is None
    assert found[2][1].startswith("is not valid JSON")
    assert found[4] == (None, "expected an object, found a list")
    assert found[5] == (None, "expected an object, found null")
    assert found[6] == ("author.id", "is required and missing")
    assert found[7][0] == "crawled_at"
    assert found[8] == (
        "listing.price_yuan",
        "holds a lone surrogate or bytes that are not UTF-8",
    )
    assert found[9] == ("author.id", "holds a NUL character")
    assert found[10][1].startswith("is not UTF-8 (byte ")
    assert found[11][1] == "is nested more than 32 deep"
    assert found[12][0] is None
    assert found[13][0] is None


def test_an_id_beyond_64_bits_keeps_its_digits():
    line = jsonl(record(1)).replace(
        b'"post_id":"1"', b'"post_id":123456789012345678901234567890'
    )
    assert read(line)[0]["post_id"].to_list() == [
        "weibo:123456789012345678901234567890"
    ]
    line = jsonl(record(1)).replace(b'"post_id":"1"', b'"post_id":1.5')
    assert reasons(read(line)[1])[0][1] == "post_id"


def test_files_that_were_put_together_keep_the_first_line_of_the_second():
    posts, rejects, _ = read(jsonl(record(1)) + b"\xef\xbb\xbf" + jsonl(record(2)))
    assert posts.height == 2
    assert rejects.height == 0


def test_a_line_of_fifty_megabytes_is_one_reject_and_is_not_loaded(tmp_path):
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(jsonl(record(1)))
        file.write(b'{"platform": "weibo", "text": "')
        for _ in range(50):
            file.write(b"x" * (1 << 20))
        file.write(b'"}\n' + jsonl(record(2)))
    posts, rejects, count = read(path)
    assert posts["post_id"].to_list() == ["weibo:1", "weibo:2"]
    assert reasons(rejects) == [(2, None, "is longer than 32 MiB")]
    assert count == 3


def test_a_truncated_file_loads_what_it_has_and_rejects_the_rest_once():
    data = gzip.compress(jsonl(*RECORDS), 0)
    posts, rejects, count = read(data[:-800])
    assert 40 < posts.height < 50
    ((line, field, reason),) = reasons(rejects)
    assert line == posts.height + 1 == count
    assert field is None
    assert "truncated" in reason


def test_of_equal_keys_in_a_batch_the_first_stays_and_versions_are_kept():
    posts, rejects, count = read(
        jsonl(
            record(1, text="first"),
            record(1, text="second"),
            record(1, text="later", crawled_at="2024-06-15T02:00:00+08:00"),
        )
    )
    assert posts["text"].to_list() == ["first", "later"]
    assert (rejects.height, count) == (0, 3)


def test_unknown_fields_are_named_once_for_the_file():
    found = batches(
        jsonl(record(1, new=1), record(2), record(3, author={"id": "a", "vip": 1})),
        batch_rows=1,
    )
    assert [sorted(batch.unknown_fields) for batch in found] == [
        ["new"],
        ["new"],
        ["author.vip", "new"],
    ]


def test_progress_reaches_the_size_of_the_file(tmp_path):
    for name, data in (
        ("x.jsonl", jsonl(*RECORDS)),
        ("x.parquet", as_parquet(RECORDS)),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        found = batches(path, batch_rows=20)
        assert [batch.bytes_total for batch in found] == [len(data)] * 3
        done = [batch.bytes_done for batch in found]
        assert done == sorted(done)
        assert done[-1] == len(data)
    assert batches(jsonl(*RECORDS))[-1].bytes_total is None


def test_a_file_without_records_is_an_input_error():
    no_rows = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([record(1)]).slice(0, 0), no_rows)
    for data in (b"platform,post_id,author.id\n", no_rows.getvalue(), b" \n"):
        with pytest.raises(InputError, match="Nothing was read"):
            batches(data)


PACKINGS = [
    jsonl(*RECORDS[:9]),
    as_csv(RECORDS[:9]),
    as_parquet(RECORDS[:9]),
    gzip.compress(jsonl(*RECORDS[:9])),
]


@given(
    st.sampled_from(PACKINGS),
    st.lists(st.tuples(st.integers(0, 10**4), st.binary(max_size=3)), max_size=5),
)
@settings(deadline=None, max_examples=80)
def test_damaged_bytes_give_valid_frames_or_an_input_error(data, damages):
    damaged = bytearray(data)
    for place, new in damages:
        start = place % len(damaged)
        damaged[start : start + 2] = new
        damaged = damaged or bytearray(b"x")
    try:
        posts, rejects, count = read(bytes(damaged))
    except InputError as error:
        assert "Nothing was read" in str(error)  # noqa: PT017
    else:
        assert posts.height + rejects.height <= count


def test_a_naive_import_time_is_the_callers_mistake():
    with pytest.raises(ValueError, match="no time zone"):
        next(
            drop.read_batches(
                io.BytesIO(b"{}"),
                name="x",
                imported_at=NOW.replace(tzinfo=None),
                hash_key=KEY,
            )
        )


def test_a_file_name_that_is_no_text_can_be_stored():
    _, rejects, _ = read(b"{}", name="x\udcff.jsonl")
    assert rejects["file"].to_list() == ["x?.jsonl"]


def test_the_collector_runs_again_after_every_batch():
    for _ in drop.read_batches(
        io.BytesIO(jsonl(*RECORDS)),
        name="x",
        imported_at=NOW,
        hash_key=KEY,
        batch_rows=9,
    ):
        assert gc.isenabled()
