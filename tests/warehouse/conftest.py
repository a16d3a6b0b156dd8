"""Small frames and databases for the warehouse's tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from warehouse import connect, contracts, migrate

NIGHT = datetime(2024, 6, 14, 2, tzinfo=UTC)


def _frame(contract, rows):
    return pl.DataFrame(rows, schema=dict(contract.columns))


@pytest.fixture
def frame():
    """``frame(contract, [row, …])``: a frame of a contract; columns that a row leaves out are null."""
    return _frame


@pytest.fixture
def night():
    """A moment."""
    return NIGHT


@pytest.fixture
def post():
    """``post("a", day=1, text="…")``: a row of contracts.RAW_POSTS, crawled on that day after the night."""

    def make(native, *, day=0, **columns):
        row = dict.fromkeys(contracts.RAW_POSTS.columns)
        row |= {
            "post_id": f"douyin:{native}",
            "crawled_at": NIGHT + timedelta(days=day),
            "platform": "douyin",
            "kind": "post",
            "seller_id": "douyin:szr1",
            "source": "drop",
            "text": "数字人招商",
        }
        return row | columns

    return make


@pytest.fixture
def posts(post):
    """``posts(row, …)``: a frame of contracts.RAW_POSTS; a string is short for ``post(string)``."""

    def make(*rows):
        return _frame(
            contracts.RAW_POSTS,
            [post(row) if isinstance(row, str) else row for row in rows],
        )

    return make


@pytest.fixture(scope="session")
def _migrated():
    con = connect.open_memory()
    migrate.migrate(con, applied_at=NIGHT)
    yield con
    con.close()


@pytest.fixture
def empty(_migrated):
    """``empty()`` empties the working database; migrating a new one for every test would take most of the time."""

    def clear():
        tables = _migrated.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
            " where database_name = 'memory' and estimated_size > 0 and table_name <> 'migrations'"
        ).fetchall()
        for (table,) in tables:
            _migrated.execute(f"delete from {table}")
        return _migrated

    return clear


@pytest.fixture
def work(empty):
    """A migrated, empty working database in memory."""
    return empty()
