"""How each source did tonight: green, yellow or red, with the reason (CONTRACT §5 ``sources``).

In: the fetch rows of this run and of earlier ones. Out: one row per configured source. Invariants: a source that was
never ``ok`` or proved ``empty`` is red, a canary without results is red, and a count is only ever compared with what the
same addresses of the source showed before: a list that is left at its first page without news shows less than one that
was read to its end, and says no less.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import polars as pl

from crawlers.sources.parsed import SUCCESS
from warehouse import contracts

#: How many earlier answers of an address make "usual"; the median of seven shrugs off three bad ones.
_USUAL_RUNS: Final = 7
#: Below this share of its usual count a source has collapsed (CONTRACT §7.2: red); below the second it is worth a look.
_COLLAPSED_SHARE: Final = 0.25
_LOW_SHARE: Final = 0.5
#: Smaller usual counts halve by chance.
_SMALLEST_USUAL: Final = 8
#: People drop once a week, say; after that somebody should ask them.
_DROP_PATIENCE: Final = timedelta(days=7)


def source_states(
    fetches: pl.DataFrame,
    *,
    history: pl.DataFrame,
    as_of: datetime,
    configured: Sequence[str],
    canaries: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Judge every source of the night.

    Args:
        fetches: contracts.FETCHES of this run; null counts are 0.
        history: contracts.FETCHES of earlier runs, told apart by ``run_id``; rows of this run, of drops or after
            ``as_of`` do not count. May be empty: a first run has nothing to compare with.
        as_of: Nothing later is looked at.
        configured: Sources that were to be crawled; one without a row is red.
        canaries: Source to the URL that always has results, as it stands in ``fetches``.

    Returns:
        contracts.SOURCES, sorted by source: the configured ones and any other with rows tonight. ``record_count`` is what
        the source showed, known or new; ``usual_record_count`` what tonight's answering addresses usually show (the
        median of the last seven good answers of each, summed), null where none of them answered before.
    """
    canary_urls = dict(canaries or {})
    tonight = fetches.filter(pl.col("fetched_at") <= as_of)
    own_runs = tonight["run_id"].drop_nulls().unique().to_list()
    earlier = history.filter(
        (pl.col("fetched_at") <= as_of)
        & ~pl.col("run_id").is_in(own_runs).fill_null(value=False)
    )
    names = sorted({*configured, *tonight["source"].drop_nulls().to_list()})
    rows = [
        _state(
            name,
            tonight.filter(pl.col("source") == name),
            earlier.filter(pl.col("source") == name),
            canary=canary_urls.get(name),
        )
        for name in names
    ]
    return contracts.SOURCES.check(
        pl.DataFrame(rows, schema=dict(contracts.SOURCES.columns), orient="row")
    )


def drop_states(
    fetches: pl.DataFrame,
    *,
    kept: pl.DataFrame,
    as_of: datetime,
    sources: Sequence[str],
) -> pl.DataFrame:
    """Judge sources by what people dropped of them.

    Args:
        fetches: contracts.FETCHES of the files and answers that were read tonight.
        kept: contracts.SOURCES as they were.
        as_of: Tonight.
        sources: Those that have a folder.

    Returns:
        contracts.SOURCES, sorted by source. Where nothing new was dropped the source stays as it was, yellow when its
        last usable answer is a week old: an export that ended is not seen otherwise.
    """
    was = {row["source"]: row for row in kept.iter_rows(named=True)}
    rows = []
    for name in sorted(sources):
        tonight = fetches.filter(pl.col("source") == name)
        row = was.get(name, {"source": name, "record_count": 0, "last_ok_at": None})
        good = tonight.filter(pl.col("fetch_status").is_in(list(SUCCESS)))
        last_ok = good["fetched_at"].max() or row["last_ok_at"]
        if tonight.is_empty():
            state, why = _waiting(row, last_ok, as_of)
        else:
            total, bad = tonight.height, tonight.height - good.height
            named = ", ".join(f"{status} ×{number}" for status, number in _tally(tonight) if status not in SUCCESS)  # fmt: skip
            count = int(tonight["record_count"].fill_null(0).sum())
            row = {**row, "record_count": count}
            state = "red" if good.is_empty() else "yellow" if bad else "green"
            why = f"dropped: {named} of {total} answers{_reason(tonight)}" if bad else f"dropped: {count} records in {total} answers"  # fmt: skip
        rows.append({"source": name, "state": state, "why": why, "last_ok_at": last_ok, "record_count": row["record_count"], "usual_record_count": None, "canary_ok": None})  # fmt: skip
    return contracts.SOURCES.check(
        pl.DataFrame(rows, schema=dict(contracts.SOURCES.columns), orient="row")
    )


def _waiting(row: Mapping[str, Any], last_ok: object, as_of: datetime) -> tuple[str, str]:  # fmt: skip
    """State and reason where nothing new was dropped."""
    if not isinstance(last_ok, datetime):
        if row.get("state") == "red":
            return "red", str(row["why"])
        return "yellow", "nothing was dropped yet"
    age = as_of - last_ok
    if age > _DROP_PATIENCE:
        return "yellow", f"nothing usable was dropped for {age.days} days"
    return str(row.get("state", "green")), str(row.get("why", ""))


def _state(
    name: str, tonight: pl.DataFrame, earlier: pl.DataFrame, *, canary: str | None
) -> dict[str, object]:
    good = pl.col("fetch_status").is_in(list(SUCCESS))
    ok_times = pl.concat(
        [tonight.filter(good)["fetched_at"], earlier.filter(good)["fetched_at"]]
    )
    count = int(tonight["record_count"].fill_null(0).sum())
    shown, usual = _alike(tonight, earlier)
    canary_ok = _canary_ok(tonight, canary)
    state, why = _judged(
        tonight, count=count, shown=shown, usual=usual, canary_ok=canary_ok
    )
    return {
        "source": name,
        "state": state,
        "why": why,
        "last_ok_at": ok_times.max(),
        "record_count": count,
        "usual_record_count": usual,
        "canary_ok": canary_ok,
    }


def _judged(
    tonight: pl.DataFrame,
    *,
    count: int,
    shown: int,
    usual: int | None,
    canary_ok: bool | None,
) -> tuple[str, str]:
    total = tonight.height
    if not total:
        return "red", "not asked: no request was made"
    tally = _tally(tonight)
    successes = sum(number for status, number in tally if status in SUCCESS)
    gone = sum(number for status, number in tally if status == "gone")
    # A page that is gone says nothing about its source, unless most are.
    failed = total - successes - gone
    named = ", ".join(
        f"{status} ×{number}" for status, number in tally if status not in SUCCESS
    )
    told = f"{named} of {total} requests{_reason(tonight)}"
    if failed > successes or not successes:
        return "red", f"{'mostly failing' if successes else 'never ok'}: {told}"
    if canary_ok is False:
        return "red", "the canary had no results: silently blocked or changed"
    counted = _compared(shown, usual)
    if counted:
        return counted
    if failed or gone > successes:
        return "yellow", f"partly failing: {told}"
    return "green", f"{count} records in {total} requests"


def _compared(count: int, usual: int | None) -> tuple[str, str] | None:
    """What the count says against the usual one; null when it is as usual."""
    if usual is None or usual < _SMALLEST_USUAL:
        return None
    if count < usual * _COLLAPSED_SHARE:
        return (
            "red",
            f"count collapsed: {count} records where the same addresses usually show {usual}",
        )
    if count < usual * _LOW_SHARE:
        return (
            "yellow",
            f"few records: {count} where the same addresses usually show {usual}",
        )
    return None


def _tally(fetches: pl.DataFrame) -> list[tuple[str, int]]:
    """Statuses with their numbers, most frequent first."""
    counted = (
        fetches.group_by("fetch_status")
        .len()
        .sort(["len", "fetch_status"], descending=[True, False])
    )
    return [(status, number) for status, number in counted.iter_rows()]


def _reason(fetches: pl.DataFrame) -> str:
    """The commonest reason of a failure."""
    failed = fetches.filter(
        ~pl.col("fetch_status").is_in(list(SUCCESS)) & pl.col("reason").is_not_null()
    )
    if failed.is_empty():
        return ""
    commonest = (
        failed.group_by("reason")
        .len()
        .sort(["len", "reason"], descending=[True, False])
    )
    return f" ({str(commonest['reason'][0])[:120]})"


def _alike(tonight: pl.DataFrame, earlier: pl.DataFrame) -> tuple[int, int | None]:
    """What tonight's answering addresses showed, and what the same ones usually show; null where none answered before.

    An unchanged feed (304) sends no count, and an address that failed has none: neither is compared.
    """
    counted = pl.col("fetch_status").is_in(list(SUCCESS)) & pl.col("http_status").ne_missing(304)  # fmt: skip
    per_run = (
        pl.concat([tonight.with_columns(is_now=True), earlier.filter(pl.col("run_id").is_not_null()).with_columns(is_now=False)])
        .filter(counted)
        .group_by("url_or_file", "is_now", "run_id")
        .agg(pl.col("record_count").fill_null(0).sum(), pl.col("fetched_at").max())
    )  # fmt: skip
    now = per_run.filter("is_now").group_by("url_or_file").agg(pl.col("record_count").sum().alias("shown"))  # fmt: skip
    usual = (
        per_run.filter(~pl.col("is_now"))
        .sort("fetched_at", "run_id")
        .group_by("url_or_file")
        .agg(pl.col("record_count").tail(_USUAL_RUNS).median().alias("usual"))
    )
    both = now.join(usual, on="url_or_file")
    if both.is_empty():
        return 0, None
    return int(both["shown"].sum()), round(float(both["usual"].sum()))


def _canary_ok(tonight: pl.DataFrame, canary: str | None) -> bool | None:
    """Whether the canary had results; null where the source has none or it was not asked."""
    if canary is None:
        return None
    rows = tonight.filter(pl.col("url_or_file") == canary)
    if rows.is_empty():
        return None
    found = rows.filter((pl.col("record_count") > 0) | (pl.col("http_status") == 304))
    return not found.is_empty()
