from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.records import times

NOON = datetime(2024, 6, 13, 12, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2024-06-13T20:15:00+08:00",
        "2024-06-13T12:15:00Z",
        "2024-06-13 20:15",
        " 2024-06-13T20:15:00 ",
        "20240613T201500",
        1718280900,
        1718280900.0,
        1718280900000,
        "1718280900",
        "1718280900000",
        "1718280900.0",
        datetime(2024, 6, 13, 20, 15),  # noqa: DTZ001
        datetime(2024, 6, 13, 8, 15, tzinfo=timezone(timedelta(hours=-4))),
    ],
)
def test_every_allowed_form_of_one_moment_is_the_same_utc_time(written):
    found = times.utc(written)
    assert found == NOON
    assert found.tzinfo is UTC


@pytest.mark.parametrize("written", ["2024-06-13", "20240613", date(2024, 6, 13)])
def test_a_day_is_its_midnight_in_china(written):
    assert times.utc(written) == datetime(2024, 6, 12, 16, tzinfo=UTC)


def test_milliseconds_keep_their_fraction():
    assert times.utc(1718280900123) == NOON + timedelta(milliseconds=123)


@pytest.mark.parametrize(
    "written",
    [
        "9999-12-31T23:59:59-08:00",
        "0001-01-01T00:00:00+08:00",
        "1989-12-31T23:59:59Z",
        "2101-01-01T00:00:00Z",
        0,
        -1,
        10**11,
        10**30,
        1718280900000000,
        float("nan"),
        float("inf"),
        "99999999999999999999",
        datetime(9999, 12, 31),  # noqa: DTZ001
    ],
)
def test_a_time_outside_1990_to_2100_is_refused(written):
    with pytest.raises(ValueError, match="outside 1990-2100"):
        times.utc(written)


@pytest.mark.parametrize(
    "written",
    [
        "昨天",
        "2024-13-01",
        "13/06/2024",
        "",
        "１７１８２８０９００",
        True,
        None,
        [],
        {},
    ],
)
def test_what_is_no_time_is_refused(written):
    with pytest.raises(ValueError, match="expected a"):
        times.utc(written)


@given(st.datetimes(datetime(1990, 1, 2), datetime(2100, 12, 30)), st.integers(-14, 14))  # noqa: DTZ001
@settings(deadline=None, max_examples=50)
def test_offsets_do_not_move_a_moment(naive, hours):
    moment = naive.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert times.utc(moment.isoformat()) == moment == times.utc(moment)
