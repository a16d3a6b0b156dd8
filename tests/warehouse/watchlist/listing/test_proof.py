from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from tests.harness.worlds import large
from warehouse import connect, contracts, load
from warehouse.watchlist.listing import entries, proof

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


def _listed(con, as_of, found):
    return entries.entries(
        sellers=found.sellers,
        reasons=found.reasons,
        owners=load.read(con, contracts.CORROBORATED),
        sightings=found.sightings,
        indicators=load.read(con, contracts.INDICATORS),
        posts=found.posts,
        verdicts=load.read(con, contracts.VERDICTS),
        allowlist=load.read(con, contracts.ALLOWLIST),
        previous=load.read(con, contracts.WATCHLIST),
        as_of=as_of,
        threshold=0.85,
    )


def _everything(con):
    posts = con.sql(
        "select post_id, reads.doc_id, seller_id from core.post_reads as reads join raw.posts using (post_id, crawled_at)"
    ).pl()
    return proof.Proof(
        load.read(con, contracts.SELLERS),
        load.read(con, contracts.REASONS),
        load.read(con, contracts.SIGHTINGS),
        posts,
    )


def test_list_is_the_same_as_of_all_sellers_reasons_sightings_and_posts(home):
    con, as_of = home
    everything, few = _everything(con), proof.proof(con)
    listed = _listed(con, as_of, everything).watchlist
    assert _listed(con, as_of, few).watchlist.equals(listed)
    assert {"wechat", "seller"} == set(listed["entity"])
    assert JUDGED in listed["value"].to_list()
    assert few.posts.height < everything.posts.height / 2
    assert few.posts["post_id"].is_unique().all()
    assert few.sellers.height < everything.sellers.height
    assert few.reasons.height < everything.reasons.height


@pytest.mark.parametrize(
    "change",
    [
        "update core.sellers set band = 'low', scam_probability = 0.1 where seller_id in (select value from core.watchlist limit 5)",
        "update core.sellers set scam_probability = null, band = null where band = 'high'",
        "delete from core.corroborated where value in (select value from core.watchlist where entity = 'wechat' limit 2)",
        "update core.sightings set ownership = 'mentioned'",
        "insert into core.verdicts (verdict_id, target, verdict, author, decided_at) select 'v2', 'wechat:' || min(value), 'fraud', 'lin', '2026-02-28' from core.corroborated",
    ],
)
def test_what_was_listed_leaves_for_the_same_reason_as_of_everything(home, change):
    con, as_of = home
    before = _listed(con, as_of, proof.proof(con)).watchlist
    load.append(con, contracts.WATCHLIST, before)
    con.execute(change)
    later = as_of + timedelta(hours=1)
    one, other = (_listed(con, later, each) for each in (_everything(con), proof.proof(con)))  # fmt: skip
    assert one.watchlist.equals(other.watchlist)
    assert one.leaving.equals(other.leaving)
    assert not one.watchlist.equals(before)
