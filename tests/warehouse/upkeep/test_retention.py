"""What is over its time goes, wholly; what is not stays."""

from datetime import timedelta

import pytest

from warehouse import contracts, load
from warehouse.upkeep import retention

LIMITS = retention.Limits(
    posts_days=100, bystanders_days=50, logs_days=30, rejects_days=10
)


def test_a_post_goes_with_all_versions_when_its_last_crawl_is_old(
    work, posts, post, night
):
    load.load_posts(
        work,
        posts(
            post("old"),
            post("old", day=1, text="改过"),
            post("seen"),
            post("seen", day=90),
        ),
    )
    removed = retention.prune(work, as_of=night + timedelta(days=110), limits=LIMITS)
    assert removed == {"posts": 1}
    assert work.execute("select distinct post_id from raw.posts").fetchall() == [
        ("douyin:seen",)
    ]
    assert work.execute("select post_id from raw.crawls").fetchall() == [
        ("douyin:seen",)
    ]


@pytest.mark.parametrize("kind", ["comment", "complaint", "post"])
def test_bystanders_texts_go_earlier(work, posts, post, night, kind):
    load.load_posts(work, posts(post("a", kind=kind)))
    retention.prune(work, as_of=night + timedelta(days=60), limits=LIMITS)
    assert work.execute("select count(*) from raw.posts").fetchone() == (
        int(kind == "post"),
    )


def test_logs_and_rejects_have_limits_of_their_own(work, frame, night):
    fetches = [
        dict.fromkeys(contracts.FETCHES.columns) | {"source": "rss", "fetched_at": night + timedelta(days=day), "run_id": "r"}
        for day in (0, 20)
    ]  # fmt: skip
    rejects = [
        dict.fromkeys(contracts.REJECTS.columns) | {"source": "rss", "seen_at": night + timedelta(days=day), "run_id": "r"}
        for day in (20, 35)
    ]  # fmt: skip
    load.append(work, contracts.FETCHES, frame(contracts.FETCHES, fetches))
    load.append(work, contracts.REJECTS, frame(contracts.REJECTS, rejects))
    removed = retention.prune(work, as_of=night + timedelta(days=40), limits=LIMITS)
    assert removed == {"fetches": 1, "rejects": 1}


def test_what_was_read_from_a_text_goes_with_its_last_post(work, posts, post, night):
    load.load_posts(
        work,
        posts(post("a", text="甲"), post("b", text="乙"), post("c", day=90, text="乙")),
    )
    for (doc_id,) in work.execute("select distinct doc_id from raw.posts").fetchall():
        work.execute(
            "insert into core.doc_stances values (?, true, 0, 0, 0, 0, 0, 'r', 'p')",
            [doc_id],
        )
    retention.prune(work, as_of=night + timedelta(days=110), limits=LIMITS)
    [(kept,)] = work.execute("select doc_id from core.doc_stances").fetchall()
    assert work.execute(
        "select text from raw.posts where doc_id = ?", [kept]
    ).fetchall() == [("乙",)]


def test_pruning_again_changes_nothing(work, posts, post, night):
    load.load_posts(work, posts(post("a"), post("b", day=90)))
    moment = night + timedelta(days=110)
    assert retention.prune(work, as_of=moment, limits=LIMITS) == {"posts": 1}
    assert retention.prune(work, as_of=moment, limits=LIMITS) == {}


def test_an_erased_sellers_name_leaves_the_ledger_after_consumers_heard_of_it(
    work, frame, night
):
    entry = dict.fromkeys(contracts.WATCHLIST.columns) | {
        "entry_id": "wl-1", "entity": "seller", "value": "douyin:szr-one", "display_name": "甲", "status": "revoked",
        "listed_at": night, "reasons": [], "evidence_count": 1, "last_seen_at": night, "expires_at": night,
    }  # fmt: skip
    load.append(work, contracts.WATCHLIST, frame(contracts.WATCHLIST, [entry]))
    work.execute(
        "insert into core.forgotten values ('s', sha256('s' || 'douyin:szr-one'), ?, 'lin', '', 0, 0)",
        [night],
    )
    assert retention.prune(work, as_of=night + timedelta(days=29), limits=LIMITS) == {}
    assert retention.prune(work, as_of=night + timedelta(days=31), limits=LIMITS) == {
        "names": 1
    }
    assert work.execute(
        "select value, display_name from core.watchlist"
    ).fetchall() == [("forgotten:wl-1", None)]
