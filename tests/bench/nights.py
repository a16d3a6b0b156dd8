"""What a night that adds 1 % spends in warehouse and release, against the first load of the same home.

CPU seconds of this process, all threads, by part. ``read`` is what the stages read back, ``tables`` what they write;
nothing of what they compute is timed. ``share`` is of storing, publishing and releasing; what stages read of the whole home
every night is told beside it.

Nights differ in what they bring beside 1 % of new posts (KINDS). What is promised of a night holds for the hardest, whose posts
are scattered over everything that is known: no part of a table is left that nothing of it changed.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from features import pack
from flows import home as home_module
from flows import settings
from flows.nights import stages
from flows.releases import publication
from flows.service import lookups
from tests.harness.worlds import large
from warehouse import connect, contracts, load, migrate, publish, quality
from warehouse.rows import documents
from warehouse.upkeep import retention as retention_module
from warehouse.watchlist import release

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: What the stages read back (flows.reading.extraction, flows.nights.linking, flows.learning.knowledge).
_READ_BACK = (contracts.POST_READS, contracts.SIGNALS, contracts.AMOUNTS, contracts.SIGHTINGS, contracts.NETWORK_MEMBERS)  # fmt: skip

#: Parts of the last stage that are told apart: module, function.
_PARTS = (
    (publication, "listing"),
    (quality, "check_run"),
    (publish, "build_snapshot"),
    (release, "write_release"),
    (lookups, "write_index"),
)


#: What a night finds again (1 %) and finds changed (0.1 %) of the posts that were known.
KINDS = ("scattered", "recent", "new")
#: Drawn from all at random; the newest; none.
HARDEST = KINDS[0]


class Clock:
    """CPU seconds by part."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Book what the block takes."""
        before = time.process_time()
        try:
            yield
        finally:
            self.seconds[name] += time.process_time() - before

    @contextmanager
    def parts_of_publishing(self) -> Iterator[None]:
        """Book the parts of the last stage one by one, and the rest as ``publish``."""
        patches = [
            mock.patch.object(module, name, self._timed(name, getattr(module, name)))
            for module, name in _PARTS
        ]
        before = dict(self.seconds)
        for patch in patches:
            patch.start()
        try:
            with self.part("publish"):
                yield
        finally:
            for patch in patches:
                patch.stop()
        inside = sum(self.seconds[name] - before.get(name, 0.0) for _, name in _PARTS)
        self.seconds["publish"] -= inside

    def _timed(self, name, call):  # type: ignore[no-untyped-def]
        def timed(*arguments, **named):  # type: ignore[no-untyped-def]
            with self.part(name):
                return call(*arguments, **named)

        return timed


def run(
    posts: int, nights: Sequence[str] = (HARDEST, *KINDS), kept: Path | None = None
) -> dict[str, object]:
    """First load, then nights of 1 % each.

    Args:
        posts: Of the first load.
        nights: Kind of each night that follows.
        kept: Where the home and the figures of finished nights are, so that a run that was stopped goes on with the next
            night; null for a directory of this run's own, which goes with it.
    """
    if kept is None:
        with tempfile.TemporaryDirectory(prefix="puppetwatch-nights-") as scratch:
            return run(posts, nights, Path(scratch))
    kept.mkdir(exist_ok=True)
    source, step = large.texts(), posts // 100
    spent: list[dict[str, Any]] = []
    for number in range(len(nights) + 1):
        told = kept / f"night_{number}.json"
        if not told.exists():
            # A night that was stopped has changed its home: it begins again with the one that the night before left.
            home, before = kept / f"home_{number}", kept / f"home_{number - 1}"
            shutil.rmtree(home, ignore_errors=True)
            if number:
                shutil.copytree(before, home, symlinks=True)
            found = settings.Settings(home=home_module.Home(home), config_path=None)
            found.home.ensure(is_sandbox=False)
            kind = nights[number - 1] if number else ""
            seconds = spend(found, _night(posts, step, number, kind), source)
            size = found.home.snapshot.resolve().stat().st_size >> 20
            told.write_text(json.dumps({"seconds": seconds, "mib": size}))
            shutil.rmtree(before, ignore_errors=True)
        spent.append(json.loads(told.read_text()))
    figures: dict[str, object] = {"posts": posts}
    first = spent[0]["seconds"]
    _tell(figures, "first", first)
    for number, night in enumerate(spent[1:], start=1):
        figures[f"night_{number}_kind"] = nights[number - 1]
        _tell(figures, f"night_{number}", night["seconds"])
        figures[f"night_{number}_share"] = _share(night["seconds"], first, but="read")
        figures[f"night_{number}_share_with_reading"] = _share(night["seconds"], first)
        figures[f"night_{number}_snapshot_mib"] = night["mib"]
    return figures


def hardest(figures: dict[str, object]) -> float:
    """The largest share among the nights of the hardest kind."""
    shares = [
        float(str(figures[name.replace("_kind", "_share")]))
        for name, kind in figures.items()
        if kind == HARDEST
    ]
    return max(shares)


def _night(posts: int, step: int, number: int, kind: str) -> large.Night:
    if number == 0:
        return large.Night(0, posts, 0)
    last = posts + number * step
    again = 0 if kind == "new" else step
    return large.Night(
        last - step, last, number, found_again=again, changed=again // 10, is_recent=kind == "recent"
    )  # fmt: skip


def spend(found: settings.Settings, part: large.Night, source: str) -> dict[str, float]:
    """One night; CPU seconds by part of warehouse and release."""
    clock = Clock()
    pack.load_pack()  # whoever reads posts has it in this process before anything is published
    with connect.open_work(found.home.database) as connection:
        migrate.migrate(connection)
        night = stages.Night(found, publication.next_run_id(connection, part.as_of), part.as_of, part.as_of, is_sandbox=False)  # fmt: skip
        publication.begin(connection, night)
    batches = large.crawled(part, source)
    with connect.open_work(found.home.database) as connection:
        for batch in batches:
            with clock.part("load"):
                load.load_posts(connection, batch)
        with clock.part("retention"):
            retention_module.prune(connection, as_of=part.as_of, limits=found.retention)
        with clock.part("checkpoint"):
            connection.execute("checkpoint")
    with connect.open_work(found.home.database) as connection:
        with clock.part("readings"):
            large.read(connection, part.as_of)
        with clock.part("read"):
            posts = load.current_posts(connection, part.as_of)
            documents.cached(connection, part.as_of)
    frames = large.derived(posts, part, run_id=night.run_id)
    with clock.part("tables"), connect.open_work(found.home.database) as connection:
        large.store(connection, frames)
    del frames
    with clock.part("read"), connect.open_work(found.home.database) as connection:
        for _ in range(2):
            load.posts_with_texts(connection, part.as_of)
            for contract in _READ_BACK:
                load.read(connection, contract)
        documents.cached(connection, part.as_of)
        documents.profiles(connection, part.as_of)
    with clock.parts_of_publishing():
        publication.publish_night(night, seconds={}, source_states={})
    return dict(clock.seconds)


def _share(spent: dict[str, float], first: dict[str, float], but: str = "") -> float:
    """A night's seconds against the first load's, without one part."""
    night, load_all = (
        sum(seconds for part, seconds in each.items() if part != but)
        for each in (spent, first)
    )
    return round(night / load_all, 3)


def _tell(figures: dict[str, object], name: str, spent: dict[str, float]) -> None:
    for part, seconds in spent.items():
        figures[f"{name}_{part}_cpu_s"] = round(seconds, 1)
    figures[f"{name}_cpu_s"] = round(sum(spent.values()), 1)
