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
from typing import TYPE_CHECKING

import xlsxwriter

from warehouse.watchlist import facts, manifest
from warehouse.watchlist import sheet as sheet_module

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: What a sheet of the format holds, without its header.
SHEET_ROWS = 1_048_575

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
    time = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    entries = content.active()
    for start in range(0, max(entries.height, 1), SHEET_ROWS):
        name = "watchlist" if start == 0 else f"watchlist {start // SHEET_ROWS + 1}"
        part = entries.slice(start, SHEET_ROWS)
        sheet = book.add_worksheet(name, worksheet_class=sheet_module.Sheet)
        _head(sheet, part.columns, bold)
        sheet.give_rows(part.rows(), first=1, text=text, time=time)
        sheet.autofilter(0, 0, max(part.height, 1), len(part.columns) - 1)
    _about(book.add_worksheet("about"), content, bold, text)
    book.close()
    return out.getvalue()


def _head(sheet: Worksheet, columns: list[str], bold: Format) -> None:
    sheet.freeze_panes(1, 3)
    for place, name in enumerate(columns):
        sheet.set_column(place, place, _WIDTHS.get(name, _OTHER_WIDTH))
        sheet.write_string(0, place, name, bold)


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
