"""Loops over characters, compiled to machine code when first called.

In: a function of arrays and numbers. Out: the same, compiled. Invariants: a compiled function behaves as its Python text does, without
bounds checks; it calls no compiled function of another file, because what is kept on disk is only renewed when its own file
changes.

Why compiled: array operations of numpy visit a slice of texts once each, and what memory waits for are their intermediate results.
What is compiled is kept beside the module (``__pycache__``), or under ``NUMBA_CACHE_DIR`` or the user's cache where that cannot be
written, so only the first run on a machine waits for it (5 s of processor time; later ones 0.6 s, most of it to import numba).
Whoever calls none (a lookup, a decision) does not wait for numba.
"""

from __future__ import annotations

import contextlib
import functools
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., Any]")


class _Waiting:
    """A function that becomes machine code at its first call.

    From then on its module holds the machine code under its name, and that of the others that wait there: they may call each
    other, and machine code calls no Python.
    """

    def __init__(self, function: Callable[..., object]) -> None:
        self.py_func = function

    def __call__(self, *arguments: object) -> object:
        names = self.py_func.__globals__
        for name, one in list(names.items()):
            if isinstance(one, _Waiting):
                names[name] = one.made
        return self.made(*arguments)

    @functools.cached_property
    def made(self) -> Callable[..., object]:
        """The machine code."""
        return _compiler()(self.py_func)


def compiled(function: Function) -> Function:
    """Compile a function of arrays and numbers when it is first called; to be used as a decorator."""
    return cast("Function", _Waiting(function))


@functools.cache
def _compiler() -> Callable[[Callable[..., object]], Callable[..., object]]:
    """What makes machine code of a function."""
    import numba  # noqa: PLC0415 -- it takes 0.3 s of processor time
    from numba.core.caching import FunctionCache  # noqa: PLC0415

    class Kept(FunctionCache):
        """What is compiled, on disk where there is room for it."""

        def save_overload(self, sig: object, data: object) -> None:
            """Keep one; on a full or broken disk the next process compiles anew, and this one goes on with what it has."""
            with contextlib.suppress(OSError):
                super().save_overload(sig, data)  # type: ignore[no-untyped-call]

    def made(function: Callable[..., object]) -> Callable[..., object]:
        dispatcher = numba.njit(nogil=True)(function)
        # Without a place at all (neither the module's folder nor the user's cache can be written) each process compiles anew.
        with contextlib.suppress(RuntimeError):
            dispatcher._cache = Kept(function)  # type: ignore[attr-defined, no-untyped-call]  # noqa: SLF001 -- numba offers no other way to outlive a full disk
        return cast("Callable[..., object]", dispatcher)

    return made
