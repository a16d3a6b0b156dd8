"""What people, lists and rules say of each seller before anything is learned: verdicts, imported labels, rules' votes.

In: verdicts, labels, features and rules. Out: the word that holds per target, a number per seller, votes per seller and rule.
Our own lists are never an input.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

import numpy as np
import polars as pl

from features import catalogue
from features.sellers import parties
from warehouse import errors

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]


#: How surely a member is of its network's party; else it is an account like any other. A member of whom no post was read
#: as an offer says this much of an offer itself: it may show only what it sells, or chat.
COMPANY, UNHEARD = 0.9, 0.05
#: What is left of the certainty where no post is on the pack's topic and the wording is not that of its clear cases, of a
#: seller alone and of a network. A network has one trade: with so many of its members on topic the others are so too. Of 99 such
#: lone accounts of strangers 83 ran the scheme, where their posts alone said 0.82; of networks all of whose members are off topic,
#: 14,448 public messages held only such of other trades.
OTHER_TRADE, OTHER_TRADES, KINDRED, ON_TOPIC = 0.8, 0.6, 0.8, 0.25
#: Share of accounts without company that offer agencies: before anything is known, as so many accounts, and what it may be
#: estimated to. Most that offer share contacts: of strangers' lone accounts one in eight offered.
LONE, LONE_STRENGTH, LONE_RANGE = 0.1, 50.0, (0.05, 0.25)
_LONE_ROUNDS = 50
#: Members of a network whose wording counts together, at most. In a market of ten rings none of whom used a known noun,
#: three quarters of their members were listed before networks were heard as a whole, and nine tenths since.
WITNESSES = 4
_GROUP = "group"


class Condition(Protocol):
    """A comparison of one feature with a number; a null feature never meets it."""

    @property
    def feature(self) -> str:
        """A name of the catalogue."""

    @property
    def op(self) -> str:
        """One of ``<  <=  >  >=  ==  !=``."""

    @property
    def value(self) -> float:
        """The number compared with."""


class Rule(Protocol):
    """A labelling rule of a pack: it votes when all its conditions are met, else it abstains."""

    @property
    def name(self) -> str:
        """Stable name."""

    @property
    def family(self) -> str:
        """Reason family, one of ``catalogue.FAMILIES``."""

    @property
    def votes(self) -> str:
        """``scam`` or ``honest``."""

    @property
    def when(self) -> Sequence[Condition]:
        """At least one condition."""

    @property
    def text_zh(self) -> str:
        """What it found, for people."""

    @property
    def text_en(self) -> str:
        """The same in English."""


def standing_verdicts(verdicts: pl.DataFrame, *, as_of: datetime) -> pl.DataFrame:
    """The decision that holds for each target.

    Args:
        verdicts: contracts.VERDICTS; appended decisions in any order.
        as_of: Decisions after it are not known yet.

    Returns:
        One row per target: ``target``, ``verdict``, ``decided_at``. The latest word of one author counts; authors who
        disagree make ``unsure``; ``decided_at`` is the newest of the words that count.
    """
    latest = (
        verdicts.filter(pl.col("decided_at") <= as_of)
        .sort("decided_at", "verdict_id")
        .unique(["target", "author"], keep="last", maintain_order=True)
    )
    agreed = pl.when(pl.col("verdict").n_unique() == 1).then(pl.col("verdict").first())
    return (
        latest.group_by("target")
        .agg(
            agreed.otherwise(pl.lit("unsure")).alias("verdict"),
            pl.col("decided_at").max(),
        )
        .sort("target")
    )


def combined(
    verdicts: pl.DataFrame, imported: pl.DataFrame, *, as_of: datetime
) -> pl.DataFrame:
    """What is known of each target, a person's word before any list's.

    Args:
        verdicts: contracts.VERDICTS.
        imported: contracts.LABELS. The newest word of one list counts; lists that disagree make ``unsure``.
        as_of: What was decided later is not known.

    Returns:
        ``target``, ``verdict``, ``decided_at``, ``by`` (``reviewer:`` or ``list:`` and the name of who spoke last); one
        row per target. Any verdict, ``unsure`` too, silences the lists on its target.
    """
    by_people = _with_speaker(verdicts, as_of=as_of, prefix="reviewer")
    by_lists = _with_speaker(
        imported.rename({"label_id": "verdict_id", "source": "author"}),
        as_of=as_of,
        prefix="list",
    )
    return pl.concat(
        [by_people, by_lists.join(by_people, on="target", how="anti")]
    ).sort("target")


def _with_speaker(words: pl.DataFrame, *, as_of: datetime, prefix: str) -> pl.DataFrame:
    """Standing words with ``by``, the author of the newest."""
    newest = (
        words.filter(pl.col("decided_at") <= as_of)
        .sort("decided_at", "verdict_id")
        .unique("target", keep="last", maintain_order=True)
        .select("target", pl.concat_str(pl.lit(f"{prefix}:"), "author").alias("by"))
    )
    return standing_verdicts(words, as_of=as_of).join(newest, on="target")


def known_labels(seller_ids: pl.Series, verdicts: pl.DataFrame) -> Reals:
    """Verdicts as numbers, in the order of the sellers.

    Args:
        seller_ids: Sellers; verdicts on anything else (a network, an entry) label nobody.
        verdicts: ``target`` and ``verdict``, one row per target.

    Returns:
        1 for ``fraud``, 0 for ``benign``, NaN for ``unsure`` and for sellers without a verdict.
    """
    value = pl.col("verdict").replace_strict(
        {"fraud": 1.0, "benign": 0.0}, default=None, return_dtype=pl.Float64
    )
    joined = pl.DataFrame({"target": seller_ids}).join(
        verdicts.select("target", value.alias("known")),
        on="target",
        how="left",
        maintain_order="left",
    )
    return joined["known"].fill_null(float("nan")).to_numpy()


def lone_share(offer_certainty: pl.Series, group: pl.Series) -> float:
    """Estimate which share of the accounts that share contacts with nobody offers agencies.

    Args:
        offer_certainty: Of all accounts of the night, scored or not, with the odds of ``parties.PRIOR`` in it.
        group: Network of each, or the seller itself.

    Returns:
        The share under which its own posteriors have it as their mean, with ``LONE_STRENGTH`` accounts at ``LONE``, kept
        within ``LONE_RANGE``; ``LONE`` where nobody is alone.

    Source: Saerens, Latinne, Decaestecker (2002), "Adjusting the outputs of a classifier to new a priori probabilities".
    """
    rows = pl.DataFrame(
        {_GROUP: group, "sure": offer_certainty.cast(pl.Float64).fill_null(0.0)}
    ).filter(pl.len().over(_GROUP) == 1)
    # In one order, so that sums are the same whatever the order of rows.
    sure = rows["sure"].clip(0.0, 1 - 1e-4).sort().to_numpy()
    ratio = sure / (1 - sure) / _odds(parties.PRIOR)
    share = LONE
    for _ in range(_LONE_ROUNDS):
        odds = ratio * _odds(share)
        offering = float((odds / (1 + odds)).sum())
        share = (offering + LONE_STRENGTH * LONE) / (sure.size + LONE_STRENGTH)
        share = min(max(share, LONE_RANGE[0]), LONE_RANGE[1])
    return share


def reading_certainty(
    features: pl.DataFrame, group: pl.Series, *, lone: float = LONE
) -> Reals:
    """How sure it is that a seller offers an agency at all: what the rules see is worth no more than that.

    Args:
        features: As from ``behaviour.seller_features``.
        group: Network of each, or the seller itself: one network has one trade.
        lone: As from ``lone_share``; what is expected of a seller alone before its posts are read.

    Returns:
        Per seller, 0–1: the probability that it offers an agency, by its own posts and those of its network together
        (``COMPANY``); of it ``OTHER_TRADE`` or, of networks, ``OTHER_TRADES`` where all of it is off topic and worded unlike
        the pack's clear cases, the seller and its network as a whole: members write from the same scripts, so that their
        log-odds add up with the root of their number (at most of ``WITNESSES``).
    """
    own = pl.col("wording_likeness").cast(pl.Float64)
    kept = own.clip(1e-4, 1 - 1e-4)
    log_odds = (kept / (1 - kept)).log()
    whole = log_odds.mean().over(_GROUP) * (
        log_odds.count().over(_GROUP).clip(upper_bound=WITNESSES).sqrt()
    )
    on_topic = (pl.col("on_topic_share") > 0).cast(pl.Float64).mean().over(_GROUP)
    is_other_trade = (
        (pl.col("on_topic_share") == 0)
        & (on_topic < ON_TOPIC)
        & (own < KINDRED)
        & (whole < math.log(KINDRED / (1 - KINDRED)))
    )
    left = pl.when(pl.len().over(_GROUP) > 1).then(OTHER_TRADES).otherwise(OTHER_TRADE)
    ours = pl.when(is_other_trade).then(left).otherwise(1.0)
    rows = features.with_columns(group.alias(_GROUP))
    offers = pl.Series(
        "offers", _in_company(rows["offer_certainty"], rows[_GROUP], lone=lone)
    )
    return rows.select((offers * ours).alias("certainty"))["certainty"].to_numpy()


def _in_company(alone: pl.Series, group: pl.Series, *, lone: float) -> Reals:
    """Probability that each seller offers an agency once its network is heard, from those by its own posts.

    A network offers or does not; a member is of its network's party with probability ``COMPANY``, else like anybody. What is
    said of a network is the product over its members; of a seller alone the share of its like takes the place of that of all.
    """
    sure = alone.cast(pl.Float64).fill_null(0.0).clip(UNHEARD, 1 - 1e-4).to_numpy()
    even = _odds(parties.PRIOR)
    ratio = sure / (1 - sure) / even
    like_anybody = (1 - COMPANY) * (parties.PRIOR * ratio + 1 - parties.PRIOR)
    if_offers, if_not = COMPANY * ratio + like_anybody, COMPANY + like_anybody
    # Whole millionths add up to the same in any order.
    said = pl.Series((np.log(if_offers / if_not) * 1e6).round().astype(np.int64))
    summed = pl.DataFrame({"group": group, "said": said}).select(
        pl.col("said").sum().over("group") / 1e6, pl.len().over("group").alias("size")
    )
    odds = even * np.exp(np.clip(summed["said"].to_numpy(), -40, 40))
    network = odds / (1 + odds)
    stray = (1 - COMPANY) * parties.PRIOR * ratio
    heard = (
        network * (COMPANY * ratio + stray) / if_offers + (1 - network) * stray / if_not
    )
    by_itself = ratio * _odds(lone)
    is_alone = (summed["size"] == 1).to_numpy()
    return np.asarray(
        np.where(is_alone, by_itself / (1 + by_itself), heard), dtype=np.float64
    )


def _odds(probability: float) -> float:
    return probability / (1 - probability)


def rule_votes(features: pl.DataFrame, rules: Sequence[Rule]) -> NDArray[np.bool_]:
    """Which rule speaks about which seller.

    Args:
        features: As from ``behaviour.seller_features``.
        rules: The pack's rules.

    Returns:
        Seller × rule; a condition on a null feature is not met.

    Raises:
        ContractError: a rule names no feature of the catalogue or an unknown comparison.
    """
    columns = []
    for rule in rules:
        met = pl.lit(value=True)
        for condition in rule.when:
            if condition.feature not in catalogue.BY_NAME:
                message = f"Rule {rule.name}: no feature {condition.feature!r} in features/catalogue.py; correct the pack."
                raise errors.ContractError(message)
            met &= _comparison(rule, condition).fill_null(value=False)
        columns.append(met.alias(rule.name))
    if not columns:
        return np.zeros((features.height, 0), dtype=np.bool_)
    return features.select(columns).to_numpy().astype(np.bool_)


def _comparison(rule: Rule, condition: Condition) -> pl.Expr:
    column, value = pl.col(condition.feature), condition.value
    match condition.op:
        case ">=":
            return column >= value
        case ">":
            return column > value
        case "<=":
            return column <= value
        case "<":
            return column < value
        case "==":
            return column == value
        case "!=":
            return column != value
        case _:
            message = f"Rule {rule.name}: comparison {condition.op!r} is none of < <= > >= == !=; correct the pack."
            raise errors.ContractError(message)
