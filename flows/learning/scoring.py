"""The stage that scores: probabilities with reasons, sums of networks, cases, drift, terms to search for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl

from features.graph import changes, summaries
from flows import retrain
from flows.learning import knowledge
from models import bundle, cases, drift, labels, score
from models.language import terms
from models.promotion import champion
from warehouse import connect, contracts, load

if TYPE_CHECKING:
    import duckdb

    from flows.nights import stages

#: Everything that is drawn in training is drawn with this seed: the same night gives the same scores.
SEED = 20_240_613


def score_sellers(night: stages.Night) -> dict[str, Any]:
    """Score, give reasons, sum up networks, queue cases, tell drift."""
    lists = night.settings.lists
    with night.open() as connection:
        known = knowledge.gather(
            connection, pack_name=night.settings.pack, as_of=night.as_of
        )
        record = load.read(connection, contracts.BUNDLES)
        standing, refused = retrain.readable(
            night.settings.home, champion.standing(record, before=night.as_of)
        )
        scored = score.score_sellers(
            known.features,
            known.facts,
            known.pointers,
            pack=known.pack,
            verdicts=known.verdicts,
            champion=standing,
            is_held=champion.is_held(record, before=night.as_of),
            as_of=night.as_of,
            seed=SEED,
            before=known.before,
            trainer=retrain.in_a_process,
        )
        if scored.contest.challenger is not None:
            bundle.save(scored.contest.challenger, night.settings.home.models)
        sellers = (
            known.facts.join(scored.scores, on="seller_id", how="left")
            .with_columns(
                score.band(
                    pl.col("scam_probability"), high=lists.high, medium=lists.medium
                ).alias("band"),
                pl.lit(night.run_id).alias("run_id"),
            )
            .select(contracts.SELLERS.columns.keys())
        )
        before = load.read(connection, contracts.NETWORKS)
        summed = summaries.summaries(
            known.members,
            known.facts,
            load.read(connection, contracts.INDICATORS),
            scored.scores,
            known.complaints,
            before,
            as_of=night.as_of,
        )
        changed = [
            told(before, summed, run_id=night.run_id)
            for told in (changes.renames, changes.awakenings)
        ]
        queue = cases.queue(
            scored.scores,
            known.facts,
            labels.standing_verdicts(
                load.read(connection, contracts.VERDICTS), as_of=night.as_of
            ),
            load.read(connection, contracts.CASES),
            as_of=night.as_of,
        )
        suggested = _suggested(known, sellers)
        drifted = drift.compared(
            known.features,
            scored.scores,
            known.facts,
            load.read(connection, contracts.PROFILES),
            suggested,
            as_of=night.as_of,
            set_aside=scored.gate["set_aside"],
        )
        with connect.transaction(connection):
            load.replace(connection, contracts.POLICY_CONFLICTS, known.conflicts)
            load.replace(connection, contracts.SCORES, scored.scores)
            load.replace(connection, contracts.SELLERS, sellers)
            load.replace(connection, contracts.REASONS, scored.reasons)
            load.replace(connection, contracts.NETWORKS, summed)
            load.append(connection, contracts.NETWORK_CHANGES, pl.concat(changed))
            load.replace(connection, contracts.CASES, queue)
            load.replace(
                connection, contracts.KEYWORD_SUGGESTIONS, suggested.suggestions
            )
            load.replace(connection, contracts.SHADOW_SCORES, scored.shadow)
            load.replace(connection, contracts.DRIFT, drifted.checks)
            _keep_profiles(connection, night, drifted.profiles)
            _record(connection, night, scored, refused)
    source = scored.scores["score_source"].first() if scored.scores.height else None
    return {
        "policy_conflicts": known.conflicts.height,
        "scored": scored.scores.height,
        "high": sellers.filter(pl.col("band") == "high").height,
        "score_source": source,
        "gate": scored.gate.get("why"),
        "words_set_aside": scored.gate["set_aside"],
        "champion": scored.bundle.version if scored.bundle is not None else None,
        "challenger": scored.contest.event,
        "refused": [reason for _, reason in refused],
    }


def _suggested(known: knowledge.Known, sellers: pl.DataFrame) -> terms.Found:
    """Terms to search for, from tonight's bands."""
    rows = (
        known.posts.select("post_id", "seller_id", "published_at", "crawled_at")
        .join(known.read[0].select("post_id", "stance"), on="post_id")
        .join(sellers.select("seller_id", "network_id", "band"), on="seller_id")
        .join(known.texts, on="post_id")
        .with_columns(
            pl.coalesce("published_at", "crawled_at").alias("published_at"),
            (pl.col("band") == "high").fill_null(value=False).alias("is_high"),
        )
        .sort("post_id")
    )
    return terms.bursts(
        rows.drop("text"),
        rows["text"].to_list(),
        keywords=known.pack.keywords,
        as_of=known.as_of,
    )


def _keep_profiles(
    connection: duckdb.DuckDBPyConnection, night: stages.Night, profiles: pl.DataFrame
) -> None:
    """Tonight's shapes in the place of what a killed run of the same moment left; old ones go."""
    connection.execute(
        "delete from core.profiles where as_of >= ? or as_of < ?",
        [night.as_of, night.as_of - drift.KEPT],
    )
    load.append(connection, contracts.PROFILES, profiles)


def _record(
    connection: duckdb.DuckDBPyConnection,
    night: stages.Night,
    scored: score.Scored,
    refused: list[tuple[str, str]],
) -> None:
    """What became of bundles tonight, in the place of what a killed run of the same moment noted."""
    rows = [
        (version, champion.REFUSED, json.dumps({"why": why}, ensure_ascii=False))
        for version, why in refused
    ]
    made = scored.contest.challenger
    if made is not None and scored.contest.event is not None:
        gate = json.dumps(scored.gate, ensure_ascii=False, sort_keys=True)
        rows.append((made.version, scored.contest.event, gate))
    connection.execute(
        "delete from core.bundles where author is null and as_of = ?", [night.as_of]
    )
    frame = pl.DataFrame(
        [
            {
                "run_id": night.run_id,
                "version": version,
                "event": event,
                "as_of": night.as_of,
                "author": None,
                "gate": gate,
            }
            for version, event, gate in rows
        ],
        schema=dict(contracts.BUNDLES.columns),
    )
    load.append(connection, contracts.BUNDLES, frame)
