from __future__ import annotations

import os
import random
from datetime import timedelta

import duckdb
import polars as pl
import pytest

from warehouse import (
    connect,
    contracts,
    difference,
    erasure,
    load,
    publish,
    retention,
    snapshot,
    tables,
)


@pytest.fixture
def published(tmp_path):
    return tmp_path / "published"


@pytest.fixture
def always_renewed(monkeypatch):
    """As in a large home: tables are changed row by row, for more nights than a test has."""
    monkeypatch.setattr(difference, "FEW", 0)
    monkeypatch.setattr(difference, "MUCH", 10.0)
    monkeypatch.setattr(snapshot, "NIGHTS", 1000)
    monkeypatch.setattr(snapshot, "BLOAT", 1000)


def _derive(con, as_of):
    """What the stages would leave: readings, sightings, sellers."""
    posts = load.current_posts(con, as_of)
    reads = posts.select(
        "post_id", "crawled_at", "first_crawled_at", "doc_id", pl.lit("offer").alias("stance"),
        pl.lit(0.9).alias("stance_probability"), pl.lit(value=True).alias("is_on_topic"),
        pl.lit(None, pl.String).alias("template_id"),
    )  # fmt: skip
    load.replace(con, contracts.POST_READS, reads)
    seen = posts.select(
        "post_id", "seller_id", pl.lit("wechat").alias("kind"), ("szr_" + pl.col("seller_id")).alias("value"),
        pl.lit("加V").alias("raw"), pl.lit("text").alias("field"), pl.lit("own").alias("ownership"),
        pl.lit(0.9).alias("confidence"), pl.col("last_crawled_at").alias("seen_at"),
    )  # fmt: skip
    load.replace(con, contracts.SIGHTINGS, seen)
    counts = seen.group_by("kind", "value").agg(
        pl.len().cast(pl.Int64).alias("post_count"), pl.col("seen_at").max().alias("last_seen_at"),
    )  # fmt: skip
    indicators = counts.select(
        [
            (pl.col(name) if name in counts.columns else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in contracts.INDICATORS.columns.items()
        ]
    )  # fmt: skip
    load.replace(con, contracts.INDICATORS, indicators)
    private = posts.filter(pl.col("kind") == "complaint")
    texts = load.post_texts(con, as_of, private["post_id"])
    load.replace(con, load.MASKED_TEXTS, texts.sort("post_id"))


def _tables(path):
    with connect.open_snapshot(path) as con:
        return {
            view: sorted(con.execute(f"from core.{view}").fetchall(), key=repr)
            for view in tables.VIEWS
        }


def _parquet(path):
    return {
        view: sorted(pl.read_parquet(path.with_suffix("") / f"{view}.parquet").rows(), key=repr)
        for view in tables.VIEWS
    }  # fmt: skip


def _viewed(path):
    with connect.open_snapshot(path) as con:
        return {
            view: sorted(con.sql(f"from analyst.{view}").pl().rows(), key=repr)
            for view in tables.VIEWS
        }


def _night(con, chance, post, posts, frame, *, day, as_of):
    """Posts are added, found again, changed; now and then somebody is erased, something outlived or decided."""
    count = 40 + 6 * day
    arriving = [
        post(
            number,
            day=day,
            text=f"数字人招商 {number} {chance.randrange(3)}",
            seller_id=f"douyin:seller{number % 9}",
            kind=chance.choice(["post", "post", "comment", "complaint"]),
        )
        for number in {*range(count - 6 if day else 0, count), *chance.sample(range(count), 8)}
    ]  # fmt: skip
    load.load_posts(con, posts(*arriving))
    if chance.random() < 0.4:
        erasure.forget_seller(
            con, f"douyin:seller{chance.randrange(9)}", author="lin", note="n", forgotten_at=as_of, answer_count=0,
        )  # fmt: skip
    if chance.random() < 0.4:
        limits = retention.Limits(posts_days=4, bystanders_days=3)
        retention.prune(con, as_of=as_of, limits=limits)
    if chance.random() < 0.7:
        row = {
            "verdict_id": f"v{day}", "target": f"douyin:seller{chance.randrange(9)}", "verdict": "benign", "author": "lin",
            "note": "n", "decided_at": as_of - timedelta(hours=1), "is_current": True,
        }  # fmt: skip
        load.append(con, contracts.VERDICTS, frame(contracts.VERDICTS, [row]))
    _derive(con, as_of)


@pytest.mark.parametrize("seed", range(2))
def test_snapshot_made_of_the_one_before_equals_one_made_whole(
    work, post, posts, frame, night, published, tmp_path, always_renewed, seed
):
    chance = random.Random(seed)
    link, renewed = published / "current.duckdb", 0
    for day in range(6):
        as_of = night + timedelta(days=day, hours=1)
        _night(work, chance, post, posts, frame, day=day, as_of=as_of)
        renewed += link.exists() and snapshot.obstacle(work, link) is None
        made = publish.build_snapshot(work, published, f"r{day}", as_of=as_of, base=link)  # fmt: skip
        publish.swing(link, made)
        whole = publish.build_snapshot(work, tmp_path / "whole", f"r{day}", as_of=as_of)
        assert _tables(made) == _tables(whole), day
        assert _parquet(made) == _viewed(made), day
    assert renewed >= 2


def _two_nights(con, post, posts, night, published, *, after=lambda con: None):
    """Two snapshots, the second made of the first if it can be."""
    link = published / "current.duckdb"
    rows = [
        post(number, text=f"只此一家的句子{number}。" * 5, seller_id=f"douyin:s{number}")
        for number in range(20)
    ]  # fmt: skip
    load.load_posts(con, posts(*rows))
    _derive(con, night)
    publish.swing(link, publish.build_snapshot(con, published, "r1", as_of=night))
    after(con)
    load.load_posts(con, posts(post("new", day=1)))
    later = night + timedelta(days=1)
    _derive(con, later)
    return publish.build_snapshot(con, published, "r2", as_of=later, base=link)


def _nights(path):
    with connect.open_snapshot(path) as con:
        return con.execute("select night_count from core.build").fetchone()[0]


def test_tables_that_did_not_change_keep_their_parquet(
    work, post, posts, night, published, always_renewed
):
    made = _two_nights(work, post, posts, night, published)
    assert _nights(made) == 1
    before, after = (
        {view: os.stat(published / run / f"{view}.parquet").st_ino for view in tables.VIEWS}
        for run in ("r1", "r2")
    )  # fmt: skip
    assert {view for view in tables.VIEWS if before[view] != after[view]} == {
        "posts", "sightings", "indicators",
    }  # fmt: skip
    # The one before can be pruned, and the shared files stay.
    publish.swing(published / "current.duckdb", made)
    assert publish.prune(published, 1) == ["r1"]
    assert _parquet(made) == _viewed(made)


def test_what_was_erased_is_not_even_in_the_bytes_of_the_next_snapshot(
    work, post, posts, night, published, always_renewed
):
    said = "只此一家的句子7。".encode()

    def forget(con):
        erasure.forget_seller(
            con, "douyin:s7", author="lin", note="n", forgotten_at=night, answer_count=0
        )

    def holds(run):
        files = [published / f"{run}.duckdb", published / run / "posts.parquet"]
        with duckdb.connect() as con:
            [(count,)] = con.execute(
                f"select count(*) from '{files[1]}' where seller_id = 'douyin:s7'"
            ).fetchall()
        return said in files[0].read_bytes() or count > 0

    made = _two_nights(work, post, posts, night, published, after=forget)
    assert _nights(made) == 0
    assert holds("r1")
    assert not holds("r2")


def _older(path, statement):
    with duckdb.connect(str(path)) as con:
        con.execute(statement)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: _older(path, "drop table core.build"), "older version"),
        (lambda path: _older(path, "update core.build set format_digest = 'x'"), "another version"),
        (lambda path: _older(path, f"update core.build set night_count = {snapshot.NIGHTS - 1}"), "since one was made whole"),
        (lambda path: _older(path, "update core.build set whole_bytes = 1"), "grown"),
        (lambda path: path.write_bytes(b"no database"), "cannot be opened"),
    ],
)  # fmt: skip
def test_snapshot_is_made_whole_where_the_one_before_does_not_serve(
    work, post, posts, night, published, spoil, reason
):
    def after(con):
        base = published / "r1.duckdb"
        assert snapshot.obstacle(con, base) is None
        spoil(base)
        assert reason in snapshot.obstacle(con, base)

    assert _nights(_two_nights(work, post, posts, night, published, after=after)) == 0


def test_snapshot_is_made_whole_when_a_parquet_of_the_one_before_is_gone(
    work, post, posts, night, published, always_renewed
):
    def after(con):
        (published / "r1" / "cases.parquet").unlink()

    made = _two_nights(work, post, posts, night, published, after=after)
    assert _nights(made) == 0
    assert _parquet(made) == _viewed(made)


def test_snapshot_is_made_whole_when_much_of_it_changed(
    work, post, posts, night, published, monkeypatch
):
    monkeypatch.setattr(difference, "FEW", 0)

    def after(con):
        rows = [post(number, day=1, text="etwas anderes", seller_id="douyin:s1") for number in range(20)]  # fmt: skip
        load.load_posts(con, posts(*rows))

    assert _nights(_two_nights(work, post, posts, night, published, after=after)) == 0
