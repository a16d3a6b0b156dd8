from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import network
from warehouse import contracts

START = datetime(2024, 6, 1, tzinfo=UTC)


def joined(rows, *, sellers=(), role="seller", names=None):
    """Networks as sets of seller numbers, and the links.

    ``rows`` are (seller number, kind, value, confidence).
    """
    names = names or {}
    numbers = {row[0] for row in rows} | set(sellers) | set(names)
    seen = [
        {
            "post_id": f"douyin:{number}-{place}",
            "seller_id": f"douyin:{number:04d}",
            "kind": kind,
            "value": value,
            "raw": value,
            "field": "media" if kind == "image" else "text",
            "ownership": "own",
            "confidence": confidence,
            "seen_at": START + timedelta(hours=place),
        }
        for place, (number, kind, value, confidence) in enumerate(rows)
    ]
    facts = [
        {
            "seller_id": f"douyin:{number:04d}",
            "role": role,
            "name": names.get(number),
            "offer_count": int(role == "seller"),
            "post_count": 1,
            "first_seen_at": START,
            "last_seen_at": START,
        }
        for number in sorted(numbers)
    ]
    links = network.link(
        pl.DataFrame(seen, schema=dict(contracts.SIGHTINGS.columns)),
        sellers=pl.DataFrame(facts, schema=dict(contracts.SELLER_FACTS.columns)),
        allowlist=contracts.ALLOWLIST.empty(),
    )
    grouped = links.components.group_by("component").agg("seller_id")["seller_id"]
    return {
        frozenset(int(seller.split(":")[1]) for seller in group) for group in grouped
    }, links


def copy(sellers, kind="template", value="tpl-000001", confidence=0.8):
    return [(seller, kind, value, confidence) for seller in sellers]


def own(sellers, value):
    return [(seller, "wechat", value, 0.9) for seller in sellers]


@pytest.mark.parametrize("kind", ["template", "image"])
@pytest.mark.parametrize("size", [3, 60, 200])
def test_specific_copy_joins_sellers_that_share_nothing_else(kind, size):
    rows = copy(range(size), kind)
    rows += [
        (seller, "wechat", f"szr_demo_{seller:04d}", 0.9)
        for seller in range(0, size, 3)
    ]
    found, links = joined(rows)
    assert found == {frozenset(range(size))}
    assert links.edges.height <= size * (size - 1) // 2
    if size > 5:
        assert links.edges.height == size - 1


@pytest.mark.parametrize("kind", ["template", "image"])
def test_common_copy_joins_nobody(kind):
    assert joined(copy(range(30), kind, confidence=0.3))[0] == set()


@settings(deadline=None, max_examples=15)
@given(
    st.integers(2, 12),
    st.integers(2, 9),
    st.integers(0, 20),
    st.sampled_from(["template", "image"]),
    st.tuples(st.floats(0.05, 1.0), st.floats(0.3, 1.0)),
)
def test_copy_merges_no_two_networks_that_contacts_made(
    rings, size, strangers, kind, drawn
):
    confidence, share = drawn
    rows = []
    for number in range(rings):
        members = range(number * 100, number * 100 + size)
        rows += own(members, f"szr_demo_{number:02d}")
        shown = max(1, round(share * size))
        rows += copy(list(members)[:shown], kind, confidence=confidence)
    rows += copy(range(5000, 5000 + strangers), kind, confidence=confidence)
    found, _ = joined(rows)
    for number in range(rings):
        members = set(range(number * 100, number * 100 + size))
        [home] = [group for group in found if group & members]
        assert members <= home
        others = {seller // 100 for seller in home if seller < 5000} - {number}
        assert not others


def test_viral_slogan_that_many_rings_show_is_a_hub():
    rows = []
    for number in range(4):
        members = range(number * 100, number * 100 + 5)
        rows += own(members, f"szr_demo_{number:02d}") + copy(members)
    _, links = joined(rows)
    hubs = links.indicators.filter("is_hub")["kind"].to_list()
    assert hubs == ["template"]


def test_stray_member_of_another_ring_does_not_spoil_a_copied_family():
    rows = own(range(10), "szr_demo_01") + copy([0, *range(100, 140)])
    assert joined(rows)[0] == {frozenset(range(10)), frozenset(range(100, 140))}


def test_two_weak_copies_of_different_kinds_join_and_name_both():
    rows = copy([1, 2], confidence=0.35)
    rows += copy([1, 2], "image", "00ff00ff00ff00ff", 0.35)
    found, links = joined(rows)
    assert found == {frozenset([1, 2])}
    [edge] = links.edges.to_dicts()
    assert [item["kind"] for item in edge["evidence"]] == ["image", "template"]


def test_one_weak_copy_joins_only_in_company_of_another_kind():
    slogans = copy([1, 2], confidence=0.35) + copy(
        [1, 2], value="tpl-000002", confidence=0.35
    )
    assert joined(slogans)[0] == set()


def test_equal_brands_alone_join_nobody_and_support_a_weak_copy():
    names = {1: "聚星星数字人官方", 2: "聚星星AI01号"}
    assert joined([], names=names)[0] == set()
    rows = copy([1, 2], confidence=0.35)
    assert joined(rows)[0] == set()
    found, links = joined(rows, names=names)
    assert found == {frozenset([1, 2])}
    assert {item["kind"] for item in links.edges["evidence"].item()} == {
        "template",
        "brand",
    }


@pytest.mark.parametrize("role", ["vendor", "other", "reporter"])
def test_copies_join_only_those_who_make_offers(role):
    assert joined(copy(range(5)), role=role)[0] == set()


def test_many_weak_copies_stay_linear():
    counts = []
    for size in (50, 100, 200):
        rows = copy(range(size), confidence=0.35)
        rows += copy(range(size), "image", "00ff00ff00ff00ff", 0.35)
        counts.append(joined(rows)[1].edges.height)
    assert counts == [49, 99, 199]


def test_advertisement_that_strays_of_several_rings_show_merges_none_of_them():
    rows = []
    for ring in range(4):
        rows += copy(range(ring * 100, ring * 100 + 20), value=f"tpl-{ring:06d}", confidence=0.9)  # fmt: skip
    strays = [ring * 100 + at for ring in range(4) for at in range(3)]
    rows += copy([*strays, *range(900, 915)], value="tpl-000099", confidence=0.6)

    found, links = joined(rows)

    assert found == {frozenset(range(ring * 100, ring * 100 + 20)) for ring in range(4)}
    hubs = links.indicators.filter("is_hub")["value"].to_list()
    assert hubs == ["tpl-000099"]


def test_mistakes_that_pairs_share_do_not_part_the_copy_that_all_share():
    family = "t0123456789abcdef"
    rows = copy(range(12), value=family, confidence=0.6)
    for pair in range(6):
        rows += copy([2 * pair, 2 * pair + 1], value=f"{family}-{pair:016x}", confidence=0.9)  # fmt: skip

    assert joined(rows)[0] == {frozenset(range(12))}
