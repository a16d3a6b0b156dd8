"""The lookup: the index of each release, and the desk that answers from it.

In: a release on its way out (``write_index``); then questions (``Desk``). Out: ``lookup/<release_id>.index``; answers.

Invariants: the index is complete before its release becomes visible, and ``watchlists/latest`` says which one counts, so a
new release comes without a gap. Decisions that no visible release knows are looked up anew for every question: whoever
files one is sure that the next answer honours it.
"""

from __future__ import annotations

import functools
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from flows.deciding import inbox
from warehouse import errors, lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import duckdb

    from flows import home as home_module
    from warehouse.watchlist import facts

#: Indexes of so many releases stay.
KEEP = 3

#: Every moment of which a decision may be known.
_ALWAYS = datetime.max.replace(tzinfo=UTC)


def write_index(
    connection: duckdb.DuckDBPyConnection,
    home: home_module.Home,
    content: facts.Release,
) -> Path:
    """Write the index of a release that is about to become visible; older ones are removed.

    Args:
        connection: The working database; only read.
        home: Where to.
        content: The release.
    """
    from warehouse import contracts, load
    from warehouse.watchlist.listing import decisions

    entries = content.active()
    listed = pl.col("entity") == decisions.SELLER
    sellers = entries.filter(listed).select("entry_id", pl.col("value").alias("seller_id"))  # fmt: skip
    owned = entries.filter(~listed).select("entry_id", pl.col("entity").alias("kind"), "value")  # fmt: skip
    owners = owned.join(load.read(connection, contracts.CORROBORATED), on=["kind", "value"])  # fmt: skip
    targets = entries.select(
        pl.when(listed)
        .then("value")
        .otherwise(pl.concat_str("entity", pl.lit(":"), "value"))
        .alias("target")
    )
    about = pl.concat([targets["target"], owners["seller_id"]], how="vertical").unique()
    verdicts = load.read(connection, contracts.VERDICTS).filter(
        pl.col("target").is_in(about.implode()),
        pl.col("decided_at") <= content.facts.as_of,
    )
    told = content.facts
    path = lookup.write(
        _path(home, content.release_id),
        entries,
        keys=_keys(connection, sellers, owned, told.as_of),
        owners=owners.select("entry_id", "seller_id"),
        meta={
            "release": {
                "release_id": content.release_id,
                "as_of": _shown(told.as_of),
                "valid_until": _shown(told.valid_until),
                "next_expected_at": _shown(told.next_expected_at),
                "is_sandbox": told.is_sandbox,
            },
            "verdicts": [
                {**row, "decided_at": row["decided_at"].isoformat()}
                for row in verdicts.sort("decided_at", "verdict_id").to_dicts()
            ],
        },
    )
    prune(home, keep=KEEP)
    return path


def prune(home: home_module.Home, *, keep: int) -> None:
    """Remove the indexes of all but the newest releases; who has one open keeps it."""
    kept = sorted((home.root / "lookup").glob("*.index"))
    for old in kept[:-keep]:
        old.unlink(missing_ok=True)


class Desk:
    """Answers questions from the newest visible release; safe to share between threads.

    Args:
        home: Whose lists.
        reader: Reads the mentions of texts.
        now: The clock; null for the machine's.
    """

    def __init__(
        self,
        home: home_module.Home,
        *,
        reader: lookup.Reader,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._home = home
        self._reader = reader
        self._now = now or functools.partial(datetime.now, UTC)
        self._lock = threading.Lock()
        self._names: frozenset[str] | None = None
        self._decisions: list[inbox.Decision] = []
        self._release_id: str | None = None
        self._current: tuple[lookup.Index, lookup.Withdrawn] | None = None

    def answers(self, texts: Sequence[str]) -> dict[str, Any]:
        """What the list says of each text.

        Returns:
            ``release`` (what answers rest on, with ``is_stale``) and ``results``, one per text in their order, as from
            ``lookup.answer``.

        Raises:
            InputError: there is no release yet.
        """
        index, withdrawn = self._fresh()
        now = self._now()
        return {
            "release": lookup.freshness(index, now),
            "results": [
                lookup.answer(mentions, index, withdrawn=withdrawn, now=now)
                for mentions in self._reader(texts)
            ],
        }

    def entry(self, entry_id: str) -> dict[str, Any] | None:
        """An active entry by its id; null when there is none, or a decision took it off."""
        index, withdrawn = self._fresh()
        now = self._now()
        mention = lookup.Mention("entry", entry_id, entry_id, 0, len(entry_id), None, 1.0, (("entry", entry_id, "exact"),))  # fmt: skip
        found = lookup.answer([mention], index, withdrawn=withdrawn, now=now)
        for row in found["entries"]:
            del row["matched_by"]
            return {"release": lookup.freshness(index, now), "entry": row}
        return None

    def freshness(self) -> dict[str, Any]:
        """What answers rest on. Raises InputError when there is no release yet."""
        index, _ = self._fresh()
        return lookup.freshness(index, self._now())

    def _fresh(self) -> tuple[lookup.Index, lookup.Withdrawn]:
        """The index that counts, and what was taken off since: decisions first, then the release that may know them."""
        with self._lock:
            names = inbox.names(self._home)
            is_changed = names != self._names
            if is_changed:
                self._decisions = inbox.unreleased(self._home)
                self._names = names
            release_id = visible_release(self._home)
            if self._current is None or release_id != self._release_id:
                index = open_index(self._home, release_id)
            elif is_changed:
                index = self._current[0]
            else:
                return self._current
            self._current = index, withdrawn(self._decisions, index)
            self._release_id = release_id
            return self._current


def visible_release(home: home_module.Home) -> str:
    """The release that consumers see.

    Raises:
        InputError: there is none yet.
    """
    try:
        return home.latest_release.readlink().name
    except OSError as error:
        message = f"Home {home.root} has no release yet, so there is nothing to look up. Run `puppetwatch nightly`."
        raise errors.InputError(message) from error


def open_index(home: home_module.Home, release_id: str) -> lookup.Index:
    """The index of a release; made again where it is missing or of another version.

    Raises:
        InputError: the release is not there.
    """
    path = _path(home, release_id)
    try:
        return lookup.Index(path)
    except (FileNotFoundError, errors.InputError):
        _rebuild(home, release_id)
        return lookup.Index(path)


def withdrawn(filed: Sequence[inbox.Decision], index: lookup.Index) -> lookup.Withdrawn:
    """What decisions that no release knows take off.

    Args:
        filed: As from ``inbox.unreleased``.
        index: For the verdicts that the release knew.
    """
    if not filed:
        return lookup.Withdrawn()
    from flows.deciding import docket
    from warehouse import contracts
    from warehouse.watchlist.listing import decisions

    known = pl.DataFrame(
        [
            {**row, "decided_at": datetime.fromisoformat(row["decided_at"])}
            for row in index.meta["verdicts"]
        ],
        schema=dict(contracts.VERDICTS.columns),
    )
    verdicts = docket.verdicts(filed)
    # An answer names the entry of its appeal, whether or not the appeal itself was filed since the release.
    upheld = pl.DataFrame(
        [
            {"appeal_id": each.target, "state": each.verdict, "entity": each.entity, "value": each.value, "decided_at": each.decided_at}
            for each in filed
            if each.kind == "answer"
        ],
        schema=dict(contracts.APPEALS.columns),
    )  # fmt: skip
    people = decisions.decisions(
        verdicts=pl.concat([known, verdicts]).unique("verdict_id", maintain_order=True),
        allowlist=docket.allowlist(filed),
        appeals=upheld,
        revocations=docket.revocations(filed),
        as_of=_ALWAYS,
    )
    judged = {key for target in people.said for key in decisions.keys_of(target)}
    unsure = {target for target in verdicts["target"] if people.said[target] != "fraud"}
    return lookup.Withdrawn(
        keys=frozenset(
            {
                *people.allowed,
                *people.withdrawn,
                *(key for key in judged if people.refusal(key) is not None),
            }
        ),
        weak_keys=frozenset(
            key for target in unsure for key in decisions.keys_of(target)
        ),
        entry_ids=frozenset(each.target for each in filed if each.kind == "forget"),
    )


def _rebuild(home: home_module.Home, release_id: str) -> None:
    """The index from the release's own files and the snapshot: for a home that was restored, or made by an older version."""
    import json

    from flows.looking import explanation
    from warehouse import contracts

    directory = home.watchlists / release_id
    told = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    entries = pl.read_parquet(directory / "watchlist.parquet")
    listed = pl.col("entity") == "seller"
    sellers = entries.filter(listed).select("entry_id", pl.col("value").alias("seller_id"))  # fmt: skip
    owned = entries.filter(~listed).select("entry_id", pl.col("entity").alias("kind"), "value")  # fmt: skip
    # Whoever shows it as its own: a few more than its corroborated owners, so that a decision hides rather too much.
    shown = pl.DataFrame(
        explanation.query(home, "select distinct kind, value, seller_id from analyst.sightings where ownership = 'own'"),
        schema=dict(contracts.CORROBORATED.columns),
    )  # fmt: skip
    pages = pl.DataFrame(
        explanation.query(home, "select seller_id, url from analyst.sellers"),
        schema={"seller_id": pl.String(), "url": pl.String()},
    )
    verdicts = explanation.query(home, "select * from analyst.verdicts")
    lookup.write(
        _path(home, release_id),
        entries,
        keys=pl.concat([_exact(sellers, owned), _pages(sellers, pages)]),
        owners=owned.join(shown, on=["kind", "value"]).select("entry_id", "seller_id"),
        meta={
            "release": {
                name: told[name]
                for name in ("release_id", "as_of", "valid_until", "next_expected_at", "is_sandbox")
            },
            "verdicts": [
                {**row, "decided_at": row["decided_at"].isoformat()}
                for row in verdicts
            ],
        },
    )  # fmt: skip


def _keys(
    connection: duckdb.DuckDBPyConnection,
    sellers: pl.DataFrame,
    owned: pl.DataFrame,
    as_of: datetime,
) -> pl.DataFrame:
    """Under what entries are found: their own value, its link key, a seller's handles and pages."""
    connection.register("listed_sellers", sellers.select("seller_id"))
    try:
        handles = connection.execute(
            """select distinct seller_id, platform || ':' || lower(author_handle) as value
            from raw.posts semi join listed_sellers using (seller_id)
            where author_handle is not null and crawled_at <= $as_of""",
            {"as_of": as_of},
        ).pl()
        pages = connection.execute(
            """select seller_id, url from core.sellers semi join listed_sellers using (seller_id)
            where url is not null"""
        ).pl()
    finally:
        connection.unregister("listed_sellers")
    named = sellers.join(handles, on="seller_id").select("entry_id", pl.lit("handle").alias("kind"), "value")  # fmt: skip
    return pl.concat([_exact(sellers, owned), named, _pages(sellers, pages)])


def _exact(sellers: pl.DataFrame, owned: pl.DataFrame) -> pl.DataFrame:
    from features.indicators import keys

    linked = (
        keys.keys_of(owned.select("kind", "value").unique())
        .join(owned, on=["kind", "value"])
        .select(
            "entry_id",
            pl.concat_str(pl.lit("link:"), "link_kind").alias("kind"),
            pl.col("link_value").alias("value"),
        )
    )
    entries = pl.concat([sellers.select("entry_id"), owned.select("entry_id")])
    return pl.concat(
        [
            sellers.select("entry_id", pl.lit("seller").alias("kind"), pl.col("seller_id").alias("value")),
            owned,
            linked,
            entries.select("entry_id", pl.lit("entry").alias("kind"), pl.col("entry_id").alias("value")),
        ]
    )  # fmt: skip


def _pages(sellers: pl.DataFrame, pages: pl.DataFrame) -> pl.DataFrame:
    from features.indicators import canonical

    page = canonical.bare_address(pl.col("url"))
    return (
        sellers.join(pages, on="seller_id")
        .select("entry_id", pl.lit("page").alias("kind"), page.alias("value"))
        .filter(pl.col("value").str.contains("/", literal=True))
    )


def _path(home: home_module.Home, release_id: str) -> Path:
    return home.root / "lookup" / f"{release_id}.index"


def _shown(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
