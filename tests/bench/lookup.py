"""How fast the lookup answers from a list of a million invented entries: one text, a batch, over HTTP, and a cold start.

CPU time counts, because the machine may be shared; the same reading without an index is timed beside it, so that what
the list itself costs can be compared between runs.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from features import contacts, normalise
from flows import home
from flows.service import contact_reader, lookups
from tests.bench import posts
from warehouse import contracts, lookup

#: The goals of issue 7.
GOAL_P99_MS, GOAL_TEXTS_PER_SECOND, GOAL_COLD_SECONDS = 5.0, 2_000, 1.5

KINDS = ("wechat", "phone", "qq", "seller", "domain", "telegram", "email", "company")


def run(entries: int, *, questions: int = 20_000, seed: int = 1) -> dict[str, object]:
    """Build a home with a list of that size and ask it.

    Args:
        entries: Size of the list.
        questions: Texts asked; every tenth holds a contact of the list.
        seed: Of the texts.
    """
    texts = [text for text, _ in posts.posts(seed, questions)]
    texts = [
        f"{text} 加薇：szr_demo_{number * 7 % entries // 8 * 8}"
        if number % 10 == 0
        else text
        for number, text in enumerate(texts)
    ]
    with tempfile.TemporaryDirectory(prefix="puppetwatch-bench-") as scratch:
        place = home.Home(Path(scratch))
        building = _cpu(lambda: _home(place, entries))
        desk = lookups.Desk(place, reader=contact_reader.read)
        desk.freshness()
        found = sum(bool(desk.answers([text])["results"][0]["entries"]) for text in texts[:2_000])  # fmt: skip
        single = [_cpu(lambda text=text: desk.answers([text])) for text in texts]
        batch = _cpu(lambda: [desk.answers(texts[start : start + 1_000]) for start in range(0, len(texts), 1_000)])  # fmt: skip
        bare = _cpu(lambda: [contacts.find_contacts(normalise.normalise(text)) for text in texts])  # fmt: skip
        cold = [_cold(place) for _ in range(5)]
        size = sum(path.stat().st_size for path in (place.root / "lookup").iterdir())
    figures: dict[str, object] = {
        "entries": entries,
        "texts": len(texts),
        "listed_share_of_2000": found / 2_000,
        "p50_ms": round(statistics.median(single) * 1e3, 3),
        "p99_ms": round(float(np.quantile(single, 0.99)) * 1e3, 3),
        "worst_ms": round(max(single) * 1e3, 2),
        "batch_texts_per_second": round(len(texts) / batch),
        "times_bare_reading": round(batch / bare, 2),
        "cold_start_cpu_seconds": round(statistics.median(cold), 2),
        "index_megabytes": round(size / 1e6, 1),
        "index_build_cpu_seconds": round(building, 1),
        "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
        "load": os.getloadavg()[0],
    }  # fmt: skip
    figures["goal_met"] = (
        float(str(figures["p99_ms"])) <= GOAL_P99_MS
        and len(texts) / batch >= GOAL_TEXTS_PER_SECOND
        and statistics.median(cold) <= GOAL_COLD_SECONDS
    )
    return figures


def _home(place: home.Home, entries: int) -> None:
    """A home whose latest release has that many entries; only what the lookup opens."""
    place.ensure(is_sandbox=True)
    night = datetime.now(UTC)
    number = pl.int_range(entries, eager=True)
    kind = pl.Series([KINDS[each % len(KINDS)] for each in range(entries)])
    frame = pl.DataFrame({"n": number, "entity": kind}).with_columns(
        pl.format("wl-{}", pl.col("n").cast(pl.String).str.zfill(20)).alias("entry_id"),
        pl.when(pl.col("entity") == "seller")
        .then(pl.format("douyin:szr{}", "n"))
        .when(pl.col("entity") == "phone")
        .then(pl.format("199{}", pl.col("n").cast(pl.String).str.zfill(8)))
        .when(pl.col("entity") == "domain")
        .then(pl.format("szr{}.example.com", "n"))
        .when(pl.col("entity") == "company")
        .then(pl.format("示例{}数字科技有限公司", "n"))
        .otherwise(pl.format("szr_demo_{}", "n"))
        .alias("value"),
    )
    known = {
        "display_name": pl.format("示例{}", "n"),
        "network_id": pl.format("net-{}", pl.col("n") // 20),
        "scam_probability": pl.lit(0.97),
        "band": pl.lit("high"),
        "reasons": pl.lit(["fee_asked", "fomo"]),
        "evidence_count": pl.lit(3),
        "evidence_sha256": pl.lit("0" * 64),
        "listed_at": pl.lit(night),
        "last_seen_at": pl.lit(night),
        "expires_at": pl.lit(night + timedelta(days=45)),
        "status": pl.lit("active"),
        "release_id": pl.lit("bench"),
    }
    listed = frame.select(
        *(
            known.get(name, pl.col(name) if name in frame.columns else None)
            .cast(dtype)
            .alias(name)
            for name, dtype in contracts.WATCHLIST.columns.items()
        )
    )
    exact = listed.select("entry_id", pl.col("entity").alias("kind"), "value")
    linked = exact.filter(pl.col("kind") != "seller").with_columns(pl.format("link:{}", "kind").alias("kind"))  # fmt: skip
    entry = listed.select("entry_id", pl.lit("entry").alias("kind"), pl.col("entry_id").alias("value"))  # fmt: skip
    told = {
        "release_id": "bench",
        "as_of": night.isoformat(),
        "valid_until": (night + timedelta(days=7)).isoformat(),
        "next_expected_at": (night + timedelta(days=1)).isoformat(),
        "is_sandbox": True,
    }
    lookup.write(
        place.root / "lookup" / "bench.index",
        listed,
        keys=pl.concat([exact, linked, entry]),
        owners=pl.DataFrame(schema={"entry_id": pl.String(), "seller_id": pl.String()}),
        meta={"release": told, "verdicts": []},
    )
    (place.watchlists / "bench").mkdir()
    place.latest_release.symlink_to("bench")


def _cold(place: home.Home) -> float:
    """CPU seconds of the whole command for one text."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", "--home", str(place.root), "lookup", "--json", "加薇：szr_demo_0"],
        cwd=Path(__file__).parents[2], check=True, capture_output=True, text=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert json.loads(done.stdout)["results"][0]["entries"]
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _cpu(work: Callable[[], object]) -> float:
    started = time.thread_time()
    work()
    return time.thread_time() - started
