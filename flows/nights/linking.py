"""The stage that joins: sightings, edges, networks with stable ids, complaints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from features import behaviour, images, lineage, network
from features.families import pictures, pitches
from features.graph import corroboration
from features.indicators import hubs, masking, sightings
from features.positions import standing
from features.sellers import complaints
from flows.reading import families
from models import labels
from warehouse import connect, contracts, errors, load
from warehouse.rows import documents

if TYPE_CHECKING:
    import duckdb

    from flows import settings as settings_module
    from flows.nights import stages


def link_sellers(night: stages.Night) -> dict[str, int]:
    """Who shows which indicator, who is joined by what, what became of last night's networks, who is complained about."""
    with night.open() as connection:
        posts = pictures.filled(
            load.posts_with_texts(connection, night.as_of),
            load.read(connection, contracts.PICTURES).filter(
                pl.col("seen_at") <= night.as_of
            ),
        )
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
        written = pitches.owned(posts, reads, pitches.calling(seen, signals))
        seen = _with_families(connection, written, reads, seen)
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
        links = network.link(
            seen,
            sellers=pitches.with_offers(alone, written),
            allowlist=allowlist,
            warninglist=_warninglist(night.settings),
        )
        carried = lineage.carry_ids(
            load.read(connection, contracts.NETWORK_MEMBERS),
            links.components,
            first_seen=alone.select("seller_id", "first_seen_at"),
            run_id=night.run_id,
            history=load.read(connection, contracts.NETWORK_HISTORY),
            ties=links.ties,
            traces=load.read(connection, contracts.NETWORK_TRACES),
        )
        selling = alone.filter(pl.col("role").is_in(["seller", "vendor"])).select(
            "seller_id", "name"
        )
        verdicts = labels.standing_verdicts(
            load.read(connection, contracts.VERDICTS), as_of=night.as_of
        )
        placed = standing.standing(
            links.ties,
            verdicts.filter(pl.col("verdict") == "fraud")["target"].to_list(),
        )
        complained = complaints.link_complaints(
            posts,
            reads,
            seen,
            carried.members,
            selling,
            owners=links.owners,
            amounts=amounts,
        )
        masked = _published_texts(
            posts, masking.masked_texts(posts, reads, contacts, links.owners)
        )
        with connect.transaction(connection):
            public = masking.public_sightings(seen, posts, reads, links.owners)
            load.replace(connection, contracts.SIGHTINGS, public)
            load.replace(
                connection,
                contracts.INDICATORS,
                network.with_networks(links, carried.members),
            )
            load.replace(connection, contracts.EDGES, links.edges)
            load.replace(connection, contracts.STANDING, placed)
            load.replace(connection, contracts.NETWORK_MEMBERS, carried.members)
            load.replace(connection, contracts.NETWORK_HISTORY, carried.history)
            load.replace(connection, contracts.NETWORK_TRACES, carried.traces)
            load.append(connection, contracts.NETWORK_CHANGES, carried.changes)
            load.replace(connection, contracts.COMPLAINTS, complained)
            load.replace(connection, load.MASKED_TEXTS, masked)
            load.replace(connection, contracts.SIGNALS, _recut(signals, masked))
            load.replace(connection, contracts.AMOUNTS, _recut(amounts, masked))
            load.replace(
                connection,
                contracts.CORROBORATED,
                corroboration.corroborated(links, carried.members, seen),
            )
    return {
        "sellers": alone.height,
        "sightings": public.height,
        "edges": links.edges.height,
        "networks": carried.members["network_id"].n_unique(),
    }


def _warninglist(settings: settings_module.Settings) -> pl.DataFrame | None:
    """The operator's own hubs, if the configuration names a file of them."""
    named = settings.linking.warninglist
    if not named:
        return None
    here = settings.config_path.parent if settings.config_path else Path.cwd()
    path = here / named
    if not path.exists():
        message = f"Warninglist {path} of linking.warninglist does not exist. Nothing was linked; correct the path."
        raise errors.InputError(message)
    return hubs.read_list(path.read_text(encoding="utf-8"), name=str(path))


def _with_families(
    connection: duckdb.DuckDBPyConnection,
    written: pl.DataFrame,
    reads: pl.DataFrame,
    seen: pl.DataFrame,
) -> pl.DataFrame:
    """Sightings with families of pictures instead of their hashes, and with those of texts."""
    groups = pitches.groups(seen)
    seen = images.grouped(seen, reads.select("post_id", "first_crawled_at"), groups)
    bits = families.bits(connection, written["template_id"])
    texts = pitches.template_sightings(written, groups, bits)
    placed, mistakes = families.mistakes(connection, written)
    mistaken = pitches.variant_sightings(placed, groups, mistakes)
    return pl.concat([seen, texts, mistaken]).sort(sightings.ORDER)


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
