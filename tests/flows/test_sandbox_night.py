"""`make nightly` as a newcomer runs it: the bundled platforms over real HTTP, nothing left running."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

from tests.harness import kills

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


def test_a_sandbox_night_finds_networks_and_leaves_nothing_running(tmp_path):
    home = tmp_path / "sandbox"
    done = kills.run(
        [
            sys.executable,
            "-m",
            "flows.cli",
            "--home",
            str(home),
            "nightly",
            "--sandbox",
            "--json",
        ],
        cwd=ROOT,
    )

    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["is_sandbox"] is True
    assert set(facts["sources"].values()) == {"green"}
    assert set(facts["crawl"]) == {"heimao", "36kr", "rss", "landing"}
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
