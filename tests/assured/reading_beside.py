"""Readers at work while a large snapshot is published again and again: whether they err, and how much slower they are.

Each publish is judged on its own: how long the same readers' looks took in the pause before it and during it. It is a
process in a session of its own, as cron starts a night: one that gives way must not make its readers do the same. What was
measured is kept beside the home after every publish, so a run that was stopped goes on with the next one.

``python -m tests.assured.reading_beside HOME NUMBER`` publishes once and prints when it began and ended.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl

from flows.nights import priority
from tests.harness.faults import readers
from warehouse import connect, contracts, load, migrate, publish

AS_OF = datetime(2026, 3, 1, tzinfo=UTC)
#: An analyst who looks at something new every second is a busy one.
THINKING_SECONDS = 1.0
PAUSE_SECONDS = 20.0


def publishes(
    kept: Path, *, posts: int, count: int, processes: int
) -> dict[str, object]:
    """Publish a home night after night, each with 1 % new posts, while readers look at it.

    Args:
        kept: Where the home and what was measured are; made if it is missing.
        posts: Each of 1,200 characters, about 2.4 kB in the snapshot.
        count: How many nights; all but every seventh are made of the one before.
        processes: Readers, each with a second's thought between two looks.
    """
    published, measured = kept / "published", kept / "measured.json"
    if not measured.exists():
        published.mkdir(parents=True, exist_ok=True)
        with connect.open_work(kept / "work.duckdb") as connection:
            migrate.migrate(connection)
            _fill(connection, range(posts), AS_OF)
            _note(connection, 0)
            first = publish.build_snapshot(connection, published, "run-0", as_of=AS_OF)
        publish.swing(published / "current.duckdb", first)
        measured.write_text("[]", encoding="utf-8")
    rows = json.loads(measured.read_text(encoding="utf-8"))
    while len(rows) < count:
        rows.append(_one(kept, published, posts=posts, processes=processes))  # fmt: skip
        measured.write_text(json.dumps(rows), encoding="utf-8")
    return {
        "snapshot_mib": min(row["mib"] for row in rows),
        "publishes": len(rows),
        "made_whole": sum(row["is_whole"] for row in rows),
        "readers": processes,
        "looks": sum(row["looks"] for row in rows),
        "errors": sum(row["errors"] for row in rows),
        "torn_reads": sum(row["torn"] for row in rows),
        "p95_seconds_idle": round(statistics.median(row["idle"] for row in rows), 3),
        "p95_seconds_during": round(statistics.median(row["during"] for row in rows), 3),
        "p95_slow_down": round(statistics.median(row["during"] / row["idle"] for row in rows), 2),
        "p95_slow_down_worst": round(max(row["during"] / row["idle"] for row in rows), 2),
    }  # fmt: skip


def _one(
    kept: Path, published: Path, *, posts: int, processes: int
) -> dict[str, object]:
    """One publish beside readers, with a reader that opened the snapshot before and keeps it."""
    link = published / "current.duckdb"
    with connect.open_work(kept / "work.duckdb") as connection:
        # One more than was begun before, so that a night that was stopped half-way is no obstacle.
        number = load.read(connection, contracts.RUNS).height
        added = range(
            posts + (number - 1) * posts // 100, posts + number * posts // 100
        )
        _fill(connection, added, AS_OF + timedelta(days=number))
        _note(connection, number)
    held = duckdb.connect(str(link.resolve()), read_only=True)
    known = held.execute("select count(*) from analyst.posts").fetchall()
    with readers.reading(
        kept, processes=processes, scratch=kept, pause=THINKING_SECONDS
    ) as reports:
        time.sleep(processes / 4)  # until all have started
        idle_from = time.time()
        time.sleep(PAUSE_SECONDS)
        idle_until = time.time()
        command = [sys.executable, "-m", "tests.assured.reading_beside", str(kept), str(number)]  # fmt: skip
        done = subprocess.run(command, start_new_session=True, check=True, capture_output=True, text=True)  # fmt: skip
        began, ended = json.loads(done.stdout)
    assert held.execute("select count(*) from analyst.posts").fetchall() == known, (
        "a reader that stayed open lost its version"
    )
    held.close()
    path = link.resolve()
    with connect.open_snapshot(link) as con:
        row = con.execute("select night_count from core.build").fetchone()
    return {
        "mib": path.stat().st_size >> 20,
        "is_whole": row == (0,),
        "looks": sum(len(each["looks"]) for each in reports),  # type: ignore[arg-type]
        "errors": sum(len(each["errors"]) for each in reports),  # type: ignore[arg-type]
        "torn": sum(len(each["torn"]) for each in reports),  # type: ignore[arg-type]
        "idle": readers.p95(reports, idle_from, idle_until),
        "during": readers.p95(reports, began, ended),
        "seconds": ended - began,
    }


def publish_once(kept: Path, number: int) -> tuple[float, float]:
    """Publish what was filled in, with the priority of a night; when it began and ended."""
    published = kept / "published"
    link = published / "current.duckdb"
    priority.give_way()
    time.sleep(0.2)  # a session's niceness changes ten times a second at most
    priority.give_way_further()
    began = time.time()
    with connect.open_work(kept / "work.duckdb") as connection:
        path = publish.build_snapshot(
            connection, published, f"run-{number}", as_of=AS_OF + timedelta(days=number), base=link
        )  # fmt: skip
        publish.swing(link, path)
        publish.prune(published, 3)
    return began, time.time()


def _note(connection: duckdb.DuckDBPyConnection, number: int) -> None:
    """The run and its release, which two views name: a reader that sees them differ sees two snapshots at once."""
    release = f"release-{number:03}"
    row = {"run_id": f"run-{number}", "started_at": AS_OF + timedelta(days=number), "release_id": release}  # fmt: skip
    load.append(connection, contracts.RUNS, pl.DataFrame([dict.fromkeys(contracts.RUNS.columns) | row], schema=dict(contracts.RUNS.columns)))  # fmt: skip
    connection.execute("insert into core.watchlist_changes values (?, 'wl-1', 'MOD', 'changed')", [release])  # fmt: skip


def _fill(
    connection: duckdb.DuckDBPyConnection, numbers: range, as_of: datetime
) -> None:
    """Load posts and say of each known one that it is an offer."""
    chance = random.Random(numbers.start)
    # Pieces of one long random text: as hard to compress as texts of their own, and made in a moment.
    source = "".join(chr(0x4E00 + chance.randrange(6000)) for _ in range(2_000_000))
    for start in range(numbers.start, numbers.stop, 20_000):
        rows = [
            dict.fromkeys(contracts.RAW_POSTS.columns)
            | {
                "post_id": f"douyin:{number}",
                "crawled_at": as_of,
                "platform": "douyin",
                "kind": "post",
                "seller_id": f"douyin:s{number // 8}",
                "source": "drop",
                "text": source[
                    (at := chance.randrange(len(source) - 1200)) : at + 1200
                ],
            }
            for number in range(start, min(start + 20_000, numbers.stop))
        ]
        load.load_posts(
            connection, pl.DataFrame(rows, schema=dict(contracts.RAW_POSTS.columns))
        )
    known = load.current_posts(connection, as_of)
    reads = known.select(
        "post_id", "crawled_at", "first_crawled_at", "doc_id"
    ).with_columns(
        stance=pl.lit("offer"),
        stance_probability=pl.lit(0.9),
        is_on_topic=pl.lit(value=True),
        template_id=pl.lit(None, pl.String),
    )
    load.replace(
        connection,
        contracts.POST_READS,
        reads.select(list(contracts.POST_READS.columns)),
    )


if __name__ == "__main__":
    print(json.dumps(publish_once(Path(sys.argv[1]), int(sys.argv[2]))))
