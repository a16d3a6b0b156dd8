"""The second reading: what a text does, told by the company of its wording among all texts of the night.

Sellers invent nouns as soon as the known ones are watched, so a reader that knows words is sure of some ads only. But
an ad that it cannot tell shares turns of phrase with ads that it can, and a victim's story shares them with other
victims'. A linear model over hashed character n-grams learns from the reader's own odds, never for a text from its own
author, and corrects them; what it corrected teaches the next round.

In: the reader's odds per document, normalised texts, authors. Out: odds per document, of the same meaning. Guards
against drift: the reader keeps its full word in every round; a text is corrected only as far as other authors share its
wording, so that one in words of its own stays as it was read; wording must agree with what is read for sure, and counts
only beyond its own error there; a stance needs ``LEAST`` texts that the reader is sure of
before anything is corrected towards it.

Source: Nigam, McCallum, Thrun, Mitchell (2000), "Text classification from labeled and unlabeled documents using EM".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from features.texts import grams
from models.language import ratios

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

#: Rounds, and the most texts that teach.
ROUNDS, MOST_TEACHERS = 3, 40_000
#: The reader is sure of a text from this probability on; so many sure texts a stance needs.
SURE, LEAST = 0.8, 12
#: A stance also needs this share of the texts: in a heap of something else its few sure texts are as likely misread.
LEAST_SHARE = 0.01
#: What the mean log-ratio of a text's grams counts for against the reader's odds. Chosen on the tuning halves of the
#: invented corpora (stance accuracy there 0.964 before, 0.965 after) and two invented dialects (0.75 before, 0.98 after).
WORTH = 0.3
#: Most log-odds that wording adds or takes, approached smoothly: it never outweighs a reading that is beyond doubt.
MOST_SHIFT = 12.0
#: Of the texts that the reader is sure of, wording alone must say the same of so many, or nothing is corrected. Invented
#: markets in unknown dialects: 0.8–0.99; 14,448 public messages of other trades with 24 misread "ads" among them: 0.2.
LEAST_AGREEMENT = 0.6
#: Share of sure texts of which wording may say something else before it counts.
ERROR = 0.15
#: Share of a text's grams that other authors use from which on it is corrected at all, and in full.
SHARED = (0.6, 0.8)


@dataclass(frozen=True, slots=True)
class SecondReading:
    """Corrected odds and how they came about.

    Attributes:
        odds: Document × stance.
        shared: Per document the share of its grams that other authors use, 0–1.
        agreement: Share of the texts that the reader is sure of of which wording alone says the same, out of fold; NaN
            where nothing was asked.
        sure: Texts per stance that the reader was sure of.
    """

    odds: Reals
    shared: Reals
    agreement: float
    sure: tuple[int, ...]


def second_reading(
    odds: Reals,
    texts: Sequence[str],
    authors: Sequence[str],
    on_topic: NDArray[np.bool_],
) -> SecondReading:
    """Correct what was read of each document.

    Where wording does not agree with what is read for sure, other trades' texts drown the pack's own: then only the texts
    on its topic teach, and only they are corrected.

    Args:
        odds: Document × stance, log-odds as in contracts.DOC_STANCES; only differences within a row mean something.
        texts: Normalised texts.
        authors: Who wrote it; the texts of one author lie in one fold.
        on_topic: Whether a text names the pack's topic.

    Returns:
        Odds in the order of the documents. They come back unchanged when fewer than two stances have ``LEAST`` sure
        texts, or wording agrees with less than ``LEAST_AGREEMENT`` of them, all and those on topic alike; a stance that
        has not enough gets no correction.
    """
    found = _corrected(odds, texts, authors)
    at = np.flatnonzero(on_topic)
    if found.agreement >= LEAST_AGREEMENT or at.size == len(texts):
        return found
    part = _corrected(
        odds[at],
        [texts[row] for row in at.tolist()],
        [authors[row] for row in at.tolist()],
    )
    # Null knowledge (NaN) is no agreement.
    if not part.agreement >= LEAST_AGREEMENT:
        return found
    corrected, shared = odds.copy(), np.zeros(len(texts))
    corrected[at], shared[at] = part.odds, part.shared
    return SecondReading(corrected, shared, part.agreement, part.sure)


def _corrected(
    odds: Reals, texts: Sequence[str], authors: Sequence[str]
) -> SecondReading:
    """The correction by some texts of these texts."""
    believed = read = _shares(odds)
    sure = (believed >= SURE).sum(axis=0)
    told = tuple(int(count) for count in sure)
    taught = np.flatnonzero(sure >= max(LEAST, LEAST_SHARE * len(texts)))
    if taught.size < 2:
        return SecondReading(odds, np.zeros(len(texts)), float("nan"), told)
    present = grams.buckets(texts)
    fold = ratios.folds(authors)
    teachers = _teachers(believed, texts)
    corrected, found = odds, ratios.Found(odds, np.zeros(len(texts)))
    for _ in range(ROUNDS):
        found = ratios.out_of_fold(present, believed * teachers[:, None], fold)
        agreement = _agreement(found.ratios, read, taught)
        if agreement < LEAST_AGREEMENT:
            return SecondReading(odds, found.shared, agreement, told)
        trust = np.clip((found.shared - SHARED[0]) / (SHARED[1] - SHARED[0]), 0, 1)
        # A stance that nobody taught is neither raised nor lowered against the mean of the others.
        shift = np.zeros_like(odds)
        said = found.ratios[:, taught]
        shift[:, taught] = said - said.mean(axis=1, keepdims=True)
        shift = _beyond_error(shift, read)
        shift = MOST_SHIFT * np.tanh(WORTH * trust[:, None] * shift / MOST_SHIFT)
        corrected = odds + shift
        believed = _shares(corrected)
    return SecondReading(corrected, found.shared, agreement, told)


def _agreement(said: Reals, read: Reals, taught: NDArray[np.intp]) -> float:
    """Share of the texts, read as one of the taught stances for sure, of which wording says the same."""
    best = read.argmax(axis=1)
    rows = (read.max(axis=1) >= SURE) & np.isin(best, taught)
    same = taught[said[:, taught].argmax(axis=1)] == best
    return float(same[rows].mean())


def _beyond_error(shift: Reals, read: Reals) -> Reals:
    """What wording says beyond what it also says, wrongly, of texts that the reader is sure of.

    Where the night holds other trades' spam beside a few ads, the few teach little and their wording is found
    everywhere; then it is seen to be found in texts that surely are something else, and counts for nothing.

    Args:
        shift: Document × stance, out of fold.
        read: What the reader believes, document × stance.
    """
    is_sure = read.max(axis=1) >= SURE
    best = read.argmax(axis=1)
    kept = np.zeros_like(shift)
    for number in range(shift.shape[1]):
        column = shift[:, number]
        its, others = (
            column[is_sure & (best == number)],
            column[is_sure & (best != number)],
        )
        up = max(0.0, float(np.quantile(others, 1 - ERROR))) if others.size else 0.0
        down = max(0.0, -float(np.quantile(its, ERROR))) if its.size else 0.0
        kept[:, number] = column - np.clip(column, -down, up)
    return kept


def _shares(odds: Reals) -> Reals:
    raised = np.exp(odds - odds.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)


def _teachers(believed: Reals, texts: Sequence[str]) -> NDArray[np.bool_]:
    """Texts that teach: all, or of too many as equally of all stances as can be, those whose digests come first."""
    chosen = np.ones(len(texts), dtype=np.bool_)
    if len(texts) <= MOST_TEACHERS:
        return chosen
    digest = np.array(
        [
            int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest())
            for text in texts
        ],
        dtype=np.int64,
    )
    stance, rank = believed.argmax(axis=1), np.zeros(len(texts), dtype=np.int64)
    for number in range(believed.shape[1]):
        rows = np.flatnonzero(stance == number)
        rank[rows[np.argsort(digest[rows], kind="stable")]] = np.arange(rows.size)
    chosen[:] = False
    chosen[np.lexsort((digest, rank))[:MOST_TEACHERS]] = True
    return chosen
