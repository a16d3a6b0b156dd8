import random
from datetime import timedelta

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from features import network
from tests.features.shown import (
    NOBODY,
    START,
    facts,
    joined,
    members_of,
    ring,
    seen,
    together,
)
from warehouse import contracts


def test_nothing_in_nothing_out():
    links = network.link(contracts.SIGHTINGS.empty(), sellers=facts(), allowlist=NOBODY)
    assert links.components.is_empty()
    assert links.owners.is_empty()
    contracts.EDGES.check(links.edges)
    contracts.INDICATORS.check(network.with_networks(links, members_of(links)))


def test_own_contact_joins_and_names_why():
    links = network.link(
        seen(
            ("douyin:a", "wechat", "szr_demo_01", "text"),
            ("douyin:b", "wechat", "szr_demo_01", "bio"),
        ),
        sellers=facts(a="seller", b="seller"),
        allowlist=NOBODY,
    )
    edge = links.edges.row(0, named=True)
    assert (edge["src"], edge["dst"]) == ("douyin:a", "douyin:b")
    assert [(item["kind"], item["value"]) for item in edge["evidence"]] == [
        ("wechat", "szr_demo_01")
    ]
    assert edge["weight"] == pytest.approx(0.9 * 0.9 / 1.9459, abs=1e-4)
    assert edge["first_seen_at"] == START + timedelta(hours=1)


def test_mentioned_contact_joins_nobody():
    rows = seen(
        ("douyin:a", "wechat", "szr_demo_01", "text"),
        ("douyin:b", "wechat", "szr_demo_01", "text", "mentioned"),
    )
    assert joined(rows, facts(a="seller", b="seller")) == set()


@pytest.mark.parametrize("role", ["reporter", "complainant"])
def test_reporters_and_complainants_never_join(role):
    rows = seen(
        ("douyin:a", "wechat", "szr_demo_01", "text"),
        ("douyin:b", "wechat", "szr_demo_01", "text"),
    )
    assert joined(rows, facts(a="seller", b=role)) == set()


def test_mobile_as_wechat_id_joins_with_the_mobile():
    rows = seen(
        ("douyin:a", "wechat", "19900000001", "text"),
        ("douyin:b", "phone", "19900000001", "text"),
    )
    assert joined(rows, facts(a="seller", b="seller")) == {frozenset("ab")}


def test_other_account_of_the_ring_that_makes_no_offers_joins():
    rows = seen(
        ("douyin:a", "wechat", "szr_demo_01", "text"),
        ("douyin:b", "wechat", "szr_demo_01", "text"),
    )
    assert joined(rows, facts(a="seller", b="other")) == {frozenset("ab")}


@pytest.mark.parametrize(
    ("kind", "value"),
    [("phone", "12315"), ("phone", "4008111111"), ("domain", "v.douyin.com")],
)
@pytest.mark.parametrize("size", [2, 5, 60])
def test_listed_hotline_or_platform_joins_nobody_however_many_show_it(
    kind, value, size
):
    rows, roles = ring(size, value, kind)
    links = network.link(seen(*rows), sellers=facts(**roles), allowlist=NOBODY)
    assert together(links) == set()
    assert links.indicators["is_hub"].to_list() == [True]


@settings(deadline=None, max_examples=10)
@given(
    st.integers(2, 8),
    st.integers(2, 9),
    st.sampled_from([("phone", "4000000777"), ("account", "douyin:demo")]),
)
def test_unlisted_hotline_merges_no_two_networks(rings, size, hotline):
    rows, roles = [], {}
    for number in range(rings):
        shown, names = ring(size, f"szr_demo_{number:02d}", prefix=f"r{number}x")
        rows += shown + [(seller, *hotline, "text") for seller, *_ in shown]
        roles |= names
    found = joined(seen(*rows), facts(**roles))
    assert len(found) == rings
    assert all(len(group) == size for group in found)


def test_service_number_of_strangers_is_a_hub():
    rows, roles = ring(40, "4000000777", "phone")
    found = joined(seen(*rows), facts(**dict.fromkeys(roles, "other")))
    assert found == set()


@pytest.mark.parametrize(
    ("kind", "value"),
    [("wechat", "szr_demo_01"), ("phone", "4000000777"), ("domain", "szr.example")],
)
def test_ring_of_200_that_shares_one_value_still_joins(kind, value):
    rows, roles = ring(200, value, kind)
    links = network.link(seen(*rows), sellers=facts(**roles), allowlist=NOBODY)
    assert together(links) == {frozenset(roles)}
    assert links.edges.height == 199


def test_ring_of_60_with_own_contacts_behind_one_site_joins():
    rows, roles = ring(60, "szr.example", "domain", "link")
    rows += [
        (seller, "wechat", f"szr_demo_{number:03d}", "text")
        for number, (seller, *_) in enumerate(rows)
    ]
    assert joined(seen(*rows), facts(**roles)) == {frozenset(roles)}


def test_site_that_many_rings_link_to_is_a_hub_unless_an_offering_page_is_behind_it():
    rows, roles = [], {}
    for number in range(4):
        shown, names = ring(3, f"szr_demo_{number:02d}", prefix=f"r{number}x")
        rows += shown + [
            (seller, "domain", "szr.example", "link") for seller, *_ in shown
        ]
        roles |= names
    assert len(joined(seen(*rows), facts(**roles))) == 4
    page = ("landing:szr.example", "domain", "szr.example", "identifiers")
    sellers = pl.concat(
        [
            facts(**roles),
            facts(x="seller").with_columns(
                pl.lit("landing:szr.example").alias("seller_id")
            ),
        ]
    )
    assert len(joined(seen(*rows, page), sellers)) == 1


def test_allowlisted_value_joins_nobody():
    rows, roles = ring(3)
    cleared = pl.DataFrame(
        [{"kind": "wechat", "value": "szr_demo_01"}],
        schema=dict(contracts.ALLOWLIST.columns),
    )
    links = network.link(seen(*rows), sellers=facts(**roles), allowlist=cleared)
    assert together(links) == set()
    assert links.indicators["is_allowlisted"].to_list() == [True]


def test_value_on_the_operators_list_joins_nobody_and_is_a_hub():
    rows, roles = ring(3)
    listed = pl.DataFrame({"kind": ["wechat"], "value": ["szr_demo_01"]})
    links = network.link(
        seen(*rows), sellers=facts(**roles), allowlist=NOBODY, warninglist=listed
    )
    assert together(links) == set()
    assert links.indicators["is_hub"].to_list() == [True]


def test_counts_say_who_owns_and_how_many_show():
    rows = seen(
        ("douyin:a", "wechat", "szr_demo_01", "text"),
        ("douyin:a", "wechat", "szr_demo_01", "bio"),
        ("weibo:b", "wechat", "szr_demo_01", "text"),
        ("heimao:c", "wechat", "szr_demo_01", "text", "mentioned"),
    )
    row = network.link(
        rows, sellers=facts(a="seller"), allowlist=NOBODY
    ).indicators.row(0, named=True)
    assert (row["seller_count"], row["post_count"], row["platform_count"]) == (2, 3, 2)


# ---------------------------------------------------------------- properties and oracle


def random_market(seed, sellers=30, rows=45):
    """Sellers with private contacts, few of them common and none shown twice, so that no rule of hubs or accidents applies."""
    dice = random.Random(seed)
    kinds = [
        ("wechat", "szr_demo_{:02d}"),
        ("qq", "80000000{:02d}"),
        ("phone", "199000000{:02d}"),
    ]
    found = []
    for _ in range(rows):
        kind, form = dice.choice(kinds)
        found.append(
            (
                f"douyin:s{dice.randrange(sellers)}",
                kind,
                form.format(dice.randrange(25)),
                "text",
            )
        )
    return list(dict.fromkeys(found)), {
        f"s{number}": "seller" for number in range(sellers)
    }


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10_000))
def test_components_equal_those_of_the_whole_graph(seed):
    rows, roles = random_market(seed)
    graph = nx.Graph()
    graph.add_edges_from((seller, (kind, value)) for seller, kind, value, _ in rows)
    expected = set()
    for part in nx.connected_components(graph):
        sellers = frozenset(
            node.split(":")[1] for node in part if isinstance(node, str)
        )
        if len(sellers) > 1:
            expected.add(sellers)
    links = network.link(seen(*rows), sellers=facts(**roles), allowlist=NOBODY)
    assert together(links) == expected
    # The edges alone say the same, and every edge has its why.
    of_edges = nx.Graph(links.edges.select("src", "dst").rows())
    assert {
        frozenset(node.split(":")[1] for node in part)
        for part in nx.connected_components(of_edges)
    } == expected
    assert (
        links.edges["evidence"].list.len().min() is None
        or links.edges["evidence"].list.len().min() > 0
    )


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 10_000))
def test_row_order_changes_nothing(seed):
    rows, roles = random_market(seed)
    frame, sellers = seen(*rows), facts(**roles)
    links = network.link(frame, sellers=sellers, allowlist=NOBODY)
    mixed = network.link(
        frame.sample(fraction=1, shuffle=True, seed=seed),
        sellers=sellers.sample(fraction=1, shuffle=True, seed=seed),
        allowlist=NOBODY,
    )
    for name in ("indicators", "edges", "components", "owners"):
        assert_frame_equal(getattr(links, name), getattr(mixed, name))


def test_edges_grow_linearly_in_sightings():
    counts = []
    for size in (100, 200, 400):
        rows, roles = ring(size)
        counts.append(
            network.link(
                seen(*rows), sellers=facts(**roles), allowlist=NOBODY
            ).edges.height
        )
    assert counts == [99, 199, 399]
