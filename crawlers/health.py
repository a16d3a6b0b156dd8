"""How each source did tonight: green, yellow or red, with the reason (CONTRACT §5 ``sources``).

In: the fetch rows of this run and of earlier ones. Out: one row per configured source. Invariants: a source that was
never ``ok`` or proved ``empty`` is red, a canary without results is red, and a count is only ever compared with the
source's own earlier counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import polars as pl

from crawlers.sources.parsed import SUCCESS
from warehouse import contracts

#: How many earlier runs make "usual"; the median of seven shrugs off three bad ones.
_USUAL_RUNS: Final = 7
#: Below this share of its usual count a source has collapsed (CONTRACT §7.2: red); below the second it is worth a look.
_COLLAPSED_SHARE: Final = 0.25
_LOW_SHARE: Final = 0.5
#: Smaller usual counts halve by chance.
_SMALLEST_USUAL: Final = 8


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
        the source showed, known or new; ``usual_record_count`` the median of its last seven good runs
        after its first, null without any.
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


def _state(
    name: str, tonight: pl.DataFrame, earlier: pl.DataFrame, *, canary: str | None
) -> dict[str, object]:
    good = pl.col("fetch_status").is_in(list(SUCCESS))
    ok_times = pl.concat(
        [tonight.filter(good)["fetched_at"], earlier.filter(good)["fetched_at"]]
    )
    count = int(tonight["record_count"].fill_null(0).sum())
    usual = _usual(earlier)
    canary_ok = _canary_ok(tonight, canary)
    state, why = _judged(tonight, count=count, usual=usual, canary_ok=canary_ok)
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
    tonight: pl.DataFrame, *, count: int, usual: int | None, canary_ok: bool | None
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
    counted = None if _has_unchanged(tonight) else _compared(count, usual)
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
        return "red", f"count collapsed: {count} records, usually {usual}"
    if count < usual * _LOW_SHARE:
        return "yellow", f"few records: {count}, usually {usual}"
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


def _has_unchanged(fetches: pl.DataFrame) -> bool:
    """Whether a feed answered that it has not changed: then the count says nothing."""
    return bool((fetches["http_status"] == 304).any())


def _usual(earlier: pl.DataFrame) -> int | None:
    """Median count of the last good runs after the first; a run is good when no more of its requests failed than not."""
    good = pl.col("fetch_status").is_in([*SUCCESS, "gone"])
    runs = (
        earlier.filter(pl.col("run_id").is_not_null())
        .group_by("run_id")
        .agg(
            pl.col("record_count").fill_null(0).sum().alias("count"),
            good.mean().alias("good_share"),
            pl.col("fetch_status").is_in(list(SUCCESS)).any().alias("has_success"),
            (pl.col("http_status") == 304)
            .fill_null(value=False)
            .any()
            .alias("has_unchanged"),
            pl.col("fetched_at").max().alias("at"),
        )
        .filter(
            (pl.col("good_share") >= 0.5)
            & pl.col("has_success")
            & ~pl.col("has_unchanged")
        )
        .sort(["at", "run_id"])
        # The first reads all that a source has; the later ones stop at the first page without news.
        .slice(1)
        .tail(_USUAL_RUNS)
    )
    if runs.is_empty():
        return None
    median = runs["count"].median()
    return round(median) if isinstance(median, int | float) else None


def _canary_ok(tonight: pl.DataFrame, canary: str | None) -> bool | None:
    """Whether the canary had results; null where the source has none or it was not asked."""
    if canary is None:
        return None
    rows = tonight.filter(pl.col("url_or_file") == canary)
    if rows.is_empty():
        return None
    found = rows.filter((pl.col("record_count") > 0) | (pl.col("http_status") == 304))
    return not found.is_empty()
