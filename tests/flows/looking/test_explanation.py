from __future__ import annotations

from datetime import UTC, datetime

import duckdb
import pytest

from flows import home as home_module
from flows.looking import explanation
from warehouse import errors


@pytest.fixture
def home(tmp_path):
    """A home whose snapshot has one small table."""
    found = home_module.Home(tmp_path)
    found.published.mkdir()
    with duckdb.connect(str(found.published / "r1.duckdb")) as connection:
        connection.execute("create table numbers as select 1 as number")
    found.snapshot.symlink_to("r1.duckdb")
    return found


def test_query_gives_rows_by_column(home):
    assert explanation.query(home, "from numbers") == [{"number": 1}]


@pytest.mark.parametrize("sql", ["", " ", "-- nothing", ";"])
def test_empty_query_is_the_callers_mistake(home, sql):
    with pytest.raises(errors.InputError, match="The query is empty"):
        explanation.query(home, sql)


@pytest.mark.parametrize("hours", [float("nan"), float("inf"), -1.0, 1e12])
def test_age_that_is_none_is_the_callers_mistake(home, hours):
    with pytest.raises(errors.InputError, match="is no age"):
        explanation.status(home, now=datetime(2026, 3, 1, tzinfo=UTC), max_age_hours=hours)  # fmt: skip
