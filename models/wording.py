"""The second reading: what a text does, told by the company of its wording among all texts of the night.

Sellers invent nouns as soon as the known ones are watched, so a reader that knows words is sure of some ads only. But
an ad that it cannot tell shares turns of phrase with ads that it can, and a victim's story shares them with other
victims'. A linear model over hashed character n-grams learns from the reader's own odds, never for a text from its own
author, and corrects them; what it corrected teaches the next round.

In: the reader's odds per document, normalised texts, authors. Out: odds per document, of the same meaning. Guards
against drift: the reader keeps its full word in every round; a text is corrected only as far as other authors share its
wording, so that one in words of its own stays as it was read; a stance needs ``LEAST`` texts that the reader is sure of
before anything is corrected towards it.

Source: Nigam, McCallum, Thrun, Mitchell (2000), "Text classification from labeled and unlabeled documents using EM".
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from models import grams, ratios

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
#: Where wording alone agrees with what it corrected on less than this share of the sure texts, the texts have nothing in
#: common and stay as they were read. Invented markets: 0.95 and more; fourteen thousand messages of many trades: 0.22.
LEAST_AGREEMENT = 0.8
#: What the mean log-ratio of a text's grams counts for against the reader's odds. Chosen on the tuning halves of the
#: invented corpora (stance accuracy there 0.964 before, 0.965 after) and two invented dialects (0.75 before, 0.98 after).
WORTH = 0.3
#: Most log-odds that wording adds or takes, approached smoothly: it never outweighs a reading that is beyond doubt.
MOST_SHIFT = 12.0
#: Share of a text's grams that other authors use from which on it is corrected at all, and in full.
SHARED = (0.6, 0.8)


@dataclass(frozen=True, slots=True)
class SecondReading:
    """Corrected odds and how they came about.

    Attributes:
        odds: Document × stance.
        shared: Per document the share of its grams that other authors use, 0–1.
        agreement: Share of texts, sure in the end, of which wording alone says the same, out of fold; NaN without any.
        sure: Texts per stance that the reader was sure of.
    """

    odds: Reals
    shared: Reals
    agreement: float
    sure: tuple[int, ...]


def second_reading(
    odds: Reals, texts: Sequence[str], authors: Sequence[str]
) -> SecondReading:
    """Correct what was read of each document.

    Args:
        odds: Document × stance, log-odds as in contracts.DOC_STANCES; only differences within a row mean something.
        texts: Normalised texts.
        authors: Who wrote it; the texts of one author lie in one fold.

    Returns:
        Odds in the order of the documents. They come back unchanged when fewer than two stances have ``LEAST`` sure
        texts; a stance that has not gets no correction.
    """
    believed = _shares(odds)
    sure = (believed >= SURE).sum(axis=0)
    told = tuple(int(count) for count in sure)
    taught = np.flatnonzero(sure >= max(LEAST, LEAST_SHARE * len(texts)))
    if taught.size < 2:
        return SecondReading(odds, np.zeros(len(texts)), float("nan"), told)
    present = grams.counts(texts)
    fold = ratios.folds(authors)
    teachers = _teachers(believed, texts)
    corrected, found = odds, ratios.Found(odds, np.zeros(len(texts)))
    for _ in range(ROUNDS):
        found = ratios.out_of_fold(present, believed * teachers[:, None], fold)
        trust = np.clip((found.shared - SHARED[0]) / (SHARED[1] - SHARED[0]), 0, 1)
        # A stance that nobody taught is neither raised nor lowered against the mean of the others.
        shift = np.zeros_like(odds)
        said = found.ratios[:, taught]
        shift[:, taught] = said - said.mean(axis=1, keepdims=True)
        shift = MOST_SHIFT * np.tanh(WORTH * trust[:, None] * shift / MOST_SHIFT)
        corrected = odds + shift
        believed = _shares(corrected)
    is_sure = believed.max(axis=1) >= SURE
    same = found.ratios.argmax(axis=1) == believed.argmax(axis=1)
    agreement = float(same[is_sure].mean()) if is_sure.any() else 0.0
    if agreement < LEAST_AGREEMENT:
        corrected = odds
    return SecondReading(corrected, found.shared, agreement, told)


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
