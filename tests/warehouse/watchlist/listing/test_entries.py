from __future__ import annotations

import hashlib
from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from warehouse import errors
from warehouse.watchlist import release
from warehouse.watchlist.listing import entries

ONE, TWO = ("seller", "douyin:szr1"), ("seller", "douyin:szr2")


CONTACT = ("wechat", "szr_demo_01")


def _with(rows, **columns):
    return [row | columns for row in rows]


def _rows(market, name):
    return market()[name].to_dicts()


def _verdict(target, verdict, night, *, author="甲", day=0, number=1):
    return {
        "verdict_id": f"v{number}",
        "target": target,
        "verdict": verdict,
        "author": author,
        "decided_at": night + timedelta(days=day),
        "is_current": True,
    }


def test_high_sellers_with_two_families_and_their_shared_contact_are_listed(
    listed, night
):
    found = listed()
    assert set(found) == {ONE, TWO, CONTACT}
    assert found[ONE]["reasons"] == ["fee_asked", "fomo"]
    assert found[CONTACT]["reasons"] == ["owned_by_listed_seller", "shared_in_network"]
    assert found[CONTACT]["network_id"] == "n1"
    assert found[CONTACT]["scam_probability"] == 0.95
    assert found[ONE]["expires_at"] == night - timedelta(days=1) + timedelta(days=90)
    assert found[CONTACT]["expires_at"] == night - timedelta(days=1) + timedelta(
        days=45
    )
    assert {row["listed_at"] for row in found.values()} == {night}


def test_evidence_is_counted_and_digested_over_sorted_posts_and_texts(listed):
    found = listed()[CONTACT]
    assert found["evidence_count"] == 2
    assert (
        found["evidence_sha256"]
        == hashlib.sha256(b"douyin:p1\td1\ndouyin:p2\td2\n").hexdigest()
    )


@pytest.mark.parametrize(
    "change",
    [
        {"band": "medium"},
        {"scam_probability": 0.849},
        {"scam_probability": None, "band": None},
        {"last_seen_at": None},
    ],
)
def test_seller_below_the_rules_is_not_listed(listed, market, change):
    assert listed(sellers=_with(_rows(market, "sellers"), **change)) == {}


@pytest.mark.parametrize(
    "change", [{"family": "money"}, {"contribution": -1.0}, {"evidence_post_id": None}]
)
def test_reasons_must_be_of_two_families_speak_against_the_seller_and_point_at_a_post(
    listed, market, change
):
    assert listed(reasons=_with(_rows(market, "reasons"), **change)) == {}


def test_seller_without_band_high_is_listed_by_a_fraud_verdict(listed, market, night):
    found = listed(
        sellers=_with(_rows(market, "sellers"), scam_probability=0.3, band="low"),
        verdicts=[_verdict("douyin:szr1", "fraud", night)],
    )
    assert set(found) == {ONE, CONTACT}
    assert "reviewed_fraud" in found[ONE]["reasons"]


def test_verdict_on_a_seller_that_the_model_has_no_reasons_for_rests_on_its_posts(
    listed, market, night
):
    found = listed(reasons=[], sellers=_with(_rows(market, "sellers"), scam_probability=None, band=None), verdicts=[_verdict("douyin:szr1", "fraud", night)])  # fmt: skip
    assert found[ONE]["evidence_count"] == 1
    assert found[ONE]["reasons"] == ["reviewed_fraud"]
    assert found[ONE]["band"] is None


def test_verdict_after_the_moment_and_verdict_on_a_network_list_nobody(
    listed, market, night
):
    said = [
        _verdict("douyin:szr1", "fraud", night, day=1),
        _verdict("n1", "fraud", night, number=2),
    ]
    assert (
        listed(sellers=_with(_rows(market, "sellers"), band="low"), verdicts=said) == {}
    )


@pytest.mark.parametrize(
    ("said", "is_listed"),
    [
        ([("benign", "甲", -1)], False),
        ([("benign", "甲", -2), ("fraud", "甲", -1)], True),
        ([("fraud", "甲", -2), ("benign", "甲", -1)], False),
        ([("benign", "甲", -1), ("benign", "乙", -1)], False),
        ([("benign", "甲", -1), ("fraud", "乙", -1)], True),
        ([("benign", "甲", 1)], True),
        ([("unsure", "甲", -1)], True),
    ],
)
def test_latest_verdict_of_each_author_counts_and_disagreement_is_unsure(
    listed, night, said, is_listed
):
    rows = [
        _verdict("douyin:szr1", verdict, night, author=who, day=day, number=n)
        for n, (verdict, who, day) in enumerate(said)
    ]
    assert (ONE in listed(verdicts=rows)) is is_listed


def test_benign_seller_stays_off_with_its_contacts_though_its_network_changes(
    listed, market, night
):
    merged = _with(_rows(market, "sellers"), network_id="n7")
    assert set(
        listed(sellers=merged, verdicts=[_verdict("douyin:szr1", "benign", night)])
    ) == {TWO}


@pytest.mark.parametrize(
    "changed",
    [
        {"owners": []},
        {
            "indicators": [
                {
                    "kind": "wechat",
                    "value": "szr_demo_01",
                    "is_hub": True,
                    "is_allowlisted": False,
                }
            ]
        },
        {
            "indicators": [
                {
                    "kind": "wechat",
                    "value": "szr_demo_01",
                    "is_hub": False,
                    "is_allowlisted": True,
                }
            ]
        },
    ],
)
def test_contact_without_corroborated_ownership_hub_or_cleared_is_not_listed(
    listed, changed
):
    assert set(listed(**changed)) == {ONE, TWO}


def test_contact_that_owners_only_mention_is_not_listed(listed, market):
    assert CONTACT not in listed(
        sightings=_with(_rows(market, "sightings"), ownership="mentioned")
    )


def test_contact_is_listed_for_one_owner_that_shows_it_in_its_own_profile(
    listed, market
):
    bio = [_rows(market, "sightings")[0] | {"post_id": None, "field": "bio"}]
    found = listed(sightings=bio, owners=_rows(market, "owners")[:1])
    assert found[CONTACT]["reasons"] == ["owned_by_listed_seller"]
    assert found[CONTACT]["evidence_count"] == 1


def test_contact_of_sellers_that_are_not_listed_is_not_listed(listed, market, night):
    low = _with(_rows(market, "sellers"), band="low")
    assert listed(sellers=low) == {}
    reviewed = listed(
        sellers=low, verdicts=[_verdict("wechat:szr_demo_01", "fraud", night)]
    )
    assert set(reviewed) == {CONTACT}
    assert set(listed(verdicts=[_verdict("wechat:szr_demo_01", "benign", night)])) == {
        ONE,
        TWO,
    }


def test_allowlisted_values_leave_and_the_clock_counts(listed, night):
    def allow(day):
        return [
            {
                "kind": "wechat",
                "value": "szr_demo_01",
                "decided_at": night + timedelta(days=day),
            }
        ]

    assert CONTACT not in listed(allowlist=allow(0))
    assert CONTACT in listed(allowlist=allow(1))


def test_text_families_are_not_listed(listed, market):
    def families(name):
        return _with(_rows(market, name), kind="template")

    assert set(
        listed(
            sightings=families("sightings"),
            owners=families("owners"),
            indicators=families("indicators"),
        )
    ) == {ONE, TWO}


@pytest.mark.parametrize(
    ("days", "expected"), [(43, {ONE, TWO, CONTACT}), (44, {ONE, TWO}), (89, set())]
)
def test_entries_expire_after_they_were_last_seen(market, night, days, expected):
    first = entries.entries(**market())
    later = entries.entries(
        **market(previous=first.watchlist, as_of=night + timedelta(days=days))
    )
    active = later.watchlist.filter(pl.col("status") == "active")
    assert set(active.select("entity", "value").rows()) == expected
    gone = later.watchlist.filter(pl.col("status") != "active")
    assert later.leaving.height == gone.height == 3 - len(expected)
    # Also a contact that leaves because its sellers did: an old list that runs out is no broken night (``list:size``).
    assert all(why.startswith("expired: ") for why in later.leaving["why"])
    assert set(gone["status"]) <= {"expired"}


@pytest.mark.parametrize(
    ("days", "codes"), [(10, {"unknown", "ownership_fell"}), (100, {"expired"})]
)
def test_what_is_past_its_time_expires_though_its_posts_are_gone(
    market, night, days, codes
):
    first = entries.entries(**market())
    frames = {name: frame.clear() for name, frame in market().items() if name not in {"previous", "as_of"} and isinstance(frame, pl.DataFrame)}  # fmt: skip
    gone = {**frames, "previous": first.watchlist, "as_of": night + timedelta(days=days)}  # fmt: skip
    later = entries.entries(**market(**gone))
    assert {why.partition(":")[0] for why in later.leaving["why"]} == codes
    assert later.leaving.height == 3


def test_entry_keeps_its_id_while_active_and_gets_a_new_one_after_leaving(
    market, night
):
    benign = [_verdict("douyin:szr1", "benign", night, day=1)]
    fraud = [*benign, _verdict("douyin:szr1", "fraud", night, day=2, number=2)]
    lists = [entries.entries(**market())]
    for day, said in ((0.5, []), (1, benign), (2, fraud), (3, fraud)):
        lists.append(
            entries.entries(
                **market(
                    previous=lists[-1].watchlist,
                    verdicts=said,
                    as_of=night + timedelta(days=day),
                )
            )
        )
    ids = [
        {
            row["entry_id"]: row["status"]
            for row in each.watchlist.iter_rows(named=True)
            if row["value"] == "douyin:szr1"
        }
        for each in lists
    ]
    first, second = ids[0].popitem()[0], (set(ids[3]) - set(ids[1])).pop()
    assert ids[1] == {first: "active"}
    assert ids[2] == {first: "revoked"}
    assert ids[3] == ids[4] == {first: "revoked", second: "active"}
    assert (
        "benign_verdict"
        in lists[2].leaving.filter(pl.col("entry_id") == first)["why"][0]
    )


def test_same_night_again_gives_the_same_list_and_no_changes(market, night):
    first = entries.entries(**market())
    release_id, stamped = release.stamp(first.watchlist, night)
    again = entries.entries(**market(previous=stamped))
    assert release.stamp(again.watchlist, night)[0] == release_id
    assert_frame_equal(release.stamp(again.watchlist, night)[1], stamped)
    assert entries.changes(stamped, stamped, release_id=release_id).is_empty()


def test_empty_night_gives_an_empty_list(market):
    nothing = {
        name: []
        for name in ("sellers", "reasons", "sightings", "owners", "indicators", "posts")
    }
    assert entries.entries(**market(**nothing)).watchlist.is_empty()


def test_entry_of_a_seller_that_vanished_is_revoked(market, night):
    first = entries.entries(**market())
    nothing = {
        name: []
        for name in ("sellers", "reasons", "sightings", "owners", "indicators", "posts")
    }
    later = entries.entries(**market(**nothing, previous=first.watchlist))
    assert set(later.watchlist["status"]) == {"revoked"}


def test_moment_without_a_time_zone_is_refused(market, night):
    with pytest.raises(errors.InputError, match="no time zone"):
        entries.entries(**market(as_of=night.replace(tzinfo=None)))
