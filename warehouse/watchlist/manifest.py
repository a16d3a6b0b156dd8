"""What a release says of itself: ``manifest.json`` for programs, ``summary.md`` for people.

In: the release, and the SHA-256 of each file. Out: bytes. Invariant: the manifest names every other file but its own
signature.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from warehouse.watchlist import facts

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Version of the files' shape. Raised when a consumer has to change its reader.
SCHEMA_VERSION = "1.0"


def manifest(content: facts.Release, digests: Mapping[str, str]) -> bytes:
    """``manifest.json``; its shape is ``schemas/manifest.schema.json``.

    Args:
        content: The release.
        digests: SHA-256 in hex by path relative to the release's directory, with forward slashes.
    """
    told = content.facts
    said = {
        "schema_version": SCHEMA_VERSION,
        "release_id": content.release_id,
        "previous_release_id": told.previous_release_id,
        "is_revocation": told.is_revocation,
        "publisher": told.publisher,
        "run_id": told.run_id,
        "as_of": facts.shown(told.as_of),
        "model_version": told.model_version,
        "pack_versions": dict(sorted(told.pack_versions.items())),
        "is_sandbox": told.is_sandbox,
        "counts": counts(content),
        "thresholds": dict(sorted(told.thresholds.items())),
        "valid_until": facts.shown(told.valid_until),
        "next_expected_at": facts.shown(told.next_expected_at),
        "intended_use": told.intended_use,
        "appeal": told.appeal,
        "sha256": dict(sorted(digests.items())),
    }
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()


def counts(content: facts.Release) -> dict[str, Any]:
    """Entries, networks, entries by entity, changes by kind."""
    entries = content.active()
    by_entity = entries.group_by("entity").len().sort("entity").rows()
    by_op = dict(content.changes.group_by("op").len().rows())
    return {
        "entries": entries.height,
        "networks": entries["network_id"].drop_nulls().n_unique(),
        "by_entity": dict(by_entity),
        "changes": {op: by_op.get(op, 0) for op in ("ADD", "MOD", "DEL")},
    }


def summary(content: facts.Release) -> bytes:
    """``summary.md``: how many entries of what, what changed, the largest networks, what the list is for."""
    told, counted = content.facts, counts(content)
    lines = [f"# Watchlist {content.release_id}", ""]
    if told.is_sandbox:
        lines += ["**Sandbox: everything in this list is invented.**", ""]
    if told.is_revocation:
        lines += [
            "This release only takes entries off the one before; see `changes.csv`.",
            "",
        ]
    lines += [
        (
            f"As of {facts.shown(told.as_of)}, valid until {facts.shown(told.valid_until)}. "
            f"{counted['entries']} entries, {counted['networks']} networks."
        ),
        "",
        "| change | entries |",
        "|---|---:|",
        *(f"| {op} | {count} |" for op, count in counted["changes"].items()),
        "",
        "| entity | entries |",
        "|---|---:|",
        *(f"| {entity} | {count} |" for entity, count in counted["by_entity"].items()),
        "",
        "| largest networks | entries |",
        "|---|---:|",
        *(f"| {network} | {count} |" for network, count in _largest(content)),
        "",
        told.intended_use,
        "",
        told.appeal,
    ]
    return ("\n".join(lines) + "\n").encode()


def _largest(content: facts.Release, limit: int = 10) -> list[tuple[str, int]]:
    return (
        content.active()
        .drop_nulls("network_id")
        .group_by("network_id")
        .len()
        .sort(["len", "network_id"], descending=[True, False])
        .head(limit)
        .rows()
    )
