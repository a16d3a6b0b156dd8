"""What is left of a text when everything that sellers swap is taken out: its shingles, and the bands to find likes by.

In: texts. Out: ``Signatures``: for each text the set of its shingles (hashes of three neighbouring characters), one number
that names the set, and a few numbers (bands) that near-duplicates have in common with high probability.

Left out before shingling: addresses, hashtags, mentions, place names, digits in any costume, numerals, Latin letters (what
contacts, sums and dates are made of), signs and emoji. Signs that end a clause are never shingled across, so the order
of sentences does not matter.

Invariants: pure; a text's rows depend on that text alone; hashes are arithmetic on code points written down here, so they
may be kept for years (``VERSION`` changes when they do); time is linear in characters; no Python runs per text.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from features.writing import characters, places

if TYPE_CHECKING:
    from collections.abc import Iterator

Numbers = npt.NDArray[np.uint64]
Shingles = npt.NDArray[np.uint32]
Minima = npt.NDArray[np.uint32]
Positions = npt.NDArray[np.int64]

#: Changes whenever the same text may get other shingles or bands; what was kept of another version is made again.
VERSION: Final = "2"

#: Texts with fewer distinct shingles say too little to be copied: about twenty characters without what is left out.
LEAST: Final = 16
#: Of longer texts a fixed share of the shingles is kept (half, a quarter, …), the same ones in every text.
MOST: Final = 1024
#: Hashes of a text's signature, and how they are grouped. Two texts that share the share s of their shingles have a band
#: in common with a probability of about 1 - (1 - s**3)**64: 1.00 at 0.5, 0.98 at 0.4, 0.83 at 0.3, 0.40 at 0.2. (Bands of
#: four rows find 0.40 at 0.3, which loses a third of the versions of a spun text; measured, three cost 3 % more time.)
BINS: Final = 64
BANDS: Final = 64
ROWS: Final = 3
BAND_BITS: Final = 43

_BIN_BITS: Final = 6
_SLICE_CHARACTERS: Final = 500_000
_SLICE_TEXTS: Final = 8_000
_NO_SHINGLES: Final = np.zeros(0, dtype=np.uint32)
_POINTS: Final = 0x110000
_DROP, _HAN, _LETTER, _END = 0, 1, 2, 3
#: What ends a clause. Commas too: sellers shuffle and join clauses at will.
_ENDS: Final = frozenset("\n。!?;,、:~…！？；，：|丨/\\")
_NUMERALS: Final = frozenset(
    "零〇一二三四五六七八九十百千万亿两几半多余壹贰叁肆伍陆柒捌玖拾佰仟幺元圆块"
)
#: Addresses, hashtags and mentions stand for themselves in many texts and are swapped freely.
_SWAPPED: Final = (
    r"https?://[^\s，。]+|[#＃][^\s#＃，。！]{1,20}[#＃]?|@[^\s@，。：]{1,20}"
)

_ODD: Final = (
    np.uint64(0x9E3779B97F4A7C15),
    np.uint64(0xC2B2AE3D27D4EB4F),
    np.uint64(0x165667B19E3779F9),
)


@dataclass(frozen=True, slots=True)
class Signatures:
    """Signatures of texts, in their order.

    Attributes:
        shingles: Distinct shingles of all texts, ascending within each.
        starts: Where each text's shingles begin in ``shingles``; one more than texts, the last is the total.
        thinning: How often each text's shingles were halved, 0 for all but long ones.
        names: For each text a number that equal sets of shingles have in common.
    """

    shingles: Shingles
    starts: Positions
    thinning: npt.NDArray[np.uint8]
    names: Numbers

    @property
    def counts(self) -> Positions:
        """Number of distinct shingles of each text."""
        return np.diff(self.starts)

    def take(self, rows: Positions) -> Signatures:
        """The signatures of some texts."""
        counts = self.starts[rows + 1] - self.starts[rows]
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Signatures(
            self.shingles[_ranges(self.starts[rows], counts)],
            starts,
            self.thinning[rows],
            self.names[rows],
        )


def signatures(titles: pl.Series, texts: pl.Series) -> Signatures:
    """Signatures of texts.

    Args:
        titles: Titles, null where there is none.
        texts: Texts, same length, null where there is none.

    Returns:
        One entry per row. A row that says nothing has no shingles and the name 0.
    """
    written = _written(titles, texts)
    parts = [_slice(part) for part in _slices(written)]
    counts = [part.counts for part in parts]
    return Signatures(
        np.concatenate([part.shingles for part in parts] or [_NO_SHINGLES]),
        np.concatenate([np.zeros(1, np.int64), *counts]).cumsum(),
        np.concatenate([part.thinning for part in parts] or [np.zeros(0, np.uint8)]),
        np.concatenate([part.names for part in parts] or [np.zeros(0, np.uint64)]),
    )


def joined(first: Signatures, second: Signatures) -> Signatures:
    """The texts of both, one after the other."""
    return Signatures(
        np.concatenate([first.shingles, second.shingles]),
        np.concatenate([first.starts, first.starts[-1] + second.starts[1:]]),
        np.concatenate([first.thinning, second.thinning]),
        np.concatenate([first.names, second.names]),
    )


def frame(found: Signatures) -> pl.DataFrame:
    """``name``, ``thinning``, ``shingles`` of each text, as contracts.COPIES stores them."""
    offsets = pl.Series(found.starts)
    lists = (
        pl.DataFrame({"text": np.repeat(np.arange(found.names.shape[0]), found.counts), "shingles": found.shingles})
        .group_by("text", maintain_order=True)
        .agg("shingles")
    )  # fmt: skip
    empty = pl.DataFrame(
        {"text": np.arange(offsets.len() - 1), "name": found.names, "thinning": found.thinning}
    )  # fmt: skip
    return empty.join(lists, on="text", how="left", maintain_order="left").select(
        "name", pl.col("thinning").cast(pl.Int64), pl.col("shingles").fill_null([])
    )


def of_frame(stored: pl.DataFrame) -> Signatures:
    """The signatures of a frame as ``frame`` makes it."""
    counts = stored["shingles"].list.len().to_numpy().astype(np.int64)
    return Signatures(
        stored["shingles"].explode(empty_as_null=False).cast(pl.UInt32).to_numpy(),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        stored["thinning"].to_numpy().astype(np.uint8),
        stored["name"].to_numpy(),
    )


def mixed(values: Numbers) -> Numbers:
    """Each number scrambled: the finaliser of MurmurHash3 (Appleby 2011), a bijection of 64-bit numbers."""
    with np.errstate(over="ignore"):
        values = values ^ (values >> np.uint64(33))
        values = values * np.uint64(0xFF51AFD7ED558CCD)
        values = values ^ (values >> np.uint64(33))
        values = values * np.uint64(0xC4CEB9FE1A85EC53)
        return values ^ (values >> np.uint64(33))


def minima(found: Signatures) -> Minima:
    """The least shingle of each text in each of ``BINS`` parts of the range of hashes: one row of ``BINS`` per text.

    One permutation hashing after Li, Owen and Zhang (2012); empty bins borrow from others in a fixed order after
    Shrivastava (2017), "Optimal densification". Rows of texts without shingles are all zero.
    """
    size = found.names.shape[0]
    low = np.empty((size, BINS), dtype=np.uint32)
    for start in range(0, size, _SLICE_TEXTS):
        rows = np.arange(start, min(size, start + _SLICE_TEXTS))
        low[rows] = _minima(found.take(rows))
    return low


def _minima(found: Signatures) -> Minima:
    size = found.names.shape[0]
    low = np.zeros((size, BINS), dtype=np.uint32)
    is_full = np.zeros((size, BINS), dtype=bool)
    bins = (found.shingles >> np.uint32(32 - _BIN_BITS)).astype(np.int64)
    place = np.repeat(np.arange(size) * BINS, found.counts) + bins
    first = np.flatnonzero(np.diff(place, prepend=-1))
    low.reshape(-1)[place[first]] = found.shingles[first]
    is_full.reshape(-1)[place[first]] = True
    known = low.copy()
    row, column = np.nonzero(~is_full & (found.counts > 0)[:, None])
    for turn in range(64 * BINS):
        if not row.size:
            break
        lender = _LENDERS[turn % _LENDERS.shape[0], column]
        can = is_full[row, lender]
        # What is borrowed at another distance is another hash.
        low[row[can], column[can]] = known[row[can], lender[can]] + np.uint32(turn + 1)
        row, column = row[~can], column[~can]
    return low


def bands(low: Minima) -> Iterator[Numbers]:
    """Band after band, the number of each text in it; near-duplicates agree in one, others hardly ever.

    Groups of least shingles, after Broder (1997), "On the resemblance and containment of documents".

    Args:
        low: ``minima`` of texts that have shingles.

    Yields:
        ``BANDS`` times: a number below 2**49 for each text, with the number of the band in front.
    """
    columns = np.ascontiguousarray(low.T)
    for band, group in enumerate(_GROUPS):
        key = np.full(low.shape[0], band + 1, dtype=np.uint64)
        with np.errstate(over="ignore"):
            for column in group:
                key = mixed(key * _ODD[0] + columns[column])
        yield (key >> np.uint64(64 - BAND_BITS)) | np.uint64(band << BAND_BITS)


def similarity(
    found: Signatures, left: Positions, right: Positions
) -> tuple[npt.NDArray[np.float64], Positions]:
    """Shared shingles of pairs of texts, as a share of the shingles of both (Jaccard), and their number.

    Args:
        found: Signatures.
        left: Row of one text of each pair. A few thousand pairs at once are fastest.
        right: Row of the other.

    Returns:
        Shares from 0 to 1, and numbers of shared shingles; where a text was thinned, of those that both would keep.
    """
    pairs = np.arange(left.shape[0], dtype=np.uint64) << np.uint64(32)
    thinning = np.maximum(found.thinning[left], found.thinning[right])
    sides = []
    for side in (left, right):
        counts = found.starts[side + 1] - found.starts[side]
        values = found.shingles[_ranges(found.starts[side], counts)]
        keys = np.repeat(pairs, counts) | values
        if thinning.any():
            keys = keys[_is_kept(values, np.repeat(thinning, counts))]
        sides.append(keys)
    both = np.sort(np.concatenate(sides))
    twice = both[1:][both[1:] == both[:-1]]
    size = left.shape[0]
    shared = np.bincount((twice >> np.uint64(32)).astype(np.int64), minlength=size)
    total = np.bincount((both >> np.uint64(32)).astype(np.int64), minlength=size)
    union = total - shared
    return np.divide(shared, union, out=np.zeros(size), where=union > 0), shared


# ---------------------------------------------------------------- from texts to shingles


class _Table:
    """For each code point its plain one and its class; worked out when first met."""

    def __init__(self) -> None:
        self.plain = np.zeros(_POINTS, dtype=np.uint32)
        self.kind = np.zeros(_POINTS, dtype=np.uint8)
        self.is_known = np.zeros(_POINTS, dtype=bool)

    def learn(self, points: npt.NDArray[np.uint32]) -> None:
        """Work out those that are new."""
        is_met = np.zeros(_POINTS, dtype=bool)
        is_met[points] = True
        for point in np.flatnonzero(is_met & ~self.is_known).tolist():
            plain = characters.FOLD[point].lower()
            self.plain[point] = ord(plain[0])
            self.kind[point] = _kind(plain[0], chr(point))
            self.is_known[point] = True


def _kind(plain: str, written: str) -> int:
    if plain in _ENDS or written in _ENDS:
        return _END
    if not plain.isalpha() or plain in _NUMERALS:
        return _DROP
    return _HAN if plain >= "\u0250" else _LETTER


@functools.cache
def _table() -> _Table:
    return _Table()


def _written(titles: pl.Series, texts: pl.Series) -> pl.Series:
    """Title and text in one, without what stands for itself; empty where both are null."""
    return pl.select(
        pl.concat_str(titles, texts, separator="\n", ignore_nulls=True)
        .str.replace_all(_SWAPPED, "\n")
        .str.replace_many(_PLACES, _NOTHING)
    ).to_series()


def _slices(written: pl.Series) -> Iterator[pl.Series]:
    """Consecutive texts that fit into the processor's cache together; measured: 5.2 us a text, 13.8 us all at once."""
    chunk = written.str.len_chars().cum_sum().to_numpy() // _SLICE_CHARACTERS
    edges = np.flatnonzero(np.diff(chunk, prepend=-1)).tolist()
    for start, end in pairwise([*edges, written.len()]):
        yield written[start:end]


def _slice(written: pl.Series) -> Signatures:
    points, rows = _plain(written)
    hashes, owners = _shingles(points, rows)
    shingles, starts, thinning = _sets(hashes, owners, written.len())
    return Signatures(shingles, starts, thinning, _names(shingles, starts))


def _plain(written: pl.Series) -> tuple[npt.NDArray[np.uint32], Positions]:
    """What is shingled: plain code points with 0 where a clause ends, and the row of each."""
    counts = written.str.len_chars().to_numpy().astype(np.int64)
    points = np.frombuffer(
        "".join(written.to_list()).encode("utf-32-le"), dtype=np.uint32
    )
    rows = np.repeat(np.arange(counts.shape[0]), counts)
    table = _table()
    table.learn(points)
    kind, plain = table.kind[points], table.plain[points]
    # Letters are contacts, brands and shorthand, but a text without Han is written in them.
    size = counts.shape[0]
    letters = np.bincount(rows[kind == _LETTER], minlength=size)
    han = np.bincount(rows[kind == _HAN], minlength=size)
    is_latin = letters > 4 * han + LEAST
    is_kept = (kind == _HAN) | (kind == _END)
    if is_latin.any():
        is_kept |= (kind == _LETTER) & is_latin[rows]
    plain = np.where(kind == _END, np.uint32(0), plain)
    return plain[is_kept], rows[is_kept]


def _shingles(
    points: npt.NDArray[np.uint32], rows: Positions
) -> tuple[Shingles, Positions]:
    """Hashes of three neighbours within one clause, and the row of each."""
    if points.shape[0] < 3:
        return _NO_SHINGLES, np.zeros(0, dtype=np.int64)
    is_whole = (points[:-2] != 0) & (points[1:-1] != 0) & (points[2:] != 0)
    is_whole &= rows[:-2] == rows[2:]
    at = np.flatnonzero(is_whole)
    wide = points.astype(np.uint64)
    joint = (wide[at] << np.uint64(42)) ^ (wide[at + 1] << np.uint64(21)) ^ wide[at + 2]
    with np.errstate(over="ignore"):
        hashes = (mixed(joint * _ODD[1]) >> np.uint64(32)).astype(np.uint32)
    return hashes, rows[at]


def _sets(
    hashes: Shingles, owners: Positions, size: int
) -> tuple[Shingles, Positions, npt.NDArray[np.uint8]]:
    """Distinct hashes of each row, thinned where they are many."""
    keys = (owners.astype(np.uint64) << np.uint64(32)) | hashes
    keys.sort()
    if keys.shape[0]:
        keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])]
    rows = (keys >> np.uint64(32)).astype(np.int64)
    values = keys.astype(np.uint32)
    counts = np.bincount(rows, minlength=size)
    thinning = np.zeros(size, dtype=np.uint8)
    while (many := (counts > MOST) & (thinning < 31)).any():
        thinning[many] += 1
        is_kept = ~many[rows] | _is_kept(values, thinning[rows])
        rows, values = rows[is_kept], values[is_kept]
        counts = np.bincount(rows, minlength=size)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return values, starts, thinning


def _is_kept(
    values: Shingles, thinning: npt.NDArray[np.uint8]
) -> npt.NDArray[np.bool_]:
    """Whether a shingle is among those that so much thinning leaves: by its last bits, bins go by the first."""
    last_bits = ((np.uint32(1) << thinning) - np.uint32(1)).astype(np.uint32)
    is_kept: npt.NDArray[np.bool_] = (values & last_bits) == 0
    return is_kept


def _names(values: Shingles, starts: Positions) -> Numbers:
    """A number for each set: the sum of its scrambled members, so that order does not matter."""
    names = np.zeros(starts.shape[0] - 1, dtype=np.uint64)
    full = np.flatnonzero(np.diff(starts))
    if full.size:
        with np.errstate(over="ignore"):
            each = mixed(values.astype(np.uint64) * _ODD[2] + _ODD[0])
            names[full] = np.add.reduceat(each, starts[full])
    return names


def _ranges(starts: Positions, counts: Positions) -> Positions:
    """The positions ``start … start + count - 1`` of each range, one after the other."""
    ends = np.cumsum(counts)
    if not ends.size or not ends[-1]:
        return np.zeros(0, dtype=np.int64)
    found: Positions = np.arange(ends[-1]) + np.repeat(starts - (ends - counts), counts)
    return found


#: Longest first: 内蒙古 before what it may hold.
_PLACES: Final = sorted(places.PLACES, key=lambda name: (-len(name), name))
_NOTHING: Final = [""] * len(_PLACES)


def _drawn(count: int, *, seed: int) -> Positions:
    """A fixed shuffle of 0 … count - 1."""
    seeds = np.full(count, seed, dtype=np.uint64)
    order = mixed(np.arange(count, dtype=np.uint64) + seeds * _ODD[0])
    return np.argsort(order, kind="stable")


#: From which bin an empty one borrows, turn by turn.
_LENDERS: Final = np.stack([_drawn(BINS, seed=1000 + turn) for turn in range(4 * BINS)])
#: Groups of bins: fixed shuffles, cut into threes.
_GROUPS: Final = np.concatenate(
    [
        _drawn(BINS, seed=seed)[: BINS - BINS % ROWS].reshape(-1, ROWS)
        for seed in range(BANDS * ROWS // BINS + 1)
    ]
)[:BANDS]
