"""How fast posts are read: everything in reading, against the peer and against one Aho–Corasick scan, in one run.

The load of the machine is noted beside the figures. What can be compared between runs are the ratios to the peer and to the
scan, and the processor time a post, which a busy machine lengthens by a sixth or so where the clock doubles.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import polars as pl

from features import pack as pack_module
from features import reading as reader
from flows.reading import pool
from tests.bench import peer, posts
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

Answer = TypeVar("Answer")

#: The goal of issue 4: posts a second on two cores, and faster than the peer.
GOAL: Final = 25_000
#: Posts of which the stages are told apart, and seconds of processor time between two looks.
_SAMPLED, _LOOK = 12_000, 0.001
_FEATURES: Final = Path(reader.__file__).parent
#: What belongs together, by folder and else by module; the rest is called by its own name. What machinery does counts for who asked for it.
_MACHINERY: Final = "engine"
_STAGES: Final = {
    **dict.fromkeys(("writing", "documents", "normalise"), "normalise"),
    **dict.fromkeys(("identifiers", "disguises", "indicators", "contacts"), "contacts"),
    **dict.fromkeys(("amounts", "purposes", "money"), "money"),
    "matching": "patterns",
    **dict.fromkeys(("voice", "signals"), "voices and signals"),
    **dict.fromkeys(("cues", "stance"), "stance"),
    **dict.fromkeys(("phrases", "phrasebook", "clauses"), "phrases"),
    **dict.fromkeys(("rows", "slices", "reading", "contracts"), "rows"),
}  # fmt: skip


def run(number: int, *, seed: int = 1, workers: int | None = None) -> dict[str, object]:
    """Time the peer, one scan, one process and all workers on the same posts.

    Args:
        number: Posts.
        seed: Of the posts.
        workers: Processes; by default one per processor.

    Returns:
        Figures: posts and MB a second, processor time a post by stage, ratios, memory, load of the machine, and how much
        there was to find.
    """
    workers = workers or pool.processors()
    texts = [text for text, _ in posts.posts(seed, number)]
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    pack = pack_module.load_pack()
    frame = pl.DataFrame(
        {
            "doc_id": [f"d{n:08}" for n in range(number)],
            "title": [None] * number,
            "text": texts,
        },
        schema=dict(contracts.DOCUMENTS.columns),
    )
    load = os.getloadavg()[0]
    # Tables that are made once per process are made before the clock starts, as the pool's workers do for a night.
    reader.read_documents(frame.head(500), pack=pack)
    peer_cpu = time.process_time()
    peer_seconds, _ = _timed(lambda: [peer.read(text) for text in texts])
    peer_cpu = time.process_time() - peer_cpu
    scan_seconds, _ = _timed(lambda: _scan(frame, pack))
    fifth, _ = _pooled(frame.head(number // 5), pack, workers)
    every, found = _pooled(frame, pack, workers)
    cpu = every["cpu_seconds"]
    seconds = every["seconds"]
    return {
        "posts": number,
        "workers": workers,
        "on_topic_share": _share(found.stances.filter("is_on_topic"), number),
        "share_with_amounts": _share(found.amounts, number),
        "share_with_contacts": _share(found.contacts, number),
        "share_with_signals": _share(found.signals, number),
        "posts_per_second": round(number / seconds),
        "megabytes_per_second": round(megabytes / seconds, 2),
        "cpu_microseconds_per_post": round(cpu / number * 1e6, 1),
        "posts_per_second_if_processors_were_free": round(number * workers / cpu),
        "seconds_to_start": round(every["seconds_to_start"], 1),
        "peer_posts_per_second": round(number / peer_seconds),
        "peer_cpu_microseconds_per_post": round(peer_cpu / number * 1e6, 1),
        "times_the_cpu_of_the_peer": round(cpu / peer_cpu, 2),
        "times_the_peer": round(peer_seconds / seconds, 3),
        "scan_megabytes_per_second": round(megabytes / scan_seconds, 1),
        "scans_in_the_time": round(seconds / scan_seconds, 1),
        "microseconds_by_stage": _stages(frame.head(_SAMPLED), pack),
        "worker_megabytes": round(every["megabytes"]),
        "worker_megabytes_for_a_fifth": round(fifth["megabytes"]),
        "load_before": round(load, 1),
        "load_after": round(os.getloadavg()[0], 1),
        "goal_met": number / seconds >= GOAL and seconds < peer_seconds,
    }


def _timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _share(rows: pl.DataFrame, number: int) -> float:
    """Of all posts those with a row."""
    return round(rows["doc_id"].n_unique() / max(1, number), 3)


def _pooled(
    frame: pl.DataFrame, pack: pack_module.Pack, workers: int
) -> tuple[dict[str, float], reader.Reading]:
    """Read with workers that were started before the clock; what it took, and what was found.

    Processor time is that of all processes from the first post on; memory is the most of any worker so far.
    """
    start = time.perf_counter()
    with pool.started(pack, workers) as readers:
        # A worker is started for each waiting part, and takes part once it is ready.
        warm = [frame.head(1)] * workers
        list(readers.read(warm))
        begun, before = time.perf_counter(), _cpu()
        ((_, found),) = readers.read([frame])
        ended, after = time.perf_counter(), _cpu()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": ended - begun,
        "seconds_to_start": begun - start,
        "cpu_seconds": after - before,
        "megabytes": usage.ru_maxrss / 1024,
    }, found


def _cpu() -> float:
    """Processor time of this process and of its workers, in steps of a hundredth of a second."""
    ticks = 0
    for worker in multiprocessing.active_children():
        # Fields 14 and 15 (proc_pid_stat(5)); the name in brackets before them may hold blanks.
        stat = Path(f"/proc/{worker.pid}/stat").read_text(encoding="utf-8")
        ticks += sum(map(int, stat.rpartition(")")[2].split()[11:13]))
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _stages(frame: pl.DataFrame, pack: pack_module.Pack) -> dict[str, float]:
    """Processor time of one process by stage, from looks at what it is doing."""
    seen: Counter[str] = Counter()

    def look(_: int, frame: FrameType | None) -> Any:
        while frame is not None:
            path = Path(frame.f_code.co_filename)
            folder = path.parent.name
            is_ours = _FEATURES in path.parents or path.stem == "contracts"
            if is_ours and folder != _MACHINERY:
                stage = _STAGES.get(folder) or _STAGES.get(path.stem, path.stem)
                seen[stage] += 1
                return
            frame = frame.f_back

    handler = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, _LOOK, _LOOK)
    before = time.process_time()
    try:
        reader.read_documents(frame, pack=pack)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, handler)
    each = (time.process_time() - before) / frame.height * 1e6
    looks = max(1, seen.total())
    return {stage: round(each * n / looks, 1) for stage, n in seen.most_common()}


def _scan(frame: pl.DataFrame, pack: pack_module.Pack) -> int:
    """One Aho–Corasick pass for every word of the pack."""
    words = pl.Series(pack.vocabulary.words).implode()
    found = frame.select(pl.col("text").str.find_many(words, overlapping=True))
    return found.height
