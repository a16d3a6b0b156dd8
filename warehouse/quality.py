"""Checks of a run before anything of it becomes visible.

In: the working database after scoring and staging. Out: contracts.QUALITY, one row per check, each with what the value
means and what to do. A red row stops the release; a yellow one wants a look; green is fine.

Four families: *integrity* (a row that points nowhere, a post from the future, a score without a reason) is always red;
*records* compares what a source answered with its own history; *list* compares the staged release with the one before;
*fill*, *scores*, *freshness* and *appeals* only ever warn.

Invariants: a minimum that needs a history stays null until there is one, so a first release always passes it. Dropped
files (no ``http`` address) count neither for nor against a source. A source that failed openly is red in
``analyst.sources`` and only yellow here; what stops a release is a source that says all is well and brings far less
than usual, because then what we know of the world is wrong without anybody having noticed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from warehouse import contracts
from warehouse.checks import integrity, standards
from warehouse.rows import digests

if TYPE_CHECKING:
    from datetime import datetime

    import duckdb


def check_run(
    con: duckdb.DuckDBPyConnection,
    *,
    run_id: str,
    as_of: datetime,
    minimums: standards.Minimums | None = None,
    with_staged_release: bool = False,
) -> pl.DataFrame:
    """Check what a run left in the working database.

    Args:
        con: The working database; only read. Logs (fetches, rejects) of this run must carry its id.
        run_id: The run.
        as_of: Its limit of knowledge.
        minimums: Bounds; null for the defaults.
        with_staged_release: Whether a release is staged and its list is to be compared with the one before.

    Returns:
        contracts.QUALITY, sorted by check_name.
    """
    bounds = minimums or standards.Minimums()
    checks = [
        *_integrity(con, as_of),
        *_records(con, run_id, bounds),
        *_rejects(con, run_id, bounds),
        *_fill(con, run_id, bounds),
        *_scores(con, run_id, bounds),
        _freshness(con, as_of, bounds),
        _appeals(con, as_of),
        *_drift(con),
    ]
    if with_staged_release:
        checks += _list(con, bounds)
    rows = [
        {
            "check_name": check.name,
            "run_id": run_id,
            "value": check.value,
            "minimum": check.minimum,
            "maximum": check.maximum,
            "state": check.state,
            "why": check.why,
            "next_step": check.next_step if check.state != "green" else None,
        }
        for check in checks
    ]
    frame = pl.DataFrame(rows, schema=dict(contracts.QUALITY.columns))
    return contracts.QUALITY.check(frame.sort("check_name"))


def blocking(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows of contracts.QUALITY that stop the release; empty when it may go out.

    Drift is red but stops nothing: a trade that changes is news, and yesterday's list would be the worse answer to it.
    """
    return frame.filter(
        (pl.col("state") == "red") & ~pl.col("check_name").str.starts_with("drift:")
    )


_INTEGRITY_STEP = "Do not release. Run the stage that writes this table again; if it stays, it is a defect of that stage."


def _integrity(
    con: duckdb.DuckDBPyConnection, as_of: datetime
) -> list[standards.Check]:
    checks = []
    for name, (query, what) in integrity.BROKEN.items():
        count = _number(con, query, {"as_of": as_of} if "$as_of" in query else {}) or 0
        checks.append(_broken(name, count, what))
    for targets, pointing in integrity.POINTING:
        known = digests.of(con, targets)
        for name, (query, what) in pointing.items():
            stray = digests.missing(digests.of(con, query), known)
            checks.append(_broken(name, float(len(stray)), what))
    return checks


def _broken(name: str, count: float, what: str) -> standards.Check:
    return standards.Check(name, count, None, 0.0, "red", f"{count:.0f} {what}.", _INTEGRITY_STEP)  # fmt: skip


def _records(
    con: duckdb.DuckDBPyConnection, run_id: str, bounds: standards.Minimums
) -> list[standards.Check]:
    """Live record counts per source against the median of the source's own past runs, at the addresses asked tonight.

    A list that is left at its first page without news shows less than one that was read to its end.
    """
    rows = con.execute(
        """
        with asked as (
            select distinct source, url_or_file
            from core.fetches
            where run_id = $run_id
        ),
        per_run as (
            select
                source,
                run_id,
                sum(coalesce(record_count, 0)) as records,
                bool_or(fetch_status not in ('ok', 'empty', 'gone')) as has_failed,
                bool_or(fetch_status in ('ok', 'empty')) as has_answered
            from core.fetches
            semi join asked using (source, url_or_file)
            where url_or_file ilike 'http%'
            group by all
        ),
        history as (
            select source, median(records) as usual, count(*) as run_count
            from per_run
            where run_id <> $run_id and has_answered
            group by all
        )

        select source, records, has_failed, usual, coalesce(run_count, 0) as run_count
        from per_run
        left join history using (source)
        where run_id = $run_id
        order by source
        """,
        {"run_id": run_id},
    ).fetchall()
    checks = []
    for source, records, has_failed, usual, run_count in rows:
        has_history = run_count >= bounds.source_history and usual > 0
        why = (
            f"{records} records, usually {usual:.0f} (median of {run_count} runs)."
            if has_history
            else f"{records} records; {run_count} earlier runs are too few to compare with."
        )
        if has_failed:
            why += " Some of its requests failed; see analyst.fetches."
        checks.append(
            standards.Check(
                f"records:{source}",
                float(records),
                bounds.source_share * float(usual) if has_history else None,
                None,
                "yellow" if has_failed else "red",
                why,
                f"Open the source by hand and compare; see analyst.fetches where source = '{source}'. If the page changed, "
                "its parser must follow. If so few are right, lower the minimum in the configuration.",
            )
        )
    return checks


def _rejects(
    con: duckdb.DuckDBPyConnection, run_id: str, bounds: standards.Minimums
) -> list[standards.Check]:
    rows = con.execute(
        """
        select source, sum(coalesce(record_count, 0)) as records, sum(coalesce(reject_count, 0)) as rejects
        from core.fetches
        where run_id = $run_id
        group by all
        having records + rejects > 0
        order by source
        """,
        {"run_id": run_id},
    ).fetchall()
    return [
        standards.Check(
            f"rejects:{source}",
            rejects / (records + rejects),
            None,
            bounds.reject_share,
            "yellow",
            f"{rejects} of {records + rejects} records were refused.",
            f"See analyst.rejects where source = '{source}' for the fields and reasons.",
        )
        for source, records, rejects in rows
    ]


def _fill(
    con: duckdb.DuckDBPyConnection, run_id: str, bounds: standards.Minimums
) -> list[standards.Check]:
    """Share of current posts that have a field, per field; it may not fall much below the run before.

    With them, from the same pass over the posts, those that are not stored in the version that was read.
    """
    read, stored = (digests.of(con, query) for query in integrity.VERSIONS)
    flags = stored & np.uint64(3)
    plain = stored - flags
    place = np.searchsorted(plain, read)
    place[place == len(plain)] = 0
    shown = flags[place[plain[place] == read]] if len(plain) else flags
    name, what = integrity.UNSTORED
    checks = [_broken(name, float(len(read) - len(shown)), what)]
    shares = {
        # The document of a post without title and text is known: reading all texts for it took a third of the checks' time.
        "text": _number(con, "select avg((doc_id <> md5(chr(31)))::int) from core.post_reads", {}),
        **{field: np.count_nonzero(shown & np.uint64(flag)) / len(read) if len(read) else None for field, flag in (("published_at", 1), ("author_name", 2))},
    }  # fmt: skip
    for name, share in shares.items():
        before = _before(con, f"fill:{name}", run_id)
        why = "No posts." if share is None else f"{share:.1%} of the posts have {name}."
        if before is not None:
            why += f" The run before: {before:.1%}."
        checks.append(
            standards.Check(
                f"fill:{name}",
                share,
                None if before is None else max(0.0, before - bounds.fill_drop),
                None,
                "yellow",
                why,
                f"Compare {name} by source in analyst.posts with the day before; a source may have stopped showing it.",
            )
        )
    return checks


def _scores(
    con: duckdb.DuckDBPyConnection, run_id: str, bounds: standards.Minimums
) -> list[standards.Check]:
    """Mean score, and share of scored sellers in band high."""
    row = con.execute(
        "select avg(scam_probability), avg((band = 'high')::int) from core.sellers where scam_probability is not null"
    ).fetchone()
    mean, high = row if row is not None else (None, None)
    before = _before(con, "scores:mean", run_id)
    why = "No seller is scored." if mean is None else f"The mean score is {mean:.3f}."
    if before is not None:
        why += f" The run before: {before:.3f}."
    return [
        standards.Check(
            "scores:mean",
            mean,
            None if before is None else before - bounds.score_shift,
            None if before is None else before + bounds.score_shift,
            "yellow",
            why,
            "Look whether the sources, the pack or the model changed; compare analyst.sellers by platform and score_source.",
        ),
        standards.Check(
            "scores:high_share",
            high,
            None,
            bounds.listed_share,
            "yellow",
            "No seller is scored."
            if high is None
            else f"{high:.1%} of the scored sellers are in band high.",
            "Read some of them in analyst.reasons; if they are honest, raise the threshold or go back a bundle.",
        ),
    ]


def _freshness(
    con: duckdb.DuckDBPyConnection, as_of: datetime, bounds: standards.Minimums
) -> standards.Check:
    query = """
        select epoch($as_of - max(crawled_at)) / 3600
        from (select crawled_at from raw.posts union all select crawled_at from raw.crawls)
        where crawled_at <= $as_of
    """
    hours = _number(con, query, {"as_of": as_of})
    return standards.Check(
        "freshness:posts",
        hours,
        None,
        bounds.fresh_hours,
        "yellow",
        "No posts." if hours is None else f"The newest crawl is {hours:.1f} hours old.",
        "See analyst.sources for what stopped, or import newer records.",
    )


def _appeals(con: duckdb.DuckDBPyConnection, as_of: datetime) -> standards.Check:
    """Appeals that wait longer than was promised to those who are listed."""
    query = """
        select count(*) from core.appeals
        where opened_at <= $as_of and due_at < $as_of and (decided_at is null or decided_at > $as_of)
    """
    count = _number(con, query, {"as_of": as_of}) or 0.0
    return standards.Check(
        "appeals:overdue",
        count,
        None,
        0.0,
        "yellow",
        f"{count:.0f} appeals are past the time in which an answer was due.",
        "Answer them with `puppetwatch uphold` or `reject`; `puppetwatch appeals` lists them, the oldest first.",
    )


def _drift(con: duckdb.DuckDBPyConnection) -> list[standards.Check]:
    """What ``models.drift`` found tonight, as it stands."""
    return [
        standards.Check(name, value, None, maximum, "red", why, next_step)
        for name, value, maximum, why, next_step in con.execute(
            "select check_name, value, maximum, why, next_step from core.drift order by check_name"
        ).fetchall()
    ]


def _list(
    con: duckdb.DuckDBPyConnection, bounds: standards.Minimums
) -> list[standards.Check]:
    """The staged list against the one that consumers have."""
    counts = con.execute(
        """
        select
            (select count(*) from core.staged_watchlist where status = 'active'),
            (select count(*) from core.watchlist where status = 'active'),
            (select count(*) from core.staged_watchlist where status = 'active' and evidence_count < 1),
            (select count(*) from core.staged_changes where op = 'DEL'
                and (why like 'expired%' or why like '%verdict%' or why like 'allowlisted%'
                    or why like 'appeal%' or why like 'revoked%'))
        """
    ).fetchone()
    staged, released, bare, decided = counts if counts is not None else (0, 0, 0, 0)
    # What people or the calendar took off does not make a list suspiciously short.
    expected = max(0, released - decided)
    compares = released > bounds.list_small
    why = f"{staged} entries; the release before had {released}, of which {decided} left by decision or expiry."
    return [
        standards.Check(
            "list:size",
            float(staged),
            bounds.list_share * expected if compares else None,
            None,
            "red",
            why,
            "Read core.staged_changes for what would leave and why. If it is right, lower list_share for one run.",
        ),
        standards.Check(
            "list:growth",
            float(staged),
            None,
            bounds.list_growth * released if compares else None,
            "yellow",
            why,
            "Read some of the new entries in analyst.watchlist before others act on them.",
        ),
        standards.Check(
            "list:evidence",
            float(bare),
            None,
            0.0,
            "red",
            f"{bare} entries have no post that proves them.",
            _INTEGRITY_STEP,
        ),
    ]


def _before(
    con: duckdb.DuckDBPyConnection, check_name: str, run_id: str
) -> float | None:
    """The value of a check in the latest other run that has one."""
    query = """
        select arg_max(quality.value, runs.started_at)
        from core.quality as quality
        inner join core.runs as runs using (run_id)
        where quality.check_name = $check_name and quality.run_id <> $run_id and quality.value is not null
    """
    return _number(con, query, {"check_name": check_name, "run_id": run_id})


def _number(
    con: duckdb.DuckDBPyConnection, query: str, values: dict[str, object]
) -> float | None:
    row = con.execute(query, values).fetchone()
    return None if row is None or row[0] is None else float(row[0])
