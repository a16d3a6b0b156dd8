"""What a release is made of, handed to the writer of each format.

In: the stamped list, its changes, the links between sellers, and what is said of the release as a whole. Out: ``Release``,
frozen, with the two selections that formats need: the active entries, and those that left lately.

Invariant: everything that a format writes comes from here; no writer asks a clock, a database or the environment.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Mapping

#: How long formats that can say so go on telling that an entry has left.
FAREWELL = timedelta(days=30)

INTENDED_USE = (
    "For people who review accounts that sell agency rights: a reason to look, with reasons and evidence ids. "
    "A listing is a calibrated probability or a reviewer's decision, never a finding of fraud; do not act on it without "
    "a review, do not publish it, and drop entries that are past expires_at."
)
APPEAL = "Send the entry_id and your reason to the operator of this list, who files it with `puppetwatch appeal ENTRY_ID`."

#: Root of all ids that are derived from names (RFC 9562 version 5).
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "tag:puppetwatch,2024:watchlist")


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
        is_revocation: Whether it only takes entries off the release before.
        known_at: Limit of knowledge of what is listed, where it is earlier than ``as_of``: a release that only revokes
            makes nothing fresher. Null where it is ``as_of``.
        publisher: Who publishes the list; ids of objects in exchange formats depend on it, so two publishers never
            share one.
        valid_for: How long after ``as_of`` the list may be used.
        cadence: Time to the next release.
        intended_use: What the list is for.
        appeal: Where a listed party objects.
        public_values: Values that belong to everybody and so to nobody, by kind (``phone``, ``domain``); shipped as
            warninglists.
    """

    run_id: str
    as_of: datetime
    model_version: str | None
    pack_versions: Mapping[str, str]
    thresholds: Mapping[str, float]
    is_sandbox: bool
    previous_release_id: str | None = None
    is_revocation: bool = False
    known_at: datetime | None = None
    publisher: str = "puppetwatch"
    valid_for: timedelta = timedelta(days=7)
    cadence: timedelta = timedelta(days=1)
    intended_use: str = INTENDED_USE
    appeal: str = APPEAL
    public_values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def valid_until(self) -> datetime:
        """When the list is too old to be used."""
        return (self.known_at or self.as_of) + self.valid_for

    @property
    def next_expected_at(self) -> datetime:
        """When the next regular release is due."""
        return (self.known_at or self.as_of) + self.cadence

    def uuid(self, *names: str) -> str:
        """A stable id of this publisher's list for something with these names; invented lists have ids of their own."""
        kind = "sandbox" if self.is_sandbox else "list"
        text = "\x1f".join([self.publisher, kind, *names])
        return str(uuid.uuid5(_NAMESPACE, text))


@dataclass(frozen=True, slots=True)
class Release:
    """A release before it is written.

    Attributes:
        release_id: As from ``release.stamp``.
        watchlist: contracts.WATCHLIST, stamped: every entry ever listed.
        changes: contracts.WATCHLIST_CHANGES of this release.
        edges: contracts.EDGES; only pairs of listed sellers are shown, so those are enough.
        facts: What the manifest says.
        rows: The active entries as from ``rows``, for formats made of texts; made once, and no writer changes them.
    """

    release_id: str
    watchlist: pl.DataFrame
    changes: pl.DataFrame
    edges: pl.DataFrame
    facts: Facts
    rows: list[dict[str, Any]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the rows."""
        object.__setattr__(self, "rows", rows(self.active()))

    def active(self) -> pl.DataFrame:
        """The entries that lists hold, sorted by (entity, value, entry_id)."""
        return active(self.watchlist)

    def departed(self) -> pl.DataFrame:
        """Entries that left within FAREWELL, with ``left_at``, sorted by (entity, value, entry_id)."""
        left = pl.col("release_id").map_elements(_moment, return_dtype=contracts.TIME)
        return (
            self.watchlist.filter(pl.col("status") != "active")
            .with_columns(left.alias("left_at"))
            .filter(pl.col("left_at") > self.facts.as_of - FAREWELL)
            .sort("entity", "value", "entry_id")
        )


def active(watchlist: pl.DataFrame) -> pl.DataFrame:
    """The entries that lists hold, sorted by (entity, value, entry_id)."""
    return watchlist.filter(pl.col("status") == "active").sort(
        "entity", "value", "entry_id"
    )


def rows(frame: pl.DataFrame) -> list[dict[str, Any]]:
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


def shown(moment: datetime) -> str:
    """A time as ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _moment(release_id: str) -> datetime:
    """The ``as_of`` in a release's name."""
    return datetime.strptime(release_id[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
