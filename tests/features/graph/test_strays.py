import polars as pl
import pytest
from polars.testing import assert_frame_equal

from features import network
from tests.features.shown import NOBODY, facts, joined, seen, together

ONE, OTHER = "szr_demo_01", "szr_demo_02"


def rings(*extra, size=3, posts=2):
    """Two rings of ``size``, each with a contact of its own in ``posts`` posts of each member, and what else is shown."""
    names = {f"{ring}{number}": ring for ring in "ab" for number in range(size)}
    rows = [
        (f"douyin:{name}", "wechat", ONE if ring == "a" else OTHER, "text")
        for name, ring in names.items()
        for _ in range(posts)
    ]
    return seen(*rows, *extra), facts(**dict.fromkeys(names, "seller"))


def sizes(found):
    return sorted(len(part) for part in found)


def test_one_post_with_another_rings_contact_joins_nobody():
    assert sizes(joined(*rings())) == [3, 3]
    found = joined(*rings(("douyin:a0", "wechat", OTHER, "text")))
    assert found == {frozenset(f"{ring}{n}" for n in range(3)) for ring in "ab"}


@pytest.mark.parametrize(
    "more",
    [
        [("douyin:a0", "wechat", OTHER, "text")],
        [("douyin:a1", "wechat", OTHER, "text")],
        [("douyin:b1", "wechat", ONE, "text")],
        [("douyin:a0", "wechat", OTHER, "bio")],
        [(f"douyin:{name}", "company", "示例甲有限公司", "text") for name in ("a2", "b2")],
        [(f"douyin:{name}", "template", "t1", "text") for name in ("a1", "a2", "b1", "b2")],
    ],
)  # fmt: skip
def test_anything_further_that_ties_them_makes_it_a_tie(more):
    assert sizes(joined(*rings(("douyin:a0", "wechat", OTHER, "text"), *more))) == [6]


def test_second_contact_beside_the_own_one_is_a_tie():
    rows, sellers = rings(("douyin:a0", "wechat", OTHER, "text"))
    last = pl.int_range(pl.len()) == pl.len() - 1
    of_a0 = rows.filter(pl.col("seller_id") == "douyin:a0").row(1, named=True)
    beside = rows.with_columns(
        pl.when(last).then(pl.lit(of_a0[name])).otherwise(name).alias(name)
        for name in ("post_id", "seen_at")
    )
    assert sizes(joined(beside, sellers)) == [6]


def test_two_contacts_of_one_pasted_advertisement_are_one_accident():
    more = [(f"douyin:b{n}", "phone", "19900000001", "text") for n in range(3)] * 2
    rows, sellers = rings(
        *more,
        ("douyin:a0", "wechat", OTHER, "text"),
        ("douyin:a0", "phone", "19900000001", "text"),
    )
    pasted = pl.int_range(pl.len()) >= pl.len() - 2
    at = rows["seen_at"].max()
    rows = rows.with_columns(
        pl.when(pasted).then(pl.lit(at)).otherwise("seen_at").alias("seen_at")
    )
    assert sizes(joined(rows, sellers)) == [3, 3]


def test_where_everything_stands_in_one_post_nothing_is_an_accident():
    assert sizes(joined(*rings(("douyin:a0", "wechat", OTHER, "text"), posts=1))) == [6]


def test_a_pair_is_no_ring_to_be_kept_apart():
    found = joined(*rings(("douyin:a0", "wechat", OTHER, "text"), size=2))
    assert sizes(found) == [4]


@pytest.mark.parametrize("size", [8, 40])
def test_ring_of_rotating_contacts_each_shown_once_or_twice_stays_whole(size):
    rows = []
    for place in range(size):
        seller = f"douyin:s{place}"
        rows += [(seller, "wechat", f"szr_demo_{place:03d}", "text")] * (1 + place % 2)
        rows += [(seller, "wechat", f"szr_demo_{place + 1:03d}", "text")] * (2 - place % 2)  # fmt: skip
    sellers = facts(**{f"s{place}": "seller" for place in range(size)})
    assert sizes(joined(seen(*rows), sellers)) == [size]


@pytest.mark.parametrize("teams", [2, 3])
def test_ring_whose_leaders_show_their_superiors_contact_once_stays_whole(teams):
    rows, names = [], []
    for team in range(teams):
        for place in range(3):
            names.append(f"t{team}x{place}")
            rows += [(f"douyin:t{team}x{place}", "wechat", f"szr_demo_{team:02d}", "text")] * 2  # fmt: skip
        rows.append((f"douyin:t{team}x0", "wechat", "szr_demo_99", "text"))
    found = joined(seen(*rows), facts(**dict.fromkeys(names, "seller")))
    assert sizes(found) == [3 * teams]


def test_chain_of_teams_that_hang_together_by_single_posts_stays_whole():
    rows, names = [], []
    for team in range(6):
        for place in range(3):
            names.append(f"t{team}x{place}")
            rows += [(f"douyin:t{team}x{place}", "wechat", f"szr_demo_{team:02d}", "text")] * 2  # fmt: skip
        if team:
            rows.append((f"douyin:t{team}x0", "wechat", f"szr_demo_{team - 1:02d}", "text"))  # fmt: skip
    found = joined(seen(*rows), facts(**dict.fromkeys(names, "seller")))
    assert sizes(found) == [18]


def test_seller_of_a_copied_ring_stays_with_it_when_it_shows_anothers_contact_once():
    names = [f"c{n}" for n in range(5)]
    copied = [(f"douyin:{name}", "template", "t7", "text") for name in names] * 2
    rows, sellers = rings(*copied, ("douyin:c0", "wechat", OTHER, "text"))
    found = joined(rows, pl.concat([sellers, facts(**dict.fromkeys(names, "seller"))]))
    assert frozenset(names) in found
    assert sizes(found) == [3, 3, 5]


def test_vendors_site_that_copied_rings_paste_again_and_again_joins_none_of_them():
    names = {f"{ring}{n}": ring for ring in "abcd" for n in range(5)}
    rows = [(f"douyin:{name}", "template", f"t-{ring}", "text") for name, ring in names.items()] * 2  # fmt: skip
    rows += [(f"douyin:{ring}0", "domain", "vendor.example", "text") for ring in "abcd"] * 3  # fmt: skip
    rows += [("douyin:v", "domain", "vendor.example", "text")]
    sellers = facts(**dict.fromkeys(names, "seller"), v="vendor")
    assert sizes(joined(seen(*rows), sellers)) == [5, 5, 5, 5]


def test_an_accident_stays_its_sellers_claim_and_order_changes_nothing():
    rows, sellers = rings(("douyin:a0", "wechat", OTHER, "text"))
    links = network.link(rows, sellers=sellers, allowlist=NOBODY)
    owners = links.owners.filter(pl.col("value") == OTHER)["seller_id"]
    assert "douyin:a0" in owners.to_list()
    members = links.components.rename({"component": "network_id"})
    home = network.with_networks(links, members).filter(pl.col("value") == OTHER)
    assert home["network_id"].to_list() == ["douyin:b0"]
    mixed = network.link(
        rows.sample(fraction=1, shuffle=True, seed=3),
        sellers=sellers.sample(fraction=1, shuffle=True, seed=4),
        allowlist=NOBODY,
    )
    assert together(mixed) == together(links)
    assert_frame_equal(mixed.edges, links.edges)
