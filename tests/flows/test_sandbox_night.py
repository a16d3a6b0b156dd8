"""`make nightly` as a newcomer runs it: the bundled platforms over real HTTP, nothing left running."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows import sandbox
from tests.harness import kills
from warehouse import errors

ROOT = Path(__file__).parents[2]


def _processes_of(home):
    """Command lines of running processes that name the home or serve the sandbox for it."""
    lines = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            lines.append(
                (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            )
    return [line for line in lines if str(home) in line]


def nightly(home, *arguments):
    """A sandbox night as an operator starts it."""
    command = [sys.executable, "-m", "flows.cli", "--home", str(home), "nightly"]
    return kills.run([*command, "--sandbox", "--json", *arguments], cwd=ROOT)


def rows(home, sql):
    with duckdb.connect(
        str((home / "published/current.duckdb").resolve()), read_only=True
    ) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """A first sandbox night: its home and how it ended."""
    home = tmp_path_factory.mktemp("night") / "sandbox"
    return home, nightly(home)


def test_a_sandbox_night_finds_networks_and_leaves_nothing_running(night):
    home, done = night

    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["is_sandbox"] is True
    assert set(facts["sources"].values()) == {"green"}
    assert set(facts["crawl"]) == {"heimao", "36kr", "rss", "landing", "douyin"}
    assert all(
        counts["new"] > 0 and counts["rejected"] == 0
        for counts in facts["crawl"].values()
    )
    assert facts["link"]["networks"] >= 3
    assert facts["listed"] > 0
    manifest = json.loads(
        (home / "watchlists/latest/manifest.json").read_text(encoding="utf-8")
    )
    assert manifest["is_sandbox"] is True
    assert not _processes_of(home)
    assert not (home / "work/staging").exists() or not list(
        (home / "work/staging").rglob("*.jsonl")
    )


def test_one_blind_source_is_red_and_changes_nothing_else(night):
    home, _ = night
    told = "select source, state from analyst.sources order by 1"
    entries = "select entry_id, status, band from analyst.watchlist order by 1"
    posts = "select post_id, text, stance from analyst.posts order by 1"
    before = [rows(home, sql) for sql in (entries, posts)]

    # The worst state: HTTP 200, valid JSON, no entries.
    done = nightly(home, "--sandbox-state", "heimao=silent_empty")

    assert done.returncode == 5, done.stderr
    facts = json.loads(done.stdout)
    assert facts["sources"].pop("heimao") == "red"
    # A search whose first page has nothing new is left there, and so counts fewer records.
    assert facts["sources"].pop("douyin") in {"green", "yellow"}
    assert set(facts["sources"].values()) == {"green"}
    assert [rows(home, sql) for sql in (entries, posts)] == before
    assert ("heimao", "red") in rows(home, told)
    fetches = "select distinct fetch_status from analyst.fetches where source = 'heimao' and run_id = '{}'"
    assert rows(home, fetches.format(facts["run_id"])) == [("blocked",)]


@pytest.mark.parametrize(
    ("state", "is_served", "reason"),
    [
        ("heimao=asleep", True, "expected SOURCE=STATE"),
        ("nobody=blocked", True, "expected SOURCE=STATE"),
        ("heimao=blocked", False, "needs --sandbox"),
    ],
)
def test_a_wrong_sandbox_state_is_refused(state, is_served, reason):
    with pytest.raises(errors.InputError, match=reason):
        sandbox.check_states([state], is_served=is_served)


def test_without_a_configuration_nothing_is_invented(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", "nightly"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert "`puppetwatch init` writes one" in done.stderr
    assert not (tmp_path / "var").exists()


def test_init_writes_a_configuration_that_says_what_is_missing(tmp_path):
    base = [sys.executable, "-m", "flows.cli"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    options = {
        "cwd": tmp_path,
        "env": environment,
        "capture_output": True,
        "text": True,
    }

    assert subprocess.run([*base, "init"], check=False, **options).returncode == 0
    again = subprocess.run([*base, "init"], check=False, **options)
    night = subprocess.run([*base, "nightly"], check=False, **options)

    assert again.returncode == 2
    assert "already there" in again.stderr
    assert night.returncode == 2
    assert "crawl.contact is empty" in night.stderr
