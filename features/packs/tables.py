"""The tables of a TOML file, taken apart key by key, with the line of every mistake.

In: the lines of a file and what TOML made of them. Out: values of the kind that is asked for. Invariants: whatever is
wrong is told as file, line, path of keys, what was expected and what was found.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn

from warehouse import errors


class Source:
    """The lines of the file, to say where a mistake is."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self._file = file
        self._lines = lines

    def line(self, path: tuple[str | int, ...], value: str | None = None) -> int:
        """Line (from 1) of a key, or of a value at or after it; of the nearest table where the key is missing."""
        at = 0
        for part in path:
            if isinstance(part, int):
                header = re.compile(rf"\s*\[\[{re.escape(str(path[0]))}\]\]")
                heads = [n for n, line in enumerate(self._lines) if header.match(line)]
                at = heads[part] if part < len(heads) else at
                continue
            quoted = re.escape(part)
            key = re.compile(rf'\s*(?:\[\[?{quoted}\]\]?|"?{quoted}"?\s*=)')
            found = (
                n for n in range(at, len(self._lines)) if key.match(self._lines[n])
            )
            at = next(found, at)
        if value is not None:
            found = (
                n for n in range(at, len(self._lines)) if f'"{value}"' in self._lines[n]
            )
            at = next(found, at)
        return at + 1

    def fail(
        self, path: tuple[str | int, ...], reason: str, value: str | None = None
    ) -> NoReturn:
        """Raise with file, line and the path of keys."""
        dotted = ".".join(map(str, path))
        message = f"{self._file}, line {self.line(path, value)}: {dotted}: {reason}. Correct the pack."
        raise errors.ContractError(message)


class Tables:
    """Tables that are being checked.

    Args:
        source: Where they come from.
        data: What TOML made of it.
    """

    def __init__(self, source: Source, data: dict[str, Any]) -> None:
        self.source = source
        self.data = data

    def value(self, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401 (what TOML holds there is what is being checked)
        """What stands at a path of keys; missing keys are a mistake."""
        value: Any = self.data
        for part in path:
            if isinstance(part, str) and (
                not isinstance(value, dict) or part not in value
            ):
                self.source.fail(path, "missing")
            value = value[part]
        return value

    def text(self, *path: str | int) -> str:
        """A text that is not empty."""
        value = self.value(path)
        if not isinstance(value, str) or not value:
            self.source.fail(path, f"expected a text, found {value!r}")
        return value

    def texts(self, *path: str | int) -> tuple[str, ...]:
        """A list of texts, each once."""
        value = self.value(path)
        if not isinstance(value, list) or not all(
            isinstance(one, str) and one for one in value
        ):
            self.source.fail(path, f"expected a list of texts, found {value!r:.60}")
        return tuple(dict.fromkeys(value))

    def table(self, *path: str | int) -> dict[str, Any]:
        """A table."""
        value = self.value(path)
        if not isinstance(value, dict):
            self.source.fail(path, f"expected a table, found {value!r:.60}")
        return value

    def array(self, key: str) -> list[dict[str, Any]]:
        """An array of tables."""
        value = self.value((key,))
        if not isinstance(value, list) or not all(
            isinstance(one, dict) for one in value
        ):
            self.source.fail((key,), f"expected [[{key}]] tables")
        return value

    def only(self, table: str | tuple[str | int, ...], keys: tuple[str, ...]) -> None:
        """Refuse keys of a table that are not listed."""
        path = (table,) if isinstance(table, str) else table
        for key in self.table(*path):
            if key not in keys:
                self.source.fail((*path, key), f"unknown; expected {', '.join(keys)}")

    def real(self, *path: str | int) -> float:
        """A number."""
        value = self.value(path)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.source.fail(path, f"expected a number, found {value!r}")
        return float(value)

    def one_of(self, choices: tuple[str, ...], *path: str | int) -> str:
        """A text out of some."""
        value = self.text(*path)
        if value not in choices:
            self.source.fail(
                path, f"expected one of {', '.join(choices)}, found {value!r}"
            )
        return value
