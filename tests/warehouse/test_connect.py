from __future__ import annotations

import contextlib
import stat
import subprocess
import sys

import duckdb
import pytest

from warehouse import connect, errors


def test_new_working_database_is_private_and_of_a_version_that_refuses_stale_logs(
    tmp_path,
):
    path = tmp_path / "work.duckdb"
    with connect.open_work(path) as con:
        tags = con.execute(
            "select tags from duckdb_databases() where database_name = 'work'"
        ).fetchall()[0][0]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert tags["storage_version"].startswith("v1.4.0")


def test_times_are_utc_and_no_extension_is_fetched(tmp_path):
    with connect.open_work(tmp_path / "work.duckdb") as con:
        names = (
            "TimeZone",
            "autoinstall_known_extensions",
            "autoload_known_extensions",
        )
        found = [
            con.execute(f"select current_setting('{name}')").fetchall()[0][0]
            for name in names
        ]
    assert found == ["UTC", False, False]


def test_second_writing_process_is_told_who_holds_the_file(tmp_path):
    path = tmp_path / "work.duckdb"
    code = f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(errors.LockHeldError, match="open in another process"):
            connect.open_work(path)
        other.stdin.close()


def test_file_that_is_no_database_is_named(tmp_path):
    path = tmp_path / "work.duckdb"
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(errors.InputError, match="cannot be used as a database"):
        connect.open_work(path)
    assert path.read_bytes() == b"no database" * 1000


def test_directory_that_is_missing_is_an_input_error(tmp_path):
    with pytest.raises(errors.InputError, match=r"missing/work\.duckdb"):
        connect.open_work(tmp_path / "missing" / "work.duckdb")


def test_snapshot_that_is_not_there_yet_says_what_to_run(tmp_path):
    with pytest.raises(errors.InputError, match="puppetwatch nightly"):
        connect.open_snapshot(tmp_path / "current.duckdb")


def _snapshot(path, value):
    with connect.open_work(path) as con:
        con.execute("create table t (a integer)")
        con.execute("insert into t values ($value)", {"value": value})


def test_open_snapshot_keeps_its_data_and_the_next_one_sees_the_new_after_a_swing(
    tmp_path,
):
    link = tmp_path / "current.duckdb"
    _snapshot(tmp_path / "one.duckdb", 1)
    _snapshot(tmp_path / "two.duckdb", 2)
    link.symlink_to("one.duckdb")
    with connect.open_snapshot(link) as old:
        (tmp_path / "link").symlink_to("two.duckdb")
        (tmp_path / "link").replace(link)
        with connect.open_snapshot(link) as new:
            assert [
                con.execute("select a from t").fetchall() for con in (old, new)
            ] == [[(1,)], [(2,)]]


def test_snapshot_cannot_be_written(tmp_path):
    _snapshot(tmp_path / "one.duckdb", 1)
    with (
        connect.open_snapshot(tmp_path / "one.duckdb") as con,
        pytest.raises(duckdb.InvalidInputException, match="read-only"),
    ):
        con.execute("delete from t")


def test_queries_of_a_snapshot_reach_no_other_file(tmp_path):
    _snapshot(tmp_path / "one.duckdb", 1)
    _snapshot(tmp_path / "private.duckdb", 2)
    (tmp_path / "key").write_text("secret", encoding="utf-8")
    with connect.open_snapshot(tmp_path / "one.duckdb", memory_limit="40MB") as con:
        for sql in (
            f"from read_text('{tmp_path}/key')",
            f"from glob('{tmp_path}/*')",
            f"copy t to '{tmp_path}/copy.csv'",
            f"export database '{tmp_path}/all'",
            f"attach '{tmp_path}/private.duckdb' as private (read_only)",
            "set enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error, match=r"disabled|Cannot enable"):
                con.execute(sql)
        # Another connection beside it, and a table that does not fit into memory.
        with connect.open_snapshot(
            tmp_path / "one.duckdb", memory_limit="40MB"
        ) as other:
            assert other.execute("select a from t").fetchall() == [(1,)]
        con.execute(
            "create temp table large as select md5(range::varchar) as name from range(1500000)"
        )
        assert con.execute("select count(distinct left(name, 2)) from large").fetchall() == [(256,)]  # fmt: skip
        assert list(tmp_path.glob("*.tmp/*"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key", "one.duckdb", "private.duckdb"]  # fmt: skip


def test_transaction_rolls_back_on_error_and_joins_an_outer_one(tmp_path):
    with connect.open_work(tmp_path / "work.duckdb") as con:
        con.execute("create table t (a integer)")

        def outer():
            with connect.transaction(con):
                with connect.transaction(con):
                    con.execute("insert into t values (1)")
                raise KeyError

        with pytest.raises(KeyError):
            outer()
        assert con.execute("select count(*) from t").fetchall() == [(0,)]
        with connect.transaction(con):
            con.execute("insert into t values (2)")
        assert con.execute("select a from t").fetchall() == [(2,)]


def test_threads_are_as_before_behind_the_block(tmp_path):
    with connect.open_work(tmp_path / "w.duckdb", threads=1) as con:
        with contextlib.suppress(ZeroDivisionError), connect.threads(con, 3):
            assert _threads(con) == 3
            raise ZeroDivisionError
        assert _threads(con) == 1
        with connect.transaction(con), connect.threads(con, None):
            assert _threads(con) >= 1
        assert _threads(con) == 1


def _threads(con):
    return con.execute("select current_setting('threads')").fetchone()[0]
