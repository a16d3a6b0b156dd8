"""Terms that burst inside high-scoring networks and that no search keyword covers: what to search for next.

In: posts with texts, dates and their sellers' networks, bands; the search keywords. Out: contracts.KEYWORD_SUGGESTIONS.
Invariants: pure; the order of rows changes nothing; a term is a run of Chinese characters; of terms that stand in the
same posts only the longest is told.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

#: Length of a term in characters, and the networks and posts that it needs.
SHORTEST, LONGEST, LEAST_NETWORKS, LEAST_POSTS = 2, 6, 2, 4
#: A burst is what was published in so many days.
WINDOW = timedelta(days=14)
#: How many times more often than among all other posts a term must occur, and the most that are told.
LEAST_BURST, MOST = 5.0, 50
#: Posts of either side that are looked at, at most.
MOST_POSTS = 20_000
_HAN = re.compile(r"[\u4e00-\u9fff]+")
#: Added to both sides' counts, so that a term never seen elsewhere has a finite burst.
_SMOOTH = 0.5


def suggestions(
    posts: pl.DataFrame,
    texts: Sequence[str],
    *,
    keywords: Iterable[str],
    as_of: datetime,
) -> pl.DataFrame:
    """Find them.

    Args:
        posts: ``post_id``, ``network_id`` (null when alone), ``is_high`` (its seller is in band high), ``stance``,
            ``published_at`` or the first crawl where the source gives no time; one row per post.
        texts: Their normalised texts.
        keywords: What is searched for already; a term inside one, or with one inside, is covered.
        as_of: Knowledge limit; the window ends here.

    Returns:
        contracts.KEYWORD_SUGGESTIONS, the strongest burst first, at most ``MOST``. ``burst`` is the rate in offers of
        high-scoring networks of the window over the rate in all other posts. Empty without high-scoring networks.
    """
    rows = posts.with_columns(pl.Series("text", texts, dtype=pl.String)).sort("post_id")
    is_hot = (
        pl.col("is_high")
        & pl.col("network_id").is_not_null()
        & (pl.col("stance") == "offer")
        & (pl.col("published_at") > as_of - WINDOW)
    ).fill_null(value=False)
    # Offers of high sellers before the window are neither side: a term that lasts is no burst, but no chatter either.
    hot = rows.filter(is_hot).head(MOST_POSTS)
    cold = rows.filter(~is_hot)
    cold = cold.gather_every(max(1, -(-cold.height // MOST_POSTS)))
    if hot.is_empty():
        return contracts.KEYWORD_SUGGESTIONS.empty()
    seen: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(hot["text"]):
        for term in _terms(text):
            seen[term].append(at)
    networks, ids = hot["network_id"].to_list(), hot["post_id"].to_list()
    known = tuple(word.lower() for word in keywords)
    frequent = {
        term: places
        for term, places in seen.items()
        if len(places) >= LEAST_POSTS
        and len({networks[at] for at in places}) >= LEAST_NETWORKS
        and not any(word in term or term in word for word in known)
    }
    elsewhere: Counter[str] = Counter()
    for text in cold["text"]:
        elsewhere.update(_terms(text) & frequent.keys())
    found = []
    for term, places in _longest(frequent).items():
        rate = (len(places) + _SMOOTH) / (hot.height + 2 * _SMOOTH)
        usual = (elsewhere[term] + _SMOOTH) / (cold.height + 2 * _SMOOTH)
        if rate / usual >= LEAST_BURST:
            found.append(
                {
                    "term": term,
                    "network_count": len({networks[at] for at in places}),
                    "post_count": len(places),
                    "burst": round(rate / usual, 3),
                    "example_post_id": ids[places[-1]],
                }
            )
    frame = pl.DataFrame(found, schema=dict(contracts.KEYWORD_SUGGESTIONS.columns))
    order = [pl.col("burst") * pl.col("network_count"), pl.col("term")]
    return contracts.KEYWORD_SUGGESTIONS.check(
        frame.sort(order, descending=[True, False]).head(MOST)
    )


def _terms(text: str) -> set[str]:
    return {
        run[start : start + size]
        for run in _HAN.findall(text)
        for size in range(SHORTEST, LONGEST + 1)
        for start in range(len(run) - size + 1)
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
