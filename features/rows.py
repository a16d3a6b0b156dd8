"""Rows of what was read in a slice of documents, as the frames of ``warehouse.contracts``.

In: documents, what was found in each, and how it is heard. Out: DOC_SIGNALS, DOC_AMOUNTS, DOC_CONTACTS and DOC_STANCES of
the slice. Invariants: pure; every key is there once; spans are offsets in the document's own ``title`` or ``text``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from features import catalogue, stance, voice
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features import cues, documents, finds, money
    from features import signals as signals_module
    from features.trie import Integers


def signals(
    read: Sequence[documents.Document], tropes: signals_module.Tropes
) -> pl.DataFrame:
    """contracts.DOC_SIGNALS: tropes with what was written there; of equal places the first counts."""
    rows: dict[tuple[object, ...], tuple[object, ...]] = {}
    for text, number, heard, start, end in zip(
        tropes.texts.tolist(),
        tropes.names.tolist(),
        tropes.voices.tolist(),
        tropes.starts.tolist(),
        tropes.ends.tolist(),
        strict=True,
    ):
        document = read[text]
        field, first, last = document.original(start, end)
        name, doc_id = catalogue.SIGNALS[number], document.doc_id
        rows.setdefault(
            (name, doc_id, field.name, first, last),
            (
                doc_id,
                name,
                voice.VOICES[heard],
                field.name,
                field.plain.original[first:last],
                first,
                last,
            ),
        )
    return _frame(contracts.DOC_SIGNALS, list(rows.values()))


def amounts(
    read: Sequence[documents.Document],
    found: Sequence[Sequence[documents.Placed[money.Amount]]],
    voices: Sequence[int],
) -> pl.DataFrame:
    """contracts.DOC_AMOUNTS; ``voices`` has one of ``voice.VOICES`` for each amount, document by document."""
    heard = iter(voices)
    rows: list[tuple[object, ...]] = []
    for document, listed in zip(read, found, strict=True):
        for one in listed:
            item = one.item
            rows.append(
                (
                    document.doc_id,
                    item.yuan,
                    item.yuan_max,
                    item.is_approximate,
                    item.role,
                    item.period,
                    voice.VOICES[next(heard)],
                    one.field.name,
                    item.raw,
                    item.start,
                    item.end,
                )
            )
    return _frame(contracts.DOC_AMOUNTS, rows)


def contacts(
    read: Sequence[documents.Document],
    found: Sequence[Sequence[documents.Placed[finds.Contact]]],
    is_own_word: Sequence[bool],
) -> pl.DataFrame:
    """contracts.DOC_CONTACTS; what is not the author's own word (a flag for each contact) is only mentioned."""
    spoken = iter(is_own_word)
    rows: dict[tuple[object, ...], tuple[object, ...]] = {}
    for document, listed in zip(read, found, strict=True):
        for one in listed:
            item, doc_id = one.item, document.doc_id
            rows.setdefault(
                (doc_id, item.kind, item.value, one.field.name, item.start, item.end),
                (
                    doc_id,
                    item.kind,
                    item.value,
                    item.raw,
                    one.field.name,
                    item.ownership if next(spoken) else "mentioned",
                    item.confidence,
                    item.start,
                    item.end,
                ),
            )
    return _frame(contracts.DOC_CONTACTS, list(rows.values()))


def stances(
    read: Sequence[documents.Document],
    odds: Mapping[str, cues.Column],
    is_on_topic: Integers,
) -> pl.DataFrame:
    """contracts.DOC_STANCES, one row for every document."""
    return pl.DataFrame(
        {
            "doc_id": [document.doc_id for document in read],
            "is_on_topic": is_on_topic,
            **{name: odds[name] for name in stance.STANCES},
        },
        schema=dict(contracts.DOC_STANCES.columns),
    )


def _frame(
    contract: contracts.Contract, rows: list[tuple[object, ...]]
) -> pl.DataFrame:
    columns = zip(*rows, strict=True) if rows else ((),) * len(contract.columns)
    return pl.DataFrame(
        {
            name: pl.Series(name, column, dtype=kind, strict=True)
            for (name, kind), column in zip(
                contract.columns.items(), columns, strict=True
            )
        }
    )
