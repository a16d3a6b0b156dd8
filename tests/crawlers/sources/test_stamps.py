import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.sources import stamps

NOON = "2026-03-01T04:00:00+00:00"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-03-01 12:00:00  +0800", (NOON, "second")),
        ("Sun, 01 Mar 2026 04:00:00 GMT", (NOON, "second")),
        ("Sun, 01 Mar 2026 12:00:00 +0800", (NOON, "second")),
        ("1772337600", (NOON, "second")),
        (1772337600, (NOON, "second")),
        ("1772337600000", (NOON, "second")),
        ("2026-03-01T12:00:00+08:00", (NOON, "second")),
        ("2026-03-01T04:00:00.000Z", (NOON, "second")),
        ("2026年3月1日 12:00", (NOON, "minute")),
        ("2026/3/1 12:00", (NOON, "minute")),
        ("2026-03-01", ("2026-02-28T16:00:00+00:00", "day")),
        ("2026-03-01 12:00:60", ("2026-03-01T04:00:59+00:00", "second")),
    ],
)
def test_time_is_read_in_utc_with_its_precision(raw, expected):
    assert stamps.read(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "明天",
        True,
        "0000-00-00",
        "2026-13-41",
        "9999-12-31T23:59:59-08:00",
        "1970-01-01",
        "99999999999999",
        "Mon, 99 Foo",
    ],
)
def test_what_is_no_time_is_null(raw):
    assert stamps.read(raw) == (None, "none")


@given(st.text(max_size=40))
@settings(deadline=None, max_examples=200)
def test_no_text_raises(raw):
    assert stamps.read(raw)[1] in {"none", "day", "minute", "second"}
