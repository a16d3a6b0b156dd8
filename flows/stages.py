"""The stages of a night between collecting and publishing, each as "frames from the database, pure functions, frames back".

Every stage is one transaction over its own tables (reading keeps each finished slice), so a killed run leaves each table
as one stage or the other left it, and the next run does the work again from what was collected.
"""

from __future__ import annotations

import dataclasses
import logging
from typing import TYPE_CHECKING, Any

import polars as pl

from features import (
    behaviour,
    complaints,
    lineage,
    network,
    policy,
    reading,
    sightings,
)
from features import pack as pack_module
from flows import collect, imports, inbox, log, pool
from models import bundle, cases, evidence, labels, score
from warehouse import connect, contracts, documents, load

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

    from flows import settings as settings_module

logger = logging.getLogger(__name__)

#: Everything that is drawn in training is drawn with this seed: the same night gives the same scores.
SEED = 20_240_613


@dataclasses.dataclass(frozen=True, slots=True)
class Night:
    """What all stages of one run know."""

    settings: settings_module.Settings
    run_id: str
    as_of: datetime
    started_at: datetime
    is_sandbox: bool

    def open(self) -> duckdb.DuckDBPyConnection:
        """The working database; the run holds the lock."""
        return connect.open_work(self.settings.home.database)


def crawl(night: Night, job: dict[str, Any]) -> str | None:
    """Stage one source; null, or why its staging may not be loaded."""
    home = night.settings.home
    return collect.stage_source(
        home,
        job,
        run_id=night.run_id,
        as_of=night.as_of,
        requests_per_night=night.settings.crawl.requests_per_night,
    )


def load_sources(
    night: Night, jobs: list[dict[str, Any]], failures: list[str | None]
) -> dict[str, tuple[imports.Counts, str]]:
    """Load what was staged and judge each source by what it answered: its counts and its state."""
    home = night.settings.home
    with night.open() as connection:
        counts = {
            job["source"]: collect.load_source(
                connection,
                home,
                job["source"],
                run_id=night.run_id,
                as_of=night.as_of,
                failure=failure,
            )
            for job, failure in zip(jobs, failures, strict=True)
        }
        states = collect.note_sources(
            connection, jobs=jobs, run_id=night.run_id, as_of=night.as_of
        )
    return {source: (counts[source], states[source]) for source in counts}


def decide(night: Night) -> dict[str, int]:
    """Apply the decisions that wait in the inbox; each is kept once however often it is filed."""
    filed, bad = inbox.pending(night.settings.home)
    for line in bad:
        log.say(f"puppetwatch: {line}")
    verdicts = [
        {
            "verdict_id": each.decision_id,
            "target": each.target,
            "verdict": each.verdict,
            "note": each.note,
            "author": each.author,
            "decided_at": each.decided_at,
            "is_current": True,
        }
        for _, each in filed
        if each.kind == "verdict"
    ]
    allowed = [
        {
            "kind": each.target.partition(":")[0],
            "value": each.target.partition(":")[2],
            "note": each.note,
            "author": each.author,
            "decided_at": each.decided_at,
        }
        for _, each in filed
        if each.kind == "allow"
    ]
    with night.open() as connection, connect.transaction(connection):
        for contract, rows in (
            (contracts.VERDICTS, verdicts),
            (contracts.ALLOWLIST, allowed),
        ):
            incoming = pl.DataFrame(rows, schema=dict(contract.columns)).unique(
                contract.key, keep="last", maintain_order=True
            )
            known = load.read(connection, contract).select(contract.key)
            load.append(
                connection,
                contract,
                incoming.join(known, on=list(contract.key), how="anti"),
            )
    inbox.discard([path for path, _ in filed])
    return {"verdicts": len(verdicts), "allowed": len(allowed), "set_aside": len(bad)}


def read_posts(night: Night) -> dict[str, int]:
    """Read every distinct text that no night has read yet, then say of each current post what it is doing."""
    pack = pack_module.load_pack(night.settings.pack)
    with night.open() as connection:
        documents.drop_stale(
            connection, reader_version=reading.READER_VERSION, pack_version=pack.version
        )
        unread = documents.count_unread(connection, night.as_of)
        done = 0
        with log.progress("read", unread, unit="texts") as report:
            workers = pool.processors() if unread >= pool.WORTH else 1
            parts = documents.unread(connection, night.as_of)
            for part, found in pool.read_all(parts, pack=pack, workers=workers):
                documents.append_reading(
                    connection,
                    signals=found.signals,
                    amounts=found.amounts,
                    contacts=found.contacts,
                    stances=found.stances,
                    reader_version=reading.READER_VERSION,
                    pack_version=pack.version,
                )
                done += part.height
                report(done, f"{done:,} of {unread:,} texts")
        posts = load.current_posts(connection, night.as_of)
        cached = documents.cached(connection, night.as_of)
        reads = reading.post_reads(posts, cached.stances, pack=pack)
        owners = posts.select("post_id", "seller_id")
        with connect.transaction(connection):
            load.replace(connection, contracts.POST_READS, reads)
            load.replace(
                connection,
                contracts.SIGNALS,
                reading.post_signals(reads, owners, cached.signals),
            )
            load.replace(
                connection,
                contracts.AMOUNTS,
                reading.post_amounts(reads, owners, cached.amounts),
            )
    return {
        "posts": reads.height,
        "texts_read": done,
        "offers": reads.filter(pl.col("stance") == "offer").height,
    }


def link_sellers(night: Night) -> dict[str, int]:
    """Who shows which indicator, who is joined by what, what became of last night's networks, who is complained about."""
    with night.open() as connection:
        posts = _posts_with_texts(connection, night.as_of)
        reads = load.read(connection, contracts.POST_READS)
        signals = load.read(connection, contracts.SIGNALS)
        amounts = load.read(connection, contracts.AMOUNTS)
        contacts = documents.cached(connection, night.as_of).contacts
        seen = sightings.sightings(
            posts,
            reads,
            contacts,
            documents.profiles(connection, night.as_of),
            documents.picture_texts(connection, night.as_of),
        )
        alone = behaviour.seller_facts(
            posts,
            reads,
            signals,
            amounts,
            contracts.NETWORK_MEMBERS.empty(),
            contracts.COMPLAINTS.empty(),
            as_of=night.as_of,
        )
        allowlist = load.read(connection, contracts.ALLOWLIST).filter(
            pl.col("decided_at") <= night.as_of
        )
        links = network.link(seen, sellers=alone, allowlist=allowlist)
        carried = lineage.carry_ids(
            load.read(connection, contracts.NETWORK_MEMBERS),
            links.components,
            first_seen=alone.select("seller_id", "first_seen_at"),
            run_id=night.run_id,
            history=load.read(connection, contracts.NETWORK_HISTORY),
        )
        selling = alone.filter(pl.col("role").is_in(["seller", "vendor"])).select(
            "seller_id", "name"
        )
        complained = complaints.link_complaints(
            posts, reads, seen, carried.members, selling, owners=links.owners
        )
        masked = _published_texts(
            posts, complaints.masked_texts(posts, reads, contacts, links.owners)
        )
        with connect.transaction(connection):
            public = complaints.public_sightings(seen, posts, reads, links.owners)
            load.replace(connection, contracts.SIGHTINGS, public)
            load.replace(
                connection,
                contracts.INDICATORS,
                network.with_networks(links, carried.members),
            )
            load.replace(connection, contracts.EDGES, links.edges)
            load.replace(connection, contracts.NETWORK_MEMBERS, carried.members)
            load.replace(connection, contracts.NETWORK_HISTORY, carried.history)
            load.append(connection, contracts.NETWORK_CHANGES, carried.changes)
            load.replace(connection, contracts.COMPLAINTS, complained)
            load.replace(connection, load.MASKED_TEXTS, masked)
            load.replace(connection, contracts.SIGNALS, _recut(signals, masked))
            load.replace(connection, contracts.AMOUNTS, _recut(amounts, masked))
            load.replace(
                connection,
                contracts.CORROBORATED,
                network.corroborated(links, carried.members),
            )
    return {
        "sellers": alone.height,
        "sightings": public.height,
        "edges": links.edges.height,
        "networks": carried.members["network_id"].n_unique(),
    }


def score_sellers(night: Night) -> dict[str, Any]:
    """Score, give reasons, sum up networks, queue cases."""
    pack = pack_module.load_pack(night.settings.pack)
    lists = night.settings.lists
    with night.open() as connection:
        posts = _posts_with_texts(connection, night.as_of)
        read = {
            contract.name.removeprefix("core."): load.read(connection, contract)
            for contract in (
                contracts.POST_READS,
                contracts.SIGNALS,
                contracts.AMOUNTS,
                contracts.SIGHTINGS,
                contracts.EDGES,
                contracts.NETWORK_MEMBERS,
                contracts.COMPLAINTS,
            )
        }
        shown = (
            posts,
            read["post_reads"],
            read["signals"],
            read["amounts"],
            read["sightings"],
            read["edges"],
            read["network_members"],
            read["complaints"],
        )
        conflicts = policy.conflicts(
            posts, read["post_reads"], read["signals"], pack=pack
        )
        features = behaviour.seller_features(
            *shown,
            as_of=night.as_of,
            fee_bands=pack.fee_bands,
            policy_conflicts=conflicts,
        )
        pointers = evidence.evidence_posts(
            *shown, as_of=night.as_of, policy_conflicts=conflicts
        )
        facts = behaviour.seller_facts(
            posts,
            read["post_reads"],
            read["signals"],
            read["amounts"],
            read["network_members"],
            read["complaints"],
            as_of=night.as_of,
        )
        verdicts = labels.standing_verdicts(
            load.read(connection, contracts.VERDICTS), as_of=night.as_of
        )
        # Every night trains anew from what is known tonight: the result depends on the data alone, never on which
        # bundle an earlier run happened to leave.
        scored = score.score_sellers(
            features,
            facts,
            pointers,
            pack=pack,
            verdicts=verdicts,
            champion=None,
            seed=SEED,
        )
        if scored.bundle is not None:
            bundle.save(scored.bundle, night.settings.home.models)
        sellers = (
            facts.join(scored.scores, on="seller_id", how="left")
            .with_columns(
                score.band(
                    pl.col("scam_probability"), high=lists.high, medium=lists.medium
                ).alias("band"),
                pl.lit(night.run_id).alias("run_id"),
            )
            .select(contracts.SELLERS.columns.keys())
        )
        summed = network.summaries(
            read["network_members"],
            facts,
            load.read(connection, contracts.INDICATORS),
            scored.scores,
            read["complaints"],
        )
        renamed = lineage.renames(
            load.read(connection, contracts.NETWORKS), summed, run_id=night.run_id
        )
        queue = cases.queue(
            scored.scores,
            facts,
            verdicts,
            load.read(connection, contracts.CASES),
            as_of=night.as_of,
        )
        with connect.transaction(connection):
            load.replace(connection, contracts.POLICY_CONFLICTS, conflicts)
            load.replace(connection, contracts.SCORES, scored.scores)
            load.replace(connection, contracts.SELLERS, sellers)
            load.replace(connection, contracts.REASONS, scored.reasons)
            load.replace(connection, contracts.NETWORKS, summed)
            load.append(connection, contracts.NETWORK_CHANGES, renamed)
            load.replace(connection, contracts.CASES, queue)
    source = scored.scores["score_source"].first() if scored.scores.height else None
    return {
        "policy_conflicts": conflicts.height,
        "scored": scored.scores.height,
        "high": sellers.filter(pl.col("band") == "high").height,
        "score_source": source,
        "gate": scored.gate.get("why"),
    }


def _posts_with_texts(
    connection: duckdb.DuckDBPyConnection, as_of: datetime
) -> pl.DataFrame:
    """Current posts with title and text, sorted by post_id."""
    posts = load.current_posts(connection, as_of)
    texts = load.post_texts(connection, as_of, posts["post_id"])
    return posts.join(texts, on="post_id", how="left", maintain_order="left")


def _published_texts(posts: pl.DataFrame, masked: pl.DataFrame) -> pl.DataFrame:
    """What the snapshot shows of complaints and comments: the masked text where something was masked, else the text.

    The snapshot shows no such text that is not here, so one that nobody looked at can never slip through.
    """
    private = posts.filter(pl.col("kind").is_in(["complaint", "comment"])).select(
        "post_id", "title", "text"
    )
    return pl.concat([masked, private.join(masked, on="post_id", how="anti")]).sort(
        "post_id"
    )


def _recut(spans: pl.DataFrame, masked: pl.DataFrame) -> pl.DataFrame:
    """Spans of masked posts, cut from the masked text again (masking keeps lengths)."""
    both = spans.join(masked, on="post_id", how="left", maintain_order="left")
    text = pl.when(pl.col("field") == "title").then("title").otherwise("text")
    cut = text.str.slice(
        pl.col("span_start"), pl.col("span_end") - pl.col("span_start")
    )
    return both.with_columns(pl.coalesce(cut, "span_text").alias("span_text")).select(
        spans.columns
    )
