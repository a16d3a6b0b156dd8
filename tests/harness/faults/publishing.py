"""The last stages of a night alone, over and over: deciding, publishing and releasing of a home that was scored before.

``python -m tests.harness.faults.publishing HOME AS_OF`` runs them once, as the night does. ``make assure`` kills it at random
moments, fills its disk, and has readers beside it; a whole night would spend most of its time before them.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from flows import home as home_module
from flows import settings
from flows.deciding import inbox
from flows.nights import stages
from flows.releases import publication
from tests.harness.faults import kills
from warehouse import connect, migrate

ROOT = Path(__file__).parents[3]


def once(root: Path, as_of: datetime) -> None:
    """Decide, publish and release."""
    effective = settings.load(home=root, environment={})
    home = effective.home
    with home_module.Lock(home, command="publish"):
        with connect.open_work(home.database) as connection:
            migrate.migrate(connection)
            night = stages.Night(
                settings=effective,
                run_id=publication.next_run_id(connection, as_of),
                as_of=as_of,
                started_at=as_of,
                is_sandbox=home.is_sandbox(),
            )
            publication.begin(connection, night)
        stages.decide(night)
        publication.publish_night(night, seconds={}, source_states={})


def command(home: Path, as_of: datetime) -> list[str]:
    """The process that does it."""
    return [
        sys.executable,
        "-m",
        "tests.harness.faults.publishing",
        str(home),
        as_of.isoformat(),
    ]


def killed(home: Path, *, first: datetime, count: int, seed: int) -> dict[str, object]:
    """Kill it at random moments, with a new decision before each; what is visible stays whole and no decision is lost.

    Args:
        home: Scored and published.
        first: A moment after its last night.
        count: How often.
        seed: Draws the moments.

    Returns:
        Figures for docs/assurance.json.
    """
    chance = random.Random(seed)
    started = time.monotonic()
    done = kills.run(command(home, first), cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    duration = time.monotonic() - started
    seen = [str(kills.published(home))]
    sellers = _listed(home)
    filed = kill_count = 0
    while kill_count < count:
        as_of = first + timedelta(minutes=filed + 1)
        _file(home, sellers[filed % len(sellers)], number=filed, decided_at=as_of)
        filed += 1
        kill_count += kills.run_and_kill(
            command(home, as_of), cwd=ROOT, after=chance.uniform(0.3, duration)
        )
        # Raises where a manifest's digest does not fit or a view cannot be read.
        seen.append(str(kills.published(home)))
    last = first + timedelta(minutes=filed + 1)
    done = kills.run(command(home, last), cwd=ROOT)
    assert done.returncode == 0, done.stderr[-2000:]
    with duckdb.connect(
        str((home / "published/current.duckdb").resolve()), read_only=True
    ) as connection:
        [(decided,)] = connection.execute(
            "select count(*) from analyst.verdicts where author = 'kills'"
        ).fetchall()
    assert decided == filed, f"{filed} decisions were filed, {decided} are known"
    assert not list((home / "inbox").glob("*.json"))
    left = [
        str(path)
        for folder in ("published", "watchlists")
        for path in (home / folder).glob(".*unfinished*")
    ]
    assert not left, f"left behind: {left}"
    return {
        "kills": kill_count,
        "decisions_filed": filed,
        "decisions_lost": 0,
        "partial_files_visible": 0,
        "states_seen": len(set(seen)),
    }


def full_disk(home: Path, *, mount: Path, first: datetime) -> dict[str, object]:
    """Publish a home on a small disk of its own that is too full, and again with room.

    Args:
        home: Scored and published; it is copied.
        mount: An empty directory to mount a tmpfs on; needs root.
        first: A moment after its last night.
    """
    size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    tight = (size >> 20) + 1
    _mount(mount, tight + 64, is_first=True)
    refused, messages = 0, set()
    try:
        on_disk = mount / "home"
        shutil.copytree(home, on_disk, symlinks=True)
        used = shutil.disk_usage(mount).used >> 20
        before = kills.published(on_disk)
        for number, spare in enumerate((0, 1, 2, 3, 4, 6, 8, 12)):
            _mount(mount, used + spare + 1)
            done = kills.run(
                command(on_disk, first + timedelta(minutes=number)), cwd=ROOT
            )
            if done.returncode == 0:
                before = kills.published(on_disk)
                continue
            refused += 1
            messages.add(
                "disk is full"
                if "disk is full" in done.stderr or "No space left" in done.stderr
                else done.stderr[-300:]
            )
            assert kills.published(on_disk) == before
        _mount(mount, used + 512)
        done = kills.run(command(on_disk, first + timedelta(hours=1)), cwd=ROOT)
        assert done.returncode == 0, done.stderr[-2000:]
    finally:
        subprocess.run(["umount", str(mount)], check=True)
    assert refused, "the disk was never full"
    assert messages == {"disk is full"}, messages
    return {"full_disks": refused, "visible_states_changed": 0, "completed_after": True}


def _listed(home: Path) -> list[str]:
    with duckdb.connect(
        str((home / "published/current.duckdb").resolve()), read_only=True
    ) as connection:
        rows = connection.execute(
            "select seller_id from analyst.sellers order by 1"
        ).fetchall()
    return [row[0] for row in rows]


def _file(home: Path, seller: str, *, number: int, decided_at: datetime) -> None:
    inbox.file_decision(
        home_module.Home(home),
        kind="verdict",
        target=seller,
        verdict="unsure",
        note=f"decision {number}",
        author="kills",
        decided_at=decided_at,
    )


def _mount(directory: Path, mebibytes: int, *, is_first: bool = False) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    options = f"size={mebibytes}m" if is_first else f"remount,size={mebibytes}m"
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(directory)], check=True
    )


if __name__ == "__main__":
    once(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]))
