"""Sellers from posts: roles, facts and numbers, as of a moment."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from features import behaviour, catalogue
from warehouse import contracts

AS_OF = datetime(2024, 6, 14, 12, tzinfo=UTC)
BANDS = [(20_000.0, 300_000.0)]


def fill(contract, rows):
    """Rows of a contract, missing columns null."""
    columns = dict(contract.columns)
    full = [{name: row.get(name) for name in columns} for row in rows]
    return pl.DataFrame(full, schema=columns)


def market(
    *posts, signals=(), amounts=(), sightings=(), edges=(), members=(), complaints=()
):
    """The frames of a few posts; each post is a dict with at least post_id, seller_id and stance."""
    raw, reads = [], []
    for post in posts:
        crawled = post.get("crawled_at", AS_OF - timedelta(hours=1))
        kept = {
            key: value
            for key, value in post.items()
            if key in contracts.RAW_POSTS.columns
        }
        raw.append(
            {
                "platform": "douyin",
                "kind": "post",
                "text": "文本",
                **kept,
                "crawled_at": crawled,
            }
        )
        reads.append(
            {
                "post_id": post["post_id"],
                "crawled_at": crawled,
                "first_crawled_at": crawled,
                "doc_id": post.get("doc_id", post["post_id"]),
                "stance": post["stance"],
                "stance_probability": post.get("probability", 0.9),
                "is_on_topic": True,
            }
        )
    spans = iter(range(1000))

    def spanned(rows):
        return [
            {
                "voice": "asserted",
                "field": "text",
                "span_start": next(spans),
                "span_end": 2000,
                **row,
            }
            for row in rows
        ]

    return {
        "posts": fill(contracts.RAW_POSTS, raw),
        "post_reads": fill(contracts.POST_READS, reads),
        "signals": fill(contracts.SIGNALS, spanned(signals)),
        "amounts": fill(contracts.AMOUNTS, spanned(amounts)),
        "sightings": fill(
            contracts.SIGHTINGS,
            [{"ownership": "own", "seen_at": AS_OF, **row} for row in sightings],
        ),
        "edges": fill(
            contracts.EDGES,
            [
                {
                    "weight": 1.0,
                    "evidence": [],
                    "first_seen_at": AS_OF,
                    "last_seen_at": AS_OF,
                    **row,
                }
                for row in edges
            ],
        ),
        "members": fill(contracts.NETWORK_MEMBERS, members),
        "complaints": fill(contracts.COMPLAINTS, complaints),
    }


def facts_of(frames):
    keys = ("posts", "post_reads", "signals", "amounts", "members", "complaints")
    return behaviour.seller_facts(*(frames[key] for key in keys), as_of=AS_OF)


def features_of(frames):
    return behaviour.seller_features(**frames, as_of=AS_OF, fee_bands=BANDS)


def role_of(*stances, **fields):
    posts = [
        {"post_id": f"p{i}", "seller_id": "s", "stance": stance, **fields}
        for i, stance in enumerate(stances)
    ]
    return facts_of(market(*posts))["role"][0]


@pytest.mark.parametrize(
    ("stances", "role"),
    [
        (["offer", "other", "other"], "seller"),
        (["vendor", "other"], "vendor"),
        (["report", "report", "other"], "reporter"),
        (["complaint", "report"], "complainant"),
        (["other"], "other"),
        (["report"] + ["other"] * 9, "other"),
        (["offer"] + ["report"] * 3, "seller"),
        (["offer"] + ["report"] * 4, "reporter"),
        (["offer"] + ["vendor"] * 9, "seller"),
    ],
)
def test_role_follows_the_stances_of_its_posts(stances, role):
    assert role_of(*stances) == role


def test_a_newspaper_with_one_misread_headline_stays_a_reporter():
    assert role_of("offer", "report", author_verified="media") == "reporter"


def test_reposted_news_does_not_hide_a_seller_of_a_network():
    posts = [
        {"post_id": f"p{i}", "seller_id": "s", "stance": "report"} for i in range(8)
    ]
    frames = market(
        *posts,
        {"post_id": "a", "seller_id": "s", "stance": "offer"},
        members=[{"network_id": "n1", "seller_id": "s"}],
    )
    assert facts_of(frames)["role"].to_list() == ["seller"]


def test_an_unsure_report_does_not_make_a_reporter_of_an_account_that_pitches():
    posts = [
        {"post_id": "a", "seller_id": "s", "stance": "report", "probability": 0.48},
        {"post_id": "b", "seller_id": "s", "stance": "offer", "probability": 0.46},
    ]
    assert facts_of(market(*posts))["role"].to_list() == ["seller"]


@pytest.mark.parametrize(("offer", "role"), [(0.64, "complainant"), (0.95, "seller")])
def test_a_misread_post_does_not_make_a_victim_a_seller(offer, role):
    posts = [
        {"post_id": "a", "seller_id": "s", "stance": "complaint", "probability": 0.98},
        {"post_id": "b", "seller_id": "s", "stance": "offer", "probability": offer},
    ]
    assert facts_of(market(*posts))["role"].to_list() == [role]


def test_an_unsure_offer_does_not_outweigh_a_vendor():
    posts = [
        {"post_id": "a", "seller_id": "s", "stance": "offer", "probability": 0.4},
        {"post_id": "b", "seller_id": "s", "stance": "vendor", "probability": 0.8},
    ]
    assert facts_of(market(*posts))["role"].to_list() == ["vendor"]


def test_asking_for_an_agency_fee_makes_a_seller_of_an_unreadable_account():
    frames = market(
        {"post_id": "a", "seller_id": "s", "stance": "other"},
        amounts=[{"post_id": "a", "yuan": 66_000, "role": "agency_fee"}],
    )
    assert facts_of(frames)["role"].to_list() == ["seller"]


def test_facts_hold_the_highest_asserted_fee_and_the_linked_complaints():
    frames = market(
        {
            "post_id": "a",
            "seller_id": "s",
            "stance": "offer",
            "author_name": "示例数字",
        },
        {"post_id": "c", "seller_id": "v", "stance": "complaint"},
        amounts=[
            {"post_id": "a", "yuan": 66_000, "role": "agency_fee"},
            {"post_id": "a", "yuan": 98_000, "role": "agency_fee", "voice": "quoted"},
            {"post_id": "a", "yuan": 35_000, "role": "agency_fee"},
        ],
        complaints=[
            {
                "post_id": "c",
                "seller_id": "s",
                "network_id": "n1",
                "link_confidence": 0.9,
            },
            {"post_id": "c", "seller_id": "s", "link_confidence": 0.5},
            {"post_id": "unknown", "seller_id": "s", "link_confidence": 0.5},
        ],
        members=[{"network_id": "n1", "seller_id": "s"}],
    )
    row = facts_of(frames).filter(pl.col("seller_id") == "s").row(0, named=True)
    assert (row["max_fee_yuan"], row["complaint_count"], row["offer_count"]) == (
        66_000,
        1,
        1,
    )
    assert (row["network_id"], row["name"]) == ("n1", "示例数字")


def test_features_stand_in_catalogue_order_as_float32():
    frame = features_of(market({"post_id": "a", "seller_id": "s", "stance": "offer"}))
    assert frame.columns == ["seller_id", *catalogue.NAMES]
    assert set(frame.dtypes[1:]) == {pl.Float32}


def test_columns_that_are_never_null_are_not():
    frame = features_of(
        market(
            {"post_id": "a", "seller_id": "s", "stance": "offer"},
            {"post_id": "b", "seller_id": "t", "stance": "other", "kind": "profile"},
        )
    )
    never = [
        feature.name
        for feature in catalogue.FEATURES
        if feature.null.startswith("never null")
    ]
    assert frame.select(pl.col(never).null_count()).row(0) == (0,) * len(never)


def test_empty_in_empty_out():
    frames = market()
    assert facts_of(frames).is_empty()
    assert features_of(frames).is_empty()
    assert features_of(frames).columns == ["seller_id", *catalogue.NAMES]


def value(frames, seller, name):
    return features_of(frames).filter(pl.col("seller_id") == seller)[name][0]


def test_quoted_tropes_and_those_of_reports_do_not_count():
    frames = market(
        {"post_id": "a", "seller_id": "s", "stance": "offer"},
        {"post_id": "r", "seller_id": "s", "stance": "report"},
        signals=[
            {"post_id": "a", "signal": "fomo"},
            {"post_id": "a", "signal": "urgency", "voice": "quoted"},
            {"post_id": "r", "signal": "passive_income"},
            {"post_id": "a", "signal": "guaranteed_income", "voice": "negated"},
        ],
    )
    assert value(frames, "s", "signal_kind_count") == 1
    assert value(frames, "s", "denial_post_count") == 1
    assert value(frames, "s", "quoted_signal_share") == 0.25


def test_script_elements_are_counted_within_one_post_and_over_all():
    frames = market(
        {"post_id": "a", "seller_id": "s", "stance": "offer"},
        {"post_id": "b", "seller_id": "s", "stance": "other"},
        signals=[
            {"post_id": "a", "signal": "fomo"},
            {"post_id": "b", "signal": "recruitment_tiers"},
        ],
        amounts=[
            {"post_id": "a", "yuan": 66_000, "role": "agency_fee"},
            {"post_id": "a", "yuan": 10_000_000, "role": "agency_fee"},
        ],
        sightings=[
            {"post_id": "b", "seller_id": "s", "kind": "wechat", "value": "szr_demo_01"}
        ],
    )
    assert value(frames, "s", "script_element_max") == 3
    assert value(frames, "s", "script_element_count") == 5
    assert value(frames, "s", "agency_fee_in_band_count") == 1
    assert value(frames, "s", "agency_fee_variant_count") == 2


def test_neighbours_and_networks_speak_of_others_only():
    posts = [
        {
            "post_id": f"p{s}",
            "seller_id": s,
            "stance": "offer" if s != "c" else "vendor",
        }
        for s in "abc"
    ]
    frames = market(
        *posts,
        amounts=[{"post_id": "pb", "yuan": 66_000, "role": "agency_fee"}],
        edges=[{"src": "a", "dst": "b"}, {"src": "b", "dst": "c"}],
        members=[{"network_id": "n1", "seller_id": s} for s in "abc"],
    )
    assert value(frames, "a", "neighbour_fee_share") == 1
    assert value(frames, "b", "neighbour_fee_share") == 0
    assert value(frames, "b", "neighbour_offer_share_mean") == 0.5
    assert value(frames, "a", "two_hop_offer_share_mean") == 0
    assert value(frames, "b", "network_fee_seller_count") == 0
    assert value(frames, "c", "network_fee_seller_count") == 1
    assert value(frames, "c", "network_seller_count") == 3


def test_cities_count_once_and_not_in_reports():
    frames = market(
        {
            "post_id": "a",
            "seller_id": "s",
            "stance": "offer",
            "text": "杭州市代，广州市代，杭州",
        },
        {"post_id": "b", "seller_id": "s", "stance": "report", "text": "深圳"},
    )
    assert value(frames, "s", "city_count") == 2


def test_only_the_version_that_was_read_counts():
    frames = market(
        {"post_id": "a", "seller_id": "s", "stance": "offer", "author_followers": 5}
    )
    older = frames["posts"].with_columns(
        crawled_at=pl.col("crawled_at") - pl.duration(days=3),
        author_followers=pl.lit(1, pl.Int64),
    )
    frames["posts"] = pl.concat([older, frames["posts"]])
    assert value(frames, "s", "followers") == 5
    assert value(frames, "s", "post_count") == 1


STANCES = st.sampled_from(["offer", "vendor", "report", "complaint", "other"])


@settings(deadline=None, max_examples=15)
@given(
    known=st.lists(STANCES, min_size=1, max_size=6),
    later=st.lists(STANCES, min_size=1, max_size=4),
)
def test_later_posts_change_nothing(known, later):
    past = [
        {"post_id": f"k{i}", "seller_id": f"s{i % 3}", "stance": stance}
        for i, stance in enumerate(known)
    ]
    future = [
        {
            "post_id": f"l{i}",
            "seller_id": f"s{i % 4}",
            "stance": stance,
            "crawled_at": AS_OF + timedelta(seconds=1),
        }
        for i, stance in enumerate(later)
    ]
    spoken = [
        {"post_id": post["post_id"], "signal": "fomo"} for post in (*past, *future)
    ]
    asked = [
        {"post_id": post["post_id"], "yuan": 50_000, "role": "agency_fee"}
        for post in (*past, *future)
    ]
    linked = [{"src": "s0", "dst": "s1", "first_seen_at": AS_OF + timedelta(days=1)}]
    seen = [
        {
            "seller_id": "s0",
            "kind": "qq",
            "value": "199000001",
            "seen_at": AS_OF + timedelta(days=1),
        },
    ]
    complained = [{"post_id": "l0", "seller_id": "s0"}]
    before = market(*past, signals=spoken[: len(past)], amounts=asked[: len(past)])
    after = market(
        *past,
        *future,
        signals=spoken,
        amounts=asked,
        edges=linked,
        sightings=seen,
        complaints=complained,
    )
    assert_frame_equal(features_of(before), features_of(after))
    assert_frame_equal(facts_of(before), facts_of(after))


@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_changes_nothing(seed):
    frames = market(
        *(
            {"post_id": f"p{i}", "seller_id": f"s{i % 5}", "stance": "offer"}
            for i in range(20)
        ),
        signals=[
            {"post_id": f"p{i}", "signal": catalogue.SIGNALS[i % 15]} for i in range(20)
        ],
        amounts=[
            {"post_id": f"p{i}", "yuan": 1000 * i, "role": "agency_fee"}
            for i in range(20)
        ],
        edges=[
            {"src": f"s{i}", "dst": f"s{j}"} for i in range(4) for j in range(i + 1, 5)
        ],
    )
    shuffled = {
        name: frame.sample(fraction=1, shuffle=True, seed=seed)
        for name, frame in frames.items()
    }
    assert_frame_equal(features_of(frames), features_of(shuffled))
    assert_frame_equal(facts_of(frames), facts_of(shuffled))
