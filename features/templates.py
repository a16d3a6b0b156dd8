"""Families of near-duplicate texts: which texts were copied from one another.

In: signatures of distinct texts (``signatures``) in the order in which they became known. Out: pairs that are verified
near-duplicates, and families made of them.

A *copy* is a distinct set of shingles, numbered in the order of arrival; texts that differ only in what sellers swap are
one copy. Every copy is compared with the first few copies of each of its bands, and a pair counts when the shingles that
both hold are at least ``SURELY_SHARED`` of all that either holds, or ``LEAST_SHARED`` where third texts are near both,
and not much less than either shares with others (``LEAST_OF_USUAL``).
Families are what hangs together by such pairs, cut back so that nobody is further than ``LEAST_OF_CORE`` from the family's
first copy: a chain of small changes does not join texts that have nothing in common.

Invariants: pure; a pair depends on the two texts and on those before them, so nights taken one by one give the pairs of
all at once; a family is named by its first copy, so growth never renames it; time is linear in copies, whatever their
number in one family.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from features.families import clusters, signatures
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.families.signatures import Numbers, Positions

#: Of a band, this many copies stand for all. Comparing with all would be quadratic in the size of a family.
LEADERS: Final = 4
#: Copies with another place, sum, contact and a few changed words share half of their shingles or more.
SURELY_SHARED: Final = 0.45
#: Versions of a spun script share 0.28 or more in three of four pairs, strangers of the trade up to 0.16 (the highest of a
#: thousand pairs); but two texts that each quote one slogan of everybody's come as far. So such a pair counts only where a
#: third text is near both. Measured on invented scripts and strangers: pairs found 0.31 -> 0.63, at a precision of 0.99.
LEAST_SHARED: Final = 0.28
#: A short text could reach any share by one common clause.
LEAST_IN_COMMON: Final = 12
#: A pair that shares 0.28 has 18 of 64 equal minima, give or take 3.6.
LEAST_MINIMA: Final = 10
LEAST_OF_CORE: Final = 0.18
#: A pair counts if it shares this much of what the looser of the two shares with its ``USUAL``-th best match: versions of one
#: script are all about as near to each other, and two scripts with half of their clauses in common less so. Measured on two
#: kinds of invented rings, six markets each: families right (B³) 0.96 -> 0.99 for swapped slots, 0.92 -> 0.93 for spun texts.
USUAL: Final = 3
LEAST_OF_USUAL: Final = 0.8
#: Both ends of a pair must have this share of their other matches in common, or it only bridges two families. (Of spun
#: rings' families 6 of 323 mixed two without it, 3 of 328 with it.) An end with no more than ``FEW`` others has too few to
#: ask, and where the two share ``SURELY_SHARED`` that is enough.
LEAST_COMMON: Final = 0.25
FEW: Final = 2

#: Measured: 1.5 us a pair, twice as much with 100,000 pairs at once.
_SLICE_PAIRS: Final = 8_000


@dataclass(frozen=True, slots=True)
class Pairs:
    """Verified near-duplicates.

    Attributes:
        later: Number of a copy.
        earlier: Number of a copy known before it.
        similarity: Share of their shingles that both hold.
    """

    later: Positions
    earlier: Positions
    similarity: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Copies that may be near-duplicates, and what later copies will be compared with.

    Attributes:
        later: Number of a new copy.
        earlier: Number of a copy before it that has a band in common.
        bands: Bands of new leaders.
        leaders: Number of the new leader of each.
    """

    later: Positions
    earlier: Positions
    bands: Numbers
    leaders: Positions


def candidates(
    bands: Iterable[Numbers],
    numbers: Positions,
    known_keys: Numbers,
    known_numbers: Positions,
) -> Candidates:
    """Pairs of a new copy and a leader of one of its bands.

    Args:
        bands: ``signatures.bands`` of the new copies.
        numbers: Their numbers, ascending, all above those known.
        known_keys: Keys of bands that have leaders already; those of no new copy may be left out.
        known_numbers: Number of the leader of each.

    Returns:
        Distinct pairs, sorted, and the new leaders, sorted by band.

    Raises:
        ValueError: there are too many copies to be compared at once.
    """
    order = np.lexsort((known_numbers, known_keys))
    known_keys, known_numbers = known_keys[order], known_numbers[order]
    highest = max(known_numbers.max(initial=0), numbers.max(initial=0))
    bits = max(1, int(highest).bit_length())
    pairs = [np.zeros(0, dtype=np.uint64)]
    keys, leaders = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
    for band, new_keys in enumerate(bands):
        low, high = (
            np.uint64(edge << signatures.BAND_BITS) for edge in (band, band + 1)
        )
        start, end = np.searchsorted(known_keys, [low, high])
        # Known ones come first, so a row's place also tells the order of arrival.
        everybody = np.concatenate([known_numbers[start:end], numbers])
        key, row = _sorted_together(
            np.concatenate([known_keys[start:end], new_keys]) - low
        )
        first = np.flatnonzero(
            np.concatenate([[True], key[1:] != key[:-1]])[: key.shape[0]]
        )
        begin = np.repeat(first, np.diff(np.concatenate([first, [key.shape[0]]])))
        rank = np.arange(key.shape[0]) - begin
        is_new = row >= end - start
        is_leader = is_new & (rank < LEADERS)
        keys.append(key[is_leader] + low)
        leaders.append(everybody[row[is_leader]])
        at = np.flatnonzero(is_new & (rank > 0))
        for place in range(LEADERS):
            at = at[rank[at] > place]
            later = everybody[row[at]].astype(np.uint64)
            earlier = everybody[row[begin[at] + place]].astype(np.uint64)
            pairs.append((later << np.uint64(bits)) | earlier)
    both = np.unique(np.concatenate(pairs))
    return Candidates(
        (both >> np.uint64(bits)).astype(np.int64),
        (both & np.uint64((1 << bits) - 1)).astype(np.int64),
        np.concatenate(keys),
        np.concatenate(leaders),
    )


def _sorted_together(keys: Numbers) -> tuple[Numbers, Positions]:
    """Keys in order, and where each stood: sorted as one number with its place, which is many times as fast.

    Raises:
        ValueError: a key and a place do not fit into one number.
    """
    shift = max(1, int(keys.shape[0]).bit_length())
    if shift + signatures.BAND_BITS > 64:
        message = f"{keys.shape[0]} copies at once, at most {1 << (64 - signatures.BAND_BITS)} can be compared. Take fewer."
        raise ValueError(message)
    places = np.arange(keys.shape[0], dtype=np.uint64)
    joint = np.sort((keys << np.uint64(shift)) | places)
    return joint >> np.uint64(shift), (joint & np.uint64((1 << shift) - 1)).astype(
        np.int64
    )


def verified(
    found: signatures.Signatures,
    low: signatures.Minima,
    left: Positions,
    right: Positions,
) -> npt.NDArray[np.float64]:
    """How much of their shingles two texts share, 0 where that is too little to count.

    Args:
        found: Signatures of the texts.
        low: Their ``signatures.minima``.
        left: Row of one text of each pair.
        right: Row of the other.
    """
    shared = np.zeros(left.shape[0])
    for start in range(0, left.shape[0], _SLICE_PAIRS):
        part = slice(start, start + _SLICE_PAIRS)
        # Most candidates are strangers, and equal minima tell them at a tenth of the price.
        alike = (low[left[part]] == low[right[part]]).sum(axis=1)
        at = start + np.flatnonzero(alike >= LEAST_MINIMA)
        similarity, count = signatures.similarity(found, left[at], right[at])
        is_near = (similarity >= LEAST_SHARED) & (count >= LEAST_IN_COMMON)
        shared[at[is_near]] = similarity[is_near]
    return shared


def families(
    found: signatures.Signatures,
    numbers: Positions,
    later: Positions,
    earlier: Positions,
    shared: npt.NDArray[np.float64],
) -> Positions:
    """Which family each copy belongs to.

    Args:
        found: Signatures of the copies.
        numbers: Number of each, ascending.
        later: Verified pairs: number of one copy.
        earlier: Number of the other, known before it.
        shared: How much they share.

    Returns:
        For each copy the number of the first one of its family (``clusters.families``); its own where no pair holds.
    """
    one, other = np.searchsorted(numbers, later), np.searchsorted(numbers, earlier)
    usual = _usual(one, other, shared, numbers.shape[0])
    is_usual = shared >= LEAST_OF_USUAL * np.minimum(usual[one], usual[other])
    one, other, shared = one[is_usual], other[is_usual], shared[is_usual]
    common, others = clusters.thirds(one, other)
    holds = (common > 0) & (common >= LEAST_COMMON * others)
    holds |= (shared >= SURELY_SHARED) & (others <= FEW)

    def is_near(core: Positions, member: Positions) -> npt.NDArray[np.bool_]:
        near: npt.NDArray[np.bool_] = similarities(found, core, member) >= LEAST_OF_CORE
        return near

    members, first = clusters.families(one[holds], other[holds], is_near)
    family = np.arange(numbers.shape[0])
    family[members] = first
    first_numbers: Positions = numbers[family]
    return first_numbers


def _usual(
    one: Positions, other: Positions, shared: npt.NDArray[np.float64], size: int
) -> npt.NDArray[np.float64]:
    """For each of ``size`` copies what it shares with its ``USUAL``-th best match, or the last one of fewer; 0 without."""
    copy = np.concatenate([one, other])
    share = np.concatenate([shared, shared])
    order = np.lexsort((-share, copy))
    copy, share = copy[order], share[order]
    found = np.zeros(size)
    if copy.size:
        first, count = np.unique(copy, return_index=True, return_counts=True)[1:]
        found[copy[first]] = share[first + np.minimum(USUAL, count) - 1]
    return found


def similarities(
    found: signatures.Signatures, left: Positions, right: Positions
) -> npt.NDArray[np.float64]:
    """Shared shingles of pairs of texts by their rows, as a share of the shingles of both."""
    shared = np.zeros(left.shape[0])
    for start in range(0, left.shape[0], _SLICE_PAIRS):
        part = slice(start, start + _SLICE_PAIRS)
        shared[part], _ = signatures.similarity(found, left[part], right[part])
    return shared


def template_id(name: int) -> str:
    """The id of the family whose first copy has this name (``signatures.Signatures.names``)."""
    return f"t{name:016x}"


def touched(pairs: pl.DataFrame, families: pl.DataFrame) -> pl.DataFrame:
    """Pairs of everything that hangs together with a copy that has no family yet.

    Args:
        pairs: contracts.COPY_PAIRS.
        families: contracts.COPY_FAMILIES.

    Returns:
        contracts.COPY_PAIRS in the given order.
    """
    if pairs.is_empty():
        return pairs
    later, earlier = pairs["later"].to_numpy(), pairs["earlier"].to_numpy()
    numbers, ends = np.unique(np.concatenate([later, earlier]), return_inverse=True)
    one, other = np.split(ends, 2)
    component = clusters.first_of_component(numbers.shape[0], one, other)
    is_new = ~np.isin(numbers, families["copy"].to_numpy())
    is_touched = np.zeros(numbers.shape[0], dtype=bool)
    is_touched[component[is_new]] = True
    return pairs.filter(pl.Series(is_touched[component][one]))


def changes(before: pl.DataFrame, after: pl.DataFrame, *, run_id: str) -> pl.DataFrame:
    """What became of families whose copies are in another one now.

    Args:
        before: contracts.COPY_FAMILIES of all copies.
        after: The same of those that were looked at again.
        run_id: Stands in the rows.

    Returns:
        contracts.TEMPLATE_CHANGES, sorted.
    """
    both = before.join(after, on="copy", suffix="_after")
    left = both.group_by("template_id", "template_id_after").agg(pl.len().cast(pl.Int64).alias("copy_count"))  # fmt: skip
    remaining = left.filter(pl.col("template_id") == pl.col("template_id_after"))
    is_alive = pl.col("template_id").is_in(remaining["template_id"].implode())
    return contracts.TEMPLATE_CHANGES.check(
        left.filter(pl.col("template_id") != pl.col("template_id_after"))
        .select(
            "template_id",
            pl.lit(run_id).alias("run_id"),
            pl.when(is_alive)
            .then(pl.lit("moved_to"))
            .otherwise(pl.lit("merged_into"))
            .alias("event"),
            pl.col("template_id_after").alias("into_template_id"),
            "copy_count",
        )
        .sort("template_id", "into_template_id")
    )
