"""One run of the night from outside: the lock, the sandbox if asked for, Prefect's API, and what is told at the end."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows import home as home_module
from flows.collecting import collect, sandbox
from flows.collecting import jobs as job_module
from flows.deciding import inbox
from flows.keeping import archive
from flows.looking import explanation
from flows.nights import orchestrator, stages
from flows.releases import publication, revocation
from warehouse import connect, contracts, errors, load, migrate
from warehouse.upkeep import retention
from warehouse.watchlist import signature

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flows import settings as settings_module

#: Which market the sandbox invents.
SANDBOX_SEED = 1

#: A live crawl stamped with a moment this far back would claim to have been known then.
CRAWL_TOLERANCE = timedelta(hours=1)


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """How a night ended.

    Attributes:
        exit_code: CONTRACT §2.
        facts: Counts of each stage and what became visible; plain data.
        summary: The same for people.
    """

    exit_code: int
    facts: dict[str, Any]
    summary: str


def run(
    settings: settings_module.Settings,
    *,
    as_of: datetime,
    started_at: datetime,
    is_crawling: bool,
    use_sandbox: bool,
    wait: bool,
    sandbox_states: Sequence[str] = (),
) -> Outcome:
    """Run a night to its end.

    Args:
        settings: What is in force.
        as_of: Limit of knowledge, UTC.
        started_at: Now, UTC.
        is_crawling: Crawl first.
        use_sandbox: Crawl the bundled platforms instead of configured ones.
        wait: Wait for another run instead of raising.
        sandbox_states: ``SOURCE=STATE`` of sandbox platforms that are to misbehave.

    Returns:
        The outcome of a published night (exit code 0, or 5 with red sources).

    Raises:
        InputError: nothing to crawl with, the wrong kind of home, no usable signing key, or a moment before the last published
            one.
        LockHeldError: another run is writing.
        ReleaseBlockedError: a minimum stopped the release.
    """
    home = settings.home
    sandbox.check_states(sandbox_states, is_served=use_sandbox and is_crawling)
    _check_request(
        settings,
        as_of=as_of,
        started_at=started_at,
        is_crawling=is_crawling,
        use_sandbox=use_sandbox,
    )
    sandbox_facts: dict[str, object] = (
        {"seed": SANDBOX_SEED, "epoch": sandbox.epoch(as_of).isoformat()}
        if use_sandbox
        else {}
    )
    home.ensure(is_sandbox=use_sandbox, facts=sandbox_facts)
    with home_module.Lock(home, command="nightly", wait=wait):
        with connect.open_work(home.database) as connection:
            migrate.migrate(connection)
            _check_order(connection, as_of)
            night = stages.Night(
                settings=settings,
                run_id=publication.next_run_id(connection, as_of),
                as_of=as_of,
                started_at=started_at,
                is_sandbox=home.is_sandbox(),
            )
            publication.begin(connection, night)
        try:
            found = _flow(
                night,
                is_crawling=is_crawling,
                use_sandbox=use_sandbox,
                sandbox_states=sandbox_states,
            )
        except BaseException as error:
            _note_failure(night, error)
            if isinstance(error, Exception):
                _settle_after(settings, error)
            raise
        outcome = _outcome(night, found)
        _note(
            night,
            state=publication.PUBLISHED,
            exit_code=outcome.exit_code,
            message=outcome.summary.splitlines()[0],
        )
        revocation.settle(settings)
    return outcome


def _check_request(
    settings: settings_module.Settings,
    *,
    as_of: datetime,
    started_at: datetime,
    is_crawling: bool,
    use_sandbox: bool,
) -> None:
    if as_of > started_at:
        message = f"--as-of {as_of.isoformat()} lies in the future. Knowledge ends now at the latest."
        raise errors.InputError(message)
    signing_key = settings.signing_key()
    if signing_key is not None:  # hours before it is needed
        signature.sign(b"", signing_key)
    if not is_crawling or use_sandbox:
        return
    job_module.live_jobs(settings, ())
    if as_of < started_at - CRAWL_TOLERANCE:
        message = (
            f"--as-of {as_of.isoformat()} lies in the past, and what is crawled today was not known then. "
            "Add --no-crawl."
        )
        raise errors.InputError(message)


def _check_order(connection: Any, as_of: datetime) -> None:  # noqa: ANN401  (a DuckDB connection)
    latest = load.read(connection, contracts.RUNS)
    published = [
        row["as_of"]
        for row in latest.iter_rows(named=True)
        if row["state"] in {publication.PUBLISHED, publication.REVOKED}
    ]
    if published and as_of < max(published):
        message = (
            f"--as-of {as_of.isoformat()} is before the last published night or revocation ({max(published).isoformat()}). "
            "Networks, cases and lists go forward only; use a fresh --home for the past."
        )
        raise errors.InputError(message)


def _flow(
    night: stages.Night,
    *,
    is_crawling: bool,
    use_sandbox: bool,
    sandbox_states: Sequence[str],
) -> dict[str, Any]:
    with (
        orchestrator.api(night.settings.home) as await_api,
        _jobs(
            night,
            is_crawling=is_crawling,
            use_sandbox=use_sandbox,
            sandbox_states=sandbox_states,
        ) as jobs,
    ):
        from flows import nightly

        with night.open() as connection:
            collect.prepare(
                connection,
                night.settings.home,
                jobs,
                run_id=night.run_id,
                as_of=night.as_of,
            )
            archive.prune(
                connection,
                night.settings.home,
                as_of=night.as_of,
                keep_days=night.settings.evidence.keep_days,
            )
            limits = night.settings.retention
            retention.prune(connection, as_of=night.as_of, limits=limits)
            inbox.discard_bad(night.settings.home, before=night.as_of - timedelta(days=limits.rejects_days))  # fmt: skip
        await_api()
        found: dict[str, Any] = nightly.nightly(night, jobs)
        return found


@contextlib.contextmanager
def _jobs(
    night: stages.Night,
    *,
    is_crawling: bool,
    use_sandbox: bool,
    sandbox_states: Sequence[str],
) -> Iterator[list[dict[str, Any]]]:
    """What to crawl, with the sandbox serving as long as it is crawled."""
    if not is_crawling and not use_sandbox:
        yield []
        return
    from features import pack as pack_module

    keywords = pack_module.load_pack(night.settings.pack).keywords
    if not use_sandbox:
        yield job_module.live_jobs(night.settings, keywords)
        return
    home = night.settings.home
    facts = home.facts()
    with sandbox.serving(
        seed=int(str(facts["seed"])),
        first_day=datetime.fromisoformat(str(facts["epoch"])),
        as_of=night.as_of,
        states=sandbox_states,
        keywords=keywords,
        drops=home.work / "drops",
    ) as base_url:
        yield sandbox.jobs(base_url)


def _settle_after(settings: settings_module.Settings, error: Exception) -> None:
    """What somebody asked to be revoked at once is revoked also when the night published nothing."""
    try:
        revocation.settle(settings)
    except (errors.PuppetwatchError, OSError) as another:
        error.add_note(
            f"A revocation that waits could not be released either: {another}"
        )


def _note_failure(night: stages.Night, error: BaseException) -> None:
    """Keep how a run ended that published nothing; the error itself goes on."""
    is_stopped = isinstance(error, errors.ReleaseBlockedError)
    state = publication.STOPPED if is_stopped else publication.FAILED
    exit_code = error.exit_code if isinstance(error, errors.PuppetwatchError) else 1
    with (
        contextlib.suppress(Exception),
        connect.open_work(night.settings.home.database) as connection,
    ):
        publication.recover(connection, night.settings.home)
        row = publication.run_row(
            night,
            state=state,
            exit_code=exit_code,
            release_id=None,
            seconds={},
            ended_at=datetime.now(UTC),
        )
        load.replace_run(connection, contracts.RUNS, row, run_id=night.run_id)
    _note(
        night,
        state=state,
        exit_code=exit_code,
        message=f"{type(error).__name__}: {error}",
    )


def _note(night: stages.Night, *, state: str, exit_code: int, message: str) -> None:
    facts = {
        "run_id": night.run_id,
        "as_of": night.as_of.isoformat(),
        "started_at": night.started_at.isoformat(),
        "ended_at": datetime.now(UTC).isoformat(),
        "state": state,
        "exit_code": exit_code,
        "message": message,
    }
    home_module.write_atomically(
        night.settings.home.status,
        json.dumps(facts, ensure_ascii=False, indent=1) + "\n",
    )


def _outcome(night: stages.Night, found: dict[str, Any]) -> Outcome:
    home = night.settings.home
    published = found["publish"]
    facts = {
        "run_id": night.run_id,
        "as_of": night.as_of.isoformat(),
        "is_sandbox": night.is_sandbox,
        **{
            name: found[name]
            for name in ("sources", "decide", "extract", "link", "score", "seconds")
        },
        "crawl": {
            name: dataclasses.asdict(counts)
            for name, (counts, _) in found["crawl"].items()
        },
        "source_rows": _source_rows(home, found),
        **published,
    }
    top = explanation.query(
        home,
        """select network_id, display_name, seller_count, scam_probability, max_fee_yuan
        from analyst.networks order by scam_probability desc nulls last, seller_count desc, network_id limit 3""",
    )
    changes = (
        ", ".join(f"{count} {op}" for op, count in published["changes"].items())
        or "no change"
    )
    extracted, linked, scored = found["extract"], found["link"], found["score"]
    kind = "Sandbox night" if night.is_sandbox else "Night"
    lines = [
        f"{kind} as of {night.as_of:%Y-%m-%d %H:%M} UTC is published.",
        f"posts     {extracted['posts']:,}, {extracted['offers']:,} of them offer an agency",
        f"sellers   {linked['sellers']:,}, {scored['scored']:,} of them scored"
        + (
            f" by the {scored['score_source']}, {scored['high']:,} high"
            if scored["scored"]
            else ""
        ),
        f"networks  {linked['networks']:,}",
        *(f"          {_network_line(row)}" for row in top),
        f"list      {published['listed']:,} entries ({changes})",
        *_source_lines(facts["source_rows"]),
        *(f"warning   {each}" for each in (*scored["refused"], *published["warnings"])),
        f"snapshot  {_shown(home.snapshot)}",
        f"lists     {_shown(home.latest_release)}/",
    ]
    if top:
        where = f" --home {_shown(home.root)}" if night.is_sandbox else ""
        lines.append(f"next      puppetwatch{where} explain {top[0]['network_id']}")
    return Outcome(published["exit_code"], facts, "\n".join(lines))


def _source_rows(home: home_module.Home, found: dict[str, Any]) -> list[dict[str, Any]]:  # fmt: skip
    """A row per source of the night: how it did, and what became of its records."""
    rows = explanation.query(
        home, "select source, why, usual_record_count from analyst.sources"
    )
    told = {row["source"]: row for row in rows}
    return [
        {
            "source": name,
            "state": state,
            **dataclasses.asdict(counts),
            "usual": told.get(name, {}).get("usual_record_count"),
            "why": told.get(name, {}).get("why"),
        }
        for name, (counts, state) in sorted(found["crawl"].items())
    ]


def _source_lines(rows: list[dict[str, Any]]) -> list[str]:
    """The same for people; the reason only where something is wrong."""
    width = max((len(row["source"]) for row in rows), default=0)
    return [
        f"source    {row['source']:<{width}}  {row['state']:<6}  {row['new']:,} new, {row['updated']:,} updated, "
        f"{row['unchanged']:,} unchanged, {row['rejected']:,} rejected"
        + (f": {row['why']}" if row["state"] != "green" else "")
        for row in rows
    ]


def _shown(path: Path) -> str:
    """A path as a person would type it from here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _network_line(row: dict[str, Any]) -> str:
    parts = [f"{row['seller_count']} sellers"]
    if row["scam_probability"] is not None:
        parts.append(f"probability {row['scam_probability']:.2f}")
    if row["max_fee_yuan"] is not None:
        parts.append(f"fee up to {row['max_fee_yuan']:,.0f} yuan")
    return f"{row['network_id']} {row['display_name']}: {', '.join(parts)}"
