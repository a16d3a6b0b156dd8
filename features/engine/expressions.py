"""Regular expressions, compiled once on a machine.

In: the source of an expression, as for ``re.compile``. Out: the same expression as from there (a test compares them). Invariants:
what is kept on disk is a shortcut: without it, and under another Python, expressions are compiled as ever.

Python compiles its modules once, but the expressions in them at every start: for the reader of contacts alone that is 0.4 s of
processor time, a third of what a lookup takes. Here the code of an expression is kept where ``kept`` keeps things. For what a module
compiles when it is imported; expressions made of a text's own words go to ``re`` itself.
"""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]
import array
import atexit
import contextlib
import re
import sys
from re import _compiler as compiler  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Final, NamedTuple, cast

from features.engine import kept

#: What the code of an expression depends on beside its source.
_KEY: Final = f"{sys.implementation.cache_tag}-{_sre.MAGIC}-{_sre.CODESIZE}"
_NAME: Final = "expressions"
#: Sources change from release to release; with so many left behind they are collected anew.
_MOST: Final = 4_000


class _Code(NamedTuple):
    """What ``_sre.compile`` makes an expression of: it wants a list of code, and checks it."""

    flags: int
    code: array.array[int]
    groups: int
    by_name: dict[str, int]
    names: tuple[str | None, ...]


class _Shelf:
    """Code by source and flags: that of earlier processes, and what this one adds."""

    def __init__(self) -> None:
        self.codes = _earlier()
        self.added = 0

    def code(self, source: str, flags: int) -> _Code:
        """The code of an expression."""
        found = self.codes.get((source, flags))
        if found is None:
            found = self.codes[source, flags] = _code(source, flags)
            self.added += 1
        return found

    def close(self) -> None:
        """Keep what was added."""
        if self.added:
            kept.save(_NAME, _KEY, {key: tuple(one) for key, one in self.codes.items()})
            self.added = 0


def _earlier() -> dict[tuple[str, int], _Code]:
    try:
        listed = cast(
            "dict[tuple[str, int], tuple[object, ...]]", kept.load(_NAME, _KEY)
        )
        codes = {key: _Code(*one) for key, one in listed.items()}  # type: ignore[arg-type]
    except (LookupError, TypeError, AttributeError, ValueError):
        return {}
    return codes if len(codes) <= _MOST else {}


def _code(source: str, flags: int) -> _Code:
    parsed = parser.parse(source, flags)
    by_name: dict[str, int] = dict(parsed.state.groupdict)
    names: list[str | None] = [None] * parsed.state.groups
    for name, group in by_name.items():
        names[group] = name
    return _Code(
        flags | parsed.state.flags,
        array.array("I", compiler._code(parsed, flags)),  # noqa: SLF001 (it is told nowhere else)
        parsed.state.groups - 1,
        by_name,
        tuple(names),
    )


_SHELF: Final = _Shelf()
atexit.register(_SHELF.close)


def compiled(source: str, flags: int = 0) -> re.Pattern[str]:
    """``re.compile`` for the expressions of modules.

    Raises:
        re.error: the source is no expression.
    """
    known = _SHELF.code(source, int(flags))
    with contextlib.suppress(AttributeError, RuntimeError, TypeError, ValueError):
        made: re.Pattern[str] = _sre.compile(
            source, known.flags, known.code.tolist(), *known[2:]
        )
        return made
    return re.compile(source, flags)
