import random
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from features import lineage, network
from tests.features import planted
from warehouse import contracts

START = datetime(2024, 6, 1, tzinfo=UTC)
EMPTY = contracts.NETWORK_MEMBERS.empty()
NOTHING = contracts.NETWORK_HISTORY.empty()


def night(groups, last=None, run_id="run-1"):
    """Groups of letters, as components in one night after ``last``."""
    rows = [(min(group), f"douyin:{seller}") for group in groups for seller in group]
    sellers = sorted({seller for _, seller in rows})
    seen = {seller: START + timedelta(hours=ord(seller[-1])) for seller in sellers}
    return lineage.carry_ids(
        last.members if last else EMPTY,
        pl.DataFrame(
            rows, schema={"component": pl.String, "seller_id": pl.String}, orient="row"
        ),
        first_seen=pl.DataFrame(
            {"seller_id": list(seen), "first_seen_at": list(seen.values())},
            schema={"seller_id": pl.String, "first_seen_at": contracts.TIME},
        ),
        run_id=run_id,
        history=last.history if last else NOTHING,
    )


def id_of(found, seller):
    return found.members.filter(pl.col("seller_id") == f"douyin:{seller}")[
        "network_id"
    ].item()


def events(found):
    return found.changes.select("network_id", "event", "detail").rows()


def test_ids_are_short_digests_and_creation_is_recorded():
    found = night(["abc", "de"])
    assert found.members["network_id"].str.contains(r"^net-[0-9a-f]{10}$").all()
    assert sorted(event for _, event, _ in events(found)) == ["created", "created"]


def test_unchanged_night_changes_no_id_and_records_nothing():
    first = night(["abc", "de"])
    second = night(["de", "cba"], first, "run-2")
    assert_frame_equal(first.members, second.members)
    assert second.changes.is_empty()
    assert_frame_equal(first.history, second.history)


def test_single_sellers_are_no_network():
    assert night(["a"]).members.is_empty()


def test_growth_is_recorded_and_keeps_the_id():
    first = night(["bc"])
    second = night(["abcd"], first)
    assert events(second) == [(id_of(first, "b"), "grew", "2 joined, 4 sellers")]


def test_shrinking_keeps_the_id_without_event():
    first = night(["abcd"])
    second = night(["ab"], first)
    assert id_of(second, "a") == id_of(first, "a")
    assert second.changes.is_empty()


def test_merger_keeps_the_id_of_the_larger():
    first = night(["abc", "de"])
    second = night(["abcde"], first)
    large, small = id_of(first, "a"), id_of(first, "d")
    assert id_of(second, "d") == large
    assert sorted(events(second)) == sorted(
        [(large, "grew", "2 joined, 5 sellers"), (small, "merged_into", large)]
    )


def test_split_keeps_the_id_in_the_larger_part():
    first = night(["abcde"])
    second = night(["abc", "de"], first)
    assert id_of(second, "a") == id_of(first, "a")
    assert events(second) == [(id_of(second, "d"), "split_from", id_of(first, "a"))]


def test_merged_network_gets_its_old_id_back_when_it_splits_off_again():
    first = night(["abc", "de"])
    third = night(["abc", "de"], night(["abcde"], first))
    assert id_of(third, "d") == id_of(first, "d")
    assert {event for _, event, _ in events(third)} == {"revived", "split_from"}
    assert third.history.is_empty()


def test_vanished_network_goes_dormant_and_revives_with_its_members():
    first = night(["abc"])
    second = night([], first)
    assert second.members.is_empty()
    assert events(second) == [(id_of(first, "a"), "dormant", "3 sellers")]
    quiet = night(["xy"], second)
    third = night(["abz", "xy"], quiet)
    assert id_of(third, "z") == id_of(first, "a")
    assert events(third) == [(id_of(first, "a"), "revived", "3 sellers")]
    assert third.history.is_empty()


def test_network_that_falls_below_two_sellers_goes_dormant():
    first = night(["ab"])
    assert [event for _, event, _ in events(night(["a"], first))] == ["dormant"]


def test_one_common_member_of_many_does_not_revive():
    gone = night([], night(["abcde"]))
    found = night(["ax"], gone)
    assert id_of(found, "a") not in gone.history["network_id"].to_list()


def test_new_id_avoids_every_id_ever_used():
    first = night(["ab"])
    # a, the earliest member and so the seed of the id, leaves for another network.
    second = night(["acde", "bfgh"], first)
    third = night(["cd", "ax", "bfgh"], second)
    ids = [
        found.members["network_id"].unique().to_list()
        for found in (first, second, third)
    ]
    assert len(set(ids[1])) == 2
    assert len(set(ids[2])) == 3


@st.composite
def partitions(draw):
    sellers = "abcdefghijkl"
    labels = draw(
        st.lists(st.integers(0, 5), min_size=len(sellers), max_size=len(sellers))
    )
    groups = {}
    for seller, label in zip(sellers, labels, strict=True):
        if label:
            groups.setdefault(label, []).append(seller)
    return [group for group in groups.values() if len(group) > 1]


@settings(deadline=None, max_examples=40)
@given(st.lists(partitions(), min_size=2, max_size=5), st.integers(0, 2**16))
def test_random_nights_keep_the_invariants(nights, seed):
    shuffle = random.Random(seed)
    last = None
    owners = {}
    for groups in nights:
        found = night(groups, last)
        mixed = [
            shuffle.sample(group, len(group))
            for group in shuffle.sample(groups, len(groups))
        ]
        again = night(mixed, last)
        assert_frame_equal(found.members, again.members)
        assert_frame_equal(found.changes, again.changes)
        assert night(groups, found).changes.is_empty()
        # One id per component, one component per id, and no id both in use and retired.
        got = {
            frozenset(ids)
            for ids in found.members.group_by("network_id")
            .agg("seller_id")["seller_id"]
            .to_list()
        }
        assert got == {
            frozenset(f"douyin:{seller}" for seller in group) for group in groups
        }
        active = set(found.members["network_id"])
        assert not active & set(found.history["network_id"])
        # An id that begins, ends or comes back has an event; one that goes on shares a member with what it was.
        before = set(last.members["network_id"]) if last else set()
        recorded = {
            network_id for network_id, event, _ in events(found) if event != "grew"
        }
        assert recorded == active ^ before
        for network_id in active & before:
            was = set(
                last.members.filter(pl.col("network_id") == network_id)["seller_id"]
            )
            now = set(
                found.members.filter(pl.col("network_id") == network_id)["seller_id"]
            )
            assert was & now
        owners.update(dict.fromkeys(active))
        assert set(owners) == active | set(found.history["network_id"])
        last = found


# ---------------------------------------------------------------- what is kept, silence


def tied(*values):
    """Ties from (letters, kind, value)."""
    rows = [
        (f"douyin:{letter}", min(letters), kind, value, START)
        for letters, kind, value in values
        for letter in letters
    ]
    text = dict.fromkeys(["seller_id", "component", "kind", "value"], pl.String)
    return pl.DataFrame(
        rows, schema=text | {"first_seen_at": contracts.TIME}, orient="row"
    )


def dated(groups, ties, last=None, run_id="run-1"):
    """A night of which it is known what the groups share."""
    rows = [(min(group), f"douyin:{seller}") for group in groups for seller in group]
    seen = {seller: START for _, seller in rows}
    return lineage.carry_ids(
        last.members if last else EMPTY,
        pl.DataFrame(
            rows, schema={"component": pl.String, "seller_id": pl.String}, orient="row"
        ),
        first_seen=pl.DataFrame(
            {"seller_id": list(seen), "first_seen_at": list(seen.values())},
            schema={"seller_id": pl.String, "first_seen_at": contracts.TIME},
        ),
        run_id=run_id,
        history=last.history if last else NOTHING,
        ties=ties,
        traces=last.traces if last else None,
    )


def test_ring_that_returns_under_new_names_with_an_old_contact_returns_to_its_case():
    first = dated(["abc"], tied(("abc", "wechat", "szr_demo_01")))
    gone = dated([], tied(), first)
    quiet = dated(["pq"], tied(("pq", "wechat", "szr_demo_09")), gone)
    back = dated(
        ["pq", "xyz"],
        tied(
            ("pq", "wechat", "szr_demo_09"),
            ("xy", "wechat", "szr_demo_01"),
            ("yz", "phone", "19900000001"),
        ),
        quiet,
    )
    assert id_of(back, "x") == id_of(first, "a")
    assert events(back) == [
        (
            id_of(first, "a"),
            "revived",
            "3 sellers with the old wechat:szr_demo_01",
        )
    ]
    again = dated(["pq", "xyz"], tied(("xyz", "wechat", "szr_demo_01")), back)
    assert again.changes.is_empty()


def test_copied_text_or_a_value_of_two_old_networks_revives_nothing():
    first = dated(
        ["abc", "de"],
        tied(
            ("abc", "template", "tpl-1"),
            ("abc", "wechat", "szr_demo_01"),
            ("de", "wechat", "szr_demo_01"),
        ),
    )
    gone = dated([], tied(), first)
    back = dated(
        ["xy"], tied(("xy", "template", "tpl-1"), ("xy", "wechat", "szr_demo_01")), gone
    )
    assert id_of(back, "x") not in first.members["network_id"].to_list()
    assert [event for _, event, _ in events(back)] == ["created"]


# ---------------------------------------------------------------- thirty nights


@pytest.mark.parametrize("seed", [3])
def test_thirty_nights_one_by_one_equal_thirty_at_once_up_to_lineage(seed):
    market = planted.market(
        seed, rings=7, sizes=(3, 5, 8), honest=20, lone=20, accidents=0.2
    )
    known = market.sightings.sort("seen_at")
    nobody = contracts.ALLOWLIST.empty()
    last, links, changes = None, None, []
    for day in range(30):
        until = START + timedelta(days=day + 1)
        seen = known.filter(pl.col("seen_at") < until)
        links = network.link(seen, sellers=market.facts, allowlist=nobody)
        last = carried(links, seen, last, f"run-{day:02d}")
        changes.append(last.changes)
        again = carried(links, seen, last, "again")
        assert again.changes.is_empty()
        assert_frame_equal(again.members, last.members)
    at_once = carried(
        network.link(known, sellers=market.facts, allowlist=nobody), known, None, "run"
    )

    def partition(found):
        return {
            frozenset(group)
            for group in found.members.group_by("network_id")
            .agg("seller_id")["seller_id"]
            .to_list()
        }

    assert partition(last) == partition(at_once)
    # The id that a network has at once is one that it had some night, or of one that merged into it or split from it.
    ancestors = {}
    for event in pl.concat(changes).iter_rows(named=True):
        if event["event"] in {"merged_into", "split_from"}:
            ancestors.setdefault(event["network_id"], set()).add(event["detail"])
            ancestors.setdefault(event["detail"], set()).add(event["network_id"])
    ids = dict(last.members.select("seller_id", "network_id").rows())
    told = []
    for seller, name in at_once.members.select("seller_id", "network_id").rows():
        reached, left = set(), {ids[seller]}
        while left:
            reached |= left
            left = set().union(*(ancestors.get(each, set()) for each in left)) - reached
        told.append(name in reached)
    # Where a value became a hub meanwhile, the network that it began is not that of today.
    assert sum(told) >= 0.9 * len(told)


def carried(links, seen, last, run_id):
    first = seen.group_by("seller_id").agg(
        pl.col("seen_at").min().alias("first_seen_at")
    )
    return lineage.carry_ids(
        last.members if last else EMPTY,
        links.components,
        first_seen=first.sort("seller_id"),
        run_id=run_id,
        history=last.history if last else NOTHING,
        ties=links.ties,
        traces=last.traces if last else None,
    )
