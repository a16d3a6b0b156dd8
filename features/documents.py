"""A document made ready for reading: its fields normalised, and joined into one folded text.

In: title and text, each perhaps missing. Out: ``Document`` with the joined text ``title, line break, text`` and the way
back: a place of the joined text to a field and offsets in what was written there, and the other way round. Invariants:
pure; a line break ends a sentence, so that nothing is read across the two fields; ``original[start:end]`` of a returned
place is what was written.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from features import contacts, finds, hints, money, normalise, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features import bare, patterns

FIELDS: Final = ("title", "text")

Row = tuple[str, str | None, str | None]

Item = TypeVar("Item", finds.Contact, money.Amount)


class Field(NamedTuple):
    """One field of a document and where it stands in the joined text."""

    name: str
    plain: normalise.Normalised
    folded: str
    start: int
    end: int

    def placed(self, item: Item) -> Placed[Item]:
        """Add the place in the joined text to what was found by offsets in the original."""
        first, last = item.start, item.end
        if not isinstance(self.plain.starts, range):
            first = bisect_right(self.plain.ends, item.start)
            last = bisect_left(self.plain.starts, item.end)
        return Placed(item, self, self.start + first, self.start + last)


class Placed(NamedTuple, Generic[Item]):
    """A contact or amount, its field, and its place in the joined text."""

    item: Item
    field: Field
    start: int
    end: int

    @property
    def span(self) -> patterns.Span:
        """The place in the joined text."""
        return self.start, self.end


class Document:
    """One document.

    Args:
        doc_id: Its id.
        written: Its fields that say something: name, normalised text, and that in lower case; title first.
    """

    __slots__ = ("doc_id", "fields", "joined")

    def __init__(
        self, doc_id: str, written: Sequence[tuple[str, normalise.Normalised, str]]
    ) -> None:
        self.doc_id = doc_id
        self.fields: list[Field] = []
        at = 0
        for name, text, folded in written:
            self.fields.append(Field(name, text, folded, at, at + len(folded)))
            at += len(folded) + 1
        self.joined = "\n".join([folded for _, _, folded in written])

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
        contacts: Of each document, sorted by place.
        amounts: Of each document, sorted by place.
    """

    def __init__(
        self, read: Sequence[Document], lexicon: money.Lexicon, table: bare.Table
    ) -> None:
        self.contacts: list[list[Placed[finds.Contact]]] = [[] for _ in read]
        self.amounts: list[list[Placed[money.Amount]]] = [[] for _ in read]
        fields = [(n, field) for n, one in enumerate(read) for field in one.fields]
        hinted = hints.Hints([field.folded for _, field in fields], lexicon)
        for index, (number, field) in enumerate(fields):
            steps = hinted.steps[index]
            if steps:
                self.contacts[number] += [
                    field.placed(found)
                    for found in contacts.find_contacts(
                        field.plain,
                        field.folded,
                        steps,
                        hinted.contacts(index),
                    )
                ]
        sums = hinted.sums()
        for index, found in money.amounts_of(
            [(field.plain, field.folded) for _, field in fields],
            sums,
            hinted.words(),
            table,
            list(hinted.surroundings(sums)),
        ):
            number, field = fields[index]
            self.amounts[number] += map(field.placed, found)


def documents(rows: Sequence[Row]) -> list[Document]:
    """Documents of rows ``doc_id``, ``title``, ``text``, in their order; a null or empty field says nothing."""
    written = [value for row in rows for value in row[1:] if value]
    made = iter(plain.normalised(written))
    return [
        Document(
            row[0],
            [
                (name, *next(made))
                for name, value in zip(FIELDS, row[1:], strict=True)
                if value
            ],
        )
        for row in rows
    ]
