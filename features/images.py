"""Families of pictures: which perceptual hashes are shots of one image, and how much it says that two sellers show it.

In: sightings of kind ``image`` with the hash as value, and when each post was first crawled. Out: the same sightings with
their family as value and its specificity as confidence.

Two hashes are near when at most ``NEAR_BITS`` of their 64 bits differ. Near pairs are found by multi-index hashing (Norouzi,
Punjani and Fleet 2012): of four quarters of 16 bits one must agree but for one bit, so only pictures that share such a
quarter are compared, and of a crowded quarter only its first ones. Families hang together by near pairs and are cut back to
``CORE_BITS`` around their first picture (``clusters``).

Invariants: pure; the order of rows changes nothing; a family is named by the hash that was crawled first, so growth does not
rename it; blank and striped pictures, whose hashes say nothing, are left out; time is linear in pictures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from features.families import clusters, rarity
from warehouse import contracts

if TYPE_CHECKING:
    from features.families.signatures import Numbers, Positions

#: Shots and re-encodings of one picture differ in up to this many bits; a million random hashes have two pairs that do.
NEAR_BITS: Final = 6
CORE_BITS: Final = 12
#: Of pictures that share a quarter, this many stand for all.
LEADERS: Final = 64
#: A plain picture's bits are all alike, or repeat.
LEAST_ONES: Final = 8
LEAST_BYTES: Final = 3
#: A picture says as much as a short text that nobody else has, and is passed around like a slogan.
_BITS: Final = 200.0
_QUARTERS: Final = (0, 16, 32, 48)
_BUCKETS: Final = 1 << 16
#: No bit, or one of a quarter.
_FLIPS: Final = (0, *(1 << bit for bit in range(16)))


def is_plain(hashes: Numbers) -> Positions:
    """Which hashes say nothing: hardly any bit set or unset, or the same few bytes over and over."""
    ones = np.bitwise_count(hashes)
    octets = np.sort(hashes.view(np.uint8).reshape(-1, 8), axis=1)
    distinct = 1 + (octets[:, 1:] != octets[:, :-1]).sum(axis=1)
    found: Positions = (
        (ones < LEAST_ONES) | (ones > 64 - LEAST_ONES) | (distinct < LEAST_BYTES)
    )
    return found


def near_pairs(hashes: Numbers) -> tuple[Positions, Positions]:
    """Pairs of near hashes.

    Args:
        hashes: Distinct hashes in the order in which they became known.

    Returns:
        Rows of the later and the earlier hash of each pair, sorted.
    """
    size = hashes.shape[0]
    pairs = [np.zeros(0, dtype=np.int64)]
    for quarter in _QUARTERS:
        key = ((hashes >> np.uint64(quarter)) & np.uint64(_BUCKETS - 1)).astype(
            np.int64
        )
        order = np.argsort(key, kind="stable")
        counts = np.minimum(np.bincount(key, minlength=_BUCKETS), LEADERS)
        starts = np.searchsorted(key[order], np.arange(_BUCKETS))
        for flip in _FLIPS:
            sought = key ^ flip
            at = np.arange(size)
            for place in range(LEADERS):
                at = at[counts[sought[at]] > place]
                if not at.size:
                    break
                partner = order[starts[sought[at]] + place]
                differ = np.bitwise_count(hashes[at] ^ hashes[partner])
                is_near = (differ <= NEAR_BITS) & (partner < at)
                pairs.append(at[is_near] * size + partner[is_near])
    both = np.unique(np.concatenate(pairs))
    return both // max(size, 1), both % max(size, 1)


def families(hashes: Numbers) -> Positions:
    """For each hash the row of the first one of its family; its own where it is like no other.

    Args:
        hashes: Distinct hashes in the order in which they became known.
    """
    later, earlier = near_pairs(hashes)
    members, first = clusters.families(
        later,
        earlier,
        lambda one, other: np.bitwise_count(hashes[one] ^ hashes[other]) <= CORE_BITS,
    )
    found = np.arange(hashes.shape[0])
    found[members] = first
    return found


def grouped(
    seen: pl.DataFrame, first_crawls: pl.DataFrame, groups: pl.DataFrame
) -> pl.DataFrame:
    """Sightings with families instead of hashes.

    Args:
        seen: contracts.SIGHTINGS; only rows of kind ``image`` change. A value that is no hash of 16 hex digits is left out.
        first_crawls: ``post_id``, ``first_crawled_at``; a post that is missing counts as crawled when it was seen.
        groups: ``seller_id``, ``group``: sellers that hang together by private contacts.

    Returns:
        contracts.SIGHTINGS, sorted as before; ``raw`` is the hash itself, ``confidence`` the specificity of the family.
    """
    is_image = pl.col("kind") == "image"
    shown = seen.filter(is_image & pl.col("value").str.contains(r"^[0-9a-f]{16}$"))
    if shown.is_empty():
        return seen.filter(~is_image)
    named = _named(shown.join(first_crawls, on="post_id", how="left"))
    placed = (
        shown.join(named, on="value")
        .with_columns(pl.col("family").alias("value"))
        .drop("family")
        .sort("seller_id", "post_id", "value", "seen_at", "ownership", "raw", descending=[False, False, False, False, True, False])
        .unique(["seller_id", "post_id", "value", "seen_at"], keep="first", maintain_order=True)
    )  # fmt: skip
    own = placed.filter(pl.col("ownership") == "own")
    uses = own.group_by(pl.col("value").alias("family"), "seller_id").agg(
        pl.col("post_id").n_unique().alias("post_count")
    )
    shows = own.group_by("seller_id").agg(pl.col("post_id").n_unique().alias("offer_count"))  # fmt: skip
    bits = uses.select("family").unique().with_columns(pl.lit(_BITS).alias("bits"))
    specific = rarity.specificity(uses, shows, groups, bits)
    return contracts.SIGHTINGS.check(
        pl.concat(
            [
                seen.filter(~is_image),
                placed.join(
                    specific.select(pl.col("family").alias("value"), "specificity"),
                    on="value",
                    how="left",
                )
                .with_columns(pl.col("specificity").fill_null(0.0).alias("confidence"))
                .select(contracts.SIGHTINGS.columns.keys()),
            ]
        ).sort("seller_id", "post_id", "kind", "value", "seen_at")
    )


def _named(shown: pl.DataFrame) -> pl.DataFrame:
    """``value``, ``family``: each hash that says something, and the hash that names its family."""
    distinct = (
        shown.group_by("value")
        .agg(pl.coalesce("first_crawled_at", "seen_at").min().alias("known_at"))
        .sort("known_at", "value")
    )
    hashes = distinct["value"].str.to_integer(base=16, dtype=pl.UInt64).to_numpy()
    says = ~is_plain(hashes)
    distinct = distinct.filter(pl.Series(says))
    first = families(hashes[says])
    return distinct.select("value", distinct["value"].gather(first).alias("family"))
