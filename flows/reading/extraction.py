"""The stage that reads: every distinct text once, then what each current post is doing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from features import pack as pack_module
from features import reading
from features.families import pitches
from flows import log
from flows.reading import families, pool, rereading
from warehouse import connect, contracts, load
from warehouse.rows import copies, documents

if TYPE_CHECKING:
    from flows.nights import stages


def read_posts(night: stages.Night) -> dict[str, Any]:
    """Read every distinct text that no night has read yet, then say of each current post what it is doing."""
    pack = pack_module.load_pack(night.settings.pack)
    with night.open() as connection:
        documents.drop_stale(
            connection, reader_version=reading.READER_VERSION, pack_version=pack.version
        )
        unread = documents.count_unread(connection, night.as_of)
        done = 0
        with log.progress("read", unread, unit="texts") as report:
            workers = pool.processors() if unread >= pool.WORTH else 1
            parts = documents.unread(connection, night.as_of)
            for part, found in pool.read_all(parts, pack=pack, workers=workers):
                documents.append_reading(
                    connection,
                    signals=found.signals,
                    amounts=found.amounts,
                    contacts=found.contacts,
                    stances=found.stances,
                    reader_version=reading.READER_VERSION,
                    pack_version=pack.version,
                )
                done += part.height
                report(done, f"{done:,} of {unread:,} texts")
        compared = families.group_texts(night, connection)
        posts = load.current_posts(connection, night.as_of)
        cached = documents.cached(connection, night.as_of)
        stances, again = rereading.reread(
            connection, posts, cached.stances, as_of=night.as_of
        )
        reads = pitches.shared(
            copies.documents(connection),
            reading.post_reads(posts, stances, pack=pack),
        )
        owners = posts.select("post_id", "seller_id")
        with connect.transaction(connection):
            load.replace(connection, contracts.POST_READS, reads)
            load.replace(
                connection,
                contracts.SIGNALS,
                reading.post_signals(reads, owners, cached.signals),
            )
            load.replace(
                connection,
                contracts.AMOUNTS,
                reading.post_amounts(reads, owners, cached.amounts),
            )
    return {
        "posts": reads.height,
        "texts_read": done,
        "texts_compared": compared,
        "offers": reads.filter(pl.col("stance") == "offer").height,
        "read_again": again,
    }
