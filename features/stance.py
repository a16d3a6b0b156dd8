"""What a text is doing: offering an agency, selling a product, reporting, complaining, or something else.

In: the evidence of one text (frames, signals, amounts, contacts, each with its voice) or, for a post, a document's odds
with what is known of account and kind. Out: log-odds per stance, or stance and probability. Invariants: pure; slogans
alone decide nothing, because everybody repeats them: what counts is who asserts them, whether a sum is asked for entry
or for a product, whether somebody wants to be called, and what comes last in the text.

The weights are judgement, set on texts written for the purpose and checked on others (see the tests); they are log-odds
of a softmax over ``STANCES``, so that 2 more for one stance is about seven times the odds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from features import cues

if TYPE_CHECKING:
    from collections.abc import Mapping

STANCES: Final = ("offer", "vendor", "report", "complaint", "other")
#: In these nothing that is said is the author's own pitch.
ECHOES: Final = ("report", "complaint")

#: What each asserted trope says for an offer; more of the same trope adds nothing.
_TROPES: Final = {
    "recruitment_tiers": 1.3,
    "refund_on_target": 1.3,
    "guaranteed_income": 1.2,
    "passive_income": 0.8,
    "no_refund": 0.7,
    "liability_shift": 0.6,
    "ban_evasion": 0.6,
    "urgency": 0.6,
    "source_manufacturer": 0.6,
    "label_removal": 0.3,
    "zero_threshold": 0.4,
    "fomo": 0.4,
    "false_authority": 0.3,
    "recovery_offer": 0.2,
    "contact_elsewhere": 0.3,
}
#: A text that is rather something else is still heard as a pitch if an offer is this near in log-odds.
_NEAR: Final = 0.7
#: How far a stance without any ground of its own stays behind ``other``.
_GROUNDLESS: Final = 1.5
#: Characters from which on a text is long.
_LONG: Final = 500


def judged_odds(evidence: cues.Evidence) -> dict[str, float]:
    """Log-odds per stance by judgement: the prior from which ``tests/harness/fit_stance.py`` learns corrections.

    Args:
        evidence: From ``cues.gather``.

    Returns:
        ``STANCES`` → log-odds.
    """
    own, said = evidence.asserted, evidence.any_voice
    strong, weak = evidence.topics.get("strong", 0), evidence.topics.get("weak", 0)
    foreign = evidence.topics.get("other_trade", 0)
    is_foreign = foreign > 0 and not strong and foreign >= weak
    is_self = min(1, said.get("self", 0))
    griefs = (
        1.3 * cues.more(said.get("bad_end", 0))
        + 0.5 * cues.more(said.get("bad_hint", 0))
        + 0.8 * cues.more(said.get("paid", 0))
        + 0.9 * cues.more(said.get("complaint_form", 0))
        + 1.3 * min(1, said.get("rally", 0))
    )
    if said.get("paid", 0) and said.get("bad_end", 0) + said.get("bad_hint", 0):
        griefs += 0.9
    news = (
        1.3 * cues.more(said.get("news", 0))
        + 0.6 * cues.more(said.get("news_hint", 0))
        + 1.0 * cues.more(said.get("law", 0))
        + 0.8 * cues.more(said.get("warning", 0))
        + 0.3 * cues.more(evidence.echoed_count - evidence.denied_count)
        + (0.8 if evidence.length > 800 else 0.0)
    )
    bid = (
        1.9 * min(1, own.get("seek", 0))
        + 1.1 * min(1, own.get("right", 0))
        + 0.6 * min(1, own.get("entry", 0))
        + 0.7 * min(1, own.get("tier_prices", 0))
        + 1.1 * min(1, own.get("oem", 0))
        + 1.2 * min(1, evidence.fee_count)
    )
    pull = 0.4 * min(1, own.get("support", 0)) + sum(
        weight for trope, weight in _TROPES.items() if trope in evidence.tropes
    )
    call = 0.7 * min(1, own.get("call", 0)) + 0.5 * min(1, evidence.own_contact_count)
    jobs = 1.3 * cues.more(own.get("job", 0)) + 0.6 * cues.more(own.get("job_hint", 0))
    legit = (
        1.0 * cues.more(own.get("legit", 0))
        + 0.4 * cues.more(own.get("legit_hint", 0))
        + 0.7 * cues.more(evidence.price_count)
    )
    denial = 1.8 * min(1, said.get("disclaim", 0)) + 0.6 * cues.more(
        evidence.denied_count
    )
    variety = len(evidence.tropes - {"contact_elsewhere", "recovery_offer"})
    # Asserting many tropes at once is a pitch, whatever it says of others; a helper of victims speaks of their losses.
    if variety >= 3:
        griefs *= 0.5
    if "recovery_offer" in evidence.tropes:
        griefs *= 0.4
    # A warner or a buyer who ends by asking to be called speaks for himself (CONTRACT §9); one who rallies victims not.
    if (
        call > 0
        and bid + pull >= 2.0
        and evidence.last_bid > evidence.last_grief
        and not said.get("rally", 0)
    ):
        griefs, news = 0.4 * griefs, 0.5 * news
        bid += 0.7 * min(1, own.get("turn", 0) + own.get("contented", 0))
    # A long text has room for everything; what counts is how much of it is a pitch.
    share = min(1.0, (_LONG / max(1, evidence.length)) ** 0.5)
    bid, pull, call = share * bid, share * min(pull, 5.0), share * call
    odds = {
        "offer": -1.2 + bid + 0.5 * share * min(3, max(0, variety - 1)) + pull + call - 0.9 * denial - 0.45 * legit - 1.0 * jobs - 0.35 * news - 0.5 * griefs,
        "vendor": -1.3 + legit + denial + 0.3 * call - 0.5 * bid - 0.35 * pull - 0.8 * jobs - 0.35 * news - 0.5 * griefs,
        "report": -1.0 + news - 0.5 * call - 0.2 * griefs - 0.4 * is_self,
        "complaint": -1.2 + griefs + 0.5 * is_self - 0.25 * news,
        "other": 0.25 + jobs + share * (0.6 * cues.more(own.get("tutorial", 0)) + 0.8 * cues.more(own.get("question", 0))) - 0.3 * call,
    }  # fmt: skip
    if is_foreign:
        odds["offer"] = min(odds["offer"] - 4.0, -1.5)
        odds["vendor"] = min(odds["vendor"] - 3.0, -1.0)
        odds["other"] += 1.0
    elif not strong:
        sells_ground = own.get("right", 0) and (
            own.get("entry", 0) or evidence.fee_count
        )
        odds["offer"] -= 0.3 if weak or sells_ground else 2.2
        odds["vendor"] -= 0.4 if weak or legit >= 1.5 else 1.4
        if not weak and not said.get("paid", 0):
            odds["complaint"] -= 0.2
            odds["report"] -= 0.4
    return odds


def document_odds(
    evidence: cues.Evidence, weights: Mapping[str, tuple[float, ...]]
) -> dict[str, float]:
    """Log-odds per stance by wording alone: what is judged, corrected by what was learned.

    Corrections fade with length beyond ``_LONG`` characters: they were fitted on posts.

    Args:
        evidence: From ``cues.gather``.
        weights: For each cue what it adds to the log-odds of ``STANCES``, in their order; fitted, data of the pack.

    Returns:
        ``STANCES`` → log-odds; only differences mean something.
    """
    odds = judged_odds(evidence)
    # Learned from posts: in a text of many paragraphs every cue is there once, and what was learned of each says little.
    share = min(1.0, _LONG / max(1, evidence.length))
    for cue, value in cues.values(evidence).items():
        for name, weight in zip(STANCES, weights.get(cue, ()), strict=False):
            odds[name] += share * value * weight
    for name in set(STANCES) - cues.grounds(evidence) - {"other"}:
        odds[name] = min(odds[name], odds["other"] - _GROUNDLESS)
    return {name: round(value, 4) for name, value in odds.items()}


def best(odds: Mapping[str, float]) -> str:
    """The likeliest stance; of equal ones the first of ``STANCES``."""
    return max(STANCES, key=lambda name: odds[name])


def is_echo(odds: Mapping[str, float]) -> bool:
    """Whether a text reports or complains: nothing in it is the author's own pitch."""
    return best(odds) in ECHOES


def is_pitch(odds: Mapping[str, float]) -> bool:
    """Whether a text sells or recruits in the pack's trade, or might well: short ads show little of themselves."""
    likeliest = best(odds)
    if likeliest == "other":
        return odds["offer"] > odds["other"] - _NEAR
    return likeliest not in ECHOES


def is_on_topic(evidence: cues.Evidence) -> bool:
    """Whether the text is about the pack's trade: named plainly, or hinted at inside a bid for partners."""
    if evidence.topics.get("strong", 0):
        return True
    bids = sum(
        1 for name in ("seek", "right", "entry", "oem") if evidence.asserted.get(name)
    )
    return (
        evidence.topics.get("weak", 0) > 0
        and evidence.topics.get("other_trade", 0) == 0
        and bids >= 1
    )


#: Odds of a document with nothing that the prefilter looks for.
NOTHING: Final = {
    "offer": -4.0,
    "vendor": -3.5,
    "report": -3.5,
    "complaint": -3.5,
    "other": 2.5,
}


def post_stances(posts: pl.DataFrame, doc_stances: pl.DataFrame) -> pl.DataFrame:
    """Stance of each post: its document's odds with what account, kind and listing add.

    Args:
        posts: One row per post: ``post_id``, ``doc_id``, ``kind``, and, where known, ``author_verified``,
            ``complaint_target``, ``listing_price_yuan``, ``name_says`` (``report``, ``offer``). Columns that are absent count as null.
        doc_stances: contracts.DOC_STANCES.

    Returns:
        ``post_id``, ``stance``, ``stance_probability`` (0–1), ``is_on_topic``, in the order of ``posts``. A post whose
        document was not read is ``other`` with the probability of an empty text.
    """
    known = set(posts.columns)
    verified = _column("author_verified", known)
    kind = _column("kind", known)
    is_complaint = (kind == "complaint") | _column(
        "complaint_target", known
    ).is_not_null()
    is_public = verified.is_in(["government", "media"])
    name = _column("name_says", known)
    has_price = _column("listing_price_yuan", known).is_not_null()
    added: dict[str, pl.Expr] = {
        "offer": _when(is_complaint, -5.0) + _when(is_public, -20.0) + _when(kind == "article", -0.4) + _when(name == "offer", 0.6),
        "vendor": _when(is_complaint, -4.0) + _when(is_public, -10.0) + _when(kind == "listing", 0.7) + _when(has_price, 0.4),
        "report": _when(is_complaint, -3.0) + _when(is_public, 5.0) + _when(kind == "article", 0.8) + _when(name == "report", 1.2) + _when(kind == "listing", -1.0),
        "complaint": _when(is_complaint, 6.0) + _when(is_public, -2.5) + _when(kind == "comment", 0.3) + _when(kind == "listing", -2.0),
        "other": _when(is_complaint, -2.0),
    }  # fmt: skip
    joined = posts.join(
        doc_stances, on="doc_id", how="left", maintain_order="left"
    ).with_columns(
        (pl.col(name).fill_null(NOTHING[name]) + added[name]).alias(name)
        for name in STANCES
    )
    highest = pl.max_horizontal(STANCES)
    total = pl.sum_horizontal((pl.col(name) - highest).exp() for name in STANCES)
    best = pl.coalesce(
        pl.when(pl.col(name) == highest).then(pl.lit(name)) for name in STANCES
    )
    return joined.select(
        "post_id",
        stance=best,
        stance_probability=(1.0 / total).round(4),
        is_on_topic=pl.col("is_on_topic").fill_null(value=False),
    )


def _column(name: str, known: set[str]) -> pl.Expr:
    return pl.col(name) if name in known else pl.lit(None, dtype=pl.String)


def _when(condition: pl.Expr, weight: float) -> pl.Expr:
    return pl.when(condition.fill_null(value=False)).then(weight).otherwise(0.0)
