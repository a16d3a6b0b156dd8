from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta, timezone

import openpyxl
import pytest
import xlsxwriter

from warehouse.watchlist import sheet


@pytest.fixture
def read():
    """``read(rows)``: a sheet with a head and these rows, as another library reads it."""

    def make(rows):
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        text = book.add_format({"quote_prefix": True})
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        made = book.add_worksheet("rows", worksheet_class=sheet.Sheet)
        made.write_string(0, 0, "head")
        made.give_rows(rows, first=1, text=text, time=time)
        book.add_worksheet("other").write_string(0, 0, "beside")
        book.close()
        found = openpyxl.load_workbook(io.BytesIO(out.getvalue()))
        assert found["other"]["A1"].value == "beside"
        return found["rows"]

    return make


def test_values_of_every_kind_come_back_in_their_cells(read):
    moment = datetime(2026, 3, 1, 20, 30, 15, tzinfo=UTC)
    abroad = moment.astimezone(timezone(timedelta(hours=8)))
    found = read([("a", None, 1.5, moment), (None, ["x", "y"], 7, abroad)])
    assert [[cell.value for cell in row] for row in found.iter_rows()] == [
        ["head", None, None, None],
        ["a", None, 1.5, moment.replace(tzinfo=None)],
        [None, "x|y", 7, moment.replace(tzinfo=None)],
    ]
    assert found.dimensions == "A1:D3"
    assert found["A2"].quotePrefix
    assert found["D2"].is_date


@pytest.mark.parametrize(
    "text",
    ["=1+1", "<b> & \"c\" 'd'", "  两头 有空格 ", "行\n行", "\x01\x1f", "_x0041_", "\U0001f30d", "\uffff", "1e5", "http://example.com"],
)  # fmt: skip
def test_text_stays_the_text_that_it_was(read, text):
    cell = read([(text,)])["A2"]
    assert cell.data_type == "s"
    assert openpyxl.utils.escape.unescape(cell.value) == text


def test_text_is_cut_to_what_a_cell_holds_and_never_inside_a_character(read):
    long = "a" + "\U0001f30d" * sheet.CELL_CHARACTERS
    kept = read([(long,)])["A2"].value
    assert kept == long[: 1 + (sheet.CELL_CHARACTERS - 1) // 2]
    whole = "字" * sheet.CELL_CHARACTERS
    assert read([(whole,)])["A2"].value == whole


def test_no_rows_leave_the_head(read):
    assert read([]).dimensions == "A1:A1"


def test_library_still_has_what_it_does_not_promise():
    lacking = [
        f"{owner.__name__}.{name}"
        for owner, names in sheet.PRIVATE.items()
        for name in names
        if not callable(getattr(owner, name, None))
    ]
    assert lacking == [], f"xlsxwriter {xlsxwriter.__version__} has other insides: write rows of warehouse/watchlist/sheet.py anew"  # fmt: skip


def test_rows_stand_in_the_file_as_the_library_writes_them():
    moment = datetime(2026, 3, 1, 20, 30, 15, tzinfo=UTC)

    def seen(write):
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        text = book.add_format({"quote_prefix": True})
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        write(book.add_worksheet("rows", worksheet_class=sheet.Sheet), text, time)
        book.close()
        found = openpyxl.load_workbook(io.BytesIO(out.getvalue()))["rows"]
        cells = {each.coordinate: (each.value, each.data_type, each.number_format, each.quotePrefix) for row in found for each in row}  # fmt: skip
        return found.dimensions, cells

    def given(made, text, time):
        made.give_rows([("a <b>", 1.5, moment)], first=0, text=text, time=time)

    def written(made, text, time):
        made.write_string(0, 0, "a <b>", text)
        made.write_number(0, 1, 1.5)
        made.write_datetime(0, 2, moment.replace(tzinfo=None), time)

    # As inline or as shared text is the writer's choice; what a reader sees is not.
    assert seen(given) == seen(written)
