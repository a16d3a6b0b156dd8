from __future__ import annotations

import random
import shutil
from datetime import timedelta

import duckdb
import polars as pl
import pytest

from warehouse import connect, contracts, load, publish
from warehouse.rows import difference
from warehouse.snapshots import snapshot, tables
from warehouse.upkeep import erasure, retention


@pytest.fixture
def published(tmp_path):
    return tmp_path / "published"


@pytest.fixture
def always_renewed(monkeypatch):
    """As in a large home: tables are changed row by row, for more nights than a test has."""
    monkeypatch.setattr(difference, "FEW", 0)
    monkeypatch.setattr(difference, "MUCH", 10.0)
    monkeypatch.setattr(snapshot, "NIGHTS", 1000)


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


@pytest.fixture
def invent(work, post, posts, frame):
    """``invent(chance, day=…, as_of=…)``: what a night may bring."""

    def make(chance, *, day, as_of):
        _night(work, chance, (post, posts, frame), day=day, as_of=as_of)

    return make


def _night(con, chance, making, *, day, as_of):
    """Posts are added, found again, changed; now and then somebody is erased, something outlived or decided."""
    post, posts, frame = making
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


@pytest.mark.usefixtures("always_renewed")
def test_snapshot_made_of_the_one_before_equals_one_made_whole(
    work, invent, night, published, tmp_path
):
    chance = random.Random(3)
    link, renewed = published / "current.duckdb", 0
    for day in range(6):
        as_of = night + timedelta(days=day, hours=1)
        invent(chance, day=day, as_of=as_of)
        made = publish.build_snapshot(work, published, f"r{day}", as_of=as_of, base=link)  # fmt: skip
        publish.swing(link, made)
        whole = publish.build_snapshot(work, tmp_path / "whole", f"r{day}", as_of=as_of)
        assert _tables(made) == _tables(whole), day
        renewed += _nights(made) > 0
    assert _parquet(made) == _viewed(made)
    assert renewed >= 3


@pytest.fixture
def two_nights(work, post, posts, night, published):
    """``two_nights(after=…)``: two snapshots, the second made of the first if it can be; the second."""

    def make(*, after=lambda con: None):
        link = published / "current.duckdb"
        rows = [
            post(number, text=f"只此一家的句子{number}。" * 5, seller_id=f"douyin:s{number}")
            for number in range(20)
        ]  # fmt: skip
        load.load_posts(work, posts(*rows))
        _derive(work, night)
        publish.swing(link, publish.build_snapshot(work, published, "r1", as_of=night))
        after(work)
        load.load_posts(work, posts(post("new", day=1)))
        later = night + timedelta(days=1)
        _derive(work, later)
        return publish.build_snapshot(work, published, "r2", as_of=later, base=link)

    return make


def _nights(path):
    with connect.open_snapshot(path) as con:
        return con.execute("select night_count from core.build").fetchone()[0]


@pytest.mark.usefixtures("always_renewed")
def test_tables_that_did_not_change_keep_their_parquet(two_nights, published):
    made = two_nights()
    assert _nights(made) == 1
    before, after = (
        {view: (published / run / f"{view}.parquet").stat().st_ino for view in tables.VIEWS}
        for run in ("r1", "r2")
    )  # fmt: skip
    assert {view for view in tables.VIEWS if before[view] != after[view]} == {
        "posts", "sightings", "indicators",
    }  # fmt: skip
    # The one before can be pruned, and the shared files stay.
    publish.swing(published / "current.duckdb", made)
    assert publish.prune(published, 1) == ["r1"]
    assert _parquet(made) == _viewed(made)


@pytest.mark.usefixtures("always_renewed")
def test_what_was_erased_is_not_even_in_the_bytes_of_the_next_snapshot(
    two_nights, night, published
):
    said = "只此一家的句子7。".encode()

    def forget(con):
        erasure.forget_seller(
            con, "douyin:s7", author="lin", note="n", forgotten_at=night, answer_count=0
        )

    def holds(run):
        files = [published / f"{run}.duckdb", published / run / "posts.parquet"]
        rows = pl.read_parquet(files[1]).filter(pl.col("seller_id") == "douyin:s7")
        return said in files[0].read_bytes() or rows.height > 0

    made = two_nights(after=forget)
    assert _nights(made) == 0
    assert holds("r1")
    assert not holds("r2")


def _older(path, statement):
    with duckdb.connect(str(path)) as con:
        con.execute(statement)


def test_snapshot_that_does_not_serve_for_the_next_says_why(
    two_nights, work, tmp_path, monkeypatch
):
    base = two_nights()
    assert snapshot.obstacle(work, base) is None
    monkeypatch.setattr(snapshot, "SLACK", 0)
    spoiled = {
        "drop table core.build": "older version",
        "update core.build set format_digest = 'x'": "another version",
        f"update core.build set night_count = {snapshot.NIGHTS - 1}": "since one was made whole",
        "update core.build set whole_bytes = 1": "grown",
        "update core.build set forgotten_count = 1": "erased",
    }
    for number, (statement, reason) in enumerate(spoiled.items()):
        path = tmp_path / f"{number}.duckdb"
        shutil.copyfile(base, path)
        _older(path, statement)
        assert reason in snapshot.obstacle(work, path)
    path.write_bytes(b"no database")
    assert "cannot be opened" in snapshot.obstacle(work, path)


def test_snapshot_is_made_whole_when_the_one_before_is_of_another_version(
    two_nights, published
):
    def after(con):
        _older(published / "r1.duckdb", "drop table core.build")

    assert _nights(two_nights(after=after)) == 0


@pytest.mark.usefixtures("always_renewed")
def test_snapshot_is_made_whole_when_a_parquet_of_the_one_before_is_gone(
    two_nights, published
):
    made = two_nights(after=lambda con: (published / "r1" / "cases.parquet").unlink())
    assert _nights(made) == 0
    assert _parquet(made) == _viewed(made)


def test_snapshot_is_made_whole_when_much_of_it_changed(
    two_nights, post, posts, monkeypatch
):
    monkeypatch.setattr(difference, "FEW", 0)

    def after(con):
        rows = [post(number, day=1, text="etwas anderes", seller_id="douyin:s1") for number in range(20)]  # fmt: skip
        load.load_posts(con, posts(*rows))

    assert _nights(two_nights(after=after)) == 0
