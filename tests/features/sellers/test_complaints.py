from datetime import UTC, datetime

import polars as pl
import pytest

from features.sellers import complaints, fragments
from warehouse import contracts

WHEN = datetime(2024, 6, 14, 2, tzinfo=UTC)
MEMBERS = pl.DataFrame(
    [("net-1", "douyin:a"), ("net-1", "douyin:b")],
    schema=["network_id", "seller_id"],
    orient="row",
)
OWNERS_SCHEMA = {
    "kind": pl.String,
    "value": pl.String,
    "seller_id": pl.String,
    "level": pl.Int8,
    "is_disputed": pl.Boolean,
}


def owners(*rows):
    return pl.DataFrame(
        [(*row, 1, False) for row in rows], schema=OWNERS_SCHEMA, orient="row"
    )


def sighting(post_id, kind, value):
    return {
        "post_id": post_id,
        "seller_id": "heimao:x",
        "kind": kind,
        "value": value,
        "field": "text",
        "ownership": "mentioned",
        "confidence": 0.9,
        "seen_at": WHEN,
    }


def linked(complained, sightings=(), names=(), owned=(), others=(), *, amounts=()):
    """Complaint rows as dicts; ``complained`` are dicts of raw fields with a post_id."""
    rows = [
        {
            "platform": "heimao",
            "kind": "complaint",
            "seller_id": "heimao:x",
            "stance": "complaint",
            **one,
        }
        for one in complained
    ]
    rows += [
        {"platform": "douyin", "kind": "post", "stance": "offer", **one}
        for one in others
    ]
    columns = dict(contracts.RAW_POSTS.columns)
    return complaints.link_complaints(
        pl.DataFrame(
            [{name: row.get(name) for name in columns} for row in rows], schema=columns
        ),
        pl.DataFrame(
            [
                {name: row.get(name) for name in contracts.POST_READS.columns}
                for row in rows
            ],
            schema=dict(contracts.POST_READS.columns),
        ),
        pl.DataFrame(list(sightings), schema=dict(contracts.SIGHTINGS.columns)),
        MEMBERS,
        pl.DataFrame(
            list(names),
            schema={"seller_id": pl.String, "name": pl.String},
            orient="row",
        ),
        owners=owners(*owned),
        amounts=pl.DataFrame(list(amounts), schema=dict(contracts.AMOUNTS.columns)),
    ).to_dicts()


def briefly(rows):
    return [(row["network_id"], row["seller_id"], row["link_reason"]) for row in rows]


def test_unlinked_complaint_keeps_its_row():
    row = linked(
        [
            {
                "post_id": "heimao:1",
                "complaint_target": "示例无名",
                "complaint_amount_yuan": 66000,
            }
        ]
    )[0]
    assert (row["target"], row["amount_yuan"]) == ("示例无名", 66000)
    assert (
        row["network_id"],
        row["seller_id"],
        row["link_reason"],
        row["link_confidence"],
    ) == (None,) * 4


def test_contact_of_several_members_means_the_network():
    rows = linked(
        [{"post_id": "heimao:1"}],
        [sighting("heimao:1", "wechat", "szr_demo_01")],
        owned=[
            ("wechat", "szr_demo_01", "douyin:a"),
            ("wechat", "szr_demo_01", "douyin:b"),
        ],
    )
    assert briefly(rows) == [("net-1", None, "wechat:szr_demo_01")]


def test_contact_of_one_member_means_that_member_and_a_lone_sellers_the_seller():
    rows = linked(
        [{"post_id": "heimao:1"}],
        [
            sighting("heimao:1", "wechat", "szr_demo_01"),
            sighting("heimao:1", "qq", "8000000001"),
        ],
        owned=[("wechat", "szr_demo_01", "douyin:a"), ("qq", "8000000001", "douyin:z")],
    )
    assert briefly(rows) == [
        (None, "douyin:z", "qq:8000000001"),
        ("net-1", "douyin:a", "wechat:szr_demo_01"),
    ]


def test_mobile_in_a_complaint_finds_the_wechat_account_of_that_number():
    rows = linked(
        [{"post_id": "heimao:1"}],
        [sighting("heimao:1", "wechat", "19900000001")],
        owned=[("phone", "19900000001", "douyin:z")],
    )
    assert briefly(rows) == [(None, "douyin:z", "phone:19900000001")]


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("示例聚星官方", "name:示例聚星官方"),
        ("示例聚星（杭州）科技有限公司", "brand:示例聚星"),
    ],
)
def test_name_links_in_full_or_by_its_brand(target, reason):
    rows = linked(
        [{"post_id": "heimao:1", "complaint_target": target}],
        names=[("douyin:a", "示例聚星官方"), ("douyin:b", "示例聚星2号")],
    )
    assert [(row["network_id"], row["link_reason"]) for row in rows] == [
        ("net-1", reason)
    ]


@pytest.mark.parametrize(
    ("owners_of_text", "found"),
    [(("douyin:a", "douyin:b"), "net-1"), (("douyin:a", "douyin:z"), None)],
)
def test_quoted_text_links_to_its_only_source(owners_of_text, found):
    rows = linked(
        [{"post_id": "heimao:1"}],
        [sighting("heimao:1", "template", "tpl-000001")],
        owned=[("template", "tpl-000001", owner) for owner in owners_of_text],
    )
    assert [row["network_id"] for row in rows] == [found]


def test_name_that_strangers_share_links_nobody():
    rows = linked(
        [{"post_id": "heimao:1", "complaint_target": "示例聚星"}],
        names=[("douyin:a", "示例聚星"), ("douyin:z", "示例聚星")],
    )
    assert briefly(rows) == [(None, None, None)]


def test_target_id_of_a_shop_links():
    rows = linked(
        [{"post_id": "heimao:1", "complaint_target_id": "990001"}],
        owned=[("shop", "heimao:990001", "douyin:z")],
    )
    assert briefly(rows) == [(None, "douyin:z", "target_id")]


def test_surest_reason_is_kept():
    rows = linked(
        [{"post_id": "heimao:1", "complaint_target": "示例聚星官方"}],
        [sighting("heimao:1", "wechat", "szr_demo_01")],
        names=[("douyin:a", "示例聚星官方")],
        owned=[("wechat", "szr_demo_01", "douyin:a")],
    )
    assert briefly(rows) == [("net-1", "douyin:a", "wechat:szr_demo_01")]


def test_victims_post_elsewhere_is_a_complaint_and_a_comment_is_not():
    rows = linked(
        [
            {"post_id": "weibo:1", "platform": "weibo", "kind": "post"},
            {"post_id": "weibo:2", "platform": "weibo", "kind": "comment"},
        ]
    )
    assert [row["post_id"] for row in rows] == ["weibo:1"]


def test_target_with_a_slip_links_where_nothing_better_does():
    rows = linked(
        [{"post_id": "heimao:1", "complaint_target": "示例聚星云波大讲堂"}],
        names=[("douyin:a", "示例聚星云播大讲堂"), ("douyin:z", "示例启明互娱")],
    )
    assert [(row["network_id"], row["link_confidence"]) for row in rows] == [
        ("net-1", fragments.LIKE_CONFIDENCE)
    ]


def test_name_in_the_text_links_to_whoever_writes_it_of_itself():
    rows = linked(
        [{"post_id": "heimao:1", "text": "去年被聚星云播忽悠了，交了六万六"}],
        names=[("douyin:z", None)],
        others=[
            {
                "post_id": f"douyin:{number}",
                "seller_id": "douyin:z",
                "text": f"聚星云播招代理{number}",
            }
            for number in range(3)
        ],
    )
    assert briefly(rows) == [(None, "douyin:z", "brand:聚星云播")]


def test_sum_in_the_text_counts_where_the_complaint_has_no_field_for_it():
    amount = {
        "post_id": "weibo:1",
        "seller_id": "weibo:x",
        "yuan": 66000,
        "role": "loss",
        "voice": "asserted",
        "field": "text",
        "span_start": 0,
        "span_end": 3,
    }
    rows = linked(
        [{"post_id": "weibo:1", "platform": "weibo", "kind": "post"}], amounts=[amount]
    )
    assert [row["amount_yuan"] for row in rows] == [66000]
