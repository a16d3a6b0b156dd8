import gzip
import io

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.files import streams
from warehouse.errors import InputError

DATA = b"".join(b'{"n": %d}\n' % (number * 7919 % 100_003) for number in range(60_000))


def packed(codec, data=DATA):
    return (
        data
        if codec is None
        else gzip.compress(data)
        if codec == "gzip"
        else pa.compress(data, codec="zstd", asbytes=True)
    )


def unpacked(data):
    with streams.open_source(io.BytesIO(data), name="x") as source:
        return b"".join(streams.chunks(source))


@pytest.mark.parametrize("codec", [None, "gzip", "zstd"])
def test_content_is_the_same_however_it_is_packed(codec):
    data = packed(codec)
    with streams.open_source(io.BytesIO(data), name="x") as source:
        assert b"".join(streams.chunks(source)) == DATA
        assert source.bytes_done == len(data)


def test_gzip_members_one_after_another_are_one_file():
    assert (
        unpacked(gzip.compress(b"a\n") + bytes(9) + gzip.compress(b"b\n") + bytes(9))
        == b"a\nb\n"
    )


@pytest.mark.parametrize("codec", ["gzip", "zstd"])
def test_truncated_data_gives_what_could_be_unpacked_and_then_says_so(codec):
    data = packed(codec)
    with streams.open_source(io.BytesIO(data[: len(data) // 2]), name="x") as source:
        chunks = streams.chunks(source)
        found = next(chunks)
        with pytest.raises(streams.DamagedError, match=f"{codec} data is truncated"):
            next(chunks)
    assert DATA.startswith(found)
    assert len(found) > len(DATA) // 4


def test_of_a_small_truncated_gzip_every_byte_before_the_cut_is_there():
    small = DATA[:3000]
    data = gzip.compress(small, 0)
    with streams.open_source(io.BytesIO(data[:-1000]), name="x") as source:
        assert next(streams.chunks(source)) == small[: 3000 - 1000 + 8]


def test_damaged_gzip_keeps_what_lies_before_the_damage():
    data = bytearray(gzip.compress(DATA, 0))
    data[-4] ^= 1
    with streams.open_source(io.BytesIO(bytes(data)), name="x") as source:
        chunks = streams.chunks(source)
        assert len(next(chunks)) > len(DATA) - (1 << 17)
        with pytest.raises(streams.DamagedError, match="incorrect length check"):
            next(chunks)


def test_a_failing_pipe_is_damage_and_keeps_what_came_before():
    class Failing(io.BytesIO):
        def read(self, size=-1):
            if self.tell() > 3:
                raise OSError(5, "Input/output error")
            return super().read(4)

    with streams.open_source(Failing(b"a\nb\nc\n"), name="x") as source:
        lines = streams.lines(streams.chunks(source), limit=10)
        assert next(lines) == (1, b"a")
        assert next(lines) == (2, b"b")
        with pytest.raises(streams.DamagedError, match="Input/output error"):
            next(lines)


def test_a_byte_order_mark_is_no_content():
    assert unpacked(b"\xef\xbb\xbf{}") == b"{}"


def test_a_line_above_the_limit_is_counted_but_not_kept():
    pieces = iter([b"ab\ncc", b"cc", b"cc\nd\n", b"eeeee\n", b"ffff"])
    assert list(streams.lines(pieces, limit=4)) == [
        (1, b"ab"),
        (2, None),
        (3, b"d"),
        (4, None),
        (5, b"ffff"),
    ]


@given(st.lists(st.binary(max_size=9)), st.integers(1, 7))
@settings(deadline=None, max_examples=60)
def test_lines_do_not_depend_on_how_the_content_is_cut(texts, width):
    content = b"\n".join(texts)
    pieces = [content[start : start + width] for start in range(0, len(content), width)]
    expected = content.split(b"\n")
    if not expected[-1]:
        expected.pop()
    assert list(streams.lines(iter(pieces), limit=100)) == list(enumerate(expected, 1))


def test_a_path_knows_its_size_and_a_pipe_does_not(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_bytes(b"12345")
    with streams.open_source(path, name="x") as source:
        assert source.bytes_total == 5
    with streams.open_source(io.BytesIO(b"12345"), name="x") as source:
        assert source.bytes_total is None


def test_a_stream_that_was_passed_in_stays_open():
    stream = io.BytesIO(b"1")
    streams.open_source(stream, name="x").close()
    assert not stream.closed


def test_paths_that_cannot_be_opened_say_why(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="x: no such file"):
        streams.open_source(tmp_path / "none", name="x")
    with pytest.raises(InputError, match="is a directory"):
        streams.open_source(tmp_path, name="x")
    with pytest.raises(InputError, match="cannot be opened"):
        streams.open_source(tmp_path / "a\0b", name="x")

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(InputError, match="Permission denied"):
        streams.open_source(tmp_path / "x", name="x")
