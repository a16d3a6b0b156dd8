"""Character n-grams of many texts as one sparse matrix: hashed, names and numbers blanked.

In: texts after normalisation (``features.plain``). Out: SciPy CSR, text × bucket, the grams of one to ``LONGEST``
characters. Contacts and figures are blanked first, so that nobody is known by a phone number. Invariants: pure,
linear, the same everywhere (no seed, no library's own hash).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Longest gram, and the buckets that grams are hashed into (a million grams of ads share one bucket in ten).
LONGEST, _BITS = 4, 18
BUCKETS = 1 << _BITS
#: Characters of a text that count: the first ones say what it is.
MOST = 800
_HANDLE = re.compile(r"[a-z0-9_\-.@:/]{5,}")
_NUMBER = re.compile(r"[0-9][0-9.,]*")
_SPACE = re.compile(r"\s+")
#: Odd multipliers of a polynomial and of the final mix (Fibonacci hashing, Knuth, TAOCP 6.4).
_STEP, _MIX = np.uint64(0x100000001B3), np.uint64(0x9E3779B97F4A7C15)
#: Texts handled at once; bounds the memory.
_PART = 20_000


def blanked(text: str) -> str:
    """A normalised text without what names somebody: handles and addresses are ``@``, figures are ``0``."""
    plain = _NUMBER.sub("0", text[: 2 * MOST])
    return _SPACE.sub("", _HANDLE.sub("@", plain))[:MOST]


def counts(texts: Sequence[str]) -> Any:  # noqa: ANN401  SciPy ships no types
    """Which grams each text holds, each as often as it occurs.

    Args:
        texts: Normalised, lower case; an empty one has no gram.

    Returns:
        CSR array of float32, ``len(texts)`` × ``BUCKETS``. A gram that occurs twice stands there twice: products add it
        up, and nothing has to be sorted (sorting took nine tenths of the time).
    """
    parts = [
        _part([blanked(text) for text in texts[start : start + _PART]])
        for start in range(0, len(texts), _PART)
    ]
    if not parts:
        return sparse.csr_array((0, BUCKETS), dtype=np.float32)
    return sparse.vstack(parts, format="csr")


def _part(texts: list[str]) -> Any:  # noqa: ANN401  SciPy ships no types
    sizes = np.array([len(text) for text in texts], dtype=np.int64)
    points = np.frombuffer(
        "".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32
    ).astype(np.uint64)
    owner = np.repeat(np.arange(sizes.size, dtype=np.int32), sizes)
    bucket = np.zeros((points.size, LONGEST), dtype=np.int32)
    is_inside = np.zeros((points.size, LONGEST), dtype=np.bool_)
    rolled = np.zeros(points.size, dtype=np.uint64)
    for length in range(1, LONGEST + 1):
        whole = points.size - length + 1
        if whole <= 0:
            break
        rolled = rolled[:whole] * _STEP + points[length - 1 :] + np.uint64(1)
        bucket[:whole, length - 1] = (rolled * _MIX) >> np.uint64(64 - _BITS)
        is_inside[:whole, length - 1] = owner[:whole] == owner[length - 1 :]
    held = np.bincount(owner, weights=is_inside.sum(axis=1), minlength=sizes.size)
    starts = np.concatenate([[0], np.cumsum(held)]).astype(np.int64)
    indices = bucket[is_inside]
    return sparse.csr_array(
        (np.ones(indices.size, dtype=np.float32), indices, starts),
        shape=(sizes.size, BUCKETS),
    )
