"""Rows of what was read in a slice of documents, as the frames of ``warehouse.contracts``.

In: documents, what was found in each, and how it is heard. Out: DOC_SIGNALS, DOC_AMOUNTS, DOC_CONTACTS and DOC_STANCES of
the slice, documents in their order, the rows of each sorted by key. Invariants: pure; every key is there once; spans are
offsets in the document's own ``title`` or ``text``.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from features import catalogue, documents, stance, voice
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features import cues, finds, money
    from features import signals as signals_module
    from features.trie import Integers

_FIELDS: Final = sorted(documents.FIELDS)
_FIELD_NAMES: Final = pl.Series(_FIELDS)
_NAMES: Final = pl.Series(catalogue.SIGNALS)
#: The place of each signal among their sorted names.
_RANKS: Final = np.array([sorted(catalogue.SIGNALS).index(one) for one in catalogue.SIGNALS])  # fmt: skip
_VOICES: Final = pl.Series(voice.VOICES)


def signals(
    read: Sequence[documents.Document], tropes: signals_module.Tropes
) -> pl.DataFrame:
    """contracts.DOC_SIGNALS: tropes with what was written there; of equal places the first counts."""
    fields: list[documents.Field] = []
    firsts: list[int] = []
    lasts: list[int] = []
    for text, start, end in zip(
        tropes.texts.tolist(), tropes.starts.tolist(), tropes.ends.tolist(), strict=True
    ):
        field, first, last = read[text].original(start, end)
        fields.append(field)
        firsts.append(first)
        lasts.append(last)
    field_ranks = np.array([_FIELDS.index(one.name) for one in fields], np.int64)
    keys = np.array(
        [tropes.texts, _RANKS[tropes.names], field_ranks, firsts, lasts], dtype=np.int64
    )
    order = np.lexsort(keys[::-1])
    keys = keys[:, order]
    order = order[np.append(True, (keys[:, 1:] != keys[:, :-1]).any(axis=0))[: len(order)]]  # fmt: skip
    columns = [
        _ids(read)[tropes.texts[order]],
        _NAMES[tropes.names[order]],
        _VOICES[tropes.voices[order]],
        _FIELD_NAMES[field_ranks[order]],
        [fields[row].plain.original[firsts[row] : lasts[row]] for row in order.tolist()],
        np.array(firsts, dtype=np.int64)[order],
        np.array(lasts, dtype=np.int64)[order],
    ]  # fmt: skip
    contract = contracts.DOC_SIGNALS.columns
    return pl.DataFrame(
        dict(zip(contract, columns, strict=True)), schema=dict(contract)
    )


def amounts(
    read: Sequence[documents.Document],
    found: Sequence[Sequence[documents.Placed[money.Amount]]],
    voices: Sequence[int],
) -> pl.DataFrame:
    """contracts.DOC_AMOUNTS; ``voices`` has one of ``voice.VOICES`` for each amount, document by document."""
    heard = iter(voices)
    rows: list[tuple[object, ...]] = []
    for document, listed in zip(read, found, strict=True):
        if not listed:
            continue
        each = list(zip(listed, heard, strict=False))
        if len(document.fields) > 1:
            each.sort(key=lambda one: (one[0].field.name, one[0].start, one[0].end))
        for (item, field, _, _), number in each:
            rows.append(
                (
                    document.doc_id,
                    str(item.yuan),
                    None if item.yuan_max is None else str(item.yuan_max),
                    item.is_approximate,
                    item.role,
                    item.period,
                    voice.VOICES[number],
                    field.name,
                    item.raw,
                    item.start,
                    item.end,
                )
            )
    # Polars reads a sum as text four times as fast as from Python's decimals.
    return _frame(contracts.DOC_AMOUNTS, rows, {"yuan": pl.String, "yuan_max": pl.String})  # fmt: skip


def contacts(
    read: Sequence[documents.Document],
    found: Sequence[Sequence[documents.Placed[finds.Contact]]],
    is_own_word: Sequence[bool],
) -> pl.DataFrame:
    """contracts.DOC_CONTACTS; what is not the author's own word (a flag for each contact) is only mentioned."""
    spoken = iter(is_own_word)
    rows: list[tuple[object, ...]] = []
    for document, listed in zip(read, found, strict=True):
        if not listed:
            continue
        doc_id = document.doc_id
        here: dict[tuple[object, ...], tuple[object, ...]] = {}
        for one, is_own in zip(listed, spoken, strict=False):
            item = one.item
            here.setdefault(
                (item.kind, item.value, one.field.name, item.start, item.end),
                (
                    doc_id,
                    item.kind,
                    item.value,
                    item.raw,
                    one.field.name,
                    item.ownership if is_own else "mentioned",
                    item.confidence,
                    item.start,
                    item.end,
                ),
            )
        rows += [here[key] for key in sorted(here)]
    return _frame(contracts.DOC_CONTACTS, rows)


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


def _ids(read: Sequence[documents.Document]) -> pl.Series:
    return pl.Series([document.doc_id for document in read], dtype=pl.String)


def _frame(
    contract: contracts.Contract,
    rows: list[tuple[object, ...]],
    given: Mapping[str, type[pl.DataType]] = MappingProxyType({}),
) -> pl.DataFrame:
    """A frame of rows; ``given`` are columns whose values are there as another type."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(contract.columns)
    return pl.DataFrame(
        {
            name: pl.Series(name, column, dtype=given.get(name, kind), strict=True).cast(kind)
            for (name, kind), column in zip(contract.columns.items(), columns, strict=True)
        }
    )  # fmt: skip
