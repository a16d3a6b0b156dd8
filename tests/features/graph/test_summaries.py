from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from features.graph import summaries
from warehouse import contracts

START = datetime(2024, 6, 1, tzinfo=UTC)


def facts(**roles):
    """Facts of sellers; ``a=\"seller\"`` is douyin:a, which makes one offer."""
    rows = [
        {
            "seller_id": f"douyin:{name}",
            "platform": "douyin",
            "role": role,
            "offer_count": int(role == "seller"),
            "post_count": 1,
        }
        for name, role in roles.items()
    ]
    return pl.DataFrame(rows, schema=dict(contracts.SELLER_FACTS.columns))


def test_summary_counts_names_and_sums():
    members = pl.DataFrame(
        [("net-1", f"douyin:{name}") for name in "abcd"],
        schema=["network_id", "seller_id"],
        orient="row",
    )
    known = facts(a="seller", b="seller", c="seller", d="other").with_columns(
        pl.Series("name", ["聚星数字人官方", "聚星数字人02号", "小陈聊AI", None]),
        pl.Series("max_fee_yuan", [66000, 98000, None, None]).cast(contracts.MONEY),
        pl.lit(START).cast(contracts.TIME).alias("first_seen_at"),
        pl.lit(START).cast(contracts.TIME).alias("last_seen_at"),
    )
    scores = pl.DataFrame(
        {
            "seller_id": [f"douyin:{name}" for name in "abcd"],
            "scam_probability": [0.9, 0.8, 0.7, 0.1],
        }
    )
    complained = [
        {"post_id": "heimao:1", "amount_yuan": 66000, "network_id": "net-1"},
        {
            "post_id": "heimao:1",
            "amount_yuan": 66000,
            "network_id": "net-1",
            "seller_id": "douyin:a",
        },
        {"post_id": "heimao:2", "amount_yuan": None, "network_id": "net-1"},
        {"post_id": "heimao:3", "amount_yuan": 9, "network_id": None},
    ]
    complaints = pl.DataFrame(complained, schema=dict(contracts.COMPLAINTS.columns))
    row = summaries.summaries(
        members, known, contracts.INDICATORS.empty(), scores, complaints
    ).row(0, named=True)
    assert row["display_name"] in {"聚星数字人官方", "聚星数字人02号"}
    assert row["scam_probability"] == pytest.approx(0.8)
    assert (row["seller_count"], row["complaint_count"], row["max_fee_yuan"]) == (
        4,
        2,
        98000,
    )
    assert row["claimed_loss_yuan"] == 66000


def test_network_without_names_and_scores_is_called_by_its_id():
    members = pl.DataFrame(
        [("net-1", "douyin:a"), ("net-1", "douyin:b")],
        schema=["network_id", "seller_id"],
        orient="row",
    )
    row = summaries.summaries(
        members,
        facts(a="seller"),
        contracts.INDICATORS.empty(),
        contracts.SCORES.empty(),
        contracts.COMPLAINTS.empty(),
    ).row(0, named=True)
    assert row["display_name"] == "net-1"
    assert row["scam_probability"] is None
    assert row["claimed_loss_yuan"] is None


def named(*shown, last=None):
    """The display name of a network of accounts so called, after a night in which it was called ``last``."""
    letters = "abcdefghij"[: len(shown)]
    members = pl.DataFrame(
        [("net-1", f"douyin:{name}") for name in letters],
        schema=["network_id", "seller_id"],
        orient="row",
    )
    known = facts(**dict.fromkeys(letters, "seller")).with_columns(
        pl.Series("name", list(shown))
    )
    before = pl.DataFrame(
        [{"network_id": "net-1", "display_name": last}] if last else [],
        schema=dict(contracts.NETWORKS.columns),
    )
    return summaries.summaries(
        members,
        known,
        contracts.INDICATORS.empty(),
        contracts.SCORES.empty(),
        contracts.COMPLAINTS.empty(),
        before,
    )["display_name"].item()


def test_growing_ring_keeps_its_name():
    assert named("示例聚星", "示例聚星") == "示例聚星"
    grown = ("示例聚星", "示例聚星", "示例云启", "示例云启", "示例云启")
    assert named(*grown) == "示例云启"
    assert named(*grown, last="示例聚星") == "示例聚星"


def test_ring_is_renamed_when_most_of_it_is_called_otherwise_or_nobody_is_called_so():
    grown = ("示例聚星", "示例云启", "示例云启", "示例云启")
    assert named(*grown, last="示例聚星") == "示例云启"
    assert named("示例云启", "示例云启", last="示例聚星") == "示例云启"


def test_name_keeps_its_spelling_while_somebody_uses_it():
    shown = ("示例聚星官方", "示例聚星官方", "示例聚星")
    assert named(*shown, last="示例聚星") == "示例聚星"


def test_network_that_nobody_saw_for_three_months_is_dormant():
    members = pl.DataFrame(
        [("net-1", "douyin:a"), ("net-1", "douyin:b")],
        schema=["network_id", "seller_id"],
        orient="row",
    )
    known = facts(a="seller", b="seller").with_columns(
        pl.lit(START).cast(contracts.TIME).alias("last_seen_at")
    )

    def dormant(as_of):
        return summaries.summaries(
            members,
            known,
            contracts.INDICATORS.empty(),
            contracts.SCORES.empty(),
            contracts.COMPLAINTS.empty(),
            as_of=as_of,
        )["is_dormant"].item()

    assert dormant(START + timedelta(days=89)) is False
    assert dormant(START + timedelta(days=91)) is True
    assert dormant(None) is None
