"""How much a seller's ads are worded like those of clear cases: confidence that travels to new wordings.

The rules are sure of sellers who show fee, income and company. Others of the trade leave all that to the chat, but they
write from the same scripts. A linear model over hashed character n-grams learns from what the rules believe of sellers
and says it of ads, never of those of the same network.

In: posts with texts, stances and groups, and what the rules believe of sellers (not their final scores, so nothing
feeds on itself). Out: one probability-like number per seller with ads, null where nobody else shares the wording.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features.texts import grams
from models.language import ratios
from models.measures import calibration

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A seller of whom the rules believe less than this teaches what honest posts look like, with all that it posts.
HONEST = 0.2
#: What the log-ratio of an ad's grams counts for as log-odds.
WORTH = 0.6
#: Posts that teach what is honest, at most; offers are never left out.
MOST_HONEST = 20_000
#: An ad counts in proportion to the share of its grams that others use; below this it says nothing.
LEAST_SHARED = 0.5
#: Clear cases on the pack's topic, in as many networks or alone, that it takes before wording says anything.
CLEAR, LEAST_CLEAR = 0.5, 5
#: With fewer of them, ads of other trades are told apart only where the pack's topic is this rare among those who offer.
RARE_TOPIC = 0.2
_OFFER = "offer"


def likeness(
    posts: pl.DataFrame, texts: Sequence[str], believed: pl.DataFrame
) -> pl.DataFrame:
    """How like clear cases each seller writes.

    Args:
        posts: ``seller_id``, ``group`` (network, or the seller itself), ``stance``, ``is_on_topic``; one row per post.
            Ads of groups none of whose ads is on the pack's topic teach nothing: other trades have clear cases too.
        texts: Their normalised texts.
        believed: ``seller_id``, ``probability`` by the rules; sellers that are not scored are absent and count as honest.

    Returns:
        ``seller_id``, ``likeness`` in 0–1 (0.5 says nothing), one row per seller with an ad, sorted.
    """
    rows = (
        posts.with_columns(pl.Series("text", texts, dtype=pl.String))
        .join(believed, on="seller_id", how="left", maintain_order="left")
        .with_columns(pl.col("probability").fill_null(0.0))
    )
    is_ad = pl.col("stance") == _OFFER
    ads = rows.filter(is_ad & pl.col("text").str.len_chars().gt(0))
    if ads.is_empty():
        return pl.DataFrame(schema={"seller_id": pl.String, "likeness": pl.Float64})
    plain = (
        rows.filter(~is_ad & (pl.col("probability") < HONEST))
        .with_columns(pl.lit(0.0).alias("probability"))
        .sort("text", "seller_id", "group")
        # Every so manieth in the order of texts: a sample that no order of rows changes.
        .gather_every(max(1, -(-rows.height // MOST_HONEST)))
    )
    both = pl.concat([ads, plain])
    target = both["probability"].to_numpy()
    is_teacher = both.select(
        (pl.col("is_on_topic").any().over("group") | ~is_ad).alias("teaches")
    )["teaches"].to_numpy()
    clear = both.filter(
        pl.Series(is_teacher) & is_ad & (pl.col("probability") >= CLEAR)
    )
    if clear["group"].n_unique() < LEAST_CLEAR:
        on_topic = ads.filter("is_on_topic")["group"].n_unique()
        says = ads.select(
            pl.col("seller_id").unique().sort(), pl.lit(0.5).alias("likeness")
        )
        is_rare = on_topic < RARE_TOPIC * ads["group"].n_unique()
        return says if is_rare else says.clear()
    found = ratios.out_of_fold(
        grams.buckets(both["text"].to_list()),
        np.stack([target, 1 - target], axis=1) * is_teacher[:, None],
        ratios.folds(both["group"].to_list()),
    )
    trust = np.clip((found.shared - LEAST_SHARED) / (1 - LEAST_SHARED), 0, 1)
    told = (
        pl.DataFrame(
            {
                "seller_id": both["seller_id"],
                "said": WORTH * trust * found.ratios[:, 0],
            }
        )
        .head(ads.height)
        # Whole thousandths add up to the same in any order.
        .with_columns((pl.col("said") * 1000).round().cast(pl.Int64))
        .group_by("seller_id")
        .agg((pl.col("said").sum() / 1000 / pl.len()).alias("said"))
        .sort("seller_id")
    )
    value = calibration.sigmoid(told["said"].to_numpy())
    return told.select("seller_id", pl.Series("likeness", value))


def with_likeness(features: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Seller features with ``wording_likeness`` filled in.

    Args:
        features: As from ``behaviour.seller_features``.
        found: As from ``likeness``.
    """
    values = features.select("seller_id").join(
        found, on="seller_id", how="left", maintain_order="left"
    )
    return features.with_columns(
        values["likeness"].cast(pl.Float32).alias("wording_likeness")
    )
