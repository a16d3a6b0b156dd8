import random
from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from features import lineage
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


def test_renames_name_the_old_name():
    schema = {"network_id": pl.String, "display_name": pl.String}
    before = pl.DataFrame(
        [("net-1", "示例甲"), ("net-2", "示例乙")], schema=schema, orient="row"
    )
    after = pl.DataFrame(
        [("net-1", "示例丙"), ("net-2", "示例乙"), ("net-3", "x")],
        schema=schema,
        orient="row",
    )
    found = lineage.renames(before, after, run_id="run-2")
    assert found.rows() == [("net-1", "run-2", "renamed", "示例甲")]


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
