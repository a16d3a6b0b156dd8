"""Which post shows what."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from models.knowledge import evidence
from warehouse import contracts

AS_OF = datetime(2024, 6, 14, tzinfo=UTC)


def fill(contract, rows):
    return pl.DataFrame(
        [{name: row.get(name) for name in contract.columns} for row in rows],
        schema=dict(contract.columns),
    )


@pytest.fixture
def found():
    """Evidence of (post, seller, stance) with signals, amounts, sightings and links."""

    def make(
        *posts,
        signals=(),
        amounts=(),
        sightings=(),
        edges=(),
        members=(),
        complaints=(),
    ):
        at = [
            {
                "crawled_at": AS_OF - timedelta(days=1),
                "first_crawled_at": AS_OF,
                **post,
                "doc_id": post["post_id"],
            }
            for post in posts
        ]
        raw = [
            {**post, "platform": "douyin", "kind": "post", "text": "文本"}
            for post in at
        ]
        reads = [
            {**post, "stance_probability": post.get("p", 0.9), "is_on_topic": True}
            for post in at
        ]
        spanned = {"voice": "asserted", "field": "text", "span_start": 0}
        frame = evidence.evidence_posts(
            fill(contracts.RAW_POSTS, raw),
            fill(contracts.POST_READS, reads),
            fill(
                contracts.SIGNALS,
                [{**spanned, "span_end": n, **row} for n, row in enumerate(signals)],
            ),
            fill(
                contracts.AMOUNTS,
                [{**spanned, "span_end": n, **row} for n, row in enumerate(amounts)],
            ),
            fill(
                contracts.SIGHTINGS,
                [{"ownership": "own", "seen_at": AS_OF, **row} for row in sightings],
            ),
            fill(
                contracts.EDGES,
                [{"first_seen_at": AS_OF, "weight": 1.0, **row} for row in edges],
            ),
            fill(contracts.NETWORK_MEMBERS, members),
            fill(contracts.COMPLAINTS, complaints),
            as_of=AS_OF,
        )
        return {(seller, key): post for seller, key, post in frame.iter_rows()}

    return make


def post(post_id, seller_id="s", stance="offer", **more):
    return {"post_id": post_id, "seller_id": seller_id, "stance": stance, **more}


def test_everybody_has_a_telling_post(found):
    shown = found(
        post("a", stance="other"),
        post("b", stance="offer", p=0.5),
        post("c", stance="other"),
    )
    assert shown["s", "post"] == "b"
    assert shown["s", "stance:other"] == "c"


def test_the_highest_fee_and_the_fullest_post_are_named(found):
    shown = found(
        post("a"),
        post("b"),
        signals=[
            {"post_id": "a", "signal": "fomo"},
            {"post_id": "a", "signal": "urgency"},
            {"post_id": "b", "signal": "fomo"},
        ],
        amounts=[
            {"post_id": "a", "yuan": 35_000, "role": "agency_fee"},
            {"post_id": "b", "yuan": 66_000, "role": "agency_fee"},
            {"post_id": "b", "yuan": 99_000, "role": "agency_fee", "voice": "quoted"},
        ],
    )
    assert shown["s", "amount:agency_fee"] == "b"
    assert shown["s", "signal:fomo"] == "a"
    assert shown["s", "script"] == "a"


def test_a_link_points_at_the_post_with_the_shared_value(found):
    tie = {
        "src": "s",
        "dst": "t",
        "evidence": [{"kind": "wechat", "value": "szr_demo_01", "weight": 1.0}],
    }
    seen = {"kind": "wechat", "value": "szr_demo_01"}
    shown = found(
        post("a"),
        post("b"),
        post("c", "t"),
        sightings=[
            {**seen, "post_id": "a", "seller_id": "s"},
            {**seen, "seller_id": "t"},
        ],
        edges=[tie],
    )
    assert shown["s", "link"] == "a"
    assert shown["t", "link"] == "a"  # shows it in the profile only
    assert shown["s", "contact"] == "a"


def test_an_own_complaint_comes_before_one_against_the_network(found):
    shown = found(
        post("a"),
        post("b", "t"),
        post("x", "v", "complaint"),
        post("y", "v", "complaint"),
        members=[
            {"network_id": "n1", "seller_id": "s"},
            {"network_id": "n1", "seller_id": "t"},
        ],
        complaints=[
            {"post_id": "x", "network_id": "n1", "link_confidence": 0.9},
            {
                "post_id": "y",
                "network_id": "n1",
                "seller_id": "s",
                "link_confidence": 0.6,
            },
        ],
    )
    assert shown["s", "complaint"] == "y"
    assert shown["t", "complaint"] == "x"


def test_what_was_crawled_later_is_not_evidence(found):
    shown = found(
        post("a", stance="other"), post("b", crawled_at=AS_OF + timedelta(seconds=1))
    )
    assert shown["s", "post"] == "a"
