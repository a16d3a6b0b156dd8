"""Rings: their own contacts join each and nobody else; some are joined by text, pictures or codes instead."""

import re
from collections import Counter
from datetime import UTC, datetime

import polars as pl
import pytest

from crawlers.sandbox import market
from crawlers.sandbox.people import parties, rings

EPOCH = datetime(2026, 3, 1, tzinfo=UTC)
FIRST_LIGHT = ("heimao", "36kr", "rss", "landing")


def test_markets_of_two_seeds_share_no_ring_contact():
    def joined(seed):
        built = market.build(
            seed, epoch=EPOCH, scale=0.3, ring_kinds=("wechat", "qq", "domain")
        )
        return set(
            built.contacts.filter(
                pl.col("kind").is_in(["wechat", "qq", "domain"])
                & ~pl.col("is_hub")
                & (pl.col("value").str.len_chars() > 8)
            )["value"]
        )

    assert len(joined(1) & joined(2)) <= 1


def components(links):
    """Connected sellers of (seller, value) pairs, by repeated merging."""
    groups = []
    for seller, value in links:
        touched = [group for group in groups if seller in group[0] or value in group[1]]
        merged = ({seller}, {value})
        for group in touched:
            groups.remove(group)
            merged = (merged[0] | group[0], merged[1] | group[1])
        groups.append(merged)
    return [group[0] for group in groups]


@pytest.mark.parametrize("platforms", [market.ALL, FIRST_LIGHT])
def test_own_contacts_connect_each_ring_and_nobody_else(platforms):
    built = market.build(5, epoch=EPOCH, platforms=platforms)
    own = built.contacts.filter(
        (pl.col("ownership") == "own") & ~pl.col("is_hub")
    ).join(built.posts, on="post_id")
    links = (
        own.select("seller_id", pl.col("kind") + ":" + pl.col("value"))
        .unique()
        .sort("seller_id", "kind")
        .rows()
    )
    ring_of = dict(built.sellers.select("seller_id", "ring_id").iter_rows())
    expected = {}
    for seller, ring in ring_of.items():
        if ring:
            expected.setdefault(ring, set()).add(seller)
    found = [group for group in components(links) if len(group) > 1]
    assert sorted(map(sorted, found)) == sorted(map(sorted, expected.values()))


def test_hard_rings_share_text_pictures_or_codes_instead_of_contacts():
    only = parties.Size(
        rings=3,
        smallest=6,
        largest=6,
        lone=0,
        vendors=0,
        agencies=0,
        journalists=0,
        police=0,
        victims=0,
        noise=0,
    )
    built = market.build(
        2, epoch=EPOCH, size=only, ring_kinds=rings.HARD_KINDS[:3], camouflage=0.0
    )
    own = built.contacts.filter(
        (pl.col("kind") != "qr") & (pl.col("ownership") == "own")
    ).join(built.posts, on="post_id")
    assert (
        own.group_by("kind", "value")
        .agg(pl.col("seller_id").n_unique())["seller_id"]
        .max()
        == 1
    )
    codes = built.contacts.filter(pl.col("kind") == "qr").join(
        built.posts, on="post_id"
    )
    assert codes["value"].n_unique() == 1
    assert codes["seller_id"].n_unique() > 1


def test_a_spun_ring_posts_versions_of_its_own_script_and_no_two_alike():
    only = parties.Size(rings=1, smallest=8, largest=8, lone=0, vendors=0, agencies=0, journalists=0, police=0, victims=0, noise=0)  # fmt: skip
    built = market.build(
        2, epoch=EPOCH, size=only, ring_kinds=("spun",), camouflage=0.0
    )
    written = [record["text"] for record in built.records]
    assert len({record["post_id"] for record in built.records}) > 20
    assert len(set(written)) >= len({record["post_id"] for record in built.records})
    clauses = Counter(
        clause
        for text in set(written)
        for clause in set(re.split(r"[，。！;；\n🔥❗💰👇✨～…丨/|]", text))
        if len(clause) > 8
    )
    assert clauses.most_common(1)[0][1] >= len(written) / 6
