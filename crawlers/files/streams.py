"""Files and pipes as plain bytes: opened, decompressed and cut into lines with bounded memory.

A path or a binary stream goes in; chunks or numbered lines come out, however the bytes were packed (plain, gzip, zstd,
told by their first bytes). Invariants: no line above the limit is ever held whole, and everything that could be
decompressed before a damaged place is delivered before ``DamagedError`` says so.
"""

from __future__ import annotations

import io
import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from warehouse.errors import InputError

#: Bytes per chunk; larger ones gain nothing.
CHUNK = 1 << 20
_CODECS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
#: What was unpacked in the step that meets the damage is lost, so steps are small; zstd's own blocks bound them below.
_UNPACKED_GZIP = 1 << 16
_UNPACKED_ZSTD = 1 << 10

#: A line and its number from 1, without its line feed; null in place of a line above the limit.
Line = tuple[int, bytes | None]


class DamagedError(Exception):
    """Reading stopped before the end. What was delivered stands; the message says why."""


class Source(io.RawIOBase):
    """An open file or pipe that counts what was read of it.

    Attributes:
        bytes_done: Bytes read so far, compressed as they lie.
        bytes_total: Size of the file; null for a pipe.
    """

    def __init__(self, file: BinaryIO, *, is_ours: bool) -> None:
        super().__init__()
        self.bytes_done = 0
        self.bytes_total = _size(file)
        self._file = file
        self._is_ours = is_ours
        self._peeked = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Up to so many bytes, empty at the end.

        Raises:
            OSError: the file or pipe failed.
        """
        if self._peeked:
            end = len(self._peeked) if size < 0 else size
            taken, self._peeked = self._peeked[:end], self._peeked[end:]
            return taken
        read = self._file.read(size) or b""
        self.bytes_done += len(read)
        return read

    def peek(self, size: int) -> bytes:
        """The next bytes without taking them; fewer only at the end."""
        while len(self._peeked) < size:
            more = self._file.read(size - len(self._peeked))
            if not more:
                break
            self.bytes_done += len(more)
            self._peeked += more
        return self._peeked[:size]

    def seekable_file(self) -> BinaryIO | None:
        """The file itself, at its start, if one can jump in it."""
        if not self._file.seekable():
            return None
        self._file.seek(0)
        return self._file

    def close(self) -> None:
        """Close the file if it was opened here; a stream that was passed in stays open."""
        if self._is_ours:
            self._file.close()
        super().close()


def open_source(path: Path | BinaryIO, *, name: str) -> Source:
    """Open a path, or wrap a stream.

    Raises:
        InputError: there is no such file, it is a directory, or it cannot be read.
    """
    if not isinstance(path, Path):
        return Source(path, is_ours=False)
    try:
        return Source(path.open("rb"), is_ours=True)
    except FileNotFoundError:
        message = f"{name}: no such file. Nothing was read."
    except IsADirectoryError:
        message = f"{name}: is a directory. Nothing was read. Name the files in it, for example {name}/*.jsonl."
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        message = f"{name}: cannot be opened ({reason}). Nothing was read."
    raise InputError(message)


def codec(head: bytes) -> str | None:
    """The compression that these first bytes announce."""
    return next(
        (name for magic, name in _CODECS.items() if head.startswith(magic)), None
    )


def chunks(source: Source) -> Iterator[bytes]:
    """The unpacked content, without a byte order mark at its start.

    Raises:
        DamagedError: after the last chunk that could be read.
    """
    first = True
    for chunk in _joined(_unpacked(source)):
        yield chunk.removeprefix(b"\xef\xbb\xbf") if first else chunk
        first = False


def lines(pieces: Iterator[bytes], *, limit: int) -> Iterator[Line]:
    """Chunks cut at line feeds.

    Raises:
        DamagedError: passed on, after the last complete line; what follows that is no line.
    """
    number = 1
    begun: list[bytes] = []
    size = 0
    for piece in pieces:
        first, *others = piece.split(b"\n")
        size += len(first)
        # A line that is too long is counted and forgotten; only its length lives on.
        if size <= limit:
            begun.append(first)
        else:
            begun.clear()
        if not others:
            continue
        yield number, b"".join(begun) if size <= limit else None
        last = others.pop()
        for line in others:
            number += 1
            yield number, line if len(line) <= limit else None
        number += 1
        begun, size = [last], len(last)
    if size:
        yield number, b"".join(begun) if size <= limit else None


def _unpacked(source: Source) -> Iterator[bytes]:
    packed = None
    try:
        packed = codec(source.peek(4))
        if packed == "gzip":
            yield from _gunzipped(source)
        elif packed == "zstd":
            stream = pa.CompressedInputStream(pa.PythonFile(source, mode="r"), packed)
            yield from iter(lambda: stream.read(_UNPACKED_ZSTD), b"")
        else:
            yield from iter(lambda: source.read(CHUNK), b"")
    except (EOFError, OSError, zlib.error, pa.ArrowException) as error:
        what = (
            f"the {packed} data is truncated or damaged"
            if packed
            else "reading stopped"
        )
        message = f"{what} ({str(error)[:120]})"
        raise DamagedError(message) from error


def _gunzipped(source: Source) -> Iterator[bytes]:
    """Members one after another, with or without zeros between them, as gzip itself reads them."""
    member = zlib.decompressobj(wbits=31)
    for packed in iter(lambda: source.read(_UNPACKED_GZIP), b""):
        rest = packed
        while rest:
            if member.eof:
                rest = rest.lstrip(b"\0")
                if not rest:
                    break
                member = zlib.decompressobj(wbits=31)
            unpacked = member.decompress(rest, _UNPACKED_GZIP)
            rest = member.unused_data if member.eof else member.unconsumed_tail
            if unpacked:
                yield unpacked
    unpacked = member.flush()
    if unpacked:
        yield unpacked
    if not member.eof:
        message = "it ends before its end mark"
        raise EOFError(message)


def _joined(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks that are worth cutting into lines, also those right before damage."""
    gathered: list[bytes] = []
    size = 0
    try:
        for piece in pieces:
            gathered.append(piece)
            size += len(piece)
            if size >= CHUNK:
                yield b"".join(gathered)
                gathered, size = [], 0
    except DamagedError:
        if gathered:
            yield b"".join(gathered)
        raise
    if gathered:
        yield b"".join(gathered)


def _size(file: BinaryIO) -> int | None:
    try:
        found = os.fstat(file.fileno())
    except (OSError, ValueError):  # a stream in memory, or closed
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None
