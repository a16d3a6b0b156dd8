"""Taking entries off, by every way there is, on a published home: from the lookup at once, from every format of the next list."""

import contextlib
import csv
import io
import json
import shutil
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
import stix2
from typer.testing import CliRunner

from flows import cli, settings  # noqa: F401  (registers the commands)
from flows import home as home_module
from flows.commands import frame
from flows.deciding import decisions, inbox
from flows.looking import explanation
from flows.nights import night as night_module
from flows.nights import stages
from flows.releases import publication, revocation
from flows.service import contact_reader, lookups
from tests.harness.faults import kills
from tests.harness.homes import released
from warehouse import connect, contracts, errors, load
from warehouse.watchlist import ledger

ROOT = Path(__file__).parents[3]
NOTE = {"note": "looked at it", "author": "lin"}


@pytest.fixture(scope="module")
def night(tmp_path_factory):
    return released.make(tmp_path_factory.mktemp("released") / "home")


@pytest.fixture
def found(night, tmp_path):
    """Settings of a home of one's own, after one night."""
    shutil.copytree(night.home.root, tmp_path / "home", symlinks=True)
    return settings.Settings(home=home_module.Home(tmp_path / "home"), config_path=None)


def now():
    return datetime.now(UTC)


def desk(found):
    return lookups.Desk(found.home, reader=contact_reader.read)


def listed(found):
    rows = explanation.query(
        found.home,
        "select entity, value, entry_id from analyst.watchlist where status = 'active'",
    )
    return {(row["entity"], row["value"]): row["entry_id"] for row in rows}


def entry_of(found, entity, value):
    return listed(found)[entity, value]


def answered(asked, text):
    return {
        entry["value"]
        for result in asked.answers([text])["results"]
        for entry in result["entries"]
    }


def files(found):
    directory = found.home.latest_release.resolve()
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def assert_gone(found, entry_id):
    """From every list, revoked where a format can say so, and told in the changes."""
    held = files(found)
    for name in ("watchlist.csv", "watchlist.jsonl", "entities.ftm.json"):
        assert entry_id.encode() not in held[name], name
    assert entry_id not in duckdb.sql(f"select entry_id from '{found.home.latest_release.resolve()}/watchlist.parquet'").pl()["entry_id"].to_list()  # fmt: skip
    bundle = stix2.parse(held["watchlist.stix.json"].decode())
    [indicator] = [each for each in bundle.objects if each.type == "indicator" and each.external_references[0].external_id == entry_id]  # fmt: skip
    assert indicator.revoked is True
    [uuid] = json.loads(held["misp/manifest.json"])
    attributes = json.loads(held[f"misp/{uuid}.json"])["Event"]["Attribute"]
    assert [each["deleted"] for each in attributes if each["comment"].startswith(entry_id)] == [True]  # fmt: skip
    changes = csv.DictReader(io.StringIO(held["changes.csv"].decode(), newline=""))
    assert entry_id in {row["entry_id"] for row in changes if row["op"] == "DEL"}


def benign(found, key):
    decisions.verdict(found.home, key[1] if key[0] == "seller" else entry_of(found, *key), "benign", **NOTE, members=None, now=now())  # fmt: skip


def allowed(found, key):
    decisions.allow(found.home, f"{key[0]}:{key[1]}", **NOTE, now=now())


def upheld(found, key):
    decisions.appeal(found.home, entry_of(found, *key), text="that is not me", author="subject", now=now())  # fmt: skip
    [appeal] = decisions.appeals(found.home)
    decisions.answer(found.home, appeal["appeal_id"], "upheld", **NOTE, now=now())


def revoked(found, key):
    revocation.revoke(found, entry_of(found, *key), **NOTE, is_urgent=False, now=now())


SELLER, WECHAT = ("seller", "landing:szr3.example.com"), ("wechat", "szr_demo_01")


def test_decisions_are_honoured_by_the_lookup_at_once_and_by_the_next_list(found):
    asked, before = desk(found), listed(found)
    ways = {
        benign: WECHAT,
        allowed: ("phone", "19900000001"),
        upheld: ("domain", "join.szr3.example.com"),
        revoked: ("company", "示例三数字科技有限公司"),
    }
    text = "加薇：szr_demo_01 电话 19900000001 https://join.szr3.example.com/a 示例三数字科技有限公司"
    left = {value for _, value in ways.values()}
    assert answered(asked, text) == left

    for way, key in ways.items():
        way(found, key)
        left.remove(key[1])
        assert answered(asked, text) == left
        assert asked.entry(before[key]) is None

    released.publish(found, as_of=now())
    assert answered(asked, text) == set()
    assert set(before) - set(listed(found)) == set(ways.values())
    for key in ways.values():
        assert_gone(found, before[key])


def test_seller_leaves_with_what_it_owns_and_others_stay(found):
    asked, before = desk(found), listed(found)

    upheld(found, SELLER)

    text = "join.szr3.example.com 示例三数字科技有限公司 landing:szr3.example.com 加薇：szr_demo_01"
    assert answered(asked, text) == {"szr_demo_01"}
    released.publish(found, as_of=now())
    assert answered(asked, text) == {"szr_demo_01"}
    gone = set(before) - set(listed(found))
    assert gone == {SELLER, ("domain", "join.szr3.example.com"), ("company", "示例三数字科技有限公司"), ("uscc", "91000000000000003W")}  # fmt: skip
    for key in gone:
        assert_gone(found, before[key])


def test_decision_stays_honoured_between_its_night_and_a_release(found):
    """A night reads the inbox at its beginning and publishes at its end, or not at all."""
    asked = desk(found)
    benign(found, WECHAT)
    night = stages.Night(found, "run", now(), now(), is_sandbox=False)
    stages.decide(night)

    assert not list(found.home.inbox.glob("*.json"))
    assert answered(asked, "加薇：szr_demo_01") == set()
    assert answered(desk(found), "加薇：szr_demo_01") == set()


def test_authors_who_disagree_hide_nobody(found):
    asked = desk(found)
    decisions.verdict(found.home, "douyin:szr1", "fraud", note="n", author="wang", members=None, now=now())  # fmt: skip
    released.publish(found, as_of=now())

    decisions.verdict(found.home, "douyin:szr1", "benign", note="n", author="lin", members=None, now=now())  # fmt: skip
    assert answered(asked, "douyin:szr1") == {"douyin:szr1"}
    decisions.verdict(found.home, "douyin:szr1", "benign", note="n", author="wang", members=None, now=now())  # fmt: skip
    assert answered(asked, "douyin:szr1") == set()


def test_open_and_rejected_appeals_leave_the_entry(found):
    asked = desk(found)
    decisions.appeal(found.home, entry_of(found, *WECHAT), text="not me", author="subject", now=now())  # fmt: skip
    [appeal] = decisions.appeals(found.home)
    assert answered(asked, "加薇：szr_demo_01") == {"szr_demo_01"}
    decisions.answer(found.home, appeal["appeal_id"], "rejected", **NOTE, now=now())
    released.publish(found, as_of=now())

    assert answered(asked, "加薇：szr_demo_01") == {"szr_demo_01"}
    [row] = explanation.query(found.home, "select state, decided_by, is_current from analyst.appeals")  # fmt: skip
    assert row == {"state": "rejected", "decided_by": "lin", "is_current": True}
    with pytest.raises(errors.InputError, match="was rejected by lin already"):
        decisions.answer(found.home, appeal["appeal_id"], "upheld", **NOTE, now=now())


def test_listing_after_a_later_fraud_verdict_has_a_new_id(found):
    first = entry_of(found, *WECHAT)
    revoked(found, WECHAT)
    released.publish(found, as_of=now())
    assert WECHAT not in listed(found)
    inbox.file_decision(found.home, kind="verdict", target="wechat:szr_demo_01", verdict="fraud", **NOTE, decided_at=now())  # fmt: skip
    released.publish(found, as_of=now())

    assert entry_of(found, *WECHAT) != first


def test_revocation_only_release_takes_off_that_entry_and_changes_nothing_else(found):
    before, entry_id = listed(found), entry_of(found, *WECHAT)
    release = found.home.latest_release.readlink().name

    told = revocation.revoke(found, entry_id, **NOTE, is_urgent=True, now=now())

    assert "is out" in told
    assert set(before) - set(listed(found)) == {WECHAT}
    assert_gone(found, entry_id)
    manifest = json.loads(files(found)["manifest.json"])
    assert manifest["is_revocation"] is True
    assert manifest["previous_release_id"] == release
    assert manifest["counts"]["changes"] == {"ADD": 0, "MOD": 0, "DEL": 1}
    said = json.loads((found.home.watchlists / release / "manifest.json").read_text())
    assert manifest["pack_versions"] == said["pack_versions"] != {}
    assert manifest["valid_until"].startswith(
        f"{released.NIGHT + timedelta(days=7):%Y-%m-%dT%H:%M:%S}"
    ), "a revocation makes nothing fresher"
    assert answered(desk(found), "加薇：szr_demo_01") == set()
    assert not list((found.home.inbox / "applied").glob("*.json"))


@pytest.mark.parametrize("left", [None, "{", "{}"])
def test_an_entry_leaves_though_the_manifest_before_is_lost(found, left):
    entry_id = entry_of(found, *WECHAT)
    manifest = found.home.latest_release.resolve() / "manifest.json"
    manifest.unlink()
    if left is not None:
        manifest.write_text(left, encoding="utf-8")

    revocation.revoke(found, entry_id, **NOTE, is_urgent=True, now=now())

    assert WECHAT not in listed(found)
    assert list(json.loads(files(found)["manifest.json"])["pack_versions"]) == ["digital-human"]  # fmt: skip


def test_snapshot_after_a_revocation_shows_nothing_that_was_not_published(found):
    entry_id = entry_of(found, *WECHAT)
    with connect.open_work(found.home.database) as connection:
        # What a stopped night leaves in the working database.
        connection.execute("update core.sellers set scam_probability = 0.01")
    before = explanation.query(found.home, "select * from analyst.sellers order by 1")

    revocation.revoke(found, entry_id, **NOTE, is_urgent=True, now=now())

    assert explanation.query(found.home, "select * from analyst.sellers order by 1") == before  # fmt: skip
    folder = found.home.snapshot.resolve().with_suffix("")
    with (
        connect.open_snapshot(found.home.snapshot) as connection,
        connect.open_memory() as beside,
    ):
        for (view,) in connection.execute("select view_name from duckdb_views() where schema_name = 'analyst'").fetchall():  # fmt: skip
            shown = connection.execute(f"select count(*) from analyst.{view}")
            written = beside.execute(f"select count(*) from '{folder}/{view}.parquet'")
            assert shown.fetchone() == written.fetchone(), view
    status, _ = explanation.status(found.home, now=now(), max_age_hours=None)
    assert status["age_hours"] > 0.4, "a revocation is no fresh night"


def test_next_night_goes_on_from_a_revocation(found):
    revocation.revoke(found, entry_of(found, *WECHAT), **NOTE, is_urgent=True, now=now())  # fmt: skip
    before = listed(found)
    released.publish(found, as_of=now())

    assert listed(found) == before
    with connect.open_work(found.home.database) as connection:
        changes = load.read(connection, contracts.WATCHLIST_CHANGES)
        order = connection.execute("select release_id from core.releases order by as_of").fetchall()  # fmt: skip
    held = set()
    for (release_id,) in order:
        for row in changes.filter(changes["release_id"] == release_id).to_dicts():
            (held.discard if row["op"] == "DEL" else held.add)(row["entry_id"])
    assert held == set(before.values()), "replaying all changes gives the list"
    states = explanation.query(found.home, "select state from analyst.runs order by started_at")  # fmt: skip
    assert [row["state"] for row in states] == ["published", "revoked", "published"]


def test_revocation_waits_for_a_run_and_is_made_when_that_ends(found, monkeypatch):
    entry_id = entry_of(found, *WECHAT)
    monkeypatch.setattr(revocation, "PATIENCE_SECONDS", 0.3)
    with home_module.Lock(found.home, command="nightly"):
        with pytest.raises(errors.LockHeldError, match="is filed and the lookup honours it already"):  # fmt: skip
            revocation.revoke(found, entry_id, **NOTE, is_urgent=True, now=now())
        assert answered(desk(found), "加薇：szr_demo_01") == set()
        assert WECHAT in listed(found)
        assert revocation.settle(found) is not None
    assert_gone(found, entry_id)


@pytest.mark.parametrize("is_stopped", [False, True])
def test_night_ends_with_the_revocation_that_was_asked_for_meanwhile(
    found, monkeypatch, is_stopped
):
    entry_id = entry_of(found, *WECHAT)
    monkeypatch.setattr(revocation, "PATIENCE_SECONDS", 0)

    def flow(tonight, **_):
        stages.decide(tonight)
        with pytest.raises(errors.LockHeldError, match=r"nightly.*That run makes"):
            revocation.revoke(found, entry_id, **NOTE, is_urgent=True, now=now())
        if is_stopped:
            message = "a minimum is broken"
            raise errors.ReleaseBlockedError(message)
        return publication.publish_night(tonight, seconds={}, source_states={})

    monkeypatch.setattr(night_module, "_flow", flow)
    monkeypatch.setattr(night_module, "_outcome", lambda *_: night_module.Outcome(0, {}, "done"))  # fmt: skip
    started = now()
    with pytest.raises(errors.ReleaseBlockedError) if is_stopped else contextlib.nullcontext():  # fmt: skip
        night_module.run(found, as_of=started, started_at=started, is_crawling=False, use_sandbox=False, wait=False)  # fmt: skip

    assert_gone(found, entry_id)
    assert json.loads(files(found)["manifest.json"])["is_revocation"] is True
    assert not list((found.home.inbox / "applied").glob("*.json"))


def test_revocation_gets_the_lock_as_soon_as_it_is_free(found):
    entry_id, lock = entry_of(found, *WECHAT), home_module.Lock(found.home, command="import")  # fmt: skip
    lock.__enter__()
    free = threading.Timer(0.5, lock.__exit__, (None, None, None))
    free.start()
    told = revocation.revoke(found, entry_id, **NOTE, is_urgent=True, now=now())
    free.join()
    assert "is out" in told


@pytest.mark.parametrize("step", ["stage_release", "confirm_release"])
def test_revocation_that_dies_is_completed_by_the_next_run(found, monkeypatch, step):
    entry_id = entry_of(found, *WECHAT)

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ledger, step, die)
        with pytest.raises(KeyboardInterrupt):
            revocation.revoke(found, entry_id, **NOTE, is_urgent=True, now=now())
    assert answered(desk(found), "加薇：szr_demo_01") == set()
    kills.published(found.home.root)  # what is visible is whole

    is_out = json.loads(files(found)["manifest.json"])["is_revocation"]
    if is_out:  # the next run only completes the books
        assert_gone(found, entry_id)
    released.publish(found, as_of=now())
    if not is_out:
        assert_gone(found, entry_id)
    assert WECHAT not in listed(found)
    kills.published(found.home.root)


def test_nothing_is_released_when_nobody_waits(found):
    release = found.home.latest_release.readlink()
    revoked(found, WECHAT)
    assert revocation.settle(found) is None
    assert found.home.latest_release.readlink() == release


def test_only_active_entries_are_revoked(found):
    entry_id = entry_of(found, *WECHAT)
    with pytest.raises(errors.InputError, match="is no watchlist entry"):
        revocation.revoke(found, "wl-none", **NOTE, is_urgent=True, now=now())
    revocation.revoke(found, entry_id, **NOTE, is_urgent=True, now=now())
    with pytest.raises(errors.InputError, match=r"left the list with release .*revoked"):  # fmt: skip
        revocation.revoke(found, entry_id, **NOTE, is_urgent=True, now=now())


def test_commands_take_an_appeal_to_its_end(found):
    """Two of them as processes; the others in this one, because starting costs more than they do."""
    entry_id = entry_of(found, *SELLER)
    home = ["--home", str(found.home.root)]

    def run(*arguments):
        done = CliRunner().invoke(frame.app, [*home, *arguments])
        assert done.exit_code == 0, done.output
        return done.stdout

    def start(*arguments):
        command = [sys.executable, "-m", "flows.cli", *home, *arguments]
        done = kills.run(command, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        return done.stdout

    opened = run("appeal", entry_id, "--text", "我方网站没有招代理")
    appeal_id = opened.split()[0]
    [row] = json.loads(run("appeals", "--json"))
    assert (row["appeal_id"], row["state"]) == (appeal_id, "open")
    assert row["is_overdue"] is False
    told = start("uphold", appeal_id, "--note", "checked by phone", "--by", "wang", "--now")  # fmt: skip
    assert "is out" in told
    assert_gone(found, entry_id)
    seen = json.loads(start("lookup", "--json", "微信 szr_demo_01", "join.szr3.example.com"))  # fmt: skip
    assert [bool(each["entries"]) for each in seen["results"]] == [True, False]
    other = entry_of(found, *WECHAT)
    run("revoke", other, "--now", "--note", "n", "--by", "lin")
    assert_gone(found, other)
    notice = run("notice", appeal_id)
    assert "申诉成立" in notice
    assert "upheld" in notice
    private = ("wang", "checked by phone", "我方网站没有招代理", "net-", "szr_demo")
    assert not [each for each in private if each in notice]
