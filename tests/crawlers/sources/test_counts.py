import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.sources import counts


@pytest.mark.parametrize(
    ("shown", "count"),
    [
        (0, 0),
        (12890, 12890),
        (12.0, 12),
        ("870", 870),
        ("1.2万", 12_000),
        ("１．２万", 12_000),
        ("3.5w", 35_000),
        ("1.3亿", 130_000_000),
        ("10万+", 100_000),
        ("1.5K", 1_500),
        ("2M", 2_000_000),
        ("1,234", 1_234),
        (" 56 ", 56),
    ],
)
def test_a_shown_count_is_a_whole_number(shown, count):
    assert counts.read(shown) == count


@pytest.mark.parametrize(
    "shown",
    [None, "", "-", "很多", "赞", True, -1, 1.5, "1,23", "1.2.3", [], {}, 2**63, "9" * 40, "99999亿亿", float("inf")],
)  # fmt: skip
def test_what_is_no_count_is_null(shown):
    assert counts.read(shown) is None


@given(st.one_of(st.text(max_size=30), st.integers(), st.floats(), st.booleans()))
@settings(deadline=None, max_examples=100)
def test_every_count_fits_the_import_record(shown):
    count = counts.read(shown)
    assert count is None or 0 <= count < 2**63
