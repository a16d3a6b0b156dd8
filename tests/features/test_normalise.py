"""Normalisation: costumes come off, and every plain character knows where it stood."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import normalise


def plain(text: str) -> str:
    return normalise.normalise(text).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("１３８ａｂＣ", "138abC"),
        ("①⑨⓪❶❾⓿⓵⒈⑴", "190190111"),
        ("1️⃣3️⃣8️⃣", "138"),
        ("²³₄⁵", "2345"),
        ("𝟏𝟗𝓋𝕏𝚜", "19vXs"),
        ("🅥🅧ⓥⓧ🆅🇻", "VXvxVV"),
        ("٣๓৩", "333"),
        ("ᴠxɡ", "vxg"),
        ("微\u200b信\u2060号\ufeff", "微信号"),
        ("微\ufe0f信\U000e0041", "微信"),
        ("w\u0336x\u0332é", "wxe"),
        ("微\x00信\ud800号", "微信号"),
        ("代理加盟費兩萬", "代理加盟费两万"),
        ("乾坤與乾淨", "乾坤与干净"),
        ("嶶信數芓亾", "微信数字人"),
        ("⼈⼯", "人工"),
        ("ѕzr_dеmо", "szr_demo"),
        ("➕Ｖ：", "+V:"),
        ("亻弋王里", "代理"),
        ("数字亻弋理，力口盟", "数字代理,加盟"),
        ("亻言任", "信任"),
        ("数字东说念主直播", "数字人直播"),
        ("数-字-人代.理", "数字人代理"),
        ("数 字 人", "数字人"),
        ("微❤️信", "微信"),
        ("数字ren的dai理", "数字人的代理"),
        ("å¾®ä¿¡", "微信"),
        ("a\tb\u3000c\r\nd", "a b c\n\nd"),
    ],
)
def test_costume_comes_off(text, expected):
    assert plain(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "数字 人工智能",
        "王里程的力口",
        "三-五万",
        "好的。不错、可以,行",
        "“引用”和《书名》",
        "Hello World",
        "北京 上海 广州",
        "привет",
        "こんにちは",
        "一天\n两天",
    ],
)
def test_innocent_text_stays(text):
    assert plain(text) == text


def test_plain_text_has_an_identity_map():
    one = normalise.normalise("数字人代理费10万")
    assert one.text == one.original
    assert one.starts == range(len(one.text))


def test_span_shows_what_was_written():
    text = "加1️⃣3️⃣8️⃣吧亻弋王里"
    one = normalise.normalise(text)
    at = one.text.index("138")
    assert one.raw(at, at + 3) == "1️⃣3️⃣8️⃣"
    at = one.text.index("代理")
    assert one.raw(at, at + 2) == "亻弋王里"


def test_empty_span_stays_empty():
    one = normalise.normalise("\u200ba\u200b")
    assert one.span(0, 0) == (1, 1)
    assert one.span(1, 1) == (3, 3)
    assert normalise.normalise("").span(0, 0) == (0, 0)


def test_folded_has_the_length_of_the_text():
    one = normalise.normalise("İSTANBUL ẞ ΑΣ Vx微信")
    assert len(one.folded) == len(one.text)
    assert "vx微信" in one.folded


ANY = st.lists(
    st.one_of(
        st.characters(codec=None),
        st.sampled_from(
            [*"亻弋王里代理东说念主.-* \n\u200b\ufe0f\u20e3\u0301乾麼å¾®①⑩㎏🆚"]
        ),
    ),
    max_size=40,
).map("".join)


@given(ANY)
@settings(deadline=None, max_examples=300)
def test_map_is_monotone_and_within_bounds(text):
    one = normalise.normalise(text)
    assert one.original == text
    assert len(one.starts) == len(one.ends) == len(one.text)
    starts, ends = list(one.starts), list(one.ends)
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(
        0 <= start < end <= len(text) for start, end in zip(starts, ends, strict=True)
    )
    assert not any(
        "\ud800" <= character <= "\udfff" or character == "\x00"
        for character in one.text
    )


@given(ANY)
@settings(deadline=None, max_examples=100)
def test_reading_twice_reads_no_less(text):
    once = plain(text)
    assert len(plain(once)) <= len(once)
