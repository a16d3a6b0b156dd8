"""Strict reading of a JSON object: take fields one by one, then see what is left.

A needed field that is missing or of another type raises ``FieldError`` with its path; an optional one of another type
is null and named among the unknown fields, like every field that nobody took.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from crawlers.records import values
from crawlers.sources import counts, stamps

#: Platforms write 0 where there is no room, no parent, no short id.
_NO_ID = frozenset({"", "0"})
_CODE = re.compile(r"-?\d{1,18}", re.ASCII)


class FieldError(Exception):
    """A needed field is missing or unusable."""

    def __init__(self, *, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def refuse(field: str, reason: str) -> NoReturn:
    """Raise ``FieldError``."""
    raise FieldError(field=field, reason=reason)


class Fields:
    """One JSON object being consumed.

    Args:
        value: The object; anything else raises ``FieldError``.
        path: Where it stands, with positions (``lists[3].main``): for rejects.
        kind: Where it stands, without positions (``lists.main``): for unknown fields.
        unknown: Collects unknown fields.
    """

    def __init__(
        self, value: object, *, path: str, kind: str, unknown: set[str]
    ) -> None:
        if not isinstance(value, Mapping):
            raise FieldError(
                field=path, reason=f"expected an object, found {type(value).__name__}"
            )
        self._left: dict[str, Any] = dict(value)
        self._path = path
        self._kind = kind
        self._unknown = unknown

    def take(self, name: str) -> Any:  # noqa: ANN401 (JSON has no narrower type)
        """The field's value as it is; null when missing."""
        return self._left.pop(name, None)

    def get(self, name: str) -> Any:  # noqa: ANN401 (JSON has no narrower type)
        """Like ``take``, but the field stays for somebody else."""
        return self._left.get(name)

    def inside(self, value: object, *, name: str) -> Fields:
        """A needed object that was found under this one."""
        return Fields(
            value,
            path=f"{self._path}.{name}",
            kind=f"{self._kind}.{name.partition('[')[0]}",
            unknown=self._unknown,
        )

    def code(self, name: str) -> Any:  # noqa: ANN401 (JSON has no narrower type)
        """Like ``take``, for a number that stands for something: ``"0"`` is 0, as exports write it."""
        return code(self._left.pop(name, None))

    def skip(self, *names: str) -> None:
        """Fields that are known and not needed."""
        for name in names:
            self._left.pop(name, None)

    def child(self, name: str) -> Fields:
        """A needed object inside this one."""
        return Fields(
            self._left.pop(name, None),
            path=f"{self._path}.{name}",
            kind=f"{self._kind}.{name}",
            unknown=self._unknown,
        )

    def part(self, name: str) -> Fields:
        """An object that may be missing; missing, null and what is no object read as an object without fields."""
        value = self._left.pop(name, None)
        if not isinstance(value, Mapping):
            if value is not None and value != []:
                self._note(name, expected="an object", found=value)
            value = {}
        return Fields(
            value,
            path=f"{self._path}.{name}",
            kind=f"{self._kind}.{name}",
            unknown=self._unknown,
        )

    def has(self, name: str) -> bool:
        """Whether the field is there and nobody took it yet; null counts as there."""
        return name in self._left

    def path(self, name: str) -> str:
        """Where a field of this object stands."""
        return f"{self._path}.{name}"

    def _note(self, name: str, *, expected: str, found: object) -> None:
        self._unknown.add(
            f"{self._kind}.{name} (expected {expected}, found {type(found).__name__})"
        )

    def identity(self, name: str) -> str | None:
        """An id as text, also from a whole number; 0 and blank are null; what has lost digits is null and named."""
        value = self._left.pop(name, None)
        found, is_usable = _identity(value)
        if not is_usable:
            self._note(name, expected="an id", found=value)
        return found

    def needed_identity(self, name: str) -> str:
        """Like ``identity``, but missing or unusable raises ``FieldError``."""
        value = self._left.pop(name, None)
        found, is_usable = _identity(value)
        if found is None:
            kind = "none" if is_usable else f"an unusable {type(value).__name__}"
            raise FieldError(
                field=f"{self._path}.{name}", reason=f"expected an id, found {kind}"
            )
        return found

    def count(self, name: str) -> int | None:
        """A count, also as shown (``1.2万``); what is none is null and named."""
        value = self._left.pop(name, None)
        found = counts.read(value)
        if found is None and value not in (None, "", -1):
            self._note(name, expected="a count", found=value)
        return found

    def moment(self, name: str) -> tuple[str | None, str]:
        """A time and its precision as from ``stamps.read``; an unreadable one is null and named."""
        value = self._left.pop(name, None)
        found = stamps.read(value)
        if found[0] is None and value not in (None, "", 0, "0"):
            self._note(name, expected="a time", found=value)
        return found

    def text(self, name: str) -> str | None:
        """Text or a number as text; blank is null."""
        value = self._left.pop(name, None)
        if isinstance(value, bool) or not isinstance(
            value, (str, int, float, type(None))
        ):
            self._unknown.add(
                f"{self._kind}.{name} (expected text, found {type(value).__name__})"
            )
            return None
        return (str(value).strip() or None) if value is not None else None

    def needed_text(self, name: str) -> str:
        """Like ``text``, but missing or blank raises ``FieldError``."""
        found = type(self._left.get(name)).__name__
        value = self.text(name)
        if value is None:
            raise FieldError(
                field=f"{self._path}.{name}", reason=f"expected text, found {found}"
            )
        return value

    def objects(self, name: str) -> list[Any]:
        """A list, or one object that stands for a list of one; null is empty."""
        value = self._left.pop(name, None)
        if value is None:
            return []
        if isinstance(value, list):
            return value
        if isinstance(value, Mapping):
            return [value]
        self._unknown.add(
            f"{self._kind}.{name} (expected a list, found {type(value).__name__})"
        )
        return []

    def close(self) -> None:
        """Name what nobody took."""
        self._unknown.update(f"{self._kind}.{name}" for name in self._left)


def code(value: object) -> Any:  # noqa: ANN401 (JSON has no narrower type)
    """A whole number that was written as text, as a number; anything else as it is."""
    is_written = isinstance(value, str) and _CODE.fullmatch(value)
    return int(value) if is_written else value  # type: ignore[call-overload]


def _identity(value: object) -> tuple[str | None, bool]:
    """An id, and whether the value is one or says that there is none."""
    try:
        found = None if value is None else values.identifier(value, "id")
    except values.RecordError:
        return None, False
    return (None if found in _NO_ID else found), True
