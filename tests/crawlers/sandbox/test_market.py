"""The market: every record is valid, every planted thing is there, the same seed gives the same bytes."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from crawlers.sandbox import market, truth
from crawlers.sandbox.people import parties
from tests.crawlers.sandbox.shapes import (
    AUTHOR,
    COMPLAINT,
    FIELDS,
    ID_KINDS,
    KINDS,
    LISTING,
    MEDIA,
    METRICS,
    has_shape,
)

EPOCH = datetime(2026, 3, 1, tzinfo=UTC)


FIRST_LIGHT = ("heimao", "36kr", "rss", "landing")


SIGNALS = {
    "fomo", "guaranteed_income", "passive_income", "zero_threshold", "ban_evasion", "urgency", "false_authority", "source_manufacturer",
    "recruitment_tiers", "no_refund", "contact_elsewhere", "refund_on_target", "liability_shift", "label_removal", "recovery_offer",
}  # fmt: skip


@pytest.fixture(scope="module")
def full():
    return market.build(11, epoch=EPOCH)


@pytest.fixture(scope="module")
def first_light():
    return market.build(12, epoch=EPOCH, platforms=FIRST_LIGHT)


def by_post(built):
    """Post id to its first record."""
    records = {}
    for record in built.records:
        records.setdefault(f"{record['platform']}:{record['post_id']}", record)
    return records


def field_text(record, field):
    author = record["author"]
    if field in {"title", "text"}:
        return record[field]
    if field == "media":
        return "".join(
            (item["ocr"] or "") + (item["qr"] or "") for item in record["media"]
        )
    if field == "listing":
        return f"{record['listing']['company']} {record['listing']['uscc']}"
    if field == "identifiers":
        return " ".join(item["value"] for item in record["identifiers"])
    return author["bio"] if field == "bio" else author["id"]


@pytest.mark.parametrize("which", ["full", "first_light"])
def test_every_record_has_the_contracts_fields_and_types(which, request):
    for record in request.getfixturevalue(which).records:
        assert has_shape(record, FIELDS), record["post_id"]
        assert has_shape(record["author"], AUTHOR)
        assert has_shape(record["metrics"], METRICS)
        assert has_shape(record["listing"], LISTING)
        assert record["complaint"] is None or has_shape(record["complaint"], COMPLAINT)
        assert all(has_shape(item, MEDIA) for item in record["media"])
        assert record["kind"] in KINDS
        assert record["author"]["id_kind"] in ID_KINDS
        assert record["post_id"]
        assert record["author"]["id"]
        assert record["text"]
        assert record["title"] != ""
        assert json.loads(json.dumps(record, ensure_ascii=False)) == record


def test_posts_are_found_in_the_night_after_publication(full):
    for record in by_post(full).values():
        crawled = datetime.fromisoformat(record["crawled_at"])
        assert crawled.hour in {2, 3}
        if record["published_at"]:
            published = datetime.fromisoformat(record["published_at"])
            assert timedelta(0) < crawled - published <= timedelta(hours=26)


def test_later_crawls_keep_the_post_and_change_counters_or_add_a_harmless_edit(full):
    seen, again = by_post(full), 0
    for record in full.records:
        first = seen[f"{record['platform']}:{record['post_id']}"]
        if record is not first:
            again += 1
            assert record["crawled_at"] > first["crawled_at"]
            assert record["text"].startswith(first["text"])
            assert record["author"] == first["author"]
    assert again > len(seen) / 20


def test_records_are_sorted_and_nights_are_spread(full):
    keys = [
        (record["crawled_at"], record["platform"], record["post_id"])
        for record in full.records
    ]
    assert keys == sorted(keys)
    assert len({key[0][:10] for key in keys}) > 30


def test_post_ids_are_unique_and_match_the_truth(full, first_light):
    for built in (full, first_light):
        assert sorted(by_post(built)) == built.posts["post_id"].to_list()


def test_same_seed_same_bytes_and_other_seed_other_market():
    def bytes_of(seed):
        built = market.build(seed, epoch=EPOCH, scale=0.2)
        frames = (
            built.sellers,
            built.posts,
            built.contacts,
            built.amounts,
            built.signals,
        )
        return json.dumps(built.records) + "".join(
            frame.write_csv() for frame in frames
        )

    first = bytes_of(3)
    assert first == bytes_of(3)
    assert first != bytes_of(4)


@pytest.mark.parametrize("which", ["full", "first_light"])
def test_every_planted_contact_and_sum_stands_in_its_field(which, request):
    built = request.getfixturevalue(which)
    records = by_post(built)
    for row in built.contacts.iter_rows(named=True):
        assert row["raw"] in field_text(records[row["post_id"]], row["field"]), row
    for row in built.amounts.iter_rows(named=True):
        assert row["raw"] in field_text(records[row["post_id"]], row["field"]), row


def test_truth_frames_have_their_columns_and_refer_to_each_other(full):
    for frame, schema in (
        (full.sellers, truth.SELLERS),
        (full.posts, truth.POSTS),
        (full.contacts, truth.CONTACTS),
        (full.amounts, truth.AMOUNTS),
        (full.signals, truth.SIGNALS),
    ):
        assert dict(frame.schema) == dict(schema)
    assert set(full.posts["seller_id"]) == set(full.sellers["seller_id"])
    for frame in (full.contacts, full.amounts, full.signals):
        assert set(frame["post_id"]) <= set(full.posts["post_id"])
    assert full.sellers["seller_id"].is_unique().all()
    sellers_of_records = {
        f"{record['platform']}:{record['author']['id']}" for record in full.records
    }
    assert sellers_of_records == set(full.sellers["seller_id"])
    assert set(full.signals["signal"]) == SIGNALS
    assert (full.amounts["yuan"] > 0).all()
    assert full.amounts.filter(pl.col("yuan_max") <= pl.col("yuan")).is_empty()


def test_only_sellers_of_the_scheme_assert_tropes(full):
    voices = full.signals.join(full.posts, on="post_id").join(
        full.sellers, on="seller_id"
    )
    assert set(voices.filter(pl.col("voice") == "asserted")["party"]) <= {
        "ring",
        "lone",
    }
    assert set(voices.filter(pl.col("party").is_in(["vendor", "agency"]))["voice"]) == {
        "negated"
    }
    assert set(
        voices.filter(pl.col("party").is_in(["journalist", "police", "victim"]))[
            "voice"
        ]
    ) <= {"quoted"}


def test_stances_follow_the_parties(full):
    found = (
        full.posts.join(full.sellers, on="seller_id")
        .group_by("party")
        .agg(pl.col("stance").unique().sort())
    )
    stances = dict(found.iter_rows())
    assert stances["vendor"] == stances["agency"] == ["vendor"]
    assert stances["journalist"] == stances["police"] == ["report"]
    assert stances["victim"] == ["complaint"]
    assert stances["ring"] == ["offer", "other"]
    assert "offer" not in stances["noise"]


def test_pasted_contacts_of_honest_vendors_are_mentioned(full):
    ads = full.posts.join(full.sellers, on="seller_id").filter(
        pl.col("party") == "ring"
    )
    pasted = full.contacts.join(ads, on="post_id").filter(
        (pl.col("ownership") == "mentioned") & ~pl.col("is_hub")
    )
    vendors = (
        full.sellers.filter(pl.col("party") == "vendor")
        .join(full.posts, on="seller_id")
        .join(full.contacts, on="post_id")
    )
    assert pasted.height > 0
    assert set(pasted["value"]) <= set(
        vendors.filter(pl.col("ownership") == "own")["value"]
    )


def test_hubs_are_shared_by_unrelated_sellers_and_are_nobodys_own(full):
    hubs = full.contacts.filter("is_hub").join(full.posts, on="post_id")
    assert set(hubs["ownership"]) == {"mentioned"}
    assert {"96110", "12315", "4000008000"} <= set(hubs["value"])
    assert hubs.filter(pl.col("value") == "12315")["seller_id"].n_unique() >= 3


def test_half_of_ring_advertisements_name_no_fee_and_many_no_contact(full):
    ads = full.posts.filter(pl.col("genre") == "ad")
    with_fee = full.amounts.filter(pl.col("role") == "agency_fee")["post_id"].unique()
    in_words = full.contacts.filter(
        pl.col("field").is_in(["title", "text"]) & (pl.col("ownership") == "own")
    )["post_id"].unique()
    assert 0.35 < ads["post_id"].is_in(with_fee.implode()).mean() < 0.65
    assert 0.25 < (~ads["post_id"].is_in(in_words.implode())).mean() < 0.75


def test_first_light_platforms_hold_rings_vendors_press_police_and_complaints(
    first_light,
):
    built = first_light
    ring_sellers = built.sellers.filter(pl.col("party") == "ring")
    assert ring_sellers.group_by("ring_id").len()["len"].min() >= 3
    assert ring_sellers["ring_id"].n_unique() >= 5
    platforms = built.sellers.with_columns(
        pl.col("seller_id").str.split(":").list.first().alias("platform")
    )
    rings_on = platforms.filter(pl.col("party") == "ring")["platform"].unique()
    assert set(rings_on) == {"rss", "landing"}
    assert {
        "vendor",
        "agency",
        "journalist",
        "police",
        "victim",
        "noise",
        "lone",
    } <= set(platforms["party"])
    assert "36kr" in set(platforms.filter(pl.col("party") == "journalist")["platform"])
    accused = built.posts.filter(pl.col("about_ring").is_not_null())
    assert accused["post_id"].str.starts_with("heimao:").all()
    assert accused["about_ring"].n_unique() >= 5
    for record in built.records:
        expected = {
            "rss": "feed",
            "36kr": "feed",
            "landing": "domain",
            "heimao": "anonymous",
        }[record["platform"]]
        assert record["author"]["id_kind"] == expected
        if record["platform"] == "landing":
            assert record["post_id"].split("/")[0] == record["author"]["id"]


def test_scale_and_size_change_the_number_of_sellers():
    small = market.build(1, epoch=EPOCH, scale=0.1)
    rings_only = market.build(
        1,
        epoch=EPOCH,
        size=parties.Size(
            rings=2,
            smallest=5,
            largest=5,
            lone=0,
            vendors=0,
            agencies=0,
            journalists=0,
            police=0,
            victims=0,
            noise=0,
        ),
    )
    assert small.sellers.height < 60
    assert rings_only.sellers.height == 10


def test_an_empty_market_has_empty_frames():
    built = market.build(1, epoch=EPOCH, scale=0.0, platforms=("heimao",))
    assert built.records == ()
    assert built.sellers.is_empty()
    assert dict(built.amounts.schema) == dict(truth.AMOUNTS)


def test_unknown_platforms_and_ring_kinds_are_refused():
    with pytest.raises(ValueError, match="myspace"):
        market.build(1, epoch=EPOCH, platforms=("myspace",))
    with pytest.raises(ValueError, match="telepathy"):
        market.build(1, epoch=EPOCH, ring_kinds=("telepathy",))
    with pytest.raises(ValueError, match="on_topic"):
        next(market.stream(1, epoch=EPOCH, posts=1, on_topic=0))
