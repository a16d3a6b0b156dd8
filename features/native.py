"""Loops over characters, compiled to machine code when first called.

In: a function of arrays and numbers. Out: the same, compiled. Invariants: a compiled function behaves as its Python text does, without
bounds checks; it calls no compiled function of another file, because what is kept on disk is only renewed when its own file
changes.

Why compiled: array operations of numpy visit a slice of texts once each, and what memory waits for are their intermediate results.
What is compiled is kept beside the module (``__pycache__``), or under ``NUMBA_CACHE_DIR`` or the user's cache where that cannot be
written, so only the first run on a machine waits for it (5 s of processor time; later ones 0.6 s, most of it to import numba).
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, TypeVar, cast

import numba
from numba.core.caching import FunctionCache

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

Function = TypeVar("Function", bound="Callable[..., Any]")


class _Kept(FunctionCache):
    """What is compiled, on disk where there is room for it."""

    def save_overload(self, sig: object, data: object) -> None:
        """Keep one; on a full or broken disk the next process compiles anew, and this one goes on with what it has."""
        with contextlib.suppress(OSError):
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]


def compiled(function: Function) -> Function:
    """Compile a function of arrays and numbers; to be used as a decorator."""
    made = numba.njit(nogil=True)(function)
    # Without a place at all (neither the module's folder nor the user's cache can be written) each process compiles anew.
    with contextlib.suppress(RuntimeError):
        made._cache = _Kept(function)  # type: ignore[attr-defined, no-untyped-call]  # noqa: SLF001 -- numba offers no other way to outlive a full disk
    return cast("Function", made)
