"""A home of any size made directly as tables: posts with readable texts, and what the stages would have derived of them.

Eight posts a seller. Three sellers of ten are on topic: theirs are the signals, amounts, contacts and scores. Four neighbours
on topic share a contact and are a network. One seller of 25 is in band high, so a million posts list about 5,000 entries.
A later night has more posts of new and known sellers, some known posts found again and a few changed, and other scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from crawlers.sandbox import market
from warehouse import connect, contracts, load
from warehouse.rows import documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

EPOCH = datetime(2026, 3, 1, tzinfo=UTC)
PER_SELLER = 8
#: As the import does.
BATCH = 20_000
VERSION = "1"


@dataclass(frozen=True, slots=True)
class Night:
    """How much a night adds.

    Attributes:
        first: Posts that were known before.
        last: Posts that are known after it.
        number: Which night.
        found_again: Known posts that were crawled again and say the same.
        changed: Known posts that say something else.
        is_recent: Whether these are the newest of the known posts, as a search that shows new ones first finds them; else
            they are drawn from all at random.
    """

    first: int
    last: int
    number: int
    found_again: int = 0
    changed: int = 0
    is_recent: bool = False

    @property
    def as_of(self) -> datetime:
        """Its limit of knowledge."""
        return EPOCH + timedelta(days=self.number)

    def known(self, count: int, *, salt: int) -> np.ndarray:
        """Some posts that were known before."""
        if self.is_recent:
            return np.arange(self.first - count, self.first)
        chance = np.random.default_rng(self.number * 10 + salt)
        return chance.choice(self.first, size=count, replace=False)


def texts(seed: int = 5) -> str:
    """What an invented market says, in one piece that posts are cut from."""
    said = market.stream(seed, epoch=EPOCH, posts=20_000)
    return "\n".join(str(each["text"]) for each in said)


def crawled(night: Night, source: str) -> Iterator[pl.DataFrame]:
    """What the night brings: contracts.RAW_POSTS in batches."""
    for start in range(night.first, night.last, BATCH):
        numbers = np.arange(start, min(start + BATCH, night.last))
        yield _posts(numbers, night, source, salt=0)
    if night.found_again:
        # Their texts were crawled in the first night.
        yield _posts(night.known(night.found_again, salt=1), night, source, salt=0)
    if night.changed:
        yield _posts(night.known(night.changed, salt=2), night, source, salt=night.number)  # fmt: skip


def seller_numbers(numbers: np.ndarray) -> np.ndarray:
    """Whose posts these are."""
    return numbers // PER_SELLER


def _posts(
    numbers: np.ndarray, night: Night, source: str, *, salt: int
) -> pl.DataFrame:
    sellers = seller_numbers(numbers)
    spread = (numbers * 2_654_435_761 + salt * 97) % (len(source) - 400)
    length = 60 + numbers % 121
    said = [source[at : at + size] for at, size in zip(spread, length, strict=True)]
    number = pl.Series(numbers)
    seller = pl.Series(sellers).cast(pl.String)
    frame = pl.DataFrame({"number": number, "seller": seller, "text": said})
    minutes = pl.duration(minutes=pl.col("number") % 500_000)
    made = frame.select(
        post_id="douyin:" + pl.col("number").cast(pl.String),
        crawled_at=pl.lit(night.as_of - timedelta(hours=1)),
        platform=pl.lit("douyin"),
        kind=pl.lit("post"),
        seller_id="douyin:s" + pl.col("seller"),
        source=pl.lit("douyin"),
        url="https://www.example.com/video/" + pl.col("number").cast(pl.String),
        transport=pl.lit("export"),
        published_at=pl.lit(EPOCH - timedelta(days=365)) + minutes,
        published_precision=pl.lit("second"),
        text=pl.col("text"),
        author_id_kind=pl.lit("native"),
        author_name="示例" + pl.col("seller"),
        author_bio="示例简介 " + pl.col("seller") + " 加微信 szr_demo_" + pl.col("seller"),
        likes=pl.col("number") % 1009,
        comments=pl.col("number") % 53,
    )  # fmt: skip
    known = made.columns
    return made.select(
        [
            pl.col(name).cast(dtype) if name in known else pl.lit(None, dtype).alias(name)
            for name, dtype in contracts.RAW_POSTS.columns.items()
        ]
    )  # fmt: skip


def read(connection: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    """Keep readings of every text that has none, in the slices in which they are read."""
    for part in documents.unread(connection, as_of):
        documents.append_reading(
            connection,
            signals=_spans(part, contracts.DOC_SIGNALS, 3),
            amounts=_spans(part, contracts.DOC_AMOUNTS, 1),
            contacts=_spans(part, contracts.DOC_CONTACTS, 1),
            stances=_shaped(
                part.select("doc_id"), contracts.DOC_STANCES, is_on_topic=True, offer=1.0
            ),
            reader_version=VERSION,
            pack_version=VERSION,
        )  # fmt: skip


def derived(
    posts: pl.DataFrame, night: Night, *, run_id: str
) -> dict[str, tuple[contracts.Contract, pl.DataFrame]]:
    """The tables of the stages between collecting and publishing, by contract name.

    Args:
        posts: As from ``load.current_posts``.
        night: The night.
        run_id: Stands in every seller's row.
    """
    facts = posts.select(
        "post_id", "seller_id", "crawled_at", "first_crawled_at", "last_crawled_at", "doc_id", "author_name", "url",
        number=pl.col("seller_id").str.slice(8).cast(pl.Int64),
        native=pl.col("post_id").str.slice(7).cast(pl.Int64),
    )  # fmt: skip
    about = facts.filter(pl.col("number") % 10 < 3)
    sellers = _sellers(facts, night, run_id)
    scored = sellers.filter(pl.col("scam_probability").is_not_null())
    seen = about.group_by("seller_id", "number").agg(pl.col("last_crawled_at").max(), pl.len().alias("posts"))  # fmt: skip
    seen = seen.with_columns(network=pl.col("number") // 40, value="szr_demo_" + (pl.col("number") // 40).cast(pl.String))  # fmt: skip
    networks = seen.group_by("network", "value").agg(pl.len(), pl.col("posts").sum(), pl.col("last_crawled_at").max())  # fmt: skip
    pairs = seen.join(seen, on="network", suffix="_other").filter(pl.col("seller_id") < pl.col("seller_id_other"))  # fmt: skip
    name = "net-" + pl.col("network").cast(pl.String)
    made = [
        (contracts.POST_READS, _shaped(facts, contracts.POST_READS, stance="offer", stance_probability=0.9, is_on_topic=True)),
        (contracts.SIGNALS, _spans(about, contracts.SIGNALS, 3)),
        (contracts.AMOUNTS, _spans(about, contracts.AMOUNTS, 1)),
        (contracts.SIGHTINGS, _shaped(
            about.select("post_id", "seller_id", value="szr_demo_" + (pl.col("number") // 40).cast(pl.String), seen_at="last_crawled_at"),
            contracts.SIGHTINGS, kind="wechat", raw="加V", field="text", ownership="own", confidence=0.95)),
        (contracts.INDICATORS, _shaped(
            networks.select("value", seller_count="len", post_count="posts", network_id=name, last_seen_at="last_crawled_at"),
            contracts.INDICATORS, kind="wechat", platform_count=1, is_hub=False, is_allowlisted=False)),
        (contracts.EDGES, _shaped(
            pairs.select(src="seller_id", dst="seller_id_other",
                evidence=pl.concat_list(pl.struct(pl.lit("wechat").alias("kind"), pl.col("value"), pl.lit(1.0).alias("weight"))),
                last_seen_at=pl.max_horizontal("last_crawled_at", "last_crawled_at_other")),
            contracts.EDGES, weight=1.0)),
        (contracts.STANDING, _shaped(seen.select("seller_id"), contracts.STANDING, coreness=2, block_density=0.5, fraud_closeness=0.1, link_kind_count=1)),
        (contracts.NETWORK_MEMBERS, seen.select(name.alias("network_id"), "seller_id")),
        (contracts.NETWORK_TRACES, networks.select(name.alias("network_id"), pl.lit("wechat").alias("kind"), "value")),
        (load.MASKED_TEXTS, load.MASKED_TEXTS.empty()),
        (contracts.CORROBORATED, seen.select(pl.lit("wechat").alias("kind"), "value", "seller_id")),
        (contracts.SCORES, scored.select(list(contracts.SCORES.columns))),
        (contracts.SELLERS, sellers),
        (contracts.REASONS, _reasons(scored, about)),
        (contracts.NETWORKS, _shaped(
            networks.select(network_id=name, seller_count="len", last_seen_at="last_crawled_at"),
            contracts.NETWORKS, display_name="示例", platform_count=1, indicator_count=1, scam_probability=0.9, complaint_count=0, is_dormant=False)),
        (contracts.CASES, _shaped(
            networks.select(case_id="case-" + pl.col("network").cast(pl.String), network_id=name),
            contracts.CASES, state="open", opened_at=EPOCH, priority=1.0, why="示例")),
    ]  # fmt: skip
    return {
        contract.name: (contract, frame.sort(contract.key or frame.columns[:4]))
        for contract, frame in made
    }


def store(
    connection: duckdb.DuckDBPyConnection,
    frames: dict[str, tuple[contracts.Contract, pl.DataFrame]],
) -> None:
    """Make them the tables of the night, as the stages do."""
    with connect.transaction(connection):
        for contract, frame in frames.values():
            load.replace(connection, contract, frame)


def _sellers(facts: pl.DataFrame, night: Night, run_id: str) -> pl.DataFrame:
    rows = facts.group_by("seller_id", "number").agg(
        pl.col("author_name").first().alias("name"),
        pl.col("first_crawled_at").min().alias("first_seen_at"),
        pl.col("last_crawled_at").max().alias("last_seen_at"),
        pl.len().cast(pl.Int64).alias("post_count"),
    )
    # Scores move a little from night to night, as they do when accounts grow older.
    drawn = (pl.col("number") * 7919 % 1000) / 10_000 + night.number / 100_000
    is_high = pl.col("number") % 25 == 0
    probability = pl.when(pl.col("number") % 10 < 3).then(
        pl.when(is_high).then(0.88 + drawn).otherwise(0.3 + drawn)
    )
    return _shaped(
        rows.with_columns(
            platform=pl.lit("douyin"),
            network_id=pl.when(pl.col("number") % 10 < 3).then(
                "net-" + (pl.col("number") // 40).cast(pl.String)
            ),
            role=pl.lit("seller"),
            scam_probability=probability,
            probability_low=probability - 0.01,
            probability_high=probability + 0.01,
            band=pl.when(probability.is_not_null()).then(
                pl.when(is_high).then(pl.lit("high")).otherwise(pl.lit("low"))
            ),
            offer_count=pl.col("post_count"),
        ),
        contracts.SELLERS,
        score_source="rules",
        is_calibrated=True,
        complaint_count=0,
        model_version="rules-1",
        run_id=run_id,
    )


#: Codes and families of the reasons that every scored seller has.
_REASONS = (("fee_asked", "money"), ("fomo", "trope"), ("income_promised", "trope"), ("shared_contact", "link"), ("new_account", "behaviour"))  # fmt: skip


def _reasons(scored: pl.DataFrame, about: pl.DataFrame) -> pl.DataFrame:
    first = about.group_by("seller_id").agg(evidence_post_id=pl.col("post_id").min())
    rows = scored.select("seller_id", "scam_probability").join(first, on="seller_id")
    return pl.concat(
        _shaped(
            rows.with_columns(contribution=pl.col("scam_probability") / (rank + 1)),
            contracts.REASONS, rank=rank + 1, reason=code, family=family, text_zh="示例：要求先交代理费", text_en="asks for a fee",
        )
        for rank, (code, family) in enumerate(_REASONS)
    )  # fmt: skip


def _spans(rows: pl.DataFrame, contract: contracts.Contract, each: int) -> pl.DataFrame:
    """So many spans in each post or document."""
    return pl.concat(
        _shaped(
            rows, contract, signal="fomo", voice="asserted", field="text", span_text="名额有限", span_start=place * 8,
            span_end=place * 8 + 4, role="agency_fee", period="none", is_approximate=False, kind="wechat", value="szr_demo",
            raw="加V", ownership="own", confidence=0.9,
        )
        for place in range(each)
    )  # fmt: skip


def _shaped(
    rows: pl.DataFrame, contract: contracts.Contract, **constants: object
) -> pl.DataFrame:
    """A frame of the contract: columns that are there, else constants, else null."""
    return rows.select(
        [
            (pl.col(name) if name in rows.columns else pl.lit(constants.get(name))).cast(dtype).alias(name)
            for name, dtype in contract.columns.items()
        ]
    )  # fmt: skip
