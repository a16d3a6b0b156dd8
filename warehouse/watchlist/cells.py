"""Cells of CSV files that people open in spreadsheets.

In: values. Out: text that no spreadsheet takes for a formula, and back.

Invariant: ``restore(neutralise(text)) == text`` for every text. Spreadsheets run cells that begin with one of
``= + - @``, a tab or a carriage return (OWASP, "CSV Injection"); full-width forms of the four signs are taken for them by
Chinese input settings. An apostrophe in front makes such a cell text; a cell that begins with apostrophes and then such a
character gets one more, so that it can be told apart.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Joins the elements of a list in one cell.
LIST_SEPARATOR = "|"

_SPECIAL = re.compile(r'[,"\r\n]')
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def neutralise(text: str) -> str:
    """The text with an apostrophe in front if a spreadsheet might run it."""
    return f"'{text}" if _FORMULA.match(text) else text


def restore(text: str) -> str:
    """The text that ``neutralise`` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def cell(value: object) -> str:
    """A value as a cell: null is empty, a list is joined, truth is true or false, text is neutralised."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return neutralise(LIST_SEPARATOR.join(str(element) for element in value))
    if isinstance(value, str):
        return neutralise(value)
    return str(value)


def line(values: Iterable[object]) -> str:
    """A line of CSV (RFC 4180 but for LF at its end). ``csv.writer`` with LF leaves a carriage return unquoted."""
    return ",".join(_quoted(cell(value)) for value in values) + "\n"


def _quoted(text: str) -> str:
    if _SPECIAL.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text
