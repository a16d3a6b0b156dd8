"""The files of a watchlist release (CONTRACT section 6).

In: the stamped list, its changes, the links between sellers, and what the manifest says. Out: a directory named after the
release, complete and on disk, that nobody sees until the caller swings ``latest``.

Invariants: every byte is a function of the list, its changes, ``as_of`` and the manifest's facts; nothing asks a clock.
Lists hold active entries only. Post text never leaves: ids, indicators, reasons and digests do. ``manifest.json`` is
written after every other file, whose SHA-256 it names, and only its signature comes later. ``release_id`` is the compact
``as_of`` and eight hex digits of the content's digest, so the same list for the same moment is the same release.
"""

from __future__ import annotations

import hashlib
import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from warehouse import atomic, collector, errors
from warehouse.watchlist import (
    delimited,
    facts,
    ftm,
    graph,
    manifest,
    misp,
    signature,
    stix,
    workbook,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def stamp(watchlist: pl.DataFrame, as_of: datetime) -> tuple[str, pl.DataFrame]:
    """Name the release after its content and put the name on its rows.

    Args:
        watchlist: contracts.WATCHLIST as from ``entries.entries``.
        as_of: Limit of knowledge, with a time zone.

    Returns:
        The release id, and the list with it where ``release_id`` was null.
    """
    rows = facts.rows(facts.active(watchlist).drop("release_id"))
    digest = hashlib.sha256(_json_lines(rows, sort_keys=True)).hexdigest()
    release_id = f"{as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest[:8]}"
    stamped = watchlist.with_columns(pl.col("release_id").fill_null(release_id))
    return release_id, stamped


def files(content: facts.Release) -> Iterator[tuple[str, bytes]]:
    """All files of a release but the manifest and its signature, one after the other: path in the directory, content."""
    entries = content.active()
    yield "watchlist.csv", delimited.watchlist(content)
    yield "watchlist.xlsx", workbook.workbook(content)
    yield "watchlist.jsonl", _json_lines(content.rows)
    yield "watchlist.parquet", _parquet(entries)
    yield "watchlist.stix.json", stix.bundle(content)
    for name, data in misp.feed(content).items():
        yield f"misp/{name}", data
    yield "entities.ftm.json", ftm.entities(content)
    yield "networks.graphml", graph.graphml(entries, content.edges)
    yield "changes.csv", delimited.changes(content)
    yield "summary.md", manifest.summary(content)


def write_release(
    directory: Path, content: facts.Release, *, signing_key: bytes | None = None
) -> Path:
    """Write all files of a release, aside first, and give the directory its name when it is complete.

    Args:
        directory: ``watchlists/`` of the home; made if it is missing.
        content: The release.
        signing_key: Ed25519 key as PEM; null leaves the release unsigned.

    Returns:
        ``directory/release_id``. If a complete one is there already it is left as it is, because its name says that its
        content is the same.

    Raises:
        InputError: ``as_of`` has no time zone, or the key is none.
        ServiceError: the disk is full or cannot be written; nothing is visible.
    """
    if content.facts.as_of.tzinfo is None:
        message = f"as_of {content.facts.as_of} has no time zone. Pass an aware time."
        raise errors.InputError(message)
    target = directory / content.release_id
    if (target / signature.MANIFEST).exists():
        return target
    with atomic.disk_errors(f"Release {content.release_id}", directory):
        directory.mkdir(parents=True, exist_ok=True)
        atomic.remove_unfinished(directory)
        building = atomic.unfinished(directory, content.release_id)
        try:
            building.mkdir()
            digests = {}
            with collector.paused():
                for name, data in files(content):
                    path = building / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(data)
                    digests[name] = hashlib.sha256(data).hexdigest()
            told = manifest.manifest(content, digests)
            (building / signature.MANIFEST).write_bytes(told)
            if signing_key is not None:
                signed = signature.sign(told, signing_key)
                (building / signature.SIGNATURE).write_bytes(signed)
            atomic.sync_tree(building)
            building.rename(target)
            atomic.sync(directory)
        finally:
            atomic.remove(building)
    return target


def _parquet(entries: pl.DataFrame) -> bytes:
    table = io.BytesIO()
    entries.write_parquet(table, compression="zstd")
    return table.getvalue()


def _json_lines(rows: list[dict[str, Any]], *, sort_keys: bool = False) -> bytes:
    encoder = json.JSONEncoder(ensure_ascii=False, sort_keys=sort_keys)
    return "".join(f"{encoder.encode(row)}\n" for row in rows).encode()
