"""The end of a night: make the list, check everything, build the snapshot and the release, then show both.

Nothing becomes visible before all checks have passed and all files are on disk. Lists are shown first, then the
snapshot; a run that dies in between is completed by ``recover`` at the start of the next, so that neither is ever taken
back. (``warehouse.watchlist.ledger`` has the protocol of the lists.)
"""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from features.indicators import hubs
from flows import home as home_module
from flows.deciding import inbox
from flows.service import lookups
from models.promotion import champion
from warehouse import atomic, connect, contracts, errors, load, publish, quality
from warehouse.checks import standards
from warehouse.watchlist import facts, ledger, release
from warehouse.watchlist.listing import entries, proof

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from flows.nights import stages

#: States of a run (analyst.runs.state).
RUNNING, PUBLISHED, STOPPED, FAILED, KILLED, REVOKED = (
    "running",
    "published",
    "stopped",
    "failed",
    "killed",
    "revoked",  # published a release that only takes entries off
)


def next_run_id(connection: duckdb.DuckDBPyConnection, as_of: datetime) -> str:
    """``as_of`` and how many runs there have been for that second: the same in every home with the same history."""
    prefix = f"{as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    runs = load.read(connection, contracts.RUNS)["run_id"]
    return f"{prefix}-{runs.str.starts_with(prefix + '-').sum() + 1}"


def begin(connection: duckdb.DuckDBPyConnection, night: stages.Night) -> None:
    """Settle what a killed run left, then note that this one is running."""
    recover(connection, night.settings.home)
    row = run_row(
        night, state=RUNNING, exit_code=None, release_id=None, seconds={}, ended_at=None
    )
    load.append(connection, contracts.RUNS, row)


def recover(connection: duckdb.DuckDBPyConnection, home: home_module.Home) -> None:
    """Finish or forget the run before, by what consumers can see of it."""
    ledger.recover(connection, _target(home.latest_release))
    last = load.read(connection, contracts.RUNS).sort("started_at", "run_id").tail(1)
    if last.height and last["state"][0] in {PUBLISHED, REVOKED}:
        run_id, release_id = last["run_id"][0], last["release_id"][0]
        built = home.published / f"{run_id}.duckdb"
        if built.exists() and release_id == ledger.last_release(connection):
            if _target(home.snapshot) != built.name:
                publish.swing(home.snapshot, built)
        else:
            connection.execute(
                "update core.runs set state = ? where run_id = ?", [KILLED, run_id]
            )
    connection.execute(
        "update core.runs set state = ? where state = ?", [KILLED, RUNNING]
    )


def _target(link: Path) -> str | None:
    return link.readlink().name if link.is_symlink() else None


def publish_night(
    night: stages.Night, *, seconds: dict[str, float], source_states: dict[str, str]
) -> dict[str, Any]:
    """Make, check and show the list and the snapshot of this night.

    Args:
        night: The run.
        seconds: Time that each stage before took.
        source_states: State of each source of tonight; a red one makes the exit code 5.

    Returns:
        ``release_id``, ``is_new_release``, ``listed``, ``changes``, ``snapshot``, ``release``, ``exit_code`` and the
        yellow ``warnings`` of the checks.

    Raises:
        InputError: the signing key cannot be read; nothing was staged.
        ReleaseBlockedError: a minimum is broken; both links point where they pointed.
    """
    home = night.settings.home
    exit_code = 5 if "red" in source_states.values() else 0
    signing_key = night.settings.signing_key()
    # One thread: what is asked here is small, and readers want the other core. A snapshot made whole takes all.
    with connect.open_work(home.database, threads=1) as connection:
        made = listing(connection, night)
        previous = load.read(connection, contracts.WATCHLIST)
        release_id, watchlist = release.stamp(made.watchlist, night.as_of)
        before = ledger.last_release(connection)
        changed = entries.changes(
            previous,
            watchlist,
            release_id=release_id,
            leaving=made.leaving,
        )
        is_new = ledger.stage_release(
            connection,
            release_id=release_id,
            as_of=night.as_of,
            run_id=night.run_id,
            watchlist=watchlist,
            changes=changed,
        )
        checks = quality.check_run(
            connection,
            run_id=night.run_id,
            as_of=night.as_of,
            minimums=standards.Minimums(
                source_share=night.settings.quality.source_share,
                list_share=night.settings.quality.list_share,
                listed_share=night.settings.quality.listed_share,
            ),
            with_staged_release=is_new,
        )
        load.replace_run(connection, contracts.QUALITY, checks, run_id=night.run_id)
        _stop_if_blocked(connection, home, quality.blocking(checks))
        ended = run_row(
            night,
            state=PUBLISHED,
            exit_code=exit_code,
            release_id=release_id,
            seconds=seconds,
            ended_at=datetime.now(UTC),
        )
        load.replace_run(connection, contracts.RUNS, ended, run_id=night.run_id)
        snapshot = publish.build_snapshot(
            connection,
            home.published,
            night.run_id,
            as_of=night.as_of,
            with_staged_release=is_new,
            base=home.snapshot,
        )
        directory = home.watchlists / release_id
        if is_new:
            content = facts.Release(
                release_id,
                watchlist,
                changed,
                proof.links(connection, watchlist),
                facts_of(connection, night, before),
            )
            release.write_release(home.watchlists, content, signing_key=signing_key)
            lookups.write_index(connection, home, content)
            publish.swing(home.latest_release, directory)
        # Right behind the lists, so that a run that dies in between is as rare as can be; ``recover`` confirms as well.
        publish.swing(home.snapshot, snapshot)
        if is_new:
            ledger.confirm_release(connection, release_id)
        unused = champion.unused(load.read(connection, contracts.BUNDLES))
    for version in unused:
        atomic.remove(home.models / version)
    atomic.remove_unfinished(home.models)
    inbox.discard(home, as_of=night.as_of)
    publish.prune(
        home.published,
        night.settings.publish.keep,
        gigabytes=night.settings.publish.gigabytes,
    )
    return {
        "release_id": release_id,
        "is_new_release": is_new,
        "listed": watchlist.filter(pl.col("status") == "active").height,
        "changes": dict(changed.group_by("op").len().sort("op").iter_rows())
        if is_new
        else {},
        "snapshot": str(home.snapshot),
        "release": str(home.latest_release),
        "exit_code": exit_code,
        "warnings": [
            f"{row['check_name']}: {row['why']} {row['next_step']}"
            for row in checks.filter(pl.col("state") != "green").iter_rows(named=True)
        ],
    }


def listing(
    connection: duckdb.DuckDBPyConnection, night: stages.Night
) -> entries.Listing:
    """The list that this night's scores and decisions make, before checks and release."""
    found = proof.proof(connection)
    return entries.entries(
        sellers=found.sellers,
        reasons=found.reasons,
        owners=load.read(connection, contracts.CORROBORATED),
        sightings=found.sightings,
        indicators=load.read(connection, contracts.INDICATORS),
        posts=found.posts,
        verdicts=load.read(connection, contracts.VERDICTS),
        allowlist=load.read(connection, contracts.ALLOWLIST),
        appeals=load.read(connection, contracts.APPEALS),
        revocations=load.read(connection, contracts.REVOCATIONS),
        previous=load.read(connection, contracts.WATCHLIST),
        as_of=night.as_of,
        threshold=night.settings.lists.high,
    )


def facts_of(
    connection: duckdb.DuckDBPyConnection,
    night: stages.Night,
    before: str | None,
    *,
    is_revocation: bool = False,
) -> facts.Facts:
    """What the manifest of a release says beside the list; ``before`` is the release before it."""
    lists = night.settings.lists
    return facts.Facts(
        run_id=night.run_id,
        as_of=night.as_of,
        model_version=next(
            iter(load.read(connection, contracts.SCORES)["model_version"]), None
        ),
        pack_versions=_pack_versions(night, before if is_revocation else None),
        thresholds={"high": lists.high, "medium": lists.medium},
        is_sandbox=night.is_sandbox,
        previous_release_id=before,
        is_revocation=is_revocation,
        known_at=_last_night(connection) if is_revocation else None,
        publisher=lists.publisher,
        appeal=lists.appeal or facts.APPEAL,
        public_values=_public_values(connection),
    )


def _pack_versions(night: stages.Night, said_before: str | None) -> dict[str, str]:
    """What the list was read with: what a release before said of it, where nothing was read since."""
    if said_before is not None:
        manifest = night.settings.home.watchlists / said_before / "manifest.json"
        # Somebody may have removed it: no reason not to take an entry off.
        with contextlib.suppress(OSError, ValueError, KeyError):
            versions: dict[str, str] = json.loads(manifest.read_text("utf-8"))["pack_versions"]  # fmt: skip
            return versions
    # Imported here: who only revokes waits for none of what reads posts.
    from features import pack as pack_module

    pack = pack_module.load_pack(night.settings.pack)
    return {pack.name: pack.version}


def _last_night(connection: duckdb.DuckDBPyConnection) -> datetime | None:
    nights = load.read(connection, contracts.RUNS).filter(pl.col("state") == PUBLISHED)
    found: datetime | None = nights.select(pl.col("as_of").max()).item()
    return found


def _public_values(
    connection: duckdb.DuckDBPyConnection,
) -> dict[str, tuple[str, ...]]:
    """Numbers and hosts of everybody: those that are shipped, and the hubs found in the data."""
    shipped = {
        "phone": (*hubs.HOTLINES, *hubs.SERVICE_LINES, *hubs.PLACEHOLDER_PHONES),
        "domain": (*hubs.PLATFORMS, *hubs.SHORTENERS, *hubs.BUILDERS),
    }
    found = load.read(connection, contracts.INDICATORS).filter("is_hub")
    return {
        kind: tuple(
            sorted({*values, *found.filter(pl.col("kind") == kind)["value"].to_list()})
        )
        for kind, values in shipped.items()
    }


def _stop_if_blocked(
    connection: duckdb.DuckDBPyConnection, home: home_module.Home, broken: pl.DataFrame
) -> None:
    if broken.is_empty():
        return
    ledger.recover(connection, _target(home.latest_release))
    told = "\n".join(
        f"  {row['check_name']}: {row['why']} (value {row['value']}, minimum {row['minimum']}, maximum {row['maximum']}) {row['next_step']}"
        for row in broken.iter_rows(named=True)
    )
    message = (
        f"Nothing was published: {broken.height} checks failed. Snapshot and lists are as they were "
        f"({_target(home.snapshot) or 'none'}, {_target(home.latest_release) or 'none'}).\n{told}"
    )
    raise errors.ReleaseBlockedError(message)


def run_row(
    night: stages.Night,
    *,
    state: str,
    exit_code: int | None,
    release_id: str | None,
    seconds: dict[str, float],
    ended_at: datetime | None,
) -> pl.DataFrame:
    """The run's row of contracts.RUNS."""
    row = {
        "run_id": night.run_id,
        "as_of": night.as_of,
        "started_at": night.started_at,
        "ended_at": ended_at,
        "state": state,
        "exit_code": exit_code,
        "release_id": release_id,
        "is_sandbox": night.is_sandbox,
        "stage_seconds": json.dumps(seconds),
    }
    return pl.DataFrame([row], schema=dict(contracts.RUNS.columns))
