"""The stage that scores: probabilities with reasons, sums of networks, cases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from features import behaviour, lineage, policy, summaries
from features import pack as pack_module
from models import bundle, cases, evidence, labels, score
from warehouse import connect, contracts, load

if TYPE_CHECKING:
    from flows import stages

#: Everything that is drawn in training is drawn with this seed: the same night gives the same scores.
SEED = 20_240_613


def score_sellers(night: stages.Night) -> dict[str, Any]:
    """Score, give reasons, sum up networks, queue cases."""
    pack = pack_module.load_pack(night.settings.pack)
    lists = night.settings.lists
    with night.open() as connection:
        posts = load.posts_with_texts(connection, night.as_of)
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
        known = load.read(connection, contracts.NETWORKS)
        summed = summaries.summaries(
            read["network_members"],
            facts,
            load.read(connection, contracts.INDICATORS),
            scored.scores,
            read["complaints"],
            known,
        )
        renamed = lineage.renames(known, summed, run_id=night.run_id)
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
