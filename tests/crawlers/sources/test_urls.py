import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.sources import urls


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://u:p@a.example/x?key=1&id=2#f", "https://a.example/x?id=2"),
        ("https://a.example/x?ID=a%2Fb&b=", "https://a.example/x?ID=a%2Fb&b="),
        ("https://a.example/x?xsec_token=1", "https://a.example/x"),
        ("https://[", "https://["),
    ],
)
def test_secrets_leave_the_url(url, expected):
    assert urls.without_secrets(url) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("szr.shop.example.com.cn", "example.com.cn"),
        ("www.demo.example", "demo.example"),
        ("demo.github.io", "demo.github.io"),
        ("a.demo.github.io", "demo.github.io"),
        ("127.0.0.1", "127.0.0.1"),
        ("com.cn", "com.cn"),
        ("localhost", "localhost"),
    ],
)
def test_registrable_domain_follows_the_public_suffix_list(name, expected):
    assert urls.registrable_domain(name) == expected


def test_page_id_is_the_same_however_a_page_is_addressed():
    forms = [
        "http://www.demo.example/join/",
        "https://demo.example:443/join?from=x#top",
        "https://DEMO.example/join",
    ]
    assert {urls.page_id(form) for form in forms} == {"demo.example/join"}


def test_feed_id_keeps_what_tells_feeds_apart_and_drops_what_only_shows_them():
    assert (
        urls.feed_id("http://rss.demo.example/u?limit=5&key=s&uid=7&filter_title=x")
        == "rss.demo.example/u?uid=7"
    )


def test_links_are_absolute_http_or_nothing():
    base = "https://demo.example/a/"
    assert urls.joined(base, "../b?token=1") == "https://demo.example/b"
    assert urls.joined(base, "//img.demo.example/1") == "https://img.demo.example/1"
    assert [
        urls.joined(base, link)
        for link in ("javascript:1", "tel:1", "", None, "http://[")
    ] == [None] * 5


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=100)
def test_no_text_raises(text):
    urls.without_secrets(text)
    urls.host(text)
    urls.joined("https://demo.example/", text)
    urls.parameter(text, "a")


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        ("https://pic.example.net/a.jpeg?x-signature=1#b", "https://pic.example.net/a.jpeg"),
        ("//pic.example.net/a.jpeg", "https://pic.example.net/a.jpeg"),
        ("https://user:pw@pic.example.net/a", "https://pic.example.net/a"),
        ("https://v.example.net/0123456789abcdef0123456789abcdef/69a5b2c0/a.mp4", None),
        ("javascript:alert(1)", None),
        ("http://[", None),
        ("", None),
        (None, None),
    ],
)  # fmt: skip
def test_a_mediums_link_is_kept_without_what_signs_it(link, kept):
    assert urls.unsigned(link) == kept
