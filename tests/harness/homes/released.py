"""A home with a published night of a few invented sellers, made by the real publication without a crawl.

Two sellers of one network share a WeChat id; a third stands alone with its site and company. All three are listed, and so
are their contacts.
"""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl

from flows import home as home_module
from flows import settings
from flows.nights import stages
from flows.releases import publication
from warehouse import connect, contracts, load, migrate

#: An hour ago at most, so that decisions made now are later, and lists are fresh.
NIGHT = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)

SELLERS = {
    "douyin:szr1": ("示例一", "net-1", [("wechat", "szr_demo_01"), ("phone", "19900000001")]),
    "douyin:szr2": ("示例二", "net-1", [("wechat", "szr_demo_01")]),
    "landing:szr3.example.com": (
        "示例三", None, [("domain", "join.szr3.example.com"), ("company", "示例三数字科技有限公司"), ("uscc", "91000000000000003W")],
    ),
}  # fmt: skip
ENTRY_COUNT = 8


def _frame(contract: contracts.Contract, rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(contract.columns))


def make(root: Path, *, as_of: datetime = NIGHT) -> settings.Settings:
    """Have the night published; its settings. A process publishes it once and copies it from then on."""
    shutil.copytree(_made(as_of), root, symlinks=True, dirs_exist_ok=True)
    return settings.Settings(home=home_module.Home(root), config_path=None)


@functools.cache
def _made(as_of: datetime) -> Path:
    root = Path(tempfile.mkdtemp(prefix="released-"))
    atexit.register(shutil.rmtree, root)
    home = home_module.Home(root)
    home.ensure(is_sandbox=False)
    with connect.open_work(home.database) as connection:
        migrate.migrate(connection)
        _fill(connection, as_of)
    publish(settings.Settings(home=home, config_path=None), as_of=as_of)
    return root


def publish(found: settings.Settings, *, as_of: datetime) -> dict[str, object]:
    """Publish what the working database holds, as the night does after scoring."""
    home = found.home
    with connect.open_work(home.database) as connection:
        night = stages.Night(
            found,
            publication.next_run_id(connection, as_of),
            as_of,
            as_of,
            home.is_sandbox(),
        )
        publication.begin(connection, night)
    stages.decide(night)
    return publication.publish_night(night, seconds={}, source_states={})


def _fill(connection: duckdb.DuckDBPyConnection, as_of: datetime) -> None:
    seen = as_of - timedelta(days=1)
    rows: dict[str, list[dict[str, object]]] = {
        name: [] for name in ("posts", "reads", "sellers", "reasons", "sightings", "scores", "owners", "indicators", "members")
    }  # fmt: skip
    for number, (seller_id, (name, network, indicators)) in enumerate(SELLERS.items()):
        platform, post_id = seller_id.split(":")[0], f"{seller_id.split(':')[0]}:p{number}"  # fmt: skip
        rows["posts"].append({"post_id": post_id, "crawled_at": seen, "platform": platform, "kind": "post", "seller_id": seller_id, "source": "drop", "text": "数字人招商", "author_handle": f"Szr_Handle_{number}"})  # fmt: skip
        rows["reads"].append({"post_id": post_id, "crawled_at": seen, "first_crawled_at": seen, "doc_id": f"d{number}", "stance": "offer", "stance_probability": 1.0, "is_on_topic": True})  # fmt: skip
        rows["sellers"].append({"seller_id": seller_id, "platform": platform, "name": name, "url": f"https://www.{platform}.com/user/szr{number}", "network_id": network, "role": "seller", "scam_probability": 0.97, "band": "high", "last_seen_at": seen, "first_seen_at": seen})  # fmt: skip
        rows["scores"].append({"seller_id": seller_id, "scam_probability": 0.97, "score_source": "rules", "model_version": "rules-1"})  # fmt: skip
        if network:
            rows["members"].append({"network_id": network, "seller_id": seller_id})
        for rank, (code, family) in enumerate([("fee_asked", "money"), ("fomo", "trope")], start=1):  # fmt: skip
            rows["reasons"].append({"seller_id": seller_id, "rank": rank, "reason": code, "family": family, "contribution": 1.0, "evidence_post_id": post_id})  # fmt: skip
        for kind, value in indicators:
            rows["sightings"].append({"post_id": post_id, "seller_id": seller_id, "kind": kind, "value": value, "raw": value, "field": "text", "ownership": "own", "confidence": 0.95, "seen_at": seen})  # fmt: skip
            rows["owners"].append({"kind": kind, "value": value, "seller_id": seller_id})  # fmt: skip
            rows["indicators"].append({"kind": kind, "value": value, "network_id": network, "is_hub": False, "is_allowlisted": False})  # fmt: skip
    load.load_posts(connection, _frame(contracts.RAW_POSTS, rows["posts"]))
    for contract, name in (
        (contracts.POST_READS, "reads"),
        (contracts.SELLERS, "sellers"),
        (contracts.SCORES, "scores"),
        (contracts.REASONS, "reasons"),
        (contracts.SIGHTINGS, "sightings"),
        (contracts.CORROBORATED, "owners"),
        (contracts.INDICATORS, "indicators"),
        (contracts.NETWORK_MEMBERS, "members"),
    ):
        frame = _frame(contract, rows[name])
        key = contract.key or None
        load.replace(connection, contract, frame.unique(key, maintain_order=True))
    connection.execute(
        "insert into core.doc_stances (doc_id, reader_version, pack_version) select doc_id, '1', '1' from core.post_reads"
    )
    networks = [{"network_id": "net-1", "seller_count": 2}]
    load.replace(connection, contracts.NETWORKS, _frame(contracts.NETWORKS, networks))
