from __future__ import annotations

import random
from datetime import timedelta

import polars as pl
import pytest

from warehouse import contracts, errors, lookup

OWNERS = {"entry_id": pl.String(), "seller_id": pl.String()}
KEYS = {"entry_id": pl.String(), "kind": pl.String(), "value": pl.String()}


def mention(kind, value, *loose):
    return lookup.Mention(
        kind, value, value, 0, len(value), "own", 0.9, ((kind, value, "exact"), *loose)
    )


@pytest.fixture
def entry(night):
    """``entry(1, "wechat", "a")``: a row of contracts.WATCHLIST."""

    def make(number, kind, value, **more):
        return {
            "entry_id": f"wl-{number:020x}",
            "entity": kind,
            "value": value,
            "reasons": ["fomo"],
            "band": "high",
            "evidence_count": 2,
            "listed_at": night,
            "last_seen_at": night,
            "expires_at": night + timedelta(days=45),
            "status": "active",
            "release_id": "r",
        } | more

    return make


@pytest.fixture
def index(frame, tmp_path, night):
    """``index(entries, keys=…, owners=…)``: an open index; each entry is also found under its own value."""

    def make(entries, *, keys=(), owners=(), path=tmp_path / "a.index"):
        own = [(row["entry_id"], row["entity"], row["value"]) for row in entries]
        lookup.write(
            path,
            frame(contracts.WATCHLIST, entries),
            keys=pl.DataFrame([*own, *keys], schema=KEYS, orient="row"),
            owners=pl.DataFrame(list(owners), schema=OWNERS, orient="row"),
            meta={
                "release": {
                    "valid_until": (night + timedelta(days=7)).isoformat(),
                    "release_id": "r",
                }
            },
        )
        return lookup.Index(path)

    return make


@pytest.fixture
def ask(night):
    """``ask(index, mention, …)``: ids of the entries that the answer holds."""

    def answer(found, *mentions, withdrawn=None, days=0):
        told = lookup.answer(
            mentions,
            found,
            withdrawn=withdrawn or lookup.Withdrawn(),
            now=night + timedelta(days=days),
        )
        return {row["entry_id"]: row for row in told["entries"]}

    return answer


def test_every_entry_is_found_and_nothing_else(index, entry):
    chance = random.Random(1)
    kinds = ("wechat", "phone", "seller")
    pairs = {
        (chance.choice(kinds), f"示例{chance.randrange(900)}\n\"'") for _ in range(500)
    }
    found = index([entry(n, *pair) for n, pair in enumerate(sorted(pairs))])

    for kind in kinds:
        for number in range(950):
            value = f"示例{number}\n\"'"
            rows = found.find(kind, value)
            assert [(row["entity"], row["value"]) for row in rows] == (
                [(kind, value)] if (kind, value) in pairs else []
            )


def test_equal_hashes_are_told_apart(index, entry, monkeypatch):
    monkeypatch.setattr(lookup, "_hash", lambda key: 7)
    found = index([entry(1, "wechat", "a"), entry(2, "wechat", "b")])
    assert [row["entry_id"] for row in found.find("wechat", "b")] == [f"wl-{2:020x}"]
    assert found.find("wechat", "c") == []


def test_one_value_of_two_sellers_gives_both(index, entry, ask):
    rows = [entry(1, "seller", "douyin:1"), entry(2, "seller", "douyin:2")]
    keys = [(row["entry_id"], "handle", "douyin:same") for row in rows]
    found = index(rows, keys=keys)
    said = mention("account", "douyin:same", ("handle", "douyin:same", "handle"))
    assert {how["how"] for row in ask(found, said).values() for how in row["matched_by"]} == {"handle"}  # fmt: skip
    assert len(ask(found, said)) == 2


def test_looser_key_only_speaks_where_the_stricter_is_silent(index, entry, ask):
    rows = [
        entry(1, "domain", "a.szr.example.com"),
        entry(2, "domain", "b.szr.example.com"),
    ]
    keys = [(row["entry_id"], "link:domain", "example.com") for row in rows]
    found = index(rows, keys=keys)
    loose = ("link:domain", "example.com", "link")
    assert set(ask(found, mention("domain", "a.szr.example.com", loose))) == {rows[0]["entry_id"]}  # fmt: skip
    assert len(ask(found, mention("domain", "c.szr.example.com", loose))) == 2


def test_entry_past_its_expiry_is_not_answered(index, entry, ask):
    found = index([entry(1, "wechat", "a")])
    assert ask(found, mention("wechat", "a"), days=44)
    assert not ask(found, mention("wechat", "a"), days=45)


def test_withdrawn_entry_and_what_a_withdrawn_seller_owns_are_hidden(index, entry, ask):
    rows = [
        entry(1, "wechat", "a"),
        entry(2, "phone", "1"),
        entry(3, "seller", "douyin:1"),
    ]
    found = index(rows, owners=[(rows[0]["entry_id"], "douyin:1")])
    said = [mention(row["entity"], row["value"]) for row in rows]
    gone = lookup.Withdrawn(keys=frozenset({("seller", "douyin:1")}))
    assert set(ask(found, *said, withdrawn=gone)) == {rows[1]["entry_id"]}
    gone = lookup.Withdrawn(keys=frozenset({("phone", "1")}))
    assert set(ask(found, *said, withdrawn=gone)) == {
        rows[0]["entry_id"],
        rows[2]["entry_id"],
    }


def test_entry_that_only_a_verdict_listed_falls_with_its_verdict(index, entry, ask):
    rows = [
        entry(1, "seller", "douyin:1", band="low"),
        entry(2, "seller", "douyin:2", band="high"),
    ]
    found = index(rows)
    unsure = lookup.Withdrawn(
        weak_keys=frozenset({("seller", "douyin:1"), ("seller", "douyin:2")})
    )
    said = [mention("seller", row["value"]) for row in rows]
    assert set(ask(found, *said, withdrawn=unsure)) == {rows[1]["entry_id"]}


def test_answer_tells_where_and_what_but_not_whose_decisions_count(index, entry, ask):
    found = index([entry(1, "wechat", "a")], owners=[(f"wl-{1:020x}", "douyin:1")])
    [row] = ask(found, mention("wechat", "a"), mention("wechat", "a")).values()
    assert set(row) == {*lookup.SHOWN, "matched_by"}
    assert row["matched_by"] == [{"kind": "wechat", "value": "a", "how": "exact"}]


def test_staleness_is_told(index, entry, night):
    found = index([entry(1, "wechat", "a")])
    assert (
        lookup.freshness(found, night + timedelta(days=6, hours=23))["is_stale"]
        is False
    )
    assert lookup.freshness(found, night + timedelta(days=7))["is_stale"] is True


def test_same_release_gives_the_same_bytes(index, entry, tmp_path):
    rows = [entry(n, "wechat", f"a{n}") for n in range(50)]
    one, two = tmp_path / "1.index", tmp_path / "2.index"
    index(rows, path=one)
    index(rows[::-1], path=two)
    assert one.read_bytes() == two.read_bytes()


def test_open_index_outlives_its_file(index, entry, tmp_path):
    found = index([entry(1, "wechat", "a")])
    (tmp_path / "a.index").unlink()
    assert found.find("wechat", "a")


def test_empty_list_is_an_index(index, ask):
    assert not ask(index([]), mention("wechat", "a"))


@pytest.mark.parametrize(
    "content",
    [b"", b"puppetwatch lookup 1\n", b"puppetwatch lookup 1\n{}\n", b"other\n{}\n"],
)
def test_what_is_no_index_is_told(tmp_path, content):
    (tmp_path / "a.index").write_bytes(content)
    with pytest.raises(errors.InputError, match="no lookup index of this version"):
        lookup.Index(tmp_path / "a.index")


def test_index_is_readable_by_its_owner_only(index, entry, tmp_path):
    index([entry(1, "wechat", "a")])
    assert (tmp_path / "a.index").stat().st_mode & 0o777 == 0o600
