"""What party an account is, by all its posts together: how surely it offers agencies.

In: current posts with their stances. Out: one probability per seller. A post is a noisy witness: of the posts that are
read as offers with 0.9 or more, one in forty to one in a hundred is something else if its writer is a stranger, and its fees
and tropes are then misread with it. Such errors lie with single posts, and parties keep to their trade: who complains,
reports or sells in its other posts hardly offers in this one, and who offers does so again. So posts are weighed as draws
from what each kind of party posts, each by the probability of its reading, and what one text can say is bounded by how
often the night's surely read texts contradict each other (``contradicted_share``): where nobody's texts do, as where
everybody writes from few scripts, one text is believed; among strangers it is one witness.

Invariants: pure; the order of rows changes nothing; the same text or template counts once, however often it is posted.

Source: naive Bayes over the posts of an account; Zadrozny and Elkan (2002) for dividing out the shares that the
probabilities of reading already hold.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import polars as pl

from features import stance

#: What parties post, in the order of ``stance.STANCES``: who offers also chats; honest parties offer in one of 500.
_POSTS: Final = np.array([
    (0.740, 0.04, 0.01, 0.01, 0.200),
    (0.002, 0.79, 0.02, 0.01, 0.178),
    (0.002, 0.02, 0.84, 0.03, 0.108),
    (0.002, 0.01, 0.05, 0.83, 0.108),
    (0.002, 0.04, 0.04, 0.03, 0.888),
])  # fmt: skip
#: Share of stances in what reading was fitted on; its probabilities hold them.
_FITTED: Final = np.array([0.35, 0.15, 0.17, 0.15, 0.18])
#: Share of accounts that offer agencies, before any post is read; the other parties share the rest.
PRIOR: Final = 0.25
#: What is left of a reading's log-odds. Of 1,406 posts that weights learned from other writers read as offers, those with 0.91
#: to 0.95 were so in 0.91, with 0.95 to 0.98 in 0.95, with 0.995 to 0.9995 in 0.988, above in all 297.
_TEMPER: Final = 0.8
#: Texts of one account err together to some degree: the log-odds of n texts add up like those of n to this power.
_TOGETHER: Final = 0.9
#: From which probability on a reading is sure; the share of sure texts that are contradicted where a night does not tell,
#: what it counts in texts, and how many standard errors are added: a share is taken as high as it may well be.
SURE: Final = 0.9
_SLIPS, _SLIPS_STRENGTH, _SLIPS_DOUBT = 0.02, 40.0, 1.28
#: Log-likelihoods are added up as whole millionths.
_UNIT: Final = 1_000_000


def offer_certainty(current: pl.DataFrame) -> pl.DataFrame:
    """How surely each seller offers an agency, by all its posts together.

    Args:
        current: ``seller_id``, ``doc_id``, ``template_id``, ``stance``, ``stance_probability``, a row per post; a null
            stance says nothing, a null probability little. All posts of the night: they tell how well it was read.

    Returns:
        ``seller_id``, ``offer_certainty`` (0–1, 0 where no post is read as an offer), one row per seller.
    """
    names = list(stance.STANCES)
    known = pl.col("stance_probability").fill_null(1 / len(names)).clip(1e-6, 1 - 1e-6)
    sure = 1 / (1 + ((1 / known - 1).log() * _TEMPER).exp())
    # One text is worth no more against a party than its slips allow.
    bound = math.log(contradicted_share(current) / float(_POSTS[0, 0]))
    likelihoods: list[pl.Expr] = []
    for posts in _POSTS / _FITTED:
        told = pl.col("stance").replace_strict(dict(zip(names, posts.tolist(), strict=True)), default=None)  # fmt: skip
        rest = (1 - sure) / (len(names) - 1)
        found = (sure * told + rest * (float(posts.sum()) - told)).log().fill_null(0.0)
        if likelihoods:
            found = pl.max_horizontal(found, likelihoods[0] + bound)
        likelihoods.append(found)
    texts = (
        current.select(
            "seller_id",
            _text(),
            (pl.col("stance") == "offer").fill_null(value=False).alias("offers"),
            *((found * _UNIT).round().cast(pl.Int64).alias(party) for party, found in zip(names, likelihoods, strict=True)),
        )
        .group_by("seller_id", "text")
        .agg(pl.col("offers").any(), pl.col(names).mean().round().cast(pl.Int64))
    )  # fmt: skip
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


def contradicted_share(current: pl.DataFrame) -> float:
    """How often a surely read offer stands beside a text of the same account that is surely read as an honest party's.

    Args:
        current: As ``offer_certainty`` takes it.

    Returns:
        Of the sure texts whose account has another one that sells, reports or complains, the share that offers; with few
        such texts near ``_SLIPS``, and in any case as high as it may well be, so above 0. Either of the two texts may be
        misread, which errs on the side of caution: 0.02 to 0.04 where 0.005 to 0.013 of honest strangers' posts were.
    """
    is_sure = (pl.col("stance_probability") >= SURE).fill_null(value=False)
    honest = ["vendor", *stance.ECHOES]
    texts = (
        current.filter(is_sure)
        .select(
            "seller_id",
            _text(),
            (pl.col("stance") == "offer").fill_null(value=False).alias("offers"),
            pl.col("stance").is_in(honest).fill_null(value=False).alias("honest"),
        )
        .group_by("seller_id", "text")
        .agg(pl.col("offers").any(), pl.col("honest").any())
        .filter(
            pl.col("honest").sum().over("seller_id")
            > pl.col("honest").cast(pl.UInt32)
        )
    )  # fmt: skip
    told = texts.filter(pl.col("offers") | pl.col("honest"))
    weight = told.height + _SLIPS_STRENGTH
    share = (int(told["offers"].sum()) + _SLIPS_STRENGTH * _SLIPS) / weight
    return share + _SLIPS_DOUBT * math.sqrt(share * (1 - share) / weight)


def _text() -> pl.Expr:
    """What counts once per account."""
    return pl.coalesce("template_id", "doc_id").alias("text")
