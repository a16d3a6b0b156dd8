"""Rings that share nothing but copy, from posts to networks: ``tests/harness/spun.py``."""

from types import SimpleNamespace

import pytest

from tests.features import planted
from tests.harness import scored, spun
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
