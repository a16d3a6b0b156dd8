"""Whom complaints mean, from posts to links: ``tests/harness/worlds/complained.py``."""

from collections import Counter

from tests.harness.homes import scored
from tests.harness.worlds import complained
from warehouse import contracts, load


def test_complaints_lead_to_the_rings_that_they_name_and_to_nobody_else(tmp_path):
    records, ring_of, truth = complained.market(1)
    night = scored.night_of(scored.imported(records, tmp_path))
    scored.read_and_linked(night)
    with night.open() as connection:
        members = load.read(connection, contracts.NETWORK_MEMBERS)
        linked = load.read(connection, contracts.COMPLAINTS)

    ring_of_network = {net: ring_of.get(seller) for seller, net in members.select("seller_id", "network_id").iter_rows()}  # fmt: skip
    links = [
        (post, ring_of_network[net] if net else ring_of.get(seller))
        for post, net, seller in linked.select("post_id", "network_id", "seller_id").iter_rows()
        if net or seller
    ]  # fmt: skip
    right = sum(truth[post][0] == ring for post, ring in links)
    missed = Counter(kind for post, (ring, kind) in truth.items() if ring and (post, ring) not in links)  # fmt: skip
    named = sum(ring is not None for ring, _ in truth.values())
    assert right / len(links) >= 0.98
    assert right / named >= 0.9, missed
