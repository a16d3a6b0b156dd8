"""A home in one file: what comes back is what was there, and what is damaged is refused whole."""

import json
import shutil
import zipfile
from datetime import UTC, datetime

import polars as pl
import pytest

from flows import home as home_module
from flows.keeping import backup
from flows.releases import publication
from warehouse import connect, contracts, errors, load, migrate, publish
from warehouse.upkeep import dump

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A published home with a post, a verdict, a network that was, a release and a decision that waits."""
    home = home_module.Home(tmp_path_factory.mktemp("published") / "home")
    home.ensure(is_sandbox=True)
    row = dict.fromkeys(contracts.RAW_POSTS.columns) | {
        "post_id": "douyin:1", "crawled_at": NOW, "platform": "douyin", "kind": "post", "seller_id": "douyin:szr1",
        "source": "drop", "text": "数字人招商",
    }  # fmt: skip
    release = home.watchlists / "r1"
    release.mkdir()
    (release / "watchlist.csv").write_text("entry_id\n")
    publish.swing(home.latest_release, release)
    (home.inbox / "1.json").write_text("{}")
    with connect.open_work(home.database) as connection:
        migrate.migrate(connection)
        load.load_posts(
            connection, pl.DataFrame([row], schema=dict(contracts.RAW_POSTS.columns))
        )
        history = pl.DataFrame(
            [("net-1", "douyin:szr1", "dormant")],
            schema=dict(contracts.NETWORK_HISTORY.columns),
            orient="row",
        )
        load.append(connection, contracts.NETWORK_HISTORY, history)
        connection.execute(
            "insert into core.releases values ('r1', null, 'run-1', ?, 0, 'confirmed')",
            [NOW],
        )
        run = dict.fromkeys(contracts.RUNS.columns) | {
            "run_id": "run-1", "as_of": NOW, "started_at": NOW, "state": publication.PUBLISHED, "release_id": "r1",
            "is_sandbox": True,
        }  # fmt: skip
        load.append(
            connection,
            contracts.RUNS,
            pl.DataFrame([run], schema=dict(contracts.RUNS.columns)),
        )
        snapshot = publish.build_snapshot(
            connection, home.published, "run-1", as_of=NOW
        )
    publish.swing(home.snapshot, snapshot)
    return home


@pytest.fixture
def home(published, tmp_path):
    """A copy of it, to be changed."""
    shutil.copytree(published.root, tmp_path / "home", symlinks=True)
    return home_module.Home(tmp_path / "home")


def rows(home):
    with connect.open_work(home.database) as connection:
        return {
            table: sorted(map(str, connection.execute(f"from {table}").fetchall()))
            for table in dump.kept_tables(connection)
        }


def test_a_destroyed_home_comes_back_with_key_decisions_lineage_and_lists(
    home, tmp_path
):
    before, key = rows(home), home.hash_key()
    told = backup.backup(home, tmp_path / "safe.zip", now=NOW)
    assert told["rows"]["raw.posts"] == 1
    assert (tmp_path / "safe.zip").stat().st_mode & 0o077 == 0
    shutil.rmtree(home.root)

    backup.restore(home, tmp_path / "safe.zip")

    assert rows(home) == before
    assert home.hash_key() == key
    assert home.is_sandbox()
    assert home.latest_release.readlink().name == "r1"
    assert (home.inbox / "1.json").read_text() == "{}"
    with connect.open_snapshot(home.snapshot) as snapshot:
        assert snapshot.execute("select run_id from analyst.runs").fetchall() == [
            ("run-1",)
        ]
    with connect.open_work(home.database) as connection:
        publication.recover(connection, home)
        assert load.read(connection, contracts.RUNS)["state"].to_list() == ["published"]


def test_a_backup_holds_every_table_that_cannot_be_computed_again(home):
    with connect.open_work(home.database) as connection:
        kept = set(dump.kept_tables(connection))
    assert {"raw.posts", "core.verdicts", "core.allowlist", "core.appeals", "core.watchlist", "core.watchlist_changes",
            "core.network_members", "core.network_history", "core.cases", "core.releases", "core.runs"} <= kept  # fmt: skip
    assert not kept & {"core.doc_stances", "core.staged_watchlist", "core.migrations"}


def test_a_home_in_use_is_never_restored_over(home, tmp_path):
    backup.backup(home, tmp_path / "safe.zip", now=NOW)
    with pytest.raises(errors.InputError, match="is in use and was left alone"):
        backup.restore(home, tmp_path / "safe.zip")


@pytest.mark.parametrize("member", ["dump.duckdb", "hash.key", "manifest.json"])
def test_a_damaged_backup_is_refused_and_nothing_is_unpacked(home, tmp_path, member):
    whole, damaged = tmp_path / "safe.zip", tmp_path / "damaged.zip"
    backup.backup(home, whole, now=NOW)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(damaged, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[:-3] if name == member else content)
    elsewhere = home_module.Home(tmp_path / "elsewhere")
    with pytest.raises(errors.InputError, match=r"damaged|no backup"):
        backup.restore(elsewhere, damaged)
    assert not elsewhere.root.exists()


def test_a_member_that_leads_out_of_the_home_is_refused(home, tmp_path):
    whole, hostile = tmp_path / "safe.zip", tmp_path / "hostile.zip"
    backup.backup(home, whole, now=NOW)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(hostile, "w") as target:
        manifest = json.loads(source.read("manifest.json"))
        manifest["sha256"]["../evil"] = manifest["sha256"]["hash.key"]
        for name in source.namelist():
            if name != "manifest.json":
                target.writestr(name, source.read(name))
        target.writestr("../evil", source.read("hash.key"))
        target.writestr("manifest.json", json.dumps(manifest))
    elsewhere = home_module.Home(tmp_path / "inside" / "elsewhere")
    with pytest.raises(errors.InputError, match="is damaged"):
        backup.restore(elsewhere, hostile)
    assert not (tmp_path / "inside").exists()


def test_a_backup_of_another_schema_is_refused(home, tmp_path):
    whole, other = tmp_path / "safe.zip", tmp_path / "other.zip"
    backup.backup(home, whole, now=NOW)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(other, "w") as target:
        manifest = json.loads(source.read("manifest.json"))
        manifest["migrations"].append([9999, "0" * 64])
        for name in source.namelist():
            if name != "manifest.json":
                target.writestr(name, source.read(name))
        target.writestr("manifest.json", json.dumps(manifest))
    with pytest.raises(errors.MigrationError, match="newer one"):
        backup.restore(home_module.Home(tmp_path / "elsewhere"), other)


def test_a_backup_waits_for_nobody_unless_asked(home, tmp_path):
    with (
        home_module.Lock(home, command="nightly"),
        pytest.raises(errors.LockHeldError, match="nightly"),
    ):
        backup.backup(home, tmp_path / "safe.zip", now=NOW)
