"""Which bundle scores, by the record."""

from datetime import UTC, datetime, timedelta

import polars as pl

from models.promotion import champion
from warehouse import contracts

DAY = timedelta(days=1)
START = datetime(2026, 3, 1, tzinfo=UTC)


def record(*events):
    """(day, event, version, author) rows."""
    rows = [
        {"run_id": f"r{at}", "version": version, "event": event, "as_of": START + day * DAY, "author": author, "gate": "{}"}
        for at, (day, event, version, author) in enumerate(events)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=dict(contracts.BUNDLES.columns))


def test_the_newest_promoted_stands_first():
    rows = record(
        (1, "promoted", "m-1", None),
        (2, "shadow", "m-2", None),
        (3, "promoted", "m-3", None),
    )

    assert champion.standing(rows, before=START + 9 * DAY) == ["m-3", "m-1"]


def test_a_night_does_not_know_its_own_promotion():
    rows = record((1, "promoted", "m-1", None), (2, "promoted", "m-2", None))

    assert champion.standing(rows, before=START + 2 * DAY) == ["m-1"]


def test_rolling_back_brings_the_one_before_and_holds_it():
    rows = record(
        (1, "promoted", "m-1", None),
        (2, "promoted", "m-2", None),
        (3, "rolled_back", "m-2", "li"),
    )
    again = pl.concat([rows, record((4, "promoted", "m-4", "li"))])

    assert champion.standing(rows, before=START + 9 * DAY) == ["m-1"]
    assert champion.is_held(rows, before=START + 9 * DAY)
    assert not champion.is_held(again, before=START + 9 * DAY)
    assert champion.standing(again, before=START + 9 * DAY) == ["m-4", "m-1"]


def test_nothing_recorded_means_that_the_rules_score():
    assert champion.standing(record(), before=START) == []
    assert not champion.is_held(record(), before=START)


def test_files_of_old_bundles_are_unused_but_those_of_champions_a_rollback_may_need_are_not():
    rows = record(
        *((day, "promoted", f"m-{day:02}", None) for day in range(12)),
        *((day, "shadow", f"m-{day:02}", None) for day in range(12, 24)),
        (24, "promoted", "m-00", "li"),
    )

    gone = ["m-01", "m-02", *(f"m-{day:02}" for day in (12, 13, 14))]
    assert champion.unused(rows) == gone
    assert champion.unused(record()) == []
