"""The part of reading that compares: new texts join the families of near-duplicates that are known, or found new ones.

In: the working database. Out: the same, with a signature for every document of a post, verified pairs, and the family of
each copy. Nothing known is read again but what a new text resembles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from features import templates
from features.families import rarity, signatures, variants
from flows import log
from warehouse import contracts
from warehouse.rows import copies

if TYPE_CHECKING:
    import duckdb

    from features.families.signatures import Positions
    from flows.nights import stages

#: Documents at once: about 400 MB. Fewer at once look through all known bands more often.
BATCH_ROWS = 50_000


def group_texts(night: stages.Night, connection: duckdb.DuckDBPyConnection) -> int:
    """Sign every text that no night has signed yet, and give each copy its family.

    Returns:
        Number of documents that were new.
    """
    copies.drop_stale(connection, version=signatures.VERSION)
    waiting = copies.count_unsigned(connection, night.as_of)
    done = 0
    with log.progress("compare", waiting, unit="texts") as report:
        for part in copies.unsigned(connection, night.as_of, batch_rows=BATCH_ROWS):
            _sign(connection, part)
            done += part.height
            report(done, f"{done:,} of {waiting:,} texts")
    _regroup(connection, night.run_id)
    return done


def _sign(connection: duckdb.DuckDBPyConnection, part: pl.DataFrame) -> None:
    """Keep one batch of documents: which copies they are, and what new copies resemble."""
    found = signatures.signatures(part["title"], part["text"])
    documents = part.select("doc_id").with_columns(
        pl.Series("name", found.names),
        pl.Series("is_long", found.counts >= signatures.LEAST),
    )
    last = copies.last_number(connection)
    first = documents.with_row_index("row").filter("is_long").unique("name", keep="first", maintain_order=True)  # fmt: skip
    known = copies.numbers(connection, first)
    new = first.join(known, on="name", how="anti", maintain_order="left").with_columns(
        (last + 1 + pl.int_range(pl.len(), dtype=pl.Int64)).alias("copy")
    )
    rows, numbers = new["row"].to_numpy().astype(np.int64), new["copy"].to_numpy()
    fresh = found.take(rows)
    low = signatures.minima(fresh)
    bands = list(signatures.bands(low))
    wanted = pl.DataFrame({"band": np.concatenate(bands)})
    leading = copies.leaders(connection, wanted)
    candidates = templates.candidates(
        bands, numbers, leading["band"].to_numpy(), leading["copy"].to_numpy()
    )
    before = _stored(connection, candidates.earlier[candidates.earlier <= last])
    everybody = signatures.joined(before.found, fresh)
    order = np.concatenate([before.numbers, numbers])
    similarity = templates.verified(
        everybody,
        np.concatenate([signatures.minima(before.found), low]),
        np.searchsorted(order, candidates.later),
        np.searchsorted(order, candidates.earlier),
    )
    is_near = similarity > 0
    numbered = pl.concat([known, new.select("name", "copy")])
    copies.store(
        connection,
        documents=contracts.DOC_COPIES.check(
            documents.join(
                numbered, on="name", how="left", maintain_order="left"
            ).select(
                "doc_id",
                pl.when("is_long").then("copy").alias("copy"),
                pl.lit(signatures.VERSION).alias("signature_version"),
            )
        ),
        copies=contracts.COPIES.check(
            pl.concat(
                [new.select("copy", "doc_id"), signatures.frame(fresh)],
                how="horizontal",
            ).select(contracts.COPIES.columns.keys())
        ),
        bands=pl.DataFrame({"band": candidates.bands, "copy": candidates.leaders}),
        pairs=contracts.COPY_PAIRS.check(
            pl.DataFrame(
                {
                    "later": candidates.later[is_near],
                    "earlier": candidates.earlier[is_near],
                    "similarity": similarity[is_near].round(6),
                }
            )
        ),
        counts=_counts(connection, fresh),
    )


class _Stored:
    """Signatures of stored copies with their numbers, ascending."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.numbers = frame["copy"].to_numpy()
        self.found = signatures.of_frame(frame)


def _stored(connection: duckdb.DuckDBPyConnection, numbers: Positions) -> _Stored:
    return _Stored(copies.shingles(connection, pl.DataFrame({"copy": numbers})))


def _counts(
    connection: duckdb.DuckDBPyConnection, fresh: signatures.Signatures
) -> pl.DataFrame:
    """Counters with the new copies added."""
    known = copies.counts(connection)
    counts = rarity.counted(fresh)
    number = fresh.names.shape[0]
    if known.height:
        counts = counts + rarity.unpacked(known["counts"][0])
        number += known["copy_count"][0]
    return pl.DataFrame(
        {"name": ["copies"], "copy_count": [number], "counts": [rarity.packed(counts)]},
        schema=dict(contracts.SHINGLE_COUNTS.columns),
    )


def _regroup(connection: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Make the families again that new pairs touch."""
    pairs = copies.pairs(connection)
    had = copies.families(connection)
    touched = templates.touched(pairs, had)
    if touched.is_empty():
        return
    ends = pl.concat([touched["later"], touched["earlier"]])
    stored = _stored(connection, ends.unique().to_numpy())

    first = templates.families(
        stored.found,
        stored.numbers,
        touched["later"].to_numpy(),
        touched["earlier"].to_numpy(),
        touched["similarity"].to_numpy(),
    )
    names = stored.found.names[np.searchsorted(stored.numbers, first)]
    found = contracts.COPY_FAMILIES.check(
        pl.DataFrame(
            {
                "copy": stored.numbers,
                "template_id": [templates.template_id(name) for name in names.tolist()],
            },
            schema=dict(contracts.COPY_FAMILIES.columns),
        )
    )
    copies.replace_families(
        connection, found, templates.changes(had, found, run_id=run_id)
    )


def bits(
    connection: duckdb.DuckDBPyConnection, template_ids: pl.Series
) -> pl.DataFrame:
    """How improbable the words of families are: ``template_id``, ``bits``, sorted.

    Args:
        connection: The working database.
        template_ids: Families; one that is not stored is left out.
    """
    wanted = template_ids.drop_nulls().unique().sort().to_frame("template_id")
    leading = copies.leading_copies(connection, wanted, most=rarity.TYPICAL)
    known = copies.counts(connection)
    if leading.is_empty() or known.is_empty():
        return pl.DataFrame(schema={"template_id": pl.String, "bits": pl.Float64})
    surprise = rarity.surprise(
        signatures.of_frame(leading),
        leading["copy_count"].to_numpy(),
        rarity.unpacked(known["counts"][0]),
        known["copy_count"][0],
    )
    return (
        leading.select("template_id", pl.Series("bits", surprise))
        .group_by("template_id", maintain_order=True)
        .agg(pl.col("bits").mean().round(3))
    )


def mistakes(
    connection: duckdb.DuckDBPyConnection, posts: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rare mistakes in common copy.

    Args:
        connection: The working database.
        posts: As from ``pitches.owned``.

    Returns:
        The posts with their ``copy``, and what ``variants.variants`` gives for those that are their authors' own pitches.
    """
    documents = copies.documents(connection).select("doc_id", "copy")
    placed = posts.join(documents, on="doc_id", how="left", maintain_order="left")
    pitches = placed.filter(
        pl.col("is_own") & pl.col("template_id").is_not_null()
    ).select("template_id", "copy", "seller_id")
    uses = pitches.filter(
        pl.col("template_id").is_in(variants.common(pitches).implode())
    )
    known = copies.counts(connection)
    found = variants.variants(
        uses,
        copies.shingles(connection, uses),
        rarity.unpacked(known["counts"][0]) if known.height else rarity.none(),
        known["copy_count"][0] if known.height else 0,
    )
    return placed, found
