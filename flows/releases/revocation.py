"""Taking an entry off the list between two nights: a release that only revokes, within seconds.

``revoke --now`` files the decision first, so it is never lost and the lookup honours it from that moment. Then it waits a
little for the lock. When another run holds it, that run makes the revocation-only release when it ends, whether it
published or not.

A revocation-only release is the last release without the entries that people's decisions keep off; it says nothing new of
anybody. The snapshot is the current one with the tables of the list renewed, so that data of a night that was stopped or
killed never slip out with it.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flows import home as home_module
from flows import log
from flows.deciding import decisions, docket, inbox
from flows.nights import stages
from flows.releases import publication
from flows.service import lookups
from warehouse import connect, contracts, errors, load, migrate, publish
from warehouse.snapshots import amend
from warehouse.watchlist import facts, ledger, release
from warehouse.watchlist.listing import decisions as people_module
from warehouse.watchlist.listing import entries, proof

if TYPE_CHECKING:
    import duckdb

    from flows import settings as settings_module

#: How long ``--now`` waits for another run, in seconds; the whole command promises ten.
PATIENCE_SECONDS = 6.0

#: What such a release changes in the snapshot.
VIEWS = (
    "verdicts",
    "appeals",
    "revocations",
    "watchlist",
    "watchlist_changes",
    "runs",
)


def revoke(
    settings: settings_module.Settings,
    entry_id: str,
    *,
    note: str,
    author: str,
    is_urgent: bool,
    now: datetime,
) -> str:
    """Take an entry off the list.

    Args:
        settings: What is in force.
        entry_id: An active entry.
        note: Why; kept.
        author: Who; kept.
        is_urgent: Release at once; else with the next night.
        now: When it was decided.

    Returns:
        What became of it, for people.

    Raises:
        InputError: no such entry, or it left the list before.
        LockHeldError: another run is writing and will make the release; the decision is filed.
    """
    home = settings.home
    row = decisions.entry(home, entry_id)
    if row["status"] != "active":
        message = f"{entry_id} left the list with release {row['release_id']} ({row['status']}); nothing was filed."
        raise errors.InputError(message)
    inbox.file_decision(
        home,
        kind="revoke",
        target=entry_id,
        verdict=None,
        note=note,
        author=author,
        decided_at=now,
        entity=row["entity"],
        value=row["value"],
        is_urgent=is_urgent,
    )
    if not is_urgent:
        return f"revocation of {entry_id} is filed: the lookup shows it no more, the next release does not hold it"
    return release_now(settings, what=f"revocation of {entry_id}")


def release_now(settings: settings_module.Settings, *, what: str) -> str:
    """Make the revocation-only release that filed decisions ask for.

    Raises:
        LockHeldError: another run is writing; it makes the release when it ends.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with home_module.Lock(settings.home, command="revoke"):
                with connect.open_work(settings.home.database) as connection:
                    migrate.migrate(connection)
                    publication.recover(connection, settings.home)
                made = settle(settings)
        except errors.LockHeldError as error:
            if time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            holder = str(error).partition(" Nothing was changed.")[0]
            message = (
                f"The {what} is filed and the lookup honours it already, but the list still holds it: {holder} "
                "That run makes the revocation-only release when it ends; nothing has to be repeated."
            )
            raise errors.LockHeldError(message) from None
        else:
            if made is None:
                return (
                    f"{what}: the list did not hold it any more; no release was needed"
                )
            return f"{what}: release {made} is out"


def settle(settings: settings_module.Settings) -> str | None:
    """Make a revocation-only release if somebody waits for one; the caller holds the lock and has recovered.

    Returns:
        The release, or null if nobody waits or nothing had to leave.
    """
    home = settings.home
    if not any(each.is_urgent for each in inbox.unreleased(home)):
        return None
    started_at = datetime.now(UTC)
    with connect.open_work(home.database) as connection:
        docket.apply(connection, home)
        if ledger.last_release(connection) is None:
            return None
        night = stages.Night(
            settings=settings,
            run_id=publication.next_run_id(connection, started_at),
            as_of=started_at,
            started_at=started_at,
            is_sandbox=home.is_sandbox(),
        )
        made = _release(connection, night)
    inbox.discard(home, as_of=night.as_of)
    publish.prune(
        home.published, settings.publish.keep, gigabytes=settings.publish.gigabytes
    )
    return made


def _release(connection: duckdb.DuckDBPyConnection, night: stages.Night) -> str | None:
    home = night.settings.home
    signing_key = night.settings.signing_key()
    previous = load.read(connection, contracts.WATCHLIST)
    people = people_module.decisions(
        verdicts=load.read(connection, contracts.VERDICTS),
        allowlist=load.read(connection, contracts.ALLOWLIST),
        appeals=load.read(connection, contracts.APPEALS),
        revocations=load.read(connection, contracts.REVOCATIONS),
        as_of=night.as_of,
    )
    listing = entries.revoked(
        previous, people=people, owners=load.read(connection, contracts.CORROBORATED)
    )
    if listing.leaving.is_empty():
        return None
    release_id, watchlist = release.stamp(listing.watchlist, night.as_of)
    before = ledger.last_release(connection)
    changed = entries.changes(
        previous, watchlist, release_id=release_id, leaving=listing.leaving
    )
    ledger.stage_release(
        connection,
        release_id=release_id,
        as_of=night.as_of,
        run_id=night.run_id,
        watchlist=watchlist,
        changes=changed,
    )
    row = publication.run_row(
        night,
        state=publication.REVOKED,
        exit_code=0,
        release_id=release_id,
        seconds={},
        ended_at=datetime.now(UTC),
    )
    load.replace_run(connection, contracts.RUNS, row, run_id=night.run_id)
    snapshot = amend.amend_snapshot(
        connection,
        home.snapshot,
        night.run_id,
        views=VIEWS,
        as_of=night.as_of,
    )
    content = facts.Release(
        release_id,
        watchlist,
        changed,
        proof.links(connection, watchlist),
        publication.facts_of(connection, night, before, is_revocation=True),
    )
    directory = release.write_release(home.watchlists, content, signing_key=signing_key)
    lookups.write_index(connection, home, content)
    publish.swing(home.latest_release, directory)
    ledger.confirm_release(connection, release_id)
    publish.swing(home.snapshot, snapshot)
    log.say(f"release {release_id} takes {listing.leaving.height} entries off")
    return release_id
