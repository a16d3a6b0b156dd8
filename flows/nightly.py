"""The night as a Prefect flow: crawl → extract → link → score → publish → lists.

Few, fat tasks: each is one stage, takes the night and gives counts; frames stay in the working database between them.
Requests are tried again by the spiders; a stage of ours is not, because a mistake of ours would only be made twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import Task, flow, task
from prefect.cache_policies import NO_CACHE

from flows.collecting import imports
from flows.collecting import sources as source_module
from flows.learning import scoring
from flows.nights import linking, priority, stages
from flows.reading import extraction
from flows.releases import publication

P = ParamSpec("P")
R = TypeVar("R")


def _stage(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A Prefect task without a cache: its result depends on the database, not on its arguments."""
    return task(name=name, cache_policy=NO_CACHE, persist_result=False)


@_stage("crawl")
def crawl(night: stages.Night, job: dict[str, Any]) -> str | None:
    """One source, in a process of its own; what fails outside is a red source, not a failed night."""
    return stages.crawl(night, job)


@_stage("load")
def load(
    night: stages.Night, jobs: list[dict[str, Any]], failures: list[str | None]
) -> dict[str, tuple[imports.Counts, str]]:
    """What the sources staged, into the working database; each source green, yellow or red."""
    return stages.load_sources(night, jobs, failures)


@_stage("decide")
def decide(night: stages.Night) -> dict[str, int]:
    """What people decided since last night."""
    return stages.decide(night)


@_stage("extract")
def extract(night: stages.Night) -> dict[str, int]:
    """Signals, amounts, contacts and stance, once per distinct text."""
    return extraction.read_posts(night)


@_stage("link")
def link(night: stages.Night) -> dict[str, int]:
    """Sightings, edges, networks with stable ids, complaints."""
    return linking.link_sellers(night)


@_stage("score")
def score(night: stages.Night) -> dict[str, Any]:
    """Probabilities with reasons, cases."""
    return scoring.score_sellers(night)


@_stage("publish")
def publish(
    night: stages.Night, seconds: dict[str, float], states: dict[str, str]
) -> dict[str, Any]:
    """The list, the checks, the snapshot, the release; then both symlinks."""
    priority.give_way_further()
    return publication.publish_night(night, seconds=seconds, source_states=states)


@flow(name="nightly", validate_parameters=False)
def nightly(night: stages.Night, jobs: list[dict[str, Any]]) -> dict[str, Any]:
    """Run one night.

    Args:
        night: What all stages know.
        jobs: What to crawl; empty works on what is there.

    Returns:
        The counts of each stage, and what ``publication.publish`` says became visible.
    """
    clock = _Clock()
    found: dict[str, Any] = {}
    asked = [job for job in jobs if not source_module.is_only_dropped(job)]
    running = [crawl.submit(night, job) for job in asked]
    found["crawl"] = load(night, jobs, [each.result() for each in running])
    states = {name: state for name, (_, state) in found["crawl"].items()}
    clock.lap("crawl")
    found["decide"] = decide(night)
    found["extract"] = extract(night)
    clock.lap("extract")
    found["link"] = link(night)
    clock.lap("link")
    found["score"] = score(night)
    clock.lap("score")
    found["publish"] = publish(night, clock.seconds, states)
    clock.lap("publish")
    found["sources"] = states
    found["seconds"] = clock.seconds
    return found


class _Clock:
    """Seconds per stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, stage: str) -> None:
        """Book the time since the last lap on a stage."""
        now = time.monotonic()
        self.seconds[stage] = round(now - self._last, 3)
        self._last = now
