from __future__ import annotations

from datetime import timedelta

import pytest

from warehouse import contracts, load, quality
from warehouse.checks import integrity


def _check(con, night, run="r9", **options):
    found = quality.check_run(con, run_id=run, as_of=night, **options)
    return {row["check_name"]: row for row in found.iter_rows(named=True)}


def _states(found):
    return {
        name: row["state"] for name, row in found.items() if row["state"] != "green"
    }


def test_empty_database_passes_and_nothing_blocks(work, night):
    found = quality.check_run(work, run_id="r1", as_of=night)
    assert set(found["state"]) == {"green"}
    assert quality.blocking(found).is_empty()


BROKEN = {
    "integrity:post_reads": "insert into core.post_reads by name select 'douyin:x' as post_id, timestamptz '2024-01-01' as crawled_at, 'd' as doc_id; insert into core.doc_stances by name select 'd' as doc_id, '1' as reader_version, '1' as pack_version",
    "integrity:signals": "insert into core.signals values ('douyin:x', 's', 'fomo', 'asserted', 'text', 'x', 0, 1)",
    "integrity:amounts": "insert into core.amounts by name select 'douyin:x' as post_id, 'text' as field, 0 as span_start, 1 as span_end",
    "integrity:sightings": "insert into core.sightings by name select 'douyin:x' as post_id, 's' as seller_id",
    "integrity:edges": "insert into core.edges by name select 'b' as src, 'a' as dst, 1.0 as weight",
    "integrity:sellers": "insert into core.sellers by name select 'a' as seller_id, 'n1' as network_id",
    "integrity:members": "insert into core.network_members values ('n1', 'a')",
    "integrity:reasons": "insert into core.sellers by name select 'a' as seller_id, 0.5 as scam_probability",
    "integrity:reason_posts": "insert into core.reasons by name select 'a' as seller_id, 1 as rank, 'douyin:x' as evidence_post_id",
}


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_row_that_points_nowhere_stops_the_release_and_says_what_to_do(
    work, night, name
):
    work.execute(BROKEN[name])
    found = _check(work, night)
    assert _states(found) == {name: "red"}
    assert found[name]["value"] == 1
    assert found[name]["why"].startswith("1 ")
    assert "Do not release" in found[name]["next_step"]


@pytest.mark.parametrize(
    ("columns", "is_broken"),
    [
        ("1.5 as scam_probability", True),
        ("'nan'::double as scam_probability", True),
        ("0.5 as scam_probability, 0.6 as probability_low", True),
        (
            "0.5 as scam_probability, 0.4 as probability_low, 0.6 as probability_high",
            False,
        ),
        ("null::double as scam_probability", False),
    ],
)
def test_scores_outside_their_range_stop_the_release(work, night, columns, is_broken):
    work.execute(f"insert into core.sellers by name select 'a' as seller_id, {columns}")
    assert (_check(work, night)["integrity:scores"]["state"] == "red") is is_broken


def test_scored_reporter_and_unread_future_or_unmasked_posts_stop_the_release(
    work, night, post, posts
):
    work.execute(
        "insert into core.sellers by name select 'a' as seller_id, 'reporter' as role, 0.5 as scam_probability"
    )
    load.load_posts(work, posts(post("a", day=1, kind="complaint")))
    work.execute(
        "insert into core.post_reads by name select post_id, crawled_at, doc_id from raw.posts"
    )
    red = {
        name for name, state in _states(_check(work, night)).items() if state == "red"
    }
    assert red == {
        "integrity:silent",
        "integrity:future",
        "integrity:unread",
        "integrity:unmasked",
        "integrity:reasons",
    }


def test_every_integrity_query_is_green_on_a_sound_night(work, night, post, posts):
    load.load_posts(work, posts(post("a"), post("c", kind="comment")))
    work.execute(
        "insert into core.post_reads by name select post_id, crawled_at, doc_id, 'offer' as stance from raw.posts"
    )
    work.execute(
        "insert into core.doc_stances by name select distinct doc_id, '1' as reader_version, '1' as pack_version from raw.posts"
    )
    work.execute(
        "insert into core.masked_texts select post_id, title, text from raw.posts where kind = 'comment'"
    )
    work.execute(
        "insert into core.sellers by name select 'douyin:szr1' as seller_id, 0.9 as scam_probability, 'high' as band"
    )
    work.execute(
        "insert into core.reasons by name select 'douyin:szr1' as seller_id, 1 as rank, 'douyin:a' as evidence_post_id"
    )
    found = _check(work, night)
    assert {name for name in _states(found) if name.startswith("integrity")} == set()
    assert {name for name in found if name.startswith("integrity")} == {
        *integrity.BROKEN,
        *(name for _, pointing in integrity.POINTING for name in pointing),
        integrity.UNSTORED[0],
    }


def _crawled(
    con,
    frame,
    night,
    run,
    count,
    *,
    status="ok",
    url="https://a.example.com/list",
    rejects=0,
):
    rows = [
        {
            "source": "heimao",
            "url_or_file": url,
            "fetch_status": status,
            "record_count": count,
            "reject_count": rejects,
            "fetched_at": night,
            "run_id": run,
        }
    ]
    load.append(con, contracts.FETCHES, frame(contracts.FETCHES, rows))


def test_first_releases_have_no_minimum(work, frame, night):
    _crawled(work, frame, night, "r1", 100)
    _crawled(work, frame, night, "r2", 1)
    assert _check(work, night, "r2")["records:heimao"]["minimum"] is None
    assert _states(_check(work, night, "r2")) == {}


@pytest.mark.parametrize(
    ("count", "status", "state"),
    [
        (100, "ok", None),
        (21, "ok", None),
        (5, "ok", "red"),
        (0, "empty", "red"),
        (0, "blocked", "yellow"),
        (5, "schema_drift", "yellow"),
    ],
)
def test_source_that_claims_all_is_well_and_brings_far_less_than_usual_stops_the_release(
    work, frame, night, count, *, status, state
):
    for run in ("r1", "r2", "r3"):
        _crawled(work, frame, night, run, 100)
    _crawled(work, frame, night, "r4", count, status=status)
    assert _states(_check(work, night, "r4")).get("records:heimao") == state


def test_dropped_files_count_neither_for_nor_against_a_source(work, frame, night):
    for run in ("r1", "r2", "r3"):
        _crawled(work, frame, night, run, 100_000, url="heimao.jsonl")
    _crawled(work, frame, night, "r4", 1, url="heimao.jsonl")
    assert "records:heimao" not in _check(work, night, "r4")
    _crawled(work, frame, night, "r5", 10)
    assert _check(work, night, "r5")["records:heimao"]["minimum"] is None


def test_many_rejects_warn_and_do_not_stop(work, frame, night):
    _crawled(work, frame, night, "r1", 50, rejects=50)
    found = _check(work, night, "r1")
    assert found["rejects:heimao"]["value"] == 0.5
    assert _states(found) == {"rejects:heimao": "yellow"}


def test_old_posts_warn(work, posts, night):
    load.load_posts(work, posts("a"))
    found = _check(work, night + timedelta(days=3))
    assert found["freshness:posts"]["value"] == 72
    assert _states(found) == {"freshness:posts": "yellow"}


def test_fill_rates_and_scores_are_compared_with_the_run_before(
    work, frame, night, post, posts
):
    load.load_posts(work, posts(post("a", author_name="示例"), "b"))
    work.execute(
        "insert into core.post_reads by name select post_id, crawled_at, doc_id from raw.posts"
    )
    runs = [
        {"run_id": run, "started_at": night + timedelta(days=day)}
        for day, run in enumerate(["r0", "r1"])
    ]
    load.append(work, contracts.RUNS, frame(contracts.RUNS, runs))
    before = [
        ("fill:author_name", "r0", 0.1),
        ("fill:author_name", "r1", 0.9),
        ("scores:mean", "r1", 0.1),
    ]
    load.append(
        work,
        contracts.QUALITY,
        frame(
            contracts.QUALITY,
            [{"check_name": n, "run_id": r, "value": v} for n, r, v in before],
        ),
    )
    work.execute(
        "insert into core.sellers by name select 'a' as seller_id, 0.9 as scam_probability"
    )
    found = _check(work, night)
    assert found["fill:author_name"]["minimum"] == pytest.approx(0.7)
    assert {"fill:author_name": "yellow", "scores:mean": "yellow"}.items() <= _states(
        found
    ).items()


def _entries(con, table, count, start=0, evidence=1):
    con.execute(
        f"insert into core.{table} by name select 'wl-' || i as entry_id, 'active' as status, {evidence} as evidence_count from range({start}, {start + count}) t(i)"
    )


@pytest.mark.parametrize(
    ("before", "after", "expired", "state"),
    [
        (0, 0, 0, None),
        (0, 500, 0, None),
        (20, 1, 0, None),
        (100, 60, 0, None),
        (100, 40, 0, "red"),
        (100, 40, 60, None),
    ],
)
def test_list_that_collapses_stops_unless_people_or_the_calendar_took_entries_off(
    work, night, before, after, *, expired, state
):
    _entries(work, "watchlist", before)
    _entries(work, "staged_watchlist", after)
    work.execute(
        f"insert into core.staged_changes select 'rel', 'wl-' || i, 'DEL', 'expired: …' from range({expired}) t(i)"
    )
    assert (
        _states(_check(work, night, with_staged_release=True)).get("list:size") == state
    )


def test_entry_without_evidence_stops_and_a_list_that_triples_warns(work, night):
    _entries(work, "watchlist", 30)
    _entries(work, "staged_watchlist", 100)
    assert _states(_check(work, night, with_staged_release=True)) == {
        "list:growth": "yellow"
    }
    _entries(work, "staged_watchlist", 1, start=200, evidence=0)
    assert (
        _states(_check(work, night, with_staged_release=True))["list:evidence"] == "red"
    )
    assert "list:size" not in _check(work, night)


def test_appeal_that_nobody_answered_in_time_is_a_warning(work, frame, night):
    rows = [
        {"appeal_id": "a", "target": "wl-1", "state": "open", "opened_at": night - timedelta(days=15), "due_at": night - timedelta(days=1)},
        {"appeal_id": "b", "target": "wl-2", "state": "open", "opened_at": night, "due_at": night + timedelta(days=14)},
        {"appeal_id": "c", "target": "wl-3", "state": "rejected", "opened_at": night - timedelta(days=15), "due_at": night - timedelta(days=1), "decided_at": night - timedelta(days=2)},
    ]  # fmt: skip
    load.replace(work, contracts.APPEALS, frame(contracts.APPEALS, rows))
    checks = quality.check_run(work, run_id="r", as_of=night)
    [row] = checks.filter(checks["check_name"] == "appeals:overdue").to_dicts()
    assert (row["value"], row["state"]) == (1.0, "yellow")
