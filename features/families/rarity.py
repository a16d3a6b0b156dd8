"""How much it says that two sellers use one text: little where the whole trade has its words, much where nobody else does.

In: how many copies hold each shingle, families, who uses them. Out: for each family a specificity from 0 to 1.

Invariants: pure; counts of nights add up, so nights one by one give those of all at once; memory is fixed (``SIZE``
counters; shingles share counters, which makes a rare one look commoner by at most copies × shingles / ``SIZE``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import polars as pl

if TYPE_CHECKING:
    from features.families.signatures import Shingles, Signatures

Counts = npt.NDArray[np.uint32]

_BITS: Final = 20
SIZE: Final = 1 << _BITS
#: Bits of surprise. A shingle that nobody else has makes about four; a text of forty characters that nobody else has
#: 120 or more, stock phrases next to nothing. Up to ``PLAIN`` a text ties nobody; ``DOUBT`` more halve the doubt.
PLAIN: Final = 60.0
DOUBT: Final = 30.0
#: So many copies of a family, the first ones, say how improbable its words are: one alone may be cut short.
TYPICAL: Final = 4
#: Before many texts are known nothing can be told to be rare: as if so many more had been seen, and so little of each.
UNSEEN_COPIES: Final = 100
UNSEEN: Final = 0.1
#: Slogans are short; each time a text is longer by so much, it is half as likely that strangers pass it around.
SLOGAN: Final = 200.0
#: Sellers that live from a text show it again in this share of their other posts; a slogan of everybody's comes once.
DEVOTED: Final = 0.25


def none() -> Counts:
    """Counters before the first text."""
    return np.zeros(SIZE, dtype=np.uint32)


def counted(found: Signatures) -> Counts:
    """In how many of these texts the shingles of each counter stand."""
    return np.bincount(found.shingles >> np.uint32(32 - _BITS), minlength=SIZE).astype(np.uint32)  # fmt: skip


def packed(counts: Counts) -> bytes:
    """Counters as stored."""
    return counts.astype("<u4").tobytes()


def unpacked(stored: bytes) -> Counts:
    """Counters from their stored form."""
    return np.frombuffer(stored, dtype="<u4").astype(np.uint32)


def surprise(
    found: Signatures, family_sizes: npt.NDArray[np.int64], counts: Counts, copies: int
) -> npt.NDArray[np.float64]:
    """How improbable it is, in bits, that a stranger's text holds all that a copy holds.

    Args:
        found: Signatures of copies of families.
        family_sizes: Copies of the family of each; they do not make its own words common.
        counts: Counters over all copies.
        copies: Number of all copies.

    Returns:
        Bits of each copy: the sum over its shingles of log2 of copies per copy outside the family that has it. Neighbouring
        shingles overlap, so a third of the sum is taken.
    """
    sizes = np.repeat(family_sizes, found.counts)
    bits = bits_of(found.shingles, sizes, counts, copies)
    owners = np.repeat(np.arange(found.names.shape[0]), found.counts)
    return np.bincount(owners, weights=bits, minlength=found.names.shape[0]) / 3


def bits_of(
    shingles: Shingles,
    inside: npt.NDArray[np.integer],
    counts: Counts,
    copies: int,
) -> npt.NDArray[np.float64]:
    """Surprise of single shingles, in bits: log2 of all copies per copy that holds one.

    Args:
        shingles: Hashes.
        inside: For each how many copies that hold it do not count, because their family is what is asked about.
        counts: Counters over all copies.
        copies: Number of all copies.
    """
    held = counts[shingles >> np.uint32(32 - _BITS)].astype(np.int64)
    outside = np.maximum(held - inside, 0)
    bits: npt.NDArray[np.float64] = np.log2(
        (copies + UNSEEN_COPIES) / (outside + UNSEEN)
    )
    return bits


def specificity(
    uses: pl.DataFrame, offers: pl.DataFrame, groups: pl.DataFrame, bits: pl.DataFrame
) -> pl.DataFrame:
    """How much it says that two sellers are in one family.

    Three things count: how improbable the words are (``surprise``); whether sellers live from the text or show it among
    much else, as they do with slogans, which are short; and how many groups of sellers use it that other evidence holds together.

    Args:
        uses: ``family``, ``seller_id``, ``post_count``: own posts in the family.
        offers: ``seller_id``, ``offer_count``: own posts in all that might be in one.
        groups: ``seller_id``, ``group``: sellers that hang together by private contacts, groups of two or more.
        bits: ``family``, ``bits``.

    Returns:
        ``family``, ``specificity``, ``seller_count``, sorted. A family of one seller has the specificity of its words.
    """
    together = uses.join(offers, on="seller_id", how="left").join(
        groups, on="seller_id", how="left"
    )
    once = pl.len().cast(pl.Int64)
    # Whoever is seen with a family has shown it once: what tells is how often it shows it beside that.
    again = pl.col("post_count").cast(pl.Int64).sum() - once
    beside = pl.col("offer_count").fill_null(0).cast(pl.Int64).sum() - once
    share = (again + 0.5) / (beside.clip(0, None) + 1)
    used = together.group_by("family").agg(
        pl.len().alias("seller_count"),
        (share / DEVOTED).clip(0, 1).alias("devotion"),
        pl.col("group").n_unique().cast(pl.Int64).alias("groups") - pl.col("group").is_null().any().cast(pl.Int64),
    )  # fmt: skip
    words = 1 - (2.0 ** (-(pl.col("bits") - PLAIN).clip(0, None) / DOUBT))
    many = 1 - 1 / pl.col("seller_count").cast(pl.Int64).clip(2, None) ** 2
    slogan = 2.0 ** (-(pl.col("bits").fill_null(0.0) - SLOGAN).clip(0, None) / SLOGAN)
    return (
        used.join(bits, on="family", how="left")
        .select(
            "family",
            (
                words.fill_null(0.0)
                * (1 - many * slogan * (1 - pl.col("devotion")))
                / pl.col("groups").clip(1, None)
            )
            .round(4)
            .alias("specificity"),
            pl.col("seller_count").cast(pl.Int64),
        )
        .sort("family")
    )
