"""`make nightly` as a newcomer runs it: the bundled platforms over real HTTP, nothing left running."""

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from crawlers.sandbox.platforms import drops, web
from flows import home as home_module
from flows.collecting import sandbox
from tests.harness.faults import kills
from tests.harness.homes import resident
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
    return "--home", str(home), "nightly", "--sandbox", "--json", *arguments


def rows(home, sql):
    with duckdb.connect(
        str((home / "published/current.duckdb").resolve()), read_only=True
    ) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    """A first sandbox night, as an operator starts it: its home and how it ended."""
    home = tmp_path_factory.mktemp("night") / "sandbox"
    return home, kills.run([sys.executable, "-m", "flows.cli", *nightly(home)], cwd=ROOT)  # fmt: skip


@pytest.fixture(scope="module")
def stay(tmp_path_factory):
    """``stay(argument, …)`` runs a command in a process that stays; these nights share a Prefect API."""
    with resident.processes(tmp_path_factory.mktemp("api"), count=1) as pool:
        yield lambda *arguments: pool.submit(resident.command, *arguments).result()


def test_a_sandbox_night_finds_networks_and_leaves_nothing_running(night):
    home, done = night

    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert facts["is_sandbox"] is True
    assert set(facts["sources"].values()) == {"green"}
    assert set(facts["crawl"]) == set(web.PLATFORMS)
    told = {row["source"]: row for row in facts["source_rows"]}
    assert all(
        told[source]["state"] == "green"
        and counts["new"] > 0
        and counts["rejected"] == 0
        for source, counts in facts["crawl"].items()
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


def test_each_of_the_seven_comes_by_its_permitted_route_with_what_it_shows(night):
    home, _ = night
    routes = rows(
        home,
        """select source, url_or_file ilike 'http%' as is_asked, sum(record_count)
        from analyst.fetches where fetch_status = 'ok' group by all having sum(record_count) > 0""",
    )
    asked = {source for source, is_asked, _ in routes if is_asked}
    dropped = {source for source, is_asked, _ in routes if not is_asked}
    assert asked == set(web.SOURCES)
    assert dropped == set(drops.SOURCES)
    database = str(home_module.Home(home).database)
    with duckdb.connect(database, read_only=True) as connection:
        kept = connection.execute(
            """select platform,
                count(*) filter (where seller_id is null or coalesce(text, title) is null),
                count(published_at), count(*) filter (where coalesce(likes, comments, sales, views) is not null)
            from raw.posts group by all"""
        ).fetchall()
    assert {platform for platform, *_ in kept} == set(web.PLATFORMS)
    for platform, without, timed, counted_posts in kept:
        assert without == 0
        # The shops' lists and landing pages name no time; feeds, articles and pages no counts.
        assert timed > 0 or platform in {"taobao", "jd", "landing"}
        assert counted_posts > 0 or platform in {"36kr", "rss", "landing", "wechat_mp"}


def test_a_second_night_without_news_is_as_green_as_the_first(night, stay):
    home, _ = night
    entries = "select entry_id, status, band from analyst.watchlist order by 1"
    before = rows(home, entries)

    done = stay(*nightly(home))

    assert done.returncode == 0, done.stderr
    facts = json.loads(done.stdout)
    assert set(facts["sources"].values()) == {"green"}
    assert not any(counts["new"] or counts["rejected"] for counts in facts["crawl"].values())  # fmt: skip
    assert rows(home, entries) == before
    unsent = f"select distinct source from analyst.fetches where http_status = 304 and run_id = '{facts['run_id']}'"
    assert {name for (name,) in rows(home, unsent)} == {"36kr", "rss"}


#: A state for each of six sources, and what its fetch rows then say; `make assure` tries each with each, a night each.
BAD = {
    "heimao": ("silent_empty", {"blocked"}),
    "douyin": ("captcha", {"blocked"}),
    "jd": ("drifted", {"schema_drift"}),
    "36kr": ("rate_limited", {"rate_limited"}),
    "wechat_mp": ("robots_disallowed", {"robots_disallowed"}),
    "kuaishou": ("login_wall", {"login_wall", "schema_drift"}),
}


def test_blind_sources_are_red_with_the_right_status_and_change_nothing_else(
    night, stay
):
    home, _ = night
    told = "select source, state from analyst.sources"
    entries = "select entry_id, status, band from analyst.watchlist order by 1"
    posts = "select post_id, text, stance from analyst.posts order by 1"
    before = [rows(home, sql) for sql in (entries, posts)]

    states = [part for source, (state, _) in BAD.items() for part in ("--sandbox-state", f"{source}={state}")]  # fmt: skip
    done = stay(*nightly(home, *states))

    assert done.returncode == 5, done.stderr
    facts = json.loads(done.stdout)
    colours = {source: "red" if source in BAD else "green" for source in web.PLATFORMS}
    assert facts["sources"] == colours
    assert dict(rows(home, told)) == colours
    assert [rows(home, sql) for sql in (entries, posts)] == before
    fetches = "select distinct fetch_status from analyst.fetches where source = '{}' and run_id = '{}'"
    for source, (_, statuses) in BAD.items():
        run = facts["run_id"] if source in web.SOURCES else f"import-{facts['run_id']}"
        found = {row[0] for row in rows(home, fetches.format(source, run))}
        assert found == statuses, source


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
