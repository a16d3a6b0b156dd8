"""Cues: what of one text tells what it is doing, counted, each under a name that a person can read.

In: the matches of a pack's patterns, signals with their voice, and counts of sums and contacts. Out: ``Evidence``, and from
it the values of ``CUES``, which ``features.stance`` weighs. Invariants: pure; a cue is 0 where nothing speaks for it;
repetition counts less and less, so that no length of text can shout down the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from features import catalogue

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features import patterns, signals, voice

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
    """What one text shows, counted.

    Attributes:
        topics: Places per topic (``strong``, ``weak``, ``other_trade``).
        asserted: Places per frame that are the author's own words.
        any_voice: Places per frame, whatever the voice.
        tropes: Names of asserted signals.
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

    topics: Mapping[str, int]
    asserted: Mapping[str, int]
    any_voice: Mapping[str, int]
    tropes: frozenset[str]
    echoed_count: int
    denied_count: int
    fee_count: int
    price_count: int
    own_contact_count: int
    length: int
    last_bid: int
    last_grief: int
    is_asking: bool = False


def gather(
    matches: Sequence[patterns.Match],
    found: Sequence[signals.Signal],
    voices: voice.Voices,
    *,
    fee_count: int,
    price_count: int,
    own_contact_count: int,
    text: str,
) -> Evidence:
    """Count what a text shows.

    Args:
        matches: Matches of the pack's patterns, sorted by place.
        found: Signals with their local voice.
        voices: Voices of the text.
        fee_count: Asserted amounts of role ``agency_fee``.
        price_count: Asserted amounts of role ``price``.
        own_contact_count: Contacts that are the author's own by wording.
        text: The folded plain text.

    Returns:
        The counts; overlapping places of one frame count once.
    """
    own = [
        one
        for one in found
        if one.voice == "asserted" and not voices.in_speech(one.start)
    ]
    topics: dict[str, int] = {}
    asserted: dict[str, int] = {}
    any_voice: dict[str, int] = {}
    ends: dict[str, int] = {}
    last_bid = last_grief = -1
    for match in matches:
        kind, _, name = match.target.partition(":")
        if kind not in {"topic", "frame"} or match.start < ends.get(match.target, 0):
            continue
        ends[match.target] = match.end
        if kind == "topic":
            topics[name] = topics.get(name, 0) + 1
            continue
        any_voice[name] = any_voice.get(name, 0) + 1
        if name in _GRIEFS:
            last_grief = max(last_grief, match.start)
        if voices.at(match.start) == "asserted" and not voices.in_speech(match.start):
            asserted[name] = asserted.get(name, 0) + 1
            if name in _BIDS:
                last_bid = max(last_bid, match.start)
    return Evidence(
        topics=topics,
        asserted=asserted,
        any_voice=any_voice,
        tropes=frozenset(one.signal for one in own),
        echoed_count=len(found) - len(own),
        denied_count=sum(one.voice == "negated" for one in found),
        fee_count=fee_count,
        price_count=price_count,
        own_contact_count=own_contact_count,
        length=len(text),
        last_bid=last_bid,
        last_grief=last_grief,
        is_asking=text.rstrip().endswith(_ASKING),
    )


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
    "fee", "price", "own_contact", "echoed", "denied", "script", "full_script", "script_without_topic", "variety",
    "bid_last", "own_loss", "third_loss", "short", "long", "asking", "topic_alone", "nothing",
    "sale_off_topic", "news_off_topic", "grief_off_topic", "bid_off_topic", "grief_and_bid", "news_and_bid",
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


def values(evidence: Evidence) -> dict[str, float]:
    """The cues of one text.

    Args:
        evidence: From ``gather``.

    Returns:
        Name → value between 0 and 2 for the cues that are not 0; names are of ``CUES``. ``own_…`` counts only what the
        author says himself, ``said_…`` what is not his own: repeated, denied or between quotation marks.
    """
    own, said = evidence.asserted, evidence.any_voice
    strong, weak = evidence.topics.get("strong", 0), evidence.topics.get("weak", 0)
    foreign = evidence.topics.get("other_trade", 0)
    tropes = evidence.tropes - {"contact_elsewhere", "recovery_offer"}
    elements = sum(any(own.get(name) for name in names) for names in _SCRIPT)
    elements += bool(evidence.tropes & {"recruitment_tiers", "refund_on_target"})
    elements += bool(evidence.tropes & {"guaranteed_income", "passive_income"})
    elements += evidence.fee_count > 0
    loss = sum(said.get(name, 0) for name in ("paid", "bad_end", "outcry", "let_down"))
    third = sum(said.get(name, 0) for name in ("told", "news", "official", "courtroom"))
    news = third + sum(said.get(name, 0) for name in ("law", "warning", "figures"))
    sale = evidence.price_count + sum(own.get(n, 0) for n in ("legit", "end_terms"))
    is_off = not strong and not weak
    found = {
        "sale_off_topic": float(is_off and sale > 0),
        "news_off_topic": float(is_off and news > 0),
        "grief_off_topic": float(is_off and loss > 0),
        "bid_off_topic": float(is_off and 0 < elements < _SCRIPT_WHOLE),
        "grief_and_bid": float(loss > 0 and elements >= _SCRIPT_WHOLE),
        "news_and_bid": float(news > 0 and elements >= _SCRIPT_WHOLE),
        "fee": more(evidence.fee_count),
        "price": more(evidence.price_count),
        "own_contact": more(evidence.own_contact_count),
        "echoed": more(evidence.echoed_count - evidence.denied_count),
        "denied": more(evidence.denied_count),
        "script": min(2.0, elements / 3),
        "full_script": float(elements >= 4),
        "script_without_topic": float(
            elements >= _SCRIPT_WHOLE and not strong and not foreign
        ),
        "variety": min(2.0, len(tropes) / 2),
        "bid_last": float(evidence.last_bid > evidence.last_grief >= 0),
        "own_loss": float(loss > 0 and said.get("self", 0) > 0),
        "third_loss": float(loss > 0 and third > 0),
        "short": max(0.0, 1 - evidence.length / _SHORT_TEXT),
        "long": min(1.0, evidence.length / _LONG_TEXT),
        "asking": float(evidence.is_asking),
        "topic_alone": float(strong > 0 and elements == 0 and loss + third == 0),
        "nothing": float(not own and not said and not evidence.tropes),
        "topic_strong": float(strong > 0),
        "topic_weak": float(weak > 0 and not strong),
        "topic_foreign": float(foreign > 0 and not strong and foreign >= weak),
    }
    for name in FRAMES:
        found[f"own_{name}"] = more(own.get(name, 0))
        found[f"said_{name}"] = more(said.get(name, 0) - own.get(name, 0))
    for name in evidence.tropes:
        found[f"trope_{name}"] = 1.0
    return {name: value for name, value in found.items() if value}


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


def grounds(evidence: Evidence) -> frozenset[str]:
    """The stances for which a text gives any ground at all.

    Args:
        evidence: From ``gather``.

    Returns:
        Of ``offer``, ``vendor``, ``report``, ``complaint`` those that are possible; ``other`` always is. An agency for
        a noun that the pack does not know is an offer where a sum buys the entry (script over noun, DOMAIN §9).
    """
    own, said = evidence.asserted, evidence.any_voice
    found = {
        stance
        for stance, names in _GROUNDS.items()
        if any(said.get(name) for name in names)
    }
    if evidence.price_count or any(own.get(name) for name in _BARGAINS):
        found.add("vendor")
    bids = sum(own.get(name, 0) > 0 for name in _OFFERS)
    pulls = bids + len(evidence.tropes) + (own.get("to_you", 0) > 0)
    is_entry = evidence.fee_count > 0 or own.get("entry", 0) > 0
    weak, foreign = (evidence.topics.get(name, 0) for name in ("weak", "other_trade"))
    if evidence.topics.get("strong") or weak > foreign:
        is_offer = pulls > 0
    elif foreign:
        # Honest trades have agencies, fees and territories too; what they name is what they sell.
        is_offer = False
    else:
        is_offer = (bids >= 1 and is_entry) or pulls >= _SCRIPT_WHOLE
    if is_offer:
        found.add("offer")
    return frozenset(found)


def more(count: int) -> float:
    """Diminishing weight of repeated evidence: 1, 1.5, 1.75 … towards 2; 0 for none."""
    return 2.0 - 2.0 * 0.5 ** max(0, count)
