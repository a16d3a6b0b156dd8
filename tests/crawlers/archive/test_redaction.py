import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.archive import redaction

SECRET = "S3cr3tValueThatMustNotStay"
NAMES = ("token", "sign", "signature", "xsec_token", "access_token", "msToken", "decodeKey", "sld", "a_bogus", "X-Bogus", "pkey", "auth_key", "encfilekey", "h5st", "x-oss-signature")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "wrap",
    [
        lambda url: url,
        lambda url: json.dumps({"url": url}),
        lambda url: json.dumps({"url": url}).replace("&", "\\u0026"),
        lambda url: json.dumps({"inner": json.dumps({"url": url})}),
        lambda url: f'<a href="{url.replace("&", "&amp;")}">报名</a>',
        lambda url: f"<img src={url}>",
        lambda url: f"<script>location.href='{url}'</script>",
        lambda url: "https://jump.example.com/?to=" + quote(url, safe=""),
        lambda url: f"看看 {url} 吧",
    ],
)
def test_signed_parts_of_links_go_however_they_are_written(name, wrap):
    text = wrap(f"https://m.example.com/video/1?id=77&{name}={SECRET}&page=2")
    found = redaction.body(text.encode()).decode()
    assert SECRET not in found
    assert redaction.MARK in found
    assert "id=77" in found or "id%3D77" in found


@pytest.mark.parametrize(
    "text",
    [
        f'{{"xsec_token": "{SECRET}", "id": 1}}',
        f'{{"data":"{{\\"access_token\\":\\"{SECRET}\\"}}"}}',
        f"var csrf_token = '{SECRET}';",
        f'<input type="hidden" name="my_csrf_token" value="{SECRET}">',
        f'<meta name="csrf-token" content="{SECRET}">',
        f'<div data-x="{{&quot;msToken&quot;:&quot;{SECRET}&quot;}}">',
        f'{{"Authorization": "Bearer {SECRET}"}}',
        f"curl -H Authorization: Bearer {SECRET}",
        f'{{"headers": {{"Cookie": "a=1; sessionid={SECRET}"}}}}',
    ],
)
def test_secret_fields_go(text):
    assert SECRET not in redaction.body(text.encode()).decode()


def test_a_secret_number_becomes_a_number():
    found = json.loads(redaction.body(b'{"decodeKey": 2065249527, "id": 7}'))
    assert found == {"decodeKey": 0, "id": 7}


@pytest.mark.parametrize(
    "text",
    [
        '{"code": 0, "signature": "数字人源头 加V szr_demo_01", "key": "a", "sign": "个性签名"}',
        "邀请码 https://join.example.com/?code=A8 名额不多",
        '{"result": {"status": {"code": 0}}}',
        "<p>token 经济</p><p>密钥 key=1</p>",
        "",
    ],
)
def test_what_is_no_secret_stays_byte_for_byte(text):
    assert redaction.body(text.encode()) == text.encode()


def test_redacted_json_is_json_of_the_same_shape():
    body = {
        "a": [{"token": SECRET, "url": f"https://x.example/?sign={SECRET}&b=1"}],
        "n": 1,
    }
    found = json.loads(redaction.body(json.dumps(body).encode()))
    assert found == {
        "a": [
            {
                "token": "REDACTED",
                "url": "https://x.example/?sign=REDACTED&b=1",
            }
        ],
        "n": 1,
    }


def test_known_secrets_go_wherever_they_are_repeated():
    known = redaction.secrets(
        f"https://m.example.com/?msToken={SECRET}",
        [("Set-Cookie", "sid=another-secret-1; Path=/"), ("Authorization", "Bearer third-secret-2")],
    )  # fmt: skip
    body = f"{SECRET} another-secret-1 third-secret-2 Path".encode()
    assert redaction.body(body, known=known) == b"REDACTED REDACTED REDACTED Path"


def test_utf16_is_looked_into():
    text = f'{{"xsec_token": "{SECRET}", "t": "数字人"}}'
    found = redaction.body(text.encode("utf-16"))
    assert SECRET not in found.decode("utf-16")
    assert "数字人" in found.decode("utf-16")


def test_only_harmless_response_headers_are_kept():
    found = redaction.headers(
        [
            ("Content-Type", "text/html"),
            ("Set-Cookie", f"a={SECRET}"),
            ("X-Debug", SECRET),
            ("Location", f"https://user:{SECRET}@m.example.com/?a=1&token={SECRET}"),
        ]
    )
    assert found == [
        ("Content-Type", "text/html"),
        ("Location", "https://m.example.com/?a=1"),
    ]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=20),
            st.sampled_from(
                ['"token": "', "&sign=", "?code=", '"', "\\", "&amp;", "=", "%26token%3D", "Bearer ", SECRET]
            ),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_redacting_twice_changes_nothing_more(parts):
    once = redaction.body("".join(parts).encode(errors="replace"))
    assert redaction.body(once) == once
