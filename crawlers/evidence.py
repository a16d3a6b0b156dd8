"""The archive of what sources answered: one WARC file per run and source, and its records read back.

In: answers whose secrets ``crawlers.archive.redaction`` removed, bodies unpacked. Out: WARC 1.1 (ISO 28500), each record a gzip
member of its own: ``response`` for what came over HTTP, ``resource`` for a dropped file or an entry of one. Invariants:
only the owner can read a file; an answer is there wholly or not at all, also after ``kill -9``; requests are never written; a record's name in the rest of the system is the SHA-256 of
its archived body, which stands in it as WARC-Payload-Digest; the same answers in the same order give the same bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import uuid
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, cast
from urllib.parse import quote, unquote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawlers.memory.seen import Seen
from crawlers.sources.parsed import Ask

#: How the name of an archive file ends.
SUFFIX: Final = ".warc.gz"
#: Our own WARC fields: what a parser needs to know beside the answer, and the digest of an answer before redaction.
_CONTEXT: Final = "Puppetwatch-Context"
_RECEIVED: Final = "Puppetwatch-Received-Digest"
#: Dropped files have a name and no address; this scheme makes it a URI.
_FILE: Final = "urn:puppetwatch:file:"
#: What reading a damaged file raises.
_DAMAGE: Final = (ArchiveLoadFailed, EOFError, zlib.error, ValueError, KeyError, AttributeError, StopIteration)  # fmt: skip
_PIECE: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Answer:
    """One archived answer.

    Attributes:
        url: Where it came from, without secrets; for a dropped file its name.
        body: As archived.
        sha256: Of the body, 64 hex digits.
        fetched_at: When it came, UTC.
        http_status: Null for a file.
        ask: What was asked for; ``listed`` is not kept, a list's own answer in the same file has it.
        is_canary: Its records are not kept.
        source: Name of the source.
        keywords: Which records of a general source were wanted; empty for all.
        columns: A vendor's column names and what they were read as (``crawlers.records.column_map``); null for none.
    """

    url: str
    body: bytes
    sha256: str
    fetched_at: datetime
    http_status: int | None
    ask: Ask | None
    is_canary: bool
    source: str
    keywords: tuple[str, ...]
    columns: dict[str, Any] | None = None


class DamagedError(Exception):
    """An archive file that cannot be read to its end, or whose content is not what its digests say."""


class Writer:
    """One archive file being written; it appears with its first answer.

    Args:
        path: Where; a file of that name is replaced.
        source: Name of the source.
        keywords: Which records are wanted.
        is_resumed: A file of that name is gone on with instead; what follows its last sound answer is cut off.

    Attributes:
        count: Answers in the file.
        digests: SHA-256 of each.
    """

    def __init__(self, path: Path, *, source: str, keywords: Iterable[str] = (), is_resumed: bool = False) -> None:  # fmt: skip
        self._path = path
        self._info = {"software": "puppetwatch", "format": "WARC File Format 1.1", "source": source, "keywords": json.dumps(list(keywords))}  # fmt: skip
        self._descriptor: int | None = None
        self._end = 0
        self._written = Seen(path.parent)
        self.digests = Seen(path.parent)
        self.count = 0
        if is_resumed and path.exists():
            self._go_on()
        if not self._end:
            path.unlink(missing_ok=True)

    def write(
        self,
        body: bytes,
        *,
        url: str,
        fetched_at: datetime,
        http_status: int | None = None,
        headers: Iterable[tuple[str, str]] = (),
        ask: Ask | None = None,
        is_canary: bool = False,
        received: bytes | None = None,
        columns: dict[str, Any] | None = None,
    ) -> str:
        """Add one answer; the SHA-256 of its body.

        Args:
            body: Unpacked and without secrets.
            url: Without secrets; a file's name where there is no address.
            fetched_at: Aware.
            http_status: Null for a file.
            headers: Response headers, without secrets.
            ask: What was asked for.
            is_canary: Its records are not kept.
            received: The body as it came, if something was removed: its digest is noted.
            columns: How a vendor's columns were read.
        """
        sha256 = hashlib.sha256(body).hexdigest()
        target = _FILE + quote(url, safe="") if http_status is None else quote(url, safe="!#$%&'()*+,/:;=?@[]~")  # fmt: skip
        if f"{sha256} {target}" in self._written:
            return sha256
        moment = fetched_at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")  # fmt: skip
        fields = {
            "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{url} {sha256} {moment}')}>",
            "WARC-Date": moment,
            "WARC-Payload-Digest": f"sha256:{sha256}",
        }
        if received is not None and received != body:
            fields[_RECEIVED] = f"sha256:{hashlib.sha256(received).hexdigest()}"
        context = _context(ask, is_canary=is_canary, url=url, columns=columns)
        if context:
            fields[_CONTEXT] = json.dumps(context, sort_keys=True)
        if self._descriptor is None:
            self._begin(moment)
        member = io.BytesIO()
        writer = WARCWriter(member, gzip=True, warc_version="1.1")
        if http_status is None:
            fields["WARC-Block-Digest"] = fields["WARC-Payload-Digest"]
            record = writer.create_warc_record(
                target, "resource", payload=io.BytesIO(body), length=len(body),
                warc_content_type="application/octet-stream", warc_headers_dict=fields,
            )  # fmt: skip
        else:
            answered = [(name, value.encode("latin-1", errors="replace").decode("latin-1")) for name, value in headers]  # fmt: skip
            answered.append(("Content-Length", str(len(body))))
            record = writer.create_warc_record(
                target, "response", payload=io.BytesIO(body), length=len(body),
                warc_headers_dict=fields,
                http_headers=StatusAndHeaders(str(http_status), answered, protocol="HTTP/1.1"),
            )  # fmt: skip
        writer.write_record(record)
        self._append(member.getvalue())
        self._note(sha256, target)
        return sha256

    def sync(self) -> None:
        """Write through to the disk, so that what refers to an answer may be written after it."""
        if self._descriptor is not None:
            os.fsync(self._descriptor)

    def close(self) -> int:
        """Write through to the disk; how many answers the file holds (0: there is no file)."""
        self.sync()
        if self._descriptor is not None:
            os.close(self._descriptor)
        return self.count

    def _note(self, sha256: str, target: str) -> None:
        self._written.add(f"{sha256} {target}")
        self.digests.add(sha256)
        self.count += 1

    def _append(self, member: bytes) -> None:
        """Hand a whole member to the kernel, or leave the file as it was."""
        descriptor = cast("int", self._descriptor)
        written = 0
        try:
            while written < len(member):
                written += os.write(descriptor, member[written:])
        finally:
            if written != len(member):
                os.ftruncate(descriptor, self._end)
        self._end += len(member)

    def _begin(self, moment: str) -> None:
        """A new file, which first says what it is."""
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)  # fmt: skip
        member = io.BytesIO()
        writer = WARCWriter(member, gzip=True, warc_version="1.1")
        info = writer.create_warcinfo_record("", self._info)
        info.rec_headers.replace_header("WARC-Date", moment)
        info.rec_headers.replace_header("WARC-Record-ID", f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{self._info} {moment}')}>")  # fmt: skip
        writer.write_record(info)
        self._append(member.getvalue())

    def _go_on(self) -> None:
        """Take over what a killed attempt had written."""
        info: dict[str, str] = {}
        with self._path.open("rb") as file, contextlib.suppress(*_DAMAGE):
            for end, content in members(file):
                record = next(iter(ArchiveIterator(io.BytesIO(content))))
                payload = record.content_stream().read()
                if record.rec_type == "warcinfo":
                    info = _info(payload)
                else:
                    answer = _answer(record, payload, info)
                    self._note(answer.sha256, str(record.rec_headers.get_header("WARC-Target-URI")))  # fmt: skip
                self._end = end
        if self._end:
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND)
            os.ftruncate(self._descriptor, self._end)


def members(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Where each whole gzip member of a file ends, and its content; a member that is torn or damaged ends it."""
    start = 0
    while True:
        file.seek(start)
        unpacking, content = zlib.decompressobj(wbits=31), bytearray()
        while not unpacking.eof:
            packed = file.read(_PIECE)
            if not packed:
                return
            content += unpacking.decompress(packed)
        start = file.tell() - len(unpacking.unused_data)
        yield start, bytes(content)


def _context(
    ask: Ask | None, *, is_canary: bool, url: str, columns: dict[str, Any] | None
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if ask is not None:
        if ask.url != url:
            found["asked"] = ask.url
        if ask.feed_id is not None:
            found["feed_id"] = ask.feed_id
        if ask.is_page:
            found["is_page"] = True
    if is_canary:
        found["is_canary"] = True
    if columns is not None:
        found["columns"] = columns
    return found


def answers(path: Path) -> Iterator[Answer]:
    """The answers in one archive file, in the order in which they came.

    Raises:
        DamagedError: the file is truncated, is no WARC of ours, or a body does not have its digest.
        OSError: it cannot be opened.
    """
    info: dict[str, str] = {}
    with path.open("rb") as file:
        try:
            for record in ArchiveIterator(file, no_record_parse=False):
                content = record.content_stream().read()
                if record.rec_type == "warcinfo":
                    info = _info(content)
                elif record.rec_type in {"response", "resource"}:
                    yield _answer(record, content, info)
        except _DAMAGE as error:
            message = f"{path.name} is damaged: {str(error)[:120]}"
            raise DamagedError(message) from error


def _info(content: bytes) -> dict[str, str]:
    """The fields of a file's own description."""
    return dict(line.split(": ", 1) for line in content.decode().splitlines() if ": " in line)  # fmt: skip


def _answer(record: Any, content: bytes, info: dict[str, str]) -> Answer:  # noqa: ANN401 (warcio has no types)
    def field(name: str) -> str:
        return str(record.rec_headers.get_header(name) or "")

    sha256 = hashlib.sha256(content).hexdigest()
    if field("WARC-Payload-Digest") != f"sha256:{sha256}":
        message = f"the body of {field('WARC-Target-URI')[:80]} has not the digest that it had"
        raise ValueError(message)
    target = field("WARC-Target-URI")
    is_file = record.rec_type == "resource"
    address = unquote(target.removeprefix(_FILE)) if is_file else target
    context = json.loads(field(_CONTEXT) or "{}")
    return Answer(
        url=address,
        body=content,
        sha256=sha256,
        fetched_at=datetime.fromisoformat(field("WARC-Date")).astimezone(UTC),
        http_status=None if is_file else int(record.http_headers.get_statuscode()),
        ask=None
        if is_file
        else Ask(context.get("asked", address), feed_id=context.get("feed_id"), is_page=bool(context.get("is_page"))),
        is_canary=bool(context.get("is_canary")),
        source=info["source"],
        keywords=tuple(json.loads(info.get("keywords") or "[]")),
        columns=context.get("columns"),
    )  # fmt: skip
