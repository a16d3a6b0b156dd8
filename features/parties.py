"""What party an account is, by all its posts together: how surely it offers agencies.

In: current posts with their stances. Out: one probability per seller. A post is a noisy witness: of the posts that are
read as offers with 0.9 or more, one in twenty-five is something else if its writer is a stranger (1,920 posts of eight
writers that reading had learned nothing from), and its fees and tropes are then misread with it. Such errors lie with
single posts, and parties keep to their trade: who complains, reports or sells in its other posts hardly offers in this one,
and who offers does so again. So posts are weighed as draws from what each kind of party posts.

Invariants: pure; the order of rows changes nothing; the same text or template counts once, however often it is posted.

Source: naive Bayes over the posts of an account; Zadrozny and Elkan (2002) for dividing out the shares that the
probabilities of reading already hold.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from features import stance

#: What parties post, in the order of ``stance.STANCES``: who offers also chats; of an honest party's posts 3 % look like
#: offers, however surely they are read (measured on those strangers: 1.2 % with 0.9 or more, 6.6 % at all).
_POSTS: Final = np.array([
    (0.74, 0.04, 0.01, 0.01, 0.20),
    (0.03, 0.77, 0.02, 0.01, 0.17),
    (0.03, 0.02, 0.82, 0.03, 0.10),
    (0.03, 0.01, 0.05, 0.81, 0.10),
    (0.03, 0.04, 0.04, 0.03, 0.86),
])  # fmt: skip
#: Share of stances in what reading was fitted on; its probabilities hold them.
_FITTED: Final = np.array([0.35, 0.15, 0.17, 0.15, 0.18])
#: Share of accounts that offer agencies, before any post is read; the other parties share the rest.
PRIOR: Final = 0.25
#: Texts of one account err together to some degree: the log-odds of n texts add up like those of n to this power.
_TOGETHER: Final = 0.8
#: Log-likelihoods are added up as whole millionths.
_UNIT: Final = 1_000_000


def offer_certainty(current: pl.DataFrame) -> pl.DataFrame:
    """How surely each seller offers an agency, by all its posts together.

    Args:
        current: ``seller_id``, ``doc_id``, ``template_id``, ``stance``, ``stance_probability``, a row per post; a null
            stance says nothing, a null probability little.

    Returns:
        ``seller_id``, ``offer_certainty`` (0–1, 0 where no post is read as an offer), one row per seller.
    """
    names = list(stance.STANCES)
    sure = pl.col("stance_probability").fill_null(1 / len(names))
    likelihoods = []
    for party, posts in zip(names, _POSTS / _FITTED, strict=True):
        told = pl.col("stance").replace_strict(dict(zip(names, posts.tolist(), strict=True)), default=None)  # fmt: skip
        rest = (1 - sure) / (len(names) - 1)
        found = (sure * told + rest * (float(posts.sum()) - told)).log().fill_null(0.0)
        likelihoods.append((found * _UNIT).round().cast(pl.Int64).alias(party))
    texts = (
        current.select(
            "seller_id",
            pl.coalesce("template_id", "doc_id").alias("text"),
            (pl.col("stance") == "offer").fill_null(value=False).alias("offers"),
            *likelihoods,
        )
        .group_by("seller_id", "text")
        .agg(pl.col("offers").any(), pl.col(names).mean().round().cast(pl.Int64))
    )
    summed = texts.group_by("seller_id").agg(
        pl.col("offers").any(), pl.col(names).sum(), pl.len().alias("texts")
    )
    together = summed["texts"].to_numpy()[:, None] ** (_TOGETHER - 1)
    before = np.full(len(names), (1 - PRIOR) / (len(names) - 1))
    before[0] = PRIOR
    log_odds = summed.select(names).to_numpy() / _UNIT * together + np.log(before)
    raised = np.exp(log_odds - log_odds.max(axis=1, keepdims=True, initial=-np.inf))
    found = raised[:, 0] / raised.sum(axis=1)
    return summed.select(
        "seller_id",
        pl.when("offers").then(pl.Series(found)).otherwise(0.0).alias("offer_certainty"),
    )  # fmt: skip
