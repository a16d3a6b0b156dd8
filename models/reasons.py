"""Why a seller has its score, in words, each with the post that shows it.

In: contributions in log-odds, per rule or per feature, the features, and ``evidence.evidence_posts``. Out:
contracts.REASONS. Codes and families are the catalogue's for both sources, so a reason keeps its name when the learner
takes over. A reason is never built on a feature that the seller's data do not show (null or 0), and a feature whose
direction is known speaks in that direction only. Reasons against the seller (positive) come first; every scored seller
has at least one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features import catalogue
from models.knowledge import label_model
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from models import labels

    Reals = NDArray[np.float64]

#: Reasons told per seller, and the log-odds below which something is no reason.
MOST, LEAST = 8, 0.05


#: What speaks for or against a seller: ``row`` is its place among the scored, ``feature`` gives figure and evidence,
#: ``lead_*`` what is said before the figure (or instead of it, where ``feature`` is null).
TERMS = {
    "row": pl.Int64(),
    "reason": pl.String(),
    "family": pl.String(),
    "feature": pl.String(),
    "lead_zh": pl.String(),
    "lead_en": pl.String(),
    "contribution": pl.Float64(),
    "key": pl.String(),
}


def main_feature(rule: labels.Rule) -> str:
    """The feature that a rule is about: the first of its own family, else the first that is not the mere offer.

    Conditions that hold where nothing is shown (``== 0``, ``< 3``) are passed over while there are others.
    """
    shown = [part.feature for part in rule.when if part.op in {">=", ">"}]
    names = shown or [part.feature for part in rule.when]
    own = [name for name in names if catalogue.BY_NAME[name].family == rule.family]
    special = [
        name for name in names if catalogue.BY_NAME[name].reason != "offers_agency"
    ]
    return (own or special or names)[0]


def rule_terms(
    features: pl.DataFrame,
    believed: label_model.Labelled,
    rules: Sequence[labels.Rule],
    *,
    share: float = 1.0,
) -> pl.DataFrame:
    """What the rules say of each seller.

    Args:
        features: Seller features, one row per scored seller.
        believed: What the rules say of these sellers.
        rules: The rules, in that order.
        share: Share of the score that is theirs.

    Returns:
        ``TERMS``, one row per seller and vote, and one where a reading is unsure.
    """
    told_about = [catalogue.BY_NAME[main_feature(rule)] for rule in rules]
    table = pl.DataFrame(
        {
            "term": range(len(rules)),
            "reason": [feature.reason for feature in told_about],
            "family": [feature.family for feature in told_about],
            "feature": [feature.name for feature in told_about],
            "lead_zh": [rule.text_zh for rule in rules],
            "lead_en": [rule.text_en for rule in rules],
            "key": [feature.evidence for feature in told_about],
        },
        schema=_TABLE,
    )
    votes = _terms(believed.contributions * share, believed.contributions != 0, table)
    return pl.concat([votes, _doubts(believed.reading_doubt * share, features)])


def model_terms(
    features: pl.DataFrame, contributions: Reals, *, share: float = 1.0
) -> pl.DataFrame:
    """What a booster says of each seller.

    Args:
        features: Seller features, one row per scored seller.
        contributions: Seller × feature of the catalogue, log-odds.
        share: Share of the score that is the booster's.

    Returns:
        ``TERMS``, one row per seller and feature that its data show.
    """
    table = pl.DataFrame(
        {
            "term": range(len(catalogue.FEATURES)),
            "reason": [feature.reason for feature in catalogue.FEATURES],
            "family": [feature.family for feature in catalogue.FEATURES],
            "feature": catalogue.NAMES,
            "lead_zh": None,
            "lead_en": None,
            "key": [feature.evidence for feature in catalogue.FEATURES],
        },
        schema=_TABLE,
    )
    direction = np.array([feature.monotone for feature in catalogue.FEATURES])
    values = np.nan_to_num(features.select(catalogue.NAMES).to_numpy(), nan=0.0)
    is_plain = (direction == 0) | (np.sign(contributions) == direction)
    return _terms(
        contributions * share, (values != 0) & is_plain & (contributions != 0), table
    )


def told(
    features: pl.DataFrame,
    terms: Sequence[pl.DataFrame],
    evidence: pl.DataFrame,
    known: Reals,
    *,
    by_list: NDArray[np.bool_] | None = None,
) -> pl.DataFrame:
    """The reasons of all scored sellers.

    Args:
        features: Seller features, one row per scored seller.
        terms: ``rule_terms`` and ``model_terms`` that the score is made of; those of one code add up, the strongest
            gives text and evidence.
        evidence: As from ``evidence.evidence_posts``.
        known: Verdict per seller, NaN without.
        by_list: Which of them are an imported list's word rather than a reviewer's; null for none.

    Returns:
        contracts.REASONS, sorted by seller and rank, at most ``MOST`` and at least one per seller.
    """
    size, weight = pl.col("contribution").abs(), pl.col("contribution")
    summed = (
        pl.concat([pl.DataFrame(schema=TERMS), *terms])
        # Rules before features where both are equally strong: they say more.
        .sort(
            "row", "reason", size, pl.col("lead_en").is_not_null(), "feature", "lead_en"
        )
        .group_by("row", "reason", maintain_order=True)
        .agg(pl.exclude("contribution").last(), weight.sum())
        .filter(size >= LEAST)
        .select(list(TERMS))
    )
    by_list = np.zeros(known.size, dtype=np.bool_) if by_list is None else by_list
    spoken = pl.concat([summed, _verdicts(known, by_list)])
    silent = np.setdiff1d(np.arange(features.height), spoken["row"].to_numpy())
    ids = features.select("seller_id").with_row_index("row").cast({"row": pl.Int64})
    any_post = evidence.filter(pl.col("key") == "post").select(
        "seller_id", any_post="post_id"
    )
    ranked = (
        pl.concat([spoken, _little(silent, features)])
        .sort("row", weight <= 0, -size, "reason")
        .with_columns((pl.int_range(pl.len()).over("row") + 1).alias("rank"))
        .filter(pl.col("rank") <= MOST)
        .join(ids, on="row")
        .join(evidence, on=["seller_id", "key"], how="left")
        .join(any_post, on="seller_id", how="left")
        .with_columns(pl.coalesce("post_id", "any_post").alias("evidence_post_id"))
    )
    return contracts.REASONS.check(
        _worded(ranked, features)
        .select(list(contracts.REASONS.columns))
        .sort("seller_id", "rank")
    )


_TABLE = {
    "term": pl.Int64(),
    **{
        name: dtype
        for name, dtype in TERMS.items()
        if name not in {"row", "contribution"}
    },
}


def _terms(
    contributions: Reals, is_told: NDArray[np.bool_], table: pl.DataFrame
) -> pl.DataFrame:
    """The told entries of a matrix as rows, with what ``table`` says of their column."""
    rows, columns = np.nonzero(is_told)
    entries = pl.DataFrame(
        {
            "row": rows.astype(np.int64),
            "term": columns.astype(np.int64),
            "contribution": contributions[rows, columns],
        }
    )
    return entries.join(table, on="term").select(list(TERMS))


def _worded(ranked: pl.DataFrame, features: pl.DataFrame) -> pl.DataFrame:
    """Adds ``text_zh`` and ``text_en`` with the seller's figure; each distinct figure is written once."""
    figures = []
    for (name,), part in (
        ranked.drop_nulls("feature")
        .select("feature", "row")
        .group_by("feature", maintain_order=True)
    ):
        feature = catalogue.BY_NAME[str(name)]
        values = features[feature.name].gather(part["row"]).fill_null(0.0)
        distinct = values.unique().sort()
        shown = [catalogue.show_value(feature, value) for value in distinct.to_list()]
        texts = pl.DataFrame(
            {
                "value": distinct,
                "figure_zh": [feature.text_zh.format(value=text) for text in shown],
                "figure_en": [feature.text_en.format(value=text) for text in shown],
            }
        )
        figures.append(
            part.with_columns(values.alias("value"))
            .join(texts, on="value", maintain_order="left")
            .select("feature", "row", "figure_zh", "figure_en")
        )
    empty = pl.DataFrame(
        schema={
            "feature": pl.String,
            "row": pl.Int64,
            "figure_zh": pl.String,
            "figure_en": pl.String,
        }
    )
    told = ranked.join(
        pl.concat([empty, *figures]).unique(), on=["feature", "row"], how="left"
    )
    return told.with_columns(
        pl.coalesce(
            pl.format("{}（{}）", "lead_zh", "figure_zh"), "figure_zh", "lead_zh"
        ).alias("text_zh"),
        pl.coalesce(
            pl.format("{} ({})", "lead_en", "figure_en"), "figure_en", "lead_en"
        ).alias("text_en"),
    )


def _stated(
    rows: NDArray[np.int64],
    contribution: Reals,
    *,
    reason: list[str],
    family: str,
    key: str,
    texts: Sequence[tuple[str, str]],
) -> pl.DataFrame:
    """Terms that bring their own words."""
    return pl.DataFrame(
        {
            "row": rows.astype(np.int64),
            "reason": reason,
            "family": [family] * rows.size,
            "feature": [None] * rows.size,
            "lead_zh": [zh for zh, _ in texts],
            "lead_en": [en for _, en in texts],
            "contribution": contribution,
            "key": [key] * rows.size,
        },
        schema=TERMS,
    )


def _doubts(doubt: Reals, features: pl.DataFrame) -> pl.DataFrame:
    """What speaks for a seller whose posts may have been read wrongly; silent where no post was read as an offer."""
    certainty = features["offer_certainty"].fill_null(0.0).to_numpy()
    rows = np.flatnonzero((doubt <= -LEAST) & (certainty > 0))
    shown = [f"{share * 100:.0f}%" for share in certainty[rows].tolist()]
    texts = [
        (
            f"综合全部内容，该账号在招代理的概率只有 {share}",
            f"offers an agency with a probability of only {share}, by all its posts together",
        )
        for share in shown
    ]
    return _stated(
        rows,
        doubt[rows],
        reason=["unsure_reading"] * rows.size,
        family="behaviour",
        key="stance:offer",
        texts=texts,
    )


#: Who says what, in words.
_WORDS = {
    ("reviewed", True): ("审核人员认定为骗术", "a reviewer decided: fraud"),
    ("reviewed", False): ("审核人员认定为正当经营", "a reviewer decided: benign"),
    ("labelled", True): ("导入名单标为骗术", "an imported list says: fraud"),
    ("labelled", False): ("导入名单标为正当经营", "an imported list says: benign"),
}


def _verdicts(known: Reals, by_list: NDArray[np.bool_]) -> pl.DataFrame:
    """The word of a reviewer or list, filed under what people outside say of a seller."""
    rows = np.flatnonzero(~np.isnan(known))
    said = [
        ("labelled" if listed else "reviewed", fraud)
        for listed, fraud in zip(
            by_list[rows].tolist(), (known[rows] == 1).tolist(), strict=True
        )
    ]
    size = label_model.VERDICT_LOG_ODDS
    return _stated(
        rows,
        np.where(known[rows] == 1, size, -size).astype(np.float64),
        reason=[f"{who}_{'fraud' if fraud else 'benign'}" for who, fraud in said],
        family="complaint",
        key="post",
        texts=[_WORDS[each] for each in said],
    )


def _little(rows: NDArray[np.int64], features: pl.DataFrame) -> pl.DataFrame:
    """For sellers about whom nothing speaks: so many posts were read and none of them tells."""
    counts = [
        f"{count or 0:,.0f}" for count in features["post_count"].gather(rows).to_list()
    ]
    return _stated(
        rows,
        np.zeros(rows.size),
        reason=["little_evidence"] * rows.size,
        family="behaviour",
        key="post",
        texts=[
            (
                f"已读 {count} 条内容，没有足以判断的依据",
                f"{count} posts read, nothing in them decides",
            )
            for count in counts
        ],
    )
