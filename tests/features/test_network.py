import random
from datetime import UTC, datetime, timedelta

import networkx as nx
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from features import network
from warehouse import contracts

START = datetime(2024, 6, 1, tzinfo=UTC)
NOBODY = contracts.ALLOWLIST.empty()


def seen(*rows):
    """Sightings from (seller, kind, value, field[, ownership]); the hour grows with the row."""
    full = []
    for hour, (seller, kind, value, field, *ownership) in enumerate(rows):
        full.append(
            {
                "post_id": None if field in {"bio", "name"} else f"{seller}-{hour}",
                "seller_id": seller,
                "kind": kind,
                "value": value,
                "raw": value,
                "field": field,
                "ownership": ownership[0] if ownership else "own",
                "confidence": 0.9,
                "seen_at": START + timedelta(hours=hour),
            }
        )
    return pl.DataFrame(full, schema=dict(contracts.SIGHTINGS.columns))


def facts(**roles):
    """Facts of sellers; ``a=\"seller\"`` is douyin:a, which makes one offer."""
    rows = [
        {
            "seller_id": f"douyin:{name}",
            "platform": "douyin",
            "role": role,
            "offer_count": int(role == "seller"),
            "post_count": 1,
        }
        for name, role in roles.items()
    ]
    return pl.DataFrame(rows, schema=dict(contracts.SELLER_FACTS.columns))


def together(links):
    """Components as a set of sets of names without the platform."""
    grouped = (
        links.components.group_by("component").agg("seller_id")["seller_id"].to_list()
    )
    return {
        frozenset(seller.split(":", 1)[1] for seller in sellers) for sellers in grouped
    }


def joined(sightings, sellers, allowlist=NOBODY):
    return together(network.link(sightings, sellers=sellers, allowlist=allowlist))


def ring(size, value="szr_demo_01", kind="wechat", field="text", prefix="r"):
    """Sightings and roles of ``size`` sellers that show one value."""
    names = [f"{prefix}{number}" for number in range(size)]
    return [(f"douyin:{name}", kind, value, field) for name in names], dict.fromkeys(
        names, "seller"
    )


def members_of(links):
    return links.components.select(pl.col("component").alias("network_id"), "seller_id")


def test_nothing_in_nothing_out():
    links = network.link(contracts.SIGHTINGS.empty(), sellers=facts(), allowlist=NOBODY)
    assert links.components.is_empty()
    assert links.owners.is_empty()
    contracts.EDGES.check(links.edges)
    contracts.INDICATORS.check(network.with_networks(links, members_of(links)))
    assert network.corroborated(links, members_of(links)).is_empty()


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


# ---------------------------------------------------------------- poisoning


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "19200000001"),
        ("domain", "vendor.example"),
        ("uscc", "91990000MA0000000Y"),
        ("company", "示例云有限公司"),
    ],
)
# What an account of unknown role shows in text only could be a member's: that case is left out.
@pytest.mark.parametrize(
    ("owned_in", "vendor_role"),
    [
        ("bio", "vendor"),
        ("listing", "vendor"),
        ("text", "vendor"),
        ("bio", "other"),
        ("listing", "other"),
    ],
)
def test_pasted_value_does_not_draw_its_honest_owner_in(
    kind, value, owned_in, vendor_role
):
    rows, roles = ring(6)
    rows += [(seller, kind, value, "text") for seller, *_ in rows]
    rows += [("douyin:v", kind, value, owned_in)]
    links = network.link(
        seen(*rows), sellers=facts(**roles, v=vendor_role), allowlist=NOBODY
    )
    assert together(links) == {frozenset(roles)}
    members = members_of(links)
    listed = network.with_networks(links, members).filter(pl.col("value") == value)
    assert listed["network_id"].to_list() == [None]
    corroborated = network.corroborated(links, members).filter(pl.col("value") == value)
    assert set(corroborated["seller_id"]) <= {"douyin:v"}


def test_two_rings_that_paste_one_vendor_stay_two():
    rows, roles = [], {}
    for number in range(2):
        shown, names = ring(5, f"szr_demo_{number:02d}", prefix=f"r{number}x")
        rows += shown + [
            (seller, "phone", "19200000001", "text") for seller, *_ in shown
        ]
        roles |= names
    rows += [("douyin:v", "phone", "19200000001", "bio")]
    assert len(joined(seen(*rows), facts(**roles, v="vendor"))) == 2


def test_ads_with_nothing_but_the_vendors_contact_join_each_other_only():
    rows, roles = ring(4, "19200000001", "phone")
    rows += [("douyin:v", "phone", "19200000001", "bio")]
    links = network.link(
        seen(*rows), sellers=facts(**roles, v="vendor"), allowlist=NOBODY
    )
    assert together(links) == {frozenset(roles)}
    assert network.with_networks(links, members_of(links))["network_id"].to_list() == [
        None
    ]


def test_two_rings_that_paste_what_a_vendor_shows_in_texts_only_stay_two():
    rows, roles = [], {}
    for number in range(2):
        shown, names = ring(3, f"szr_demo_{number:02d}", prefix=f"r{number}x")
        rows += shown + [
            (seller, "phone", "19200000001", "text") for seller, *_ in shown[:2]
        ]
        roles |= names
    rows += [("douyin:v", "phone", "19200000001", "text")]
    assert len(joined(seen(*rows), facts(**roles, v="vendor"))) == 2


def test_large_rings_that_paste_what_one_vendor_shows_in_texts_stay_apart():
    rows, roles = [], {}
    for number in range(3):
        shown, names = ring(20, f"szr_demo_{number:02d}", prefix=f"r{number}x")
        rows += shown + [
            (seller, "phone", "19200000001", "text") for seller, *_ in shown
        ]
        roles |= names
    rows += [("douyin:v", "phone", "19200000001", "text")]
    assert len(joined(seen(*rows), facts(**roles, v="vendor"))) == 3


def test_member_read_as_vendor_costs_the_ring_only_itself():
    rows, roles = ring(8)
    rows += [
        (seller, "qq", f"800000000{number}", "text")
        for number, (seller, *_) in enumerate(rows)
    ]
    found = joined(seen(*rows), facts(**(roles | {"r0": "vendor"})))
    assert found == {frozenset(roles) - {"r0"}}


def test_accounts_of_one_vendor_join():
    rows = seen(
        ("douyin:v", "phone", "19200000001", "bio"),
        ("douyin:w", "phone", "19200000001", "bio"),
    )
    assert joined(rows, facts(v="vendor", w="vendor")) == {frozenset("vw")}


def test_shops_of_one_registered_company_join_whatever_they_post():
    rows = seen(
        ("douyin:v", "uscc", "91990000MA0000000Y", "listing"),
        ("douyin:a", "uscc", "91990000MA0000000Y", "listing"),
    )
    assert joined(rows, facts(v="vendor", a="seller")) == {frozenset("va")}


# ---------------------------------------------------------------- listing


def test_indicator_of_one_seller_is_corroborated_by_its_profile_only():
    rows = seen(
        ("douyin:a", "wechat", "szr_demo_01", "bio"),
        ("douyin:b", "wechat", "szr_demo_02", "text"),
    )
    links = network.link(rows, sellers=facts(a="seller", b="seller"), allowlist=NOBODY)
    found = network.corroborated(links, members_of(links))
    assert found.rows() == [("wechat", "szr_demo_01", "douyin:a")]


def test_indicator_of_two_members_is_corroborated_and_belongs_to_their_network():
    rows, roles = ring(2)
    links = network.link(seen(*rows), sellers=facts(**roles), allowlist=NOBODY)
    members = members_of(links)
    assert network.corroborated(links, members).height == 2
    assert network.with_networks(links, members)["network_id"].to_list() == [
        "douyin:r0"
    ]


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
    """Sellers with private contacts, few of them common, so that no hub rule applies."""
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
    return found, {f"s{number}": "seller" for number in range(sellers)}


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
