import polars as pl
import pytest

from features import network
from features.graph import corroboration
from tests.features.shown import (
    NOBODY,
    facts,
    joined,
    members_of,
    ring,
    seen,
    together,
)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "19900009001"),
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
    corroborated = corroboration.corroborated(links, members, seen(*rows)).filter(
        pl.col("value") == value
    )
    assert set(corroborated["seller_id"]) <= {"douyin:v"}


def test_two_rings_that_paste_one_vendor_stay_two():
    rows, roles = [], {}
    for number in range(2):
        shown, names = ring(5, f"szr_demo_{number:02d}", prefix=f"r{number}x")
        rows += shown + [
            (seller, "phone", "19900009001", "text") for seller, *_ in shown
        ]
        roles |= names
    rows += [("douyin:v", "phone", "19900009001", "bio")]
    assert len(joined(seen(*rows), facts(**roles, v="vendor"))) == 2


def test_ads_with_nothing_but_the_vendors_contact_join_each_other_only():
    rows, roles = ring(4, "19900009001", "phone")
    rows += [("douyin:v", "phone", "19900009001", "bio")]
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
            (seller, "phone", "19900009001", "text") for seller, *_ in shown[:2]
        ]
        roles |= names
    rows += [("douyin:v", "phone", "19900009001", "text")]
    assert len(joined(seen(*rows), facts(**roles, v="vendor"))) == 2


def test_large_rings_that_paste_what_one_vendor_shows_in_texts_stay_apart():
    rows, roles = [], {}
    for number in range(3):
        shown, names = ring(20, f"szr_demo_{number:02d}", prefix=f"r{number}x")
        rows += shown + [
            (seller, "phone", "19900009001", "text") for seller, *_ in shown
        ]
        roles |= names
    rows += [("douyin:v", "phone", "19900009001", "text")]
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
        ("douyin:v", "phone", "19900009001", "bio"),
        ("douyin:w", "phone", "19900009001", "bio"),
    )
    assert joined(rows, facts(v="vendor", w="vendor")) == {frozenset("vw")}


def test_shops_of_one_registered_company_join_whatever_they_post():
    rows = seen(
        ("douyin:v", "uscc", "91990000MA0000000Y", "listing"),
        ("douyin:a", "uscc", "91990000MA0000000Y", "listing"),
    )
    assert joined(rows, facts(v="vendor", a="seller")) == {frozenset("va")}
