"""Readers of single values of an import record: a JSON value goes in, what its column holds comes out.

Each reader takes the value (never null) and the dotted name of its field, returns null for blank text, and raises
``RecordError`` for everything else that the contract does not allow. Nothing is guessed: a count of "1.2万" or an id that
a spreadsheet has rounded is refused, because a wrong number in evidence is worse than a reject that says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from crawlers.records import times
from warehouse.errors import ContractError

Reader = Callable[[Any, str], Any]

#: A record, and so every text in it, may hold this much (characters or bytes); the longest known articles hold 1 %.
MAX_RECORD_BYTES = 32 * 1024 * 1024
#: Deeper values are no data of a platform but an attack on parsers.
MAX_DEPTH = 32
#: Long enough for a URL that serves as a feed's id.
MAX_ID_CHARS = 2048

_MAX_COUNT = 2**63 - 1
#: Fits DECIMAL(18,2) with room for sums.
_MAX_YUAN = Decimal(10**14)
_FEN = Decimal("0.01")
_EXACT = Context(prec=64)

_WHOLE = re.compile(r"([0-9]{1,19})(?:\.0+)?")
_AMOUNT = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?")
_ROUNDED_ID = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]+")
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


class RecordError(ContractError):
    """An import record breaks the contract; the record is rejected, its neighbours are not.

    Attributes:
        field: Dotted name of the field at fault; null when it is the record as a whole.
        reason: What was expected and what was found, fit for ``analyst.rejects``: no post text, no contacts.
    """

    def __init__(self, field: str | None, reason: str) -> None:
        # Names of unknown fields come from outside: what cannot be stored in a reject must not reach it.
        self.field = (
            field[:120].encode(errors="replace").decode().replace("\0", "?")
            if field
            else None
        )
        super().__init__(f"{self.field}: {reason}" if field else reason)
        self.reason = reason


def missing(field: str) -> RecordError:
    """The error of a required field that is null, blank or not there."""
    return RecordError(field, "is required and missing")


def too_long() -> RecordError:
    """The error of a line that is larger than a record may be."""
    return RecordError(None, f"is longer than {MAX_RECORD_BYTES >> 20} MiB")


def kind_of(value: object) -> str:
    """What a value is, in JSON's words."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true/false"
    if isinstance(value, int | float | Decimal):
        return "a number"
    if isinstance(value, str):
        return "text"
    if isinstance(value, dict):
        return "an object"
    return "a list" if isinstance(value, list | tuple) else type(value).__name__


def shown(value: object) -> str:
    """A value as a reason may quote it: printable and short."""
    if isinstance(value, str):
        return repr(value if len(value) <= 40 else value[:40] + "…")
    if isinstance(value, int) and abs(value) >= 10**100:
        return "a number of more than 100 digits"
    return (
        str(value)[:40] if isinstance(value, int | float | Decimal) else kind_of(value)
    )


def text(value: object, field: str) -> str | None:
    """Text as given; blank text is null."""
    if type(value) is not str:
        raise RecordError(field, f"expected text, found {kind_of(value)}")
    return None if not value or value.isspace() else value


def identifier(value: object, field: str) -> str | None:
    """An id as text without surrounding white space; a whole number becomes its digits."""
    if type(value) is int:
        if abs(value) >= 10**100:
            raise RecordError(
                field, "expected an id, found a number of more than 100 digits"
            )
        return str(value)
    if type(value) is not str:
        hint = (
            "; write ids as text, numbers lose digits"
            if isinstance(value, float)
            else ""
        )
        raise RecordError(
            field, f"expected an id as text, found {kind_of(value)}{hint}"
        )
    stripped = value.strip()
    if not stripped.isprintable() and any(
        unicodedata.category(char) == "Cc" for char in stripped
    ):
        raise RecordError(field, "expected an id, found text with control characters")
    if len(stripped) > MAX_ID_CHARS:
        raise RecordError(
            field,
            f"expected an id of up to {MAX_ID_CHARS} characters, found {len(stripped)}",
        )
    if "E+" in stripped and _ROUNDED_ID.fullmatch(stripped):
        raise RecordError(
            field,
            f"{shown(stripped)} is an id that a spreadsheet has rounded; export ids as text",
        )
    return stripped or None


def count(value: object, field: str) -> int | None:
    """A whole number from 0 to 2^63 - 1; digits as text and 12.0 (a nullable column of some exporters) count too."""
    found = value
    if type(value) is str:
        if not value or value.isspace():
            return None
        match = _WHOLE.fullmatch(value.strip())
        found = int(match.group(1)) if match else None
    elif type(value) is float and value.is_integer():
        found = int(value)
    if type(found) is not int or not 0 <= found <= _MAX_COUNT:
        raise RecordError(
            field,
            f"expected a whole number from 0, written in digits; found {shown(value)}",
        )
    return found


def yuan(value: object, field: str) -> Decimal | None:
    """An amount in yuan as an exact decimal, rounded half up to the fen where a source gives more places."""
    amount: Decimal | None = None
    if type(value) is str:
        if not value or value.isspace():
            return None
        amount = Decimal(value.strip()) if _AMOUNT.fullmatch(value.strip()) else None
    elif type(value) is int or type(value) is float:
        # Compared before it is written out: str() refuses integers of thousands of digits. NaN fails here as well.
        amount = Decimal(str(value)) if 0 <= value < _MAX_YUAN else None
    elif isinstance(value, Decimal):
        amount = value if value.is_finite() else None
    if amount is not None and 0 <= amount < _MAX_YUAN:
        amount = abs(amount).quantize(_FEN, ROUND_HALF_UP, _EXACT)
        if amount < _MAX_YUAN:
            return amount
    raise RecordError(
        field,
        f'expected yuan from 0 to 10^14 such as 66000 or "66000.00"; found {shown(value)}',
    )


def flag(value: object, field: str) -> bool | None:
    """True or false; 0, 1 and the words in any case are understood, because CSV has only text."""
    if value is True or value is False:
        return bool(value)
    if type(value) is str and (not value or value.isspace()):
        return None
    found = _FLAGS.get(value.strip().lower()) if type(value) is str else None
    if type(value) is int and value in (0, 1):
        found = value == 1
    if found is not None:
        return found
    raise RecordError(field, f"expected true or false, found {shown(value)}")


def time(value: object, field: str) -> datetime | None:
    """A moment in UTC; see ``times.utc``."""
    try:
        return times.from_text(value) if type(value) is str else times.utc(value)
    except ValueError as error:
        if type(value) is str and (not value or value.isspace()):
            return None
        raise RecordError(field, str(error)) from None


def texts(value: object, field: str) -> list[str]:
    """A list of texts without its blank and null members."""
    if type(value) is not list:
        raise RecordError(field, f"expected a list of texts, found {kind_of(value)}")
    found = [
        member
        for member in value
        if type(member) is str and member and not member.isspace()
    ]
    if len(found) < len(value):
        for position, member in enumerate(value):
            if type(member) is not str and member is not None:
                raise RecordError(
                    field=f"{field}[{position}]",
                    reason=f"expected text, found {kind_of(member)}",
                )
    return found


def choice(*allowed: str) -> Reader:
    """A reader of one word out of a closed set."""
    known = {word: word for word in allowed}

    def read(value: object, field: str) -> str | None:
        found = known.get(value) if type(value) is str else None
        if found is None and value != "":
            raise RecordError(
                field, f"expected one of {', '.join(allowed)}; found {shown(value)}"
            )
        return found

    return read


def hexadecimal(digits: int) -> Reader:
    """A reader of a digest of so many hex digits, given back in lower case."""
    shape = re.compile(rf"[0-9a-fA-F]{{{digits}}}")

    def read(value: object, field: str) -> str | None:
        if value == "":
            return None
        if type(value) is not str or not shape.fullmatch(value):
            raise RecordError(
                field, f"expected {digits} hex digits, found {shown(value)}"
            )
        return value.lower()

    return read


def storable_size(value: object, field: str = "", depth: int = 0) -> int:
    """Size of a value in characters, if a column or JSON text can hold it.

    Args:
        value: A record, or a part of one.
        field: Its dotted name, "" for a record.
        depth: How many lists and objects it lies in.

    Raises:
        RecordError: it holds a NUL or a lone surrogate, is too deep (a cycle is) or too large; names the first field.
    """
    if isinstance(value, str):
        if "\0" in value:
            raise RecordError(field, "holds a NUL character")
        if not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError as error:
                raise RecordError(
                    field, "holds a lone surrogate or bytes that are not UTF-8"
                ) from error
        return len(value)
    size = 1
    if isinstance(value, dict | list | tuple):
        if depth == MAX_DEPTH:
            raise RecordError(field, f"is nested more than {MAX_DEPTH} deep")
        for path, name, part in _parts(value, field):
            if not isinstance(name, str):
                raise RecordError(
                    field, f"has the key {shown(name)}, which is not text"
                )
            size += storable_size(name, field, depth) + storable_size(
                part, path, depth + 1
            )
            if size > MAX_RECORD_BYTES:
                raise RecordError(field, f"is larger than {MAX_RECORD_BYTES >> 20} MiB")
    return size


def _parts(
    value: dict[Any, Any] | list[Any] | tuple[Any, ...], field: str
) -> Iterator[tuple[str, Any, Any]]:
    """Members with their dotted names and keys; a list's members have the key ""."""
    # A path as deep as an attacker likes would grow with the square of the depth.
    prefix = field[:200]
    if isinstance(value, dict):
        for name, part in value.items():
            yield (f"{prefix}.{name}" if prefix else str(name)), name, part
    else:
        for position, part in enumerate(value):
            yield f"{prefix}[{position}]", "", part
