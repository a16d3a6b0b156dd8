"""What is assured of size: texts of ten megabytes, files of a million lines."""

from __future__ import annotations

import json
import resource
import time
from pathlib import Path

import polars as pl

from crawlers.sandbox import market
from features import pack, reading
from tests.assured.homes import EPOCH, ROOT, check, command, stream_file
from tests.harness.faults import kills
from warehouse import contracts


def million_lines(scratch: Path) -> dict[str, object]:
    """A file of a million lines imports with peak memory under 1.5 GiB."""
    posts = stream_file(scratch, 1_000_000)
    started = time.monotonic()
    done = kills.run(
        command(scratch / "home", "import", str(posts), "--json"),
        cwd=ROOT,
        timeout=3600,
    )
    check(done)
    seconds = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    counts = json.loads(done.stdout)
    assert counts["read"] == 1_000_000, counts
    assert counts["rejected"] == 0, counts
    assert peak < 1.5, f"peak {peak:.2f} GiB"
    return {
        "records": counts["read"],
        "rejected": 0,
        "seconds": round(seconds, 1),
        "peak_gib": round(peak, 2),
    }


#: What is repeated to fill ten megabytes; the first is a market's posts.
_UNITS = ("", "1 ", "微信:", "加v", "3-5万", "代理费2万8", "数-字-", "不封号不", "a@b.", "1\ufe0f\u20e3", "\U0001f30d", "有限公司")  # fmt: skip


def ten_megabytes(scratch: Path) -> dict[str, object]:
    """A text of 10 MB, of posts or of one repeated unit, is read in time in proportion to a tenth of it."""
    posts = "\n".join(
        str(each["text"]) for each in market.stream(7, epoch=EPOCH, posts=60_000)
    )
    figures: dict[str, object] = {}
    for unit in _UNITS:
        whole = (unit * (10_000_000 // len(unit.encode()) + 1)) if unit else posts * 3
        whole = whole.encode()[:10_000_000].decode(errors="ignore")
        tenth, all_of_it = (
            _read_seconds(part) for part in (whole[: len(whole) // 10], whole)
        )
        assert all_of_it < 16 * tenth + 1.0, (
            f"{unit!r}: {tenth:.1f} s, {all_of_it:.1f} s"
        )
        figures[f"seconds_{unit.encode('unicode_escape').decode() or 'posts'}"] = round(
            all_of_it, 1
        )
    figures["peak_gib"] = round(
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2
    )
    return figures


def _read_seconds(text: str) -> float:
    frame = pl.DataFrame(
        {"doc_id": ["d"], "title": [None], "text": [text]},
        schema=dict(contracts.DOCUMENTS.columns),
    )
    started = time.process_time()
    reading.read_documents(frame, pack=pack.load_pack())
    return time.process_time() - started
