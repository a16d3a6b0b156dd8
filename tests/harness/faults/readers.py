"""The reader harness: many processes that query a home's snapshot in a loop while a run publishes.

Each reader opens ``current.duckdb`` anew every time, as an analyst's notebook does, and checks that what it sees is of
one piece: every count that two views state must agree.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Pairs of queries that must give the same answer within one snapshot.
AGREEMENTS = (
    (
        "select count(*) from analyst.sellers where network_id is not null",
        "select coalesce(sum(seller_count), 0) from analyst.networks",
    ),
    (
        "select count(*) from analyst.sightings where post_id is not null",
        "select count(*) from analyst.sightings join analyst.posts using (post_id)",
    ),
    (
        "select release_id from analyst.runs order by started_at desc limit 1",
        "select max(release_id) from analyst.watchlist_changes",
    ),
)


def look(link: Path) -> str | None:
    """One reader's look: null if all is well, else what is wrong."""
    with duckdb.connect(os.path.realpath(link), read_only=True) as connection:
        for left, right in AGREEMENTS:
            one, other = (connection.execute(sql).fetchall() for sql in (left, right))
            if one != other:
                return f"{left} = {one}, but {right} = {other}"
    return None


def loop(link: Path, stop: Path, pause: float) -> dict[str, object]:
    """Look again and again until the file ``stop`` is there."""
    errors, torn, looks = [], [], []
    while not stop.exists():
        began, started = time.time(), time.perf_counter()
        try:
            found = look(link)
        except duckdb.Error as error:
            errors.append(str(error)[:300])
        else:
            if found:
                torn.append(found)
        looks.append((began, time.perf_counter() - started))
        time.sleep(pause)
    return {"looks": looks, "errors": errors, "torn": torn[:3]}


def p95(reports: list[dict[str, object]], since: float, until: float) -> float | None:
    """Of all looks that began within a time, how long 95 of 100 took at most; null without any."""
    seconds = sorted(
        took
        for each in reports
        for began, took in each["looks"]  # type: ignore[attr-defined]
        if since <= began < until
    )
    return seconds[int(0.95 * (len(seconds) - 1))] if seconds else None


@contextmanager
def reading(
    home: Path, *, processes: int, scratch: Path, pause: float = 0.0
) -> Iterator[list[dict[str, object]]]:
    """Have readers at work for as long as the block runs; their reports are in the list afterwards."""
    stop = scratch / "stop-reading"
    stop.unlink(missing_ok=True)
    link = home / "published/current.duckdb"
    readers = [
        subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.harness.faults.readers",
                str(link),
                str(stop),
                str(pause),
            ],
            stdout=subprocess.PIPE,
        )
        for _ in range(processes)
    ]
    reports: list[dict[str, object]] = []
    try:
        yield reports
    finally:
        stop.touch()
        for reader in readers:
            out, _ = reader.communicate(timeout=600)
            reports.append(
                json.loads(out)
                if reader.returncode == 0
                else {"errors": [f"exit {reader.returncode}"], "torn": [], "looks": []}
            )


if __name__ == "__main__":
    print(json.dumps(loop(Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]))))
