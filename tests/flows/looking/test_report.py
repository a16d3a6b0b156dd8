from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from flows.looking import report
from warehouse import errors

EVIL = '<script>alert("x")</script>&\'"'


def dossier(**more):
    """A network of two, whose owner chose hostile names."""
    return {
        "kind": "network",
        "network": {
            "network_id": "net-0000000001",
            "display_name": EVIL,
            "seller_count": 2,
            "last_seen_at": datetime(2026, 3, 2, tzinfo=UTC),
            "max_fee_yuan": None,
        },
        "members": [
            {
                "seller_id": f"douyin:{name}", "name": EVIL, "role": "seller", "scam_probability": 0.987, "band": "high",
                "offer_count": 3, "max_fee_yuan": None,
            }
            for name in "ab"
        ],
        "falls_apart": [
            {"what": EVIL, "sellers": 2, "parts": [1, 1], "verdict": "falls into 2 parts"}
        ],
        "edges": [
            {
                "src": "douyin:a", "dst": "douyin:b", "weight": 0.4,
                "evidence": [{"kind": "wechat", "value": EVIL, "weight": 0.4}],
            }
        ],
        "indicators": [],
        "complaints": [],
        "changes": [],
        **more,
    }  # fmt: skip


class Tags(HTMLParser):
    """Which tags and attributes a page has."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_everything_is_escaped_and_nothing_is_loaded_or_run():
    page = report.page(dossier())
    found = Tags(page)
    assert not found.tags & {"script", "link", "img", "iframe", "a", "object", "form"}
    assert not found.attributes & {"src", "href", "onclick", "onload"}
    assert "&lt;script&gt;" in page
    assert "default-src 'none'" in page


def test_the_same_dossier_gives_the_same_bytes_and_empty_sections_say_so(tmp_path):
    report.write(dossier(), tmp_path / "a.html")
    report.write(dossier(), tmp_path / "b.html")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert page == (tmp_path / "b.html").read_text(encoding="utf-8")
    assert page.count("None.") == 3
    assert "<svg" in page


def test_large_network_has_no_picture():
    edges = [
        {"src": "douyin:a", "dst": f"douyin:{number}", "weight": 0.1, "evidence": []}
        for number in range(report.MAX_DRAWN + 1)
    ]
    assert "<svg" not in report.page(dossier(edges=edges))


def test_a_seller_is_refused():
    with pytest.raises(errors.InputError, match="is a seller"):
        report.page({"kind": "seller"})
