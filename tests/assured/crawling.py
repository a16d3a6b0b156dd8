"""What is assured of crawling and reading: damaged answers by the hundred thousand, every source in every bad state.

Each function proves one promise and returns its figures; ``tests.assure`` runs them and keeps the record.
"""

from __future__ import annotations

import collections
import concurrent.futures
import itertools
import json
import shutil
import subprocess
import time
from pathlib import Path

import duckdb

from crawlers.sandbox.platforms import web
from tests.assured import journal
from tests.harness.faults import mutations
from tests.harness.homes import resident

#: Answers to damage and read.
MUTANTS = 100_000
#: What a source's fetch rows may say in a state; an empty list that its platform proves is told from silence by the canary.
STATUSES = {
    "blocked": {"blocked"},
    "captcha": {"blocked"},
    "login_wall": {"login_wall"},
    "silent_empty": {"blocked", "empty", "schema_drift", "error", "ok"},
    "rate_limited": {"rate_limited"},
    "drifted": {"schema_drift"},
    "hanging": {"error"},
    "robots_disallowed": {"robots_disallowed"},
}


def mutated_answers(scratch: Path) -> dict[str, object]:
    """100,000 damaged answers over all parsers: no exception escapes, none takes over 1 s, each is accounted for."""
    statuses: collections.Counter[str] = collections.Counter()
    sources: collections.Counter[str] = collections.Counter()
    slowest, failures = 0.0, []
    for place, mutant in enumerate(itertools.islice(mutations.mutants(1), MUTANTS)):
        began = time.process_time()
        try:
            statuses[mutations.check(mutant)] += 1
        except Exception as error:  # noqa: BLE001 (any is what is looked for)
            failures.append(f"mutant {place} of seed 1, {mutant.source}, {mutant.recipe}: {type(error).__name__}: {error}")  # fmt: skip
        sources[mutant.source] += 1
        slowest = max(slowest, time.process_time() - began)
    assert not failures, f"{len(failures)} failures, first: {failures[:3]}"
    assert sum(statuses.values()) == MUTANTS
    return {
        "answers": MUTANTS,
        "sources": len(sources),
        "escaped": 0,
        "slowest_seconds": round(slowest, 2),
        "statuses": dict(sorted(statuses.items())),
    }


def bad_nights(scratch: Path) -> dict[str, object]:
    """Each source in each bad state, a whole night each: it ends with 5 or 4, the source is red with the right status, nothing else changes."""
    home = scratch / "good"
    judged = journal.Journal("bad_nights")
    wanted = [
        (source, state)
        for source in web.PLATFORMS
        for state in (web.STATES if source in web.SOURCES else web.DROP_STATES)
        if state != "ok" and not judged.holds(f"{source}={state}")
    ]
    with resident.processes(scratch) as processes:
        good = processes.submit(_night, home).result()
        assert good.returncode == 0, good.stderr[-2000:]
        before = _published(home)
        running = {
            processes.submit(
                _bad_night, home, source, state, before
            ): f"{source}={state}"
            for source, state in wanted
        }
        for done in concurrent.futures.as_completed(running):
            code, wrong = done.result()
            judged.write(running[done], exit_code=code, wrong=wrong)
    nights = judged.rows
    failures = {name: row["wrong"] for name, row in nights.items() if row["wrong"]}
    assert not failures, f"{len(failures)} of {len(nights)}: {failures}"
    codes = collections.Counter(str(row["exit_code"]) for row in nights.values())
    return {"nights": len(nights), "exit_codes": dict(sorted(codes.items())), "other_sources_changed": 0}  # fmt: skip


def _bad_night(good: Path, source: str, state: str, before: object) -> tuple[int, str]:
    """A night after a good one with one source in a state; its exit code, and what is not as promised."""
    night = f"{source}={state}"
    home = good.with_name(night)
    shutil.copytree(good, home, symlinks=True)
    if source not in web.SOURCES:
        # People save only what is new; without what they saved before, all of it is.
        shutil.rmtree(home / "work" / "drops" / source)
    done = _night(home, night)
    wrong = _wrong(home, done, source, state, before=before)
    shutil.rmtree(home)
    return done.returncode, f"{wrong} {done.stderr[-300:]}" if wrong else ""


def _night(home: Path, *states: str) -> subprocess.CompletedProcess[str]:
    bad = [part for state in states for part in ("--sandbox-state", state)]
    return resident.command("--home", str(home), "nightly", "--sandbox", "--json", *bad)


def _rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    snapshot = str((home / "published/current.duckdb").resolve())
    with duckdb.connect(snapshot, read_only=True) as connection:
        return connection.execute(sql).fetchall()


def _published(home: Path) -> list[list[tuple[object, ...]]]:
    """What must not change because a source is bad: the list, the networks, the posts."""
    return [
        _rows(home, "select entry_id, status, band from analyst.watchlist order by 1"),
        _rows(home, "select network_id, seller_count from analyst.networks order by 1"),
        _rows(home, "select post_id, text, stance from analyst.posts order by 1"),
    ]


def _wrong(home: Path, done: subprocess.CompletedProcess[str], source: str, state: str, *, before: object) -> str:  # fmt: skip
    """What is not as promised after a night; empty where all is."""
    if done.returncode not in {4, 5}:
        return f"exit {done.returncode}"
    if _published(home) != before:
        return "what was published changed"
    if done.returncode == 4:
        return ""
    told = dict(_rows(home, "select source, state from analyst.sources"))
    others = {name for name, colour in told.items() if colour != "green"} - {source}
    if told.get(source) != "red" or others:
        return f"states {told}"
    run_id, allowed = json.loads(done.stdout)["run_id"], STATUSES[state]
    if source not in web.SOURCES:
        # The row that sums up a file of several answers has a status of its own.
        run_id, allowed = f"import-{run_id}", allowed | {"schema_drift"}
    found = _rows(home, f"select distinct fetch_status from analyst.fetches where source = '{source}' and run_id = '{run_id}'")  # fmt: skip
    statuses = {row[0] for row in found}
    return "" if statuses and statuses <= allowed else f"statuses {statuses}"
