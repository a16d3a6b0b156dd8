"""Speed of joining: sightings to networks and what rings say of sellers, against NetworkX over the whole graph.

The market is made of arrays: rings of 2 to 60 that share one, three or rotating contacts, lone sellers, hotlines that
everybody shows. The peer does the same questions in NetworkX over one graph of sellers and values: components, communities
(Louvain; NetworkX has no Leiden of its own), bridges, core numbers, PageRank from confirmed sellers. It has no hub control,
no evidence and no ids.
"""

import resource
import time
from datetime import UTC, datetime

import networkx as nx
import numpy as np
import polars as pl

from features import lineage, network
from features.positions import standing
from warehouse import contracts

START = datetime(2024, 6, 1, tzinfo=UTC)
#: NetworkX is timed on so many sellers and scaled linearly, which favours it.
PEER_SELLERS = 100_000
CONFIRMED = 500


def market(sellers: int, *, seed: int = 1) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Sightings (three a seller) and facts."""
    dice = np.random.default_rng(seed)
    sizes: list[int] = []
    left = sellers * 6 // 10
    while left > 0:
        sizes.append(min(left, int(np.clip(dice.pareto(1.6) * 2 + 2, 2, 60))))
        left -= sizes[-1]
    ring = np.repeat(np.arange(len(sizes)), sizes)
    ring = np.concatenate([ring, len(sizes) + np.arange(sellers - ring.size)])
    place = np.arange(sellers) - np.searchsorted(ring, ring)
    way = ring % 3
    number = np.arange(sellers)
    first = np.where(way == 2, number, ring * 4)
    second = np.where(
        way == 2, number + 1, ring * 4 + np.where(way == 1, 1 + place % 3, 0)
    )
    is_public = dice.random(sellers) < 0.2
    third = np.where(is_public, dice.integers(0, 40, sellers), number)
    names = pl.DataFrame({"number": number}).select(
        pl.format("douyin:s{}", pl.col("number").cast(pl.String).str.zfill(8)).alias(
            "id"
        )
    )["id"]
    contact = pl.Series("value", np.concatenate([first, second])).cast(pl.String)
    kinds = np.concatenate(
        [np.where(way == 2, "wechat", "qq"), np.where(way == 2, "wechat", "phone")]
    )
    other = pl.Series("value", third).cast(pl.String).str.zfill(6)
    values = pl.concat(
        [
            pl.select(
                pl.when(pl.Series(kinds) == "phone").then("199" + contact.str.zfill(8))
                .when(pl.Series(kinds) == "qq").then("8" + contact.str.zfill(9))
                .otherwise("szr_demo_" + contact)
            ).to_series(),
            pl.select(
                pl.when(pl.Series(is_public)).then("4000" + other).otherwise("szr_own_" + other)
            ).to_series(),
        ]
    )  # fmt: skip
    kinds = np.concatenate([kinds, np.where(is_public, "phone", "telegram")])
    seen_at = pl.Series(
        np.tile(number % 43_200, 3).astype(np.int64) * 60_000_000, dtype=pl.Int64
    ).cast(pl.Duration("us"))
    rows = pl.DataFrame(
        {
            "post_id": pl.concat([names + f"-{part}" for part in range(3)]),
            "seller_id": pl.concat([names] * 3),
            "kind": kinds,
            "value": values,
        }
    ).with_columns(
        pl.col("value").alias("raw"),
        pl.lit("text").alias("field"),
        pl.lit("own").alias("ownership"),
        pl.lit(0.9).alias("confidence"),
        (pl.lit(START).cast(contracts.TIME) + seen_at).alias("seen_at"),
    )
    facts = pl.DataFrame({"seller_id": names}).with_columns(
        pl.lit("douyin").alias("platform"),
        pl.lit("seller").alias("role"),
        *(pl.lit(2, pl.Int64).alias(name) for name in ("post_count", "offer_count")),
        pl.lit(START).cast(contracts.TIME).alias("first_seen_at"),
        pl.lit(START).cast(contracts.TIME).alias("last_seen_at"),
    )
    missing = [
        pl.lit(None, kind).alias(name)
        for name, kind in contracts.SELLER_FACTS.columns.items()
        if name not in facts.columns
    ]
    return (
        rows.select(contracts.SIGHTINGS.columns.keys()),
        facts.with_columns(missing).select(contracts.SELLER_FACTS.columns.keys()),
    )


def run(sellers: int) -> dict[str, object]:
    """Figures of one run."""
    sightings, facts = market(sellers)
    figures: dict[str, object] = {"sellers": sellers, "sightings": sightings.height}
    scale = max(1.0, sellers / PEER_SELLERS)
    simple, communities = (
        seconds * scale for seconds in _peer(min(sellers, PEER_SELLERS))
    )
    started = time.process_time()
    links = network.link(
        sightings, sellers=facts, allowlist=contracts.ALLOWLIST.empty()
    )
    linked = time.process_time()
    placed = standing.standing(
        links.ties, facts["seller_id"].gather_every(sellers // CONFIRMED).to_list()
    )
    stood = time.process_time()
    carried = lineage.carry_ids(
        contracts.NETWORK_MEMBERS.empty(),
        links.components,
        first_seen=facts.select("seller_id", "first_seen_at"),
        run_id="run-1",
        history=contracts.NETWORK_HISTORY.empty(),
    )
    ended = time.process_time()
    ours = ended - started
    return figures | {
        "networks": carried.members["network_id"].n_unique(),
        "edges": links.edges.height,
        "seats": placed.height,
        "link_cpu_seconds": round(linked - started, 1),
        "standing_cpu_seconds": round(stood - linked, 1),
        "lineage_cpu_seconds": round(ended - stood, 1),
        "cpu_seconds": round(ours, 1),
        "networkx_cpu_seconds": round(simple + communities, 1),
        "networkx_without_communities_cpu_seconds": round(simple, 1),
        "times_faster_than_networkx": round((simple + communities) / ours, 1),
        "goal_times_faster": 10,
        "peak_gib": round(
            resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2
        ),
        "goal_peak_gib": 4,
    }


def _peer(sellers: int) -> tuple[float, float]:
    """CPU seconds of NetworkX for so many sellers of the same market: without communities, and for communities."""
    sightings, facts = market(sellers)
    pairs = sightings.select(
        "seller_id", pl.concat_str("kind", pl.lit(":"), "value")
    ).rows()
    confirmed = facts["seller_id"].gather_every(max(1, sellers // CONFIRMED)).to_list()
    started = time.process_time()
    graph = nx.Graph()
    graph.add_edges_from(pairs)
    sum(1 for _ in nx.connected_components(graph))
    sum(1 for _ in nx.bridges(graph))
    nx.core_number(graph)
    nx.pagerank(graph, personalization=dict.fromkeys(confirmed, 1.0))
    asked = time.process_time()
    nx.community.louvain_communities(graph, seed=1)
    return asked - started, time.process_time() - asked
