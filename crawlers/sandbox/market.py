"""Invented markets with their truth: the one generator behind the sandbox, the tests and the benchmarks.

In: a seed and a size. Out: ``Market`` with import records (CONTRACT §3) and frames of what was planted. Invariants:
the same arguments give the same bytes; every planted contact and sum stands in its record in the form that the truth
names; posts appear in the night after their publication, and some are crawled again later with other counters or a
harmless edit, so that a market can be cut at any ``as_of``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from crawlers.sandbox import dice, posts, truth
from crawlers.sandbox.people import parties, rings
from crawlers.sandbox.platforms import records, venues

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    import polars as pl

    from crawlers.sandbox.people.accounts import Account

ALL = venues.ALL
#: The small markets that a stream is made of: about 205 posts on the trade; noise is added by share.
CELL = parties.Size(
    rings=3,
    smallest=3,
    largest=9,
    lone=8,
    vendors=6,
    agencies=3,
    journalists=3,
    police=2,
    victims=24,
    noise=0,
)
_CELL_TOPIC_POSTS = 205
_NOISE_POSTS_PER_ACCOUNT = 2


@dataclass(frozen=True, slots=True)
class Market:
    """An invented market.

    Attributes:
        seed: What it was made from.
        epoch: Its first day.
        records: Import records, one per crawl of a post, sorted by (crawled_at, platform, post_id).
        sellers: ``truth.SELLERS``. Complainants stand under the id that the source shows; an importer hashes it.
        posts: ``truth.POSTS``.
        contacts: ``truth.CONTACTS``.
        amounts: ``truth.AMOUNTS``.
        signals: ``truth.SIGNALS``.
    """

    seed: int
    epoch: datetime
    records: tuple[dict[str, Any], ...]
    sellers: pl.DataFrame
    posts: pl.DataFrame
    contacts: pl.DataFrame
    amounts: pl.DataFrame
    signals: pl.DataFrame


def build(
    seed: int,
    *,
    epoch: datetime,
    days: int = 45,
    scale: float = 1.0,
    platforms: Sequence[str] = ALL,
    camouflage: float = 0.25,
    ring_kinds: Sequence[str] = rings.KINDS,
    size: parties.Size | None = None,
) -> Market:
    """Invent a market.

    Args:
        seed: Same seed, same market.
        epoch: First day, aware; it starts at midnight in Shanghai.
        days: Length; the last posts are crawled in the night after the last day.
        scale: Multiplies the counts of all parties.
        platforms: Where they may be.
        camouflage: Share of ring posts that are innocent.
        ring_kinds: What joins rings, taken in turn: names of ``rings.KINDS`` and ``rings.HARD_KINDS``.
        size: Counts at scale 1; null takes the defaults of ``parties.Size``.

    Raises:
        ValueError: a platform or ring kind is unknown.
    """
    _known("platforms", platforms, ALL)
    _known("ring kinds", ring_kinds, (*rings.KINDS, *rings.HARD_KINDS))
    noted = truth.Truth()
    found: list[dict[str, Any]] = []
    members = parties.populate(
        dice.dice(seed, "people", 0),
        (size or parties.Size()).scaled(scale),
        wanted=platforms,
        camouflage=camouflage,
        ring_kinds=ring_kinds,
    )
    for seller, post in _written(seed, members, epoch=epoch, days=days, cell=0):
        noted.note(seller, post)
        found.extend(post.records)
    found.sort(
        key=lambda record: (record["crawled_at"], record["platform"], record["post_id"])
    )
    return Market(
        seed=seed,
        epoch=epoch,
        records=tuple(found),
        sellers=noted.sellers(),
        posts=noted.posts(),
        contacts=noted.contacts(),
        amounts=noted.amounts(),
        signals=noted.signals(),
    )


def stream(
    seed: int,
    *,
    epoch: datetime,
    posts: int,
    days: int = 45,
    platforms: Sequence[str] = ALL,
    on_topic: float = 0.3,
) -> Iterator[dict[str, Any]]:
    """Records of distinct posts without truth, in bounded memory: small markets one after the other.

    Args:
        seed: Same seed, same records; a longer stream begins with the shorter one.
        epoch: First day of every small market, aware.
        posts: How many records.
        days: Length of every small market.
        platforms: Where they may be; at least one must be a home of somebody.
        on_topic: About the share of records that are not noise, above 0 and at most 1.

    Raises:
        ValueError: a platform is unknown or the share is out of range.
    """
    _known("platforms", platforms, ALL)
    if not 0 < on_topic <= 1:
        message = f"on_topic is {on_topic}; expected a share above 0 and at most 1."
        raise ValueError(message)
    noise = round(
        _CELL_TOPIC_POSTS * (1 - on_topic) / on_topic / _NOISE_POSTS_PER_ACCOUNT
    )
    size = replace(CELL, noise=noise)
    left, cell = posts, 0
    while left > 0:
        cell += 1
        people = dice.dice(seed, "people", cell)
        members = parties.populate(
            people,
            size,
            wanted=platforms,
            camouflage=0.25,
            ring_kinds=rings.KINDS,
            cell=cell,
        )
        for _, post in _written(seed, members, epoch=epoch, days=days, cell=cell):
            yield post.records[0]
            left -= 1
            if not left:
                return


def _written(
    seed: int, members: Sequence[Account], *, epoch: datetime, days: int, cell: int
) -> Iterator[tuple[Account, posts.Post]]:
    """All posts of these accounts, account by account."""
    midnight = epoch.astimezone(records.SHANGHAI).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    first_posts: dict[str, str] = {}
    for seller in members:
        accused = seller.accuses
        parent = None
        if accused and accused.platform == seller.platform:
            parent = first_posts.get(accused.seller_id)
        own = dice.dice(seed, "posts", cell, seller.seller_id)
        for post in posts.posts(
            own, seller, midnight=midnight, days=days, cell=cell, parent_id=parent
        ):
            first_posts.setdefault(seller.seller_id, post.native)
            yield seller, post


def _known(what: str, wanted: Sequence[str], known: Sequence[str]) -> None:
    unknown = sorted(set(wanted) - set(known))
    if unknown or not wanted:
        message = f"Unknown {what} {unknown}; expected some of {list(known)}."
        raise ValueError(message)
