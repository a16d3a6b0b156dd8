"""Reading: what every distinct text says, once; and what every post says, given its text, its account and its kind.

In: documents (distinct title and text), posts and a pack. Out: the frames of ``warehouse.contracts`` for documents
(signals, amounts, contacts, stances) and for posts. Invariants: pure; a document's rows depend on its own text alone, so
they may be kept as long as ``READER_VERSION`` and the pack's version stay; outputs are sorted by their keys; spans are
character offsets in the document's own ``title`` or ``text``: ``field[span_start:span_end] == span_text``.

``features.texts.slices`` is the order of work for a slice of documents. Memory grows with the slice, not the history.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from features import stance
from features.texts import documents
from features.texts import slices as slices_module
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from features import pack as pack_module
    from features.speech import cues

#: Changes whenever the same text may be read differently; kept documents of another version are read again.
READER_VERSION: Final = "11"

#: Documents, and characters, that are in work at once. Each slice takes some 10 ms whatever is in it, and the tables of the pack are
#: as large as the processor's cache and come anew into it: slices of 2,500 posts took 5 to 20 %
#: more time on a busy machine. A thousand posts of 120 characters take 15 MB.
_SLICE_ROWS: Final = 10_000
_SLICE_CHARACTERS: Final = 1_500_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What documents say.

    Each frame is sorted by its key.

    Attributes:
        signals: contracts.DOC_SIGNALS.
        amounts: contracts.DOC_AMOUNTS.
        contacts: contracts.DOC_CONTACTS.
        stances: contracts.DOC_STANCES, one row for every document.
    """

    signals: pl.DataFrame
    amounts: pl.DataFrame
    contacts: pl.DataFrame
    stances: pl.DataFrame


def read_documents(
    frame: pl.DataFrame,
    *,
    pack: pack_module.Pack,
    on_progress: Callable[[int, int], None] | None = None,
) -> Reading:
    """Read distinct texts.

    Args:
        frame: contracts.DOCUMENTS. A null or empty title or text says nothing.
        pack: The scheme to read for.
        on_progress: Called after each slice with the number of documents read and their total.

    Returns:
        All four frames, checked against their contracts and sorted by key. Empty in, empty out.

    Raises:
        ContractError: ``frame`` is not a documents frame.
    """
    contracts.DOCUMENTS.check(frame)
    parts: list[Reading] = []
    read = 0
    for part in slices(frame):
        parts.append(read_slice(part, pack=pack))
        read += part.height
        if on_progress is not None:
            on_progress(read, frame.height)
    return joined(parts)


def joined(parts: Sequence[Reading]) -> Reading:
    """The reading of all documents from those of its slices, checked and sorted by key."""
    ids = [part.stances["doc_id"] for part in parts if part.stances.height]
    is_sorted = all(one.is_sorted() for one in ids) and all(
        one[-1] < two[0] for one, two in itertools.pairwise(ids)
    )

    def together(
        contract: contracts.Contract, frames: list[pl.DataFrame]
    ) -> pl.DataFrame:
        frame = pl.concat(frames or [contract.empty()])
        return contract.check(frame if is_sorted else frame.sort(contract.key))

    return Reading(
        signals=together(contracts.DOC_SIGNALS, [part.signals for part in parts]),
        amounts=together(contracts.DOC_AMOUNTS, [part.amounts for part in parts]),
        contacts=together(contracts.DOC_CONTACTS, [part.contacts for part in parts]),
        stances=together(contracts.DOC_STANCES, [part.stances for part in parts]),
    )


def slices(frame: pl.DataFrame, *, among: int = 1) -> Iterator[pl.DataFrame]:
    """Consecutive rows that are in work at once, bounded in number and in characters; a longer single text is a slice of its own.

    Args:
        frame: contracts.DOCUMENTS.
        among: How many read at the same time: of texts of usual length each gets as many slices as the others, of one size, so that
            none waits for the last one.
    """
    sizes = frame.select(
        pl.sum_horizontal(
            pl.col(name).str.len_chars().fill_null(0) for name in documents.FIELDS
        )
    ).to_series()
    # Characters before each row, and all of them.
    before = np.concatenate([[0], np.cumsum(sizes.to_numpy(), dtype=np.int64)])
    turns = math.ceil(frame.height / (among * _SLICE_ROWS))
    rows = math.ceil(frame.height / max(1, among * turns))
    first = 0
    while first < frame.height:
        fit = np.searchsorted(before, before[first] + _SLICE_CHARACTERS, side="right")
        size = max(1, min(rows, int(fit) - 1 - first))
        yield frame.slice(first, size)
        first += size


def evidence_of(
    frame: pl.DataFrame, *, pack: pack_module.Pack
) -> Iterator[tuple[pl.Series, cues.Evidence, cues.Column]]:
    """What tells the stance of documents, to explain a reading or to fit the pack's weights.

    Args:
        frame: contracts.DOCUMENTS.
        pack: The scheme to read for.

    Yields:
        For each slice the ids of its documents, their evidence, and whether a document holds anything of the pack.
    """
    contracts.DOCUMENTS.check(frame)
    for part in slices(frame):
        found = slices_module.read(_rows(part), pack=pack)
        yield part["doc_id"], found.evidence, found.is_read


def read_slice(part: pl.DataFrame, *, pack: pack_module.Pack) -> Reading:
    """Read one of ``slices``; ``joined`` checks what all of them say.

    Args:
        part: contracts.DOCUMENTS.
        pack: The scheme to read for.

    Returns:
        The rows of its documents, sorted by key.
    """
    # In the order of their ids the rows of all documents are sorted by key.
    if not part["doc_id"].is_sorted():
        part = part.sort("doc_id")
    return Reading(*slices_module.read(_rows(part), pack=pack).frames())


def _rows(part: pl.DataFrame) -> list[documents.Row]:
    columns = (part[name].to_list() for name in ("doc_id", *documents.FIELDS))
    return list(zip(*columns, strict=True))


def post_reads(
    posts: pl.DataFrame, doc_stances: pl.DataFrame, *, pack: pack_module.Pack
) -> pl.DataFrame:
    """What each post is doing: its wording with its account, its kind and its listing.

    Args:
        posts: One row per current post: ``post_id``, ``crawled_at``, ``first_crawled_at``, ``doc_id``, ``kind``, and
            where known ``author_verified``, ``author_name``, ``complaint_target``, ``listing_price_yuan``,
            ``is_long``.
        doc_stances: contracts.DOC_STANCES of their documents.
        pack: The scheme; its bylines tell a reporter's account from a seller's.

    Returns:
        contracts.POST_READS, sorted by ``post_id``; ``template_id`` is null until templates are known. Empty in, empty
        out.
    """
    stances = stance.post_stances(_told_by_bylines(posts, pack), doc_stances)
    frame = posts.select("post_id", "crawled_at", "first_crawled_at", "doc_id").join(
        stances, on="post_id", how="left", maintain_order="left"
    )
    return contracts.POST_READS.check(
        frame.with_columns(template_id=pl.lit(None, dtype=pl.String))
        .select(list(contracts.POST_READS.columns))
        .with_columns(
            pl.col(name).cast(kind)
            for name, kind in contracts.POST_READS.columns.items()
        )
        .sort("post_id")
    )


def _told_by_bylines(posts: pl.DataFrame, pack: pack_module.Pack) -> pl.DataFrame:
    """The posts with ``byline_<stance>``: what the account's name and verification add; each byline is read once."""
    shown = posts.select(
        author_name=_text_of(posts, "author_name", ""),
        author_verified=_text_of(posts, "author_verified", "none"),
    )
    distinct = shown.unique(maintain_order=True)
    odds = pack.bylines.odds(
        distinct["author_name"].to_list(), distinct["author_verified"].to_list()
    )
    told = distinct.with_columns(
        pl.Series(f"byline_{name}", odds[:, place])
        for place, name in enumerate(stance.STANCES)
    )
    keys = ["author_name", "author_verified"]
    return posts.hstack(
        shown.join(told, on=keys, how="left", maintain_order="left").drop(keys)
    )


def _text_of(posts: pl.DataFrame, name: str, missing: str) -> pl.Series:
    absent = pl.Series([missing], dtype=pl.String).new_from_index(0, posts.height)
    return posts[name].fill_null(missing) if name in posts.columns else absent


def post_signals(
    reads: pl.DataFrame, seller_ids: pl.DataFrame, doc_signals: pl.DataFrame
) -> pl.DataFrame:
    """Signals of posts: their documents' signals, heard as the post's stance says.

    Args:
        reads: contracts.POST_READS.
        seller_ids: ``post_id``, ``seller_id``; one row per post.
        doc_signals: contracts.DOC_SIGNALS.

    Returns:
        contracts.SIGNALS, sorted by key; in reports and complaints nothing is asserted.
    """
    return _of_posts(contracts.SIGNALS, reads, seller_ids, doc_signals)


def post_amounts(
    reads: pl.DataFrame, seller_ids: pl.DataFrame, doc_amounts: pl.DataFrame
) -> pl.DataFrame:
    """Amounts of posts: their documents' amounts, heard as the post's stance says.

    Args:
        reads: contracts.POST_READS.
        seller_ids: ``post_id``, ``seller_id``; one row per post.
        doc_amounts: contracts.DOC_AMOUNTS.

    Returns:
        contracts.AMOUNTS, sorted by key; in reports and complaints nothing is asserted.
    """
    return _of_posts(contracts.AMOUNTS, reads, seller_ids, doc_amounts)


def _of_posts(
    contract: contracts.Contract,
    reads: pl.DataFrame,
    seller_ids: pl.DataFrame,
    of_documents: pl.DataFrame,
) -> pl.DataFrame:
    is_echo = pl.col("stance").is_in(list(stance.ECHOES)) & (
        pl.col("voice") == "asserted"
    )
    frame = (
        reads.select("post_id", "doc_id", "stance")
        .join(seller_ids.select("post_id", "seller_id"), on="post_id", how="left")
        .join(of_documents, on="doc_id", how="inner")
        .with_columns(
            voice=pl.when(is_echo).then(pl.lit("quoted")).otherwise(pl.col("voice"))
        )
    )
    return contract.check(frame.select(list(contract.columns)).sort(contract.key))
