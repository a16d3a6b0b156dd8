import re

import pytest

from crawlers.archive import privacy
from crawlers.records import schema

KEY = b"a key for tests only"


def author(**known):
    return [known.get(name) for name in schema.AUTHOR.names]


def test_a_pseudonym_depends_on_person_platform_and_key():
    one = privacy.pseudonym("u1", platform="heimao", key=KEY)
    assert re.fullmatch("h-[0-9a-f]{24}", one)
    assert one == privacy.pseudonym("u1", platform="heimao", key=KEY)
    others = {
        privacy.pseudonym("u2", platform="heimao", key=KEY),
        privacy.pseudonym("u1", platform="weibo", key=KEY),
        privacy.pseudonym("u1", platform="heimao", key=b"another key"),
    }
    assert len(others | {one}) == 4


def test_an_empty_key_is_refused():
    with pytest.raises(ValueError, match="key for pseudonyms is empty"):
        privacy.pseudonym("u1", platform="heimao", key=b"")


def test_a_person_keeps_counts_and_loses_what_leads_back():
    person = privacy.Person(
        "heimao",
        "u1",
        author(
            handle="u1",
            name="示例用户",
            bio="我",
            url="https://example.com/u1",
            followers=3,
            region="河南",
        ),
        KEY,
    )
    profile = dict(zip(schema.AUTHOR.names, person.profile, strict=True))
    assert profile["handle"] == person.pseudonym
    assert profile["name"].startswith("h-")
    assert profile["name"] != person.pseudonym
    assert profile["bio"] is None
    assert profile["url"] is None
    assert profile["followers"] == 3
    assert profile["region"] == "河南"


def test_scrubbing_reaches_keys_nested_lists_and_whole_numbers():
    found = privacy.scrub(
        {"u17": ["by u17", {"uid": 17, "is_vip": True, "rate": 17.5}]},
        {"u17": "h-1", "17": "h-2"},
    )
    assert found == {"h-1": ["by h-1", {"uid": "h-2", "is_vip": True, "rate": 17.5}]}
