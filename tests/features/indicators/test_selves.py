from datetime import UTC, datetime, timedelta

import polars as pl

from features.indicators import selves
from warehouse import contracts

NOON = datetime(2024, 6, 14, 12, tzinfo=UTC)
COLUMNS = (
    "seller_id",
    "platform",
    "kind",
    "author_handle",
    "published_at",
    "crawled_at",
)


def posts(*rows):
    """Posts from (seller, kind, handle); an hour passes with each."""
    full = [
        (seller, seller.split(":")[0], kind, handle, None, NOON + timedelta(hours=hour))
        for hour, (seller, kind, handle) in enumerate(rows)
    ]
    schema = {name: contracts.RAW_POSTS.columns[name] for name in COLUMNS}
    return pl.DataFrame(full, schema=schema, orient="row")


def owners(frame, *named):
    found = selves.own_handles(
        frame, pl.Series(list(named), dtype=pl.String), ("comment", "complaint")
    )
    return sorted(found.select("seller_id", "value").rows())


def test_account_that_somebody_names_owns_its_handle_and_others_get_no_row():
    frame = posts(("douyin:a", "post", "Szr_Demo"), ("douyin:b", "post", "other"))
    assert owners(frame, "douyin:szr_demo") == [("douyin:a", "douyin:szr_demo")]
    assert owners(frame) == []


def test_native_id_names_its_account_too():
    assert owners(posts(("weibo:990001", "post", None)), "weibo:990001") == [
        ("weibo:990001", "weibo:990001")
    ]


def test_equal_handles_on_another_platform_are_another_account():
    assert owners(posts(("weibo:a", "post", "szr_demo")), "douyin:szr_demo") == []


def test_complainants_are_nobodys_other_account():
    assert owners(posts(("weibo:a", "complaint", "szr_demo")), "weibo:szr_demo") == []


def test_first_sight_counts_once():
    frame = posts(("douyin:a", "post", "szr_demo"), ("douyin:a", "post", "szr_demo"))
    found = selves.own_handles(frame, pl.Series(["douyin:szr_demo"]), ())
    assert found["seen_at"].to_list() == [NOON]
    assert found.select(contracts.SIGHTINGS.columns.keys()).height == 1
