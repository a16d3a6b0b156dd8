"""Rare mistakes in common copy: what a few sellers changed alike in a text that everybody passes around.

In: copies of families that many sellers share, who uses them, how common shingles are. Out: variants: copies that deviate from
the rest of their family in the same way, and how improbable it is that two made the deviation up independently.

A deviation is what at least two and at most ``RARE`` of the family's sellers hold; what one seller alone added is noise and
what many hold is the text itself. Copies with the same deviations are one variant.

Invariants: pure; the order of rows changes nothing; linear in shingles of the given copies; empty in, empty out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from features.families import rarity, signatures

if TYPE_CHECKING:
    from features.families.rarity import Counts

#: Families of fewer sellers have no common text to deviate from.
LEAST_SELLERS: Final = 8
RARE: Final = 0.25
#: One changed character changes three shingles, near the end of a clause two.
LEAST_SHINGLES: Final = 2
#: Bits that halve the doubt whether a deviation was made twice by chance. A changed character that nobody else has makes
#: ten to fourteen.
DOUBT: Final = 6.0


def common(uses: pl.DataFrame) -> pl.Series:
    """Families with enough sellers to have variants, sorted.

    Args:
        uses: ``template_id``, ``seller_id``; more columns and repeats do no harm.
    """
    return (
        uses.group_by("template_id")
        .agg(pl.col("seller_id").n_unique().alias("sellers"))
        .filter(pl.col("sellers") >= LEAST_SELLERS)["template_id"]
        .sort()
    )


def variants(
    uses: pl.DataFrame, copies: pl.DataFrame, counts: Counts, copy_count: int
) -> pl.DataFrame:
    """Variants of common copy.

    Args:
        uses: ``template_id``, ``copy``, ``seller_id``: who uses which copy as its own pitch.
        copies: ``copy``, ``shingles`` of these copies (contracts.COPIES).
        counts: Counters over all copies (``rarity.counted``).
        copy_count: Number of all copies.

    Returns:
        ``copy``, ``variant`` (an id that begins with that of the family), ``chance`` (0 to 1, of the deviation being no
        coincidence), sorted; copies that deviate in nothing shared are left out.
    """
    used = uses.select("template_id", "copy", "seller_id").unique()
    held = copies.select("copy", pl.col("shingles").alias("shingle")).explode(
        "shingle", empty_as_null=False
    )
    family_sellers = used.group_by("template_id").agg(
        pl.col("seller_id").n_unique().alias("sellers")
    )
    inside = used.join(held, on="copy")
    rare = (
        inside.group_by("template_id", "shingle")
        .agg(
            pl.col("seller_id").n_unique().alias("holders"),
            pl.col("copy").n_unique().alias("copies"),
        )
        .join(family_sellers, on="template_id")
        .filter(pl.col("holders").is_between(2, pl.col("sellers") * RARE))
    )
    bits = rarity.bits_of(
        rare["shingle"].to_numpy(), rare["copies"].to_numpy(), counts, copy_count
    )
    deviations = (
        used.select("template_id", "copy")
        .unique()
        .join(held, on="copy")
        .join(
            rare.select("template_id", "shingle", pl.Series("bits", bits)),
            on=["template_id", "shingle"],
        )
        .sort("template_id", "copy", "shingle")
    )
    named = deviations.with_columns(
        pl.Series("mixed", signatures.mixed(deviations["shingle"].cast(pl.UInt64).to_numpy()))
    )  # fmt: skip
    found = (
        named.group_by("template_id", "copy")
        .agg(
            pl.len().alias("shingles"),
            # Thousandths as integers: sums of floats depend on their order.
            ((pl.col("bits") * 1000).round().cast(pl.Int64).sum() / 3000).alias("bits"),
            pl.col("mixed").bitwise_xor().alias("name"),
        )
        .filter(pl.col("shingles") >= LEAST_SHINGLES)
    )
    return found.select(
        "copy",
        pl.concat_str(
            "template_id", pl.lit("-"), pl.col("name").map_elements(lambda name: f"{name:016x}", return_dtype=pl.String)
        ).alias("variant"),
        (1 - 2.0 ** (-pl.col("bits") / DOUBT)).round(4).alias("chance"),
    ).sort("copy")  # fmt: skip
