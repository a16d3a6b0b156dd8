"""A sheet of a workbook to which rows are given as they will stand in the file.

In: rows of values. Out: the sheet's rows as XML, every text inside its cell. xlsxwriter keeps each cell as an object first and
writes them one by one, which took three times as long for a list of thousands, in its mode of constant memory too; whatever else a
workbook has is its own.

Invariants: a text is a text cell whatever it says, cut to what a cell holds. Control characters are escaped by the format's own
rule (ECMA-376, ST_Xstring).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from xlsxwriter import utility
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from warehouse.watchlist import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: What the library does not promise and is built on here; its version is pinned, and a test names what a new one lacks.
PRIVATE = {
    Worksheet: ("_write_rows", "_check_dimensions", "_escape_control_characters"),
    Format: ("_get_xf_index",),
}

#: What a cell of the format holds, in units of UTF-16.
CELL_CHARACTERS = 32_767

#: The day before the first of the format's calendar, which counts a leap day that never was.
_DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
_DAY = timedelta(days=1)


class Sheet(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet that may also be given many rows at once; made by ``Workbook.add_worksheet(name, worksheet_class=Sheet)``."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[str] = []

    def give_rows(
        self, rows: Iterable[Sequence[object]], *, first: int, text: Format, time: Format
    ) -> None:  # fmt: skip
        """Add rows below all that were written or given before.

        Args:
            rows: Values from the first column on: texts, lists (joined by ``cells.LIST_SEPARATOR``), times with a zone (shown
                in UTC), numbers; null leaves a cell out.
            first: Number of the first of them, counted from 0.
            text: Format of texts and lists.
            time: Format of times.
        """
        text_style, time_style = (each._get_xf_index() for each in (text, time))  # noqa: SLF001 -- there is no other name for it
        letters: list[str] = []
        number = first
        for number, row in enumerate(rows, start=first):
            if len(letters) < len(row):
                letters = [utility.xl_col_to_name(place) for place in range(len(row))]
            parts = [f'<row r="{number + 1}">']
            for letter, value in zip(letters, row, strict=False):
                if value is None:
                    continue
                place = f'<c r="{letter}{number + 1}"'
                if isinstance(value, list):
                    value = cells.LIST_SEPARATOR.join(str(each) for each in value)  # noqa: PLW2901 -- it is text from here on
                if isinstance(value, str):
                    parts.append(f'{place} s="{text_style}" t="inlineStr"><is><t xml:space="preserve">{self._shown(value)}</t></is></c>')  # fmt: skip
                elif isinstance(value, datetime):
                    parts.append(f'{place} s="{time_style}"><v>{(value - _DAY_ZERO) / _DAY:.16G}</v></c>')  # fmt: skip
                else:
                    parts.append(f"{place}><v>{value:.16G}</v></c>")
            parts.append("</row>")
            self._lines.append("".join(parts))
        if letters:
            self._check_dimensions(number, len(letters) - 1)

    def _shown(self, text: str) -> str:
        if len(text) > CELL_CHARACTERS // 2:
            text = text.encode("utf-16-le")[: 2 * CELL_CHARACTERS].decode("utf-16-le", errors="ignore")  # fmt: skip
        if not text.isprintable() or "_x" in text:
            text = self._escape_control_characters(text)
        return escape(text)

    def _write_rows(self) -> None:
        super()._write_rows()
        self.fh.writelines(self._lines)
