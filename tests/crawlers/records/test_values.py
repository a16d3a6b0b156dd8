from decimal import Decimal

import pytest

from crawlers.records import values

#: More digits than str() agrees to write.
HUGE = 10**4400
CYCLE: list = []
CYCLE.append(CYCLE)


@pytest.mark.parametrize(
    ("reader", "value", "expected"),
    [
        (values.text, " 数字人 ", " 数字人 "),
        (values.text, "", None),
        (values.text, " \n\u3000", None),
        (values.identifier, " 735 ", "735"),
        (values.identifier, 7351234567890123456789, "7351234567890123456789"),
        (values.identifier, -100123, "-100123"),
        (values.identifier, "a b😀", "a b😀"),
        (values.identifier, "", None),
        (values.count, 0, 0),
        (values.count, "12", 12),
        (values.count, "12.0", 12),
        (values.count, 12.0, 12),
        (values.count, 2**63 - 1, 2**63 - 1),
        (values.count, "", None),
        (values.yuan, 66000, Decimal("66000.00")),
        (values.yuan, 0.1, Decimal("0.10")),
        (values.yuan, -0.0, Decimal("0.00")),
        (values.yuan, "28000.5", Decimal("28000.50")),
        (values.yuan, "99999999999999.99", Decimal("99999999999999.99")),
        (values.yuan, 0.005, Decimal("0.01")),
        (values.yuan, Decimal("1E+3"), Decimal("1000.00")),
        (values.yuan, " ", None),
        (values.flag, True, True),
        (values.flag, "False", False),
        (values.flag, 1, True),
        (values.flag, "", None),
        (values.texts, ["a", "", None, " ", "b"], ["a", "b"]),
        (values.texts, [], []),
        (values.choice("api", "web"), "web", "web"),
        (values.choice("api", "web"), "", None),
        (values.hexadecimal(4), "00Ff", "00ff"),
        (values.time, " ", None),
    ],
)
def test_allowed_values_become_what_their_column_holds(reader, value, expected):
    found = reader(value, "x")
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("reader", "value", "reason"),
    [
        (values.text, 5, "expected text, found a number"),
        (values.text, ["a"], "found a list"),
        (values.identifier, 7.35e18, "write ids as text"),
        (values.identifier, True, "found true/false"),
        pytest.param(values.identifier, HUGE, "more than 100 digits", id="id"),
        (values.identifier, "7.35123E+18", "spreadsheet has rounded"),
        (values.identifier, "a\nb", "control characters"),
        (values.identifier, "x" * 2049, "up to 2048 characters"),
        (values.count, -1, "whole number from 0"),
        (values.count, True, "found True"),
        (values.count, "1.2万", r"written in digits; found '1.2万'"),
        (values.count, 1.5, "found 1.5"),
        (values.count, 2**63, "whole number"),
        (values.count, "１２", "whole number"),
        (values.count, float("inf"), "found inf"),
        pytest.param(values.count, HUGE, "more than 100 digits", id="count"),
        (values.yuan, -1, "yuan from 0"),
        (values.yuan, True, "found True"),
        (values.yuan, "1e5", "found '1e5'"),
        (values.yuan, "NaN", "yuan from 0"),
        (values.yuan, "６６", "yuan from 0"),
        (values.yuan, float("nan"), "found nan"),
        (values.yuan, Decimal("sNaN"), "yuan from 0"),
        (values.yuan, 10**14, "yuan from 0"),
        (values.yuan, "99999999999999.999", "yuan from 0"),
        pytest.param(values.yuan, HUGE, "more than 100 digits", id="yuan"),
        pytest.param(values.time, HUGE, "outside 1990-2100", id="time"),
        (values.flag, 2, "expected true or false, found 2"),
        (values.flag, "yes", "found 'yes'"),
        (values.flag, 1.0, "found 1.0"),
        (values.texts, "a", "list of texts, found text"),
        (values.texts, [["a"]], "expected text, found a list"),
        (values.choice("api", "web"), "ftp", "expected one of api, web; found 'ftp'"),
        (values.choice("api", "web"), ["api"], "found a list"),
        pytest.param(values.choice("api"), "x" * 10**6, "…'$", id="long word"),
        (values.hexadecimal(4), "00fg", "expected 4 hex digits"),
        (values.time, "9999-01-01", "outside 1990-2100"),
    ],
)
def test_other_values_are_refused_with_field_and_short_reason(reader, value, reason):
    with pytest.raises(values.RecordError, match=reason) as caught:
        reader(value, "metrics.x")
    assert caught.value.field.startswith("metrics.x")
    assert len(caught.value.reason) < 200


@pytest.mark.parametrize(
    ("value", "field", "reason"),
    [
        ({"a": {"b": ["x", "y\0"]}}, "a.b[1]", "NUL"),
        ({"a": "x\ud800"}, "a", "lone surrogate"),
        ({"a": CYCLE}, "a" + "[0]" * 31, "nested more than 32 deep"),
        ({"a": {5: 1}}, "a", "key 5, which is not text"),
        pytest.param({"a": "x" * (32 << 20)}, None, "larger than 32 MiB", id="large"),
        ({"a\ud800": 1}, None, "lone surrogate"),
    ],
)
def test_what_no_column_can_hold_is_named(value, field, reason):
    with pytest.raises(values.RecordError, match=reason) as caught:
        values.storable_size(value)
    assert caught.value.field == field


def test_a_field_name_from_outside_can_always_be_stored():
    error = values.RecordError("x\ud800\0" + "y" * 500, "is odd")
    assert error.field.encode().isascii()
    assert len(error.field) == 120
    assert str(values.RecordError(None, "is odd")) == "is odd"
