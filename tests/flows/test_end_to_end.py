"""The real binary over an invented market: imported, run night after night, killed, read, locked out."""

import dataclasses
import json
import os
import random
import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from crawlers.sandbox import market
from flows import home as home_module
from flows.looking import explanation
from tests.harness.faults import kills, readers
from tests.harness.homes import resident

ROOT = Path(__file__).parents[2]
# Near today, so that a verdict given now is known tonight and nothing has expired.
EPOCH = datetime.now(UTC).replace(
    hour=0, minute=0, second=0, microsecond=0
) - timedelta(days=44)
FIRST_NIGHT = EPOCH + timedelta(days=30)
SECOND_NIGHT = EPOCH + timedelta(days=40)
PLATFORMS = ("douyin", "kuaishou", "xiaohongshu", "heimao", "36kr", "landing", "rss")


def command(home, *arguments):
    return [sys.executable, "-m", "flows.cli", "--home", str(home), *arguments]


def run(home, *arguments):
    return kills.run(command(home, *arguments), cwd=ROOT)


def night(as_of):
    return "nightly", "--no-crawl", "--as-of", as_of.isoformat()


def nightly(home, as_of):
    return command(home, *night(as_of))


def query(home, sql):
    return explanation.query(home_module.Home(home), sql)


@pytest.fixture(scope="module", autouse=True)
def stay(tmp_path_factory):
    """``stay(home, …)`` runs a command in a process that stays; all nights of this file report to one Prefect API."""
    with resident.processes(tmp_path_factory.mktemp("api"), count=1) as pool:
        yield lambda home, *arguments: pool.submit(resident.command, "--home", str(home), *arguments).result()  # fmt: skip


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A home after one night, as a scheduler starts it, and how many seconds that took."""
    directory = tmp_path_factory.mktemp("night")
    records = market.build(7, epoch=EPOCH, days=45, platforms=PLATFORMS).records
    posts = directory / "posts.jsonl"
    posts.write_text(
        "".join(json.dumps(each) + "\n" for each in records), encoding="utf-8"
    )
    imported = run(directory / "home", "import", str(posts))
    assert imported.returncode == 0, imported.stderr
    assert "rejected 0" in imported.stdout
    started = time.monotonic()
    done = kills.run(nightly(directory / "home", FIRST_NIGHT), cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return directory / "home", time.monotonic() - started


@pytest.fixture(scope="module")
def home(first):
    """A home after one night."""
    return first[0]


@pytest.fixture
def copy(home, tmp_path):
    """The same home, to be changed."""
    shutil.copytree(home, tmp_path / "home", symlinks=True)
    return tmp_path / "home"


@pytest.fixture(scope="module")
def second(home, stay, tmp_path_factory):
    """What an undisturbed second night publishes."""
    undisturbed = tmp_path_factory.mktemp("undisturbed") / "home"
    shutil.copytree(home, undisturbed, symlinks=True)
    done = stay(undisturbed, *night(SECOND_NIGHT))
    assert done.returncode == 0, done.stderr
    return kills.published(undisturbed)


@pytest.fixture(scope="module")
def restored(home, stay, tmp_path_factory):
    """A home that was backed up, destroyed, restored, and went through its second night beside readers."""
    directory = tmp_path_factory.mktemp("restored")
    copy = directory / "home"
    shutil.copytree(home, copy, symlinks=True)
    before = kills.published(copy)
    saved = run(copy, "backup", str(directory / "safe.zip"))
    assert saved.returncode == 0, saved.stderr
    shutil.rmtree(copy)
    back = run(copy, "restore", str(directory / "safe.zip"))
    assert back.returncode == 0, back.stderr
    assert kills.published(copy) == before
    with readers.reading(copy, processes=2, scratch=directory, pause=0.1) as reports:
        done = stay(copy, *night(SECOND_NIGHT))
    assert done.returncode == 0, done.stderr
    return kills.published(copy), reports


@dataclasses.dataclass(frozen=True)
class Decided:
    """A home after a refused night, a verdict, an erasure and the night that follows."""

    home: Path
    refused: subprocess.CompletedProcess[str]
    is_untouched: bool
    status: dict[str, object]
    benign: dict[str, object]
    forgotten: dict[str, object]


@pytest.fixture(scope="module")
def decided(home, stay, tmp_path_factory):
    """What people do to a home between two nights; one night answers all of it."""
    directory = tmp_path_factory.mktemp("decided")
    copy = directory / "home"
    shutil.copytree(home, copy, symlinks=True)
    unreachable = directory / "strict.toml"
    unreachable.write_text("[lists]\nhigh = 0.99999\n", encoding="utf-8")
    before = kills.published(copy)
    refused = stay(copy, "--config", str(unreachable), "nightly", "--no-crawl")
    is_untouched = kills.published(copy) == before
    status = json.loads((copy / "work/status.json").read_text(encoding="utf-8"))
    benign, forgotten = query(
        copy,
        """select entry_id, value from analyst.watchlist join analyst.sellers on seller_id = value
        where status = 'active' and post_count > 1 order by 1 limit 2""",
    )
    verdict = ["benign", "--note", "shop visited", "--by", "lin"]
    filed = run(copy, "verdict", benign["entry_id"], *verdict)
    assert filed.returncode == 0, filed.stderr
    done = run(copy, "forget", forgotten["value"], "--by", "lin", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["posts"] > 1
    done = stay(copy, "nightly", "--no-crawl")
    assert done.returncode == 0, done.stderr
    return Decided(copy, refused, is_untouched, status, benign, forgotten)


def test_networks_and_lists_are_published(home):
    done = run(
        home,
        "query",
        """select (select count(*) from analyst.networks) as networks,
        (select count(*) from analyst.watchlist where status = 'active') as listed""",
        "--json",
    )

    assert done.returncode == 0, done.stderr
    [counts] = json.loads(done.stdout)
    assert counts["networks"] >= 3
    assert counts["listed"] > 0


def test_nothing_later_than_as_of_is_known(home):
    [row] = query(home, "select max(last_crawled_at) as latest from analyst.posts")

    assert row["latest"] <= FIRST_NIGHT


def test_every_listed_seller_has_reasons_that_point_at_its_evidence(home):
    rows = query(
        home,
        """select watchlist.value, count(reasons.reason) as reasons, count(posts.post_id) as posts
        from analyst.watchlist left join analyst.reasons on reasons.seller_id = watchlist.value
        left join analyst.posts on posts.post_id = reasons.evidence_post_id
        where watchlist.entity = 'seller' group by all""",
    )

    assert rows
    assert all(row["reasons"] > 0 and row["posts"] == row["reasons"] for row in rows)


def test_signal_spans_are_the_text(home):
    rows = query(
        home,
        """select count(*) as wrong from analyst.signals join analyst.posts using (post_id)
        where span_text <> substring(case field when 'title' then title else text end, span_start + 1, span_end - span_start)""",
    )

    assert rows == [{"wrong": 0}]


def test_the_same_night_again_changes_nothing(copy, stay):
    before = kills.published(copy)

    done = stay(copy, *night(FIRST_NIGHT))

    assert done.returncode == 0, done.stderr
    assert kills.published(copy) == before
    assert (
        len(
            [
                each
                for each in (copy / "watchlists").iterdir()
                if each.is_dir() and not each.is_symlink()
            ]
        )
        == 1
    )


def test_an_earlier_night_is_refused(copy, stay):
    done = stay(copy, *night(FIRST_NIGHT - timedelta(days=1)))

    assert done.returncode == 2
    assert "is before the last published night" in done.stderr


def test_killed_nights_leave_what_was_published_and_are_completed(copy, first, second):
    after, (_, duration) = second, first
    before = kills.published(copy)
    chance = random.Random(1)
    for _ in range(2):
        kills.run_and_kill(
            nightly(copy, SECOND_NIGHT), cwd=ROOT, after=chance.uniform(1.0, duration)
        )
        # Each link shows the one or the other; a run that died between the two swings is completed by the next.
        for part, seen in kills.published(copy).items():
            assert seen in (before[part], after[part]), part

    assert kills.run(nightly(copy, SECOND_NIGHT), cwd=ROOT).returncode == 0
    assert kills.published(copy) == after


def test_a_second_run_says_who_holds_the_lock(home):
    with home_module.Lock(home_module.Home(home), command="import"):
        done = kills.run(nightly(home, SECOND_NIGHT), cwd=ROOT)

    assert done.returncode == 4
    assert re.search(
        rf"is being written by process {os.getpid()} .*\(import, since", done.stderr
    )


def test_explain_names_reasons_posts_and_links(home):
    [network] = query(
        home,
        "select network_id from analyst.networks order by seller_count desc, 1 limit 1",
    )
    [seller] = query(
        home,
        "select seller_id from analyst.reasons order by contribution desc, 1 limit 1",
    )

    told = run(home, "explain", network["network_id"])
    why = json.loads(run(home, "explain", seller["seller_id"], "--json").stdout)

    assert told.returncode == 0
    assert "members" in told.stdout
    assert why["reasons"]
    assert why["posts"]


def test_export_copies_the_release(home, tmp_path):
    done = run(home, "export", "--format", "csv", "--out", str(tmp_path / "out"))

    assert done.returncode == 0, done.stderr
    assert {each.name for each in (tmp_path / "out").iterdir()} == {
        "watchlist.csv",
        "manifest.json",
    }
    log = home / "work/access.jsonl"
    last = json.loads(log.read_text(encoding="utf-8").splitlines()[-1])
    assert last["what"] == f"{(home / 'watchlists/latest').resolve().name} csv"
    assert log.stat().st_mode & 0o077 == 0


def test_status_ends_with_4_when_stale(home):
    assert run(home, "status").returncode == 0
    assert run(home, "status", "--max-age", "1").returncode == 4


@pytest.mark.parametrize(
    ("page", "least"),
    [("README.md", 3), ("docs/analyst-guide.md", 10), ("docs/families.md", 1)],
)
def test_every_query_of_the_guides_runs(home, page, least):
    blocks = re.findall(
        r"```sql\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL
    )

    assert len(blocks) >= least
    with duckdb.connect(
        str((home / "published/current.duckdb").resolve()), read_only=True
    ) as connection:
        for block in blocks:
            assert connection.execute(block).description


def test_a_destroyed_home_is_restored_and_goes_on_as_if_nothing_had_been(
    restored, second
):
    published, _ = restored

    assert published == second


def test_readers_are_never_disturbed(restored):
    _, reports = restored

    assert [each["errors"] + each["torn"] for each in reports] == [[]] * 2
    assert sum(len(each["looks"]) for each in reports) > 20


def test_a_refused_night_leaves_its_reason_and_the_last_lists(decided):
    assert decided.refused.returncode == 4, decided.refused.stderr
    assert "Nothing was published" in decided.refused.stderr
    assert "list:size" in decided.refused.stderr
    assert decided.is_untouched
    assert (decided.status["state"], decided.status["exit_code"]) == ("stopped", 4)


def test_a_verdict_counts_the_next_night(decided):
    entry_id, seller = decided.benign["entry_id"], decided.benign["value"]
    [row] = query(
        decided.home,
        f"select status from analyst.watchlist where entry_id = '{entry_id}'",
    )
    [verdict] = query(
        decided.home, "select target, verdict, author from analyst.verdicts"
    )
    lists = decided.home / "watchlists/latest"
    listed = (lists / "watchlist.csv").read_text(encoding="utf-8")
    assert row["status"] == "revoked"
    assert verdict == {"target": seller, "verdict": "benign", "author": "lin"}
    assert entry_id not in listed
    assert not list((decided.home / "inbox").glob("*.json"))


def test_a_forgotten_seller_is_in_no_later_snapshot_or_list(decided):
    entry = decided.forgotten
    with duckdb.connect(
        str((decided.home / "published/current.duckdb").resolve()), read_only=True
    ) as connection:
        views = [
            row[0]
            for row in connection.execute(
                "select view_name from duckdb_views() where schema_name = 'analyst'"
            ).fetchall()
        ]
        naming = [
            view
            for view in views
            if connection.execute(
                f"select count(*) from analyst.{view} as v where contains(to_json(v)::varchar, ?)",
                [json.dumps(entry["value"])],
            ).fetchall()
            != [(0,)]
        ]
    # The ledger names it as revoked for 30 days, so that consumers hear of it.
    assert naming == ["watchlist"]
    lists = decided.home / "watchlists/latest"
    listed = (lists / "watchlist.csv").read_text(encoding="utf-8")
    changes = (lists / "changes.csv").read_text(encoding="utf-8")
    assert entry["entry_id"] not in listed
    assert entry["entry_id"] in changes
