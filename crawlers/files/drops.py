"""Saved answers of a source, however they were saved: a file, folder, zip, HAR, stream or list of them.

Paths or a stream go in; one ``Saved`` per answer comes out, or per file that holds none, in a fixed order. Which of a
source's shapes an answer has is for its parser to say; here it is only found. Invariants: nothing found is silent, each
has a name that leads back to it; what a browser sent along comes out only as secrets to remove.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from crawlers.archive import answers
from crawlers.files import bundles, har, pieces
from crawlers.records import column_map
from crawlers.sources.parsed import SUCCESS, Parsed
from warehouse.errors import InputError

LIMITS = bundles.Limits()
#: Ending of a file that was packed; what is in it has a name without.
_PACKED = re.compile(r"\.(?:gz|zst)$", re.IGNORECASE)


@dataclasses.dataclass(frozen=True, slots=True)
class Saved:
    """One saved answer, or what stood in its place.

    Attributes:
        name: File, with entry and position: ``session.har#12``, ``answers.zip!page1.json``.
        url: Where it came from; the name where the file does not say.
        http_status: Null where the file does not say.
        fetched_at: When it came: as the file says, else when it is imported.
        headers: Of the answer, as saved.
        received: The answer's bytes as saved.
        kept: The same as it may be archived; null where there is nothing to keep.
        parsed: What the parser made of it.
        is_picture: No answer, but a picture that one may show.
    """

    name: str
    url: str
    http_status: int | None
    fetched_at: datetime
    headers: tuple[tuple[str, str], ...]
    received: bytes
    kept: bytes | None
    parsed: Parsed
    is_picture: bool = False


def read(
    opened: Path | BinaryIO,
    *,
    name: str,
    source: str,
    parse: Callable[..., Parsed],
    imported_at: datetime,
    hash_key: bytes,
    is_private: bool = False,
    limits: bundles.Limits = LIMITS,
) -> Iterator[Saved]:
    """Every saved answer of a file, folder or stream.

    Args:
        opened: Where it lies.
        name: Its name for people.
        source: Name of the source, for what belongs to it in a HAR.
        parse: The source's parser.
        imported_at: When an answer is taken to have come if nothing says so; aware.
        hash_key: This installation's secret for pseudonyms.
        is_private: All authors of the source are private persons.
        limits: What a file may hold.

    Raises:
        InputError: there is no such file, or it cannot be read.
    """
    reader = _Reader(source, parse, imported_at, hash_key, is_private, limits)
    label = bundles.storable(name)
    try:
        if isinstance(opened, Path):
            found = bundles.files(opened, name=label, limits=limits)
        else:
            content = opened.read(limits.file_bytes + 1)
            found = bundles.contents(content, name=label, limits=limits)
        for file in found:
            yield from reader.file(file)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        message = f"{name}: cannot be read ({reason})."
        raise InputError(message) from error


def shown_address(name: str) -> str:
    """What a parser is told of where an answer came from: its address, else the file's own name without folders."""
    if "://" in name:
        return name
    return _PACKED.sub("", name.replace("!", "/").rpartition("/")[2])


@dataclasses.dataclass(frozen=True, slots=True)
class _Reader:
    source: str
    parse: Callable[..., Parsed]
    imported_at: datetime
    hash_key: bytes
    is_private: bool
    limits: bundles.Limits

    def file(self, file: bundles.File) -> Iterator[Saved]:
        """One file's answers."""
        if file.content is None:
            yield self._nothing(file.name, "error", file.reason)
            return
        if bundles.is_picture(file.content):
            yield self._picture(file.name, file.name, file.content)
            return
        if har.is_har(file.content):
            saved = har.read(file.content, source=self.source, entry_bytes=self.limits.file_bytes)  # fmt: skip
            if saved is not None:
                yield from self._har(file.name, saved)
                return
        whole = self._answer(file.name, file.content)
        if whole.parsed.fetch_status in SUCCESS or whole.parsed.records:
            yield whole
            return
        parts, why = pieces.split(file.content)
        for position, part in enumerate(parts, 1):
            yield self._answer(f"{file.name}#{position}", part)
        if not parts:
            yield whole
        elif why:
            yield self._nothing(file.name, "error", why)

    def _har(self, name: str, saved: har.Har) -> Iterator[Saved]:
        good = 0
        for entry in saved.entries:
            label = f"{name}#{entry.position}"
            if entry.body is None:
                yield self._nothing(label, "error", entry.reason)
                continue
            answer = self._answer(
                label,
                entry.body,
                url=entry.url,
                http_status=entry.http_status,
                # Nobody can have asked later than now.
                fetched_at=min(entry.started_at or self.imported_at, self.imported_at),
                headers=entry.headers,
                known=saved.secrets,
            )
            good += answer.parsed.fetch_status in SUCCESS
            yield answer
        for entry in saved.pictures:
            if entry.body is not None and bundles.is_picture(entry.body):
                yield self._picture(f"{name}#{entry.position}", entry.url, entry.body)
        reason = (
            f"{len(saved.entries)} of {len(saved.entries) + saved.other_count} entries may be {self.source}'s and were read, "
            f"{good} of them are; the others are of other hosts or kinds"
        )
        yield self._nothing(name, "ok" if good else "schema_drift", reason)

    def _answer(
        self,
        name: str,
        body: bytes,
        *,
        url: str | None = None,
        http_status: int | None = None,
        fetched_at: datetime | None = None,
        headers: tuple[tuple[str, str], ...] = (),
        known: frozenset[bytes] = frozenset(),
    ) -> Saved:
        address = url or shown_address(name)
        moment = fetched_at or self.imported_at
        clean = column_map.without_secret_columns(body)
        parsed, kept = answers.read(
            self.parse, clean, url=address, http_status=http_status, fetched_at=moment, known=known, hash_key=self.hash_key, is_private=self.is_private
        )  # fmt: skip
        return Saved(name, url or name, http_status, moment, headers, body, kept, parsed)  # fmt: skip

    def _picture(self, name: str, url: str, content: bytes) -> Saved:
        parsed = Parsed("ok", reason="a picture")
        return Saved(name, url, None, self.imported_at, (), content, None, parsed, is_picture=True)  # fmt: skip

    def _nothing(self, name: str, status: str, reason: str | None) -> Saved:
        return Saved(name, name, None, self.imported_at, (), b"", None, Parsed(status, reason=reason))  # fmt: skip
