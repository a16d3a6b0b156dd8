import polars as pl
import pytest
from polars.testing import assert_frame_equal

from features import network
from features.graph import corroboration
from tests.features.shown import NOBODY, facts, members_of, seen
from warehouse import contracts

OWN = ("wechat", "szr_demo_01")


def corroborated(rows, sellers):
    links = network.link(rows, sellers=sellers, allowlist=NOBODY)
    return corroboration.corroborated(links, members_of(links), rows)


def listed(rows, *names):
    found = corroborated(seen(*rows), facts(**dict.fromkeys(names, "seller")))
    return set(found.select("kind", "value").rows())


def in_one_post(rows, *parts):
    """The rows with each run of ``parts`` many rows in one post."""
    at = 0
    for count in parts:
        rows[at : at + count] = [
            {**row, "post_id": rows[at]["post_id"], "seen_at": rows[at]["seen_at"]}
            for row in rows[at : at + count]
        ]
        at += count
    return pl.DataFrame(rows, schema=dict(contracts.SIGHTINGS.columns))


def test_nothing_in_nothing_out():
    assert corroborated(contracts.SIGHTINGS.empty(), facts()).is_empty()


def test_indicator_of_one_seller_is_corroborated_by_its_profile_only():
    rows = seen(
        ("douyin:a", "wechat", "szr_demo_01", "bio"),
        ("douyin:b", "wechat", "szr_demo_02", "text"),
    )
    found = corroborated(rows, facts(a="seller", b="seller"))
    assert found.rows() == [("wechat", "szr_demo_01", "douyin:a")]


def test_indicator_of_two_members_is_corroborated_and_belongs_to_their_network():
    rows = seen(*[(f"douyin:{name}", *OWN, "text") for name in "ab"])
    sellers = facts(a="seller", b="seller")
    links = network.link(rows, sellers=sellers, allowlist=NOBODY)
    owned = network.with_networks(links, members_of(links))["network_id"].to_list()
    assert owned == ["douyin:a"]
    assert corroborated(rows, sellers).height == 2


HOUSES = [("phone", "037155550001"), ("phone", "4001230001"), ("domain", "house.example")]  # fmt: skip


@pytest.mark.parametrize("pasted", HOUSES)
def test_number_or_site_posted_beside_the_rings_own_contact_is_not_listed(pasted):
    rows = [(f"douyin:{name}", *what, "text") for name in "abc" for what in (OWN, pasted)]  # fmt: skip
    assert listed(rows, *"abc") == {OWN}


@pytest.mark.parametrize("pasted", HOUSES)
def test_it_is_where_a_profile_says_so(pasted):
    rows = [(f"douyin:{name}", *what, "text") for name in "abc" for what in (OWN, pasted)]  # fmt: skip
    assert listed([*rows, ("douyin:a", *pasted, "bio")], *"abc") == {OWN, pasted}


@pytest.mark.parametrize("shared", HOUSES)
def test_number_or_site_is_listed_where_it_is_how_the_ring_is_reached(shared):
    rows = [(f"douyin:{name}", *shared, "text") for name in "abc"]
    assert listed(rows, *"abc") == {shared}


@pytest.mark.parametrize("shared", HOUSES)
def test_number_or_site_that_alone_joins_accounts_with_contacts_of_their_own_is_listed(
    shared,
):
    rows = [(f"douyin:{name}", *shared, "text") for name in "abc"]
    rows += [(f"douyin:{name}", "wechat", f"szr_demo_1{name}", "text") for name in "abc"]  # fmt: skip
    assert shared in listed(rows, *"abc")


def pasting(*, posts, beside):
    """Two accounts with so many posts of their contact each, the first ``beside`` of which show a mobile as well."""
    found, parts = [], []
    for name in "ab":
        for post in range(posts):
            shown = [OWN, ("phone", "19900000001")][: 1 + (post < beside)]
            found += [(f"douyin:{name}", *what, "text") for what in shown]
            parts.append(len(shown))
    return in_one_post(seen(*found).to_dicts(), *parts)


@pytest.mark.parametrize(("beside", "count"), [(1, 1), (3, 2)])
def test_mobile_beside_another_contact_is_listed_unless_it_is_a_rarity(beside, count):
    rows = pasting(posts=6, beside=beside)
    found = corroborated(rows, facts(a="seller", b="seller"))
    assert found.select("kind", "value").unique().height == count


def test_rare_mobile_that_stands_alone_is_listed():
    rows = pasting(posts=6, beside=0).to_dicts()
    alone = [(f"douyin:{name}", "phone", "19900000001", "text") for name in "ab"]
    both = pl.concat([pl.DataFrame(rows, schema=dict(contracts.SIGHTINGS.columns)), seen(*alone)])  # fmt: skip
    found = corroborated(both, facts(a="seller", b="seller"))
    assert "phone" in found["kind"].to_list()


def test_order_of_rows_changes_nothing():
    rows, sellers = pasting(posts=6, beside=3), facts(a="seller", b="seller")
    mixed = rows.sample(fraction=1, shuffle=True, seed=1)
    assert_frame_equal(corroborated(rows, sellers), corroborated(mixed, sellers))
