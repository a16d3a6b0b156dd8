"""What a text is doing: offering an agency, selling a product, reporting, complaining, or something else.

In: the evidence of texts (frames, signals, amounts, contacts, each with its voice) or, for a post, a document's odds
with what is known of account and kind. Out: log-odds per stance, a column each, or stance and probability. Invariants: pure; slogans
alone decide nothing, because everybody repeats them: what counts is who asserts them, whether a sum is asked for entry
or for a product, whether somebody wants to be called, and what comes last in the text.

Weights are log-odds of a softmax over ``STANCES``, so that 2 more for one stance is about seven times the odds. A pack brings
those that were learned; one that has learned nothing is read by judgement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from features.speech import cues

if TYPE_CHECKING:
    from collections.abc import Mapping

STANCES: Final = ("offer", "vendor", "report", "complaint", "other")
_NAMES: Final = np.array(STANCES)
#: In these nothing that is said is the author's own pitch.
ECHOES: Final = ("report", "complaint")
#: Verifications of accounts that report, whatever they quote.
PUBLIC: Final = ("government", "media")

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
#: What judgement counts beside what was learned where a text names the trade and holds several parts of the script: plain ads in
#: the trade's best-known words keep their reading, of which writers make few. Of posts of writers left out 0.889 are read right
#: so, 0.890 without, and 0.885 where judgement counts as much in all texts.
JUDGEMENT: Final = 0.3
_NOTHING: Final = np.zeros(())
#: A text that is rather something else is still heard as a pitch if an offer is this near in log-odds.
_NEAR: Final = 0.7
#: How much likelier than report and complaint a pitch must be, in log-odds.
_DOUBT: Final = 0.5
#: How far an offer of another trade stays behind ``other``, and how often it has to be named: of 32 offers of the trade
#: that name another one too, in held-out posts of writers learned from, 22 do so once.
_FOREIGN: Final = 1.5
_NAMED_OFTEN: Final = 2
#: How much likelier than was learned an offer has to be: whoever is taken for one may be listed. Of vendors and jobs of writers
#: left out 58 of 2,265 are read as offers with it and 74 without, of reports and complaints 2.9 % instead of 4.0 %, of offers 1.2 %
#: fewer; as many texts are read right (0.887 and 0.886).
_CAUTION: Final = 0.35
#: What a stance without any ground of its own loses.
_GROUNDLESS: Final = 1.5
#: What every stance but ``other`` loses where nothing of the trade nor of its script is named: chat, of which writers make little.
#: Of posts of writers left out 0.889 are read right with it, 0.890 without.
_MUTE: Final = 1.5
#: Characters from which on a text is long.
_LONG: Final = 500


def judged_odds(evidence: cues.Evidence) -> dict[str, cues.Column]:
    """Log-odds per stance by judgement: how a pack reads that has learned nothing of cues and phrases yet.

    Args:
        evidence: From ``cues.gather``.

    Returns:
        ``STANCES`` → log-odds, a column each.
    """
    own, said = evidence.asserted, evidence.any_voice
    strong, weak = (cues.count(evidence.topics, name) for name in ("strong", "weak"))
    is_self = cues.has(said, "self")
    griefs = (
        1.3 * cues.more(cues.count(said, "bad_end"))
        + 0.5 * cues.more(cues.count(said, "bad_hint"))
        + 0.8 * cues.more(cues.count(said, "paid"))
        + 0.9 * cues.more(cues.count(said, "complaint_form"))
        + 1.3 * cues.has(said, "rally")
    )
    griefs = griefs + 0.9 * cues.has(said, "paid") * cues.has(
        said, "bad_end", "bad_hint"
    )
    news = (
        1.3 * cues.more(cues.count(said, "news"))
        + 0.6 * cues.more(cues.count(said, "news_hint"))
        + 1.0 * cues.more(cues.count(said, "law"))
        + 0.8 * cues.more(cues.count(said, "warning"))
        + 0.3 * cues.more(evidence.echoed_count - evidence.denied_count)
        + 0.8 * (evidence.length > 800)
    )
    bid = (
        1.9 * cues.has(own, "seek")
        + 1.1 * cues.has(own, "right")
        + 0.6 * cues.has(own, "entry")
        + 0.7 * cues.has(own, "tier_prices")
        + 1.1 * cues.has(own, "oem")
        + 1.2 * np.minimum(1, evidence.fee_count)
    )
    pull = 0.4 * cues.has(own, "support") + sum(
        weight * evidence.tropes[trope]
        for trope, weight in _TROPES.items()
        if trope in evidence.tropes
    )
    call = 0.7 * cues.has(own, "call") + 0.5 * np.minimum(1, evidence.own_contact_count)
    jobs = 1.3 * cues.more(cues.count(own, "job")) + 0.6 * cues.more(
        cues.count(own, "job_hint")
    )
    legit = (
        1.0 * cues.more(cues.count(own, "legit"))
        + 0.4 * cues.more(cues.count(own, "legit_hint"))
        + 0.7 * cues.more(evidence.price_count)
    )
    denial = 1.8 * cues.has(said, "disclaim") + 0.6 * cues.more(evidence.denied_count)
    variety = cues.pitch_count(evidence)
    # Asserting many tropes at once is a pitch, whatever it says of others; a helper of victims speaks of their losses.
    griefs = np.where(variety >= 3, griefs * 0.5, griefs)
    griefs = np.where(
        cues.has(evidence.tropes, "recovery_offer") > 0, griefs * 0.4, griefs
    )
    # A warner or a buyer who ends by asking to be called speaks for himself (CONTRACT §9); one who rallies victims not.
    is_turned = (
        (call > 0)
        & (bid + pull >= 2.0)
        & (evidence.last_bid > evidence.last_grief)
        & (cues.count(said, "rally") == 0)
    )
    griefs = np.where(is_turned, 0.4 * griefs, griefs)
    news = np.where(is_turned, 0.5 * news, news)
    turns = 0.7 * cues.has(own, "turn", "contented")
    bid = np.where(is_turned, bid + turns, bid)
    # A long text has room for everything; what counts is how much of it is a pitch.
    share = np.minimum(1.0, (_LONG / np.maximum(1, evidence.length)) ** 0.5)
    bid, pull, call = share * bid, share * np.minimum(pull, 5.0), share * call
    odds = {
        "offer": -1.2 + bid + 0.5 * share * np.minimum(3, np.maximum(0, variety - 1)) + pull + call - 0.9 * denial - 0.45 * legit - 1.0 * jobs - 0.35 * news - 0.5 * griefs,
        "vendor": -1.3 + legit + denial + 0.3 * call - 0.5 * bid - 0.35 * pull - 0.8 * jobs - 0.35 * news - 0.5 * griefs,
        "report": -1.0 + news - 0.5 * call - 0.2 * griefs - 0.4 * is_self,
        "complaint": -1.2 + griefs + 0.5 * is_self - 0.25 * news,
        "other": 0.25 + jobs + share * (0.6 * cues.more(cues.count(own, "tutorial")) + 0.8 * cues.more(cues.count(own, "question"))) - 0.3 * call,
    }  # fmt: skip
    is_foreign = cues.is_foreign(evidence)
    is_unnamed = ~is_foreign & (strong == 0)
    is_hinted = weak > 0
    sells_ground = (cues.count(own, "right") > 0) & (
        (cues.count(own, "entry") > 0) | (evidence.fee_count > 0)
    )
    offer, vendor = odds["offer"], odds["vendor"]
    odds["offer"] = np.where(
        is_foreign,
        np.minimum(offer - 4.0, -1.5),
        offer - is_unnamed * np.where(is_hinted | sells_ground, 0.3, 2.2),
    )
    odds["vendor"] = np.where(
        is_foreign,
        np.minimum(vendor - 3.0, -1.0),
        vendor - is_unnamed * np.where(is_hinted | (legit >= 1.5), 0.4, 1.4),
    )
    odds["other"] = odds["other"] + 1.0 * is_foreign
    is_aside = is_unnamed & ~is_hinted & (cues.count(said, "paid") == 0)
    odds["complaint"] = odds["complaint"] - 0.2 * is_aside
    odds["report"] = odds["report"] - 0.4 * is_aside
    for name, is_grounded in cues.grounds(evidence).items():
        odds[name] = odds[name] - _GROUNDLESS * np.logical_not(is_grounded)
    return odds


def document_odds(
    evidence: cues.Evidence, weights: Mapping[str, tuple[float, ...]], told: cues.Column
) -> dict[str, cues.Column]:
    """Log-odds per stance by wording alone: what was learned of cues and of phrases; for a pack that has learned nothing, what is judged.

    Args:
        evidence: From ``cues.gather``.
        weights: For each cue what it adds to the log-odds of ``STANCES``, in their order; fitted, data of the pack.
        told: What phrases add, from ``phrases.stance_odds``.

    Returns:
        ``STANCES`` → log-odds, a column each; only differences mean something.
    """
    judged, found = judged_odds(evidence), cues.values(evidence)
    trust = JUDGEMENT * found.get("script_on_topic", _NOTHING) if weights else 1.0
    phrases = np.moveaxis(told, -1, 0)
    # A row for each stance, so that a cue is added to all five at once.
    every = np.empty_like(phrases, dtype=np.float64)
    for place, name in enumerate(STANCES):
        every[place] = trust * judged[name]
    column = (len(STANCES), *(1,) * (every.ndim - 1))
    for cue, value in found.items():
        if cue in weights:
            every += np.reshape(weights[cue], column) * value
    odds = dict(zip(STANCES, every + phrases, strict=True))
    is_named = found.get("topic_strong", _NOTHING) + found.get("topic_weak", _NOTHING)
    is_mute = found.get("nothing", _NOTHING) * (is_named == 0)
    for name in STANCES[:-1]:
        odds[name] = odds[name] - _MUTE * is_mute
    odds["offer"] = odds["offer"] - _CAUTION
    # Honest trades have agencies, fees and territories too; what they name more than once is what they sell.
    is_elsewhere = cues.is_foreign(evidence) & (
        cues.count(evidence.topics, "other_trade") >= _NAMED_OFTEN
    )
    behind = np.minimum(odds["offer"], odds["other"] - _FOREIGN)
    odds["offer"] = np.where(is_elsewhere, behind, odds["offer"])
    return {name: np.round(value, 4) for name, value in odds.items()}


def numbers(odds: Mapping[str, cues.Column]) -> cues.Column:
    """The likeliest stance of each text, by its number in ``STANCES``; of equal ones the first."""
    likeliest: cues.Column = np.argmax([odds[name] for name in STANCES], axis=0)
    return likeliest


def best(odds: Mapping[str, cues.Column]) -> cues.Column:
    """The likeliest stance of each text, by name; of equal ones the first of ``STANCES``."""
    names: cues.Column = _NAMES[numbers(odds)]
    return names


def is_echo(odds: Mapping[str, cues.Column]) -> cues.Column:
    """Whether texts report or complain: nothing in them is the author's own pitch."""
    return np.isin(best(odds), ECHOES)


def is_pitch(odds: Mapping[str, cues.Column]) -> cues.Column:
    """Whether texts sell or recruit in the pack's trade, or might well: short ads show little of themselves."""
    echo = np.maximum(odds["report"], odds["complaint"])
    # Where a text might as well be a reporter's or a victim's, nothing in it is held against its author.
    is_own = np.maximum(odds["offer"], odds["vendor"]) > echo + _DOUBT
    is_near = odds["offer"] > odds["other"] - _NEAR
    pitches: cues.Column = is_own & ((best(odds) != "other") | is_near)
    return pitches


def is_own(odds: Mapping[str, cues.Column]) -> cues.Column:
    """Whether texts speak for themselves: pitches, and talk, jobs and other trades' pitches that are no echo."""
    echo = np.maximum(odds["report"], odds["complaint"])
    is_talk = (best(odds) == "other") & (odds["other"] > echo + _DOUBT)
    own: cues.Column = is_pitch(odds) | is_talk
    return own


def is_on_topic(evidence: cues.Evidence) -> cues.Column:
    """Whether texts are about the pack's trade: named plainly, or hinted at inside a bid for partners."""
    is_named = cues.count(evidence.topics, "strong") > 0
    is_bid = cues.count(evidence.asserted, "seek", "right", "entry", "oem") > 0
    is_hinted = (cues.count(evidence.topics, "weak") > 0) & (
        cues.count(evidence.topics, "other_trade") == 0
    )
    is_about: cues.Column = is_named | (is_hinted & is_bid)
    return is_about


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
            ``complaint_target``, ``listing_price_yuan``, and ``byline_<stance>``: what ``bylines`` adds. Columns that are absent
            count as null, and a null adds nothing.
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
    is_public = verified.is_in(PUBLIC)
    has_price = _column("listing_price_yuan", known).is_not_null()
    added: dict[str, pl.Expr] = {
        "offer": _when(is_complaint, -5.0) + _when(is_public, -20.0) + _when(kind == "article", -0.4),
        "vendor": _when(is_complaint, -4.0) + _when(is_public, -10.0) + _when(kind == "listing", 0.7) + _when(has_price, 0.4),
        "report": _when(is_complaint, -3.0) + _when(is_public, 9.0) + _when(kind == "article", 0.8) + _when(kind == "listing", -1.0),
        "complaint": _when(is_complaint, 6.0) + _when(is_public, -2.5) + _when(kind == "comment", 0.3) + _when(kind == "listing", -2.0),
        "other": _when(is_complaint, -2.0),
    }  # fmt: skip
    joined = posts.join(
        doc_stances, on="doc_id", how="left", maintain_order="left"
    ).with_columns(
        (pl.col(name).fill_null(NOTHING[name]) + added[name] + _column(f"byline_{name}", known, pl.Float64).fill_null(0.0)).alias(name)
        for name in STANCES
    )  # fmt: skip
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


def _column(name: str, known: set[str], kind: type[pl.DataType] = pl.String) -> pl.Expr:
    return pl.col(name) if name in known else pl.lit(None, dtype=kind)


def _when(condition: pl.Expr, weight: float) -> pl.Expr:
    return pl.when(condition.fill_null(value=False)).then(weight).otherwise(0.0)
