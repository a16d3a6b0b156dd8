"""The evidence archive read again by today's parsers, into the working database.

Every record keeps its own crawl time, so a moment in the past reads as today's parser understands what was answered then:
a version of the same post and crawl time whose content differs is replaced and counts as updated, a post that was not
read then is new, and a second replay changes nothing (``warehouse.upkeep.restate``). A crawl leaves a shortened text out when
the whole one is stored; so does a replay.
"""

from __future__ import annotations

import dataclasses
import io
from typing import TYPE_CHECKING, Any

import polars as pl

from crawlers import drop, evidence
from crawlers.archive import rereading
from flows import home as home_module
from flows import log
from flows.collecting import imports, saved
from flows.keeping import archive
from warehouse import connect, contracts, errors, load, migrate
from warehouse.upkeep import restate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    import duckdb

    from flows import settings as settings_module


def replay_command(
    settings: settings_module.Settings,
    *,
    source: str | None,
    since: datetime | None,
    started_at: datetime,
    wait: bool,
) -> tuple[list[dict[str, Any]], int]:
    """Read the archive again.

    Args:
        settings: Where the home is.
        source: Only this source's files; null for all.
        since: Only files with an answer from then on; null for all.
        started_at: Now.
        wait: Wait for a run that is writing.

    Returns:
        A row per source: files, answers, and what became of its records; and the exit code: 1 when a file is damaged.

    Raises:
        InputError: the home has no archive, or nothing in it is of this source and time.
        LockHeldError: somebody is writing and ``wait`` is false.
    """
    home = settings.home
    if not home.exists():
        message = f"{home.root} holds nothing yet. Name the home with --home."
        raise errors.InputError(message)
    home.ensure(is_sandbox=home.is_sandbox())
    run_id = f"replay-{started_at:%Y%m%dT%H%M%S%f}"
    with (
        home_module.Lock(home, command="replay", wait=wait),
        connect.open_work(home.database) as connection,
    ):
        migrate.migrate(connection)
        archive.adopt(connection, home)
        chosen = _chosen(connection, home, source=source, since=since)
        if not chosen:
            message = f"Nothing in {home.evidence} is of {source or 'any source'}{f' since {since.isoformat()}' if since else ''}."
            raise errors.InputError(message)
        restate.begin(connection)
        return _replay(connection, home, chosen, run_id=run_id, started_at=started_at)


def _chosen(
    connection: duckdb.DuckDBPyConnection,
    home: home_module.Home,
    *,
    source: str | None,
    since: datetime | None,
) -> list[tuple[str, Path]]:
    """Source and path of the files to read, in the order of their answers."""
    found = connection.execute(
        """select source, warc_file from core.evidence
        where erased_at is null and ($source is null or source = $source)
        group by all having $since is null or max(fetched_at) >= $since
        order by min(fetched_at), warc_file""",
        {"source": source, "since": since},
    ).fetchall()
    return [(name, home.evidence / file) for name, file in found]


def _replay(
    connection: duckdb.DuckDBPyConnection,
    home: home_module.Home,
    chosen: Sequence[tuple[str, Path]],
    *,
    run_id: str,
    started_at: datetime,
) -> tuple[list[dict[str, Any]], int]:
    told: dict[str, dict[str, Any]] = {}
    code = 0
    with log.progress("replay", len(chosen), unit="files") as report:
        for done, (source, path) in enumerate(chosen, 1):
            row = told.setdefault(source, {"source": source, "files": 0, "answers": 0, **dataclasses.asdict(imports.Counts())})  # fmt: skip
            try:
                counts, answers = _replay_file(connection, home, source, path, run_id=run_id, started_at=started_at)  # fmt: skip
            except (evidence.DamagedError, OSError) as error:
                log.say(f"puppetwatch: {path} was not read: {error}. Restore it from a backup.")  # fmt: skip
                code = 1
                continue
            row["files"] += 1
            row["answers"] += answers
            for name, value in dataclasses.asdict(counts).items():
                row[name] += value
            report(done, path.name)
    return [told[name] for name in sorted(told)], code


def _replay_file(
    connection: duckdb.DuckDBPyConnection,
    home: home_module.Home,
    source: str,
    path: Path,
    *,
    run_id: str,
    started_at: datetime,
) -> tuple[imports.Counts, int]:
    """One file, in one transaction."""
    found = rereading.read(path, parser_of=saved.known_parser)
    listed = connection.execute(
        "select count(*) from core.evidence where warc_file = ?", [path.name]
    ).fetchone()
    archive.assert_whole(
        path, expected=listed[0] if listed else 0, found=found.answer_count
    )
    if found.statuses["no parser"]:
        log.say(f"puppetwatch: {path.name}: no parser for {found.statuses['no parser']} answers of {source}")  # fmt: skip
    rejects = pl.DataFrame(
        [(source, address, None, field, reason, started_at, run_id) for address, field, reason in found.rejects],
        schema=dict(contracts.REJECTS.columns),
        orient="row",
    )  # fmt: skip
    counts = imports.Counts(read=rejects.height, rejected=rejects.height)
    with connect.transaction(connection):
        load.append(connection, contracts.REJECTS, rejects)
        if found.records:
            batches = drop.read_batches(
                io.BytesIO(b"\n".join(found.records)), name=path.name, imported_at=started_at, hash_key=home.hash_key(), source=source
            )  # fmt: skip
            for batch in batches:
                counts.add(_store(connection, batch, run_id=run_id))
        imports.log_fetch(
            connection,
            source,
            path.name,
            status="ok",
            run_id=run_id,
            moment=started_at,
            counts=counts,
            reason=f"read again: {found.answer_count} answers",
        )
    return counts, found.answer_count


def _store(connection: duckdb.DuckDBPyConnection, batch: drop.Batch, *, run_id: str) -> imports.Counts:  # fmt: skip
    posts = _without_known_excerpts(connection, batch.posts)
    loaded = restate.restate_posts(connection, posts)
    rejects = batch.rejects.with_columns(pl.lit(run_id).alias("run_id"))
    load.append(connection, contracts.REJECTS, rejects)
    return imports.Counts(
        read=batch.read_count,
        new=loaded.new,
        updated=loaded.updated,
        unchanged=batch.read_count - rejects.height - loaded.new - loaded.updated,
        rejected=rejects.height,
    )


def _without_known_excerpts(connection: duckdb.DuckDBPyConnection, posts: pl.DataFrame) -> pl.DataFrame:  # fmt: skip
    """The batch without shortened texts of posts whose whole text is stored."""
    connection.register("reread", posts.select("post_id"))
    try:
        known = connection.sql(
            """select distinct post_id from raw.posts semi join reread using (post_id)
            where text_truncated is not true"""
        ).pl()
    finally:
        connection.unregister("reread")
    is_excerpt = pl.col("text_truncated").fill_null(value=False)
    return posts.filter(~(is_excerpt & pl.col("post_id").is_in(known["post_id"].implode())))  # fmt: skip
