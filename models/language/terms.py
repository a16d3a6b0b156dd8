"""Terms that burst inside high-scoring networks and that no search keyword covers: what to search for next.

In: posts with texts, dates and their sellers' networks, bands; the search keywords. Out: contracts.KEYWORD_SUGGESTIONS,
and how many of the terms are new to these networks. Invariants: pure; the order of rows changes nothing. A term is a run
of Chinese characters that stands on its own: different characters come before and after it. Of terms that stand in the
same posts only the longest is told.

Source: Harris (1955), "From phoneme to morpheme": a word ends where what follows becomes hard to guess.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from features.writing import places as place_names
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

#: Length of a term in characters, and the networks and posts that it needs.
SHORTEST, LONGEST, LEAST_NETWORKS, LEAST_POSTS = 2, 6, 2, 4
#: A burst is what was published in so many days.
WINDOW = timedelta(days=14)
#: How many times more often than among all other posts a term must occur, and the most that are told.
LEAST_BURST, MOST = 5.0, 50
#: Different characters that must stand before and after a term; the end of a run counts as ``_EDGE`` of them.
LEAST_NEIGHBOURS, _EDGE = 3, 2
#: Characters that begin or end no term, and words that are none: particles, and where something is.
_PARTICLES = frozenset(
    "的了是在和与就都也把被给让从到我你他她它这那有没不吗呢吧啊着过个"
)
#: A term is new when it occurs so many times more often in the window than in older offers of high-scoring networks, of
#: which there must be so many.
LEAST_RISE, LEAST_OLDER = 3.0, 30
#: Posts of either side that are looked at, at most.
MOST_POSTS = 20_000
_HAN = re.compile(r"[\u4e00-\u9fff]+")
#: Added to both sides' counts, so that a term never seen elsewhere has a finite burst.
_SMOOTH = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """What bursts.

    Attributes:
        suggestions: contracts.KEYWORD_SUGGESTIONS.
        new: Of these, terms that older offers of high-scoring networks hardly used; null with too few such offers.
    """

    suggestions: pl.DataFrame
    new: int | None


def bursts(
    posts: pl.DataFrame,
    texts: Sequence[str],
    *,
    keywords: Iterable[str],
    as_of: datetime,
) -> Found:
    """Find them.

    Args:
        posts: ``post_id``, ``network_id`` (null when alone), ``is_high`` (its seller is in band high), ``stance``,
            ``published_at`` or the first crawl where the source gives no time; one row per post.
        texts: Their normalised texts.
        keywords: What is searched for already; a term inside one, or with one inside, is covered.
        as_of: Knowledge limit; the window ends here.

    Returns:
        The suggestions with the strongest burst first, at most ``MOST``. ``burst`` is the rate in offers of
        high-scoring networks of the window over the rate in all other posts. Empty without high-scoring networks.
    """
    rows = posts.with_columns(pl.Series("text", texts, dtype=pl.String)).sort("post_id")
    is_bad_ad = (
        pl.col("is_high")
        & pl.col("network_id").is_not_null()
        & (pl.col("stance") == "offer")
    ).fill_null(value=False)
    is_recent = (pl.col("published_at") > as_of - WINDOW).fill_null(value=False)
    hot = rows.filter(is_bad_ad & is_recent).head(MOST_POSTS)
    older = rows.filter(is_bad_ad & ~is_recent).head(MOST_POSTS)
    cold = rows.filter(~(is_bad_ad & is_recent))
    cold = cold.gather_every(max(1, -(-cold.height // MOST_POSTS)))
    if hot.is_empty():
        return Found(contracts.KEYWORD_SUGGESTIONS.empty(), None)
    frequent = _frequent(hot, tuple(word.lower() for word in keywords))
    elsewhere, before = _usual(cold, frequent), _usual(older, frequent)
    networks, ids = hot["network_id"].to_list(), hot["post_id"].to_list()
    found, rising = [], {}
    for term, places in _longest(frequent).items():
        rate = _rate(len(places), hot.height)
        burst = rate / _rate(elsewhere[term], cold.height)
        rising[term] = rate / _rate(before[term], older.height) >= LEAST_RISE
        if burst >= LEAST_BURST:
            found.append(
                {
                    "term": term,
                    "network_count": len({networks[at] for at in places}),
                    "post_count": len(places),
                    "burst": round(burst, 3),
                    "example_post_id": ids[places[-1]],
                }
            )
    frame = pl.DataFrame(found, schema=dict(contracts.KEYWORD_SUGGESTIONS.columns))
    order = [pl.col("burst") * pl.col("network_count"), pl.col("term")]
    told = frame.sort(order, descending=[True, False]).head(MOST)
    new = None
    if older.height >= LEAST_OLDER:
        new = sum(rising[term] for term in told["term"])
    return Found(contracts.KEYWORD_SUGGESTIONS.check(told), new)


def _rate(count: int, posts: int) -> float:
    return (count + _SMOOTH) / (posts + 2 * _SMOOTH)


def _frequent(hot: pl.DataFrame, known: tuple[str, ...]) -> dict[str, list[int]]:
    """Terms of enough posts and networks that stand on their own and that no keyword covers: their rows."""
    seen: dict[str, list[int]] = defaultdict(list)
    before: dict[str, set[str]] = defaultdict(set)
    after: dict[str, set[str]] = defaultdict(set)
    for at, text in enumerate(hot["text"]):
        for run in _HAN.findall(text):
            for start, size in _spans(len(run)):
                term = run[start : start + size]
                end = start + size
                # An edge stands for as many neighbours as it has posts, up to a few.
                before[term].add(run[start - 1] if start else f"^{at % _EDGE}")
                after[term].add(run[end] if end < len(run) else f"${at % _EDGE}")
                if not seen[term] or seen[term][-1] != at:
                    seen[term].append(at)
    networks = hot["network_id"].to_list()
    return {
        term: places
        for term, places in seen.items()
        if len(places) >= LEAST_POSTS
        and min(len(before[term]), len(after[term])) >= LEAST_NEIGHBOURS
        and len({networks[at] for at in places}) >= LEAST_NETWORKS
        and not {term[0], term[-1]} & _PARTICLES
        and not any(place in term for place in place_names.PLACES)
        and not any(word in term or term in word for word in known)
    }


def _usual(posts: pl.DataFrame, frequent: dict[str, list[int]]) -> Counter[str]:
    """In how many of the posts each term occurs."""
    counted: Counter[str] = Counter()
    for text in posts["text"]:
        counted.update(_terms(text) & frequent.keys())
    return counted


def _spans(length: int) -> Iterator[tuple[int, int]]:
    for size in range(SHORTEST, LONGEST + 1):
        for start in range(length - size + 1):
            yield start, size


def _terms(text: str) -> set[str]:
    return {
        run[start : start + size]
        for run in _HAN.findall(text)
        for start, size in _spans(len(run))
    }


def _longest(frequent: dict[str, list[int]]) -> dict[str, list[int]]:
    """Without terms that are part of another one standing in nearly the same posts."""
    kept: dict[str, list[int]] = {}
    for term in sorted(frequent, key=lambda word: (-len(word), word)):
        size = len(frequent[term])
        if not any(
            term in longer and size <= 1.25 * len(places)
            for longer, places in kept.items()
        ):
            kept[term] = frequent[term]
    return kept
