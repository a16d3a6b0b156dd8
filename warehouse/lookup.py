"""Whose contact is it? Texts in, watchlist entries out, from one file that is mapped into memory.

In: the active entries of a release with the keys under which each is found (``write``); then texts, read by a reader that
the caller passes in (``answer``). Out: per text the contacts found and the entries behind them.

The file: a line that says what it is, a header (JSON), then four stretches: sorted 64-bit hashes of all keys, the number of
the entry of each hash, where each entry begins, and the entries as JSON lines. Opening it reads the header only; a question
costs a binary search per key. Measured on a million entries: see docs/lookup.md.

Invariants: the same release gives the same bytes. A hash only proposes an entry; the entry's own list of keys decides. An
entry past its ``expires_at`` and one that a person's decision took off are never answered. Texts are neither kept nor logged.
"""

from __future__ import annotations

import bisect
import hashlib
import itertools
import mmap
import os
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import orjson
import polars as pl

from warehouse import atomic, errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

MAGIC = b"puppetwatch lookup 1\n"
_ALIGNED = 8

#: What an answer says of an entry; owners and keys stay inside.
SHOWN = (
    "entry_id", "entity", "value", "display_name", "network_id", "scam_probability", "band", "reasons",
    "evidence_count", "evidence_sha256", "listed_at", "last_seen_at", "expires_at", "status", "release_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """Something in a text that may be on the list.

    Attributes:
        kind: Kind of indicator, or ``seller``.
        value: Canonical value (CONTRACT section 9).
        raw: What was written.
        start: First character in the text.
        end: Character after it.
        ownership: ``own`` or ``mentioned`` by the wording; null where the wording was not read.
        confidence: 0 to 1.
        keys: What to look for, as (kind, value, how it matches): ``exact`` first.
    """

    kind: str
    value: str
    raw: str
    start: int
    end: int
    ownership: str | None
    confidence: float
    keys: tuple[tuple[str, str, str], ...]


class Reader(Protocol):
    """Reads the mentions of texts, however they are disguised."""

    def __call__(self, texts: Sequence[str]) -> Sequence[Sequence[Mention]]:
        """Of each text its mentions, in their order."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What people took off since the release was made.

    Attributes:
        keys: (entity, value) that no answer may show, nor anything that such a seller owns.
        weak_keys: The same for entries that only a verdict listed: below band ``high``.
        entry_ids: Entries that no answer may show: those of erased sellers, whom nothing names any more.
    """

    keys: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    weak_keys: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    entry_ids: frozenset[str] = field(default_factory=frozenset)

    def hides(self, row: Mapping[str, Any]) -> bool:
        """Whether a person's decision takes this entry off."""
        key = (row["entity"], row["value"])
        if (
            row["entry_id"] in self.entry_ids
            or key in self.keys
            or (key in self.weak_keys and row["band"] != "high")
        ):
            return True
        return any(("seller", owner) in self.keys for owner in row["owners"])


def write(
    path: Path,
    entries: pl.DataFrame,
    *,
    keys: pl.DataFrame,
    owners: pl.DataFrame,
    meta: Mapping[str, Any],
) -> Path:
    """Write the index of a release.

    Args:
        path: Where to; given its name when it is complete.
        entries: contracts.WATCHLIST, active entries only.
        keys: ``entry_id``, ``kind``, ``value``: under what each entry is found.
        owners: ``entry_id``, ``seller_id``: whose decisions also decide about an indicator.
        meta: What answers say of the release, and what the caller needs to judge decisions; JSON.

    Returns:
        ``path``.

    Raises:
        ServiceError: the disk is full or cannot be written; nothing is visible.
    """
    ordered = entries.sort("entry_id")
    listed = keys.select("entry_id", pl.concat_str("kind", "value", separator="\x1f").alias("key")).unique()  # fmt: skip
    whose = owners.group_by("entry_id").agg(pl.col("seller_id").unique().sort())
    texts = listed.group_by("entry_id").agg(pl.col("key").sort())
    numbered = (
        _with_texts(ordered)
        .with_row_index("number")
        .join(whose, on="entry_id", how="left", maintain_order="left")
        .join(texts, on="entry_id", how="left", maintain_order="left")
        .with_columns(
            pl.col("seller_id").fill_null([]).alias("owners"),
            pl.col("key").fill_null([]).alias("keys"),
        )
    )
    blob = numbered.select(*SHOWN, "owners", "keys").write_ndjson().encode()
    ends = np.flatnonzero(np.frombuffer(blob, dtype=np.uint8) == ord("\n")) + 1
    starts = np.concatenate([[0], ends]).astype(np.uint64)
    found = listed.join(numbered.select("entry_id", "number"), on="entry_id")
    hashes = np.fromiter(map(_hash, found["key"]), np.uint64, found.height)
    places = found["number"].to_numpy().astype(np.uint32)
    order = np.lexsort((places, hashes))
    parts = [hashes[order].tobytes(), places[order].tobytes(), starts.tobytes(), blob]
    header = {
        "byteorder": sys.byteorder,
        "entries": ordered.height,
        "keys": found.height,
        "sizes": [len(part) for part in parts],
        "meta": dict(meta),
    }
    head = MAGIC + orjson.dumps(header, option=orjson.OPT_SORT_KEYS) + b"\n"
    with atomic.disk_errors(f"Lookup index {path.name}", path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        building = atomic.unfinished(path.parent, path.name)
        with building.open("wb") as stream:
            os.fchmod(stream.fileno(), 0o600)
            stream.write(head)
            for part in parts:
                stream.write(b"\0" * (-stream.tell() % _ALIGNED))
                stream.write(part)
        atomic.sync(building)
        building.rename(path)
        atomic.sync(path.parent)
    return path


class Index:
    """An open index; safe to share between threads. A file that is removed stays readable while it is open."""

    def __init__(self, path: Path) -> None:
        """Map the file.

        Raises:
            FileNotFoundError: there is none.
            InputError: it is no index, of another version or another machine's; write it again.
        """
        with path.open("rb") as stream:
            magic, line = stream.readline(), stream.readline()
            try:
                header = orjson.loads(line)
                usable = magic == MAGIC and header["byteorder"] == sys.byteorder
            except (orjson.JSONDecodeError, KeyError, TypeError):
                usable = False
            if not usable:
                message = f"{path} is no lookup index of this version. Remove it; it is made again from the release."
                raise errors.InputError(message)
            self._map = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        self.meta: dict[str, Any] = header["meta"]
        self.entry_count: int = header["entries"]
        whole, position, views = memoryview(self._map), len(magic) + len(line), []
        for size in header["sizes"]:
            position += -position % _ALIGNED
            views.append(whole[position : position + size])
            position += size
        self._hashes = views[0].cast("Q")
        self._places = views[1].cast("I")
        self._starts = views[2].cast("Q")
        self._blob = views[3]

    def find(self, kind: str, value: str) -> list[dict[str, Any]]:
        """Entries under a key, active at the time of the release."""
        key = f"{kind}\x1f{value}"
        wanted = _hash(key)
        place = bisect.bisect_left(self._hashes, wanted)
        rows = []
        while place < len(self._hashes) and self._hashes[place] == wanted:
            row = self._row(self._places[place])
            if key in row["keys"]:
                rows.append(row)
            place += 1
        return rows

    def _row(self, number: int) -> dict[str, Any]:
        row: dict[str, Any] = orjson.loads(
            self._blob[self._starts[number] : self._starts[number + 1]]
        )
        return row


def answer(
    mentions: Iterable[Mention],
    index: Index,
    *,
    withdrawn: Withdrawn,
    now: datetime,
) -> dict[str, Any]:
    """What the list says of one text, by what was read in it.

    Returns:
        ``contacts``: what was read, each with the ids of its ``entries``; ``entries``: those entries, each once, with
        ``matched_by``: how it was found (``exact``; ``link`` by the registrable name, the number behind a WeChat id and
        the like; ``handle`` by an account's handle; ``page`` by an account's address).
    """
    shown: dict[str, dict[str, Any]] = {}
    contacts = []
    for mention in mentions:
        ids = []
        for row, how in _matches(index, mention):
            if withdrawn.hides(row) or _moment(row["expires_at"]) <= now:
                continue
            entry = shown.setdefault(
                row["entry_id"],
                {name: row[name] for name in SHOWN} | {"matched_by": []},
            )
            reason = {"kind": mention.kind, "value": mention.value, "how": how}
            if reason not in entry["matched_by"]:
                entry["matched_by"].append(reason)
            ids.append(row["entry_id"])
        contacts.append(
            {
                "kind": mention.kind,
                "value": mention.value,
                "raw": mention.raw,
                "start": mention.start,
                "end": mention.end,
                "ownership": mention.ownership,
                "confidence": mention.confidence,
                "entries": ids,
            }
        )
    return {"contacts": contacts, "entries": list(shown.values())}


def freshness(index: Index, now: datetime) -> dict[str, Any]:
    """What answers say of the release behind them; ``is_stale`` when it is past its ``valid_until``."""
    told = index.meta["release"]
    return {**told, "is_stale": _moment(told["valid_until"]) <= now}


def _matches(index: Index, mention: Mention) -> Iterable[tuple[dict[str, Any], str]]:
    """Entries of the first key that has any: a looser key only speaks where the stricter ones are silent."""
    seen: set[str] = set()
    for how, keys in itertools.groupby(mention.keys, key=lambda key: key[2]):
        found = [(row, how) for kind, value, _ in keys for row in index.find(kind, value)]  # fmt: skip
        for row, _ in found:
            if row["entry_id"] not in seen:
                seen.add(row["entry_id"])
                yield row, how
        if found:
            return


def _hash(key: str) -> int:
    digest = hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), sys.byteorder)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _with_texts(entries: pl.DataFrame) -> pl.DataFrame:
    """Times as ISO 8601 in UTC."""
    times = [name for name, dtype in entries.schema.items() if dtype == pl.Datetime("us", "UTC")]  # fmt: skip
    return entries.with_columns(
        pl.col(times)
        .dt.strftime("%Y-%m-%dT%H:%M:%S%.6fZ")
        .str.replace(r"\.000000Z$", "Z")
    )
