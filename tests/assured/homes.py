"""Homes for assurances: the command line as an operator starts it, invented markets imported, posts by the hundred thousand."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from crawlers.sandbox import market
from tests.harness.faults import kills

ROOT = Path(__file__).parents[2]


EPOCH = datetime(2026, 3, 1, tzinfo=UTC)


NIGHT = timedelta(days=1)


def command(home: Path, *arguments: str) -> list[str]:
    """The command line, as an operator would start it."""
    return [sys.executable, "-m", "flows.cli", "--home", str(home), *arguments]


def nightly(home: Path, as_of: datetime) -> list[str]:
    """A night over what was imported."""
    return command(home, "nightly", "--no-crawl", "--as-of", as_of.isoformat())


def check(done: subprocess.CompletedProcess[str], expected: int = 0) -> None:
    """Stop with the program's own words when it did not end as expected."""
    if done.returncode != expected:
        message = (
            f"expected exit {expected}, found {done.returncode}: {done.stderr[-2000:]}"
        )
        raise AssertionError(message)


def market_home(scratch: Path, *, seed: int, scale: float = 1.0) -> Path:
    """A home with an invented market imported and its thirtieth night published."""
    records = market.build(seed, epoch=EPOCH, days=60, scale=scale).records
    posts = scratch / "posts.jsonl"
    posts.write_text(
        "".join(json.dumps(each) + "\n" for each in records), encoding="utf-8"
    )
    home = scratch / "home"
    check(kills.run(command(home, "import", str(posts)), cwd=ROOT))
    check(kills.run(nightly(home, EPOCH + 30 * NIGHT), cwd=ROOT))
    return home


def stream_file(scratch: Path, count: int) -> Path:
    """A file of so many invented posts."""
    path = scratch / "posts.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        for lines in _chunks(market.stream(5, epoch=EPOCH, posts=count)):
            stream.write(
                "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in lines)
            )
    return path


def _chunks(records: Iterator[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    while part := list(islice(records, 10_000)):
        yield part
