"""The files of a watchlist release (CONTRACT section 6).

In: the stamped list, its changes, the links between sellers, and what the manifest says. Out: a directory named after the
release, complete and on disk, that nobody sees until the caller swings ``latest``.

Invariants: every byte is a function of the list, its changes, ``as_of`` and the manifest's facts; nothing asks a clock.
Lists hold active entries only. Post text never leaves: ids, indicators, reasons and digests do. ``manifest.json`` is
written last and names the SHA-256 of every other file. ``release_id`` is the compact ``as_of`` and eight hex digits of
the content's digest, so the same list for the same moment is the same release.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from warehouse import atomic, contracts, errors
from warehouse.watchlist import cells, graph

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

#: Version of the files' shape. Raised when a consumer has to change its reader.
SCHEMA_VERSION = "1.0"

#: What changes.csv says of an entry beside the change itself, so that replaying it gives the list.
CHANGED = ("entity", "value", "display_name", "network_id", "band", "reasons", "listed_at", "expires_on", "status")  # fmt: skip

INTENDED_USE = (
    "For people who review accounts that sell agency rights: a reason to look, with reasons and evidence ids. "
    "A listing is a calibrated probability or a reviewer's decision, never a finding of fraud; do not act on it without "
    "a review, do not publish it, and drop entries that are past expires_at."
)
APPEAL = "Send the entry_id and your reason to the operator of this list, who files it with `puppetwatch appeal ENTRY_ID`."


@dataclass(frozen=True, slots=True)
class Facts:
    """What the manifest says beside the list itself.

    Attributes:
        run_id: The run that made it.
        as_of: Limit of knowledge, with a time zone.
        model_version: Bundle or rules version behind the scores.
        pack_versions: Version by pack name.
        thresholds: Least probability by band.
        is_sandbox: Whether the data are invented.
        previous_release_id: Release before it; null for the first.
        valid_for: How long after ``as_of`` the list may be used.
        cadence: Time to the next release.
        intended_use: What the list is for.
        appeal: Where a listed party objects.
    """

    run_id: str
    as_of: datetime
    model_version: str | None
    pack_versions: Mapping[str, str]
    thresholds: Mapping[str, float]
    is_sandbox: bool
    previous_release_id: str | None = None
    valid_for: timedelta = timedelta(days=7)
    cadence: timedelta = timedelta(days=1)
    intended_use: str = INTENDED_USE
    appeal: str = APPEAL


def stamp(watchlist: pl.DataFrame, as_of: datetime) -> tuple[str, pl.DataFrame]:
    """Name the release after its content and put the name on its rows.

    Args:
        watchlist: contracts.WATCHLIST as from ``entries.entries``.
        as_of: Limit of knowledge, with a time zone.

    Returns:
        The release id, and the list with it where ``release_id`` was null.
    """
    lines = "".join(
        json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n"
        for row in _rows(active(watchlist).drop("release_id"))
    )
    digest = hashlib.sha256(lines.encode()).hexdigest()
    release_id = f"{as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest[:8]}"
    stamped = watchlist.with_columns(pl.col("release_id").fill_null(release_id))
    return release_id, stamped


def active(watchlist: pl.DataFrame) -> pl.DataFrame:
    """The entries that lists hold, sorted by (entity, value, entry_id)."""
    return watchlist.filter(pl.col("status") == "active").sort(
        "entity", "value", "entry_id"
    )


def write_release(
    directory: Path,
    *,
    release_id: str,
    watchlist: pl.DataFrame,
    changes: pl.DataFrame,
    edges: pl.DataFrame,
    facts: Facts,
) -> Path:
    """Write all files of a release, aside first, and give the directory its name when it is complete.

    Args:
        directory: ``watchlists/`` of the home; made if it is missing.
        release_id: As from ``stamp``.
        watchlist: contracts.WATCHLIST, stamped.
        changes: contracts.WATCHLIST_CHANGES of this release.
        edges: contracts.EDGES; only pairs of listed sellers are shown.
        facts: What the manifest says.

    Returns:
        ``directory/release_id``. If a complete one is there already it is left as it is, because its name says that its
        content is the same.

    Raises:
        ServiceError: the disk is full or cannot be written; nothing is visible.
    """
    if facts.as_of.tzinfo is None:
        message = f"as_of {facts.as_of} has no time zone. Pass an aware time."
        raise errors.InputError(message)
    target = directory / release_id
    if (target / "manifest.json").exists():
        return target
    entries = active(watchlist)
    with atomic.disk_errors(f"Release {release_id}", directory):
        directory.mkdir(parents=True, exist_ok=True)
        atomic.remove_unfinished(directory)
        building = atomic.unfinished(directory, release_id)
        try:
            building.mkdir()
            contents = {
                "watchlist.csv": table(entries.columns, _rows(entries)),
                "watchlist.jsonl": _json_lines(entries),
                "changes.csv": changes_table(changes, watchlist),
                "networks.graphml": graph.graphml(entries, edges),
                "summary.md": _summary(release_id, entries, changes, facts),
            }
            for name, content in contents.items():
                (building / name).write_bytes(content)
            entries.write_parquet(building / "watchlist.parquet", compression="zstd")
            digests = {
                path.name: hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted(building.iterdir())
            }
            manifest = _manifest(release_id, entries, changes, facts, digests)
            text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
            (building / "manifest.json").write_bytes(text.encode())
            atomic.sync_tree(building)
            building.rename(target)
            atomic.sync(directory)
        finally:
            atomic.remove(building)
    return target


def table(columns: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """CSV in UTF-8 without BOM, lines ending in LF; text that a spreadsheet would run as a formula is neutralised."""
    names = list(columns)
    lines = [
        cells.line(names),
        *(cells.line(row[name] for name in names) for row in rows),
    ]
    return "".join(lines).encode()


def changes_table(changes: pl.DataFrame, watchlist: pl.DataFrame) -> bytes:
    """``changes.csv``: the columns of the view, then what the entry says after the change (CHANGED)."""
    rows = changes.join(
        watchlist.drop("release_id").with_columns(
            pl.col("expires_at").dt.date().alias("expires_on")
        ),
        on="entry_id",
        how="left",
    ).sort("entry_id")
    columns = (*contracts.WATCHLIST_CHANGES.columns, *CHANGED)
    return table(columns, _rows(rows.select(columns)))


def _rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Rows with times as ISO 8601 in UTC and days as ISO 8601."""
    shown = [
        pl.col(name)
        .dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
        .str.replace(r"\.000000Z$", "Z")
        if dtype == contracts.TIME
        else pl.col(name).dt.strftime("%Y-%m-%d")
        for name, dtype in frame.schema.items()
        if dtype in {contracts.TIME, pl.Date()}
    ]
    return frame.with_columns(shown).to_dicts()


def _json_lines(entries: pl.DataFrame) -> bytes:
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in _rows(entries))
    return "".join(lines).encode()


def _counts(entries: pl.DataFrame, changes: pl.DataFrame) -> dict[str, Any]:
    by_entity = entries.group_by("entity").len().sort("entity").rows()
    by_op = dict(changes.group_by("op").len().rows())
    return {
        "entries": entries.height,
        "networks": entries["network_id"].drop_nulls().n_unique(),
        "by_entity": dict(by_entity),
        "changes": {op: by_op.get(op, 0) for op in ("ADD", "MOD", "DEL")},
    }


def _manifest(
    release_id: str,
    entries: pl.DataFrame,
    changes: pl.DataFrame,
    facts: Facts,
    digests: Mapping[str, str],
) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "release_id": release_id,
        "previous_release_id": facts.previous_release_id,
        "run_id": facts.run_id,
        "as_of": _time(facts.as_of),
        "model_version": facts.model_version,
        "pack_versions": dict(sorted(facts.pack_versions.items())),
        "is_sandbox": facts.is_sandbox,
        "counts": _counts(entries, changes),
        "thresholds": dict(sorted(facts.thresholds.items())),
        "valid_until": _time(facts.as_of + facts.valid_for),
        "next_expected_at": _time(facts.as_of + facts.cadence),
        "intended_use": facts.intended_use,
        "appeal": facts.appeal,
        "sha256": dict(sorted(digests.items())),
    }


def _summary(
    release_id: str, entries: pl.DataFrame, changes: pl.DataFrame, facts: Facts
) -> bytes:
    counts = _counts(entries, changes)
    lines = [f"# Watchlist {release_id}", ""]
    if facts.is_sandbox:
        lines += ["**Sandbox: everything in this list is invented.**", ""]
    lines += [
        (
            f"As of {_time(facts.as_of)}, valid until {_time(facts.as_of + facts.valid_for)}. "
            f"{counts['entries']} entries, {counts['networks']} networks."
        ),
        "",
        "| change | entries |",
        "|---|---:|",
        *(f"| {op} | {count} |" for op, count in counts["changes"].items()),
        "",
        "| entity | entries |",
        "|---|---:|",
        *(f"| {entity} | {count} |" for entity, count in counts["by_entity"].items()),
        "",
        "| largest networks | entries |",
        "|---|---:|",
        *(f"| {network} | {count} |" for network, count in _largest(entries)),
        "",
        facts.intended_use,
        "",
        facts.appeal,
    ]
    return ("\n".join(lines) + "\n").encode()


def _largest(entries: pl.DataFrame, limit: int = 10) -> list[tuple[str, int]]:
    return (
        entries.drop_nulls("network_id")
        .group_by("network_id")
        .len()
        .sort(["len", "network_id"], descending=[True, False])
        .head(limit)
        .rows()
    )


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
