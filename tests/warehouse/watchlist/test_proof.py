from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from tests.harness import large
from warehouse import connect, contracts, load
from warehouse.watchlist import entries, proof

#: Judged a fraud by a person though nothing else speaks against it; its sellers' numbers are not on topic.
JUDGED = "douyin:s9"


@pytest.fixture
def home(work, frame):
    """A small home as the stages leave it, in which some sightings are mentions and somebody judged."""
    night = large.Night(0, 2_000, 0)
    for batch in large.crawled(night, large.texts()):
        load.load_posts(work, batch)
    posts = load.current_posts(work, night.as_of)
    frames = large.derived(posts, night, run_id="r1")
    contract, seen = frames["core.sightings"]
    mention = pl.when(pl.int_range(pl.len()) % 5 == 0).then(pl.lit("mentioned"))
    seen = seen.with_columns(mention.otherwise("ownership").alias("ownership"))
    frames["core.sightings"] = (contract, seen)
    contract, held = frames["core.corroborated"]
    frames["core.corroborated"] = (contract, held.gather_every(3))
    with connect.transaction(work):
        large.store(work, frames)
    row = {
        "verdict_id": "v1", "target": JUDGED, "verdict": "fraud", "author": "lin", "note": "n",
        "decided_at": night.as_of - timedelta(hours=1), "is_current": True,
    }  # fmt: skip
    load.append(work, contracts.VERDICTS, frame(contracts.VERDICTS, [row]))
    return work, night.as_of


def _listed(con, as_of, *, sightings, posts):
    return entries.entries(
        sellers=load.read(con, contracts.SELLERS),
        reasons=load.read(con, contracts.REASONS),
        owners=load.read(con, contracts.CORROBORATED),
        sightings=sightings,
        indicators=load.read(con, contracts.INDICATORS),
        posts=posts,
        verdicts=load.read(con, contracts.VERDICTS),
        allowlist=load.read(con, contracts.ALLOWLIST),
        previous=load.read(con, contracts.WATCHLIST),
        as_of=as_of,
        threshold=0.85,
    ).watchlist


def test_list_is_the_same_as_of_all_sightings_and_posts(home):
    con, as_of = home
    everything = con.sql(
        "select post_id, reads.doc_id, seller_id from core.post_reads as reads join raw.posts using (post_id, crawled_at)"
    ).pl()
    all_of_it = _listed(
        con, as_of, sightings=load.read(con, contracts.SIGHTINGS), posts=everything
    )
    few = proof.posts(con)
    assert _listed(con, as_of, sightings=proof.sightings(con), posts=few).equals(all_of_it)  # fmt: skip
    assert {"wechat", "seller"} == set(all_of_it["entity"])
    assert JUDGED in all_of_it["value"].to_list()
    assert few.height < everything.height / 2
    assert few["post_id"].is_unique().all()
