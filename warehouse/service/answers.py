"""Shapes of the HTTP answers, for OpenAPI and for whoever writes a client.

Invariant: fields may be added within version 1, none is renamed or removed. Times are ISO 8601 in UTC.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

#: A text of a post, a message or a search box; nobody writes longer ones.
TEXT_CHARACTERS = 20_000
#: Texts of one batch.
BATCH_TEXTS = 1_000

Text = Annotated[str, Field(max_length=TEXT_CHARACTERS)]


class Question(BaseModel):
    """One text."""

    text: Text = Field(description="Free text, or one value. It is neither kept nor logged.")  # fmt: skip


class Questions(BaseModel):
    """Many texts."""

    texts: list[Text] = Field(max_length=BATCH_TEXTS)


class Release(BaseModel):
    """What an answer rests on."""

    release_id: str
    as_of: str = Field(description="Limit of knowledge of the release.")
    valid_until: str
    next_expected_at: str
    is_sandbox: bool = Field(description="Whether everything in the list is invented.")
    is_stale: bool = Field(description="Past valid_until: do not rely on the answer.")


class Match(BaseModel):
    """How an entry was found."""

    kind: str
    value: str
    how: str = Field(description="exact, link (registrable name, number behind an id), handle or page.")  # fmt: skip


class Entry(BaseModel):
    """An active watchlist entry: a reason to look, never a finding of fraud."""

    entry_id: str
    entity: str
    value: str
    display_name: str | None
    network_id: str | None
    scam_probability: float | None
    band: str | None
    reasons: list[str]
    evidence_count: int
    evidence_sha256: str
    listed_at: str
    last_seen_at: str
    expires_at: str
    status: str
    release_id: str


class FoundEntry(Entry):
    """An entry and how the text led to it."""

    matched_by: list[Match]


class Contact(BaseModel):
    """Something read in the text."""

    kind: str
    value: str
    raw: str
    start: int = Field(description="First character in the text.")
    end: int = Field(description="Character after it.")
    ownership: str | None = Field(description="own or mentioned by the wording; null where it was not read.")  # fmt: skip
    confidence: float
    entries: list[str] = Field(description="Ids of the entries behind it.")


class Result(BaseModel):
    """What the list says of one text."""

    contacts: list[Contact]
    entries: list[FoundEntry]


class Answer(Result):
    """Answer to one question."""

    release: Release


class Answers(BaseModel):
    """Answers to a batch, in its order."""

    release: Release
    results: list[Result]


class EntryAnswer(BaseModel):
    """One entry by its id."""

    release: Release
    entry: Entry


class Health(BaseModel):
    """Whether answers can be relied on."""

    status: str = Field(description="ok or stale.")
    release: Release
