import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.sources import jsonp


@pytest.mark.parametrize(
    "dressed",
    [
        b'{"a": ")}"}',
        b'\xef\xbb\xbf{"a": ")}"}',
        b'cb({"a": ")}"})',
        b' mtopjsonp12({"a": ")}"});\n',
        b'/**/ cb1 && cb1({"a": ")}"});',
        b'try{window.cb({"a": ")}"});}catch(e){};',
        b';a.b$({"a": ")}"}) ;',
    ],
)
def test_a_call_around_json_is_taken_off(dressed):
    assert jsonp.plain(dressed) == b'{"a": ")}"}'


def test_an_older_encoding_becomes_utf_8():
    assert jsonp.plain('cb({"a":"数字"})'.encode("gb18030")) == '{"a":"数字"}'.encode()


@pytest.mark.parametrize("other", [b"", b"<html>(", b"sorry", b"cb(1)", b"catch ({"])
def test_what_is_no_call_around_json_stays_no_json(other):
    assert not jsonp.plain(other).endswith(b"}")


@given(st.binary(max_size=80).map(lambda inner: b"cb({" + inner + b"})"))
@settings(deadline=None, max_examples=100)
def test_no_bytes_raise(body):
    jsonp.plain(body)


@pytest.mark.parametrize("unit", [b";", b" ;", b"a.", b"/**/", b"try{", b"a&&"])
def test_a_body_of_dress_alone_is_passed_once(unit):
    body = unit * 200_000 + b"x"

    assert jsonp.plain(body) == body.strip()


def test_the_dress_twice_over_is_no_answer():
    once = b'try{cb({"a": [' + b'"x)",' * 20_000 + b"1]})}catch(e){};"

    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(jsonp.plain(once * 2))
