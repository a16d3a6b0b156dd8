"""A forgotten seller stands nowhere, others keep what is theirs, and old records of it stay out."""

from datetime import timedelta

import pytest

from warehouse import contracts, load
from warehouse.upkeep import erasure

SELLER, OTHER = "douyin:szr-one", "douyin:szr-two"


@pytest.fixture
def filled(work, posts, post, frame, night):
    load.load_posts(
        work,
        posts(
            post("a", seller_id=SELLER, text="只有他写", evidence_sha256="e1"),
            post("b", seller_id=SELLER, text="两个人都写"),
            post("c", seller_id=OTHER, text="两个人都写"),
        ),
    )
    own, shared = (
        work.execute("select doc_id from raw.posts where text = ?", [text]).fetchone()[
            0
        ]
        for text in ("只有他写", "两个人都写")
    )
    for doc_id in (own, shared):
        work.execute(
            "insert into core.doc_stances values (?, true, 0, 0, 0, 0, 0, 'r', 'p')",
            [doc_id],
        )
    edge = {
        "src": SELLER,
        "dst": OTHER,
        "weight": 1.0,
        "evidence": [],
        "first_seen_at": night,
        "last_seen_at": night,
    }
    load.append(work, contracts.EDGES, frame(contracts.EDGES, [edge]))
    verdicts = [
        {"verdict_id": str(number), "target": target, "verdict": "fraud", "note": "seen", "author": "lin", "decided_at": night, "is_current": True}
        for number, target in enumerate((SELLER, OTHER))
    ]  # fmt: skip
    load.append(work, contracts.VERDICTS, frame(contracts.VERDICTS, verdicts))
    about = {"entity": "seller", "value": SELLER, "note": f"about {SELLER}", "author": "lin"}  # fmt: skip
    appeal = {"appeal_id": "a", "target": "wl-1", "decision_note": SELLER} | about
    load.append(work, contracts.APPEALS, frame(contracts.APPEALS, [appeal]))
    revoked = {"revocation_id": "r", "entry_id": "wl-1"} | about
    load.append(work, contracts.REVOCATIONS, frame(contracts.REVOCATIONS, [revoked]))
    cleared = {"kind": "seller", "value": SELLER, "note": "n", "author": "lin"}
    load.append(work, contracts.ALLOWLIST, frame(contracts.ALLOWLIST, [cleared]))
    labels = [{"label_id": str(number), "target": target, "verdict": "fraud", "source": "list", "decided_at": night} for number, target in enumerate((SELLER, OTHER))]  # fmt: skip
    load.append(work, contracts.LABELS, frame(contracts.LABELS, labels))
    return work, own, shared


def forget(work, night, seller_id=SELLER):
    return erasure.forget_seller(
        work, seller_id, author="lin", note="asked", forgotten_at=night + timedelta(days=1), answer_count=1
    )  # fmt: skip


def test_nothing_names_the_seller_any_more(filled, night):
    work, _, _ = filled
    forget(work, night)
    for schema, table in work.execute(
        "select schema_name, table_name from duckdb_tables() where schema_name in ('raw', 'core')"
    ).fetchall():
        rows = work.execute(
            f"select to_json(t)::varchar from {schema}.{table} as t"
        ).fetchall()
        assert not [row for (row,) in rows if "szr-one" in row], f"{schema}.{table}"


def test_what_others_wrote_stays(filled, night):
    work, own, shared = filled
    forget(work, night)
    assert work.execute("select seller_id from raw.posts").fetchall() == [(OTHER,)]
    assert work.execute("select doc_id from core.doc_stances").fetchall() == [(shared,)]
    assert own != shared
    assert work.execute(
        "select target, note from core.verdicts where target = ?", [OTHER]
    ).fetchall() == [(OTHER, "seen")]
    assert work.execute("select target from core.labels").fetchall() == [(OTHER,)]


def test_that_somebody_was_erased_is_recorded(filled, night):
    work, _, _ = filled
    forget(work, night)
    [(author, count)] = work.execute(
        "select author, post_count from core.forgotten"
    ).fetchall()
    assert (author, count) == ("lin", 2)


def test_records_from_before_the_erasure_never_come_back(filled, posts, post, night):
    work, _, _ = filled
    forget(work, night)
    old, new = (
        post("a", seller_id=SELLER, text="只有他写"),
        post("d", day=2, seller_id=SELLER, text="后来写的"),
    )
    counts = load.load_posts(
        work, posts(old, new, post("e", seller_id=OTHER, text="别人"))
    )
    assert (counts.new, counts.unchanged) == (2, 1)
    assert {
        row[0]
        for row in work.execute(
            "select post_id from raw.posts where seller_id = ?", [SELLER]
        ).fetchall()
    } == {"douyin:d"}


def test_a_short_id_does_not_blank_other_addresses(work, frame, night):
    fetch = dict.fromkeys(contracts.FETCHES.columns) | {
        "source": "rss", "url_or_file": "https://feed.example/1", "fetch_status": "ok", "fetched_at": night, "run_id": "r",
    }  # fmt: skip
    load.append(work, contracts.FETCHES, frame(contracts.FETCHES, [fetch]))
    forget(work, night, "rss:1")
    assert work.execute("select url_or_file from core.fetches").fetchall() == [
        ("https://feed.example/1",)
    ]
