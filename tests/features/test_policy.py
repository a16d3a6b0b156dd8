"""Policy conflicts: a claim against the rules of its day and platform."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from features import pack, policy, reading
from warehouse import contracts

PACK = pack.load_pack()
CRAWLED = datetime(2026, 3, 1, tzinfo=UTC)
OFFER = "诚招数字人城市合伙人，代理费39800元，月入3万，加微信szr_demo_01。"
CHANNELS = "channels-2024-06-not-real-live"
LABELS = "cac-2025-09-labels"


def found(
    text: str,
    *,
    platform: str = "xiaohongshu",
    on: datetime | None = CRAWLED,
    stance: str | None = None,
    copies: int = 1,
) -> pl.DataFrame:
    documents = pl.DataFrame(
        {"doc_id": ["d"], "title": [None], "text": [text]},
        schema=dict(contracts.DOCUMENTS.columns),
    )
    read = reading.read_documents(documents, pack=PACK)
    ids = [f"{platform}:{number}" for number in range(copies)]
    posts = pl.DataFrame(
        {
            "post_id": ids,
            "platform": platform,
            "published_at": [on] * copies,
            "crawled_at": CRAWLED,
            "first_crawled_at": CRAWLED,
            "doc_id": "d",
            "kind": "post",
            "title": pl.Series([None] * copies, dtype=pl.String),
            "text": text,
        },
        schema_overrides={"published_at": contracts.TIME, "crawled_at": contracts.TIME, "first_crawled_at": contracts.TIME},
    )  # fmt: skip
    reads = reading.post_reads(posts, read.stances, pack=PACK)
    if stance is not None:
        reads = reads.with_columns(stance=pl.lit(stance))
    owners = posts.select("post_id", seller_id=pl.lit("s:1"))
    told = reading.post_signals(reads, owners, read.signals)
    return policy.conflicts(posts, reads, told, pack=PACK)


def rules(text: str, **known: object) -> set[str]:
    return set(found(text, **known)["rule_id"])


def test_naming_a_platform_after_its_rule_conflicts():
    frame = found(OFFER + "视频号数字人24小时直播带货")
    assert CHANNELS in set(frame["rule_id"])
    row = frame.filter(pl.col("rule_id") == CHANNELS).row(0, named=True)
    assert row["platform"] == "xiaohongshu"
    assert row["span_text"] in OFFER + "视频号数字人24小时直播带货"


def test_the_same_claim_before_the_rule_does_not():
    day = datetime(2024, 6, 12, 15, 59, 59, tzinfo=UTC)
    assert CHANNELS not in rules(OFFER + "视频号数字人直播带货", on=day)


def test_a_rule_begins_at_midnight_in_china():
    day = datetime(2024, 6, 12, 16, 0, tzinfo=UTC)
    assert CHANNELS in rules(OFFER + "视频号数字人直播带货", on=day)


def test_a_post_without_a_date_counts_by_its_crawl():
    assert CHANNELS in rules(OFFER + "视频号数字人直播带货", on=None)


def test_naming_another_platform_does_not():
    assert CHANNELS not in rules(
        OFFER + "京东数字人直播，绝不封号", platform="wechat_channels"
    )


def test_a_claim_that_names_no_platform_is_about_its_own():
    text = OFFER + "绝不封号，检测不到"
    assert CHANNELS in rules(text, platform="wechat_channels")
    assert CHANNELS not in rules(text, platform="jd")


def test_state_rules_bind_everywhere():
    assert LABELS in rules(OFFER + "一键去AI标识", platform="jd")


@pytest.mark.parametrize("stance", ["report", "complaint", "other"])
def test_only_offers_and_vendors_claim(stance):
    assert rules(OFFER + "视频号数字人直播，一键去AI标识", stance=stance) == set()


def test_a_denial_is_no_claim():
    assert LABELS not in rules(OFFER + "没有去标识服务")


def test_a_post_stands_once_per_rule():
    frame = found(
        OFFER + "视频号数字人直播。视频号无人直播。视频号虚拟人直播", copies=3
    )
    assert frame.select("post_id", "rule_id").is_duplicated().any() is False
    assert frame["post_id"].n_unique() == 3
    assert frame.equals(frame.sort("platform", "post_id", "rule_id"))


def test_empty_in_empty_out():
    posts = pl.DataFrame(
        schema={"post_id": contracts.TEXT, "platform": contracts.TEXT, "published_at": contracts.TIME, "crawled_at": contracts.TIME, "title": contracts.TEXT, "text": contracts.TEXT}
    )  # fmt: skip
    frame = policy.conflicts(
        posts, contracts.POST_READS.empty(), contracts.SIGNALS.empty(), pack=PACK
    )
    assert frame.equals(contracts.POLICY_CONFLICTS.empty())


def test_a_date_after_the_crawl_is_not_believed():
    day = datetime(2030, 1, 1, tzinfo=UTC)
    assert CHANNELS in rules(OFFER + "视频号数字人直播带货", on=day)
