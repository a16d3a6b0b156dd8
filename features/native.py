"""Loops over characters, compiled to machine code when first called.

In: a function of arrays and numbers. Out: the same, compiled. Invariants: a compiled function behaves as its Python text does, without
bounds checks; it calls no compiled function of another file, because what is kept on disk is only renewed when its own file
changes.

Why compiled: array operations of numpy visit a slice of texts once each, and what memory waits for are their intermediate results.
What is compiled is kept beside the module (``__pycache__``), or under ``NUMBA_CACHE_DIR`` or the user's cache where that cannot be
written, so only the first run on a machine waits for it (5 s of processor time; later ones 0.6 s, most of it to import numba).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import numba

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

Function = TypeVar("Function", bound="Callable[..., Any]")


def compiled(function: Function) -> Function:
    """Compile a function of arrays and numbers; to be used as a decorator."""
    try:
        made = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:
        # Nowhere to keep it: neither the module's folder nor the user's cache can be written. Each process compiles anew.
        made = numba.njit(nogil=True)(function)
    return cast("Function", made)
