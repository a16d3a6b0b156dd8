"""Accounts that others name: where somebody says "抖音号 …", the account of that handle is the one it names.

In: posts with their authors' handles, and which accounts are named at all. Out: rows of sightings.

Invariants: only named accounts get a row, one each, so a market of handles that nobody names adds nothing; a handle is its
account's own, as sure as the platform is; bystanders (complainants, commenters) give nothing.
"""

from __future__ import annotations

import polars as pl

from features.indicators import canonical

#: The platform itself says which account has which handle.
CONFIDENCE = 1.0


def own_handles(
    posts: pl.DataFrame, named: pl.Series, bystanders: tuple[str, ...]
) -> pl.DataFrame:
    """The accounts behind handles that somebody names.

    Args:
        posts: ``seller_id``, ``platform``, ``kind``, ``author_handle``, ``published_at``, ``crawled_at``.
        named: Values of kind ``account`` (``platform:handle``) that occur.
        bystanders: Kinds of posts whose authors are nobody's subject.

    Returns:
        Columns of contracts.SIGHTINGS with null ``post_id`` and field ``name``: one row per seller and handle, as first
        seen. An account is found by its handle and by its native id.
    """  # fmt: skip
    native = pl.col("seller_id").str.extract(r"^[^:]*:(.*)$", 1)
    authors = posts.filter(~pl.col("kind").is_in(bystanders)).select(
        "seller_id",
        "platform",
        pl.concat_list("author_handle", native).alias("raw"),
        pl.min_horizontal("published_at", "crawled_at").alias("seen_at"),
    )
    shown = (
        authors.explode("raw", empty_as_null=False)
        .drop_nulls("raw")
        .with_columns(
            (
                pl.col("platform") + ":" + canonical.value_of("account", pl.col("raw"))
            ).alias("value")
        )
        .filter(pl.col("value").is_in(named.unique().implode()))
    )
    return (
        shown.group_by("seller_id", "value")
        .agg(pl.col("seen_at").min(), pl.col("raw").min())
        .select(
            pl.lit(None, pl.String).alias("post_id"),
            "seller_id",
            pl.lit("account").alias("kind"),
            "value",
            "raw",
            pl.lit("name").alias("field"),
            pl.lit("own").alias("ownership"),
            pl.lit(CONFIDENCE).alias("confidence"),
            "seen_at",
        )
    )
