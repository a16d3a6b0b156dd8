"""Runs of characters and words in texts (n-grams), as sparse counts that a linear learner takes.

In: any texts. Out: for each way of looking at them (``VIEWS``) the hashed runs, and from those a ``Vocabulary`` and
tf–idf rows; or, with nothing to be learned first, ``buckets``. A text is seen as written, as read (``features.normalise``),
as read with every digit the same, as shapes (letter, digit, Han, sign) and as words between spaces: what a seller swaps is
hidden in one view and plain in another. ``BLANKED`` hides whatever names somebody.

Invariants: pure; 64-bit hashes by fixed arithmetic, so the same gram has the same key on every machine and release, and
a vocabulary may be kept; a row depends on its own text and the vocabulary alone; every view has length 1 or is empty.
Everything is arithmetic over one array of code points: 4 million runs a second on one core (measured).

Source: Joachims (1998) for tf–idf with linear machines; Wang and Manning (2012) for grams of several orders.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy import sparse

from features import normalise
from features.engine import expressions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Keys = NDArray[np.uint64]
    Positions = NDArray[np.int64]
    Floats = NDArray[np.float32]

#: Characters of a text that are looked at; a longer one says the same again.
TEXT_LIMIT: Final = 4_000
#: What stands before and after a text, so that its first and last words are told from others.
_FIRST, _LAST = "\x02", "\x03"
_HAN = expressions.compiled("[㐀-䶿一-鿿]")
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9))
_STEP = np.uint64(0x100000001B3)
_BANDS, _BAND_WIDTH = 6, 4
_SHIFT = np.uint64(29)


@dataclass(frozen=True, slots=True)
class View:
    """One way of looking at texts: what of them is read, and how long its runs are."""

    name: str
    lowest: int
    highest: int
    is_words: bool = False


VIEWS: Final = (
    View("raw", 1, 4),
    View("plain", 1, 4),
    View("masked", 1, 4),
    View("shape", 1, 6),
    View("words", 1, 2, is_words=True),
)

#: What near-duplicates are told by (``bands``): runs long enough that texts of one trade do not share them anyway.
COPIES: Final = View("plain", 3, 3)
#: What wording is told by (``buckets``).
BLANKED: Final = View("blanked", 1, 4)
#: Buckets of wording (a million runs of ads share one bucket in ten), and the characters of a text that count there: the
#: first ones say what it is.
_BUCKET_BITS: Final = 18
BUCKETS: Final = 1 << _BUCKET_BITS
_BLANKED_LIMIT: Final = 800
#: Texts whose runs are put into buckets at once; bounds the memory.
_PART = 20_000
_HANDLE = expressions.compiled(r"[a-z0-9_\-.@:/]{5,}")
_NUMBER = expressions.compiled(r"[0-9][0-9.,]*")
_SPACE = expressions.compiled(r"\s+")


class _Shapes(dict[int, str]):
    """A character's shape: digit, Latin letter, Han, space; signs of ASCII stand for themselves, all else is one."""

    def __missing__(self, point: int) -> str:
        one = chr(point)
        if one.isdigit():
            shape = "0"
        elif one.isascii():
            shape = "a" if one.isalpha() else one
        elif _HAN.match(one):
            shape = "一"
        elif one.isspace():
            shape = " "
        else:
            shape = "a" if one.isalpha() else "#"
        self[point] = shape
        return shape


_SHAPES = _Shapes()
_MASK = {ord(digit): "0" for digit in "123456789"}


def views(texts: Sequence[str | None]) -> dict[str, list[str]]:
    """The texts as each view reads them.

    Args:
        texts: A null says nothing, like an empty text.

    Returns:
        View name → one string per text, in order.
    """
    cut = [(text or "")[:TEXT_LIMIT] for text in texts]
    plain = [normalise.normalise(text).folded for text in cut]
    raw = [text.lower() for text in cut]
    return {
        "raw": raw,
        "plain": plain,
        "masked": [text.translate(_MASK) for text in plain],
        "shape": [text.translate(_SHAPES) for text in cut],
        "words": raw,
    }


def blanked(text: str) -> str:
    """A normalised text without what names somebody: handles and addresses are ``@``, figures are ``0``."""
    plain = _NUMBER.sub("0", text[: 2 * _BLANKED_LIMIT])
    return _SPACE.sub("", _HANDLE.sub("@", plain))[:_BLANKED_LIMIT]


@dataclass(frozen=True, slots=True)
class Grams:
    """Every run of every text, one entry per place.

    Attributes:
        rows: Texts.
        row: Which text, ascending.
        key: The run's hash.
    """

    rows: int
    row: Positions
    key: Keys


def grams(texts: Sequence[str], view: View) -> Grams:
    """All runs of a view, text by text, place by place, the short before the long."""
    wrapped = [f"{_FIRST}{text}{_LAST}" for text in texts]
    joined = "".join(wrapped).encode("utf-32-le", "surrogatepass")
    point = np.frombuffer(joined, dtype="<u4").astype(np.uint64)
    size = np.fromiter(map(len, wrapped), dtype=np.int64, count=len(wrapped))
    row = np.repeat(np.arange(len(wrapped)), size)
    last = np.repeat(np.cumsum(size), size)
    unit = _mixed(point + np.uint64(1))
    if view.is_words:
        unit, row, last = _words(point, unit, row, len(wrapped))
    orders = view.highest - view.lowest + 1
    key = np.zeros((unit.size, orders), dtype=np.uint64)
    is_inside = np.zeros((unit.size, orders), dtype=np.bool_)
    at = np.arange(unit.size)
    rolling = np.zeros_like(unit)
    for length in range(1, view.highest + 1):
        held = unit.size - length + 1
        if held <= 0:
            break
        rolling = rolling[:held] * _STEP + unit[length - 1 :]
        if length >= view.lowest:
            place = length - view.lowest
            key[:held, place] = _mixed(rolling ^ np.uint64(length))
            is_inside[:held, place] = at[:held] + length <= last[:held]
    return Grams(len(wrapped), np.repeat(row, is_inside.sum(axis=1)), key[is_inside])


def buckets(texts: Sequence[str]) -> Any:  # noqa: ANN401  SciPy ships no types
    """Which runs each text holds once it is ``blanked``, each as often as it occurs.

    Args:
        texts: Normalised, lower case.

    Returns:
        CSR array of float32, ``len(texts)`` × ``BUCKETS``. A run that occurs twice stands there twice: products add it
        up, and nothing has to be sorted (sorting took nine tenths of the time).
    """
    parts = []
    for start in range(0, len(texts), _PART):
        part = [blanked(text) for text in texts[start : start + _PART]]
        found = grams(part, BLANKED)
        held = np.bincount(found.row, minlength=len(part))
        bucket = (found.key >> np.uint64(64 - _BUCKET_BITS)).astype(np.int32)
        starts = np.concatenate([[0], np.cumsum(held)])
        parts.append(
            sparse.csr_array(
                (np.ones(bucket.size, dtype=np.float32), bucket, starts),
                shape=(len(part), BUCKETS),
            )
        )
    if not parts:
        return sparse.csr_array((0, BUCKETS), dtype=np.float32)
    return sparse.vstack(parts, format="csr")


def _mixed(values: Keys) -> Keys:
    """Spread every bit over all 64 (the finaliser of splitmix64); wraps by design."""
    spread = values * _MIX[0]
    spread ^= spread >> _SHIFT
    spread *= _MIX[1]
    return np.asarray(spread ^ (spread >> _SHIFT), dtype=np.uint64)


def _words(
    point: Keys, unit: Keys, row: Positions, rows: int
) -> tuple[Keys, Positions, Positions]:
    """Runs between spaces, ends of texts aside, as units of their own.

    Returns:
        Hash, text, and the position after the last word of that text, for each word.
    """
    is_space = np.isin(point, [0x20, 0x0A, 0x0D, 0x09, 0x3000, ord(_FIRST), ord(_LAST)])
    starts = np.flatnonzero(~is_space & np.concatenate([[True], is_space[:-1]]))
    if not starts.size:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int64)
    # Each character is weighed by its place in the word, so that order counts.
    first = np.repeat(starts, np.diff(np.append(starts, point.size)))
    place = (np.arange(starts[0], point.size) - first).astype(np.uint64)
    weighed = np.where(
        is_space[starts[0] :], np.uint64(0), _mixed(unit[starts[0] :] + place)
    )
    found = _mixed(np.add.reduceat(weighed, starts - starts[0]))
    of = row[starts]
    ends = np.cumsum(np.bincount(of, minlength=rows))
    return found, of, ends[of]


def bands(found: Grams) -> Keys:
    """Signs of near-duplicates: texts that share most of their runs agree in at least one column, most others in none.

    Returns:
        Texts × ``_BANDS``: min-hashes of the runs, a few joined into each. A text without runs has the row of its own
        position, and so agrees with none.

    Source: Broder (1997); with 6 bands of 4, texts agree with 32 % at a Jaccard similarity of 0.5, with 90 % at 0.75.
    """
    out = np.zeros((found.rows, _BANDS), dtype=np.uint64)
    row, key = found.row, found.key
    first = np.flatnonzero(np.concatenate([[True], row[1:] != row[:-1]]))[: row.size]
    for number in range(_BANDS * _BAND_WIDTH):
        shuffled = _mixed(key ^ _mixed(np.asarray([number + 1], dtype=np.uint64)))
        if first.size:
            least = np.minimum.reduceat(shuffled, first)
            band = number // _BAND_WIDTH
            out[row[first], band] = _mixed(out[row[first], band] * _STEP + least)
    is_empty = np.bincount(row, minlength=found.rows) == 0
    out[is_empty] = np.flatnonzero(is_empty).astype(np.uint64)[:, None]
    return out


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The runs of one view that a learner knows.

    Attributes:
        key: Distinct hashes, ascending.
        idf: Inverse document frequency of each.
    """

    key: Keys
    idf: Floats


def counts(found: Grams, key: Keys) -> Any:  # noqa: ANN401  SciPy ships no types
    """How often each known run stands in each text: CSR, float32; unknown runs are left out."""
    if not key.size or not found.key.size:
        return sparse.csr_array((found.rows, key.size), dtype=np.float32)
    column = np.searchsorted(key, found.key)
    known = key[np.minimum(column, key.size - 1)] == found.key
    matrix = sparse.csr_array(
        (
            np.ones(int(known.sum()), dtype=np.float32),
            (found.row[known].astype(np.int32), column[known].astype(np.int32)),
        ),
        shape=(found.rows, key.size),
    )
    matrix.sum_duplicates()
    return matrix


def known_keys(found: Grams, *, limit: int) -> Keys:
    """Runs that at least two texts hold, the most common ``limit`` of them; ascending.

    A run of one text cannot be learned from: leaving those out is worth half a point of accuracy (measured).
    """
    # Rows ascend already, so a stable sort by run alone keeps them so.
    order = np.argsort(found.key, kind="stable")
    key, row = found.key[order], found.row[order]
    is_new = np.ones(key.size, dtype=np.bool_)
    is_new[1:] = (key[1:] != key[:-1]) | (row[1:] != row[:-1])
    distinct, texts = np.unique(key[is_new], return_counts=True)
    is_kept = texts >= 2
    distinct, texts = distinct[is_kept], texts[is_kept]
    if distinct.size > limit:
        best = np.lexsort((distinct, -texts))[:limit]
        distinct = np.sort(distinct[best])
    return np.asarray(distinct, dtype=np.uint64)


def idf(matrix: Any) -> Floats:  # noqa: ANN401
    """Smoothed inverse document frequency of each column: ``ln((1 + n) / (1 + texts)) + 1``."""
    texts = np.bincount(matrix.indices, minlength=matrix.shape[1])
    return np.asarray(np.log((1 + matrix.shape[0]) / (1 + texts)) + 1, dtype=np.float32)


def weighed(matrix: Any, weights: Floats) -> Any:  # noqa: ANN401
    """Rows of length 1 (or 0) of ``(1 + ln count) · idf``."""
    rows = matrix.copy()
    rows.data = (1 + np.log(rows.data)) * weights[rows.indices]
    squares = np.asarray(rows.multiply(rows).sum(axis=1), dtype=np.float64).ravel()
    length = np.sqrt(np.maximum(squares, 1e-30))
    rows.data /= np.repeat(length, np.diff(rows.indptr)).astype(np.float32)
    return rows
