"""The release as an Excel workbook, for people.

In: the release. Out: bytes of ``watchlist.xlsx``: a sheet of entries (more if one cannot hold them) and one that says what
the list is.

Invariants: every text is a text cell, never a formula, number or link, and carries Excel's own text mark, so it stays
text when it is edited or saved as CSV; values are the originals, without an apostrophe. The same list gives the same
bytes: the creation time is ``as_of``.
"""

from __future__ import annotations

import io
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

from warehouse.watchlist import cells, facts, manifest

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: What a sheet of the format holds, without its header.
SHEET_ROWS = 1_048_575
#: What a cell of the format holds.
CELL_CHARACTERS = 32_767

_WIDTHS = {"entry_id": 24, "entity": 10, "value": 34, "display_name": 24, "network_id": 18, "reasons": 44, "evidence_sha256": 18, "release_id": 27}  # fmt: skip
_OTHER_WIDTH = 14


def workbook(content: facts.Release) -> bytes:
    """``watchlist.xlsx``: frozen header, filters, real dates (UTC) and numbers."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm",
        "remove_timezone": True,
    }
    book = xlsxwriter.Workbook(out, options)
    told = content.facts
    book.set_properties(
        {
            "title": f"Watchlist {content.release_id}",
            "author": told.publisher,
            "comments": told.intended_use,
            "created": told.as_of.replace(tzinfo=None),
        }
    )
    bold = book.add_format({"bold": True, "bottom": 1})
    text = book.add_format({"quote_prefix": True, "valign": "top"})
    entries = content.active()
    for start in range(0, max(entries.height, 1), SHEET_ROWS):
        name = "watchlist" if start == 0 else f"watchlist {start // SHEET_ROWS + 1}"
        part = entries.slice(start, SHEET_ROWS)
        _write(book.add_worksheet(name), part.columns, part.to_dicts(), bold, text)
    _about(book.add_worksheet("about"), content, bold, text)
    book.close()
    return out.getvalue()


def _write(
    sheet: Worksheet,
    columns: list[str],
    rows: list[dict[str, Any]],
    bold: Format,
    text: Format,
) -> None:
    sheet.freeze_panes(1, 3)
    for place, name in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS.get(name, _OTHER_WIDTH))
        sheet.write_string(0, place, name, bold)
    for line, row in enumerate(rows, start=1):
        for place, name in enumerate(columns):
            _cell(sheet, line, place, row[name], text)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _cell(sheet: Worksheet, line: int, place: int, value: object, text: Format) -> None:
    if value is None:
        return
    if isinstance(value, list):
        value = cells.LIST_SEPARATOR.join(str(each) for each in value)
    if isinstance(value, str):
        sheet.write_string(line, place, value[:CELL_CHARACTERS], text)
    elif isinstance(value, datetime):
        sheet.write_datetime(line, place, value)
    else:
        sheet.write(line, place, value)


def _about(sheet: Worksheet, content: facts.Release, bold: Format, text: Format) -> None:  # fmt: skip
    told = json.loads(manifest.manifest(content, {}))
    # A run that was killed takes a number too, and the same list has the same bytes whichever run made it.
    del told["sha256"], told["run_id"]
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 1, 110)
    for line, (name, value) in enumerate(told.items()):
        sheet.write_string(line, 0, name, bold)
        shown = value if isinstance(value, str) else json.dumps(value)
        sheet.write_string(line, 1, shown, text)
