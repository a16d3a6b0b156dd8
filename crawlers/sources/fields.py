"""Strict reading of a JSON object: take fields one by one, then see what is left.

A needed field that is missing or of another type raises ``FieldError`` with its path; an optional one of another type
is null and named among the unknown fields, like every field that nobody took.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn


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
