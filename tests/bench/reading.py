"""How fast posts are read: everything in reading, against the peer and against one Aho–Corasick scan, in one run.

The load of the machine is noted beside the figures; the ratios to the peer and to the scan are what can be compared between
runs.
"""

import os
import time

import polars as pl

from features import pack as pack_module
from features import reading as reader
from flows import pool
from tests.bench import peer, posts
from warehouse import contracts

#: The goal of issue 4: posts a second on two cores, and faster than the peer.
GOAL = 25_000


def run(number: int, *, seed: int = 1, workers: int | None = None) -> dict[str, object]:
    """Time the peer, one scan, one process and all workers on the same posts.

    Args:
        number: Posts.
        seed: Of the posts.
        workers: Processes; by default one per processor.

    Returns:
        Figures: posts and MB a second, ratios, load of the machine.
    """
    workers = workers or pool.processors()
    mixed = posts.posts(seed, number)
    texts = [text for text, _ in mixed]
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
    reader.read_documents(frame.head(50), pack=pack)
    peer_seconds, _ = _timed(lambda: [peer.read(text) for text in texts])
    scan_seconds, _ = _timed(lambda: _scan(frame, pack))
    cpu = time.process_time()
    one_seconds, found = _timed(lambda: reader.read_documents(frame, pack=pack))
    cpu = time.process_time() - cpu
    all_seconds, _ = _timed(
        lambda: list(pool.read_all([frame], pack=pack, workers=workers))
    )
    speed = number / all_seconds
    return {
        "posts": number,
        "workers": workers,
        "on_topic_share": round(float(found.stances["is_on_topic"].mean()), 3),
        "posts_per_second": round(speed),
        "megabytes_per_second": round(megabytes / all_seconds, 2),
        "one_process_posts_per_second": round(number / one_seconds),
        "one_process_cpu_microseconds_per_post": round(cpu / number * 1e6),
        "peer_posts_per_second": round(number / peer_seconds),
        "times_the_peer": round(peer_seconds / all_seconds, 3),
        "scan_megabytes_per_second": round(megabytes / scan_seconds, 1),
        "scans_in_the_time": round(all_seconds / scan_seconds, 1),
        "load_before": round(load, 1),
        "load_after": round(os.getloadavg()[0], 1),
        "goal_met": speed >= GOAL and all_seconds < peer_seconds,
    }


def _timed(work):
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _scan(frame: pl.DataFrame, pack: pack_module.Pack) -> int:
    """One Aho–Corasick pass for every word of the pack."""
    words = pl.Series(pack.vocabulary.words).implode()
    found = frame.select(pl.col("text").str.find_many(words, overlapping=True))
    return found.height
