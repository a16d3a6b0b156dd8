"""``puppetwatch crawl``: live sources into the working database, outside a night."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from flows import home as home_module
from flows.collecting import collect
from flows.collecting import jobs as job_module
from flows.collecting import sources as source_module
from warehouse import connect, contracts, errors, load, migrate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from flows import settings as settings_module


def crawl_command(
    settings: settings_module.Settings,
    sources: Sequence[str],
    *,
    started_at: datetime,
    wait: bool,
) -> tuple[list[dict[str, Any]], int]:
    """Crawl configured sources outside a night.

    Returns:
        A row per source with its state and counts, and the exit code: 3 when no source answered, 5 when one is red.

    Raises:
        InputError: no configuration, or a source that it does not hold.
    """
    from features import pack as pack_module

    known = job_module.live_jobs(settings, pack_module.load_pack(settings.pack).keywords)  # fmt: skip
    jobs = [job for job in known if not source_module.is_only_dropped(job)]
    dropped = sorted({job["source"] for job in known if job not in jobs} & set(sources))
    if dropped:
        message = f"Source {dropped[0]!r} has only a drop folder: nobody may be asked. The next night looks through it; `puppetwatch import --source {dropped[0]} FILE…` loads files now."
        raise errors.InputError(message)
    strangers = sorted(set(sources) - {job["source"] for job in jobs})
    if strangers:
        message = (
            f"Source {strangers[0]!r} is not configured in {settings.config_path}."
        )
        raise errors.InputError(message)
    chosen = [job for job in jobs if not sources or job["source"] in sources]
    home = settings.home
    home.ensure(is_sandbox=False)
    run_id = f"crawl-{started_at:%Y%m%dT%H%M%S%f}"
    with home_module.Lock(home, command="crawl", wait=wait):
        with connect.open_work(home.database) as connection:
            migrate.migrate(connection)
            collect.prepare(connection, home, chosen, run_id=run_id, as_of=started_at)
        failures = {
            job["source"]: collect.stage_source(
                home,
                job,
                run_id=run_id,
                as_of=started_at,
                requests_per_night=settings.crawl.requests_per_night,
            )
            for job in chosen
        }
        with connect.open_work(home.database) as connection:
            counts = {
                source: collect.load_source(
                    connection,
                    home,
                    source,
                    run_id=run_id,
                    as_of=started_at,
                    failure=failure,
                )
                for source, failure in failures.items()
            }
            states = source_module.note_sources(
                connection, jobs=chosen, run_id=run_id, as_of=started_at
            )
            kept = load.read(connection, contracts.SOURCES)
            whys = dict(kept.select("source", "why").iter_rows())
    rows = [
        {
            "source": name,
            "state": state,
            **dataclasses.asdict(counts[name]),
            "why": whys[name],
        }
        for name, state in states.items()
    ]
    red = [row for row in rows if row["state"] == "red"]
    return rows, 0 if not red else 3 if len(red) == len(rows) else 5
