"""Live sources into the working database.

Each source is crawled by one process of its own (``crawlers.run``), which stages its records on disk; only a staging
directory whose summary says that it is complete is loaded, by the same code that loads files. What a killed or failed
crawl had stored is never dropped: soon after, the next crawl of that source goes on with it; later, it is loaded as it is
and the source is crawled anew.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from crawlers import drop, evidence
from crawlers.memory import staging
from flows import home as home_module
from flows import log
from flows.collecting import imports, validators
from flows.keeping import archive
from warehouse import connect, contracts, load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import duckdb

#: A crawl that is this much over its own time budget hangs and is ended.
GRACE_SECONDS = 120.0
#: Known posts are handed over so many at a time.
_ROWS = 50_000

#: A killed crawl is gone on with for so long. After that its lists have moved on, so they are read anew.
RESUME_WITHIN = timedelta(hours=6)

#: Stands for an address in the fetch row of a crawl that failed on our side.
FAILED_CRAWL = "crawl"

#: In the reason of a fetch row that stands for requests that were not made.
NOT_MADE = "further requests not made"

#: Of a job that is not for the process that asks.
_NOT_ASKED = frozenset({"drop", "map"})

#: What must be the same for a crawl to be gone on with.
_QUESTION = ("source", "start", "keywords", "canary")


def stage_source(
    home: home_module.Home,
    job: dict[str, Any],
    *,
    run_id: str,
    as_of: datetime,
    requests_per_night: int,
) -> str | None:
    """Crawl one source in a process of its own, which stages what it finds on disk.

    Several may run side by side: none touches the database.

    Args:
        home: Where to stage; ``prepare`` has run.
        job: As ``live_jobs`` or the sandbox made it.
        run_id: The run.
        as_of: Stamped on all records: tonight's crawl is known tonight.
        requests_per_night: What all sources of the run may ask for together.

    Returns:
        Null when the staging is complete, else why it may not be loaded now; the next crawl goes on with it.
    """
    directory = _staging(home, run_id, job["source"])
    description = {
        **{name: value for name, value in job.items() if name not in _NOT_ASKED},
        "out_dir": str(directory / "out"),
        "hash_key_file": str(home.hash_key_file),
        "known": str(directory / "known.txt"),
        "validators": json.loads(
            (directory / "validators.json").read_text(encoding="utf-8")
        ),
        "as_of": as_of.isoformat(),
        "stop_file": str(home.stop_file),
        "night": {
            "counter": str(_counter(home, run_id)),
            "requests": requests_per_night,
        },
    }
    if staging.is_complete(directory / "out"):
        return None
    path = directory / "job.json"
    # The next run reads it, also after a power cut.
    home_module.write_atomically(path, json.dumps(description))
    command = [sys.executable, "-m", "crawlers.run", job["source"], "--job", str(path)]
    with (directory / "log.txt").open("ab") as output:
        process = subprocess.Popen(
            [*command, "--parent", str(os.getpid())],
            stdout=output,
            stderr=output,
            stdin=subprocess.DEVNULL,
        )
        try:
            code = process.wait(timeout=job["limits"]["seconds"] + GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
    if code == 0 and staging.is_complete(directory / "out"):
        return None
    return f"the crawl ended with {code} and staged nothing complete; its log is in {directory}"


def prepare(
    connection: duckdb.DuckDBPyConnection,
    home: home_module.Home,
    jobs: Sequence[dict[str, Any]],
    *,
    run_id: str,
    as_of: datetime,
) -> None:
    """Make the staging directories of a run and tell each source what is stored already.

    What killed or failed runs staged is taken over by the same source's crawl of this run, or, where that would ask
    something else or is long ago, loaded now under the run that found it.
    """
    archive.adopt(connection, home)
    wanted = {job["source"]: job for job in jobs}
    for left in sorted((home.work / "staging").glob("*/*/job.json"), reverse=True):
        was = json.loads(left.read_text(encoding="utf-8"))
        directory, old_run = left.parent, left.parent.parent.name
        target = _staging(home, run_id, was["source"])
        if _is_loaded(connection, was["source"], old_run):
            continue
        if not target.exists() and _may_resume(
            was, wanted.get(was["source"]), as_of=as_of
        ):
            log.say(f"{was['source']}: going on with the crawl of run {old_run}")
            target.parent.mkdir(parents=True, exist_ok=True)
            directory.replace(target)
            if _counter(home, old_run).exists():
                # What the killed run asked for counts against the same night.
                _counter(home, old_run).replace(_counter(home, run_id))
        else:
            _salvage(connection, home, directory, was, run_id=old_run)
    for old in (home.work / "staging").glob("*"):
        if old.name != run_id:
            shutil.rmtree(old)
    for job in jobs:
        if "drop" in job and not job.get("start"):
            continue
        directory = _staging(home, run_id, job["source"])
        directory.mkdir(parents=True, exist_ok=True)
        connection.execute(
            # A text that the source cut short is not known yet: its detail is fetched again.
            """select distinct post_id from raw.posts
            where platform = ? and text_truncated is not true order by 1""",
            [job["source"]],
        )
        with (directory / "known.txt").open("w", encoding="utf-8") as lines:
            while rows := connection.fetchmany(_ROWS):
                lines.writelines(f"{row[0]}\n" for row in rows)
        (directory / "validators.json").write_text(
            json.dumps(validators.known(connection, job["source"], as_of=as_of)),
            encoding="utf-8",
        )


def _is_loaded(connection: duckdb.DuckDBPyConnection, source: str, run_id: str) -> bool:
    """Whether a run has loaded what this source staged: its fetch rows are stored last."""
    found = connection.execute(
        """select count(*) from core.fetches
        where source = ? and run_id = ? and url_or_file <> ?""",
        [source, run_id, FAILED_CRAWL],
    ).fetchone()
    return bool(found and found[0])


def _may_resume(
    was: dict[str, Any], job: dict[str, Any] | None, *, as_of: datetime
) -> bool:
    if job is None or any(was.get(name) != job.get(name) for name in _QUESTION):
        return False
    age = as_of - datetime.fromisoformat(was["as_of"])
    return timedelta(0) <= age <= RESUME_WITHIN


def _salvage(
    connection: duckdb.DuckDBPyConnection,
    home: home_module.Home,
    directory: Path,
    job: dict[str, Any],
    *,
    run_id: str,
) -> None:
    """Load what an abandoned crawl had stored, listed records without their details included."""
    out = directory / "out"
    if not staging.is_complete(out):
        if not (out / "journal").exists():
            return
        left = staging.Staging(out, source=job["source"], hash_key=home.hash_key())
        for ask in left.pending:
            answer = staging.Answer(ask.url)
            records = [dict(ask.listed)] if ask.listed else []
            left.expect(answer, records=len(records))
            for record in records:
                left.write_record(record, answer)
        left.close()
        unknown = sorted(left.unknown_fields)
        left.write_summary({"is_complete": True, "unknown_fields": unknown})
    counts = _load_staged(
        connection,
        home,
        directory,
        job["source"],
        run_id=run_id,
        imported_at=datetime.fromisoformat(job["as_of"]),
    )
    log.say(f"{job['source']}: {counts.read:,} records of run {run_id} were loaded now")


def load_source(
    connection: duckdb.DuckDBPyConnection,
    home: home_module.Home,
    source: str,
    *,
    run_id: str,
    as_of: datetime,
    failure: str | None,
) -> imports.Counts:
    """Load what a source staged.

    Args:
        connection: The working database.
        home: Where it was staged.
        source: The source.
        run_id: The run.
        as_of: Stands in for missing crawl times.
        failure: As ``stage_source`` returned it.

    Returns:
        What became of the records. A crawl that failed on our side leaves one ``error`` row in core.fetches and no
        records yet; the night goes on and the source is red.
    """
    directory = _staging(home, run_id, source)
    if failure is None:
        counts = _load_staged(
            connection, home, directory, source, run_id=run_id, imported_at=as_of
        )
        shutil.rmtree(directory)
        return counts
    log.say(f"{source}: {failure}")
    imports.log_fetch(
        connection,
        source,
        FAILED_CRAWL,
        status="error",
        run_id=run_id,
        moment=as_of,
        reason=failure,
    )
    return imports.Counts()


def _load_staged(
    connection: duckdb.DuckDBPyConnection,
    home: home_module.Home,
    directory: Path,
    source: str,
    *,
    run_id: str,
    imported_at: datetime,
) -> imports.Counts:
    """Load a complete staging directory; fetch rows last, so that they tell what was loaded."""
    out = directory / "out"
    counts = imports.Counts()
    # Before the records: whatever a killed run stored of them, their evidence is there.
    kept = archive.move_in(
        out / f"evidence{evidence.SUFFIX}", home, source=source, run_id=run_id
    )
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    fetches = _lines(out / "fetches.jsonl", contracts.FETCHES, run_id)
    rejects = _lines(out / "rejects.jsonl", contracts.REJECTS, run_id)
    counts.add(imports.Counts(read=rejects.height, rejected=rejects.height))
    records = out / "records.jsonl"
    if records.stat().st_size:
        batches = drop.read_batches(
            records,
            name=source,
            imported_at=imported_at,
            hash_key=home.hash_key(),
            source=source,
        )
        label = f"load {source}"
        counts.add(
            imports.load_batches(connection, batches, run_id=run_id, label=label)
        )
    with connect.transaction(connection):
        load.append(connection, contracts.REJECTS, rejects)
        load.append(connection, contracts.FETCHES, fetches)
        if kept is not None:
            answered = archive.rows(home.evidence / kept, run_id=run_id)
            load.append(connection, contracts.EVIDENCE, answered)
        told = summary.get("validators", {})
        validators.keep(connection, source, told, read_at=imported_at)
    for reason in fetches.filter(pl.col("reason").str.contains(NOT_MADE))["reason"]:
        log.say(f"{source}: {reason}")
    if summary["unknown_fields"]:
        names = ", ".join(summary["unknown_fields"])
        log.say(f"{source}: fields that nobody reads: {names}")
    return counts


def _staging(home: home_module.Home, run_id: str, source: str) -> Path:
    return home.work / "staging" / run_id / source


def _counter(home: home_module.Home, run_id: str) -> Path:
    """As long as requests were made in this run."""
    return home.work / "staging" / run_id / "requests"


def _lines(path: Path, contract: contracts.Contract, run_id: str) -> pl.DataFrame:
    """Rows of a staged log in the shape of its contract."""
    rows = [
        json.loads(line)
        for line in path.read_text(encoding="utf-8").split("\n")
        if line
    ]
    times = [
        name for name, dtype in contract.columns.items() if dtype == contracts.TIME
    ]
    shaped = [
        {
            name: datetime.fromisoformat(row[name]).astimezone(UTC)
            if name in times
            else run_id
            if name == "run_id"
            else row.get(name)
            for name in contract.columns
        }
        for row in rows
    ]
    return pl.DataFrame(shaped, schema=dict(contract.columns))
