"""Long assurance runs: ``python -m tests.assure [NAME…]`` (``make assure``).

Each assurance proves one promise by many repetitions and ends in one record: what was done, how often, what came of it,
when, on which commit. Records are kept in docs/assurance.json as each assurance ends, and one that is there for this
commit is not run again, so a run that was stopped goes on where it was. ``--again`` runs them all the same.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.assured import crawling, journal, killing, reading_beside, sizes
from tests.assured.homes import EPOCH, NIGHT, ROOT, check, command, market_home, nightly
from tests.bench import nights
from tests.harness.faults import kills, readers, revoked

RESULTS = ROOT / "docs" / "assurance.json"


def many_readers(scratch: Path) -> dict[str, object]:
    """Twenty reader processes in loops during a full run: no lock error, no torn read."""
    home = market_home(scratch, seed=12)
    with readers.reading(home, processes=20, scratch=scratch, pause=1.0) as reports:
        check(kills.run(nightly(home, EPOCH + 31 * NIGHT), cwd=ROOT))
    errors = [error for each in reports for error in each["errors"]]
    torn = [text for each in reports for text in each["torn"]]
    assert not errors, errors[:3]
    assert not torn, torn[:3]
    return {
        "readers": len(reports),
        "looks": sum(len(each["looks"]) for each in reports),
        "errors": 0,
        "torn_reads": 0,
        "publishes": 1,
    }


def same_night_twice(scratch: Path) -> dict[str, object]:
    """Three markets in two homes each: the same input and moment give the same data and the same bytes of lists."""
    for seed in (21, 22, 23):
        seen = []
        for name in ("one", "other"):
            directory = scratch / f"{seed}-{name}"
            directory.mkdir()
            home = market_home(directory, seed=seed)
            # Bystanders are hashed under each home's own key; the same key makes the homes comparable.
            seen.append(kills.published(home))
            check(kills.run(nightly(home, EPOCH + 30 * NIGHT), cwd=ROOT))
            assert kills.published(home) == seen[-1], "the second run changed something"
        left, right = (each["release"] for each in seen)
        assert left == right, "two homes gave different lists for the same night"
    return {"markets": 3, "homes": 6, "differences": 0}


def ten_thousand_entries(scratch: Path) -> dict[str, object]:
    """The official libraries of each format accept a release of 10,000 entries whole, and find every entry again."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "tests/warehouse/watchlist/test_formats.py",
        ],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PUPPETWATCH_TEST_ENTRIES": "10000"},
    )
    check(done)
    return {"entries": 10_000, "tests": done.stdout.splitlines()[-1].split(" in ")[0]}


def urgent_revocations(scratch: Path) -> dict[str, object]:
    """``revoke --now`` takes an entry out of every format in well under ten seconds of CPU, each of five times."""
    home = market_home(scratch, seed=13)
    asked = "select entry_id from analyst.watchlist where status = 'active' order by 1 limit 5"
    rows = kills.run(command(home, "query", asked, "--json"), cwd=ROOT)
    check(rows)
    seconds, waited = [], []
    for row in json.loads(rows.stdout):
        entry = row["entry_id"]
        revoke = command(home, "revoke", entry, "--now", "--note", "n", "--by", "lin")
        before, started = _children_seconds(), time.monotonic()
        check(kills.run(revoke, cwd=ROOT))
        seconds.append(_children_seconds() - before)
        waited.append(time.monotonic() - started)
        held = (home / "watchlists/latest/watchlist.csv").read_text(encoding="utf-8")
        assert entry not in held, f"{entry} is still listed"
        kills.published(home)
    assert max(seconds) < 5, f"{max(seconds):.1f} s of CPU"
    return {
        "revocations": len(seconds),
        "slowest_cpu_seconds": round(max(seconds), 1),
        "slowest_wall_seconds": round(max(waited), 1),
        "load": round(os.getloadavg()[0], 1),
    }


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def readers_of_a_gigabyte(scratch: Path) -> dict[str, object]:
    """Twenty readers during ten publishes of a snapshot of 1 GB: no error, no torn read, p95 at most 1.5 times as slow."""
    # Kept until all is done: a run that was stopped goes on with the next publish.
    kept = scratch.parent / f"puppetwatch-readers-{journal.commit()}"
    found = reading_beside.publishes(kept, posts=430_000, count=10, processes=20)
    assert found["errors"] == found["torn_reads"] == 0, found
    assert float(str(found["p95_slow_down"])) <= 1.5, found
    shutil.rmtree(kept)
    return found


def night_of_one_percent(scratch: Path) -> dict[str, object]:
    """A night that adds 1 % to 1 M posts spends in warehouse and release at most 15 % of the first load, also where it finds 1 % of the known posts again, scattered over all."""
    # Kept until all nights are done: a run that was stopped goes on with the next night.
    kept = scratch.parent / f"puppetwatch-nights-{journal.commit()}"
    figures = nights.run(1_000_000, kept=kept)
    shutil.rmtree(kept)
    share = nights.hardest(figures)
    assert share <= 0.15, f"{share}: {figures}"
    return figures


#: In the order in which they run: short ones first.
ASSURANCES: tuple[Callable[[Path], dict[str, object]], ...] = (
    sizes.ten_megabytes,
    ten_thousand_entries,
    urgent_revocations,
    revoked.killed_revocations,
    same_night_twice,
    killing.killed_imports,
    killing.killed_nights,
    killing.killed_crawls,
    many_readers,
    killing.full_disks,
    killing.killed_publishes,
    readers_of_a_gigabyte,
    night_of_one_percent,
    sizes.million_lines,
    crawling.mutated_answers,
    crawling.bad_nights,
)


def main(arguments: list[str] | None = None) -> int:
    """Run what is asked for and not known yet; the exit code."""
    known = {each.__name__: each for each in ASSURANCES}
    parser = argparse.ArgumentParser(
        prog="python -m tests.assure",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"default: all of {', '.join(known)}"
    )
    parser.add_argument(
        "--again", action="store_true", help="also what is known for this commit"
    )
    given = parser.parse_args(arguments)
    commit = journal.commit()
    results = (
        json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    )
    failed = False
    for name in given.names or known:
        if (
            not given.again
            and results.get(name, {}).get("commit") == commit
            and results[name]["held"]
        ):
            print(f"{name}: known for {commit}", flush=True)
            continue
        print(f"{name}: {known[name].__doc__}", flush=True)
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="puppetwatch-assure-") as scratch:
            try:
                figures, held = known[name](Path(scratch)), True
            except AssertionError as error:
                figures, held, failed = {"failure": str(error)[:500]}, False, True
        results[name] = {
            "promise": known[name].__doc__,
            "held": held,
            "figures": figures,
            "minutes": round((time.monotonic() - started) / 60, 1),
            "date": datetime.now(UTC).date().isoformat(),
            "commit": commit,
        }
        RESULTS.write_text(
            json.dumps(results, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
            encoding="utf-8",
        )
        print(
            f"{name}: {'held' if held else 'FAILED'} {json.dumps(figures)}", flush=True
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
