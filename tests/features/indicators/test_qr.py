import polars as pl
import pytest

from features.indicators import qr


def read(*payloads):
    found = qr.contacts_in(pl.Series(payloads, dtype=pl.String))
    return [(row["kind"], row["value"]) for row in found.to_dicts()]


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ("https://szr.example.com/join", [("domain", "szr.example.com"), ("url", "https://szr.example.com/join")]),
        ("https://szr.example.com", [("domain", "szr.example.com")]),
        # A platform's host names nobody, its page somebody; likewise a service that makes codes for anybody.
        ("https://u.wechat.com/EDemo12345", [("url", "https://u.wechat.com/EDemo12345")]),
        ("https://codes.example/c/yun00a1b2c3d4", [("url", "https://codes.example/c/yun00a1b2c3d4")]),
        ("微信号:szr_demo_01", [("wechat", "szr_demo_01")]),
        ("weixin://contacts/profile/szr_demo_01", [("wechat", "szr_demo_01")]),
        ("tel:19900001234", [("phone", "19900001234")]),
        ("mailto:demo@example.com", [("email", "demo@example.com")]),
        ("BEGIN:VCARD\nVERSION:3.0\nN:示例;某\nTEL;TYPE=CELL:19900001234\nEMAIL:a.b@example.com\nEND:VCARD", [("email", "a.b@example.com"), ("phone", "19900001234")]),
        ("MECARD:N:示例;TEL:19900001234;EMAIL:x@example.org;;", [("email", "x@example.org"), ("phone", "19900001234")]),
        ("wxp://f2f0abcdefgh1234", []),
        ("WIFI:S:demo;T:WPA;P:12345678;;", []),
        ("", []),
        ("8" * 5_000, []),
    ],
)  # fmt: skip
def test_what_a_code_says_is_read(payload, expected):
    assert read(payload) == expected


def test_nulls_and_repeats_give_one_row():
    assert read(None, "tel:19900001234", "tel:19900001234") == [("phone", "19900001234")]  # fmt: skip
    assert read() == []
