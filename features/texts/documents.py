"""A document made ready for reading: its fields normalised, and joined into one folded text.

In: title and text, each perhaps missing. Out: ``Document`` with the joined text ``title, line break, text`` and the way
back: a place of the joined text to a field and offsets in what was written there, and the other way round. Invariants:
pure; a line break ends a sentence, so that nothing is read across the two fields; ``original[start:end]`` of a returned
place is what was written.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from features import contacts, money
from features.amounts import sums
from features.disguises import spelling
from features.matching import strips
from features.purposes import roles
from features.texts import hints
from features.writing import plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features import normalise
    from features.amounts import bare, tallies
    from features.engine.trie import Integers
    from features.identifiers import finds
    from features.matching import patterns

FIELDS: Final = ("title", "text")

Row = tuple[str, str | None, str | None]


class Field(NamedTuple):
    """One field of a document and where it stands in the joined text."""

    name: str
    plain: normalise.Normalised
    folded: str
    start: int
    end: int

    def joined(self, first: int, last: int) -> patterns.Span:
        """The place in the joined text of what was found by offsets in the original."""
        starts = self.plain.starts
        if type(starts) is not range:
            first = bisect_right(self.plain.ends, first)
            last = bisect_left(starts, last)
        return self.start + first, self.start + last

    def placed(self, item: finds.Contact) -> Placed:
        """Add the place in the joined text to a contact."""
        start, end = self.joined(item.start, item.end)
        return Placed(item, self, start, end)


class Placed(NamedTuple):
    """A contact, its field, and its place in the joined text."""

    item: finds.Contact
    field: Field
    start: int
    end: int


class Document:
    """One document.

    Args:
        doc_id: Its id.
        fields: Its fields that say something; title first. Where neither does, an empty text.
    """

    __slots__ = ("doc_id", "fields", "joined")

    def __init__(self, doc_id: str, fields: list[Field]) -> None:
        self.doc_id, self.fields = doc_id, fields
        self.joined = (
            fields[0].folded
            if len(fields) == 1
            else "\n".join([one.folded for one in fields])
        )

    @property
    def is_plain(self) -> bool:
        """Whether each character of its fields, of which there is one, stands for one that was written."""
        fields = self.fields
        return type(fields[0].plain.starts) is range is type(fields[-1].plain.starts)

    def written(self, field: int) -> str:
        """What was written in one of ``FIELDS`` that says something, by number."""
        return self.fields[-1 if field else 0].plain.original

    def original(self, start: int, end: int) -> tuple[Field, int, int]:
        """The field that a place of the joined text lies in, and its offsets in what was written there."""
        last = self.fields[-1]
        field = last if start >= last.start else self.fields[0]
        first, final = field.plain.span(
            start - field.start, min(end, field.end) - field.start
        )
        return field, first, final


class Finds:
    """The contacts and amounts of many documents.

    Args:
        read: The documents.
        lexicon: Role words of the pack.
        table: What makes bare numbers money.

    Attributes:
        strip: The joined texts.
        contacts: Of each document, sorted by place.
        sums: Of all documents.
    """

    def __init__(
        self, read: Sequence[Document], lexicon: money.Lexicon, table: bare.Table
    ) -> None:
        self.contacts: list[list[Placed]] = [[] for _ in read]
        fields = [field for one in read for field in one.fields]
        counts = np.array([len(one.fields) for one in read], dtype=np.int64)
        owners = np.repeat(np.arange(len(read)), counts)
        texts = [field.folded for field in fields]
        self.strip = strips.strip(texts)
        hinted = hints.Hints(texts, self.strip)
        listed_in = dict(_contacts([one.plain for one in fields], texts, hinted))
        for index in sorted(listed_in):
            self.contacts[owners[index]] += map(fields[index].placed, listed_in[index])
        found = hinted.sums()
        rows, told, periods = money.amounts_of(
            texts,
            found,
            hinted.words(lexicon),
            table,
            around=hinted.around,
            trades=roles.Trades(texts, hinted.trade),
        )
        self.sums = _beside(
            _sums(fields, owners, found.take(rows), told, periods), self.contacts
        )


def contacts_of(texts: Sequence[str]) -> list[list[finds.Contact]]:
    """The contacts of many texts, as ``contacts.find_contacts`` finds them in each; in their order."""
    found: list[list[finds.Contact]] = [[] for _ in texts]
    made = plain.normalised(texts)
    folded = [one for _, one in made]
    for index, listed in _contacts([one for one, _ in made], folded, hints.Hints(folded)):  # fmt: skip
        found[index] = listed
    return found


def _contacts(
    plain_texts: Sequence[normalise.Normalised],
    folded: Sequence[str],
    hinted: hints.Hints,
) -> Iterator[tuple[int, list[finds.Contact]]]:
    """The contacts of those texts that hold any; texts that spell theirs out come last."""
    spelt: list[tuple[int, normalise.Normalised]] = []
    for index, steps, places in hinted.contacts():
        text = plain_texts[index]
        if steps & contacts.SPELT:
            written = spelling.spelt(text, places.spelt)
            if written is not text:
                # What is put down as it is meant is another text, which wants a glance of its own.
                spelt.append((index, written))
                continue
        listed = contacts.find_contacts(
            text, folded[index], steps & ~contacts.SPELT, places
        )
        if listed:
            yield index, listed
    if not spelt:
        return
    again = [written.folded for _, written in spelt]
    for place, steps, places in hints.Hints(again).contacts():
        index, written = spelt[place]
        listed = contacts.find_contacts(
            written, again[place], steps & ~contacts.SPELT, places
        )
        if listed:
            yield index, listed


#: Contacts that digits make: a sum of the same digits is none (群8100 00442).
NUMBERED: Final = frozenset(
    {"phone", "qq", "qq_group", "wechat", "telegram", "email", "domain", "url", "icp", "uscc", "police_filing"}
)  # fmt: skip


def _beside(found: sums.Sums, listed: Sequence[Sequence[Placed]]) -> sums.Sums:
    """The amounts that are no part of a contact."""
    spans = [
        (text, one.start, one.end)
        for text, placed in enumerate(listed)
        for one in placed
        if one.item.kind in NUMBERED
    ]
    if not spans or not len(found.texts):
        return found
    texts, starts, ends = np.array(sorted(spans), dtype=np.int64).T
    keys, widest = texts << 32 | starts, np.maximum.accumulate(texts << 32 | ends)
    at = np.searchsorted(keys, found.texts << 32 | found.starts, side="right") - 1
    is_within = (at >= 0) & (widest[at] >= (found.texts << 32 | found.ends))
    if not is_within.any():
        return found
    return sums.Sums(*(column[~is_within] for column in found))


def _sums(
    fields: Sequence[Field],
    owners: Integers,
    found: tallies.Tallies,
    told: Integers,
    periods: Integers,
) -> sums.Sums:
    """Amounts with their places in the joined text and in what was written."""
    names = np.array([field.name == FIELDS[1] for field in fields], dtype=np.int64)
    moved = np.array([field.start for field in fields], dtype=np.int64)
    is_plain = np.array([type(one.plain.starts) is range for one in fields], dtype=bool)
    of = found.texts
    starts, ends = found.starts + moved[of], found.ends + moved[of]
    firsts, lasts = found.starts.copy(), found.ends.copy()
    for row in np.flatnonzero(~is_plain[of]).tolist():
        field = fields[of[row]]
        first, last = field.plain.span(int(firsts[row]), int(lasts[row]))
        starts[row], ends[row] = field.joined(first, last)
        firsts[row], lasts[row] = first, last
    return sums.Sums(
        owners[of], names[of], starts, ends, firsts, lasts, found.cents, found.most,
        found.is_approximate, told, periods,
    )  # fmt: skip


def originals(
    read: Sequence[Document], texts: Integers, starts: Integers, ends: Integers
) -> tuple[Integers, Integers, Integers]:
    """``Document.original`` of many places at once.

    Args:
        read: The documents.
        texts: The index of the document of each place.
        starts: Where it begins in its joined text.
        ends: Exclusive.

    Returns:
        Which of ``FIELDS`` each lies in, and its offsets in what was written there.
    """
    asked, at = np.unique(texts, return_inverse=True)
    # Of each document where its last field begins, which one that is, and whether all of them are written plainly.
    told = [
        (one.fields[-1].start, FIELDS.index(one.fields[-1].name), one.is_plain)
        for one in map(read.__getitem__, asked.tolist())
    ]
    begins, names, is_plain = np.array(told, dtype=np.int64).reshape(-1, 3).T[:, at]
    is_last = starts >= begins
    fields = np.where(is_last, names, 0)
    moved = np.where(is_last, begins, 0)
    first = starts - moved
    # A place ends with its field, before the line break.
    last = np.where(is_last, ends, np.minimum(ends, begins - 1)) - moved
    last = np.maximum(first, last)
    for row in np.flatnonzero(is_plain == 0).tolist():
        _, first[row], last[row] = read[texts[row]].original(
            int(starts[row]), int(ends[row])
        )
    return fields, first, last


def documents(rows: Sequence[Row]) -> list[Document]:
    """Documents of rows ``doc_id``, ``title``, ``text``, in their order; a null or empty field says nothing."""
    written = [
        value
        for _, title, text in rows
        for value in ((title, text) if title and text else (title or text or "",))
    ]
    made = iter(plain.normalised(written))
    first, second = FIELDS
    read: list[Document] = []
    for doc_id, title, text in rows:
        fields: list[Field] = []
        begin = 0
        if title:
            normalised, folded = next(made)
            fields.append(Field(first, normalised, folded, 0, len(folded)))
            begin = len(folded) + 1
        if text or not title:
            normalised, folded = next(made)
            end = begin + len(folded)
            fields.append(Field(second, normalised, folded, begin, end))
        read.append(Document(doc_id, fields))
    return read
