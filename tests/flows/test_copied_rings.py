"""Rings that share nothing but copy, from posts to networks: ``tests/harness/worlds/spun.py``."""

from types import SimpleNamespace

import polars as pl
import pytest

from flows.nights import linking
from flows.reading import extraction
from tests.features import planted
from tests.harness.homes import scored
from tests.harness.worlds import spun
from warehouse import contracts, load


@pytest.mark.parametrize(("way", "seed"), [("slots", 3), ("spun", 12)])
def test_rings_that_only_copy_are_found_and_none_is_mixed(tmp_path, way, seed):
    written = spun.market(way, seed, rings=10, sizes=(3, 4, 6, 8, 12, 20))
    night = scored.night_of(scored.imported(written.records, tmp_path))
    scored.read_and_linked(night)
    with night.open() as connection:
        members = load.read(connection, contracts.NETWORK_MEMBERS)

    found = dict(members.select("seller_id", "network_id").iter_rows())

    _, _, f1 = planted.b_cubed(found, written.ring_of)
    assert f1 >= 0.85
    truth = SimpleNamespace(ring_of=written.ring_of, honest=written.honest)
    assert planted.mixed(found, truth) == []


def test_a_ring_is_found_whose_copy_was_taken_for_something_else_in_most_posts(
    tmp_path,
):
    written = spun.market("slots", 3, rings=1, sizes=(20,))
    night = scored.night_of(scored.imported(written.records, tmp_path))
    extraction.read_posts(night)
    sure = sorted(written.ring_of)[:5]
    is_misread = pl.col("seller_id").is_in(sorted(written.ring_of)) & ~pl.col(
        "seller_id"
    ).is_in(sure)
    with night.open() as connection:
        sellers = load.current_posts(connection, night.as_of)
        read = load.read(connection, contracts.POST_READS)
        misread = read.join(
            sellers.filter(is_misread).select("post_id"), on="post_id", how="semi"
        ).with_columns(stance=pl.lit("other"))
        kept = read.join(misread, on="post_id", how="anti")
        load.replace(connection, contracts.POST_READS, pl.concat([kept, misread]))
    linking.link_sellers(night)
    with night.open() as connection:
        members = load.read(connection, contracts.NETWORK_MEMBERS)

    found = members.filter(pl.col("seller_id").is_in(sorted(written.ring_of)))
    ring = members.join(found.select("network_id").unique(), on="network_id")
    assert found["network_id"].n_unique() == 1
    assert found.height >= 0.8 * len(written.ring_of)
    assert not set(ring["seller_id"]) & written.honest
