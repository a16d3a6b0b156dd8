"""Addresses: what is one, and what only has dots."""

from __future__ import annotations

import pytest

from features import contacts, normalise
from features.identifiers import addresses


def found(text: str) -> list[tuple[str, str]]:
    one = normalise.normalise(text)
    return [(each.kind, each.value) for each in addresses.addresses(one, one.folded)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.b@mail.example.com", [("email", "a.b@mail.example.com")]),
        ("ab艾特mail点example点com", [("email", "ab@mail.example.com")]),
        ("ab{dot}mail{dot}example{dot}com", [("domain", "ab.mail.example.com")]), ("看 szr(dian)example", [("domain", "szr.example")]), ("网站 szr 。 example 。 net", [("domain", "szr.example.net")]), ("找 ab12🐭mail.example.com", [("email", "ab12@mail.example.com")]),
        ("www.Szr.example", [("domain", "szr.example")]),
        ("szr。example", [("domain", "szr.example")]),
        ("http://szr.example:8080/a", [("domain", "szr.example"), ("url", "http://szr.example:8080/a")]),
        ("szr.example/a，b", [("domain", "szr.example"), ("url", "szr.example/a")]),
        ("szr-a.example.cn——其余面谈", [("domain", "szr-a.example.cn")]), ("a1@szr.example.org——等你", [("email", "a1@szr.example.org")]),
        ("https://szr.example/a--b——看", [("domain", "szr.example"), ("url", "https://szr.example/a--b")]),
        ("https://t.me/szr_demo", [("telegram", "szr_demo")]),
        ("或 t.me/szr_demo", [("telegram", "szr_demo")]),
        ("ab(a)example.net (a)=@", [("email", "ab@example.net")]),
        ("报价单找ab12#example.com要", [("email", "ab12@example.com")]), ("#ai2024#www.szr.example", [("domain", "szr.example")]), ("ai#szr.example", [("domain", "szr.example")]),
    ],
)  # fmt: skip
def test_address_is_read(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "node.js",
        "1.5版",
        "v2.0",
        "3.com",
        "a..com",
        "好的。come on",
        "好的 。 come on",
        "做AI 。 app 我们也做",
        "readme.md",
        "http://.",
        "@abc",
        "http://127.0.0.1:7890",
        "t.me",
    ],
)
def test_dots_alone_are_no_address(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("官网 demodotexampledotorg。", ["demo.example.org"]), ("网址demodotexample", ["demo.example"]), ("polkadotcom", []), ("robotdot", []),
        ("详情 https://DEMO.EXAMPLE.ORG/city／扣", ["demo.example.org"]),
    ],
)  # fmt: skip
def test_dots_by_their_name_and_slashes_between_contacts(text, hosts):
    found = contacts.find_contacts(normalise.normalise(text))
    assert [one.value for one in found if one.kind == "domain"] == hosts
    assert not any(one.value.endswith("/") for one in found)
