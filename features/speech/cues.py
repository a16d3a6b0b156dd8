"""Cues: what of a text tells what it is doing, counted, each under a name that a person can read.

In: the matches of a pack's patterns in the texts of a slice, signals with their voice, and counts of sums and contacts. Out:
``Evidence``, and from it the values of ``CUES``, which ``features.stance`` weighs. Invariants: pure; a cue is 0 where nothing
speaks for it; repetition counts less and less, so that no length of text can shout down the rest.

All numbers are columns with an entry for each text; what is written here for one column is meant for each text of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from features import catalogue
from features.engine import native
from features.speech import voice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from features import signals
    from features.matching import matcher

#: A number, or a truth, for each text of a slice.
Column = npt.NDArray[Any]

#: What a text may be doing; packs have patterns for each.
FRAMES: Final = (
    "seek", "right", "entry", "tier_prices", "oem", "support", "call", "rally", "paid", "bad_end", "bad_hint", "self",
    "complaint_form", "news", "news_hint", "law", "warning", "job", "job_hint", "tutorial", "question", "legit",
    "legit_hint", "disclaim", "turn", "contented", "bare_offer", "to_you", "outcry", "let_down", "told", "figures",
    "official", "courtroom", "end_terms", "trade_terms", "jest",
)  # fmt: skip
_ASKING: Final = ("?", "吗", "么", "嘛")
#: Frames whose places are the author's bid for partners, and those of a grievance, warning or news.
_BIDS: Final = ("seek", "right", "entry", "oem", "call")
_GRIEFS: Final = ("bad_end", "complaint_form", "warning", "law", "paid")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What texts show, counted; each value is a column.

    Attributes:
        topics: Places per topic (``strong``, ``weak``, ``other_trade``); a topic that stands nowhere may be absent.
        asserted: Places per frame that are the author's own words; frames may be absent.
        any_voice: Places per frame, whatever the voice; frames may be absent.
        tropes: 1 where a signal is asserted, else 0, by name; signals may be absent.
        echoed_count: Number of quoted or denied signal places.
        denied_count: Number of denied ones among them.
        fee_count: Asserted entry fees.
        price_count: Asserted product prices.
        own_contact_count: Contacts that are the author's by wording.
        length: Characters of the plain text.
        last_bid: Where the author last bids for partners; -1 if nowhere.
        last_grief: Where the last grievance or warning stands; -1 if nowhere.
        is_asking: Whether the text ends in a question.
    """

    topics: Mapping[str, Column]
    asserted: Mapping[str, Column]
    any_voice: Mapping[str, Column]
    tropes: Mapping[str, Column]
    echoed_count: Column
    denied_count: Column
    fee_count: Column
    price_count: Column
    own_contact_count: Column
    length: Column
    last_bid: Column
    last_grief: Column
    is_asking: Column


def gather(
    found: matcher.Matches,
    tropes: signals.Tropes,
    heard: voice.Voices,
    *,
    fee_count: Column,
    price_count: Column,
    own_contact_count: Column,
    texts: Sequence[str],
) -> Evidence:
    """Count what texts show.

    Args:
        found: Matches of the pack's patterns.
        tropes: Signals with their local voice.
        heard: Voices of the texts.
        fee_count: Asserted amounts of role ``agency_fee``, a text each.
        price_count: Asserted amounts of role ``price``.
        own_contact_count: Contacts that are the author's own by wording.
        texts: The folded plain texts.

    Returns:
        The counts; overlapping places of one frame count once.
    """
    size, kinds = len(texts), len(found.names)
    counted = found.are([*found.numbers("topic:"), *found.numbers("frame:")])
    counted = _apart(
        counted, found.texts, found.targets, found.starts, found.ends, kinds
    )
    of, targets, starts = (
        column[counted] for column in (found.texts, found.targets, found.starts)
    )
    is_own = heard.at(of, starts) == voice.ASSERTED
    is_own &= ~heard.in_speech(of, starts)
    said = _counts(of, targets, (size, kinds))
    own = _counts(of[is_own], targets[is_own], (size, kinds))
    is_grief = _among(found, _GRIEFS)[targets]
    is_bid = _among(found, _BIDS)[targets] & is_own
    spoken = tropes.voices == voice.ASSERTED
    spoken &= ~heard.in_speech(tropes.texts, tropes.starts)
    asserted = _counts(
        tropes.texts[spoken], tropes.names[spoken], (size, len(catalogue.SIGNALS))
    )
    return Evidence(
        topics=_named(found, said, "topic:"),
        asserted=_named(found, own, "frame:"),
        any_voice=_named(found, said, "frame:"),
        tropes={
            name: np.minimum(1, asserted[number])
            for number, name in enumerate(catalogue.SIGNALS)
            if asserted[number].any()
        },
        echoed_count=np.bincount(tropes.texts[~spoken], minlength=size),
        denied_count=np.bincount(
            tropes.texts[tropes.voices == voice.NEGATED], minlength=size
        ),
        fee_count=fee_count,
        price_count=price_count,
        own_contact_count=own_contact_count,
        length=np.array([len(text) for text in texts], dtype=np.int64),
        last_bid=_last(of[is_bid], starts[is_bid], size),
        last_grief=_last(of[is_grief], starts[is_grief], size),
        is_asking=np.array([text.rstrip().endswith(_ASKING) for text in texts], bool),
    )


@native.compiled
def _apart(  # noqa: PLR0917 (compiled functions take their arrays by place)
    wanted: Column,
    texts: Column,
    targets: Column,
    starts: Column,
    ends: Column,
    kinds: int,
) -> Column:
    """Which of some matches count: of one target in one text none that begins before an earlier counted one ends."""
    counts = np.zeros(len(wanted), np.bool_)
    last, free = np.full(kinds, -1, np.int64), np.zeros(kinds, np.int64)
    for row in range(len(wanted)):
        target = targets[row]
        if wanted[row] and (last[target] != texts[row] or starts[row] >= free[target]):
            counts[row] = True
            last[target], free[target] = texts[row], ends[row]
    return counts


def _counts(texts: Column, numbers: Column, shape: tuple[int, int]) -> Column:
    """How often each number (a row) stands in each text (a column)."""
    size, kinds = shape
    return np.bincount(numbers * size + texts, minlength=size * kinds).reshape(
        kinds, size
    )


def _among(found: matcher.Matches, frames: Iterable[str]) -> Column:
    """For each target whether it is one of some frames."""
    return np.isin(found.names, [f"frame:{name}" for name in frames])


def _named(found: matcher.Matches, counts: Column, prefix: str) -> dict[str, Column]:
    return {
        found.names[number].removeprefix(prefix): counts[number]
        for number in found.numbers(prefix)
        if counts[number].any()
    }


def _last(texts: Column, starts: Column, size: int) -> Column:
    """The last place in each text, -1 for none."""
    last = np.full(size, -1, dtype=np.int64)
    np.maximum.at(last, texts, starts)
    return last


#: Elements of the script that outlives its nouns (DOMAIN §9), by what shows them.
_SCRIPT: Final = (
    ("seek", "bare_offer"),
    ("right",),
    ("entry", "tier_prices"),
    ("oem",),
    ("call", "to_you"),
    ("support",),
)
_TRADES: Final = ("strong", "weak", "foreign")
#: Cues that are made of others.
_JOINT: Final = (
    "fee", "price", "own_contact", "echoed", "denied", "script", "full_script", "script_on_topic", "bid_on_topic", "script_without_topic", "variety",
    "bid_last", "own_loss", "third_loss", "short", "long", "asking", "topic_alone", "nothing",
    "sale_off_topic", "news_off_topic", "grief_off_topic", "bid_off_topic", "grief_and_bid", "news_and_bid",
    "groundless_offer", "groundless_vendor", "groundless_report", "groundless_complaint", "always",
)  # fmt: skip
#: All names, in the order in which packs may list them.
CUES: Final = (
    *(f"own_{name}" for name in FRAMES),
    *(f"said_{name}" for name in FRAMES),
    *(f"trope_{name}" for name in catalogue.SIGNALS),
    *(f"topic_{name}" for name in _TRADES),
    *_JOINT,
)
#: So many elements make a script.
_SCRIPT_WHOLE: Final = 3
_SHORT_TEXT: Final = 30
_LONG_TEXT: Final = 300


#: Stands for what no text of a slice shows.
_NONE: Final = np.zeros((), dtype=np.int64)


def count(counts: Mapping[str, Column], *names: str) -> Column:
    """How often any of some names counts, together."""
    total = counts.get(names[0], _NONE)
    for name in names[1:]:
        if name in counts:
            total = total + counts[name]
    return total


def has(counts: Mapping[str, Column], *names: str) -> Column:
    """1 where any of some names counts, else 0."""
    return np.minimum(1, count(counts, *names))


def values(evidence: Evidence) -> dict[str, Column]:
    """The cues of texts.

    Args:
        evidence: From ``gather``.

    Returns:
        Name → column of values between 0 and 2, for the cues that are not 0 everywhere; names are of ``CUES``.
        ``own_…`` counts only what the author says himself, ``said_…`` what is not his own: repeated, denied or between
        quotation marks.
    """
    own, said = evidence.asserted, evidence.any_voice
    strong, weak, foreign = (
        count(evidence.topics, name) for name in ("strong", "weak", "other_trade")
    )
    variety = pitch_count(evidence)
    elements = sum(has(own, *names) for names in _SCRIPT)
    elements = elements + has(evidence.tropes, "recruitment_tiers", "refund_on_target")
    elements = elements + has(evidence.tropes, "guaranteed_income", "passive_income")
    elements = elements + (evidence.fee_count > 0)
    loss = count(said, "paid", "bad_end", "outcry", "let_down")
    third = count(said, "told", "news", "official", "courtroom")
    news = third + count(said, "law", "warning", "figures")
    sale = evidence.price_count + count(own, "legit", "end_terms")
    is_off = (strong == 0) & (weak == 0)
    is_script = elements >= _SCRIPT_WHOLE
    anything = count(own, *FRAMES) + count(said, *FRAMES)
    tropes = count(evidence.tropes, *catalogue.SIGNALS)
    found = {
        "sale_off_topic": is_off & (sale > 0),
        "news_off_topic": is_off & (news > 0),
        "grief_off_topic": is_off & (loss > 0),
        "bid_off_topic": is_off & (elements > 0) & ~is_script,
        "grief_and_bid": (loss > 0) & is_script,
        "news_and_bid": (news > 0) & is_script,
        "fee": more(evidence.fee_count),
        "price": more(evidence.price_count),
        "own_contact": more(evidence.own_contact_count),
        "echoed": more(evidence.echoed_count - evidence.denied_count),
        "denied": more(evidence.denied_count),
        "script": np.minimum(2.0, elements / 3),
        "full_script": elements >= 4,
        "script_on_topic": is_script & (strong > 0),
        "bid_on_topic": np.where(strong > 0, np.minimum(2.0, elements / 2), 0.0),
        "script_without_topic": is_script & (strong == 0) & (foreign == 0),
        "variety": np.minimum(2.0, variety / 2),
        "bid_last": (evidence.last_bid > evidence.last_grief)
        & (evidence.last_grief >= 0),
        "own_loss": (loss > 0) & (count(said, "self") > 0),
        "third_loss": (loss > 0) & (third > 0),
        "short": np.maximum(0.0, 1 - evidence.length / _SHORT_TEXT),
        "long": np.minimum(1.0, evidence.length / _LONG_TEXT),
        "asking": evidence.is_asking,
        "topic_alone": (strong > 0) & (elements == 0) & (loss + third == 0),
        "nothing": (anything == 0) & (tropes == 0),
        "topic_strong": strong > 0,
        "topic_weak": (weak > 0) & (strong == 0),
        "topic_foreign": is_foreign(evidence),
        "always": np.ones(np.shape(evidence.length)),
    }
    for name, is_grounded in grounds(evidence).items():
        found[f"groundless_{name}"] = np.logical_not(is_grounded)
    for name in FRAMES:
        if name in said:
            found[f"own_{name}"] = more(count(own, name))
            found[f"said_{name}"] = more(said[name] - count(own, name))
        elif name in own:
            found[f"own_{name}"] = more(own[name])
    for name in catalogue.SIGNALS:
        if name in evidence.tropes:
            found[f"trope_{name}"] = evidence.tropes[name]
    return {
        name: np.asarray(value, dtype=np.float64)
        for name, value in found.items()
        if np.any(value)
    }


def pitch_count(evidence: Evidence) -> Column:
    """How many different tropes a text asserts that speak for a pitch in the trade."""
    return count(
        evidence.tropes,
        *(
            name
            for name in catalogue.SIGNALS
            if name not in {"contact_elsewhere", "recovery_offer"}
        ),
    )


def is_foreign(evidence: Evidence) -> Column:
    """Whether a text is about another trade that uses the same script."""
    strong, weak, foreign = (
        count(evidence.topics, name) for name in ("strong", "weak", "other_trade")
    )
    foreign_alone: Column = (foreign > 0) & (strong == 0) & (foreign >= weak)
    return foreign_alone


#: What a text must show of its own kind; without any of it the text is not taken for that, whatever else speaks for it.
_GROUNDS: Final = {
    "report": (
        "news", "news_hint", "law", "warning", "told", "figures", "official", "courtroom",
    ),
    "complaint": (
        "paid", "bad_end", "bad_hint", "complaint_form", "rally", "outcry", "let_down",
    ),
}  # fmt: skip
_BARGAINS: Final = ("legit", "legit_hint", "end_terms", "disclaim")
_OFFERS: Final = ("seek", "right", "entry", "tier_prices", "oem", "bare_offer")


def grounds(evidence: Evidence) -> dict[str, Column]:
    """The stances for which texts give any ground at all.

    Args:
        evidence: From ``gather``.

    Returns:
        For ``offer``, ``vendor``, ``report`` and ``complaint`` whether it is possible; ``other`` always is. An agency for
        a noun that the pack does not know is an offer where a sum buys the entry (script over noun, DOMAIN §9).
    """
    own, said = evidence.asserted, evidence.any_voice
    found = {stance: count(said, *names) > 0 for stance, names in _GROUNDS.items()}
    found["vendor"] = (evidence.price_count > 0) | (count(own, *_BARGAINS) > 0)
    bids = sum(has(own, name) for name in _OFFERS)
    pulls = bids + count(evidence.tropes, *catalogue.SIGNALS) + has(own, "to_you")
    is_entry = (evidence.fee_count > 0) | (count(own, "entry") > 0)
    strong, weak, foreign = (
        count(evidence.topics, name) for name in ("strong", "weak", "other_trade")
    )
    # Honest trades have agencies, fees and territories too; what they name is what they sell.
    found["offer"] = np.where(
        (strong > 0) | (weak > foreign),
        pulls > 0,
        (foreign == 0) & (((bids >= 1) & is_entry) | (pulls >= _SCRIPT_WHOLE)),
    )
    return found


#: ``more`` of 0, 1, 2 …: 0, 1, 1.5, 1.75 …; beyond this many it does not change.
_MORE: Final = 2.0 - 2.0 * 0.5 ** np.arange(64)


def more(number: Column) -> Column:
    """Diminishing weight of repeated evidence: 1, 1.5, 1.75 … towards 2; 0 for none."""
    weights: Column = _MORE[np.minimum(number, len(_MORE) - 1)]
    return weights
