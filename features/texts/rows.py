"""Rows of what was read in a slice of documents, as the frames of ``warehouse.contracts``.

In: documents, what was found in each, and how it is heard. Out: DOC_SIGNALS, DOC_AMOUNTS, DOC_CONTACTS and DOC_STANCES of
the slice, documents in their order, the rows of each sorted by key. Invariants: pure; every key is there once; spans are
offsets in the document's own ``title`` or ``text``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from features import catalogue, stance
from features.amounts import sums
from features.speech import voice
from features.texts import documents
from warehouse import contracts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features import signals as signals_module
    from features.engine.trie import Integers
    from features.speech import cues

_FIELDS: Final = sorted(documents.FIELDS)
_FIELD_NAMES: Final = pl.Series(_FIELDS)
_NAMES: Final = pl.Series(catalogue.SIGNALS)
#: The place of each signal among their sorted names.
_RANKS: Final = np.array([sorted(catalogue.SIGNALS).index(one) for one in catalogue.SIGNALS])  # fmt: skip
_VOICES: Final = pl.Series(voice.VOICES)
_ROLES: Final = pl.Series(sums.ROLES)
_PERIODS: Final = pl.Series(sums.PERIODS)
#: Bits of the end of a span in a sort key.
_SPAN_BITS: Final = 32
#: The place of each field among their sorted names.
_FIELD_RANKS: Final = np.array([_FIELDS.index(one) for one in documents.FIELDS])


def signals(
    read: Sequence[documents.Document], tropes: signals_module.Tropes
) -> pl.DataFrame:
    """contracts.DOC_SIGNALS: tropes with what was written there; of equal places the first counts."""
    fields, firsts, lasts = documents.originals(
        read, tropes.texts, tropes.starts, tropes.ends
    )
    ranks = _FIELD_RANKS[fields]
    # Two keys of several columns each: sorting by one column after the other takes twice as long.
    named = (tropes.texts * len(_RANKS) + _RANKS[tropes.names]) * len(_FIELDS) + ranks
    spans = firsts << _SPAN_BITS | lasts
    order = np.lexsort((spans, named))
    named, spans = named[order], spans[order]
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = (named[1:] != named[:-1]) | (spans[1:] != spans[:-1])
    order = order[is_new]
    texts, firsts, lasts = tropes.texts[order], firsts[order], lasts[order]
    columns = [
        _ids(read)[texts],
        _NAMES[tropes.names[order]],
        _VOICES[tropes.voices[order]],
        _FIELD_NAMES[ranks[order]],
        _written(read, texts, fields[order], firsts, lasts),
        firsts,
        lasts,
    ]
    contract = contracts.DOC_SIGNALS.columns
    return pl.DataFrame(
        dict(zip(contract, columns, strict=True)), schema=dict(contract)
    )


def amounts(
    read: Sequence[documents.Document], found: sums.Sums, voices: Integers
) -> pl.DataFrame:
    """contracts.DOC_AMOUNTS; ``voices`` has one of ``voice.VOICES`` for each amount."""
    ranks = _FIELD_RANKS[found.fields]
    order = np.lexsort((found.lasts, found.firsts, ranks, found.texts))
    found = sums.Sums(*(column[order] for column in found))
    columns = [
        _ids(read)[found.texts],
        _yuan(found.cents),
        _yuan(found.most),
        found.is_approximate,
        _ROLES[found.roles],
        _PERIODS[found.periods],
        _VOICES[voices[order]],
        _FIELD_NAMES[ranks[order]],
        _written(read, found.texts, found.fields, found.firsts, found.lasts),
        found.firsts,
        found.lasts,
    ]
    contract = contracts.DOC_AMOUNTS.columns
    return pl.DataFrame(
        dict(zip(contract, columns, strict=True)), schema=dict(contract)
    )


def _yuan(cents: Integers) -> pl.Series:
    """Whole cents as decimals; null where there is no bound."""
    known = pl.Series(cents).set(pl.Series(cents == sums.OPEN_END), None)
    # Below 10**15 cents a float is nearer to a sum than to any other.
    return (known / sums.CENTS).cast(contracts.DOC_AMOUNTS.columns["yuan"])


def contacts(
    read: Sequence[documents.Document],
    found: Sequence[Sequence[documents.Placed]],
    is_own_word: Sequence[bool],
) -> pl.DataFrame:
    """contracts.DOC_CONTACTS; what is not the author's own word (a flag for each contact) is only mentioned."""
    spoken = iter(is_own_word)
    rows: list[tuple[object, ...]] = []
    for document, listed in zip(read, found, strict=True):
        if not listed:
            continue
        doc_id = document.doc_id
        told: list[tuple[object, ...]] = [
            (
                doc_id,
                item.kind,
                item.value,
                item.raw,
                field.name,
                item.ownership if is_own else "mentioned",
                item.confidence,
                item.start,
                item.end,
            )
            for (item, field, _, _), is_own in zip(listed, spoken, strict=False)
        ]
        if len(told) > 1:
            # By what they are sorted; the first of equal ones counts.
            here: dict[tuple[object, ...], tuple[object, ...]] = {}
            for row in told:
                here.setdefault((*row[1:3], row[4], *row[7:]), row)
            told = [here[key] for key in sorted(here)]
        rows += told
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


def _written(
    read: Sequence[documents.Document],
    texts: Integers,
    fields: Integers,
    firsts: Integers,
    lasts: Integers,
) -> list[str]:
    """What was written at places of documents; places of one text stand together."""
    found: list[str] = []
    last_one, last_field, whole = -1, -1, ""
    for text, field, first, last in zip(
        texts.tolist(), fields.tolist(), firsts.tolist(), lasts.tolist(), strict=True
    ):
        if text != last_one or field != last_field:
            last_one, last_field = text, field
            whole = read[text].written(field)
        found.append(whole[first:last])
    return found


def _ids(read: Sequence[documents.Document]) -> pl.Series:
    return pl.Series([document.doc_id for document in read], dtype=pl.String)


def _frame(
    contract: contracts.Contract, rows: list[tuple[object, ...]]
) -> pl.DataFrame:
    columns = zip(*rows, strict=True) if rows else ((),) * len(contract.columns)
    return pl.DataFrame(
        {
            name: pl.Series(name, column, dtype=kind, strict=True)
            for (name, kind), column in zip(contract.columns.items(), columns, strict=True)
        }
    )  # fmt: skip
