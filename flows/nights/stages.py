"""The stages of a night between collecting and publishing, each as "frames from the database, pure functions, frames back".

Every stage is one transaction over its own tables (reading keeps each finished slice), so a killed run leaves each table
as one stage or the other left it, and the next run does the work again from what was collected.
"""

from __future__ import annotations

import dataclasses
import logging
from typing import TYPE_CHECKING, Any

from flows.collecting import collect, drops, imports
from flows.collecting import sources as source_module
from flows.deciding import docket
from warehouse import connect

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb

    from flows import settings as settings_module

logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True)
class Night:
    """What all stages of one run know."""

    settings: settings_module.Settings
    run_id: str
    as_of: datetime
    started_at: datetime
    is_sandbox: bool

    def open(self) -> duckdb.DuckDBPyConnection:
        """The working database; the run holds the lock."""
        return connect.open_work(self.settings.home.database)


def crawl(night: Night, job: dict[str, Any]) -> str | None:
    """Stage one source; null, or why its staging may not be loaded."""
    home = night.settings.home
    return collect.stage_source(
        home,
        job,
        run_id=night.run_id,
        as_of=night.as_of,
        requests_per_night=night.settings.crawl.requests_per_night,
    )


def load_sources(
    night: Night, jobs: list[dict[str, Any]], failures: list[str | None]
) -> dict[str, tuple[imports.Counts, str]]:
    """Load what was staged and what was dropped, and judge each source by it.

    Args:
        night: The night.
        jobs: All sources of the night.
        failures: Of those that were asked, in their order: as ``crawl`` returned it.

    Returns:
        Source to the counts of its records, asked and dropped, and its state.
    """
    home = night.settings.home
    asked = [job for job in jobs if not source_module.is_only_dropped(job)]
    counts = {job["source"]: imports.Counts() for job in jobs}
    with night.open() as connection:
        for job, failure in zip(asked, failures, strict=True):
            counts[job["source"]].add(
                collect.load_source(
                    connection,
                    home,
                    job["source"],
                    run_id=night.run_id,
                    as_of=night.as_of,
                    failure=failure,
                )
            )
        for job in jobs:
            if "drop" in job:
                counts[job["source"]].add(
                    drops.import_new(
                        connection, home, job, night=night.run_id, as_of=night.as_of
                    )
                )
        states = source_module.note_sources(
            connection, jobs=jobs, run_id=night.run_id, as_of=night.as_of
        )
    return {source: (counts[source], states[source]) for source in counts}


def decide(night: Night) -> dict[str, int]:
    """Apply the decisions that wait in the inbox; each is kept once however often it is filed."""
    with night.open() as connection:
        return docket.apply(connection, night.settings.home)
