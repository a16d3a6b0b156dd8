"""``revoke --now`` killed at random moments: an assurance of ``tests.assure``."""

import random
import shutil
import sys
import time
from pathlib import Path

from flows.looking import explanation
from tests.harness.faults import kills
from tests.harness.homes import released

ROOT = Path(__file__).parents[3]


def killed_revocations(scratch: Path) -> dict[str, object]:
    """``kill -9`` at 30 random moments of ``revoke --now``: everything visible stays whole, and no filed decision is lost."""
    home = released.make(scratch / "home").home
    query = "select entry_id from analyst.watchlist order by 1 limit 2"
    first, second = (row["entry_id"] for row in explanation.query(home, query))
    started = time.monotonic()
    _revoke(shutil.copytree(home.root, scratch / "whole", symlinks=True), first)
    duration = time.monotonic() - started
    chance, ends = random.Random(3), {"nothing_filed": 0, "filed": 0, "released": 0}
    before = kills.published(home.root)
    for number in range(30):
        copy = shutil.copytree(home.root, scratch / str(number), symlinks=True)
        kills.run_and_kill(
            _command(copy, first),
            cwd=ROOT,
            after=chance.uniform(duration * 0.3, duration),
        )
        is_released = kills.published(copy)["release"] != before["release"]
        is_filed = any((copy / "inbox").rglob("*.json"))
        ends["released" if is_released else "filed" if is_filed else "nothing_filed"] += 1  # fmt: skip
        _revoke(copy, second)
        kills.published(copy)
        listed = (copy / "watchlists/latest/watchlist.csv").read_text(encoding="utf-8")
        assert second not in listed
        assert (first not in listed) == (is_released or is_filed), (
            f"kill {number}: a filed decision was lost"
        )
        shutil.rmtree(copy)
    return {"kills": 30, **ends, "decisions_lost": 0}


def _command(home: Path, entry: str) -> list[str]:
    return [sys.executable, "-m", "flows.cli", "--home", str(home), "revoke", entry, "--now", "--note", "n", "--by", "lin"]  # fmt: skip


def _revoke(home: Path, entry: str) -> None:
    done = kills.run(_command(home, entry), cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
