from __future__ import annotations

import os
import resource
from datetime import timedelta

import duckdb
import polars as pl
import pytest

from warehouse import atomic, connect, contracts, errors, load, publish
from warehouse.snapshots import snapshot as snapshot_module
from warehouse.snapshots import tables

POSTS = [
    ("post_id", "VARCHAR"), ("platform", "VARCHAR"), ("kind", "VARCHAR"), ("seller_id", "VARCHAR"), ("url", "VARCHAR"),
    ("published_at", "TIMESTAMP WITH TIME ZONE"), ("first_crawled_at", "TIMESTAMP WITH TIME ZONE"),
    ("last_crawled_at", "TIMESTAMP WITH TIME ZONE"), ("title", "VARCHAR"), ("text", "VARCHAR"), ("stance", "VARCHAR"),
    ("stance_probability", "DOUBLE"), ("is_on_topic", "BOOLEAN"), ("template_id", "VARCHAR"), ("evidence_ref", "VARCHAR"),
]  # fmt: skip

#: CONTRACT section 5.
PROMISED = {
    "posts": [name for name, _ in POSTS],
    "signals": ["post_id", "seller_id", "signal", "voice", "field", "span_text", "span_start", "span_end"],
    "amounts": ["post_id", "seller_id", "yuan", "yuan_max", "is_approximate", "role", "period", "voice", "span_text"],
    "sightings": ["post_id", "seller_id", "kind", "value", "raw", "field", "ownership", "confidence", "seen_at"],
    "indicators": [
        "kind", "value", "seller_count", "post_count", "platform_count", "network_id", "first_seen_at", "last_seen_at",
        "is_hub", "is_allowlisted",
    ],
    "sellers": [
        "seller_id", "platform", "name", "url", "network_id", "role", "scam_probability", "probability_low",
        "probability_high", "score_source", "is_calibrated", "band", "max_fee_yuan", "post_count", "offer_count",
        "complaint_count", "first_seen_at", "last_seen_at", "model_version", "run_id",
    ],
    "reasons": ["seller_id", "rank", "reason", "family", "text_zh", "text_en", "contribution", "evidence_post_id"],
    "edges": ["src", "dst", "weight", "evidence", "first_seen_at", "last_seen_at"],
    "networks": [
        "network_id", "display_name", "seller_count", "platform_count", "indicator_count", "scam_probability",
        "max_fee_yuan", "complaint_count", "claimed_loss_yuan", "first_seen_at", "last_seen_at",
    ],
    "network_changes": ["network_id", "run_id", "event", "detail"],
    "complaints": [
        "post_id", "target", "amount_yuan", "demand", "status", "network_id", "seller_id", "link_reason", "link_confidence",
    ],
    "cases": ["case_id", "network_id", "seller_id", "state", "opened_at", "priority", "why"],
    "verdicts": ["verdict_id", "target", "verdict", "note", "author", "decided_at", "is_current"],
    "appeals": [
        "appeal_id", "target", "state", "note", "author", "opened_at", "is_current", "entity", "value", "due_at",
        "decided_at", "decided_by", "decision_note",
    ],
    "revocations": ["revocation_id", "entry_id", "entity", "value", "note", "author", "decided_at"],
    "watchlist": [
        "entry_id", "entity", "value", "display_name", "network_id", "scam_probability", "band", "reasons",
        "evidence_count", "evidence_sha256", "listed_at", "last_seen_at", "expires_at", "status", "release_id",
    ],
    "watchlist_changes": ["release_id", "entry_id", "op", "why"],
    "policy_conflicts": ["post_id", "platform", "rule_id", "rule_title", "in_force_from", "span_text"],
    "keyword_suggestions": ["term", "network_count", "post_count", "burst", "example_post_id"],
    "fetches": [
        "source", "url_or_file", "fetch_status", "http_status", "record_count", "reject_count", "reason", "fetched_at",
        "run_id",
    ],
    "sources": ["source", "state", "why", "last_ok_at", "record_count", "usual_record_count", "canary_ok"],
    "runs": ["run_id", "as_of", "started_at", "ended_at", "state", "exit_code", "release_id", "is_sandbox", "stage_seconds"],
    "rejects": ["source", "file", "line", "field", "reason", "seen_at", "run_id"],
    "quality": ["check_name", "run_id", "value", "minimum", "maximum", "state", "why", "next_step"],
}  # fmt: skip


def _read(con, night):
    """Every current post as read."""
    found = load.current_posts(con, night + timedelta(days=30))
    reads = found.select(
        "post_id", "crawled_at", "first_crawled_at", "doc_id", pl.lit("offer").alias("stance"),
        pl.lit(0.9).alias("stance_probability"), pl.lit(value=True).alias("is_on_topic"),
        pl.lit(None, pl.String).alias("template_id"),
    )  # fmt: skip
    load.replace(con, contracts.POST_READS, reads)


@pytest.fixture
def filled(work, post, posts, night):
    load.load_posts(
        work,
        posts(
            post("b", text="二"), post("a", text="一"), post("late", day=5),
            post("c", kind="complaint", text="打 19900001234 要钱"), post("d", kind="complaint", text="没看过"),
        ),
    )  # fmt: skip
    load.load_posts(work, posts(post("a", day=1, text="一")))
    _read(work, night)
    masked = pl.DataFrame(
        {"post_id": ["douyin:c"], "title": [None], "text": ["打 *********** 要钱"]},
        schema=dict(load.MASKED_TEXTS.columns),
    )
    load.replace(work, load.MASKED_TEXTS, masked)
    return work


@pytest.fixture
def snapshot(filled, tmp_path, night):
    path = publish.build_snapshot(
        filled, tmp_path / "published", "r1", as_of=night + timedelta(days=2)
    )
    with connect.open_snapshot(path) as con:
        yield con


def test_all_promised_views_and_columns_are_there_in_order(snapshot):
    found = {}
    rows = snapshot.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'analyst' order by table_name, column_index"
    ).fetchall()
    for view, column in rows:
        found.setdefault(view, []).append(column)
    # What is added stands behind what is promised.
    assert {
        view: found[view][: len(columns)] for view, columns in PROMISED.items()
    } == PROMISED


def test_views_have_the_types_of_their_contracts(snapshot):
    known = {
        value.name: value
        for value in vars(contracts).values()
        if isinstance(value, contracts.Contract)
    }
    for view in PROMISED.keys() - {"posts"}:
        found = snapshot.sql(f"from analyst.{view}").pl().schema
        assert dict(found) == {
            name: known[f"core.{view}"].columns[name] for name in found
        }, view
    rows = snapshot.execute(
        "select column_name, data_type from duckdb_columns() where schema_name = 'analyst' and table_name = 'posts' order by column_index"
    )
    assert rows.fetchall() == POSTS


def test_every_view_table_and_column_has_a_comment(snapshot):
    missing = snapshot.execute(
        """
        select view_name, null from duckdb_views() where schema_name = 'analyst' and coalesce(comment, '') = ''
        union all
        select table_name, null from duckdb_tables() where coalesce(comment, '') = ''
        union all
        select table_name, column_name from duckdb_columns()
        where schema_name in ('core', 'analyst') and coalesce(comment, '') = ''
        """
    ).fetchall()
    assert missing == []


def test_posts_are_those_known_with_masked_complaints_and_their_last_crawl(
    snapshot, night
):
    found = snapshot.sql(
        "select post_id, text, last_crawled_at from analyst.posts"
    ).pl()
    assert found.rows() == [
        ("douyin:a", "一", night + timedelta(days=1)),
        ("douyin:b", "二", night),
        ("douyin:c", "打 *********** 要钱", night),
        ("douyin:d", None, night),
    ]


def test_file_is_complete_of_the_promised_version_and_can_be_renamed(
    filled, tmp_path, night
):
    path = publish.build_snapshot(filled, tmp_path, "r1", as_of=night)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["r1", "r1.duckdb"]
    moved = path.rename(tmp_path / "other.duckdb")
    with duckdb.connect(str(moved), read_only=True) as con:
        assert con.execute("select count(*) from analyst.posts").fetchall() == [(4,)]
        tags = con.execute(
            "select tags from duckdb_databases() where database_name = 'other'"
        ).fetchall()[0][0]
        assert tags["storage_version"].startswith("v1.4.0")


def test_parquet_holds_the_same_views(filled, tmp_path, night):
    path = publish.build_snapshot(filled, tmp_path, "r1", as_of=night)
    with connect.open_snapshot(path) as con:
        for view in tables.VIEWS:
            parquet = pl.read_parquet(tmp_path / "r1" / f"{view}.parquet")
            assert parquet.equals(con.sql(f"from analyst.{view}").pl()), view


def test_same_data_twice_give_identical_tables(filled, tmp_path, night):
    one, two = (
        publish.build_snapshot(filled, tmp_path, run, as_of=night)
        for run in ("r1", "r2")
    )
    for view in tables.VIEWS:
        files = [
            (tmp_path / path.stem / f"{view}.parquet").read_bytes()
            for path in (one, two)
        ]
        assert files[0] == files[1], view


def test_verdicts_after_the_moment_are_left_out_and_currency_is_of_the_moment(
    work, frame, tmp_path, night
):
    said = [("v1", "fraud", 0), ("v2", "benign", 1), ("v3", "unsure", 5)]
    rows = [
        {
            "verdict_id": i,
            "target": "t",
            "verdict": v,
            "author": "x",
            "decided_at": night + timedelta(days=d),
            "is_current": True,
        }
        for i, v, d in said
    ]
    load.append(work, contracts.VERDICTS, frame(contracts.VERDICTS, rows))
    path = publish.build_snapshot(work, tmp_path, "r1", as_of=night + timedelta(days=2))
    with connect.open_snapshot(path) as con:
        assert con.execute(
            "select verdict_id, is_current from analyst.verdicts"
        ).fetchall() == [("v1", False), ("v2", True)]


def test_indicator_that_no_public_sighting_shows_is_left_out(
    work, frame, tmp_path, night
):
    load.append(
        work,
        contracts.SIGHTINGS,
        frame(contracts.SIGHTINGS, [{"seller_id": "a", "kind": "qq", "value": "1"}]),
    )
    load.append(
        work,
        contracts.INDICATORS,
        frame(contracts.INDICATORS, [{"kind": "qq", "value": value} for value in "12"]),
    )
    with connect.open_snapshot(
        publish.build_snapshot(work, tmp_path, "r1", as_of=night)
    ) as con:
        assert con.execute("select value from analyst.indicators").fetchall() == [
            ("1",)
        ]


def test_published_run_is_never_changed_and_bad_names_are_refused(
    work, tmp_path, night
):
    publish.build_snapshot(work, tmp_path, "r1", as_of=night)
    with pytest.raises(errors.InputError, match="published already"):
        publish.build_snapshot(work, tmp_path, "r1", as_of=night)
    with pytest.raises(errors.InputError, match="cannot name a file"):
        publish.build_snapshot(work, tmp_path, "../r2", as_of=night)


def test_run_that_dies_while_building_leaves_nothing_visible(
    work, tmp_path, night, monkeypatch
):
    def die(*args, **kwargs):
        raise KeyboardInterrupt

    for step in ("fill", "create_views", "_comments", "export"):
        with monkeypatch.context() as patch:
            patch.setattr(snapshot_module, step, die)
            with pytest.raises(KeyboardInterrupt):
                publish.build_snapshot(work, tmp_path, "r1", as_of=night)
        assert list(tmp_path.iterdir()) == [], step
    assert publish.build_snapshot(work, tmp_path, "r1", as_of=night).exists()


def test_leftovers_of_a_killed_run_are_removed_by_the_next(work, tmp_path, night):
    left = atomic.unfinished(tmp_path, "r0")
    (left / "parquet").mkdir(parents=True)
    publish.build_snapshot(work, tmp_path, "r1", as_of=night)
    assert not left.exists()


def test_full_disk_says_so_and_shows_nothing(filled, tmp_path, night):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(
            errors.ServiceError,
            match=r"Snapshot r1 was not written.*unchanged.*run again",
        ):
            publish.build_snapshot(filled, tmp_path, "r1", as_of=night)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []
    assert filled.execute("select count(*) from raw.posts").fetchall() == [(5,)]


def _file(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_swing_points_to_the_new_and_relative(tmp_path):
    link = tmp_path / "current"
    for name in ("one", "two"):
        publish.swing(link, _file(tmp_path / name, name))
        assert link.read_text(encoding="utf-8") == name
    assert link.readlink().name == str(link.readlink()) == "two"


@pytest.mark.parametrize("step", ["symlink_to", "replace", "sync"])
def test_swing_that_dies_at_any_step_leaves_a_link_that_reads_and_the_next_swing_works(
    tmp_path, monkeypatch, step
):
    link = tmp_path / "current"
    publish.swing(link, _file(tmp_path / "one", "one"))
    two = _file(tmp_path / "two", "two")

    def die(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(atomic if step == "sync" else type(link), step, die)
        with pytest.raises(KeyboardInterrupt):
            publish.swing(link, two)
    assert link.read_text(encoding="utf-8") == ("two" if step == "sync" else "one")
    publish.swing(link, two)
    assert link.read_text(encoding="utf-8") == "two"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        "current",
        "one",
        "two",
    ]


def test_swing_refuses_what_is_missing_elsewhere_or_in_the_way(tmp_path):
    link = tmp_path / "current"
    (tmp_path / "deep").mkdir()
    for target in (tmp_path / "none", _file(tmp_path / "deep" / "one", "one")):
        with pytest.raises(errors.InputError, match="does not exist beside it"):
            publish.swing(link, target)
    _file(link, "a file")
    with pytest.raises(errors.InputError, match="not a symlink"):
        publish.swing(link, _file(tmp_path / "two", "two"))


def test_prune_keeps_the_newest_and_always_the_current(tmp_path):
    for age, run in enumerate(("r1", "r2", "r3", "r4")):
        os.utime(_file(tmp_path / f"{run}.duckdb", run), (age, age))
        (tmp_path / run).mkdir()
    publish.swing(tmp_path / "current.duckdb", tmp_path / "r1.duckdb")
    (tmp_path / "orphan").mkdir()
    assert publish.prune(tmp_path, 2) == ["r2", "r3"]
    assert sorted(entry.name for entry in tmp_path.iterdir()) == [
        "current.duckdb",
        "r1",
        "r1.duckdb",
        "r4",
        "r4.duckdb",
    ]
    with pytest.raises(errors.InputError, match="at least 1"):
        publish.prune(tmp_path, 0)


@pytest.mark.parametrize(
    ("gigabytes", "gone"),
    [(None, []), (1.0, []), (700e-9, ["r1"]), (1e-9, ["r1", "r2"])],
)
def test_prune_keeps_to_the_disk_budget_but_two_stay(tmp_path, gigabytes, gone):
    for age, run in enumerate(("r1", "r2", "r3", "r4")):
        os.utime(_file(tmp_path / f"{run}.duckdb", "x" * 100), (age, age))
        (tmp_path / run).mkdir()
        (tmp_path / run / "posts.parquet").write_text("x" * 100)
    publish.swing(tmp_path / "current.duckdb", tmp_path / "r4.duckdb")
    assert publish.prune(tmp_path, 9, gigabytes=gigabytes) == gone


def test_staged_release_is_shown_when_asked_for(work, tmp_path, night):
    work.execute(
        "insert into core.staged_watchlist by name select 'wl-1' as entry_id, 'seller' as entity, 'a' as value"
    )
    work.execute(
        "insert into core.staged_changes values ('rel', 'wl-1', 'ADD', 'listed')"
    )
    counts = []
    for run, staged in (("r1", False), ("r2", True)):
        path = publish.build_snapshot(
            work, tmp_path, run, as_of=night, with_staged_release=staged
        )
        with connect.open_snapshot(path) as con:
            counts.append(
                con.execute(
                    "select (select count(*) from analyst.watchlist), (select count(*) from analyst.watchlist_changes)"
                ).fetchall()
            )
    assert counts == [[(0, 0)], [(1, 1)]]
