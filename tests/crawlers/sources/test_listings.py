import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.sources import listings
from crawlers.sources.fields import Fields


@pytest.mark.parametrize(
    ("shown", "yuan"),
    [
        ("12999.00", 12999),
        ("1980.5", 1980.5),
        (12999.0, 12999),
        ("¥1,288,000.50", 1288000.5),
        ("￥３９８０", 3980),
        ("1.2万", 12000),
        ("98.00-198.00", 98),
        ("3980元起", 3980),
        ("1", 1),
        ("0.00", None),
        ("-1", None),
        ("", None),
        (None, None),
        (True, None),
        ("¥1??9", None),
        ("面议", None),
        ("1e5", None),
        ("12 34", None),
    ],
)
def test_a_price_is_yuan_or_null(shown, yuan):
    assert listings.yuan(shown) == yuan


@given(st.text(max_size=40) | st.floats() | st.integers())
@settings(deadline=None, max_examples=100)
def test_no_price_is_negative_or_no_number(value):
    amount = listings.yuan(value)
    assert amount is None or 0 < amount < 10**13


def test_a_masked_price_is_named_and_a_missing_one_is_not():
    unknown = set()
    values = {"a": "¥1??9", "b": "-1", "c": "", "d": "0.00"}
    entry = Fields(values, path="$.list[3]", kind="$.list", unknown=unknown)
    assert listings.price(entry, "a", "b", "c", "d", "e", unknown=unknown) is None
    assert unknown == {"$.list.a (expected a price)"}


def test_the_first_price_counts():
    entry = Fields({"a": "", "b": "9.9", "c": 3}, path="$", kind="$", unknown=set())
    assert listings.price(entry, "a", "b", "c", unknown=set()) == 9.9


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("200+人付款", 200),
        ("1.2万+人付款", 12000),
        ("已售1000+", 1000),
        ("月销 30 件", 30),
        ("2人付款", 2),
        ("", None),
        (None, None),
        ("新品上架", None),
        ("3年老店已售20", None),
    ],
)
def test_sales_are_the_lower_bound_that_the_words_state(text, count):
    assert listings.sold(text) == count


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), (0, False), ("true", True), (False, False), ("", None), (2, None)],
)
def test_a_flag_is_true_false_or_null(value, expected):
    assert listings.flag(value) is expected


def test_details_leave_out_what_the_title_says():
    found = listings.details(
        "AI 数字人 招商", ["ai数字人", None, "", "区域保护", "区域保护"]
    )
    assert found == "区域保护"
    assert listings.details("甲", [None]) is None


def test_properties_need_a_value():
    found = [{"n": "区域", "v": "县"}, {"n": "", "v": "乙"}, {"n": "空"}, {"v": 3}, "x"]
    assert listings.properties(found, name="n", value="v") == ["区域：县", "乙"]


@pytest.mark.parametrize(
    ("total", "is_past_end", "status"),
    [
        (0, False, "empty"),
        (9, True, "ok"),
        (9, False, "blocked"),
        (None, False, "schema_drift"),
        (None, True, "ok"),
    ],
)
def test_a_list_without_entries_is_empty_only_where_it_counts_none(
    total, is_past_end, status
):
    parsed = listings.without_entries(
        total, is_past_end=is_past_end, uncounted=("schema_drift", "x"), unknown=set()
    )
    assert (parsed.fetch_status, bool(parsed.reason)) == (status, True)
