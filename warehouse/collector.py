"""Python's search for cycles of objects, put off where hundreds of thousands of values in no cycle are made.

In: nothing. Out: a block, or a function, in which nothing is searched. What is in no cycle is freed as ever.
"""

from __future__ import annotations

import contextlib
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def paused() -> Iterator[None]:
    """Look for no cycles of objects while the block runs; whether they were looked for before is restored.

    Looking through the same values again and again took two fifths of the time of writing a list of thousands, and a tenth of that of
    making it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
