"""The second look of the reading stage: documents' odds corrected by what the night's texts have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from features import stance
from features.writing import plain
from models.language import wording
from warehouse import contracts, load

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

#: Documents in which the reader found nothing at all that are looked at again, beside all others: examples of chatter.
MOST_EMPTY = 5_000


def reread(
    connection: duckdb.DuckDBPyConnection,
    posts: pl.DataFrame,
    stances: pl.DataFrame,
    *,
    as_of: datetime,
) -> tuple[pl.DataFrame, dict[str, Any]]:
    """Correct the stances of documents.

    Args:
        connection: The working database.
        posts: Current posts: ``post_id``, ``doc_id``, ``seller_id``, ``kind``.
        stances: contracts.DOC_STANCES of their documents.
        as_of: Knowledge limit.

    Returns:
        contracts.DOC_STANCES in the same order, and what to tell: how many documents were looked at again, how many
        changed their stance, and how far wording alone agrees. A document in which nothing was found is looked at if its
        author says something elsewhere, and ``MOST_EMPTY`` more as examples.
    """
    chosen = _chosen(posts, stances)
    shown = load.post_texts(connection, as_of, chosen["post_id"])
    rows = chosen.join(shown, on="post_id").sort("doc_id")
    written = rows.select(
        pl.concat_str("title", "text", separator="\n", ignore_nulls=True).fill_null("")
    ).to_series()
    texts = [lower for _, lower in plain.normalised(written.to_list())]
    odds = rows.select(stance.STANCES).to_numpy().astype(np.float64)
    second = wording.second_reading(
        odds,
        texts,
        rows["seller_id"].to_list(),
        rows["is_on_topic"].to_numpy(),
    )
    corrected = pl.DataFrame(second.odds, schema=list(stance.STANCES)).insert_column(
        0, rows["doc_id"]
    )
    told = {
        "looked_at": rows.height,
        "changed": int((second.odds.argmax(axis=1) != odds.argmax(axis=1)).sum()),
        "agreement": round(second.agreement, 4) if rows.height else None,
    }
    return _merged(stances, corrected), told


def _chosen(posts: pl.DataFrame, stances: pl.DataFrame) -> pl.DataFrame:
    """One post per document that is looked at, with the reader's odds."""
    empty = pl.all_horizontal(
        pl.col(name) == value for name, value in stance.NOTHING.items()
    )
    first = (
        posts.select("doc_id", "seller_id", "post_id")
        .sort("doc_id", "seller_id", "post_id")
        .unique("doc_id", keep="first", maintain_order=True)
        .join(stances, on="doc_id")
        .with_columns(empty.alias("is_empty"))
    )
    speaking = first.filter(~pl.col("is_empty"))
    quiet = first.filter("is_empty")
    of_speakers = pl.col("seller_id").is_in(speaking["seller_id"].unique().implode())
    # Ids of documents are digests, so the first of them are a fair sample.
    return pl.concat(
        [
            speaking,
            quiet.filter(of_speakers),
            quiet.filter(~of_speakers).head(MOST_EMPTY),
        ]
    )


def _merged(stances: pl.DataFrame, corrected: pl.DataFrame) -> pl.DataFrame:
    joined = stances.join(
        corrected, on="doc_id", how="left", suffix="_again", maintain_order="left"
    )
    return contracts.DOC_STANCES.check(
        joined.select(
            "doc_id",
            "is_on_topic",
            *(
                pl.coalesce(f"{name}_again", name).round(4).alias(name)
                for name in stance.STANCES
            ),
        )
    )
