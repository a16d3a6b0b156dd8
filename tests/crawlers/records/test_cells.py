from decimal import Decimal

import pytest

from crawlers.records import cells, values


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("1.2万", 12000), ("1.5w", 15000), ("3,200", 3200), ("500+", 500), ("2亿", 200_000_000), ("1.5K", 1500), (7, 7), ("8人付款", 8), (12.0, 12)],
)  # fmt: skip
def test_counts_in_any_writing(cell, expected):
    assert cells.value(cell, "metrics.likes") == expected


@pytest.mark.parametrize(("cell", "expected"), [("¥29,800.00", "29800"), ("3.98万", "39800"), (66000, "66000")])  # fmt: skip
def test_money_in_any_writing(cell, expected):
    assert Decimal(cells.value(cell, "listing.price_yuan")) == Decimal(expected)


@pytest.mark.parametrize("cell", ["1718330000", 1718330000, 1718330000000, "2024-06-14 09:53:20", "2024-06-14T01:53:20Z"])  # fmt: skip
def test_times_in_any_writing(cell):
    assert cells.value(cell, "published_at") == "2024-06-14T01:53:20+00:00"


@pytest.mark.parametrize("cell", ["", " ", "null", "NaN", "--", "\\N", None, [], {}, "None"])  # fmt: skip
def test_empty_cells_are_missing(cell):
    assert cells.value(cell, "text") is None


@pytest.mark.parametrize(("cell", "expected"), [('="7350000000000000001"', "7350000000000000001"), ("'735", "735"), ("735\t", "735"), (2**63, str(2**63))])  # fmt: skip
def test_ids_lose_what_guarded_them(cell, expected):
    assert cells.value(cell, "post_id") == expected


@pytest.mark.parametrize(("cell", "expected"), [("#数字人#招商加盟", ["数字人", "招商加盟"]), ("数字人,招商", ["数字人", "招商"]), ('["#数字人"]', ["数字人"]), (["#a", "b"], ["a", "b"])])  # fmt: skip
def test_lists_in_one_cell(cell, expected):
    assert cells.value(cell, "hashtags") == expected


@pytest.mark.parametrize(("cell", "name"), [("viele", "metrics.likes"), ("gestern", "published_at"), (True, "metrics.likes"), ("-3", "metrics.views")])  # fmt: skip
def test_what_cannot_be_read_names_its_field(cell, name):
    with pytest.raises(values.RecordError) as caught:
        cells.value(cell, name)
    assert caught.value.field == name
